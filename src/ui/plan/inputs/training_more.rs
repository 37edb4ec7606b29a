//! What most training runs leave as it is: loss, parallel sizes, offload, the data.

use eframe::egui::Ui;

use super::super::PlanInputs;
use super::input_row;
use super::training::refused;
use crate::estimate::Refusal;
use crate::estimate::Shared;
use crate::plan::inputs::{InputGroup, InputValue};
use crate::plan::{Input, Plan};

/// Whether a refusal is about something that stands here.
pub(super) const fn is_here(refusal: Refusal) -> bool {
    stands_at(refusal).is_some()
}

/// Inputs of training that stand elsewhere.
const PLACED: [Input; 10] = [
    Input::SequenceLength,
    Input::MicroBatch,
    Input::GradientAccumulation,
    Input::Optimizer,
    Input::Precision,
    Input::Checkpointing,
    Input::Attention,
    Input::LoraRank,
    Input::LoraTargets,
    Input::ZeroStage,
];
/// Inputs of training that stand here, above the rest.
const HERE: [Input; 20] = [
    Input::Loss,
    Input::BaseQuant,
    Input::QuantizedExperts,
    Input::DoubleQuantization,
    Input::GaloreRank,
    Input::SelectiveCheckpointing,
    Input::ExpandableSegments,
    Input::Dropout,
    Input::PaddingMask,
    Input::Sharding,
    Input::ReentrantCheckpointing,
    Input::PipelineParallel,
    Input::DataParallel,
    Input::SequenceParallel,
    Input::Offload,
    Input::OffloadCheckpoints,
    Input::DatasetTokens,
    Input::Epochs,
    Input::DatasetInRam,
    Input::LoaderWorkers,
];

pub(super) fn show(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    for input in HERE {
        if input == Input::PipelineParallel {
            tensor_parallel(ui, plan, inputs);
        }
        input_row::show(ui, plan, input, inputs);
        refused(ui, inputs, |refusal| stands_at(refusal) == Some(input));
    }
    input_row::rest(ui, plan, InputGroup::Training, &[&PLACED[..], &HERE[..]].concat(), inputs);
}

/// Where none is given, training cuts no layer.
fn tensor_parallel(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let value = InputValue::Whole(plan.workload.tensor_parallel.unwrap_or(1).into());
    let chosen = input_row::row(ui, Input::TensorParallel, value, inputs.locale);
    input_row::take(plan, Input::TensorParallel, chosen);
    refused(ui, inputs, |refusal| stands_at(refusal) == Some(Input::TensorParallel));
}

/// The input that a refusal is about.
const fn stands_at(refusal: Refusal) -> Option<Input> {
    match refusal {
        Refusal::Indivisible(it) => match it.shared {
            Shared::Heads | Shared::Width => Some(Input::TensorParallel),
            Shared::Layers | Shared::Devices => Some(Input::PipelineParallel),
        },
        Refusal::TooManyParts { .. } => Some(Input::DataParallel),
        Refusal::OffloadStage => Some(Input::Offload),
        _ => None,
    }
}
