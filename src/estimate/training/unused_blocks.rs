//! What the allocator holds of a card and no tensor of a run uses.

use super::parallel::Grid;
use super::reserved::{Reserved, reserved};
use super::run::TrainingRun;
use crate::estimate::caching_allocator::Segments;
use crate::plan::{Task, Training};

/// Events of a step that the allocator is asked for at most: more would be waited for.
const MOST_EVENTS: usize = 24_000;

/// What the allocator's blocks depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ReserveKey {
    task: Task,
    training: Training,
    grid: Grid,
    stage: u64,
}

impl TrainingRun<'_> {
    /// Bytes that the allocator holds of a card above the most that tensors take; `None` where no program is written
    /// or its step is too long: what the first layers leave unused does not tell what all of them do.
    pub(super) fn unused_blocks(&self, stage: u64) -> Option<u64> {
        let program = self.model.program.as_ref()?;
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
        let key = ReserveKey { task: self.task, training, grid: self.grid, stage };
        self.model.unused_blocks(key, || {
            let walk = program.walk(&self.program_part(stage), self.states);
            let rounds = walk.rounds_within(MOST_EVENTS);
            if walk.layers_left_out(rounds) > 0 {
                return None;
            }
            let residents = self.residents(stage);
            let segments = if training.expandable_segments { Segments::Expandable } else { Segments::Fixed };
            let Reserved { reserved, allocated } = reserved(&residents, &walk.written(rounds), segments);
            Some(reserved - allocated)
        })
    }
}
