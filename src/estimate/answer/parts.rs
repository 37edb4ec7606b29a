//! The components of memory.

use std::iter::Sum;
use std::ops::Add;

use crate::units::Bytes;

/// The components of memory in one place. `None` = cannot be known; zero = does not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// Weights.
    pub weights: Option<Bytes>,
    /// Weights of the part that sees, where they are a file of their own.
    pub vision: Option<Bytes>,
    /// Keys and values of all sequences.
    pub kv_cache: Option<Bytes>,
    /// State of recurrent layers of all sequences.
    pub recurrent_state: Option<Bytes>,
    /// The engine's compute buffer.
    pub compute: Option<Bytes>,
    /// Compute buffers of what runs beside the model: who guesses further tokens, and the part that sees.
    pub beside: Option<Bytes>,
    /// Activations that no compute buffer holds: a server engine's peak, or what training saves for the backward pass.
    pub activations: Option<Bytes>,
    /// Gradients.
    pub gradients: Option<Bytes>,
    /// Optimizer states and master weights.
    pub optimizer: Option<Bytes>,
}

impl Parts {
    /// Nothing at all.
    pub const NOTHING: Self = Self {
        weights: Some(Bytes::ZERO),
        vision: Some(Bytes::ZERO),
        kv_cache: Some(Bytes::ZERO),
        recurrent_state: Some(Bytes::ZERO),
        compute: Some(Bytes::ZERO),
        beside: Some(Bytes::ZERO),
        activations: Some(Bytes::ZERO),
        gradients: Some(Bytes::ZERO),
        optimizer: Some(Bytes::ZERO),
    };

    /// Serving that cannot be laid out: what belongs to training still does not apply.
    pub const UNKNOWN: Self =
        Self { weights: None, kv_cache: None, recurrent_state: None, compute: None, ..Self::NOTHING };

    /// The sum, or `None` where a part cannot be known.
    pub fn total(&self) -> Option<Bytes> {
        Some(self.loaded()? + self.caches()? + self.working()? + self.gradients? + self.optimizer?)
    }

    /// All weights.
    pub fn loaded(&self) -> Option<Bytes> {
        Some(self.weights? + self.vision?)
    }

    /// What is worked in: compute buffers and activations.
    pub fn working(&self) -> Option<Bytes> {
        Some(self.compute? + self.beside? + self.activations?)
    }

    /// KV cache and recurrent state: what grows with the sequences.
    pub fn caches(&self) -> Option<Bytes> {
        Some(self.kv_cache? + self.recurrent_state?)
    }
}

impl Add for Parts {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let sum = |one: Option<Bytes>, other: Option<Bytes>| Some(one? + other?);
        Self {
            weights: sum(self.weights, other.weights),
            vision: sum(self.vision, other.vision),
            kv_cache: sum(self.kv_cache, other.kv_cache),
            recurrent_state: sum(self.recurrent_state, other.recurrent_state),
            compute: sum(self.compute, other.compute),
            beside: sum(self.beside, other.beside),
            activations: sum(self.activations, other.activations),
            gradients: sum(self.gradients, other.gradients),
            optimizer: sum(self.optimizer, other.optimizer),
        }
    }
}

impl Sum for Parts {
    fn sum<I: Iterator<Item = Self>>(places: I) -> Self {
        places.fold(Self::NOTHING, Add::add)
    }
}
