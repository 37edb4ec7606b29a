//! Laws that hold for every plan: what rises with what, what adds up, and what a verdict and a limit promise.

use crate::support::any::{cases, extreme_plans, kind_of_card, plans};
use proptest::prelude::*;
use proptest::sample::select;
use rigplan::advise::inverse::{Limits, limits};
use rigplan::catalog::Catalog;
use rigplan::catalog::quantization::{KvPrecision, Quantization};
use rigplan::estimate::{DeviceEstimate, Estimate, Parts, Verdict, Warning, estimate};
use rigplan::plan::{CardChoice, CpuExperts, GpuLayers, KvCache, ModelChoice, Plan, Runtime, RuntimeVersion, Task};
use rigplan::units::{Bytes, GIB};

/// What is known about a plan; `None` where the engine refuses it or its layout is unknown.
fn known(plan: &Plan) -> Option<Estimate> {
    estimate(plan, Catalog::embedded()).ok().filter(|found| found.verdict.is_some())
}

/// A part summed over devices and host.
fn everywhere(found: &Estimate, part: fn(&Parts) -> Option<Bytes>) -> Bytes {
    let places = found.devices.iter().map(|device| &device.parts).chain([&found.host.parts]);
    places.map(|parts| part(parts).expect("a known part")).sum()
}

fn caches(found: &Estimate) -> (Bytes, Bytes) {
    (everywhere(found, |parts| parts.kv_cache), everywhere(found, |parts| parts.recurrent_state))
}

fn weights_on_devices(found: &Estimate) -> Bytes {
    found.parts_in_vram().weights.expect("known weights")
}

/// Where `auto` would choose, all layers: what is compared must lie in the same place.
fn fixed_layers(mut plan: Plan) -> Plan {
    if plan.workload.gpu_layers == GpuLayers::Auto {
        plan.workload.gpu_layers = GpuLayers::All;
    }
    plan
}

/// Whether every device has as much left as the engine's own fit leaves free.
fn leaves_margin(found: &Estimate) -> bool {
    let margin = Catalog::embedded().runtimes().llama_cpp.fit.margin();
    devices_hold(found) && found.devices.iter().all(|device| device.free.is_some_and(|free| free >= margin))
}

/// Whether every device holds what lies on it.
fn devices_hold(found: &Estimate) -> bool {
    found.devices.iter().all(|device| device.excess == Some(Bytes::ZERO))
}

fn with_layers(plan: &Plan, layers: u32) -> Plan {
    let mut plan = plan.clone();
    plan.workload.gpu_layers = GpuLayers::Count(layers);
    plan
}

/// Plans of every engine and task, with budgets that leave much, little or nothing beside them.
pub(crate) fn every_engine_and_task() -> impl Strategy<Value = Plan> {
    use Quantization as Q;
    let what = (select(Runtime::ALL.to_vec()), select(vec![Q::bf16, Q::fp16, Q::fp8, Q::int4, Q::awq]));
    let tasks = select(vec![Task::Serve, Task::Serve, Task::Serve, Task::Full, Task::Lora, Task::Qlora]);
    let batch = select(vec![None, Some(2048), Some(1 << 20), Some(100_000_000)]);
    let share = select(vec![None, Some(0.5), Some(0.95), Some(1.0)]);
    let old = RuntimeVersion::Number { major: 0, minor: 6 };
    let settings = (batch, share, any::<bool>(), select(vec![None, Some(old)]));
    (plans(), what, tasks, settings).prop_map(
        |(mut plan, (engine, precision), task, (batch, share, eager, version))| {
            let workload = &mut plan.workload;
            workload.task = task;
            if engine != Runtime::LlamaCpp {
                workload.runtime = engine;
                workload.quantization = precision;
                workload.kv_cache = KvCache { k: KvPrecision::f16, v: KvPrecision::f16 };
                workload.server.max_batched_tokens = batch;
                workload.server.gpu_memory_utilization = share;
                workload.server.enforce_eager = eager;
                workload.runtime_version = version;
            }
            plan
        },
    )
}

