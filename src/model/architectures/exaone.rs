//! EXAONE 3: Llama's block.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits =
    ArchTraits { config: ConfigRules { model_types: &["exaone"], ..ConfigRules::PLAIN }, ..ArchTraits::PLAIN };
