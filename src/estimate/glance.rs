//! Many machines at a glance: what of a machine no model changes is found once, and of each answer no more is worked out
//! than machines are compared by.

use super::device::{Device, Found, Hardware};
use super::standing::Glance;
use super::timed::Laws;
use super::{EstimateError, Estimator, chosen, llamacpp};
use crate::catalog::Catalog;
use crate::catalog::runtime::Backend;
use crate::plan::{CardCount, Machine, Plan, Runtime, RuntimeVersion};

/// Machines that plans are tried on, one after the other.
#[derive(Debug)]
pub struct Lineup<'a> {
    catalog: &'a Catalog,
    /// What all that is prepared was made of, besides the cards.
    like: Like,
    machines: Vec<Lined<'a>>,
}

/// What of a plan decides how its machine is prepared, besides its cards.
#[derive(Debug, Clone, PartialEq)]
struct Like {
    /// Without cards.
    machine: Machine,
    backend: Option<Backend>,
    runtime: Runtime,
    version: Option<RuntimeVersion>,
}

impl Like {
    fn of(plan: &Plan) -> Self {
        let workload = &plan.workload;
        let machine = Machine { cards: Vec::new(), ..plan.machine.clone() };
        let (backend, runtime, version) = (workload.backend, workload.runtime, workload.runtime_version);
        Self { machine, backend, runtime, version }
    }
}

/// One of the machines.
#[derive(Debug)]
struct Lined<'a> {
    cards: Vec<CardCount>,
    /// Its devices and what they reach; `None` where it is asked about in full.
    ready: Option<(Vec<Device<'a>>, Laws<'a>)>,
}

impl<'a> Lineup<'a> {
    /// These `machines`, all else as in `plan`.
    pub fn of(plan: &Plan, machines: impl IntoIterator<Item = Vec<CardCount>>, catalog: &'a Catalog) -> Self {
        let mut caches = llamacpp::Caches::default();
        let mut plan = Plan { also: Vec::new(), ..plan.clone() };
        let mut line_up = |cards: Vec<CardCount>| {
            plan.machine.cards.clone_from(&cards);
            let is_quick = plan.workload.runtime == Runtime::LlamaCpp && plan.check().is_ok();
            let devices = is_quick.then(|| Hardware::of(&plan, catalog, &Found::default()).ok()).flatten();
            let ready = devices.map(|Hardware { devices, .. }| {
                let laws = Laws::of(&plan, catalog, &devices, &mut caches);
                (devices, laws)
            });
            Lined { cards, ready }
        };
        let machines = machines.into_iter().map(&mut line_up).collect();
        Self { catalog, like: Like::of(&plan), machines }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.machines.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.machines.is_empty()
    }
}

impl Estimator {
    /// What [`Self::estimate`] says of `plan` on each machine of `lineup` in place of its own cards, as far as machines are
    /// compared by it: the same figures, with nothing worked out beside them.
    pub fn glances(&mut self, plan: &Plan, lineup: &Lineup<'_>) -> Vec<Result<Glance, EstimateError>> {
        let Lineup { catalog, like, machines } = lineup;
        let told = plan.also.is_empty()
            && !plan.workload.task.trains()
            && llamacpp::is_told_at_a_glance(plan)
            && *like == Like::of(plan)
            && Self::checked(plan, catalog).is_ok();
        let mut trial: Option<Plan> = None;
        let mut found = Vec::with_capacity(machines.len());
        for machine in machines {
            let quick = machine.ready.as_ref().filter(|_| told);
            found.push(if let Some((devices, laws)) = quick {
                self.glance(plan, catalog, (devices, laws))
            } else if machine.cards == plan.machine.cards {
                self.estimate(plan, catalog).map(|found| Glance::of(&found))
            } else {
                let trial = trial.get_or_insert_with(|| plan.clone());
                trial.machine.cards.clone_from(&machine.cards);
                self.estimate(trial, catalog).map(|found| Glance::of(&found))
            });
        }
        found
    }

    fn glance(
        &mut self,
        plan: &Plan,
        catalog: &Catalog,
        machine: (&[Device<'_>], &Laws<'_>),
    ) -> Result<Glance, EstimateError> {
        let model = chosen::model(plan, catalog, &mut self.typical)?;
        llamacpp::glance(plan, catalog, &model, machine, &mut self.llamacpp)
    }
}
