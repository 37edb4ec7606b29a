//! The figures of an answer as they are printed, in the window and in everything that leaves it.

mod figures;
mod parts;

pub use figures::{MemoryFigures, NeededSplit, PlanFigures, free_each, judged, kept, kept_prose, prose};
pub use parts::{PartAmounts, PlanPart};
