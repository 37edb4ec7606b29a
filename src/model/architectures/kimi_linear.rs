//! Kimi Linear: Kimi delta attention, every fourth layer latent attention that turns nothing by its position.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules {
        model_types: &["kimi_linear"],
        recurrence: Some(RecurrenceKind::KimiDelta),
        corrected: true,
        ..ConfigRules::PLAIN
    },
    tensors: TensorForm { block, ..TensorForm::PLAIN },
    graph: GraphForm { rope: Rope::Never, ..GraphForm::PLAIN },
    router: RouterForm { scaled: true, ..RouterForm::PLAIN },
    server: ServerForm { tables: PositionTables::None, ..ServerForm::PLAIN },
    tensor_split: false,
    ..ArchTraits::PLAIN
};

fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    b.norm(K::AttnNorm, false);
    if b.attention().is_some() {
        mla::projections(b)?;
    } else {
        kimi_delta(b, |b, Recurrent { inner_width, heads, head_dim, .. }| {
            b.matrix(K::SsmA, 1, heads);
            b.matrix(K::SsmGA, b.hidden(), head_dim);
            b.matrix(K::SsmGB, head_dim, inner_width);
        })?;
    }
    b.norm(K::FfnNorm, false);
    latent_experts(b, LatentKinds { down: K::FfnRoutedDown, up: K::FfnRoutedUp, norm: None });
    Some(())
}
