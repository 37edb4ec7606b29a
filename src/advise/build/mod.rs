//! A budget split into the parts of a machine: the best build for a goal under a tier's rules, and why.

mod choice;
mod judge;
mod market;
mod search;
mod sets;
mod violation;

pub use choice::{Choice, Counted, REST_W};
pub use judge::{Judge, Judgement, Score, With};
pub use market::{Item, Market, Total};
pub use search::{Aim, Found, Search};
pub use violation::{Violation, misfits, violations};
