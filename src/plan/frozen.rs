//! The rows of the tables that a document's plans and builds use: kept with it, so that it opens with the same figures later.

use super::{BuildRequest, CardChoice, Document, Drafter, ModelChoice, Plan, Workload};
use crate::catalog::Catalog;
use crate::catalog::frozen::{FoundBuilds, FrozenRow, KeptBuild, RamBook, RentBook, RowChange, RowDetail, RowTable};
use crate::catalog::price::Rent;

/// A row that a plan names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct NamedRow<'a> {
    table: RowTable,
    id: &'a str,
}

impl Plan {
    fn named_rows(&self) -> impl Iterator<Item = NamedRow<'_>> {
        let models = self.also.iter().map(|resident| &resident.workload).flat_map(Workload::named_models);
        let cards = self.card_ids().map(|id| NamedRow { table: RowTable::Cards, id });
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

impl Plan {
    fn card_ids(&self) -> impl Iterator<Item = &str> {
        self.machine.cards.iter().filter_map(|cards| match &cards.card {
            CardChoice::Catalog(id) => Some(id.as_str()),
            CardChoice::Detected { .. } => None,
        })
    }

    /// Whole machines that hold one of its cards: what such a card costs is what they cost.
    fn machines<'a>(&self, catalog: &'a Catalog) -> impl Iterator<Item = &'a str> {
        let cards: Vec<&str> = self
            .card_ids()
            .filter_map(|id| catalog.card(id))
            .filter(|card| card.is_unified())
            .map(|card| card.id.as_str())
            .collect();
        let held = catalog
            .systems()
            .filter(move |system| system.unified_card.as_deref().is_some_and(|card| cards.contains(&card)));
        held.map(|system| system.id.as_str())
    }

    /// What the RAM of its board costs.
    fn ram_book(&self, catalog: &Catalog) -> Option<RamBook> {
        let platform = catalog.platform(self.machine.platform.as_deref()?)?;
        catalog.ram_book(platform.memory_kind, platform.dimm?)
    }
}

impl BuildRequest {
    /// Parts that the wishes name.
    fn named_parts(&self) -> impl Iterator<Item = &str> {
        let others = self.others.iter().flat_map(|other| other.locks.iter().chain(&other.by_hand));
        let own = self.owned.iter().chain(&self.locks).chain(&self.by_hand);
        own.chain(others).map(|part| part.part.as_str())
    }

    /// The print of what is asked for: these wishes of one tier and this plan. What renting costs has no part in the search,
    /// and the usual outlet is that of whoever looks.
    pub fn print(&self, plan: &Plan) -> u32 {
        let asked = Self { terms: super::RentTerms::default(), others: Vec::new(), ..self.clone() };
        crc32fast::hash(ron::to_string(&(asked, plan)).unwrap_or_default().as_bytes())
    }
}

impl Document {
    /// The document with the rows of `catalog` that its plans use, to be written.
    #[must_use]
    pub fn with_rows(&self, catalog: &Catalog, detail: RowDetail) -> Self {
        self.with_rows_of(&FoundBuilds::default(), catalog, detail)
    }

    /// The same with what was found for its builds.
    #[must_use]
    pub fn with_rows_of(&self, found: &FoundBuilds, catalog: &Catalog, detail: RowDetail) -> Self {
        let mut rows: Vec<FrozenRow> = Vec::new();
        let mut keep = |row: FrozenRow| {
            if !rows.iter().any(|other| other.table() == row.table() && other.id() == row.id()) {
                rows.push(row);
            }
        };
        let plans = || self.plans.iter().map(|named| &named.plan);
        for NamedRow { table, id } in plans().flat_map(Plan::named_rows) {
            catalog.frozen_row(table, id, detail).into_iter().for_each(&mut keep);
        }
        let builds = self.builds(found, catalog, detail);
        let wishes = self.build.iter().flat_map(BuildRequest::named_parts);
        let built = builds.iter().flat_map(|build| build.parts.iter().map(|(part, _)| part.as_str()));
        for id in wishes.chain(built) {
            catalog.frozen_part(id, detail).into_iter().for_each(&mut keep);
        }
        if detail == RowDetail::Whole {
            for id in plans().flat_map(|plan| plan.machines(catalog)) {
                catalog.frozen_row(RowTable::Systems, id, detail).into_iter().for_each(&mut keep);
            }
            let mut books: Vec<RamBook> = Vec::new();
            for book in plans().filter_map(|plan| plan.ram_book(catalog)) {
                if !books.iter().any(|other| other.is_of(&book)) {
                    books.push(book);
                }
            }
            rows.extend(books.into_iter().map(FrozenRow::RamPrices));
        }
        rows.extend(self.rents(found, catalog, detail).map(FrozenRow::Rents));
        rows.extend(builds.into_iter().map(FrozenRow::Build));
        Self { frozen: rows, ..self.clone() }
    }

