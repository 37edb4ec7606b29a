//! Layers that do not run are told from those that do.

use crate::catalog::Catalog;
use crate::catalog::model::RecurrenceKind;
use crate::estimate::answer::TrainingPhase;
use crate::estimate::training::replay::{Level, replay_whole};
use crate::estimate::training::run::TrainingRun;
use crate::estimate::training::trained_model::TrainedModel;
use crate::estimate::training::with_run;
use crate::plan::{LoraTargets, Plan, Precision, Task, Training, TrainingAttention};
use strum::VariantArray as _;

/// Dense layers before the experts, convolutions between attention, layers without positions, a norm before both parts.
const THROUGHOUT: [&str; 5] = ["deepseek-v2-lite", "lfm2.5-1.2b", "smollm3-3b", "llama-3.2-1b", "command-r7b"];

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
    let (told, layers) = (program.replay(&part, run.states), program.layers(&part));
    let whole = replay_whole(&program.stage(&part, &layers), &super::recipe(&part, run.states));
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
                let levels = program.replay(&part, run.states).levels;
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
                    (program.replay(&run.program_part(0), run.states).gradients, run.states.gradients);
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
