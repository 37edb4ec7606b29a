//! Multi-head latent attention, absorbed: all heads read one cached latent row, whose first part is also the value.

use super::{Block, BlockType, GraphBuilder};
use crate::catalog::model::Indexer;
use crate::model::graph::{F16, GraphRole, TensorId, shape};
use crate::model::layers::{Attention, Span};
use crate::model::tensor::TensorKind as K;

/// What the architecture adds to latent attention.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Latent {
    /// Width of the queries' own latent (`q_lora_rank`), 0 for none.
    pub query_rank: u64,
    /// The indexer of sparse attention.
    pub indexer: Option<Indexer>,
}

/// Elements of the parts of one latent attention.
#[derive(Debug, Clone, Copy)]
struct LatentParts {
    /// The latent row: `kv_lora_rank + qk_rope_head_dim`.
    width: u64,
    /// `kv_lora_rank`.
    rank: u64,
    /// `qk_rope_head_dim`.
    rotated: u64,
    /// `qk_nope_head_dim`.
    plain: u64,
    heads: u64,
}

impl GraphBuilder<'_> {
    /// Latent attention over `x` (normed) with rows of `width` elements, `rank` of them values; output projection included.
    pub(super) fn latent_attention(
        &mut self,
        x: TensorId,
        block: &Block<'_>,
        attention: &Attention,
        width: u64,
        rank: u64,
    ) -> TensorId {
        let rotated = width - rank;
        let parts = LatentParts { width, rank, rotated, plain: attention.key_dim - rotated, heads: attention.heads };
        let latent = self.query_latent(x, block);
        if let Some(indexer) = self.frame.latent.indexer.filter(|_| attention.index_dim > 0) {
            self.chosen_cells = Some(self.indexed(x, latent, block, indexer));
        }
        // Layers without an indexer of their own go by the last choice.
        let chosen = self.chosen_cells;
        let (query, key, value) = self.latent_rows(x, latent, block, &parts);
        for x in [query, value, key] {
            self.graph.expand(x);
        }
        let bytes = self.cached_bytes(width);
        let cache = self.graph.cache(bytes, block.backend);
        let stored = self.graph.store(cache, key, self.full.key_places);
        self.graph.expand(stored);
        let mask = chosen.map_or(self.full.mask, |(chosen, count)| self.mask_of_chosen(chosen, count));
        let keys = self.graph.cache_view(cache, bytes, self.frame.cells.key.device_padding(width));
        let mut mixed = self.attend_latent(query, keys, mask, block, &parts, attention.value_dim);
        if Self::has(block, K::AttnGate) {
            let gate = self.matmul(block, K::AttnGate, x, attention.heads * attention.value_dim);
            let gate = self.graph.elementwise(&[gate]);
            mixed = self.graph.elementwise(&[mixed, gate]);
        }
        self.matmul(block, K::AttnOutput, mixed, self.frame.hidden)
    }

    /// What queries are made from: their latent where there is one.
    fn query_latent(&mut self, x: TensorId, block: &Block<'_>) -> TensorId {
        if !Self::has(block, K::AttnQA) {
            return x;
        }
        let latent = self.matmul(block, K::AttnQA, x, self.frame.latent.query_rank);
        self.norm(latent, block, K::AttnQANorm)
    }

    /// Absorbed queries, and the row to cache with the part of it that serves as value.
    fn latent_rows(
        &mut self,
        x: TensorId,
        latent: TensorId,
        block: &Block<'_>,
        parts: &LatentParts,
    ) -> (TensorId, TensorId, TensorId) {
        let &LatentParts { width, rank, rotated, plain, heads } = parts;
        let tokens = self.frame.tokens;
        let from = if Self::has(block, K::AttnQA) { K::AttnQB } else { K::AttnQ };
        let query = self.matmul(block, from, latent, heads * (plain + rotated));
        let row = self.matmul(block, K::AttnKvAMqa, x, width);
        let value = self.graph.view(row, shape(rank, tokens, 1));
        let key_position = self.graph.view(row, shape(rotated, 1, tokens));
        let turns = self.frame.form.rope.turns(block.index, Span::Full);
        let key_position = if turns { self.graph.rope(key_position, &[self.position]) } else { key_position };
        let value = self.norm(value, block, K::AttnKvANorm);
        let position = self.graph.view(query, shape(rotated, heads, tokens));
        let position = if turns { self.graph.rope(position, &[self.position]) } else { position };
        let content = self.graph.view(query, shape(plain, tokens, heads));
        let absorbed = self.matmul(block, K::AttnKB, content, rank);
        let absorbed = self.graph.view(absorbed, shape(rank, heads, tokens));
        let query = self.graph.compute(shape(width, heads, tokens), &[absorbed, position]);
        let value = self.graph.view(value, shape(rank, 1, tokens));
        let key = self.graph.compute(shape(width, 1, tokens), &[value, key_position]);
        let query = match self.temperature {
            Some(scale) => self.graph.elementwise(&[query, scale]),
            None => query,
        };
        (query, key, value)
    }

    /// Bytes of the cache of one layer with rows of `width` elements.
    fn cached_bytes(&self, width: u64) -> u64 {
        let cells = &self.frame.cells;
        cells.full * cells.streams * cells.key.row_bytes(width)
    }

    /// Attention itself and the way back from the latent to each head's values.
    fn attend_latent(
        &mut self,
        query: TensorId,
        keys: TensorId,
        mask: TensorId,
        block: &Block<'_>,
        parts: &LatentParts,
        value_dim: u64,
    ) -> TensorId {
        let frame = self.frame;
        let &LatentParts { width, rank, heads, .. } = parts;
        let (tokens, cells, streams) = (frame.tokens, frame.cells.full, frame.cells.streams);
        let query = self.graph.view(query, shape(width, tokens, heads));
        let rows = cells * streams;
        let value_bytes = rows * frame.cells.key.row_bytes(rank);
        // Values are the beginnings of the rows: a copy spans all from the first to the last.
        let span = rows.saturating_sub(1) * frame.cells.key.row_bytes(width) + frame.cells.key.row_bytes(rank);
        let values = self.graph.cache_view(keys, span, frame.cells.key.device_padding(rank));
        let mixed = if frame.flash {
            let keys = self.halved(keys, frame.cells.key, cells * streams * width);
            let values = self.halved(values, frame.cells.key, cells * streams * rank);
            let scratch = match frame.cells.key {
                BlockType::f16 | BlockType::f32 => 0,
                _ if !frame.kernels.half_copy => 0,
                _ => F16 * cells * streams * width,
            };
            let mixed = self.graph.flash_attention(shape(rank, heads, tokens), scratch, &[query, keys, values, mask]);
            self.graph.mark(mixed, GraphRole::Attention);
            self.graph.view(mixed, shape(rank, tokens, heads))
        } else {
            let ne = [cells, tokens / streams.min(tokens), heads, streams.min(tokens)];
            let scores = self.graph.compute(ne, &[keys, query]);
            self.graph.mark(scores, GraphRole::Scores);
            let weights = self.graph.elementwise(&[scores, mask]);
            // The values lie row by row: a transposed copy.
            let values = self.graph.compute(shape(1, 1, 1), &[values]);
            self.graph.tensors[values.index()].bytes = value_bytes;
            self.graph.mark(values, GraphRole::Cache);
            let mixed = self.graph.compute(shape(rank, tokens, heads), &[values, weights]);
            self.graph.mark(mixed, GraphRole::Attention)
        };
        let mixed = self.matmul(block, K::AttnVB, mixed, value_dim);
        let mixed = self.graph.view(mixed, shape(value_dim, heads, tokens));
        let mixed = self.graph.compute(shape(value_dim * heads, tokens, 1), &[mixed]);
        self.graph.expand(mixed);
        mixed
    }

    /// The cells that the indexer chooses for each token, and how many they are.
    fn indexed(&mut self, x: TensorId, latent: TensorId, block: &Block<'_>, indexer: Indexer) -> (TensorId, u64) {
        let frame = self.frame;
        let (tokens, cells, streams) = (frame.tokens, frame.cells.full, frame.cells.streams);
        let (heads, dim) = (indexer.index_n_heads, indexer.index_head_dim);
        let query = self.matmul(block, K::IndexerAttnQB, latent, heads * dim);
        let query = self.graph.view(query, shape(dim, heads, tokens));
        let query = self.graph.rope(query, &[self.position]);
        let key = self.matmul(block, K::IndexerAttnK, x, dim);
        let key = self.layer_norm(key, block, K::IndexerKNorm);
        let key = self.graph.view(key, shape(dim, 1, tokens));
        let key = self.graph.rope(key, &[self.position]);
        let query = self.graph.compute(shape(dim, heads, tokens), &[self.index.rotation, query]);
        let key = self.graph.compute(shape(dim, 1, tokens), &[self.index.rotation, key]);
        let bytes = self.cached_bytes(dim);
        let cache = self.graph.cache(bytes, block.backend);
        let stored = self.graph.store(cache, key, self.index.places);
        self.graph.expand(stored);
        let weights = self.matmul(block, K::IndexerProj, x, heads);
        let keys = self.graph.cache_view(cache, bytes, self.frame.cells.key.device_padding(dim));
        let query = self.graph.view(query, shape(dim, heads, tokens));
        let weights = self.graph.view(weights, shape(heads, tokens, 1));
        let weights = self.graph.elementwise(&[weights]);
        let rows = [cells, tokens / streams.min(tokens), 1, streams.min(tokens)];
        let scores = self.graph.compute(rows, &[query, keys, weights, self.index.mask]);
        let count = indexer.index_topk.unwrap_or(cells).min(cells);
        let chosen = self.graph.compute(shape(count, tokens, 1), &[scores]);
        (self.graph.compute(shape(count, tokens, 1), &[chosen]), count)
    }

    /// The mask that leaves each token only the chosen cells.
    fn mask_of_chosen(&mut self, chosen: TensorId, count: u64) -> TensorId {
        let tokens = self.frame.tokens;
        let mask = self.full.mask;
        let closed = self.graph.elementwise_like(&[mask]);
        let closed = self.graph.view(closed, self.graph.ne(mask));
        let chosen = self.graph.view(chosen, shape(count, tokens, 1));
        let zeros = self.graph.constant(shape(1, count, tokens));
        let zeros = self.graph.elementwise(&[zeros]);
        let open = self.graph.store(closed, zeros, chosen);
        let open = self.graph.view(open, self.graph.ne(mask));
        let sum = self.graph.elementwise(&[open, mask]);
        self.graph.tensors[sum.index()].bytes = self.graph.tensors[mask.index()].bytes;
        sum
    }
}
