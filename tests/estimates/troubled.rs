//! Ten troubled plans, and what somebody with experience tries first: the kinds of the first three ways, not their figures.

use std::sync::Arc;

use crate::support::plans::{cards, kv, plan, training, ways};
use rigplan::advise::remedies::{Change, ChangeKind, Ladder, Remedy, Standing, TrainingChange, methods, parameters};
use rigplan::catalog::Catalog;
use rigplan::catalog::model::Model as CatalogModel;
use rigplan::catalog::quality::loss;
use rigplan::catalog::quantization::Quantization;
use rigplan::estimate::{Verdict, estimate};
use rigplan::plan::{GpuLayers, ModelChoice, Offload, Plan, Precision, Runtime, Task};

use ChangeKind::{Cards, KvCache, Length, Model, Placement, Ram, Rent, Weights};

/// This plan with as many layers on the cards as fit, and so much DDR5-5600.
fn serving(model: &str, quantization: &str, (card, count): (&str, u32), ram_gib: f64) -> Plan {
    let mut plan = plan(model, quantization, card);
    plan.workload.gpu_layers = GpuLayers::Auto;
    plan.machine.cards = vec![cards(card, count)];
    (plan.machine.ram_gib, plan.machine.ram_gb_s) = (ram_gib, Some(89.6));
    plan
}

fn tuning(model: &str, task: Task, card: &str) -> Plan {
    let mut plan = training(model, task);
    plan.machine.cards = vec![cards(card, 1)];
    plan
}

fn kinds(ladder: &Ladder) -> Vec<ChangeKind> {
    ladder.first.iter().map(|way| ChangeKind::of(&way.change)).collect()
}

/// Each way of the first three can be applied, helps, and costs what it says.
fn sound(ladder: &Ladder) {
    for way in &ladder.first {
        assert_eq!(way.standing, Standing::Offered);
        assert!(way.after.improves(&ladder.now), "{:?}", way.change);
    }
}

#[test]
fn seventy_billion_on_one_card_of_24_gb() {
    let ladder = ways(&serving("llama-3.3-70b", "Q4_K_M", ("rtx-4090", 1), 64.0));
    sound(&ladder);
    assert_eq!(kinds(&ladder)[..2], [Cards, Model], "a second card, or a model that fits");
}

#[test]
fn a_long_context_on_one_card_of_24_gb() {
    let ladder = ways(&serving("qwen2.5-32b", "Q4_K_M", ("rtx-4090", 1), 64.0));
    assert!(ladder.now.fits(), "at 8k");
    let mut long = serving("qwen2.5-32b", "Q4_K_M", ("rtx-4090", 1), 64.0);
    long.workload.context = 131_072;
    let ladder = ways(&long);
    sound(&ladder);
    let kinds = kinds(&ladder);
    assert_eq!(kinds[0], KvCache, "a smaller cache first");
    assert!(kinds.contains(&Length) && kinds.contains(&Cards), "{kinds:?}");
}

#[test]
fn adapters_of_seventy_billion_on_one_card_of_24_gb() {
    let ladder = ways(&tuning("llama-3.3-70b", Task::Qlora, "rtx-3090"));
    sound(&ladder);
    assert_eq!(kinds(&ladder)[..2], [Cards, Rent]);
    let shared = &ladder.first[0];
    let spread = shared.change.parts().iter().any(|part| matches!(part, Change::ShareCards { count: 1, stage: 3, .. }));
    let in_ram = Change::Training(TrainingChange::Offload(Offload::Parameters));
    assert!(spread && shared.change.parts().contains(&in_ram), "a second card and weights in RAM: {:?}", shared.change);
    let rented = &ladder.first[1];
    let Change::RentCards { card, .. } = &rented.change else { panic!("{:?}", rented.change) };
    assert!(Catalog::embedded().card(card).is_some_and(|card| card.memory_gib >= 40.0), "{card}");
    assert!(rented.after.fits(), "nobody rents what does not hold it");
}

