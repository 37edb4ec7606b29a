//! What is drawn, as plain shapes on a stage of fixed size: the window paints them, a page writes them as SVG.

use std::str::FromStr;

use strum::EnumString;

use crate::estimate::{Memory, Verdict};

/// The stage, in its own points: drawings are scaled as a whole to the room there is.
pub const STAGE: [f32; 2] = [1352.0, 560.0];

/// Opacity of what is not looked at.
pub const DIM: f32 = 0.35;

/// What a word, a block, a bar segment and a table row have in common: they light up together.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, EnumString, strum::IntoStaticStr, strum::VariantArray,
)]
#[strum(serialize_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are those of the things")]
pub enum Link {
    Weights,
    Kv,
    Compute,
    Overhead,
    Os,
    Gradients,
    Optimizer,
    Adapter,
    Also,
    Free,
    Ram,
    Vram,
    Disk,
    Cpu,
    Gpu,
    Pcie,
    Token,
}

impl Link {
    /// The thing that words name it by.
    pub fn named(name: &str) -> Option<Self> {
        Self::from_str(name).ok()
    }

    /// The link of a component.
    pub const fn of(component: Memory) -> Self {
        match component {
            Memory::Weights => Self::Weights,
            Memory::Kv => Self::Kv,
            Memory::Compute => Self::Compute,
            Memory::Overhead => Self::Overhead,
            Memory::Os => Self::Os,
            Memory::Gradients => Self::Gradients,
            Memory::Optimizer => Self::Optimizer,
            Memory::Adapter => Self::Adapter,
            Memory::Also => Self::Also,
        }
    }

    /// The component whose color it has.
    pub const fn component(self) -> Option<Memory> {
        Some(match self {
            Self::Weights => Memory::Weights,
            Self::Kv => Memory::Kv,
            Self::Compute => Memory::Compute,
            Self::Overhead => Memory::Overhead,
            Self::Os => Memory::Os,
            Self::Gradients => Memory::Gradients,
            Self::Optimizer => Memory::Optimizer,
            Self::Adapter => Memory::Adapter,
            Self::Also => Memory::Also,
            Self::Free | Self::Ram | Self::Vram | Self::Disk | Self::Cpu | Self::Gpu | Self::Pcie | Self::Token => {
                return None;
            }
        })
    }
}

/// A color by its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are those of the theme")]
pub enum Ink {
    Bg,
    Panel,
    Raised,
    Line,
    Rail,
    Text,
    Sec,
    Faint,
    /// The plain fill of a component.
    Memory(Memory),
    /// Text on the plain fill of a component.
    OnMemory(Memory),
    /// A component that waits its turn: most of the color taken out.
    Resting(Memory),
    Verdict(Verdict),
}

/// How an area is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// Not at all.
    None,
    /// Evenly.
    Plain(Ink),
    /// A component in VRAM: fill, pattern and edge.
    Solid(Memory),
    /// A component in RAM: hatched.
    Hatched(Memory),
    /// A component that lies nowhere: hatched, dashed edge.
    Nowhere(Memory),
    /// Where a component would lie: a dashed edge alone.
    Ghost(Memory),
}

/// A line around or along.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pen {
    /// Its color.
    pub ink: Ink,
    /// Its width in points.
    pub width: f32,
    /// Interrupted.
    pub dashed: bool,
}

impl Pen {
    /// An even line.
    pub const fn new(ink: Ink, width: f32) -> Self {
        Self { ink, width, dashed: false }
    }

    /// An interrupted line.
    pub const fn dashed(ink: Ink, width: f32) -> Self {
        Self { ink, width, dashed: true }
    }
}

/// A step of the type scale of scenes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Face {
    /// 28, semibold.
    Question,
    /// 52, semibold: one figure that carries the stop.
    Figure,
    /// 38, semibold.
    Reading,
    /// 24, semibold: names of things.
    Thing,
    /// 18, semibold: amounts.
    Amount,
    /// 16.
    Lead,
    /// 14.
    Body,
    /// 14, semibold.
    BodyStrong,
    /// 12.
    Small,
    /// 12, semibold.
    SmallStrong,
    /// 13, monospace.
    Mono,
}

