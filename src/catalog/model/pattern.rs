//! Which layer is of which kind: a letter for each, repeated to the last layer.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::{Carried, Key, Phrase, Placeholder, foreign};

/// The kind of one layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LayerKind {
    /// `F`: attention over the whole context.
    Full,
    /// `W`: attention over a sliding window or a chunk.
    Window,
    /// `R`: a recurrence.
    Recurrent,
    /// `-`: an MLP alone (single blocks only).
    Mlp,
    /// `E`: experts alone (single blocks only).
    Experts,
}

impl LayerKind {
    const LETTERS: [(Self, char); 5] =
        [(Self::Full, 'F'), (Self::Window, 'W'), (Self::Recurrent, 'R'), (Self::Mlp, '-'), (Self::Experts, 'E')];

    fn from_letter(letter: char) -> Option<Self> {
        Self::LETTERS.iter().find(|(_, known)| *known == letter).map(|(kind, _)| *kind)
    }

    fn letter(self) -> char {
        Self::LETTERS.iter().find(|(kind, _)| *kind == self).map_or('?', |(_, letter)| *letter)
    }
}

/// Kinds of the layers from the first on, repeated until every layer has one: `WWWF`, `RRRF`, `R-R-RF`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LayerPattern(Vec<LayerKind>);

impl LayerPattern {
    /// A pattern of these kinds; `None` when empty.
    pub fn new(kinds: Vec<LayerKind>) -> Option<Self> {
        (!kinds.is_empty()).then_some(Self(kinds))
    }

    /// The kind of the layer of that index, from 0.
    pub fn kind(&self, index: u64) -> LayerKind {
        let place = usize::try_from(index).unwrap_or(usize::MAX).checked_rem(self.0.len()).unwrap_or(0);
        self.0.get(place).copied().unwrap_or(LayerKind::Full)
    }

    /// Whether any layer is of that kind.
    pub fn has(&self, kind: LayerKind) -> bool {
        self.0.contains(&kind)
    }

    /// How many layers the pattern covers before it repeats.
    pub const fn period(&self) -> usize {
        self.0.len()
    }
}

impl TryFrom<String> for LayerPattern {
    type Error = Carried;

    fn try_from(text: String) -> Result<Self, Carried> {
        let kinds: Option<Vec<_>> = text.chars().map(LayerKind::from_letter).collect();
        let wrong = || Phrase::new(Key::NoLayerPattern).with(Placeholder::Value, foreign(&text)).carried();
        kinds.and_then(Self::new).ok_or_else(wrong)
    }
}

impl From<LayerPattern> for String {
    fn from(pattern: LayerPattern) -> Self {
        pattern.0.into_iter().map(LayerKind::letter).collect()
    }
}

impl fmt::Display for LayerPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from(self.clone()))
    }
}
