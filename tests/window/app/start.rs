//! The start page: what it shows, and what is begun from it.

use std::fs;
use std::path::{Path, PathBuf};

use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use rigplan::app::{App, PersistedState};
use rigplan::plan::{CardChoice, Document, ModelChoice, Plan, SceneId};
use rigplan::share::carrier::link::to_link;
use rigplan::share::plan_file;
use rigplan::share::templates::Template;
use rigplan::system::detect::{Detected, DetectedCard, Host, NvmlState};
use rigplan::system::folders::Folders;
use rigplan::system::recent::RecentFiles;
use rigplan::text::Locale;
use rigplan::units::GIB;

use super::support::Start;
use crate::support::{click, ctrl, press, type_over};

/// A machine with one card, half of its memories free.
pub(crate) fn machine() -> Detected {
    Detected {
        nvml: NvmlState::Ready { driver_version: None, cuda_version: None },
        cards: vec![DetectedCard {
            name: Some("NVIDIA GeForce RTX 3060".to_owned()),
            memory_total_bytes: Some(12 * GIB),
            memory_free_bytes: Some(6 * GIB),
            ..DetectedCard::default()
        }],
        host: Host { ram_total_bytes: Some(32 * GIB), ram_available_bytes: Some(16 * GIB), ..Host::default() },
        ..Detected::default()
    }
}

/// A window that begins with the page.
fn page(found: Detected) -> Harness<'static, App> {
    Start { found, page: true, ..Start::again() }.window()
}

fn plan(window: &Harness<'_, App>) -> Plan {
    window.state().document().plans[0].plan.clone()
}

fn model(window: &Harness<'_, App>) -> ModelChoice {
    plan(window).workload.model
}

fn of_catalog(id: &str) -> ModelChoice {
    ModelChoice::Catalog(id.to_owned())
}

fn enter(window: &mut Harness<'_, App>, text: &str) {
    let field = window.get_by_role(Role::TextInput);
    field.focus();
    window.run();
    ctrl(window, Key::A);
    window.get_by_role(Role::TextInput).type_text(text);
    window.run();
    press(window, Key::Enter);
}

/// A folder of settings whose list of recent files names these, newest first.
pub(crate) fn remembering(home: &Path, files: &[PathBuf]) -> PathBuf {
    let config = home.join("config");
    let mut recent = RecentFiles::default();
    files.iter().rev().for_each(|file| recent.add(file));
    recent.save(&Folders::at(config.clone())).unwrap();
    config
}

/// Writes a document of this name.
pub(crate) fn document(folder: &Path, name: &str, plans: usize, change: impl FnOnce(&mut Plan)) -> PathBuf {
    let mut document = Document { name: name.to_owned(), ..Document::default() };
    change(&mut document.plans[0].plan);
    document.plans = vec![document.plans[0].clone(); plans];
    let file = folder.join(format!("{name}.ron"));
    fs::write(&file, plan_file::to_text(&document).unwrap()).unwrap();
    file
}

#[test]
fn the_page_stands_where_there_is_no_document() {
    let mut window = page(Detected::default());
    window.get_by_label("New here? 90 seconds");
    assert!(window.query_by_label_contains("Plan name,").is_none(), "nothing has a name yet");
    ctrl(&mut window, Key::N);
    window.get_by_label_contains("Plan name,");
    assert_eq!(plan(&window), Plan::default(), "an empty plan");
    ctrl(&mut window, Key::N);
    window.get_by_label("New here? 90 seconds");
    ctrl(&mut window, Key::Num2);
    assert!(window.query_by_label("New here? 90 seconds").is_none(), "the cards");
    ctrl(&mut window, Key::Num1);
    window.get_by_label("New here? 90 seconds");
    let first = Start { page: true, ..Start::default() }.window();
    first.get_by_label("New here? 90 seconds");
}

#[test]
fn it_stays_away_where_there_is_one() {
    let home = tempfile::tempdir().unwrap();
    let file = document(home.path(), "mine", 1, |_| ());
    let window = Start { file: Some(file.clone()), page: true, ..Start::again() }.window();
    window.get_by_label("Plan name, mine");
    let mut kept = PersistedState::default();
    kept.views.document = Some(file);
    let window = Start { kept: Some(kept), page: true, ..Start::default() }.window();
    window.get_by_label("Plan name, mine");
}

