//! A row of the table, as figures.

use crate::estimate::explain::Figure;
use crate::text::{Key, Locale};
use crate::ui::theme::Memory;
use crate::ui::words;
use crate::units::Bytes;

/// One figure of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell {
    /// Nothing stands here.
    Empty,
    /// Not known.
    Unknown,
    /// So much.
    Bytes(Bytes),
    /// So long in each decode step, in seconds.
    Time(f64),
}

impl From<Option<Bytes>> for Cell {
    fn from(bytes: Option<Bytes>) -> Self {
        bytes.map_or(Self::Unknown, Self::Bytes)
    }
}

impl Cell {
    pub(super) fn words(self, locale: Locale) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Unknown => locale.word(Key::NoData).to_owned(),
            Self::Bytes(Bytes::ZERO) => "·".to_owned(),
            Self::Bytes(bytes) => words::gib_fine(bytes),
            Self::Time(seconds) => match words::milliseconds(seconds) {
                none if none == "·" => none,
                some => format!("{some} ms"),
            },
        }
    }

    /// With its unit, for the clipboard and for screen readers.
    pub(super) fn spoken(self, locale: Locale) -> Option<String> {
        match self {
            Self::Empty => None,
            Self::Unknown => Some(locale.word(Key::NoData).to_owned()),
            Self::Bytes(bytes) => Some(words::gib_fine_unit(bytes)),
            Self::Time(seconds) => Some(format!("{} ms", words::milliseconds(seconds).replace('·', "0"))),
        }
    }

    pub(super) fn is_something(self) -> bool {
        match self {
            Self::Empty | Self::Unknown => false,
            Self::Bytes(bytes) => bytes.0 > 0,
            Self::Time(seconds) => seconds > 0.0,
        }
    }
}

/// A row of the table.
pub(super) struct Line {
    pub(super) name: Key,
    pub(super) component: Option<Memory>,
    pub(super) figure: Option<Figure>,
    pub(super) cells: [Cell; 4],
}
