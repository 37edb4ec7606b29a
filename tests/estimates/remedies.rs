//! The ladder of ways: each way is what the estimate says of its plan, the order holds, recipes fit where anything does.

use crate::support::plans::{cards, plan, ways};
use proptest::prelude::*;
use rigplan::advise::remedies::{
    Change, ChangeKind, Cost, PlanOutcome, RecipeGoal, Remedy, RemedyGroup, Standing, changed, ladder, method,
    parameters,
};
use rigplan::catalog::Catalog;
use rigplan::catalog::quality::{LossWord, QuantizedPart, loss};
use rigplan::catalog::quantization::{KvPrecision, Quantization};
use rigplan::estimate::{Verdict, estimate};
use rigplan::plan::{CpuExperts, GpuLayers, KvCache, ModelChoice, Plan, Runtime};

/// Llama 3.1 70B on so many cards, 32 GiB of DDR5-5200, as many layers as fit.
fn seventy(card: &str, count: u32) -> Plan {
    let mut plan = plan("llama-3.1-70b", "Q4_K_M", card);
    plan.workload.gpu_layers = GpuLayers::Auto;
    plan.machine.cards = vec![cards(card, count)];
    plan.machine.ram_gib = 32.0;
    plan.machine.ram_gb_s = Some(83.2);
    plan
}

/// Plans over which the properties must hold.
fn plans() -> Vec<Plan> {
    let mut small = plan("llama-3.1-8b", "Q4_K_M", "rtx-4090");
    small.workload.sequences = 4;
    let mut fixed = seventy("rtx-4090", 1);
    fixed.workload.gpu_layers = GpuLayers::Count(44);
    let mut all = seventy("rtx-3060-12gb", 1);
    all.workload.gpu_layers = GpuLayers::All;
    all.workload.context = 65_536;
    let mut experts = plan("qwen3-235b-a22b", "Q4_K_M", "rtx-4090");
    experts.workload.gpu_layers = GpuLayers::Auto;
    experts.machine.ram_gib = 192.0;
    experts.machine.ram_gb_s = Some(83.2);
    let mut cpu = plan("llama-3.1-8b", "Q8_0", "rtx-4090");
    cpu.machine.cards.clear();
    let mut unified = plan("llama-3.1-70b", "Q8_0", "apple-m4-max");
    unified.workload.context = 32_768;
    let mut many = plan("qwen3-32b", "Q6_K", "rx-7900-xtx");
    many.workload.sequences = 16;
    let mut laptop = plan("gemma-3-27b", "Q4_K_M", "rtx-4090-laptop");
    laptop.workload.model = ModelChoice::Size(30_000_000_000);
    vec![seventy("rtx-4090", 1), seventy("rtx-4090", 2), small, fixed, all, experts, cpu, unified, many, laptop]
}

