//! Which price of the table the keyboard is at.

use super::column::PriceColumn;
use crate::catalog::book::BookPart;

/// The price that the keyboard is at: the row among those shown, and the column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct BookCursor {
    pub(super) row: usize,
    pub(super) column: PriceColumn,
}

impl BookCursor {
    /// The column of `part` that is meant: this one where it has a line there, else its first.
    pub(super) fn column_in(self, part: &BookPart<'_>) -> PriceColumn {
        self.beside(part, 0)
    }

    /// So many columns of `part` to the right, of those that it has.
    pub(super) fn beside(self, part: &BookPart<'_>, steps: isize) -> PriceColumn {
        let there: Vec<PriceColumn> = PriceColumn::ALL.into_iter().filter(|it| it.row_of(part).is_some()).collect();
        let here = there.iter().position(|it| *it == self.column).unwrap_or_default();
        let next = here.saturating_add_signed(steps).min(there.len().saturating_sub(1));
        there.get(next).copied().unwrap_or(self.column)
    }
}
