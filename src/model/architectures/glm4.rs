//! GLM-4 of 9 and 32 billion: norms before and behind each part, gate and up in one matrix.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["glm4"], ..ConfigRules::PLAIN },
    layers: LayerForm { fused_up: true, ..LayerForm::PLAIN },
    tensors: TensorForm { norms: BlockNorms::Around, ..TensorForm::PLAIN },
    ..ArchTraits::PLAIN
};