/// What must hold for the ladder of any plan.
fn check(plan: &Plan) {
    let catalog = Catalog::embedded();
    let Some(ladder) = ladder(plan, catalog) else { return };
    let now = PlanOutcome::of(plan, catalog).expect("it was judged");
    assert_eq!(ladder.now, now);
    let groups: Vec<RemedyGroup> = ladder.ways.iter().map(|way| way.group).collect();
    assert!(groups.is_sorted(), "the order of the ladder: {groups:?}");
    for way in ladder.ways.iter().chain(&ladder.first).chain(&ladder.software) {
        assert_eq!(way.plan, changed(plan, std::slice::from_ref(&way.change)), "exactly {:?}", way.change);
        let found = estimate(&way.plan, catalog).expect("a way can be estimated");
        assert_eq!(PlanOutcome::read(&found), Some(way.after), "{:?} is what its estimate says", way.change);
        match way.standing {
            Standing::Now | Standing::NoChange => assert!(way.after.is_like(&now), "{:?}", way.change),
            Standing::Offered if way.group == RemedyGroup::Spare => assert!(way.after.fits(), "{:?}", way.change),
            Standing::Offered => {
                assert_ne!(&way.plan, plan, "{:?} changes something", way.change);
                assert!(!way.after.is_like(&now), "{:?} has an effect", way.change);
                assert!(way.after.verdict.max(Verdict::Tight) <= now.verdict.max(Verdict::Tight), "{:?}", way.change);
            }
        }
        if way.change.is_hardware() {
            assert_ne!(way.cost, Cost::Nothing, "{:?} has to be bought", way.change);
        } else {
            assert_eq!(way.cost, Cost::Nothing, "{:?} costs nothing", way.change);
        }
        if let Change::Weights(quantization) = way.change {
            let here = loss(QuantizedPart::Weights(quantization), parameters(plan, catalog));
            assert_eq!(way.loss, here);
            let present = loss(QuantizedPart::Weights(plan.workload.quantization), parameters(plan, catalog));
            let worse = here.zip(present).is_some_and(|(here, present)| here.word > present.word);
            assert!(way.after.needed < now.needed || !worse, "{:?} is larger and worse", way.change);
        }
    }
    for recipe in &ladder.recipes {
        assert_eq!(recipe.plan, changed(plan, &recipe.changes), "{:?} is its changes", recipe.goal);
        assert_eq!(recipe.plan.workload.model, plan.workload.model, "another model is no recipe");
        let rows = ladder.ways.iter().filter(|way| {
            way.standing == Standing::Offered
                && way.group != RemedyGroup::Spare
                && ChangeKind::of(&way.change) != ChangeKind::Rent
        });
        let outrun = rows.map(|way| way.after.rate()).fold(0.0, f64::max) > recipe.after.rate() * 1.01;
        assert!(recipe.goal != RecipeGoal::Fastest || recipe.outrun || !outrun, "{:?}", recipe.changes);
        assert_eq!(PlanOutcome::of(&recipe.plan, catalog), Some(recipe.after), "{:?}", recipe.goal);
        assert!(recipe.after.verdict.max(Verdict::Tight) <= now.verdict.max(Verdict::Tight), "{:?}", recipe.goal);
        assert!(!recipe.changes.is_empty(), "{:?}", recipe.goal);
    }
    assert!(ladder.recipes.is_sorted_by_key(|recipe| recipe.goal), "each goal once, in order");
    for (place, recipe) in ladder.recipes.iter().enumerate() {
        assert!(ladder.recipes[..place].iter().all(|other| other.plan != recipe.plan), "two names for one recipe");
    }
    let kinds: Vec<ChangeKind> = ladder.first.iter().map(|way| ChangeKind::of(&way.change)).collect();
    assert!(
        kinds.len() <= 3 && kinds.iter().collect::<std::collections::BTreeSet<_>>().len() == kinds.len(),
        "{kinds:?}"
    );
    for model in ladder.ways.iter().filter_map(|way| match &way.change {
        Change::Model(id) if way.group == RemedyGroup::AskLess => catalog.model(id),
        _ => None,
    }) {
        let trained = model.max_position_embeddings;
        assert!(trained.is_none_or(|trained| trained >= plan.workload.length()), "{} is beyond its training", model.id);
    }
    let smaller = |way: &&Remedy| way.group == RemedyGroup::AskLess && matches!(way.change, Change::Model(_));
    for way in ladder.ways.iter().filter(smaller) {
        assert!(way.after.needed < now.needed, "{:?} asks for less", way.change);
    }
}

#[test]
fn every_way_is_what_the_estimate_says_of_its_plan() {
    plans().iter().for_each(check);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_plan_has_an_honest_ladder(plan in crate::support::any::plans()) {
        check(&plan);
    }
}

