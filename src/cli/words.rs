//! The words of the headless face, which speaks English whatever the window speaks: scripts read it.

use std::borrow::Cow;

use crate::estimate::training::TrainingPhase;
use crate::estimate::{Reader, Verdict, Warning};
use crate::text::Locale;

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
pub(super) const fn moment(moment: TrainingPhase) -> &'static str {
    match moment {
        TrainingPhase::Forward => "in the forward pass",
        TrainingPhase::Loss => "while the loss is calculated",
        TrainingPhase::LossBackward => "in the backward pass of the loss",
        TrainingPhase::LastLayerBackward => "in the backward pass of the last layer",
        TrainingPhase::FirstLayerBackward => "in the backward pass of the first layer",
        TrainingPhase::EmbeddingBackward => "in the backward pass of the embedding",
        TrainingPhase::OptimizerStep => "at the optimizer's step",
    }
}

/// A warning as one sentence.
pub(super) fn warning(warning: &Warning) -> Cow<'static, str> {
    warning.say(Locale::En, Reader::Script)
}
