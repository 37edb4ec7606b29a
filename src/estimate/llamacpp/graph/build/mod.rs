//! Builds the engine's graph from a model's layers: one block after another, each operation in the engine's order.
//!
//! Which operations a layer has follows from the tensors its file has: a norm where there is a norm tensor, a bias where
//! there is a bias.

mod attention;
mod experts;
mod feed_forward;
mod gemma;
mod latent;

use super::{F32, Graph, I32, I64, Id, shape};
pub use gemma::PerLayer;
pub use latent::Latent;

use crate::catalog::layers::{Cache, FeedForward, Layer, Mixer, Span};
use crate::estimate::llamacpp::block::BlockType;
use crate::estimate::llamacpp::cache::Cells;
use crate::estimate::llamacpp::tensor::TensorKind;

/// A weight as the graph needs it: which, whether it is the bias, and its padded bytes on a device.
pub type Weight = (TensorKind, bool, u64);

/// Traits of an architecture that its tensors do not tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "traits that combine freely")]
pub struct Style {
    /// Layer norm instead of RMS norm: needs memory of its own.
    pub layer_norm: bool,
    /// Attention and feed-forward both read the normed input and are added together.
    pub parallel_residual: bool,
    /// With `parallel_residual`: attention is added before the residual.
    pub residual_last: bool,
    /// The residual stands before what is added to it, and lends its memory.
    pub residual_first: bool,
    /// The cache keeps windows apart from full layers (another order of operations).
    pub window_cache: bool,
    /// How a router's scores are treated.
    pub router: Router,
    /// Which layers turn queries and keys by their position.
    pub rope: Rope,
    /// Queries are scaled by their position, where the positions are not turned (Llama 4) or anyhow (Mistral).
    pub temperature: bool,
    /// Where the rows for the output are picked.
    pub pick: Pick,
    /// The embedding is scaled.
    pub scales_embedding: bool,
    /// Values are normed.
    pub norms_values: bool,
}

/// Where the rows for the output are picked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pick {
    /// Within the last layer, behind its attention.
    #[default]
    WithinLayer,
    /// Behind the last layer.
    BehindLayers,
    /// Behind the last layer, whose result the engine hands out.
    BehindResult,
    /// Behind the output norm, whose result the engine hands out.
    BehindNorm,
}

/// Which layers turn queries and keys by their position.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Rope {
    /// All.
    #[default]
    All,
    /// All but every so-many-th.
    Skips(u64),
}

impl Rope {
    /// Whether the layer of that index (from 0) does.
    pub const fn turns(self, layer: u64) -> bool {
        match self {
            Self::All => true,
            Self::Skips(step) => !(layer + 1).is_multiple_of(step),
        }
    }
}

/// How a router's scores become weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "traits that combine freely")]
pub struct Router {
    /// Scores are normed over the chosen experts.
    pub normed: bool,
    /// Softmax over the chosen experts alone.
    pub softmax_of_chosen: bool,
    /// Experts are chosen by groups first.
    pub groups: u64,
    /// Groups of which experts are chosen.
    pub groups_used: u64,
    /// Inputs are weighted before the experts instead of their outputs after them.
    pub weighs_inputs: bool,
    /// Weights are scaled by a constant.
    pub scaled: bool,
    /// The last product is wanted in a precision for which devices have no kernel.
    pub down_on_host: bool,
}

impl Default for Router {
    fn default() -> Self {
        Self {
            normed: true,
            softmax_of_chosen: false,
            groups: 1,
            groups_used: 1,
            weighs_inputs: false,
            scaled: false,
            down_on_host: false,
        }
    }
}

/// What a graph is built for.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// Tokens of the batch.
    pub tokens: u64,
    /// Rows for which logits are wanted.
    pub outputs: u64,
    /// `hidden_size`.
    pub hidden: u64,
    /// Rows of the output matrix.
    pub vocabulary: u64,
    /// Flash attention.
    pub flash: bool,
    /// The caches.
    pub cells: Cells,
    /// Head sizes of keys and values that decide the rotation of quantized caches.
    pub rotation: (u64, u64),
    /// What latent attention has beside the layers' shapes.
    pub latent: Latent,
    /// Embeddings of its own for each layer.
    pub per_layer: PerLayer,
    /// Positions of a token (4 with multi-dimensional rope).
    pub positions: u64,
    /// The architecture.
    pub style: Style,
    /// Number of the CPU among the backends.
    pub cpu: u8,
}

