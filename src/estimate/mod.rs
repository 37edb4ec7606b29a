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
mod words;

pub use answer::{DeviceEstimate, Estimate, EstimateError, HostEstimate, Parts, Refusal, Verdict, Warning};
pub use serve::most_devices;
pub use totals::Headroom;
pub use words::Reader;

use crate::catalog::Catalog;
use crate::plan::{Plan, Runtime};

/// What `plan` needs, where it lies and whether it fits.
///
/// # Errors
/// Where the plan names something that the catalog does not have, holds a value out of range, or asks for what the
/// engine refuses.
pub fn estimate(plan: &Plan, catalog: &Catalog) -> Result<Estimate, EstimateError> {
    plan.check()?;
    if plan.workload.task.trains() {
        return training::estimate(plan, catalog);
    }
    match plan.workload.runtime {
        Runtime::LlamaCpp => serve::estimate(plan, catalog),
        _ => server::estimate(plan, catalog),
    }
}
