//! Why a number is what it is: the formula, the numbers put in, and how sure it is. Built on demand.

use super::llamacpp::block::BlockType;
use super::llamacpp::cache::Cells;
use super::{Estimate, EstimateError, estimate};
use crate::catalog::Catalog;
use crate::catalog::layers::{Attention, Cache, Mixer};
use crate::catalog::model::Model;
use crate::catalog::runtime::Backend;
use crate::plan::{ModelChoice, Plan};
use crate::units::Bytes;

/// Where the laws come from.
const ENGINE: &str = "llama.cpp 0.5.0-dev, commit 0c1e57098";

/// A figure that can explain itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Figure {
    /// Weights.
    Weights,
    /// KV cache.
    KvCache,
    /// Recurrent state.
    RecurrentState,
    /// Compute buffer.
    Compute,
    /// Runtime overhead.
    Overhead,
    /// What a program is offered on the card.
    Usable,
    /// Host buffers.
    HostBuffers,
}

/// How sure a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Certainty {
    /// Equal to the engine's own allocation.
    Exact,
    /// A law with a stated error.
    Estimate,
    /// Read from a machine.
    Measured,
    /// Not known.
    Unknown,
}

/// Why a number is what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Which figure.
    pub figure: Figure,
    /// One line a term: the formula with the numbers put in, e.g. `2 × 80 × 8 × 128 × 8,192 × 1 × 2 B`.
    pub lines: Vec<String>,
    /// The result in bytes, where known.
    pub result: Option<Bytes>,
    /// How sure it is.
    pub certainty: Certainty,
    /// Where the law or the fact comes from; empty where the formula says so itself.
    pub source: String,
}

/// Explains `figure` of `plan`, devices and host together.
///
/// # Errors
/// What [`estimate`] refuses.
pub fn explain(plan: &Plan, catalog: &Catalog, figure: Figure) -> Result<Explanation, EstimateError> {
    let found = estimate(plan, catalog)?;
    let typical;
    let model = match &plan.workload.model {
        ModelChoice::Catalog(id) => catalog.model(id),
        ModelChoice::File { model, .. } => Some(&**model),
        ModelChoice::Size(parameters) => {
            typical = Model::typical(*parameters);
            Some(&typical)
        }
    };
    let assumed = matches!(plan.workload.model, ModelChoice::Size(_));
    let (lines, result) = match (figure, model) {
        (Figure::Weights, _) => weights(plan, &found),
        (Figure::KvCache, Some(model)) => (kv_cache(plan, model), total(&found, |parts| parts.kv_cache)),
        (Figure::RecurrentState, Some(model)) => (state(plan, model), total(&found, |parts| parts.recurrent_state)),
        (Figure::Compute, Some(model)) => (compute(plan, model), total(&found, |parts| parts.compute)),
        (Figure::HostBuffers, Some(model)) => host_buffers(plan, model, &found),
        (Figure::Overhead, _) => overhead(&found),
        (Figure::Usable, _) => usable(&found),
        (_, None) => (Vec::new(), None),
    };
    let certainty = match figure {
        _ if result.is_none() => Certainty::Unknown,
        Figure::Usable if found.devices.iter().all(|device| !device.usable_is_estimate) => Certainty::Measured,
        Figure::Overhead | Figure::Usable => Certainty::Estimate,
        _ if assumed || plan.workload.quantization.needs_importance_matrix() => Certainty::Estimate,
        // The allocator was replayed with CUDA's rules.
        Figure::Compute if found.devices.iter().any(|device| device.backend != Backend::Cuda) => Certainty::Estimate,
        _ => Certainty::Exact,
    };
    Ok(Explanation { figure, lines, result, certainty, source: source(figure, plan, catalog) })
}

fn source(figure: Figure, plan: &Plan, catalog: &Catalog) -> String {
    match figure {
        Figure::Overhead => catalog.overhead(plan.workload.backend.unwrap_or(Backend::Cuda)).source.clone(),
        // Said by the formula already.
        Figure::Usable => String::new(),
        Figure::Weights => format!("{ENGINE}, llama-quant.cpp"),
        Figure::KvCache => format!("{ENGINE}, llama-kv-cache.cpp"),
        Figure::RecurrentState => format!("{ENGINE}, llama-memory-recurrent.cpp"),
        Figure::Compute | Figure::HostBuffers => format!("{ENGINE}, ggml-alloc.c"),
    }
}

fn total(found: &Estimate, part: fn(&super::Parts) -> Option<Bytes>) -> Option<Bytes> {
    found.devices.iter().map(|device| part(&device.parts)).chain([part(&found.host.parts)]).sum()
}

fn weights(plan: &Plan, found: &Estimate) -> (Vec<String>, Option<Bytes>) {
    let result = total(found, |parts| parts.weights);
    let mut lines = Vec::new();
    if let (Some(params), Some(bits), Some(file)) = (found.params, found.bits_per_weight, found.weights) {
        lines.push(format!(
            "{} × {bits:.4} bit ÷ 8 = {} B ({})",
            grouped(params),
            grouped(file.0),
            plan.workload.quantization
        ));
        if let Some(extra) = result.map(|result| result.saturating_sub(file)).filter(|extra| *extra > Bytes::ZERO) {
            lines.push(format!("+ {} B", grouped(extra.0)));
        }
    }
    (lines, result)
}

