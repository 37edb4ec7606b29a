//! How components are told apart without color: what is drawn on their fill, the same in every picture.

use crate::estimate::Memory;

/// Strokes that say "in RAM": how far apart, and how wide.
pub(super) const HATCH: (f32, f32) = (7.0, 2.2);
/// The side of a dot, and where it begins in its tile.
pub(super) const DOT: (f32, f32) = (1.6, 3.0);
/// Where a stroke stands in its tile.
pub(super) const STROKE: f32 = 4.0;
/// Dashes and gaps of an interrupted line.
pub(super) const DASHES: [f32; 2] = [4.0, 3.0];
/// Room around the words of a plate, and its height.
pub(super) const PLATE: [f32; 2] = [12.0, 18.0];
/// From the middle of a line of text down to its letters' feet, in sizes of its face.
pub(super) const FEET: f32 = 0.35;

/// What is drawn on a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strokes {
    /// Nothing.
    None,
    /// From top to bottom.
    Upright,
    /// From left to right.
    Level,
    /// From the upper left to the lower right.
    Falling,
    /// The same and from the lower left to the upper right.
    Crossed,
    /// A dot.
    Dots,
}

/// The tile that a component in VRAM is filled with: what is drawn on it, and its side.
pub(super) const fn texture(component: Memory) -> (Strokes, f32) {
    match component {
        Memory::Weights | Memory::Adapter | Memory::Also => (Strokes::None, 0.0),
        Memory::Kv => (Strokes::Upright, 6.0),
        Memory::Compute => (Strokes::Level, 6.0),
        Memory::Gradients => (Strokes::Falling, 8.0),
        Memory::Optimizer => (Strokes::Crossed, 9.0),
        Memory::Overhead | Memory::Os => (Strokes::Dots, 7.0),
    }
}
