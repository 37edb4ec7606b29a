//! What a tensor of the graph is to the model, in the words of someone who asks why a compute buffer is so large.

use crate::model::tensor::TensorKind;

/// What a tensor is to the model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) enum GraphRole {
    /// What goes from layer to layer, `hidden_size` wide.
    #[default]
    Hidden,
    /// What the graph is fed: tokens, positions, masks.
    Input,
    /// A weight; among what is alive, its copy on another device.
    Weight,
    /// A cache; among what is alive, its copy on another device.
    Cache,
    /// Queries, keys and values.
    Projections,
    /// Attention scores of every query against every cell.
    Scores,
    /// What attention gives, its scratch included.
    Attention,
    /// The inside of a feed-forward part: gate and up.
    FeedForward,
    /// The same of the chosen experts, and the router.
    Experts,
    /// The inside of a recurrent mixer.
    Recurrent,
    Logits,
}

impl GraphRole {
    /// The role of a product with the weight `kind`.
    pub(crate) const fn of_product(kind: TensorKind) -> Self {
        use TensorKind as K;
        match kind {
            K::Output => Self::Logits,
            K::AttnQ | K::AttnK | K::AttnV | K::AttnQkv | K::AttnQA | K::AttnQB | K::AttnKvAMqa | K::AttnKB => {
                Self::Projections
            }
            K::AttnVB | K::AttnGate => Self::Attention,
            K::FfnUp | K::FfnGate | K::FfnUpShexp | K::FfnGateShexp => Self::FeedForward,
            K::FfnUpExps | K::FfnGateExps | K::FfnGateUpExps | K::FfnDownExps | K::FfnGateInp => Self::Experts,
            K::SsmIn | K::SsmX | K::SsmDt => Self::Recurrent,
            _ => Self::Hidden,
        }
    }

    /// It is there before the graph runs, so results are not named after it.
    pub(crate) const fn is_given(self) -> bool {
        matches!(self, Self::Input | Self::Weight | Self::Cache)
    }
}
