//! What more of something does: more cards leave no more on each of them but where the engine itself does, more work never
//! takes less, and speeds are numbers, in order, whatever is asked.

use crate::laws::every_engine_and_task;
use crate::laws_of_all::extremes;
use crate::support::any::{cases, kind_of_card};
use proptest::prelude::*;
use rigplan::catalog::Catalog;
use rigplan::estimate::speed::Speed;
use rigplan::estimate::training::PhaseBytes;
use rigplan::estimate::{Estimate, Parts, Verdict, estimate};
use rigplan::plan::{CardCount, CpuExperts, GpuLayers, Plan, Runtime, Sharding, Task};
use rigplan::units::{Band, Bytes};

fn known(plan: &Plan) -> Option<Estimate> {
    estimate(plan, Catalog::embedded()).ok().filter(|found| found.verdict.is_some())
}

/// The most of a part on one device.
fn most(found: &Estimate, part: fn(&Parts) -> Option<Bytes>) -> Option<Bytes> {
    found.devices.iter().filter_map(|device| part(&device.parts)).max()
}

/// The same plan on so many of one card, everything on them.
fn on(plan: &Plan, card: &CardCount, count: u32) -> Plan {
    let mut plan = plan.clone();
    plan.workload.gpu_layers = GpuLayers::All;
    plan.workload.cpu_experts = CpuExperts::Count(0);
    plan.workload.tensor_parallel = None;
    plan.machine.screen = false;
    plan.machine.ram_gib = 1_048_576.0;
    plan.machine.cards = vec![CardCount { count, ..card.clone() }];
    plan
}

/// Every band of a speed with its name.
fn bands(speed: &Speed) -> [(&'static str, Option<Band<f64>>); 11] {
    [
        ("decode", speed.decode),
        ("at once", speed.at_once),
        ("decode total", speed.decode_total),
        ("sustained", speed.sustained),
        ("prefill", speed.prefill),
        ("first token", speed.first_token),
        ("queued first token", speed.queued_first_token),
        ("load", speed.load),
        ("power", speed.power),
        ("energy", speed.energy),
        ("train", speed.train),
    ]
}

/// What stays on a device from one step of training to the next, at the end of one.
fn states(found: &Estimate) -> Option<Bytes> {
    let last: &PhaseBytes = found.training.as_ref()?.phases.last()?;
    Some(last.weights + last.optimizer + last.gradients)
}

/// The most that a step of training allocates on a device.
fn peak(plan: &Plan) -> Option<Bytes> {
    known(plan)?.training?.phases.iter().map(PhaseBytes::total).max()
}

/// Plans that train, with the states over the cards in each of the ways.
fn trained() -> impl Strategy<Value = Plan> {
    let task = prop::sample::select(vec![Task::Full, Task::Lora, Task::Qlora]);
    let sharding = prop::sample::select(vec![Sharding::DeepSpeed, Sharding::Fsdp]);
    let size = (64..8192_u64, 1..=8_u32, 0..=3_u8);
    (every_engine_and_task(), task, sharding, size).prop_map(|(mut plan, task, sharding, (tokens, batch, stage))| {
        plan.workload.task = task;
        let training = &mut plan.workload.training;
        (training.sequence_length, training.micro_batch) = (tokens, batch);
        (training.sharding, training.zero_stage) = (sharding, stage);
        plan
    })
}

/// Whether all sequences run at once and nothing is missing.
fn holds_all(found: &Estimate) -> bool {
    found.queue.waiting == 0 && !matches!(found.verdict, None | Some(Verdict::DoesNotFit))
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn speeds_are_numbers_in_order(plan in prop_oneof![every_engine_and_task(), extremes()]) {
        let Some(found) = known(&plan) else { return Ok(()) };
        for (name, band) in bands(&found.speed) {
            let Some(Band { low, expected, high }) = band else { continue };
            let in_order = 0.0 <= low && low <= expected && expected <= high && high.is_finite();
            prop_assert!(in_order, "{name}: {low}, {expected}, {high} in {plan:?}");
        }
    }
}

proptest! {
    #![proptest_config(cases(300))]

    /// Of caches that are whole: a server's pool takes what is left. Buffers may be larger: llama.cpp copies a batch for each device of several, so that they work at the same time.
    #[test]
    fn twice_as_many_cards_hold_no_more_of_the_caches_each(plan in every_engine_and_task(), card in kind_of_card(1)) {
        if plan.workload.task.trains() || plan.workload.runtime == Runtime::Transformers {
            return Ok(());
        }
        for count in [1, 2, 4] {
            let pair = (known(&on(&plan, &card, count)), known(&on(&plan, &card, 2 * count)));
            let (Some(few), Some(many)) = pair else { continue };
            if !holds_all(&few) || !holds_all(&many) {
                continue;
            }
            for part in [|parts: &Parts| parts.kv_cache, |parts: &Parts| parts.recurrent_state] {
                let (few, many) = (most(&few, part), most(&many, part));
                // Servers hold whole pages: an odd one more is none of the plan's.
                let page = Bytes(few.unwrap_or_default().0 / 1000);
                prop_assert!(many <= few.map(|few| few + page), "{few:?} on {count}, {many:?} on {}", 2 * count);
            }
        }
    }

    /// What DDP and ZeRO add are buffers for what goes between the cards, which are no part of this.
    #[test]
    fn twice_as_many_cards_keep_no_more_states_each(plan in trained(), card in kind_of_card(1)) {
        for count in [1, 2, 4, 32] {
            let pair = (known(&on(&plan, &card, count)), known(&on(&plan, &card, 2 * count)));
            let (Some(few), Some(many)) = (pair.0.as_ref().and_then(states), pair.1.as_ref().and_then(states)) else {
                continue;
            };
            prop_assert!(many <= few, "{few} on {count}, {many} on {}", 2 * count);
        }
    }

    #[test]
    fn more_at_once_or_a_larger_adapter_never_trains_in_less(plan in trained(), more in 1..8_u32, rank in 1..64_u32) {
        let mut larger = plan.clone();
        larger.workload.training.micro_batch += more;
        if let (Some(few), Some(many)) = (peak(&plan), peak(&larger)) {
            prop_assert!(few <= many, "{few}, then {many} with {more} more sequences");
        }
        let mut wider = plan.clone();
        wider.workload.training.lora_rank += rank;
        if let (Some(narrow), Some(wide)) = (peak(&plan), peak(&wider)) {
            prop_assert!(narrow <= wide, "{narrow}, then {wide} with {rank} more of rank");
        }
    }

    /// A pool too small for all takes what is left; else what lies beside it, and what sequences need of it, never falls.
    #[test]
    fn a_server_with_more_to_do_never_needs_less(plan in every_engine_and_task(), tokens in 1..100_000_u64, batch in 1..65_536_u32) {
        if plan.workload.task.trains() || plan.workload.runtime == Runtime::LlamaCpp {
            return Ok(());
        }
        let needs = |plan: &Plan| -> Option<Bytes> {
            let found = known(plan).filter(holds_all)?;
            let whole = |parts: &Parts| Some(parts.kv_cache? + parts.recurrent_state? + parts.activations?);
            found.devices.iter().map(|device| whole(&device.parts)).max()?
        };
        let mut longer = plan.clone();
        longer.workload.context += tokens;
        let mut larger = plan.clone();
        larger.workload.server.max_batched_tokens = plan.workload.server.max_batched_tokens.map(|it| it + batch);
        for more in [longer, larger] {
            if let (Some(less), Some(more)) = (needs(&plan), needs(&more)) {
                prop_assert!(less <= more, "{less}, then {more}");
            }
        }
    }
}
