//! Layers that do not run are told from those that do.

use crate::catalog::Catalog;
use crate::catalog::model::RecurrenceKind;
use crate::estimate::answer::TrainingPhase;
use crate::estimate::caching_allocator::Segments;
use crate::estimate::training::replay::{LeftOut, Level, replay_whole};
use crate::estimate::training::reserved::{Reserved, reserved};
use crate::estimate::training::run::TrainingRun;
use crate::estimate::training::trained_model::TrainedModel;
use crate::estimate::training::with_run;
use crate::plan::{LoraTargets, Plan, Precision, Task, Training, TrainingAttention};
use strum::VariantArray as _;

/// Dense layers before the experts, convolutions between attention, layers without positions, a norm before both parts.
const THROUGHOUT: [&str; 5] = ["deepseek-v2-lite", "lfm2.5-1.2b", "smollm3-3b", "llama-3.2-1b", "command-r7b"];

/// How far what is reserved, held and allocated is from what all layers do: in the median, and at most.
const LEFT_OUT: [[f64; 2]; 3] = [[0.005, 0.1], [0.005, 0.1], [0.001, 0.02]];
/// Events of a step, those of layers left out among them.
const MOST_EVENTS: usize = 10_000;
const MOST_EVENTS_OF_HYBRIDS: usize = 24_000;

/// What is trained, and how else than by default.
type Way = (Task, fn(&mut Training));

/// Ways to train in which other things lie there.
const WAYS: [Way; 11] = [
    (Task::Full, |_| {}),
    (Task::Full, |training| training.checkpointing = false),
    (Task::Full, |training| (training.precision, training.checkpointing) = (Precision::Amp, false)),
    (Task::Full, |training| training.precision = Precision::Amp),
    (Task::Full, |training| (training.attention, training.checkpointing) = (TrainingAttention::Eager, false)),
    (Task::Lora, |training| training.checkpointing = false),
    (Task::Lora, |training| (training.checkpointing, training.lora_targets) = (false, LoraTargets::QueryValue)),
    (Task::Lora, |training| training.precision = Precision::Amp),
    (Task::Qlora, |_| {}),
    (Task::Lora, |training| training.offload_checkpoints = true),
    (Task::Qlora, |training| {
        (training.attention, training.checkpointing) = (TrainingAttention::Eager, false);
        training.selective_checkpointing = true;
    }),
];

fn plan(task: Task, change: fn(&mut Training)) -> Plan {
    let mut plan = Plan::default();
    plan.workload.task = task;
    (plan.workload.training.sequence_length, plan.workload.training.lora_rank) = (1000, 8);
    change(&mut plan.workload.training);
    plan
}

/// Phases whose heights differ, and the rest of a step.
fn differences(run: &TrainingRun<'_>) -> Option<Vec<String>> {
    let program = run.model.program.as_ref()?;
    let part = run.program_part(0);
    let ((told, _), layers) = (program.replay(&part, run.states), program.layers(&part));
    let (whole, _) = replay_whole(&program.stage(&part, &layers), &super::recipe(&part, run.states));
    let levels = TrainingPhase::VARIANTS.iter().zip(told.levels).zip(whole.levels);
    let mut found: Vec<String> = levels
        .filter(|((_, told), whole)| told != whole)
        .map(|((phase, told), whole)| format!("{phase:?}: {told:?} is {whole:?}"))
        .collect();
    if (told.layers, told.gradients) != (whole.layers, whole.gradients) {
        found.push(format!("{told:?} is {whole:?}"));
    }
    Some(found)
}

#[test]
fn layers_left_out_are_told_to_the_byte() {
    let (mut compared, mut failures) = (0, Vec::new());
    for (number, model) in Catalog::embedded().models().enumerate() {
        let Some(trained) = TrainedModel::new(model).filter(|trained| trained.program.is_some()) else { continue };
        for (way, (task, change)) in WAYS.into_iter().enumerate() {
            if !THROUGHOUT.contains(&model.id.as_str()) && way % 5 != number % 5 {
                continue;
            }
            let plan = plan(task, change);
            let found = with_run(&plan, &trained, 1, |run, _| differences(run)).expect("one card").unwrap_or_default();
            failures.extend(found.into_iter().map(|it| format!("{} {task:?} way {way}: {it}", model.id)));
            compared += 1;
        }
    }
    assert!(failures.is_empty(), "{} of {compared}\n{}", failures.len(), failures.join("\n"));
    assert!(compared > 150, "{compared}");
}

/// What is listed of an instant is what lies there.
#[test]
fn tensors_add_up_to_the_highest_instant() {
    for id in THROUGHOUT {
        let trained = TrainedModel::new(Catalog::embedded().model(id).expect("in the catalog")).expect("tensors");
        for (task, change) in WAYS {
            let plan = plan(task, change);
            with_run(&plan, &trained, 1, |run, _| {
                let (program, part) = (trained.program.as_ref().expect("a program"), run.program_part(0));
                let levels = program.replay(&part, run.states).0.levels;
                for (phase, highest) in TrainingPhase::VARIANTS.iter().zip(levels) {
                    let Some(highest) = highest else { continue };
                    let lying = program.lying(&part, run.states, *phase, highest);
                    let sum: f64 = lying.iter().map(|(one, count)| count * one.size.bytes()).sum();
                    assert!((sum - Level::total(&highest)).abs() < 1.0, "{id} {task:?} {phase:?}: {sum} {highest:?}");
                    assert!(lying.iter().all(|(_, count)| *count > 0.0), "{id} {task:?} {phase:?}");
                }
            })
            .expect("one card");
        }
    }
}

