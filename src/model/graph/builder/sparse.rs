//! Sparse attention over blocks of tokens (`MiniMax` M3): an indexer scores the blocks for every group of heads, and each
//! group attends to the best of them. Order of operations: llama.cpp's `minimax-m3.cpp`, a batch of tokens.

use super::{Block, Frame, GraphBuilder};
use crate::catalog::model::Model;
use crate::model::graph::{F16, F32, Graph, GraphRole, I32, I64, TensorId, shape};
use crate::model::layers::{Attention, Span};
use crate::model::tensor::TensorKind as K;

/// Positions that the engine reserves for: what an empty cache is rounded up to.
const POSITIONS: u64 = 256;

/// The shape of sparse attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SparseBlocks {
    /// Heads of the indexer, one for each group of heads.
    heads: u64,
    /// Elements of one of them.
    dim: u64,
    /// Tokens of a block.
    block: u64,
    /// Blocks that a group attends to.
    chosen: u64,
}

impl SparseBlocks {
    /// Of a model whose indexer chooses whole blocks.
    pub(super) fn of(model: &Model) -> Option<Self> {
        let indexer = model.indexer.filter(|indexer| indexer.index_block_size > 0 && model.mla.is_none())?;
        let block = indexer.index_block_size;
        let chosen = indexer.index_topk.map_or(u64::MAX, |tokens| tokens / block);
        Some(Self { heads: indexer.index_n_heads, dim: indexer.index_head_dim, block, chosen })
    }

    /// Whether the engine runs it: positions must be places in the cache, and flash attention reads its masks.
    pub(super) const fn runs(frame: &Frame) -> bool {
        frame.flash && (frame.cells.sequences == 1 || frame.cells.streams == frame.cells.sequences)
    }
}

/// Inputs that all sparse layers share.
#[derive(Debug, Clone, Copy)]
pub(super) struct SparseInputs {
    of: SparseBlocks,
    /// Blocks that are always open, by token.
    bias: TensorId,
    /// Positions that a token sees.
    visible: TensorId,
    /// The cell of each position.
    cells: TensorId,
    /// The block of each cell.
    blocks: TensorId,
    /// The mask in F32.
    mask: TensorId,
    /// Places of index keys in their cache.
    places: TensorId,
}

impl SparseInputs {
    /// The inputs, where the model attends so and the engine runs it.
    pub(super) fn new(graph: &mut Graph, frame: &Frame, mask: TensorId) -> Option<Self> {
        let of = frame.sparse.filter(|_| SparseBlocks::runs(frame))?;
        let (tokens, streams) = (frame.tokens, frame.cells.streams);
        let positions = POSITIONS.next_multiple_of(of.block);
        let bias = graph.input(shape(positions / of.block, tokens, 1), F32);
        let visible = graph.input(shape(positions, tokens, 1), F32);
        let cells = graph.input(shape(positions, streams, 1), I32);
        let blocks = graph.input(shape(frame.cells.full, streams, 1), I32);
        let places = graph.input(shape(tokens, 1, 1), I64);
        let ne = graph.ne(mask);
        Some(Self { of, bias, visible, cells, blocks, mask: graph.compute_as(ne, F32, &[mask]), places })
    }
}

