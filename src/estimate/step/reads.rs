//! What of the model lies in one place and is read in each step.

use std::sync::Arc;

use super::{CacheReads, Inference};
use crate::units::sums::fieldwise;

/// What of the model lies in one place. Blocks count as a transformer block each; a mixer or a feed-forward part alone
/// is half a block. Figures of the experts count all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::estimate) struct StepReads {
    /// Blocks whose fixed cost falls here.
    pub(in crate::estimate) blocks: f64,
    /// Those with routed experts.
    pub(in crate::estimate) expert_blocks: f64,
    /// Those of them with a dense feed-forward part beside the experts; not counted for server engines.
    pub(in crate::estimate) shared_blocks: f64,
    pub(in crate::estimate) recurrent_blocks: f64,
    /// Those with latent attention.
    pub(in crate::estimate) latent_blocks: f64,
    /// Bytes read each step, routed experts aside.
    pub(in crate::estimate) dense_bytes: f64,
    /// Bytes of all routed experts.
    pub(in crate::estimate) expert_bytes: f64,
    /// Weights that multiply each token, routed experts and output matrix aside.
    pub(in crate::estimate) dense_weights: f64,
    /// Weights of all routed experts.
    pub(in crate::estimate) expert_weights: f64,
    /// Weights of the output matrix: multiplied for decoded tokens only.
    pub(in crate::estimate) output_weights: f64,
    /// What attention and recurrence read.
    pub(in crate::estimate) cache: CacheReads,
}

impl StepReads {
    /// Nothing lies there.
    pub(in crate::estimate) const NOTHING: Self = Self {
        blocks: 0.0,
        expert_blocks: 0.0,
        shared_blocks: 0.0,
        recurrent_blocks: 0.0,
        latent_blocks: 0.0,
        dense_bytes: 0.0,
        expert_bytes: 0.0,
        dense_weights: 0.0,
        expert_weights: 0.0,
        output_weights: 0.0,
        cache: CacheReads::NOTHING,
    };

    /// Weights that multiply a prompt's token.
    pub(in crate::estimate) fn weights_of_a_token(&self, inference: &Inference) -> f64 {
        self.dense_weights + self.expert_weights * inference.experts_used()
    }

    /// Bytes of weights that a step reads: of the experts those that its sequences call.
    pub(in crate::estimate) fn weight_bytes(&self, inference: &Inference) -> f64 {
        self.dense_bytes + self.expert_bytes * inference.experts_touched(inference.sequences)
    }

    /// Bytes of caches and states that a step reads and writes back, at the middle of what is decoded.
    pub(in crate::estimate) fn cache_bytes(&self, inference: &Inference) -> f64 {
        inference.streams * self.cache.mean(inference.decoding).bytes
            + 2.0 * inference.sequences * self.cache.state_bytes
    }

    /// What a device reads where each block is cut and it has this part of all.
    #[must_use]
    pub(in crate::estimate) fn cut(&self, part: f64) -> Self {
        let cache = CacheReads {
            full_bytes: self.cache.full_bytes * part,
            full_operations: self.cache.full_operations * part,
            window_bytes: self.cache.window_bytes * part,
            window_operations: self.cache.window_operations * part,
            state_bytes: self.cache.state_bytes * part,
            ..self.cache
        };
        Self {
            dense_bytes: self.dense_bytes * part,
            expert_bytes: self.expert_bytes * part,
            dense_weights: self.dense_weights * part,
            expert_weights: self.expert_weights * part,
            output_weights: self.output_weights * part,
            cache,
            ..*self
        }
    }

    /// Nothing lies here.
    pub(in crate::estimate) fn is_empty(&self) -> bool {
        self.dense_bytes + self.expert_bytes <= 0.0
    }

    /// An even part of the layers.
    #[must_use]
    pub(in crate::estimate) fn part(&self, part: f64) -> Self {
        Self {
            blocks: self.blocks * part,
            expert_blocks: self.expert_blocks * part,
            shared_blocks: self.shared_blocks * part,
            recurrent_blocks: self.recurrent_blocks * part,
            latent_blocks: self.latent_blocks * part,
            ..self.cut(part)
        }
    }
}

// The caches stay those of the first.
fieldwise! { Add add StepReads:
    blocks expert_blocks shared_blocks recurrent_blocks latent_blocks dense_bytes expert_bytes dense_weights expert_weights
    output_weights; keeping cache
}

/// What lies in RAM.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::estimate) struct HostReads {
    /// Layers, experts and caches there.
    pub(in crate::estimate) reads: StepReads,
    /// Blocks whose experts lie there while the rest of the block lies on a device.
    pub(in crate::estimate) experts_apart: f64,
}

/// What lies on the devices, in device order.
#[derive(Debug, Clone)]
pub(in crate::estimate) enum DeviceReads {
    /// Something else on each.
    Each(Arc<[StepReads]>),
    /// The same on the first so many, nothing on further ones.
    Alike(StepReads, usize),
}

impl DeviceReads {
    /// What lies on the device of this index.
    pub(in crate::estimate) fn on(&self, device: usize) -> &StepReads {
        match self {
            Self::Each(reads) => reads.get(device).unwrap_or(&StepReads::NOTHING),
            Self::Alike(reads, holding) if device < *holding => reads,
            Self::Alike(..) => &StepReads::NOTHING,
        }
    }
}
