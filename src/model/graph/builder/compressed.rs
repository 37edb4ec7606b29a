//! Windows beside caches of compressed tokens (`DeepSeek` V4). Order of operations: llama.cpp's `deepseek4.cpp`.

use super::frame::rotation_size;
use super::{Block, BlockType, Frame, GraphBuilder};
use crate::catalog::model::{CompressedAttention, Indexer, Model};
use crate::model::graph::{F16, F32, Graph, GraphRole, I32, I64, TensorId, shape};
use crate::model::layers::Attention;
use crate::model::tensor::TensorKind as K;

/// The shape of compressed attention, the layers' own shapes aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Compressed {
    query_rank: u64,
    output_rank: u64,
    output_groups: u64,
    /// Residual streams.
    pub streams: u64,
    /// Leading layers whose experts are chosen by token.
    pub hashed: u64,
    indexer: Indexer,
}

impl Compressed {
    pub(super) fn of(model: &Model) -> Option<Self> {
        let own = model.compressed.as_ref()?;
        let &CompressedAttention { q_lora_rank, o_lora_rank, o_groups, hc_mult, num_hash_layers, .. } = own;
        Some(Self {
            query_rank: q_lora_rank,
            output_rank: o_lora_rank,
            output_groups: o_groups.max(1),
            streams: hc_mult,
            hashed: num_hash_layers,
            indexer: model.indexer?,
        })
    }
}

/// Inputs of one compressor.
#[derive(Debug, Clone, Copy)]
struct CompressorInputs {
    /// Where each token stands within its group.
    places: TensorId,
    kept_from: TensorId,
    kept_to: TensorId,
    read: TensorId,
    write: TensorId,
    write_places: TensorId,
    mask: TensorId,
    rotation: Option<TensorId>,
    /// Groups that the batch completes at most.
    groups: u64,
    cells: u64,
}

impl CompressorInputs {
    fn new(graph: &mut Graph, frame: &Frame, ratio: u64, rotation: Option<u64>, mask_bytes: u64) -> Self {
        let (tokens, sequences) = (frame.tokens, frame.cells.sequences);
        let groups = tokens / ratio + sequences;
        let kept = tokens.min(CompressedAttention::state_rows(ratio) * sequences);
        let cells = frame.cells.compressed(ratio);
        let mut numbers = |count: u64| graph.input(shape(count, 1, 1), I32);
        let (places, kept_from, kept_to) = (numbers(tokens), numbers(kept), numbers(kept));
        let read = numbers(CompressedAttention::overlap(ratio) * ratio * groups);
        let write_places = numbers(groups);
        let write = graph.input(shape(groups, 1, 1), I64);
        let mask = graph.input([cells, tokens / sequences, 1, sequences], mask_bytes);
        let rotation = rotation.map(|size| graph.input(shape(size, size, 1), F32));
        Self { places, kept_from, kept_to, read, write, write_places, mask, rotation, groups, cells }
    }
}

/// Inputs that all layers share.
#[derive(Debug, Clone, Copy)]
pub(super) struct CompressedInputs {
    of: Compressed,
    places: TensorId,
    mask: TensorId,
    rotation: Option<TensorId>,
    /// The rate at which an indexer chooses.
    fine: CompressorInputs,
    coarse: CompressorInputs,
    index: CompressorInputs,
}

impl CompressedInputs {
    pub(super) fn new(graph: &mut Graph, frame: &Frame, window: u64, head_dim: u64) -> Option<Self> {
        let of = frame.compressed?;
        let (tokens, sequences) = (frame.tokens, frame.cells.sequences);
        let rotation = frame.cells.key.is_quantized().then(|| rotation_size(head_dim));
        let mask_bytes = if frame.flash { F16 } else { F32 };
        let [fine, coarse] =
            CompressedAttention::RATIOS.map(|ratio| CompressorInputs::new(graph, frame, ratio, rotation, mask_bytes));
        let index_rotation = Some(rotation_size(of.indexer.index_head_dim));
        let index = CompressorInputs::new(graph, frame, CompressedAttention::RATIOS[0], index_rotation, F16);
        let places = graph.input(shape(tokens, 1, 1), I64);
        let mask = graph.input([window, tokens / sequences, 1, sequences], mask_bytes);
        graph.expand(mask);
        let rotation = rotation.map(|size| graph.input(shape(size, size, 1), F32));
        Some(Self { of, places, mask, rotation, fine, coarse, index })
    }
}

/// The tensors of one compressor, and the width of what it makes.
#[derive(Debug, Clone, Copy)]
struct Compressor {
    key: K,
    gate: K,
    places: K,
    norm: K,
    dim: u64,
    ratio: u64,
}

/// What is not yet compressed: its rows, and their scores.
type Rows = [TensorId; 2];

