//! `PyTorch`'s caching allocator on one card: what a run reserves of it, tensor by tensor.
//!
//! Rules: `c10/cuda/CUDACachingAllocator.cpp` of `PyTorch` (001074d2 of its repository: `round_size`, `get_allocation_size`,
//! `get_free_block`, `should_split`, `try_merge_blocks`, `try_allocate_expandable_block`, `release_cached_blocks`). Tensors up to
//! 1 MiB share segments of 2 MiB, those below 10 MiB segments of 20 MiB, larger ones are asked of the card one by one in steps of
//! 2 MiB. What a tensor leaves is kept for the next that fits; whole segments that are free go back to the card when it has no
//! more. Segments that expand grow at their end, page by page.
//!
//! Small tensors are counted, not placed: they fill their segments but for the last.

mod blocks;
mod free_list;

use crate::plan::bounds::MEMORY_BYTES;
use crate::units::MIB;
use blocks::Blocks;
use free_list::Index;

/// Every tensor takes a multiple of this.
const BLOCK: u64 = 512;
/// The largest that shares a small segment.
const SMALL: u64 = MIB;
const SMALL_SEGMENT: u64 = 2 * MIB;
const LARGE_SEGMENT: u64 = 20 * MIB;
/// From here on a tensor has a segment of its own.
const LEAST_ALONE: u64 = 10 * MIB;
/// Such a segment is a multiple of this.
const STEP: u64 = 2 * MIB;

/// How segments are asked of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Segments {
    /// One by one, each of a size that stays.
    Fixed,
    /// One that grows (`expandable_segments`).
    Expandable,
}

/// What is handed out for a tensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lent {
    /// A block.
    Block(Index),
    /// So many bytes of the segments that small tensors share.
    Small(u64),
}

/// The card has no more, whatever is given back to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OutOfMemory {
    /// Bytes that it was asked for.
    pub(crate) tried: u64,
}

/// The allocator of one process on one card. All figures are bytes.
#[derive(Debug)]
pub(crate) struct CachingAllocator {
    segments: Segments,
    capacity: u64,
    blocks: Blocks,
    /// Small tensors, and the segments that they share.
    small: u64,
    small_segments: u64,
    reserved: u64,
    allocated: u64,
}

impl CachingAllocator {
    /// That of a process to which a card offers `capacity` bytes beside its context: 1 PiB at most, so that no sum overflows.
    pub(crate) fn new(segments: Segments, capacity: u64) -> Self {
        let page = match segments {
            Segments::Fixed => None,
            Segments::Expandable => Some(LARGE_SEGMENT),
        };
        Self {
            segments,
            capacity: capacity.min(*MEMORY_BYTES.end()),
            blocks: Blocks::new(page),
            small: 0,
            small_segments: 0,
            reserved: 0,
            allocated: 0,
        }
    }

    /// What the card was asked for and has not back.
    pub(crate) const fn reserved(&self) -> u64 {
        self.reserved
    }

    /// What is handed out.
    pub(crate) const fn allocated(&self) -> u64 {
        self.allocated
    }

    /// What of the reserved could not be given back to the card now: segments in which a tensor lies.
    pub(crate) const fn held(&self) -> u64 {
        self.reserved - self.blocks.releasable()
    }

    /// Room for a tensor.
    ///
    /// # Errors
    /// The card has no more.
    pub(crate) fn take(&mut self, bytes: u64) -> Result<Lent, OutOfMemory> {
        if bytes > self.capacity {
            return Err(OutOfMemory { tried: bytes });
        }
        let size = rounded(bytes);
        if size <= SMALL {
            return self.take_small(size);
        }
        let block = match self.blocks.fitting(size) {
            Some(block) => block,
            None => self.extend(size)?,
        };
        // Up to 1 MiB is no block of its own where segments have a size.
        let least = match self.segments {
            Segments::Fixed => SMALL,
            Segments::Expandable => 0,
        };
        self.allocated += self.blocks.hand_out(block, size, least);
        Ok(Lent::Block(block))
    }

    /// The tensor is no more.
    pub(crate) fn give(&mut self, lent: Lent) {
        self.allocated -= match lent {
            Lent::Block(block) => self.blocks.take_back(block),
            Lent::Small(bytes) => {
                self.small -= bytes;
                bytes
            }
        };
    }

    fn take_small(&mut self, size: u64) -> Result<Lent, OutOfMemory> {
        let small = self.small + size;
        if small > self.small_segments {
            self.ask(|_| SMALL_SEGMENT)?;
            self.small_segments += SMALL_SEGMENT;
        }
        self.small = small;
        self.allocated += size;
        Ok(Lent::Small(size))
    }

    /// A free block of what the card is asked for.
    fn extend(&mut self, size: u64) -> Result<Index, OutOfMemory> {
        match self.segments {
            Segments::Fixed => {
                let asked = self.ask(|_| segment_of(size))?;
                Ok(self.blocks.add_segment(asked))
            }
            Segments::Expandable => {
                let missing = |blocks: &Blocks| size.saturating_sub(blocks.free_end()).next_multiple_of(LARGE_SEGMENT);
                let asked = self.ask(missing)?;
                Ok(self.blocks.grow(asked))
            }
        }
    }