#[test]
fn every_template_says_what_it_comes_to_and_begins() {
    for template in Template::all() {
        let mut window = page(Detected::default());
        let name = Locale::En.word(template.id.label());
        let held = window.get_by_label(name).value().unwrap();
        let (says, figure) = match name {
            "Chat with a 70B at home" => ("Llama 3.3 70B, 2 × GeForce RTX 3090, Fits", "tok/s"),
            "gpt-oss-120b on 24 GB + 64 GB" => ("gpt-oss-120b, GeForce RTX 4090, Runs with offload", "tok/s"),
            "Fine-tune an 8B" => ("Llama 3.1 8B, GeForce RTX 4090, Fits", "tok/s"),
            "Serve 20 users" => ("Qwen3 32B, RTX PRO 6000 Blackwell Workstation Edition, Fits", "tok/s"),
            _ => ("Mistral 7B v0.3, GeForce RTX 5060, Does not fit", "GiB"),
        };
        assert!(held.starts_with(says) && held.ends_with(figure), "{name}: {held}");
        window.get_by_label(name).click();
        window.run_ok();
        assert_eq!(plan(&window), template.plan);
        assert_eq!(window.state().document().name, name);
        assert!(!window.state().is_unsaved(), "nobody has worked on it yet");
        let scene = window.state().document().scene.as_ref().map(|position| position.scene);
        assert!(template.scene.is_none() || scene == Some(SceneId::YourPlan), "{scene:?}");
    }
}

#[test]
fn this_machine_shows_what_it_has_and_what_runs_on_it() {
    let mut window = page(machine());
    window.get_by_label("VRAM, 6.0 of 12.0 GiB free");
    window.get_by_label("RAM, 16.0 of 32.0 GiB free");
    let runs: Vec<String> = window
        .query_all_by_label_contains(" tok/s")
        .filter(|node| node.accesskit_node().role() == Role::Button)
        .filter_map(|node| node.accesskit_node().label())
        .collect();
    assert_eq!(runs.len(), 3, "{runs:?}");
    click(&mut window, &runs[0]);
    let begun = plan(&window);
    assert_eq!(begun.machine.cards[0].card, CardChoice::Catalog("rtx-3060-12gb".to_owned()));
    let ModelChoice::Catalog(id) = begun.workload.model else { panic!("a model of the catalog") };
    let name = rigplan::catalog::Catalog::embedded().model(&id).unwrap().name.clone();
    assert!(runs[0].starts_with(&name), "{runs:?}");
    let mut window = page(machine());
    click(&mut window, "Use this machine");
    assert_eq!(plan(&window).machine.ram_gib, 32.0);
    assert_eq!(model(&window), Plan::default().workload.model);
    let mut window = page(machine());
    click(&mut window, "Another machine");
    assert_eq!(plan(&window), Plan::default());
}

#[test]
fn without_a_card_it_says_why_and_offers_both_ways() {
    let found = Detected { cards: Vec::new(), nvml: NvmlState::NoDriver, ..machine() };
    let mut window = page(found.clone());
    window.get_by_label("RAM, 16.0 of 32.0 GiB free");
    click(&mut window, "Plan a card");
    assert_eq!(plan(&window), Plan::default());
    let mut window = page(found);
    click(&mut window, "Plan CPU only");
    assert!(plan(&window).machine.cards.is_empty());
    assert_eq!(plan(&window).machine.ram_gib, 32.0);
}

#[test]
fn recent_files_show_how_they_stand() {
    let home = tempfile::tempdir().unwrap();
    let fits = document(home.path(), "eight", 1, |_| ());
    let offload = document(home.path(), "seventy", 2, |plan| plan.workload.model = of_catalog("llama-3.1-70b"));
    let (gone, broken) = (home.path().join("gone.ron"), home.path().join("broken.ron"));
    fs::write(&broken, "(schema_version: 1, plans: [").unwrap();
    let config = remembering(home.path(), &[fits, offload.clone(), gone.clone(), broken]);
    let start = || Start { folder: Some(config.clone()), page: true, ..Start::again() }.window();
    let mut window = start();
    let held = |window: &Harness<'_, App>, name: &str| window.get_by_label(name).value().unwrap();
    assert_eq!(held(&window, "eight"), "Fits, 1 plan, just now");
    assert_eq!(held(&window, "seventy"), "Runs with offload, 2 plans, just now");
    assert_eq!(held(&window, "gone"), "No longer there");
    assert!(held(&window, "broken").starts_with("line 1"), "{}", held(&window, "broken"));
    click(&mut window, "Take off the list: gone");
    assert!(window.query_by_label("gone").is_none());
    assert!(!RecentFiles::load(&Folders::at(config.clone())).paths().contains(&gone), "for good");
    click(&mut window, "seventy");
    assert_eq!(window.state().document().name, "seventy");
    let mut window = start();
    fs::remove_file(&offload).unwrap();
    click(&mut window, "seventy");
    assert!(window.state().notices()[0].contains("no such file"), "{:?}", window.state().notices());
    window.get_by_label("New here? 90 seconds");
}

#[test]
fn without_recent_files_it_says_what_will_be_there() {
    let window = page(Detected::default());
    // Painted, not a control: what is read aloud is the heading's button.
    window.get_by_label("Open a file…");
}

