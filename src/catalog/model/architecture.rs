//! The GGUF architectures that the catalog covers: the one list of them.
//!
//! A model of the catalog names its architecture. What that implies stands a floor higher, in `model::architectures`, a
//! file each, for it speaks of layers, tensors and graphs.

use serde::{Deserialize, Serialize};

/// Hands the list of architectures to another macro: variant, module of its traits, llama.cpp's name.
macro_rules! each_architecture {
    ($with:ident) => {
        $with! {
            Bert = by_name "bert",
            Chatglm = by_name "chatglm",
            CohereCommandR = command_r "command-r",
            Cohere2 = cohere2 "cohere2",
            Deci = deci "deci",
            Deepseek2 = deepseek2 "deepseek2",
            Deepseek32 = deepseek32 "deepseek32",
            Deepseek4 = deepseek4 "deepseek4",
            Ernie45Moe = ernie45_moe "ernie4_5-moe",
            Exaone4 = exaone4 "exaone4",
            Falcon = falcon "falcon",
            Gemma = gemma "gemma",
            Gemma2 = gemma2 "gemma2",
            Gemma3 = gemma3 "gemma3",
            Gemma3n = gemma3n "gemma3n",
            Gemma4 = gemma4 "gemma4",
            GemmaEmbedding = by_name "gemma-embedding",
            GlmDsa = glm_dsa "glm-dsa",
            Glm4Moe = glm4_moe "glm4moe",
            GptOss = gpt_oss "gpt-oss",
            Granite = granite "granite",
            GraniteHybrid = granite_hybrid "granitehybrid",
            HunyuanMoe = hunyuan_moe "hunyuan-moe",
            Jamba = jamba "jamba",
            KimiK3 = kimi_k3 "kimi-k3",
            KimiLinear = kimi_linear "kimi-linear",
            Lfm2 = lfm2 "lfm2",
            Lfm2Moe = lfm2_moe "lfm2moe",
            Llama = llama "llama",
            Llama4 = llama4 "llama4",
            Mamba2 = mamba2 "mamba2",
            Mllama = by_name "mllama",
            Mimo2 = mimo2 "mimo2",
            Minimax01 = minimax_01 "minimax-01",
            MinimaxM2 = minimax_m2 "minimax-m2",
            MinimaxM3 = minimax_m3 "minimax-m3",
            Mistral3 = mistral3 "mistral3",
            Mistral4 = mistral4 "mistral4",
            NomicBert = by_name "nomic-bert",
            NemotronH = nemotron_h "nemotron_h",
            NemotronHMoe = nemotron_h_moe "nemotron_h_moe",
            Olmo2 = olmo2 "olmo2",
            Phi2 = by_name "phi2",
            Phi3 = phi3 "phi3",
            PhiMoe = phi_moe "phimoe",
            Qwen2 = qwen2 "qwen2",
            Qwen3 = qwen3 "qwen3",
            Qwen3Moe = qwen3_moe "qwen3moe",
            Qwen3Next = qwen3_next "qwen3next",
            Qwen35 = qwen35 "qwen35",
            Qwen35Moe = qwen35_moe "qwen35moe",
            SeedOss = seed_oss "seed_oss",
            Smollm3 = smollm3 "smollm3",
            Starcoder = by_name "starcoder",
            Starcoder2 = starcoder2 "starcoder2",
            Step35 = step35 "step35",
        }
    };
}
pub(crate) use each_architecture;

macro_rules! architectures {
    ($($variant:ident = $module:ident $name:literal,)*) => {
        /// A GGUF architecture, by the name that `general.architecture` holds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[allow(missing_docs, reason = "llama.cpp's own names")]
        pub enum Architecture {
            $(#[serde(rename = $name)] $variant,)*
        }

        impl Architecture {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// llama.cpp's name, e.g. `qwen3moe`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The architecture of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.name() == name)
            }
        }
    };
}

each_architecture!(architectures);
