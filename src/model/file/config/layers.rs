//! Which layers attend, look back a window only, or recur, and the shape of those that recur.

use std::collections::HashSet;

use serde_json::Value;

use super::fields::Fields;
use crate::catalog::model::{LayerKind, MAX_LAYERS, ModelFields, Recurrence, RecurrenceKind};
use crate::model::architectures::Pattern;
use crate::model::file::{ModelFileError, rules};

/// The kind of each layer, or of a period of them.
pub(super) fn pattern(model: &ModelFields, fields: &Fields<'_>) -> Vec<LayerKind> {
    let count = usize::try_from(model.num_hidden_layers.min(MAX_LAYERS)).unwrap_or(0);
    let each = |is: &dyn Fn(u64) -> LayerKind| (0..count as u64).map(is).collect::<Vec<_>>();
    if let Some(letters) = fields.text("hybrid_override_pattern") {
        return letters.chars().take(count).map(letter).collect();
    }
    if let Some(kinds) = fields.list("layer_types").or_else(|| fields.list("layers_block_type")) {
        return kinds.iter().take(count).map(named).collect();
    }
    if let Some(blocks) = fields.list("block_configs") {
        let kind = |block: &Value| if group(block).is_some() { LayerKind::Full } else { LayerKind::Mlp };
        return blocks.iter().take(count).map(kind).collect();
    }
    if let Some(kinds) = fields.list("hybrid_layer_pattern") {
        let kind = |value: &Value| if value.as_u64() == Some(1) { LayerKind::Window } else { LayerKind::Full };
        return kinds.iter().take(count).map(kind).collect();
    }
    if let Some(kinds) = fields.list("attn_type_list") {
        let kind = |value: &Value| if value.as_u64() == Some(0) { LayerKind::Recurrent } else { LayerKind::Full };
        return kinds.iter().take(count).map(kind).collect();
    }
    let listed = fields.get("linear_attn_config").and_then(|config| config.get("full_attn_layers")?.as_array());
    if let Some(full) = listed {
        // Counted from 1.
        let full = numbers(full);
        return each(&|layer| recurrent_but(full.contains(&(layer + 1))));
    }
    if let Some(full) = fields.list("full_attn_idxs") {
        let full = numbers(full);
        return each(&|layer| recurrent_but(full.contains(&layer)));
    }
    if let Some(period) = fields.number(&["attn_layer_period", "full_attention_interval"]).filter(|period| *period > 0)
    {
        let offset = fields.number(&["attn_layer_offset"]).unwrap_or(period - 1);
        return each(&|layer| recurrent_but(layer % period == offset));
    }
    match model.architecture.traits().config.pattern {
        Pattern::Recurrent => vec![LayerKind::Recurrent],
        Pattern::AttentionEvery(period) => each(&|layer| recurrent_but(layer % period == period - 1)),
        pattern @ (Pattern::Full | Pattern::FullEvery(_)) => {
            let period = pattern.window_period();
            let period = fields.number(&["sliding_window_pattern"]).filter(|_| period > 0).unwrap_or(period);
            let period = if window(model, fields).is_some() { period } else { 0 };
            each(&|layer| if rules::windowed(layer, period) { LayerKind::Window } else { LayerKind::Full })
        }
    }
}

/// Query heads that share a key and value head, in the blocks of a searched model that attend.
pub(super) fn searched_group(fields: &Fields<'_>) -> Option<u64> {
    fields.list("block_configs")?.iter().find_map(group)
}

fn group(block: &Value) -> Option<u64> {
    block.get("attention")?.get("n_heads_in_group")?.as_u64()
}

fn numbers(list: &[Value]) -> HashSet<u64> {
    list.iter().filter_map(Value::as_u64).collect()
}

const fn recurrent_but(full: bool) -> LayerKind {
    if full { LayerKind::Full } else { LayerKind::Recurrent }
}

fn letter(letter: char) -> LayerKind {
    match letter {
        'M' => LayerKind::Recurrent,
        '-' => LayerKind::Mlp,
        'E' => LayerKind::Experts,
        _ => LayerKind::Full,
    }
}

fn named(kind: &Value) -> LayerKind {
    match kind.as_str().unwrap_or_default() {
        "sliding_attention" | "chunked_attention" => LayerKind::Window,
        "linear_attention" | "mamba" | "mamba2" | "conv" | "recurrent" => LayerKind::Recurrent,
        "mlp" => LayerKind::Mlp,
        "moe" => LayerKind::Experts,
        _ => LayerKind::Full,
    }
}

/// Tokens that a window layer looks back.
pub(super) fn window(model: &ModelFields, fields: &Fields<'_>) -> Option<u64> {
    let given = fields.number(&["sliding_window", "sliding_window_size", "attention_chunk_size"]);
    given.or_else(|| model.architecture.traits().config.default_window).filter(|window| *window > 0)
}

/// The shape of the recurrent layers.
pub(super) fn recurrence(model: &ModelFields, fields: &Fields<'_>) -> Result<Option<Recurrence>, ModelFileError> {
    let recurs = model.layer_pattern.as_ref().is_some_and(|pattern| pattern.has(LayerKind::Recurrent));
    let Some(kind) = model.architecture.traits().config.recurrence.filter(|_| recurs) else { return Ok(None) };
    let needed = |names: &'static [&'static str]| fields.needed(names);
    let hidden = model.hidden_size;
    Ok(Some(match kind {
        RecurrenceKind::DeltaNet => Recurrence {
            kind,
            conv_kernel: needed(&["linear_conv_kernel_dim"])?,
            heads: needed(&["linear_num_value_heads"])?,
            head_dim: needed(&["linear_value_head_dim"])?,
            state_size: needed(&["linear_key_head_dim"])?,
            groups: needed(&["linear_num_key_heads"])?,
        },
        RecurrenceKind::KimiDelta => {
            let own = |name: &str| fields.inner_number("linear_attn_config", name).unwrap_or(0);
            let (heads, head_dim) = (own("num_heads"), own("head_dim"));
            let conv_kernel = own("short_conv_kernel_size");
            Recurrence { kind, conv_kernel, heads, head_dim, state_size: head_dim, groups: heads }
        }
        RecurrenceKind::Mamba => Recurrence {
            kind,
            conv_kernel: needed(&["mamba_d_conv"])?,
            heads: hidden.saturating_mul(needed(&["mamba_expand"])?),
            head_dim: 1,
            state_size: needed(&["mamba_d_state"])?,
            groups: 0,
        },
        RecurrenceKind::Mamba2 => Recurrence {
            kind,
            conv_kernel: needed(&["mamba_d_conv", "conv_kernel"])?,
            heads: needed(&["mamba_num_heads", "mamba_n_heads", "num_heads"])?,
            head_dim: needed(&["mamba_head_dim", "mamba_d_head", "head_dim"])?,
            state_size: needed(&["ssm_state_size", "mamba_d_state", "state_size"])?,
            groups: needed(&["mamba_n_groups", "n_groups"])?,
        },
        RecurrenceKind::ShortConvolution => Recurrence {
            kind,
            conv_kernel: needed(&["conv_L_cache"])?,
            heads: hidden,
            head_dim: 1,
            state_size: 0,
            groups: 0,
        },
        RecurrenceKind::Lightning => {
            let (heads, head_dim) = (model.num_attention_heads, model.head_dim);
            Recurrence { kind, conv_kernel: 0, heads, head_dim, state_size: head_dim, groups: 0 }
        }
    }))
}