    /// Asks the card; where it has no more, free segments go back to it first.
    fn ask(&mut self, missing: impl Fn(&Blocks) -> u64) -> Result<u64, OutOfMemory> {
        let mut asked = missing(&self.blocks);
        if self.reserved + asked > self.capacity {
            self.reserved -= self.blocks.release();
            asked = missing(&self.blocks);
        }
        if self.reserved + asked > self.capacity {
            return Err(OutOfMemory { tried: asked });
        }
        self.reserved += asked;
        Ok(asked)
    }
}

/// What a tensor takes at least.
pub(crate) const fn rounded(bytes: u64) -> u64 {
    if bytes == 0 { BLOCK } else { bytes.next_multiple_of(BLOCK) }
}

/// The segment that the card is asked for so that a large tensor finds room.
const fn segment_of(size: u64) -> u64 {
    if size < LEAST_ALONE { LARGE_SEGMENT } else { size.next_multiple_of(STEP) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_END: u64 = u64::MAX;

    fn given(allocator: &mut CachingAllocator, bytes: u64) {
        let lent = allocator.take(bytes).expect("no end");
        allocator.give(lent);
    }

    #[test]
    fn segments_are_as_large_as_the_allocator_says() {
        let mut allocator = CachingAllocator::new(Segments::Fixed, NO_END);
        let reserved = |allocator: &mut CachingAllocator, bytes| {
            allocator.take(bytes).expect("no end");
            allocator.reserved() / MIB
        };
        assert_eq!(reserved(&mut allocator, 100), 2);
        assert_eq!(reserved(&mut allocator, MIB), 2, "a small segment has room for it");
        assert_eq!(reserved(&mut allocator, 8 * MIB), 22);
        assert_eq!(reserved(&mut allocator, 8 * MIB), 22, "so has a large one");
        assert_eq!(reserved(&mut allocator, 8 * MIB), 42);
        assert_eq!(reserved(&mut allocator, 31 * MIB), 74, "in steps of 2 MiB");
        assert_eq!(allocator.allocated(), 512 + MIB + 24 * MIB + 32 * MIB, "a rest of 1 MiB is no block of its own");
        assert_eq!(allocator.held(), allocator.reserved(), "something lies in each");
    }

    #[test]
    fn neighbors_join_and_the_smallest_that_fits_is_taken() {
        let mut allocator = CachingAllocator::new(Segments::Fixed, NO_END);
        let lent: Vec<Lent> = (0..4).map(|_| allocator.take(5 * MIB).expect("no end")).collect();
        assert_eq!(allocator.reserved(), 20 * MIB);
        given(&mut allocator, 100 * MIB);
        for lent in lent {
            allocator.give(lent);
        }
        let whole = allocator.take(20 * MIB).expect("no end");
        assert_eq!(allocator.held(), 20 * MIB, "four of 5 MiB are one of 20 again");
        given(&mut allocator, 60 * MIB);
        allocator.give(whole);
        assert_eq!((allocator.reserved(), allocator.allocated()), (120 * MIB, 0), "the one of 100 MiB was free");
        assert_eq!(allocator.held(), 0);
    }

    #[test]
    fn expandable_segments_lend_a_large_tensor_what_small_ones_left() {
        let reserved = |segments| {
            let mut allocator = CachingAllocator::new(segments, NO_END);
            for mib in [30, 40, 50, 60, 70] {
                given(&mut allocator, mib * MIB);
            }
            allocator.reserved() / MIB
        };
        assert_eq!(reserved(Segments::Fixed), 250);
        assert_eq!(reserved(Segments::Expandable), 80, "four pages of 20 MiB");
    }

    #[test]
    fn free_segments_go_back_before_memory_is_out() {
        for segments in [Segments::Fixed, Segments::Expandable] {
            let mut allocator = CachingAllocator::new(segments, 100 * MIB);
            let stays = allocator.take(12 * MIB).expect("room");
            given(&mut allocator, 50 * MIB);
            given(&mut allocator, 80 * MIB);
            assert!(allocator.reserved() <= 100 * MIB, "{segments:?}: that of 50 MiB went back");
            assert_eq!(allocator.allocated(), 12 * MIB, "{segments:?}");
            let OutOfMemory { tried } = allocator.take(95 * MIB).expect_err("12 and 95 are more than 100");
            assert!(tried >= 80 * MIB, "{segments:?}: {tried}");
            allocator.give(stays);
            given(&mut allocator, 95 * MIB);
            assert!(allocator.take(u64::MAX).is_err() && allocator.take(0).is_ok(), "{segments:?}");
        }
    }

    #[test]
    fn pages_between_tensors_go_back_and_what_is_left_of_them_stays() {
        let mut allocator = CachingAllocator::new(Segments::Expandable, 200 * MIB);
        let [first, middle, last] = [30, 90, 30].map(|mib| allocator.take(mib * MIB).expect("room"));
        assert_eq!(allocator.reserved(), 160 * MIB, "150 MiB in pages of 20");
        allocator.give(middle);
        assert_eq!(allocator.held(), 80 * MIB, "of 30 to 120 MiB the pages from 40 to 120 are free");
        given(&mut allocator, 100 * MIB);
        assert_eq!(allocator.reserved(), 180 * MIB, "10 MiB at the end, 90 asked for, 80 given back");
        for lent in [first, last] {
            allocator.give(lent);
        }
        given(&mut allocator, 200 * MIB);
        assert_eq!((allocator.reserved(), allocator.allocated()), (200 * MIB, 0));
    }
}
