//! Rows of the tables as a plan used them when it was saved: an overlay for that plan alone, so that it opens with the same
//! figures years later.

mod change;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use change::{RowChange, RowDifference};

use super::Catalog;
use super::card::Card;
use super::entry_table::Entry;
use super::model::Model;
use super::platform::Platform;
use super::slice;
use crate::text::{Phrase, one_line};

/// A row that a plan used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FrozenRow {
    /// A model.
    Model(Box<Model>),
    /// A card, with its prices.
    Card(Box<Card>),
    /// A processor and board.
    Platform(Box<Platform>),
    /// A row that is built in and was left out of a short text; what it was is told by its print alone.
    BuiltIn(RowPrint),
}

/// What tells whether a row is still the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowPrint {
    /// The table that it stands in.
    pub table: RowTable,
    /// Its id there.
    pub id: String,
    /// CRC-32 of the row as it is written.
    pub print: u32,
}

/// The tables that rows are kept of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RowTable {
    /// Models.
    Models,
    /// Cards; a slice stands for the whole card.
    Cards,
    /// Processors and their boards.
    Platforms,
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
    /// The table that it stands in.
    pub const fn table(&self) -> RowTable {
        match self {
            Self::Model(_) => RowTable::Models,
            Self::Card(_) => RowTable::Cards,
            Self::Platform(_) => RowTable::Platforms,
            Self::BuiltIn(print) => print.table,
        }
    }

    /// Its id there.
    pub fn id(&self) -> &str {
        match self {
            Self::Model(model) => &model.id,
            Self::Card(card) => &card.id,
            Self::Platform(platform) => &platform.id,
            Self::BuiltIn(print) => &print.id,
        }
    }

    /// Whether a plan that names `id` of `table` means this row.
    pub fn is_meant(&self, table: RowTable, id: &str) -> bool {
        let aliases: &[String] = match self {
            Self::Model(model) => &model.aliases,
            Self::Card(card) => &card.aliases,
            Self::Platform(platform) => &platform.aliases,
            Self::BuiltIn(_) => &[],
        };
        let id = if table == RowTable::Cards { slice::whole(id) } else { id };
        self.table() == table
            && (self.id().eq_ignore_ascii_case(id) || aliases.iter().any(|alias| alias.eq_ignore_ascii_case(id)))
    }

    /// What is wrong with its figures, one sentence each.
    pub fn problems(&self) -> Vec<Phrase> {
        match self {
            Self::Model(model) => model.problems(),
            Self::Card(card) => card.problems(),
            Self::Platform(platform) => platform.problems(),
            Self::BuiltIn(_) => Vec::new(),
        }
    }

    /// The row as it comes out of a file: what is not written of a source is gone, and no text of it can move a cursor or
    /// add a line.
    #[must_use]
    fn plain(self) -> Self {
        let Ok(mut value) = serde_json::to_value(&self) else { return self };
        clean(&mut value);
        serde_json::from_value(value).unwrap_or(self)
    }

    /// The row as text, to compare.
    fn text(&self) -> String {
        ron::to_string(self).unwrap_or_default()
    }

    fn print(&self) -> RowPrint {
        RowPrint { table: self.table(), id: self.id().to_owned(), print: crc32fast::hash(self.text().as_bytes()) }
    }

    /// Whether both say the same.
    fn is_same(&self, other: &Self) -> bool {
        match self {
            Self::BuiltIn(print) => *print == other.print(),
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
        let row = self.row(table, id)?;
        let built_in = || Self::embedded().row(table, row.id()).is_some_and(|built_in| built_in.is_same(&row));
        let print = detail == RowDetail::Short && built_in();
        Some(if print { FrozenRow::BuiltIn(row.print()) } else { row })
    }

    fn row(&self, table: RowTable, id: &str) -> Option<FrozenRow> {
        let row = match table {
            RowTable::Models => FrozenRow::Model(Box::new(self.model(id)?.clone())),
            RowTable::Cards => FrozenRow::Card(Box::new(self.parts.cards.get(slice::whole(id))?.clone())),
            RowTable::Platforms => FrozenRow::Platform(Box::new(self.platform(id)?.clone())),
        };
        Some(row.plain())
    }

    /// This catalog with these rows in the place of its own; what was left out of them stays as it is.
    #[must_use]
    pub fn with_frozen(&self, rows: &[FrozenRow]) -> Self {
        let mut catalog = self.clone();
        // Of other cards than before.
        catalog.slices = std::sync::Arc::default();
        for row in rows.iter().cloned() {
            match row.plain() {
                FrozenRow::Model(model) => catalog.models.lay_over(vec![*model]),
                FrozenRow::Card(card) => catalog.parts.cards.lay_over(vec![*card]),
                FrozenRow::Platform(platform) => catalog.parts.platforms.lay_over(vec![*platform]),
                FrozenRow::BuiltIn(_) => {}
            }
        }
        catalog
    }

    /// Whether this row is still as it was.
    pub fn holds(&self, row: &FrozenRow) -> bool {
        self.row(row.table(), row.id()).is_some_and(|now| row.clone().plain().is_same(&now))
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
        let short = used_rows(shipped, RowDetail::Short);
        assert!(matches!(later.changed_rows(&short)[0].what, RowDifference::Unknown));
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
