//! Remedies to make training fit: their order, what they come to, and recipes that combine them.

use crate::support::plans::{training, ways};
use rigplan::advise::remedies::{Change, Ladder, PlanOutcome, RecipeGoal, RemedyGroup, Standing, TrainingChange};
use rigplan::catalog::Catalog;
use rigplan::estimate::{Verdict, estimate};
use rigplan::plan::{CardChoice, Offload, Plan, Precision, Task, Training, TrainingAttention};
use rigplan::units::Usd;

fn plan(model: &str, task: Task, (card, count): (&str, u32)) -> Plan {
    let mut plan = training(model, task);
    plan.workload.training = Training { precision: Precision::Amp, ..Training::default() };
    plan.machine.cards[0].card = CardChoice::Catalog(card.to_owned());
    plan.machine.cards[0].count = count;
    plan
}

/// The changes of a group, in order.
fn changes(ladder: &Ladder, group: RemedyGroup) -> Vec<Change> {
    ladder.of(group).map(|way| way.change.clone()).collect()
}

#[test]
fn qlora_on_16_gb_says_what_fits() {
    let plan = plan("llama-3.1-8b", Task::Qlora, ("rtx-4060-ti-16gb", 1));
    let found = estimate(&plan, Catalog::embedded()).expect("an estimate");
    assert_eq!(found.verdict, Some(Verdict::DoesNotFit));
    let allocated = found.training.as_ref().and_then(|step| step.at(step.peak)).expect("a peak").total().gib();
    assert!((allocated - 17.6).abs() < 0.05, "{allocated} GiB before overhead");
    let ladder = ways(&plan);
    let fits = |change: TrainingChange| {
        let way = ladder.ways.iter().find(|way| way.change == Change::Training(change)).expect("such a way");
        way.after.fits()
    };
    assert!(fits(TrainingChange::Precision(Precision::Bf16)));
    assert!(fits(TrainingChange::FusedLoss));
    let shorter = ladder.ways.iter().find(|way| matches!(way.change, Change::Training(TrainingChange::Length(_))));
    assert!(shorter.is_some_and(|way| way.after.fits()), "the longest that fits");
    assert!(!fits(TrainingChange::Offload(Offload::Optimizer)), "adapters have few states");
    let recipe = |goal| ladder.recipes.iter().find(|it| it.goal == goal);
    let cheapest = recipe(RecipeGoal::Cheapest).or_else(|| recipe(RecipeGoal::BestQuality)).expect("a recipe");
    assert!(cheapest.after.fits() && cheapest.cost.usd().is_some_and(|usd| usd <= Usd::ZERO));
    if let Some(best) = recipe(RecipeGoal::BestQuality) {
        assert_eq!(best.plan.workload.training.precision, Precision::Amp, "the best quality keeps its precision");
    }
    if let Some(fastest) = recipe(RecipeGoal::Fastest) {
        assert!(ladder.recipes.iter().all(|other| other.after.rate() <= fastest.after.rate()));
    }
}

/// Precision and what is trained, micro-batch, checkpointing, flash attention; then sharing; offload last.
#[test]
fn the_order_is_the_ladder() {
    let mut crowded = plan("llama-3.1-8b", Task::Full, ("rtx-4090", 2));
    crowded.machine.ram_gib = 512.0;
    let training = &mut crowded.workload.training;
    (training.micro_batch, training.checkpointing) = (8, false);
    training.attention = TrainingAttention::Eager;
    let ladder = ways(&crowded);
    let groups: Vec<RemedyGroup> = ladder.ways.iter().map(|way| way.group).collect();
    assert!(groups.is_sorted(), "{groups:?}");
    let software = changes(&ladder, RemedyGroup::Quantize);
    let place = |wanted: &dyn Fn(&TrainingChange) -> bool| {
        software.iter().position(|change| matches!(change, Change::Training(it) if wanted(it))).expect("offered")
    };
    let places = [
        place(&|it| matches!(it, TrainingChange::Precision(_))),
        place(&|it| matches!(it, TrainingChange::Task(Task::Qlora))),
        place(&|it| matches!(it, TrainingChange::Optimizer(_))),
        place(&|it| matches!(it, TrainingChange::MicroBatch(..))),
        place(&|it| matches!(it, TrainingChange::Checkpointing)),
        place(&|it| matches!(it, TrainingChange::Flash)),
    ];
    assert!(places.is_sorted(), "{places:?} in {software:?}");
    let parallel = changes(&ladder, RemedyGroup::Parallelize);
    assert!(parallel.contains(&Change::Training(TrainingChange::Zero(3))), "{parallel:?}");
    assert!(!changes(&ladder, RemedyGroup::Offload).is_empty());
}

