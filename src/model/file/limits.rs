//! Dimensions that no model has are refused, so that no sum over them overflows.

use super::ModelFileError;
use crate::catalog::model::Model;

/// Checks a model that was read from a file.
pub(super) fn check(model: Model) -> Result<Model, ModelFileError> {
    const LAYERS: u64 = 10_000;
    const WIDTH: u64 = 1 << 22;
    const HEADS: u64 = 1 << 16;
    const ROWS: u64 = 1 << 26;
    let needed = [
        ("num_hidden_layers", model.num_hidden_layers, LAYERS),
        ("hidden_size", model.hidden_size, WIDTH),
        ("vocab_size", model.vocab_size, ROWS),
    ];
    for (key, value, most) in needed {
        if value == 0 {
            return Err(ModelFileError::Missing(key.to_owned()));
        }
        within(key, value, most)?;
    }
    within("intermediate_size", model.intermediate_size, WIDTH)?;
    within("num_attention_heads", model.num_attention_heads, HEADS)?;
    within("num_key_value_heads", model.num_key_value_heads, HEADS)?;
    within("head_dim", model.head_dim, HEADS)?;
    within("v_head_dim", model.v_head_dim.unwrap_or(0), HEADS)?;
    within("rotary_dim", model.rotary_dim.unwrap_or(0), HEADS)?;
    within("sliding_window", model.sliding_window.unwrap_or(0), 1 << 40)?;
    within("num_kv_shared_layers", model.num_kv_shared_layers, model.num_hidden_layers)?;
    within("hidden_size_per_layer_input", model.hidden_size_per_layer_input, WIDTH)?;
    for heads in [model.full_attention, model.sliding_attention].into_iter().flatten() {
        within("num_attention_heads", heads.num_attention_heads.unwrap_or(0), HEADS)?;
        within("num_key_value_heads", heads.num_key_value_heads.unwrap_or(0), HEADS)?;
        within("head_dim", heads.head_dim.unwrap_or(0), HEADS)?;
    }
    if let Some(altup) = model.altup {
        within("altup_num_inputs", altup.altup_num_inputs, 64)?;
        within("laurel_rank", altup.laurel_rank, WIDTH)?;
    }
    if let Some(mla) = model.mla {
        within("kv_lora_rank", mla.kv_lora_rank, WIDTH)?;
        within("q_lora_rank", mla.q_lora_rank.unwrap_or(0), WIDTH)?;
        within("qk_rope_head_dim", mla.qk_rope_head_dim, HEADS)?;
        within("qk_nope_head_dim", mla.qk_nope_head_dim, HEADS)?;
        within("v_head_dim", mla.v_head_dim, HEADS)?;
    }
    if let Some(experts) = model.experts {
        within("num_experts", experts.num_experts, HEADS)?;
        within("num_experts_per_tok", experts.num_experts_per_tok, experts.num_experts)?;
        within("moe_intermediate_size", experts.moe_intermediate_size, WIDTH)?;
        within("shared_expert_intermediate_size", experts.shared_expert_intermediate_size, WIDTH)?;
        within("moe_latent_size", experts.moe_latent_size, WIDTH)?;
    }
    if let Some(recurrent) = model.recurrent {
        within("conv_kernel", recurrent.conv_kernel, 1 << 10)?;
        within("heads", recurrent.heads, WIDTH)?;
        within("head_dim", recurrent.head_dim, HEADS)?;
        within("state_size", recurrent.state_size, HEADS)?;
        within("groups", recurrent.groups, HEADS)?;
    }
    Ok(model)
}

fn within(key: &str, value: u64, most: u64) -> Result<(), ModelFileError> {
    if value <= most {
        return Ok(());
    }
    Err(ModelFileError::Absurd { key: key.to_owned(), value: value.to_string() })
}
