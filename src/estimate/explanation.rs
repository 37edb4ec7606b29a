//! What an explanation says.

pub use crate::model::graph::Role;
use crate::units::Bytes;

/// Lines, result, how sure it is, and the source.
pub(super) type Why = (Vec<String>, Option<Bytes>, Certainty, String);

/// A figure that can explain itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Figure {
    /// Weights.
    Weights,
    /// KV cache.
    KvCache,
    /// Recurrent state.
    RecurrentState,
    /// Compute buffer.
    Compute,
    /// Activations.
    Activations,
    /// Gradients.
    Gradients,
    /// `LoRA` adapters.
    Adapter,
    /// Optimizer states and master weights.
    Optimizer,
    /// What a server engine reserves for the KV cache.
    KvPool,
    /// Runtime overhead.
    Overhead,
    /// What a program is offered on the card.
    Usable,
    /// Host buffers.
    HostBuffers,
}

/// How sure a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Certainty {
    /// Equal to the engine's own allocation.
    Exact,
    /// A law with a stated error.
    Estimate,
    /// Read from a machine.
    Measured,
    /// Not known.
    Unknown,
}

/// Why a number is what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Which figure.
    pub figure: Figure,
    /// One line a term: the formula with the numbers put in, e.g. `2 × 80 × 8 × 128 × 8,192 × 1 × 2 B`.
    pub lines: Vec<String>,
    /// What a compute buffer is made of: the largest tensors that lie in it at its fullest, then what is left.
    pub terms: Vec<Term>,
    /// The result in bytes, where known.
    pub result: Option<Bytes>,
    /// How sure it is.
    pub certainty: Certainty,
    /// Where the law or the fact comes from; empty where the formula says so itself.
    pub source: String,
}

/// Tensors of one kind that lie in a compute buffer while it is at its fullest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// What they are to the model; `None` for everything that is not listed: smaller tensors and gaps.
    pub role: Option<Role>,
    /// How many there are.
    pub count: u64,
    /// Elements of one, by dimension.
    pub ne: [u64; 4],
    /// Bytes of all of them.
    pub bytes: Bytes,
}

impl Term {
    /// The product that gives the bytes, `2 × 512 × 14,336 × 4 B`; empty where scratch or padding is in them.
    #[must_use]
    pub fn product(&self) -> String {
        let elements = self.count * self.ne.iter().product::<u64>();
        let Some(width) = [1, 2, 4, 8].into_iter().find(|width| elements * width == self.bytes.0) else {
            return String::new();
        };
        let factors = [self.count].into_iter().chain(self.ne.into_iter().rev()).filter(|factor| *factor > 1);
        let factors: Vec<String> = factors.map(grouped).chain([format!("{width} B")]).collect();
        factors.join(" × ")
    }
}

/// Thousands apart: `8,192`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
