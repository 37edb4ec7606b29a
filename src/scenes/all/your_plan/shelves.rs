//! The reader's machine as shelves: RAM at the left, each card at the right, and what lies in them.

use super::machine::{BETWEEN, MOST_APART, Machine};
use crate::estimate::{DeviceEstimate, Estimate, Memory, Parts};
use crate::scenes::draw::shelf::{CellUnit, Lies, Portion, Shelf};
use crate::scenes::figure::Figure;
use crate::scenes::mark::{Area, Link};
use crate::scenes::picture::{Placed, Say};
use crate::units::Bytes;

use super::super::kit::{stove, table};

/// Where RAM and VRAM stand, and the one memory of machines that have no other.
const RAM: Area = Area::new(10.0, 70.0, 560.0, 302.0);
const VRAM: Area = Area::new(660.0, 70.0, 390.0, 302.0);
const POOL: Area = Area::new(250.0, 70.0, 560.0, 302.0);
/// The names of cards as things; handles sit on them.
pub(super) const CARDS: [&str; MOST_APART] = ["vram", "vram_1", "vram_2", "vram_3"];
/// No more rows of what has no place are drawn than these.
const ROWS_BEYOND: u32 = 2;
/// Less than this part of a cell over the rim is that of rounding.
const LEAST_LOST: f32 = 0.05;

/// What is put onto the shelves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pile {
    /// Nothing yet.
    Nothing,
    /// Everything in one place, as if asked for there.
    Asked,
    /// As it is planned.
    Placed,
}

/// All shelves; cards beyond the `owned` ones are not there yet.
pub(super) fn shelves(machine: &Machine, found: &Estimate, pile: Pile, owned: usize) -> Vec<Placed> {
    let mut things = Vec::new();
    if !machine.is_pool {
        things.push(Placed::new("ram", RAM, ram(machine, found, pile)).linked(Link::Ram));
    }
    if machine.apart {
        things.extend(apart(machine, found, pile, owned));
    } else if !found.devices.is_empty() {
        let area = if machine.is_pool { POOL } else { VRAM };
        let all = together(machine, found, pile, found.devices.len() > owned);
        things.push(Placed::new(CARDS[0], area, all).linked(Link::Vram));
    }
    things
}

/// The RAM with the system and what is planned there.
fn ram(machine: &Machine, found: &Estimate, pile: Pile) -> Shelf {
    let host = &found.host;
    let mut portions = vec![Portion::new(Memory::Os, machine.cells(host.os), Lies::Solid).labeled("os_short")];
    let without_card = found.devices.is_empty();
    if pile == Pile::Placed || pile == Pile::Asked && without_card {
        portions.extend(held(machine, &host_parts(found), Lies::Hatched));
    }
    let capacity = Figure::Gib(host.capacity);
    let amount = match (pile, host.free) {
        (Pile::Nothing, _) => Say::list(vec![capacity.into(), Figure::GbPerSecond(machine.ram_rate).into()]),
        (Pile::Placed, Some(free)) if free > Bytes::ZERO => {
            Say::list(vec![capacity.into(), Say::of("spare", Figure::Gib(free))])
        }
        _ => capacity.into(),
    };
    let cells = machine.whole_cells(host.capacity);
    let shelf = table(cells, machine.columns(host.capacity), machine.cell);
    filled(machine, portions, Shelf { amount: Some(amount), ..shelf })
}

