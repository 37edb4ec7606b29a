//! What lies on a card at each moment of a step: the laws evaluated, and what accumulation, the loss, sharding and pipelines
//! change about them.

use super::laws::{At, Case, Form, Instant, Split, Term, Values, sum};
use super::states::{States, step_bytes};
use crate::plan::{Loss, Task, Training};

/// The moments of a training step, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// Forward pass, the output matrix included.
    Forward,
    /// The loss is calculated.
    Loss,
    /// Backward through loss and output matrix.
    LossBackward,
    /// Backward through the last layer, which comes first: most activations are still there.
    LastLayerBackward,
    /// Backward through the first layer: most gradients are there.
    FirstLayerBackward,
    /// Backward through the embedding.
    EmbeddingBackward,
    /// The optimizer's step.
    OptimizerStep,
}

impl Moment {
    /// All of them, in order.
    pub const ALL: [Self; 7] = [
        Self::Forward,
        Self::Loss,
        Self::LossBackward,
        Self::LastLayerBackward,
        Self::FirstLayerBackward,
        Self::EmbeddingBackward,
        Self::OptimizerStep,
    ];
}

/// Bytes at one moment besides weights, states and buffers.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Height {
    pub(super) kept: f64,
    pub(super) gradients: f64,
    pub(super) temporaries: f64,
    /// What of it is logits and their gradients.
    pub(super) logits: f64,
}

impl Height {
    pub(super) fn total(&self) -> f64 {
        self.kept + self.gradients + self.temporaries
    }
}

/// The part of the model on one card, and how it is cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) case: &'static Case,
    pub(super) values: &'a Values,
    pub(super) states: &'a States,
    pub(super) training: &'a Training,
    pub(super) task: Task,
    pub(super) split: Split,
    /// Layers on this card, and in the model.
    pub(super) layers: f64,
    pub(super) all_layers: f64,
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
}

