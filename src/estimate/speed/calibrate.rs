//! A user's measurements recalibrate a card: one line scales its efficiency, two models of different size tell the fixed
//! cost of layers from the flow of bytes.

use super::decode;
use super::prefill::Prompt;
use super::rates::{Calibration, DeviceRates};
use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::catalog::runtime::Backend;
use crate::catalog::speed::{Measured, Timed};
use crate::estimate::device::default_backend;
use crate::estimate::step::{Inference, StepReads};
use crate::units::Seconds;

/// A measurement further from the law than this says something else than the card's efficiency (another card, a
/// mistyped number): it counts as far as this.
const MOST: f64 = 5.0;
/// Two models tell cost and flow apart only where their shares of fixed cost differ by this.
const APART: f64 = 0.1;

/// What the user's measurements of `card` change about `rates`. `ran` says what ran in a measurement and what it read.
pub(in crate::estimate) fn calibration(
    card: &Card,
    rates: &DeviceRates<'_>,
    backend: Backend,
    catalog: &Catalog,
    ran: impl Fn(&Measured) -> Option<(Inference, StepReads)>,
) -> Calibration {
    let mut found = Calibration::NONE;
    if catalog.measured().is_empty() {
        return found;
    }
    let mut decoding = Decoding::default();
    let (mut prompts, mut logs) = (0.0, 0.0);
    for row in catalog.measured() {
        let ours = row.card == card.id && row.backend.unwrap_or_else(|| default_backend(card)) == backend;
        let Some(law) =
            ours.then(|| ran(row)).flatten().and_then(|(inference, reads)| law_time(row, rates, &inference, &reads))
        else {
            continue;
        };
        match row.test {
            Timed::Decode => decoding.add(law.fixed.0, law.flow.0, 1.0 / row.tokens_per_s),
            Timed::Prefill if law.flow > Seconds::ZERO => {
                prompts += 1.0;
                logs += (row.tokens as f64 / row.tokens_per_s / law.flow.0).ln();
            }
            Timed::Prefill => {}
        }
    }
    if let Some((fixed, flow)) = decoding.factors() {
        found = Calibration { fixed, flow, decode_measured: true, ..found };
    }
    if prompts > 0.0 {
        let factor: f64 = logs / prompts;
        found.prefill = factor.exp().clamp(1.0 / MOST, MOST);
        found.prefill_measured = true;
    }
    found
}

/// What the law gives for a measurement: a step of decoding, or the whole prompt.
#[derive(Debug, Clone, Copy)]
struct LawTime {
    /// The fixed cost of layers.
    fixed: Seconds,
    /// Everything else.
    flow: Seconds,
}

fn law_time(row: &Measured, rates: &DeviceRates<'_>, inference: &Inference, reads: &StepReads) -> Option<LawTime> {
    match row.test {
        Timed::Decode => {
            let times = decode::on_device(reads, inference, rates, 0.0);
            Some(LawTime { fixed: Seconds(times.layers), flow: Seconds(times.total() - times.layers) })
        }
        Timed::Prefill => {
            let flow = Prompt::new(inference.prompt, inference.batch_tokens).on_device(reads, inference, rates)?;
            Some(LawTime { fixed: Seconds::ZERO, flow })
        }
    }
}

/// Sums of the least squares for `measured ≈ x × fixed + y × flow`, each row weighed by its own measured time.
#[derive(Debug, Clone, Copy, Default)]
struct Decoding {
    rows: f64,
    fixed: (f64, f64),
    squares: (f64, f64, f64),
    measured: (f64, f64),
    logs: f64,
}

impl Decoding {
    fn add(&mut self, fixed: f64, flow: f64, measured: f64) {
        let (x, y) = (fixed / measured, flow / measured);
        let part = fixed / (fixed + flow);
        self.fixed = if self.rows > 0.0 { (self.fixed.0.min(part), self.fixed.1.max(part)) } else { (part, part) };
        self.rows += 1.0;
        self.squares = (self.squares.0 + x * x, self.squares.1 + x * y, self.squares.2 + y * y);
        self.measured = (self.measured.0 + x, self.measured.1 + y);
        self.logs += (measured / (fixed + flow)).ln();
    }

    /// Factors on fixed cost and flow.
    fn factors(&self) -> Option<(f64, f64)> {
        if self.rows <= 0.0 {
            return None;
        }
        let both = (self.logs / self.rows).exp().clamp(1.0 / MOST, MOST);
        let (xx, xy, yy) = self.squares;
        let determinant = xx * yy - xy * xy;
        if self.rows < 2.0 || self.fixed.1 - self.fixed.0 < APART || determinant <= 0.0 {
            return Some((both, both));
        }
        let fixed = (self.measured.0 * yy - self.measured.1 * xy) / determinant;
        let flow = (self.measured.1 * xx - self.measured.0 * xy) / determinant;
        let sensible = 1.0 / MOST..=MOST;
        if sensible.contains(&fixed) && sensible.contains(&flow) { Some((fixed, flow)) } else { Some((both, both)) }
    }
}
