//! Who answers plans, and owns everything that is kept from one answer to the next.

use std::cell::RefCell;

use super::chosen::{self, TypicalModels};
use super::device::{Device, Found};
use super::glance::Lineup;
use super::host_rates::HostRates;
use super::per_model::PerModel;
use super::server::stages::{StageSplit, StagedWeights};
use super::speed::LeastInRam;
use super::standing::Glance;
use super::timed::calibrated;
use super::training::TrainedModel;
use super::{Estimate, EstimateError, device, llamacpp, residents, server, speed, training};
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::catalog::quantization::Quantization;
use crate::plan::{Drafter, GpuLayers, Plan, Runtime};
use crate::units::{Bytes, Seconds};

/// Answers plans. What one answer has in common with the next is kept, by all that it was made of: one estimator gives
/// the very answers that a new one gives, only sooner, and for any catalog. Whoever asks much holds one; it is for one
/// thread at a time, and what it keeps is bounded.
#[derive(Debug, Default)]
pub struct Estimator {
    pub(super) typical: TypicalModels,
    pub(super) llamacpp: llamacpp::Caches,
    server: PerModel<(Quantization, StageSplit), StagedWeights>,
    training: PerModel<(), TrainedModel>,
}

impl Estimator {
    /// What `plan` needs, where it lies and whether it fits.
    ///
    /// # Errors
    /// Where the plan names something that the catalog does not have, holds a value out of range, or asks for what the
    /// engine refuses.
    pub fn estimate(&mut self, plan: &Plan, catalog: &Catalog) -> Result<Estimate, EstimateError> {
        Self::checked(plan, catalog)?;
        if plan.also.is_empty() {
            self.alone(plan, catalog, &Found::default())
        } else {
            residents::estimate(self, plan, catalog)
        }
    }

    /// Whether everything in a plan can be planned with.
    pub(super) fn checked(plan: &Plan, catalog: &Catalog) -> Result<(), EstimateError> {
        plan.check()?;
        match plan.machine.platform.as_ref().filter(|id| catalog.platform(id).is_none()) {
            Some(id) => Err(EstimateError::UnknownPlatform { id: id.clone(), nearest: catalog.nearest_platforms(id) }),
            None => Ok(()),
        }
    }

    /// What the plan's own model comes to on a machine that is found so.
    pub(super) fn alone(&mut self, plan: &Plan, catalog: &Catalog, found: &Found) -> Result<Estimate, EstimateError> {
        let model = chosen::model(plan, catalog, &mut self.typical)?;
        if plan.workload.task.trains() {
            return training::estimate(plan, catalog, &model, found, &mut self.training);
        }
        let laid_out = match plan.workload.runtime {
            Runtime::LlamaCpp => llamacpp::lay_out(plan, catalog, &model, found, &mut self.llamacpp),
            _ => server::lay_out(plan, catalog, &model, found, &mut self.server),
        };
        Ok(laid_out?.timed(plan, catalog, &mut self.llamacpp))
    }

    /// See [`most_decode`].
    fn most_decode(&mut self, plan: &Plan, catalog: &Catalog, weights: Bytes) -> Option<f64> {
        // Tokens that are guessed ahead come as they are taken.
        let guessed = plan.workload.speculation.drafter != Drafter::None;
        if plan.workload.runtime != Runtime::LlamaCpp || plan.workload.task.trains() || guessed {
            return None;
        }
        let model = chosen::model(plan, catalog, &mut self.typical).ok()?;
        let devices = device::devices(plan, catalog).ok()?;
        let (inference, whole) = llamacpp::whole(&plan.workload, &model, &mut self.llamacpp)?;
        let machine = HostRates::of(&plan.machine, catalog, &devices).under(&plan.workload);
        let caches = &RefCell::new(&mut self.llamacpp);
        let kinds = devices.chunk_by(|a, b| a.card == b.card).filter_map(<[_]>::first);
        let rates = kinds.map(|device| calibrated(plan, catalog, device, caches));
        let left = |room: Bytes| match plan.workload.gpu_layers {
            GpuLayers::Auto => weights.saturating_sub(room).0 as f64,
            // What is asked for lies on the devices, whether it fits or not.
            GpuLayers::All | GpuLayers::Count(_) => 0.0,
        };
        let rooms = || devices.iter().map(Device::room);
        let in_ram =
            LeastInRam { beside_all: left(rooms().sum()), beside_one: left(rooms().max().unwrap_or_default()) };
        let least = speed::least_step(&inference, &whole, in_ram, rates, &machine)?;
        (least > Seconds::ZERO).then(|| 1.0 / least.0)
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

/// What `plan` comes to on each machine of `lineup`, see [`Estimator::glances`].
pub fn glances(plan: &Plan, lineup: &Lineup<'_>) -> Vec<Result<Glance, EstimateError>> {
    OWN.with_borrow_mut(|estimator| estimator.glances(plan, lineup))
}

/// What training derives from a model, kept by the estimator of this thread; `None` where its tensors cannot be laid out.
pub(super) fn trained<T>(model: &Model, tell: impl FnOnce(&TrainedModel) -> T) -> Option<T> {
    OWN.with_borrow_mut(|estimator| estimator.training.get(model, (), |model, ()| TrainedModel::new(model)).map(tell))
}

/// No placement of `plan` decodes faster in llama.cpp, in tokens a second of one sequence, where all weights of its model on
/// devices take so many bytes: what searches ask before they ask for an estimate, which takes far longer. `None` = nobody
/// can tell.
pub fn most_decode(plan: &Plan, catalog: &Catalog, weights: Bytes) -> Option<f64> {
    OWN.with_borrow_mut(|estimator| estimator.most_decode(plan, catalog, weights))
}
