//! A whole step of the layers on one device: embedding, layers, loss, and all of it backward.

use std::cell::Cell;
use std::rc::{Rc, Weak};

use super::block::BlockProgram;
use super::ledger::{Highest, Level, Levels, Lying, Of, Size, Storage};
use super::loss;
use super::ops::SINGLE;
use super::recipe::{Recipe, Run, WEIGHTS};
use super::rounds::{self, Repeating, Rounds};
use super::tape::Tape;
use super::tensor::Tensor;
use super::walk::Walk;
use crate::estimate::answer::TrainingPhase;
use crate::estimate::training::method::{Keeps, Scores};

/// Ids and labels of one token, 64 bits each.
const BATCH_TOKEN: f64 = 16.0;
/// Layers whose inputs lie on the card where the others wait in RAM: the one at work and the next.
const INPUTS_ON_CARD: usize = 2;
/// Tables of cosines and sines.
const TABLES: f64 = 2.0;

/// What a device runs of a model.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "traits that combine freely")]
pub(in crate::estimate::training) struct Stage<'a> {
    pub(in crate::estimate::training) layers: &'a [BlockProgram],
    pub(in crate::estimate::training) vocabulary: f64,
    /// Elements of a position's row in a table of positions.
    pub(in crate::estimate::training) head_dim: f64,
    /// The embedding is here; the output matrix and the loss are; both are one.
    pub(in crate::estimate::training) embedding: bool,
    pub(in crate::estimate::training) head: bool,
    pub(in crate::estimate::training) tied: bool,
    /// Embeddings are scaled, by the embedding itself or apart from it.
    pub(in crate::estimate::training) scales_embeddings: bool,
    pub(in crate::estimate::training) scales_apart: bool,
    /// Logits are capped.
    pub(in crate::estimate::training) caps_logits: bool,
    /// Masks that are made for the layers where attention keeps its scores: of the whole context, of a window.
    pub(in crate::estimate::training) masks: f64,
}

/// A step replayed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::estimate::training) struct Replayed {
    pub(in crate::estimate::training) levels: Levels,
    /// Bytes that the layers keep until backward, and of one layer's input.
    pub(in crate::estimate::training) layers: f64,
    pub(in crate::estimate::training) input: f64,
    /// Bytes of gradients of everything.
    pub(in crate::estimate::training) gradients: f64,
}

/// Replays a step; what it takes and gives back, in order.
pub(in crate::estimate::training) fn replay(stage: &Stage<'_>, recipe: &Recipe) -> (Replayed, Walk) {
    let kinds = rounds::kinds(stage.layers);
    Step { stage, recipe, kinds: &kinds, rounds: &Rounds::of(&kinds) }.walked()
}

/// The same layer by layer.
#[cfg(test)]
pub(in crate::estimate::training) fn replay_whole(stage: &Stage<'_>, recipe: &Recipe) -> (Replayed, Walk) {
    let kinds = rounds::kinds(stage.layers);
    Step { stage, recipe, kinds: &kinds, rounds: &Rounds::whole(&kinds) }.walked()
}

/// What lies there when a phase is as high as a replay has told: how many of each.
pub(in crate::estimate::training) fn lying(
    stage: &Stage<'_>,
    recipe: &Recipe,
    phase: TrainingPhase,
    highest: Level,
) -> Vec<(Lying, f64)> {
    let kinds = rounds::kinds(stage.layers);
    let tape = Tape::new(Some(Highest { phase, total: highest.total() }));
    Step { stage, recipe, kinds: &kinds, rounds: &Rounds::of(&kinds) }.replay(&tape);
    tape.ledger.listed()
}

/// A step, and which of its layers run.
struct Step<'a> {
    stage: &'a Stage<'a>,
    recipe: &'a Recipe,
    kinds: &'a [usize],
    rounds: &'a Rounds,
}

