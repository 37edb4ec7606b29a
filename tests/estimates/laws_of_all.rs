//! Laws that hold for every engine and every task, at the ends of what can be asked as well.

use crate::laws::every_engine_and_task;
use crate::support::any::{cases, kind_of_card};
use proptest::prelude::*;
use proptest::sample::select;
use rigplan::advise::inverse::limits;
use rigplan::catalog::Catalog;
use rigplan::cli::jsonl::JsonlSession;
use rigplan::estimate::{Estimate, Verdict, estimate};
use rigplan::plan::{CpuExperts, GpuLayers, Plan, Precision, Runtime, Task, TrainingAttention};
use rigplan::units::Bytes;
use serde_json::Value;

/// No machine holds more of a part: figures above it have wrapped around or were added up of such.
const MOST: Bytes = Bytes(1 << 60);

fn known(plan: &Plan) -> Option<Estimate> {
    estimate(plan, Catalog::embedded()).ok().filter(|found| found.verdict.is_some())
}

/// Plans of every engine and task whose inputs lie at the ends of their ranges or in between.
pub(crate) fn extremes() -> impl Strategy<Value = Plan> {
    let tokens = prop_oneof![Just(1), Just(10 << 20), Just(100_000_000), 1..=100_000_000_u64];
    let at_once = prop_oneof![Just(1), Just(1024), Just(65_536), 1..=65_536_u32];
    let cards = prop::collection::vec(kind_of_card(1024), 0..=2);
    let shares = (select(vec![None, Some(1_u32), Some(8), Some(64)]), 1..=8_u32, 0..=3_u8);
    let step = (
        any::<bool>(),
        select(vec![TrainingAttention::Flash, TrainingAttention::Eager]),
        select(vec![Precision::Bf16, Precision::Bf16Master, Precision::Amp, Precision::Fp32]),
        select(vec![1_u32, 64, 4096]),
    );
    let ram = select(vec![0.001, 64.0, 1_048_576.0]);
    (every_engine_and_task(), (tokens, at_once), cards, shares, step, ram).prop_map(
        |(mut plan, (tokens, at_once), cards, (tensor, stages, zero), step, ram)| {
            plan.workload.set_length(tokens);
            plan.workload.sequences = at_once;
            plan.workload.tensor_parallel = tensor;
            let training = &mut plan.workload.training;
            training.micro_batch = at_once;
            (training.pipeline_parallel, training.zero_stage) = (stages, zero);
            (training.checkpointing, training.attention, training.precision, training.lora_rank) = step;
            plan.machine.cards = cards;
            plan.machine.ram_gib = ram;
            plan
        },
    )
}

/// Whether the figures of every device and of the host are the sums of their parts, and none has wrapped around.
fn adds_up(found: &Estimate) -> Result<(), String> {
    for device in &found.devices {
        let (Some(total), Some(parts)) = (device.total, device.parts.total()) else { continue };
        if parts + device.overhead.expected != total {
            return Err(format!("{parts} and {} are {total}", device.overhead.expected));
        }
        // Of a server's pool it is told what the plan leaves of it, or lacks.
        let (free, excess) = (Some(device.usable - total), Some(total - device.usable));
        if device.kv_pool.is_none() && (device.excess, device.free) != (excess, free) {
            return Err(format!("{total} of {}: {:?} free, {:?} too many", device.usable, device.free, device.excess));
        }
        if device.overhead.low > device.overhead.expected || device.overhead.expected > device.overhead.high {
            return Err(format!("{:?}", device.overhead));
        }
    }
    let host = &found.host;
    if host.parts.total().zip(host.output).map(|(parts, output)| parts + output) != host.total {
        return Err(format!("host {host:?}"));
    }
    let wrapped = found.needed().is_some_and(|needed| needed > MOST);
    if wrapped { Err(format!("{:?} in all", found.needed())) } else { Ok(()) }
}

