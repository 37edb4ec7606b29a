//! Tokens that are guessed ahead and checked together in one step.

use super::{Crossing, DeviceReads, HostReads, Inference, StepFacts, StepReads};

/// Tokens that are guessed ahead.
#[derive(Debug, Clone)]
pub(in crate::estimate) struct Guesses {
    /// How many before the model checks them.
    pub(in crate::estimate) ahead: f64,
    pub(in crate::estimate) by: Guesser,
}

/// Who guesses.
#[derive(Debug, Clone)]
pub(in crate::estimate) enum Guesser {
    /// A layer like one of the model's so many blocks, and the output matrix.
    OwnLayer { blocks: f64 },
    /// A model with facts of its own.
    Model(Box<StepFacts>),
}

impl Guesses {
    /// The same where what a draft model reads is `listed` as the plan lists its devices, and crosses between boxes as the model
    /// itself does.
    pub(in crate::estimate) fn listed(&self, listed: impl Fn(&DeviceReads) -> DeviceReads, crossing: Crossing) -> Self {
        let by = match &self.by {
            Guesser::OwnLayer { blocks } => Guesser::OwnLayer { blocks: *blocks },
            Guesser::Model(own) => Guesser::Model(Box::new(StepFacts {
                devices: listed(&own.devices),
                inference: Inference { crossing, ..own.inference },
                ..(**own).clone()
            })),
        };
        Self { ahead: self.ahead, by }
    }

    /// What one guess for each sequence reads, `facts` being those of the model.
    pub(in crate::estimate) fn guess(&self, facts: &StepFacts) -> StepFacts {
        match &self.by {
            Guesser::Model(own) => (**own).clone(),
            Guesser::OwnLayer { blocks } => {
                let part = 1.0 / blocks.max(1.0);
                let devices = match &facts.devices {
                    DeviceReads::Each(each) => DeviceReads::Each(each.iter().map(|reads| reads.one_of(part)).collect()),
                    DeviceReads::Alike(reads, devices) => DeviceReads::Alike(reads.one_of(part), *devices),
                };
                let host = HostReads { reads: facts.host.reads.one_of(part), experts_apart: 0.0 };
                // It lies beside the output, in one box unless layers are cut.
                let crossing = Crossing { cut: facts.inference.crossing.cut, ..Crossing::default() };
                let inference = Inference { crossing, ..facts.inference };
                StepFacts { inference, devices, host, guesses: None, ..facts.clone() }
            }
        }
    }

    /// What the step reads that checks all guesses: each sequence has so many tokens more, its cache is read once.
    pub(in crate::estimate) fn check(&self, facts: &StepFacts) -> StepFacts {
        let sequences = facts.inference.sequences * (1.0 + self.ahead);
        StepFacts { inference: Inference { sequences, ..facts.inference }, guesses: None, ..facts.clone() }
    }
}

impl StepReads {
    /// One layer's part of these, with the whole output matrix.
    fn one_of(&self, part: f64) -> Self {
        let weights = self.dense_weights + self.output_weights;
        let output = if weights > 0.0 { self.dense_bytes * self.output_weights / weights } else { 0.0 };
        let mut one = Self { dense_bytes: self.dense_bytes - output, ..*self }.part(part);
        one.dense_bytes += output;
        one.output_weights = self.output_weights;
        one.recurrent_blocks = 0.0;
        one.cache.state_bytes = 0.0;
        one
    }
}
