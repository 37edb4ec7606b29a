//! Nemotron-H: blocks of Mamba-2, attention or an MLP alone.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules {
        model_types: &["nemotron_h"],
        with_experts: Some(false),
        recurrence: Some(RecurrenceKind::Mamba2),
        ..ConfigRules::PLAIN
    },
    layers: LAYERS,
    tensors: TENSORS,
    graph: GRAPH,
    server: ServerForm { tables: PositionTables::None, ..ServerForm::PLAIN },
    training: TrainingForm::PLAIN.replayed(ProgramForm {
        norm: NormProduct::Wide,
        scan_chunk: Some(128),
        ..ProgramForm::PLAIN
    }),
    tensor_split: false,
    rolls_back: true,
    ..ArchTraits::PLAIN
};

pub(super) const LAYERS: LayerForm = LayerForm { single_blocks: true, gated: false, ..LayerForm::PLAIN };
pub(super) const TENSORS: TensorForm = TensorForm { block, ..TensorForm::PLAIN };
pub(super) const GRAPH: GraphForm = GraphForm { rope: Rope::Never, pick: Pick::BehindNorm, ..GraphForm::PLAIN };

/// Mixer and feed-forward part share one norm: only one of them is there.
fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    state_space(b)?;
    latent_experts(b, LatentKinds { down: K::FfnLatentDown, up: K::FfnLatentUp, norm: None });
    Some(())
}
