//! What the figures of a model may be: far above anything built, and low enough that no count over them overflows or
//! keeps anyone waiting.

use super::{
    FieldRule, FileTensor, Heads, LayerKind, ModelFault, ModelFields, NeedyLayers, RecurrenceKind, Tower, Vision,
};

/// The most layers; the deepest model that was published has 126.
pub const MAX_LAYERS: u64 = 1000;
/// The most parameters, of all parts together.
pub const MAX_PARAMETERS: u64 = 1_000_000_000_000_000;
/// The most tensors of a file, or of all parts of a file; the largest real ones have a few thousand.
pub const MAX_TENSORS: u64 = 50_000;
/// The residual stream and whatever is as wide.
const WIDTH: u64 = 1 << 20;
/// Inner widths, which are several times that.
const INNER: u64 = 1 << 22;
const HEADS: u64 = 1 << 14;
const HEAD_DIM: u64 = 1 << 14;
const VOCABULARY: u64 = 1 << 24;
const EXPERTS: u64 = 4096;
/// Each is a node of its own in every layer of the engine's graph.
const EXPERTS_PER_TOKEN: u64 = 256;
/// Tokens of a context or a window.
const TOKENS: u64 = 1 << 40;

/// A number of a model: where it stands and from where to where it may go. `None` where the model has no such part.
struct Bound {
    field: &'static str,
    value: fn(&ModelFields) -> Option<u64>,
    least: u64,
    most: u64,
}

macro_rules! bounds {
    ($($field:literal: $least:literal to $most:expr, |$model:ident| $value:expr;)*) => {
        &[$(Bound { field: $field, value: |$model| $value, least: $least, most: $most },)*]
    };
}

