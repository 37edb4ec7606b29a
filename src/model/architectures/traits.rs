//! What may set one architecture apart from another. `PLAIN` of each part is what Llama has.

use super::training_form::TrainingForm;
use crate::catalog::model::{Altup, RecurrenceKind};
use crate::model::graph::TensorId;
use crate::model::graph::builder::{self as nodes, Block};
use crate::model::layers::Span;
use crate::model::layout::{self, MixtureExtras, Projections};
use crate::model::tensor::TensorKind;

/// Everything that sets an architecture apart.
#[derive(Debug, Clone, Copy)]
pub struct ArchTraits {
    /// How its `config.json` and its GGUF files are read.
    pub config: ConfigRules,
    /// The shape of its layers.
    pub layers: LayerForm,
    pub tensors: TensorForm,
    /// What its tensors do not tell of its graph.
    pub graph: GraphForm,
    /// How its router treats scores.
    pub router: RouterForm,
    /// What servers do with it.
    pub server: ServerForm,
    /// Which laws of training hold for its layers.
    pub training: TrainingForm,
    /// What llama.cpp does with its layers for further tokens.
    pub next_token: NextToken,
    /// Its recurrent states are kept for as many tokens as are guessed ahead (`llm_arch_supports_rs_rollback`).
    pub rolls_back: bool,
    /// llama.cpp cuts its layers across devices (`docs/multi-gpu.md`, limitations).
    pub tensor_split: bool,
}

impl ArchTraits {
    /// Llama's.
    pub const PLAIN: Self = Self {
        config: ConfigRules::PLAIN,
        layers: LayerForm::PLAIN,
        tensors: TensorForm::PLAIN,
        graph: GraphForm::PLAIN,
        router: RouterForm::PLAIN,
        server: ServerForm::PLAIN,
        training: TrainingForm::PLAIN,
        next_token: NextToken::Skipped,
        rolls_back: false,
        tensor_split: true,
    };
}

/// What llama.cpp does with layers that predict further tokens (`conversion/*.py` and `graph_mtp` in `src/models/*.cpp` of
/// llama.cpp 0c1e57098).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextToken {
    /// Files do not hold them, or no graph runs them.
    Skipped,
    /// They read the model's embedding and its output matrix.
    Shared,
    /// They have an embedding and an output matrix of their own.
    Own,
}

/// What the architecture implies where a file does not say it.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "traits that combine freely")]
pub struct ConfigRules {
    /// The `model_type`s of Hugging Face that it stands for, without `_text`.
    pub model_types: &'static [&'static str],
    /// Which of the architectures with the same `model_type` it is: the one with experts or the one without.
    pub with_experts: Option<bool>,
    /// The output matrix is the embedding (the class's default).
    pub tied_by_default: bool,
    /// Which layers attend, look back a window only, or recur.
    pub pattern: Pattern,
    /// Tokens of a window or chunk.
    pub default_window: Option<u64>,
    /// What its recurrent layers run.
    pub recurrence: Option<RecurrenceKind>,
    /// Its router carries a correction for each expert.
    pub corrected: bool,
    /// Experts, shared ones too, are as wide as `intermediate_size` says.
    pub plain_expert_width: bool,
    /// Width of the MLP in widths of the residual stream; 0 where every file says it.
    pub mlp_ratio: u64,
    /// Whether queries and keys are normed stands in the file.
    pub optional_qk_norm: bool,
    /// Full layers may use their keys as values.
    pub keys_as_values: bool,
    /// Factors of the positions come with the architecture and are no sign of a stretching.
    pub own_rope_factors: bool,
    /// Alternating updates, where the model has them.
    pub altup: Option<Altup>,
}

impl ConfigRules {
    /// Llama's.
    pub const PLAIN: Self = Self {
        model_types: &[],
        with_experts: None,
        tied_by_default: false,
        pattern: Pattern::Full,
        default_window: None,
        recurrence: None,
        corrected: false,
        plain_expert_width: false,
        mlp_ratio: 0,
        optional_qk_norm: false,
        keys_as_values: false,
        own_rope_factors: false,
        altup: None,
    };
}

/// Kinds of layers where a file does not list them. Windows: `set_swa_pattern` in llama.cpp's `load_hparams`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// All attend to the whole context.
    Full,
    /// The last of so many does, the others look back a window.
    FullEvery(u64),
    /// The last of so many attends, the others recur.
    AttentionEvery(u64),
    /// All recur.
    Recurrent,
}

