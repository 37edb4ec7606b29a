//! A plan with a hand-made estimate, so that the view is tested without the estimator: figures of the design.

use super::View;
use eframe::egui::Ui;
use rigplan::advise::inverse::Limits;
use rigplan::advise::remedies::{Ladder, ladder};
use rigplan::advise::sweep::layers::{LayersCurve, LayersPoint};
use rigplan::advise::sweep::sequences::SequencesPoint;
use rigplan::advise::sweep::{ContextPoint, SpeedCurves};
use rigplan::catalog::Catalog;
use rigplan::catalog::quantization::Quantization;
use rigplan::estimate::explain::{Beside, Certainty, Explanation, Factor, Figure, Quantity, Term};
use rigplan::estimate::speed::{Speed, StepTimes};
use rigplan::estimate::{DeviceEstimate, Estimate, EstimateError, ExpertsInRam, HostEstimate, Parts, Queue, Verdict};
use rigplan::plan::{CardChoice, CardCount, Drafter, ModelChoice, Plan, Runtime, Sharding, SplitMode, Task};
use rigplan::text::Key;
use rigplan::text::Locale;
use rigplan::ui::command::Command;
use rigplan::ui::plan::{PlanInputs, PlanViewState};
use rigplan::units::{Band, Bytes};

/// Everything a frame of the view needs.
pub(crate) struct Scene {
    pub(crate) plan: Plan,
    pub(crate) estimate: Result<Estimate, EstimateError>,
    pub(crate) limits: Limits,
    pub(crate) curve: Vec<ContextPoint>,
    pub(crate) speeds: SpeedCurves,
    pub(crate) locale: Locale,
    pub(crate) state: PlanViewState,
    pub(crate) commands: Vec<Command>,
    pub(crate) free_now: Vec<Bytes>,
    /// The ways, with the plan that they were looked for.
    pub(crate) ways: Option<(Plan, Ladder)>,
}

impl Scene {
    /// A plan with the real estimate.
    pub(crate) fn of(plan: Plan) -> Self {
        let catalog = Catalog::embedded();
        Self {
            estimate: rigplan::estimate::estimate(&plan, catalog),
            limits: rigplan::advise::inverse::limits(&plan, catalog).unwrap_or_default(),
            curve: rigplan::advise::sweep::memory_against_context(&plan, catalog, 131_072).unwrap_or_default(),
            ways: ways(&plan),
            speeds: SpeedCurves::of(&plan, catalog),
            plan,
            ..Self::offload()
        }
    }

    /// Llama 3.1 70B on one RTX 4090: part of it in RAM.
    pub(crate) fn offload() -> Self {
        let mut plan = Plan::default();
        plan.workload.model = ModelChoice::Catalog("llama-3.1-70b".to_owned());
        plan.machine.ram_gib = 32.0;
        plan.machine.ram_gb_s = Some(83.2);
        let estimate = Estimate {
            verdict: Some(Verdict::Offload),
            params: Some(70_553_706_560),
            weights: Some(gib(39.59)),
            bits_per_weight: Some(4.82),
            devices: vec![device(21.35, 1.34, 0.30, 44, Verdict::Tight)],
            host: host(18.24, 1.16, Verdict::Fits),
            layers: 81,
            experts: ExpertsInRam::default(),
            drafter: None,
            queue: Queue::none(1),
            speed: speed(StepTimes {
                layers: 1e-3,
                vram_weights: 27.5e-3,
                vram_kv: 1.8e-3,
                ram_weights: 305.5e-3,
                ram_kv: 9.2e-3,
                ..StepTimes::default()
            }),
            training: None,
            also: Vec::new(),
            warnings: Vec::new(),
        };
        let limits = Limits {
            known: true,
            context_in_vram: None,
            context_with_ram: Some(29 * 1024),
            sequences_with_ram: Some(3),
            gpu_layers: Some(44),
            model_parameters: Some(32_000_000_000),
            ..Limits::default()
        };
        Self {
            ways: ways(&plan),
            plan,
            estimate: Ok(estimate),
            limits,
            curve: curve(39.59, 320.0),
            speeds: SpeedCurves { layers: cliff(44), sequences: crowd(3) },
            locale: Locale::En,
            state: PlanViewState { why: Some(Figure::KvCache), ..PlanViewState::default() },
            commands: Vec::new(),
            free_now: Vec::new(),
        }
    }

