//! The tables of parts, and how the catalog hands them out.

use super::Catalog;
use super::embedded;
use super::entry_table::Table;
use super::parts::{
    Board, Case, Cooler, Efficiency, EfficiencyCurve, MemoryKit, Network, PowerSupply, Storage, System,
};

/// One table a kind of part.
#[derive(Debug, Clone)]
pub(super) struct PartTables {
    pub(super) boards: Table<Board>,
    pub(super) ram: Table<MemoryKit>,
    pub(super) storage: Table<Storage>,
    pub(super) power_supplies: Table<PowerSupply>,
    pub(super) efficiency: Table<EfficiencyCurve>,
    pub(super) cases: Table<Case>,
    pub(super) coolers: Table<Cooler>,
    pub(super) network: Table<Network>,
    pub(super) systems: Table<System>,
}

impl PartTables {
    pub(super) fn built_in() -> Self {
        Self {
            boards: Table::new(embedded::BOARDS),
            ram: Table::new(embedded::RAM),
            storage: Table::new(embedded::STORAGE),
            power_supplies: Table::new(embedded::POWER_SUPPLIES),
            efficiency: Table::new(embedded::EFFICIENCY),
            cases: Table::new(embedded::CASES),
            coolers: Table::new(embedded::COOLERS),
            network: Table::new(embedded::NETWORK),
            systems: Table::new(embedded::SYSTEMS),
        }
    }
}

/// The parts, each kind in a stable order.
impl Catalog {
    /// Boards.
    pub fn boards(&self) -> impl Iterator<Item = &Board> + Clone {
        self.parts.boards.iter()
    }

    /// Kits of RAM.
    pub fn ram_kits(&self) -> impl Iterator<Item = &MemoryKit> + Clone {
        self.parts.ram.iter()
    }

    /// Disks.
    pub fn disks(&self) -> impl Iterator<Item = &Storage> + Clone {
        self.parts.storage.iter()
    }

    /// Power supplies.
    pub fn power_supplies(&self) -> impl Iterator<Item = &PowerSupply> + Clone {
        self.parts.power_supplies.iter()
    }

    /// The efficiency that a class asks for, not redundant.
    pub fn efficiency(&self, class: Efficiency) -> Option<&EfficiencyCurve> {
        self.efficiency_curves().find(|curve| curve.efficiency == class && !curve.redundant)
    }

    /// The efficiency of every class.
    pub fn efficiency_curves(&self) -> impl Iterator<Item = &EfficiencyCurve> + Clone {
        self.parts.efficiency.iter()
    }

    /// Cases.
    pub fn cases(&self) -> impl Iterator<Item = &Case> + Clone {
        self.parts.cases.iter()
    }

    /// Processor coolers.
    pub fn coolers(&self) -> impl Iterator<Item = &Cooler> + Clone {
        self.parts.coolers.iter()
    }

    /// Network cards and switches.
    pub fn network_parts(&self) -> impl Iterator<Item = &Network> + Clone {
        self.parts.network.iter()
    }

    /// Whole machines.
    pub fn systems(&self) -> impl Iterator<Item = &System> + Clone {
        self.parts.systems.iter()
    }
}
