//! What `PyTorch`'s allocator says when a model is moved to a card that is too small, step by step.

use crate::catalog::model::Model;
use crate::estimate::caching_allocator::{CachingAllocator, OutOfMemory, Segments};
use crate::model::layout::tensors;
use crate::model::tensor::{Place, Tensor};
use crate::units::{Bytes, MIB};

/// Where a move to the card ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Failure {
    /// What was asked of the card last.
    pub tried: Bytes,
    /// What the card had left then.
    pub left: Bytes,
    /// What the process holds, the context included.
    pub in_use: Bytes,
    /// What tensors hold of that.
    pub allocated: Bytes,
    /// What pools hold that no tensor needs.
    pub unused: Bytes,
    /// Whole layers that had arrived.
    pub layers: u32,
}

/// Moves `model`, so many bytes a number, to a card that offers `usable` and whose context takes `context`; `None` where all of
/// it arrives or its matrices are not known.
pub(super) fn moved(model: &Model, bytes: u64, usable: Bytes, context: Bytes) -> Option<Failure> {
    let mut tensors = tensors(model)?;
    // As the program holds them: embeddings, layers, output.
    tensors.sort_by_key(|tensor| match tensor.place {
        Place::Input => (0, 0),
        Place::Layer(index) => (1, index),
        Place::Output => (2, 0),
    });
    let room = usable - context;
    let mut pools = CachingAllocator::new(Segments::Fixed, room.0);
    for Tensor { ne: [row, rows, matrices], place, .. } in tensors {
        let size = row * rows * matrices * bytes;
        if let Err(OutOfMemory { tried }) = pools.take(size) {
            return Some(Failure {
                tried: Bytes(tried),
                left: room - Bytes(pools.reserved()),
                in_use: context + Bytes(pools.reserved()),
                allocated: Bytes(pools.allocated()),
                unused: Bytes(pools.reserved() - pools.allocated()),
                layers: if let Place::Layer(index) = place { index } else { 0 },
            });
        }
    }
    None
}

/// As `PyTorch` writes sizes: two digits, MiB below one GiB.
pub(super) fn written(bytes: Bytes) -> String {
    if bytes.gib() >= 1.0 {
        format!("{:.2} GiB", bytes.gib())
    } else {
        format!("{:.2} MiB", bytes.0 as f64 / MIB as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_as_the_allocator_writes_them() {
        assert_eq!((written(Bytes(12 * MIB)), written(Bytes(3 << 29))), ("12.00 MiB".into(), "1.50 GiB".into()));
    }
}
