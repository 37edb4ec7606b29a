//! Why a number is what it is: the formula, the numbers put in, and how sure it is. Built on demand.

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
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Which figure.
    pub figure: Figure,
    /// One line a term: the formula with the numbers put in, e.g. `2 × 80 × 8 × 128 × 8,192 × 1 × 2 B`.
    pub lines: Vec<String>,
    /// The result in bytes, where known.
    pub result: Option<crate::units::Bytes>,
    /// How sure it is.
    pub certainty: Certainty,
    /// Where the law or the fact comes from.
    pub source: String,
}
