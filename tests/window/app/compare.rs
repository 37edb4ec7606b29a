//! Several plans side by side: what is read there, what is done there, and where plans come from.

use std::sync::Arc;
use std::time::Duration;

use eframe::egui::accesskit::{Role, Toggled};
use eframe::egui::{Key, Modifiers, OutputCommand, Pos2, Vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use egui_kittest::{Harness, Node};
use rigplan::app::{App, PersistedState, Settings};
use rigplan::plan::{CardChoice, CardCount, Document, ModelChoice, NamedPlan, Plan, Task};
use rigplan::share::plan_file;
use rigplan::text::Locale;

use super::files::Dropped;
use super::support::{Start, drag};
use crate::support::{chord, click, ctrl, pick, press};

fn on(kinds: &[(&str, u32)]) -> Plan {
    let mut plan = Plan::default();
    plan.workload.model = ModelChoice::Catalog("llama-3.1-70b".to_owned());
    let kind = |(card, count): &(&str, u32)| CardCount::of(CardChoice::Catalog((*card).to_owned()), *count);
    plan.machine.cards = kinds.iter().map(kind).collect();
    plan
}

/// A document with one, two and one and an older card.
pub(crate) fn ways() -> Document {
    let named = |name: &str, plan| NamedPlan { name: name.to_owned(), plan };
    let plans = vec![
        named("One 4090", on(&[("rtx-4090", 1)])),
        named("Two 4090s", on(&[("rtx-4090", 2)])),
        named("4090 and a used 3090", on(&[("rtx-4090", 1), ("rtx-3090", 1)])),
    ];
    Document { name: "Which way to 70B".to_owned(), plans, ..Document::default() }
}

fn window(document: &Document, locale: Locale) -> Harness<'static, App> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plans.ron");
    std::fs::write(&file, plan_file::to_text(document).unwrap()).unwrap();
    let settings = Settings { language: Some(locale), reduce_motion: true, ..Settings::default() };
    let kept = Some(PersistedState { settings, ..PersistedState::default() });
    let mut window = Start { kept, file: Some(file), ..Start::default() }.window();
    ctrl(&mut window, Key::Num5);
    window.run_ok();
    window
}

fn names(window: &Harness<'_, App>) -> Vec<String> {
    window.state().document().plans.iter().map(|plan| plan.name.clone()).collect()
}

/// What the row of a plan says.
fn row(window: &Harness<'_, App>, name: &str) -> String {
    let mut rows = window.query_all_by_role(Role::Row).filter_map(|row| row.accesskit_node().label());
    rows.find(|label| label.contains(name)).unwrap_or_else(|| panic!("no row of {name}"))
}

#[test]
fn plans_are_held_against_a_base_in_both_languages() {
    let mut english = window(&ways(), Locale::En);
    assert!(row(&english, "One 4090").contains("baseline"));
    click(&mut english, "Take plan B as the baseline");
    assert!(row(&english, "Two 4090s").contains("baseline"));
    let used = row(&english, "4090 and a used 3090");
    assert!(used.contains("Fits") && used.contains("about the same") && used.contains("\u{2212}$"), "{used}");
    assert!(row(&english, "One 4090").contains("times slower"));
    assert!(english.query_by_label_contains("C is about as fast as B and costs $").is_some());
    assert!(english.query_by_label_contains("First token, 2,048 in; A").is_some(), "what differs");
    assert!(english.query_all_by_label_contains("prompts pull RAM weights over PCIe").next().is_some(), "and why");
    assert!(english.query_by_label_contains("Task Serve").is_none(), "what is the same is folded");
    click(&mut english, "Show");
    assert!(english.query_all_by_label_contains("Flash attention on").next().is_some(), "and unfolds");
    let chinese = window(&ways(), Locale::Zh);
    assert!(row(&chinese, "One 4090").contains("基准"));
    assert!(chinese.query_by_label_contains("质量；A").is_some());
    assert!(chinese.query_by_label_contains("差不多快").is_some());
}

#[test]
fn a_figure_is_chosen_for_a_column_and_kept() {
    let mut window = window(&ways(), Locale::En);
    assert!(row(&window, "One 4090").contains("Decode, tok/s"));
    pick(&mut window, "Figure in column 1", "Prefill, tok/s");
    assert!(row(&window, "One 4090").contains("Prefill, tok/s"));
    assert!(window.query_by_label_contains("Decode; A").is_some(), "what gave way stands in the table");
}

#[test]
fn everything_is_done_by_keyboard() {
    let mut window = window(&ways(), Locale::En);
    let reached = (0..60).any(|_| {
        window.key_press(Key::Tab);
        window.run();
        window.query_all_by_role(Role::Row).any(|row| Node::is_focused(&row))
    });
    assert!(reached, "Tab comes by the rows");
    press(&mut window, Key::ArrowDown);
    chord(&mut window, Modifiers::ALT, Key::ArrowDown);
    assert_eq!(names(&window), ["One 4090", "4090 and a used 3090", "Two 4090s"]);
    chord(&mut window, Modifiers::ALT, Key::ArrowUp);
    assert_eq!(
        names(&window),
        ["One 4090", "Two 4090s", "4090 and a used 3090"],
        "the row that moved has the keyboard"
    );
    ctrl(&mut window, Key::D);
    assert_eq!(names(&window), ["One 4090", "Two 4090s", "", "4090 and a used 3090"]);
    press(&mut window, Key::F2);
    window.get_by_label("Name of plan C").type_text("copy");
    window.run();
    press(&mut window, Key::Enter);
    assert_eq!(names(&window)[2], "copy");
    window.get_by_role_and_label(Role::Row, &row(&window, "Plan C")).focus();
    window.run();
    press(&mut window, Key::Delete);
    assert_eq!(names(&window), ["One 4090", "Two 4090s", "4090 and a used 3090"]);
    ctrl(&mut window, Key::Z);
    assert_eq!(names(&window)[2], "copy", "one step back");
    window.get_by_role_and_label(Role::Row, &row(&window, "Plan B")).focus();
    window.run();
    press(&mut window, Key::Enter);
    assert!(window.query_by_label("Model size").is_some(), "the plan is open");
    assert!(window.query_by_label_contains("Two 4090s").is_some());
}