impl Step<'_> {
    fn walked(&self) -> (Replayed, Walk) {
        let tape = Tape::new(None);
        let replayed = self.replay(&tape);
        (replayed, Walk { offloads: self.recipe.offloads, ..tape.ledger.walk.take() })
    }

    fn replay(&self, tape: &Tape) -> Replayed {
        let Self { stage, recipe, .. } = self;
        let Some(last) = stage.layers.last() else { return Replayed::default() };
        let layers = &self.rounds.layers;
        // Numbers of layers are those of layers that run.
        let asked_number = (layers.len() + 1) * WEIGHTS;
        let stream = recipe.rows * last.hidden / recipe.shares_rows;
        let ids = tape.constant(recipe.rows * BATCH_TOKEN, 1.0);
        let outer = Run::new(tape, recipe, layers.len());
        let table = outer.weight(stage.vocabulary * last.hidden / recipe.tensor);
        let wanted = !stage.embedding || !recipe.full && recipe.keeps == Keeps::Input;
        let mut found =
            if stage.embedding { tape.looked_up(stream, &table) } else { tape.constant(stream, recipe.width) };
        let scales = stage.embedding && stage.scales_embeddings;
        if scales && !stage.scales_apart {
            found = tape.scale(&found);
        }
        // What is asked for its own gradient lives as long as the graph.
        let asked = if wanted { tape.wanting(&found, asked_number) } else { found };
        let mut hidden = if scales && stage.scales_apart { tape.scale(&asked) } else { asked.clone() };
        let asked = wanted.then_some(asked);
        let embedded = hidden.clone();
        let tables = tape.constant(TABLES * recipe.sequence * stage.head_dim, recipe.width);
        let keeps_scores = recipe.scores == Scores::Several;
        let mask = keeps_scores.then(|| tape.constant(stage.masks * recipe.rows * recipe.sequence, recipe.width));
        let program = |layer: usize| layers.get(layer).and_then(|it| stage.layers.get(*it)).unwrap_or(last);
        let before = tape.ledger.kept();
        let repeating = Repeating::new(tape, self.rounds);
        let mut starts = Vec::with_capacity(layers.len());
        let mut inputs: Vec<Weak<Storage>> = Vec::new();
        let input = |inputs: &[Weak<Storage>], layer: usize, then: fn(&Storage)| {
            inputs.get(layer).and_then(Weak::upgrade).iter().for_each(|input| then(input));
        };
        for layer in 0..layers.len() {
            if recipe.offloads {
                inputs.push(hidden.storage.as_ref().map_or_else(Weak::new, Rc::downgrade));
                input(&inputs, layer.wrapping_sub(INPUTS_ON_CARD), Storage::leave);
            }
            repeating.begin(layer);
            starts.push(tape.sequence());
            let run = Run::new(tape, recipe, layer);
            hidden = if recipe.keeps == Keeps::Input {
                let inputs: Vec<_> = std::iter::once(&hidden).chain(&mask).collect();
                tape.checkpointed(layer, &inputs, || program(layer).run(&run, &hidden, &tables))
            } else {
                program(layer).run(&run, &hidden, &tables)
            };
        }
        repeating.begin(layers.len());
        let mut replayed =
            Replayed { layers: tape.ledger.kept() - before, input: stream * recipe.width, ..Replayed::default() };
        let Ending { root, outputs, gradient, behind } = self.end(&outer, hidden, table, (embedded, mask));
        repeating.forget_casts();
        tape.turn();
        let phases = Phases::of(self.kinds);
        tape.ledger.enter(stage.head.then_some(TrainingPhase::LossBackward));
        let gradient = tape.make(gradient, Of::Tokens);
        // Layers that backward has not left, the one at work counted.
        let left = Cell::new(layers.len());
        tape.backward(
            root,
            gradient,
            &|segment| {
                let run = Run::new(tape, recipe, segment.layer);
                program(segment.layer).rerun(&run, segment, &tables);
            },
            &|sequence| {
                let begun = starts.iter().take(left.get()).rposition(|start| *start < sequence);
                left.set(begun.map_or(0, |layer| layer + 1));
                repeating.differentiate(left.get());
                input(&inputs, left.get().wrapping_sub(INPUTS_ON_CARD), Storage::come_back);
                tape.ledger.enter(if stage.head && sequence > behind {
                    Some(TrainingPhase::LossBackward)
                } else {
                    phases.of_layer(begun.and_then(|layer| layers.get(layer)).map_or(0, |layer| layer + 1))
                });
            },
        );
        drop((outputs, ids, asked));
        let gradients = tape.gradients.borrow();
        let of_input = gradients.get(&asked_number).map_or(0.0, |it| it.size.bytes());
        replayed.gradients = tape.ledger.gradients() - of_input;
        replayed.levels = tape.ledger.levels();
        replayed
    }

    /// The last norm, the output matrix and the loss, or what goes on to the next stage; `forward` is let go before the loss.
    fn end(&self, outer: &Run<'_>, hidden: Tensor, table: Tensor, forward: (Tensor, Option<Tensor>)) -> Ending {
        let Self { stage, recipe, .. } = self;
        let tape = outer.tape;
        let Some(last) = stage.layers.last().filter(|_| stage.head) else {
            drop(forward);
            return Ending { gradient: hidden.size(), root: hidden, outputs: None, behind: tape.sequence() };
        };
        let normed = last.norm.run(outer, &hidden, last.hidden);
        drop(hidden);
        let behind = tape.sequence();
        drop(forward);
        let head = if stage.tied && stage.embedding { table } else { outer.weight(table.elements) };
        let begins = || tape.ledger.enter(Some(TrainingPhase::Loss));
        let vocabulary = stage.vocabulary / recipe.tensor;
        let lost = loss::loss(outer, normed, &head, vocabulary, stage.caps_logits, begins);
        let gradient = Size { elements: 1.0, width: SINGLE };
        Ending { root: lost.loss, outputs: lost.outputs, gradient, behind }
    }
}

/// Where a forward pass ends.
struct Ending {
    /// What is differentiated first.
    root: Tensor,
    /// What the trainer keeps.
    outputs: Option<Tensor>,
    /// How large the first gradient is.
    gradient: Size,
    /// Operations before the loss.
    behind: usize,
}

/// Which layers are the last of their kind, which the first: what lies there grows or shrinks evenly between them.
struct Phases {
    first: usize,
    last: usize,
}

impl Phases {
    fn of(kinds: &[usize]) -> Self {
        let needed = |kinds: &mut dyn Iterator<Item = &usize>| {
            let mut seen: Vec<&usize> = Vec::new();
            let mut needed = 0;
            for (place, kind) in kinds.enumerate() {
                if !seen.contains(&kind) {
                    seen.push(kind);
                    needed = place + 1;
                }
            }
            needed
        };
        let first = needed(&mut kinds.iter());
        Self { first, last: kinds.len() - needed(&mut kinds.iter().rev()) }
    }

    /// The phase in which the `done`-th layer from the first is differentiated, 0 = the embedding.
    const fn of_layer(&self, done: usize) -> Option<TrainingPhase> {
        match done {
            0 => Some(TrainingPhase::EmbeddingBackward),
            _ if done > self.last => Some(TrainingPhase::LastLayerBackward),
            _ if done <= self.first => Some(TrainingPhase::FirstLayerBackward),
            _ => None,
        }
    }
}
