//! What lies on a card at its fullest instant besides weights and states, term by term.

use super::dim::Dim;
use super::form::FormTerm;
use super::instant::{At, Instant};
use super::phases::{DevicePart, Height, Reached, Source, StepProgress};
use crate::estimate::explanation::{Quantity as Q, Term};
use crate::plan::Task;
use crate::text::Key;

/// A term of the law, and of how many layers it is there.
#[derive(Debug, Clone, Copy)]
struct LayerTerm {
    law: FormTerm,
    layers: f64,
}

/// What is kept and what lies there for the moment: of all layers first, then what is beside them.
pub(super) fn activations(part: &DevicePart<'_>, height: &Height) -> Vec<Term> {
    let Source::Law(Reached { instant, progress }) = height.from else {
        let batch = [Q::Tokens.of(part.dims.get(Dim::Tokens)), Q::ElementBytes.of(super::phases::BATCH_TOKEN)];
        return part.step_terms().into_iter().chain([Term::of(Key::RoleInput, batch)]).collect();
    };
    let mut layers: Vec<LayerTerm> = kept(part, part.law.layer_at(instant), progress.keeping);
    layers.extend(
        part.inputs().map(|law| LayerTerm { law: *law, layers: progress.hoarded }).filter(|it| it.layers > 0.0),
    );
    let mut beside = Vec::new();
    for law in part.law.always.iter().chain(&instant.kept).chain(&instant.temporaries) {
        if !part.is_elsewhere(law, instant.at) {
            add(&mut beside, *law);
        }
    }
    if waits(part, instant.at) {
        add(&mut beside, output_gradient(part));
    }
    if has_two_gradients(part, instant.at) {
        add_sum_of_gradients(&mut beside, part, instant);
    }
    // What the layer at work has given up already is none of what layers keep.
    for law in &mut beside {
        let whole = |held: &&mut LayerTerm| held.law.is_alike(law) && law.coefficient() <= -held.law.coefficient();
        if let Some(held) = layers.iter_mut().find(|held| held.layers >= 1.0 && whole(held)) {
            held.layers -= 1.0;
            *law = law.plus(held.law.coefficient());
        }
    }
    let waiting = kept(part, &part.law.layer, part.layers).into_iter().map(|held| of(part, held, part.waiting));
    let summed =
        (part.training.gradient_accumulation > 1 && part.task == Task::Full && is_backward(instant.at)).then(|| {
            let width = Q::ElementBytes.of(part.states.trained_width as f64);
            let largest = Q::Parameters.of(part.states.largest_linear as f64);
            Term::of(Key::TermWorkMatrix, [largest, width])
        });
    let layers = layers.into_iter().map(|held| of(part, held, 1.0));
    let beside = beside.into_iter().map(|law| of(part, LayerTerm { law, layers: 1.0 }, 1.0));
    layers.chain(beside).chain(waiting).chain(summed).collect()
}

/// Gradients that are there: of the layers that are done, and of what is at work.
pub(super) fn gradients(part: &DevicePart<'_>, reached: Reached) -> Vec<Term> {
    let Reached { instant, progress: StepProgress { differentiated, .. } } = reached;
    let width = Q::ElementBytes.of(part.states.trained_width as f64);
    let each = Q::Parameters.of(part.states.trained_in_layers as f64 / part.layers);
    let done = [Q::Layers.of(differentiated), each, width];
    let ratio = part.gradient_ratio();
    let mut at_work = Vec::new();
    for law in instant.gradients.iter().filter(|law| !part.is_elsewhere(law, instant.at)) {
        add(&mut at_work, law.scaled(if law.has(Dim::Vocabulary) { 1.0 } else { ratio }));
    }
    if has_two_gradients(part, instant.at) || waits(part, instant.at) {
        add(&mut at_work, output_gradient(part).scaled(-1.0));
    }
    let at_work = at_work
        .into_iter()
        .map(|law| Term { name: Key::TermGradients, ..of(part, LayerTerm { law, layers: 1.0 }, 1.0) });
    std::iter::once(Term::of(Key::TermGradients, done)).chain(at_work).collect()
}

/// Tied weights have one of the output matrix and one of the embedding.
fn has_two_gradients(part: &DevicePart<'_>, at: At) -> bool {
    at == At::Embedding && part.tied && part.head && part.task == Task::Full
}

/// Both gradients of tied weights, and once the hidden states are gone their sum.
fn add_sum_of_gradients(sum: &mut Vec<FormTerm>, part: &DevicePart<'_>, instant: &Instant) {
    let head = output_gradient(part);
    add(sum, head);
    let hidden: Vec<FormTerm> = instant.temporaries.iter().filter(|law| law.is_hidden_states()).copied().collect();
    let bytes = |law: &FormTerm| law.value(part.dims, part.split);
    if bytes(&head) > hidden.iter().map(bytes).sum() {
        add(sum, head);
        for law in hidden {
            add(sum, law.scaled(-1.0));
        }
    }
}

const fn is_backward(at: At) -> bool {
    matches!(at, At::Last | At::First | At::Layer)
}

/// A tied output matrix' gradient waits in the engine's buffer.
fn waits(part: &DevicePart<'_>, at: At) -> bool {
    let tied = part.tied && part.head && part.embedding && part.training.gradient_accumulation == 1;
    tied && is_backward(at) && part.task == Task::Full
}

fn output_gradient(part: &DevicePart<'_>) -> FormTerm {
    FormTerm::new(part.states.trained_width as f64, [Dim::Vocabulary, Dim::HiddenSize])
}

/// What `layers` layers keep.
fn kept(part: &DevicePart<'_>, form: &[FormTerm], layers: f64) -> Vec<LayerTerm> {
    form.iter().map(|law| LayerTerm { law: *law, layers: part.on_card(law, layers) }).collect()
}

/// Adds to the term of the same product.
fn add(sum: &mut Vec<FormTerm>, law: FormTerm) {
    match sum.iter_mut().find(|known| known.is_alike(&law)) {
        Some(known) => *known = known.plus(law.coefficient()),
        None => sum.push(law),
    }
}

fn of(part: &DevicePart<'_>, held: LayerTerm, micro_batches: f64) -> Term {
    let counted = [Q::MicroBatches.of(micro_batches), Q::Layers.of(held.layers)];
    let counted = counted.into_iter().filter(|factor| factor.value != 1.0);
    Term::of(held.law.name(), counted.chain(held.law.factors(part.dims, part.split)))
}
