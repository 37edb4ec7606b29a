//! The KV cache in pages: how layers are grouped, what a block takes, how many blocks a sequence needs.
//!
//! Layers of one kind are split into groups of equal size and all groups draw from one pool of blocks, so memory is
//! charged for whole groups (vLLM 0.33.0, `v1/core/kv_cache_planning.py`, `v1/kv_cache_interface.py`).

use crate::catalog::model::{Model, RecurrenceKind};
use crate::estimate::explanation::{Quantity as Q, Term};
use crate::model::layers::{Attention, Cache, Layer, Mixer, Recurrent, Span};
use crate::text::Key;

/// Tokens of one block.
pub const BLOCK: u64 = 16;
/// Tokens of one block of latent attention with an indexer, and the alignment of hybrids with latent attention.
const SPARSE_BLOCK: u64 = 64;
const LATENT_ALIGN: u64 = 128;
/// Bytes that sparse latent attention keeps for each token in FP8: scales and an unquantized position part.
const SPARSE_FP8_ROW: u64 = 656;
/// Bytes of the scale beside each index key, which is stored in FP8.
const INDEX_SCALE: u64 = 4;
/// Two kinds of layer are padded to the larger number where it is below this many halves of the smaller.
const ALIKE_HALVES: usize = 3;

/// What a group of layers needs blocks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BlockDemand {
    /// Every token of the sequence.
    Full,
    /// The tokens of a window and of the batches under way.
    Window(u64),
    State,
}

/// Layers of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bucket {
    kind: BlockDemand,
    layers: usize,
    /// Bytes of one layer: of a token, or of a state.
    bytes: u64,
}

/// Groups of one kind that share the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Groups {
    kind: BlockDemand,
    count: u64,
    /// Tokens of one of its blocks.
    tokens: u64,
}

/// How the cache of one rank is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KvBlocks {
    groups: Vec<Groups>,
    /// Bytes of one block over all layers of a group.
    pub block_bytes: u64,
}

/// Blocks that one sequence needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blocks {
    /// Of keys and values.
    pub kv: u64,
    /// Of recurrent state.
    pub state: u64,
}

impl Blocks {
    /// All of them.
    pub const fn total(self) -> u64 {
        self.kv + self.state
    }
}

/// How elements are stored and cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ElementLayout {
    /// Bytes of an element of keys and values.
    pub element: u64,
    /// Ranks that share a layer.
    pub ranks: u64,
}

impl KvBlocks {
    /// The layout for `layers` of `model`.
    pub fn of(model: &Model, layers: &[Layer], cut: ElementLayout) -> Self {
        let mut buckets: Vec<Bucket> = Vec::new();
        let mut push =
            |kind: BlockDemand, bytes: u64| match buckets.iter_mut().find(|it| (it.kind, it.bytes) == (kind, bytes)) {
                Some(bucket) => bucket.layers += 1,
                None => buckets.push(Bucket { kind, layers: 1, bytes }),
            };
        for layer in layers {
            match layer.mixer {
                Mixer::Attention(attention) if attention.cache != Cache::Shared => {
                    let kind = match attention.span {
                        Span::Full => BlockDemand::Full,
                        Span::Window(window) => BlockDemand::Window(window),
                    };
                    push(kind, token_bytes(&attention, cut));
                }
                Mixer::Recurrent(recurrent) => push(BlockDemand::State, state_bytes(&recurrent, model, cut.ranks)),
                Mixer::Attention(_) | Mixer::None => {}
            }
        }
        if buckets.windows(2).all(|pair| pair[0].kind == pair[1].kind) {
            uniform(&buckets, model)
        } else {
            mixed(&buckets, model)
        }
    }

    /// Blocks of one sequence of `context` tokens while `in_flight` tokens are under way.
    pub fn blocks(&self, context: u64, in_flight: u64) -> Blocks {
        let mut blocks = Blocks { kv: 0, state: 0 };
        for group in &self.groups {
            let of = if group.kind == BlockDemand::State { &mut blocks.state } else { &mut blocks.kv };
            *of += group.blocks(context, in_flight);
        }
        blocks
    }

    /// What each kind of layer takes of one sequence on one rank.
    pub(super) fn terms(&self, context: u64, in_flight: u64) -> impl Iterator<Item = Term> {
        self.groups.iter().map(move |group| {
            let name = match group.kind {
                BlockDemand::Full => Key::TermKeysAndValues,
                BlockDemand::Window(_) => Key::TermWindow,
                BlockDemand::State => Key::TermState,
            };
            let blocks = Q::Blocks.of(group.blocks(context, in_flight) as f64);
            Term::of(name, [blocks, Q::BlockBytes.of(self.block_bytes as f64)])
        })
    }

