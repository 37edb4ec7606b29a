//! Programs beside the plan's own model: added from the list of models, placed, edited in the same panel, moved and removed.

use crate::support::{Scene, TALL, click, pick, plan, window};
use eframe::egui::Key;
use eframe::egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rigplan::estimate::estimate;
use rigplan::plan::{Plan, Resident, ResidentPlace};
use rigplan::text::{Key as Word, Locale};

/// Adds a program from the list of models, found by these words.
fn add(harness: &mut Harness<'_, Scene>, query: &str) {
    click(harness, "Add a program");
    harness.get_by_label("Search models").type_text(query);
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    refresh(harness);
}

/// Asks again what the plan comes to, as the window does.
fn refresh(harness: &mut Harness<'_, Scene>) {
    let scene = harness.state_mut();
    scene.estimate = estimate(&scene.plan, rigplan::catalog::Catalog::embedded());
    harness.run();
}

fn names(plan: &Plan) -> Vec<String> {
    plan.also.iter().map(|resident| format!("{:?}", resident.workload.model)).collect()
}

#[test]
fn a_program_is_added_placed_edited_moved_and_removed() {
    let mut harness = window(Scene::of(plan("llama-3.1-8b", &[("rtx-4090", 1), ("rtx-3090", 1)])), TALL);
    add(&mut harness, "qwen3 embedding 0.6");
    let first = harness.state().plan.also.clone();
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].place, ResidentPlace::Device(0));
    // What was added is what the panel shows.
    click(&mut harness, "Q8_0");
    let changed = &harness.state().plan;
    assert_ne!(changed.also[0].workload.kv_cache, first[0].workload.kv_cache, "of the program");
    assert_eq!(changed.workload, plan("llama-3.1-8b", &[]).workload, "and of nothing else");
    click(&mut harness, "Back to the chat model");
    refresh(&mut harness);
    pick(&mut harness, "Where it lies", "GPU 1");
    assert_eq!(harness.state().plan.also[0].place, ResidentPlace::Device(1));
    add(&mut harness, "qwen3 0.6b");
    assert_eq!(harness.state().plan.also.len(), 2);
    let before = names(&harness.state().plan);
    click(&mut harness, "Move Qwen3 Embedding 0.6B down");
    assert_eq!(names(&harness.state().plan), [before[1].clone(), before[0].clone()]);
    click(&mut harness, "Edit Qwen3 Embedding 0.6B");
    harness.get_by_label("Program 3");
    click(&mut harness, "Remove Qwen3 Embedding 0.6B");
    assert_eq!(names(&harness.state().plan), [before[1].clone()]);
    assert!(harness.query_by_label("Back to the chat model").is_none(), "the panel shows the plan's own model again");
}

#[test]
fn bars_and_table_show_what_runs_beside() {
    let mut asked = plan("llama-3.1-8b", &[("rtx-4090", 1)]);
    let model = rigplan::plan::ModelChoice::Catalog("qwen3-embedding-0.6b".to_owned());
    asked.also = vec![Resident::of(model, &asked.machine, rigplan::catalog::Catalog::embedded())];
    let harness = window(Scene::of(asked), TALL);
    let bar = harness.get_all_by_role(Role::Image).filter_map(|node| {
        use egui_kittest::kittest::NodeT as _;
        node.accesskit_node().label()
    });
    assert!(bar.into_iter().any(|words| words.contains("2  Qwen3 Embedding 0.6B")), "a block of its own");
    let row = Locale::En.word(Word::AlsoOnMachine);
    assert!(harness.query_all_by_role(Role::Row).any(|node| {
        use egui_kittest::kittest::NodeT as _;
        node.accesskit_node().label().is_some_and(|words| words.starts_with(row))
    }));
    harness.get_by_label_contains("those on one card take turns");
}

#[test]
fn taking_a_card_away_moves_what_lay_on_it() {
    let mut asked = plan("llama-3.1-8b", &[("rtx-4090", 1), ("rtx-3090", 1)]);
    let model = rigplan::plan::ModelChoice::Catalog("qwen3-0.6b".to_owned());
    let resident = Resident::of(model, &asked.machine, rigplan::catalog::Catalog::embedded());
    asked.also = vec![Resident { place: ResidentPlace::Device(1), ..resident }];
    let mut harness = window(Scene::of(asked), TALL);
    click(&mut harness, "Remove GeForce RTX 3090");
    assert_eq!(harness.state().plan.also[0].place, ResidentPlace::Device(0), "on the card that is left");
    click(&mut harness, "CPU only");
    assert_eq!(harness.state().plan.also[0].place, ResidentPlace::Ram);
}
