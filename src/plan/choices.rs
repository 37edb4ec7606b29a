//! The choices a plan is made of, each a closed list.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize};
use strum::{IntoStaticStr, VariantArray, VariantNames};

use crate::catalog::Catalog;
pub use crate::catalog::boxes::BoxLink;
use crate::catalog::model::Model;
use crate::catalog::quantization::{Quantization, QuantizationKind};
pub use crate::catalog::runtime::{Backend, OperatingSystem};
use crate::text::foreign;

/// Which model runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ModelChoice {
    /// A catalog entry by its id.
    Catalog(String),
    /// A model known only by its size, in parameters: a typical shape is assumed, and said to be so.
    Size(u64),
    /// A model read from a file, kept whole so that a shared plan needs no second file.
    File {
        /// Where it was read from.
        path: PathBuf,
        /// What was read.
        #[serde(with = "shared")]
        model: Arc<Model>,
    },
}

impl ModelChoice {
    /// What is known of it: the entry of the catalog or what a file says; `None` for a bare size and an unknown id.
    pub fn known<'a>(&'a self, catalog: &'a Catalog) -> Option<&'a Model> {
        match self {
            Self::Catalog(id) => catalog.model(id),
            Self::Size(_) => None,
            Self::File { model, .. } => Some(model),
        }
    }
}

/// Which card: a catalog entry, or one that was detected and is not in the catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CardChoice {
    /// A catalog entry by its id.
    Catalog(String),
    /// A detected card unknown to the catalog: its measured memory, everything else "no data".
    Detected {
        /// As the driver names it.
        #[serde(deserialize_with = "shown")]
        name: String,
        /// As the driver reports it, in bytes.
        memory_bytes: u64,
    },
}

/// A name that someone else may have written, as it can be shown.
fn shown<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    String::deserialize(deserializer).map(|name| foreign(&name).into_owned())
}

/// A shared model is written as one of its own.
mod shared {
    use super::{Arc, Deserialize, Deserializer, Model, Serialize};

    pub(super) fn serialize<S: serde::Serializer>(model: &Arc<Model>, serializer: S) -> Result<S::Ok, S::Error> {
        model.as_ref().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<Model>, D::Error> {
        Model::deserialize(deserializer).map(Arc::new)
    }
}

/// What is done with the model.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray, VariantNames,
)]
#[strum(serialize_all = "lowercase")]
pub enum Task {
    /// Inference.
    #[default]
    Serve,
    /// Training of all weights.
    Full,
    /// Training of adapters beside 16-bit weights.
    Lora,
    /// Training of adapters beside weights in 4 bits (nf4).
    Qlora,
}

impl Task {
    /// Whether something is trained: the runtime and its options mean nothing then.
    pub const fn trains(self) -> bool {
        !matches!(self, Self::Serve)
    }
}

/// The engine that runs the model.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray, VariantNames,
)]
#[strum(serialize_all = "lowercase")]
pub enum Runtime {
    /// llama.cpp (llama-server), and what is built on it.
    #[default]
    #[strum(serialize = "llama.cpp")]
    LlamaCpp,
    /// `vLLM`.
    Vllm,
    /// `SGLang`.
    Sglang,
    /// Text Generation Inference.
    Tgi,
    /// `TensorRT-LLM`.
    #[strum(serialize = "tensorrt-llm")]
    TensorRtLlm,
    /// Hugging Face Transformers.
    Transformers,
}

impl Runtime {
    /// Every one.
    pub const ALL: &[Self] = <Self as VariantArray>::VARIANTS;

    /// The precisions of a slider for this engine, most bits first.
    pub const fn precisions(self) -> &'static [Quantization] {
        match self {
            Self::LlamaCpp => &Quantization::SLIDER,
            _ => &Quantization::SERVER_SLIDER,
        }
    }

    /// Who reads the files that this engine reads.
    pub const fn reads(self) -> QuantizationKind {
        match self {
            Self::LlamaCpp => QuantizationKind::Gguf,
            _ => QuantizationKind::Server,
        }
    }
}

/// How many layers lie on the GPU, counting the output layer as the last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum GpuLayers {
    /// All of them, whether they fit or not.
    All,
    /// All where they fit, else as many as the engine's own placement leaves there.
    #[default]
    Auto,
    /// So many, whether they fit or not.
    Count(u32),
}

/// The experts of how many layers stay in RAM, counted from the first. Written as its number, or as nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Option<u32>", into = "Option<u32>")]
pub enum CpuExperts {
    /// As few as must be, where the layers are placed automatically, too; beside layers given by hand, none.
    #[default]
    Auto,
    /// Of so many, whether they would fit or not.
    Count(u32),
}

impl From<Option<u32>> for CpuExperts {
    fn from(layers: Option<u32>) -> Self {
        layers.map_or(Self::Auto, Self::Count)
    }
}

impl From<CpuExperts> for Option<u32> {
    fn from(experts: CpuExperts) -> Self {
        match experts {
            CpuExperts::Auto => None,
            CpuExperts::Count(layers) => Some(layers),
        }
    }
}

/// For how many tokens of a batch the engine reserves logits.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray, VariantNames,
)]
#[strum(serialize_all = "lowercase")]
pub enum Logits {
    /// One row a sequence, as llama-server does.
    #[default]
    Last,
    /// The whole batch, as perplexity runs do.
    All,
}

/// How several cards share one model.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray, VariantNames,
)]
#[strum(serialize_all = "lowercase")]
pub enum SplitMode {
    /// Whole layers on each card.
    #[default]
    Layer,
    /// Every layer cut across the cards.
    Tensor,
    /// The whole model on one card.
    None,
}

/// Where the part of a model that sees lies.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray, VariantNames,
)]
#[strum(serialize_all = "lowercase")]
pub enum VisionPlace {
    /// On the first card.
    Gpu,
    /// In RAM, and it runs there.
    Cpu,
    /// It is not loaded: text alone is served.
    Off,
}
