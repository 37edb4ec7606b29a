//! Which words stand for which value: the bridge between the estimate and the locales.

pub use crate::estimate::explain_words::{certainty, figure, gib_fine_unit};
use crate::estimate::training::TrainingPhase;
use crate::estimate::{Estimate, EstimateError, Reader, Verdict, Warning};
pub use crate::text::time_unit;
use crate::text::{self, Key, Locale, PrintedFigure};
use crate::units::{Band, Bytes};

/// Memory for prose: `42.9 GiB`, or `46.1 GB` where the reader wants decimal units; so below.
pub fn gib(bytes: Bytes) -> String {
    text::gib(bytes.gib(), 1)
}

/// Memory for prose, the unit left to the context: `42.9`.
pub fn gib_bare(bytes: Bytes) -> String {
    text::decimal(amount(bytes), 1)
}

/// Memory for tables, the unit in the head of the column: `42.93`.
pub fn gib_fine(bytes: Bytes) -> String {
    text::decimal(amount(bytes), 2)
}

/// Memory that is rounded to add up, with its unit.
pub fn with_unit(amount: PrintedFigure) -> String {
    format!("{} GiB", amount.write())
}

/// Memory in the unit that it is written in, for scales.
pub fn amount(bytes: Bytes) -> f64 {
    bytes.gib()
}

/// Why a plan with this answer has no speed, where that is no lack of data.
pub fn no_speed(estimate: &Estimate) -> Option<Key> {
    match estimate.verdict {
        Some(Verdict::DoesNotFit) => Some(Key::NoSpeedUnfit),
        _ => estimate.speed.unpredictable.then_some(Key::NoSpeedKernels),
    }
}

/// Milliseconds for tables: `333`, `4.2`, `0.31`; a middle dot where there are none to see.
pub fn milliseconds(seconds: f64) -> String {
    match seconds * 1e3 {
        ms if ms < 0.005 => "·".to_owned(),
        ms if ms < 1.0 => text::decimal(ms, 2),
        ms if ms < 10.0 => text::decimal(ms, 1),
        ms => text::decimal(ms, 0),
    }
}

/// Low to high, in two digits each: `2.4–3.3`.
pub fn band(band: &Band<f64>, unit: f64) -> String {
    let ends = [text::figure(band.low / unit), text::figure(band.high / unit)];
    // Both ends to the same digit where one has a digit after the point: `5.0–6.7`.
    let digits = ends.iter().filter_map(|end| Some(end.split_once('.')?.1.len())).max();
    match digits {
        Some(1) if band.high / unit < 10.0 => {
            text::range(&text::decimal(band.low / unit, 1), &text::decimal(band.high / unit, 1))
        }
        _ => text::range(&ends[0], &ends[1]),
    }
}

/// The word of a verdict, the same in every view.
pub const fn verdict(verdict: Verdict) -> Key {
    verdict.word()
}

/// A warning as a sentence.
pub fn warning(locale: Locale, warning: &Warning) -> String {
    warning.say(locale, Reader::Window).into_owned()
}

/// Why a plan cannot be estimated, as a sentence.
pub fn error(locale: Locale, error: &EstimateError) -> String {
    error.say(locale, Reader::Window).into_owned()
}

/// The name of a phase of a training step.
pub const fn phase(phase: TrainingPhase) -> Key {
    match phase {
        TrainingPhase::Forward => Key::PhaseForward,
        TrainingPhase::Loss => Key::PhaseLoss,
        TrainingPhase::LossBackward => Key::PhaseLossBackward,
        TrainingPhase::LastLayerBackward => Key::PhaseLastLayer,
        TrainingPhase::FirstLayerBackward => Key::PhaseFirstLayer,
        TrainingPhase::EmbeddingBackward => Key::PhaseEmbedding,
        TrainingPhase::OptimizerStep => Key::PhaseStep,
    }
}