#[test]
fn all_weights_of_eight_billion_on_one_card_of_24_gb() {
    let ladder = ways(&tuning("llama-3.1-8b", Task::Full, "rtx-4090"));
    sound(&ladder);
    let kinds = kinds(&ladder);
    assert_eq!(kinds[0], ChangeKind::Task, "adapters first: {kinds:?}");
    assert!(kinds.contains(&Rent), "{kinds:?}");
}

#[test]
fn adapters_of_eight_billion_on_12_gb() {
    let ladder = ways(&tuning("llama-3.1-8b", Task::Lora, "rtx-3060-12gb"));
    sound(&ladder);
    assert_eq!(kinds(&ladder)[0], ChangeKind::Task, "QLoRA");
    let free = ladder.recipes.iter().find(|recipe| recipe.cost.usd().is_some_and(|usd| usd.0 <= 0.0));
    assert!(free.is_some_and(|recipe| recipe.after.fits()), "nothing need be bought");
}

#[test]
fn fifty_users_on_one_l40s() {
    let mut plan = plan("qwen3-32b", "awq", "l40s");
    plan.workload.choose_runtime(Runtime::Vllm);
    (plan.workload.context, plan.workload.sequences) = (16_384, 50);
    let ladder = ways(&plan);
    sound(&ladder);
    assert!(ladder.now.waiting > 0, "it starts, and most wait");
    // Nobody rents eight cards before the cache is halved, and a second card costs what the first did.
    assert_eq!(kinds(&ladder), [KvCache, Length, Cards]);
}

#[test]
fn a_smaller_cache_lets_more_of_those_who_wait_run() {
    let mut plan = plan("llama-3.1-8b", "bf16", "l40s");
    plan.workload.choose_runtime(Runtime::Vllm);
    (plan.workload.context, plan.workload.sequences) = (16_384, 50);
    let ladder = ways(&plan);
    assert!(ladder.now.waiting > 0, "some wait");
    let smaller = ladder.ways.iter().find(|way| matches!(way.change, Change::KvCache(_)));
    let smaller = smaller.expect("a smaller cache is offered");
    assert!(smaller.after.waiting < ladder.now.waiting && smaller.after.rate() > ladder.now.rate());
}

#[test]
fn experts_that_fit_into_ram_are_not_worth_cards() {
    for (model, quantization, at, ram) in [
        ("qwen3-235b-a22b", "Q4_K_M", ("rtx-3090", 2), 128.0),
        ("glm-4.5-air", "Q4_K_M", ("rtx-4090", 1), 64.0),
        ("gpt-oss-120b", "MXFP4_MOE", ("rtx-5060-ti-16gb", 1), 64.0),
    ] {
        let mut plan = serving(model, quantization, at, ram);
        plan.workload.context = 32_768;
        let ladder = ways(&plan);
        sound(&ladder);
        let placed = ladder.now.layers.0 == ladder.now.layers.1 && ladder.now.verdict == Verdict::Offload;
        let kinds = kinds(&ladder);
        assert!(placed || kinds.first() == Some(&Placement), "{model}: {kinds:?}");
    }
}

#[test]
fn the_largest_models_are_rented() {
    let ladder = ways(&serving("deepseek-v3", "Q4_K_M", ("rtx-4090", 1), 64.0));
    sound(&ladder);
    let kinds = kinds(&ladder);
    assert_eq!(kinds, [Rent, Model, Ram], "rented cards, a smaller model, or another host with RAM for it");
    let more = ladder.first.last().expect("three ways");
    let host = |part: &Change| matches!(part, Change::NewHost { .. });
    assert!(more.change.parts().iter().any(host) && more.cost.usd().is_some(), "{:?}", more.change);
}

#[test]
fn a_smaller_cache_and_fewer_bits_keep_their_names() {
    let mut plan = serving("llama-3.3-70b", "Q4_K_M", ("rtx-4090", 1), 64.0);
    plan.workload.kv_cache = kv("q8_0");
    let ladder = ways(&plan);
    assert!(
        !ladder.ways.iter().any(|way| ChangeKind::of(&way.change) == KvCache && way.after.needed >= ladder.now.needed)
    );
    assert!(ladder.ways.iter().any(|way| ChangeKind::of(&way.change) == Weights));
    let mut whole = tuning("llama-3.1-8b", Task::Full, "rtx-4090");
    whole.workload.training.precision = Precision::Bf16;
    assert!(!ways(&whole).ways.is_empty());
}

