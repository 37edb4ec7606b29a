//! The machine of the reader's plan as shelves, on one scale.

use crate::catalog::Catalog;
use crate::estimate::{Estimate, Memory, Parts};
use crate::plan::{self, CardChoice, Plan};
use crate::scenes::draw::shelf::{Lies, Portion, Shelf};
use crate::scenes::figure::Figure;
use crate::scenes::picture::Say;
use crate::units::Bytes;

use super::super::kit::{stove, table};

/// The most cells of one shelf; cells hold more where there is more.
const MOST_CELLS: f64 = 96.0;
/// The side of a cell, in points, and the columns of a shelf.
const CELL: f32 = 32.0;
const COLUMNS: u32 = 16;

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

/// The machine on one scale.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Machine {
    /// GiB of one cell.
    pub(super) cell_gib: f64,
    /// The RAM's bandwidth in GB/s, as named or assumed.
    pub(super) ram_rate: f64,
    /// Of all cards together; `None` where it is not known.
    pub(super) vram_rate: Option<f64>,
    /// GPU and CPU share one memory.
    pub(super) is_pool: bool,
}

impl Machine {
    pub(super) fn of(plan: &Plan, catalog: &Catalog, found: &Estimate) -> Self {
        let largest = found.vram().gib().max(found.host.capacity.gib()).max(1.0);
        let mut cell_gib = 1.0;
        while largest / cell_gib > MOST_CELLS {
            cell_gib *= 2.0;
        }
        let named = plan.machine.named_ram_gb_s(catalog).or_else(|| found.assumed_ram_gb_s());
        let ram_rate = named.unwrap_or_else(|| catalog.speeds().host.ram_gb_s.expected);
        Self {
            cell_gib,
            ram_rate,
            vram_rate: vram_rate(&plan.machine, catalog),
            is_pool: found.devices.iter().any(|device| device.unified),
        }
    }

    /// The widest of its ways, in GB/s.
    pub(super) fn widest(&self) -> f64 {
        self.vram_rate.unwrap_or_default().max(self.ram_rate)
    }

    #[expect(clippy::cast_possible_truncation, reason = "a count of cells")]
    fn cells(&self, bytes: Bytes) -> f32 {
        (bytes.gib() / self.cell_gib) as f32
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of cells")]
    fn whole_cells(&self, bytes: Bytes) -> u32 {
        (self.cells(bytes).round() as u32).max(1)
    }

    /// The RAM with the system and what is planned there.
    pub(super) fn ram(&self, found: &Estimate, pile: Pile) -> Shelf {
        let host = &found.host;
        let cells = self.whole_cells(host.capacity);
        let mut portions = vec![Portion::new(Memory::Os, self.cells(host.os), Lies::Solid).labeled("os")];
        let without_card = found.devices.is_empty();
        if pile == Pile::Placed || pile == Pile::Asked && without_card {
            let held = self.portions(&host.parts, Lies::Hatched);
            let output = Portion::new(Memory::Compute, self.cells(host.output.unwrap_or_default()), Lies::Hatched);
            portions.extend(held.into_iter().chain([output]).filter(|portion| portion.cells > 0.0));
        }
        Shelf {
            portions: beyond(portions, cells),
            amount: Some(Figure::Gib(host.capacity).into()),
            ..table(cells, columns(cells), CELL)
        }
    }

    /// The VRAM of all cards with what is planned there, or asked for.
    pub(super) fn vram(&self, found: &Estimate, pile: Pile) -> Shelf {
        let cells = self.whole_cells(found.vram());
        let mut portions = Vec::new();
        if pile != Pile::Nothing {
            let mut parts = found.parts_in_vram();
            if pile == Pile::Asked && !self.is_pool {
                parts = sum(&parts, &found.host.parts);
            }
            portions = self.portions(&parts, Lies::Solid);
            portions.push(Portion::new(Memory::Overhead, self.cells(found.overhead()), Lies::Solid));
        }
        let shelf = stove(cells, columns(cells), CELL);
        let (name, role) = if self.is_pool {
            (Say::Label("pool"), Say::Label("role_pool"))
        } else {
            (shelf.name.clone(), shelf.role.clone())
        };
        Shelf { name, role, portions: beyond(portions, cells), amount: Some(Figure::Gib(found.vram()).into()), ..shelf }
    }

    fn portions(&self, parts: &Parts, lies: Lies) -> Vec<Portion> {
        let both = |a: Option<Bytes>, b: Option<Bytes>| a.unwrap_or_default() + b.unwrap_or_default();
        let all = [
            (Memory::Weights, parts.weights.unwrap_or_default()),
            (Memory::Gradients, parts.gradients.unwrap_or_default()),
            (Memory::Optimizer, parts.optimizer.unwrap_or_default()),
            (Memory::Kv, both(parts.kv_cache, parts.recurrent_state)),
            (Memory::Compute, both(parts.compute, parts.activations)),
        ];
        let held = all.into_iter().filter(|(_, bytes)| *bytes > Bytes::ZERO);
        held.map(|(component, bytes)| Portion::new(component, self.cells(bytes), lies)).collect()
    }
}

/// Of all cards together: what is read at once.
fn vram_rate(machine: &plan::Machine, catalog: &Catalog) -> Option<f64> {
    let rates = machine.cards.iter().map(|kind| match &kind.card {
        CardChoice::Catalog(id) => catalog.card(id)?.bandwidth_gb_s,
        CardChoice::Detected { .. } => None,
    });
    // Layers are read one card after the other: the slowest counts.
    rates.collect::<Option<Vec<_>>>()?.into_iter().reduce(f64::min)
}

fn sum(a: &Parts, b: &Parts) -> Parts {
    let both = |a: Option<Bytes>, b: Option<Bytes>| Some(a? + b.unwrap_or_default());
    Parts {
        weights: both(a.weights, b.weights),
        kv_cache: both(a.kv_cache, b.kv_cache),
        recurrent_state: both(a.recurrent_state, b.recurrent_state),
        compute: a.compute,
        activations: a.activations,
        gradients: both(a.gradients, b.gradients),
        optimizer: both(a.optimizer, b.optimizer),
    }
}

/// As many columns as make a broad shelf.
fn columns(cells: u32) -> u32 {
    let root = f64::from(cells * 2).sqrt().ceil();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of cells")]
    let broad = root as u32;
    broad.clamp(2, COLUMNS)
}

/// What lies beyond the last cell has no place; no more of it is drawn than there is room for.
fn beyond(portions: Vec<Portion>, cells: u32) -> Vec<Portion> {
    let (holds, most) = (cells as f32, cells as f32 + 2.0 * columns(cells) as f32);
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
