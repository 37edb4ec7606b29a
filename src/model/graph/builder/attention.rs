//! Attention over cached keys and values.

use super::inputs::CachedPair;
use super::{Block, CacheInputs, GraphBuilder};
use crate::model::architectures::Temperature;
use crate::model::block_type::BlockType;
use crate::model::graph::{F16, GraphRole, TensorId, shape};
use crate::model::layers::{Attention, Cache, Span};
use crate::model::tensor::TensorKind;

impl GraphBuilder<'_> {
    const fn cache_inputs(&self, span: Span) -> CacheInputs {
        match span {
            Span::Full => self.full,
            Span::Window(_) => self.window,
        }
    }

    /// Queries, keys and values of `x`, one head after another, and what the queries are a part of.
    pub(super) fn projections(
        &mut self,
        x: TensorId,
        block: &Block<'_>,
        attention: &Attention,
    ) -> ([TensorId; 3], TensorId) {
        let tokens = self.frame.tokens;
        let (heads, kv_heads) = (attention.heads, attention.kv_heads);
        let (query_width, key_width) = (heads * attention.key_dim, kv_heads * attention.key_dim);
        let value_width = kv_heads * attention.value_dim;
        let by_head =
            |builder: &mut Self, x: TensorId, dim: u64, heads: u64| builder.graph.view(x, shape(dim, heads, tokens));
        if Self::has(block, TensorKind::AttnQkv) {
            let fused = self.matmul(block, TensorKind::AttnQkv, x, query_width + key_width + value_width);
            let part = |builder: &mut Self, dim: u64, heads: u64| builder.graph.part(fused, shape(dim, heads, tokens));
            let query = part(self, attention.key_dim, heads);
            let query = self.norm(query, block, TensorKind::AttnQNorm);
            let key = part(self, attention.key_dim, kv_heads);
            let key = self.norm(key, block, TensorKind::AttnKNorm);
            let value = part(self, attention.value_dim, kv_heads);
            // A part of a row: rotation and transposed storage want it in one piece.
            let apart = !self.frame.flash || self.cache_inputs(attention.span).value_rotation.is_some();
            let value = if apart {
                let ne = self.graph.ne(value);
                self.graph.compute(ne, &[value])
            } else {
                value
            };
            return ([query, key, value], fused);
        }
        let parts = if self.frame.form.gated_attention { 2 } else { 1 };
        let joint = self.matmul(block, TensorKind::AttnQ, x, parts * query_width);
        let query = self.whole_or_by_head(joint, block, TensorKind::AttnQNorm, attention.key_dim, heads);
        let raw_key = self.matmul(block, TensorKind::AttnK, x, key_width);
        let key = self.whole_or_by_head(raw_key, block, TensorKind::AttnKNorm, attention.key_dim, kv_heads);
        let value = if Self::has(block, TensorKind::AttnV) {
            self.matmul(block, TensorKind::AttnV, x, value_width)
        } else {
            raw_key
        };
        let value = by_head(self, value, attention.value_dim, kv_heads);
        let value = if self.frame.form.norms_values { self.bare_norm(value) } else { value };
        ([query, key, value], joint)
    }

    /// `x` by head, normed as a whole before or head by head after, as the norm's size says.
    fn whole_or_by_head(&mut self, x: TensorId, block: &Block<'_>, norm: TensorKind, dim: u64, heads: u64) -> TensorId {
        let tokens = self.frame.tokens;
        let mut norms = block.weights.iter().filter(|weight| weight.kind == norm && !weight.is_bias);
        let whole = norms.next().is_some_and(|weight| weight.width > dim);
        let x = if whole { self.norm(x, block, norm) } else { x };
        let x = self.graph.view(x, shape(dim, heads, tokens));
        if whole { x } else { self.norm(x, block, norm) }
    }

    pub(super) fn weight_bytes(block: &Block<'_>, kind: TensorKind) -> Option<u64> {
        block.weights.iter().find(|weight| weight.kind == kind && !weight.is_bias).map(|weight| weight.bytes)
    }

    /// The factors that stretch the positions: one tensor on every backend.
    fn factors_on(&mut self, backend: u8) -> Option<TensorId> {
        let bytes = self.rope_factors?;
        if let Some((_, known)) = self.factors.iter().find(|(on, _)| *on == backend) {
            return Some(*known);
        }
        let factors = self.graph.weight(bytes, backend);
        self.factors.push((backend, factors));
        Some(factors)
    }

    /// Queries and keys turned by their position, where the layer does so.
    pub(super) fn positioned(
        &mut self,
        query: TensorId,
        key: TensorId,
        block: &Block<'_>,
        span: Span,
    ) -> (TensorId, TensorId) {
        let turns = self.frame.form.rope.turns(block.index, span);
        let (query, key) = if turns {
            let mut sources = vec![self.position];
            // Factors that come with the architecture are for layers that see the whole context.
            if span == Span::Full || !self.frame.full_factors {
                sources.extend(self.factors_on(block.backend));
            }
            (self.graph.rope(query, &sources), self.graph.rope(key, &sources))
        } else {
            (query, key)
        };
        match self.temperature {
            Some(scale) if !turns || self.frame.form.temperature != Temperature::Unturned => {
                (self.graph.elementwise(&[query, scale]), key)
            }
            _ => (query, key),
        }
    }

    pub(super) fn rotated(&mut self, x: TensorId, rotation: Option<TensorId>) -> TensorId {
        let Some(rotation) = rotation else { return x };
        let ne = self.graph.ne(x);
        let [size, ..] = self.graph.ne(rotation);
        let elements: u64 = ne.iter().product();
        let flat = self.graph.view(x, shape(size, elements / size, 1));
        let product = self.graph.compute(shape(size, elements / size, 1), &[rotation, flat]);
        self.graph.view(product, ne)
    }

    /// Attention over `x` (normed), the output projection included.
    pub(in crate::model) fn attention(&mut self, x: TensorId, block: &Block<'_>, attention: &Attention) -> TensorId {
        if let Some(sparse) = self.sparse.filter(|_| attention.index_dim > 0) {
            return self.sparse_attention(x, block, attention, &sparse);
        }
        let inputs = self.cache_inputs(attention.span);
        let ([query, key, value], joint) = self.projections(x, block, attention);
        let (query, key) = self.positioned(query, key, block, attention.span);
        let query = self.rotated(query, inputs.key_rotation);
        let key = self.rotated(key, inputs.key_rotation);
        let value = self.rotated(value, inputs.value_rotation);
        self.graph.expand(query);
        let cached = match inputs.last {
            Some(earlier) if attention.cache == Cache::Shared => earlier,
            _ => self.stored(block, attention, key, value, &inputs),
        };
        let sinks = self.weight(block, TensorKind::AttnSinks, false);
        let mixed = self.attend(query, cached, &inputs, sinks, attention);
        self.graph.expand(mixed);
        let mixed = self.rotated(mixed, inputs.value_rotation);
        let mixed = self.gated(mixed, x, block, attention);
        let mixed = if self.frame.form.gated_attention { self.gated_elements(mixed, joint) } else { mixed };
        self.matmul(block, TensorKind::AttnOutput, mixed, self.frame.hidden)
    }

    /// Keys and values written into the layer's cache.
    fn stored(
        &mut self,
        block: &Block<'_>,
        attention: &Attention,
        key: TensorId,
        value: TensorId,
        inputs: &CacheInputs,
    ) -> CachedPair {
        if self.frame.window_cache {
            self.graph.expand(key);
            self.graph.expand(value);
        } else {
            self.graph.expand(value);
            self.graph.expand(key);
        }
        let cached = self.cached(block, attention);
        let CachedPair { keys, values } = cached;
        let value = self.widened(value, attention);
        for (cache, rows, places) in [(keys, key, inputs.key_places), (values, value, inputs.value_places)] {
            let stored = self.graph.store(cache, rows, places);
            self.graph.expand(stored);
        }
        match attention.span {
            Span::Full => self.full.last = Some(cached),
            Span::Window(_) => self.window.last = Some(cached),
        }
        cached
    }

    /// Values filled up to the width of the cache.
    fn widened(&mut self, value: TensorId, attention: &Attention) -> TensorId {
        let own = attention.kv_heads * attention.value_dim;
        let width = self.frame.cells.value_elements(attention);
        if width == own { value } else { self.graph.compute(shape(width, self.frame.tokens, 1), &[value]) }
    }

    /// Each element of `mixed` times its gate, which stands beside the queries (Qwen3-Next).
    fn gated_elements(&mut self, mixed: TensorId, joint: TensorId) -> TensorId {
        let ne = self.graph.ne(mixed);
        let gate = self.graph.view(joint, ne);
        let gate = self.graph.compute(ne, &[gate]);
        let gate = self.graph.elementwise(&[gate]);
        self.graph.elementwise(&[mixed, gate])
    }

    /// Each head's result times its gate (Step 3.5), where there is one.
    fn gated(&mut self, mixed: TensorId, x: TensorId, block: &Block<'_>, attention: &Attention) -> TensorId {
        if !Self::has(block, TensorKind::AttnGate) {
            return mixed;
        }
        let (tokens, heads) = (self.frame.tokens, attention.heads);
        let gate = self.matmul(block, TensorKind::AttnGate, x, heads);
        let gate = self.graph.elementwise(&[gate]);
        let by_head = self.graph.view(mixed, shape(attention.value_dim, heads, tokens));
        let gate = self.graph.view(gate, shape(1, heads, tokens));
        let product = self.graph.elementwise(&[by_head, gate]);
        let ne = self.graph.ne(mixed);
        self.graph.view(product, ne)
    }

    pub(super) fn cached(&mut self, block: &Block<'_>, attention: &Attention) -> CachedPair {
        let one = |width: u64, kind: BlockType| {
            self.frame.cells.per_stream(attention.span) * self.frame.cells.streams * kind.row_bytes(width)
        };
        let keys = one(attention.kv_heads * attention.key_dim, self.frame.cells.key);
        let values = one(self.frame.cells.value_elements(attention), self.frame.cells.value);
        CachedPair { keys: self.graph.cache(keys, block.backend), values: self.graph.cache(values, block.backend) }
    }

    /// The part of a cache that the layer's own heads take: of one that is made wider, the rest is left out.
    fn read(&mut self, cache: TensorId, span: Span, heads: u64, dim: u64, kind: BlockType) -> TensorId {
        let all = self.graph.tensors[cache.index()].bytes;
        let cells = self.frame.cells;
        let others = all - all / cells.streams;
        let own = cells.per_stream(span) * kind.row_bytes(heads * dim);
        self.graph.cache_view(cache, others + own, kind.device_padding(dim))
    }

    /// `elements` of a cache in F16, where it is F32: flash attention reads none of that.
    pub(super) fn halved(&mut self, cache: TensorId, kind: BlockType, elements: u64) -> TensorId {
        if kind == BlockType::f32 {
            let halved = self.graph.compute_as(shape(elements, 1, 1), F16, &[cache]);
            self.graph.mark(halved, GraphRole::Cache)
        } else {
            cache
        }
    }

    fn attend(
        &mut self,
        query: TensorId,
        cached: CachedPair,
        inputs: &CacheInputs,
        sinks: Option<TensorId>,
        attention: &Attention,
    ) -> TensorId {
        let frame = self.frame;
        let (tokens, heads) = (frame.tokens, attention.heads);
        let cells = frame.cells.per_stream(attention.span);
        let streams = frame.cells.streams;
        let width = heads * attention.value_dim;
        let query = self.graph.view(query, shape(attention.key_dim, tokens, heads));
        let keys = self.read(cached.keys, attention.span, attention.kv_heads, attention.key_dim, frame.cells.key);
        let values =
            self.read(cached.values, attention.span, attention.kv_heads, attention.value_dim, frame.cells.value);
        if frame.flash {
            // F32 is halved in a tensor of its own, other types in the kernel's scratch.
            let keys = self.halved(keys, frame.cells.key, cells * streams * attention.kv_heads * attention.key_dim);
            let values =
                self.halved(values, frame.cells.value, cells * streams * attention.kv_heads * attention.value_dim);
            let as_half = |kind: BlockType, dim: u64| match kind {
                BlockType::f16 | BlockType::f32 => 0,
                _ if !frame.kernels.half_copy => 0,
                _ => F16 * cells * streams * attention.kv_heads * dim,
            };
            let scratch = as_half(frame.cells.key, attention.key_dim)
                + if matches!(attention.cache, Cache::Latent { .. }) {
                    0
                } else {
                    as_half(frame.cells.value, attention.value_dim)
                };
            let mut sources = vec![query, keys, values, inputs.mask];
            sources.extend(sinks);
            let out = self.graph.flash_attention(shape(attention.value_dim, heads, tokens), scratch, &sources);
            let out = self.graph.mark(out, GraphRole::Attention);
            return self.graph.view(out, shape(width, tokens, 1));
        }
        let scores =
            self.graph.compute([cells, tokens / streams.min(tokens), heads, streams.min(tokens)], &[keys, query]);
        self.graph.mark(scores, GraphRole::Scores);
        let mut sources = vec![scores, inputs.mask];
        sources.extend(sinks);
        let weights = self.graph.elementwise(&sources);
        let mixed = self.graph.compute(shape(attention.value_dim, tokens, heads), &[values, weights]);
        self.graph.mark(mixed, GraphRole::Attention);
        let mixed = self.graph.view(mixed, shape(attention.value_dim, heads, tokens));
        self.graph.compute(shape(width, tokens, 1), &[mixed])
    }
}
