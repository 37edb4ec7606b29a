//! What an explanation says.

pub use crate::model::graph::Role;
use crate::units::{Band, Bytes};

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
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Which figure.
    pub figure: Figure,
    /// The formula with the numbers put in, where no terms are stated.
    pub lines: Vec<String>,
    /// What is added up; together they are the result.
    pub terms: Vec<Term>,
    /// The result in bytes, where known.
    pub result: Option<Bytes>,
    /// How sure it is.
    pub certainty: Certainty,
    /// Where the law or the fact comes from; empty where the formula says so itself.
    pub source: String,
}

/// One term of a sum.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// What it is.
    pub name: TermName,
    /// What multiplies to the bytes; empty where it is no plain product.
    pub factors: Vec<Factor>,
    /// How much it is.
    pub bytes: Bytes,
    /// What it is to be seen beside.
    pub beside: Beside,
}

/// What stands beside a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Nothing.
    Nothing,
    /// The band of each card.
    Band(Band<Bytes>),
    /// All of which the term is a part.
    Whole(Bytes),
}

/// What a term is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermName {
    /// Every tensor once, as the file holds it.
    File,
    /// Tensors that lie in several places, and what they are padded with.
    Copies,
    /// Keys and values of the KV cache, alike.
    KeysAndValues,
    /// Keys.
    Keys,
    /// Values.
    Values,
    /// Keys of an indexer.
    IndexKeys,
    /// The values beside them.
    IndexValues,
    /// What devices pad rows with.
    Padding,
    /// The last inputs of convolutions.
    Convolution,
    /// The state of recurrent mixers.
    State,
    /// Tensors that are this to the model.
    Tensors(Role),
    /// Logits handed to the program.
    Logits,
    /// What is not listed: smaller tensors and gaps.
    Others,
    /// Context, driver and libraries on cards that are alike.
    Overhead,
    /// What a card offers.
    Usable,
}

/// One factor of a product.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Factor {
    /// What it counts.
    pub quantity: Quantity,
    /// How many.
    pub value: f64,
}

/// What a factor counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// Weights of the model.
    Parameters,
    /// Bits of one weight, all tensors counted.
    BitsPerWeight,
    /// Keys and values: two.
    KeysAndValues,
    /// Layers of this kind.
    Layers,
    /// Heads of keys and values.
    KvHeads,
    /// Elements of a head.
    HeadDim,
    /// Elements of a row.
    Width,
    /// Cells of a stream.
    Cells,
    /// Streams.
    Streams,
    /// Sequences.
    Sequences,
    /// Tokens of the vocabulary.
    Vocabulary,
    /// Elements, along one side of a tensor or of a state.
    Elements,
    /// Tensors that are alike.
    Tensors,
    /// Bytes of an element.
    ElementBytes,
    /// Cards that are alike.
    Cards,
    /// Bytes of a card.
    CardBytes,
}

impl Factor {
    /// A whole number of something.
    pub(super) const fn count(quantity: Quantity, value: u64) -> Self {
        Self { quantity, value: value as f64 }
    }
}

impl Term {
    /// A term without factors.
    pub(super) const fn plain(name: TermName, bytes: Bytes) -> Self {
        Self { name, factors: Vec::new(), bytes, beside: Beside::Nothing }
    }

    /// A product; without factors where scratch or padding is in the bytes.
    pub(super) fn product(name: TermName, factors: impl IntoIterator<Item = Factor>, bytes: Bytes) -> Self {
        let product = Self { factors: factors.into_iter().collect(), ..Self::plain(name, bytes) };
        if (product.multiplied() - bytes.0 as f64).abs() < 0.5 { product } else { Self::plain(name, bytes) }
    }

    /// The product of the factors, in bytes.
    #[must_use]
    pub fn multiplied(&self) -> f64 {
        let value = |factor: &Factor| match factor.quantity {
            Quantity::BitsPerWeight => factor.value / 8.0,
            _ => factor.value,
        };
        self.factors.iter().map(value).product()
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
