//! The engine's graph allocator replayed: best fit into free blocks, in execution order.

use super::graph::TensorId;

/// A block of memory in one buffer.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct MemoryBlock {
    offset: u64,
    size: u64,
}

/// One buffer that grows as it must.
#[derive(Debug, Clone)]
pub(super) struct Arena {
    alignment: u64,
    free: Vec<MemoryBlock>,
    peak: u64,
}

/// The last free block is open-ended.
const ENDLESS: u64 = u64::MAX / 2;

impl Arena {
    /// An empty buffer whose blocks are rounded up to `alignment`.
    pub(super) fn new(alignment: u64) -> Self {
        Self { alignment, free: vec![MemoryBlock { offset: 0, size: ENDLESS }], peak: 0 }
    }

    /// The highest end of any block so far: what the engine reserves.
    pub(super) const fn peak(&self) -> u64 {
        self.peak
    }

    /// The smallest free block that holds `bytes`; the open end only where nothing else does.
    pub(super) fn allocate(&mut self, bytes: u64) -> MemoryBlock {
        let size = bytes.next_multiple_of(self.alignment);
        let last = self.free.len() - 1;
        let mut best = last;
        let mut best_size = u64::MAX;
        for (index, block) in self.free[..last].iter().enumerate() {
            if block.size >= size && block.size <= best_size {
                best = index;
                best_size = block.size;
            }
        }
        let block = &mut self.free[best];
        let offset = block.offset;
        block.offset += size;
        block.size -= size;
        if block.size == 0 {
            self.free.remove(best);
        }
        self.peak = self.peak.max(offset + size);
        MemoryBlock { offset, size }
    }

    /// Gives a block back, joining it with its free neighbors.
    ///
    /// The engine looks through the list from the start, and an empty block given back in the midst of a free one stays
    /// in the list, out of order, and keeps its neighbors apart: so here.
    pub(super) fn release(&mut self, block: MemoryBlock) {
        let end = block.offset + block.size;
        let neighbor = self.free.iter().position(|free| free.offset + free.size == block.offset || end == free.offset);
        let Some(at) = neighbor else {
            let at = self.free.iter().position(|free| free.offset >= block.offset).unwrap_or(self.free.len());
            self.free.insert(at, block);
            return;
        };
        let follows = self.free[at].offset + self.free[at].size == block.offset;
        self.free[at].size += block.size;
        let first = if follows {
            at
        } else {
            self.free[at].offset = block.offset;
            if at == 0 {
                return;
            }
            at - 1
        };
        let Some(next) = self.free.get(first + 1).copied() else { return };
        if self.free[first].offset + self.free[first].size == next.offset {
            self.free[first].size += next.size;
            self.free.remove(first + 1);
        }
    }
}

/// What the allocator knows of one tensor while it runs.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct TensorState {
    children: u32,
    views: u32,
    buffer: u8,
    block: MemoryBlock,
    /// Has memory of this allocator that is not yet given back.
    owned: bool,
    /// Never to be given back or reused.
    pub pinned: bool,
}

impl TensorState {
    /// The buffer and the bytes that the tensor holds just now.
    pub(super) fn held(&self) -> Option<(u8, u64)> {
        self.owned.then_some((self.buffer, self.block.size))
    }
}

/// Someone who looks on; `()` does not look.
pub(super) trait Watch {
    /// This buffer is larger than it ever was; `slots` tell who holds what in it.
    fn grown(&mut self, buffer: u8, slots: &[TensorState]);
}

impl Watch for () {
    fn grown(&mut self, _buffer: u8, _slots: &[TensorState]) {}
}

/// One step of the graph as the scheduler hands it over.
#[derive(Debug, Clone, Copy)]
pub(super) struct GraphStep {
    pub tensor: TensorId,
    /// The buffer its result goes to.
    pub buffer: u8,
}

/// A tensor as the allocator sees it.
pub(super) trait TensorFacts {
    /// Bytes to reserve; `None` for a tensor that has its memory elsewhere.
    fn bytes(&self, id: TensorId, buffer: u8) -> Option<u64>;
    /// The tensor it is a view of.
    fn view_of(&self, id: TensorId) -> Option<TensorId>;
    fn sources(&self, id: TensorId) -> &[TensorId];
    /// May take the place of a source.
    fn can_reuse_source(&self, id: TensorId) -> bool;
    /// Same type and shape.
    fn same_layout(&self, a: TensorId, b: TensorId) -> bool;
    /// An input of the graph.
    fn is_input(&self, id: TensorId) -> bool;
}

/// Replays the allocation of `leafs` and `steps`; `arenas` are the buffers and hold the result.
pub(super) fn run(
    facts: &impl TensorFacts,
    slots: &mut [TensorState],
    arenas: &mut [Arena],
    leafs: &[GraphStep],
    steps: &[GraphStep],
    watch: &mut impl Watch,
) {
    let mut place = |slots: &mut [TensorState], arenas: &mut [Arena], id: TensorId, buffer: u8| {
        let before = arenas[usize::from(buffer)].peak();
        place(facts, slots, arenas, id, buffer);
        if arenas[usize::from(buffer)].peak() > before {
            watch.grown(buffer, slots);
        }
    };
    for step in leafs {
        place(slots, arenas, step.tensor, step.buffer);
    }
    for step in steps {
        if let Some(root) = facts.view_of(step.tensor) {
            slots[root.index()].views += 1;
        }
        for &source in facts.sources(step.tensor) {
            slots[source.index()].children += 1;
            if facts.is_input(source) {
                place(slots, arenas, source, step.buffer);
            }
        }
    }
    for step in steps {
        for &source in facts.sources(step.tensor) {
            place(slots, arenas, source, step.buffer);
        }
        place(slots, arenas, step.tensor, step.buffer);
        for &source in facts.sources(step.tensor) {
            let slot = &mut slots[source.index()];
            slot.children -= 1;
            if slot.children == 0 && slot.views == 0 {
                if let Some(root) = facts.view_of(source) {
                    let root = &mut slots[root.index()];
                    root.views -= 1;
                    if root.views == 0 && root.children == 0 {
                        give_back(root, arenas);
                    }
                } else {
                    give_back(slot, arenas);
                }
            }
        }
    }
}

fn give_back(slot: &mut TensorState, arenas: &mut [Arena]) {
    if slot.owned && !slot.pinned {
        arenas[usize::from(slot.buffer)].release(slot.block);
        slot.owned = false;
    }
}

fn place(facts: &impl TensorFacts, slots: &mut [TensorState], arenas: &mut [Arena], id: TensorId, buffer: u8) {
    if slots[id.index()].owned || facts.view_of(id).is_some() {
        return;
    }
    let Some(bytes) = facts.bytes(id, buffer) else { return };
    if facts.can_reuse_source(id) {
        for &source in facts.sources(id) {
            let parent = slots[source.index()];
            if parent.owned
                && !parent.pinned
                && parent.children == 1
                && parent.views == 0
                && facts.same_layout(id, source)
            {
                slots[source.index()].owned = false;
                let slot = &mut slots[id.index()];
                slot.owned = true;
                slot.buffer = parent.buffer;
                slot.block = parent.block;
                return;
            }
        }
    }
    let slot = &mut slots[id.index()];
    slot.owned = true;
    slot.buffer = buffer;
    slot.block = arenas[usize::from(buffer)].allocate(bytes);
}