#[test]
fn no_step_of_the_ladder_comes_before_its_turn() {
    let ladder = ways(&seventy("rtx-4090", 1));
    let first = |group| ladder.ways.iter().position(|way| way.group == group).expect("each step has a way");
    let last = |group| ladder.ways.iter().rposition(|way| way.group == group).expect("each step has a way");
    assert!(last(RemedyGroup::AskLess) < first(RemedyGroup::Quantize));
    assert!(last(RemedyGroup::Quantize) < first(RemedyGroup::Parallelize));
    assert!(last(RemedyGroup::Parallelize) < first(RemedyGroup::Offload));
    assert_eq!(ladder.of(RemedyGroup::Spare).count(), 0, "nothing is spare where it spills");
}

#[test]
fn what_lowers_precision_begins_with_the_least_harm() {
    let catalog = Catalog::embedded();
    // What was never measured lies between "noticeable" and "marked".
    let harm = |word: Option<LossWord>| match word {
        Some(LossWord::None) => 0,
        Some(LossWord::Small) => 1,
        Some(LossWord::Noticeable) => 2,
        None => 3,
        Some(LossWord::Marked) => 4,
        Some(LossWord::Severe) => 5,
    };
    for plan in plans() {
        let Some(ladder) = ladder(&plan, catalog) else { continue };
        let offered: Vec<_> =
            ladder.of(RemedyGroup::Quantize).filter(|way| way.standing == Standing::Offered).collect();
        let key = |way: &&Remedy| match method(&way.change) {
            Some(_) => harm(way.loss.map(|loss| loss.word)),
            None => 0,
        };
        assert!(
            offered.iter().is_sorted_by_key(key),
            "{:?}",
            offered.iter().map(|way| &way.change).collect::<Vec<_>>()
        );
        let ordered = offered
            .windows(2)
            .all(|pair| key(&pair[0]) != key(&pair[1]) || pair[0].after.rate() >= pair[1].after.rate());
        assert!(ordered, "of equal loss the fastest first");
    }
    let severe = ladder(&seventy("rtx-4090", 1), catalog).expect("a ladder");
    let last = severe.of(RemedyGroup::Quantize).last().expect("a way");
    assert_eq!(last.change, Change::Weights(Quantization::IQ2_XXS), "severe, though it is the fastest");
}

/// All plans within two ways of `plan`.
fn within_two(plan: &Plan) -> Vec<Plan> {
    let offered = |plan: &Plan| {
        let ways = ladder(plan, Catalog::embedded()).map_or_else(Vec::new, |ladder| ladder.ways);
        ways.into_iter().filter(|way| way.standing == Standing::Offered).map(|way| way.plan).collect::<Vec<_>>()
    };
    let once = offered(plan);
    // The second step without shops: they stand on the first already.
    let twice = once.iter().filter(|plan| plan.machine.cards.len() < 2).flat_map(offered).collect::<Vec<_>>();
    [once, twice].concat()
}

#[test]
fn recipes_fit_where_any_two_ways_do() {
    let mut short = seventy("rtx-3090", 1);
    short.machine.cards = vec![cards("rtx-3090", 1), cards("rtx-3060-12gb", 1)];
    let mut long = plan("qwen3-14b", "Q8_0", "rtx-3060-12gb");
    long.workload.context = 32_768;
    for plan in [short, long] {
        let catalog = Catalog::embedded();
        let found = ways(&plan);
        let possible = within_two(&plan).iter().any(|plan| PlanOutcome::of(plan, catalog).is_some_and(|it| it.fits()));
        assert!(possible, "a case where something fits");
        assert!(!found.recipes.is_empty(), "some goal has one");
        for recipe in &found.recipes {
            assert!(recipe.after.fits(), "{:?}: {:?}", recipe.goal, recipe.changes);
        }
    }
}

