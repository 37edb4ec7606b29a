//! Which words stand for which value: the bridge between the estimate and the locales.

use crate::catalog::memory::MemorySizeError;
use crate::estimate::explain::{Certainty, Figure, Role};
use crate::estimate::speed::Uncertainty;
use crate::estimate::training::{Indivisible, Moment, Shared};
use crate::estimate::{EstimateError, Refusal, Verdict, Warning};
use crate::plan::{OutOfRange, Runtime};
use crate::text::{self, Key, Locale, Placeholder};
use crate::units::{Band, Bytes};

/// Memory for prose: `42.9 GiB`, or `46.1 GB` where the reader wants decimal units; so below.
#[must_use]
pub fn gib(bytes: Bytes) -> String {
    text::memory_unit().write(bytes.gib(), 1)
}

/// Memory for prose, the unit left to the context: `42.9`.
#[must_use]
pub fn gib_bare(bytes: Bytes) -> String {
    text::decimal(amount(bytes), 1)
}

/// Memory for tables, the unit in the head of the column: `42.93`.
#[must_use]
pub fn gib_fine(bytes: Bytes) -> String {
    text::decimal(amount(bytes), 2)
}

/// Memory for tables with its unit: `42.93 GiB`.
#[must_use]
pub fn gib_fine_unit(bytes: Bytes) -> String {
    text::memory_unit().write(bytes.gib(), 2)
}

/// Memory in the unit that it is written in, for scales.
#[must_use]
pub fn amount(bytes: Bytes) -> f64 {
    text::memory_unit().of_gib(bytes.gib())
}

/// A unit of time that suits so many seconds: how many seconds it has, and its name.
#[must_use]
pub fn time_unit(seconds: f64) -> (f64, &'static str) {
    match seconds {
        s if s < 0.1 => (1e-3, "ms"),
        s if s < 600.0 => (1.0, "s"),
        s if s < 7200.0 => (60.0, "min"),
        _ => (3600.0, "h"),
    }
}

/// Milliseconds for tables: `333`, `4.2`, `0.31`; a middle dot where there are none to see.
#[must_use]
pub fn milliseconds(seconds: f64) -> String {
    match seconds * 1e3 {
        ms if ms < 0.005 => "·".to_owned(),
        ms if ms < 1.0 => text::decimal(ms, 2),
        ms if ms < 10.0 => text::decimal(ms, 1),
        ms => text::decimal(ms, 0),
    }
}

/// Low to high, in two digits each: `2.4–3.3`.
#[must_use]
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
#[must_use]
pub const fn verdict(verdict: Verdict) -> Key {
    match verdict {
        Verdict::Fits => Key::Fits,
        Verdict::Tight => Key::Tight,
        Verdict::Offload => Key::Offload,
        Verdict::DoesNotFit => Key::DoesNotFit,
    }
}

/// A warning as a sentence.
#[must_use]
pub fn warning(locale: Locale, warning: &Warning) -> String {
    let key = match warning {
        Warning::ContextAboveTrained { trained } => {
            return locale.sentence(Key::WarnContext, &[(Placeholder::Value, &text::count(*trained))]);
        }
        Warning::ManyDevices { most } => {
            return locale.sentence(Key::WarnDevices, &[(Placeholder::Value, &most.to_string())]);
        }
        Warning::RamSpeedAssumed { gb_s } => {
            return locale.sentence(Key::WarnRamSpeed, &[(Placeholder::Value, &text::trimmed(*gb_s, 1))]);
        }
        Warning::Queued { most } => {
            return locale.sentence(Key::WarnQueued, &[(Placeholder::Value, &text::count(*most))]);
        }
        Warning::ThinEvidence => Key::WarnThin,
        Warning::ExperimentalSplit => Key::WarnExperimentalSplit,
        Warning::UnpackedFormat => Key::WarnUnpacked,
        Warning::NearestFamily => Key::WarnNearestFamily,
        Warning::DropoutLeftOut => Key::WarnDropout,
        Warning::SelectiveIdle => Key::WarnSelective,
        Warning::UnquantizedExperts => Key::WarnUnquantizedExperts,
        Warning::ExpertAdapters => Key::WarnExpertAdapters,
        Warning::CopiedHeads => Key::WarnCopies,
        Warning::IdleDevices => Key::WarnIdle,
        Warning::LittleBesidePool => Key::WarnBesidePool,
        Warning::LayoutUnknown => Key::WarnLayout,
        Warning::TypicalShape => Key::WarnTypical,
        Warning::FlashAttentionUnavailable => Key::WarnFlash,
        Warning::ImportanceMatrix => Key::WarnImatrix,
        Warning::UsableEstimated => Key::WarnUsable,
        #[allow(unreachable_patterns, reason = "warnings may be added before their words")]
        _ => Key::WarnOther,
    };
    locale.word(key).to_owned()
}

