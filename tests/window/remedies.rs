//! The ladder of ways in the window, driven by its labels.

use crate::support::{Scene, TALL, window};
use eframe::egui::{Key, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
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
    harness.get_by_label("Apply: Fastest").click();
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
    harness.get_by_label_contains("44 of 81 layers on GPU; Runs with offload");
    harness.get_by_label_contains("+32 GiB of RAM: no change");
    assert!(harness.query_by_label("Apply: 44 of 81 layers on GPU").is_none());
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