#[test]
fn the_cheapest_recipe_costs_no_more_than_any_way_that_fits() {
    for plan in
        plans().into_iter().filter(|plan| !PlanOutcome::of(plan, Catalog::embedded()).is_some_and(|it| it.fits()))
    {
        let ladder = ways(&plan);
        let recipe = |goal| ladder.recipes.iter().find(|recipe| recipe.goal == goal);
        let Some(cheapest) = recipe(RecipeGoal::Cheapest).filter(|it| it.after.fits()) else { continue };
        let usd = cheapest.cost.usd().expect("it has a price");
        let hard = |way: &&rigplan::advise::remedies::Remedy| {
            way.after.fits() && way.group == RemedyGroup::Parallelize && way.plan.workload == plan.workload
        };
        for way in ladder.ways.iter().filter(hard) {
            assert!(way.cost.usd().is_none_or(|other| usd <= other), "{:?} is cheaper", way.change);
        }
        let Some(best) = recipe(RecipeGoal::BestQuality) else { continue };
        let rank =
            |plan: &Plan| loss(QuantizedPart::Weights(plan.workload.quantization), 70_000_000_000).map(|it| it.word);
        assert!(rank(&best.plan) <= rank(&cheapest.plan), "the best quality is at least the cheapest one's");
    }
}

#[test]
fn ram_that_changes_nothing_is_said_to_change_nothing() {
    let ladder = ways(&seventy("rtx-4090", 1));
    let more = ladder.ways.iter().find(|way| matches!(way.change, Change::Ram(_))).expect("people think of it");
    assert_eq!(more.standing, Standing::NoChange);
    let layers = ladder.ways.iter().find(|way| way.change == Change::MostLayers).expect("it does so now");
    assert_eq!((layers.standing, layers.after.layers), (Standing::Now, (42, 81)));
}

#[test]
fn ram_that_is_missing_is_offered() {
    let mut plan = seventy("rtx-4090", 1);
    plan.machine.ram_gib = 16.0;
    let ladder = ways(&plan);
    assert_eq!(ladder.now.verdict, Verdict::DoesNotFit);
    let more = ladder.ways.iter().find(|way| matches!(way.change, Change::Ram(_))).expect("more RAM helps");
    assert_eq!((more.standing, more.after.verdict), (Standing::Offered, Verdict::Offload));
}

#[test]
fn what_was_placed_by_hand_is_a_setting_and_nobody_else_takes_its_credit() {
    let mut plan = seventy("rtx-4090", 1);
    plan.workload.gpu_layers = GpuLayers::Count(20);
    plan.machine.ram_gib = 64.0;
    let ladder = ways(&plan);
    let setting = ladder.of(RemedyGroup::Settings).next().expect("the engine places more layers");
    assert_eq!((&setting.change, &setting.cost), (&Change::Automatic, &Cost::Nothing));
    assert_eq!(ladder.ways.first().map(|way| way.group), Some(RemedyGroup::Settings), "before everything else");
    assert_eq!(ladder.first.first().map(|way| &way.change), Some(&Change::Automatic));
    for way in ladder.ways.iter().filter(|way| way.group != RemedyGroup::Settings) {
        assert!(way.plan.workload.gpu_layers == GpuLayers::Count(20) || matches!(way.change, Change::Engine(..)));
        let bought = matches!(way.change, Change::Ram(_) | Change::AddCards { .. });
        assert!(!bought || way.standing != Standing::Offered, "{:?} does nothing for 20 layers", way.change);
    }
    let recipe = ladder.recipes.iter().find(|recipe| recipe.after.fits()).expect("cards that hold it");
    assert_eq!(recipe.changes.first(), Some(&Change::Automatic), "a recipe says that it changes the setting");
}

#[test]
fn experts_go_to_ram_before_whole_layers_do() {
    let plan = plans().into_iter().find(|plan| plan.machine.ram_gib == 192.0).expect("the one with experts");
    let ladder = ways(&plan);
    let experts = ladder.ways.iter().find(|way| way.change == Change::MostLayers).expect("a mixture of experts");
    assert_eq!(experts.standing, Standing::Now, "what is automatic places them so");
    assert!(experts.after.experts > 0, "experts before layers");
    assert_eq!(experts.after.layers, (95, 95), "attention of every layer stays on the card");
    let mut layers = plan;
    layers.workload.cpu_experts = CpuExperts::Count(0);
    let ladder = ways(&layers);
    let experts =
        ladder.ways.iter().find(|way| matches!(way.change, Change::Experts(_))).expect("a mixture of experts");
    assert!(experts.after.rate() > ladder.now.rate());
}

