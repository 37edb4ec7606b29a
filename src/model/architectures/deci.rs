//! Nemotron Super and Ultra: every block was searched for itself, and its shape is not told.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["nemotron-nas"], ..ConfigRules::PLAIN },
    layers: LayerForm { told: false, ..LayerForm::PLAIN },
    tensors: TensorForm { block: |_| None, ..TensorForm::PLAIN },
    ..ArchTraits::PLAIN
};