impl Face {
    /// Its size on the stage, in points.
    pub const fn size(self) -> f32 {
        match self {
            Self::Question => 28.0,
            Self::Figure => 52.0,
            Self::Reading => 38.0,
            Self::Thing => 24.0,
            Self::Amount => 18.0,
            Self::Lead => 16.0,
            Self::Body | Self::BodyStrong => 14.0,
            Self::Small | Self::SmallStrong => 12.0,
            Self::Mono => 13.0,
        }
    }

    /// Set in the semibold face.
    pub const fn is_strong(self) -> bool {
        matches!(
            self,
            Self::Question
                | Self::Figure
                | Self::Reading
                | Self::Thing
                | Self::Amount
                | Self::BodyStrong
                | Self::SmallStrong
        )
    }

    /// Set in the monospace face.
    pub const fn is_mono(self) -> bool {
        matches!(self, Self::Mono)
    }
}

/// Where text stands by its point, along the line; in height it is always centered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Begins there.
    Start,
    /// Around it.
    Middle,
    /// Ends there.
    End,
}

/// A point on the stage.
pub type At = [f32; 2];

/// A rectangle on the stage.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[allow(missing_docs, reason = "a corner and a size")]
pub struct Area {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
}

impl Area {
    /// From a corner and a size.
    pub const fn new(x: f32, y: f32, w: f32, h: f32) -> Self {
        Self { x, y, w, h }
    }

    /// Its right edge.
    pub fn right(self) -> f32 {
        self.x + self.w
    }

    /// Its lower edge.
    pub fn bottom(self) -> f32 {
        self.y + self.h
    }

    /// Its middle.
    pub fn center(self) -> At {
        [self.x + self.w / 2.0, self.y + self.h / 2.0]
    }

    /// The same, smaller by so much on each side.
    #[must_use]
    pub fn inset(self, by: f32) -> Self {
        Self::new(self.x + by, self.y + by, (self.w - 2.0 * by).max(0.0), (self.h - 2.0 * by).max(0.0))
    }

    /// Between two, at this share of the way.
    #[must_use]
    pub fn between(self, to: Self, share: f32) -> Self {
        let mix = |a: f32, b: f32| a + (b - a) * share;
        Self::new(mix(self.x, to.x), mix(self.y, to.y), mix(self.w, to.w), mix(self.h, to.h))
    }
}

/// One shape.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A rectangle.
    Rect {
        /// Where.
        area: Area,
        /// Its corners.
        radius: f32,
        /// Inside.
        fill: Fill,
        /// Around.
        pen: Option<Pen>,
    },
    /// A line through points.
    Path {
        /// The points.
        points: Vec<At>,
        /// The line.
        pen: Pen,
    },
    /// A filled convex polygon.
    Polygon {
        /// Its corners.
        points: Vec<At>,
        /// Inside.
        ink: Ink,
    },
    /// A disc.
    Disc {
        /// Its middle.
        center: At,
        /// Its radius.
        radius: f32,
        /// Inside.
        ink: Option<Ink>,
        /// Around.
        pen: Option<Pen>,
    },
    /// One line of text.
    Text {
        /// Where.
        at: At,
        /// How it stands there.
        anchor: Anchor,
        /// The words.
        words: String,
        /// Its step.
        face: Face,
        /// Its color.
        ink: Ink,
        /// The ground under it.
        plate: Option<Ink>,
        /// The room along the line: what is longer is cut with an ellipsis, which no scene of the program needs.
        room: f32,
    },
}

/// A shape, how much of it is seen, and what it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// The shape.
    pub shape: Shape,
    /// 0 to 1.
    pub opacity: f32,
    /// What lights up with it.
    pub link: Option<Link>,
}
