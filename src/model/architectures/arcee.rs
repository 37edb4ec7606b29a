//! AFM: an MLP without a gate.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["arcee"], ..ConfigRules::PLAIN },
    layers: LayerForm { gated: false, ..LayerForm::PLAIN },
    ..ArchTraits::PLAIN
};