/// All cards as one memory, or the only one.
fn together(machine: &Machine, found: &Estimate, pile: Pile, planned: bool) -> Shelf {
    let mut portions = Vec::new();
    if pile != Pile::Nothing {
        portions = held(machine, &all_parts(found, pile, machine.is_pool), Lies::Solid);
        portions.push(Portion::new(Memory::Overhead, machine.cells(found.overhead()), Lies::Solid));
    }
    let shelf = stove(machine.whole_cells(found.vram()), machine.columns(found.vram()), machine.cell);
    let (name, role) = if machine.is_pool {
        (Say::Label("pool"), Say::Label("role_pool"))
    } else {
        (shelf.name.clone(), shelf.role.clone())
    };
    let capacity = Figure::Gib(found.vram()).into();
    let amount = match (pile, machine.vram_rate) {
        (Pile::Nothing, Some(rate)) => Say::list(vec![capacity, Figure::GbPerSecond(rate).into()]),
        _ => capacity,
    };
    filled(machine, portions, Shelf { name, role, amount: Some(amount), planned, ..shelf })
}

/// Each card for itself.
fn apart(machine: &Machine, found: &Estimate, pile: Pile, owned: usize) -> Vec<Placed> {
    let count = found.devices.len();
    let loads = loads(machine, found, pile);
    let widths: Vec<f32> =
        found.devices.iter().map(|device| machine.columns(device.capacity) as f32 * machine.cell).collect();
    let spare = (VRAM.w - widths.iter().sum::<f32>() - BETWEEN * (count - 1) as f32).max(0.0) / 2.0;
    let mut left = VRAM.x + spare;
    let mut things = Vec::new();
    for (place, ((device, portions), width)) in found.devices.iter().zip(loads).zip(widths).enumerate() {
        let id = CARDS[place.min(MOST_APART - 1)];
        let area = Area::new(left, VRAM.y, width, VRAM.h);
        left += width + BETWEEN;
        let planned = place >= owned;
        let lies = |portion: Portion| if planned { Portion { lies: Lies::Ghost, ..portion } } else { portion };
        let shelf = stove(machine.whole_cells(device.capacity), machine.columns(device.capacity), machine.cell);
        let role = if count == 2 { shelf.role.clone() } else { Say::NOTHING };
        let shelf = Shelf {
            name: Say::Name(format!("GPU {place}")),
            role,
            amount: Some(Figure::Gib(device.capacity).into()),
            planned,
            ..shelf
        };
        let shelf = filled(machine, portions.into_iter().map(lies).collect(), shelf);
        things.push(Placed::new(id, area, shelf).linked(Link::Vram));
    }
    things
}

/// What lies on each card; what is asked for in one place fills one after the other.
fn loads(machine: &Machine, found: &Estimate, pile: Pile) -> Vec<Vec<Portion>> {
    match pile {
        Pile::Nothing => vec![Vec::new(); found.devices.len()],
        Pile::Placed => found.devices.iter().map(|device| on_card(machine, device)).collect(),
        Pile::Asked => {
            let mut all = held(machine, &all_parts(found, pile, machine.is_pool), Lies::Solid);
            all.push(Portion::new(Memory::Overhead, machine.cells(found.overhead()), Lies::Solid));
            pour(all, &found.devices.iter().map(|device| machine.cells(device.capacity)).collect::<Vec<_>>())
        }
    }
}

fn on_card(machine: &Machine, device: &DeviceEstimate) -> Vec<Portion> {
    let mut portions = held(machine, &device.parts, Lies::Solid);
    portions.push(Portion::new(Memory::Overhead, machine.cells(device.overhead.expected), Lies::Solid));
    portions
}

/// Fills one place after the other; what is left piles up on the last.
fn pour(all: Vec<Portion>, rooms: &[f32]) -> Vec<Vec<Portion>> {
    let mut out = vec![Vec::new(); rooms.len()];
    let mut place = 0;
    let mut free = rooms.first().copied().unwrap_or_default();
    for portion in all {
        let mut left = portion.cells;
        while left > 0.0 && place < rooms.len() {
            let is_last = place + 1 == rooms.len();
            let part = if is_last { left } else { left.min(free) };
            out[place].push(Portion { cells: part, ..portion.clone() });
            left -= part;
            free -= part;
            if free <= 0.0 && !is_last {
                place += 1;
                free = rooms[place];
            }
        }
    }
    out
}

