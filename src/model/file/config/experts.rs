//! The mixture of experts, under the names that its families use.

use serde_json::Value;

use super::fields::Fields;
use crate::catalog::model::{Experts, ModelFields};

/// Experts in a layer.
pub(super) const COUNT: &[&str] =
    &["num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts", "moe_num_primary_experts"];
const PER_TOKEN: &[&str] =
    &["num_experts_per_tok", "num_experts_per_token", "moe_topk", "moe_top_k", "moe_k", "top_k_experts"];
const WIDTH: &[&str] = &["moe_intermediate_size", "expert_ffn_hidden_size"];
const SHARED_WIDTH: &[&str] = &[
    "shared_expert_intermediate_size",
    "moe_shared_expert_intermediate_size",
    "shared_intermediate_size",
    "share_expert_dim",
];
const SHARED_COUNT: &[&str] =
    &["n_shared_experts", "num_shared_experts", "num_shared_expert", "moe_num_shared_experts"];

/// Groups that the experts are parted into.
const GROUPS: &[&str] = &["n_group", "num_expert_group"];

/// The experts of a model, if it has any.
pub(super) fn read(model: &ModelFields, fields: &Fields<'_>) -> Option<Experts> {
    let num_experts = fields.number(COUNT).filter(|count| *count > 1)?;
    let rules = model.architecture.traits().config;
    let plain = fields.number(&["intermediate_size"]).unwrap_or(0);
    let width = if rules.plain_expert_width { plain } else { fields.number(WIDTH).unwrap_or(plain) };
    let shared = match fields.number(SHARED_COUNT) {
        _ if rules.plain_expert_width => plain,
        Some(count) if fields.number(SHARED_WIDTH).is_none() => count.saturating_mul(width),
        _ => fields.number(SHARED_WIDTH).unwrap_or(0),
    };
    let (first, step) = places(fields);
    Some(Experts {
        num_experts,
        num_experts_per_tok: fields.number(PER_TOKEN).unwrap_or(1),
        moe_intermediate_size: width,
        shared_expert_intermediate_size: shared,
        first_k_dense_replace: first,
        decoder_sparse_step: step,
        moe_latent_size: fields.number(&["moe_latent_size"]).unwrap_or(0),
        e_score_correction_bias: rules.corrected || fields.text("topk_method") == Some("noaux_tc"),
        n_group: fields.number(GROUPS).unwrap_or(0),
        topk_group: fields.number(&["topk_group"]).unwrap_or(0),
    })
}

/// How many leading layers are dense, and which of the others have experts (every so-many-th; 0 = all).
fn places(fields: &Fields<'_>) -> (u64, u64) {
    let listed = fields.list("moe_layer_freq").and_then(|layers| layers.iter().position(|has| has.as_u64() == Some(1)));
    let named = fields.text("moe_layers_enum").and_then(|layers| layers.split(',').next()?.trim().parse().ok());
    let first = listed
        .map(|index| index as u64)
        .or(named)
        .or_else(|| fields.number(&["first_k_dense_replace", "moe_layer_start_index", "num_dense_layers"]))
        .unwrap_or(0);
    let step = ["decoder_sparse_step", "interleave_moe_layer_step", "expert_layer_period", "moe_layer_interval"];
    let step = fields.number(&step).filter(|_| fields.get("moe_layers").is_none_or(Value::is_array)).unwrap_or(0);
    (first, if step > 1 { step } else { 0 })
}
