//! The engine's compute graph in outline: which tensors it makes, in which order, and from what.
//!
//! llama.cpp reserves its compute buffers by laying this graph out with `ggml-alloc`. So do we: [`Graph`] is built layer
//! by layer from the model's shape, the scheduler assigns it to devices as `ggml-backend` does, and the allocator replays
//! the allocator. Only sizes matter; nothing is computed. Source of all three: llama.cpp 0.5.0-dev, commit 0c1e57098.

pub(crate) mod builder;
pub(crate) mod role;

pub(crate) use role::GraphRole;

/// A tensor of the graph, by its place in [`Graph::tensors`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TensorId(u32);

impl TensorId {
    /// No tensor.
    pub const NONE: Self = Self(u32::MAX);

    /// Its place in [`Graph::tensors`].
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The most sources an operation has.
pub(crate) const MAX_SOURCES: usize = 7;

/// What makes a tensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    /// Nothing: it is there before the graph runs (an input, a weight, a cache).
    Leaf,
    /// Another look at a tensor; takes no memory.
    View,
    /// Writes into a cache; the result is a view of it.
    Store,
    /// Picks rows; never moved to a device for the sake of its size.
    GetRows,
    /// Rotary embedding: may reuse its source, is not placed by its weights.
    Rope,
    /// Flash attention: not placed by its weights (sinks).
    FlashAttention,
    /// An element-wise operation that may reuse a source.
    Elementwise,
    /// A product with the chosen experts' matrices.
    Experts,
    /// A product that devices have no kernel for: it runs on the CPU, however large the batch.
    OnHost,
    /// Any other operation.
    Compute,
}

impl Op {
    /// Its result may take the place of a source.
    pub(crate) const fn can_reuse_source(self) -> bool {
        matches!(self, Self::Rope | Self::Elementwise)
    }

    /// It runs where its weights lie.
    pub(crate) const fn is_placed_by_weights(self) -> bool {
        !matches!(self, Self::Rope | Self::FlashAttention)
    }
}

/// Where a tensor that is there beforehand lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Home {
    /// Nowhere yet: the allocator places it.
    Graph,
    /// A weight on this backend.
    Weight(u8),
    /// A cache on this backend.
    Cache(u8),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct GraphTensor {
    /// Elements by dimension.
    pub ne: [u64; 4],
    /// Bytes of the data on a device (padding of quantized rows included).
    pub bytes: u64,
    /// Bytes that the operation needs beside its result, on a device; of a view: that a copy of it needs there.
    pub scratch: u64,
    /// What makes it.
    pub op: Op,
    /// Where it lies beforehand.
    pub home: Home,
    /// An input of the graph.
    pub input: bool,
    /// A result that the engine hands out: its memory is never given back.
    pub output: bool,
    /// The tensor that this is a view of.
    pub view_of: TensorId,
    /// What it is to the model.
    pub role: GraphRole,
    /// What it is made from.
    pub sources: [TensorId; MAX_SOURCES],
    /// Visited by [`Graph::expand`].
    pub(crate) visited: bool,
}

/// A weighted sum of experts, which CUDA runs as one kernel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WeightedSum {
    /// The first product: with the experts' own scales, or with the weights.
    pub first: TensorId,
    /// The last product: the same, or that with the weights.
    pub last: TensorId,
    /// The last addition.
    pub sum: TensorId,
}

/// Tensors, and the order in which the engine makes them.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub tensors: Vec<GraphTensor>,
    /// Operations in execution order.
    pub nodes: Vec<TensorId>,
    /// Tensors that are there beforehand, in the order the graph first needs them.
    pub leafs: Vec<TensorId>,
    /// Weighted sums in execution order.
    pub weighted_sums: Vec<WeightedSum>,
}

/// Bytes of an F32 element, which all activations are.
pub(crate) const F32: u64 = 4;
/// Bytes of an F16 element.
pub(crate) const F16: u64 = 2;
/// Bytes of an I32 element.
pub(crate) const I32: u64 = 4;
/// Bytes of an I64 element.
pub(crate) const I64: u64 = 8;

