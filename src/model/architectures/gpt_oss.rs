//! gpt-oss: sinks in every layer, biases on all but the norms.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["gpt_oss"], pattern: Pattern::FullEvery(2), ..ConfigRules::PLAIN },
    tensors: TensorForm { block, ..TensorForm::PLAIN },
    graph: GraphForm { pick: Pick::BehindResult, ..GraphForm::PLAIN },
    router: RouterForm { normed: Normed::Never, softmax_of_chosen: true, ..RouterForm::PLAIN },
    training: TrainingForm::PLAIN.replayed(ProgramForm {
        router: RouterProduct::SoftmaxOfChosen,
        normed_router: false,
        clamped_experts: true,
        qkv_bias: true,
        output_bias: true,
        ..ProgramForm::PLAIN
    }),
    ..ArchTraits::PLAIN
};

fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    let heads = b.attention()?.heads;
    b.norm(K::AttnNorm, false);
    projections(b, Projections { qkv_bias: true, output_bias: true, ..Projections::PLAIN })?;
    b.vector(K::AttnSinks, heads);
    b.norm(K::PostAttentionNorm, false);
    feed_forward(b, MixtureExtras { biases: true, ..MixtureExtras::PLAIN });
    Some(())
}
