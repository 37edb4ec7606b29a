//! The words of the headless face, which speaks English whatever the window speaks: scripts read it.

use std::borrow::Cow;

use crate::estimate::training::Moment;
use crate::estimate::{Verdict, Warning};

/// The verdict as a person reads it.
pub(super) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fits => "Fits",
        Verdict::Tight => "Tight",
        Verdict::Offload => "Runs with offload",
        Verdict::DoesNotFit => "Does not fit",
    }
}

/// A moment of a training step, after "most lies there".
pub(super) const fn moment(moment: Moment) -> &'static str {
    match moment {
        Moment::Forward => "in the forward pass",
        Moment::Loss => "while the loss is calculated",
        Moment::LossBackward => "in the backward pass of the loss",
        Moment::LastLayerBackward => "in the backward pass of the last layer",
        Moment::FirstLayerBackward => "in the backward pass of the first layer",
        Moment::EmbeddingBackward => "in the backward pass of the embedding",
        Moment::OptimizerStep => "at the optimizer's step",
    }
}

/// A warning as one sentence.
pub(super) fn warning(warning: &Warning) -> Cow<'static, str> {
    match warning {
        Warning::ContextAboveTrained { trained } => {
            format!("the context is above the {trained} tokens that the model was trained for").into()
        }
        Warning::LayoutUnknown => {
            "the model's tensors cannot be laid out from known facts, so parts of the answer are unknown".into()
        }
        Warning::TypicalShape => "the model is known only by its size: a typical shape is assumed".into(),
        Warning::FlashAttentionUnavailable => "flash attention is not available for this plan".into(),
        Warning::ImportanceMatrix => {
            "this type needs an importance matrix: the mix with one is used, as an estimate".into()
        }
        Warning::UsableEstimated => {
            "the memory that the card offers to programs follows a rule, not a measurement".into()
        }
        Warning::RamSpeedAssumed { gb_s } => format!(
            "part of the plan runs from RAM of unknown speed: {gb_s} GB/s are assumed, give ram_gb_s or platform"
        )
        .into(),
        Warning::ManyDevices { most } => {
            format!("llama.cpp runs at most {most} devices in one process: more need several").into()
        }
        Warning::ThinEvidence => {
            "what this engine or version takes is known from few logs: treat the answer as rough".into()
        }
        Warning::ExperimentalSplit => {
            "llama.cpp calls split_mode tensor experimental: each device is taken to need the whole compute buffer".into()
        }
        Warning::UnpackedFormat => {
            "the card has no arithmetic for this format: weights are unpacked to 16 bits while they are read".into()
        }
        Warning::Queued { most } => format!("the engine runs at most {most} sequences at once: the others wait").into(),
        Warning::NearestFamily => {
            "training's memory was not derived for this family of layers: the nearest stands in, treat activations as rough"
                .into()
        }
        Warning::DropoutLeftOut => {
            "dropout of adapters of experts is not estimated: peft has none for them, so it is left out".into()
        }
        Warning::SelectiveIdle => {
            "selective_checkpointing changes nothing here: attention keeps no scores, or every layer is rebuilt".into()
        }
        Warning::UnquantizedExperts => "nf4 leaves fused experts as they are: they stay unquantized".into(),
        Warning::ExpertAdapters => {
            "all-linear adapts the router and every expert, whose adapters are multiplied out: lora_targets attention takes far less".into()
        }
        Warning::CopiedHeads => {
            "more cards share a layer than there are key and value heads: each card holds copies of the KV cache".into()
        }
        Warning::IdleDevices => "tensor_parallel uses fewer cards than there are: the others hold nothing".into(),
        Warning::LittleBesidePool => {
            "the engine takes so much that context and graphs find little room: lower gpu_memory_utilization".into()
        }
    }
}
