//! Many machines at a glance: what of a machine no model changes is found once, and of each answer no more is worked out
//! than machines are compared by.

use super::device::{Found, Hardware};
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
    ready: Option<(Hardware<'a>, Laws<'a>)>,
}

impl<'a> Lineup<'a> {
    /// These `machines`, all else as in `plan`.
    pub fn of(plan: &Plan, machines: impl IntoIterator<Item = Vec<CardCount>>, catalog: &'a Catalog) -> Self {
        let mut caches = llamacpp::Caches::default();
        let mut plan = Plan { also: Vec::new(), ..plan.clone() };
        let mut line_up = |cards: Vec<CardCount>| {
            plan.machine.cards.clone_from(&cards);
            let is_quick = plan.workload.runtime == Runtime::LlamaCpp && plan.check().is_ok();
            let machine = is_quick.then(|| Hardware::of(&plan, catalog, &Found::default()).ok()).flatten();
            let ready = machine.filter(llamacpp::tells_at_a_glance).map(|machine| {
                let laws = Laws::of(&plan, catalog, &machine, &mut caches);
                (machine, laws)
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
        let mut told = self.told(plan, lineup).into_iter();
        let mut trial: Option<Plan> = None;
        let mut in_full = |machine: &Lined<'_>| {
            let trial = trial.get_or_insert_with(|| plan.clone());
            trial.machine.cards.clone_from(&machine.cards);
            self.estimate(trial, lineup.catalog).map(|found| Glance::of(&found))
        };
        let of = |machine| machine_told(machine, &mut told).unwrap_or_else(|| in_full(machine));
        lineup.machines.iter().map(of).collect()
    }

    /// The same of those machines that need not be asked about in full; of none where the plan is not told at a glance.
    fn told(
        &mut self,
        plan: &Plan,
        Lineup { catalog, like, machines }: &Lineup<'_>,
    ) -> Vec<Result<Glance, EstimateError>> {
        let serves = plan.also.is_empty() && !plan.workload.task.trains() && *like == Like::of(plan);
        if !serves || Self::checked(plan, catalog).is_err() {
            return Vec::new();
        }
        let Ok(model) = chosen::model(plan, catalog, &mut self.typical) else { return Vec::new() };
        if !llamacpp::is_told_at_a_glance(plan, &model) {
            return Vec::new();
        }
        let ready = machines.iter().filter_map(|machine| machine.ready.as_ref());
        llamacpp::glances(plan, catalog, &model, ready, &mut self.llamacpp)
    }
}

/// The next of what was told, where this machine is one of those.
fn machine_told<T>(machine: &Lined<'_>, told: &mut impl Iterator<Item = T>) -> Option<T> {
    machine.ready.as_ref().and_then(|_| told.next())
}
