//! How good a machine is for the goal: everything through [`estimate`].

use std::cell::RefCell;
use std::collections::HashMap;

use super::choice::{PartList, PcieLink};
use super::shared_out::shared_out;
use super::size::SizeLadder;
use super::users;
use crate::advise::quick::is_quick;
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::catalog::parts::{BuildRules, CircuitId, TierDemand};
use crate::estimate::{Estimate, Verdict, estimate};
use crate::plan::{BuildGoal, BuildRequest, CpuExperts, GpuLayers, LEAST_DECODE, ModelChoice, Plan, Runtime, Task};
use crate::units::{Bytes, GIB};

/// Speeds that differ by less than this share are alike: money is not spent on less.
pub(super) const SAME_SPEED: f64 = 0.03;
/// Enough RAM for anything, in GiB: what is needed of it is asked before it is bought.
pub(super) const PLENTY_GIB: f64 = 65_536.0;
/// With less of one pool of memory left, whatever else runs pushes a part of the model out to the disk.
const LEAST_FREE: Bytes = Bytes(GIB);
/// Tokens a second that people still wait for, for an answer that nothing cheaper gives.
const WAITED_FOR: f64 = LEAST_DECODE * 0.3;
/// More VRAM than this share of what there was is room for more.
const MORE_VRAM: f64 = 1.25;

/// How good a machine is for the goal; the greater the better. Price is no part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score {
    /// Nobody waits: each sequence is served at reading speed, or training ends within days.
    pub quick: bool,
    /// How well it holds: 3 fits, 2 tight, 1 with offload, 0 not at all.
    pub holds: u8,
    /// Size of the largest model in steps of a fifth, where that is the goal.
    pub size: i32,
    /// Speed in steps of three percent: of one sequence, of all, or users at once.
    pub speed: i32,
    /// VRAM in GiB, where the largest model is the goal: more of it is room for context and for the next model.
    pub vram_gib: u32,
}

impl Score {
    /// Nothing at all.
    pub(super) const NONE: Self = Self { quick: false, holds: 0, size: 0, speed: i32::MIN, vram_gib: 0 };

    /// Better than any.
    pub(super) const ENDLESS: Self =
        Self { quick: true, holds: 3, size: i32::MAX, speed: i32::MAX, vram_gib: u32::MAX };

    /// The least of whatever is quick.
    pub(super) const QUICK: Self = Self { quick: true, holds: 1, size: i32::MIN, speed: i32::MIN, vram_gib: 0 };

    /// The least of whatever one still waits for.
    pub(super) fn slow() -> Self {
        Self { quick: false, holds: 1, size: 0, speed: in_steps(WAITED_FOR, SAME_SPEED), vram_gib: 0 }
    }

    /// The least score that is alike: a share of the speed and of the VRAM less.
    #[must_use]
    pub fn alike_from(self) -> Self {
        let share = BuildRules::known().alike.share;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a sum of sizes on sale"
        )]
        let vram_gib = (f64::from(self.vram_gib) * (1.0 - share)).ceil() as u32;
        Self { speed: self.speed.saturating_sub(speed_steps(share)), vram_gib, ..self }
    }

    /// Whether it is no worse than `least` in anything. Who runs a larger model need not run it as fast.
    pub fn meets(&self, least: &Self) -> bool {
        let as_fast = || self.speed >= least.speed && self.vram_gib >= least.vram_gib;
        let as_large = self.size > least.size || self.size == least.size && as_fast();
        self.quick >= least.quick && self.holds >= least.holds && as_large
    }

    /// Whether it is better than `other` by more than what counts as alike.
    pub fn is_clearly_better(&self, other: &Self) -> bool {
        let before = (self.quick, self.holds, self.size).cmp(&(other.quick, other.holds, other.size));
        before.is_gt() || before.is_eq() && self.is_clearly_faster(other)
    }

    /// The same of machines that run the same.
    fn is_clearly_faster(&self, other: &Self) -> bool {
        let more_vram = f64::from(self.vram_gib) >= f64::from(other.vram_gib) * MORE_VRAM && other.vram_gib > 0;
        let faster = self.speed > other.speed.saturating_add(speed_steps(BuildRules::known().alike.share));
        faster || more_vram && self.speed >= other.speed
    }
}

/// How many steps of speed a share is.
#[expect(clippy::cast_possible_truncation, reason = "a few steps")]
fn speed_steps(share: f64) -> i32 {
    (-(1.0 - share).ln() / SAME_SPEED).floor() as i32
}

/// What was found of one machine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// How good it is.
    pub score: Score,
    /// RAM that it needs, in GiB: system, host buffers, spilled weights and the prompt cache. Zero where not known.
    pub needed_ram_gib: f64,
    /// Experts lie in RAM, which is then a place to run from.
    pub experts_in_ram: bool,
    /// Which model and engine it was judged by; `None` = the plan's own.
    pub with: Option<With>,
}

