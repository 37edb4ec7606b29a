//! Which color stands for what: under bars and blocks whose parts have no words of their own.

use super::pencil::Pencil;
use crate::estimate::Memory;
use crate::scenes::mark::{Anchor, Area, Face, Fill, Ink, Link};
use crate::scenes::picture::Say;

/// Components with their names, in the order they are shown.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Key(pub Vec<(Memory, Say)>);

/// Points that a key takes under what it explains.
pub const HEIGHT: f32 = 26.0;
const SWATCH: f32 = 12.0;
const GAP: f32 = 24.0;

impl Key {
    /// How much room it takes.
    pub const fn height(&self) -> f32 {
        if self.0.is_empty() { 0.0 } else { HEIGHT }
    }

    /// Draws it from `left` on, around a height.
    pub fn draw(&self, left: f32, y: f32, pencil: &mut Pencil<'_>) {
        let mut x = left;
        for (component, name) in &self.0 {
            let words = pencil.say(name);
            let width = pencil.width(&words, Face::Small);
            pencil.with_link(Some(Link::of(*component)), |pencil| {
                let area = Area::new(x, y - SWATCH / 2.0, SWATCH, SWATCH);
                pencil.rect(area, 2.0, Fill::Solid(*component), None);
                let at = [x + SWATCH + 6.0, y];
                pencil.text(at, Anchor::Start, &words, (Face::Small, Ink::Sec), f32::INFINITY);
            });
            x += SWATCH + 6.0 + width + GAP;
        }
    }
}
