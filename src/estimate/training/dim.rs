//! The dimensions that the laws are written over.

use strum::{EnumCount, EnumString};

use crate::estimate::explanation::Quantity;

/// A dimension of a model or of its batch; the table calls it by the same name in `snake_case`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumCount, EnumString)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Dim {
    /// Tokens of the micro-batch.
    Tokens,
    /// Tokens whose logits are calculated at a time, where that is not all of them.
    LossChunk,
    /// Tokens of one sequence.
    SequenceLength,
    HiddenSize,
    /// Width of all queries.
    QueryWidth,
    /// Width of all keys, and of all values where those have no width of their own.
    KeyWidth,
    /// Queries, keys and values of a fused projection.
    QueryKeyValueWidth,
    ValueWidth,
    /// Width of the latents that queries, and keys and values, are unfolded from.
    QueryLatent,
    KeyValueLatent,
    #[expect(clippy::enum_variant_names, reason = "as configurations spell it")]
    HeadDim,
    Heads,
    KeyValueHeads,
    MlpWidth,
    Experts,
    ExpertsPerToken,
    ExpertWidth,
    /// Share of the layers that have experts.
    ExpertLayers,
    Vocabulary,
    LoraRank,
}

impl Dim {
    /// What it counts.
    pub(super) const fn quantity(self) -> Quantity {
        match self {
            Self::Tokens | Self::LossChunk => Quantity::Tokens,
            Self::SequenceLength => Quantity::SequenceLength,
            Self::HiddenSize => Quantity::HiddenSize,
            Self::QueryWidth
            | Self::KeyWidth
            | Self::QueryKeyValueWidth
            | Self::ValueWidth
            | Self::QueryLatent
            | Self::KeyValueLatent => Quantity::Width,
            Self::HeadDim => Quantity::HeadDim,
            Self::Heads => Quantity::Heads,
            Self::KeyValueHeads => Quantity::KvHeads,
            Self::MlpWidth => Quantity::MlpWidth,
            Self::Experts => Quantity::Experts,
            Self::ExpertsPerToken => Quantity::ExpertsPerToken,
            Self::ExpertWidth => Quantity::ExpertWidth,
            Self::ExpertLayers => Quantity::Share,
            Self::Vocabulary => Quantity::Vocabulary,
            Self::LoraRank => Quantity::LoraRank,
        }
    }

    /// Whether tensor parallelism cuts it: heads, what an MLP or expert is wide, and the vocabulary.
    pub(super) const fn is_cut(self) -> bool {
        match self {
            Self::QueryWidth
            | Self::KeyWidth
            | Self::QueryKeyValueWidth
            | Self::ValueWidth
            | Self::Heads
            | Self::KeyValueHeads
            | Self::MlpWidth
            | Self::Experts
            | Self::ExpertWidth
            | Self::Vocabulary => true,
            Self::Tokens
            | Self::LossChunk
            | Self::SequenceLength
            | Self::HiddenSize
            | Self::QueryLatent
            | Self::KeyValueLatent
            | Self::HeadDim
            | Self::ExpertsPerToken
            | Self::ExpertLayers
            | Self::LoraRank => false,
        }
    }
}

/// The value of every dimension; means over the layers where those differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Dims([f64; Dim::COUNT]);

impl Dims {
    /// All zero, as experts are where there are none.
    pub(super) const NONE: Self = Self([0.0; Dim::COUNT]);

    pub(super) const fn with(mut self, dim: Dim, value: f64) -> Self {
        self.0[dim as usize] = value;
        self
    }

    pub(super) const fn get(&self, dim: Dim) -> f64 {
        self.0[dim as usize]
    }
}
