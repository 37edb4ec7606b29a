//! Seed-OSS: biases on query, key and value; the second norm is named after the attention.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["seed_oss"], ..ConfigRules::PLAIN },
    tensors: TensorForm {
        norms: BlockNorms::BeforeAsPostAttention,
        projections: Projections { qkv_bias: true, ..Projections::PLAIN },
        ..TensorForm::PLAIN
    },
    training: TrainingForm::PLAIN.replayed(ProgramForm::PLAIN),
    ..ArchTraits::PLAIN
};
