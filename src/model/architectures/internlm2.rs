//! `InternLM` 2: Llama's block.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits =
    ArchTraits { config: ConfigRules { model_types: &["internlm2"], ..ConfigRules::PLAIN }, ..ArchTraits::PLAIN };
