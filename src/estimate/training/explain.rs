//! Why training's figures are what they are: the terms with the numbers put in, at the peak of the fullest device.

use super::device_share::{DeviceShare, TrainingRun};
use super::dim::Dim;
use super::tensor_groups::Group;
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::estimate::explanation::{Certainty, Figure, Why, grouped};
use crate::estimate::{DeviceEstimate, Estimate, EstimateError};
use crate::plan::{Plan, Task};
use crate::units::Bytes;

/// Where the laws come from.
const CODE: &str = "torch 2.15.0, transformers 5.23.0, peft 0.21.2, bitsandbytes 0.50.2, traced storage by storage";

/// Explains `figure` of a plan that trains; `None` where its tensors cannot be laid out or the figure does not apply.
///
/// # Errors
/// What training refuses.
pub(in crate::estimate) fn explain(
    (plan, catalog): (&Plan, &Catalog),
    model: &Model,
    figure: Figure,
    found: &Estimate,
) -> Result<Option<Why>, EstimateError> {
    let Some((step, device)) = found.training.as_deref().zip(found.fullest()) else { return Ok(None) };
    let Some(at) = step.at(step.peak) else { return Ok(None) };
    let why = super::explained(plan, catalog, model, |run, share, derived| {
        let adapter = step.adapter.min(at.weights);
        let host = &found.host.parts;
        // What the plan has put into RAM is explained there.
        let here = |on_card: Bytes, in_ram: Option<Bytes>| if on_card == Bytes::ZERO { in_ram } else { Some(on_card) };
        let zero = run.training.zero_stage;
        let (lines, result) = match figure {
            Figure::Weights => (shared(weights(run), run, zero >= 3), here(at.weights - adapter, host.weights)),
            Figure::Adapter => (shared(adapters(run), run, zero >= 3), Some(adapter)),
            Figure::Gradients => {
                let all = vec![each(run.states.trained, run.states.trained_width)];
                (shared(all, run, zero >= 2), here(at.gradients, host.gradients))
            }
            Figure::Optimizer => (shared(optimizer(run), run, zero >= 1), here(at.optimizer, host.optimizer)),
            Figure::Activations => (activations(run, share), Some(at.activations + at.temporaries)),
            Figure::Compute => (Vec::new(), Some(at.buffers)),
            Figure::Overhead => (overhead(catalog, device), Some(device.overhead.expected)),
            Figure::HostBuffers => (Vec::new(), host.compute),
            Figure::KvCache | Figure::RecurrentState | Figure::KvPool | Figure::Usable => return None,
        };
        let states = matches!(figure, Figure::Weights | Figure::Adapter | Figure::Optimizer);
        let certainty =
            if states && derived && run.grid.devices() == 1 { Certainty::Exact } else { Certainty::Estimate };
        let source = match figure {
            Figure::Overhead => catalog.training().context.source.clone(),
            Figure::HostBuffers => catalog.training().host.source.clone(),
            _ => CODE.to_owned(),
        };
        Some((lines, result, certainty, source))
    })?;
    Ok(why.flatten())
}

fn each(count: u64, width: u64) -> String {
    format!("{} × {width} B", grouped(count))
}

/// The same with how many cards share it out.
fn shared(mut lines: Vec<String>, run: &TrainingRun<'_>, by_data: bool) -> Vec<String> {
    let cards = run.grid.tensor * run.grid.pipeline * if by_data { run.grid.data } else { 1 };
    if cards > 1 {
        lines.push(format!("÷ {cards}"));
    }
    lines
}

fn adapters(run: &TrainingRun<'_>) -> Vec<String> {
    vec![each(run.states.trained, run.states.trained_width)]
}

/// What is stored in 4 bits, and what is not.
fn weights(run: &TrainingRun<'_>) -> Vec<String> {
    let elements = |keep: fn(&Group) -> bool| -> u64 {
        run.model.groups.iter().filter(|group| keep(group)).map(|group| group.count * group.elements()).sum()
    };
    let (linear, plain) = (elements(Group::is_linear), elements(|group| !group.is_linear()));
    let mut lines = Vec::new();
    if run.task == Task::Qlora {
        let bits = if run.training.double_quantization {
            "4 bit + 8 bit ÷ 64 + 32 bit ÷ 16,384"
        } else {
            "4 bit + 32 bit ÷ 64"
        };
        lines.push(format!("{} × ({bits}) ÷ 8", grouped(linear)));
        lines.push(format!("+ {}", each(plain, run.states.base_width)));
    } else {
        lines.push(each(linear + plain, run.states.base_width));
    }
    lines
}

fn optimizer(run: &TrainingRun<'_>) -> Vec<String> {
    let each = run.states.optimizer as f64 / run.states.trained.max(1) as f64;
    vec![format!("{} × {each:.2} B", grouped(run.states.trained))]
}

/// Layers, logits and loss, and the rest.
fn activations(run: &TrainingRun<'_>, share: &DeviceShare) -> Vec<String> {
    let (_, height) = share.peak();
    let layers = run.part(0).layer() * share.layers as f64;
    let mut lines = vec![format!("{} × {} B", share.layers, number(run.part(0).layer()))];
    let (tokens, vocabulary) = (run.dims.get(Dim::Tokens), run.dims.get(Dim::Vocabulary));
    if height.logits > 0.0 {
        let each = height.logits / tokens / vocabulary;
        lines.push(format!("+ {} × {} × {each:.4} B", number(tokens), number(vocabulary)).replace(".0000", ""));
    }
    let rest = height.kept + height.temporaries + share.positions - layers - height.logits;
    if rest > 0.5 {
        lines.push(format!("+ {} B", number(rest)));
    }
    lines
}

fn overhead(catalog: &Catalog, device: &DeviceEstimate) -> Vec<String> {
    let context = catalog.training().context.bytes().expected;
    vec![format!("{context} + {}", device.overhead.expected.saturating_sub(context))]
}

fn number(bytes: f64) -> String {
    grouped(super::host::bytes(bytes).0)
}
