//! `DeepSeek` V2 to V3.1, Kimi K2 and GLM-4.7 Flash: multi-head latent attention.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules {
        model_types: &["deepseek_v2", "deepseek_v3", "kimi_k2", "glm4_moe_lite"],
        ..ConfigRules::PLAIN
    },
    tensors: TensorForm { block: mla::block, ..TensorForm::PLAIN },
    router: RouterForm { normed: Normed::IfCorrected, ..RouterForm::PLAIN },
    training: TrainingForm { latent: true, ..TrainingForm::PLAIN }.adapting_experts().replayed(ProgramForm {
        router: RouterProduct::Wide,
        normed_router: false,
        ..ProgramForm::PLAIN
    }),
    tensor_split: false,
    ..ArchTraits::PLAIN
};