impl Pattern {
    /// The period of the full layers among windows, 0 where there are no windows.
    pub const fn window_period(self) -> u64 {
        match self {
            Self::FullEvery(period) => period,
            Self::Full | Self::AttentionEvery(_) | Self::Recurrent => 0,
        }
    }
}

/// The shape of the layers.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "traits that combine freely")]
pub struct LayerForm {
    /// The layers are of kinds that the laws of servers and training reach.
    pub told: bool,
    /// Blocks are single: a mixer alone or a feed-forward part alone, not one after the other.
    pub single_blocks: bool,
    /// The feed-forward part has a gate beside the up projection.
    pub gated: bool,
    /// Up and gate projection are one matrix in the file.
    pub fused_up: bool,
    /// Only the layers with experts have an index.
    pub indexes_experts_only: bool,
    /// The dense MLP runs beside the experts.
    pub mlp_beside_experts: bool,
}

impl LayerForm {
    /// Llama's.
    pub const PLAIN: Self = Self {
        told: true,
        single_blocks: false,
        gated: true,
        fused_up: false,
        indexes_experts_only: false,
        mlp_beside_experts: false,
    };
}

/// The tensors of a file.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "traits that combine freely")]
pub struct TensorForm {
    /// Where the norms of a block stand.
    pub norms: BlockNorms,
    /// The norms of a block have biases.
    pub biased_norms: bool,
    /// What stands around the attention's projections.
    pub projections: Projections,
    /// What stands beside the experts.
    pub mixture: MixtureExtras,
    /// Tensors of one layer; `None` where they are not known.
    pub block: fn(&mut layout::LayoutBuilder<'_>) -> Option<()>,
    /// Tensors outside the layers that only this architecture has.
    pub global: fn(&mut layout::LayoutBuilder<'_>),
    /// What the output norm is called.
    pub output_norm: TensorKind,
    pub output_norm_bias: bool,
    /// The output matrix has a bias.
    pub output_bias: bool,
    /// The file counts heads once for all layers, recurrent ones too; others list 0 for those.
    pub heads_of_all_layers: bool,
}

impl TensorForm {
    /// Llama's.
    pub const PLAIN: Self = Self {
        norms: BlockNorms::Before,
        biased_norms: false,
        projections: Projections::PLAIN,
        mixture: MixtureExtras::PLAIN,
        block: layout::plain,
        global: |_| {},
        output_norm: TensorKind::OutputNorm,
        output_norm_bias: false,
        output_bias: false,
        heads_of_all_layers: false,
    };
}

/// Where the norms of a block stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockNorms {
    /// Before attention and MLP.
    Before,
    /// The same, with the second named after the attention.
    BeforeAsPostAttention,
    /// Behind attention and MLP.
    After,
    /// Before and behind both.
    Around,
    /// One for attention and MLP, which run in parallel.
    One,
}

/// What the tensors do not tell of the graph.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "traits that combine freely")]
pub struct GraphForm {
    /// Layer norm instead of RMS norm: needs memory of its own.
    pub layer_norm: bool,
    /// What is added to the output of a part, and when.
    pub residual: Residual,
    /// The residual stands before what is added to it behind the feed-forward part, and lends its memory.
    pub residual_first: bool,
    /// The same behind the mixer.
    pub residual_first_at_mixer: bool,
    /// Which layers turn queries and keys by their position.
    pub rope: Rope,
    /// Positions of a token (4 with multi-dimensional rope).
    pub positions: u64,
    /// Which queries are scaled by their position.
    pub temperature: Temperature,
    /// Where the rows for the output are picked.
    pub pick: Pick,
    /// Embeddings are scaled before anything else.
    pub scales_embeddings: bool,
    /// Values are normed.
    pub norms_values: bool,
    /// The query projection makes a gate for the attention's output, too.
    pub gated_attention: bool,
    /// A block of its own shape.
    pub block: Option<fn(&mut nodes::GraphBuilder<'_>, TensorId, &Block<'_>) -> TensorId>,
    /// The gate is bent by tanh and sigmoid, one operation after the other (`SiTU`).
    pub situ: bool,
    /// Several streams run through the layers.
    pub streams: Option<Streams>,
}

impl GraphForm {
    /// Llama's.
    pub const PLAIN: Self = Self {
        layer_norm: false,
        residual: Residual::Serial,
        residual_first: false,
        residual_first_at_mixer: false,
        rope: Rope::All,
        positions: 1,
        temperature: Temperature::Never,
        pick: Pick::WithinLayer,
        scales_embeddings: false,
        norms_values: false,
        gated_attention: false,
        situ: false,
        block: None,
        streams: None,
    };
}

/// How the embedding becomes several streams, and these one again.
#[derive(Debug, Clone, Copy)]
pub struct Streams {
    /// Before the first layer; the block is the output's.
    pub spread: fn(&mut nodes::GraphBuilder<'_>, TensorId, &Block<'_>) -> TensorId,
    /// Behind the last layer.
    pub merge: fn(&mut nodes::GraphBuilder<'_>, TensorId, &Block<'_>) -> TensorId,
}

/// What is added to the output of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Residual {
    /// The stream before the part, one part after the other.
    Serial,
    /// The part's normed and scaled input.
    Normed,
    /// Attention and feed-forward part both read the normed input and are added together: residual, then attention.
    Parallel,
    /// The same: attention, then residual.
    ParallelAttentionFirst,
}