fn cells(plan: &Plan) -> Option<Cells> {
    let block = |precision: crate::catalog::quantization::KvPrecision| precision.block_type();
    Some(Cells::of(&plan.workload, block(plan.workload.kv_cache.k)?, block(plan.workload.kv_cache.v)?))
}

/// One line for each kind of attention layer.
fn kv_cache(plan: &Plan, model: &Model) -> Vec<String> {
    let (Some(cells), Some(layers)) = (cells(plan), model.layers()) else { return Vec::new() };
    let mut kinds: Vec<(Attention, u64)> = Vec::new();
    for layer in &layers {
        if let Mixer::Attention(attention) = layer.mixer {
            match kinds.iter_mut().find(|(kind, _)| *kind == attention) {
                Some((_, count)) => *count += 1,
                None => kinds.push((attention, 1)),
            }
        }
    }
    kinds.iter().filter_map(|(attention, count)| kv_line(&cells, attention, *count)).collect()
}

fn kv_line(cells: &Cells, attention: &Attention, count: u64) -> Option<String> {
    let rows = format!("{} × {}", grouped(cells.per_stream(attention.span)), cells.streams);
    let bytes = |block: BlockType| format!("{} B", block.bits() / 8.0);
    match attention.cache {
        Cache::Shared => None,
        Cache::Latent { width, .. } => Some(format!("{count} × {width} × {rows} × {}", bytes(cells.key))),
        Cache::KeyValue if attention.key_dim == attention.value_dim && cells.key == cells.value => Some(format!(
            "2 × {count} × {} × {} × {rows} × {}",
            attention.kv_heads,
            attention.key_dim,
            bytes(cells.key)
        )),
        Cache::KeyValue => Some(format!(
            "{count} × {} × ({} × {} + {} × {}) × {rows}",
            attention.kv_heads,
            attention.key_dim,
            bytes(cells.key),
            attention.value_dim,
            bytes(cells.value)
        )),
    }
}

fn state(plan: &Plan, model: &Model) -> Vec<String> {
    let layers = model.layers().unwrap_or_default();
    let recurrent: Vec<_> = layers
        .iter()
        .filter_map(|layer| match layer.mixer {
            Mixer::Recurrent(recurrent) => Some(recurrent),
            Mixer::None | Mixer::Attention(_) => None,
        })
        .collect();
    recurrent
        .first()
        .map(|one| {
            format!(
                "{} × ({} + {}) × {} × 4 B",
                recurrent.len(),
                grouped(one.convolution_elements),
                grouped(one.state_elements),
                plan.workload.sequences
            )
        })
        .into_iter()
        .collect()
}

/// The largest tensors of a batch; the buffer holds those that live at the same time.
fn compute(plan: &Plan, model: &Model) -> Vec<String> {
    let Some(cells) = cells(plan) else { return Vec::new() };
    let tokens = cells.batch_tokens();
    let mut lines =
        vec![format!("{tokens} × {} × {} B", grouped(cells.full), if plan.workload.flash_attention { 2 } else { 4 })];
    let width = model.experts.map_or(model.intermediate_size, |experts| {
        experts.num_experts_per_tok * experts.moe_intermediate_size.max(model.hidden_size)
    });
    lines.push(format!("{tokens} × 3 × {} × 4 B", grouped(width)));
    if !plan.workload.flash_attention {
        lines.push(format!("{tokens} × {} × {} × 4 B", model.num_attention_heads, grouped(cells.full)));
    }
    lines
}

fn host_buffers(plan: &Plan, model: &Model, found: &Estimate) -> (Vec<String>, Option<Bytes>) {
    let tokens = cells(plan).map_or(0, |cells| cells.batch_tokens());
    let lines = vec![
        format!("2 × {tokens} × {} × 4 B", grouped(model.hidden_size)),
        format!("{} × {} × 4 B", plan.workload.sequences, grouped(model.vocab_size)),
    ];
    (lines, found.host.parts.compute.zip(found.host.output).map(|(compute, output)| compute + output))
}

fn overhead(found: &Estimate) -> (Vec<String>, Option<Bytes>) {
    let lines = found.devices.first().map(|device| {
        let band = device.overhead;
        format!(
            "{} × {:.2} GiB ({:.2}–{:.2})",
            found.devices.len(),
            band.expected.gib(),
            band.low.gib(),
            band.high.gib()
        )
    });
    (lines.into_iter().collect(), Some(found.devices.iter().map(|device| device.overhead.expected).sum()))
}

fn usable(found: &Estimate) -> (Vec<String>, Option<Bytes>) {
    let lines = found.devices.iter().map(|device| format!("{} / {}", device.usable, device.capacity)).collect();
    (lines, Some(found.devices.iter().map(|device| device.usable).sum()))
}

/// Thousands apart: `8,192`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
