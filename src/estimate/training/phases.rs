//! What lies on a card at each phase of a step: the laws evaluated, and what accumulation, sharding and pipelines change about
//! them.

use strum::{EnumCount, VariantArray};

use super::dim::{Dim, Dims};
use super::form::{Form, FormTerm, ProductSplit, sum};
use super::instant::{At, Instant};
use super::laws::Law;
use super::states::{States, step_terms};
use crate::estimate::answer::TrainingPhase;
use crate::estimate::explanation;
use crate::plan::{Task, Training};

/// Ids and labels of one token, 64 bits each.
pub(super) const BATCH_TOKEN: f64 = 16.0;

/// Bytes at one phase besides weights, states and buffers.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Height {
    pub(super) kept: f64,
    pub(super) gradients: f64,
    pub(super) temporaries: f64,
    /// What of it is logits and their gradients.
    pub(super) logits: f64,
    /// What sets it.
    pub(super) from: Source,
}

/// Where a height comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) enum Source {
    /// The optimizer's step.
    #[default]
    Step,
    /// A row of the table of laws.
    Law(Reached),
    /// A replayed step.
    Replay,
}

/// An instant, and how far the layers are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reached {
    pub(super) instant: &'static Instant,
    pub(super) progress: StepProgress,
}

impl Height {
    pub(super) fn total(&self) -> f64 {
        self.kept + self.gradients + self.temporaries
    }
}

/// The heights of the phases; `None` where the card has no part in one.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct PhaseHeights([Option<Height>; TrainingPhase::COUNT]);

impl PhaseHeights {
    /// A height that a phase reaches; the highest stays.
    pub(super) fn rise(&mut self, phase: TrainingPhase, height: Height) {
        let place = &mut self.0[phase as usize];
        if place.is_none_or(|known| known.total() < height.total()) {
            *place = Some(height);
        }
    }

    /// The phases that the card has a part in, in order.
    pub(super) fn phases(&self) -> impl Iterator<Item = (TrainingPhase, Height)> {
        TrainingPhase::VARIANTS.iter().zip(self.0).filter_map(|(phase, height)| Some((*phase, height?)))
    }
}

/// The part of the model on one card, and how it is cut.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "parts that combine freely")]
pub(super) struct DevicePart<'a> {
    pub(super) law: &'static Law,
    pub(super) dims: &'a Dims,
    /// What of weights and states lies on the card before they are sharded.
    pub(super) states: States,
    pub(super) training: &'a Training,
    pub(super) task: Task,
    pub(super) split: ProductSplit,
    /// Layers on this card.
    pub(super) layers: f64,
    /// The embedding is here; the output matrix and the loss are.
    pub(super) embedding: bool,
    pub(super) head: bool,
    pub(super) tied: bool,
    /// Elements of the embedding.
    pub(super) table: f64,
    /// Share of finished gradients that the card keeps.
    pub(super) gradient_share: f64,
    /// Micro-batches whose activations the card holds besides the one it works on.
    pub(super) waiting: f64,
    /// Inputs of layers, and their gradients, stay until backward is over: checkpoints whose segments begin and end outside of
    /// FSDP's units and are rebuilt by a backward pass of their own (reentrant).
    pub(super) hoards: bool,
}

/// How many layers keep their share at an instant, and how many have all their gradients.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct StepProgress {
    pub(super) keeping: f64,
    pub(super) differentiated: f64,
    /// How many layers' inputs have gradients that stay.
    pub(super) hoarded: f64,
}

