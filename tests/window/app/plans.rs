//! Several plans in one document, and its notes.

use eframe::egui::accesskit::Toggled;
use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use rigplan::app::App;
use rigplan::plan::{Document, ModelChoice, NamedPlan, Plan};
use rigplan::share::plan_file;

use super::support::{Script, Start, drag, menu};
use crate::support::{chord, click, ctrl, press};

/// A window with a document of plans that differ in their context.
fn window(contexts: &[u64]) -> Harness<'static, App> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plans.ron");
    let plans = contexts.iter().map(|&context| {
        let mut plan = Plan::default();
        plan.workload.context = context;
        NamedPlan { name: format!("c{context}"), plan }
    });
    let document = Document { plans: plans.collect(), ..Document::default() };
    std::fs::write(&file, plan_file::to_text(&document).unwrap()).unwrap();
    Start { file: Some(file), ..Start::again() }.window()
}

fn names(window: &Harness<'_, App>) -> Vec<String> {
    window.state().document().plans.iter().map(|plan| plan.name.clone()).collect()
}

/// The plan whose chip is marked.
fn shown(window: &Harness<'_, App>) -> String {
    let on =
        window.query_all_by_label_contains("Plan ").find(|chip| chip.accesskit_node().toggled() == Some(Toggled::True));
    on.and_then(|chip| chip.accesskit_node().label()).expect("a chip")
}

#[test]
fn chips_and_keys_go_from_plan_to_plan() {
    let mut window = window(&[1000, 2000, 3000]);
    assert_eq!(shown(&window), "Plan A: c1000");
    click(&mut window, "Plan C: c3000");
    assert_eq!(shown(&window), "Plan C: c3000");
    ctrl(&mut window, Key::Tab);
    assert_eq!(shown(&window), "Plan A: c1000", "around the end");
    chord(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::Tab);
    assert_eq!(shown(&window), "Plan C: c3000");
    chord(&mut window, Modifiers::ALT, Key::Num2);
    assert_eq!(shown(&window), "Plan B: c2000");
    chord(&mut window, Modifiers::ALT, Key::Num9);
    assert_eq!(shown(&window), "Plan B: c2000", "there is no ninth");
    assert!(!window.state().is_unsaved(), "looking changes nothing");
}

#[test]
fn a_plan_is_copied_edited_named_and_deleted_and_all_of_it_undone() {
    let mut window = window(&[1000, 2000]);
    click(&mut window, "Add a copy of this plan");
    assert_eq!(names(&window), ["c1000", "", "c2000"], "behind the one it is a copy of");
    assert!(shown(&window).starts_with("Plan B: Llama 3.1 8B"), "{}", shown(&window));
    press(&mut window, Key::F2);
    window.get_by_label("Name of plan B").type_text("mine");
    window.run();
    press(&mut window, Key::Enter);
    assert_eq!(names(&window), ["c1000", "mine", "c2000"]);
    menu_of(&mut window, "Edit", "Delete plan");
    assert_eq!(names(&window), ["c1000", "c2000"]);
    click(&mut window, "Undo");
    assert_eq!(names(&window), ["c1000", "mine", "c2000"], "the toast takes it back");
    assert_eq!(shown(&window), "Plan B: mine", "and shows it");
    click(&mut window, "Undo: name of a plan");
    click(&mut window, "Undo: new plan");
    assert_eq!(names(&window), ["c1000", "c2000"]);
    assert_eq!(shown(&window), "Plan A: c1000", "what the copy was of");
    assert!(!window.state().is_unsaved());
}

#[test]
fn undo_shows_the_plan_that_it_changes() {
    let mut window = window(&[1000, 2000]);
    window.get_by_label("Context").focus();
    window.run();
    press(&mut window, Key::ArrowRight);
    click(&mut window, "Plan B: c2000");
    ctrl(&mut window, Key::Z);
    assert_eq!(shown(&window), "Plan A: c1000");
    assert_eq!(window.state().document().plans[0].plan.workload.context, 1000);
}

