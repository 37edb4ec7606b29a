//! What stands in each bar: segments in their fixed order, from an estimate.

use crate::estimate::{DeviceEstimate, Estimate, HostEstimate, Parts, Verdict};
use crate::text::{Key, Locale};
use crate::ui::theme::Memory;
use crate::ui::widgets::memory_bar::{BarSegment, Lies};
use crate::ui::words;
use crate::units::Bytes;

/// What is in a memory, and what runs past its end.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Stack {
    pub inside: Vec<BarSegment>,
    pub beyond: Vec<BarSegment>,
}

/// One device: its components, the adapters that are `trained` told apart from the weights, what does not fit on it past its end.
pub(super) fn device(device: &DeviceEstimate, trained: Option<Bytes>, locale: Locale) -> Stack {
    let compute = if trained.is_some() { Key::TrainBuffers } else { Key::ComputeBuffer };
    let adapter = trained.unwrap_or_default().min(device.parts.weights.unwrap_or_default());
    let base = Parts { weights: device.parts.weights.map(|weights| weights - adapter), ..device.parts };
    let mut segments = parts(&base, Lies::InPlace, (Key::Weights, Key::KvCache, compute), locale);
    push(&mut segments, Memory::Adapter, Some(adapter), Lies::InPlace, (Key::Adapter, locale));
    // Right after the weights that they belong to.
    segments[1..].rotate_right(1);
    push(
        &mut segments,
        Memory::Overhead,
        Some(device.overhead.expected),
        Lies::InPlace,
        (Key::RuntimeOverhead, locale),
    );
    split(segments, device.usable.gib())
}

/// Adapters on each device; `None` where nothing is trained.
pub(super) fn adapter(estimate: &Estimate) -> Option<Bytes> {
    estimate.training.as_ref().map(|step| step.adapter)
}

/// What an engine reserves beyond what the plan needs, after its parts: from where, and how much, in GiB.
pub(super) fn reserved(device: &DeviceEstimate) -> Option<(f64, f64)> {
    let need = device.parts.caches()?;
    let more = device.kv_pool? - need;
    (more > Bytes::ZERO).then_some((device.total?.gib(), more.gib()))
}

/// What lies in RAM for want of VRAM, drawn past the end of the last card: weights and caches.
pub(super) fn spilled(estimate: &Estimate, locale: Locale) -> Vec<BarSegment> {
    if estimate.training.is_some() {
        // A step spills nothing.
        return Vec::new();
    }
    let exceeded = estimate.devices.iter().any(|device| device.excess.is_some_and(|excess| excess.0 > 0));
    let offloads = estimate.verdict == Some(Verdict::Offload) || estimate.gpu_layers() < estimate.layers;
    if estimate.devices.is_empty() || estimate.verdict.is_none() || exceeded || !offloads {
        return Vec::new();
    }
    let caches = Parts { compute: None, activations: None, ..estimate.host.parts };
    parts(&caches, Lies::InRam, (Key::SpilledWeights, Key::SpilledKv, Key::ComputeBuffer), locale)
}

/// Why something lies in RAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// VRAM has no room for it.
    Spilled,
    /// It belongs there.
    Own,
    /// Processes and batches of training, and what it offloads.
    Training,
}

/// The RAM: the system, then what the plan keeps there.
pub(super) fn host(host: &HostEstimate, holds: Holds, locale: Locale) -> Stack {
    let mut segments = Vec::new();
    push(&mut segments, Memory::Os, Some(host.os), Lies::InPlace, (Key::OsAndApps, locale));
    let names = match holds {
        Holds::Spilled => (Key::SpilledWeights, Key::SpilledKv, Key::ComputeBuffer),
        Holds::Own => (Key::WeightsInRam, Key::KvCache, Key::ComputeBuffer),
        Holds::Training => (Key::WeightsInRam, Key::KvCache, Key::TrainHost),
    };
    segments.extend(parts(&host.parts, Lies::InRam, names, locale));
    push(&mut segments, Memory::Compute, host.output, Lies::InRam, (Key::HostBuffers, locale));
    split(segments, host.capacity.gib())
}

