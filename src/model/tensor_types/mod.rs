//! Which storage type each tensor of a GGUF file has: the choices of `llama-quantize`.
//!
//! A file type names a mix. Attention values, the down projections of the first and last layers and the output matrix
//! get more bits; rows that do not divide into blocks fall back to other types; small tensors are never quantized.
//! Source of the laws: llama-quant.cpp of llama.cpp 0c1e57098, without importance matrix except where
//! [`Quantization::needs_importance_matrix`]. Which types unquantized tensors have: conversion/base.py there.

mod keep;
mod rules;

use crate::catalog::model::Model;
use crate::catalog::quantization::Quantization;
use crate::model::layers::Mixer;

use super::block_type::BlockType;
use super::tensor::{Place, Tensor, TensorKind};
use keep::KeptPrecision;
use rules::{MatrixRole, RoleProgress};

/// What the mixes ask of a model beside its tensors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct MixContext {
    /// Experts a layer, 0 for a dense model (`num_experts`).
    pub experts: u64,
    /// Query heads per KV head of the first layer; 0 where that layer has no attention.
    pub query_groups: u64,
    /// What holds for one architecture only.
    pub quirk: Quirk,
    /// The type that experts have in files of every name: the one they were published in.
    pub experts_stay: Option<BlockType>,
}

/// Architectures that the mixes treat apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Quirk {
    /// Nothing special.
    #[default]
    None,
    /// The engine calls it a 70B: attention values get more bits.
    SeventyB,
    /// Falcon: the output matrix stays `Q8_0`, down projections get fewer bits.
    Falcon,
    /// Ling 3: only expert matrices count as such in `MXFP4_MOE`.
    BailingMoe3,
    /// GLM-5 next: many small matrices are kept.
    Glm5Next,
}

impl MixContext {
    /// For a model of the catalog.
    pub(crate) fn of(model: &Model) -> Self {
        let first = model.layers().and_then(|layers| layers.first().map(|it| it.mixer));
        let (heads, kv_heads) = match first {
            Some(Mixer::Attention(attention)) => (attention.heads, attention.kv_heads),
            _ if model.architecture.traits().tensors.heads_of_all_layers => {
                (model.num_attention_heads, model.num_key_value_heads)
            }
            _ => (0, 0),
        };
        let layers = u32::try_from(model.num_hidden_layers).unwrap_or(u32::MAX);
        let experts = model.experts.map_or(0, |it| it.num_experts);
        let experts_stay = model.keeps_published_experts().then_some(BlockType::mxfp4);
        Self { experts_stay, ..Self::new(model.architecture.name(), layers, heads, kv_heads, experts) }
    }

    /// For a model as its GGUF metadata describe it: `general.architecture`, `block_count`, the first layer's
    /// `head_count` and `head_count_kv` (0 where it has no attention; an MLA cache has 1), `expert_count`.
    pub(crate) fn new(architecture: &str, layers: u32, heads: u64, kv_heads: u64, experts: u64) -> Self {
        let quirk = match (architecture, layers) {
            ("llama", 80) if heads != kv_heads && experts != 8 => Quirk::SeventyB,
            ("qwen2" | "deci" | "olmo", 80) | ("jais2", 68) => Quirk::SeventyB,
            ("falcon", _) => Quirk::Falcon,
            ("bailingmoe3", _) => Quirk::BailingMoe3,
            ("glm5-next", _) => Quirk::Glm5Next,
            _ => Quirk::None,
        };
        Self { experts, query_groups: heads.checked_div(kv_heads).unwrap_or(0), quirk, experts_stay: None }
    }
}

/// The storage type of each tensor in a file of type `file`, in the order of `tensors`.
///
/// `layers` counts all blocks of the file. Tensors come as layouts list them: within a layer, routed experts before
/// shared ones. A server precision has no mix and gives what its GGUF counterpart gives, or F16.
pub(crate) fn types(tensors: &[Tensor], layers: u32, context: MixContext, file: Quantization) -> Vec<BlockType> {
    let file = file.gguf().unwrap_or(Quantization::F16);
    let mut traits = Traits::new(context.quirk);
    let mut mixer = rules::TypeMixer {
        file,
        base: rules::base(file),
        context,
        tied: !tensors.iter().any(|it| it.kind == TensorKind::Output && !it.bias),
        values: RoleProgress { done: 0, of: count_values(tensors, &mut traits) },
        up: RoleProgress { done: 0, of: layers },
        gate: RoleProgress { done: 0, of: layers },
        down: RoleProgress { done: 0, of: layers },
    };
    let mut types = vec![BlockType::f32; tensors.len()];
    for index in file_order(tensors) {
        let (Some(tensor), Some(slot)) = (tensors.get(index), types.get_mut(index)) else { continue };
        let (keep, role) = traits.of(tensor.kind);
        let stays = context.experts_stay.filter(|_| tensor.kind.is_expert());
        *slot = if tensor.bias || is_vector(tensor) {
            BlockType::f32
        } else if let Some(published) = stays {
            published
        } else if mixer.base.is_quantized() {
            match keep {
                KeptPrecision::Never | KeptPrecision::PlainOnly => mixer.choose(tensor, role),
                KeptPrecision::Half => BlockType::f16,
                KeptPrecision::Single => BlockType::f32,
                KeptPrecision::Index => BlockType::i32,
            }
        } else {
            match keep {
                KeptPrecision::Never | KeptPrecision::Half => mixer.base,
                KeptPrecision::Single | KeptPrecision::PlainOnly => BlockType::f32,
                KeptPrecision::Index => BlockType::i32,
            }
        };
    }
    types
}

/// Attention values in the file: what their position is counted against.
fn count_values(tensors: &[Tensor], traits: &mut Traits) -> u32 {
    let values = tensors.iter().filter(|it| !it.bias && traits.of(it.kind).1 == MatrixRole::AttentionValue).count();
    u32::try_from(values).unwrap_or(u32::MAX)
}

/// The engine walks a file layer by layer; layouts are listed so, what is read from files may not be.
fn file_order(tensors: &[Tensor]) -> Vec<usize> {
    let layer = |index: &usize| match tensors.get(*index).map(|it| it.place) {
        Some(Place::Layer(layer)) => layer + 1,
        _ => 0,
    };
    let mut order: Vec<usize> = (0..tensors.len()).collect();
    order.sort_by_key(layer);
    order
}

/// Whether the engine sees one dimension only.
const fn is_vector(tensor: &Tensor) -> bool {
    tensor.ne[1] <= 1 && tensor.ne[2] <= 1
}

/// What follows from a tensor's name, looked up once for each kind.
struct Traits {
    quirk: Quirk,
    known: [Option<(KeptPrecision, MatrixRole)>; 256],
}

impl Traits {
    const fn new(quirk: Quirk) -> Self {
        Self { quirk, known: [None; 256] }
    }

    fn of(&mut self, kind: TensorKind) -> (KeptPrecision, MatrixRole) {
        let look_up = || (keep::keep(kind.name(), self.quirk), rules::role(kind.name()));
        match self.known.get_mut(kind as usize) {
            Some(known) => *known.get_or_insert_with(look_up),
            None => look_up(),
        }
    }
}

#[cfg(test)]
mod tests;