impl GraphBuilder<'_> {
    /// Compressed attention over `x` (normed), the output projection included.
    pub(super) fn compressed_attention(
        &mut self,
        x: TensorId,
        block: &Block<'_>,
        attention: &Attention,
        ratio: u64,
        inputs: &CompressedInputs,
    ) -> TensorId {
        let &Attention { heads, key_dim: dim, .. } = attention;
        let tokens = self.frame.tokens;
        let latent = self.matmul(block, K::AttnQA, x, inputs.of.query_rank);
        let latent = self.norm(latent, block, K::AttnQANorm);
        let query = self.matmul(block, K::AttnQB, latent, heads * dim);
        let query = self.graph.view(query, shape(dim, heads, tokens));
        let query = self.bare_norm(query);
        let query = self.graph.rope(query, &[self.position]);
        let key = self.matmul(block, K::AttnKv, x, dim);
        let key = self.norm(key, block, K::AttnKvANorm);
        let key = self.graph.view(key, shape(dim, 1, tokens));
        let key = self.graph.rope(key, &[self.position]);
        let main = Compressor {
            key: K::AttnCompressorKv,
            gate: K::AttnCompressorGate,
            places: K::AttnCompressorApe,
            norm: K::AttnCompressorNorm,
            dim,
            ratio,
        };
        let [fine, coarse] = CompressedAttention::RATIOS;
        let (cache, mask) = if ratio == fine {
            let cache = self.compress_overlapping(x, block, main, &inputs.fine);
            let of_index = Compressor {
                key: K::IndexerCompressorKv,
                gate: K::IndexerCompressorGate,
                places: K::IndexerCompressorApe,
                norm: K::IndexerCompressorNorm,
                dim: inputs.of.indexer.index_head_dim,
                ratio,
            };
            let index = self.compress_overlapping(x, block, of_index, &inputs.index);
            let chosen = self.chosen_groups(x, latent, block, index, inputs);
            (Some((cache, inputs.fine.cells)), Some(self.mask_of_groups(inputs.fine.mask, chosen)))
        } else if ratio == coarse {
            let cache = self.compress(x, block, main, &inputs.coarse);
            (Some((cache, inputs.coarse.cells)), Some(inputs.coarse.mask))
        } else {
            (None, None)
        };
        let query = self.rotated(query, inputs.rotation);
        let key = self.rotated(key, inputs.rotation);
        self.graph.expand(query);
        self.graph.expand(key);
        let out = self.attend_compressed(query, key, block, attention, (cache, mask), inputs);
        let out = self.graph.view(out, shape(dim, heads, tokens));
        let out = self.graph.rope(out, &[self.position]);
        let Compressed { output_rank, output_groups, .. } = inputs.of;
        let out = self.graph.view(out, shape(heads * dim / output_groups, tokens, output_groups));
        let out = self.matmul(block, K::AttnOutputA, out, output_rank);
        let out = self.graph.compute(shape(output_rank * output_groups, tokens, 1), &[out]);
        self.matmul(block, K::AttnOutputB, out, self.frame.hidden)
    }

    /// The rows that a compressor makes of `x`, and their scores.
    fn rows_of(&mut self, x: TensorId, block: &Block<'_>, of: Compressor, inputs: &CompressorInputs) -> Rows {
        let width = CompressedAttention::overlap(of.ratio) * of.dim;
        let rows = self.matmul(block, of.key, x, width);
        let scores = self.matmul(block, of.gate, x, width);
        let places = self.weight(block, of.places, false).unwrap_or_else(|| self.graph.weight(0, block.backend));
        let places = self.graph.get_rows(shape(width, self.frame.tokens, 1), places, inputs.places);
        [rows, self.graph.elementwise(&[scores, places])]
    }

    /// The state that a compressor keeps from batch to batch: rows, and their scores.
    fn state_of(&mut self, block: &Block<'_>, of: Compressor) -> Rows {
        let width = CompressedAttention::overlap(of.ratio) * of.dim;
        let rows = CompressedAttention::state_rows(of.ratio) * self.frame.cells.sequences;
        [(); 2].map(|()| self.graph.cache(width * rows * F32, block.backend))
    }

    /// `rows` behind those of the state.
    fn behind_state(&mut self, state: Rows, rows: Rows) -> Rows {
        let mut out = rows;
        for (out, (state, rows)) in out.iter_mut().zip(state.into_iter().zip(rows)) {
            let bytes = self.graph.tensors[state.index()].bytes;
            let [width, tokens, ..] = self.graph.ne(rows);
            let kept = self.graph.cache_view(state, bytes, 0);
            *out = self.graph.compute(shape(width, bytes / F32 / width + tokens, 1), &[kept, rows]);
        }
        out
    }

    /// Writes the last of `rows` into the state.
    fn keep_rows(&mut self, state: Rows, rows: Rows, inputs: &CompressorInputs) {
        let [kept, ..] = self.graph.ne(inputs.kept_from);
        let stored: Vec<TensorId> = state
            .into_iter()
            .zip(rows)
            .map(|(state, rows)| {
                let [width, ..] = self.graph.ne(rows);
                let last = self.graph.get_rows(shape(width, kept, 1), rows, inputs.kept_from);
                self.graph.store(state, last, inputs.kept_to)
            })
            .collect();
        for stored in stored {
            self.graph.expand(stored);
        }
    }

    /// Compresses groups that overlap, into a cache.
    fn compress_overlapping(
        &mut self,
        x: TensorId,
        block: &Block<'_>,
        of: Compressor,
        inputs: &CompressorInputs,
    ) -> TensorId {
        let rows = self.rows_of(x, block, of, inputs);
        let state = self.state_of(block, of);
        let all = self.behind_state(state, rows);
        let read = of.ratio * inputs.groups;
        let parts = all.map(|all| {
            // One row more, for the group before the first.
            let [width, count, ..] = self.graph.ne(all);
            let first = self.graph.view(all, shape(width, 1, 1));
            let empty = self.graph.elementwise(&[first]);
            let all = self.graph.compute(shape(width, count + 1, 1), &[all, empty]);
            let picked = self.graph.get_rows(shape(width, 2 * read, 1), all, inputs.read);
            let halves = [(); 2].map(|()| {
                let half = self.graph.view(picked, shape(of.dim, read, 1));
                self.graph.compute(shape(of.dim, read, 1), &[half])
            });
            let both = self.graph.compute(shape(of.dim, 2 * of.ratio, inputs.groups), &halves);
            self.graph.compute(shape(2 * of.ratio, of.dim, inputs.groups), &[both])
        });
        let cache = self.compressed_into_cache(parts, block, of, inputs);
        self.keep_rows(state, rows, inputs);
        cache
    }

    /// Compresses groups that follow each other, into a cache.
    fn compress(&mut self, x: TensorId, block: &Block<'_>, of: Compressor, inputs: &CompressorInputs) -> TensorId {
        let rows = self.rows_of(x, block, of, inputs);
        let state = self.state_of(block, of);
        let all = self.behind_state(state, rows);
        let parts = all.map(|all| {
            let picked = self.graph.get_rows(shape(of.dim, of.ratio * inputs.groups, 1), all, inputs.read);
            self.graph.compute(shape(of.ratio, of.dim, inputs.groups), &[picked])
        });
        let cache = self.compressed_into_cache(parts, block, of, inputs);
        self.keep_rows(state, rows, inputs);
        cache
    }

    /// The weighed sum of each group, normed and turned, written into a cache.
    fn compressed_into_cache(
        &mut self,
        [values, scores]: Rows,
        block: &Block<'_>,
        of: Compressor,
        inputs: &CompressorInputs,
    ) -> TensorId {
        let (dim, groups) = (of.dim, inputs.groups);
        let weights = self.graph.elementwise(&[scores]);
        let sum = self.graph.elementwise(&[values, weights]);
        let sum = self.graph.compute(shape(1, dim, groups), &[sum]);
        let sum = self.graph.compute(shape(dim, 1, groups), &[sum]);
        let normed = self.norm(sum, block, of.norm);
        let turned = self.graph.rope(normed, &[inputs.write_places]);
        let turned = self.rotated(turned, inputs.rotation);
        let bytes = inputs.cells * self.frame.cells.sequences * self.frame.cells.key.row_bytes(dim);
        let cache = self.graph.cache(bytes, block.backend);
        let stored = self.graph.store(cache, turned, inputs.write);
        self.graph.expand(stored);
        cache
    }

    /// The groups that the indexer chooses for each token.
    fn chosen_groups(
        &mut self,
        x: TensorId,
        latent: TensorId,
        block: &Block<'_>,
        index: TensorId,
        inputs: &CompressedInputs,
    ) -> TensorId {
        let Indexer { index_n_heads: heads, index_head_dim: dim, index_topk, .. } = inputs.of.indexer;
        let (tokens, streams) = (self.frame.tokens, self.frame.cells.sequences);
        let query = self.matmul(block, K::IndexerAttnQB, latent, heads * dim);
        let query = self.graph.view(query, shape(dim, heads, tokens));
        let query = self.graph.rope(query, &[self.position]);
        let query = self.rotated(query, inputs.index.rotation);
        let weights = self.matmul(block, K::IndexerProj, x, heads);
        let weights = self.graph.elementwise(&[weights]);
        let bytes = self.graph.tensors[index.index()].bytes;
        let keys = self.graph.cache_view(index, bytes, self.frame.cells.key.device_padding(dim));
        let query = self.graph.view(query, shape(dim, heads, tokens));
        let weights = self.graph.view(weights, shape(heads, tokens, 1));
        let ne = [inputs.index.cells, tokens / streams, 1, streams];
        let scores = self.graph.compute(ne, &[query, keys, weights, inputs.index.mask]);
        let count = index_topk.unwrap_or(inputs.index.cells).min(inputs.index.cells);
        let chosen = self.graph.compute_as(shape(count, tokens, 1), I32, &[scores]);
        self.graph.compute_as(shape(count, tokens, 1), I32, &[chosen])
    }

    /// The mask that leaves each token only the chosen groups.
    fn mask_of_groups(&mut self, mask: TensorId, chosen: TensorId) -> TensorId {
        let ne = self.graph.ne(mask);
        let element = if self.frame.flash { F16 } else { F32 };
        let [count, tokens, ..] = self.graph.ne(chosen);
        let closed = self.graph.elementwise_like(&[mask]);
        let closed = self.graph.view(closed, ne);
        let zeros = self.graph.constant(shape(1, count, tokens));
        self.graph.tensors[zeros.index()].bytes = element * count * tokens;
        let zeros = self.graph.elementwise_like(&[zeros]);
        let chosen = self.graph.view(chosen, shape(count, tokens, 1));
        let open = self.graph.store(closed, zeros, chosen);
        let open = self.graph.view(open, ne);
        let sum = self.graph.elementwise(&[open, mask]);
        self.graph.tensors[sum.index()].bytes = self.graph.tensors[mask.index()].bytes;
        sum
    }

    /// Attention to the window and, behind it, to the compressed cells.
    fn attend_compressed(
        &mut self,
        query: TensorId,
        key: TensorId,
        block: &Block<'_>,
        attention: &Attention,
        (compressed, mask): (Option<(TensorId, u64)>, Option<TensorId>),
        inputs: &CompressedInputs,
    ) -> TensorId {
        let frame = self.frame;
        let &Attention { heads, key_dim: dim, .. } = attention;
        let (tokens, streams, kind) = (frame.tokens, frame.cells.sequences, frame.cells.key);
        let window = frame.cells.apart().per_stream(attention.span);
        let bytes = |cells: u64| cells * streams * kind.row_bytes(dim);
        let cache = self.graph.cache(bytes(window), block.backend);
        let stored = self.graph.store(cache, key, inputs.places);
        self.graph.expand(stored);
        let padding = kind.device_padding(dim);
        let mut keys = self.graph.cache_view(cache, bytes(window), padding);
        let mut all_cells = window;
        let mut all_mask = inputs.mask;
        if let Some((cache, cells)) = compressed {
            all_cells += cells;
            let more = self.graph.cache_view(cache, bytes(cells), padding);
            keys = self.graph.compute(shape(dim, all_cells, streams), &[keys, more]);
            self.graph.tensors[keys.index()].bytes = bytes(all_cells);
            self.graph.tensors[keys.index()].scratch = padding;
            self.graph.mark(keys, GraphRole::Cache);
            let element = if frame.flash { F16 } else { F32 };
            let sources = [inputs.mask, mask.unwrap_or(inputs.mask)];
            all_mask = self.graph.compute_as([all_cells, tokens / streams, 1, streams], element, &sources);
        }
        let sinks = self.weight(block, K::AttnSinks, false);
        let query = self.graph.view(query, shape(dim, tokens, heads));
        let [keys, values] = [(); 2].map(|()| self.graph.cache_view(keys, bytes(all_cells), padding));
        let mixed = if frame.flash {
            let elements = all_cells * streams * dim;
            let keys = self.halved(keys, kind, elements);
            let values = self.halved(values, kind, elements);
            let scratch = match kind {
                BlockType::f16 | BlockType::f32 => 0,
                _ => F16 * elements,
            };
            let sources: Vec<TensorId> = [query, keys, values, all_mask].into_iter().chain(sinks).collect();
            let mixed = self.graph.flash_attention(shape(dim, heads, tokens), scratch, &sources);
            self.graph.mark(mixed, GraphRole::Attention);
            self.graph.view(mixed, shape(dim * heads, tokens, 1))
        } else {
            let scores = self.graph.compute([all_cells, tokens / streams, heads, streams], &[keys, query]);
            self.graph.mark(scores, GraphRole::Scores);
            let sources: Vec<TensorId> = [scores, all_mask].into_iter().chain(sinks).collect();
            let weights = self.graph.elementwise(&sources);
            let values = self.graph.compute(shape(1, 1, 1), &[values]);
            self.graph.tensors[values.index()].bytes = bytes(all_cells);
            let mixed = self.graph.compute(shape(dim, tokens, heads), &[values, weights]);
            self.graph.mark(mixed, GraphRole::Attention);
            self.graph.compute(shape(dim * heads, tokens, 1), &[mixed])
        };
        self.graph.expand(mixed);
        self.rotated(mixed, inputs.rotation)
    }
}
