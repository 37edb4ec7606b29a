//! What an engine makes of a plan.

use super::Estimate;
use super::device::Device;
use super::step::RunState;

/// What an engine makes of a plan, its speed still open.
#[derive(Debug)]
pub(super) struct LaidOut<'a> {
    /// Where everything lies.
    pub(super) placed: Box<Placed>,
    pub(super) devices: Vec<Device<'a>>,
    /// The plan leaves the placement to the engine, and this is another: the better of the two is answered.
    pub(super) other: Option<Box<Placed>>,
    /// What the engine itself makes of a plan that leaves little free.
    pub(super) fitted: Option<Box<Placed>>,
}

/// Where everything lies, and what the speed follows from: large, and handed from one to the next.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) estimate: Estimate,
    /// Whether it runs, and what its speed follows from.
    pub(super) running: RunState,
}

impl<'a> LaidOut<'a> {
    /// A plan that can be placed in one way.
    pub(super) fn only(estimate: Estimate, devices: Vec<Device<'a>>, running: RunState) -> Self {
        Self { placed: Box::new(Placed { estimate, running }), devices, other: None, fitted: None }
    }
}
