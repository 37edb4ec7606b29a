//! How fast a plan runs: rates as bands, since a speed is never known to a point.
//!
//! Every engine lays its plan out as plain facts ([`share`]): what runs, and what of it lies on each device and on the
//! host. [`of`] turns them into a [`Speed`] by the constants of each card's family.
//!
//! Every decoded token is one step of the model: speculative decoding, with a draft model or with a model's own
//! multi-token prediction layers, is left out. Where it is on, one sequence may run 1.2 to 2.5 times as fast on most
//! discrete cards (53 community reports), hardly faster on Apple's chips, and nothing is gained with several at once.

mod band;
mod calibrate;
mod decode;
mod llamacpp;
mod machine;
mod prefill;
pub mod rates;
pub mod share;
pub(super) mod step_reads;
mod total;

pub use calibrate::calibration;
pub(super) use llamacpp::{Laid, of_llamacpp, spans};
pub use machine::{Machine, named_ram};
pub use total::{Host, of};

use crate::units::Band;

/// How fast a plan runs. `None` = no data, or nothing runs.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Speed {
    /// Tokens a second that one sequence receives.
    pub decode: Option<Band<f64>>,
    /// Tokens a second over all sequences.
    pub decode_total: Option<Band<f64>>,
    /// Tokens of prompts a second.
    pub prefill: Option<Band<f64>>,
    /// Seconds from the prompt to the first token.
    pub first_token: Option<Band<f64>>,
    /// Seconds from the disk to the first use.
    pub load: Option<Band<f64>>,
    /// Power of all cards together while decoding, in W.
    pub power: Option<Band<f64>>,
    /// kWh that the cards take for a million decoded tokens.
    pub energy: Option<Band<f64>>,
    /// Tokens a second that training goes through, over all cards.
    pub train: Option<Band<f64>>,
    /// What one decode step waits for.
    pub times: StepTimes,
    /// The file is larger than the RAM that is left for it: it would be read from the disk again and again.
    pub pages: bool,
}

/// Seconds of one decode step by what it waits for.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct StepTimes {
    /// Fixed costs of each layer: launches, norms, small kernels.
    pub layers: f64,
    /// Weights read from VRAM.
    pub vram_weights: f64,
    /// KV cache read from VRAM.
    pub vram_kv: f64,
    /// Weights read from RAM.
    pub ram_weights: f64,
    /// KV cache read from RAM.
    pub ram_kv: f64,
    /// Arithmetic.
    pub compute: f64,
    /// Links between cards, and between cards and RAM.
    pub link: f64,
}

impl StepTimes {
    /// The whole step.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.layers + self.vram_weights + self.vram_kv + self.ram_weights + self.ram_kv + self.compute + self.link
    }
}
