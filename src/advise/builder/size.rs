//! The largest model of the catalog that a machine runs fast enough: dense ones in VRAM, mixtures of experts with RAM
//! beside it.

use std::cell::{Cell, RefCell};

use super::choice::PartList;
use super::score::{SAME_SPEED, Score, Scored, Scorer, With, in_steps, judged};
use crate::advise::remedies::writes_code;
use crate::catalog::Catalog;
use crate::catalog::arena::Arena;
use crate::catalog::card::Vendor;
use crate::catalog::model::Model;
use crate::estimate::{Estimate, Lineup, estimate, glances, most_decode};
use crate::plan::{BuildGoal, GpuLayers, ModelChoice, Plan, Runtime};
use crate::units::{Bytes, GIB};

/// The least bits that any quantization keeps of a weight.
const LEAST_BITS_PER_WEIGHT: f64 = 1.5;
/// Models whose sizes differ by less than this share are alike: the newer one counts.
const SAME_SIZE: f64 = 0.2;

/// What a mixture is judged with at first: the largest, by the engine that puts experts into RAM.
const MIXTURE: With = With { model: 0, runtime: Runtime::LlamaCpp };

/// The models that a goal chooses from.
#[derive(Debug)]
pub(super) struct SizeLadder<'a> {
    /// The largest first; empty where the plan's own model is run.
    pub(super) models: Vec<&'a Model>,
    /// Bytes of each model's weights in VRAM where all of it lies there, as far as somebody asked.
    in_vram: RefCell<Vec<Option<u64>>>,
    /// Smaller models, in steps of size, no longer matter: a larger one runs within the same budget.
    least: Cell<i32>,
}

impl<'a> SizeLadder<'a> {
    pub(super) fn of(goal: BuildGoal, plan: &Plan, catalog: &'a Catalog) -> Self {
        let mixtures = match goal {
            BuildGoal::LargestModel { .. } => Some(false),
            BuildGoal::BestMixture { .. } => Some(true),
            BuildGoal::RunPlan | BuildGoal::MostTokens | BuildGoal::MostUsers { .. } => None,
        };
        let mut models: Vec<&Model> = Vec::new();
        if let Some(mixtures) = mixtures {
            let long = |model: &&Model| model.max_position_embeddings.is_none_or(|most| most >= plan.workload.context);
            let wanted = |model: &&Model| model.experts.is_some() == mixtures && model.total_parameters.is_some();
            // What is made for programs alone is what somebody runs who runs such a one.
            let code = plan.workload.model.known(catalog).is_some_and(|model| writes_code(&model.name));
            let general = |model: &&Model| code || !writes_code(&model.name);
            models.extend(catalog.models().filter(wanted).filter(long).filter(general));
            if mixtures {
                let all = models.clone();
                models.retain(|model| !is_outrated(model, &all));
            }
            models.sort_by(|a, b| size_of(b).cmp(&size_of(a)).then_with(|| b.release.cmp(&a.release)));
        }
        let in_vram = RefCell::new(vec![None; models.len()]);
        Self { models, in_vram, least: Cell::new(i32::MIN) }
    }

    /// Asks no more of models that are smaller than this, in steps of size.
    pub(super) fn ask_from(&self, size: i32) {
        self.least.set(self.least.get().max(size));
    }

    /// The models that matter, each with its place.
    fn mattering(&self) -> impl Iterator<Item = (usize, &'a Model)> {
        let models = self.models.iter().copied().enumerate();
        models.take_while(|(_, model)| size_of(model) >= self.least.get())
    }
}