/// Why a plan cannot be estimated, as a sentence.
#[must_use]
pub fn error(locale: Locale, error: &EstimateError) -> String {
    let unknown = |key, id: &str, nearest: &[String]| {
        let mut sentence = locale.sentence(key, &[(Placeholder::Name, id)]);
        if !nearest.is_empty() {
            sentence.push_str(match locale {
                Locale::En => ". ",
                Locale::Zh => "。",
            });
            sentence.push_str(&locale.sentence(Key::ErrorNearest, &[(Placeholder::Name, &nearest.join(", "))]));
        }
        sentence
    };
    match error {
        EstimateError::UnknownModel { id, nearest } => unknown(Key::ErrorUnknownModel, id, nearest),
        EstimateError::UnknownCard { id, nearest } => unknown(Key::ErrorUnknownCard, id, nearest),
        EstimateError::OutOfRange(OutOfRange { field, value, wanted, .. }) => {
            let holes = [
                (Placeholder::Name, field.as_str()),
                (Placeholder::Value, value.as_str()),
                (Placeholder::Other, wanted.as_str()),
            ];
            locale.sentence(Key::ErrorOutOfRange, &holes)
        }
        EstimateError::CardMemory(MemorySizeError { id, asked, offered }) => {
            let asked = text::trimmed(*asked, 1);
            let holes = [
                (Placeholder::Card, id.as_str()),
                (Placeholder::Value, asked.as_str()),
                (Placeholder::Other, offered.as_str()),
            ];
            locale.sentence(Key::ErrorCardMemory, &holes)
        }
        EstimateError::Refused(refusal) => refused(locale, *refusal),
    }
}

/// Why a combination is refused, as a sentence.
fn refused(locale: Locale, refusal: Refusal) -> String {
    let key = self::refusal(refusal);
    let (one, other, give) = match refusal {
        Refusal::Indivisible(Indivisible { of, parts, nearest, .. }) => (parts, of, nearest),
        Refusal::TooManyParts { parts, devices } => (parts, devices, devices),
        Refusal::RankAboveWidth { rank, width } => (u64::from(rank), width, width),
        _ => return locale.word(key).to_owned(),
    };
    let holes = [(Placeholder::Value, one), (Placeholder::Count, other), (Placeholder::Other, give)];
    let holes = holes.map(|(hole, number)| (hole, text::count(number)));
    locale.sentence(key, &holes.each_ref().map(|(hole, number)| (*hole, number.as_str())))
}

/// Why the engine would refuse, and what to do.
const fn refusal(refusal: Refusal) -> Key {
    match refusal {
        Refusal::Engine => Key::RefusedEngine,
        Refusal::GgufServer => Key::RefusedGgufServer,
        Refusal::ServerCache => Key::RefusedServerCache,
        Refusal::ServerOnCpu => Key::RefusedServerOnCpu,
        Refusal::ServerBackend => Key::RefusedServerBackend,
        Refusal::OldCard => Key::RefusedOldCard,
        Refusal::NoBfloat16 => Key::RefusedNoBfloat16,
        Refusal::FormatUnsupported => Key::RefusedFormat,
        Refusal::TooManyRanks => Key::RefusedRanks,
        Refusal::Heads => Key::RefusedHeads,
        Refusal::ServerPrecision => Key::RefusedServerPrecision,
        Refusal::TensorFlash => Key::RefusedTensorFlash,
        Refusal::TensorCache => Key::RefusedTensorCache,
        Refusal::TensorArchitecture => Key::RefusedTensorArchitecture,
        Refusal::TensorBackend => Key::RefusedTensorBackend,
        Refusal::TooManyCells => Key::RefusedTooManyCells,
        Refusal::TooManyDevices => Key::RefusedTooManyDevices,
        Refusal::Fp8Cache => Key::RefusedFp8Cache,
        Refusal::QuantizedValues => Key::RefusedQuantizedValues,
        Refusal::HeadSize => Key::RefusedHeadSize,
        Refusal::TrainingOnCpu => Key::RefusedTrainingOnCpu,
        Refusal::Indivisible(it) => match it.shared {
            Shared::Heads => Key::RefusedSharedHeads,
            Shared::Width => Key::RefusedSharedWidth,
            Shared::Layers => Key::RefusedSharedLayers,
            Shared::Devices => Key::RefusedSharedDevices,
        },
        Refusal::TooManyParts { .. } => Key::RefusedTooManyParts,
        Refusal::RankAboveWidth { .. } => Key::RefusedRankAboveWidth,
        Refusal::ZeroPipeline => Key::RefusedZeroPipeline,
        Refusal::OffloadStage => Key::RefusedOffloadStage,
        Refusal::TooManyTokens => Key::RefusedTooManyTokens,
    }
}

