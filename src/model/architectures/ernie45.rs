//! ERNIE 4.5 without experts: Llama's block.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits =
    ArchTraits { config: ConfigRules { model_types: &["ernie4_5"], ..ConfigRules::PLAIN }, ..ArchTraits::PLAIN };