impl Scorer<'_> {
    pub(super) fn largest_dense(&self, choice: &PartList<'_>, least_decode: f64) -> Option<Scored> {
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
        plan.workload.ask_for_all_layers();
        let vram = choice.vram_gib() * GIB as f64;
        let least_bits = match (runtime, plan.workload.quantization.facts()) {
            // All tensors of a server's model have at least the bits of a quantized layer.
            (Runtime::LlamaCpp, _) | (_, None) => LEAST_BITS_PER_WEIGHT,
            (_, Some(facts)) => facts.bits_per_weight,
        };
        let machine = Lineup::of(&plan, [plan.machine.cards.clone()], self.catalog);
        for (place, model) in self.sizes.mattering() {
            let parameters = model.total_parameters.unwrap_or(0);
            // What is larger than all VRAM is passed over without asking.
            if parameters as f64 * least_bits / 8.0 > vram {
                continue;
            }
            take(&mut plan, model);
            if runtime == Runtime::LlamaCpp && self.weights_in_vram(place, &mut plan) as f64 > vram {
                continue;
            }
            if !glances(&plan, &machine).iter().flatten().any(|found| found.serves_in_vram(least_decode)) {
                continue;
            }
            let Ok(found) = estimate(&plan, self.catalog) else { continue };
            if self.would_spill(runtime, &found) {
                continue;
            }
            let found = judged(&found, self.goal, Some(With { model: place, runtime }))?;
            return Some(sized(found, choice, parameters));
        }
        None
    }

    /// Whether the engine, left to itself, puts a part of what would fit into RAM, since less would stay free than it keeps.
    fn would_spill(&self, runtime: Runtime, found: &Estimate) -> bool {
        let margin = self.catalog.runtimes().llama_cpp.fit.margin();
        runtime == Runtime::LlamaCpp && found.devices.iter().any(|device| device.free.is_some_and(|free| free < margin))
    }

    /// The largest mixture of experts of the ladder that llama.cpp runs fast enough, experts in RAM where VRAM ends.
    pub(super) fn largest_mixture(&self, choice: &PartList<'_>, least_decode: f64) -> Option<Scored> {
        let mut plan = self.plan_on(choice, Some(MIXTURE));
        let ram_gib = plan.machine.ram_gib;
        let room = room(choice, ram_gib);
        let mut found =
            self.sizes.mattering().filter_map(|it| self.mixture(it, &mut plan, (choice, room, least_decode)));
        found.find(|found| found.needed_ram_gib <= ram_gib)
    }

    /// What no machine of these cards on this board is better than whose RAM is no more and no faster; `None` = it runs
    /// nothing that still matters.
    ///
    /// Models are left out that reach no score that `may` be of use.
    pub(super) fn ceiling(
        &self,
        choice: &PartList<'_>,
        (ram_gb_s, ram_gib): (f64, u32),
        may: &dyn Fn(Score) -> bool,
    ) -> Option<Score> {
        let least_decode = self.goal.least_decode()?;
        let mut plan = self.plan_on(choice, Some(MIXTURE));
        plan.machine.ram_gb_s = Some(ram_gb_s);
        let room = room(choice, ram_gib.into());
        let mut best: Option<Score> = None;
        for (place, model) in self.sizes.mattering() {
            if best.is_some_and(|best| size_of(model) < best.size) {
                break;
            }
            let Some(most) = self.most_decode((place, model), &mut plan, room) else { continue };
            let most = reached(model, most);
            let no_faster = best.is_some_and(|best| most.size == best.size && most.speed <= best.speed);
            if no_faster || !may(most) {
                continue;
            }
            if let Some(found) = self.mixture((place, model), &mut plan, (choice, room, least_decode)) {
                // Where RAM is short, another model of that size may run, and faster.
                let speed = best.map_or(found.score.speed, |best| best.speed.max(found.score.speed));
                best = Some(Score { speed, ..found.score });
            }
        }
        best
    }

    /// A bound on [`Self::ceiling`] for all boards: no layer is placed for it. Where nobody can tell a speed, it is endless.
    pub(super) fn roof(&self, choice: &PartList<'_>, ram_gb_s: f64, ram_gib: u32) -> Option<Score> {
        let least_decode = self.goal.least_decode()?;
        let mut plan = self.plan_on(choice, Some(MIXTURE));
        plan.machine.ram_gb_s = Some(ram_gb_s);
        let room = room(choice, ram_gib.into());
        let mut best: Option<Score> = None;
        for (place, model) in self.sizes.mattering() {
            if best.is_some_and(|best| size_of(model) < best.size) {
                break;
            }
            let Some(most) = self.most_decode((place, model), &mut plan, room) else { continue };
            if most >= least_decode {
                let most = reached(model, most);
                best = Some(Score { speed: best.map_or(most.speed, |best| best.speed.max(most.speed)), ..most });
            }
        }
        best
    }

    /// The most tokens a second of a mixture on the machine of `plan`, endless where nobody can tell; `None` = it does not fit
    /// into so much room.
    fn most_decode(&self, (place, model): (usize, &Model), plan: &mut Plan, room: f64) -> Option<f64> {
        let parameters = model.total_parameters.unwrap_or(0);
        if parameters as f64 * LEAST_BITS_PER_WEIGHT / 8.0 > room {
            return None;
        }
        take(plan, model);
        // The same bytes, wherever they lie.
        let weights = self.weights_in_vram(place, plan);
        if weights as f64 > room {
            return None;
        }
        Some(most_decode(plan, self.catalog, Bytes(weights)).unwrap_or(f64::INFINITY))
    }

    /// How a mixture does on the machine of `plan`; `None` = it does not fit into so much room, or runs too slowly.
    fn mixture(
        &self,
        (place, model): (usize, &Model),
        plan: &mut Plan,
        (choice, room, least_decode): (&PartList<'_>, f64, f64),
    ) -> Option<Scored> {
        if self.most_decode((place, model), plan, room)? < least_decode {
            return None;
        }
        let found = estimate(plan, self.catalog).ok()?;
        let fast = found.speed.decode.is_some_and(|speed| speed.expected >= least_decode);
        if !fast || found.speed.pages {
            return None;
        }
        let found = judged(&found, self.goal, Some(With { model: place, ..MIXTURE }))?;
        let found = sized(found, choice, model.total_parameters.unwrap_or(0));
        Some(Scored { score: Score { vram_gib: 0, ..found.score }, ..found })
    }

    /// Bytes of a model's weights in VRAM where all of it lies there: the same on every card. `plan` runs that model.
    fn weights_in_vram(&self, place: usize, plan: &mut Plan) -> u64 {
        if let Some(known) = self.sizes.in_vram.borrow().get(place).copied().flatten() {
            return known;
        }
        let layers = std::mem::replace(&mut plan.workload.gpu_layers, GpuLayers::All);
        let found = estimate(plan, self.catalog).ok().and_then(|found| found.parts_in_vram().weights);
        plan.workload.gpu_layers = layers;
        // What cannot be known keeps nothing out.
        let bytes = found.map_or(0, |bytes| bytes.0);
        if let Some(slot) = self.sizes.in_vram.borrow_mut().get_mut(place) {
            *slot = Some(bytes);
        }
        bytes
    }
}

