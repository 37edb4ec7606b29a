//! Mistral 3 and Ministral 3: Llama's block; Ministral scales queries by their position.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["mistral3", "ministral3"], ..ConfigRules::PLAIN },
    graph: GraphForm { temperature: Temperature::AsSaid, ..GraphForm::PLAIN },
    training: TrainingForm::dense(TrainingFamily::Llama, true),
    ..ArchTraits::PLAIN
};
