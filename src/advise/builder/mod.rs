//! A budget split into the parts of a machine: the best build for a goal under a tier's rules, and why.

mod candidates;
mod capacity;
mod checks;
mod choice;
mod housing;
mod lines;
mod manual;
mod market;
mod outcome;
mod score;
mod search;
mod swap;
mod violation;
pub(crate) mod words;

pub use capacity::{Capacity, Host};
pub use checks::{Check, Place, Surroundings, checks, from_wall};
pub use choice::{Counted, PartList, PcieLink, REST};
pub use lines::{PartLine, Why};
pub use market::{Item, Market, Total};
pub use outcome::{Build, BuildError, BuildOutcome, Largest, Next, Traded, best, largest};
pub use score::{Score, Scored, Scorer, With};
pub use search::{Aim, BuildSearch, Found};
pub use swap::{Swap, swapped, swaps};
pub use violation::{Violation, misfits, violations};
