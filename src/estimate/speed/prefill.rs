//! Prompts: arithmetic over a share of the matrix rate, attention over what is cached, weights read once a batch.

use super::rates::Rates;
use super::share::{Run, Share, Stored};
use crate::catalog::speed::HostLaw;

/// Seconds of each batch that each block costs beside its arithmetic.
const BLOCK: f64 = 50e-6;
/// Tokens from which a batch is worth copying weights from RAM to a device for.
const WORTH_COPYING: f64 = 32.0;
/// Share of the bandwidth that weights and their copies move at.
const STREAMED: f64 = 0.85;

/// A prompt, cut into batches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Prompt {
    /// Tokens cached before and after.
    pub(super) span: (f64, f64),
    /// Tokens.
    pub(super) tokens: f64,
    /// Batches.
    pub(super) batches: f64,
}

impl Prompt {
    /// The prompt between so many cached tokens, at least one token long.
    pub(super) fn new((from, to): (f64, f64), batch_tokens: f64) -> Self {
        let tokens = (to - from).max(1.0);
        Self { span: (from, from + tokens), tokens, batches: (tokens / batch_tokens.max(1.0)).ceil() }
    }

    /// Seconds on a device; `None` where its rates are not known.
    pub(super) fn on_device(&self, share: &Share, run: &Run, rates: &Rates<'_>) -> Option<f64> {
        let law = &rates.family.prefill;
        let matrix = rates.matrix?;
        let plain = run.stored == Stored::Plain;
        let reached = if plain { law.half } else { law.quantized };
        let used = share.expert_weights * run.experts_used();
        let multiplying =
            2.0 * self.tokens * (share.dense_weights / reached + used / law.experts) / (matrix * rates.native);
        let (_, operations) = share.cache.mean(self.span);
        let attention = if run.flash_attention { law.attention } else { law.attention_plain };
        let attending = self.tokens * operations / (attention * matrix);
        let touched = run.experts_touched(self.tokens / self.batches);
        let copied = if plain { 0.0 } else { law.copied_bytes };
        let moved = share.dense_bytes
            + share.expert_bytes * touched
            + copied * (share.dense_weights + share.expert_weights * touched);
        let fixed = self.batches * (share.blocks * BLOCK + moved / (STREAMED * rates.bandwidth));
        Some((multiplying + attending + fixed) * rates.calibration.prefill)
    }

    /// Seconds of what lies in RAM: on the processor, or copied to a device batch by batch where that is faster.
    /// `copies` = bytes a second over PCI Express and the device's rates.
    pub(super) fn on_host(&self, share: &Share, run: &Run, law: &HostLaw, copies: Option<(f64, &Rates<'_>)>) -> f64 {
        if share.is_empty() {
            return 0.0;
        }
        let (_, operations) = share.cache.mean(self.span);
        let work = 2.0 * share.weights_of_a_token(run) + operations;
        let processor = self.tokens * work / (law.tflops.expected * 1e12);
        let copied = copies.filter(|_| self.tokens / self.batches >= WORTH_COPYING).and_then(|(pcie, rates)| {
            let touched = run.experts_touched(self.tokens / self.batches);
            let bytes = share.dense_bytes + share.expert_bytes * touched;
            Some(self.batches * bytes / pcie + self.on_device(share, run, rates)?)
        });
        copied.map_or(processor, |copied| copied.min(processor))
    }

    /// How much faster so many devices are that each hold some layers: batches follow each other as in a pipeline.
    /// `reached` = share of the ideal gain.
    pub(super) fn pipeline_gain(&self, devices: f64, reached: f64) -> f64 {
        let ideal = self.batches * devices / (self.batches + devices - 1.0);
        1.0 + reached * (ideal - 1.0)
    }
}
