//! Which backend runs which part of the graph, and what must be copied to it: `ggml-backend`'s scheduler in outline.
//!
//! Backends are numbered as the engine does: devices first, the CPU last.

use super::allocate::{self, Arena, GraphStep, TensorFacts, TensorState, Watch};
use super::graph::{Graph, GraphRole, GraphTensor, Home, MAX_SOURCES, Op, TensorId, WeightedSum};

/// How the graph is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Schedule {
    /// Devices; the CPU has this number.
    pub devices: u8,
    /// Devices that other boxes hold, the first of all.
    pub remote: u8,
    /// Copies of every input, 1 or more (pipelining over several devices).
    pub copies: u8,
    /// Devices sum weighted experts in one kernel, which reads all of them until the end (CUDA).
    pub sums_at_once: bool,
}

/// Batches below this stay where their weights are.
const OFFLOAD_ROWS: u64 = 32;
/// Which source of flash attention the values are.
const VALUES: usize = 2;
/// Device buffers are aligned to so many bytes (CUDA).
const DEVICE_ALIGNMENT: u64 = 128;
/// Host buffers are aligned to so many bytes.
const HOST_ALIGNMENT: u64 = 32;

/// A part of the graph that one backend runs in one go.
#[derive(Debug)]
struct GraphSplit {
    backend: u8,
    nodes: std::ops::Range<usize>,
    inputs: Vec<TensorId>,
}

/// The graph on its way to backends.
struct Scheduler<'a> {
    graph: &'a mut Graph,
    schedule: Schedule,
    /// Backend of each tensor.
    backend: Vec<Option<u8>>,
    copies: Copies,
}

/// Copies of tensors on other backends, chained by the tensor they are of.
#[derive(Debug)]
struct Copies {
    /// Place in `list` of the newest copy of each tensor, plus one; 0 for none.
    newest: Vec<u32>,
    /// Backend, copy, and the next older copy of the same tensor.
    list: Vec<(u8, TensorId, u32)>,
}

impl Copies {
    fn new(tensors: usize) -> Self {
        Self { newest: vec![0; tensors], list: Vec::new() }
    }

    fn on(&self, of: TensorId, backend: u8) -> Option<TensorId> {
        let mut at = *self.newest.get(of.index())?;
        while let Some(&(on, copy, older)) = at.checked_sub(1).and_then(|at| self.list.get(at as usize)) {
            if on == backend {
                return Some(copy);
            }
            at = older;
        }
        None
    }

    fn add(&mut self, of: TensorId, backend: u8, copy: TensorId) {
        let Some(newest) = self.newest.get_mut(of.index()) else { return };
        self.list.push((backend, copy, *newest));
        *newest = u32::try_from(self.list.len()).unwrap_or(0);
    }
}

/// A tensor that takes room while a buffer is at its fullest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::estimate) struct Alive {
    /// What it is to the model.
    pub role: GraphRole,
    /// Elements by dimension.
    pub ne: [u64; 4],
    /// Bytes that it holds: scratch and alignment included.
    pub bytes: u64,
}

/// Who held what when each buffer was last at its largest.
struct Fullest(Vec<Vec<(usize, u64)>>);

impl Watch for Fullest {
    fn grown(&mut self, buffer: u8, slots: &[TensorState]) {
        let held = slots.iter().enumerate().filter_map(|(index, slot)| Some((index, slot.held()?)));
        let here = held.filter(|(_, (in_buffer, _))| *in_buffer == buffer).map(|(index, (_, bytes))| (index, bytes));
        if let Some(kept) = self.0.get_mut(usize::from(buffer)) {
            *kept = here.collect();
        }
    }
}

/// Bytes that the engine reserves in each backend's buffer, in backend order.
pub(super) fn reserve(graph: &mut Graph, schedule: Schedule) -> Vec<u64> {
    replay(graph, schedule, &mut ())
}

/// What lies in each backend's buffer while it is at its fullest, in backend order.
pub(super) fn fullest(graph: &mut Graph, schedule: Schedule) -> Vec<Vec<Alive>> {
    let mut fullest = Fullest(vec![Vec::new(); usize::from(schedule.devices) + 1]);
    replay(graph, schedule, &mut fullest);
    let alive = |(index, bytes): (usize, u64)| {
        let tensor = graph.tensors.get(index)?;
        Some(Alive { role: tensor.role, ne: tensor.ne, bytes })
    };
    fullest.0.into_iter().map(|held| held.into_iter().filter_map(alive).collect()).collect()
}

