//! The columns of prices: which line of the book stands in each.

use crate::catalog::book::{BookPart, BookRow};
use crate::catalog::source::PriceKind;

/// A column of prices.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum PriceColumn {
    /// Bought new.
    #[default]
    New,
    /// Bought used.
    Used,
    /// Asked at launch.
    Launch,
}

impl PriceColumn {
    /// From left to right.
    pub(super) const ALL: [Self; 3] = [Self::New, Self::Used, Self::Launch];

    /// The line that stands in it.
    pub(super) fn row_of<'a>(self, part: &BookPart<'a>) -> Option<&'a BookRow<'a>> {
        match self {
            Self::New => part.bought_new(),
            Self::Used => part.bought_used(),
            Self::Launch => part.at_launch(),
        }
    }

    /// The line that a price typed in it is one of: over a maker's list price a shop's is typed, where that can stand
    /// beside it.
    pub(super) fn typed_in<'a>(self, part: &BookPart<'a>) -> Option<&'a BookRow<'a>> {
        let row = self.row_of(part)?;
        let shop = || part.rows().iter().find(|other| other.kind == PriceKind::Street);
        let listed = self == Self::New && row.kind == PriceKind::List;
        Some(if listed { shop().unwrap_or(row) } else { row })
    }
}
