//! `DeepSeek` V4: compressed caches of several rates, whose layers are not told.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["deepseek_v4"], ..ConfigRules::PLAIN },
    layers: LayerForm { told: false, ..LayerForm::PLAIN },
    tensors: TensorForm { block: |_| None, ..TensorForm::PLAIN },
    tensor_split: false,
    ..ArchTraits::PLAIN
};
