//! The rows of the tables that came with the document: the catalog that its views count with, and what is said of them.

use std::sync::Arc;

use super::App;
use super::notices::NoticeTopic;
use crate::catalog::Catalog;
use crate::catalog::frozen::{RowChange, RowDetail, RowDifference};
use crate::plan::Document;
use crate::text::{Join, Key, Placeholder};

/// The most differences that are named.
const NAMED: usize = 3;

impl App {
    /// The document with the rows that it counts with and the builds that were found for it, to be written.
    pub(super) fn kept_rows(&self, detail: RowDetail) -> Document {
        let found = self.session.document().build.as_ref().map(|request| {
            // A short text has room for what is shown alone.
            let only = (detail == RowDetail::Short).then_some(request.tier);
            self.builder.found(only, &self.catalog)
        });
        let found = found.unwrap_or_default();
        self.session.document().with_rows_of(&found, &self.catalog, detail)
    }

    /// Takes a document that was read as it counts today, and says what differs from how it was saved.
    pub(super) fn settled(&mut self, mut document: Document) -> Document {
        let changes = document.settle_rows(&self.base);
        self.notices.settle(NoticeTopic::KeptRows);
        if !changes.is_empty() {
            let line = self.locale().sentence(Key::KeptRows, &[(Placeholder::Parts, &self.said_changes(&changes))]);
            let is_lost = |change: &RowChange| change.what == RowDifference::Unknown;
            if changes.iter().all(is_lost) {
                self.notices.add(self.said_changes(&changes));
            } else {
                self.notices.tell(NoticeTopic::KeptRows, line);
            }
        }
        document
    }

    /// The first of these differences in words, and how many more there are.
    pub(super) fn said_changes(&self, changes: &[RowChange]) -> String {
        let locale = self.locale();
        let more = changes.len().saturating_sub(NAMED).to_string();
        let more = (changes.len() > NAMED).then(|| locale.sentence(Key::KeptRowsMore, &[(Placeholder::Count, &more)]));
        locale.join(Join::Clauses, changes.iter().take(NAMED).map(|change| change.say(locale)).chain(more))
    }

    /// Gives up the rows that came with the document: one step to take back.
    pub(super) fn use_todays_rows(&mut self, time: f64) {
        self.notices.settle(NoticeTopic::KeptRows);
        self.session.edit(time, |document| document.frozen.clear());
    }

    /// Counts with the rows of the document where it has other ones than before.
    pub(super) fn follow_rows(&mut self) {
        if self.session.document().frozen != self.rows {
            self.lay_rows();
        }
    }

    /// Takes other tables, the document's rows over them.
    pub(super) fn use_catalog(&mut self, base: Arc<Catalog>) {
        self.base = base;
        self.lay_rows();
    }

    /// Works everything out anew from the tables and the document's rows.
    fn lay_rows(&mut self) {
        self.rows.clone_from(&self.session.document().frozen);
        self.catalog =
            if self.rows.is_empty() { Arc::clone(&self.base) } else { Arc::new(self.base.with_frozen(&self.rows)) };
        self.forget_answers();
    }
}
