//! Nemotron 4 and Minitron: layer norms with biases, an MLP without a gate.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["nemotron"], ..ConfigRules::PLAIN },
    layers: LayerForm { gated: false, ..LayerForm::PLAIN },
    tensors: TensorForm { biased_norms: true, output_norm_bias: true, ..TensorForm::PLAIN },
    graph: GraphForm { layer_norm: true, ..GraphForm::PLAIN },
    ..ArchTraits::PLAIN
};
