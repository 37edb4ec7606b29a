//! Why a number is what it is: the formula, the numbers put in, and how sure it is. Built on demand.

use super::llamacpp::fullest_buffers;
use super::{DeviceEstimate, Estimate, EstimateError, chosen, estimate, server, training};
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::catalog::runtime::Backend;
use crate::model::block_type::BlockType;
use crate::model::cache::{Cells, Side};
pub use crate::model::graph::Role;
use crate::model::layers::{Attention, Cache, Mixer};
use crate::plan::{ModelChoice, Plan, Runtime};
use crate::text::memory_unit;
use crate::units::Bytes;

/// Kinds of tensors that are named.
const LISTED: usize = 4;
/// Where the laws come from.
const ENGINE: &str = "llama.cpp 0.5.0-dev, commit 0c1e57098";

/// Lines, result, how sure it is, and the source.
pub(super) type Why = (Vec<String>, Option<Bytes>, Certainty, String);

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
    /// Gradients.
    Gradients,
    /// `LoRA` adapters.
    Adapter,
    /// Optimizer states and master weights.
    Optimizer,
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
    /// What a compute buffer is made of: the largest tensors that lie in it at its fullest, then what is left.
    pub terms: Vec<Term>,
    /// The result in bytes, where known.
    pub result: Option<Bytes>,
    /// How sure it is.
    pub certainty: Certainty,
    /// Where the law or the fact comes from; empty where the formula says so itself.
    pub source: String,
}

/// Tensors of one kind that lie in a compute buffer while it is at its fullest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// What they are to the model; `None` for everything that is not listed: smaller tensors and gaps.
    pub role: Option<Role>,
    /// How many there are.
    pub count: u64,
    /// Elements of one, by dimension.
    pub ne: [u64; 4],
    /// Bytes of all of them.
    pub bytes: Bytes,
}

impl Term {
    /// The product that gives the bytes, `2 × 512 × 14,336 × 4 B`; empty where scratch or padding is in them.
    #[must_use]
    pub fn product(&self) -> String {
        let elements = self.count * self.ne.iter().product::<u64>();
        let Some(width) = [1, 2, 4, 8].into_iter().find(|width| elements * width == self.bytes.0) else {
            return String::new();
        };
        let factors = [self.count].into_iter().chain(self.ne.into_iter().rev()).filter(|factor| *factor > 1);
        let factors: Vec<String> = factors.map(grouped).chain([format!("{width} B")]).collect();
        factors.join(" × ")
    }
}

