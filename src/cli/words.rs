//! Which words of the locales stand for what an answer holds.

use std::borrow::Cow;

use crate::estimate::training::TrainingPhase;
use crate::estimate::{Reader, Verdict, Warning};
use crate::text::{Key, Locale, Placeholder};

/// The verdict as a person reads it.
pub(super) fn verdict(verdict: Verdict, locale: Locale) -> &'static str {
    locale.word(match verdict {
        Verdict::Fits => Key::Fits,
        Verdict::Tight => Key::Tight,
        Verdict::Offload => Key::Offload,
        Verdict::DoesNotFit => Key::DoesNotFit,
    })
}

/// That most lies there at this moment of a training step.
pub(super) fn peak(moment: TrainingPhase, locale: Locale) -> &'static str {
    locale.word(match moment {
        TrainingPhase::Forward => Key::PeakForward,
        TrainingPhase::Loss => Key::PeakLoss,
        TrainingPhase::LossBackward => Key::PeakLossBackward,
        TrainingPhase::LastLayerBackward => Key::PeakLastLayer,
        TrainingPhase::FirstLayerBackward => Key::PeakFirstLayer,
        TrainingPhase::EmbeddingBackward => Key::PeakEmbedding,
        TrainingPhase::OptimizerStep => Key::PeakStep,
    })
}

/// A warning as one sentence.
pub(super) fn warning(warning: &Warning, locale: Locale) -> Cow<'static, str> {
    warning.say(locale, Reader::Script)
}

/// A sentence with its holes filled.
pub(super) fn said(locale: Locale, key: Key, holes: &[(Placeholder, String)]) -> String {
    let holes: Vec<(Placeholder, &str)> = holes.iter().map(|(hole, words)| (*hole, words.as_str())).collect();
    locale.sentence(key, &holes)
}
