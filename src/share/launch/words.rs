//! The sentences beside the lines.

use super::given::{Checkpoint, Given};
use crate::text::{Key, Phrase, Placeholder};

/// A sentence without holes.
pub(super) const fn told(key: Key) -> Phrase {
    Phrase::new(key)
}

/// A sentence about a count.
pub(super) fn counted(key: Key, count: impl ToString) -> Phrase {
    Phrase::new(key).with(Placeholder::Count, count)
}

/// A sentence about a value.
pub(super) fn valued(key: Key, value: impl ToString) -> Phrase {
    Phrase::new(key).with(Placeholder::Value, value)
}

/// How many layers go to the GPU.
pub(super) fn layers(given: &Given<'_>, on_gpu: u32) -> Phrase {
    let all = given.estimate.layers;
    match on_gpu {
        0 => told(Key::ToldNoLayers),
        on_gpu if on_gpu >= all => counted(Key::ToldAllLayers, all),
        on_gpu => Phrase::new(Key::ToldSomeLayers).with(Placeholder::OnGpu, on_gpu).with(Placeholder::Layers, all),
    }
}

/// Where the weights are read from.
pub(super) fn checkpoint(given: &Given<'_>, checkpoint: &Checkpoint) -> Phrase {
    match checkpoint {
        Checkpoint::Repository(_) => Phrase::new(Key::ToldRepository).with(Placeholder::Name, given.name()),
        Checkpoint::Folder(_) => Phrase::new(Key::ToldFolder)
            .with(Placeholder::Name, given.name())
            .with(Placeholder::Value, given.workload().quantization.label()),
    }
}
