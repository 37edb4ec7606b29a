//! What an engine makes of a plan.

use super::Estimate;
use super::device::Device;
use super::step::RunState;

/// What an engine makes of a plan, its speed still open.
#[derive(Debug)]
pub(super) struct LaidOut<'a> {
    /// Where everything lies.
    pub(super) estimate: Estimate,
    pub(super) devices: Vec<Device<'a>>,
    /// Whether it runs, and what its speed follows from.
    pub(super) running: RunState,
}
