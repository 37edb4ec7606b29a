//! The tables of everything that has a price, each listed once: what an overlay, own prices and the price book go
//! through follows from the list.

use super::book::BookLister;
use super::card::Card;
use super::entry_table::Table;
use super::overlay::{CatalogError, TableFile, entries};
use super::own_prices::NewPrice;
use super::parts::{
    Board, Case, Cooler, Efficiency, EfficiencyCurve, Fitting, MemoryKit, Network, PartKind, PowerSupply, Storage,
    System,
};
use super::platform::Platform;
use super::source::Price;
use super::{Catalog, embedded};

/// The texts of a table: its own file, or the given ones.
macro_rules! texts {
    ($table:ident) => {
        [include_str!(concat!("../../data/", stringify!($table), ".ron"))]
    };
    ($table:ident $texts:expr) => {
        $texts
    };
}

/// One table a kind of part, in the order of the price book and named as its file is: what holds its entries, where they
/// stand, what hands them out, and which of them the price book lists where it does not list all.
macro_rules! part_tables {
    ($($(#[$doc:meta])* $kind:ident $table:ident: $part:ty, $list:ident
        $(, files $texts:expr)? $(, priced $priced:expr)?;)+) => {
        /// One table a kind of part.
        #[derive(Debug, Clone)]
        pub(super) struct PartTables {
            $(pub(super) $table: Table<$part>,)+
            efficiency: Table<EfficiencyCurve>,
        }

        impl PartTables {
            pub(super) fn built_in() -> Self {
                Self {
                    $($table: Table::new(texts!($table $($texts)?)),)+
                    efficiency: Table::new(texts!(efficiency)),
                }
            }

            /// Lays a file over the table of this name; `false` where there is none.
            pub(super) fn lay_over(&mut self, name: &str, file: &TableFile, errors: &mut Vec<CatalogError>) -> bool {
                match name {
                    $(stringify!($table) => self.$table.lay_over(entries(file, errors)),)+
                    _ => return false,
                }
                true
            }

            /// Puts a price into its part: the one that it stands in for, or `None` where there is no such part.
            pub(super) fn set_price(&mut self, new: &NewPrice<'_>) -> Option<Option<Price>> {
                None$(.or_else(|| new.put_into(&mut self.$table)))+
            }
        }

        /// The parts, each kind in a stable order.
        impl Catalog {
            $($(#[$doc])* pub fn $list(&self) -> impl Iterator<Item = &$part> + Clone {
                self.parts.$table.iter()
            })+

            /// Puts every part into the price book, kind by kind.
            pub(super) fn list_parts<'a>(&'a self, book: &mut BookLister<'a>) {
                $(book.add(PartKind::$kind, self.$list()$(.filter($priced))?);)+
            }
        }
    };
}

part_tables! {
    /// All cards.
    Card cards: Card, cards, files embedded::CARDS;
    /// Whole machines.
    System systems: System, systems;
    /// Processors, and machines with theirs soldered in: what those cost stands with the machines.
    Processor platforms: Platform, platforms, priced |part| part.dimm.is_some() || !part.prices.is_empty();
    /// Boards.
    Board boards: Board, boards;
    /// Kits of RAM.
    Ram ram: MemoryKit, ram_kits;
    /// Disks.
    Disk storage: Storage, disks;
    /// Power supplies.
    PowerSupply power_supplies: PowerSupply, power_supplies;
    /// Cases.
    Case cases: Case, cases;
    /// What joins parts: riser cables, adapters.
    Fitting fittings: Fitting, fittings;
    /// Processor coolers.
    Cooler coolers: Cooler, coolers;
    /// Network cards and switches.
    Network network: Network, network_parts;
}

impl Catalog {
    /// The efficiency that a class asks for, not redundant.
    pub fn efficiency(&self, class: Efficiency) -> Option<&EfficiencyCurve> {
        self.efficiency_curves().find(|curve| curve.efficiency == class && !curve.redundant)
    }

    /// The efficiency of every class.
    pub fn efficiency_curves(&self) -> impl Iterator<Item = &EfficiencyCurve> + Clone {
        self.parts.efficiency.iter()
    }
}
