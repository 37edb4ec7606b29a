//! `StarCoder2`: a bias on everything.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["starcoder2"], tied_by_default: true, ..ConfigRules::PLAIN },
    layers: LayerForm { gated: false, ..LayerForm::PLAIN },
    tensors: TensorForm {
        projections: Projections { qkv_bias: true, output_bias: true, ..Projections::PLAIN },
        biased_norms: true,
        output_norm_bias: true,
        block,
        ..TensorForm::PLAIN
    },
    graph: GraphForm { layer_norm: true, ..GraphForm::PLAIN },
    training: TrainingForm::dense(TrainingFamily::Starcoder2, true)
        .replayed(ProgramForm { mlp_bias: true, ..ProgramForm::PLAIN }),
    ..ArchTraits::PLAIN
};

fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    plain(b)?;
    b.bias(K::FfnUp, b.model.intermediate_size);
    b.bias(K::FfnDown, b.hidden());
    Some(())
}
