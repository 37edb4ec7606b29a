//! Llama 1 to 3, Mistral and Mixtral: norm, attention, norm, MLP or experts.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["llama", "mistral", "mixtral"], ..ConfigRules::PLAIN },
    ..ArchTraits::PLAIN
};
