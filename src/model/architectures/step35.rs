//! Step 3.5: a gate for each head, experts whose choice is corrected.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["step3p5"], ..ConfigRules::PLAIN },
    tensors: TensorForm { block, ..TensorForm::PLAIN },
    graph: GraphForm { pick: Pick::BehindResult, ..GraphForm::PLAIN },
    router: RouterForm { scaled: true, ..RouterForm::PLAIN },
    training: TrainingForm::mixture(TrainingFamily::Qwen3Moe, false),
    ..ArchTraits::PLAIN
};

fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    let heads = b.attention()?.heads;
    b.norm(K::AttnNorm, false);
    projections(b, Projections { norms: Norms::Head, ..Projections::PLAIN })?;
    b.matrix(K::AttnGate, b.hidden(), heads);
    b.norm(K::FfnNorm, false);
    feed_forward(b, MixtureExtras { choice_bias: true, ..MixtureExtras::PLAIN });
    Some(())
}
