//! Training in the Plan view, driven by its labels.

mod ui_support;

use eframe::egui::{Vec2, accesskit::Role, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rigplan::plan::{CardChoice, CardCount, Optimizer, Plan, Precision, Task};
use rigplan::text::Locale;
use ui_support::Scene;

/// High enough that nothing has to be scrolled to.
const TALL: Vec2 = vec2(1440.0, 2000.0);

fn plan(task: Task) -> Plan {
    let mut plan = Plan::default();
    plan.workload.task = task;
    plan.workload.training.precision = Precision::Amp;
    plan.machine.cards =
        vec![CardCount { card: CardChoice::Catalog("rtx-4060-ti-16gb".to_owned()), count: 1, memory_gib: None }];
    plan
}

fn window(scene: Scene) -> Harness<'static, Scene> {
    let mut harness = Harness::builder()
        .with_size(TALL)
        .with_context_setup(rigplan::ui::theme::install)
        .build_ui_state(|ui, scene: &mut Scene| scene.show(ui), scene);
    harness.run();
    harness
}

fn click(harness: &mut Harness<'_, Scene>, label: &str) {
    harness.get_by_label(label).click();
    harness.run();
}

fn set(harness: &mut Harness<'_, Scene>, label: &str, value: f64) {
    harness.get_by_role_and_label(Role::Slider, label).set_value_accesskit(value);
    harness.run();
}

fn pick(harness: &mut Harness<'_, Scene>, list: &str, entry: &str) {
    harness.get_by_role_and_label(Role::ComboBox, list).click();
    harness.run();
    harness.get_by_role_and_label(Role::ListBoxOption, entry).click();
    harness.run();
}

#[test]
fn the_task_is_chosen_and_keeps_the_inputs_of_the_other() {
    let mut serving = plan(Task::Serve);
    serving.workload.context = 32_768;
    let mut harness = window(Scene::of(serving.clone()));
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
    let mut harness = window(Scene::of(plan(Task::Lora)));
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
    let mut harness = window(Scene::of(plan(Task::Full)));
    assert!(harness.query_by_role_and_label(Role::Slider, "LoRA rank").is_none());
    click(&mut harness, "3");
    assert_eq!(harness.state().plan.workload.training.zero_stage, 0, "disabled with one card");
    let mut two = plan(Task::Full);
    two.machine.cards[0].count = 2;
    let mut harness = window(Scene::of(two));
    click(&mut harness, "3");
    assert_eq!(harness.state().plan.workload.training.zero_stage, 3);
}

#[test]
fn a_refusal_is_said_at_its_control() {
    let mut refused = plan(Task::Qlora);
    refused.workload.tensor_parallel = Some(3);
    let harness = window(Scene::of(refused));
    assert!(harness.query_all_by_label_contains("does not divide").count() >= 2, "in the verdict and at the control");
    assert!(harness.query_by_label("Tensor parallel").is_some(), "unfolded");
}

#[test]
fn what_does_not_fit_says_so_and_names_the_moment() {
    let harness = window(Scene::of(plan(Task::Qlora)));
    assert!(harness.query_by_label_contains("Does not fit: ").is_some());
    assert!(harness.query_by_label_contains("where logits and loss take 6.8 GiB; nothing spills to RAM").is_some());
    assert!(harness.query_by_label_contains("LoRA adapter, At the peak 0.16 GiB").is_some());
    assert!(harness.query_by_label_contains("VRAM over the moments of one step; forward").is_some());
    assert!(harness.query_by_label_contains("VRAM against sequence length; ").is_some());
    assert!(harness.query_by_label_contains("Decode speed").is_none(), "no plot of serving");
}

#[test]
fn ways_are_those_of_training() {
    let mut harness = window(Scene::of(plan(Task::Qlora)));
    assert!(harness.query_by_label_contains("Context ").is_none(), "no advice about serving");
    click(&mut harness, "Apply: Precision BF16");
    let commands = &harness.state().commands;
    assert!(
        commands.iter().any(|it| matches!(it, rigplan::ui::command::Command::Apply(plan)
            if plan.workload.training.precision == Precision::Bf16)),
        "{commands:?}"
    );
}

#[test]
fn chinese_says_all_of_it() {
    let mut scene = Scene::of(plan(Task::Qlora));
    scene.locale = Locale::Zh;
    let harness = window(scene);
    for words in ["序列长度", "微批大小", "梯度累积", "LoRA 秩"] {
        assert!(harness.query_by_role_and_label(Role::Slider, words).is_some(), "{words}");
    }
    assert!(harness.query_by_label_contains("一步之内的显存变化").is_some());
}
