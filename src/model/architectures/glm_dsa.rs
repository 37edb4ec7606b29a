//! GLM-5: latent attention with an indexer.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["glm_moe_dsa"], corrected: true, ..ConfigRules::PLAIN },
    tensors: TensorForm { block: mla::block, ..TensorForm::PLAIN },
    tensor_split: false,
    next_token: NextToken::Own,
    training: TrainingForm::PLAIN.adapting_experts(),
    ..ArchTraits::PLAIN
};
