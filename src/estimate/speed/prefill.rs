//! Prompts: arithmetic over a share of the matrix rate, attention over what is cached, weights read once a batch.

use super::rates::DeviceRates;
use crate::catalog::speed::HostLaw;
use crate::estimate::step::{Inference, StepReads, TokenSpan, WeightStorage};
use crate::units::{BytesPerSecond, OpsPerSecond, Seconds};

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
    pub(super) span: TokenSpan,
    pub(super) tokens: f64,
    pub(super) batches: f64,
}

impl Prompt {
    /// The prompt between so many cached tokens, at least one token long.
    pub(super) fn new(TokenSpan { from, to }: TokenSpan, batch_tokens: f64) -> Self {
        let tokens = (to - from).max(1.0);
        Self { span: TokenSpan { from, to: from + tokens }, tokens, batches: (tokens / batch_tokens.max(1.0)).ceil() }
    }

    /// Seconds on a device; `None` where its rates are not known.
    pub(super) fn on_device(
        &self,
        reads: &StepReads,
        inference: &Inference,
        rates: &DeviceRates<'_>,
    ) -> Option<Seconds> {
        let law = &rates.family.prefill;
        let matrix = rates.matrix?;
        let plain = inference.stored == WeightStorage::Plain;
        let reached = if plain { law.half } else { law.quantized };
        let used = reads.expert_weights * inference.experts_used();
        let multiplying =
            (matrix * rates.native).time_for(2.0 * self.tokens * (reads.dense_weights / reached + used / law.experts));
        let operations = reads.cache.mean(self.span).operations;
        let attention = if inference.flash_attention { law.attention } else { law.attention_plain };
        let attending = (matrix * attention).time_for(self.tokens * operations);
        let touched = inference.experts_touched(self.tokens / self.batches);
        let copied = if plain { 0.0 } else { law.copied_bytes };
        let moved = reads.dense_bytes
            + reads.expert_bytes * touched
            + copied * (reads.dense_weights + reads.expert_weights * touched);
        let fixed = (Seconds(reads.blocks * BLOCK) + (rates.bandwidth * STREAMED).time_for(moved)) * self.batches;
        Some((multiplying + attending + fixed) * rates.calibration.prefill)
    }

    /// Seconds of what lies in RAM: on the processor, or copied to a device batch by batch where that is faster.
    /// `copies` = what PCI Express reaches, and the device's rates.
    pub(super) fn on_host(
        &self,
        reads: &StepReads,
        inference: &Inference,
        law: &HostLaw,
        copies: Option<(BytesPerSecond, &DeviceRates<'_>)>,
    ) -> Seconds {
        if reads.is_empty() {
            return Seconds::ZERO;
        }
        let operations = reads.cache.mean(self.span).operations;
        let work = 2.0 * reads.weights_of_a_token(inference) + operations;
        let processor = OpsPerSecond::from_tflops(law.tflops.expected).time_for(self.tokens * work);
        let copied = copies.filter(|_| self.tokens / self.batches >= WORTH_COPYING).and_then(|(pcie, rates)| {
            let touched = inference.experts_touched(self.tokens / self.batches);
            let bytes = reads.dense_bytes + reads.expert_bytes * touched;
            Some(pcie.time_for(self.batches * bytes) + self.on_device(reads, inference, rates)?)
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
