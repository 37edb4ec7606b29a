//! Nemotron Super and Ultra: every block was searched for itself; some have no attention, and MLPs are of many widths.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["nemotron-nas"], ..ConfigRules::PLAIN },
    tensors: TensorForm { block, ..TensorForm::PLAIN },
    ..ArchTraits::PLAIN
};

fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    if b.attention().is_some() {
        b.norm(K::AttnNorm, false);
        projections(b, Projections::PLAIN)?;
    }
    b.norm(K::FfnNorm, false);
    feed_forward(b, MixtureExtras::PLAIN);
    Some(())
}
