//! What helps, at a stop: a changed plan with what it comes to, as the ladder has it.

use super::picture::{Picture, Say};
use crate::estimate::Verdict;
use crate::plan::Plan;

/// One way out.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The stop it is offered at, counted from 0.
    pub stop: usize,
    /// What is done.
    pub name: Say,
    /// What that means, in one line.
    pub about: Say,
    /// What it comes to: a speed, a size.
    pub figures: Say,
    /// Whether it fits then.
    pub verdict: Verdict,
    /// The plan with the change made.
    pub plan: Box<Plan>,
    /// What the stage would show with the change made, while it is looked at in passing.
    pub preview: Option<Picture>,
}