impl Part<'_> {
    /// The height of each moment, `None` where the card has no part in it.
    pub(super) fn heights(&self) -> [Option<Height>; 7] {
        let mut heights = [None; 7];
        let ratio = self.gradient_ratio();
        let mut rise = |moment: Moment, mut height: Height| {
            height.kept += self.waiting * self.layers * self.layer();
            height.gradients *= self.gradient_share;
            let place = &mut heights[moment as usize];
            if place.is_none_or(|known: Height| known.total() < height.total()) {
                *place = Some(height);
            }
        };
        for instant in &self.case.instants {
            match instant.at {
                At::Forward => rise(Moment::Forward, self.at(instant, self.layers, 0.0, ratio)),
                At::Loss if self.head => rise(Moment::Loss, self.at(instant, self.layers, 0.0, ratio)),
                At::LossBackward if self.head => rise(Moment::LossBackward, self.at(instant, self.layers, 0.0, ratio)),
                At::Last | At::First | At::Layer => {
                    if instant.at != At::First {
                        rise(Moment::LastLayerBackward, self.backward(self.at(instant, self.layers, 0.0, ratio)));
                    }
                    if instant.at != At::Last {
                        let done = self.at(instant, 1.0, self.layers - 1.0, ratio);
                        rise(Moment::FirstLayerBackward, self.backward(done));
                    }
                }
                At::Embedding if self.embedding => {
                    let height = self.at(instant, 0.0, self.layers, ratio);
                    for height in self.embedding(instant, height) {
                        rise(Moment::EmbeddingBackward, height);
                    }
                }
                At::Loss | At::LossBackward | At::Embedding => {}
            }
        }
        heights[Moment::OptimizerStep as usize] = Some(self.step());
        heights
    }

    /// What one layer keeps from forward to backward, offloaded checkpoints left out.
    pub(super) fn layer(&self) -> f64 {
        self.held(&self.case.layer, self.layers) / self.layers.max(1.0)
    }

    /// What `layers` layers keep; offloaded checkpoints lie on the card for two layers at a time.
    fn held(&self, form: &Form, layers: f64) -> f64 {
        let offloaded = self.training.offload_checkpoints && self.training.checkpointing;
        let on_card = |term: &Term| if offloaded && term.hidden { layers.min(2.0) } else { layers };
        form.iter().map(|term| on_card(term) * term.value(self.values, self.split)).sum()
    }

    /// One instant, `layers` layers keeping what they keep, the gradients of `done` layers being there.
    fn at(&self, instant: &Instant, layers: f64, done: f64, ratio: f64) -> Height {
        let form = if instant.until_loss { &self.case.layer_until_loss } else { &self.case.layer };
        let held = if layers > 0.0 { self.held(form, layers) } else { 0.0 };
        let (loss_kept, loss_temporaries) = self.replaced_loss(instant.at);
        let one = |term: &Term| self.besides(term, instant.at);
        let gradients =
            |form: &Form| form.iter().map(|term| one(term) * if term.vocabulary { 1.0 } else { ratio }).sum::<f64>();
        let all = instant.kept.iter().chain(&instant.temporaries);
        let mut height = Height {
            logits: all.filter(|term| term.logits).map(one).sum::<f64>(),
            kept: held
                + sum(&self.case.always, self.values, self.split)
                + instant.kept.iter().map(one).sum::<f64>()
                + loss_kept,
            gradients: done * ratio * sum(&self.case.layer_gradients, self.values, self.split)
                + gradients(&instant.gradients),
            temporaries: instant.temporaries.iter().map(one).sum::<f64>() + loss_temporaries,
        };
        if self.training.loss == Loss::WithoutOutputs {
            let outputs = instant.kept.iter().find(|term| term.holds_outputs());
            // Two bytes of each logit, whatever else lies there.
            let dropped = outputs.map_or(0.0, |term| term.per_unit(2.0, self.values, self.split));
            height.kept -= dropped;
            height.logits -= dropped;
        }
        if self.training.gradient_accumulation > 1 {
            height.gradients = self.all_gradients();
        }
        height
    }

    /// A term beside what layers keep: without logits where the loss never has them all, without the output matrix where
    /// it is on another card.
    fn besides(&self, term: &Term, at: At) -> f64 {
        let apart = matches!(self.training.loss, Loss::Fused | Loss::Chunked);
        let elsewhere = term.vocabulary && !self.head && at != At::Embedding;
        if term.logits && (apart || !self.head) || elsewhere { 0.0 } else { term.value(self.values, self.split) }
    }

    /// Output matrix and loss a few tokens at a time: the gradient of the input (and of the matrix) is there from the
    /// loss on, one chunk's logits while it is calculated.
    fn replaced_loss(&self, at: At) -> (f64, f64) {
        let (tokens, hidden, vocabulary) = (self.values[1], self.values[3], self.values[10]);
        let chunk = match self.training.loss {
            Loss::Standard | Loss::WithoutOutputs => return (0.0, 0.0),
            // A power of two near the tokens over how much wider the vocabulary is (Liger).
            Loss::Fused => {
                (tokens / (vocabulary / hidden.max(1.0)).ceil().max(1.0)).ceil().max(1.0).log2().ceil().exp2()
            }
            Loss::Chunked => (tokens / CHUNKS).ceil(),
        };
        let matrix = if self.task == Task::Full {
            self.table * self.states.trained_width as f64 / self.split.tensor
        } else {
            0.0
        };
        let held = 2.0 * tokens * hidden + 4.0 * tokens + matrix;
        match at {
            At::Loss if self.head => (held, 2.0 * chunk * vocabulary / self.split.tensor + matrix),
            At::LossBackward if self.head => (held, 0.0),
            _ => (0.0, 0.0),
        }
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
            height.temporaries += width * self.states.largest_linear as f64 / self.split.tensor;
        }
        height
    }

    /// Backward through the embedding; with tied weights also the instant of the sum of both gradients.
    fn embedding(&self, instant: &Instant, height: Height) -> Vec<Height> {
        if !(self.tied && self.head) || self.task != Task::Full {
            return vec![height];
        }
        let head = self.states.trained_width as f64 * self.table / self.split.tensor;
        let taken = if self.training.gradient_accumulation > 1 { 0.0 } else { head };
        let first = Height { gradients: height.gradients - taken, temporaries: height.temporaries + head, ..height };
        let hidden: f64 =
            instant.temporaries.iter().filter(|term| term.hidden).map(|term| term.value(self.values, self.split)).sum();
        vec![first, Height { temporaries: first.temporaries + head - hidden, ..first }]
    }

    fn step(&self) -> Height {
        let share = self.layers / self.all_layers / self.split.tensor * self.gradient_share;
        Height {
            kept: 16.0 * self.values[1],
            gradients: self.all_gradients() * self.gradient_share,
            temporaries: step_bytes(self.states, self.training, share),
            logits: 0.0,
        }
    }

    /// Gradients of everything trained on this card, unshared.
    pub(super) fn all_gradients(&self) -> f64 {
        let whole = self.states.gradients as f64;
        if self.embedding && self.head {
            return whole / self.split.tensor;
        }
        let ends = if self.task == Task::Full { self.table * self.states.trained_width as f64 } else { 0.0 };
        let both = ends * if self.tied { 1.0 } else { 2.0 };
        let own = if self.embedding || self.head { ends } else { 0.0 };
        ((whole - both) * self.layers / self.all_layers + own) / self.split.tensor
    }

    /// What a layer really trains over what the law of its family says: biases, and shapes that only resemble the family.
    fn gradient_ratio(&self) -> f64 {
        let whole = Split { tensor: 1.0, sequence: false };
        let law = sum(&self.case.layer_gradients, self.values, whole);
        let real = (self.states.trained_in_layers * self.states.trained_width) as f64 / self.all_layers;
        if law > 0.0 { real / law } else { 1.0 }
    }
}

/// Chunks of torchtune's loss (`num_output_chunks`).
const CHUNKS: f64 = 8.0;
