//! Speeds as a person reads them: a line for each figure with its band, and what decoding waits for.

use super::columns::{Align, columns};
use crate::estimate::speed::{Speed, Spread, StepTimes};
use crate::text::{self, Join, Key, Locale, Placeholder};
use crate::units::Band;

/// The speeds of a plan of so many sequences as text.
pub(super) fn show(speed: &Speed, sequences: u32, locale: Locale) -> String {
    if speed.pages {
        return format!("{}\n", locale.word(Key::WillPageWhy));
    }
    let several = sequences > 1;
    let figures = [
        (if several { Key::SpeedDecodeEach } else { Key::SpeedDecode }, speed.decode),
        (Key::SpeedDecodeTotal, speed.decode_total.filter(|_| several)),
        (Key::SpeedSustained, speed.sustained.filter(|_| several)),
        (Key::SpeedPrefill, speed.prefill),
        (Key::SpeedFirstToken, speed.first_token),
        (Key::SpeedQueued, speed.queued_first_token),
        (Key::SpeedLoad, speed.load),
        (Key::SpeedPower, speed.power),
        (Key::SpeedEnergy, speed.energy),
    ];
    let head = [Key::ColumnSpeed, Key::ColumnExpected, Key::ColumnLow, Key::ColumnHigh];
    let head = head.map(|key| locale.word(key).to_owned());
    // That nothing is known of decoding is worth a line.
    let shown = figures.into_iter().enumerate().filter(|(place, (_, band))| *place == 0 || band.is_some());
    let rows = std::iter::once(head).chain(shown.map(|(_, (key, band))| row(key, band, locale)));
    let rows: Vec<[String; 4]> = rows.collect();
    let mut text = columns([Align::Left, Align::Right, Align::Right, Align::Right], &rows);
    if speed.decode.is_some() {
        text.extend(limit(&speed.times, locale));
        text.extend(speed.decode_spread.and_then(|spread| wider(&spread, locale)));
    }
    text
}

/// What widens the band of decoding; `None` = nothing does.
fn wider(spread: &Spread, locale: Locale) -> Option<String> {
    let reasons = locale.join(Join::Items, spread.reasons().map(|(cause, _)| locale.word(cause.name())));
    let said = || format!("{}\n", locale.sentence(Key::DecodeBandWider, &[(Placeholder::Name, &reasons)]));
    (!reasons.is_empty()).then(said)
}

fn row(key: Key, band: Option<Band<f64>>, locale: Locale) -> [String; 4] {
    let name = locale.word(key).to_owned();
    match band {
        Some(Band { low, expected, high }) => [name, text::figure(expected), text::figure(low), text::figure(high)],
        None => [name, locale.word(Key::NoData).to_owned(), String::new(), String::new()],
    }
}

/// What a decode step waits for most.
fn limit(times: &StepTimes, locale: Locale) -> Option<String> {
    let parts = [
        (Key::WaitsRam, times.ram_weights + times.ram_kv),
        (Key::WaitsVram, times.vram_weights + times.vram_kv),
        (Key::WaitsCompute, times.compute),
        (Key::WaitsLink, times.link),
        (Key::WaitsLayers, times.layers),
    ];
    let (key, seconds) = parts.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let share = seconds / times.total();
    let percent = format!("{:.0} %", share * 100.0);
    let holes = [(Placeholder::Name, locale.word(key)), (Placeholder::Value, percent.as_str())];
    // A terminal has no semibold for what the window sets in it.
    share.is_finite().then(|| format!("{}\n", locale.sentence(Key::LimitedBy, &holes).replace('*', "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_its_band_and_an_unknown_stays_unknown() {
        let band = |expected: f64| Some(Band { low: expected * 0.8, expected, high: expected * 1.25 });
        let times = StepTimes { ram_weights: 0.3, vram_weights: 0.03, ..StepTimes::default() };
        let speed = Speed { decode: band(3.0), decode_total: band(24.0), times, ..Speed::default() };
        let text = show(&speed, 8, Locale::En);
        assert!(text.contains("decode, each, tok/s") && text.contains("24") && text.contains("RAM bandwidth, 91 %"));
        assert!(show(&Speed::default(), 1, Locale::En).contains("no data"));
        assert!(show(&Speed { pages: true, ..Speed::default() }, 1, Locale::En).starts_with("Too slow"));
    }
}
