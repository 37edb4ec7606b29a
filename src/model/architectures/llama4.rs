//! Llama 4: chunks of context, every fourth layer full and not turned by its position; inputs weighed before the experts.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    // Experts are as wide as the plain MLP, and so is the one that is shared.
    config: ConfigRules {
        model_types: &["llama4"],
        pattern: Pattern::FullEvery(4),
        default_window: Some(8192),
        plain_expert_width: true,
        ..ConfigRules::PLAIN
    },
    graph: GraphForm { rope: Rope::Skips(4), temperature: Temperature::Unturned, ..GraphForm::PLAIN },
    router: RouterForm { normed: Normed::Never, weighs_inputs: true, ..RouterForm::PLAIN },
    ..ArchTraits::PLAIN
};
