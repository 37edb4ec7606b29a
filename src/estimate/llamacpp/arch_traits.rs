//! What an architecture's tensors do not tell of its graph.

use super::cache::Cells;
use super::graph::builder::{Frame, Latent, PerLayer, Pick, Rope, Router, Style};
use crate::catalog::model::{Architecture, Model};
use crate::model::layers::{Layer, Mixer, Span};
use crate::plan::{Logits, Workload};

/// What a graph is built for, from the model and the workload.
pub(super) fn frame(model: &Model, layers: &[Layer], workload: &Workload, cells: Cells, devices: u8) -> Frame {
    let tokens = cells.batch_tokens();
    let cells = cells.for_layers(layers, workload.flash_attention);
    Frame {
        // Every sequence has the same number of tokens in the batch that is reserved for.
        tokens: tokens.next_multiple_of(cells.sequences.max(1)),
        outputs: match workload.logits {
            Logits::All => tokens,
            Logits::Last => tokens.min(cells.sequences),
        },
        hidden: model.hidden_size,
        vocabulary: model.vocab_size,
        flash: workload.flash_attention,
        cells,
        rotation: (model.head_dim, model.v_head_dim.unwrap_or(model.head_dim)),
        latent: Latent {
            query_rank: model.mla.and_then(|mla| mla.q_lora_rank).unwrap_or(0),
            indexer: model.indexer.filter(|_| model.mla.is_some()),
        },
        per_layer: PerLayer { width: model.hidden_size_per_layer_input, layers: model.num_hidden_layers },
        positions: if matches!(model.architecture, Architecture::Qwen35 | Architecture::Qwen35Moe) { 4 } else { 1 },
        style: style(model, layers),
        cpu: devices,
    }
}

/// Traits of the architecture that its tensors do not tell.
fn style(model: &Model, layers: &[Layer]) -> Style {
    use Architecture as A;
    let windowed =
        |layer: &Layer| matches!(layer.mixer, Mixer::Attention(attention) if matches!(attention.span, Span::Window(_)));
    Style {
        layer_norm: matches!(model.architecture, A::CohereCommandR | A::Cohere2 | A::Falcon | A::Starcoder2),
        parallel_residual: matches!(model.architecture, A::CohereCommandR | A::Cohere2 | A::Falcon),
        residual_last: model.architecture == A::Falcon,
        residual_first: matches!(model.architecture, A::Phi3 | A::Jamba | A::Lfm2 | A::Lfm2Moe),
        window_cache: layers.iter().any(windowed),
        router: router(model),
        rope: match model.architecture {
            A::Smollm3 | A::Llama4 => Rope::Skips(4),
            A::GraniteHybrid | A::Jamba | A::KimiK3 | A::KimiLinear | A::NemotronH | A::NemotronHMoe => Rope::Never,
            _ => Rope::All,
        },
        temperature: matches!(model.architecture, A::Llama4 | A::Mistral4),
        pick: match model.architecture {
            A::Gemma3n => Pick::BehindLayers,
            A::GptOss | A::Step35 => Pick::BehindResult,
            A::Gemma4 | A::Qwen3Next | A::Qwen35 | A::Qwen35Moe | A::NemotronH | A::NemotronHMoe => Pick::BehindNorm,
            _ => Pick::WithinLayer,
        },
        residual_first_at_mixer: matches!(model.architecture, A::Jamba | A::Lfm2 | A::Lfm2Moe),
        residual_normed: model.architecture == A::Minimax01,
        scales_embeddings: matches!(
            model.architecture,
            A::Granite | A::GraniteHybrid | A::Gemma | A::Gemma2 | A::Gemma3 | A::Gemma3n | A::Gemma4
        ),
        norms_values: matches!(model.architecture, A::Gemma3n | A::Gemma4),
        gated_attention: matches!(model.architecture, A::Qwen3Next | A::Qwen35 | A::Qwen35Moe),
    }
}

/// How the router of a mixture treats its scores: `norm_topk_prob`, `n_group` and `topk_group` of the models' configs.
pub(super) fn router(model: &Model) -> Router {
    use Architecture as A;
    let corrected = model.experts.is_some_and(|experts| experts.e_score_correction_bias);
    let deepseek = matches!(model.architecture, A::Deepseek2 | A::Deepseek32);
    // DeepSeek V3, R1 and V3.2 choose among the experts of 4 out of 8 groups; Kimi K2 has one group.
    let grouped = deepseek && corrected && model.experts.is_some_and(|experts| experts.num_experts == 256);
    Router {
        // DeepSeek V2 takes the scores as they are.
        normed: !matches!(model.architecture, A::GptOss | A::Llama4 | A::Jamba) && (!deepseek || corrected),
        softmax_of_chosen: model.architecture == A::GptOss,
        weighs_inputs: model.architecture == A::Llama4,
        latent: model.experts.map_or(0, |experts| experts.moe_latent_size),
        groups: if grouped { 8 } else { 1 },
        groups_used: if grouped { 4 } else { 1 },
        scaled: matches!(model.architecture, A::Step35 | A::NemotronHMoe | A::KimiLinear),
        down_on_host: model.architecture == A::Mistral4,
    }
}
