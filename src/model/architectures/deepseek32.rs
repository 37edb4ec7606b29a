//! `DeepSeek` V3.2: latent attention with an indexer.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["deepseek_v32"], corrected: true, ..ConfigRules::PLAIN },
    tensors: TensorForm { block: mla::block, ..TensorForm::PLAIN },
    router: RouterForm { normed: Normed::IfCorrected, ..RouterForm::PLAIN },
    tensor_split: false,
    next_token: NextToken::Own,
    training: TrainingForm::PLAIN.adapting_experts(),
    ..ArchTraits::PLAIN
};
