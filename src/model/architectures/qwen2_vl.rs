//! Qwen 2 and 2.5 that see: positions over text, images and time.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["qwen2_vl", "qwen2_5_vl"], ..ConfigRules::PLAIN },
    tensors: TensorForm { projections: Projections { qkv_bias: true, ..Projections::PLAIN }, ..TensorForm::PLAIN },
    graph: GraphForm { positions: 4, ..GraphForm::PLAIN },
    training: TrainingForm::dense(TrainingFamily::Llama, false).replayed(ProgramForm::PLAIN),
    ..ArchTraits::PLAIN
};
