//! Which words stand for which value: the bridge between the estimate and the locales.

use crate::estimate::explain::{Certainty, Factor, Figure, Quantity};
use crate::estimate::speed::Uncertainty;
use crate::estimate::training::TrainingPhase;
use crate::estimate::{Estimate, EstimateError, Reader, Verdict, Warning};
use crate::plan::Runtime;
pub use crate::text::time_unit;
use crate::text::{self, Key, Locale, Placeholder, PrintedFigure};
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

/// Memory for tables with its unit: `42.93 GiB`.
pub fn gib_fine_unit(bytes: Bytes) -> String {
    text::gib(bytes.gib(), 2)
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

/// What widens the band of a speed.
pub const fn uncertainty(cause: Uncertainty) -> Key {
    match cause {
        Uncertainty::Experts => Key::SpreadExperts,
        Uncertainty::Recurrent => Key::SpreadRecurrent,
        Uncertainty::Latent => Key::SpreadLatent,
        Uncertainty::Sequences => Key::SpreadBatch,
        Uncertainty::Tensor => Key::SpreadTensor,
        Uncertainty::Unpacked => Key::SpreadUnpacked,
        Uncertainty::Cache => Key::SpreadCache,
        Uncertainty::Host => Key::SpreadHost,
    }
}

/// How sure a figure is.
pub const fn certainty(certainty: Certainty) -> Key {
    match certainty {
        Certainty::Exact => Key::Exact,
        Certainty::Estimate => Key::Estimated,
        Certainty::Measured => Key::Measured,
        Certainty::Unknown => Key::Unknown,
    }
}

/// The name of a figure.
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

/// What a factor counts; `None` where its number says all.
const fn quantity(quantity: Quantity) -> Option<Key> {
    Some(match quantity {
        Quantity::Parameters => Key::QuantityParameters,
        Quantity::KeysAndValues => Key::QuantityKeysAndValues,
        Quantity::Layers => Key::QuantityLayers,
        Quantity::Heads => Key::QuantityHeads,
        Quantity::KvHeads => Key::QuantityKvHeads,
        Quantity::HeadDim => Key::QuantityHeadDim,
        Quantity::Width => Key::QuantityWidth,
        Quantity::HiddenSize => Key::QuantityHiddenSize,
        Quantity::MlpWidth => Key::QuantityMlpWidth,
        Quantity::Experts => Key::QuantityExperts,
        Quantity::ExpertsPerToken => Key::QuantityExpertsPerToken,
        Quantity::ExpertWidth => Key::QuantityExpertWidth,
        Quantity::LoraRank => Key::QuantityLoraRank,
        Quantity::Tokens => Key::QuantityTokens,
        Quantity::SequenceLength => Key::QuantitySequenceLength,
        Quantity::Sequences => Key::QuantitySequences,
        Quantity::MicroBatches => Key::QuantityMicroBatches,
        Quantity::Blocks => Key::QuantityBlocks,
        Quantity::BlockBytes => Key::QuantityBlockBytes,
        Quantity::Vocabulary => Key::QuantityVocabulary,
        Quantity::Elements => Key::QuantityElements,
        Quantity::Tensors => Key::QuantityTensors,
        Quantity::Cards | Quantity::SharedBy => Key::QuantityCards,
        Quantity::Processes => Key::QuantityProcesses,
        Quantity::PerScale => Key::QuantityPerScale,
        Quantity::BitsPerWeight
        | Quantity::ElementBytes
        | Quantity::CardBytes
        | Quantity::Share
        | Quantity::Side
        | Quantity::Times => return None,
    })
}

/// The product of a term: `2 (keys, values) × 32 layers × 8 KV heads × head dim 128 × 8,192 tokens × 2 B`.
pub fn product(factors: &[Factor], locale: Locale) -> String {
    let one = |factor: &Factor| {
        let value = match factor.quantity {
            Quantity::BitsPerWeight => format!("{} bit ÷ 8", text::trimmed(factor.value, 4)),
            Quantity::ElementBytes => format!("{} B", text::trimmed(factor.value, 4)),
            Quantity::CardBytes => size(whole_bytes(factor.value)),
            Quantity::Share => format!("{} %", text::trimmed(100.0 * factor.value, 1)),
            _ => text::trimmed(factor.value, 2),
        };
        quantity(factor.quantity)
            .map_or_else(|| value.clone(), |key| locale.sentence(key, &[(Placeholder::Value, &value)]))
    };
    // Once says nothing.
    let told = factors.iter().filter(|factor| factor.value != 1.0 || factors.len() == 1);
    told.enumerate().fold(String::new(), |product, (index, factor)| match factor.quantity.divides() {
        _ if index == 0 => one(factor),
        true => format!("{product} ÷ {}", one(factor)),
        false => format!("{product} × {}", one(factor)),
    })
}

/// Less than so much is written in bytes.
const LEAST_GIB: Bytes = Bytes(100_000_000);

/// Memory of any size: `42.93 GiB`, `21,474,836 B`.
pub fn size(bytes: Bytes) -> String {
    if bytes < LEAST_GIB { format!("{} B", text::count(bytes.0)) } else { gib_fine_unit(bytes) }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
const fn whole_bytes(value: f64) -> Bytes {
    Bytes(value as u64)
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

/// The formula of a training figure in words.
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
