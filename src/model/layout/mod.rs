//! Which weight tensors a GGUF file of a model holds, by architecture.
//!
//! Shapes are those that llama.cpp's loader demands and its converter writes (llama.cpp 0.5.0-dev, commit 0c1e57098:
//! `src/models/*.cpp`, `conversion/*.py`). Layers that predict further tokens (MTP, `NextN`) are left out: the loader skips
//! them unless told otherwise. Vision towers are files of their own.

mod attention;
mod builder;
mod dense;
mod feed_forward;
pub mod file;
mod gemma;
mod mixture;
mod mla;
mod recurrent;

use builder::Builder;

use super::tensor::Tensor;
use crate::catalog::model::{Architecture, Model};

/// Every weight tensor, layer by layer, or `None` where the known facts do not tell the layout.
#[must_use]
pub fn tensors(model: &Model) -> Option<Vec<Tensor>> {
    let layers = model.layers()?;
    let mut b = Builder::new(model);
    b.input();
    global(&mut b);
    for (index, layer) in layers.into_iter().enumerate() {
        b.enter(u32::try_from(index).ok()?, layer);
        block(&mut b)?;
    }
    Some(b.finish())
}

/// All parameters of the file, as the engine counts them: norms, biases and position factors included.
#[must_use]
pub fn parameters(model: &Model) -> Option<u64> {
    Some(tensors(model)?.iter().map(Tensor::elements).sum())
}

/// Tensors outside the layers that only some architectures have.
fn global(b: &mut Builder<'_>) {
    match b.architecture() {
        Architecture::Gemma3n => gemma::altup_global(b),
        Architecture::Gemma4 => gemma::per_layer_global(b),
        Architecture::KimiK3 => recurrent::kimi_k3_global(b),
        _ => {}
    }
}

/// One layer.
fn block(b: &mut Builder<'_>) -> Option<()> {
    use Architecture as A;
    match b.architecture() {
        A::Llama | A::Mistral3 | A::Granite | A::Smollm3 | A::Gemma | A::Qwen2 | A::Qwen3 => dense::plain(b),
        A::Qwen3Moe | A::HunyuanMoe | A::Llama4 | A::Ernie45Moe | A::Mimo2 | A::Step35 => mixture::plain(b),
        A::SeedOss => dense::seed_oss(b),
        A::Phi3 => dense::phi3(b),
        A::CohereCommandR | A::Cohere2 => dense::cohere(b),
        A::Falcon => dense::falcon(b),
        A::Starcoder2 => dense::starcoder2(b),
        A::Olmo2 => dense::olmo2(b),
        A::Exaone4 => dense::exaone4(b),
        A::Gemma2 | A::Gemma3 => gemma::gemma2(b),
        A::Gemma3n => gemma::gemma3n(b),
        A::Gemma4 => gemma::gemma4(b),
        A::PhiMoe => mixture::phi_moe(b),
        A::GptOss => mixture::gpt_oss(b),
        A::Glm4Moe => mixture::glm4(b),
        A::MinimaxM2 | A::MinimaxM3 => mixture::minimax(b),
        A::Deepseek2 | A::Deepseek32 | A::GlmDsa | A::Mistral4 => mla::block(b),
        A::Qwen3Next | A::Qwen35 | A::Qwen35Moe => recurrent::qwen(b),
        A::KimiLinear | A::KimiK3 => recurrent::kimi(b),
        A::Minimax01 => recurrent::minimax_01(b),
        A::GraniteHybrid | A::NemotronH | A::NemotronHMoe | A::Mamba2 | A::Jamba => recurrent::state_space(b),
        A::Lfm2 | A::Lfm2Moe => recurrent::lfm2(b),
        A::Deci | A::Deepseek4 => None,
    }
}
