//! What stands in each bar: segments in their fixed order, from an estimate.

use crate::estimate::printed::PlanPart;
use crate::estimate::printed::{MemoryFigures, PlanFigures};
use crate::estimate::{DeviceEstimate, Estimate, HostEstimate, OffloadCause, ResidentEstimate};
use crate::plan::Plan;
use crate::text::{Concept, Key, Locale};
use crate::ui::theme::Memory;
use crate::ui::widgets::memory_lanes::{BarSegment, Lies};
use crate::ui::words;
use crate::units::Bytes;

/// What is in a memory, and what runs past its end.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Stack {
    pub inside: Vec<BarSegment>,
    pub beyond: Vec<BarSegment>,
}

/// What parts are called in one memory, where it is not their usual name.
type Names = fn(PlanPart) -> Key;

/// One device: its components, what does not fit on it past its end.
pub(super) fn device(
    device: &DeviceEstimate,
    side: &MemoryFigures,
    trains: bool,
    programs: Vec<BarSegment>,
    locale: Locale,
) -> Stack {
    let names: Names = if trains { of_training } else { PlanPart::name };
    let mut all = segments(side, Lies::InPlace, names, locale);
    all.extend(programs);
    split(all, device.usable.gib())
}

/// The programs beside the plan's own model, a block each: on this device, or without one in RAM. `names` in the plan's
/// order.
pub(super) fn programs(
    estimate: &Estimate,
    device: Option<usize>,
    names: &[String],
    locale: Locale,
) -> Vec<BarSegment> {
    let block = |(row, (resident, name)): (usize, (&ResidentEstimate, &String))| {
        let held = device.map_or_else(|| resident.in_ram(), |device| resident.held_on(device)).unwrap_or_default();
        // The plan's own model is the first.
        let number = (row + 2).to_string();
        BarSegment {
            component: Memory::Also,
            gib: held.gib(),
            lies: if device.is_some() { Lies::InPlace } else { Lies::InRam },
            about: about(Key::AlsoOnMachine, locale),
            label: format!("{number}  {name} {}", words::gib_fine_unit(held)),
            short: number,
            program: Some(row),
        }
    };
    estimate.also.iter().zip(names).enumerate().map(block).collect()
}

/// What an engine reserves beyond what the plan needs, after its parts: from where, and how much, in GiB.
pub(super) fn reserved(device: &DeviceEstimate) -> Option<(f64, f64)> {
    let need = device.parts.caches()?;
    let more = device.kv_pool? - need;
    (more > Bytes::ZERO).then_some((device.total?.gib(), more.gib()))
}

/// What lies in RAM for want of VRAM, drawn past the end of the last card: weights and caches.
pub(super) fn spilled(plan: &Plan, estimate: &Estimate, ram: &MemoryFigures, locale: Locale) -> Vec<BarSegment> {
    if estimate.is_unified() || estimate.in_ram(plan.workload.places_by_hand()) != OffloadCause::Spilled {
        return Vec::new();
    }
    let names = if estimate.experts.layers > 0 { spilled_experts } else { spilled_name };
    let mut segments = segments(ram, Lies::InRam, names, locale);
    // Buffers belong there.
    for (segment, part) in segments.iter_mut().zip(PlanPart::ALL) {
        if !matches!(part, PlanPart::Weights | PlanPart::Kv | PlanPart::State) {
            segment.gib = 0.0;
        }
    }
    segments
}

/// Why something lies in RAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// VRAM has no room for it.
    Spilled,
    /// The same, and it is experts.
    Experts,
    /// It belongs there.
    Own,
    /// Processes and batches of training, and what it offloads.
    Training,
}

/// The RAM: the system, then what the plan keeps there.
pub(super) fn host(
    host: &HostEstimate,
    ram: &MemoryFigures,
    holds: Holds,
    programs: Vec<BarSegment>,
    locale: Locale,
) -> Stack {
    let names: Names = match holds {
        Holds::Spilled => spilled_name,
        Holds::Experts => spilled_experts,
        Holds::Own => kept_name,
        Holds::Training => of_training_in_ram,
    };
    let mut all = vec![system(host, locale)];
    all.extend(segments(ram, Lies::InRam, names, locale));
    all.extend(programs);
    split(all, host.capacity.gib())
}

