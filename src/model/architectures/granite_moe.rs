//! Granite 3 with experts, as wide as `intermediate_size` says.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules {
        model_types: &["granitemoe", "granitemoeshared"],
        plain_expert_width: true,
        ..ConfigRules::PLAIN
    },
    graph: GraphForm { scales_embeddings: true, ..GraphForm::PLAIN },
    ..ArchTraits::PLAIN
};