#[rustfmt::skip]
const BOUNDS: &[Bound] = bounds! {
    "num_hidden_layers": 1 to MAX_LAYERS, |model| Some(model.num_hidden_layers);
    "hidden_size": 1 to WIDTH, |model| Some(model.hidden_size);
    "vocab_size": 1 to VOCABULARY, |model| Some(model.vocab_size);
    "intermediate_size": 0 to INNER, |model| Some(model.intermediate_size);
    "intermediate_sizes": 0 to INNER, |model| model.intermediate_sizes.iter().max().copied();
    "intermediate_sizes, how many": 0 to MAX_LAYERS, |model| Some(model.intermediate_sizes.len() as u64);
    "attn_res_block_size": 0 to MAX_LAYERS, |model| Some(model.attn_res_block_size);
    "deepstack_layers": 0 to 64, |model| Some(model.deepstack_layers);
    "num_attention_heads": 0 to HEADS, |model| Some(model.num_attention_heads);
    "num_key_value_heads": 0 to HEADS, |model| Some(model.num_key_value_heads);
    "head_dim": 0 to HEAD_DIM, |model| Some(model.head_dim);
    "v_head_dim": 1 to HEAD_DIM, |model| model.v_head_dim;
    "rotary_dim": 1 to HEAD_DIM, |model| model.rotary_dim;
    "total_parameters": 0 to MAX_PARAMETERS, |model| model.total_parameters;
    "active_parameters": 0 to MAX_PARAMETERS, |model| model.active_parameters;
    "params_read_per_token": 0 to MAX_PARAMETERS, |model| model.params_read_per_token;
    "max_position_embeddings": 1 to TOKENS, |model| model.max_position_embeddings;
    "sliding_window": 1 to TOKENS, |model| model.sliding_window;
    "num_kv_shared_layers": 0 to MAX_LAYERS, |model| Some(model.num_kv_shared_layers);
    "hidden_size_per_layer_input": 0 to WIDTH, |model| Some(model.hidden_size_per_layer_input);
    "layer_pattern": 1 to MAX_LAYERS, |model| model.layer_pattern.as_ref().map(|pattern| pattern.period() as u64);
    "full_attention.num_attention_heads": 1 to HEADS, |model| model.full_attention?.num_attention_heads;
    "full_attention.num_key_value_heads": 1 to HEADS, |model| model.full_attention?.num_key_value_heads;
    "full_attention.head_dim": 1 to HEAD_DIM, |model| model.full_attention?.head_dim;
    "sliding_attention.num_attention_heads": 1 to HEADS, |model| model.sliding_attention?.num_attention_heads;
    "sliding_attention.num_key_value_heads": 1 to HEADS, |model| model.sliding_attention?.num_key_value_heads;
    "sliding_attention.head_dim": 1 to HEAD_DIM, |model| model.sliding_attention?.head_dim;
    "mla.kv_lora_rank": 1 to WIDTH, |model| Some(model.mla?.kv_lora_rank);
    "mla.q_lora_rank": 1 to WIDTH, |model| model.mla?.q_lora_rank;
    "mla.qk_rope_head_dim": 1 to HEAD_DIM, |model| Some(model.mla?.qk_rope_head_dim);
    "mla.qk_nope_head_dim": 1 to HEAD_DIM, |model| Some(model.mla?.qk_nope_head_dim);
    "mla.v_head_dim": 1 to HEAD_DIM, |model| Some(model.mla?.v_head_dim);
    "indexer.index_n_heads": 1 to HEADS, |model| Some(model.indexer?.index_n_heads);
    "indexer.index_head_dim": 1 to HEAD_DIM, |model| Some(model.indexer?.index_head_dim);
    "indexer.index_block_size": 0 to TOKENS, |model| Some(model.indexer?.index_block_size);
    "indexer.index_topk_freq": 0 to MAX_LAYERS, |model| Some(model.indexer?.index_topk_freq);
    "indexer.index_skip_topk_offset": 0 to MAX_LAYERS, |model| Some(model.indexer?.index_skip_topk_offset);
    "indexer.index_topk": 1 to TOKENS, |model| model.indexer?.index_topk;
    "compressed.q_lora_rank": 1 to WIDTH, |model| Some(model.compressed.as_ref()?.q_lora_rank);
    "compressed.o_lora_rank": 1 to WIDTH, |model| Some(model.compressed.as_ref()?.o_lora_rank);
    "compressed.o_groups": 1 to HEADS, |model| Some(model.compressed.as_ref()?.o_groups);
    "compressed.hc_mult": 1 to 64, |model| Some(model.compressed.as_ref()?.hc_mult);
    "compressed.num_hash_layers": 0 to MAX_LAYERS, |model| Some(model.compressed.as_ref()?.num_hash_layers);
    "compressed.compress_ratios": 0 to 128, |model| model.compressed.as_ref()?.compress_ratios.iter().max().copied();
    "compressed.compress_ratios, how many": 1 to MAX_LAYERS, |model| Some(model.compressed.as_ref()?.compress_ratios.len() as u64);
    "experts.num_experts": 1 to EXPERTS, |model| Some(model.experts?.num_experts);
    "experts.num_experts_per_tok": 1 to EXPERTS_PER_TOKEN, |model| Some(model.experts?.num_experts_per_tok);
    "experts.moe_intermediate_size": 1 to INNER, |model| Some(model.experts?.moe_intermediate_size);
    "experts.shared_expert_intermediate_size": 0 to INNER, |model| Some(model.experts?.shared_expert_intermediate_size);
    "experts.first_k_dense_replace": 0 to MAX_LAYERS, |model| Some(model.experts?.first_k_dense_replace);
    "experts.decoder_sparse_step": 0 to MAX_LAYERS, |model| Some(model.experts?.decoder_sparse_step);
    "experts.moe_latent_size": 0 to WIDTH, |model| Some(model.experts?.moe_latent_size);
    "experts.n_group": 0 to EXPERTS, |model| Some(model.experts?.n_group);
    "experts.topk_group": 0 to EXPERTS, |model| Some(model.experts?.topk_group);
    "altup.altup_num_inputs": 2 to 64, |model| Some(model.altup?.altup_num_inputs);
    "altup.laurel_rank": 1 to WIDTH, |model| Some(model.altup?.laurel_rank);
    "altup.sparse_layers": 0 to MAX_LAYERS, |model| Some(model.altup?.sparse_layers);
    "recurrent.conv_kernel": 0 to 1024, |model| Some(model.recurrent?.conv_kernel);
    "recurrent.heads": 1 to INNER, |model| Some(model.recurrent?.heads);
    "recurrent.head_dim": 1 to HEAD_DIM, |model| Some(model.recurrent?.head_dim);
    "recurrent.state_size": 0 to HEAD_DIM, |model| Some(model.recurrent?.state_size);
    "recurrent.groups": 0 to HEADS, |model| Some(model.recurrent?.groups);
    "recurrent.heads × head_dim": 1 to INNER, |model| model.recurrent.map(|own| own.heads * own.head_dim);
    "recurrent.groups × state_size": 0 to INNER, |model| model.recurrent.map(|own| own.groups * own.state_size);
    "vision.num_hidden_layers": 1 to MAX_LAYERS, |model| Some(tower(model)?.num_hidden_layers);
    "vision.hidden_size": 1 to WIDTH, |model| Some(tower(model)?.hidden_size);
    "vision.intermediate_size": 1 to INNER, |model| Some(tower(model)?.intermediate_size);
    "vision.patch_values": 1 to INNER, |model| Some(tower(model)?.patch_values);
    "vision.positions": 0 to VOCABULARY, |model| Some(tower(model)?.positions);
    "vision.largest.patches": 1 to VOCABULARY, |model| Some(tower(model)?.largest.as_ref()?.patches);
    "vision.largest.tokens": 1 to VOCABULARY, |model| Some(tower(model)?.largest.as_ref()?.tokens);
    "vision.parameters": 0 to MAX_PARAMETERS, |model| model.vision.as_ref().map(Vision::parameters);
    "file_tensors": 0 to MAX_TENSORS, |model| Some(model.file_tensors.len() as u64);
    "file_tensors, elements of the smallest": 1 to MAX_PARAMETERS, |model| model.file_tensors.iter().map(FileTensor::elements).min();
    "file_tensors, all elements": 0 to MAX_PARAMETERS, |model| Some(file_elements(model));
    "num_attention_heads × head_dim": 0 to WIDTH, |model| Some(attention_width(model));
    "parameters of all layers": 0 to MAX_PARAMETERS, |model| Some(parameters(model));
};

