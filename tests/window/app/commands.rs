//! Menus, keys, the list of keys and the palette, all read off the one table of commands.

use eframe::egui::accesskit::{Role, Toggled};
use eframe::egui::{Event, Key, Modifiers, OutputCommand};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use rigplan::app::App;
use rigplan::plan::{CardChoice, ModelChoice, Runtime};
use rigplan::text::Locale;
use rigplan::ui::command::{CommandEntry, Menu};

use super::support::{Start, rename};
use crate::support::{chord, click, ctrl, press};

fn search(window: &mut Harness<'_, App>, query: &str) {
    ctrl(window, Key::K);
    window.get_by_role(Role::TextInput).type_text(query);
    window.run();
}

/// What the palette lists, from top to bottom.
fn listed(window: &Harness<'_, App>) -> Vec<String> {
    window.query_all_by_role(Role::ListBoxOption).filter_map(|node| node.accesskit_node().label()).collect()
}

fn model(window: &Harness<'_, App>) -> ModelChoice {
    window.state().document().plans[0].plan.workload.model.clone()
}

#[test]
fn every_menu_lists_its_commands_with_their_keys() {
    let mut window = Start::again().window();
    for menu in Menu::ALL {
        let name = Locale::En.word(menu.label());
        click(&mut window, name);
        for entry in CommandEntry::all().iter().filter(|entry| entry.menu == Some(menu)) {
            let words = Locale::En.word(entry.name);
            assert!(window.query_all_by_label_contains(words).next().is_some(), "{name}: {words}");
        }
        press(&mut window, Key::Escape);
    }
}

#[test]
fn the_palette_finds_models_and_cards_in_both_languages() {
    let mut window = Start::again().window();
    search(&mut window, "model qwen3 32b");
    assert_eq!(listed(&window)[0], "Model: Qwen3 32B");
    press(&mut window, Key::Enter);
    assert_eq!(model(&window), ModelChoice::Catalog("qwen3-32b".to_owned()));
    click(&mut window, "Undo: model");
    search(&mut window, "显卡 rtx 5090");
    press(&mut window, Key::Enter);
    let card = &window.state().document().plans[0].plan.machine.cards[0].card;
    assert_eq!(*card, CardChoice::Catalog("rtx-5090".to_owned()));
}

#[test]
fn the_palette_works_from_the_keyboard() {
    let mut window = Start::again().window();
    search(&mut window, "clc");
    assert_eq!(listed(&window)[0], "Copy launch command", "by the first letters of its words");
    press(&mut window, Key::Escape);
    assert!(listed(&window).is_empty(), "Escape leaves it");
    search(&mut window, "plan");
    let second = listed(&window)[1].clone();
    press(&mut window, Key::ArrowDown);
    let marked =
        window.get_all_by_role(Role::ListBoxOption).find(|it| it.accesskit_node().toggled() == Some(Toggled::True));
    assert_eq!(marked.and_then(|it| it.accesskit_node().label()), Some(second));
    press(&mut window, Key::Escape);
    search(&mut window, "settings");
    press(&mut window, Key::Enter);
    assert!(window.query_by_label("Reduce motion").is_some(), "opened");
    press(&mut window, Key::Escape);
    ctrl(&mut window, Key::K);
    assert_eq!(listed(&window)[0], "Settings", "what was chosen last stands first");
}

#[test]
fn what_cannot_be_done_says_why() {
    let mut window = Start::again().window();
    search(&mut window, "undo");
    let undo = window.get_by_role_and_label(Role::ListBoxOption, "Undo");
    assert!(undo.accesskit_node().is_disabled());
    assert_eq!(undo.value().as_deref(), Some("Nothing to undo"));
    press(&mut window, Key::Enter);
    assert!(!listed(&window).is_empty(), "it stays open");
    press(&mut window, Key::Escape);
    rename(&mut window, "mine");
    search(&mut window, "undo");
    assert_eq!(listed(&window)[0], "Undo: plan name", "with what it takes back");
}

#[test]
fn the_palette_speaks_chinese_and_understands_english() {
    let mut window = Start::again().window();
    window.get_by_label_contains("Language,").click();
    window.run();
    search(&mut window, "reset to");
    assert_eq!(listed(&window)[0], "恢复默认值");
}

#[test]
fn a_question_mark_lists_the_keys() {
    let mut window = Start::again().window();
    press(&mut window, Key::Questionmark);
    let line = window.get_by_label("Command palette");
    assert_eq!(line.value().as_deref(), Some("Ctrl+K"));
    press(&mut window, Key::Escape);
    assert!(window.query_by_label("Command palette").is_none());
}

#[test]
fn about_names_version_and_licenses() {
    let mut window = Start::again().window();
    click(&mut window, "Help");
    click(&mut window, "About rigplan");
    window.get_by_label(concat!("rigplan ", env!("CARGO_PKG_VERSION")));
    assert!(window.query_by_label_contains("SIL Open Font License").is_some());
    assert!(window.query_by_label_contains("egui: MIT OR Apache-2.0").is_some());
    window.get_by_label_contains("Newest price: 20");
}

/// Presses a key with Ctrl and Shift, and draws one frame: what it asks for is in its output.
pub(super) fn ask(window: &mut Harness<'_, App>, key: Key) {
    let modifiers = Modifiers::COMMAND | Modifiers::SHIFT;
    window.event(Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers });
    window.step();
}

/// What was put on the clipboard in the last frame.
pub(super) fn copied(window: &Harness<'_, App>) -> Option<String> {
    window.output().platform_output.commands.iter().find_map(|command| match command {
        OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    })
}

#[test]
fn the_launch_command_is_copied_or_why_not_is_said() {
    let mut window = Start::again().window();
    ask(&mut window, Key::L);
    assert!(copied(&window).is_some_and(|text| text.starts_with("llama-server -m ")), "{:?}", copied(&window));
    window.run();
    assert!(window.query_by_label_contains("Copied: llama-server").is_some(), "and said");
    let mut document = window.state().document().clone();
    document.plans[0].plan.workload.choose_runtime(Runtime::Tgi);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tgi.ron");
    std::fs::write(&file, rigplan::share::plan_file::to_text(&document).unwrap()).unwrap();
    let mut window = Start { file: Some(file), ..Start::again() }.window();
    chord(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::L);
    assert!(
        window.state().notices()[0].contains("llama.cpp, vLLM and SGLang, Transformers"),
        "{:?}",
        window.state().notices()
    );
}

#[test]
fn a_summary_is_copied_with_verdict_and_table() {
    let mut window = Start::again().window();
    ask(&mut window, Key::T);
    let text = copied(&window).expect("copied");
    assert!(text.contains("\nFits\n") && text.contains("Weights") && text.contains("Decode: "), "{text}");
}

#[test]
fn a_tip_gives_way_to_what_a_key_opens_over_it() {
    let mut window = Start::again().window();
    let decode = window.get_by_label_contains("Decode 140").rect().center();
    window.hover_at(decode);
    window.run();
    let tip = "Click to enter a measurement of your own";
    assert!(window.query_by_label_contains(tip).is_some());
    ctrl(&mut window, Key::K);
    window.run();
    assert!(window.query_by_label_contains(tip).is_none());
}
