//! Placements that were worked out before. A placement depends on the number of layers on the devices and on how the
//! devices share them, not on how much memory they have: cards of every size share one table, and a view that is drawn
//! again asks for none twice.

use ahash::AHashMap;

use super::compute::Buffers;
use super::options::PlacementOptions;
use super::place::{Placement, Placer, Rooms, Way};
use super::rules::RulesId;
use crate::catalog::model::ModelIdentity;
use crate::catalog::quantization::Quantization;
use crate::model::cache::{Cells, Side};
use crate::units::Bytes;

/// Tables kept; when there are more, all are forgotten. As many as every model of the catalog has in every step of the
/// precision slider on every maker's cards; most hold a placement or two.
const KEPT: usize = 1 << 14;
/// Other ways of one setting that are kept, and the rooms that any were sought for.
const WAYS_KEPT: usize = 1 << 9;

/// Everything that a placement depends on besides the number of layers on the devices.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Setting {
    model: ModelIdentity,
    quantization: Quantization,
    rules: RulesId,
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
            rules: prepared.rules,
            cells: *cells,
            options: *options,
            rows: *rows,
            devices: devices.len(),
            shares: (devices.len() > 1).then(|| shares.iter().map(|share| share.to_bits()).collect()),
        }
    }
}

/// The placements of one setting, as far as they were asked for.
#[derive(Debug, Default)]
struct PlacementTable {
    /// By the number of layers on the devices, which is rising.
    by_layers: Vec<(u32, Box<Placement>)>,
    /// With other experts in RAM, or shared out otherwise.
    by_way: AHashMap<Way, Box<Placement>>,
    /// The most layers that devices of so much room hold.
    most: AHashMap<Rooms, u32>,
    /// The way that was found for devices of so much room.
    found: AHashMap<Rooms, Option<Way>>,
}

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
        let gpu_layers = gpu_layers.min(self.placer.all_layers());
        let Self { placer, table: PlacementTable { by_layers, .. }, buffers } = self;
        let index = by_layers.binary_search_by_key(&gpu_layers, |(layers, _)| *layers).unwrap_or_else(|index| {
            by_layers.insert(index, (gpu_layers, Box::new(placer.place(gpu_layers, buffers))));
            index
        });
        &by_layers[index].1
    }

    /// Whether it was laid out before what lies where with so many layers on the devices.
    pub(super) fn knows(&self, gpu_layers: u32) -> bool {
        self.table.by_layers.binary_search_by_key(&gpu_layers, |(layers, _)| *layers).is_ok()
    }

    /// What lies where when it is placed this way.
    pub(super) fn of(&mut self, way: &Way) -> &Placement {
        if way.counts.is_none() && way.cpu_experts == self.placer.options.cpu_experts {
            return self.at(way.gpu_layers);
        }
        let Self { placer, table: PlacementTable { by_way, .. }, buffers } = self;
        if !by_way.contains_key(way) {
            if by_way.len() >= WAYS_KEPT {
                by_way.clear();
            }
            by_way.insert(way.clone(), Box::new(placer.placing(way).place(way.gpu_layers, buffers)));
        }
        &by_way[way]
    }

    /// The most layers that devices of so much room hold, where that was sought before.
    pub(super) fn most(&self, rooms: &[Bytes]) -> Option<u32> {
        self.table.most.get(rooms).copied()
    }

    /// Keeps the most layers that devices of so much room hold.
    pub(super) fn keep_most(&mut self, rooms: Rooms, layers: u32) {
        keep(&mut self.table.most, rooms, layers);
    }

    /// The way that was found before for devices of so much room.
    pub(super) fn found(&self, rooms: &[Bytes]) -> Option<&Option<Way>> {
        self.table.found.get(rooms)
    }

    /// Keeps the way that was found for devices of so much room.
    pub(super) fn keep_found(&mut self, rooms: Rooms, way: Option<Way>) {
        keep(&mut self.table.found, rooms, way);
    }
}

/// Keeps what was sought for devices of so much room; of too many, all are forgotten.
fn keep<T>(kept: &mut AHashMap<Rooms, T>, rooms: Rooms, found: T) {
    if kept.len() >= WAYS_KEPT {
        kept.clear();
    }
    kept.insert(rooms, found);
}