/// Whether a figure goes with another of the same model.
type Ratio = fn(&ModelFields) -> Result<(), ModelFault>;

/// What does not go with another figure of the same model.
const RATIOS: &[Ratio] =
    &[shared_layers, experts_per_token, rotated, full_heads, window_heads, window, latent_heads, recurrence];

/// The first figure that no model has, or that does not go with another.
pub(super) fn check(model: &ModelFields) -> Result<(), ModelFault> {
    for bound in BOUNDS {
        if let Some(value) = (bound.value)(model).filter(|value| !(bound.least..=bound.most).contains(value)) {
            return Err(fault(bound.field, value, FieldRule::Within(bound.least, bound.most)));
        }
    }
    RATIOS.iter().try_for_each(|ratio| ratio(model))
}

fn fault(field: &'static str, value: u64, wanted: FieldRule) -> ModelFault {
    ModelFault { field, value: value.to_string(), wanted }
}

fn needed(field: &'static str, value: u64, layers: NeedyLayers) -> Result<(), ModelFault> {
    if value > 0 { Ok(()) } else { Err(fault(field, value, FieldRule::NeededBy(layers))) }
}

fn up_to(field: &'static str, value: u64, whole: &'static str, most: u64) -> Result<(), ModelFault> {
    if value <= most { Ok(()) } else { Err(fault(field, value, FieldRule::UpTo(whole, most))) }
}

fn multiple(field: &'static str, value: u64, of: &'static str, parts: u64) -> Result<(), ModelFault> {
    if value.is_multiple_of(parts) { Ok(()) } else { Err(fault(field, value, FieldRule::MultipleOf(of, parts))) }
}

fn shared_layers(model: &ModelFields) -> Result<(), ModelFault> {
    up_to("num_kv_shared_layers", model.num_kv_shared_layers, "num_hidden_layers", model.num_hidden_layers)
}

fn experts_per_token(model: &ModelFields) -> Result<(), ModelFault> {
    let Some(experts) = model.experts else { return Ok(()) };
    up_to("experts.num_experts_per_tok", experts.num_experts_per_tok, "experts.num_experts", experts.num_experts)
}

fn rotated(model: &ModelFields) -> Result<(), ModelFault> {
    up_to("rotary_dim", model.rotary_dim.unwrap_or(0), "head_dim", widest_heads(model).1)
}

fn full_heads(model: &ModelFields) -> Result<(), ModelFault> {
    heads(model, LayerKind::Full, model.full_attention, NeedyLayers::Attention)
}

fn window_heads(model: &ModelFields) -> Result<(), ModelFault> {
    heads(model, LayerKind::Window, model.sliding_attention, NeedyLayers::SlidingAttention)
}

/// Queries are shared evenly among the key and value heads.
fn heads(model: &ModelFields, kind: LayerKind, own: Option<Heads>, layers: NeedyLayers) -> Result<(), ModelFault> {
    if model.mla.is_some() || !has(model, kind) {
        return Ok(());
    }
    let pick = |of: fn(&Heads) -> Option<u64>, common: u64| own.as_ref().and_then(of).unwrap_or(common);
    let queries = pick(|own| own.num_attention_heads, model.num_attention_heads);
    let pairs = pick(|own| own.num_key_value_heads, model.num_key_value_heads);
    needed("num_attention_heads", queries, layers)?;
    needed("num_key_value_heads", pairs, layers)?;
    needed("head_dim", pick(|own| own.head_dim, model.head_dim), layers)?;
    multiple("num_attention_heads", queries, "num_key_value_heads", pairs)
}

