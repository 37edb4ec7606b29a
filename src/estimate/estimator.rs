//! Who answers plans, and owns everything that is kept from one answer to the next.

use std::cell::RefCell;

use super::chosen::{self, TypicalModels};
use super::per_model::PerModel;
use super::server::stages::StagedWeights;
use super::training::TrainedModel;
use super::{Estimate, EstimateError, llamacpp, server, training};
use crate::catalog::Catalog;
use crate::catalog::quantization::Quantization;
use crate::plan::{Plan, Runtime};

/// Answers plans. What one answer has in common with the next is kept, by all that it was made of: one estimator gives
/// the very answers that a new one gives, only sooner, and for any catalog. Whoever asks much holds one; it is for one
/// thread at a time, and what it keeps is bounded.
#[derive(Debug, Default)]
pub struct Estimator {
    typical: TypicalModels,
    llamacpp: llamacpp::Caches,
    server: PerModel<(Quantization, u32), StagedWeights>,
    training: PerModel<(), TrainedModel>,
}

impl Estimator {
    /// What `plan` needs, where it lies and whether it fits.
    ///
    /// # Errors
    /// Where the plan names something that the catalog does not have, holds a value out of range, or asks for what the
    /// engine refuses.
    pub fn estimate(&mut self, plan: &Plan, catalog: &Catalog) -> Result<Estimate, EstimateError> {
        plan.check()?;
        if let Some(id) = plan.machine.platform.as_ref().filter(|id| catalog.platform(id).is_none()) {
            return Err(EstimateError::UnknownPlatform { id: id.clone(), nearest: catalog.nearest_platforms(id) });
        }
        let model = chosen::model(plan, catalog, &mut self.typical)?;
        if plan.workload.task.trains() {
            return training::estimate(plan, catalog, &model, &mut self.training);
        }
        let laid_out = match plan.workload.runtime {
            Runtime::LlamaCpp => llamacpp::lay_out(plan, catalog, &model, &mut self.llamacpp),
            _ => server::lay_out(plan, catalog, &model, &mut self.server),
        };
        Ok(laid_out?.timed(plan, catalog, &mut self.llamacpp))
    }
}

thread_local! {
    /// The estimator of those on this thread who hold none.
    static OWN: RefCell<Estimator> = RefCell::default();
}

/// What `plan` needs, where it lies and whether it fits: the answer of an [`Estimator`], one for each thread.
///
/// # Errors
/// See [`Estimator::estimate`].
pub fn estimate(plan: &Plan, catalog: &Catalog) -> Result<Estimate, EstimateError> {
    OWN.with_borrow_mut(|estimator| estimator.estimate(plan, catalog))
}