#[test]
fn a_chip_is_dragged_to_another_place() {
    let mut window = window(&[1000, 2000, 3000]);
    let at = |label: &str| window.get_by_label(label).rect().center();
    let (from, to) = (at("Plan A: c1000"), at("Plan C: c3000"));
    drag(&mut window, &[from, from.lerp(to, 0.5), to]);
    assert_eq!(names(&window), ["c2000", "c3000", "c1000"]);
    assert_eq!(shown(&window), "Plan C: c1000", "what was shown is shown");
    click(&mut window, "Undo: order of plans");
    assert_eq!(names(&window), ["c1000", "c2000", "c3000"]);
}

#[test]
fn twenty_plans_are_reached_where_chips_have_no_room() {
    let contexts: Vec<u64> = (1..=40).map(|step| step * 1000).collect();
    let mut window = window(&contexts);
    assert!(window.query_by_label("Plan AN: c40000").is_none(), "no room");
    click(&mut window, "All plans");
    window.get_by_label("Plan AN: c40000").click_accesskit();
    window.run();
    assert_eq!(shown(&window), "Plan AN: c40000", "it has a chip now");
}

#[test]
fn notes_are_typed_undone_and_saved() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("noted.ron");
    let start = Start::again();
    let script: Script = start.script.clone();
    let mut window = start.window();
    click(&mut window, "Notes");
    window.get_by_role_and_label(eframe::egui::accesskit::Role::MultilineTextInput, "Notes").type_text("two\nlines");
    window.run();
    press(&mut window, Key::Escape);
    assert_eq!(window.state().document().notes, "two\nlines");
    script.will_choose(&file);
    ctrl(&mut window, Key::S);
    assert_eq!(plan_file::from_bytes(&std::fs::read(&file).unwrap()).unwrap().notes, "two\nlines");
    click(&mut window, "Undo: notes");
    assert_eq!(window.state().document().notes, "");
}

#[test]
fn a_duplicate_is_in_no_file_and_leaves_the_one_it_is_of() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.ron");
    std::fs::write(&file, plan_file::to_text(&Document::default()).unwrap()).unwrap();
    let mut window = Start { file: Some(file.clone()), ..Start::again() }.window();
    menu(&mut window, "Duplicate");
    assert_eq!(window.state().document().name, "mine copy");
    assert!(window.state().is_unsaved(), "it lies nowhere yet");
    assert_eq!(plan_file::from_bytes(&std::fs::read(&file).unwrap()).unwrap().name, "");
}

#[test]
fn defaults_come_back_in_one_step() {
    let mut window = window(&[1000, 2000]);
    menu_of(&mut window, "Edit", "Reset to defaults");
    assert_eq!(window.state().document().plans[0].plan, Plan::default());
    assert_eq!(window.state().document().plans[1].plan.workload.context, 2000, "the other one stays");
    click(&mut window, "Undo: context");
    assert_eq!(window.state().document().plans[0].plan.workload.context, 1000);
    let model = &window.state().document().plans[0].plan.workload.model;
    assert!(matches!(model, ModelChoice::Catalog(_)));
}

fn menu_of(window: &mut Harness<'_, App>, menu: &str, line: &str) {
    click(window, menu);
    window.get_by_label_contains(line).click();
    window.run();
}

#[test]
fn a_way_is_applied_as_a_new_plan_and_the_first_stays() {
    let mut window = window(&[8192]);
    let before = window.state().document().plans[0].plan.clone();
    window.get_by_label("Apply as a new plan: Weights to Q5_K_M").click();
    window.run();
    let plans = &window.state().document().plans;
    assert_eq!((plans.len(), &plans[0].plan), (2, &before));
    assert_ne!(plans[1].plan, before, "the copy has it");
    assert!(shown(&window).starts_with("Plan B"), "and is shown");
    click(&mut window, "Undo");
    assert_eq!(window.state().document().plans.len(), 1, "one step");
}

#[test]
fn a_card_is_used_as_a_new_plan() {
    let mut window = window(&[8192]);
    ctrl(&mut window, Key::Num2);
    click(&mut window, "Use as a new plan");
    assert_eq!(window.state().document().plans.len(), 2);
    assert!(shown(&window).starts_with("Plan B"));
}
