//! Where the cells of a row of the table stand.

use eframe::egui::{Rect, Response, vec2};

/// Shares of the width: the name, what it is, and its three prices.
const NAME: f32 = 0.29;
const GOODS: f32 = 0.09;
const PRICE: f32 = 0.22;
/// A launch is dated by its year alone.
const LAUNCH: f32 = 0.18;

/// Where the cells of a row stand.
pub(super) struct BookCells {
    pub(super) name: Rect,
    pub(super) goods: Rect,
    pub(super) new: Rect,
    pub(super) used: Rect,
    pub(super) launch: Rect,
}

/// A row of the table: where it stands, and which of those shown it is.
pub(super) struct BookPlace<'a> {
    pub(super) rect: Rect,
    pub(super) index: usize,
    /// What has the keyboard for all rows.
    pub(super) table: &'a Response,
}

/// The cells of the heads and of every row, which stand under each other.
pub(super) fn places(row: Rect) -> BookCells {
    let mut left = row.left();
    let mut cell = |share: f32| {
        let cell = row.with_min_x(left).with_max_x(left + row.width() * share);
        left = cell.right();
        cell.shrink2(vec2(6.0, 0.0))
    };
    BookCells { name: cell(NAME), goods: cell(GOODS), new: cell(PRICE), used: cell(PRICE), launch: cell(LAUNCH) }
}

/// Where the figures of a price end: their date stands after it.
pub(super) fn figures_end(cell: Rect) -> f32 {
    cell.left() + (cell.width() * 0.42).clamp(64.0, 84.0)
}