/// Another maker's cards are other software: who has some is told of those first that go with them.
#[test]
fn nobody_is_told_first_to_change_the_maker() {
    let catalog = Catalog::embedded();
    for (model, card, context) in [
        ("gpt-oss-120b", "rtx-4090", 8192),
        ("llama-3.3-70b", "rtx-3090", 32_768),
        ("qwen3-235b-a22b", "rtx-5090", 8192),
        ("llama-3.3-70b", "rx-7900-xtx", 8192),
        ("qwen3-32b", "arc-b580", 8192),
    ] {
        let mut plan = serving(model, "Q4_K_M", (card, 1), 64.0);
        plan.workload.context = context;
        let maker = catalog.card(card).map(|card| card.vendor);
        for way in ways(&plan).first {
            for change in way.change.parts() {
                let Change::SwapCards { card: new, .. } = change else { continue };
                assert_eq!(catalog.card(new).map(|card| card.vendor), maker, "{model} on {card}: {change:?}");
            }
        }
    }
}

/// The next step of the slider down is offered, whatever lies between it and the present one.
#[test]
fn no_step_of_the_slider_is_passed_over() {
    for model in ["glm-4.5-air", "qwen3-235b-a22b", "llama-3.3-70b"] {
        let mut plan = serving(model, "Q4_K_M", ("rtx-3090", 1), 128.0);
        plan.workload.context = 32_768;
        let ladder = ways(&plan);
        let offered = ladder.ways.iter().filter_map(|way| match way.change {
            Change::Weights(quantization) => Some(quantization),
            _ => None,
        });
        let offered: Vec<_> = offered.collect();
        assert!(offered.contains(&Quantization::Q3_K_M), "{model}: {offered:?}");
    }
}

/// A model out of a `config.json`, which says no number of parameters, loses what the catalog's entry loses.
#[test]
fn a_model_of_a_file_loses_what_its_size_loses() {
    let catalog = Catalog::embedded();
    let entry = serving("llama-3.1-8b", "Q4_K_M", ("rtx-4090", 1), 64.0);
    let mut fields = catalog.model("llama-3.1-8b").expect("in the catalog").clone().into_fields();
    fields.total_parameters = None;
    let mut file = entry.clone();
    let model = Arc::new(CatalogModel::new(fields).expect("a model"));
    file.workload.model = ModelChoice::File { path: "config.json".into(), model };
    let counted = estimate(&file, catalog).expect("an estimate").params;
    assert_eq!(Some(parameters(&file, catalog)), counted, "as its tensors add up");
    for way in &ways(&file).ways {
        for method in methods(&way.change) {
            assert_eq!(loss(method, parameters(&way.plan, catalog)), loss(method, parameters(&entry, catalog)));
        }
        assert!(way.loss.is_some() || methods(&way.change).next().is_none(), "{:?}", way.change);
    }
}

/// Two words alike say nothing of which is worse: more bits are never, and a coarser file must be much faster to go before.
#[test]
fn of_precisions_with_one_word_the_finer_is_named_first() {
    for (model, card, count, ram) in [
        ("llama-3.3-70b", "rtx-4090", 1, 64.0),
        ("glm-4.5-air", "rtx-4090", 1, 64.0),
        ("qwen3-235b-a22b", "rtx-3090", 2, 128.0),
        ("llama-3.1-70b", "rtx-5090", 1, 96.0),
    ] {
        let ladder = ways(&serving(model, "Q4_K_M", (card, count), ram));
        let Some(first) = ladder.first.iter().find(|way| ChangeKind::of(&way.change) == Weights) else { continue };
        let bits = |way: &Remedy| match way.change {
            Change::Weights(precision) => precision.facts().map_or(0.0, |facts| facts.bits_per_weight),
            _ => 0.0,
        };
        for other in ladder.ways.iter().filter(|way| bits(way) > bits(first)) {
            let alike = other.loss.map(|loss| loss.word) <= first.loss.map(|loss| loss.word);
            let slower = other.after.rate() < first.after.rate() * 0.85 || other.after.verdict > first.after.verdict;
            assert!(!alike || slower, "{model}: {:?} before {:?}", first.change, other.change);
        }
    }
}

