//! What an explanation says.

use super::Estimate;
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::catalog::origin::Origin;
use crate::model::graph::GraphRole;
use crate::plan::Plan;
use crate::text::Key;
use crate::units::{Band, Bytes};

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
    /// Other programs of the plan.
    Also,
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

/// A figure of a plan that is to be explained.
#[derive(Debug, Clone, Copy)]
pub(super) struct ExplainRequest<'a> {
    pub(super) plan: &'a Plan,
    pub(super) catalog: &'a Catalog,
    pub(super) model: &'a Model,
    pub(super) figure: Figure,
    /// What the plan comes to.
    pub(super) found: &'a Estimate,
}

/// Why a number is what it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Which figure.
    pub figure: Figure,
    /// What is added up; together they are the result.
    pub terms: Vec<Term>,
    /// The result in bytes, where known.
    pub result: Option<Bytes>,
    /// How sure it is.
    pub certainty: Certainty,
    /// Where the law or the fact comes from; empty where the formula says so itself.
    pub source: Origin,
    /// How many sequences of the plan's context a pool holds.
    pub sequences: Option<f64>,
}

impl Explanation {
    /// Nothing is known of it.
    pub(super) fn unknown(figure: Figure) -> Self {
        let certainty = Certainty::Unknown;
        Self { figure, terms: Vec::new(), result: None, certainty, source: Origin::default(), sequences: None }
    }

    /// The terms that count, `most` of them, and the others as one.
    pub fn listed(&self, most: usize) -> (&[Term], Option<Term>) {
        let counts =
            |term: &Term| term.subtracted || 100 * u128::from(term.bytes.0) >= self.result.unwrap_or_default().0.into();
        let counted = self.terms.iter().rposition(counts).map_or(0, |last| last + 1).min(most);
        match self.terms.split_at(counted) {
            (listed, []) => (listed, None),
            (_, [_]) => (&self.terms, None),
            (listed, others) => {
                let sum = others.iter().map(Term::signed).sum::<f64>();
                let others = Term { subtracted: sum < 0.0, ..Term::plain(Key::RoleOthers, rounded(sum.abs())) };
                (listed, Some(others))
            }
        }
    }
}

/// One term of a sum.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The word for what it is.
    pub name: Key,
    /// What multiplies to the bytes; empty where it is no plain product.
    pub factors: Vec<Factor>,
    /// How much it is.
    pub bytes: Bytes,
    /// It is taken off what the others come to.
    pub subtracted: bool,
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

/// The word for what a tensor of the graph is to the model.
pub(super) const fn word(role: GraphRole) -> Key {
    match role {
        GraphRole::Hidden => Key::RoleHidden,
        GraphRole::Input => Key::RoleInput,
        GraphRole::Weight => Key::RoleWeight,
        GraphRole::Cache => Key::RoleCache,
        GraphRole::Projections => Key::RoleProjections,
        GraphRole::Scores => Key::RoleScores,
        GraphRole::Attention => Key::RoleAttention,
        GraphRole::FeedForward => Key::RoleFeedForward,
        GraphRole::Experts => Key::RoleExperts,
        GraphRole::Recurrent => Key::RoleRecurrent,
        GraphRole::Logits => Key::RoleLogits,
    }
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
#[allow(missing_docs, reason = "the names say it")]
pub enum Quantity {
    Parameters,
    /// Bits of one weight, all tensors counted.
    BitsPerWeight,
    /// Keys and values: two.
    KeysAndValues,
    Layers,
    Heads,
    KvHeads,
    HeadDim,
    /// Elements of a row.
    Width,
    HiddenSize,
    MlpWidth,
    Experts,
    ExpertsPerToken,
    ExpertWidth,
    LoraRank,
    Tokens,
    SequenceLength,
    /// Sequences, or streams of cells.
    Sequences,
    MicroBatches,
    Blocks,
    BlockBytes,
    Vocabulary,
    /// Elements.
    Elements,
    /// Elements along one side of a tensor.
    Side,
    Tensors,
    ElementBytes,
    /// Moments, buckets or copies: so many times.
    Times,
    /// A part of a whole, up to 1.
    Share,
    Cards,
    /// Bytes of a card, a process, a layer or a file.
    CardBytes,
    Processes,
    /// Divides: cards that share it.
    SharedBy,
    /// Divides: elements that have one scale.
    PerScale,
}

impl Quantity {
    /// So many of it.
    pub(super) const fn of(self, value: f64) -> Factor {
        Factor { quantity: self, value }
    }

    /// A product is divided by it.
    pub const fn divides(self) -> bool {
        matches!(self, Self::SharedBy | Self::PerScale)
    }
}

impl Term {
    /// A term without factors.
    pub(super) const fn plain(name: Key, bytes: Bytes) -> Self {
        Self { name, factors: Vec::new(), bytes, subtracted: false, beside: Beside::Nothing }
    }

    /// A product; below zero it is taken off.
    pub(super) fn of(name: Key, factors: impl IntoIterator<Item = Factor>) -> Self {
        let mut term = Self { factors: factors.into_iter().collect(), ..Self::plain(name, Bytes::ZERO) };
        term.subtracted = term.multiplied() < 0.0;
        for factor in &mut term.factors {
            factor.value = factor.value.abs();
        }
        term.bytes = rounded(term.multiplied());
        term
    }

    /// A product that takes `bytes`; without factors where scratch or padding is among them.
    pub(super) fn product(name: Key, factors: impl IntoIterator<Item = Factor>, bytes: Bytes) -> Self {
        let product = Self::of(name, factors);
        if product.bytes == bytes { product } else { Self::plain(name, bytes) }
    }

    /// The same, taken off.
    pub(super) fn less(self) -> Self {
        Self { subtracted: true, ..self }
    }

    /// The same with more factors.
    pub(super) fn times(self, factors: impl IntoIterator<Item = Factor>) -> Self {
        let factors = self.factors.into_iter().chain(factors);
        Self { subtracted: self.subtracted, ..Self::of(self.name, factors) }
    }

    /// The product of the factors, in bytes.
    pub fn multiplied(&self) -> f64 {
        let value = |factor: &Factor| match factor.quantity {
            Quantity::BitsPerWeight => factor.value / 8.0,
            quantity if quantity.divides() => 1.0 / factor.value,
            _ => factor.value,
        };
        self.factors.iter().map(value).product()
    }

    /// What it adds to the sum, in bytes.
    pub fn signed(&self) -> f64 {
        let bytes = self.bytes.0 as f64;
        if self.subtracted { -bytes } else { bytes }
    }
}

/// What figures are rounded by, at most: each card's are whole bytes.
pub(super) const WHOLE_BYTES: f64 = 2048.0;

/// The terms that are something, and what they leave of `result` under its name where that is more than `rounding`; none
/// where the result is not known.
pub(super) fn with_rest(mut terms: Vec<Term>, name: Key, result: Option<Bytes>, rounding: f64) -> Vec<Term> {
    let Some(result) = result else { return Vec::new() };
    let rest = result.0 as f64 - terms.iter().map(Term::signed).sum::<f64>();
    if rest.abs() > rounding {
        terms.push(Term { subtracted: rest < 0.0, ..Term::plain(name, rounded(rest.abs())) });
    }
    terms.retain(|term| term.bytes > Bytes::ZERO);
    terms
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
fn rounded(bytes: f64) -> Bytes {
    Bytes(bytes.round() as u64)
}
