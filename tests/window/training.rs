//! Training in the Plan view, driven by its labels.

use crate::support::{Scene, TALL, click, pick, press, set, type_into, window};
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use rigplan::catalog::Catalog;
use rigplan::estimate::estimate;
use rigplan::estimate::explain::{Figure, explain};
use rigplan::plan::{CardChoice, CardCount, Offload, Optimizer, Plan, Precision, Task};
use rigplan::text::Locale;

fn plan(task: Task) -> Plan {
    let mut plan = Plan::default();
    plan.workload.task = task;
    plan.workload.training.precision = Precision::Amp;
    plan.machine.cards = vec![CardCount::of(CardChoice::Catalog("rtx-4060-ti-16gb".to_owned()), 1)];
    plan
}

#[test]
fn the_task_is_chosen_and_keeps_the_inputs_of_the_other() {
    let mut serving = plan(Task::Serve);
    serving.workload.context = 32_768;
    let mut harness = window(Scene::of(serving.clone()), TALL);
    assert!(harness.query_by_role_and_label(Role::Slider, "Sequence length").is_none());
    click(&mut harness, "QLoRA");
    let expected = rigplan::plan::Workload { task: Task::Qlora, ..serving.workload };
    assert_eq!(harness.state().plan.workload, expected, "the task alone changes");
    assert!(harness.query_by_role_and_label(Role::Slider, "Context").is_none());
    set(&mut harness, "Sequence length", 2048.0);
    click(&mut harness, "Serve");
    let workload = &harness.state().plan.workload;
    assert_eq!((workload.task, workload.context, workload.training.sequence_length), (Task::Serve, 32_768, 2048));
}

#[test]
fn each_input_changes_the_run() {
    let mut harness = window(Scene::of(plan(Task::Lora)), TALL);
    set(&mut harness, "Micro-batch", 4.0);
    set(&mut harness, "Gradient accumulation", 16.0);
    set(&mut harness, "LoRA rank", 64.0);
    pick(&mut harness, "Optimizer", "AdamW 8-bit");
    pick(&mut harness, "Precision", "BF16");
    click(&mut harness, "Off");
    let training = &harness.state().plan.workload.training;
    assert_eq!((training.micro_batch, training.gradient_accumulation, training.lora_rank), (4, 16, 64));
    assert_eq!((training.optimizer, training.precision), (Optimizer::AdamW8bit, Precision::Bf16));
    assert!(!training.checkpointing);
}

#[test]
fn full_fine_tuning_has_no_rank_and_one_card_no_stage() {
    let mut harness = window(Scene::of(plan(Task::Full)), TALL);
    assert!(harness.query_by_role_and_label(Role::Slider, "LoRA rank").is_none());
    click(&mut harness, "3");
    assert_eq!(harness.state().plan.workload.training.zero_stage, 0, "disabled with one card");
    let mut two = plan(Task::Full);
    two.machine.cards[0].count = 2;
    let mut harness = window(Scene::of(two), TALL);
    click(&mut harness, "3");
    assert_eq!(harness.state().plan.workload.training.zero_stage, 3);
}

/// Each impossible combination is said under the control that it is about, with what would work.
#[test]
fn a_refusal_is_said_at_its_control() {
    type Change = fn(&mut Plan);
    let cases: [(&str, &str, Change); 8] = [
        ("Tensor parallel", "Tensor parallel 3 does not divide 32 attention heads: give 2", |plan| {
            plan.workload.tensor_parallel = Some(3);
        }),
        ("Pipeline parallel", "Pipeline parallel 5 does not divide 32 layers: give 4", |plan| {
            plan.workload.training.pipeline_parallel = 5;
        }),
        ("Pipeline parallel", "Tensor parallel × Pipeline parallel 2 does not divide 3 devices: give", |plan| {
            (plan.workload.training.pipeline_parallel, plan.machine.cards[0].count) = (2, 3);
        }),
        (
            "Data parallel",
            "9 parallel parts need as many devices, and there is 1: add cards or lower Tensor parallel",
            |plan| {
                plan.workload.training.data_parallel = Some(9);
            },
        ),
        ("LoRA rank", "LoRA rank 2,000 is above the narrowest matrix with an adapter: give at most 1,024", |plan| {
            plan.workload.training.lora_rank = 2000;
        }),
        ("Add another card", "give ZeRO stage 1, Pipeline parallel 1", |plan| {
            plan.machine.cards[0].count = 2;
            (plan.workload.training.zero_stage, plan.workload.training.pipeline_parallel) = (3, 2);
        }),
        ("Offload", "give ZeRO stage 3, or Offload Optimizer states", |plan| {
            plan.workload.training.offload = Offload::Nvme;
        }),
        ("Sequence length", "Sequence length × Micro-batch is above 17 billion tokens: ask for less", |plan| {
            (plan.workload.training.sequence_length, plan.workload.training.micro_batch) = (100_000_000, 60_000);
        }),
    ];
    for (control, said, change) in cases {
        let mut refused = plan(Task::Qlora);
        change(&mut refused);
        let mut harness = window(Scene::of(refused), TALL);
        if matches!(control, "Tensor parallel" | "Pipeline parallel" | "Data parallel" | "Offload") {
            harness.run();
        }
        // In the verdict at the center, and at the control at the left.
        let words = harness.query_all_by_label_contains(said);
        let under: Vec<f32> =
            words.map(|it| it.rect()).filter(|rect| rect.right() < 328.0).map(|rect| rect.top()).collect();
        let name = harness.query_all_by_label_contains(control).map(|it| it.rect());
        let name: Vec<f32> = name.filter(|rect| rect.right() < 340.0).map(|rect| rect.top()).collect();
        let near = |top: &f32| name.iter().any(|name| (0.0..110.0).contains(&(top - name)));
        assert!(under.iter().any(near), "{control}: {said} at {under:?}");
    }
}

