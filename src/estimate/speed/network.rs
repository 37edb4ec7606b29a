//! What boxes that share a model cost each other: messages, bytes, and waiting.
//!
//! Layers that lie one after the other in several boxes are handed the activations of each step; how soon a short message
//! arrives decides, not how many bytes a second a link carries. Layers that are cut across boxes are added up twice in each block.

use super::prefill::Prompt;
use crate::estimate::answer::{NetworkShare, StepTimes};
use crate::estimate::boxes::Network;
use crate::estimate::step::{Inference, Together, TokenSpan};
use crate::units::{Band, Seconds};

/// The least half width of a band over a network.
const LEAST: f64 = 0.15;

/// Bytes that one of so many devices sends while they add up their parts of a block: twice for each token its activations
/// in 16 bits, each `2 × (n - 1) / n` times (ring all-reduce).
pub(super) fn exchanged(inference: &Inference, tokens: f64, devices: usize) -> f64 {
    let others = devices.saturating_sub(1) as f64;
    4.0 * inference.hidden * tokens * 2.0 * others / devices.max(1) as f64
}

impl Network<'_> {
    /// Of one decode step, whose devices take `times`; `holding` of them hold a part of each of so many blocks that are cut.
    pub(super) fn of_step(
        &self,
        inference: &Inference,
        blocks: f64,
        holding: usize,
        times: &StepTimes,
    ) -> NetworkShare {
        let crossing = &inference.crossing;
        if crossing.cut {
            let bytes = blocks * exchanged(inference, inference.sequences, holding);
            return self.share(bytes, self.law.reduce_us.map(|us| us * blocks), 0.0);
        }
        if crossing.messages <= 0.0 {
            return NetworkShare::default();
        }
        let bytes = crossing.bytes(inference.sequences, mean(inference.decoding));
        self.share(bytes, self.law.message_us.map(|us| us * crossing.messages), times.total())
    }

    /// Of a prompt whose devices take so long.
    pub(super) fn of_prompt(
        &self,
        prompt: &Prompt,
        inference: &Inference,
        blocks: f64,
        holding: usize,
        seconds: Seconds,
    ) -> NetworkShare {
        let crossing = &inference.crossing;
        if crossing.cut && inference.together == Together::Tensor {
            let bytes = blocks * exchanged(inference, prompt.tokens, holding);
            return self.share(bytes, self.law.reduce_us.map(|us| us * blocks * prompt.batches), 0.0);
        }
        if crossing.messages <= 0.0 {
            return NetworkShare::default();
        }
        let bytes = crossing.bytes(prompt.tokens, mean(prompt.span));
        // Batches that follow each other keep all boxes at work.
        let waiting = if crossing.overlaps { 0.0 } else { seconds.0 };
        self.share(bytes, self.law.message_us.map(|us| us * crossing.messages * prompt.batches), waiting)
    }

    /// So many bytes and µs of messages, beside seconds in which boxes wait for each other.
    fn share(&self, bytes: f64, us: Band<f64>, waiting: f64) -> NetworkShare {
        let rate = self.rate();
        let seconds = |us: f64, bytes_s: f64, apart: f64| us * 1e-6 + bytes / bytes_s.max(1.0) + apart * waiting;
        NetworkShare {
            bytes,
            seconds: Band {
                low: seconds(us.low, rate.high.0, self.apart.low),
                expected: seconds(us.expected, rate.expected.0, self.apart.expected),
                high: seconds(us.high, rate.low.0, self.apart.high),
            },
        }
    }
}

fn mean(span: TokenSpan) -> f64 {
    f64::midpoint(span.from, span.to)
}

impl NetworkShare {
    /// How far the whole, which takes so many seconds, may lie from its expected value, as a share.
    pub(super) fn half(&self, whole: f64) -> f64 {
        if self.seconds.expected <= 0.0 || whole <= 0.0 {
            return 0.0;
        }
        let slower = (self.seconds.high - self.seconds.expected) / whole;
        let sooner = whole / (whole - (self.seconds.expected - self.seconds.low)) - 1.0;
        slower.max(sooner).max(LEAST)
    }
}