#[test]
fn the_field_takes_names_links_files_and_errors() {
    for text in ["Qwen3 32B", "qwen3-32b", "https://huggingface.co/Qwen/Qwen3-32B"] {
        let mut window = page(machine());
        enter(&mut window, text);
        assert_eq!(model(&window), of_catalog("qwen3-32b"), "{text}");
        assert_eq!(plan(&window).machine.cards[0].card, CardChoice::Catalog("rtx-3060-12gb".to_owned()));
    }
    let mut window = page(Detected::default());
    enter(&mut window, "CUDA out of memory. Tried to allocate 1.21 GiB");
    let image = window.get_by_role(Role::Image);
    assert!(image.accesskit_node().label().is_some_and(|told| told.contains("GB")), "the scene");
    let mut window = page(machine());
    enter(&mut window, "llama-server -hf ggml-org/gpt-oss-20b-GGUF -c 32768");
    assert_eq!((model(&window), plan(&window).workload.context), (of_catalog("gpt-oss-20b"), 32768));
    assert_eq!(plan(&window).machine.cards[0].card, CardChoice::Catalog("rtx-3060-12gb".to_owned()));
    let shared = Document { name: "shared".to_owned(), ..Document::default() };
    let mut window = page(Detected::default());
    enter(&mut window, &format!("look: {} !", to_link(&shared).unwrap()));
    assert_eq!(*window.state().document(), shared);
    let home = tempfile::tempdir().unwrap();
    let file = document(home.path(), "typed", 1, |_| ());
    let mut window = page(Detected::default());
    enter(&mut window, file.to_str().unwrap());
    assert_eq!(window.state().document().name, "typed");
}

#[test]
fn a_name_that_nobody_has_is_said_and_entered_again_takes_the_nearest() {
    let mut window = page(Detected::default());
    enter(&mut window, "Qwen3 33B");
    window.get_by_label("Qwen3 32B");
    window.get_by_label("New here? 90 seconds");
    press(&mut window, Key::Enter);
    assert_eq!(model(&window), of_catalog("qwen3-32b"));
    let mut window = page(Detected::default());
    enter(&mut window, "Qwen3 33B");
    click(&mut window, "Qwen3 32B");
    assert_eq!(model(&window), of_catalog("qwen3-32b"), "by a click");
    let mut window = page(Detected::default());
    enter(&mut window, "\u{1b}[31m????");
    window.get_by_label("New here? 90 seconds");
    assert!(window.state().notices().is_empty());
}

#[test]
fn an_example_is_put_into_the_field() {
    let mut window = page(Detected::default());
    click(&mut window, "Qwen3 30B-A3B");
    press(&mut window, Key::Enter);
    assert_eq!(model(&window), of_catalog("qwen3-30b-a3b"));
}

#[test]
fn what_is_pasted_anywhere_lands_in_the_field() {
    let mut window = page(Detected::default());
    press(&mut window, Key::Tab);
    window.event(Event::Paste("qwen3-32b".to_owned()));
    window.run();
    press(&mut window, Key::Enter);
    assert_eq!(model(&window), of_catalog("qwen3-32b"));
}

#[test]
fn the_keyboard_goes_through_it_in_order() {
    let home = tempfile::tempdir().unwrap();
    let config = remembering(home.path(), &[document(home.path(), "eight", 1, |_| ())]);
    let mut window = Start { found: machine(), folder: Some(config), page: true, ..Start::again() }.window();
    assert!(window.get_by_role(Role::TextInput).is_focused(), "what is typed goes into the field");
    let mut order = Vec::new();
    for _ in 0..40 {
        window.key_press(Key::Tab);
        window.step();
        let focused = window.root().children_recursive().find(egui_kittest::Node::is_focused);
        order.extend(focused.and_then(|node| node.accesskit_node().label()));
    }
    let wanted = [
        "Qwen3 30B-A3B",
        "Use this machine",
        "Another machine",
        "Chat with a 70B at home",
        "Explain VRAM to a colleague",
        "eight",
        "Open a file…",
        "Drop a model or a plan here",
        "New here? 90 seconds",
    ];
    let places: Vec<Option<usize>> = wanted.iter().map(|name| order.iter().position(|it| it == name)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} in {order:?}");
}

#[test]
fn the_first_scene_is_one_click_away() {
    let mut window = page(Detected::default());
    window.get_by_label("New here? 90 seconds").click();
    window.run_ok();
    let image = window.get_by_role(Role::Image);
    let told = image.accesskit_node().label().unwrap_or_default();
    assert!(told.contains("Does a 14 GB model run?"), "the first scene: {told}");
}

#[test]
fn a_plan_that_is_begun_is_named_and_saved_as_any_other() {
    let home = tempfile::tempdir().unwrap();
    let (script, mut window) = Start { page: true, ..Start::again() }.scripted();
    click(&mut window, "Chat with a 70B at home");
    window.get_by_label_contains("Plan name,").click();
    window.run();
    type_over(&mut window, "Plan name", "mine");
    script.will_choose(&home.path().join("mine.ron"));
    ctrl(&mut window, Key::S);
    assert!(home.path().join("mine.ron").exists());
    ctrl(&mut window, Key::N);
    window.get_by_label("New here? 90 seconds");
}
