//! Several programs on one machine: parts add up, nothing is freed by one more, order does not matter, and what collides is
//! said with the setting that solves it.

use proptest::prelude::*;
use proptest::sample::select;
use rigplan::advise::ranking::trial;
use rigplan::advise::remedies::{Change, changed, ladder};
use rigplan::catalog::Catalog;
use rigplan::catalog::quantization::Quantization;
use rigplan::estimate::explain::{Figure, explain};
use rigplan::estimate::{Estimate, EstimateError, Estimator, Refusal, Verdict, Warning, estimate};
use rigplan::plan::{
    Drafter, GpuLayers, MAX_RESIDENTS, ModelChoice, Plan, Resident, ResidentPlace, Runtime, VisionPlace,
};
use rigplan::units::Bytes;

use crate::support::any::{cases, plans};
use crate::support::plans::{ask, cards, plan};

/// A small model in its usual precision.
fn small(id: &str, place: ResidentPlace) -> Resident {
    let model = ModelChoice::Catalog(id.to_owned());
    Resident { place, ..Resident::of(model, &Plan::default().machine, Catalog::embedded()) }
}

/// The same served by vLLM with this share.
fn served(id: &str, place: ResidentPlace, share: Option<f64>) -> Resident {
    let mut resident = small(id, place);
    resident.workload.choose_runtime(Runtime::Vllm);
    resident.workload.quantization = Quantization::bf16;
    resident.workload.context = 4096;
    resident.workload.server.gpu_memory_utilization = share;
    resident
}

fn with(plan: &Plan, also: Vec<Resident>) -> Plan {
    Plan { also, ..plan.clone() }
}

/// A 72B model that sees and has a draft model guess ahead, an embedder and a reranker on two unequal cards.
fn workstation() -> Plan {
    let mut plan = plan("qwen2.5-vl-72b", "Q4_K_M", "rtx-5090");
    plan.machine.cards.push(cards("rtx-4090", 1));
    plan.machine.ram_gib = 256.0;
    plan.workload.gpu_layers = GpuLayers::Auto;
    plan.workload.speculation.drafter = Drafter::Model("qwen2.5-0.5b".to_owned());
    plan.workload.speculation.quantization = Some(Quantization::Q8_0);
    plan.workload.vision = Some(VisionPlace::Gpu);
    plan.also =
        vec![small("qwen3-embedding-0.6b", ResidentPlace::Device(1)), small("qwen3-0.6b", ResidentPlace::Device(0))];
    plan
}

fn rows() -> impl Strategy<Value = Resident> {
    let ids = vec!["qwen3-0.6b", "qwen3-embedding-0.6b", "llama-3.2-1b", "qwen3-4b"];
    let places = vec![ResidentPlace::AllDevices, ResidentPlace::Device(0), ResidentPlace::Ram, ResidentPlace::Off];
    (select(ids), select(places), 1..=32_768_u64).prop_map(|(id, place, context)| {
        let mut resident = small(id, place);
        resident.workload.context = context;
        resident
    })
}