impl GraphBuilder<'_> {
    /// Sparse attention over `x` (normed), the output projection included.
    pub(super) fn sparse_attention(
        &mut self,
        x: TensorId,
        block: &Block<'_>,
        attention: &Attention,
        sparse: &SparseInputs,
    ) -> TensorId {
        let SparseBlocks { heads, dim, .. } = sparse.of;
        let (tokens, streams) = (self.frame.tokens, self.frame.cells.streams);
        let inputs = self.full;
        let ([query, key, value], _) = self.projections(x, block, attention);
        let (query, key) = self.positioned(query, key, block, Span::Full);
        let index_query = self.index_heads(x, block, (K::IndexerQProj, K::IndexerQNorm), dim, heads);
        let index_key = self.index_heads(x, block, (K::IndexerKProj, K::IndexerKNorm), dim, 1);
        let index_bytes = self.frame.cells.full * streams * self.frame.cells.key.row_bytes(dim);
        let index = self.graph.cache(index_bytes, block.backend);
        let stored = self.graph.store(index, index_key, sparse.places);
        self.graph.expand(stored);
        let query = self.rotated(query, inputs.key_rotation);
        let key = self.rotated(key, inputs.key_rotation);
        let value = self.rotated(value, inputs.value_rotation);
        for x in [query, key, value] {
            self.graph.expand(x);
        }
        let cached = self.cached(block, attention);
        for (cache, rows, places) in
            [(cached.keys, key, inputs.key_places), (cached.values, value, inputs.value_places)]
        {
            let stored = self.graph.store(cache, rows, places);
            self.graph.expand(stored);
        }
        let of_stream = |bytes: u64| bytes / streams;
        let mut mixed = None;
        for stream in 0..streams {
            let keys = self.graph.cache_view(index, of_stream(index_bytes), 0);
            let mask = self.mask_of_blocks(index_query, keys, sparse);
            let [keys, values] = [cached.keys, cached.values].map(|cache| {
                let bytes = of_stream(self.graph.tensors[cache.index()].bytes);
                self.graph.cache_view(cache, bytes, 0)
            });
            let out = self.attend_groups(query, [keys, values], mask, attention);
            mixed = Some(match mixed {
                None => out,
                Some(before) => {
                    let width = attention.heads * attention.value_dim;
                    self.graph.compute(shape(width, tokens / streams * (stream + 1), 1), &[before, out])
                }
            });
        }
        let mixed = self.rotated(mixed.unwrap_or(query), inputs.value_rotation);
        self.matmul(block, K::AttnOutput, mixed, self.frame.hidden)
    }

    /// Queries or the key of the indexer, normed and turned.
    fn index_heads(&mut self, x: TensorId, block: &Block<'_>, (kind, norm): (K, K), dim: u64, heads: u64) -> TensorId {
        let rows = self.matmul(block, kind, x, heads * dim);
        let rows = self.graph.view(rows, shape(dim, heads, self.frame.tokens));
        let rows = self.norm(rows, block, norm);
        self.graph.rope(rows, &[self.position])
    }

    /// The mask of one stream that leaves each group only the cells of its best blocks.
    fn mask_of_blocks(&mut self, index_query: TensorId, index_keys: TensorId, sparse: &SparseInputs) -> TensorId {
        let SparseBlocks { heads, dim, block, chosen } = sparse.of;
        let cells = self.frame.cells.full;
        let tokens = self.frame.tokens / self.frame.cells.streams;
        let [positions, ..] = self.graph.ne(sparse.visible);
        let blocks = positions / block;
        let chosen = chosen.min(blocks);
        let graph = &mut *self.graph;
        let query = graph.view(index_query, shape(dim, heads * tokens, 1));
        let places = graph.view(sparse.cells, shape(positions, 1, 1));
        let keys = graph.get_rows(shape(dim, positions, 1), index_keys, places);
        let scores = graph.compute(shape(positions, heads * tokens, 1), &[keys, query]);
        let by_head = graph.view(scores, shape(positions, heads, tokens));
        let visible = graph.view(sparse.visible, shape(positions, 1, tokens));
        let scores = graph.overwrite(scores, &[by_head, visible]);
        let best = graph.compute(shape(blocks, heads, tokens), &[scores]);
        let bias = graph.view(sparse.bias, shape(blocks, 1, tokens));
        let best = graph.elementwise(&[best, bias]);
        let best = graph.compute_as(shape(chosen, heads, tokens), I32, &[best]);
        let closed = graph.elementwise(&[bias]);
        let closed = graph.compute_as(shape(blocks, 1, tokens), F16, &[closed]);
        let closed = graph.compute_as(shape(blocks, heads, tokens), F16, &[closed]);
        let open = graph.compute(shape(chosen, heads, tokens), &[best]);
        let open = graph.elementwise(&[open]);
        let opened = graph.store(closed, open, best);
        let across = graph.compute_as(shape(blocks, tokens, heads), F16, &[opened]);
        let across = graph.compute_as(shape(tokens * heads, blocks, 1), F16, &[across]);
        let of_cells = graph.view(sparse.blocks, shape(cells, 1, 1));
        let by_cell = graph.get_rows(shape(tokens * heads, cells, 1), across, of_cells);
        let by_token = graph.compute(shape(cells, tokens, heads), &[by_cell]);
        let causal = graph.view(sparse.mask, shape(cells, tokens, 1));
        let masked = graph.overwrite(by_token, &[by_token, causal]);
        let mask = graph.compute_as([cells, tokens, 1, heads], F16, &[masked]);
        graph.mark(mask, GraphRole::Scores)
    }

    /// Attention of one stream with a mask for each group of heads.
    fn attend_groups(
        &mut self,
        query: TensorId,
        [keys, values]: [TensorId; 2],
        mask: TensorId,
        attention: &Attention,
    ) -> TensorId {
        let &Attention { heads, kv_heads, key_dim, value_dim, .. } = attention;
        let tokens = self.frame.tokens / self.frame.cells.streams;
        let cells = self.frame.cells;
        let scratch = [(cells.key, key_dim), (cells.value, value_dim)]
            .into_iter()
            .map(|(kind, dim)| if kind.is_quantized() { F16 * cells.full * kv_heads * dim } else { 0 })
            .sum();
        let query = self.graph.view(query, shape(key_dim, tokens, heads));
        let sources = [query, keys, values, mask];
        let mixed = self.graph.flash_attention(shape(value_dim, tokens, heads), scratch, &sources);
        let mixed = self.graph.mark(mixed, GraphRole::Attention);
        self.graph.compute(shape(value_dim * heads, tokens, 1), &[mixed])
    }
}