/// Who buys a card has made use of what costs nothing: a cache without measured loss lets one small card be enough.
#[test]
fn a_card_is_bought_beside_a_smaller_cache() {
    for (model, card) in [("qwen3-32b", "rtx-4090"), ("qwen2.5-32b", "rtx-3090")] {
        let mut plan = serving(model, "Q4_K_M", (card, 1), 64.0);
        plan.workload.context = 131_072;
        let ladder = ways(&plan);
        let cards = ladder.first.iter().find(|way| ChangeKind::of(&way.change) == Cards).expect("a card");
        assert!(cards.after.fits(), "{model}: {:?} is bought in vain", cards.change);
        let kept = ladder.ways.iter().filter(|way| way.after.fits() && way.change.parts().iter().all(is_added));
        let usd = |way: &Remedy| way.cost.usd().map_or(f64::INFINITY, |usd| usd.0);
        assert!(kept.map(usd).all(|other| usd(cards) <= other), "{model}: {:?}", cards.change);
    }
}

fn is_added(part: &Change) -> bool {
    matches!(part, Change::AddCards { .. })
}

/// A model that trains in less trains in still less by what loses nothing: none much smaller is named for want of that.
#[test]
fn another_model_to_train_comes_with_what_software_saves() {
    for (model, task, card, least) in [
        ("llama-3.3-70b", Task::Qlora, "rtx-3090", 20e9),
        ("llama-3.1-8b", Task::Lora, "rtx-3060-12gb", 2e9),
        ("qwen3-32b", Task::Qlora, "rtx-4070", 6e9),
    ] {
        let ladder = ways(&tuning(model, task, card));
        let first = ladder.ways.iter().filter(|way| ChangeKind::of(&way.change) == Model && way.after.fits());
        let largest = first.map(|way| parameters(&way.plan, Catalog::embedded()) as f64).fold(0.0, f64::max);
        assert!(largest >= least, "{model}: {largest}");
        for way in ladder.recipes.iter().flat_map(|recipe| &recipe.changes) {
            assert!(!way.parts().iter().any(|part| matches!(part, Change::Model(_))), "another model is another plan");
        }
    }
}

/// Where neither the cards nor the RAM hold what all weights are trained with, more RAM does, at its price.
#[test]
fn ram_that_holds_what_is_trained_is_offered() {
    let ladder = ways(&tuning("llama-3.1-8b", Task::Full, "rtx-4090"));
    let more = |part: &Change| matches!(part, Change::Ram(_));
    let way = ladder.ways.iter().find(|way| way.change.parts().iter().any(more)).expect("more RAM");
    assert!(way.after.verdict != Verdict::DoesNotFit && way.cost.usd().is_some_and(|usd| usd.0 > 0.0), "{way:?}");
    assert_eq!(kinds(&ladder)[2], ChangeKind::Offload, "after adapters and rented cards");
}

/// Weights in four bits hold with what the engine is told for nothing: no other model and no rented cards come before.
#[test]
fn a_server_is_told_what_lets_fewer_bits_hold() {
    let mut plan = plan("llama-3.3-70b", "bf16", "rtx-3090");
    plan.workload.choose_runtime(Runtime::Vllm);
    plan.workload.quantization = Quantization::bf16;
    plan.machine.cards = vec![cards("rtx-3090", 2)];
    plan.workload.tensor_parallel = Some(2);
    let ladder = ways(&plan);
    sound(&ladder);
    assert_eq!(ladder.now.verdict, Verdict::DoesNotFit);
    assert_eq!(kinds(&ladder)[0], Weights, "{:?}", ladder.first.iter().map(|way| &way.change).collect::<Vec<_>>());
    assert!(ladder.first[0].after.fits());
}