/// The size of a model in steps; those of one step are alike.
fn size_of(model: &Model) -> i32 {
    in_steps(model.total_parameters.unwrap_or(0) as f64, SAME_SIZE)
}

/// The score of a mixture that runs at so many tokens a second. Its experts lie in RAM: more VRAM is of use by the speed alone.
fn reached(model: &Model, decode: f64) -> Score {
    let speed = in_steps(decode, SAME_SPEED);
    Score { quick: true, holds: 3, size: size_of(model), speed, vram_gib: 0 }
}

/// Bytes that the weights of a mixture may take on a machine with so much RAM.
fn room(choice: &PartList<'_>, ram_gib: f64) -> f64 {
    let unified = choice.cards.iter().any(|cards| cards.part.is_unified());
    (choice.vram_gib() + if unified { 0.0 } else { ram_gib }) * GIB as f64
}

/// Whether people prefer the answers of a model that is no larger: size alone makes no mixture the best one. What is not
/// rated is not held against it.
fn is_outrated(model: &Model, all: &[&Model]) -> bool {
    let arena = Arena::built_in();
    let Some(rating) = arena.score(&model.id) else { return false };
    let no_larger = all.iter().filter(|other| other.total_parameters <= model.total_parameters);
    no_larger.filter_map(|other| arena.score(&other.id)).any(|other| other > rating)
}

fn take(plan: &mut Plan, model: &Model) {
    if let ModelChoice::Catalog(id) = &mut plan.workload.model {
        id.clone_from(&model.id);
    }
}

/// Whether a model fits, fits tightly or leans on RAM, it runs fast enough: the larger one wins.
fn sized(found: Scored, choice: &PartList<'_>, parameters: u64) -> Scored {
    let size = in_steps(parameters as f64, SAME_SIZE);
    Scored { score: Score { quick: true, holds: 3, size, vram_gib: vram(choice), ..found.score }, ..found }
}

/// The VRAM of a score, in GiB.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a sum of sizes on sale")]
pub(super) fn vram(choice: &PartList<'_>) -> u32 {
    choice.vram_gib() as u32
}
