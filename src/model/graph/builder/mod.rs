//! Builds the engine's graph from a model's layers: one block after another, each operation in the engine's order.
//!
//! Which operations a layer has follows from the tensors its file has: a norm where there is a norm tensor, a bias where
//! there is a bias.

mod ahead;
mod attention;
mod compressed;
mod experts;
mod feed_forward;
mod frame;
mod hyper;
mod inputs;
mod latent;
mod per_layer;
mod recurrent;
mod sparse;

use super::{F32, Graph, GraphRole, I32, Op, TensorId, shape};
pub(crate) use ahead::build_ahead;
pub(crate) use compressed::Compressed;
use compressed::CompressedInputs;
pub(crate) use experts::ExpertMixture;
pub(crate) use frame::{Adapters, BuildAge, Frame, GraphOptions, Kernels, RemoteDevices, Router};
use inputs::{CacheInputs, IndexInputs, cache_inputs, index_inputs};
pub(crate) use latent::Latent;
pub(crate) use per_layer::PerLayer;
use recurrent::StateInputs;
use sparse::{SparseBlocks, SparseInputs};

use crate::model::architectures::{Pick, Residual, Temperature};
use crate::model::block_type::BlockType;
use crate::model::layers::{Cache, FeedForward, Layer, Mixer, Span};
use crate::model::tensor::TensorKind;

/// Where a weight lies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WeightPlace {
    /// Where its layer lies.
    #[default]
    WithLayer,
    /// In RAM; large batches are multiplied on a device.
    Host,
    /// In RAM, since no device multiplies it.
    HostAlone,
    /// On this device.
    Device(u8),
}

/// A weight as the graph needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    /// Which.
    pub kind: TensorKind,
    /// It is added, not multiplied with.
    pub is_bias: bool,
    /// Elements of a row.
    pub width: u64,
    /// Padded, on a device.
    pub bytes: u64,
    /// Where it lies.
    pub place: WeightPlace,
}

/// One layer and where its weights lie.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    /// Its number in the model, from 0.
    pub index: u64,
    /// Its shape.
    pub layer: &'a Layer,
    pub weights: &'a [Weight],
    /// Backend of its weights and its cache.
    pub backend: u8,
    pub experts_backend: u8,
}

/// The graph in the making.
pub struct GraphBuilder<'a> {
    pub(in crate::model) graph: &'a mut Graph,
    pub(in crate::model) frame: Frame,
    position: TensorId,
    /// The tokens of the batch, and the rows for the output.
    token_ids: TensorId,
    out_ids: TensorId,
    compressed: Option<CompressedInputs>,
    /// The embeddings with a part for each of the layers that what was seen is added to.
    deepstack: Option<TensorId>,
    full: CacheInputs,
    window: CacheInputs,
    index: IndexInputs,
    states: StateInputs,
    /// Scale of the queries by their position, and which of them have it.
    temperature: Option<TensorId>,
    /// The cells that an indexer chose last, and how many they are.
    chosen_cells: Option<(TensorId, u64)>,
    /// Inputs of attention to blocks of tokens, where it is run.
    sparse: Option<SparseInputs>,
    /// Residual streams that are banked, and how many they are.
    pub(in crate::model) banked: Option<(TensorId, u64)>,
    /// Embeddings of its own for each layer.
    per_layer: Option<TensorId>,
    /// Bytes of the factors that stretch the positions; every device has them.
    rope_factors: Option<u64>,
    /// The factors that are in the graph already, by backend.
    factors: Vec<(u8, TensorId)>,
}

