//! Ling and Ring of the first generation: shared experts beside those that are chosen.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits =
    ArchTraits { config: ConfigRules { model_types: &["bailing_moe"], ..ConfigRules::PLAIN }, ..ArchTraits::PLAIN };
