//! Rows of the tables as a plan used them when it was saved: an overlay for that plan alone, so that it opens with the same
//! figures years later.

mod books;
mod change;
mod print;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use books::{FoundBuilds, KeptBuild, RamBook, RentBook};
pub use change::{RowChange, RowDifference};
pub use print::RowPrint;

use super::Catalog;
use super::card::Card;
use super::entry_table::Entry;
use super::model::Model;
use super::parts::{Board, Case, Cooler, Fitting, MemoryKit, PowerSupply, Storage, System};
use super::platform::Platform;
use super::priced::{Condition, Priced};
use super::slice;
use super::source::Price;
use crate::text::{Phrase, one_line};

/// What was kept beside single rows, laid over a catalog.
#[derive(Debug, Clone, Default)]
pub(super) struct KeptBooks {
    builds: Vec<KeptBuild>,
    rents: Option<RentBook>,
}

impl KeptBooks {
    /// The kept offers.
    pub(super) const fn rents(&self) -> Option<&RentBook> {
        self.rents.as_ref()
    }
}

/// The tables whose rows have prices, and where they stand in a catalog.
macro_rules! frozen_rows {
    ($($(#[$doc:meta])* $row:ident($part:ty), $table:ident: $place:ident;)+) => {
        /// A row that a plan used.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub enum FrozenRow {
            /// A model.
            Model(Box<Model>),
            $($(#[$doc])* $row(Box<$part>),)+
            /// What RAM of one kind cost.
            RamPrices(RamBook),
            /// Offers to rent cards.
            Rents(RentBook),
            /// A build that was found.
            Build(KeptBuild),
            /// A row that is built in and was left out of a short text; what it was is told by its print and prices.
            BuiltIn(RowPrint),
        }

        /// The tables that rows are kept of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum RowTable {
            /// Models.
            Models,
            $($(#[$doc])* $table,)+
            /// Prices of RAM.
            RamPrices,
            /// Offers to rent cards.
            Rents,
            /// Builds.
            Builds,
        }

        impl RowTable {
            /// The tables of what is bought.
            const PARTS: &[Self] = &[$(Self::$table,)+];
        }

        impl FrozenRow {
            /// The table that it stands in.
            pub const fn table(&self) -> RowTable {
                match self {
                    Self::Model(_) => RowTable::Models,
                    $(Self::$row(_) => RowTable::$table,)+
                    Self::RamPrices(_) => RowTable::RamPrices,
                    Self::Rents(_) => RowTable::Rents,
                    Self::Build(_) => RowTable::Builds,
                    Self::BuiltIn(print) => print.table,
                }
            }

            /// Its id there; of what is no row of a table what it is of.
            pub fn id(&self) -> &str {
                match self {
                    Self::Model(model) => &model.id,
                    $(Self::$row(part) => &part.id,)+
                    Self::RamPrices(_) => "ram",
                    Self::Rents(_) => "rents",
                    Self::Build(_) => "build",
                    Self::BuiltIn(print) => &print.id,
                }
            }

            fn aliases(&self) -> &[String] {
                match self {
                    Self::Model(model) => &model.aliases,
                    $(Self::$row(part) => part.aliases(),)+
                    Self::RamPrices(_) | Self::Rents(_) | Self::Build(_) | Self::BuiltIn(_) => &[],
                }
            }

            /// What is wrong with its figures, one sentence each.
            pub fn problems(&self) -> Vec<Phrase> {
                match self {
                    Self::Model(model) => model.problems(),
                    $(Self::$row(part) => part.problems(),)+
                    Self::RamPrices(book) => book.problems(),
                    Self::Rents(book) => book.problems(),
                    Self::Build(build) => build.problems(),
                    // Whatever they are, they are laid over a row that is checked with them.
                    Self::BuiltIn(_) => Vec::new(),
                }
            }

            /// The prices that count; `None` = it is nothing that is bought.
            fn counting_prices(&self) -> Option<Vec<Price>> {
                match self {
                    $(Self::$row(part) => Some(print::counting(&**part)),)+
                    _ => None,
                }
            }

            /// The same at other prices.
            #[must_use]
            fn with_prices(&self, prices: Vec<Price>) -> Self {
                let mut row = self.clone();
                match &mut row {
                    $(Self::$row(part) => *part.prices_mut() = prices,)+
                    _ => {}
                }
                row
            }

            /// What it costs new or used; `None` = nothing, or nobody knows.
            fn price_in(&self, condition: Condition) -> Option<&Price> {
                match self {
                    $(Self::$row(part) => part.price_in(condition),)+
                    _ => None,
                }
            }

            fn name(&self) -> &str {
                if let Self::Card(card) = self {
                    return card.brief_name();
                }
                match self {
                    Self::Model(model) => &model.name,
                    $(Self::$row(part) => &part.name,)+
                    other => other.id(),
                }
            }
        }

        impl Catalog {
            fn row(&self, table: RowTable, id: &str) -> Option<FrozenRow> {
                let id = if table == RowTable::Cards { slice::whole(id) } else { id };
                let row = match table {
                    RowTable::Models => FrozenRow::Model(Box::new(self.model(id)?.clone())),
                    $(RowTable::$table => FrozenRow::$row(Box::new(self.parts.$place.get(id)?.clone())),)+
                    RowTable::RamPrices | RowTable::Rents | RowTable::Builds => return None,
                };
                Some(row.plain())
            }

            /// Puts a row in the place of its own.
            fn lay_row(&mut self, row: FrozenRow) {
                match row {
                    FrozenRow::Model(model) => self.models.lay_over(vec![*model]),
                    $(FrozenRow::$row(part) => self.parts.$place.lay_over(vec![*part]),)+
                    FrozenRow::RamPrices(book) => self.lay_ram(&book),
                    FrozenRow::Rents(book) => self.kept.rents = Some(book),
                    FrozenRow::Build(build) => self.kept.builds.push(build),
                    FrozenRow::BuiltIn(_) => {}
                }
            }
        }
    };
}

frozen_rows! {
    /// A card; a slice stands for the whole card.
    Card(Card), Cards: cards;
    /// A processor and what comes with it.
    Platform(Platform), Platforms: platforms;
    /// A whole machine.
    System(System), Systems: systems;
    /// A board.
    Board(Board), Boards: boards;
    /// A kit of RAM.
    Ram(MemoryKit), Ram: ram;
    /// A disk.
    Disk(Storage), Disks: storage;
    /// A power supply.
    PowerSupply(PowerSupply), PowerSupplies: power_supplies;
    /// A case.
    Case(Case), Cases: cases;
    /// What joins parts.
    Fitting(Fitting), Fittings: fittings;
    /// A cooler.
    Cooler(Cooler), Coolers: coolers;
}

/// How much of the rows goes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowDetail {
    /// All of each row, for files.
    Whole,
    /// Of rows that are built in the print alone, for short texts.
    Short,
}

impl FrozenRow {
    /// Whether a plan that names `id` of `table` means this row.
    pub fn is_meant(&self, table: RowTable, id: &str) -> bool {
        let id = if table == RowTable::Cards { slice::whole(id) } else { id };
        self.table() == table
            && (self.id().eq_ignore_ascii_case(id) || self.aliases().iter().any(|alias| alias.eq_ignore_ascii_case(id)))
    }

    /// Whether it is the part of this id: no two kinds of part share one.
    pub fn is_part(&self, id: &str) -> bool {
        RowTable::PARTS.contains(&self.table()) && self.is_meant(self.table(), id)
    }

    /// The row as it comes out of a file: what is not written of a source is gone, and no text of it can move a cursor or
    /// add a line.
    #[must_use]
    fn plain(self) -> Self {
        let Ok(mut value) = serde_json::to_value(&self) else { return self };
        clean(&mut value);
        serde_json::from_value(value).unwrap_or(self)
    }

    /// The row as it goes along.
    fn kept_as(self, detail: RowDetail) -> Self {
        // Prices travel beside the print: at another price a row is still the built-in one.
        let unpriced = |row: &Self| row.with_prices(Vec::new());
        let built_in = || Catalog::embedded().row(self.table(), self.id());
        let same = detail == RowDetail::Short && built_in().is_some_and(|it| unpriced(&it).is_same(&unpriced(&self)));
        if same { Self::BuiltIn(self.print()) } else { self }
    }

    /// The row as text, to compare.
    fn text(&self) -> String {
        ron::to_string(self).unwrap_or_default()
    }

    /// Whether both say the same.
    fn is_same(&self, other: &Self) -> bool {
        match self {
            Self::BuiltIn(print) => other.is_printed_as(print),
            _ => self.text() == other.text(),
        }
    }
}

/// Texts on one line each.
fn clean(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let std::borrow::Cow::Owned(line) = one_line(text) {
                *text = line;
            }
        }
        Value::Array(values) => values.iter_mut().for_each(clean),
        Value::Object(fields) => fields.values_mut().for_each(clean),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl Catalog {
    /// The row that a plan means by `id`, as it is now, to be kept with the plan.
    pub fn frozen_row(&self, table: RowTable, id: &str, detail: RowDetail) -> Option<FrozenRow> {
        Some(self.row(table, id)?.kept_as(detail))
    }

    /// The same of a part, whatever kind it is of.
    pub fn frozen_part(&self, id: &str, detail: RowDetail) -> Option<FrozenRow> {
        let named = |table: &RowTable| self.row(*table, id).filter(|row| row.id() == slice::whole(id));
        Some(RowTable::PARTS.iter().find_map(named)?.kept_as(detail))
    }

    /// This catalog with these rows in the place of its own; what was left out of them stays as it is.
    #[must_use]
    pub fn with_frozen(&self, rows: &[FrozenRow]) -> Self {
        let mut catalog = self.clone();
        // Of other cards than before.
        catalog.slices = std::sync::Arc::default();
        // Of the kits that are sold single ones may be kept beside them.
        let (books, single): (Vec<&FrozenRow>, _) = rows.iter().partition(|row| matches!(row, FrozenRow::RamPrices(_)));
        for row in books.into_iter().chain(single).filter_map(|row| self.restored(row)) {
            catalog.lay_row(row.plain());
        }
        catalog
    }

    /// The row that a kept one stands for: of one that was left out of a text today's at the prices that came with it;
    /// `None` where there is nothing to lay over a catalog.
    pub fn restored(&self, row: &FrozenRow) -> Option<FrozenRow> {
        let FrozenRow::BuiltIn(print) = row else { return Some(row.clone()) };
        let prices = print.prices.as_ref()?;
        let now = self.row(print.table, &print.id)?;
        let was = now.with_prices(print::sourced(prices));
        (now.counting_prices().as_ref() != Some(prices) && was.problems().is_empty()).then_some(was)
    }

    /// Whether this row is still as it was.
    pub fn holds(&self, row: &FrozenRow) -> bool {
        match row {
            FrozenRow::RamPrices(book) => {
                let plain = |book: RamBook| FrozenRow::RamPrices(book).plain();
                self.ram_book(book.kind, book.dimm).is_some_and(|now| plain(now).is_same(&row.clone().plain()))
            }
            FrozenRow::Rents(book) => self.rents_print(book.cards.as_deref()) == book.print,
            FrozenRow::Build(build) => self.prices_print() == build.prices,
            _ => self.row(row.table(), row.id()).is_some_and(|now| row.clone().plain().is_same(&now)),
        }
    }

    /// Whether this catalog has what a kept row stands for as `before` had it.
    pub fn holds_as(&self, before: &Self, kept: &FrozenRow) -> bool {
        match kept {
            FrozenRow::RamPrices(book) => self.ram_book(book.kind, book.dimm) == before.ram_book(book.kind, book.dimm),
            FrozenRow::Rents(_) => self.rents().eq(before.rents()),
            FrozenRow::Build(_) => self.prices_print() == before.prices_print(),
            row => self.row(row.table(), row.id()) == before.row(row.table(), row.id()),
        }
    }

    /// What differs of these rows by now.
    pub fn changed_rows(&self, rows: &[FrozenRow]) -> Vec<RowChange> {
        let changes = |row: &FrozenRow| {
            let row = row.clone().plain();
            RowChange::of(&row, self.row(row.table(), row.id()).as_ref())
        };
        rows.iter().filter(|row| !self.holds(row)).flat_map(changes).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::price::OwnPrice;

    fn used_rows(catalog: &Catalog, detail: RowDetail) -> Vec<FrozenRow> {
        let used = [
            (RowTable::Models, "llama-3.1-8b"),
            (RowTable::Cards, "rtx-4090"),
            (RowTable::Cards, "a100-sxm4-80gb/3g.40gb"),
            (RowTable::Platforms, "am4-r5-5600"),
        ];
        used.into_iter().filter_map(|(table, id)| catalog.frozen_row(table, id, detail)).collect()
    }

    #[test]
    fn rows_are_the_same_as_long_as_nothing_changes() {
        let catalog = Catalog::embedded();
        for detail in [RowDetail::Whole, RowDetail::Short] {
            let rows = used_rows(catalog, detail);
            assert!(rows.len() == 4, "{rows:?}");
            assert!(catalog.changed_rows(&rows).is_empty());
            let text = ron::to_string(&rows).unwrap();
            assert_eq!(ron::from_str::<Vec<FrozenRow>>(&text).unwrap(), rows);
            assert!(rows.iter().all(|row| row.problems().is_empty()));
        }
    }

    #[test]
    fn a_changed_price_is_told_and_the_row_keeps_the_old_one() {
        let shipped = Catalog::embedded();
        let rows = used_rows(shipped, RowDetail::Whole);
        let own = OwnPrice {
            part: "rtx-4090".to_owned(),
            kind: crate::catalog::source::PriceKind::Used,
            usd: crate::units::Usd(4499.0),
            date: crate::catalog::source::Date::try_from("2026-11-22".to_owned()).unwrap(),
            source: crate::catalog::origin::Origin::own(),
        };
        let (later, errors) = shipped.with_own_prices("own_prices.ron", vec![own]);
        assert!(errors.is_empty());
        let changes = later.changed_rows(&rows);
        let [RowChange { what: RowDifference::Price { now, .. }, .. }] = changes.as_slice() else {
            panic!("{changes:?}")
        };
        assert_eq!(now.0, 4499.0);
        let kept = later.with_frozen(&rows);
        assert!(kept.changed_rows(&rows).is_empty());
        // A short text says as much, and what else differs is not known from it.
        let short = used_rows(shipped, RowDetail::Short);
        assert_eq!(later.changed_rows(&short), changes);
        let used =
            |catalog: &Catalog| catalog.card("rtx-4090").and_then(|card| card.price_in(Condition::Used)).cloned();
        let kept = later.with_frozen(&short);
        assert_eq!(used(&kept).map(|price| price.usd), used(shipped).map(|price| price.usd));
        let mut card = shipped.card("rtx-4090").unwrap().clone();
        card.bandwidth_gb_s = Some(504.0);
        let slower = shipped.with_frozen(&[FrozenRow::Card(Box::new(card))]);
        assert!(matches!(slower.changed_rows(&short)[0].what, RowDifference::Unknown));
    }

    #[test]
    fn a_slice_is_cut_from_the_kept_card() {
        let shipped = Catalog::embedded();
        let Some(FrozenRow::Card(mut card)) =
            shipped.frozen_row(RowTable::Cards, "a100-sxm4-80gb/3g.40gb", RowDetail::Whole)
        else {
            panic!("no card")
        };
        card.bandwidth_gb_s = Some(1000.0);
        let kept = shipped.with_frozen(&[FrozenRow::Card(card)]);
        assert_eq!(kept.card("a100-sxm4-80gb/3g.40gb").and_then(|slice| slice.bandwidth_gb_s), Some(500.0));
    }
}