/// What widens the band of a speed.
pub const fn uncertainty(cause: Uncertainty) -> Key {
    match cause {
        Uncertainty::Experts => Key::SpreadExperts,
        Uncertainty::Recurrent => Key::SpreadRecurrent,
        Uncertainty::Latent => Key::SpreadLatent,
        Uncertainty::Sequences => Key::SpreadBatch,
        Uncertainty::Tensor => Key::SpreadTensor,
        Uncertainty::Cache => Key::SpreadCache,
        Uncertainty::Host => Key::SpreadHost,
    }
}

/// How sure a figure is.
#[must_use]
pub const fn certainty(certainty: Certainty) -> Key {
    match certainty {
        Certainty::Exact => Key::Exact,
        Certainty::Estimate => Key::Estimated,
        Certainty::Measured => Key::Measured,
        Certainty::Unknown => Key::Unknown,
    }
}

/// The name of a figure.
#[must_use]
pub const fn figure(figure: Figure) -> Key {
    match figure {
        Figure::Weights => Key::Weights,
        Figure::KvCache => Key::KvCache,
        Figure::RecurrentState => Key::RecurrentState,
        Figure::Compute => Key::ComputeBuffer,
        Figure::Activations => Key::Activations,
        Figure::Gradients => Key::Gradients,
        Figure::Adapter => Key::Adapter,
        Figure::Optimizer => Key::OptimizerStates,
        Figure::KvPool => Key::KvPool,
        Figure::Overhead => Key::RuntimeOverhead,
        Figure::Usable => Key::Usable,
        Figure::HostBuffers => Key::HostBuffers,
    }
}

/// What a tensor of the graph is to the model.
#[must_use]
pub const fn role(role: Role) -> Key {
    match role {
        Role::Hidden => Key::RoleHidden,
        Role::Input => Key::RoleInput,
        Role::Weight => Key::RoleWeight,
        Role::Cache => Key::RoleCache,
        Role::Projections => Key::RoleProjections,
        Role::Scores => Key::RoleScores,
        Role::Attention => Key::RoleAttention,
        Role::FeedForward => Key::RoleFeedForward,
        Role::Experts => Key::RoleExperts,
        Role::Recurrent => Key::RoleRecurrent,
        Role::Logits => Key::RoleLogits,
    }
}

/// The name of a moment of a training step.
#[must_use]
pub const fn moment(moment: Moment) -> Key {
    match moment {
        Moment::Forward => Key::MomentForward,
        Moment::Loss => Key::MomentLoss,
        Moment::LossBackward => Key::MomentLossBackward,
        Moment::LastLayerBackward => Key::MomentLastLayer,
        Moment::FirstLayerBackward => Key::MomentFirstLayer,
        Moment::EmbeddingBackward => Key::MomentEmbedding,
        Moment::OptimizerStep => Key::MomentStep,
    }
}

/// The formula of a training figure in words.
#[must_use]
pub const fn training_formula(figure: Figure) -> Key {
    match figure {
        Figure::Weights => Key::FormulaTrainingWeights,
        Figure::Activations => Key::FormulaTrainingActivations,
        Figure::Compute => Key::FormulaTrainingBuffers,
        Figure::Overhead => Key::FormulaTrainingOverhead,
        Figure::HostBuffers => Key::FormulaTrainingHost,
        _ => formula(figure, Runtime::Transformers),
    }
}

/// The formula of a figure in words.
#[must_use]
pub const fn formula(figure: Figure, runtime: Runtime) -> Key {
    let llamacpp = matches!(runtime, Runtime::LlamaCpp);
    match figure {
        Figure::Weights if !llamacpp => Key::FormulaServerWeights,
        Figure::KvCache | Figure::RecurrentState if !llamacpp => Key::FormulaPages,
        Figure::Overhead if !llamacpp => Key::FormulaServerOverhead,
        Figure::Activations => Key::FormulaActivations,
        Figure::Gradients => Key::FormulaGradients,
        Figure::Adapter => Key::FormulaAdapter,
        Figure::Optimizer => Key::FormulaOptimizer,
        Figure::KvPool => Key::FormulaPool,
        Figure::Weights => Key::FormulaWeights,
        Figure::KvCache => Key::FormulaKv,
        Figure::RecurrentState => Key::FormulaRecurrent,
        Figure::Compute => Key::FormulaCompute,
        Figure::Overhead => Key::FormulaOverhead,
        Figure::Usable => Key::FormulaUsable,
        Figure::HostBuffers => Key::FormulaHost,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_said_in_the_language_of_the_window() {
        let han = |words: &str| words.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let size = MemorySizeError { id: "m4-max".to_owned(), asked: 7.0, offered: "36, 48".to_owned() };
        for refused in [EstimateError::Refused(Refusal::HeadSize), EstimateError::CardMemory(size)] {
            assert!(han(&error(Locale::Zh, &refused)), "{refused}");
            assert!(!han(&error(Locale::En, &refused)), "{refused}");
        }
    }
}