/// Builds the graph of `blocks` with the embedding on the CPU and the output matrix on `output_backend`.
pub(crate) fn build(graph: &mut Graph, frame: &Frame, blocks: &[Block<'_>], output: (&[Weight], u8)) {
    graph.clear();
    let tokens = frame.tokens;
    let table = graph.weight(0, frame.cpu);
    let token_ids = graph.input(shape(tokens, 1, 1), I32);
    // Rows have a part for each of the layers that what was seen is added to.
    let wide = shape(frame.hidden * (1 + frame.deepstack), tokens, 1);
    let embeddings = graph.input(wide, F32);
    let mut x = graph.get_rows(shape(frame.hidden, tokens, 1), table, token_ids);
    if frame.deepstack > 0 {
        x = graph.compute(wide, &[x]);
    }
    let deepstack = (frame.deepstack > 0).then_some(x);
    graph.expand(x);
    graph.expand(embeddings);
    if frame.deepstack > 0 {
        x = graph.part(x, shape(frame.hidden, tokens, 1));
        graph.expand(x);
    }
    if frame.form.scales_embeddings {
        x = graph.elementwise(&[x]);
        graph.expand(x);
    }
    let mut builder = GraphBuilder { deepstack, ..inputs(graph, frame, blocks, token_ids) };
    let out_ids = builder.out_ids;
    let end = end(blocks.len() as u64, output);
    x = builder.layers(x, blocks, &end, out_ids);
    x = builder.norm(x, &end, TensorKind::OutputNorm);
    if frame.form.pick == Pick::BehindNorm {
        x = builder.handed_out(x, out_ids);
    }
    let logits = builder.matmul(&end, TensorKind::Output, x, frame.vocabulary);
    builder.graph.expand(logits);
}

/// The inputs beside the embedding.
fn inputs<'a>(graph: &'a mut Graph, frame: &Frame, blocks: &[Block<'_>], token_ids: TensorId) -> GraphBuilder<'a> {
    let tokens = frame.tokens;
    let position = graph.input(shape(tokens * frame.form.positions, 1, 1), I32);
    let out_ids = graph.input(shape(frame.outputs, 1, 1), I32);
    let full = cache_inputs(graph, frame, blocks, Span::Full);
    let span = blocks.iter().find_map(|block| match block.layer.mixer {
        Mixer::Attention(attention) if attention.span != Span::Full => Some(attention.span),
        _ => None,
    });
    let window = cache_inputs(graph, frame, blocks, span.unwrap_or(Span::Full));
    let index = index_inputs(graph, frame);
    let sparse = SparseInputs::new(graph, frame, full.mask);
    let head_dim = blocks.iter().find_map(|block| match block.layer.mixer {
        Mixer::Attention(attention) => Some(attention.key_dim),
        _ => None,
    });
    let apart = frame.cells.apart().per_stream(span.unwrap_or(Span::Full));
    let compressed = CompressedInputs::new(graph, frame, apart, head_dim.unwrap_or(0));
    let scales = frame.form.temperature != Temperature::Never;
    let temperature = scales.then(|| graph.input(shape(1, 1, tokens), F32));
    let heads = blocks.iter().find_map(|block| match block.layer.mixer {
        Mixer::Recurrent(recurrent) => Some(recurrent.heads),
        _ => None,
    });
    let states = StateInputs::new(graph, frame, heads.unwrap_or(0));
    if frame.kernels.keeps_delta {
        recurrent::keep_delta(graph, frame, blocks);
    }
    // Of the factors for long and for short contexts, which are as large, one is read.
    let rope_factors = blocks.iter().find_map(|block| {
        let kinds = [TensorKind::RopeFreqs, TensorKind::RopeFactorsLong];
        kinds.into_iter().find_map(|kind| GraphBuilder::weight_bytes(block, kind))
    });
    GraphBuilder {
        graph,
        frame: *frame,
        position,
        token_ids,
        out_ids,
        compressed,
        deepstack: None,
        full,
        window,
        index,
        states,
        temperature,
        chosen_cells: None,
        sparse,
        banked: None,
        per_layer: None,
        rope_factors,
        factors: Vec::new(),
    }
}

/// What stands behind the layers.
const fn end(index: u64, (weights, backend): (&[Weight], u8)) -> Block<'_> {
    Block {
        index,
        layer: &Layer { mixer: Mixer::None, feed_forward: FeedForward::None },
        weights,
        backend,
        experts_backend: backend,
    }
}

impl GraphBuilder<'_> {
    /// All layers, from the embedding on.
    fn layers(&mut self, mut x: TensorId, blocks: &[Block<'_>], end: &Block<'_>, out_ids: TensorId) -> TensorId {
        let form = self.frame.form;
        if let Some(first) = blocks.first() {
            self.per_layer = self.per_layer_inputs(x, first);
        }
        if let Some(streams) = form.streams {
            x = (streams.spread)(self, x, end);
        }
        for (index, block) in blocks.iter().enumerate() {
            let picked = (index + 1 == blocks.len() && form.pick == Pick::WithinLayer).then_some(out_ids);
            x = self.block(x, block, picked);
            if let Some(wide) = self.deepstack.filter(|_| block.index < self.frame.deepstack) {
                let seen = self.graph.part(wide, shape(self.frame.hidden, self.frame.tokens, 1));
                x = self.graph.elementwise(&[x, seen]);
            }
        }
        if let Some(streams) = form.streams {
            x = (streams.merge)(self, x, end);
        }
        match form.pick {
            Pick::WithinLayer | Pick::BehindNorm | Pick::Merged => x,
            Pick::BehindLayers => self.pick(x, Some(out_ids)),
            Pick::BehindResult => self.handed_out(x, out_ids),
        }
    }

    /// Rows picked from a result that the engine hands out.
    fn handed_out(&mut self, x: TensorId, rows: TensorId) -> TensorId {
        self.graph.tensors[x.index()].output = true;
        self.pick(x, Some(rows))
    }

    pub(in crate::model) fn weight(&mut self, block: &Block<'_>, kind: TensorKind, bias: bool) -> Option<TensorId> {
        let weight = block.weights.iter().find(|weight| weight.kind == kind && weight.is_bias == bias)?;
        let backend = match weight.place {
            WeightPlace::WithLayer if kind.is_expert() => block.experts_backend,
            WeightPlace::WithLayer => block.backend,
            WeightPlace::Host | WeightPlace::HostAlone => self.frame.cpu,
            WeightPlace::Device(device) => device,
        };
        Some(self.graph.weight(weight.bytes, backend))
    }

    /// No device multiplies this matrix.
    fn stays_on_host(block: &Block<'_>, kind: TensorKind) -> bool {
        let is_it = |weight: &&Weight| weight.kind == kind && !weight.is_bias;
        block.weights.iter().find(is_it).is_some_and(|weight| weight.place == WeightPlace::HostAlone)
    }

    fn has(block: &Block<'_>, kind: TensorKind) -> bool {
        block.weights.iter().any(|weight| weight.kind == kind && !weight.is_bias)
    }

    /// `weight × x`, with the bias where the file has one.
    pub(in crate::model) fn matmul(&mut self, block: &Block<'_>, kind: TensorKind, x: TensorId, rows: u64) -> TensorId {
        let [_, tokens, more, rest] = self.graph.ne(x);
        let weight = self.weight(block, kind, false).unwrap_or_else(|| self.graph.weight(0, block.backend));
        let product = self.graph.compute([rows, tokens, more, rest], &[weight, x]);
        self.graph.mark(product, GraphRole::of_product(kind));
        if Self::stays_on_host(block, kind) {
            self.graph.tensors[product.index()].op = Op::OnHost;
        }
        let product = self.adapted(block, kind, x, product);
        match self.weight(block, kind, true) {
            Some(bias) => self.graph.elementwise(&[product, bias]),
            None => product,
        }
    }

    /// `product` of `x` with a matrix, and what each adapter adds to it (`build_lora_mm`).
    fn adapted(&mut self, block: &Block<'_>, kind: TensorKind, x: TensorId, product: TensorId) -> TensorId {
        let Adapters { count, rank } = self.frame.adapters;
        if !kind.is_adapted() {
            return product;
        }
        let ([width, tokens, more, rest], [rows, ..]) = (self.graph.ne(x), self.graph.ne(product));
        let mut sum = product;
        for _ in 0..count {
            let down = self.graph.weight(F32 * width * rank, block.backend);
            let narrow = self.graph.compute([rank, tokens, more, rest], &[down, x]);
            let up = self.graph.weight(F32 * rank * rows, block.backend);
            let wide = self.graph.compute([rows, tokens, more, rest], &[up, narrow]);
            let scaled = self.graph.elementwise(&[wide]);
            sum = self.graph.elementwise(&[sum, scaled]);
        }
        sum
    }

    /// Norm of `x` with the weight `kind`; `x` itself where the file has none.
    pub(in crate::model) fn norm(&mut self, x: TensorId, block: &Block<'_>, kind: TensorKind) -> TensorId {
        let Some(weight) = self.weight(block, kind, false) else { return x };
        let normed = self.bare_norm(x);
        self.scaled(normed, weight, block, kind)
    }

    /// Layer norm of `x` whatever the model's other norms are.
    fn layer_norm(&mut self, x: TensorId, block: &Block<'_>, kind: TensorKind) -> TensorId {
        let Some(weight) = self.weight(block, kind, false) else { return x };
        let ne = self.graph.ne(x);
        let normed = self.graph.compute(ne, &[x]);
        self.scaled(normed, weight, block, kind)
    }

    fn scaled(&mut self, normed: TensorId, weight: TensorId, block: &Block<'_>, kind: TensorKind) -> TensorId {
        let scaled = self.graph.elementwise(&[normed, weight]);
        match self.weight(block, kind, true) {
            Some(bias) => self.graph.elementwise(&[scaled, bias]),
            None => scaled,
        }
    }

    pub(in crate::model) fn bare_norm(&mut self, x: TensorId) -> TensorId {
        if self.frame.form.layer_norm {
            let ne = self.graph.ne(x);
            self.graph.compute(ne, &[x])
        } else {
            self.graph.elementwise(&[x])
        }
    }

    fn pick(&mut self, x: TensorId, rows: Option<TensorId>) -> TensorId {
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
    fn block(&mut self, x: TensorId, block: &Block<'_>, picked: Option<TensorId>) -> TensorId {
        let form = self.frame.form;
        if let Some(own) = form.block {
            return own(self, x, block);
        }
        let normed = self.norm(x, block, TensorKind::AttnNorm);
        // Falcon 40B norms the input of its attention apart.
        let parallel = matches!(form.residual, Residual::Parallel | Residual::ParallelAttentionFirst);
        let own = parallel && Self::has(block, TensorKind::AttnNorm2);
        let feed = normed;
        let normed = if own { self.norm(x, block, TensorKind::AttnNorm2) } else { normed };
        let mixed = self.mixer(normed, block);
        if parallel {
            let (mixed, x, feed) = (self.pick(mixed, picked), self.pick(x, picked), self.pick(feed, picked));
            let out = self.feed_forward(feed, block);
            if form.residual == Residual::ParallelAttentionFirst {
                let out = self.graph.elementwise(&[out, mixed]);
                return self.graph.elementwise(&[out, x]);
            }
            let out = self.graph.elementwise(&[out, x]);
            return self.graph.elementwise(&[out, mixed]);
        }
        let x = if form.residual == Residual::Normed { normed } else { x };
        let (mixed, x) = (self.pick(mixed, picked), self.pick(x, picked));
        if Self::is_single(block) {
            return self.graph.elementwise(&[mixed, x]);
        }
        // GLM-4.5, gpt-oss and Qwen3.5 call the norm before the feed-forward part so.
        let (after, before) = if Self::has(block, TensorKind::FfnNorm) || Self::has(block, TensorKind::PostFfwNorm) {
            (TensorKind::PostAttentionNorm, TensorKind::FfnNorm)
        } else {
            (TensorKind::FfnNorm, TensorKind::PostAttentionNorm)
        };
        let mixed = self.norm(mixed, block, after);
        let x = self.residual(x);
        let x = if form.residual_first_at_mixer { [x, mixed] } else { [mixed, x] };
        let x = self.graph.elementwise(&x);
        let normed = self.norm(x, block, before);
        let out = self.feed_forward(normed, block);
        let out = self.norm(out, block, TensorKind::PostFfwNorm);
        let x = if form.residual == Residual::Normed { self.residual(normed) } else { x };
        if form.residual_first {
            return self.graph.elementwise(&[x, out]);
        }
        self.graph.elementwise(&[out, x])
    }

    /// What mixes the tokens of `normed`, or the feed-forward part of a block that has no mixer.
    pub(in crate::model) fn mixer(&mut self, normed: TensorId, block: &Block<'_>) -> TensorId {
        match block.layer.mixer {
            Mixer::Attention(attention) => match attention.cache {
                Cache::Latent { width, rank } => self.latent_attention(normed, block, &attention, width, rank),
                Cache::Compressed { ratio } => match self.compressed {
                    Some(inputs) => self.compressed_attention(normed, block, &attention, ratio, &inputs),
                    None => normed,
                },
                Cache::KeyValue | Cache::Shared => self.attention(normed, block, &attention),
            },
            Mixer::Recurrent(recurrent) => self.recurrent(normed, block, &recurrent),
            Mixer::None => {
                // Blocks without attention (Nemotron Super) have the norm of the feed-forward part alone.
                let normed = self.norm(normed, block, TensorKind::FfnNorm);
                self.feed_forward(normed, block)
            }
        }
    }

    /// What is added to the output of a part.
    fn residual(&mut self, x: TensorId) -> TensorId {
        if self.frame.form.residual == Residual::Normed { self.graph.elementwise(&[x]) } else { x }
    }

    /// A mixer alone or a feed-forward part alone.
    fn is_single(block: &Block<'_>) -> bool {
        block.layer.mixer == Mixer::None
            || matches!(block.layer.feed_forward, FeedForward::None | FeedForward::Dense { width: 0, .. })
    }

    pub(in crate::model) fn feed_forward(&mut self, x: TensorId, block: &Block<'_>) -> TensorId {
        match block.layer.feed_forward {
            FeedForward::None => x,
            FeedForward::Dense { width, fused: true, .. } => self.dense_fused(x, block, width),
            FeedForward::Dense { width, gated, .. } => self.dense(x, block, width, gated),
            FeedForward::Experts { experts, experts_per_token, width, shared_width, gated } => {
                self.experts(x, block, &ExpertMixture { experts, experts_per_token, width, shared_width, gated })
            }
        }
    }
}
