//! Where each column of the table stands.

use eframe::egui::{Rangef, Rect};

use crate::advise::ranking::SortKey;
use crate::text::Key;
use crate::ui::theme::space;

/// One column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CardColumn {
    /// A column that rows are put in order by.
    Sorted(SortKey),
    /// The tiny bars.
    Memory,
}

/// A column and its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PlacedColumn {
    pub(super) cell: CardColumn,
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
const FIGURES: [(SortKey, f32); 8] = [
    (SortKey::Headroom, 60.0),
    (SortKey::Decode, 60.0),
    (SortKey::Prefill, 52.0),
    (SortKey::FirstToken, 62.0),
    (SortKey::Price, 70.0),
    (SortKey::PerToken, 74.0),
    (SortKey::FairPrice, 60.0),
    (SortKey::Power, 52.0),
];
/// How many of them always stand.
const LEAST: usize = 6;

/// The columns within `row`, from left to right; training has no prompts.
pub(super) fn places(row: Rect, trains: bool) -> Vec<PlacedColumn> {
    let inner = row.shrink2(eframe::egui::vec2(space::L, 0.0));
    let rest = |figures: &[(SortKey, f32)]| {
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
        PlacedColumn { cell, x }
    };
    let mut places = vec![
        place(CardColumn::Sorted(SortKey::Verdict), ICON),
        place(CardColumn::Sorted(SortKey::Card), rest - bar),
        place(CardColumn::Memory, bar),
    ];
    let serving = |column: SortKey| matches!(column, SortKey::Prefill | SortKey::FirstToken);
    let mut wider = 0.0;
    for &(column, width) in figures {
        if trains && serving(column) {
            // Its room goes to the next.
            wider += width + GAP;
        } else {
            places.push(place(CardColumn::Sorted(column), width + std::mem::take(&mut wider)));
        }
    }
    places
}

/// The head of a column.
pub(super) const fn head(column: SortKey, trains: bool) -> Key {
    match column {
        SortKey::Decode if trains => Key::TrainSpeed,
        SortKey::Verdict => Key::CardsVerdict,
        SortKey::Card => Key::CardsCard,
        SortKey::Headroom => Key::CardsHeadroom,
        SortKey::Decode => Key::CardsDecode,
        SortKey::Prefill => Key::CardsPrefill,
        SortKey::FirstToken => Key::CardsFirstToken,
        SortKey::Price => Key::CardsPrice,
        SortKey::PerToken => Key::CardsPerToken,
        SortKey::FairPrice => Key::CardsWorth,
        SortKey::Power => Key::CardsPower,
    }
}

/// What a column says, in a sentence.
pub(super) const fn tip(column: SortKey, trains: bool) -> Key {
    match column {
        SortKey::Decode if trains => Key::TipTrainSpeed,
        SortKey::Verdict => Key::TipCardsVerdict,
        SortKey::Card => Key::TipCardsCard,
        SortKey::Headroom => Key::TipCardsHeadroom,
        SortKey::Decode => Key::TipCardsDecode,
        SortKey::Prefill => Key::TipCardsPrefill,
        SortKey::FirstToken => Key::TipCardsFirstToken,
        SortKey::Price => Key::TipCardsPrice,
        SortKey::PerToken => Key::TipCardsPerToken,
        SortKey::FairPrice => Key::TipCardsWorth,
        SortKey::Power => Key::TipCardsPower,
    }
}