/// A model of the ladder and the engine that runs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct With {
    /// Its place in [`Scorer::ladder`].
    pub model: usize,
    /// The engine.
    pub runtime: Runtime,
}

/// Judges machines for one plan and goal. Machines that are alike to the plan are judged once.
#[derive(Debug)]
pub struct Scorer<'a> {
    pub(super) plan: &'a Plan,
    pub(super) goal: BuildGoal,
    pub(super) catalog: &'a Catalog,
    /// Machines of the tier are judged by how many users they serve.
    pub(super) many_users: bool,
    /// The largest dense model serves so many users at once.
    least_users: u32,
    /// The outlet that machines are to run from.
    pub(super) circuit: CircuitId,
    pub(super) sizes: SizeLadder<'a>,
    known: RefCell<HashMap<Alike, Option<Scored>>>,
}

/// What of a machine a plan can tell.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Alike {
    cards: Vec<(*const str, u32)>,
    whole_gib: Option<u32>,
    ram_rate: Option<u64>,
    ram_gib: u32,
    link: PcieLink,
}

impl<'a> Scorer<'a> {
    /// For the goal of `request`.
    pub fn new(request: &BuildRequest, plan: &'a Plan, catalog: &'a Catalog) -> Self {
        let rules = request.tier.tier().map_or(&[][..], |tier| tier.rules.as_slice());
        let many_users = rules.iter().any(|rule| rule.rule == TierDemand::ManyUsers);
        let at_once = rules.iter().filter_map(|rule| match rule.rule {
            TierDemand::UsersAtOnce { least } => Some(least),
            _ => None,
        });
        let least_users = at_once.max().unwrap_or(1);
        let sizes = SizeLadder::of(request.goal, plan, catalog);
        let (goal, circuit) = (request.goal, request.outlet());
        Self { plan, goal, catalog, many_users, least_users, circuit, sizes, known: RefCell::default() }
    }

    /// Models to choose from, the largest first; empty where the plan's own model is run.
    pub fn ladder(&self) -> &[&'a Model] {
        &self.sizes.models
    }

    /// So many use the largest dense model at once, where that is the goal and machines are judged by more than one.
    pub(super) fn least_users(&self) -> Option<u32> {
        (self.least_users > 1 && self.goal.is_shared()).then_some(self.least_users)
    }

    /// RAM is a place to run from for this goal, so that more of it makes a machine better.
    pub fn wants_ram(&self) -> bool {
        matches!(self.goal, BuildGoal::BestMixture { .. })
    }

    /// How good a machine is; `None` = what is asked does not run on it. RAM that is not chosen yet is plenty.
    pub fn score(&self, choice: &PartList<'_>) -> Option<Scored> {
        let alike = Alike {
            cards: choice.cards.iter().map(|cards| (std::ptr::from_ref(cards.part.id.as_str()), cards.count)).collect(),
            whole_gib: choice.system.map(|_| choice.ram_gib()),
            ram_rate: choice.ram_gb_s().map(f64::to_bits),
            ram_gib: choice.ram_gib(),
            link: choice.link(),
        };
        if let Some(known) = self.known.borrow().get(&alike) {
            return *known;
        }
        let found = self.score_anew(choice);
        self.known.borrow_mut().insert(alike, found);
        found
    }

    /// The plan that a machine was judged by, on that machine.
    pub fn plan_on(&self, choice: &PartList<'_>, with: Option<With>) -> Plan {
        let mut plan = on_machine(self.plan, choice);
        if choice.ram.is_none() && choice.system.is_none() {
            plan.machine.ram_gib = PLENTY_GIB;
        }
        self.ask_for(&mut plan, with);
        shared_out(plan, self.catalog)
    }

    fn ask_for(&self, plan: &mut Plan, with: Option<With>) {
        let Some(With { model, runtime }) = with else { return };
        let workload = &mut plan.workload;
        if let Some(model) = self.sizes.models.get(model) {
            workload.model = ModelChoice::Catalog(model.id.clone());
        }
        workload.task = Task::Serve;
        workload.cpu_experts = CpuExperts::Auto;
        workload.choose_runtime(runtime);
        if let Some(quantization) = self.goal.quantization() {
            workload.quantization = match runtime {
                Runtime::LlamaCpp => quantization.nearest_gguf(),
                _ => quantization.nearest_server(),
            };
        }
        workload.sequences = workload.sequences.max(self.least_users().unwrap_or(1));
        if workload.must_tell_sequences(self.catalog) {
            workload.server.max_num_seqs = Some(workload.sequences);
        }
    }

