//! The plan as stacked bars under the shelves: VRAM and RAM on one axis, and what runs past the end of the first.

use super::machine::Machine;
use super::shelves::{Pile, all_parts, by_component, host_parts};
use crate::estimate::{Estimate, Memory, Parts, Verdict};
use crate::scenes::draw::axis::Axis;
use crate::scenes::draw::bars::{Bar, Bars, Flow};
use crate::scenes::draw::shelf::{Lies, Portion};
use crate::scenes::figure::Figure;
use crate::scenes::mark::Area;
use crate::scenes::picture::{Placed, Say};
use crate::units::Bytes;

use super::super::memory::{gib, key, name};

const AREA: Area = Area::new(10.0, 384.0, 1040.0, 172.0);
/// Room for the names at the left, and for the sums at the right.
const NAMES: f32 = 114.0;
const ENDS: f32 = 150.0;
/// What takes less than this share of the axis is named by the key alone.
const WORTH_A_WORD: f64 = 0.1;

/// The bars of a plan.
pub(super) fn stacks(machine: &Machine, found: &Estimate, pile: Pile) -> Placed {
    let end = end(found);
    let trains = found.training.is_some();
    let without_card = found.devices.is_empty();
    let mut rows = Vec::new();
    let spills = !without_card && !machine.is_pool && pile == Pile::Placed && found.verdict == Some(Verdict::Offload);
    if !without_card {
        rows.push(vram(machine, found, pile, (end, spills)));
    }
    if !machine.is_pool {
        rows.push(ram(found, pile, (end, trains)));
    }
    let flow = spills.then(|| {
        let amount = by_component(&host_parts(found)).map(|(_, bytes)| bytes).sum::<Bytes>();
        Flow { component: Memory::Weights, amount: amount.gib(), at: found.host.os.gib() }
    });
    let bars =
        Bars { key: key(&rows, trains), rows, axis: Axis::gib(end), limit: None, names: NAMES, ends: ENDS, flow };
    Placed::new("stacks", AREA, bars)
}

/// The same axis at every stop.
fn end(found: &Estimate) -> f64 {
    let host = found.host.os + found.host.total.unwrap_or_default();
    let past = found.vram() + found.host.total.unwrap_or_default();
    let all = [past, found.host.capacity, found.needed().unwrap_or_default(), host];
    all.into_iter().map(Bytes::gib).fold(1.0, f64::max)
}

fn vram(machine: &Machine, found: &Estimate, pile: Pile, (end, spills): (f64, bool)) -> Bar {
    let trains = found.training.is_some();
    let mut portions = Vec::new();
    if pile != Pile::Nothing {
        portions = named(&all_parts(found, pile, machine.is_pool), Lies::Solid, (end, trains));
        portions.push(Portion::new(Memory::Overhead, gib(found.overhead()), Lies::Solid));
    }
    if spills {
        let mut rest = named(&host_parts(found), Lies::Hatched, (f64::INFINITY, trains));
        let all: Bytes = by_component(&host_parts(found)).map(|(_, bytes)| bytes).sum();
        if let Some(first) = rest.first_mut() {
            first.label = Some(Say::counting(Figure::Gib(all), "past_edge"));
        }
        portions.extend(rest);
    }
    let total = match found.needed().filter(|_| pile != Pile::Nothing) {
        Some(needed) => Say::of("needs", Figure::Gib(needed)),
        None => Figure::Gib(found.vram()).into(),
    };
    let title = if machine.is_pool { "pool" } else { "vram" };
    Bar::new(title, portions).holding(found.vram().gib()).total(total)
}

fn ram(found: &Estimate, pile: Pile, (end, trains): (f64, bool)) -> Bar {
    let host = &found.host;
    let mut portions = vec![Portion::new(Memory::Os, gib(host.os), Lies::Solid)];
    let without_card = found.devices.is_empty();
    if pile == Pile::Placed || pile == Pile::Asked && without_card {
        let mut held = named(&host_parts(found), Lies::Hatched, (end, trains));
        if !without_card
            && let Some(weights) = held.iter_mut().find(|it| it.component == Memory::Weights && it.label.is_some())
        {
            let bytes = host.parts.loaded().unwrap_or_default();
            weights.label = Some(Say::of("weights_left", Figure::Gib(bytes)));
        }
        portions.extend(held);
    }
    let total = match host.free.filter(|free| pile == Pile::Placed && *free > Bytes::ZERO) {
        Some(free) => Say::of("spare", Figure::Gib(free)),
        None => Figure::Gib(host.capacity).into(),
    };
    Bar::new("ram", portions).holding(host.capacity.gib()).total(total)
}

/// Parts as portions in GiB, the larger ones with their names and figures.
fn named(parts: &Parts, lies: Lies, (end, trains): (f64, bool)) -> Vec<Portion> {
    let portion = |(component, bytes): (Memory, Bytes)| {
        let portion = Portion::new(component, gib(bytes), lies);
        if bytes.gib() < WORTH_A_WORD * end {
            return portion;
        }
        portion.labeled(Say::of(name(component, trains), Figure::Gib(bytes)))
    };
    by_component(parts).map(portion).collect()
}
