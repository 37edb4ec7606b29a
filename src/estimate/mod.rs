//! The one formula: from a plan to what lies where, and whether it fits.

mod answer;
pub mod device;
pub mod explain;
pub mod llamacpp;
mod placement_cache;
mod serve;
pub mod server;
pub mod speed;
mod totals;
pub mod training;
mod verdict;

pub use answer::{DeviceEstimate, Estimate, EstimateError, HostEstimate, Parts, Refusal, Verdict, Warning};
pub use serve::most_devices;
pub use totals::Headroom;

use crate::catalog::Catalog;
use crate::plan::{Plan, Runtime};

/// What `plan` needs, where it lies and whether it fits.
///
/// # Errors
/// Where the plan names something that the catalog does not have, holds a value out of range, or asks for what the
/// engine refuses.
pub fn estimate(plan: &Plan, catalog: &Catalog) -> Result<Estimate, EstimateError> {
    plan.check()?;
    if let Some(id) = plan.machine.platform.as_ref().filter(|id| catalog.platform(id).is_none()) {
        return Err(EstimateError::UnknownPlatform { id: id.clone(), nearest: catalog.nearest_platforms(id) });
    }
    if plan.workload.task.trains() {
        return training::estimate(plan, catalog);
    }
    match plan.workload.runtime {
        Runtime::LlamaCpp => serve::estimate(plan, catalog),
        _ => server::estimate(plan, catalog),
    }
}