/// Every number of an answer, with where it stands.
fn numbers(value: &Value, path: &str, found: &mut Vec<(String, f64)>) {
    match value {
        Value::Number(number) => found.extend(number.as_f64().map(|number| (path.to_owned(), number))),
        Value::Array(list) => list.iter().for_each(|value| numbers(value, path, found)),
        Value::Object(map) => map.iter().for_each(|(key, value)| numbers(value, &format!("{path}/{key}"), found)),
        _ => {}
    }
}

/// The more it is, the better.
const fn rank(found: &Estimate) -> u8 {
    match found.verdict {
        Some(Verdict::Fits) => 3,
        Some(Verdict::Tight) => 2,
        Some(Verdict::Offload) => 1,
        Some(Verdict::DoesNotFit) | None => 0,
    }
}

fn weights(found: &Estimate) -> Option<Bytes> {
    let on_devices: Option<Bytes> = found.devices.iter().map(|device| device.parts.weights).sum();
    on_devices.zip(found.host.parts.weights).map(|(devices, host)| devices + host)
}

fn fullest(found: &Estimate) -> Option<Bytes> {
    found.devices.iter().filter_map(|device| device.parts.weights).max()
}

/// Where nothing is chosen by what is free, so that two plans lie in the same places.
fn fixed(mut plan: Plan) -> Plan {
    plan.workload.gpu_layers = GpuLayers::All;
    plan.workload.cpu_experts = CpuExperts::Count(0);
    plan.machine.ram_gib = 1_048_576.0;
    plan
}