const fn elements(ne: [u64; 4]) -> u64 {
    ne[0] * ne[1] * ne[2] * ne[3]
}

/// A shape from its first dimensions.
pub(crate) const fn shape(a: u64, b: u64, c: u64) -> [u64; 4] {
    [a, b, c, 1]
}

impl Graph {
    /// Empties the graph, keeping its memory.
    pub(crate) fn clear(&mut self) {
        self.tensors.clear();
        self.nodes.clear();
        self.leafs.clear();
        self.weighted_sums.clear();
    }

    /// One more tensor.
    pub(crate) fn add(&mut self, tensor: GraphTensor) -> TensorId {
        let id = TensorId(u32::try_from(self.tensors.len()).unwrap_or(u32::MAX - 1));
        self.tensors.push(tensor);
        id
    }

    fn leaf(&mut self, ne: [u64; 4], bytes: u64, home: Home, input: bool) -> TensorId {
        let role = match home {
            Home::Graph => GraphRole::Input,
            Home::Weight(_) => GraphRole::Weight,
            Home::Cache(_) => GraphRole::Cache,
        };
        self.add(GraphTensor {
            ne,
            bytes,
            scratch: 0,
            op: Op::Leaf,
            home,
            input,
            output: false,
            view_of: TensorId::NONE,
            role,
            sources: [TensorId::NONE; MAX_SOURCES],
            visited: false,
        })
    }

    /// An input of the graph with elements of so many bytes.
    pub(crate) fn input(&mut self, ne: [u64; 4], element_bytes: u64) -> TensorId {
        self.leaf(ne, elements(ne) * element_bytes, Home::Graph, true)
    }

    /// A weight of so many (padded) bytes on a backend.
    pub(crate) fn weight(&mut self, bytes: u64, backend: u8) -> TensorId {
        self.leaf([1; 4], bytes, Home::Weight(backend), false)
    }

    pub(crate) fn cache(&mut self, bytes: u64, backend: u8) -> TensorId {
        self.leaf([1; 4], bytes, Home::Cache(backend), false)
    }

    fn operation(&mut self, op: Op, ne: [u64; 4], sources: &[TensorId]) -> TensorId {
        let mut all = [TensorId::NONE; MAX_SOURCES];
        for (slot, source) in all.iter_mut().zip(sources) {
            *slot = *source;
        }
        // A result is to the model what it is made from, unless it is given a role of its own.
        let mut roles = sources.iter().map(|source| self.tensors[source.index()].role);
        let role = roles.find(|role| !role.is_given()).unwrap_or_default();
        self.add(GraphTensor {
            ne,
            bytes: elements(ne) * F32,
            scratch: 0,
            op,
            home: Home::Graph,
            input: false,
            output: false,
            view_of: TensorId::NONE,
            role,
            sources: all,
            visited: false,
        })
    }

    /// An F32 result of this shape.
    pub(crate) fn compute(&mut self, ne: [u64; 4], sources: &[TensorId]) -> TensorId {
        self.operation(Op::Compute, ne, sources)
    }

    /// A result of this shape with elements of another width.
    pub(crate) fn compute_as(&mut self, ne: [u64; 4], element_bytes: u64, sources: &[TensorId]) -> TensorId {
        let id = self.compute(ne, sources);
        self.tensors[id.index()].bytes = elements(ne) * element_bytes;
        id
    }

    /// An element-wise result: shaped as the first source, which it may take the place of.
    pub(crate) fn elementwise(&mut self, sources: &[TensorId]) -> TensorId {
        let ne = self.tensors[sources[0].index()].ne;
        self.operation(Op::Elementwise, ne, sources)
    }

    /// An element-wise result whose elements are as wide as those of the first source.
    pub(crate) fn elementwise_like(&mut self, sources: &[TensorId]) -> TensorId {
        let bytes = self.tensors[sources[0].index()].bytes;
        let id = self.elementwise(sources);
        self.tensors[id.index()].bytes = bytes;
        id
    }

    /// Room for values that an operation sets: no input, yet there from the start.
    pub(crate) fn constant(&mut self, ne: [u64; 4]) -> TensorId {
        self.leaf(ne, elements(ne) * F32, Home::Graph, false)
    }

