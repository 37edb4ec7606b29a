//! Explanations in words: what figures and factors are called, products, formulas.

use super::explain::{Beside, Certainty, Factor, Figure, Quantity, Term};
use crate::plan::{Plan, Runtime};
use crate::text::{self, Key, Locale, Placeholder};
use crate::units::{Band, Bytes};

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
        Figure::Also => Key::AlsoOnMachine,
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
fn product(factors: &[Factor], locale: Locale) -> String {
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
fn size(bytes: Bytes) -> String {
    if bytes < LEAST_GIB { format!("{} B", text::count(bytes.0)) } else { gib_fine_unit(bytes) }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
const fn whole_bytes(value: f64) -> Bytes {
    Bytes(value as u64)
}

/// Memory for tables with its unit: `42.93 GiB`.
pub fn gib_fine_unit(bytes: Bytes) -> String {
    text::gib(bytes.gib(), 2)
}

/// What a term says: its name where it does not stand `alone`, and how its bytes come about.
pub fn term(term: &Term, locale: Locale, alone: bool) -> String {
    let product = product(&term.factors, locale);
    let amount = match term.beside {
        Beside::Band(Band { low, high, .. }) => {
            let [low, high] = [low, high].map(|end| text::decimal(end.gib(), 2));
            format!("{product} ({low}–{high})")
        }
        Beside::Whole(whole) => format!("{} / {}", gib_fine_unit(term.bytes), gib_fine_unit(whole)),
        Beside::Nothing if product.is_empty() => size(term.bytes),
        Beside::Nothing => product,
    };
    let named = !alone && term.beside == Beside::Nothing;
    if named { format!("{}{}  {amount}", sign(term.signed()), locale.word(term.name)) } else { amount }
}

const fn sign(signed: f64) -> &'static str {
    if signed < 0.0 { "\u{2212} " } else { "" }
}

/// The formula of a figure of `plan` in words.
pub const fn formula_of(plan: &Plan, figure: Figure) -> Key {
    if plan.workload.task.trains() { training_formula(figure) } else { formula(figure, plan.workload.runtime) }
}

/// The formula of a training figure in words.
const fn training_formula(figure: Figure) -> Key {
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
const fn formula(figure: Figure, runtime: Runtime) -> Key {
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
        Figure::Also => Key::FormulaAlso,
    }
}
