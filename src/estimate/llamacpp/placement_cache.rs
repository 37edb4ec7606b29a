//! Placements that were worked out before. A placement depends on the number of layers on the devices and on how the
//! devices share them, not on how much memory they have: cards of every size share one table, and a view that is drawn
//! again asks for none twice.

use ahash::AHashMap;

use super::compute::Buffers;
use super::options::PlacementOptions;
use super::place::{Placement, Placer};
use crate::catalog::model::ModelIdentity;
use crate::catalog::quantization::Quantization;
use crate::model::cache::{Cells, Side};

/// Tables kept; when there are more, all are forgotten.
const KEPT: usize = 1 << 12;

/// Everything that a placement depends on besides the number of layers on the devices.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Setting {
    model: ModelIdentity,
    quantization: Quantization,
    cells: Cells,
    options: PlacementOptions,
    rows: Side,
    devices: usize,
    /// Bits of the shares of several devices; `None` = one device takes all.
    shares: Option<Vec<u32>>,
}

impl Setting {
    fn of(placer: &Placer<'_>) -> Self {
        // Each field of the placer: `prepared` stands for the model, `caches` follow from it, the cells and the rows.
        let Placer { model: _, prepared, options, devices, cells, rows, shares, caches: _ } = placer;
        Self {
            model: prepared.model,
            quantization: prepared.quantization,
            cells: *cells,
            options: *options,
            rows: *rows,
            devices: devices.len(),
            shares: (devices.len() > 1).then(|| shares.iter().map(|share| share.to_bits()).collect()),
        }
    }
}

/// The placements of one setting by the number of layers on the devices, as far as they were asked for.
#[derive(Debug, Default)]
struct PlacementTable(Vec<Option<Box<Placement>>>);

#[derive(Debug, Default)]
pub(super) struct KnownPlacements {
    tables: Vec<PlacementTable>,
    of: AHashMap<Setting, usize>,
    /// The one that was asked for last: cards that are tried one after the other ask for the same.
    last: Option<(Setting, usize)>,
}

impl KnownPlacements {
    /// The placements of `placer`; what they take from `buffers` is kept there.
    pub(super) fn of<'a>(&'a mut self, placer: &'a Placer<'a>, buffers: &'a mut Buffers) -> Placements<'a> {
        Placements { placer, table: self.table(Setting::of(placer)), buffers }
    }

    fn table(&mut self, setting: Setting) -> &mut PlacementTable {
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
            self.tables.push(PlacementTable::default());
        }
        self.last = Some((setting, index));
        index
    }
}

/// The placements of one placer.
#[derive(Debug)]
pub(super) struct Placements<'a> {
    placer: &'a Placer<'a>,
    table: &'a mut PlacementTable,
    buffers: &'a mut Buffers,
}

impl Placements<'_> {
    /// What lies where with so many layers on the devices.
    pub(super) fn at(&mut self, gpu_layers: u32) -> &Placement {
        let index = gpu_layers.min(self.placer.all_layers()) as usize;
        let Self { placer, table: PlacementTable(places), buffers } = self;
        if places.len() <= index {
            places.resize_with(placer.all_layers() as usize + 1, || None);
        }
        places[index].get_or_insert_with(|| Box::new(placer.place(gpu_layers, buffers)))
    }
}
