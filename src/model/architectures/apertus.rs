//! Apertus: norms on query and key, an MLP without a gate.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["apertus"], ..ConfigRules::PLAIN },
    layers: LayerForm { gated: false, ..LayerForm::PLAIN },
    tensors: TensorForm { projections: Projections { norms: Norms::Head, ..Projections::PLAIN }, ..TensorForm::PLAIN },
    ..ArchTraits::PLAIN
};