/// One pool of CPU and GPU: the components of both, as if on one device.
pub(super) fn pool(estimate: &Estimate, figures: &PlanFigures, names: &[String], locale: Locale) -> Stack {
    let Some((only, side)) = estimate.devices.first().zip(figures.devices.first()) else { return Stack::default() };
    let on_gpu = programs(estimate, Some(0), names, locale);
    let mut stack = device(only, side, estimate.training.is_some(), on_gpu, locale);
    stack.inside.extend(segments(&figures.ram, Lies::InPlace, of_cpu, locale));
    stack.inside.extend(programs(estimate, None, names, locale));
    stack.inside.push(system(&estimate.host, locale));
    stack
}

const fn of_training(part: PlanPart) -> Key {
    match part {
        PlanPart::Compute => Key::TrainBuffers,
        part => part.name(),
    }
}

const fn of_training_in_ram(part: PlanPart) -> Key {
    match part {
        PlanPart::Compute => Key::TrainHost,
        part => kept_name(part),
    }
}

const fn spilled_name(part: PlanPart) -> Key {
    match part {
        PlanPart::Weights => Key::SpilledWeights,
        PlanPart::Kv => Key::SpilledKv,
        part => part.name(),
    }
}

/// Beside experts hardly anything else lies there.
const fn spilled_experts(part: PlanPart) -> Key {
    match part {
        PlanPart::Weights => Key::SpilledExperts,
        part => spilled_name(part),
    }
}

const fn kept_name(part: PlanPart) -> Key {
    match part {
        PlanPart::Weights => Key::WeightsInRam,
        part => part.name(),
    }
}

const fn of_cpu(part: PlanPart) -> Key {
    match part {
        PlanPart::Weights => Key::WeightsOfCpu,
        part => part.name(),
    }
}

/// Unknown parts keep their place with no width, so that widths move smoothly when they become known.
fn segments(side: &MemoryFigures, lies: Lies, name: Names, locale: Locale) -> Vec<BarSegment> {
    let one = |(part, bytes): (PlanPart, Option<Bytes>)| {
        let amount = side.part(part).unwrap_or_default();
        BarSegment {
            component: part.memory(),
            gib: bytes.unwrap_or_default().gib(),
            lies,
            about: about(part.name(), locale),
            label: format!("{} {}", locale.word(name(part)), words::with_unit(amount)),
            short: amount.write(),
            program: None,
        }
    };
    // Programs have a block each instead.
    side.amounts().iter().filter(|(part, _)| *part != PlanPart::Also).map(one).collect()
}

/// The sentence about what stands under a label.
fn about(label: Key, locale: Locale) -> String {
    Concept::of(label).map_or_else(String::new, |concept| concept.line(locale))
}

/// What the system and other programs take.
fn system(host: &HostEstimate, locale: Locale) -> BarSegment {
    let amount = words::gib_bare(host.os);
    BarSegment {
        component: Memory::Os,
        gib: host.os.gib(),
        lies: Lies::InPlace,
        about: about(Key::OsAndApps, locale),
        label: format!("{} {amount}", locale.word(Key::OsAndApps)),
        short: format!("{} {amount}", locale.word(Key::OsShort)),
        program: None,
    }
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
            about: String::new(),
            label: String::new(),
            short: String::new(),
            program: None,
        };
        let stack = split(vec![segment(20.0), segment(8.0), segment(1.0)], 24.0);
        let gib = |segments: &[BarSegment]| segments.iter().map(|segment| segment.gib).collect::<Vec<_>>();
        assert_eq!(gib(&stack.inside), [20.0, 4.0, 0.0]);
        assert_eq!(gib(&stack.beyond), [0.0, 4.0, 1.0]);
        assert!(stack.beyond.iter().all(|segment| segment.lies == Lies::Nowhere));
    }
}
