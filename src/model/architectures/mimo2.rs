//! `MiMo` V2: sinks in the windows, experts whose choice is corrected.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["mimo_v2_flash"], corrected: true, ..ConfigRules::PLAIN },
    tensors: TensorForm { block, ..TensorForm::PLAIN },
    server: ServerForm { tables: PositionTables::ForEachKind, ..ServerForm::PLAIN },
    ..ArchTraits::PLAIN
};

fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    let attention = b.attention()?;
    b.norm(K::AttnNorm, false);
    projections(b, Projections::PLAIN)?;
    if attention.span != Span::Full {
        b.vector(K::AttnSinks, attention.heads);
    }
    b.norm(K::FfnNorm, false);
    feed_forward(b, MixtureExtras { choice_bias: true, ..MixtureExtras::PLAIN });
    Some(())
}
