//! What the fused loss (Liger) and the chunked one (torchtune) take, against the code itself.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::sync::Arc;

use rigplan::catalog::Catalog;
use rigplan::catalog::model::Model;
use rigplan::estimate::estimate;
use rigplan::estimate::training::{TrainingPhase, TrainingStep};
use rigplan::plan::{CardChoice, LossMethod, ModelChoice, Plan, Precision, Task, Training, TrainingAttention};

/// Sizes, methods and measured bytes; how they were measured stands in the file.
const MEASURED: &str = include_str!("../fixtures/training_losses.csv");

fn plan(task: Task, training: Training) -> Plan {
    let mut plan = Plan::default();
    plan.workload.task = task;
    plan.workload.model = ModelChoice::Catalog("llama-3.1-8b".to_owned());
    plan.workload.training = training;
    plan.machine.cards[0].card = CardChoice::Catalog("h200-sxm".to_owned());
    plan.machine.ram_gib = 4096.0;
    plan
}

fn step(plan: &Plan) -> TrainingStep {
    *estimate(plan, Catalog::embedded()).unwrap().training.unwrap()
}

/// Bytes at a phase besides weights and optimizer states.
fn besides(step: &TrainingStep, phase: TrainingPhase) -> f64 {
    let at = step.at(phase).unwrap();
    (at.total().0 - at.weights.0 - at.optimizer.0) as f64
}

#[test]
fn losses_take_what_their_code_does() {
    let mut rows = 0;
    for line in MEASURED.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |index: usize| fields[index].parse::<u64>().unwrap();
        let task = match fields[1] {
            "full" => Task::Full,
            "lora" => Task::Lora,
            _ => Task::Qlora,
        };
        let training = Training {
            loss: if fields[0] == "fused" { LossMethod::Fused } else { LossMethod::Chunked },
            precision: match fields[2] {
                "bf16" => Precision::Bf16,
                "amp" => Precision::Amp,
                _ => Precision::Fp32,
            },
            checkpointing: fields[3] == "true",
            sequence_length: number(11),
            micro_batch: u32::try_from(number(12)).unwrap(),
            ..Training::default()
        };
        let mut plan = plan(task, training);
        let mut model = Catalog::embedded().model("llama-3.1-8b").unwrap().clone().into_fields();
        (model.num_hidden_layers, model.hidden_size, model.num_attention_heads) = (number(4), number(5), number(6));
        (model.num_key_value_heads, model.head_dim) = (number(7), number(8));
        (model.intermediate_size, model.vocab_size) = (number(9), number(10));
        plan.workload.model =
            ModelChoice::File { path: "config.json".into(), model: Arc::new(Model::new(model).unwrap()) };
        let step = step(&plan);
        for (phase, measured) in [(TrainingPhase::Loss, number(13)), (TrainingPhase::LossBackward, number(14))] {
            let off = besides(&step, phase) / measured as f64 - 1.0;
            assert!(off.abs() < 0.01, "{line}: {phase:?} {off:+.4}");
        }
        rows += 1;
    }
    assert_eq!(rows, 76);
}

/// The vocabulary is what decides, not the MLP: no two losses are alike, and all logits at once take most.
#[test]
fn losses_differ() {
    let peak = |loss| {
        let step = step(&plan(Task::Full, Training { loss, sequence_length: 8192, ..Training::default() }));
        besides(&step, TrainingPhase::Loss).max(besides(&step, TrainingPhase::LossBackward))
    };
    let [standard, dropped, chunked, fused] =
        [LossMethod::Standard, LossMethod::WithoutOutputs, LossMethod::Chunked, LossMethod::Fused].map(peak);
    assert!(standard > dropped && dropped > chunked && chunked > 2.0 * fused, "{standard} {dropped} {chunked} {fused}");
}

/// Cards that share the output matrix share its logits and its gradient; the chunk stays as long.
#[test]
fn tensor_parallel_cards_share_the_logits_of_a_chunk() {
    let logits = |tensor_parallel: u32| {
        let training = Training { loss: LossMethod::Fused, sequence_length: 8192, ..Training::default() };
        let mut plan = plan(Task::Lora, training);
        plan.machine.cards[0].count = tensor_parallel;
        plan.workload.tensor_parallel = Some(tensor_parallel);
        step(&plan).at(TrainingPhase::Loss).unwrap().logits.0
    };
    // 128,256 / 4,096 is 31.3: 8,192 / 32 = 256 tokens at a time, two bytes a logit.
    assert_eq!(logits(1), 2 * 256 * 128_256);
    for cards in [2, 4, 8] {
        assert_eq!(logits(cards) * u64::from(cards), logits(1));
    }
}

/// Logits are with the output matrix: whatever the loss is, a stage of a pipeline without it holds the same.
#[test]
fn the_loss_changes_no_stage_without_an_output_matrix() {
    for model in ["llama-3.1-8b", "gemma-2-9b", "qwen3-30b-a3b"] {
        for task in [Task::Full, Task::Lora, Task::Qlora] {
            for attention in [TrainingAttention::Flash, TrainingAttention::Eager, TrainingAttention::FusedSoftmax] {
                for checkpointing in [true, false] {
                    let first = |loss: LossMethod| {
                        let training = Training { loss, attention, checkpointing, ..Training::default() };
                        let mut plan = plan(task, Training { pipeline_parallel: 2, ..training });
                        plan.workload.model = ModelChoice::Catalog(model.to_owned());
                        plan.machine.cards[0].count = 2;
                        estimate(&plan, Catalog::embedded()).unwrap().devices[0].parts
                    };
                    let standard = first(LossMethod::Standard);
                    for loss in [LossMethod::WithoutOutputs, LossMethod::Fused, LossMethod::Chunked] {
                        assert_eq!(first(loss), standard, "{model} {task:?} {attention:?} {checkpointing} {loss:?}");
                    }
                }
            }
        }
    }
}
