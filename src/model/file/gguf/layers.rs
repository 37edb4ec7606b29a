//! Which layers attend, look back a window only, or recur.

use super::MetadataValue;
use super::facts::GgufFacts;
use crate::catalog::model::{LayerKind, ModelFields, Recurrence, RecurrenceKind};
use crate::model::file::rules;

pub(super) fn pattern(facts: &GgufFacts<'_>) -> Vec<LayerKind> {
    // Lightning layers have one matrix for query, key and value, the attention layers among them three.
    let lightning = facts.architecture.traits().config.recurrence == Some(RecurrenceKind::Lightning);
    let recurrent = facts.layers_with(|name| {
        name.starts_with("ssm_") || name.starts_with("shortconv.") || lightning && name == "attn_qkv.weight"
    });
    let attends = facts.layers_with(|name| name.starts_with("attn_") && !name.starts_with("attn_norm"));
    let experts = facts.layers_with(|name| name.ends_with("_exps.weight"));
    let mut kinds = Vec::with_capacity(recurrent.len());
    for (index, recurs) in recurrent.into_iter().enumerate() {
        let attends = attends.get(index).copied().unwrap_or(true);
        let experts = experts.get(index).copied().unwrap_or(false);
        kinds.push(match (recurs, attends, experts) {
            (true, _, _) => LayerKind::Recurrent,
            (false, true, _) if windowed(facts, index as u64) => LayerKind::Window,
            (false, true, _) => LayerKind::Full,
            (false, false, true) => LayerKind::Experts,
            (false, false, false) => LayerKind::Mlp,
        });
    }
    kinds
}

/// Whether an attention layer looks back a window only: as the file says, or as the engine assumes for the
/// architecture.
fn windowed(facts: &GgufFacts<'_>, layer: u64) -> bool {
    if window(facts).is_none() {
        return false;
    }
    match facts.value("attention.sliding_window_pattern") {
        Some(MetadataValue::Numbers(_)) => facts.number_at("attention.sliding_window_pattern", layer) == Some(1),
        Some(MetadataValue::Number(period)) => rules::windowed(layer, *period),
        _ => rules::windowed(layer, facts.architecture.traits().config.pattern.window_period()),
    }
}

/// Tokens that a window layer looks back.
pub(super) fn window(facts: &GgufFacts<'_>) -> Option<u64> {
    let given = facts.number("attention.sliding_window").or_else(|| facts.number("attention.chunk_size"));
    given.or_else(|| facts.architecture.traits().config.default_window).filter(|window| *window > 0)
}

/// The shape of the recurrent layers.
pub(super) fn recurrence(facts: &GgufFacts<'_>, model: &ModelFields) -> Option<Recurrence> {
    let kind = model.architecture.traits().config.recurrence?;
    let number = |key: &str| facts.number(key).unwrap_or(0);
    let (heads, head_dim, state_size) = match kind {
        RecurrenceKind::ShortConvolution => (model.hidden_size, 1, 0),
        RecurrenceKind::Mamba => (number("ssm.inner_size"), 1, number("ssm.state_size")),
        RecurrenceKind::KimiDelta | RecurrenceKind::Lightning => {
            let width = facts.number("kda.head_dim").unwrap_or(model.head_dim);
            (model.num_attention_heads, width, width)
        }
        RecurrenceKind::DeltaNet | RecurrenceKind::Mamba2 => {
            let heads = number("ssm.time_step_rank");
            (heads, number("ssm.inner_size").checked_div(heads).unwrap_or(0), number("ssm.state_size"))
        }
    };
    let groups = match kind {
        RecurrenceKind::KimiDelta => heads,
        _ => number("ssm.group_count"),
    };
    let conv_kernel = facts.number("shortconv.l_cache").unwrap_or_else(|| number("ssm.conv_kernel"));
    Some(Recurrence { kind, conv_kernel, heads, head_dim, state_size, groups })
}