/// One pool of CPU and GPU: the components of both, as if on one device.
pub(super) fn pool(estimate: &Estimate, locale: Locale) -> Stack {
    let Some(only) = estimate.devices.first() else { return Stack::default() };
    let mut stack = device(only, adapter(estimate), locale);
    push(&mut stack.inside, Memory::Os, Some(estimate.host.os), Lies::InPlace, (Key::OsAndApps, locale));
    let mut beside =
        parts(&estimate.host.parts, Lies::InPlace, (Key::WeightsInRam, Key::KvCache, Key::ComputeBuffer), locale);
    push(&mut beside, Memory::Compute, estimate.host.output, Lies::InPlace, (Key::HostBuffers, locale));
    stack.inside.extend(beside);
    stack
}

fn parts(parts: &Parts, lies: Lies, (weights, kv, compute): (Key, Key, Key), locale: Locale) -> Vec<BarSegment> {
    let mut segments = Vec::new();
    push(&mut segments, Memory::Weights, parts.weights, lies, (weights, locale));
    push(&mut segments, Memory::Gradients, parts.gradients, lies, (Key::Gradients, locale));
    push(&mut segments, Memory::Optimizer, parts.optimizer, lies, (Key::OptimizerStates, locale));
    push(&mut segments, Memory::Kv, parts.kv_cache, lies, (kv, locale));
    push(&mut segments, Memory::Kv, parts.recurrent_state, lies, (Key::RecurrentState, locale));
    push(&mut segments, Memory::Compute, parts.compute, lies, (compute, locale));
    push(&mut segments, Memory::Compute, parts.activations, lies, (Key::Activations, locale));
    segments
}

/// Unknown parts keep their place with no width, so that widths move smoothly when they become known.
fn push(
    segments: &mut Vec<BarSegment>,
    component: Memory,
    bytes: Option<Bytes>,
    lies: Lies,
    (name, locale): (Key, Locale),
) {
    let bytes = bytes.unwrap_or_default();
    let label = format!(
        "{} {}",
        locale.word(name),
        if lies == Lies::InPlace && component == Memory::Os {
            words::gib_bare(bytes)
        } else {
            words::gib_fine_unit(bytes)
        }
    );
    let short = match component {
        Memory::Os => format!("{} {}", locale.word(Key::OsShort), words::gib_bare(bytes)),
        _ => words::gib_bare(bytes),
    };
    segments.push(BarSegment { component, gib: bytes.gib(), lies, label, short });
}

/// Cuts a stack at the end of its memory; what is past it lies nowhere.
fn split(segments: Vec<BarSegment>, end: f64) -> Stack {
    let mut stack = Stack::default();
    let mut at = 0.0;
    for segment in segments {
        let inside = segment.gib.min((end - at).max(0.0));
        at += segment.gib;
        stack.beyond.push(BarSegment { gib: segment.gib - inside, lies: Lies::Nowhere, ..segment.clone() });
        stack.inside.push(BarSegment { gib: inside, ..segment });
    }
    stack
}

/// GiB of a list of segments.
pub(super) fn sum(segments: &[BarSegment]) -> f64 {
    segments.iter().map(|segment| segment.gib).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_past_the_end_lies_nowhere() {
        let segment = |gib| BarSegment {
            component: Memory::Weights,
            gib,
            lies: Lies::InPlace,
            label: String::new(),
            short: String::new(),
        };
        let stack = split(vec![segment(20.0), segment(8.0), segment(1.0)], 24.0);
        let gib = |segments: &[BarSegment]| segments.iter().map(|segment| segment.gib).collect::<Vec<_>>();
        assert_eq!(gib(&stack.inside), [20.0, 4.0, 0.0]);
        assert_eq!(gib(&stack.beyond), [0.0, 4.0, 1.0]);
        assert!(stack.beyond.iter().all(|segment| segment.lies == Lies::Nowhere));
    }
}
