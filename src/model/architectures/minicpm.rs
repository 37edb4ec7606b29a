//! `MiniCPM`: Llama's block over scaled embeddings.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["minicpm"], tied_by_default: true, ..ConfigRules::PLAIN },
    graph: GraphForm { scales_embeddings: true, ..GraphForm::PLAIN },
    ..ArchTraits::PLAIN
};
