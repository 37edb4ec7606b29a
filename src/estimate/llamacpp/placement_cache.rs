//! Placements that were worked out before. A placement depends on the number of layers on the devices and on how the
//! devices share them, not on how much memory they have: cards of every size share one table, and a view that is drawn
//! again asks for none twice.

use std::cell::RefCell;

use ahash::AHashMap;

use super::place::{Placement, Placer};
use crate::model::cache::{Cells, Side};
use crate::plan::Logits;

/// Tables kept per thread; when there are more, all are forgotten.
const KEPT: usize = 1 << 12;

/// Everything that a placement depends on besides the number of layers on the devices.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Setting {
    prepared: u64,
    cells: Cells,
    flash: bool,
    logits: Logits,
    cpu_experts: u32,
    rows: Side,
    devices: usize,
    /// Devices that each layer is cut across.
    cut: usize,
    /// Bits of the shares of several devices; `None` = one device takes all.
    shares: Option<Vec<u32>>,
}

impl Setting {
    fn of(placer: &Placer<'_>) -> Self {
        let several = placer.devices.len() > 1;
        Self {
            prepared: placer.prepared.id,
            cells: placer.cells,
            flash: placer.workload.flash_attention,
            logits: placer.workload.logits,
            cpu_experts: placer.workload.cpu_experts,
            rows: placer.rows,
            devices: placer.devices.len(),
            cut: placer.cut(),
            shares: several.then(|| placer.shares.iter().map(|share| share.to_bits()).collect()),
        }
    }
}

/// The placements of one setting by the number of layers on the devices, as far as they were asked for.
#[derive(Debug, Default)]
struct Table(Vec<Option<Box<Placement>>>);

/// The tables of a thread.
#[derive(Debug, Default)]
struct Known {
    tables: Vec<Table>,
    of: AHashMap<Setting, usize>,
    /// The one that was asked for last: cards that are tried one after the other ask for the same.
    last: Option<(Setting, usize)>,
}

impl Known {
    fn table(&mut self, setting: Setting) -> &mut Table {
        let index = match &self.last {
            Some((last, index)) if *last == setting => *index,
            _ => self.find(setting),
        };
        &mut self.tables[index]
    }

    fn find(&mut self, setting: Setting) -> usize {
        if self.tables.len() >= KEPT {
            *self = Self::default();
        }
        let next = self.tables.len();
        let index = *self.of.entry(setting.clone()).or_insert(next);
        if index == next {
            self.tables.push(Table::default());
        }
        self.last = Some((setting, index));
        index
    }
}

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
}

/// The placements of one placer.
#[derive(Debug)]
pub(super) struct Placements<'a> {
    placer: &'a Placer<'a>,
    table: &'a mut Table,
}

impl Placements<'_> {
    /// What lies where with so many layers on the devices.
    pub(super) fn at(&mut self, gpu_layers: u32) -> &Placement {
        let index = gpu_layers.min(self.placer.all_layers()) as usize;
        let places = &mut self.table.0;
        if places.len() <= index {
            places.resize_with(self.placer.all_layers() as usize + 1, || None);
        }
        places[index].get_or_insert_with(|| Box::new(self.placer.place(gpu_layers)))
    }
}

/// Calls `ask` with the placements of `placer`.
pub(super) fn with_placements<T>(placer: &Placer<'_>, ask: impl FnOnce(&mut Placements<'_>) -> T) -> T {
    KNOWN.with_borrow_mut(|known| {
        let table = known.table(Setting::of(placer));
        ask(&mut Placements { placer, table })
    })
}