    /// The builds that answer what is asked of this document: those that were found, and kept ones of which nothing newer is
    /// known. A short text holds the chosen one alone.
    fn builds(&self, found: &FoundBuilds, catalog: &Catalog, detail: RowDetail) -> Vec<KeptBuild> {
        let Some(request) = &self.build else { return Vec::new() };
        let mut builds: Vec<KeptBuild> = found.builds.iter().filter(|build| self.asks_for(build)).cloned().collect();
        for kept in catalog.kept_builds().iter().filter(|kept| self.asks_for(kept)) {
            if !builds.iter().any(|build| build.asked == kept.asked) {
                builds.push(kept.clone());
            }
        }
        builds.retain(|build| detail == RowDetail::Whole || build.tier == request.tier);
        builds
    }

    fn asks_for(&self, build: &KeptBuild) -> bool {
        let request = self.build.as_ref().map(|request| request.in_tier(build.tier));
        request.is_some_and(|request| self.plans.iter().any(|named| request.print(&named.plan) == build.asked))
    }

    /// The offers that stood beside the builds, and those of the cards that it trains on.
    fn rents(&self, found: &FoundBuilds, catalog: &Catalog, detail: RowDetail) -> Option<RentBook> {
        let training = self.plans.iter().filter(|named| named.plan.workload.task.trains());
        let mut cards: Vec<String> = training.flat_map(|named| named.plan.card_ids().map(str::to_owned)).collect();
        cards.sort_unstable();
        cards.dedup();
        let book = self.rent_book(&cards, found, catalog)?;
        Some(if detail == RowDetail::Short { book.shortened(&cards) } else { book })
    }

    fn rent_book(&self, cards: &[String], found: &FoundBuilds, catalog: &Catalog) -> Option<RentBook> {
        let kept = catalog.kept_rents().filter(|book| book.cards.is_none() && self.build.is_some());
        if !found.rents.is_empty() {
            let mut rents: Vec<Rent> = found.rents.clone();
            rents.extend(catalog.rents().filter(|rent| cards.contains(&rent.card)).cloned());
            let mut once: Vec<Rent> = Vec::new();
            for rent in rents {
                if !once.contains(&rent) {
                    once.push(rent);
                }
            }
            return Some(catalog.rent_book(None, once));
        }
        kept.cloned().or_else(|| (!cards.is_empty()).then(|| catalog.rent_book(Some(cards.to_vec()), Vec::new())))
    }

    /// Keeps of the rows that came with the document those that its plans use and that `catalog` holds otherwise by now;
    /// what differs is told.
    pub fn settle_rows(&mut self, catalog: &Catalog) -> Vec<RowChange> {
        let rows = std::mem::take(&mut self.frozen);
        let used: Vec<bool> = rows.iter().map(|row| self.uses(row, &rows, catalog)).collect();
        let rows = rows.into_iter().zip(used).filter(|(row, used)| *used && !catalog.holds(row)).map(|(row, _)| row);
        let rows: Vec<FrozenRow> = rows.collect();
        let changes = catalog.changed_rows(&rows);
        self.frozen = rows.iter().filter_map(|row| catalog.restored(row)).collect();
        changes
    }

    /// Whether a row is one that a plan or build of the document names, `rows` being all that came with it.
    fn uses(&self, row: &FrozenRow, rows: &[FrozenRow], catalog: &Catalog) -> bool {
        let plans = || self.plans.iter().map(|named| &named.plan);
        match row {
            FrozenRow::Rents(book) => match &book.cards {
                Some(cards) => plans().any(|plan| plan.card_ids().any(|id| cards.iter().any(|card| card == id))),
                None => self.build.is_some(),
            },
            FrozenRow::RamPrices(book) => {
                let of = |plan: &Plan| plan.machine.platform.as_deref().and_then(|id| catalog.platform(id));
                plans().filter_map(of).any(|it| it.memory_kind == book.kind && it.dimm == Some(book.dimm))
            }
            FrozenRow::Build(build) => self.asks_for(build),
            _ => {
                plans().flat_map(Plan::named_rows).any(|name| row.is_meant(name.table, name.id))
                    || self.build.iter().flat_map(BuildRequest::named_parts).any(|id| row.is_part(id))
                    || rows.iter().any(|other| {
                        matches!(other, FrozenRow::Build(build)
                        if self.asks_for(build) && build.parts.iter().any(|(id, _)| row.is_part(id)))
                    })
                    || matches!(row, FrozenRow::System(system)
                        if plans().any(|plan| plan.card_ids().any(|id| system.unified_card.as_deref() == Some(id))))
            }
        }
    }

    /// Parts rows that came with other plans, before those are added: what no plan of this document uses can be kept beside its
    /// own; what it counts otherwise stays as it counts it. What is of all prices at once is another document's.
    #[must_use]
    pub fn part_rows(&self, rows: Vec<FrozenRow>, catalog: &Catalog) -> (Vec<FrozenRow>, Vec<FrozenRow>) {
        let single = rows.into_iter().filter(|row| !matches!(row, FrozenRow::Rents(_) | FrozenRow::Build(_)));
        single.partition(|row| {
            let held = self.frozen.iter().any(|own| own.table() == row.table() && own.id() == row.id());
            !held && !self.uses(row, &self.frozen, catalog)
        })
    }

    /// Gives up the kept rows that another catalog holds otherwise than `before` did: what was changed on purpose counts.
    pub fn yield_rows(&mut self, before: &Catalog, after: &Catalog) {
        self.frozen.retain(|kept| after.holds_as(before, kept));
    }
}