/// Inputs of one kind of cache.
#[derive(Debug, Clone, Copy)]
struct CacheInputs {
    mask: Id,
    key_places: Id,
    value_places: Id,
    key_rotation: Option<Id>,
    value_rotation: Option<Id>,
    /// The cache of the last layer that has one: what layers without one read.
    last: Option<(Id, Id)>,
}

/// Inputs of the indexer's cache.
#[derive(Debug, Clone, Copy)]
struct IndexInputs {
    mask: Id,
    places: Id,
    rotation: Id,
}

/// One layer and where its weights lie.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    /// Its number in the model, from 0.
    pub index: u64,
    /// Its shape.
    pub layer: &'a Layer,
    /// Its weights.
    pub weights: &'a [Weight],
    /// Backend of its weights and its cache.
    pub backend: u8,
    /// Backend of its experts.
    pub experts_backend: u8,
}

/// The graph in the making.
pub struct Builder<'a> {
    graph: &'a mut Graph,
    frame: Frame,
    position: Id,
    full: CacheInputs,
    window: CacheInputs,
    index: IndexInputs,
    /// Scale of the queries by their position.
    temperature: Option<Id>,
    /// Embeddings of its own for each layer.
    per_layer: Option<Id>,
    /// Bytes of the factors that stretch the positions; every device has them.
    rope_factors: Option<u64>,
    /// The factors that are in the graph already, by backend.
    factors: Vec<(u8, Id)>,
}

