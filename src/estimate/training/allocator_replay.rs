//! The allocator replayed over the steps of a run: what of a card it holds beside the tensors, and what of that it gives back
//! before memory is out.

use super::reserved::{ReserveKey, Reserved, reserved};
use super::run::TrainingRun;
use crate::estimate::caching_allocator::Segments;
use crate::plan::Training;

/// Events of a walk up to which it is replayed: several times those of any model in the catalog.
const MOST_EVENTS: usize = 30_000;

impl TrainingRun<'_> {
    /// What the allocator reserves of a card on a stage that offers `capacity` bytes beside its context; `None` where no program
    /// is written, or where the card has not so much.
    pub(super) fn reserved(&self, stage: u64, capacity: u64) -> Option<Reserved> {
        let part = self.program_part(stage);
        // What blocks do not depend on is as if it were not given.
        let training = Training {
            gradient_accumulation: self.training.gradient_accumulation.min(2),
            reentrant_checkpointing: false,
            data_parallel: None,
            dataset_tokens: 0,
            epochs: 0,
            dataset_in_ram: false,
            loader_workers: 0,
            checkpoints_kept: 0,
            ..*self.training
        };
        let key = ReserveKey { part, training, data: self.grid.data, capacity };
        self.model.reserved(key, || {
            let walk = self.model.walk(&part, self.states).filter(|walk| walk.events().len() <= MOST_EVENTS)?;
            let segments = if training.expandable_segments { Segments::Expandable } else { Segments::Fixed };
            reserved(&self.lasting(stage), &walk, segments, capacity).ok()
        })
    }
}
