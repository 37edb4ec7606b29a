//! The rows of the tables that a document's plans use: kept with it, so that it opens with the same figures later.

use super::{CardChoice, Document, Drafter, ModelChoice, Plan, Workload};
use crate::catalog::Catalog;
use crate::catalog::frozen::{FrozenRow, RowChange, RowDetail, RowTable};

/// A row that a plan names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct NamedRow<'a> {
    table: RowTable,
    id: &'a str,
}

impl Plan {
    fn named_rows(&self) -> impl Iterator<Item = NamedRow<'_>> {
        let models = self.also.iter().map(|resident| &resident.workload).flat_map(Workload::named_models);
        let cards = self.machine.cards.iter().filter_map(|cards| match &cards.card {
            CardChoice::Catalog(id) => Some(NamedRow { table: RowTable::Cards, id }),
            CardChoice::Detected { .. } => None,
        });
        let platform = self.machine.platform.as_deref().map(|id| NamedRow { table: RowTable::Platforms, id });
        self.workload.named_models().chain(models).chain(cards).chain(platform)
    }
}

impl Workload {
    fn named_models(&self) -> impl Iterator<Item = NamedRow<'_>> {
        let model = match &self.model {
            ModelChoice::Catalog(id) => Some(NamedRow { table: RowTable::Models, id }),
            ModelChoice::Size(_) | ModelChoice::File { .. } => None,
        };
        let drafter = match &self.speculation.drafter {
            Drafter::Model(id) => Some(NamedRow { table: RowTable::Models, id }),
            Drafter::None | Drafter::Mtp => None,
        };
        model.into_iter().chain(drafter)
    }
}

impl Document {
    /// The document with the rows of `catalog` that its plans use, to be written.
    #[must_use]
    pub fn with_rows(&self, catalog: &Catalog, detail: RowDetail) -> Self {
        let mut rows: Vec<FrozenRow> = Vec::new();
        for NamedRow { table, id } in self.plans.iter().flat_map(|named| named.plan.named_rows()) {
            let Some(row) = catalog.frozen_row(table, id, detail) else { continue };
            if !rows.iter().any(|other| other.table() == row.table() && other.id() == row.id()) {
                rows.push(row);
            }
        }
        Self { frozen: rows, ..self.clone() }
    }

    /// Keeps of the rows that came with the document those that its plans use and that `catalog` holds otherwise by now;
    /// what differs is told.
    pub fn settle_rows(&mut self, catalog: &Catalog) -> Vec<RowChange> {
        let rows = std::mem::take(&mut self.frozen);
        let named: Vec<NamedRow<'_>> = self.plans.iter().flat_map(|named| named.plan.named_rows()).collect();
        let used = |row: &FrozenRow| named.iter().any(|name| row.is_meant(name.table, name.id));
        let rows: Vec<FrozenRow> = rows.into_iter().filter(|row| used(row) && !catalog.holds(row)).collect();
        let changes = catalog.changed_rows(&rows);
        self.frozen = rows.into_iter().filter(|row| !matches!(row, FrozenRow::BuiltIn(_))).collect();
        changes
    }

    /// Gives up the kept rows that another catalog holds otherwise than `before` did: what was changed on purpose counts.
    pub fn yield_rows(&mut self, before: &Catalog, after: &Catalog) {
        let row = |catalog: &Catalog, row: &FrozenRow| catalog.frozen_row(row.table(), row.id(), RowDetail::Whole);
        self.frozen.retain(|kept| row(before, kept) == row(after, kept));
    }
}
