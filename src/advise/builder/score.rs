//! How good a machine is for the goal: everything through [`estimate`].

use std::cell::RefCell;
use std::collections::HashMap;

use super::choice::{PartList, PcieLink};
use crate::catalog::Catalog;
use crate::catalog::card::Vendor;
use crate::catalog::model::Model;
use crate::catalog::quantization::Quantization;
use crate::estimate::{Estimate, Verdict, estimate};
use crate::plan::{BuildGoal, BuildRequest, GpuLayers, ModelChoice, Plan, Runtime, Task};
use crate::units::GIB;

/// Speeds that differ by less than this share are alike: money is not spent on less.
const SAME_SPEED: f64 = 0.03;
/// The least bits that any quantization keeps of a weight.
const LEAST_BITS_PER_WEIGHT: f64 = 1.5;
/// Models whose sizes differ by less than this share are alike: the newer one counts.
const SAME_SIZE: f64 = 0.2;
/// Enough RAM for anything, in GiB: what is needed of it is asked before it is bought.
const PLENTY_GIB: f64 = 65_536.0;

/// How good a machine is for the goal; the greater the better. Price is no part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score {
    /// How well it holds: 3 fits, 2 tight, 1 with offload, 0 not at all.
    pub holds: u8,
    /// Size of the largest model in steps of a fifth, where that is the goal.
    pub size: i32,
    /// Decode speed in steps of three percent.
    pub speed: i32,
    /// VRAM in GiB, where the largest model is the goal: more of it is room for context and for the next model.
    pub vram_gib: u32,
}

/// What was found of one machine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// How good it is.
    pub score: Score,
    /// RAM that it needs, in GiB: system, host buffers, spilled weights and the prompt cache. Zero where not known.
    pub needed_ram_gib: f64,
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
    plan: &'a Plan,
    goal: BuildGoal,
    catalog: &'a Catalog,
    /// Dense models, the largest first.
    ladder: Vec<&'a Model>,
    known: RefCell<HashMap<Alike, Option<Scored>>>,
    /// Bytes of each model's weights in VRAM where all of it lies there, as far as somebody asked.
    in_vram: RefCell<Vec<Option<u64>>>,
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
        let mut ladder: Vec<&Model> = Vec::new();
        if matches!(request.goal, BuildGoal::LargestModel { .. }) {
            let long = |model: &&Model| model.max_position_embeddings.is_none_or(|most| most >= plan.workload.context);
            let dense = catalog.models().filter(|model| model.experts.is_none() && model.total_parameters.is_some());
            ladder.extend(dense.filter(long));
            let size = |model: &Model| in_steps(model.total_parameters.unwrap_or(0) as f64, SAME_SIZE);
            ladder.sort_by(|a, b| size(b).cmp(&size(a)).then_with(|| b.release.cmp(&a.release)));
        }
        let in_vram = RefCell::new(vec![None; ladder.len()]);
        Self { plan, goal: request.goal, catalog, ladder, known: RefCell::default(), in_vram }
    }

    /// Dense models, the largest first; empty where the plan's own model is run.
    pub fn ladder(&self) -> &[&'a Model] {
        &self.ladder
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
        plan
    }

    fn ask_for(&self, plan: &mut Plan, with: Option<With>) {
        let workload = &mut plan.workload;
        let Some(With { model, runtime }) = with else { return };
        if let Some(model) = self.ladder.get(model) {
            workload.model = ModelChoice::Catalog(model.id.clone());
        }
        workload.task = Task::Serve;
        workload.cpu_experts = 0;
        workload.choose_runtime(runtime);
        if let BuildGoal::LargestModel { quantization, .. } = self.goal {
            workload.quantization = stored(quantization, runtime);
        }
    }

    fn score_anew(&self, choice: &PartList<'_>) -> Option<Scored> {
        let BuildGoal::LargestModel { least_decode, .. } = self.goal else {
            let found = estimate(&self.plan_on(choice, None), self.catalog).ok()?;
            return judged(&found, self.goal, None);
        };
        // Whose cards a server engine is known to cut layers across.
        let several = choice.card_count() > 1 && choice.cards.iter().all(|cards| cards.part.vendor == Vendor::Nvidia);
        let engines: &[Runtime] = if several && self.plan.workload.runtime == Runtime::LlamaCpp {
            &[Runtime::LlamaCpp, Runtime::Vllm]
        } else {
            std::slice::from_ref(&self.plan.workload.runtime)
        };
        let of = |runtime: &Runtime| self.largest(choice, *runtime, least_decode);
        engines.iter().filter_map(of).max_by(|a, b| a.score.cmp(&b.score))
    }

    /// The largest model of the ladder that one engine runs in VRAM fast enough.
    fn largest(&self, choice: &PartList<'_>, runtime: Runtime, least_decode: f64) -> Option<Scored> {
        let mut plan = self.plan_on(choice, Some(With { model: 0, runtime }));
        let vram = choice.vram_gib() * GIB as f64;
        let least_bits = match (runtime, plan.workload.quantization.facts()) {
            // All tensors of a server's model have at least the bits of a quantized layer.
            (Runtime::LlamaCpp, _) | (_, None) => LEAST_BITS_PER_WEIGHT,
            (_, Some(facts)) => facts.bits_per_weight,
        };
        for (place, model) in self.ladder.iter().enumerate() {
            let parameters = model.total_parameters.unwrap_or(0);
            // What is larger than all VRAM is passed over without asking.
            if parameters as f64 * least_bits / 8.0 > vram {
                continue;
            }
            if let ModelChoice::Catalog(id) = &mut plan.workload.model {
                id.clone_from(&model.id);
            }
            if runtime == Runtime::LlamaCpp && self.weights_in_vram(place, &mut plan) as f64 > vram {
                continue;
            }
            let Ok(found) = estimate(&plan, self.catalog) else { continue };
            let fast = found.speed.decode.is_some_and(|speed| speed.expected >= least_decode);
            if !fast || !matches!(found.verdict, Some(Verdict::Fits | Verdict::Tight)) {
                continue;
            }
            let found = judged(&found, self.goal, Some(With { model: place, runtime }))?;
            // Whether a model fits or fits tightly, it runs: the larger one wins.
            let size = in_steps(parameters as f64, SAME_SIZE);
            let score = Score { holds: 3, size, vram_gib: whole_gib(choice), ..found.score };
            return Some(Scored { score, ..found });
        }
        None
    }

    /// Bytes of a model's weights in VRAM where all of it lies there: the same on every card. `plan` runs that model.
    fn weights_in_vram(&self, place: usize, plan: &mut Plan) -> u64 {
        if let Some(known) = self.in_vram.borrow().get(place).copied().flatten() {
            return known;
        }
        let layers = std::mem::replace(&mut plan.workload.gpu_layers, GpuLayers::All);
        let found = estimate(plan, self.catalog).ok().and_then(|found| found.parts_in_vram().weights);
        plan.workload.gpu_layers = layers;
        // What cannot be known keeps nothing out.
        let bytes = found.map_or(0, |bytes| bytes.0);
        if let Some(slot) = self.in_vram.borrow_mut().get_mut(place) {
            *slot = Some(bytes);
        }
        bytes
    }
}