    /// The same on two cards: nothing spills.
    pub(crate) fn fits() -> Self {
        let mut scene = Self::offload();
        scene.plan.machine.cards[0].count = 2;
        scene.ways = ways(&scene.plan);
        if let Ok(estimate) = &mut scene.estimate {
            estimate.verdict = Some(Verdict::Fits);
            estimate.devices =
                vec![device(19.60, 1.28, 0.36, 41, Verdict::Fits), device(19.44, 1.22, 0.36, 40, Verdict::Fits)];
            estimate.host = host(0.55, 0.0, Verdict::Fits);
            estimate.speed =
                speed(StepTimes { layers: 1e-3, vram_weights: 52e-3, vram_kv: 2e-3, ..StepTimes::default() });
        }
        scene.speeds = SpeedCurves { layers: cliff(81), sequences: crowd(64) };
        scene.limits.context_in_vram = Some(22 * 1024);
        scene.limits.sequences_in_vram = Some(2);
        scene.limits.gpu_layers = Some(81);
        scene
    }

    /// All layers asked onto one card that cannot hold them.
    pub(crate) fn does_not_fit() -> Self {
        let mut scene = Self::offload();
        if let Ok(estimate) = &mut scene.estimate {
            estimate.verdict = Some(Verdict::DoesNotFit);
            estimate.devices = vec![device(39.04, 2.5, 0.30, 81, Verdict::DoesNotFit)];
            estimate.host = host(0.55, 0.0, Verdict::Fits);
            estimate.speed = Speed::default();
        }
        scene
    }
}

impl View for Scene {
    fn show(&mut self, ui: &mut Ui) {
        let inputs = PlanInputs {
            estimate: self.estimate.as_ref(),
            limits: &self.limits,
            curve: &self.curve,
            ways: self.ways.as_ref().map(|(plan, ladder)| (plan, ladder)),
            speeds: &self.speeds,
            catalog: Catalog::embedded(),
            locale: self.locale,
            free_now: &self.free_now,
            preview: None,
            measurable: true,
            explain: &explain,
        };
        self.commands.extend(rigplan::ui::plan::show(ui, &mut self.plan, &inputs, &mut self.state));
    }
}

/// A model on these cards, by their ids.
pub(crate) fn plan(model: &str, cards: &[(&str, u32)]) -> Plan {
    let mut plan = Plan::default();
    plan.workload.model = ModelChoice::Catalog(model.to_owned());
    plan.machine.cards =
        cards.iter().map(|&(id, count)| CardCount::of(CardChoice::Catalog(id.to_owned()), count)).collect();
    plan
}

/// Plans that between them show every input.
pub(crate) fn plans_with_every_input() -> Vec<Plan> {
    let serving = plan("qwen3-30b-a3b", &[("rtx-4090", 2)]);
    let mut server = plan("llama-3.1-8b", &[("rtx-4090", 2)]);
    server.workload.choose_runtime(Runtime::Vllm);
    server.workload.quantization = Quantization::bf16;
    server.workload.server.max_loras = Some(2);
    let mut drafted = plan("qwen3.5-122b-a10b", &[("rtx-4090", 1)]);
    drafted.workload.speculation.drafter = Drafter::Model("qwen3.5-9b".to_owned());
    let mut alone = plan("llama-3.1-8b", &[("rtx-4090", 2)]);
    alone.workload.split_mode = SplitMode::None;
    let mut training = plan("llama-3.1-8b", &[("h100-sxm", 2)]);
    training.workload.task = Task::Qlora;
    // One memory for CPU and GPU; a part that sees; experts of a base that is shared out and run again.
    let mut pooled = plan("llama-3.1-8b", &[("ryzen-ai-max-395", 1)]);
    pooled.machine.screen = true;
    // Two cards that a bridge can join.
    let bridged = plan("llama-3.1-8b", &[("rtx-3090", 2)]);
    // Two computers.
    let mut linked = plan("llama-3.1-8b", &[("gb10-dgx-spark", 2)]);
    linked.machine.screen = true;
    let seeing = plan("gemma-3-27b", &[("rtx-4090", 1)]);
    let mut sharded = plan("qwen3-30b-a3b", &[("h100-sxm5", 8)]);
    sharded.workload.task = Task::Qlora;
    sharded.workload.training.zero_stage = 2;
    sharded.workload.training.sharding = Sharding::Fsdp;
    vec![serving, server, drafted, alone, training, pooled, bridged, linked, seeing, sharded]
}

pub(crate) fn gib(gib: f64) -> Bytes {
    Bytes::from_gib(gib)
}

fn device(weights: f64, kv: f64, compute: f64, gpu_layers: u32, verdict: Verdict) -> DeviceEstimate {
    let total = gib(weights + kv + compute + 0.5);
    let usable = gib(23.99);
    DeviceEstimate {
        card: 0,
        capacity: gib(23.99),
        usable,
        screen: Bytes::ZERO,
        usable_is_estimate: false,
        unified: false,
        in_box: 0,
        backend: rigplan::catalog::runtime::Backend::Cuda,
        parts: Parts {
            weights: Some(gib(weights)),
            kv_cache: Some(gib(kv)),
            recurrent_state: Some(Bytes::ZERO),
            compute: Some(gib(compute)),
            ..Parts::NOTHING
        },
        kv_pool: None,
        also: Some(Bytes::ZERO),
        overhead: Band { low: gib(0.1), expected: gib(0.5), high: gib(0.75) },
        cached: Bytes::ZERO,
        total: Some(total),
        free: Some(usable - total),
        excess: Some(total - usable),
        gpu_layers,
        verdict: Some(verdict),
    }
}

