//! Phi-3.5-`MoE`: layer norms and attention with biases.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["phimoe"], ..ConfigRules::PLAIN },
    tensors: TensorForm {
        projections: Projections { qkv_bias: true, output_bias: true, ..Projections::PLAIN },
        biased_norms: true,
        output_norm_bias: true,
        output_bias: true,
        ..TensorForm::PLAIN
    },
    ..ArchTraits::PLAIN
};
