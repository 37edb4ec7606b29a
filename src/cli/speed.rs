//! Speeds as a person reads them: a line for each figure with its band, and what decoding waits for.

use super::columns::{Align, NO_DATA, columns};
use crate::estimate::speed::{Speed, StepTimes};
use crate::text;
use crate::units::Band;

/// The speeds of a plan of so many sequences as text.
pub(super) fn show(speed: &Speed, sequences: u32) -> String {
    if speed.pages {
        return "Will page: the file is larger than the RAM, so no speed is given\n".to_owned();
    }
    let several = sequences > 1;
    let figures = [
        (if several { "decode, each, tok/s" } else { "decode, tok/s" }, speed.decode),
        ("decode, in total, tok/s", speed.decode_total.filter(|_| several)),
        ("prefill, tok/s", speed.prefill),
        ("first token, s", speed.first_token),
        ("load, s", speed.load),
        ("power of the cards, W", speed.power),
        ("kWh per million tokens", speed.energy),
    ];
    let head = ["speed", "expected", "low", "high"].map(str::to_owned);
    // That nothing is known of decoding is worth a line.
    let shown = figures.into_iter().enumerate().filter(|(place, (_, band))| *place == 0 || band.is_some());
    let rows: Vec<[String; 4]> = std::iter::once(head).chain(shown.map(|(_, (name, band))| row(name, band))).collect();
    let mut text = columns([Align::Left, Align::Right, Align::Right, Align::Right], &rows);
    if speed.decode.is_some() {
        text.extend(limit(&speed.times));
    }
    text
}

fn row(name: &str, band: Option<Band<f64>>) -> [String; 4] {
    match band {
        Some(Band { low, expected, high }) => {
            [name.to_owned(), text::figure(expected), text::figure(low), text::figure(high)]
        }
        None => [name.to_owned(), NO_DATA.to_owned(), String::new(), String::new()],
    }
}

/// What a decode step waits for most.
fn limit(times: &StepTimes) -> Option<String> {
    let parts = [
        ("RAM bandwidth", times.ram_weights + times.ram_kv),
        ("VRAM bandwidth", times.vram_weights + times.vram_kv),
        ("arithmetic", times.compute),
        ("the links between cards", times.link),
        ("the fixed cost of each layer", times.layers),
    ];
    let (name, seconds) = parts.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let share = seconds / times.total();
    share.is_finite().then(|| format!("Limited by {name}, {:.0} % of the time\n", share * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_its_band_and_an_unknown_stays_unknown() {
        let band = |expected: f64| Some(Band { low: expected * 0.8, expected, high: expected * 1.25 });
        let times = StepTimes { ram_weights: 0.3, vram_weights: 0.03, ..StepTimes::default() };
        let speed = Speed { decode: band(3.0), decode_total: band(24.0), times, ..Speed::default() };
        let text = show(&speed, 8);
        assert!(text.contains("decode, each, tok/s") && text.contains("24") && text.contains("RAM bandwidth, 91 %"));
        assert!(show(&Speed::default(), 1).contains("no data"));
        assert!(show(&Speed { pages: true, ..Speed::default() }, 1).starts_with("Will page"));
    }
}