/// `plan` on a machine; what was chosen for other cards is left to the engine.
pub(super) fn on_machine(plan: &Plan, choice: &PartList<'_>) -> Plan {
    let mut plan = Plan { machine: choice.machine(&plan.machine), ..plan.clone() };
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

/// How weights are stored for an engine that does not read GGUF files.
const fn stored(quantization: Quantization, runtime: Runtime) -> Quantization {
    match runtime {
        Runtime::LlamaCpp => quantization.nearest_gguf(),
        _ => quantization.nearest_server(),
    }
}

fn judged(found: &Estimate, goal: BuildGoal, with: Option<With>) -> Option<Scored> {
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
    Some(Scored { score: Score { holds, size: 0, speed, vram_gib: 0 }, needed_ram_gib: needed_ram(found)?, with })
}

/// RAM that a plan needs, in GiB; `None` where that is not known.
pub(super) fn needed_ram(found: &Estimate) -> Option<f64> {
    let host = &found.host;
    // A unified machine's RAM is its VRAM, which is judged as such.
    if found.devices.iter().any(|device| device.unified) {
        return Some(0.0);
    }
    Some((host.os + host.total? + host.prompt_cache).gib())
}

/// A figure in steps of this share; figures of one step are alike.
#[expect(clippy::cast_possible_truncation, reason = "a logarithm is small")]
fn in_steps(figure: f64, share: f64) -> i32 {
    if figure > 0.0 { (figure.ln() / share).floor() as i32 } else { i32::MIN }
}

/// VRAM in whole GiB.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a sum of sizes on sale")]
fn whole_gib(choice: &PartList<'_>) -> u32 {
    choice.vram_gib() as u32
}