fn host(weights: f64, kv: f64, verdict: Verdict) -> HostEstimate {
    let total = gib(weights + kv + 0.04);
    HostEstimate {
        capacity: gib(32.0),
        os: gib(6.2),
        parts: Parts {
            weights: Some(gib(weights)),
            kv_cache: Some(gib(kv)),
            recurrent_state: Some(Bytes::ZERO),
            compute: Some(gib(0.03)),
            ..Parts::NOTHING
        },
        output: Some(gib(0.01)),
        also: Some(Bytes::ZERO),
        prompt_cache: gib(8.0),
        total: Some(total),
        free: Some(gib(32.0 - 6.2) - total),
        excess: Some(Bytes::ZERO),
        verdict: Some(verdict),
    }
}

/// A band as wide as those of the design.
pub(crate) fn band(expected: f64) -> Band<f64> {
    Band { low: expected * 0.84, expected, high: expected * 1.13 }
}

/// The speed of one sequence whose step takes these times, with the other figures of the design.
pub(crate) fn speed(times: StepTimes) -> Speed {
    let decode = 1.0 / times.total();
    Speed {
        sustained: None,
        at_once: None,
        decode: Some(band(decode)),
        decode_total: Some(band(decode)),
        prefill: Some(band(350.0)),
        first_token: Some(band(5.9)),
        queued_first_token: None,
        load: Some(band(8.0)),
        network: None,
        power: Some(band(130.0)),
        energy: Some(band(12.4)),
        decode_spread: None,
        prefill_spread: None,
        times,
        reads: rigplan::estimate::speed::StepBytes::default(),
        train: None,
        pages: false,
        unpredictable: false,
    }
}

/// Decode speed against layers, of which the card holds so many.
fn cliff(most: u32) -> LayersCurve {
    let points = (0..=27).map(|step| step * 3).chain([44]).map(|layers| {
        let on_gpu = f64::from(layers) / 81.0;
        let decode = band(1.0 / (0.001 + 0.054 * on_gpu + 0.69 * (1.0 - on_gpu)));
        LayersPoint { layers, decode, holds: layers <= most }
    });
    let mut points: Vec<LayersPoint> = points.collect();
    points.sort_by_key(|point| point.layers);
    LayersCurve { points, most: Some(most), layers: 81 }
}

/// Throughput and latency up to so many sequences.
fn crowd(most: u32) -> Vec<SequencesPoint> {
    let asked = [1_u32, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];
    let point = |sequences: u32| {
        let each = 18.0 / (1.0 + 0.03 * f64::from(sequences));
        let total = band(each * f64::from(sequences));
        SequencesPoint { sequences, total, each: band(each), verdict: Verdict::Fits }
    };
    asked.into_iter().filter(|sequences| *sequences <= most).map(point).collect()
}

fn curve(weights: f64, kib_per_token: f64) -> Vec<ContextPoint> {
    (0..=8)
        .map(|step| {
            let context = 512_u64 << step;
            let kv = gib(context as f64 * kib_per_token / 1024.0 / 1024.0);
            let parts = Parts {
                weights: Some(gib(weights)),
                kv_cache: Some(kv),
                recurrent_state: Some(Bytes::ZERO),
                compute: Some(gib(0.84)),
                ..Parts::NOTHING
            };
            ContextPoint {
                context,
                parts,
                in_vram: Some(gib(23.5)),
                in_ram: parts.total().map(|total| total - gib(23.5)),
            }
        })
        .collect()
}

fn explain(_plan: &Plan, figure: Figure) -> Option<Explanation> {
    (figure == Figure::KvCache).then(|| Explanation {
        figure,
        terms: vec![Term {
            name: Key::TermKeysAndValues,
            factors: vec![Factor { quantity: Quantity::Layers, value: 80.0 }],
            bytes: Bytes(2_684_354_560),
            subtracted: false,
            beside: Beside::Nothing,
        }],
        result: Some(Bytes(2_684_354_560)),
        sequences: None,
        certainty: Certainty::Exact,
        source: rigplan::catalog::origin::Origin::cited("llama-kv-cache.cpp"),
    })
}

fn ways(plan: &Plan) -> Option<(Plan, Ladder)> {
    ladder(plan, Catalog::embedded()).map(|ladder| (plan.clone(), ladder))
}