impl DevicePart<'_> {
    pub(super) fn heights(&self) -> PhaseHeights {
        let mut heights = PhaseHeights::default();
        let ratio = self.gradient_ratio();
        let mut rise = |phase: TrainingPhase, mut height: Height| {
            height.kept += self.waiting * self.layers * self.layer();
            height.gradients *= self.gradient_share;
            heights.rise(phase, height);
        };
        let progress = |keeping: f64, differentiated: f64| StepProgress {
            keeping: if self.hoards { self.layers } else { keeping },
            differentiated,
            hoarded: if self.hoards { differentiated } else { 0.0 },
        };
        let before = progress(self.layers, 0.0);
        let at_first = progress(1.0, self.layers - 1.0);
        let after = progress(0.0, self.layers);
        for instant in &self.law.instants {
            match instant.at {
                At::Forward => rise(TrainingPhase::Forward, self.at(instant, before, ratio)),
                At::Loss if self.head => rise(TrainingPhase::Loss, self.at(instant, before, ratio)),
                At::LossBackward if self.head => rise(TrainingPhase::LossBackward, self.at(instant, before, ratio)),
                At::Last | At::First | At::Layer => {
                    if instant.at != At::First {
                        rise(TrainingPhase::LastLayerBackward, self.backward(self.at(instant, before, ratio)));
                    }
                    if instant.at != At::Last {
                        rise(TrainingPhase::FirstLayerBackward, self.backward(self.at(instant, at_first, ratio)));
                    }
                }
                At::Embedding if self.embedding => {
                    let height = self.at(instant, after, ratio);
                    for height in self.embedding(instant, height) {
                        rise(TrainingPhase::EmbeddingBackward, height);
                    }
                }
                At::Loss | At::LossBackward | At::Embedding => {}
            }
        }
        heights.rise(TrainingPhase::OptimizerStep, self.step());
        heights
    }

    /// What one layer keeps from forward to backward, offloaded checkpoints left out.
    pub(super) fn layer(&self) -> f64 {
        self.held(&self.law.layer, self.layers) / self.layers.max(1.0)
    }

    /// What `layers` layers keep.
    fn held(&self, form: &Form, layers: f64) -> f64 {
        form.iter().map(|term| self.on_card(term, layers) * term.value(self.dims, self.split)).sum()
    }

    /// The inputs that layers keep.
    pub(super) fn inputs(&self) -> impl Iterator<Item = &FormTerm> {
        self.law.layer.iter().filter(|term| term.is_hidden_states())
    }

    /// Of how many of `layers` layers a term lies on the card; offloaded checkpoints do for two at a time.
    pub(super) fn on_card(&self, term: &FormTerm, layers: f64) -> f64 {
        let offloaded = self.training.offload_checkpoints && self.training.checkpointing;
        if offloaded && term.is_hidden_states() { layers.min(2.0) } else { layers }
    }

    fn at(&self, instant: &'static Instant, progress: StepProgress, ratio: f64) -> Height {
        let StepProgress { keeping, differentiated, hoarded } = progress;
        let form = self.law.layer_at(instant);
        let held = if keeping > 0.0 { self.held(form, keeping) } else { 0.0 };
        let hoard = hoarded * self.inputs().map(|term| term.value(self.dims, self.split)).sum::<f64>();
        let one = |term: &FormTerm| self.besides(term, instant.at);
        let gradients = |form: &Form| {
            form.iter().map(|term| one(term) * if term.has(Dim::Vocabulary) { 1.0 } else { ratio }).sum::<f64>()
        };
        let all = instant.kept.iter().chain(&instant.temporaries);
        let mut height = Height {
            logits: all.filter(|term| term.is_logits()).map(one).sum::<f64>(),
            kept: held
                + hoard
                + sum(&self.law.always, self.dims, self.split)
                + instant.kept.iter().map(one).sum::<f64>(),
            gradients: differentiated * ratio * sum(&self.law.layer_gradients, self.dims, self.split)
                + gradients(&instant.gradients),
            temporaries: instant.temporaries.iter().map(one).sum::<f64>(),
            from: Source::Law(Reached { instant, progress }),
        };
        if self.training.gradient_accumulation > 1 {
            height.gradients = self.all_gradients();
        }
        height
    }

    /// A term beside what layers keep: what has the width of the vocabulary is with the output matrix, but for the embedding's
    /// gradient.
    fn besides(&self, term: &FormTerm, at: At) -> f64 {
        if self.is_elsewhere(term, at) { 0.0 } else { term.value(self.dims, self.split) }
    }

    pub(super) fn is_elsewhere(&self, term: &FormTerm, at: At) -> bool {
        !self.head && (term.is_logits() || term.has(Dim::Vocabulary) && at != At::Embedding)
    }

    /// A tied output matrix' gradient waits in the engine's buffer; a further micro-batch' gradient lies beside the sum.
    fn backward(&self, mut height: Height) -> Height {
        if self.task != Task::Full {
            return height;
        }
        let width = self.states.trained_width as f64;
        if self.tied && self.head && self.embedding && self.training.gradient_accumulation == 1 {
            let head = width * self.table / self.split.tensor;
            height.gradients -= head;
            height.temporaries += head;
        }
        if self.training.gradient_accumulation > 1 {
            height.temporaries += width * self.states.largest_linear as f64;
        }
        height
    }

    /// Backward through the embedding; with tied weights also the instant of the sum of both gradients.
    fn embedding(&self, instant: &'static Instant, height: Height) -> Vec<Height> {
        if !(self.tied && self.head) || self.task != Task::Full {
            return vec![height];
        }
        let head = self.states.trained_width as f64 * self.table / self.split.tensor;
        let taken = if self.training.gradient_accumulation > 1 { 0.0 } else { head };
        let first = Height { gradients: height.gradients - taken, temporaries: height.temporaries + head, ..height };
        let hidden: f64 = instant
            .temporaries
            .iter()
            .filter(|term| term.is_hidden_states())
            .map(|term| term.value(self.dims, self.split))
            .sum();
        vec![first, Height { temporaries: first.temporaries + head - hidden, ..first }]
    }

    pub(super) fn step(&self) -> Height {
        Height {
            kept: BATCH_TOKEN * self.dims.get(Dim::Tokens),
            gradients: self.all_gradients() * self.gradient_share,
            temporaries: self.step_terms().iter().map(explanation::Term::multiplied).sum(),
            logits: 0.0,
            from: Source::Step,
        }
    }

    /// What the optimizer's step works with.
    pub(super) fn step_terms(&self) -> Vec<explanation::Term> {
        step_terms(&self.states, self.training, self.gradient_share)
    }

    /// Gradients of everything trained on this card, unshared.
    pub(super) const fn all_gradients(&self) -> f64 {
        self.states.gradients as f64
    }

    /// What a layer really trains over what the law of its family says: biases, and shapes that only resemble the family.
    pub(super) fn gradient_ratio(&self) -> f64 {
        let law = sum(&self.law.layer_gradients, self.dims, self.split);
        let real = (self.states.trained_in_layers * self.states.trained_width) as f64 / self.layers;
        if law > 0.0 { real / law } else { 1.0 }
    }
}