/// Where the rows for the output are picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// Within the last layer, behind its attention.
    WithinLayer,
    /// Behind the last layer.
    BehindLayers,
    /// Behind the last layer, whose result the engine hands out.
    BehindResult,
    /// Behind the output norm, whose result the engine hands out.
    BehindNorm,
    /// By what merges the streams behind the last layer.
    Merged,
}

/// Which layers turn queries and keys by their position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rope {
    All,
    /// All but every so-many-th.
    Skips(u64),
    /// Those that look back a window only.
    Windows,
    /// None.
    Never,
}

impl Rope {
    /// Whether the layer of that index (from 0) and span does.
    pub const fn turns(self, layer: u64, span: Span) -> bool {
        match self {
            Self::All => true,
            Self::Skips(step) => !(layer + 1).is_multiple_of(step),
            Self::Windows => matches!(span, Span::Window(_)),
            Self::Never => false,
        }
    }
}

/// Which queries are scaled by their position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Temperature {
    /// None.
    Never,
    /// Those that are not turned by it (Llama 4).
    Unturned,
    /// All, where the model says so (`llama_4_scaling`).
    AsSaid,
    /// All.
    Always,
}

/// How a router's scores become weights.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "traits that combine freely")]
pub struct RouterForm {
    /// Scores are normed over the chosen experts (`norm_topk_prob`).
    pub normed: Normed,
    /// Softmax over the chosen experts alone.
    pub softmax_of_chosen: bool,
    /// Scores are roots of softplus: two operations.
    pub root_of_softplus: bool,
    /// Inputs are weighted before the experts instead of their outputs after them.
    pub weighs_inputs: bool,
    /// Weights are scaled by a constant.
    pub scaled: bool,
    /// The last product is wanted in a precision for which devices have no kernel.
    pub down_on_host: bool,
}

impl RouterForm {
    /// Mixtral's.
    pub const PLAIN: Self = Self {
        normed: Normed::Always,
        softmax_of_chosen: false,
        root_of_softplus: false,
        weighs_inputs: false,
        scaled: false,
        down_on_host: false,
    };
}

/// When scores are normed over the chosen experts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Normed {
    /// In every model.
    Always,
    /// In none: scores are taken as they are.
    Never,
    /// Where the choice is corrected (`DeepSeek` V3, not V2).
    IfCorrected,
}

/// What servers keep of it beside weights and caches.
#[derive(Debug, Clone, Copy)]
pub struct ServerForm {
    pub tables: PositionTables,
    /// Rows of the full layers' table per position, where windows have one of their own.
    pub full_stretch: u64,
    /// Recurrent states in 2 bytes where others of the kind take 4.
    pub half_state: bool,
}

impl ServerForm {
    /// Llama's.
    pub const PLAIN: Self = Self { tables: PositionTables::One, full_stretch: 1, half_state: false };
}

/// Tables of sines and cosines that a server keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PositionTables {
    /// None: no layer is turned by its position.
    None,
    /// One for all layers.
    One,
    /// One for windows and one for full layers.
    ForEachKind,
}
