//! Mistral Small 4: latent attention, queries scaled by their position.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["mistral4"], ..ConfigRules::PLAIN },
    tensors: TensorForm { block: mla::block, ..TensorForm::PLAIN },
    graph: GraphForm { temperature: Temperature::Always, ..GraphForm::PLAIN },
    router: RouterForm { down_on_host: true, ..RouterForm::PLAIN },
    tensor_split: false,
    ..ArchTraits::PLAIN
};
