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
const NAME: f32 = 200.0;

/// The least width of the tiny bars before a column is left out, and the most.
const BAR: f32 = 140.0;
const WIDEST_BAR: f32 = 260.0;

/// A column of figures and its width.
struct TableColumn {
    key: SortKey,
    width: f32,
}

const fn figures(key: SortKey, width: f32) -> TableColumn {
    TableColumn { key, width }
}

/// Columns of figures, from left to right.
const FIGURES: [TableColumn; 8] = [
    figures(SortKey::Headroom, 60.0),
    figures(SortKey::Decode, 60.0),
    figures(SortKey::Prefill, 52.0),
    figures(SortKey::FirstToken, 66.0),
    figures(SortKey::Price, 106.0),
    figures(SortKey::PerToken, 74.0),
    figures(SortKey::FairPrice, 66.0),
    figures(SortKey::Power, 60.0),
];
/// Which are left out where there is little room, the first one first: the facts of the chosen card have them too.
const LESS: [SortKey; 4] = [SortKey::Power, SortKey::FairPrice, SortKey::FirstToken, SortKey::Prefill];

/// The columns within `row`, from left to right; training has no prompts.
pub(super) fn places(row: Rect, trains: bool) -> Vec<PlacedColumn> {
    let inner = row.shrink2(eframe::egui::vec2(space::L, 0.0));
    let applies = |key: SortKey| !(trains && matches!(key, SortKey::Prefill | SortKey::FirstToken));
    let stand = |without: usize| FIGURES.iter().filter(move |it| applies(it.key) && !LESS[..without].contains(&it.key));
    let rest = |without: usize| {
        let taken: f32 = stand(without).map(|it| it.width + GAP).sum();
        inner.width() - ICON - GAP - taken - GAP
    };
    let without = (0..LESS.len()).find(|without| rest(*without) >= NAME + BAR).unwrap_or(LESS.len());
    let rest = rest(without).max(160.0);
    // The name needs its words; the bar takes what is left, up to its most, and the name the rest of it.
    let bar = (rest - NAME).clamp(40.0, WIDEST_BAR);
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
    places.extend(stand(without).map(|it| place(CardColumn::Sorted(it.key), it.width)));
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