/// Each memory holds what lies in it, and no other.
fn adds_up(found: &Estimate) -> Result<(), TestCaseError> {
    for (place, device) in found.devices.iter().enumerate() {
        let also: Option<Bytes> = found.also.iter().map(|resident| resident.held_on(place)).sum();
        prop_assert_eq!(device.also, also);
        let total = device.parts.total().zip(also).map(|(own, also)| own + device.overhead.expected + also);
        prop_assert_eq!(device.total, total);
        if let (Some(balance), None) = (device.balance(), device.kv_pool) {
            prop_assert_eq!(balance.needed + balance.free, device.usable + balance.excess);
        }
    }
    let also: Option<Bytes> = found.also.iter().map(rigplan::estimate::ResidentEstimate::in_ram).sum();
    prop_assert_eq!(found.host.also, also);
    let own = found.host.parts.total().zip(found.host.output).zip(also);
    prop_assert_eq!(found.host.total, own.map(|((parts, output), also)| parts + output + also));
    Ok(())
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn parts_add_up_whatever_runs_beside(plan in plans(), also in prop::collection::vec(rows(), 1..4)) {
        let Ok(plain) = estimate(&plan, Catalog::embedded()) else { return Ok(()) };
        let plan = with(&plan, also);
        match estimate(&plan, Catalog::embedded()) {
            Ok(found) => {
                adds_up(&found)?;
                prop_assert!(found.verdict >= plain.verdict, "one more program makes nothing fit");
            }
            // A machine without a card has no first device.
            Err(EstimateError::InRow { error, .. }) => {
                let no_device = matches!(*error, EstimateError::NoDevice { .. });
                prop_assert!(no_device && plain.devices.is_empty(), "{error}");
            }
            Err(error) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn one_more_frees_nothing_and_taken_away_it_leaves_no_trace(plan in plans(), also in prop::collection::vec(rows(), 2..4)) {
        let mut plan = plan;
        // What is asked for lies where it is asked for.
        plan.workload.gpu_layers = GpuLayers::All;
        let estimator = &mut Estimator::default();
        let fewer = with(&plan, also[1..].to_vec());
        let Ok(before) = estimator.estimate(&fewer, Catalog::embedded()) else { return Ok(()) };
        let Ok(more) = estimator.estimate(&with(&plan, also), Catalog::embedded()) else { return Ok(()) };
        // Layers go where there is room, so that a card by itself may hold less than before.
        prop_assert!(more.needed_in_vram() >= before.needed_in_vram(), "in VRAM");
        prop_assert!(more.host.total >= before.host.total, "in RAM");
        prop_assert!(more.verdict >= before.verdict, "and no judgment is better");
        prop_assert_eq!(estimator.estimate(&fewer, Catalog::embedded()), Ok(before), "as if it had never been there");
    }

    #[test]
    fn order_does_not_matter(plan in plans(), also in prop::collection::vec(rows(), 2..5)) {
        let Ok(one) = estimate(&with(&plan, also.clone()), Catalog::embedded()) else { return Ok(()) };
        let turned = also.into_iter().rev().collect();
        let mut other = estimate(&with(&plan, turned), Catalog::embedded()).expect("the same in another order");
        other.also.reverse();
        prop_assert_eq!(one, other);
    }
}

#[test]
fn a_program_beside_is_what_it_is_as_a_plan_of_its_own() {
    let also = vec![small("qwen3-embedding-0.6b", ResidentPlace::Device(0))];
    let plan = Plan { also, ..Plan::default() };
    let found = ask(&plan);
    let own = ask(&plan.of_resident(0).unwrap());
    assert_eq!(found.also[0].alone.as_deref(), Some(&own), "the same law");
    assert_eq!(found.also[0].held_on(0), own.devices[0].total, "all of it");
    let mut second = Plan::default();
    second.machine.cards.push(cards("rtx-3090", 1));
    second.also = vec![small("qwen3-embedding-0.6b", ResidentPlace::Device(1))];
    let found = ask(&second);
    assert_eq!(found.devices[0].also, Some(Bytes::ZERO));
    let other = ask(&second).also[0].on(1).map(|device| device.capacity);
    assert_eq!(other, Some(found.devices[1].capacity), "the card that it was put on");
}

#[test]
fn the_plans_own_model_takes_what_is_left() {
    let mut plan = plan("qwen2.5-32b", "Q4_K_M", "rtx-4090");
    plan.workload.gpu_layers = GpuLayers::Auto;
    let alone = ask(&plan);
    assert!(alone.verdict <= Some(Verdict::Tight), "it fits by itself");
    plan.also = vec![small("qwen3-4b", ResidentPlace::Device(0))];
    let beside = ask(&plan);
    assert_eq!(beside.verdict, Some(Verdict::Offload), "layers make room");
    assert!(beside.gpu_layers() < alone.gpu_layers() && beside.devices[0].excess == Some(Bytes::ZERO));
    let rate = |found: &Estimate| found.speed.decode.unwrap().expected;
    assert!(rate(&beside) < rate(&alone), "which costs speed");
    let (once, turn) = (beside.speed.at_once.unwrap().expected, rate(&beside));
    assert!((once * 2.0 - turn).abs() < 1e-6, "two on one card take turns");
    plan.also[0].place = ResidentPlace::Off;
    assert_eq!(ask(&plan).gpu_layers(), alone.gpu_layers(), "what is not loaded takes nothing");
    plan.also[0].place = ResidentPlace::Ram;
    let in_ram = ask(&plan);
    assert_eq!((in_ram.gpu_layers(), in_ram.speed.at_once), (alone.gpu_layers(), None));
    assert!(in_ram.host.total > alone.host.total);
}

#[test]
fn shares_that_collide_are_told_with_the_share_that_solves_it() {
    let mut plan = Plan::default();
    plan.workload.choose_runtime(Runtime::Vllm);
    plan.workload.model = ModelChoice::Catalog("qwen3-8b".to_owned());
    plan.workload.quantization = Quantization::fp8;
    plan.workload.server.gpu_memory_utilization = Some(0.6);
    assert!(ask(&plan).verdict <= Some(Verdict::Tight));
    plan.also = vec![served("qwen3-embedding-0.6b", ResidentPlace::Device(0), None)];
    let found = ask(&plan);
    assert_eq!(found.verdict, Some(Verdict::DoesNotFit), "0.9 and 0.6 of one card");
    let told = found.warnings.iter().find_map(|warning| match warning {
        Warning::SharesCollide { solved, .. } => Some(*solved),
        _ => None,
    });
    let Some(Some((Some(0), share))) = told else { panic!("{told:?}") };
    plan.also[0].workload.server.gpu_memory_utilization = Some(share);
    let solved = ask(&plan);
    assert!(solved.verdict <= Some(Verdict::Tight), "{share}: {:?}", solved.devices[0]);
    assert!(!solved.warnings.iter().any(|warning| matches!(warning, Warning::SharesCollide { .. })));
    plan.also[0].workload.server.gpu_memory_utilization = None;
    let ways = ladder(&plan, Catalog::embedded()).unwrap();
    let offered = ways.ways.iter().any(|way| way.change == Change::ProgramShare { row: 0, share });
    assert!(offered, "{:?}", ways.ways.iter().map(|way| &way.change).collect::<Vec<_>>());
}

#[test]
fn a_server_that_asks_for_more_than_is_left_does_not_start() {
    let mut plan = Plan::default();
    plan.workload.choose_runtime(Runtime::Vllm);
    plan.workload.model = ModelChoice::Catalog("qwen3-8b".to_owned());
    plan.workload.quantization = Quantization::fp8;
    plan.also = vec![small("qwen3-embedding-0.6b", ResidentPlace::Device(0))];
    let found = ask(&plan);
    assert_eq!(found.verdict, Some(Verdict::DoesNotFit), "it asks for 0.9 of the whole");
    let share = found.warnings.iter().find_map(|warning| match warning {
        Warning::SharesCollide { solved: Some((None, share)), .. } => Some(*share),
        _ => None,
    });
    plan.workload.server.gpu_memory_utilization = share;
    assert!(ask(&plan).verdict <= Some(Verdict::Tight), "{share:?}");
}

#[test]
fn what_is_wrong_with_a_row_names_it() {
    let catalog = Catalog::embedded();
    let said = |also: Vec<Resident>| match estimate(&with(&Plan::default(), also), catalog) {
        Err(error) => error.to_string(),
        Ok(found) => panic!("{:?}", found.verdict),
    };
    let good = || small("qwen3-0.6b", ResidentPlace::Device(0));
    assert_eq!(
        said(vec![good(), small("qwen3-0.6b", ResidentPlace::Device(1))]),
        "also[1]: there is no GPU 1: the machine has 1, counted from 0"
    );
    let unknown = said(vec![small("qwen3-0.6", ResidentPlace::Ram)]);
    assert!(unknown.starts_with("also[0]: unknown model \"qwen3-0.6\", nearest: "), "{unknown}");
    let many = said(vec![good(); MAX_RESIDENTS + 1]);
    assert!(many.contains("also") && many.contains("17") && many.contains("16"), "{many}");
    let mut absurd = good();
    absurd.workload.context = 0;
    assert!(said(vec![good(), absurd]).starts_with("also[1].workload.context is 0"));
    let on_cpu = served("qwen3-0.6b", ResidentPlace::Ram, None);
    let refused = estimate(&with(&Plan::default(), vec![on_cpu]), catalog).unwrap_err();
    let EstimateError::InRow { row: 0, error } = refused else { panic!("{refused}") };
    assert_eq!(*error, EstimateError::Refused(Refusal::ServerOnCpu));
}

#[test]
fn a_workstation_with_five_parts_is_answered_whole() {
    let plan = workstation();
    let found = ask(&plan);
    adds_up(&found).unwrap();
    assert!(found.verdict.is_some_and(|verdict| verdict <= Verdict::Offload), "{:?}", found.verdict);
    assert!(found.drafter.is_some(), "who guesses is part of the plan's own program");
    assert!(found.devices[0].parts.vision > Some(Bytes::ZERO), "and so is what sees");
    for (place, row) in [(1, 0), (0, 1)] {
        assert!(found.also[row].held_on(place) > Some(Bytes(1 << 29)), "row {row} on GPU {place}");
        assert_eq!(found.also[row].held_on(1 - place), Some(Bytes::ZERO), "and there alone");
    }
    let why = explain(&plan, Catalog::embedded(), Figure::Also).unwrap();
    assert_eq!(Some(why.terms.iter().map(|term| term.bytes).sum()), why.result, "{:?}", why.terms);
    let all: Option<Bytes> = found.also.iter().map(rigplan::estimate::ResidentEstimate::held).sum();
    assert_eq!(why.result, all);
    for figure in [Figure::Weights, Figure::KvCache, Figure::Compute, Figure::Overhead] {
        let why = explain(&plan, Catalog::embedded(), figure).unwrap();
        let sum: f64 =
            why.terms.iter().map(|term| term.bytes.0 as f64 * if term.subtracted { -1.0 } else { 1.0 }).sum();
        assert!((sum - why.result.unwrap().0 as f64).abs() < 1.0, "{figure:?}: {:?}", why.terms);
    }
}

#[test]
fn other_machines_keep_what_runs_beside() {
    let catalog = Catalog::embedded();
    let plan = workstation();
    let one = trial(&plan, catalog.card("rtx-3090").unwrap(), 1, catalog);
    assert!(one.also.iter().all(|resident| resident.place == ResidentPlace::Device(0)), "on the card there is");
    assert!(estimate(&one, catalog).is_ok());
    let swapped = changed(&plan, &[Change::SwapCards { card: "rtx-3090".to_owned(), count: 1 }]);
    assert!(estimate(&swapped, catalog).is_ok(), "a swap leaves no row without its card");
    let moved = changed(&plan, &[Change::MoveProgram { row: 1, place: ResidentPlace::Ram }]);
    assert!(ask(&moved).devices[0].also < ask(&plan).devices[0].also);
}