#[test]
fn experts_in_ram_are_offered_where_the_ram_is_just_enough() {
    // With the experts of every layer in RAM it would be exceeded.
    let mut plan = plan("glm-4.5-air", "Q4_K_M", "rtx-4090");
    plan.workload.gpu_layers = GpuLayers::Auto;
    plan.workload.cpu_experts = CpuExperts::Count(0);
    plan.workload.context = 32_768;
    plan.machine.ram_gib = 64.0;
    let mut all = plan.clone();
    (all.workload.gpu_layers, all.workload.cpu_experts) = (GpuLayers::All, CpuExperts::Count(46));
    assert_eq!(PlanOutcome::of(&all, Catalog::embedded()).map(|it| it.verdict), Some(Verdict::DoesNotFit));
    let ladder = ways(&plan);
    let experts =
        ladder.ways.iter().find(|way| matches!(way.change, Change::Experts(_))).expect("a mixture of experts");
    assert!(experts.after.rate() > 2.0 * ladder.now.rate(), "{:?}", experts.after);
}

#[test]
fn a_plan_that_fits_is_told_what_the_spare_room_buys() {
    let ladder = ways(&plan("llama-3.1-8b", "Q4_K_M", "rtx-4090"));
    let spare: Vec<&Change> = ladder.of(RemedyGroup::Spare).map(|way| &way.change).collect();
    assert!(spare.contains(&&Change::Weights(Quantization::Q5_K_M)), "{spare:?}");
    assert!(spare.iter().any(|change| matches!(change, Change::Context(131_072))), "no longer than trained: {spare:?}");
    assert!(spare.iter().any(|change| matches!(change, Change::Sequences(_))), "{spare:?}");
    let quality =
        ladder.recipes.iter().find(|recipe| recipe.goal == RecipeGoal::BestQuality).expect("a better word fits");
    assert_eq!(quality.loss.map(|loss| loss.word), Some(LossWord::None));
    assert_eq!(quality.cost, Cost::Nothing);
}

#[test]
fn the_cache_is_not_quantized_where_the_heads_do_not_divide() {
    let mut plan = plan("phi-3-mini", "Q4_K_M", "rtx-3060-12gb");
    plan.workload.context = 131_072;
    let catalog = Catalog::embedded();
    for way in ways(&plan).ways {
        if let Change::KvCache(KvPrecision::q4_0 | KvPrecision::q8_0) = way.change {
            assert!(estimate(&way.plan, catalog).is_ok(), "{:?}", way.change);
        }
    }
}

#[test]
fn cards_that_follow_each_other_are_told_to_cut_every_layer() {
    let mut base = seventy("rtx-3090", 4);
    base.workload.choose_runtime(Runtime::Vllm);
    base.workload.quantization = Quantization::awq;
    base.workload.context = 2048;
    base.workload.tensor_parallel = Some(1);
    let ladder = ways(&base);
    let way = ladder.ways.iter().find(|way| way.change == Change::TensorParallel(4)).expect("a faster split");
    assert_eq!((way.group, way.standing, &way.cost), (RemedyGroup::Parallelize, Standing::Offered, &Cost::Nothing));
    assert_eq!(way.plan.workload.tensor_parallel, Some(4));
    assert!(way.after.rate() > 1.3 * ladder.now.rate(), "all read at once: {} tok/s", way.after.rate());
    // Once it is so, the ladder does not offer it again.
    assert!(!ways(&way.plan).ways.iter().any(|way| matches!(way.change, Change::TensorParallel(_))));
    // llama.cpp cuts them too; one card has nothing to cut across, and what the engine refuses is not offered.
    let cuts = |plan: &Plan| ways(plan).ways.iter().any(|way| matches!(way.change, Change::TensorParallel(_)));
    let two = seventy("rtx-3090", 2);
    assert!(cuts(&two));
    let mut quantized = two.clone();
    quantized.workload.kv_cache = KvCache { k: KvPrecision::q8_0, v: KvPrecision::q8_0 };
    for plan in [seventy("rtx-4090", 1), quantized] {
        assert!(!cuts(&plan));
    }
}