/// What is asked of VRAM: its own parts, or with those of RAM where all is asked for in one place.
pub(super) fn all_parts(found: &Estimate, pile: Pile, is_pool: bool) -> Parts {
    let parts = found.parts_in_vram();
    if pile == Pile::Asked && !is_pool { sum(&parts, &found.host.parts) } else { parts }
}

/// What lies in RAM, the matrix of outputs among what is calculated with.
pub(super) fn host_parts(found: &Estimate) -> Parts {
    let host = &found.host;
    Parts { compute: host.parts.compute.map(|compute| compute + host.output.unwrap_or_default()), ..host.parts }
}

/// Parts of one place, by what they are.
pub(super) fn by_component(parts: &Parts) -> impl Iterator<Item = (Memory, Bytes)> {
    let both = |a: Option<Bytes>, b: Option<Bytes>| a.unwrap_or_default() + b.unwrap_or_default();
    let all = [
        (Memory::Weights, parts.loaded().unwrap_or_default()),
        (Memory::Gradients, parts.gradients.unwrap_or_default()),
        (Memory::Optimizer, parts.optimizer.unwrap_or_default()),
        (Memory::Kv, both(parts.kv_cache, parts.recurrent_state)),
        (Memory::Compute, parts.working().unwrap_or_default()),
    ];
    all.into_iter().filter(|(_, bytes)| *bytes > Bytes::ZERO)
}

fn held(machine: &Machine, parts: &Parts, lies: Lies) -> Vec<Portion> {
    by_component(parts).map(|(component, bytes)| Portion::new(component, machine.cells(bytes), lies)).collect()
}

fn sum(a: &Parts, b: &Parts) -> Parts {
    let both = |a: Option<Bytes>, b: Option<Bytes>| Some(a? + b.unwrap_or_default());
    Parts {
        weights: both(a.weights, b.weights),
        vision: both(a.vision, b.vision),
        kv_cache: both(a.kv_cache, b.kv_cache),
        recurrent_state: both(a.recurrent_state, b.recurrent_state),
        compute: a.compute,
        beside: both(a.beside, b.beside),
        activations: a.activations,
        gradients: both(a.gradients, b.gradients),
        optimizer: both(a.optimizer, b.optimizer),
    }
}

/// The shelf with what lies in it. What has no place is said in full, however much of it is drawn.
fn filled(machine: &Machine, portions: Vec<Portion>, shelf: Shelf) -> Shelf {
    let unit = CellUnit::Gib(machine.cell_gib);
    let over = portions.iter().map(|portion| portion.cells).sum::<f32>() - shelf.cells as f32;
    let lost = (over > LEAST_LOST).then(|| Say::from(unit.amount(over)));
    let mut portions = beyond(portions, &shelf);
    if let Some(lost) = &lost
        && let Some(first) = portions.iter_mut().find(|portion| portion.lies == Lies::Nowhere)
    {
        first.label = Some(Say::Joined(vec![lost.clone(), Say::Label("no_place")]));
    }
    Shelf { portions, unit, lost, ..shelf }
}

/// What lies beyond the last cell has no place; no more of it is drawn than there is room for.
fn beyond(portions: Vec<Portion>, shelf: &Shelf) -> Vec<Portion> {
    let holds = shelf.cells as f32;
    let most = holds + (ROWS_BEYOND * shelf.columns) as f32;
    let mut at = 0.0_f32;
    let mut out = Vec::new();
    for portion in portions {
        let end = (at + portion.cells).min(most);
        let inside = (end.min(holds) - at).max(0.0);
        let outside = (end - at.max(holds)).max(0.0);
        if inside > 0.0 {
            out.push(Portion { cells: inside, ..portion.clone() });
        }
        if outside > 0.0 {
            out.push(Portion { cells: outside, lies: Lies::Nowhere, label: None, component: portion.component });
        }
        at = end;
    }
    out
}
