//! What lies on a card at the highest instant of a replayed step, tensor by tensor: the largest by name, the rest together.

use super::activation_terms;
use super::dim::Dim;
use super::phases::{DevicePart, Height, Source};
use super::replay::{Held, Lying, Of};
use super::run::TrainingRun;
use crate::estimate::answer::TrainingPhase;
use crate::estimate::explanation::{Factor, Quantity as Q, Term};
use crate::plan::Task;
use crate::text::Key;

/// How many kinds of tensors are named at least.
const NAMED: usize = 10;
/// The most of all that those may be which are not.
const UNNAMED: f64 = 0.03;

/// Tensors of one size.
#[derive(Debug, Clone, Copy)]
struct Alike {
    one: Lying,
    count: f64,
}

impl Alike {
    fn bytes(&self) -> f64 {
        self.count * self.one.size.elements * self.one.size.width
    }
}

/// Activations, logits and whatever lies there for the moment.
pub(super) fn activations(
    run: &TrainingRun<'_>,
    stage: u64,
    part: &DevicePart<'_>,
    height: &Height,
    phase: TrainingPhase,
) -> Vec<Term> {
    if height.from != Source::Replay {
        return activation_terms::activations(part, height);
    }
    let Some(replayed) = run.model.replayed(&run.program_part(stage), run.states) else { return Vec::new() };
    let mut terms = largest(run, lying(run, stage, phase, |held| held != Held::Gradient));
    let beside = part.inputs_beside(phase);
    if beside > 0.0 {
        terms.push(Term::of(Key::RoleHidden, [Q::Layers.of(beside), Q::CardBytes.of(replayed.input)]));
    }
    if part.waiting > 0.0 {
        terms.push(Term::of(Key::RoleHidden, [Q::MicroBatches.of(part.waiting), Q::CardBytes.of(replayed.layers)]));
    }
    let backward = matches!(phase, TrainingPhase::LastLayerBackward | TrainingPhase::FirstLayerBackward);
    if run.training.gradient_accumulation > 1 && run.task == Task::Full && backward {
        let width = Q::ElementBytes.of(run.states.trained_width as f64);
        let largest = Q::Parameters.of(part.states.largest_linear as f64);
        terms.push(Term::of(Key::TermWorkMatrix, [largest, width]));
    }
    terms
}

/// Gradients that lie there; `None` at the optimizer's step, where all do.
pub(super) fn gradients(
    run: &TrainingRun<'_>,
    stage: u64,
    part: &DevicePart<'_>,
    height: &Height,
    phase: TrainingPhase,
) -> Option<Vec<Term>> {
    match height.from {
        Source::Step => None,
        Source::Law(reached) => Some(activation_terms::gradients(part, reached)),
        Source::Replay => Some(largest(run, lying(run, stage, phase, |held| held == Held::Gradient))),
    }
}

/// What lies there, tensors of one size together.
fn lying(run: &TrainingRun<'_>, stage: u64, phase: TrainingPhase, counts: fn(Held) -> bool) -> Vec<Alike> {
    let part = run.program_part(stage);
    let known = run.model.program.as_ref().zip(run.model.replayed(&part, run.states));
    let Some((program, replayed)) = known else { return Vec::new() };
    let Some(highest) = replayed.levels.get(phase as usize).copied().flatten() else { return Vec::new() };
    let lying = program.lying(&part, run.states, phase, highest).into_iter();
    lying.filter(|(one, _)| counts(one.held)).map(|(one, count)| Alike { one, count }).collect()
}

/// The largest by bytes.
fn largest(run: &TrainingRun<'_>, mut alike: Vec<Alike>) -> Vec<Term> {
    alike.retain(|tensors| tensors.count != 0.0);
    alike.sort_by(|one, other| other.bytes().total_cmp(&one.bytes()));
    let all: f64 = alike.iter().map(Alike::bytes).sum();
    let mut left = all;
    let enough = alike.iter().position(|tensors| {
        left -= tensors.bytes();
        left <= all * UNNAMED
    });
    let named = enough.map_or(alike.len(), |last| NAMED.max(last + 1));
    let others = alike.split_off(named.min(alike.len()));
    let named = alike.iter().map(|tensors| term(run, tensors));
    named.chain(other_gradients(&others)).collect()
}

/// Gradients that are too small to be named, together; they are all of one type.
fn other_gradients(others: &[Alike]) -> Option<Term> {
    let gradients = || others.iter().filter(|it| it.one.held == Held::Gradient);
    let width = gradients().next()?.one.size.width;
    let elements: f64 = gradients().map(|it| it.count * it.one.size.elements).sum();
    Some(Term::of(Key::TermGradients, [Q::Parameters.of(elements), Q::ElementBytes.of(width)]))
}

/// So many tensors of so many elements, named after the width of a token's row.
fn term(run: &TrainingRun<'_>, tensors: &Alike) -> Term {
    let Lying { size, of, held } = tensors.one;
    let (tokens, dim) = (run.dims.get(Dim::Tokens), |dim| run.dims.get(dim));
    let share = if run.training.sequence_parallel { run.grid.tensor as f64 } else { 1.0 };
    let tensor = run.grid.tensor as f64;
    let row = size.elements / tokens;
    let scores = dim(Dim::SequenceLength) * dim(Dim::Heads) / tensor;
    let of_weight = |name: Key| {
        let each = [Q::Times.of(tensors.count), Q::Parameters.of(size.elements), Q::ElementBytes.of(size.width)];
        Term::of(name, each.into_iter().filter(is_told))
    };
    let (name, quantity) = match () {
        () if held == Held::Gradient => return of_weight(Key::TermGradients),
        () if of == Of::Weight => return of_weight(Key::TermWorkMatrix),
        () if of == Of::Logits => (Key::RoleLogits, Q::Vocabulary),
        () if row == dim(Dim::HiddenSize) / share => (Key::RoleHidden, Q::HiddenSize),
        () if row == dim(Dim::MlpWidth) / tensor => (Key::RoleFeedForward, Q::MlpWidth),
        () if row == scores => (Key::RoleScores, Q::Width),
        () if row >= 1.0 && row.fract() == 0.0 => (Key::RoleProjections, Q::Width),
        () => {
            let elements = [Q::Times.of(tensors.count), Q::Elements.of(size.elements), Q::ElementBytes.of(size.width)];
            return Term::of(Key::TermWorkMatrix, elements);
        }
    };
    let factors = [Q::Times.of(tensors.count), Q::Tokens.of(tokens), quantity.of(row), Q::ElementBytes.of(size.width)];
    Term::of(name, factors.into_iter().filter(is_told))
}

/// Once is not told.
fn is_told(factor: &Factor) -> bool {
    factor.quantity != Q::Times || factor.value != 1.0
}