#[test]
fn a_server_engine_is_offered_with_weights_and_cache_that_it_reads() {
    let catalog = Catalog::embedded();
    let mut base = seventy("rtx-3090", 4);
    base.workload.kv_cache = KvCache { k: KvPrecision::q8_0, v: KvPrecision::q8_0 };
    let ladder = ways(&base);
    let awq = Change::Engine(Runtime::Vllm, Quantization::awq);
    let way = ladder.ways.iter().find(|way| way.change == awq).expect("vLLM cuts every layer");
    assert_eq!((way.group, &way.cost), (RemedyGroup::Parallelize, &Cost::Nothing));
    assert_eq!(
        way.loss,
        loss(QuantizedPart::Weights(Quantization::awq), parameters(&base, catalog)),
        "its quality is told"
    );
    assert_eq!(way.plan.workload.kv_cache.k, KvPrecision::fp8, "the nearest cache that it reads");
    let found = estimate(&way.plan, catalog).expect("it runs as it stands");
    assert!(found.kv_pool().is_some() && found.host.parts.weights.is_none_or(|bytes| bytes.0 == 0));
    assert!(way.after.fits() && way.after.rate() > ladder.now.rate(), "{} tok/s", way.after.rate());
    let mut plain = base.clone();
    plain.workload.quantization = Quantization::Q8_0;
    let engines = ways(&plain).ways.into_iter().filter_map(|way| match way.change {
        Change::Engine(Runtime::Vllm, quantization) => Some(quantization),
        _ => None,
    });
    assert!(engines.clone().all(|it| it == Quantization::fp8), "eight bits stay eight bits");
}

#[test]
fn whole_machines_and_laptops_are_not_told_to_add_or_swap_cards() {
    for card in ["apple-m4-max", "rtx-4090-laptop"] {
        let mut plan = seventy(card, 1);
        plan.workload.quantization = Quantization::Q8_0;
        let ladder = ways(&plan);
        assert!(!ladder.ways.is_empty());
        let changes = ladder.ways.iter().map(|way| &way.change).chain(ladder.recipes.iter().flat_map(|it| &it.changes));
        for change in changes {
            let cards = matches!(change, Change::AddCards { .. } | Change::SwapCards { .. });
            assert!(!cards && (card != "apple-m4-max" || !matches!(change, Change::Ram(_))), "{card}: {change:?}");
        }
    }
}

#[test]
fn the_context_between_is_offered_and_the_cache_with_it() {
    let mut plan = plan("qwen2.5-32b", "Q4_K_M", "rtx-4090");
    plan.workload.gpu_layers = GpuLayers::Auto;
    plan.workload.context = 131_072;
    let ladder = ways(&plan);
    let alone = ladder.ways.iter().find_map(|way| match way.change {
        Change::Context(tokens) => Some((tokens, way.after.fits())),
        _ => None,
    });
    let (alone, fits) = alone.expect("a shorter context");
    assert!(fits && alone % 1024 == 0 && alone < 131_072, "{alone}");
    let longer = changed(&plan, &[Change::Context(alone + alone / 2)]);
    assert!(!PlanOutcome::of(&longer, Catalog::embedded()).is_some_and(|it| it.fits()), "no step was left out");
    let both = ladder.ways.iter().find_map(|way| match way.change.parts() {
        [Change::Context(tokens), Change::KvCache(_)] => Some((*tokens, way.after.fits())),
        _ => None,
    });
    let (both, fits) = both.expect("with a smaller cache");
    assert!(fits && both > alone, "{both} with a smaller cache, {alone} without");
}

