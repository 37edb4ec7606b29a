//! Why training's figures are what they are: the terms with the numbers put in, at the peak of the fullest device.

use super::rank::{Rank, Run};
use super::shape::Group;
use crate::catalog::Catalog;
use crate::estimate::explain::{Certainty, Figure, Why, grouped};
use crate::estimate::{Estimate, EstimateError};
use crate::plan::{Plan, Task};
use crate::units::Bytes;

/// Where the laws come from.
const CODE: &str = "torch 2.15.0, transformers 5.23.0, peft 0.21.2, bitsandbytes 0.50.2, traced storage by storage";

/// Explains `figure` of a plan that trains; `None` where its tensors cannot be laid out or the figure does not apply.
///
/// # Errors
/// What training refuses.
pub(in crate::estimate) fn explain(
    plan: &Plan,
    catalog: &Catalog,
    figure: Figure,
    found: &Estimate,
) -> Result<Option<Why>, EstimateError> {
    let why = super::explained(plan, catalog, |run, rank, derived| {
        let parts = found.parts_in_vram();
        let host = &found.host.parts;
        let (lines, result) = match figure {
            Figure::Weights => (weights(run), sum(parts.weights, host.weights)),
            Figure::Gradients => {
                (vec![each(run.states.trained, run.states.trained_width)], sum(parts.gradients, host.gradients))
            }
            Figure::Optimizer => (optimizer(run), sum(parts.optimizer, host.optimizer)),
            Figure::Activations => (activations(run, rank), sum(parts.activations, host.activations)),
            Figure::Compute => (Vec::new(), parts.compute),
            Figure::Overhead => (overhead(catalog, found), Some(found.overhead())),
            Figure::HostBuffers => (Vec::new(), host.compute),
            Figure::KvCache | Figure::RecurrentState | Figure::KvPool | Figure::Usable => return None,
        };
        let exact = matches!(figure, Figure::Weights | Figure::Optimizer) && derived && run.grid.devices() == 1;
        let certainty = if exact { Certainty::Exact } else { Certainty::Estimate };
        let source = match figure {
            Figure::Overhead => catalog.training().context.source.clone(),
            Figure::HostBuffers => catalog.training().host.source.clone(),
            _ => CODE.to_owned(),
        };
        Some((lines, result, certainty, source))
    })?;
    Ok(why.flatten())
}

fn sum(one: Option<Bytes>, other: Option<Bytes>) -> Option<Bytes> {
    Some(one? + other?)
}

fn each(count: u64, width: u64) -> String {
    format!("{} × {width} B", grouped(count))
}

/// What is stored in 4 bits, what is not, and the adapters.
fn weights(run: &Run<'_>) -> Vec<String> {
    let elements = |keep: fn(&Group) -> bool| -> u64 {
        run.shape.groups.iter().filter(|group| keep(group)).map(|group| group.count * group.elements()).sum()
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
        lines.push(each(plain, run.states.base_width));
    } else {
        lines.push(each(linear + plain, run.states.base_width));
    }
    if run.task != Task::Full {
        lines.push(format!("+ {}", each(run.states.trained, run.states.trained_width)));
    }
    lines
}

fn optimizer(run: &Run<'_>) -> Vec<String> {
    let each = run.states.optimizer as f64 / run.states.trained.max(1) as f64;
    vec![format!("{} × {each:.2} B", grouped(run.states.trained))]
}

/// Layers, the rest that is kept, and what only lies there for the moment.
fn activations(run: &Run<'_>, rank: &Rank) -> Vec<String> {
    let (_, height) = rank.peak();
    let layer = run.part(0).layer();
    vec![
        format!("{} × {} B", rank.layers, number(layer)),
        format!("+ {} B", number((height.kept - layer * rank.layers as f64).max(0.0))),
        format!("+ {} B", number(height.temporaries)),
    ]
}

fn overhead(catalog: &Catalog, found: &Estimate) -> Vec<String> {
    let context = catalog.training().context.bytes().expected;
    let reserve = |device: &crate::estimate::DeviceEstimate| device.overhead.expected.saturating_sub(context);
    found.devices.first().map(|device| format!("{context} + {}", reserve(device))).into_iter().collect()
}

fn number(bytes: f64) -> String {
    grouped(super::host::bytes(bytes).0)
}
