//! Phi-3 and Phi-4: query, key and value in one matrix, gate and up in another.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["phi3"], ..ConfigRules::PLAIN },
    layers: LayerForm { fused_up: true, ..LayerForm::PLAIN },
    tensors: TensorForm { projections: Projections { fused: true, ..Projections::PLAIN }, ..TensorForm::PLAIN },
    graph: GraphForm { residual_first: true, ..GraphForm::PLAIN },
    training: TrainingForm::dense(TrainingFamily::Phi3, true).replayed(ProgramForm::PLAIN),
    ..ArchTraits::PLAIN
};
