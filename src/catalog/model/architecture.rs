//! The GGUF architectures that the catalog covers: the one list of them.
//!
//! A model of the catalog names its architecture. What that implies stands a floor higher, in `model::architectures`, a
//! file each, for it speaks of layers, tensors and graphs.

use serde::{Deserialize, Serialize};

/// Hands the list of architectures to another macro: variant, module of its traits, llama.cpp's name.
macro_rules! each_architecture {
    ($with:ident) => {
        $with! {
            Apertus = apertus "apertus",
            Arcee = arcee "arcee",
            BailingMoe = bailing_moe "bailingmoe",
            BailingMoe2 = bailing_moe2 "bailingmoe2",
            Bert = by_name "bert",
            Chatglm = by_name "chatglm",
            Cohere2 = cohere2 "cohere2",
            CohereCommandR = command_r "command-r",
            Deci = deci "deci",
            Deepseek = deepseek "deepseek",
            Deepseek2 = deepseek2 "deepseek2",
            Deepseek32 = deepseek32 "deepseek32",
            Deepseek4 = deepseek4 "deepseek4",
            Dots1 = dots1 "dots1",
            Ernie45 = ernie45 "ernie4_5",
            Ernie45Moe = ernie45_moe "ernie4_5-moe",
            Exaone = exaone "exaone",
            Exaone4 = exaone4 "exaone4",
            ExaoneMoe = exaone_moe "exaone-moe",
            Falcon = falcon "falcon",
            Gemma = gemma "gemma",
            Gemma2 = gemma2 "gemma2",
            Gemma3 = gemma3 "gemma3",
            Gemma3n = gemma3n "gemma3n",
            Gemma4 = gemma4 "gemma4",
            GemmaEmbedding = by_name "gemma-embedding",
            Glm4 = glm4 "glm4",
            Glm4Moe = glm4_moe "glm4moe",
            GlmDsa = glm_dsa "glm-dsa",
            GptOss = gpt_oss "gpt-oss",
            Granite = granite "granite",
            GraniteHybrid = granite_hybrid "granitehybrid",
            GraniteMoe = granite_moe "granitemoe",
            HunyuanDense = hunyuan_dense "hunyuan-dense",
            HunyuanMoe = hunyuan_moe "hunyuan-moe",
            Internlm2 = internlm2 "internlm2",
            Jamba = jamba "jamba",
            KimiK3 = kimi_k3 "kimi-k3",
            KimiLinear = kimi_linear "kimi-linear",
            Lfm2 = lfm2 "lfm2",
            Lfm2Moe = lfm2_moe "lfm2moe",
            Llama = llama "llama",
            Llama4 = llama4 "llama4",
            Mamba2 = mamba2 "mamba2",
            Mimo2 = mimo2 "mimo2",
            Minicpm = minicpm "minicpm",
            Minimax01 = minimax_01 "minimax-01",
            MinimaxM2 = minimax_m2 "minimax-m2",
            MinimaxM3 = minimax_m3 "minimax-m3",
            Mistral3 = mistral3 "mistral3",
            Mistral4 = mistral4 "mistral4",
            Mllama = by_name "mllama",
            Nemotron = nemotron "nemotron",
            NemotronH = nemotron_h "nemotron_h",
            NemotronHMoe = nemotron_h_moe "nemotron_h_moe",
            NomicBert = by_name "nomic-bert",
            Olmo2 = olmo2 "olmo2",
            Olmoe = olmoe "olmoe",
            Phi2 = by_name "phi2",
            Phi3 = phi3 "phi3",
            PhiMoe = phi_moe "phimoe",
            Qwen2 = qwen2 "qwen2",
            Qwen2Moe = qwen2_moe "qwen2moe",
            Qwen2Vl = qwen2_vl "qwen2vl",
            Qwen3 = qwen3 "qwen3",
            Qwen35 = qwen35 "qwen35",
            Qwen35Moe = qwen35_moe "qwen35moe",
            Qwen3Moe = qwen3_moe "qwen3moe",
            Qwen3Next = qwen3_next "qwen3next",
            Qwen3Vl = qwen3_vl "qwen3vl",
            Qwen3VlMoe = qwen3_vl_moe "qwen3vlmoe",
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
