//! The compute buffers: what llama.cpp reserves on each device and on the host while a batch runs.

use super::cache::Cells;
use super::graph::build::{Frame, Router, Style};
use crate::catalog::layers::{Layer, Mixer, Span};
use crate::catalog::model::{Architecture, Model};
use crate::plan::{Logits, Workload};

/// What a graph is built for, from the model and the workload.
pub fn frame(model: &Model, layers: &[Layer], workload: &Workload, cells: Cells, devices: u8) -> Frame {
    let tokens = cells.batch_tokens();
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
        window_cache: layers.iter().any(windowed),
        router: Router {
            normed: !matches!(model.architecture, A::GptOss | A::Llama4),
            softmax_of_chosen: model.architecture == A::GptOss,
            weighs_inputs: model.architecture == A::Llama4,
            ..Router::default()
        },
    }
}
