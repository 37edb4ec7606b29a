//! Why a number is what it is: the formula, the numbers put in, and how sure it is. Built on demand.

use super::llamacpp::block::BlockType;
use super::llamacpp::cache::{Cells, Side};
use super::{Estimate, EstimateError, estimate, server};
use crate::catalog::Catalog;
use crate::catalog::layers::{Attention, Cache, Mixer};
use crate::catalog::model::Model;
use crate::catalog::runtime::Backend;
use crate::plan::{ModelChoice, Plan, Runtime};
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
    /// Activations.
    Activations,
    /// What a server engine reserves for the KV cache.
    KvPool,
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
    if plan.workload.runtime != Runtime::LlamaCpp
        && let Some((lines, result, certainty, source)) = server::explain::explain(plan, catalog, figure, &found)?
    {
        return Ok(Explanation { figure, lines, result, certainty, source });
    }
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
        (Figure::KvCache, Some(model)) => kv_cache(plan, model, &found),
        (Figure::RecurrentState, Some(model)) => (state(plan, model), total(&found, |parts| parts.recurrent_state)),
        (Figure::Compute, Some(_)) => (compute(&found), total(&found, |parts| parts.compute)),
        (Figure::HostBuffers, Some(model)) => host_buffers(plan, model, &found),
        (Figure::Overhead, _) => overhead(&found),
        (Figure::Usable, _) => usable(&found),
        (Figure::Activations | Figure::KvPool, _) | (_, None) => (Vec::new(), None),
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
        Figure::Usable | Figure::Activations | Figure::KvPool => String::new(),
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

/// One line for each kind of attention layer, and what padding, index keys and widened values add to them.
fn kv_cache(plan: &Plan, model: &Model, found: &Estimate) -> (Vec<String>, Option<Bytes>) {
    let result = total(found, |parts| parts.kv_cache);
    let (Some(cells), Some(layers)) = (cells(plan), model.layers()) else { return (Vec::new(), result) };
    let mut kinds: Vec<(Attention, u64)> = Vec::new();
    for layer in &layers {
        if let Mixer::Attention(attention) = layer.mixer {
            match kinds.iter_mut().find(|(kind, _)| *kind == attention) {
                Some((_, count)) => *count += 1,
                None => kinds.push((attention, 1)),
            }
        }
    }
    let mut lines: Vec<String> =
        kinds.iter().filter_map(|(attention, count)| kv_line(&cells, attention, *count)).collect();
    let said: u64 = kinds
        .iter()
        .map(|(attention, count)| count * cells.attention_bytes(&Attention { index_dim: 0, ..*attention }, Side::Host))
        .sum();
    let more = result.map(|result| result.saturating_sub(Bytes(said))).filter(|more| *more > Bytes::ZERO);
    lines.extend(more.map(|more| format!("+ {} B", grouped(more.0))));
    (lines, result)
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

/// One buffer a term: what the replayed graph reserves on each device and on the host.
fn compute(found: &Estimate) -> Vec<String> {
    let devices = found.devices.iter().map(|device| device.parts.compute);
    let buffers: Option<Vec<String>> =
        devices.chain([found.host.parts.compute]).map(|bytes| Some(format!("{} B", grouped(bytes?.0)))).collect();
    buffers.map(|buffers| buffers.join(" + ")).into_iter().collect()
}

/// Logits of one token a sequence.
fn host_buffers(plan: &Plan, model: &Model, found: &Estimate) -> (Vec<String>, Option<Bytes>) {
    let line = format!("{} × {} × 4 B", plan.workload.sequences, grouped(model.vocab_size));
    (vec![line], found.host.output)
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
pub(super) fn grouped(number: u64) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::CardChoice;

    #[test]
    fn the_terms_of_the_compute_buffer_add_up() {
        let mut plan = Plan::default();
        plan.machine.cards[0].card = CardChoice::Catalog("rtx-3060-12gb".to_owned());
        plan.machine.cards[0].count = 2;
        let why = explain(&plan, Catalog::embedded(), Figure::Compute).unwrap();
        let term = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>().parse::<u64>().unwrap();
        let sum: u64 = why.lines[0].split('+').map(term).sum();
        assert_eq!(Some(Bytes(sum)), why.result, "{:?}", why.lines);
    }

    #[test]
    fn host_buffers_explain_the_figure_of_their_row() {
        let plan = Plan::default();
        let found = estimate(&plan, Catalog::embedded()).unwrap();
        let why = explain(&plan, Catalog::embedded(), Figure::HostBuffers).unwrap();
        assert_eq!((why.result, why.lines.as_slice()), (found.host.output, &["1 × 128,256 × 4 B".to_owned()][..]));
    }

    #[test]
    fn a_plain_cache_needs_no_remainder() {
        let why = explain(&Plan::default(), Catalog::embedded(), Figure::KvCache).unwrap();
        assert_eq!(why.lines, ["2 × 32 × 8 × 128 × 8,192 × 1 × 2 B"]);
    }
}
