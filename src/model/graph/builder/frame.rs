//! What a graph is built for: the batch, the caches, and the traits of the architecture that its tensors do not tell.

use super::{Latent, PerLayer};
use crate::model::cache::Cells;

/// Traits of an architecture that its tensors do not tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "traits that combine freely")]
pub struct Style {
    /// Layer norm instead of RMS norm: needs memory of its own.
    pub layer_norm: bool,
    /// Attention and feed-forward both read the normed input and are added together.
    pub parallel_residual: bool,
    /// With `parallel_residual`: attention is added before the residual.
    pub residual_last: bool,
    /// The residual stands before what is added to it, and lends its memory.
    pub residual_first: bool,
    /// The cache keeps windows apart from full layers (another order of operations).
    pub window_cache: bool,
    /// How a router's scores are treated.
    pub router: Router,
    /// Which layers turn queries and keys by their position.
    pub rope: Rope,
    /// Queries are scaled by their position, where the positions are not turned (Llama 4) or anyhow (Mistral).
    pub temperature: bool,
    /// Where the rows for the output are picked.
    pub pick: Pick,
    /// The residual stands before the output of a mixer that is added to it.
    pub residual_first_at_mixer: bool,
    /// What is added to the output of a part is the part's normed and scaled input.
    pub residual_normed: bool,
    /// Embeddings are scaled before anything else.
    pub scales_embeddings: bool,
    /// Values are normed.
    pub norms_values: bool,
    /// The query projection makes a gate for the attention's output, too.
    pub gated_attention: bool,
}

/// Where the rows for the output are picked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pick {
    /// Within the last layer, behind its attention.
    #[default]
    WithinLayer,
    /// Behind the last layer.
    BehindLayers,
    /// Behind the last layer, whose result the engine hands out.
    BehindResult,
    /// Behind the output norm, whose result the engine hands out.
    BehindNorm,
}

/// How a router's scores become weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "traits that combine freely")]
pub struct Router {
    /// Scores are normed over the chosen experts.
    pub normed: bool,
    /// Softmax over the chosen experts alone.
    pub softmax_of_chosen: bool,
    /// Experts are chosen by groups first.
    pub groups: u64,
    /// Groups of which experts are chosen.
    pub groups_used: u64,
    /// Inputs are weighted before the experts instead of their outputs after them.
    pub weighs_inputs: bool,
    /// Width in which the routed experts work where it is not `hidden_size`, 0 otherwise.
    pub latent: u64,
    /// Weights are scaled by a constant.
    pub scaled: bool,
    /// The last product is wanted in a precision for which devices have no kernel.
    pub down_on_host: bool,
}

impl Default for Router {
    fn default() -> Self {
        Self {
            normed: true,
            softmax_of_chosen: false,
            groups: 1,
            groups_used: 1,
            weighs_inputs: false,
            latent: 0,
            scaled: false,
            down_on_host: false,
        }
    }
}

/// What a graph is built for.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// Tokens of the batch.
    pub tokens: u64,
    /// Rows for which logits are wanted.
    pub outputs: u64,
    /// `hidden_size`.
    pub hidden: u64,
    /// Rows of the output matrix.
    pub vocabulary: u64,
    /// Flash attention.
    pub flash: bool,
    /// The caches.
    pub cells: Cells,
    /// Head sizes of keys and values that decide the rotation of quantized caches.
    pub rotation: (u64, u64),
    /// What latent attention has beside the layers' shapes.
    pub latent: Latent,
    /// Embeddings of its own for each layer.
    pub per_layer: PerLayer,
    /// Positions of a token (4 with multi-dimensional rope).
    pub positions: u64,
    /// The architecture.
    pub style: Style,
    /// Number of the CPU among the backends.
    pub cpu: u8,
}

/// Which layers turn queries and keys by their position.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Rope {
    /// All.
    #[default]
    All,
    /// All but every so-many-th.
    Skips(u64),
    /// None.
    Never,
}

impl Rope {
    /// Whether the layer of that index (from 0) does.
    pub const fn turns(self, layer: u64) -> bool {
        match self {
            Self::All => true,
            Self::Skips(step) => !(layer + 1).is_multiple_of(step),
            Self::Never => false,
        }
    }
}
