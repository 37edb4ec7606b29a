//! The machine of the reader's plan on one scale: what one cell is, and how fast its memories are read.

use crate::catalog::Catalog;
use crate::estimate::Estimate;
use crate::plan::{self, CardChoice, Plan};
use crate::units::Bytes;

/// The most cells of one memory; cells hold more where there is more.
const MOST_CELLS: f64 = 64.0;
/// Cells over each other.
const ROWS: u32 = 4;
/// The side of the largest cell, in points.
const CELL: f32 = 32.0;
/// The widest that RAM is drawn, and VRAM.
const WIDTHS: [f32; 2] = [512.0, 364.0];
/// The most cards that stand apart, and what lies between two, in points.
pub(super) const MOST_APART: usize = 4;
pub(super) const BETWEEN: f32 = 26.0;

/// The machine on one scale.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Machine {
    /// GiB of one cell.
    pub(super) cell_gib: f64,
    /// The side of a cell, in points.
    pub(super) cell: f32,
    /// The RAM's bandwidth in GB/s, as named or assumed.
    pub(super) ram_rate: f64,
    /// Of the slowest card; `None` where it is not known.
    pub(super) vram_rate: Option<f64>,
    /// GPU and CPU share one memory.
    pub(super) is_pool: bool,
    /// Cards stand each for itself.
    pub(super) apart: bool,
}

impl Machine {
    pub(super) fn of(plan: &Plan, catalog: &Catalog, found: &Estimate) -> Self {
        let is_pool = found.devices.iter().any(|device| device.unified);
        let largest = found.vram().gib().max(found.host.capacity.gib()).max(1.0);
        let mut cell_gib = 1.0;
        while largest / cell_gib > MOST_CELLS {
            cell_gib *= 2.0;
        }
        let named = plan.machine.named_ram_gb_s(catalog).or_else(|| found.assumed_ram_gb_s());
        let ram_rate = named.unwrap_or_else(|| catalog.speeds().host.ram_gb_s.expected);
        let apart = (2..=MOST_APART).contains(&found.devices.len());
        let machine =
            Self { cell_gib, cell: CELL, ram_rate, vram_rate: vram_rate(&plan.machine, catalog), is_pool, apart };
        let [ram, vram] = WIDTHS;
        let columns = |bytes| machine.columns(bytes) as f32;
        let (vram, across) = if apart {
            let gaps = BETWEEN * (found.devices.len() - 1) as f32;
            (vram - gaps, found.devices.iter().map(|device| columns(device.capacity)).sum())
        } else {
            (if is_pool { ram } else { vram }, columns(found.vram()))
        };
        let cell = CELL.min(vram / across).min(ram / columns(found.host.capacity));
        Self { cell, ..machine }
    }

    /// The widest of its ways, in GB/s.
    pub(super) fn widest(&self) -> f64 {
        self.vram_rate.unwrap_or_default().max(self.ram_rate)
    }

    /// Bytes in cells.
    #[expect(clippy::cast_possible_truncation, reason = "a count of cells")]
    pub(super) fn cells(&self, bytes: Bytes) -> f32 {
        (bytes.gib() / self.cell_gib) as f32
    }

    /// The cells of a memory.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of cells")]
    pub(super) fn whole_cells(&self, bytes: Bytes) -> u32 {
        (self.cells(bytes).round() as u32).max(1)
    }

    /// How many stand beside each other.
    pub(super) fn columns(&self, bytes: Bytes) -> u32 {
        self.whole_cells(bytes).div_ceil(ROWS).max(2)
    }
}

/// Of all cards: layers are read one card after the other, so the slowest counts.
fn vram_rate(machine: &plan::Machine, catalog: &Catalog) -> Option<f64> {
    let rates = machine.cards.iter().map(|kind| match &kind.card {
        CardChoice::Catalog(id) => catalog.card(id)?.bandwidth_gb_s,
        CardChoice::Detected { .. } => None,
    });
    rates.collect::<Option<Vec<_>>>()?.into_iter().reduce(f64::min)
}
