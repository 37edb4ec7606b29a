//! A whole step of the layers on one device: embedding, layers, loss, and all of it backward.

use std::cell::Cell;

use super::block::BlockProgram;
use super::ledger::{Highest, Levels, Lying, Of, Size};
use super::loss;
use super::ops::SINGLE;
use super::recipe::{Recipe, Run, WEIGHTS};
use super::tape::Tape;
use crate::estimate::answer::TrainingPhase;
use crate::estimate::training::method::{Keeps, Scores};

/// Ids and labels of one token, 64 bits each.
const BATCH_TOKEN: f64 = 16.0;
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

impl Replayed {
    /// With so many more layers than the two steps that were replayed, `fewer` having one less: each adds as much.
    pub(in crate::estimate::training) fn with_more(&self, fewer: &Self, more: f64) -> Self {
        let mut all = Self { layers: self.layers + more * (self.layers - fewer.layers), ..*self };
        all.gradients += more * (self.gradients - fewer.gradients);
        for (level, less) in all.levels.iter_mut().zip(fewer.levels) {
            if let (Some(level), Some(less)) = (level, less) {
                *level = level.with_more(less, more);
            }
        }
        all
    }
}

/// Replays a step.
pub(in crate::estimate::training) fn replay(stage: &Stage<'_>, recipe: &Recipe) -> Replayed {
    replay_on(&Tape::new(None), stage, recipe)
}

/// What lies at the highest instant of a phase.
pub(in crate::estimate::training) fn lying(stage: &Stage<'_>, recipe: &Recipe, phase: TrainingPhase) -> Vec<Lying> {
    let highest = replay(stage, recipe).levels.get(phase as usize).copied().flatten();
    let tape = Tape::new(highest.map(|level| Highest { phase, total: level.total() }));
    replay_on(&tape, stage, recipe);
    tape.ledger.listed()
}

fn replay_on(tape: &Tape, stage: &Stage<'_>, recipe: &Recipe) -> Replayed {
    let Some(last) = stage.layers.last() else { return Replayed::default() };
    let stream = recipe.rows * last.hidden / recipe.shares_rows;
    let ids = tape.constant(recipe.rows * BATCH_TOKEN, 1.0);
    let outer = Run::new(tape, recipe, stage.layers.len());
    let table = outer.weight(stage.vocabulary * last.hidden / recipe.tensor);
    let wanted = !stage.embedding || !recipe.full && recipe.keeps == Keeps::Input;
    let wanting = |x| if wanted { tape.wanting(&x, (stage.layers.len() + 1) * WEIGHTS) } else { x };
    let mut found = if stage.embedding { tape.looked_up(stream, &table) } else { tape.constant(stream, recipe.width) };
    let scales = stage.embedding && stage.scales_embeddings;
    if scales && !stage.scales_apart {
        found = tape.scale(&found);
    }
    // What is asked for its own gradient lives as long as the graph.
    let asked = wanting(found);
    let mut hidden = if scales && stage.scales_apart { tape.scale(&asked) } else { asked.clone() };
    let asked = wanted.then_some(asked);
    let embedded = hidden.clone();
    let tables = tape.constant(TABLES * recipe.sequence * stage.head_dim, recipe.width);
    let keeps_scores = recipe.scores == Scores::Several;
    let mask = keeps_scores.then(|| tape.constant(stage.masks * recipe.rows * recipe.sequence, recipe.width));
    let program = |layer: usize| stage.layers.get(layer).unwrap_or(last);
    let before = tape.ledger.kept();
    let starts: Vec<Cell<usize>> = stage.layers.iter().map(|_| Cell::new(0)).collect();
    for (layer, start) in starts.iter().enumerate() {
        start.set(tape.sequence());
        let run = Run::new(tape, recipe, layer);
        hidden = if recipe.keeps == Keeps::Input {
            let inputs: Vec<_> = std::iter::once(&hidden).chain(&mask).collect();
            tape.checkpointed(layer, &inputs, || program(layer).run(&run, &hidden, &tables))
        } else {
            program(layer).run(&run, &hidden, &tables)
        };
    }
    let mut replayed =
        Replayed { layers: tape.ledger.kept() - before, input: stream * recipe.width, ..Replayed::default() };
    let mut behind = tape.sequence();
    let (root, outputs, gradient) = if stage.head {
        hidden = last.norm.run(&outer, &hidden, last.hidden);
        behind = tape.sequence();
        drop((embedded, mask));
        let head = if stage.tied && stage.embedding { table } else { outer.weight(table.elements) };
        let begins = || tape.ledger.enter(Some(TrainingPhase::Loss));
        let vocabulary = stage.vocabulary / recipe.tensor;
        let lost = loss::loss(&outer, hidden, &head, vocabulary, stage.caps_logits, begins);
        (lost.loss, lost.outputs, Size { elements: 1.0, width: SINGLE })
    } else {
        drop((embedded, mask));
        let gradient = hidden.size();
        (hidden, None, gradient)
    };
    tape.casts.borrow_mut().clear();
    tape.turn();
    let phases = Phases::of(stage.layers);
    tape.ledger.enter(stage.head.then_some(TrainingPhase::LossBackward));
    let gradient = tape.make(gradient, Of::Tokens);
    tape.backward(
        root,
        gradient,
        &|segment| {
            let run = Run::new(tape, recipe, segment.layer);
            program(segment.layer).rerun(&run, segment, &tables);
        },
        &|sequence| {
            let done = starts.iter().filter(|start| start.get() < sequence).count();
            tape.ledger.enter(if stage.head && sequence > behind {
                Some(TrainingPhase::LossBackward)
            } else {
                phases.of_layer(done)
            });
        },
    );
    drop((outputs, ids, asked));
    let asked = (stage.layers.len() + 1) * WEIGHTS;
    let gradients = tape.gradients.borrow();
    replayed.gradients = gradients.iter().filter(|(number, _)| **number != asked).map(|(_, it)| it.size.bytes()).sum();
    replayed.levels = tape.ledger.levels();
    replayed
}

/// Which layers are the last of their kind, which the first: what lies there grows or shrinks evenly between them.
struct Phases {
    first: usize,
    last: usize,
}

impl Phases {
    fn of(layers: &[BlockProgram]) -> Self {
        let kinds = |layers: &mut dyn Iterator<Item = &BlockProgram>| {
            let mut seen: Vec<&BlockProgram> = Vec::new();
            let mut needed = 0;
            for (place, layer) in layers.enumerate() {
                if !seen.contains(&layer) {
                    seen.push(layer);
                    needed = place + 1;
                }
            }
            needed
        };
        let first = kinds(&mut layers.iter());
        Self { first, last: layers.len() - kinds(&mut layers.iter().rev()) }
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