#[test]
fn a_count_below_one_is_refused_where_it_was_typed() {
    let mut harness = window(Scene::of(plan(Task::Lora)), TALL);
    for control in ["Micro-batch", "Gradient accumulation", "LoRA rank"] {
        let before = harness.state().plan.clone();
        type_into(&mut harness, &format!("{control}, type a value"), "0");
        harness.get_by_label("Give a number from 1 to 65,536");
        press(&mut harness, eframe::egui::Key::Escape);
        assert_eq!(harness.state().plan, before, "{control} stays as it was");
    }
}

#[test]
fn what_does_not_fit_says_so_and_names_the_moment() {
    let harness = window(Scene::of(plan(Task::Qlora)), TALL);
    assert!(harness.query_by_label_contains("Does not fit: ").is_some());
    assert!(harness.query_by_label_contains("where logits and loss take 6.8 GiB; nothing spills to RAM").is_some());
    assert!(harness.query_by_label_contains("LoRA adapter, At the peak 0.16 GiB").is_some());
    assert!(harness.query_by_label_contains("VRAM over the moments of one step; forward").is_some());
    assert!(harness.query_by_label_contains("VRAM against sequence length; ").is_some());
    assert!(harness.query_by_label_contains("Decode speed").is_none(), "no plot of serving");
}

#[test]
fn ways_are_those_of_training() {
    let mut harness = window(Scene::of(plan(Task::Qlora)), TALL);
    assert!(harness.query_by_label_contains("Context ").is_none(), "no advice about serving");
    click(&mut harness, "Apply: Precision BF16");
    let commands = &harness.state().commands;
    assert!(
        commands.iter().any(|it| matches!(it, rigplan::ui::command::Command::ApplyWay { plan, .. }
            if plan.workload.training.precision == Precision::Bf16)),
        "{commands:?}"
    );
}

#[test]
fn the_job_has_its_rent_and_what_stays_on_the_disk() {
    let mut rented = plan(Task::Qlora);
    rented.machine.cards[0].card = CardChoice::Catalog("rtx-4090".to_owned());
    let harness = window(Scene::of(rented), TALL);
    assert!(harness.query_by_label_contains("Rent of the job").is_some());
    assert!(harness.query_by_label_contains("checkpoints 2 × 0.47 GiB on disk").is_some());
    assert!(harness.query_by_label_contains("the cards draw").is_some());
}

/// With several cards the table is about the fullest one, and so is its explanation.
#[test]
fn why_is_about_the_card_of_the_table() {
    let mut several = plan(Task::Full);
    several.machine.cards[0].count = 4;
    several.workload.training.zero_stage = 3;
    for figure in [Figure::Weights, Figure::Gradients, Figure::Optimizer, Figure::Activations, Figure::Overhead] {
        let found = estimate(&several, Catalog::embedded()).expect("an estimate");
        let step = found.training.as_deref().expect("a step");
        let at = step.at(step.peak).expect("its peak");
        let shown = match figure {
            Figure::Weights => at.weights,
            Figure::Gradients => at.gradients,
            Figure::Optimizer => at.optimizer,
            Figure::Activations => at.activations + at.temporaries,
            _ => found.devices[step.device].overhead.expected,
        };
        let why = explain(&several, Catalog::embedded(), figure).expect("an explanation");
        assert_eq!(why.result, Some(shown), "{figure:?}");
    }
}

#[test]
fn chinese_says_all_of_it() {
    let mut scene = Scene::of(plan(Task::Qlora));
    scene.locale = Locale::Zh;
    let harness = window(scene, TALL);
    for words in ["序列长度", "微批大小", "梯度累积", "LoRA 秩"] {
        assert!(harness.query_by_role_and_label(Role::Slider, words).is_some(), "{words}");
    }
    assert!(harness.query_by_label_contains("一步之内的显存变化").is_some());
}