/// Explains `figure` of `plan`, devices and host together.
///
/// # Errors
/// What [`estimate`] refuses.
pub fn explain(plan: &Plan, catalog: &Catalog, figure: Figure) -> Result<Explanation, EstimateError> {
    let found = estimate(plan, catalog)?;
    let model = chosen::model(plan, catalog, &mut chosen::TypicalModels::default())?;
    if plan.workload.task.trains()
        && let Some((lines, result, certainty, source)) =
            training::explain::explain((plan, catalog), &model, figure, &found)?
    {
        return Ok(Explanation { figure, lines, terms: Vec::new(), result, certainty, source });
    }
    if plan.workload.runtime != Runtime::LlamaCpp
        && !plan.workload.task.trains()
        && let Some((lines, result, certainty, source)) =
            server::explain::explain((plan, catalog), &model, figure, &found)?
    {
        return Ok(Explanation { figure, lines, terms: Vec::new(), result, certainty, source });
    }
    let assumed = matches!(plan.workload.model, ModelChoice::Size(_));
    let (lines, result) = match figure {
        Figure::Weights => weights(plan, &found),
        Figure::KvCache => kv_cache(plan, &model, &found),
        Figure::RecurrentState => (state(plan, &model), total(&found, |parts| parts.recurrent_state)),
        Figure::Compute => (compute(&found), total(&found, |parts| parts.compute)),
        Figure::HostBuffers => host_buffers(plan, &model, &found),
        Figure::Overhead => overhead(&found),
        Figure::Usable => usable(&found),
        Figure::Activations | Figure::Gradients | Figure::Adapter | Figure::Optimizer | Figure::KvPool => {
            (Vec::new(), None)
        }
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
    let terms = match figure {
        Figure::Compute => terms(plan, catalog, &model, &found, result),
        _ => Vec::new(),
    };
    Ok(Explanation { figure, lines, terms, result, certainty, source: source(figure, plan, catalog) })
}

fn source(figure: Figure, plan: &Plan, catalog: &Catalog) -> String {
    match figure {
        Figure::Overhead => catalog.overhead(plan.workload.backend.unwrap_or(Backend::Cuda)).source.clone(),
        // Said by the formula already.
        Figure::Usable
        | Figure::Activations
        | Figure::Gradients
        | Figure::Adapter
        | Figure::Optimizer
        | Figure::KvPool => String::new(),
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

/// The largest kinds of tensors in all buffers, each buffer at its fullest, and the rest: all add up to `result`.
fn terms(plan: &Plan, catalog: &Catalog, model: &Model, found: &Estimate, result: Option<Bytes>) -> Vec<Term> {
    let Some(result) = result.filter(|_| plan.workload.runtime == Runtime::LlamaCpp) else { return Vec::new() };
    let buffers = fullest_buffers(plan, catalog, model, found.gpu_layers());
    let mut terms: Vec<Term> = Vec::new();
    for one in buffers.into_iter().flatten() {
        let alike =
            |term: &&mut Term| (term.role, term.ne, term.bytes.0) == (Some(one.role), one.ne, term.count * one.bytes);
        match terms.iter_mut().find(alike) {
            Some(term) => (term.count, term.bytes) = (term.count + 1, term.bytes + Bytes(one.bytes)),
            None => terms.push(Term { role: Some(one.role), count: 1, ne: one.ne, bytes: Bytes(one.bytes) }),
        }
    }
    terms.sort_by_key(|term| std::cmp::Reverse(term.bytes));
    terms.truncate(LISTED);
    // Less than one part in a hundred explains nothing.
    terms.retain(|term| term.bytes.0 >= result.0 / 100);
    let listed: Bytes = terms.iter().map(|term| term.bytes).sum();
    if !terms.is_empty() && result > listed {
        terms.push(Term { role: None, count: 1, ne: [0; 4], bytes: result - listed });
    }
    terms
}

/// Logits of one token a sequence.
fn host_buffers(plan: &Plan, model: &Model, found: &Estimate) -> (Vec<String>, Option<Bytes>) {
    let line = format!("{} × {} × 4 B", plan.workload.sequences, grouped(model.vocab_size));
    (vec![line], found.host.output)
}

fn overhead(found: &Estimate) -> (Vec<String>, Option<Bytes>) {
    let unit = memory_unit();
    let line = |devices: &[DeviceEstimate]| {
        let band = devices.first()?.overhead;
        Some(format!(
            "{} × {} ({:.2}–{:.2})",
            devices.len(),
            unit.write(band.expected.gib(), 2),
            unit.of_gib(band.low.gib()),
            unit.of_gib(band.high.gib())
        ))
    };
    let lines = found.devices.chunk_by(|one, next| one.overhead == next.overhead).filter_map(line).collect();
    (lines, Some(found.devices.iter().map(|device| device.overhead.expected).sum()))
}

fn written(bytes: Bytes) -> String {
    memory_unit().write(bytes.gib(), 2)
}

fn usable(found: &Estimate) -> (Vec<String>, Option<Bytes>) {
    let lines = found
        .devices
        .iter()
        .map(|device| format!("{} / {}", written(device.usable), written(device.capacity)))
        .collect();
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
    use crate::plan::{CardChoice, Logits};

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
    fn the_compute_buffer_names_its_largest_tensors_and_they_add_up() {
        for (id, logits, largest) in [
            ("llama-3.1-8b", Logits::All, Role::Logits),
            ("llama-3.1-8b", Logits::Last, Role::FeedForward),
            // It does not fit: weights that lie in RAM are copied to the card for large batches.
            ("gpt-oss-120b", Logits::Last, Role::Weight),
        ] {
            let mut plan = Plan::default();
            plan.workload.model = ModelChoice::Catalog(id.to_owned());
            plan.workload.logits = logits;
            let why = explain(&plan, Catalog::embedded(), Figure::Compute).unwrap();
            assert_eq!(why.terms.first().and_then(|term| term.role), Some(largest), "{id}: {:?}", why.terms);
            assert_eq!(Some(why.terms.iter().map(|term| term.bytes).sum()), why.result, "{id}");
            assert_eq!(why.terms.last().map(|term| term.role), Some(None), "{id}: the rest comes last");
        }
    }

    #[test]
    fn logits_of_a_whole_batch_say_their_product() {
        let mut plan = Plan::default();
        plan.workload.logits = Logits::All;
        let why = explain(&plan, Catalog::embedded(), Figure::Compute).unwrap();
        assert_eq!(why.terms[0].product(), "512 × 128,256 × 4 B");
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
