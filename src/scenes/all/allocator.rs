//! What `PyTorch`'s allocator says when a model is moved to a card that is too small: its rules, step by step.
//!
//! Rules: `c10/cuda/CUDACachingAllocator.cpp` of `PyTorch`. Small numbers share pools of 2 MiB, middling ones pools of 20 MiB,
//! large ones are asked of the card one by one in steps of 2 MiB.

use crate::catalog::model::Model;
use crate::model::layout::tensors;
use crate::model::tensor::{Place, Tensor};
use crate::units::{Bytes, MIB};

const BLOCK: u64 = 512;
const SMALL: u64 = MIB;
const SMALL_POOL: u64 = 2 * MIB;
const LARGE_POOL: u64 = 20 * MIB;
const LEAST_LARGE: u64 = 10 * MIB;
const STEP: u64 = 2 * MIB;

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

/// The pools of one card.
#[derive(Debug, Default)]
struct Pools {
    reserved: u64,
    allocated: u64,
    small_left: u64,
    large_left: u64,
}

impl Pools {
    /// What the card is asked for so that `size` finds room; `None` = a pool has it.
    fn asked(&self, size: u64) -> Option<u64> {
        match size {
            size if size <= SMALL => (self.small_left < size).then_some(SMALL_POOL),
            size if size < LEAST_LARGE => (self.large_left < size).then_some(LARGE_POOL),
            size => Some(size.next_multiple_of(STEP)),
        }
    }

    /// Puts `size` somewhere; what was asked of the card where that had no more.
    fn put(&mut self, size: u64, room: u64) -> Result<(), u64> {
        let size = size.next_multiple_of(BLOCK);
        if let Some(asked) = self.asked(size) {
            if self.reserved + asked > room {
                return Err(asked);
            }
            self.reserved += asked;
            match asked {
                SMALL_POOL if size <= SMALL => self.small_left = asked,
                LARGE_POOL if size < LEAST_LARGE => self.large_left = asked,
                _ => {}
            }
        }
        match size {
            size if size <= SMALL => self.small_left -= size,
            size if size < LEAST_LARGE => self.large_left -= size,
            _ => {}
        }
        self.allocated += size;
        Ok(())
    }
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
    let mut pools = Pools::default();
    for Tensor { ne: [row, rows, matrices], place, .. } in tensors {
        if let Err(tried) = pools.put(row * rows * matrices * bytes, room.0) {
            return Some(Failure {
                tried: Bytes(tried),
                left: room - Bytes(pools.reserved),
                in_use: context + Bytes(pools.reserved),
                allocated: Bytes(pools.allocated),
                unused: Bytes(pools.reserved - pools.allocated),
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
    fn pools_grow_as_the_allocator_says() {
        let mut pools = Pools::default();
        let room = 64 * MIB;
        assert_eq!(pools.put(8 * MIB, room), Ok(()));
        assert_eq!((pools.reserved, pools.large_left), (LARGE_POOL, 12 * MIB));
        assert_eq!(pools.put(8 * MIB, room), Ok(()));
        assert_eq!(pools.reserved, LARGE_POOL, "the second finds room in the pool");
        assert_eq!(pools.put(100, room), Ok(()));
        assert_eq!((pools.reserved, pools.small_left), (LARGE_POOL + SMALL_POOL, SMALL_POOL - BLOCK));
        assert_eq!(pools.put(31 * MIB, room), Ok(()));
        assert_eq!(pools.reserved, LARGE_POOL + SMALL_POOL + 32 * MIB);
        assert_eq!(pools.put(11 * MIB, room), Err(12 * MIB));
        assert_eq!((written(Bytes(12 * MIB)), written(Bytes(3 << 29))), ("12.00 MiB".into(), "1.50 GiB".into()));
    }
}
