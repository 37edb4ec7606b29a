//! `PyTorch`'s caching allocator on one card: what a run reserves of it, tensor by tensor.
//!
//! Rules: `c10/cuda/CUDACachingAllocator.cpp` of `PyTorch` (001074d2 of its repository: `round_size`, `get_allocation_size`,
//! `get_free_block`, `should_split`, `try_merge_blocks`, `try_allocate_expandable_block`). Small numbers share segments of 2 MiB,
//! middling ones segments of 20 MiB, large ones are asked of the card one by one in steps of 2 MiB. What a tensor leaves is kept
//! for the next that fits. Segments that expand grow at their end, page by page.

use crate::units::MIB;

/// Every tensor takes a multiple of this.
const BLOCK: u64 = 512;
/// The largest that shares a small segment.
pub(crate) const SMALL: u64 = MIB;
pub(crate) const SMALL_SEGMENT: u64 = 2 * MIB;
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

/// A block that is handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lent(usize);

#[derive(Debug, Clone, Copy)]
struct Block {
    address: u64,
    size: u64,
    is_free: bool,
    /// The blocks of its segment that lie before and behind it.
    before: Option<usize>,
    behind: Option<usize>,
}

/// Free blocks, in the order of size and address, and the last block of a segment that grows.
#[derive(Debug)]
struct Pool {
    free: Vec<(u64, u64, usize)>,
    last: Option<usize>,
}

/// The allocator of one process on one card.
#[derive(Debug)]
pub(crate) struct CachingAllocator {
    segments: Segments,
    small: Pool,
    large: Pool,
    blocks: Vec<Block>,
    /// Places in `blocks` that are not in use.
    spare: Vec<usize>,
    next_address: u64,
    reserved: u64,
    allocated: u64,
}

impl CachingAllocator {
    pub(crate) const fn new(segments: Segments) -> Self {
        Self {
            segments,
            small: Pool { free: Vec::new(), last: None },
            large: Pool { free: Vec::new(), last: None },
            blocks: Vec::new(),
            spare: Vec::new(),
            next_address: 0,
            reserved: 0,
            allocated: 0,
        }
    }

    /// Bytes asked of the card so far: nothing is given back.
    pub(crate) const fn reserved(&self) -> u64 {
        self.reserved
    }

    /// Bytes of the blocks that are handed out.
    pub(crate) const fn allocated(&self) -> u64 {
        self.allocated
    }

    /// What the card is asked for so that a tensor of so many bytes finds room; `None` = there is a block for it.
    pub(crate) fn asks(&self, bytes: u64) -> Option<u64> {
        let size = rounded(bytes);
        self.fitting(size).is_none().then(|| self.missing(size))
    }

    /// What the card is asked for where no block fits.
    fn missing(&self, size: u64) -> u64 {
        match self.segments {
            Segments::Fixed => segment_of(size),
            Segments::Expandable => {
                (size - self.free_end(size).map_or(0, |(_, free)| free)).next_multiple_of(page_of(size))
            }
        }
    }

    /// A block for a tensor of so many bytes.
    pub(crate) fn take(&mut self, bytes: u64) -> Lent {
        let size = rounded(bytes);
        let block = match self.fitting(size) {
            Some(block) => block,
            None => self.extend(size, self.missing(size)),
        };
        self.remove_free(block, is_small(size));
        self.split(block, size);
        let found = &mut self.blocks[block];
        found.is_free = false;
        self.allocated += found.size;
        Lent(block)
    }

    /// A tensor is no more: its block joins free ones beside it.
    pub(crate) fn give(&mut self, lent: Lent, bytes: u64) {
        let small = is_small(rounded(bytes));
        let mut block = lent.0;
        self.allocated -= self.blocks[block].size;
        if let Some(before) = self.blocks[block].before.filter(|it| self.blocks[*it].is_free) {
            self.remove_free(before, small);
            self.join(before, block, small);
            block = before;
        }
        if let Some(behind) = self.blocks[block].behind.filter(|it| self.blocks[*it].is_free) {
            self.remove_free(behind, small);
            self.join(block, behind, small);
        }
        self.blocks[block].is_free = true;
        self.insert_free(block, small);
    }

    /// The smallest free block that is large enough; the end of a segment that grows comes last.
    fn fitting(&self, size: u64) -> Option<usize> {
        let pool = self.pool(is_small(size));
        let place = pool.free.partition_point(|(free, ..)| *free < size);
        let (_, _, first) = *pool.free.get(place)?;
        let next = pool.free.get(place + 1).filter(|_| pool.last == Some(first));
        Some(next.map_or(first, |(_, _, next)| *next))
    }

    /// The free block at the end of a segment that grows.
    fn free_end(&self, size: u64) -> Option<(usize, u64)> {
        let last = self.pool(is_small(size)).last?;
        let block = self.blocks[last];
        block.is_free.then_some((last, block.size))
    }

    /// A free block of what the card was asked for.
    fn extend(&mut self, size: u64, asked: u64) -> usize {
        let small = is_small(size);
        self.reserved += asked;
        if self.segments == Segments::Expandable
            && let Some((end, _)) = self.free_end(size)
        {
            self.remove_free(end, small);
            self.blocks[end].size += asked;
            self.insert_free(end, small);
            return end;
        }
        let before = if self.segments == Segments::Expandable { self.pool(small).last } else { None };
        // Segments that grow have addresses of their own to grow into.
        let address = before.map_or(self.next_address, |it| self.blocks[it].address + self.blocks[it].size);
        self.next_address += asked + if self.segments == Segments::Expandable { 1 << 50 } else { 0 };
        let made = self.add(Block { address, size: asked, is_free: true, before, behind: None });
        if let Some(before) = before {
            self.blocks[before].behind = Some(made);
        }
        if self.segments == Segments::Expandable {
            self.pool_mut(small).last = Some(made);
        }
        self.insert_free(made, small);
        made
    }