proptest! {
    #![proptest_config(cases(3000))]

    #[test]
    fn sums_add_up_or_it_is_refused(plan in prop_oneof![every_engine_and_task(), extremes()]) {
        match estimate(&plan, Catalog::embedded()) {
            Ok(found) => if let Err(wrong) = adds_up(&found) {
                prop_assert!(false, "{wrong} in {plan:?}");
            },
            Err(error) => prop_assert_eq!(error.to_string().lines().count(), 1),
        }
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn the_weights_are_the_same_whatever_is_asked_of_them(plan in every_engine_and_task(), more in 1..200_000_u64) {
        let plan = fixed(plan);
        let mut longer = plan.clone();
        longer.workload.set_length(plan.workload.length() + more);
        if plan.workload.task == Task::Serve
            && let (Some(short), Some(long)) = (known(&plan), known(&longer))
        {
            prop_assert_eq!(weights(&short), weights(&long));
        }
    }

    #[test]
    fn more_at_once_never_needs_less_cache(plan in every_engine_and_task(), more in 1..64_u32) {
        let plan = fixed(plan);
        let mut many = plan.clone();
        many.workload.sequences += more;
        if let (Some(few), Some(many)) = (known(&plan), known(&many)) {
            let cache = |found: &Estimate| {
                let parts = found.devices.iter().map(|device| &device.parts).chain([&found.host.parts]);
                parts.map(|parts| parts.kv_cache.unwrap_or(Bytes::ZERO)).sum::<Bytes>()
            };
            prop_assert!(cache(&few) <= cache(&many), "{} then {}", cache(&few), cache(&many));
        }
    }

    #[test]
    fn more_ram_is_never_worse(plan in every_engine_and_task()) {
        let mut more = plan.clone();
        more.machine.ram_gib *= 2.0;
        if let (Some(less), Some(more)) = (known(&plan), known(&more)) {
            prop_assert!(rank(&less) <= rank(&more), "{:?} then {:?}", less.verdict, more.verdict);
        }
    }

    #[test]
    fn twice_as_many_cards_of_a_server_hold_no_more_weights_each(plan in every_engine_and_task(), card in kind_of_card(1)) {
        let with = |count: u32| {
            let mut plan = fixed(plan.clone());
            plan.workload.task = Task::Serve;
            plan.machine.screen = false;
            plan.machine.cards = vec![rigplan::plan::CardCount { count, ..card.clone() }];
            known(&plan).and_then(|found| fullest(&found))
        };
        if plan.workload.runtime != Runtime::LlamaCpp {
            for count in [1, 2, 4] {
                if let (Some(few), Some(many)) = (with(count), with(2 * count)) {
                    prop_assert!(many <= few, "{few} on {count}, {many} on {}", 2 * count);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(16))]

    #[test]
    fn the_largest_of_every_engine_and_task_fits_and_one_step_more_does_not(mut plan in every_engine_and_task()) {
        let length = plan.workload.length().min(16_384);
        plan.workload.set_length(length);
        let Ok(found) = limits(&plan, Catalog::embedded()) else { return Ok(()) };
        let held = |plan: &Plan, spilled: bool| match known(plan).and_then(|found| found.verdict) {
            Some(Verdict::Fits | Verdict::Tight) => true,
            Some(Verdict::Offload) => spilled,
            _ => false,
        };
        for (limit, spilled) in [(found.context_in_vram, false), (found.context_with_ram, true)] {
            let mut trial = plan.clone();
            let mut holds = |tokens| {
                trial.workload.set_length(tokens);
                held(&trial, spilled)
            };
            let (largest, next) = (limit.unwrap_or(0), limit.unwrap_or(0) + 256);
            prop_assert!(limit.is_none() || holds(largest), "{largest} tokens");
            prop_assert!(next > 10 << 20 || !holds(next), "{next} tokens hold, not only {largest}");
        }
        for (limit, spilled) in [(found.sequences_in_vram, false), (found.sequences_with_ram, true)] {
            let mut trial = plan.clone();
            let mut holds = |count| {
                if trial.workload.task.trains() {
                    trial.workload.training.micro_batch = count;
                } else {
                    trial.workload.sequences = count;
                }
                held(&trial, spilled)
            };
            let (most, next) = (limit.unwrap_or(0), limit.unwrap_or(0) + 1);
            prop_assert!(limit.is_none() || holds(most), "{most} at once");
            prop_assert!(next > 1024 || !holds(next), "{next} at once hold");
        }
    }
}

/// What scripts read: a number that is none would be written as null, and one that wrapped around as a huge one.
#[test]
fn no_number_of_an_answer_is_absurd() {
    let mut session = JsonlSession::new(Catalog::embedded());
    let tasks = [r#""task":"serve""#, r#""task":"full""#, r#""task":"lora""#, r#""task":"qlora""#];
    let engines = ["llama.cpp", "vllm", "sglang", "tgi", "tensorrt-llm", "transformers"];
    let sizes = [
        r#""context":1,"sequence_length":1"#,
        r#""context":100000000,"sequence_length":100000000"#,
        r#""sequences":65536,"micro_batch":65536"#,
        r#""ram_gib":0.001,"cards":0"#,
        r#""cards":1024,"ram_gib":1048576"#,
    ];
    let mut answered = 0;
    for model in ["qwen3-0.6b", "deepseek-v3", "gpt-oss-120b", "kimi-k2", "mamba-2.8b"] {
        for (engine, task) in engines.iter().flat_map(|engine| tasks.map(|task| (engine, task))) {
            for size in sizes {
                let request = format!(r#"{{"model":"{model}","runtime":"{engine}",{task},{size}}}"#);
                let mut out = Vec::new();
                session.answer(request.as_bytes(), &mut out);
                let answer: Value = serde_json::from_slice(&out).expect("an answer");
                let mut found = Vec::new();
                numbers(&answer, "", &mut found);
                answered += usize::from(!found.is_empty());
                for (path, number) in found {
                    let most = if path.ends_with("_bytes") { MOST.0 as f64 } else { 1e30 };
                    assert!((0.0..=most).contains(&number), "{path} is {number} in {request}");
                }
            }
        }
    }
    assert!(answered > 200, "{answered} were answered");
}