    fn score_anew(&self, choice: &PartList<'_>) -> Option<Scored> {
        match self.goal {
            BuildGoal::LargestModel { least_decode, .. } => {
                let found = self.largest_dense(choice, least_decode)?;
                let shared = self.many_users || self.least_users().is_some();
                Some(if shared { self.served(choice, found, least_decode) } else { found })
            }
            BuildGoal::BestMixture { least_decode, .. } => self.largest_mixture(choice, least_decode),
            BuildGoal::MostUsers { least_decode } if !self.plan.workload.task.trains() => {
                self.by_users(choice, least_decode)
            }
            BuildGoal::RunPlan if self.many_users && !self.plan.workload.task.trains() => {
                self.by_users(choice, LEAST_DECODE)
            }
            _ => {
                let found = estimate(&self.plan_on(choice, None), self.catalog).ok()?;
                judged(&found, self.goal, None)
            }
        }
    }

    /// Tokens a second of each sequence of the plan that these parts were judged by; zero where nobody knows.
    pub(super) fn rate(&self, choice: &PartList<'_>, with: Option<With>) -> f64 {
        let ran = estimate(&self.plan_on(choice, with), self.catalog);
        ran.ok().and_then(|ran| ran.decode_of_each()).map_or(0.0, |band| band.expected)
    }

    /// A machine that was judged by the size of its model, and then by how many users it serves with that.
    fn served(&self, choice: &PartList<'_>, found: Scored, least_decode: f64) -> Scored {
        let users = users::at_once(&self.plan_on(choice, found.with), self.catalog, least_decode);
        let speed = in_steps(users.map_or(1, |users| users.count).into(), SAME_SPEED);
        Scored { score: Score { speed, ..found.score }, ..found }
    }

    /// By how many users at once are each served this fast; a machine that serves none so fast is judged by one.
    fn by_users(&self, choice: &PartList<'_>, least_decode: f64) -> Option<Scored> {
        let plan = self.plan_on(choice, None);
        let found = judged(&estimate(&plan, self.catalog).ok()?, self.goal, None)?;
        let served = users::at_once(&plan, self.catalog, least_decode);
        let Some(users) = served.filter(|users| users.count >= plan.workload.sequences) else {
            return Some(Scored { score: Score { quick: false, ..found.score }, ..found });
        };
        let speed = in_steps(users.count.into(), SAME_SPEED);
        Some(Scored { score: Score { quick: true, holds: 3, speed, ..found.score }, ..found })
    }
}

/// `plan` on a machine; what was chosen for other cards is left to the engine.
pub(super) fn on_machine(plan: &Plan, choice: &PartList<'_>) -> Plan {
    let mut plan = plan.on_machine(choice.machine(&plan.machine));
    plan.workload.backend = None;
    plan.workload.tensor_parallel = None;
    if !plan.workload.task.trains() {
        plan.workload.training.pipeline_parallel = 1;
    }
    if matches!(plan.workload.gpu_layers, GpuLayers::Count(_)) {
        plan.workload.gpu_layers = GpuLayers::Auto;
    }
    plan
}

pub(super) fn judged(found: &Estimate, goal: BuildGoal, with: Option<With>) -> Option<Scored> {
    let holds = match found.verdict? {
        // Some of the sequences wait.
        Verdict::Fits | Verdict::Tight if !found.serves_all() => 1,
        Verdict::Fits => 3,
        Verdict::Tight => 2,
        Verdict::Offload => 1,
        Verdict::DoesNotFit => return None,
    };
    let served = if goal == BuildGoal::MostTokens { found.speed.decode_total } else { found.decode_of_each() };
    // A plan that trains has no other speed.
    let band = found.speed.train.or(served);
    let speed = band.map_or(i32::MIN, |band| in_steps(band.expected, SAME_SPEED));
    let score = Score { quick: is_quick(found), holds, size: 0, speed, vram_gib: 0 };
    let experts_in_ram = found.experts.layers > 0;
    Some(Scored { score, needed_ram_gib: needed_ram(found)?, experts_in_ram, with })
}

/// RAM that a plan needs, in GiB; `None` where that is not known.
pub(super) fn needed_ram(found: &Estimate) -> Option<f64> {
    let host = &found.host;
    // A unified machine's RAM is its VRAM, which is judged as such; what spills beside it leaves a little to everything else.
    if found.devices.iter().any(|device| device.unified) {
        let crowded = found.verdict == Some(Verdict::Offload) && host.free.is_none_or(|free| free < LEAST_FREE);
        return (!crowded).then_some(0.0);
    }
    Some((host.os + host.total? + host.prompt_cache).gib())
}

/// A figure in steps of this share; figures of one step are alike.
#[expect(clippy::cast_possible_truncation, reason = "a logarithm is small")]
pub(super) fn in_steps(figure: f64, share: f64) -> i32 {
    if figure > 0.0 { (figure.ln() / share).floor() as i32 } else { i32::MIN }
}
