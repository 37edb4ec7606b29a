//! Where each column of the table stands.

use eframe::egui::{Rangef, Rect};

use crate::advise::ranking::Column;
use crate::text::Key;
use crate::ui::theme::space;

/// One column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    /// A column that rows are put in order by.
    Sorted(Column),
    /// The tiny bars.
    Memory,
}

/// A column and its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) cell: Cell,
    pub(super) x: Rangef,
}

const GAP: f32 = 9.0;
const ICON: f32 = 16.0;
/// Width of the cards' names where there is little room.
const NAME: f32 = 186.0;

/// The least width of the tiny bars before a column is left out.
const BAR: f32 = 90.0;

/// Columns of figures with their widths. The last ones are left out where there is little room: the facts of the chosen
/// card have them too.
const FIGURES: [(Column, f32); 8] = [
    (Column::Headroom, 60.0),
    (Column::Decode, 60.0),
    (Column::Prefill, 52.0),
    (Column::FirstToken, 62.0),
    (Column::Price, 70.0),
    (Column::PerToken, 74.0),
    (Column::FairPrice, 60.0),
    (Column::Power, 52.0),
];
/// How many of them always stand.
const LEAST: usize = 6;

/// The columns within `row`, from left to right; training has no prompts.
pub(super) fn places(row: Rect, trains: bool) -> Vec<Place> {
    let inner = row.shrink2(eframe::egui::vec2(space::L, 0.0));
    let rest = |figures: &[(Column, f32)]| {
        let taken: f32 = figures.iter().map(|(_, width)| width + GAP).sum();
        (inner.width() - ICON - GAP - taken - GAP).max(160.0)
    };
    let mut fitting = (LEAST..=FIGURES.len()).rev().map(|count| &FIGURES[..count]);
    let figures = fitting.find(|figures| rest(figures) >= NAME + BAR).unwrap_or(&FIGURES[..LEAST]);
    let rest = rest(figures);
    // The name needs its words; the bar takes what is left, up to the design's, and the name the rest of it.
    let bar = (rest - NAME).clamp(40.0, 224.0);
    let mut left = inner.left();
    let mut place = |cell, width: f32| {
        let x = Rangef::new(left, left + width);
        left += width + GAP;
        Place { cell, x }
    };
    let mut places = vec![
        place(Cell::Sorted(Column::Verdict), ICON),
        place(Cell::Sorted(Column::Card), rest - bar),
        place(Cell::Memory, bar),
    ];
    let serving = |column: Column| matches!(column, Column::Prefill | Column::FirstToken);
    let mut wider = 0.0;
    for &(column, width) in figures {
        if trains && serving(column) {
            // Its room goes to the next.
            wider += width + GAP;
        } else {
            places.push(place(Cell::Sorted(column), width + std::mem::take(&mut wider)));
        }
    }
    places
}

/// The head of a column.
pub(super) const fn head(column: Column, trains: bool) -> Key {
    match column {
        Column::Decode if trains => Key::TrainSpeed,
        Column::Verdict => Key::CardsVerdict,
        Column::Card => Key::CardsCard,
        Column::Headroom => Key::CardsHeadroom,
        Column::Decode => Key::CardsDecode,
        Column::Prefill => Key::CardsPrefill,
        Column::FirstToken => Key::CardsFirstToken,
        Column::Price => Key::CardsPrice,
        Column::PerToken => Key::CardsPerToken,
        Column::FairPrice => Key::CardsWorth,
        Column::Power => Key::CardsPower,
    }
}

/// What a column says, in a sentence.
pub(super) const fn tip(column: Column, trains: bool) -> Key {
    match column {
        Column::Decode if trains => Key::TipTrainSpeed,
        Column::Verdict => Key::TipCardsVerdict,
        Column::Card => Key::TipCardsCard,
        Column::Headroom => Key::TipCardsHeadroom,
        Column::Decode => Key::TipCardsDecode,
        Column::Prefill => Key::TipCardsPrefill,
        Column::FirstToken => Key::TipCardsFirstToken,
        Column::Price => Key::TipCardsPrice,
        Column::PerToken => Key::TipCardsPerToken,
        Column::FairPrice => Key::TipCardsWorth,
        Column::Power => Key::TipCardsPower,
    }
}
