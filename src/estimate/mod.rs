//! The one formula: from a plan to what lies where, and whether it fits.
//!
//! llama.cpp, server engines and training lay a plan out, each by its own laws; [`speed`] reads off the facts that they
//! state how fast it runs. None of the four uses another: what they have in common are the small files beside them.

mod answer;
mod chosen;
pub mod device;
mod error;
pub mod explain;
mod explanation;
mod host_rates;
mod laid_out;
mod limits;
pub mod llamacpp;
mod refusal;
pub mod server;
pub mod speed;
mod step;
mod timed;
pub mod training;
mod verdict;
mod warning;
mod words;

pub use answer::{DeviceEstimate, Estimate, Headroom, HostEstimate, Parts};
pub use error::EstimateError;
pub use limits::most_devices;
pub use refusal::{Indivisible, Refusal, Shared};
pub use verdict::Verdict;
pub use warning::Warning;
pub use words::Reader;

use crate::catalog::Catalog;
use crate::plan::{Plan, Runtime};
use laid_out::LaidOut;

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
    let model = chosen::model(plan, catalog)?;
    if plan.workload.task.trains() {
        return training::estimate(plan, catalog, &model);
    }
    let laid_out = match plan.workload.runtime {
        Runtime::LlamaCpp => llamacpp::lay_out(plan, catalog, &model),
        _ => server::lay_out(plan, catalog, &model),
    };
    Ok(laid_out?.timed(plan, catalog))
}