fn replay(graph: &mut Graph, schedule: Schedule, watch: &mut impl Watch) -> Vec<u64> {
    let backend = vec![None; graph.tensors.len()];
    let copies = Copies::new(graph.tensors.len());
    let mut scheduler = Scheduler { graph, schedule, backend, copies };
    scheduler.assign_by_home();
    scheduler.spread();
    scheduler.assign_rest();
    let splits = scheduler.split();
    let order = scheduler.lay_out(&splits);
    let mut slots = vec![TensorState::default(); scheduler.graph.tensors.len()];
    for id in &order.pinned {
        slots[id.index()].pinned = true;
    }
    for (slot, tensor) in slots.iter_mut().zip(&scheduler.graph.tensors) {
        slot.pinned |= tensor.output;
    }
    let cpu = usize::from(schedule.devices);
    let mut arenas: Vec<Arena> =
        (0..=cpu).map(|index| Arena::new(if index == cpu { HOST_ALIGNMENT } else { DEVICE_ALIGNMENT })).collect();
    let sizes = Sizes { graph: scheduler.graph, cpu: schedule.devices };
    allocate::run(&sizes, &mut slots, &mut arenas, &order.leafs, &order.steps, watch);
    arenas.iter().map(Arena::peak).collect()
}

impl Scheduler<'_> {
    fn tensor(&self, id: TensorId) -> &GraphTensor {
        &self.graph.tensors[id.index()]
    }

    fn home(&self, id: TensorId) -> Option<u8> {
        let tensor = self.tensor(id);
        let home = if tensor.view_of == TensorId::NONE { tensor.home } else { self.tensor(tensor.view_of).home };
        match home {
            Home::Graph => None,
            Home::Weight(backend) | Home::Cache(backend) => Some(backend),
        }
    }

    fn assign_by_home(&mut self) {
        for &leaf in &self.graph.leafs {
            self.backend[leaf.index()] =
                self.home(leaf).or_else(|| self.tensor(leaf).input.then_some(self.schedule.devices));
        }
        for &node in &self.graph.nodes {
            self.backend[node.index()] = self.home(node).or_else(|| self.by_weights(node));
        }
    }

    /// The backend of the first weight, or the first device where the weight lies in RAM and the batch is large.
    fn by_weights(&self, node: TensorId) -> Option<u8> {
        let tensor = self.tensor(node);
        if !tensor.op.is_placed_by_weights() || tensor.op == Op::View {
            return None;
        }
        let weight =
            tensor.sources.iter().take_while(|source| **source != TensorId::NONE).find_map(|source| {
                match self.tensor(*source).home {
                    Home::Weight(backend) => Some(backend),
                    Home::Graph | Home::Cache(_) => None,
                }
            })?;
        if tensor.op == Op::OnHost {
            return (weight == self.schedule.devices).then_some(weight);
        }
        let rows = match tensor.op {
            Op::GetRows => 0,
            Op::Experts => tensor.ne[2],
            Op::Elementwise => tensor.ne[1] * tensor.ne[2] * tensor.ne[3],
            _ => tensor.ne[1],
        };
        let moves = weight == self.schedule.devices && self.schedule.devices > 0 && rows >= OFFLOAD_ROWS;
        // Devices of other boxes take no such work.
        Some(if moves { self.schedule.remote.min(self.schedule.devices - 1) } else { weight })
    }

    /// Operations without weights run where their neighbors do; devices spread first.
    fn spread(&mut self) {
        let cpu = self.schedule.devices;
        for (skip_cpu, up) in [(true, false), (true, true), (false, false), (false, true)] {
            let mut current = None;
            let count = self.graph.nodes.len();
            for index in 0..count {
                let node = self.graph.nodes[if up { count - 1 - index } else { index }];
                if self.tensor(node).op == Op::View {
                    continue;
                }
                match self.backend[node.index()] {
                    Some(backend) if skip_cpu && backend == cpu => current = None,
                    Some(backend) => current = Some(backend),
                    None if self.tensor(node).op == Op::OnHost => {}
                    None => self.backend[node.index()] = current,
                }
            }
        }
    }

    /// Views lie where their source does, inputs that nobody claimed where they are used.
    fn assign_rest(&mut self) {
        for index in 0..self.graph.nodes.len() {
            let node = self.graph.nodes[index];
            let tensor = *self.tensor(node);
            if tensor.op == Op::OnHost {
                self.backend[node.index()] = Some(self.schedule.devices);
            }
            if self.backend[node.index()].is_none() && tensor.view_of != TensorId::NONE {
                self.backend[node.index()] = self.backend[tensor.view_of.index()];
            }
            for source in tensor.sources.into_iter().take_while(|source| *source != TensorId::NONE) {
                if self.backend[source.index()].is_none() {
                    let root = self.tensor(source).view_of;
                    self.backend[source.index()] =
                        if root == TensorId::NONE { self.backend[node.index()] } else { self.backend[root.index()] };
                }
            }
        }
    }

    fn copy_on(&self, id: TensorId, backend: u8) -> Option<TensorId> {
        self.copies.on(id, backend)
    }

    fn copy_of(&mut self, id: TensorId) -> TensorId {
        let source = *self.tensor(id);
        self.graph.add(GraphTensor {
            scratch: if matches!(source.op, Op::View | Op::Leaf) { source.scratch } else { 0 },
            op: Op::Leaf,
            home: Home::Graph,
            input: false,
            output: false,
            view_of: TensorId::NONE,
            sources: [TensorId::NONE; MAX_SOURCES],
            ..source
        })
    }

    /// Cuts the order into splits of one backend each, and redirects sources on other backends to copies.
    fn split(&mut self) -> Vec<GraphSplit> {
        let mut splits: Vec<GraphSplit> = Vec::new();
        for index in 0..self.graph.nodes.len() {
            let node = self.graph.nodes[index];
            if self.tensor(node).op == Op::View {
                continue;
            }
            let backend = self.backend[node.index()].unwrap_or(self.schedule.devices);
            let sources = self.tensor(node).sources;
            let starts = match splits.last_mut() {
                None => true,
                Some(split) if split.backend != backend => {
                    split.nodes.end = index;
                    true
                }
                Some(split) => {
                    let foreign_weight = |source: &TensorId| matches!(self.graph.tensors[source.index()].home, Home::Weight(home) if home != backend);
                    let fresh = !split.inputs.is_empty()
                        && sources.iter().take_while(|source| **source != TensorId::NONE).any(foreign_weight);
                    if fresh {
                        split.nodes.end = index;
                    }
                    fresh
                }
            };
            if starts {
                let start = if splits.is_empty() { 0 } else { index };
                splits.push(GraphSplit { backend, nodes: start..index, inputs: Vec::new() });
            }
            for (slot, source) in sources.into_iter().enumerate().take_while(|(_, source)| *source != TensorId::NONE) {
                if self.backend[source.index()] == Some(backend) {
                    continue;
                }
                let copy = self.copy_on(source, backend).unwrap_or_else(|| {
                    let copy = self.copy_of(source);
                    self.copies.add(source, backend, copy);
                    if let Some(split) = splits.last_mut() {
                        split.inputs.push(source);
                    }
                    copy
                });
                self.graph.tensors[node.index()].sources[slot] = copy;
                self.part_values(node, slot, sources);
            }
        }
        if let Some(split) = splits.last_mut() {
            split.nodes.end = self.graph.nodes.len();
        }
        splits
    }

    /// Values that are the beginnings of the keys share the kernel's scratch with them; copied to another backend they are
    /// a tensor of their own, and need their own.
    fn part_values(&mut self, node: TensorId, slot: usize, sources: [TensorId; MAX_SOURCES]) {
        let [query, keys, values, ..] = sources;
        let root = |id: TensorId| Some(self.tensor(id).view_of).filter(|root| *root != TensorId::NONE);
        if slot != VALUES
            || self.tensor(node).op != Op::FlashAttention
            || root(keys).is_none_or(|it| root(values) != Some(it))
        {
            return;
        }
        let (rank, width) = (self.tensor(node).ne[0], self.tensor(query).ne[0].max(1));
        let shared = self.tensor(node).scratch;
        self.graph.tensors[node.index()].scratch += shared / width * rank;
    }

    /// The order in which the allocator sees everything: leafs, then for each split its inputs and its nodes.
    fn lay_out(&mut self, splits: &[GraphSplit]) -> AllocationOrder {
        let (mut leafs, mut pinned) = (Vec::new(), Vec::new());
        if self.schedule.copies > 1 {
            let inputs: Vec<TensorId> =
                self.graph.leafs.iter().copied().filter(|leaf| self.tensor(*leaf).input).collect();
            for input in inputs {
                self.pin_copies(input, self.schedule.devices, &mut leafs, &mut pinned);
            }
            for split in splits {
                for input in &split.inputs {
                    if let Some(copy) = self.copy_on(*input, split.backend) {
                        self.pin_copies(copy, split.backend, &mut leafs, &mut pinned);
                    }
                }
            }
        }
        leafs.extend(self.graph.leafs.iter().map(|leaf| GraphStep {
            tensor: *leaf,
            buffer: self.backend[leaf.index()].unwrap_or(self.schedule.devices),
        }));
        let mut steps = Vec::with_capacity(self.graph.nodes.len() + 2 * self.copies.list.len());
        let sums = std::mem::take(&mut self.graph.weighted_sums);
        let mut sums = sums.iter().peekable();
        for split in splits {
            for input in &split.inputs {
                let owner = self.backend[input.index()].unwrap_or(self.schedule.devices);
                steps.push(GraphStep { tensor: self.keep(&[*input]), buffer: owner });
                if let Some(copy) = self.copy_on(*input, split.backend) {
                    steps.push(GraphStep { tensor: copy, buffer: split.backend });
                }
            }
            for index in split.nodes.clone() {
                let node = self.graph.nodes[index];
                steps.push(GraphStep { tensor: node, buffer: split.backend });
                if let Some(sum) = sums.next_if(|sum| sum.sum == node)
                    && self.is_summed_at_once(sum, split.backend)
                {
                    let first = self.tensor(sum.first).sources;
                    let last = self.tensor(sum.last).sources;
                    let read =
                        if sum.first == sum.last { vec![first[0], last[1]] } else { vec![first[0], last[1], first[1]] };
                    steps.push(GraphStep { tensor: self.keep(&read), buffer: split.backend });
                }
            }
        }
        AllocationOrder { leafs, steps, pinned }
    }

    /// Whether the device runs the products and the sum of weighted experts as one.
    fn is_summed_at_once(&self, of: &WeightedSum, backend: u8) -> bool {
        let here = |id: TensorId| self.backend[id.index()] == Some(backend);
        // What other boxes run is not arranged by their own library.
        let own = backend >= self.schedule.remote && backend != self.schedule.devices;
        self.schedule.sums_at_once && own && here(of.first) && here(of.last)
    }

    /// A step that only keeps `sources` from being given back before it.
    fn keep(&mut self, sources: &[TensorId]) -> TensorId {
        let mut all = [TensorId::NONE; MAX_SOURCES];
        for (slot, source) in all.iter_mut().zip(sources) {
            *slot = *source;
        }
        let like = *self.tensor(all[0]);
        self.graph.add(GraphTensor {
            home: Home::Cache(0),
            op: Op::Leaf,
            view_of: TensorId::NONE,
            sources: all,
            input: false,
            output: false,
            ..like
        })
    }

    fn pin_copies(&mut self, first: TensorId, buffer: u8, leafs: &mut Vec<GraphStep>, pinned: &mut Vec<TensorId>) {
        for index in 0..self.schedule.copies {
            let tensor = if index == 0 { first } else { self.copy_of(first) };
            leafs.push(GraphStep { tensor, buffer });
            pinned.push(tensor);
        }
    }
}