    /// Leaves what is above `size` free, where it is worth a block.
    fn split(&mut self, block: usize, size: u64) {
        let Block { address, size: whole, behind, .. } = self.blocks[block];
        let (rest, small) = (whole - size, is_small(size));
        let splits = if small || self.segments == Segments::Expandable { rest >= BLOCK } else { rest > SMALL };
        if !splits {
            return;
        }
        let made = self.add(Block { address: address + size, size: rest, is_free: true, before: Some(block), behind });
        if let Some(behind) = behind {
            self.blocks[behind].before = Some(made);
        }
        let found = &mut self.blocks[block];
        (found.size, found.behind) = (size, Some(made));
        if self.pool(small).last == Some(block) {
            self.pool_mut(small).last = Some(made);
        }
        self.insert_free(made, small);
    }

    /// The second of two neighbors becomes part of the first.
    fn join(&mut self, first: usize, second: usize, small: bool) {
        let Block { size, behind, .. } = self.blocks[second];
        let joined = &mut self.blocks[first];
        joined.size += size;
        joined.behind = behind;
        if let Some(behind) = behind {
            self.blocks[behind].before = Some(first);
        }
        if self.pool(small).last == Some(second) {
            self.pool_mut(small).last = Some(first);
        }
        self.spare.push(second);
    }

    fn add(&mut self, block: Block) -> usize {
        if let Some(place) = self.spare.pop() {
            self.blocks[place] = block;
            return place;
        }
        self.blocks.push(block);
        self.blocks.len() - 1
    }

    fn insert_free(&mut self, block: usize, small: bool) {
        let Block { size, address, .. } = self.blocks[block];
        let free = &mut self.pool_mut(small).free;
        let place = free.partition_point(|other| *other < (size, address, block));
        free.insert(place, (size, address, block));
    }

    fn remove_free(&mut self, block: usize, small: bool) {
        let Block { size, address, .. } = self.blocks[block];
        let free = &mut self.pool_mut(small).free;
        if let Ok(place) = free.binary_search(&(size, address, block)) {
            free.remove(place);
        }
    }

    const fn pool(&self, small: bool) -> &Pool {
        if small { &self.small } else { &self.large }
    }

    const fn pool_mut(&mut self, small: bool) -> &mut Pool {
        if small { &mut self.small } else { &mut self.large }
    }
}

const fn is_small(size: u64) -> bool {
    size <= SMALL
}

/// What a tensor takes at least.
pub(crate) fn rounded(bytes: u64) -> u64 {
    bytes.max(1).next_multiple_of(BLOCK)
}

/// The segment that the card is asked for so that a tensor finds room.
const fn segment_of(size: u64) -> u64 {
    match size {
        size if size <= SMALL => SMALL_SEGMENT,
        size if size < LEAST_ALONE => LARGE_SEGMENT,
        size => size.next_multiple_of(STEP),
    }
}

/// What a segment that expands grows by.
const fn page_of(size: u64) -> u64 {
    if size <= SMALL { SMALL_SEGMENT } else { LARGE_SEGMENT }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(allocator: &mut CachingAllocator, bytes: u64) {
        let lent = allocator.take(bytes);
        allocator.give(lent, bytes);
    }

    #[test]
    fn segments_are_as_large_as_the_allocator_says() {
        let mut allocator = CachingAllocator::new(Segments::Fixed);
        let reserved = |allocator: &mut CachingAllocator, bytes| {
            allocator.take(bytes);
            allocator.reserved() / MIB
        };
        assert_eq!(reserved(&mut allocator, 100), 2);
        assert_eq!(reserved(&mut allocator, MIB), 2, "a small segment has room for it");
        assert_eq!(reserved(&mut allocator, 8 * MIB), 22);
        assert_eq!(reserved(&mut allocator, 8 * MIB), 22, "so has a large one");
        assert_eq!(reserved(&mut allocator, 8 * MIB), 42);
        assert_eq!(reserved(&mut allocator, 31 * MIB), 74, "in steps of 2 MiB");
        assert_eq!(allocator.allocated(), 512 + MIB + 24 * MIB + 32 * MIB, "a rest of 1 MiB is no block of its own");
    }

    #[test]
    fn neighbors_join_and_the_smallest_that_fits_is_taken() {
        let mut allocator = CachingAllocator::new(Segments::Fixed);
        let lent: Vec<Lent> = (0..4).map(|_| allocator.take(5 * MIB)).collect();
        assert_eq!(allocator.reserved(), 20 * MIB);
        given(&mut allocator, 100 * MIB);
        lent.into_iter().for_each(|lent| allocator.give(lent, 5 * MIB));
        assert_eq!(allocator.asks(20 * MIB), None, "four of 5 MiB are one of 20 again");
        let whole = allocator.take(20 * MIB);
        assert_eq!(allocator.asks(60 * MIB), None, "and the one of 100 MiB is free");
        allocator.give(whole, 20 * MIB);
        assert_eq!((allocator.reserved(), allocator.allocated()), (120 * MIB, 0));
    }

    #[test]
    fn expandable_segments_lend_a_large_tensor_what_small_ones_left() {
        let reserved = |segments| {
            let mut allocator = CachingAllocator::new(segments);
            for mib in [30, 40, 50, 60, 70] {
                given(&mut allocator, mib * MIB);
            }
            allocator.reserved() / MIB
        };
        assert_eq!(reserved(Segments::Fixed), 250);
        assert_eq!(reserved(Segments::Expandable), 80, "four pages of 20 MiB");
    }
}
