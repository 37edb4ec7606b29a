//! LFM2 with experts.

use super::lfm2;
use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules {
        model_types: &["lfm2_moe"],
        tied_by_default: true,
        recurrence: Some(RecurrenceKind::ShortConvolution),
        corrected: true,
        ..ConfigRules::PLAIN
    },
    tensors: lfm2::TENSORS,
    graph: lfm2::GRAPH,
    tensor_split: false,
    rolls_back: true,
    training: TrainingForm::PLAIN.replayed(ProgramForm {
        head_norms: Some(Norms::Head),
        router: RouterProduct::Sigmoid,
        ..ProgramForm::PLAIN
    }),
    ..ArchTraits::PLAIN
};
