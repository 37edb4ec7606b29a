//! `SmolLM3`: every fourth layer is not turned by its position.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["smollm3"], ..ConfigRules::PLAIN },
    graph: GraphForm { rope: Rope::Skips(4), ..GraphForm::PLAIN },
    training: TrainingForm::PLAIN.replayed(ProgramForm::PLAIN),
    ..ArchTraits::PLAIN
};
