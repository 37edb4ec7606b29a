//! The first `DeepSeek` with experts: shared ones beside those that are chosen.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["deepseek"], ..ConfigRules::PLAIN },
    router: RouterForm { normed: Normed::Never, ..RouterForm::PLAIN },
    ..ArchTraits::PLAIN
};