fn window(model: &ModelFields) -> Result<(), ModelFault> {
    if model.mla.is_some() || !has(model, LayerKind::Window) {
        return Ok(());
    }
    needed("sliding_window", model.sliding_window.unwrap_or(0), NeedyLayers::SlidingAttention)
}

fn latent_heads(model: &ModelFields) -> Result<(), ModelFault> {
    if model.mla.is_none() || !has(model, LayerKind::Full) {
        return Ok(());
    }
    needed("num_attention_heads", model.num_attention_heads, NeedyLayers::Attention)
}

/// What each recurrence computes with must be there, and its heads go evenly into its groups.
fn recurrence(model: &ModelFields) -> Result<(), ModelFault> {
    let Some(own) = model.recurrent.filter(|_| has(model, LayerKind::Recurrent)) else { return Ok(()) };
    if own.kind != RecurrenceKind::Lightning {
        needed("recurrent.conv_kernel", own.conv_kernel, NeedyLayers::Recurrent)?;
    }
    if own.kind != RecurrenceKind::ShortConvolution {
        needed("recurrent.state_size", own.state_size, NeedyLayers::Recurrent)?;
    }
    match own.kind {
        RecurrenceKind::DeltaNet | RecurrenceKind::KimiDelta | RecurrenceKind::Mamba2 => {
            needed("recurrent.groups", own.groups, NeedyLayers::Recurrent)?;
            multiple("recurrent.heads", own.heads, "recurrent.groups", own.groups)
        }
        _ => Ok(()),
    }
}

fn has(model: &ModelFields, kind: LayerKind) -> bool {
    match &model.layer_pattern {
        Some(pattern) => (0..model.num_hidden_layers.min(pattern.period() as u64)).any(|at| pattern.kind(at) == kind),
        None => kind == LayerKind::Full,
    }
}

fn tower(model: &ModelFields) -> Option<&Tower> {
    match model.vision.as_ref()? {
        Vision::Tower(tower) => Some(tower),
        Vision::Published { .. } => None,
    }
}

/// Of all tensors together.
fn file_elements(model: &ModelFields) -> u64 {
    model.file_tensors.iter().map(FileTensor::elements).fold(0, u64::saturating_add)
}

/// At least what the layers hold together: every layer counted as if it had each of the model's parts. Their figures
/// are within bounds, so that nothing overflows.
fn parameters(model: &ModelFields) -> u64 {
    let product = |factors: &[u64]| factors.iter().map(|factor| u128::from(*factor)).product::<u128>();
    let hidden = model.hidden_size;
    let (heads, head_dim) = widest_heads(model);
    let attention = product(&[4, hidden, heads, head_dim]);
    let widest = model.intermediate_sizes.iter().fold(model.intermediate_size, |widest, own| widest.max(*own));
    let dense = product(&[3, hidden, widest, 1 + u64::from(model.use_double_wide_mlp)]);
    let experts = model.experts.map_or(0, |own| {
        let width = own.num_experts * own.moe_intermediate_size + own.shared_expert_intermediate_size;
        product(&[3, hidden.max(own.moe_latent_size), width])
    });
    let recurrent =
        model.recurrent.map_or(0, |own| product(&[4, hidden, own.heads * own.head_dim + own.groups * own.state_size]));
    let latent = model.mla.map_or(0, |own| {
        let head = own.qk_rope_head_dim + own.qk_nope_head_dim + own.v_head_dim;
        product(&[model.num_attention_heads, own.kv_lora_rank + own.q_lora_rank.unwrap_or(hidden) + hidden, head])
    });
    let beside = product(&[model.vocab_size, model.hidden_size_per_layer_input]);
    let layer = attention + dense + experts + recurrent + latent + beside;
    let all = u128::from(model.num_hidden_layers) * layer + product(&[2, hidden, model.vocab_size]);
    u64::try_from(all).unwrap_or(u64::MAX)
}

/// Of all heads together, at the most.
fn attention_width(model: &ModelFields) -> u64 {
    let (heads, head_dim) = widest_heads(model);
    heads * model.mla.map_or(head_dim, |own| own.qk_rope_head_dim + own.qk_nope_head_dim + own.v_head_dim)
}

/// The most heads, and the most elements of one, of any kind of attention layer.
fn widest_heads(model: &ModelFields) -> (u64, u64) {
    let own = [model.full_attention, model.sliding_attention].into_iter().flatten();
    own.fold((model.num_attention_heads, model.head_dim), |(heads, dim), own| {
        (heads.max(own.num_attention_heads.unwrap_or(0)), dim.max(own.head_dim.unwrap_or(0)))
    })
}