/// Builds the graph of `blocks` with the embedding on the CPU and the output matrix on `output_backend`.
pub fn build(graph: &mut Graph, frame: &Frame, blocks: &[Block<'_>], output: (&[Weight], u8)) {
    graph.clear();
    let tokens = frame.tokens;
    let table = graph.weight(0, frame.cpu);
    let token_ids = graph.input(shape(tokens, 1, 1), I32);
    let embeddings = graph.input(shape(frame.hidden, tokens, 1), F32);
    let mut x = graph.get_rows(shape(frame.hidden, tokens, 1), table, token_ids);
    graph.expand(x);
    graph.expand(embeddings);
    let position = graph.input(shape(tokens * frame.positions, 1, 1), I32);
    let out_ids = graph.input(shape(frame.outputs, 1, 1), I32);
    let full = cache_inputs(graph, frame, blocks, Span::Full);
    let span = blocks.iter().find_map(|block| match block.layer.mixer {
        Mixer::Attention(attention) if attention.span != Span::Full => Some(attention.span),
        _ => None,
    });
    let window = cache_inputs(graph, frame, blocks, span.unwrap_or(Span::Full));
    let index = index_inputs(graph, frame);
    let temperature = frame.style.temperature.then(|| graph.input(shape(1, 1, tokens), F32));
    let rope_factors = blocks.first().and_then(|first| Builder::weight_bytes(first, TensorKind::RopeFreqs));
    let mut builder = Builder {
        graph,
        frame: *frame,
        position,
        full,
        window,
        index,
        temperature,
        per_layer: None,
        rope_factors,
        factors: Vec::new(),
    };
    let end = Block {
        index: blocks.len() as u64,
        layer: &Layer { mixer: Mixer::None, feed_forward: FeedForward::None },
        weights: output.0,
        backend: output.1,
        experts_backend: output.1,
    };
    x = builder.layers(x, blocks, &end, out_ids);
    x = builder.norm(x, &end, TensorKind::OutputNorm);
    if frame.style.pick == Pick::BehindNorm {
        x = builder.handed_out(x, out_ids);
    }
    let logits = builder.matmul(&end, TensorKind::Output, x, frame.vocabulary);
    builder.graph.expand(logits);
}

/// Largest power of two from 64 up that divides `head`.
const fn rotation_size(head: u64) -> u64 {
    let mut size = 64;
    while head.is_multiple_of(2 * size) {
        size *= 2;
    }
    size
}

/// Head sizes of keys and values in the caches of one kind of layer, where all of them agree.
fn rotated_heads(frame: &Frame, blocks: &[Block<'_>], span: Span) -> (u64, u64) {
    let mut heads = blocks.iter().filter_map(|block| match block.layer.mixer {
        Mixer::Attention(attention) if attention.span == span && attention.cache == Cache::KeyValue => {
            Some((attention.key_dim, attention.value_dim))
        }
        _ => None,
    });
    let Some(first) = heads.next() else { return frame.rotation };
    heads.fold(first, |(key, value), head| {
        (if key == head.0 { key } else { 0 }, if value == head.1 { value } else { 0 })
    })
}

fn cache_inputs(graph: &mut Graph, frame: &Frame, blocks: &[Block<'_>], span: Span) -> CacheInputs {
    let tokens = frame.tokens;
    let cells = &frame.cells;
    // Without flash attention values are stored transposed: a place for every element.
    let value_width = if frame.flash {
        1
    } else {
        blocks
            .iter()
            .filter_map(|block| match block.layer.mixer {
                Mixer::Attention(attention) => Some(attention.kv_heads * attention.value_dim),
                _ => None,
            })
            .max()
            .unwrap_or(1)
    };
    let key_places = graph.input(shape(tokens, 1, 1), I64);
    let value_places = graph.input(shape(tokens * value_width, 1, 1), I64);
    let mask_cells = cells.per_stream(span);
    let mask = graph.input(shape(mask_cells, tokens, 1), if frame.flash { super::F16 } else { F32 });
    let rotates = |block: BlockType, head: u64| block.is_quantized() && head > 0 && head.is_multiple_of(64);
    let (key_head, value_head) = rotated_heads(frame, blocks, span);
    let key_rotation = rotates(cells.key, key_head).then(|| {
        let size = rotation_size(key_head);
        graph.input(shape(size, size, 1), F32)
    });
    let value_rotation = rotates(cells.value, value_head).then(|| graph.input(shape(64, 64, 1), F32));
    CacheInputs { mask, key_places, value_places, key_rotation, value_rotation, last: None }
}

/// The indexer's own mask (always F16), places and rotation; what no layer uses is not in the graph.
fn index_inputs(graph: &mut Graph, frame: &Frame) -> IndexInputs {
    let size = frame.latent.indexer.map_or(64, |indexer| rotation_size(indexer.index_head_dim));
    IndexInputs {
        mask: graph.input(shape(frame.cells.full, frame.tokens, 1), super::F16),
        places: graph.input(shape(frame.tokens, 1, 1), I64),
        rotation: graph.input(shape(size, size, 1), F32),
    }
}

impl Builder<'_> {
    /// All layers, from the embedding on.
    fn layers(&mut self, mut x: Id, blocks: &[Block<'_>], end: &Block<'_>, out_ids: Id) -> Id {
        let style = self.frame.style;
        if style.scales_embedding {
            x = self.graph.elementwise(&[x]);
        }
        if let Some(first) = blocks.first() {
            self.per_layer = self.per_layer_inputs(x, first);
        }
        let streams = Self::has(end, TensorKind::AltupProj);
        if streams {
            x = self.spread(x, end);
        }
        for (index, block) in blocks.iter().enumerate() {
            let picked = (index + 1 == blocks.len() && style.pick == Pick::WithinLayer).then_some(out_ids);
            x = self.block(x, block, picked);
        }
        if streams {
            x = self.merged(x, end);
        }
        match style.pick {
            Pick::WithinLayer | Pick::BehindNorm => x,
            Pick::BehindLayers => self.pick(x, Some(out_ids)),
            Pick::BehindResult => self.handed_out(x, out_ids),
        }
    }

    /// Rows picked from a result that the engine hands out.
    fn handed_out(&mut self, x: Id, rows: Id) -> Id {
        self.graph.tensors[x.index()].output = true;
        self.pick(x, Some(rows))
    }

    fn weight(&mut self, block: &Block<'_>, kind: TensorKind, bias: bool) -> Option<Id> {
        let &(.., bytes) = block.weights.iter().find(|weight| weight.0 == kind && weight.1 == bias)?;
        let backend = if kind.is_expert() { block.experts_backend } else { block.backend };
        Some(self.graph.weight(bytes, backend))
    }

    fn has(block: &Block<'_>, kind: TensorKind) -> bool {
        block.weights.iter().any(|weight| weight.0 == kind && !weight.1)
    }

    /// `weight × x`, with the bias where the file has one.
    fn matmul(&mut self, block: &Block<'_>, kind: TensorKind, x: Id, rows: u64) -> Id {
        let [_, tokens, more, rest] = self.graph.ne(x);
        let weight = self.weight(block, kind, false).unwrap_or_else(|| self.graph.weight(0, block.backend));
        let product = self.graph.compute([rows, tokens, more, rest], &[weight, x]);
        match self.weight(block, kind, true) {
            Some(bias) => self.graph.elementwise(&[product, bias]),
            None => product,
        }
    }

    /// Norm of `x` with the weight `kind`; `x` itself where the file has none.
    fn norm(&mut self, x: Id, block: &Block<'_>, kind: TensorKind) -> Id {
        let Some(weight) = self.weight(block, kind, false) else { return x };
        let normed = self.bare_norm(x);
        self.scaled(normed, weight, block, kind)
    }

    /// Layer norm of `x` whatever the model's other norms are.
    fn layer_norm(&mut self, x: Id, block: &Block<'_>, kind: TensorKind) -> Id {
        let Some(weight) = self.weight(block, kind, false) else { return x };
        let ne = self.graph.ne(x);
        let normed = self.graph.compute(ne, &[x]);
        self.scaled(normed, weight, block, kind)
    }

    fn scaled(&mut self, normed: Id, weight: Id, block: &Block<'_>, kind: TensorKind) -> Id {
        let scaled = self.graph.elementwise(&[normed, weight]);
        match self.weight(block, kind, true) {
            Some(bias) => self.graph.elementwise(&[scaled, bias]),
            None => scaled,
        }
    }

    fn bare_norm(&mut self, x: Id) -> Id {
        if self.frame.style.layer_norm {
            let ne = self.graph.ne(x);
            self.graph.compute(ne, &[x])
        } else {
            self.graph.elementwise(&[x])
        }
    }

    fn pick(&mut self, x: Id, rows: Option<Id>) -> Id {
        match rows {
            None => x,
            Some(rows) => {
                let [width, ..] = self.graph.ne(x);
                let outputs = self.frame.outputs;
                self.graph.get_rows(shape(width, outputs, 1), x, rows)
            }
        }
    }

    /// One transformer block over `x`; `picked` are the rows that the last block goes on with.
    fn block(&mut self, x: Id, block: &Block<'_>, picked: Option<Id>) -> Id {
        if Self::has(block, TensorKind::AltupRouter) {
            return self.gemma3n_block(x, block);
        }
        if Self::has(block, TensorKind::LayerOutputScale) {
            return self.gemma4_block(x, block);
        }
        let normed = self.norm(x, block, TensorKind::AttnNorm);
        // Falcon 40B norms the input of its attention apart.
        let own = Self::has(block, TensorKind::AttnNorm2);
        let feed = normed;
        let normed = if own { self.norm(x, block, TensorKind::AttnNorm2) } else { normed };
        let mixed = match block.layer.mixer {
            Mixer::Attention(attention) => match attention.cache {
                Cache::Latent { width, rank } => self.latent_attention(normed, block, &attention, (width, rank)),
                Cache::KeyValue | Cache::Shared => self.attention(normed, block, &attention),
            },
            Mixer::None | Mixer::Recurrent(_) => normed,
        };
        if self.frame.style.parallel_residual {
            let (mixed, x, feed) = (self.pick(mixed, picked), self.pick(x, picked), self.pick(feed, picked));
            let out = self.feed_forward(feed, block);
            if self.frame.style.residual_last {
                let out = self.graph.elementwise(&[out, mixed]);
                return self.graph.elementwise(&[out, x]);
            }
            let out = self.graph.elementwise(&[out, x]);
            return self.graph.elementwise(&[out, mixed]);
        }
        let (mixed, x) = (self.pick(mixed, picked), self.pick(x, picked));
        // GLM-4.5, gpt-oss and Qwen3.5 call the norm before the feed-forward part so.
        let (after, before) = if Self::has(block, TensorKind::FfnNorm) || Self::has(block, TensorKind::PostFfwNorm) {
            (TensorKind::PostAttentionNorm, TensorKind::FfnNorm)
        } else {
            (TensorKind::FfnNorm, TensorKind::PostAttentionNorm)
        };
        let mixed = self.norm(mixed, block, after);
        let x = self.graph.elementwise(&[mixed, x]);
        let normed = self.norm(x, block, before);
        let out = self.feed_forward(normed, block);
        let out = self.norm(out, block, TensorKind::PostFfwNorm);
        if self.frame.style.residual_first {
            return self.graph.elementwise(&[x, out]);
        }
        self.graph.elementwise(&[out, x])
    }

    fn feed_forward(&mut self, x: Id, block: &Block<'_>) -> Id {
        match block.layer.feed_forward {
            FeedForward::None => x,
            FeedForward::Dense { width, fused: true, .. } => self.dense_fused(x, block, width),
            FeedForward::Dense { width, gated, .. } => self.dense(x, block, width, gated),
            FeedForward::Experts { experts, experts_per_token, width, shared_width, gated } => {
                self.experts(x, block, &experts::Shape { experts, experts_per_token, width, shared_width, gated })
            }
        }
    }
}