/// No verdict better than "does not fit" where a device holds more than it offers, for it and for the whole.
fn judged_right(found: &Estimate) -> bool {
    let exceeded = |device: &DeviceEstimate| device.total.is_some_and(|total| total > device.usable);
    let device_is_right = |device: &DeviceEstimate| {
        !exceeded(device) || device.verdict == Some(Verdict::DoesNotFit) && device.excess > Some(Bytes::ZERO)
    };
    found.devices.iter().all(device_is_right)
        && (!found.devices.iter().any(exceeded) || found.verdict == Some(Verdict::DoesNotFit))
}

/// The engine's own budget held, and the device did not.
#[test]
fn a_pool_beside_which_the_rest_has_no_room_does_not_fit() {
    let serving = |model: &str, card: &str, count: u32, runtime: Runtime| {
        let mut plan = Plan::default();
        plan.workload.choose_runtime(runtime);
        plan.workload.model = ModelChoice::Catalog(model.to_owned());
        plan.machine.cards[0].card = CardChoice::Catalog(card.to_owned());
        plan.machine.cards[0].count = count;
        plan
    };
    let mut large = serving("llama-3.1-8b", "rtx-4090", 1, Runtime::Sglang);
    large.workload.server.max_batched_tokens = Some(100_000_000);
    let mut old = serving("qwen3-8b", "rtx-3050-6gb-laptop", 4, Runtime::Vllm);
    old.workload.runtime_version = Some(RuntimeVersion::Number { major: 0, minor: 6 });
    for plan in [large, old] {
        let found = known(&plan).expect("a known layout");
        assert!(found.devices.iter().any(|device| device.total > Some(device.usable)), "{:?}", found.devices);
        assert_eq!(found.verdict, Some(Verdict::DoesNotFit));
        assert!(judged_right(&found));
    }
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn nothing_fits_where_more_lies_on_a_device_than_it_offers(plan in every_engine_and_task()) {
        if let Some(found) = known(&plan) {
            prop_assert!(judged_right(&found), "{:?}: {:?}", found.verdict, found.devices);
        }
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn caches_never_fall_when_context_or_sequences_rise(
        plan in plans(), tokens in 0..100_000_u64, sequences in 0..8_u32,
    ) {
        let plan = fixed_layers(plan);
        let mut more = plan.clone();
        more.workload.context += tokens;
        more.workload.sequences += sequences;
        if let (Some(less), Some(more)) = (known(&plan), known(&more)) {
            let ((kv, state), (more_kv, more_state)) = (caches(&less), caches(&more));
            prop_assert!(kv <= more_kv && state <= more_state, "{kv} and {state}, then {more_kv} and {more_state}");
        }
    }

    #[test]
    fn every_weight_lies_somewhere(plan in plans()) {
        let Some(found) = known(&plan) else { return Ok(()) };
        let file = found.weights.expect("known weights");
        let placed = everywhere(&found, |parts| parts.weights);
        prop_assert!(placed >= file, "{placed} placed of {file}");
        // Rope factors in each buffer, a copy of tied embeddings, and padding: nothing else is there twice.
        let mut alone = plan.clone();
        alone.machine.cards.clear();
        let in_ram = known(&alone).and_then(|alone| alone.host.parts.weights).expect("known weights");
        prop_assert!(in_ram >= file);
        let tied = match &plan.workload.model {
            ModelChoice::Catalog(id) => Catalog::embedded().model(id).is_some_and(|model| model.tie_word_embeddings),
            ModelChoice::File { .. } | ModelChoice::Size(_) => true,
        };
        if !tied {
            let bound = file.0 + file.0 / 100;
            prop_assert!(placed.0 <= bound && in_ram.0 <= bound, "{placed} and {in_ram} of {file}");
        }
    }

    #[test]
    fn more_layers_never_lower_the_weights_on_devices(plan in plans(), fewer in 0..130_u32, more in 1..20_u32) {
        if let (Some(less), Some(more)) = (known(&with_layers(&plan, fewer)), known(&with_layers(&plan, fewer + more))) {
            prop_assert!(weights_on_devices(&less) <= weights_on_devices(&more));
            prop_assert!(less.host.parts.weights >= more.host.parts.weights);
            prop_assert!(less.gpu_layers() <= more.gpu_layers());
        }
    }

    #[test]
    fn totals_add_up(plan in plans()) {
        let Some(found) = known(&plan) else { return Ok(()) };
        for device in &found.devices {
            let total = device.total.expect("a known total");
            prop_assert_eq!(device.parts.total().map(|parts| parts + device.overhead.expected), Some(total));
            prop_assert_eq!(device.free, Some(device.usable - total));
            prop_assert_eq!(device.excess, Some(total - device.usable));
            prop_assert!(device.overhead.low <= device.overhead.expected && device.usable <= device.capacity);
        }
        let host = &found.host;
        prop_assert_eq!(host.parts.total().zip(host.output).map(|(parts, output)| parts + output), host.total);
        prop_assert!(host.free == Some(Bytes::ZERO) || host.excess == Some(Bytes::ZERO));
        let in_vram: Bytes = found.devices.iter().filter_map(|device| device.total).sum();
        prop_assert_eq!(found.needed(), host.total.map(|total| total + in_vram));
        prop_assert!(found.gpu_layers() <= found.layers);
        let parameters = found.params.expect("known parameters") as f64;
        let bits = found.weights.expect("known weights").0 as f64 * 8.0 / parameters;
        prop_assert!((found.bits_per_weight.expect("known bits") - bits).abs() < 1e-9);
    }

    #[test]
    fn a_verdict_says_what_the_margins_say(plan in plans()) {
        let Some(found) = known(&plan) else { return Ok(()) };
        let nothing = Some(Bytes::ZERO);
        let exceeded = !devices_hold(&found) || found.host.excess != nothing;
        prop_assert_eq!(found.verdict == Some(Verdict::DoesNotFit), exceeded);
        if exceeded {
            return Ok(());
        }
        let layers_in_ram = !found.devices.is_empty() && found.gpu_layers() < found.layers;
        if layers_in_ram {
            prop_assert_eq!(found.verdict, Some(Verdict::Offload));
        }
        let roomy = found.devices.iter().all(|device| {
            let spare = Bytes((device.usable.0 / 20).min(GIB));
            device.free.expect("known") >= device.overhead.high - device.overhead.expected + spare
        });
        match found.verdict {
            Some(Verdict::Fits) => prop_assert!(roomy),
            Some(Verdict::Tight) if !found.devices.is_empty() => prop_assert!(!roomy),
            Some(Verdict::Offload) => {
                let experts_in_ram = found.experts.first > 0 || plan.workload.asked_experts() > 0;
                // Types that no device has a kernel for stay in RAM, whatever layer they are of.
                let without_kernel = matches!(plan.workload.quantization, Quantization::TQ1_0 | Quantization::TQ2_0);
                prop_assert!(layers_in_ram || experts_in_ram || without_kernel);
            }
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn auto_is_the_most_that_every_device_holds(mut plan in plans(), more in 1..20_u32) {
        plan.workload.gpu_layers = GpuLayers::Auto;
        plan.workload.cpu_experts = CpuExperts::Count(0);
        let Some(found) = known(&plan) else { return Ok(()) };
        if found.devices.is_empty() {
            return Ok(());
        }
        let chosen = found.gpu_layers();
        // With none on it a device still has a compute buffer, which a tiny one does not hold.
        prop_assert!(chosen == 0 || devices_hold(&found), "{chosen} layers exceed a device");
        let mut all = plan.clone();
        all.workload.gpu_layers = GpuLayers::All;
        if devices_hold(&known(&all).expect("numbers")) {
            prop_assert_eq!(chosen, found.layers);
            return Ok(());
        }
        prop_assert!(chosen == 0 || leaves_margin(&found), "{chosen} layers leave less than the engine's own fit");
        // One layer more leaves too little on a device. On one device so do more of them; of several, shares are rounded
        // to whole layers, so that a device may be given fewer again.
        let above = if found.devices.len() == 1 { more } else { 1 };
        for layers in [chosen + 1, chosen + above] {
            if layers <= found.layers {
                let next = known(&with_layers(&plan, layers)).expect("numbers");
                prop_assert!(!leaves_margin(&next), "{layers} layers are held, too, not only {chosen}");
            }
        }
    }

    #[test]
    fn twice_as_many_equal_cards_hold_no_more_weights_each(plan in plans(), card in kind_of_card(1), doublings in 0..4) {
        let mut plan = fixed_layers(plan);
        plan.machine.screen = false;
        let mut largest = |count| {
            plan.machine.cards = vec![rigplan::plan::CardCount { count, ..card.clone() }];
            known(&plan).and_then(|found| found.devices.iter().filter_map(|device| device.parts.weights).max())
        };
        let (fewer, more) = (largest(1_u32 << doublings), largest(2_u32 << doublings));
        prop_assert!(more <= fewer, "{more:?} with twice the cards, {fewer:?} before");
    }

    #[test]
    fn the_end_of_every_range_is_answered(plan in extreme_plans()) {
        // Sums are checked in a debug build: one that overflows panics.
        match estimate(&plan, Catalog::embedded()) {
            Ok(found) => {
                let unknown = found.warnings.contains(&Warning::LayoutUnknown);
                prop_assert_eq!(found.verdict.is_none(), unknown);
                prop_assert_eq!(found.host.total.is_none(), unknown);
                let saturated = Bytes(u64::MAX / 4);
                prop_assert!(found.needed().is_none_or(|needed| needed < saturated), "{:?}", found.needed());
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn a_limit_holds_and_what_is_above_does_not(mut plan in plans(), above in 2..1000_u64) {
        plan.workload.context = plan.workload.context.min(32_768);
        let catalog = Catalog::embedded();
        let Ok(found) = limits(&plan, catalog) else { return Ok(()) };
        let Limits { context_in_vram, context_with_ram, sequences_in_vram, sequences_with_ram, .. } = found;
        prop_assert!(context_with_ram >= context_in_vram && sequences_with_ram >= sequences_in_vram);
        let held = |plan: &Plan, spilled: bool| match known(plan).and_then(|found| found.verdict) {
            Some(Verdict::Fits | Verdict::Tight) => true,
            Some(Verdict::Offload) => spilled,
            _ => false,
        };
        for (limit, spilled) in [(context_in_vram, false), (context_with_ram, true)] {
            let mut trial = plan.clone();
            let mut holds = |context| {
                trial.workload.context = context;
                held(&trial, spilled)
            };
            let (largest, next) = (limit.unwrap_or(0), limit.unwrap_or(0) + 256);
            prop_assert!(limit.is_none() || holds(largest), "context {largest}");
            if next <= 10 << 20 {
                prop_assert!(!holds(next), "context {next} holds, not only {largest}");
                prop_assert!(!holds(next + above * 256), "context {next} + {above} × 256 holds, not only {largest}");
            }
        }
        for (limit, spilled) in [(sequences_in_vram, false), (sequences_with_ram, true)] {
            let mut trial = plan.clone();
            let mut holds = |sequences| {
                trial.workload.sequences = sequences;
                held(&trial, spilled)
            };
            let next = limit.unwrap_or(0) + 1;
            prop_assert!(limit.is_none() || holds(next - 1), "{} sequences", next - 1);
            if next <= 1024 {
                prop_assert!(!holds(next), "{next} sequences hold");
            }
        }
        if let Some(parameters) = found.model_parameters {
            let mut trial = plan.clone();
            trial.workload.cpu_experts = CpuExperts::Count(0);
            trial.workload.model = ModelChoice::Size(parameters);
            prop_assert!(held(&trial, false), "a model of {parameters} parameters");
        }
        if let Some(quantization) = found.quantization {
            let mut trial = plan.clone();
            trial.workload.quantization = quantization;
            prop_assert!(held(&trial, false), "{quantization:?}");
        }
    }
}