/// Everything that the allocator sees, in its order.
struct AllocationOrder {
    leafs: Vec<GraphStep>,
    steps: Vec<GraphStep>,
    /// What it never takes back.
    pinned: Vec<TensorId>,
}

struct Sizes<'a> {
    graph: &'a Graph,
    cpu: u8,
}

impl TensorFacts for Sizes<'_> {
    fn bytes(&self, id: TensorId, buffer: u8) -> Option<u64> {
        let tensor = &self.graph.tensors[id.index()];
        (tensor.home == Home::Graph).then(|| tensor.bytes + if buffer == self.cpu { 0 } else { tensor.scratch })
    }

    fn view_of(&self, id: TensorId) -> Option<TensorId> {
        let root = self.graph.tensors[id.index()].view_of;
        (root != TensorId::NONE).then_some(root)
    }

    fn sources(&self, id: TensorId) -> &[TensorId] {
        let sources = &self.graph.tensors[id.index()].sources;
        let count = sources.iter().position(|source| *source == TensorId::NONE).unwrap_or(MAX_SOURCES);
        &sources[..count]
    }

    fn can_reuse_source(&self, id: TensorId) -> bool {
        self.graph.tensors[id.index()].op.can_reuse_source()
    }

    fn same_layout(&self, a: TensorId, b: TensorId) -> bool {
        let (a, b) = (&self.graph.tensors[a.index()], &self.graph.tensors[b.index()]);
        a.ne == b.ne && a.bytes == b.bytes
    }

    fn is_input(&self, id: TensorId) -> bool {
        self.graph.tensors[id.index()].input
    }
}
