//! Machines to train on: "train this" is the goal of running a plan that trains.

use crate::support::plans::{today, training};
use proptest::prelude::*;
use proptest::sample::select;
use rigplan::advise::builder::{BuildError, BuildOutcome, best};
use rigplan::advise::rent::cloud_offers;
use rigplan::catalog::Catalog;
use rigplan::catalog::parts::TierId;
use rigplan::estimate::{Verdict, estimate};
use rigplan::plan::{BuildGoal, BuildRequest, Plan, Task};
use rigplan::units::Usd;

fn request(budget: f64, tier: TierId) -> BuildRequest {
    BuildRequest { budget_usd: Usd(budget), tier, goal: BuildGoal::RunPlan, ..BuildRequest::default() }
}

/// Tokens a second that a build trains.
fn trained(outcome: &BuildOutcome<'_>) -> f64 {
    outcome.build.estimate.speed.train.unwrap().expected
}

fn plans() -> impl Strategy<Value = Plan> {
    select(vec![
        training("qwen3-0.6b", Task::Full),
        training("llama-3.1-8b", Task::Qlora),
        training("llama-3.1-8b", Task::Lora),
        training("qwen3-32b", Task::Qlora),
        training("llama-3.1-70b", Task::Qlora),
        training("llama-3.1-8b", Task::Full),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever the budget: what is built trains the plan, within the budget, by the one formula.
    #[test]
    fn a_build_trains_what_it_is_for(
        budget in 500.0..400_000.0_f64, tier in select(TierId::ALL.to_vec()), plan in plans(),
    ) {
        let (request, today) = (request(budget, tier), today());
        let build = match best(&request, &plan, Catalog::embedded(), &today) {
            Ok(outcome) => {
                prop_assert!(outcome.build.total.usd.0 <= budget + 1e-6);
                outcome.build
            }
            Err(BuildError::TooLittle { cheapest, .. }) => {
                prop_assert!(cheapest.total.usd.0 > budget);
                *cheapest
            }
            Err(BuildError::Nothing { .. }) => return Ok(()),
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        };
        prop_assert_eq!(build.plan.workload.task, plan.workload.task, "it is still trained");
        let again = estimate(&build.plan, Catalog::embedded()).unwrap();
        prop_assert_eq!(&again, &build.estimate, "the same formula");
        let holds = matches!(again.verdict, Some(Verdict::Fits | Verdict::Tight | Verdict::Offload));
        prop_assert!(holds, "{:?}", again.verdict);
        prop_assert!(again.training.is_some(), "an estimate of a training step");
        for device in &again.devices {
            prop_assert!(device.total.unwrap() <= device.usable, "{device:?}");
        }
        prop_assert!(build.scored.needed_ram_gib <= build.plan.machine.ram_gib + 1e-6, "RAM for the process");
    }
}

/// With more money a plan is not trained slower, and what could not be trained at all comes within reach.
#[test]
fn more_money_trains_no_slower() {
    let (plan, today) = (training("llama-3.1-8b", Task::Qlora), today());
    let mut before = 0.0;
    for budget in [1500.0, 3000.0, 6000.0, 12_000.0] {
        let request = request(budget, TierId::Team);
        match best(&request, &plan, Catalog::embedded(), &today) {
            // Speeds of one step of three percent count as alike.
            Ok(outcome) => {
                assert!(trained(&outcome) >= before * 0.97, "${budget}: {} after {before}", trained(&outcome));
                before = trained(&outcome);
            }
            Err(BuildError::TooLittle { .. }) => assert!(before == 0.0, "${budget} is less than less was"),
            Err(error) => panic!("${budget}: {error}"),
        }
    }
    assert!(before > 0.0, "something trains");
}

/// An 8B model with an adapter takes one card of 24 GiB; all of its weights take several times as much.
#[test]
fn the_task_decides_how_much_vram_is_bought() {
    let today = today();
    let vram = |task: Task, budget: f64| {
        let (plan, request) = (training("llama-3.1-8b", task), request(budget, TierId::for_budget(Usd(budget))));
        let build = match best(&request, &plan, Catalog::embedded(), &today) {
            Ok(outcome) => outcome.build,
            Err(BuildError::TooLittle { cheapest, .. }) => *cheapest,
            Err(error) => panic!("{error}"),
        };
        build.choice.vram_gib()
    };
    assert!(vram(Task::Qlora, 2000.0) >= 16.0, "{}", vram(Task::Qlora, 2000.0));
    assert!(vram(Task::Full, 100_000.0) >= 120.0, "{}", vram(Task::Full, 100_000.0));
}

#[test]
fn clouds_that_train_the_plan_have_a_price_a_token() {
    let today = today();
    let offers = cloud_offers(&training("llama-3.1-8b", Task::Lora), Catalog::embedded(), &today);
    assert!(!offers.is_empty());
    assert!(offers.iter().any(|offer| offer.usd_per_million.is_some()), "tokens that are trained");
    assert!(offers.iter().all(|offer| matches!(offer.verdict, Verdict::Fits | Verdict::Tight)));
}
