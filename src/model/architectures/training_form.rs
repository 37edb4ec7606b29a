//! Which laws of training hold for an architecture, and the families of layers that they were read off.

use strum::{EnumString, VariantArray};

use super::traits::BlockNorms;
use crate::model::layout;

/// The families of layers that laws of training were read off, named after the first model of their kind, each with
/// `LoRA`'s targets where those are not all linear layers; the table of laws calls them by the same names in `snake_case`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, VariantArray)]
#[strum(serialize_all = "snake_case")]
#[allow(missing_docs, reason = "names of models")]
pub enum TrainingFamily {
    Llama,
    Qwen3,
    Gemma2,
    Gemma3,
    Phi3,
    Mixtral,
    Qwen3Moe,
    LlamaAttention,
    LlamaQueryValue,
    Qwen3Attention,
    MixtralAttention,
    Qwen3MoeAttention,
    Starcoder2,
    Deepseek,
    DeepseekAttention,
}

/// A family, and whether the laws were read off just such layers; else they stand in for the nearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kin {
    /// Which family.
    pub family: TrainingFamily,
    /// The laws were read off layers of this architecture.
    pub traced: bool,
}

/// What tensors and graph do not tell of a program that trains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "traits that combine freely")]
pub struct ProgramForm {
    /// How norms without a mean multiply their weights.
    pub norm: NormProduct,
    /// Norms on queries and keys, where a block of its own shape has them.
    pub head_norms: Option<layout::Norms>,
    /// Where the norms of a block of its own shape stand.
    pub placed: Option<BlockNorms>,
    /// How a router weighs experts.
    pub router: RouterProduct,
    /// Weights of the chosen experts add up to one.
    pub normed_router: bool,
    /// Scores and logits are capped.
    pub softcap: bool,
    /// What a part adds to the stream is scaled, and so are the logits.
    pub scales: bool,
    /// The matrices of an MLP have biases; queries, keys and values, and the output, do where a block of its own shape has
    /// them.
    pub mlp_bias: bool,
    pub qkv_bias: bool,
    pub output_bias: bool,
    /// Positions are turned in in 32 bits.
    pub turns_wide: bool,
    /// Matrices of experts have biases, gate and up are cut off at a limit (gpt-oss).
    pub clamped_experts: bool,
    /// What every token passes through beside its experts has a gate of one element.
    pub shared_gate: bool,
    /// One matrix makes all that goes into the delta rule, another both of its rates.
    pub joins_projections: bool,
    /// Gate and up of an MLP are one matrix, though a GGUF file has two.
    pub joins_mlp: bool,
    /// Tokens that a scan of a state space takes at a time (`chunk_size`).
    pub scan_chunk: Option<u64>,
}

impl ProgramForm {
    /// Llama's.
    pub const PLAIN: Self = Self {
        norm: NormProduct::Narrow,
        head_norms: None,
        placed: None,
        router: RouterProduct::Softmax,
        normed_router: true,
        softcap: false,
        scales: false,
        mlp_bias: false,
        qkv_bias: false,
        output_bias: false,
        turns_wide: false,
        clamped_experts: false,
        shared_gate: false,
        joins_projections: false,
        joins_mlp: false,
        scan_chunk: None,
    };
}

/// How a router weighs experts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouterProduct {
    /// A softmax in 32 bits, weights of the chosen experts in the type that runs (Qwen 3).
    Softmax,
    /// The same, weights in 32 bits (Mixtral).
    SoftmaxWide,
    /// All of it in 32 bits (`DeepSeek`).
    Wide,
    /// A sigmoid, all of it in the type that runs (LFM2).
    Sigmoid,
    /// A softmax over the chosen experts alone, behind a matrix with biases (gpt-oss).
    SoftmaxOfChosen,
}

/// How a norm multiplies its weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NormProduct {
    /// In the type that runs.
    Narrow,
    /// In 32 bits (`OLMo`).
    Wide,
    /// In 32 bits, weights counting from one (Gemma's first three).
    WidePlusOne,
    /// In 32 bits, behind a mean (Cohere).
    WideMean,
}

/// Which laws of training hold.
#[derive(Debug, Clone, Copy)]
pub struct TrainingForm {
    /// For models without experts.
    pub dense: Kin,
    /// For those with experts beside usual attention.
    pub mixture: Kin,
    /// Those of latent attention beside experts were read off this architecture.
    pub latent: bool,
    /// PEFT takes router and experts for linear layers, and leaves MLPs of the same names: `_MODEL_TO_CONVERSION_PATTERN` of
    /// Transformers 5.23 has them as Mixtral's or as Qwen 2's.
    pub adapts_experts: bool,
    /// How a step of its layers is replayed, where a program is written for them.
    pub program: Option<ProgramForm>,
}

impl TrainingForm {
    /// Llama's blocks and Mixtral's are the nearest to others.
    pub const PLAIN: Self = Self {
        dense: Kin { family: TrainingFamily::Llama, traced: false },
        mixture: Kin { family: TrainingFamily::Mixtral, traced: false },
        latent: false,
        adapts_experts: false,
        program: None,
    };

    /// Dense layers of this family.
    pub const fn dense(family: TrainingFamily, traced: bool) -> Self {
        Self { dense: Kin { family, traced }, ..Self::PLAIN }
    }

    /// The same with adapters of experts.
    pub const fn adapting_experts(self) -> Self {
        Self { adapts_experts: true, ..self }
    }

    /// The same with a program.
    pub const fn replayed(self, program: ProgramForm) -> Self {
        Self { program: Some(program), ..self }
    }

    /// Experts beside layers of this family.
    pub const fn mixture(family: TrainingFamily, traced: bool) -> Self {
        Self { mixture: Kin { family, traced }, ..Self::PLAIN }
    }
}
