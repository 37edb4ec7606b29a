//! The GGUF architectures that the catalog covers.

use serde::{Deserialize, Serialize};

macro_rules! architectures {
    ($($variant:ident = $name:literal,)*) => {
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
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The architecture of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.name() == name)
            }
        }
    };
}

architectures! {
    CohereCommandR = "command-r",
    Cohere2 = "cohere2",
    Deci = "deci",
    Deepseek2 = "deepseek2",
    Deepseek32 = "deepseek32",
    Deepseek4 = "deepseek4",
    Ernie45Moe = "ernie4_5-moe",
    Exaone4 = "exaone4",
    Falcon = "falcon",
    Gemma = "gemma",
    Gemma2 = "gemma2",
    Gemma3 = "gemma3",
    Gemma3n = "gemma3n",
    Gemma4 = "gemma4",
    GlmDsa = "glm-dsa",
    Glm4Moe = "glm4moe",
    GptOss = "gpt-oss",
    Granite = "granite",
    GraniteHybrid = "granitehybrid",
    HunyuanMoe = "hunyuan-moe",
    Jamba = "jamba",
    KimiK3 = "kimi-k3",
    KimiLinear = "kimi-linear",
    Lfm2 = "lfm2",
    Lfm2Moe = "lfm2moe",
    Llama = "llama",
    Llama4 = "llama4",
    Mamba2 = "mamba2",
    Mimo2 = "mimo2",
    Minimax01 = "minimax-01",
    MinimaxM2 = "minimax-m2",
    MinimaxM3 = "minimax-m3",
    Mistral3 = "mistral3",
    Mistral4 = "mistral4",
    NemotronH = "nemotron_h",
    NemotronHMoe = "nemotron_h_moe",
    Olmo2 = "olmo2",
    Phi3 = "phi3",
    PhiMoe = "phimoe",
    Qwen2 = "qwen2",
    Qwen3 = "qwen3",
    Qwen3Moe = "qwen3moe",
    Qwen3Next = "qwen3next",
    Qwen35 = "qwen35",
    Qwen35Moe = "qwen35moe",
    SeedOss = "seed_oss",
    Smollm3 = "smollm3",
    Starcoder2 = "starcoder2",
    Step35 = "step35",
}

impl Architecture {
    /// Blocks are single: a mixer alone or a feed-forward part alone (Nemotron-H), not one after the other.
    #[must_use]
    pub const fn single_blocks(self) -> bool {
        matches!(self, Self::NemotronH | Self::NemotronHMoe)
    }

    /// The feed-forward part has a gate beside the up projection.
    #[must_use]
    pub const fn gated(self) -> bool {
        !matches!(self, Self::Falcon | Self::Starcoder2 | Self::NemotronH | Self::NemotronHMoe)
    }

    /// Up and gate projection are one matrix in the file.
    #[must_use]
    pub const fn fused_up(self) -> bool {
        matches!(self, Self::Phi3)
    }
}