#[test]
fn a_smaller_micro_batch_keeps_the_tokens_of_a_step() {
    let mut plan = plan("llama-3.1-8b", Task::Qlora, ("rtx-4090", 1));
    plan.workload.training.micro_batch = 8;
    let tokens = plan.workload.training.tokens_of_micro_batches();
    let ladder = ways(&plan);
    let smaller: Vec<_> = ladder
        .ways
        .iter()
        .filter(|way| matches!(way.change, Change::Training(TrainingChange::MicroBatch(..))))
        .collect();
    assert!(!smaller.is_empty());
    for way in smaller {
        assert_eq!(way.plan.workload.training.tokens_of_micro_batches(), tokens, "{:?}", way.change);
    }
}

#[test]
fn cards_are_swapped_or_share_what_is_trained() {
    let ladder = ways(&plan("llama-3.1-8b", Task::Lora, ("rtx-4060-ti-16gb", 1)));
    let bought = changes(&ladder, RemedyGroup::Parallelize);
    assert!(bought.iter().any(|change| matches!(change, Change::SwapCards { .. })), "{bought:?}");
    let mut parts = bought.iter().flat_map(Change::parts);
    let shared = parts.find(|change| matches!(change, Change::ShareCards { .. }));
    assert!(
        matches!(shared, Some(Change::ShareCards { stage: 3, .. })),
        "weights are large beside adapters: {bought:?}"
    );
    for way in ladder.of(RemedyGroup::Parallelize) {
        if way.change.is_hardware() && !matches!(way.change, Change::SwapCards { .. }) {
            assert!(way.cost.usd().is_none_or(|usd| usd > Usd::ZERO), "{:?}", way.change);
        }
    }
}

#[test]
fn a_fitting_plan_is_offered_what_its_room_buys() {
    let mut roomy = plan("llama-3.2-1b", Task::Lora, ("rtx-4090", 1));
    roomy.workload.training.sequence_length = 1024;
    let ladder = ways(&roomy);
    assert!(ladder.now.fits());
    let spare = changes(&ladder, RemedyGroup::Spare);
    assert!(spare.contains(&Change::Training(TrainingChange::NoCheckpointing)), "{spare:?}");
    assert!(spare.iter().any(|it| matches!(it, Change::Training(TrainingChange::Length(tokens)) if *tokens > 1024)));
    assert!(spare.contains(&Change::Training(TrainingChange::Task(Task::Full))), "{spare:?}");
}

/// Whatever a way or a recipe promises is what the estimate says of the plan it makes.
#[test]
fn promises_are_estimates() {
    for (model, task, cards) in [
        ("llama-3.1-8b", Task::Full, ("rtx-4060-ti-16gb", 1)),
        ("llama-3.1-8b", Task::Qlora, ("rtx-4060-ti-16gb", 1)),
        ("llama-3.1-70b", Task::Full, ("h100-sxm", 8)),
        ("mixtral-8x7b", Task::Qlora, ("rtx-4090", 2)),
    ] {
        let ladder = ways(&plan(model, task, cards));
        for way in ladder.ways.iter().filter(|way| way.standing == Standing::Offered) {
            assert_eq!(PlanOutcome::of(&way.plan, Catalog::embedded()), Some(way.after), "{model} {:?}", way.change);
            assert!(way.group == RemedyGroup::Spare || way.after.improves(&ladder.now), "{model} {:?}", way.change);
        }
        assert!(!ladder.recipes.is_empty(), "{model} {task:?}");
        for recipe in &ladder.recipes {
            assert_eq!(PlanOutcome::of(&recipe.plan, Catalog::embedded()), Some(recipe.after));
            assert!(ladder.now.fits() || recipe.after.improves(&ladder.now), "{model} {:?}", recipe.changes);
        }
    }
}
