//! What an architecture implies where a file does not say it. Windows: `set_swa_pattern` in llama.cpp's `load_hparams`.

use crate::catalog::model::{Architecture, RecurrenceKind};

/// The last layer of each period of so many sees the whole context, the others a window; 0 where there are no windows.
pub(super) const fn window_period(architecture: Architecture) -> u64 {
    match architecture {
        Architecture::Gemma2 | Architecture::GptOss => 2,
        Architecture::Cohere2 | Architecture::Llama4 | Architecture::Exaone4 | Architecture::Olmo2 => 4,
        Architecture::Gemma3n => 5,
        Architecture::Gemma3 | Architecture::Gemma4 => 6,
        _ => 0,
    }
}

/// Whether a layer looks back a window only; a period of 1 or 0 has no windows.
pub(super) const fn windowed(layer: u64, period: u64) -> bool {
    period > 1 && !(layer + 1).is_multiple_of(period)
}

/// Tokens of a chunk where the file does not say.
pub(super) const fn default_window(architecture: Architecture) -> Option<u64> {
    match architecture {
        Architecture::Llama4 => Some(8192),
        _ => None,
    }
}

/// Which recurrence the recurrent layers run.
pub(super) const fn recurrence(architecture: Architecture) -> Option<RecurrenceKind> {
    Some(match architecture {
        Architecture::Qwen3Next | Architecture::Qwen35 | Architecture::Qwen35Moe => RecurrenceKind::DeltaNet,
        Architecture::KimiLinear => RecurrenceKind::KimiDelta,
        Architecture::Jamba => RecurrenceKind::Mamba,
        Architecture::Mamba2 | Architecture::GraniteHybrid | Architecture::NemotronH | Architecture::NemotronHMoe => {
            RecurrenceKind::Mamba2
        }
        Architecture::Lfm2 | Architecture::Lfm2Moe => RecurrenceKind::ShortConvolution,
        Architecture::Minimax01 => RecurrenceKind::Lightning,
        _ => return None,
    })
}

/// The architecture behind a `model_type` of Hugging Face.
pub(super) fn architecture(model_type: &str, has_experts: bool) -> Option<Architecture> {
    let model_type = model_type.strip_suffix("_text").unwrap_or(model_type);
    Some(match model_type {
        "llama" | "mistral" | "mixtral" => Architecture::Llama,
        "llama4" => Architecture::Llama4,
        "mistral3" | "ministral3" => Architecture::Mistral3,
        "mistral4" => Architecture::Mistral4,
        "qwen2" => Architecture::Qwen2,
        "qwen3" => Architecture::Qwen3,
        "qwen3_moe" => Architecture::Qwen3Moe,
        "qwen3_next" => Architecture::Qwen3Next,
        "qwen3_5" => Architecture::Qwen35,
        "qwen3_5_moe" => Architecture::Qwen35Moe,
        "gemma" => Architecture::Gemma,
        "gemma2" => Architecture::Gemma2,
        "gemma3" => Architecture::Gemma3,
        "gemma3n" => Architecture::Gemma3n,
        "gemma4" => Architecture::Gemma4,
        "phi3" => Architecture::Phi3,
        "phimoe" => Architecture::PhiMoe,
        "gpt_oss" => Architecture::GptOss,
        "deepseek_v2" | "deepseek_v3" | "kimi_k2" | "glm4_moe_lite" => Architecture::Deepseek2,
        "deepseek_v32" => Architecture::Deepseek32,
        "deepseek_v4" => Architecture::Deepseek4,
        "glm4_moe" => Architecture::Glm4Moe,
        "glm_moe_dsa" => Architecture::GlmDsa,
        "cohere" => Architecture::CohereCommandR,
        "cohere2" => Architecture::Cohere2,
        "falcon" => Architecture::Falcon,
        "granite" => Architecture::Granite,
        "granitemoehybrid" => Architecture::GraniteHybrid,
        "jamba" => Architecture::Jamba,
        "mamba2" => Architecture::Mamba2,
        "nemotron_h" if has_experts => Architecture::NemotronHMoe,
        "nemotron_h" => Architecture::NemotronH,
        "nemotron-nas" => Architecture::Deci,
        "olmo2" | "olmo3" => Architecture::Olmo2,
        "exaone4" => Architecture::Exaone4,
        "ernie4_5_moe" => Architecture::Ernie45Moe,
        "hunyuan_v1_moe" => Architecture::HunyuanMoe,
        "kimi_linear" => Architecture::KimiLinear,
        "lfm2" => Architecture::Lfm2,
        "lfm2_moe" => Architecture::Lfm2Moe,
        "minimax" | "minimax_m1" | "minimax_text_01" => Architecture::Minimax01,
        "minimax_m2" => Architecture::MinimaxM2,
        "mimo_v2_flash" => Architecture::Mimo2,
        "step3p5" => Architecture::Step35,
        "seed_oss" => Architecture::SeedOss,
        "smollm3" => Architecture::Smollm3,
        "starcoder2" => Architecture::Starcoder2,
        _ => return None,
    })
}

/// Whether the output matrix is the embedding where the configuration does not say (the class's default).
pub(super) const fn tied_by_default(architecture: Architecture) -> bool {
    matches!(
        architecture,
        Architecture::Gemma
            | Architecture::Gemma2
            | Architecture::Gemma3
            | Architecture::Gemma3n
            | Architecture::Gemma4
            | Architecture::CohereCommandR
            | Architecture::Cohere2
            | Architecture::Falcon
            | Architecture::Lfm2
            | Architecture::Lfm2Moe
            | Architecture::Starcoder2
            | Architecture::GraniteHybrid
    )
}