#[test]
fn software_alone_is_one_sum() {
    let mut plan = plan("qwen3-14b", "BF16", "rtx-4090");
    plan.workload.context = 32_768;
    plan.workload.flash_attention = false;
    let ladder = ways(&plan);
    let software = ladder.software.expect("a lot to save");
    assert!(software.change.parts().len() > 1 && software.cost == Cost::Nothing, "{:?}", software.change);
    let single = ladder.ways.iter().filter(|way| way.group == RemedyGroup::Quantize && way.loss.is_none());
    assert!(single.clone().all(|way| software.after.needed <= way.after.needed), "no single change saves more");
    plan.workload.flash_attention = true;
    let kept = ways(&plan).ways.into_iter().find(|way| matches!(way.change, Change::KeepFlash(_)));
    assert_eq!(kept.map(|way| way.standing), Some(Standing::Now), "what it saves is said where it is on");
}

/// Bits a weight of the plan's model in `quantization`.
fn bits(plan: &Plan, quantization: Quantization) -> f64 {
    let mut plan = plan.clone();
    plan.workload.quantization = quantization;
    estimate(&plan, Catalog::embedded()).unwrap().bits_per_weight.unwrap()
}

#[test]
fn no_precision_is_offered_for_next_to_nothing() {
    for model in ["gpt-oss-120b", "gpt-oss-20b", "kimi-k2.5", "deepseek-v3", "qwen2.5-0.5b", "qwen3-30b-a3b"] {
        for quant in ["MXFP4_MOE", "F16", "Q8_0", "Q4_K_M", "Q2_K"] {
            for card in ["rtx-4090", "h200-sxm"] {
                let mut plan = plan(model, quant, card);
                plan.workload.gpu_layers = GpuLayers::Auto;
                plan.machine.ram_gib = 512.0;
                let Some(ladder) = ladder(&plan, Catalog::embedded()) else { continue };
                let now = bits(&plan, plan.workload.quantization);
                for way in &ladder.ways {
                    let Change::Weights(other) = way.change else { continue };
                    let then = bits(&plan, other);
                    let gains = if way.group == RemedyGroup::Spare { then > now } else { then < 0.95 * now };
                    assert!(gains, "{model} {quant} on {card}: {other:?} has {then} bits in place of {now}");
                }
            }
        }
    }
}

#[test]
fn a_model_published_in_few_bits_is_neither_made_coarser_nor_unpacked() {
    for (model, quant) in [("gpt-oss-120b", "MXFP4_MOE"), ("gpt-oss-20b", "MXFP4_MOE"), ("gpt-oss-20b", "Q8_0")] {
        for card in ["rtx-4060-ti-16gb", "rtx-4090", "h200-sxm"] {
            let mut plan = plan(model, quant, card);
            plan.workload.gpu_layers = GpuLayers::Auto;
            let ladder = ladder(&plan, Catalog::embedded()).unwrap();
            let recipes = ladder.recipes.iter().flat_map(|recipe| &recipe.changes);
            let changes = ladder.ways.iter().map(|way| &way.change).chain(recipes);
            let stored: Vec<_> = changes.filter(|change| matches!(change, Change::Weights(_))).collect();
            assert!(stored.is_empty(), "{model} {quant} on {card}: {stored:?}");
        }
    }
    // DeepSeek V3 was published in FP8: a file in 16 bits holds nothing more than one in 8.
    let mut plan = plan("deepseek-v3", "Q8_0", "b200");
    plan.machine.cards[0].count = 16;
    let ladder = ladder(&plan, Catalog::embedded()).unwrap();
    assert!(!ladder.ways.iter().any(|way| way.change == Change::Weights(Quantization::BF16)));
}