/// A program trains what the checkpoint holds.
#[test]
fn gradients_are_those_of_the_tensors() {
    let mut failures = Vec::new();
    for model in Catalog::embedded().models() {
        let Some(trained) = TrainedModel::new(model).filter(|trained| trained.program.is_some()) else { continue };
        // The kernel of Mamba-2 takes its output matrix without the adapter.
        let passes_by = model.recurrent.is_some_and(|recurrent| recurrent.kind == RecurrenceKind::Mamba2);
        for (task, change) in [WAYS[0], WAYS[5]].into_iter().filter(|(task, _)| *task == Task::Full || !passes_by) {
            with_run(&plan(task, change), &trained, 1, |run, _| {
                let program = trained.program.as_ref().expect("a program");
                let (ours, tensors) =
                    (program.replay(&run.program_part(0), run.states).0.gradients, run.states.gradients);
                let off = ours / tensors as f64 - 1.0;
                if off.abs() > 0.001 {
                    failures.push(format!("{} {task:?}: {ours} is {tensors}, {off:+.4}", model.id));
                }
            })
            .expect("one card");
        }
    }
    assert!(failures.is_empty(), "{}\n{}", failures.len(), failures.join("\n"));
}

/// Rounds that did not run leave and take away what they would have: what is handed out at most is nearly the same, what is
/// reserved is so but for the luck of which block fits.
#[test]
fn blocks_of_layers_left_out_are_told() {
    let mut offs: [Vec<f64>; 3] = Default::default();
    for (number, model) in Catalog::embedded().models().enumerate() {
        let Some(trained) = TrainedModel::new(model).filter(|trained| trained.program.is_some()) else { continue };
        for (way, (task, change)) in WAYS.into_iter().enumerate() {
            if !THROUGHOUT.contains(&model.id.as_str()) && way != number % WAYS.len() {
                continue;
            }
            let mut plan = plan(task, change);
            plan.workload.training.gradient_accumulation = 1 + u32::from(number % 2 == 0);
            let blocks = with_run(&plan, &trained, 1, |run, _| {
                let (program, part) = (trained.program.as_ref()?, run.program_part(0));
                let layers = program.layers(&part);
                let (_, told) = program.replay(&part, run.states);
                let (_, whole) = replay_whole(&program.stage(&part, &layers), &super::recipe(&part, run.states));
                let lasting = run.lasting(0);
                let blocks = |walk| reserved(&lasting, walk, Segments::Fixed, u64::MAX).ok();
                Some((blocks(&told)?, blocks(&whole)?))
            });
            let Some((told, whole)) = blocks.expect("one card") else { continue };
            let figures: [fn(&Reserved) -> u64; 3] = [|it| it.asked, |it| it.held, |it| it.allocated];
            for (offs, of) in offs.iter_mut().zip(figures) {
                offs.push((of(&told) as f64 / of(&whole) as f64 - 1.0).abs());
            }
        }
    }
    for (offs, [median, most]) in offs.iter_mut().zip(LEFT_OUT) {
        offs.sort_by(f64::total_cmp);
        let at = |share: usize| offs[(offs.len() - 1) * share / 100];
        println!("{} compared: {:.4} {:.4} {:.4}", offs.len(), at(50), at(90), at(100));
        assert!(offs.len() > 150 && at(50) < median && at(100) < most, "{} {}", at(50), at(100));
    }
}

/// An estimate that was never asked for takes 2 ms for the largest dense model: so many events of the allocator do. Of hybrids
/// whose layers come round after many others more run.
#[test]
fn a_step_is_told_from_few_events() {
    let mut failures = Vec::new();
    for model in Catalog::embedded().models() {
        let Some(trained) = TrainedModel::new(model).filter(|trained| trained.program.is_some()) else { continue };
        let most = if model.id == "llama-3.1-405b" { MOST_EVENTS } else { MOST_EVENTS_OF_HYBRIDS };
        for (way, (task, change)) in WAYS.into_iter().enumerate() {
            let events = with_run(&plan(task, change), &trained, 1, |run, _| {
                let walk = trained.program.as_ref().map(|it| it.replay(&run.program_part(0), run.states).1);
                let walk = walk.unwrap_or_default();
                let beside = |gap: &LeftOut| gap.rounds * (gap.kept.len() + gap.backward.len());
                walk.events().len() + walk.left_out().iter().map(beside).sum::<usize>()
            });
            let events = events.expect("one card");
            if events > most {
                failures.push(format!("{} {task:?} way {way}: {events}", model.id));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
