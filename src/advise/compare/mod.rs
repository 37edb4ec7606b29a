//! Plans side by side: what each comes to, how it stands to one of them, what makes the difference, and one sentence that
//! concludes. Figures come from [`crate::estimate::estimate`] and prices from the one price rule; nothing is reckoned anew.

mod conclusion;
mod difference;
mod figure;
pub mod inputs;
pub mod names;
mod price;
mod quality;
mod reason;
mod side;
pub mod words;

pub use conclusion::{Aside, Clause, Conclusion, Pace, conclude};
pub use difference::{Change, Difference, difference};
pub use figure::{Figure, FigureKind, Reading};
pub use price::{CardPrice, PlanPrice};
pub use quality::{Quality, QualityDifference};
pub use reason::{Reason, of_quality, reason};
pub use side::{Reach, Side};

/// The most plans that are compared at once.
pub const MOST: usize = 6;