    /// Rotary embedding of `x`.
    pub(crate) fn rope(&mut self, x: TensorId, sources: &[TensorId]) -> TensorId {
        let ne = self.tensors[x.index()].ne;
        let mut all = [x, TensorId::NONE, TensorId::NONE];
        for (slot, source) in all[1..].iter_mut().zip(sources) {
            *slot = *source;
        }
        self.operation(Op::Rope, ne, &all[..=sources.len()])
    }

    /// Rows of `table` picked by `rows`.
    pub(crate) fn get_rows(&mut self, ne: [u64; 4], table: TensorId, rows: TensorId) -> TensorId {
        self.operation(Op::GetRows, ne, &[table, rows])
    }

    /// Flash attention with `scratch` bytes beside the result.
    pub(crate) fn flash_attention(&mut self, ne: [u64; 4], scratch: u64, sources: &[TensorId]) -> TensorId {
        let id = self.operation(Op::FlashAttention, ne, sources);
        self.tensors[id.index()].scratch = scratch;
        id
    }

    /// Gives `x` a role of its own.
    pub(crate) fn mark(&mut self, x: TensorId, role: GraphRole) -> TensorId {
        self.tensors[x.index()].role = role;
        x
    }

    fn root(&self, x: TensorId) -> TensorId {
        let view_of = self.tensors[x.index()].view_of;
        if view_of == TensorId::NONE { x } else { view_of }
    }

    fn view_op(&mut self, op: Op, ne: [u64; 4], bytes: u64, of: TensorId, sources: &[TensorId]) -> TensorId {
        let root = self.root(of);
        let id = self.operation(op, ne, sources);
        let tensor = &mut self.tensors[id.index()];
        tensor.view_of = root;
        tensor.bytes = bytes;
        id
    }

    /// Another shape over (part of) the data of `x`: reshape, view, permute, transpose.
    pub(crate) fn view(&mut self, x: TensorId, ne: [u64; 4]) -> TensorId {
        self.view_op(Op::View, ne, elements(ne) * F32, x, &[x])
    }

    /// A part of every row of `x`, which spans all from the first element to the last: what a copy must hold.
    pub(crate) fn part(&mut self, x: TensorId, ne: [u64; 4]) -> TensorId {
        let whole = self.ne(x);
        let rows = elements(whole) / whole[0].max(1);
        let taken = elements(ne) / rows.max(1);
        let bytes = F32 * (whole[0] * rows.saturating_sub(1) + taken);
        self.view_op(Op::View, ne, bytes, x, &[x])
    }

    /// So many bytes of a cache as an attention operation reads them; a copy on a device takes `padding` more.
    pub(crate) fn cache_view(&mut self, cache: TensorId, bytes: u64, padding: u64) -> TensorId {
        let id = self.view_op(Op::View, [1; 4], bytes, cache, &[cache]);
        self.tensors[id.index()].scratch = padding;
        id
    }

    /// Rows written into `cache` at `places`.
    pub(crate) fn store(&mut self, cache: TensorId, rows: TensorId, places: TensorId) -> TensorId {
        self.view_op(Op::Store, [1; 4], 0, cache, &[rows, places, cache])
    }

    /// `cache` changed in place by what `sources` tell.
    pub(crate) fn overwrite(&mut self, cache: TensorId, sources: &[TensorId]) -> TensorId {
        self.view_op(Op::Store, [1; 4], 0, cache, sources)
    }

    /// Shape of a tensor.
    pub(crate) fn ne(&self, x: TensorId) -> [u64; 4] {
        self.tensors[x.index()].ne
    }

    /// Puts `x` and all that it needs into the execution order, as `ggml_build_forward_expand` does.
    pub(crate) fn expand(&mut self, x: TensorId) {
        if std::mem::replace(&mut self.tensors[x.index()].visited, true) {
            return;
        }
        for source in self.tensors[x.index()].sources {
            if source == TensorId::NONE {
                break;
            }
            self.expand(source);
        }
        if self.tensors[x.index()].op == Op::Leaf { self.leafs.push(x) } else { self.nodes.push(x) }
    }
}
