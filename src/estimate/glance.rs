//! Many machines at a glance: what of a machine no model changes is found once, and of each answer no more is worked out
//! than machines are compared by.

use super::device::{Device, Found, Hardware};
use super::timed::Laws;
use super::{Estimate, EstimateError, Estimator, Verdict, chosen, llamacpp};
use crate::catalog::Catalog;
use crate::catalog::runtime::Backend;
use crate::plan::{CardCount, Machine, Plan, Runtime, RuntimeVersion};
use crate::units::Bytes;

/// What of an answer many machines are compared by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glance {
    /// The judgment; `None` where parts cannot be known.
    pub verdict: Option<Verdict>,
    /// Sequences that wait for others to end.
    pub waiting: u32,
    /// Tokens a second that one sequence receives, as expected; `None` = no data, or nothing runs.
    pub decode: Option<f64>,
}

impl Glance {
    /// That of an answer.
    pub fn of(found: &Estimate) -> Self {
        let decode = found.speed.decode.map(|decode| decode.expected);
        Self { verdict: found.verdict, waiting: found.queue.waiting, decode }
    }

    /// Whether all lies in VRAM, nobody waits, and each sequence is served at `least_decode` tokens a second or more.
    pub fn serves_in_vram(&self, least_decode: f64) -> bool {
        matches!(self.verdict, Some(Verdict::Fits | Verdict::Tight))
            && self.waiting == 0
            && self.decode.is_some_and(|decode| decode >= least_decode)
    }
}

/// How one of several ways to place a plan stands among them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    pub(super) verdict: Option<Verdict>,
    /// What is missing on devices and host together.
    pub(super) missing: Bytes,
    /// Expected tokens a second of one sequence.
    pub(super) decode: Option<f64>,
}

impl Standing {
    /// Of what cannot be laid out.
    pub(super) const UNKNOWN: Self = Self { verdict: None, missing: Bytes::ZERO, decode: None };

    /// Of what exceeds a device by far, by nobody asked how far.
    pub(super) const FAR_BEYOND: Self = Self { verdict: Some(Verdict::DoesNotFit), missing: Bytes::ZERO, decode: None };

    /// That of an answer.
    pub(super) fn of(found: &Estimate) -> Self {
        let devices: Bytes = found.devices.iter().filter_map(|device| device.excess).sum();
        let Glance { verdict, decode, .. } = Glance::of(found);
        Self { verdict, missing: devices + found.host.excess.unwrap_or_default(), decode }
    }

    /// Whether this is the better of two answers to one plan: by the verdict, then by what is missing, then by speed. Of
    /// answers that are alike in these, it is.
    pub(super) fn is_no_worse_than(&self, other: &Self) -> bool {
        let rate = |it: &Self| it.decode.unwrap_or(0.0);
        (self.verdict, self.missing) < (other.verdict, other.missing)
            || (self.verdict, self.missing) == (other.verdict, other.missing) && rate(self) >= rate(other)
    }
}

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
