//! Command R: attention and MLP in parallel behind one norm.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["cohere"], tied_by_default: true, ..ConfigRules::PLAIN },
    tensors: TensorForm { norms: BlockNorms::One, block, ..TensorForm::PLAIN },
    graph: GraphForm { layer_norm: true, residual: Residual::Parallel, ..GraphForm::PLAIN },
    training: TrainingForm::PLAIN.replayed(ProgramForm {
        norm: NormProduct::WideMean,
        turns_wide: true,
        ..ProgramForm::PLAIN
    }),
    ..ArchTraits::PLAIN
};

/// The loader wants norms on query and key from 64 layers on.
fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    let norms = if b.model.num_hidden_layers >= 64 { Norms::EveryHead } else { Norms::None };
    plain_with(b, Projections { norms, ..Projections::PLAIN })
}
