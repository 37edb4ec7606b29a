//! Blocks of the segments that large tensors lie in: which are free, and what lies beside each.

use super::free_list::{FreeList, Index};

#[derive(Debug, Clone, Copy)]
struct Block {
    /// Segments are numbered as the card was asked for them, which is the order of their addresses.
    segment: usize,
    offset: u64,
    size: u64,
    is_free: bool,
    /// The blocks of its segment that lie before and behind it.
    before: Option<Index>,
    behind: Option<Index>,
}

/// The blocks of one pool.
#[derive(Debug)]
pub(super) struct Blocks {
    all: Vec<Block>,
    /// Places in `all` that are not in use.
    spare: Vec<Index>,
    free: FreeList,
    segments: usize,
    /// The last block of a segment that grows, and what that grows by.
    last: Option<Index>,
    page: Option<u64>,
    /// Bytes of free blocks that could be given back to the card.
    releasable: u64,
}

impl Blocks {
    /// None yet; a segment that grows does so by whole pages.
    pub(super) const fn new(page: Option<u64>) -> Self {
        Self { all: Vec::new(), spare: Vec::new(), free: FreeList::new(), segments: 0, last: None, page, releasable: 0 }
    }

    /// Bytes of free blocks that could be given back to the card: whole segments, whole pages of one that grows.
    pub(super) const fn releasable(&self) -> u64 {
        self.releasable
    }

    /// The smallest free block that is large enough; the end of a segment that grows comes last.
    pub(super) fn fitting(&self, size: u64) -> Option<Index> {
        let mut fitting = self.free.sized_from(size);
        let first = fitting.next()?;
        Some(if self.last == Some(first) { fitting.next().unwrap_or(first) } else { first })
    }

    /// Free bytes at the end of a segment that grows.
    pub(super) fn free_end(&self) -> u64 {
        self.last.map_or(0, |last| if self.all[last].is_free { self.all[last].size } else { 0 })
    }

    /// A segment of so many bytes, free.
    pub(super) fn add_segment(&mut self, size: u64) -> Index {
        let segment = self.segments;
        self.segments += 1;
        let made = self.add(Block { segment, offset: 0, size, is_free: true, before: None, behind: None });
        self.insert_free(made);
        made
    }

    /// So many bytes more at the end of the segment that grows: its last block, free.
    pub(super) fn grow(&mut self, bytes: u64) -> Index {
        let Some(last) = self.last else {
            let made = self.add_segment(bytes);
            self.last = Some(made);
            return made;
        };
        if self.all[last].is_free {
            self.remove_free(last);
            self.all[last].size += bytes;
            self.insert_free(last);
            return last;
        }
        let Block { segment, offset, size, .. } = self.all[last];
        let end =
            Block { segment, offset: offset + size, size: bytes, is_free: true, before: Some(last), behind: None };
        let made = self.add(end);
        self.all[last].behind = Some(made);
        self.last = Some(made);
        self.insert_free(made);
        made
    }

    /// Takes a free block, and leaves what is above `size` free where that is more than `least`; the bytes taken.
    pub(super) fn hand_out(&mut self, block: Index, size: u64, least: u64) -> u64 {
        self.remove_free(block);
        let Block { segment, offset, size: whole, behind, .. } = self.all[block];
        let rest = whole.saturating_sub(size);
        if rest > least {
            let left = Block { segment, offset: offset + size, size: rest, is_free: true, before: Some(block), behind };
            let made = self.add(left);
            if let Some(behind) = behind {
                self.all[behind].before = Some(made);
            }
            let taken = &mut self.all[block];
            (taken.size, taken.behind) = (size, Some(made));
            if self.last == Some(block) {
                self.last = Some(made);
            }
            self.insert_free(made);
        }
        let taken = &mut self.all[block];
        taken.is_free = false;
        taken.size
    }

    /// Takes a block back, which joins free ones beside it; its bytes.
    pub(super) fn take_back(&mut self, given: Index) -> u64 {
        let bytes = self.all[given].size;
        let mut block = given;
        if let Some(before) = self.all[block].before.filter(|it| self.all[*it].is_free) {
            self.remove_free(before);
            self.join(before, block);
            block = before;
        }
        if let Some(behind) = self.all[block].behind.filter(|it| self.all[*it].is_free) {
            self.remove_free(behind);
            self.join(block, behind);
        }
        self.all[block].is_free = true;
        self.insert_free(block);
        bytes
    }

    /// Gives back to the card what can be: the bytes.
    pub(super) fn release(&mut self) -> u64 {
        let released = self.releasable;
        for block in self.free.sized_from(0).collect::<Vec<_>>() {
            let Block { segment, offset, size, before, behind, .. } = self.all[block];
            let (from, to) = self.whole_pages(block);
            if from >= to {
                continue;
            }
            self.remove_free(block);
            self.spare.push(block);
            // What is left of a page at either end has nothing beside it any more.
            let head = (from > offset).then(|| {
                let size = from - offset;
                self.add(Block { segment, offset, size, is_free: true, before, behind: None })
            });
            let end = offset + size;
            let tail = (end > to)
                .then(|| self.add(Block { segment, offset: to, size: end - to, is_free: true, before: None, behind }));
            if let Some(before) = before {
                self.all[before].behind = head;
            }
            if let Some(behind) = behind {
                self.all[behind].before = tail;
            }
            if self.last == Some(block) {
                self.last = tail.or(head).or(before);
            }
            head.into_iter().chain(tail).for_each(|piece| self.insert_free(piece));
        }
        released
    }

    /// From where to where a free block could be given back.
    fn whole_pages(&self, block: Index) -> (u64, u64) {
        let Block { offset, size, before, behind, .. } = self.all[block];
        match self.page {
            None if before.is_none() && behind.is_none() => (offset, offset + size),
            None => (offset, offset),
            Some(page) => (offset.next_multiple_of(page), (offset + size) / page * page),
        }
    }

    fn releasable_of(&self, block: Index) -> u64 {
        let (from, to) = self.whole_pages(block);
        to.saturating_sub(from)
    }

    /// The second of two neighbors becomes part of the first.
    fn join(&mut self, first: Index, second: Index) {
        let Block { size, behind, .. } = self.all[second];
        let joined = &mut self.all[first];
        joined.size += size;
        joined.behind = behind;
        if let Some(behind) = behind {
            self.all[behind].before = Some(first);
        }
        if self.last == Some(second) {
            self.last = Some(first);
        }
        self.spare.push(second);
    }

    fn add(&mut self, block: Block) -> Index {
        if let Some(place) = self.spare.pop() {
            self.all[place] = block;
            return place;
        }
        self.all.push(block);
        self.all.len() - 1
    }

    fn insert_free(&mut self, block: Index) {
        self.releasable += self.releasable_of(block);
        let Block { segment, offset, size, .. } = self.all[block];
        self.free.insert(size, (segment, offset, block));
    }

    fn remove_free(&mut self, block: Index) {
        self.releasable -= self.releasable_of(block);
        let Block { segment, offset, size, .. } = self.all[block];
        self.free.remove(size, (segment, offset, block));
    }
}