    /// Whether a sequence has a recurrent state besides its keys and values.
    pub(super) fn has_states(&self) -> bool {
        self.groups.iter().any(|group| group.kind == BlockDemand::State)
    }

    /// Bytes that each further token of a long sequence takes.
    pub fn token_bytes(&self) -> f64 {
        let full = self.groups.iter().filter(|group| group.kind == BlockDemand::Full);
        full.map(|group| (group.count * self.block_bytes) as f64 / group.tokens as f64).sum()
    }
}

impl Groups {
    /// Blocks of one sequence.
    fn blocks(&self, context: u64, in_flight: u64) -> u64 {
        match self.kind {
            BlockDemand::Full => self.count * context.div_ceil(self.tokens),
            BlockDemand::Window(window) => {
                let held = (window - 1 + in_flight).min(context).div_ceil(self.tokens) + 1;
                self.count * held
            }
            BlockDemand::State => self.count,
        }
    }
}

/// One kind of layer: a block holds the same tokens of all of them.
fn uniform(buckets: &[Bucket], model: &Model) -> KvBlocks {
    let tokens = if model.indexer.is_some() && model.mla.is_some() { SPARSE_BLOCK } else { BLOCK };
    let Some(kind) = buckets.first().map(|bucket| bucket.kind) else {
        return KvBlocks { groups: Vec::new(), block_bytes: 1 };
    };
    let sum: u64 = buckets.iter().map(|bucket| bucket.layers as u64 * bucket.bytes).sum();
    let block_bytes = if kind == BlockDemand::State { sum } else { sum * tokens };
    KvBlocks { groups: vec![Groups { kind, count: 1, tokens }], block_bytes }
}

/// Several kinds: groups of as many layers as the smallest kind has, or of the largest where they are almost alike.
fn mixed(buckets: &[Bucket], model: &Model) -> KvBlocks {
    let smallest = buckets.iter().map(|bucket| bucket.layers).min().unwrap_or(1);
    let largest = buckets.iter().map(|bucket| bucket.layers).max().unwrap_or(1);
    let size = if 2 * largest < ALIKE_HALVES * smallest { largest } else { smallest };
    let tokens_of = |bucket: &Bucket| if bucket.kind == BlockDemand::State { 0 } else { bucket.bytes };
    let widest = buckets.iter().map(tokens_of).max().unwrap_or(1).max(1);
    let state = buckets.iter().filter(|bucket| bucket.kind == BlockDemand::State).map(|bucket| bucket.bytes).max();
    // A block of attention is at least as large as a state.
    let page = state.map_or(BLOCK * widest, |state| {
        let align = if model.mla.is_some() { LATENT_ALIGN } else { BLOCK };
        align * state.div_ceil(align * widest) * widest
    });
    let groups = buckets
        .iter()
        .map(|bucket| {
            let block = page / bucket.bytes.max(1);
            // Blocks grow by whole multiples; what is left over is padding.
            let tokens = if page.is_multiple_of(bucket.bytes.max(1)) { block } else { block / BLOCK * BLOCK };
            Groups { kind: bucket.kind, count: bucket.layers.div_ceil(size) as u64, tokens: tokens.max(1) }
        })
        .collect();
    KvBlocks { groups, block_bytes: page * size as u64 }
}

/// Bytes of one token in one attention layer on one rank. Key and value heads are copied where there are more ranks; a
/// latent lies on every rank.
fn token_bytes(attention: &Attention, cut: ElementLayout) -> u64 {
    let index = if attention.index_dim > 0 { attention.index_dim + INDEX_SCALE } else { 0 };
    let row = match attention.cache {
        Cache::Latent { .. } if index > 0 && cut.element == 1 => SPARSE_FP8_ROW,
        Cache::Latent { width, .. } => width * cut.element,
        // Compressed caches reach no server's law (`Model::common_layers`).
        Cache::KeyValue | Cache::Shared | Cache::Compressed { .. } => {
            let heads = (attention.kv_heads / cut.ranks.max(1)).max(1);
            heads * (attention.key_dim + attention.value_dim) * cut.element
        }
    };
    row + index
}

/// Bytes of the state of one layer on one rank: the window of the convolution in 16 bits, the state proper in the
/// precision that the engine chooses.
pub(super) fn state_bytes(recurrent: &Recurrent, model: &Model, ranks: u64) -> u64 {
    let element = match recurrent.kind {
        RecurrenceKind::DeltaNet if model.architecture.traits().server.half_state => 2,
        RecurrenceKind::DeltaNet | RecurrenceKind::KimiDelta => 4,
        RecurrenceKind::Mamba
        | RecurrenceKind::Mamba2
        | RecurrenceKind::ShortConvolution
        | RecurrenceKind::Lightning => 2,
    };
    (2 * recurrent.convolution_elements + element * recurrent.state_elements) / ranks.max(1)
}
