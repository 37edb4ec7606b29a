//! Memories of a machine, one under the other on one axis: what lies in each, how fast each is read, and the link
//! between the cards and the RAM. It knows segments and words, no plan.

mod axis;
mod bar;
mod draw;
mod lane;
mod link;
mod words;

pub use axis::{AxisCut, AxisStretch, CUT, GibAxis};
pub use link::{LinkFlow, MemoryLink, Thickness};

use eframe::egui::Rangef;

use crate::estimate::Verdict;
use crate::ui::theme::Memory;

/// How a segment is drawn: where its bytes lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lies {
    /// In VRAM (or in the system's own part of RAM): solid.
    InPlace,
    /// In RAM beside VRAM: hatched.
    InRam,
    /// Nowhere: hatched with a dashed edge.
    Nowhere,
}

/// One component in a bar.
#[derive(Debug, Clone, PartialEq)]
pub struct BarSegment {
    /// Which component.
    pub component: Memory,
    /// How much, in GiB.
    pub gib: f64,
    /// Where it lies.
    pub lies: Lies,
    /// What it is, said first on hover.
    pub about: String,
    /// What is written on it where there is room, and shown on hover.
    pub label: String,
    /// What is written on it where there is little room.
    pub short: String,
    /// The program that it is, where it is one beside the plan's own model: lit where that is looked at.
    pub program: Option<usize>,
}

/// So much at one place of a bar, in GiB, and its words.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BarMark {
    /// From so many GiB.
    pub from: f64,
    /// So many GiB.
    pub gib: f64,
    /// What is said of it.
    pub words: String,
}

/// A stacked bar of one memory.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MemoryBar {
    /// The whole bar as a sentence, for screen readers.
    pub spoken: String,
    /// From the left end on.
    pub inside: Vec<BarSegment>,
    /// From the end of the memory on: what does not lie in it.
    pub beyond: Vec<BarSegment>,
    /// What is written on that part.
    pub beyond_label: String,
    /// End of the memory, in GiB.
    pub capacity: f64,
    /// Its last part, which no program is offered.
    pub kept: BarMark,
    /// What may be taken later: a dashed outline.
    pub reserved: Option<BarMark>,
    /// What is free on the detected card just now: a line up to which a plan fits beside what runs already.
    pub free_now: Option<BarMark>,
    /// What would lie in it, as an outline.
    pub ghost: Option<BarMark>,
    /// What is written on the free part.
    pub free: String,
    /// The end of VRAM is marked above and below the bar.
    pub marked: bool,
}

/// A mark of a title: what something narrow in the bar is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LegendEntry {
    /// A component.
    Of(Memory, String),
    /// What no program is offered.
    Kept(String),
}

/// The words above or below a lane.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LaneTitle {
    /// The name of the memory.
    pub name: String,
    /// What it is.
    pub words: String,
    /// What is too narrow in the bar to be named there.
    pub legend: Vec<LegendEntry>,
    /// At the end of the bar.
    pub at_end: String,
}

/// What is said beside a bar, or under it where it is the only one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BarNote {
    /// How its device is judged.
    pub verdict: Option<Verdict>,
    /// The first line.
    pub first: String,
    /// The second line, where the bar is high enough.
    pub second: String,
    /// A warning under both.
    pub warning: String,
}

/// How fast a memory is read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LaneBandwidth {
    /// In GB/s, where it is known.
    pub gb_s: Option<f64>,
    /// In words, on hover.
    pub words: String,
    /// What stands in place of an unknown rate.
    pub unknown: String,
}

/// A chip, the lane to its memory, and the memory.
#[derive(Debug, Clone, PartialEq)]
pub struct MemoryLane {
    /// The name of the chip; none where it stands for no chip of its own.
    pub chip: String,
    /// How fast the chip reads.
    pub bandwidth: LaneBandwidth,
    /// What lies in the memory.
    pub bar: MemoryBar,
    /// Where its GiB stand.
    pub axis: GibAxis,
    /// From the top of the picture, in points.
    pub rows: Rangef,
    /// Beside the bar.
    pub beside: Option<BarNote>,
    /// Under the end of the bar.
    pub below: Option<BarNote>,
}

/// A picture of memories.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MemoryLanes {
    /// From the top to the bottom.
    pub lanes: Vec<MemoryLane>,
    /// Above the first lane.
    pub head: Option<LaneTitle>,
    /// Under the last, below the axis.
    pub foot: Option<LaneTitle>,
    /// What joins the last two lanes.
    pub link: Option<MemoryLink>,
    /// How thick bandwidth is drawn.
    pub thickness: Thickness,
    /// The unit of the axis, and how many make a GiB.
    pub unit: AxisUnit,
}

/// The unit of an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AxisUnit {
    /// Its name.
    pub name: &'static str,
    /// How many make a GiB.
    pub per_gib: f64,
}

impl Default for AxisUnit {
    fn default() -> Self {
        Self { name: "GiB", per_gib: 1.0 }
    }
}

/// Width of a chip, and from its left to the bars.
pub const CHIP: f32 = 45.0;
/// Bars begin here: chip 45, lane 51.
pub const LEFT: f32 = 96.0;
/// Height of a title above the bars.
pub const HEAD: f32 = 22.0;
/// Height of the axis under the last bar, and of the title below it.
pub const AXIS: f32 = 22.0;
/// Bars lower than this have one line beside them and no words on them.
const LOW: f32 = 22.0;
const TWO_LINES: f32 = 28.0;
