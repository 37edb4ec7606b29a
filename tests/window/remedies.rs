//! The ladder of ways in the window, driven by its labels.

use crate::support::{Scene, TALL, window};
use eframe::egui::{Key, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use rigplan::advise::remedies::{Change, Remedy, Standing};
use rigplan::catalog::quantization::Quantization;
use rigplan::plan::Plan;
use rigplan::text::Locale;
use rigplan::ui::command::Command;

fn way(scene: &Scene, is: impl Fn(&Remedy) -> bool) -> Remedy {
    let (_, ladder) = scene.ways.as_ref().expect("a ladder");
    ladder.ways.iter().find(|way| is(way)).expect("such a way").clone()
}

fn applied(harness: &Harness<'_, Scene>) -> Option<Plan> {
    let mut commands = harness.state().commands.iter();
    commands.find_map(|command| match command {
        Command::ApplyWay { plan, .. } => Some((**plan).clone()),
        _ => None,
    })
}

#[test]
fn apply_asks_for_the_changed_plan() {
    let mut harness = window(Scene::offload(), TALL);
    harness.get_by_label("Apply: Weights to Q3_K_M").click();
    harness.run();
    let wanted = way(harness.state(), |way| way.change == Change::Weights(Quantization::Q3_K_M));
    assert_eq!(applied(&harness), Some(wanted.plan));
}

#[test]
fn a_recipe_applies_all_its_changes() {
    let mut harness = window(Scene::offload(), TALL);
    harness.get_by_label_contains("Apply: Fastest").click();
    harness.run();
    let (_, ladder) = harness.state().ways.as_ref().expect("a ladder");
    let wanted = ladder.recipes.iter().find(|it| it.goal == rigplan::advise::remedies::RecipeGoal::Fastest);
    assert_eq!(applied(&harness), wanted.map(|it| it.plan.clone()));
}

#[test]
fn the_keyboard_reaches_a_way() {
    let mut harness = window(Scene::offload(), TALL);
    harness.get_by_label("Apply: KV cache to Q8_0").focus();
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert!(applied(&harness).is_some(), "Enter applies what has the focus");
}

#[test]
fn what_is_so_now_and_what_changes_nothing_have_no_button() {
    let harness = window(Scene::offload(), TALL);
    for standing in [Standing::Now, Standing::NoChange] {
        way(harness.state(), |way| way.standing == standing);
    }
    harness.get_by_label_contains("42 of 81 layers on GPU; Runs with offload");
    harness.get_by_label_contains("+32 GiB of RAM: no change");
    assert!(harness.query_by_label("Apply: 42 of 81 layers on GPU").is_none());
    assert!(harness.query_by_label("Apply: +32 GiB of RAM: no change").is_none());
}

#[test]
fn a_ladder_of_another_plan_cannot_be_applied() {
    let mut scene = Scene::offload();
    scene.plan.workload.context = 9000;
    let mut harness = window(scene, TALL);
    harness.get_by_label("Apply: Weights to Q3_K_M").click();
    harness.run();
    assert_eq!(applied(&harness), None, "it would undo what was changed since");
}

#[test]
fn titles_say_whether_it_fits() {
    window(Scene::offload(), TALL).get_by_label("Ways to make it fit");
    let better = window(Scene::fits(), TALL);
    better.get_by_label("Ways to do better");
    better.get_by_label("What the spare VRAM could buy");
    better.get_by_label("nothing to offload: all 81 layers are in VRAM");
}

#[test]
fn a_narrow_window_has_a_button_that_opens_the_ladder() {
    let mut harness = window(Scene::offload(), vec2(1100.0, 2400.0));
    assert!(harness.query_by_label("Apply: Weights to Q3_K_M").is_none(), "closed at first");
    harness.get_by_label_contains("Ways to make it fit (").click();
    harness.run();
    harness.get_by_label("Apply: Weights to Q3_K_M");
    harness.key_press(Key::Escape);
    harness.run();
    assert!(harness.query_by_label("Apply: Weights to Q3_K_M").is_none(), "Escape closes it");
}

#[test]
fn the_ladder_speaks_chinese() {
    let mut scene = Scene::offload();
    scene.locale = Locale::Zh;
    let harness = window(scene, TALL);
    harness.get_by_label("怎样放得下");
    harness.get_by_label("应用：权重改用 Q3_K_M");
}

#[test]
fn what_is_looked_at_is_previewed() {
    let mut harness = window(Scene::offload(), TALL);
    assert_eq!(harness.state().state.preview, None);
    harness.get_by_label("Apply: Weights to Q3_K_M").focus();
    harness.run();
    let wanted = way(harness.state(), |way| way.change == Change::Weights(Quantization::Q3_K_M));
    assert_eq!(harness.state().state.preview, Some(wanted.plan), "by the keyboard too");
    harness.get_by_label_contains("Apply: KV cache to Q8_0").hover();
    harness.run();
    assert_ne!(harness.state().state.preview, None);
}

/// The ways that offload, as they are read.
fn offloads(harness: &Harness<'_, Scene>) -> Vec<String> {
    let found = harness.query_all_by_label_contains("; Runs with offload");
    found.filter_map(|node| node.accesskit_node().value().or_else(|| node.accesskit_node().label())).collect()
}

#[test]
fn the_ways_stay_for_a_moment_after_one_was_applied() {
    let mut harness = window(Scene::offload(), TALL);
    let before = offloads(&harness);
    harness.get_by_label("Apply: Weights to Q3_K_M").click();
    harness.step();
    harness.step();
    let scene = harness.state_mut();
    let applied = scene.commands.iter().find_map(|command| match command {
        Command::ApplyWay { plan, .. } => Some((**plan).clone()),
        _ => None,
    });
    scene.plan = applied.expect("applied");
    scene.ways = rigplan::advise::remedies::ladder(&scene.plan, rigplan::catalog::Catalog::embedded())
        .map(|ladder| (scene.plan.clone(), ladder));
    harness.step();
    assert_eq!(offloads(&harness), before, "nothing jumps");
    assert!(harness.query_by_label("Apply: Weights to Q3_K_M").is_none(), "it is marked in its place");
    for _ in 0..200 {
        harness.step();
    }
    assert_ne!(offloads(&harness), before, "then they are those of the plan as it is");
}

#[test]
fn what_is_not_enough_is_folded() {
    let mut scene = Scene::of(crate::support::plan("llama-3.1-405b", &[("rtx-3060-12gb", 1)]));
    scene.plan.machine.ram_gib = 16.0;
    let mut scene = Scene::of(scene.plan);
    scene.locale = Locale::En;
    let mut harness = window(scene, TALL);
    let folded = |harness: &Harness<'_, Scene>| harness.query_all_by_label_contains("Does not fit").count();
    let before = folded(&harness);
    let fold = harness.query_all_by_label_contains("still too little (").next().expect("a fold");
    fold.click();
    harness.run();
    assert!(folded(&harness) > before, "they are there");
}
