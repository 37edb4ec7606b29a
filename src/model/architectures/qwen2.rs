//! Qwen 2 and 2.5: biases on query, key and value.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["qwen2"], ..ConfigRules::PLAIN },
    tensors: TensorForm { projections: Projections { qkv_bias: true, ..Projections::PLAIN }, ..TensorForm::PLAIN },
    training: TrainingForm::dense(TrainingFamily::Llama, true).replayed(ProgramForm::PLAIN),
    ..ArchTraits::PLAIN
};