#[test]
fn a_row_is_dragged_by_its_grip_and_the_base_stays_the_same_plan() {
    let mut window = window(&ways(), Locale::En);
    let at = |label: &str| -> Pos2 { window.get_by_label(label).rect().center() };
    let (from, to) = (at("Move plan A"), at("Move plan C") + Vec2::new(0.0, 30.0));
    drag(&mut window, &[from, from.lerp(to, 0.5), to]);
    assert_eq!(names(&window), ["Two 4090s", "4090 and a used 3090", "One 4090"]);
    assert!(row(&window, "One 4090").contains("baseline"), "the base went along");
}

#[test]
fn the_plans_of_a_file_are_added_and_undone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("other.ron");
    let mut other = ways();
    other.plans[0] = NamedPlan { name: "Fourth".to_owned(), plan: on(&[("rtx-5090", 1)]) };
    std::fs::write(&file, plan_file::to_text(&other).unwrap()).unwrap();
    let start = Start::again();
    let script = start.script.clone();
    let mut window = start.window();
    ctrl(&mut window, Key::Num5);
    script.will_choose(&file);
    click(&mut window, "File…");
    window.run_ok();
    assert_eq!(names(&window), ["", "Fourth", "Two 4090s", "4090 and a used 3090"]);
    click(&mut window, "Undo");
    assert_eq!(names(&window), [""], "one step");
    window.input_mut().dropped_files.push(Arc::new(Dropped(file.clone())));
    window.run_ok();
    assert_eq!(names(&window).len(), 4, "let go over the view");
    window.input_mut().dropped_files.push(Arc::new(Dropped(file)));
    window.run_ok();
    assert_eq!(names(&window).len(), 4, "what is there already is not added twice");
    let bad = folder.path().join("bad.ron");
    std::fs::write(&bad, "no plan").unwrap();
    script.will_choose(&bad);
    click(&mut window, "File…");
    window.run_ok();
    assert_eq!((names(&window).len(), window.state().notices().is_empty()), (4, false), "one line says why");
}

#[test]
fn pinned_cards_and_builds_come_to_the_comparison() {
    let mut window = Start::again().window();
    ctrl(&mut window, Key::Num2);
    click(&mut window, "Pin to compare");
    let is_button = |node: &Node<'_>| node.accesskit_node().role() == Role::Button;
    window.query_all_by_label("Compare").find(is_button).expect("the pinned go there").click();
    window.run_ok();
    assert!(window.query_by_label("File…").is_some(), "the comparison");
    let held = window.state().document().plans.len();
    ctrl(&mut window, Key::Num3);
    // The builds are searched beside the window, on a busy machine for longer than a frame waits.
    for _ in 0..600 {
        window.run_ok();
        if window.query_all_by_label("Compare").any(|node| is_button(&node)) {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    window.query_all_by_label("Compare").rfind(is_button).expect("a build goes there").click();
    window.run_ok();
    assert_eq!(window.state().document().plans.len(), held + 1);
    assert!(window.query_by_label("File…").is_some());
    assert!(window.query_all_by_label_contains("Build: ").next().is_some(), "the other builds by one click");
}

#[test]
fn the_table_is_exported_and_training_is_compared() {
    let mut window = window(&ways(), Locale::En);
    window.get_by_label("Export as table").click();
    window.step();
    let copied = window.output().platform_output.commands.iter().find_map(|command| match command {
        OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    });
    let text = copied.or_else(|| {
        window.step();
        window.output().platform_output.commands.iter().find_map(|command| match command {
            OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        })
    });
    let text = text.expect("on the clipboard");
    assert!(text.contains("| A One 4090 (baseline) |") && text.contains("| Decode, tok/s |"), "{text}");
    let mut document = ways();
    for named in &mut document.plans {
        named.plan.workload.model = ModelChoice::Catalog("llama-3.1-8b".to_owned());
        named.plan.workload.task = Task::Qlora;
    }
    document.plans[1].plan.machine.cards[0].card = CardChoice::Catalog("no-such-card".to_owned());
    let window = self::window(&document, Locale::En);
    let trained = row(&window, "One 4090");
    assert!(trained.contains("Training, tok/s") && trained.contains("Peak per card, GiB"), "{trained}");
    assert!(row(&window, "Two 4090s").contains("cannot be estimated"));
    assert!(window.query_by_label_contains("B cannot be estimated").is_some());
}

#[test]
fn a_letter_tells_the_base_and_one_plan_alone_waits() {
    let window = window(&Document::default(), Locale::En);
    let letter = window.get_by_label("Take plan A as the baseline");
    assert_eq!(letter.accesskit_node().toggled(), Some(Toggled::True));
    assert!(window.query_by_label("Add a second plan to compare with").is_some());
}
