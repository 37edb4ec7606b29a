//! Prompts: arithmetic over a share of the matrix rate, attention over what is cached, weights read once a batch.
//!
//! `t = 2 × (tokens × dense weights / share + rows × expert weights / share) / rate + …`. A kernel multiplies in tiles of
//! rows, so an expert with 16 tokens takes about as long as one with 64: each expert that a batch touches counts with half
//! a tile more than it has. A larger batch spreads that over more tokens.

use super::rates::DeviceRates;
use crate::catalog::speed::{HostLaw, PrefillLaw};
use crate::estimate::step::{Inference, StepReads, TokenSpan, WeightStorage};
use crate::units::{BytesPerSecond, OpsPerSecond, Seconds};

/// Seconds of each batch that each block costs beside its arithmetic.
const BLOCK: f64 = 50e-6;
/// Tokens from which a batch is worth copying weights from RAM to a device for.
const WORTH_COPYING: f64 = 32.0;
/// Matrices of a gated expert.
const MATRICES: f64 = 3.0;
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
        let multiplying = (matrix * rates.native)
            .time_for(2.0 * (self.tokens * reads.dense_weights / reached + self.expert_rows(reads, inference, law)));
        let operations = reads.cache.mean(self.span).operations;
        let attention = if inference.flash_attention { law.attention } else { law.attention_plain };
        let attending = (matrix * attention).time_for(self.tokens * operations);
        let touched = inference.experts_touched(self.of_a_batch());
        let copied = if plain { 0.0 } else { law.copied_bytes };
        let moved = reads.dense_bytes
            + reads.expert_bytes * touched
            + copied * (reads.dense_weights + reads.expert_weights * touched);
        let matrices = reads.expert_blocks * inference.experts.map_or(0.0, |experts| experts.all) * touched * MATRICES;
        let launched = Seconds(reads.blocks * BLOCK + matrices * law.matrix_us * 1e-6);
        let fixed = (launched + (rates.bandwidth * STREAMED).time_for(moved)) * self.batches;
        let stepping = Seconds(self.tokens * reads.recurrent_blocks * law.recurrent_ns * 1e-9);
        let calculated = (multiplying + attending + stepping + fixed) * (1.0 / rates.clock.computing);
        Some((calculated + self.waiting(reads, inference, law)) * rates.calibration.prefill)
    }

    /// Weights of the routed experts times rows that multiply them, each row at the share of the rate that it reaches:
    /// those of the tokens, and those that tiles add to each expert that a batch touches.
    fn expert_rows(&self, reads: &StepReads, inference: &Inference, law: &PrefillLaw) -> f64 {
        let tile = law.tile.min(self.of_a_batch());
        let rows =
            self.tokens * inference.experts_used() + self.batches * tile * inference.experts_touched(self.of_a_batch());
        let native = if inference.microscaled { law.microscaled } else { 1.0 };
        reads.expert_weights * rows / (law.experts * native)
    }

    /// Seconds that the device waits for the processor, in engines that have it sort the experts' rows and fill the mask.
    fn waiting(&self, reads: &StepReads, inference: &Inference, law: &PrefillLaw) -> Seconds {
        let used = inference.experts.map_or(0.0, |experts| experts.used);
        let sorted = self.tokens * used * reads.expert_blocks * law.sorting_ns;
        // The mask is made once for all layers of a device, as wide as the cache is long.
        let seen = f64::midpoint(self.span.from, self.span.to) * self.tokens;
        Seconds((sorted + seen * law.mask_ns) * 1e-9)
    }

    /// Tokens that go through at once.
    fn of_a_batch(&self) -> f64 {
        self.tokens / self.batches
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
        let copied = copies.filter(|_| self.of_a_batch() >= WORTH_COPYING).and_then(|(pcie, rates)| {
            let touched = inference.experts_touched(self.of_a_batch());
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
