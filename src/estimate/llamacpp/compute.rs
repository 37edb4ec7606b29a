//! The compute buffers: what llama.cpp reserves on each device and on the host while a batch runs.

use super::cache::Cells;
use super::graph::build::{Frame, Latent, Rope, Router, Style};
use crate::catalog::layers::{Layer, Mixer, Span};
use crate::catalog::model::{Architecture, Model};
use crate::plan::{Logits, Workload};

/// What a graph is built for, from the model and the workload.
pub fn frame(model: &Model, layers: &[Layer], workload: &Workload, cells: Cells, devices: u8) -> Frame {
    let tokens = cells.batch_tokens();
    let cells = cells.for_layers(layers, workload.flash_attention);
    Frame {
        tokens,
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
        residual_first: model.architecture == A::Phi3,
        window_cache: layers.iter().any(windowed),
        router: router(model),
        rope: match model.architecture {
            A::Smollm3 | A::Llama4 => Rope::Skips(4),
            _ => Rope::All,
        },
        temperature: matches!(model.architecture, A::Llama4 | A::Mistral4),
        late_pick: matches!(model.architecture, A::GptOss | A::Step35),
    }
}

/// How the router of a mixture treats its scores: `norm_topk_prob`, `n_group` and `topk_group` of the models' configs.
fn router(model: &Model) -> Router {
    use Architecture as A;
    let corrected = model.experts.is_some_and(|experts| experts.e_score_correction_bias);
    let deepseek = matches!(model.architecture, A::Deepseek2 | A::Deepseek32);
    // DeepSeek V3, R1 and V3.2 choose among the experts of 4 out of 8 groups; Kimi K2 has one group.
    let grouped = deepseek && corrected && model.experts.is_some_and(|experts| experts.num_experts == 256);
    Router {
        // DeepSeek V2 takes the scores as they are.
        normed: !matches!(model.architecture, A::GptOss | A::Llama4) && (!deepseek || corrected),
        softmax_of_chosen: model.architecture == A::GptOss,
        weighs_inputs: model.architecture == A::Llama4,
        groups: if grouped { 8 } else { 1 },
        groups_used: if grouped { 4 } else { 1 },
        scaled: model.architecture == A::Step35,
        down_on_host: model.architecture == A::Mistral4,
    }
}
