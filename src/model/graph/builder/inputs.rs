//! The inputs of the graph that attention reads: masks, places in the caches, rotations of quantized caches.

use super::super::{F16, F32, Graph, I64, TensorId, shape};
use super::frame::rotation_size;
use super::{Block, Frame};
use crate::model::block_type::BlockType;
use crate::model::layers::{Cache, Mixer, Span};

/// Inputs of one kind of cache.
#[derive(Debug, Clone, Copy)]
pub(super) struct CacheInputs {
    pub(super) mask: TensorId,
    pub(super) key_places: TensorId,
    pub(super) value_places: TensorId,
    pub(super) key_rotation: Option<TensorId>,
    pub(super) value_rotation: Option<TensorId>,
    /// The cache of the last layer that has one: what layers without one read.
    pub(super) last: Option<CachedPair>,
}

/// The cache of one layer.
#[derive(Debug, Clone, Copy)]
pub(super) struct CachedPair {
    pub(super) keys: TensorId,
    pub(super) values: TensorId,
}

/// Inputs of the indexer's cache.
#[derive(Debug, Clone, Copy)]
pub(super) struct IndexInputs {
    pub(super) mask: TensorId,
    pub(super) places: TensorId,
    pub(super) rotation: TensorId,
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

pub(super) fn cache_inputs(graph: &mut Graph, frame: &Frame, blocks: &[Block<'_>], span: Span) -> CacheInputs {
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
    let (ne, narrowed) = (shape(mask_cells, tokens, 1), frame.flash && frame.kernels.wide_mask);
    let mask = graph.input(ne, if frame.flash && !narrowed { F16 } else { F32 });
    let mask = if narrowed { graph.compute_as(ne, F16, &[mask]) } else { mask };
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
pub(super) fn index_inputs(graph: &mut Graph, frame: &Frame) -> IndexInputs {
    let size = frame.latent.indexer.map_or(64, |indexer| rotation_size(indexer.index_head_dim));
    IndexInputs {
        mask: graph.input(shape(frame.cells.full, frame.tokens, 1), F16),
        places: graph.input(shape(frame.tokens, 1, 1), I64),
        rotation: graph.input(shape(size, size, 1), F32),
    }
}
