//! Plans that travel: by the clipboard, in pictures, as a text on the command line; and the rows of the tables that come
//! along with them.

use std::fs;
use std::path::Path;

use eframe::egui::{Event, Key};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rigplan::app::App;
use rigplan::catalog::Catalog;
use rigplan::catalog::frozen::RowDetail;
use rigplan::plan::{Document, ModelChoice};
use rigplan::share::carrier::link::to_link;
use rigplan::share::carrier::{png, svg};
use rigplan::share::plan_file;

use super::commands::{ask, copied};
use super::support::{Start, menu, rename};
use crate::support::{click, ctrl};

fn paste(window: &mut Harness<'_, App>, text: &str) {
    window.event(Event::Paste(text.to_owned()));
    window.run();
}

#[test]
fn a_file_that_was_copied_is_opened_and_a_picture_on_the_clipboard_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sent by mail.ron");
    fs::write(&path, plan_file::to_text(&sent()).unwrap()).unwrap();
    for copied in [path.display().to_string(), format!("file://{}\n", path.display().to_string().replace(' ', "%20"))] {
        let mut window = Start::again().window();
        paste(&mut window, &copied);
        assert_eq!(window.state().document().name, "sent", "{copied}: {:?}", window.state().notices());
    }
    let mut window = Start::again().window();
    let picture = eframe::egui::ColorImage::filled([2, 2], eframe::egui::Color32::WHITE);
    window.event(Event::PasteImage(std::sync::Arc::new(picture)));
    window.run();
    assert!(window.state().notices().iter().any(|line| line.contains("rigplan:1:")), "{:?}", window.state().notices());
}

fn sent() -> Document {
    let mut document = Document { name: "sent".to_owned(), ..Document::default() };
    document.plans[0].plan.workload.model = ModelChoice::Catalog("qwen3-8b".to_owned());
    document
}

#[test]
fn a_plan_travels_by_the_clipboard() {
    let mut window = Start::again().window();
    rename(&mut window, "mine");
    ask(&mut window, Key::U);
    let text = copied(&window).expect("copied");
    assert!(text.starts_with("rigplan:1:") && text.len() < 500, "{text}");
    window.run();
    let mine = window.state().document().clone();
    let mut other = Start::again().window();
    paste(&mut other, &format!("have a look\n{text}"));
    assert_eq!(*other.state().document(), mine);
    assert!(!other.state().is_unsaved(), "{:?}", other.state().notices());
    // What is unsaved is asked about, and what is no plan says so.
    paste(&mut window, &to_link(&sent()).unwrap());
    assert_eq!(*window.state().document(), mine);
    click(&mut window, "Don’t save");
    assert_eq!(*window.state().document(), sent());
    paste(&mut window, "rigplan:1:AAAA");
    assert!(window.state().notices().iter().any(|line| line.contains("cut off")), "{:?}", window.state().notices());
    assert_eq!(*window.state().document(), sent());
}

#[test]
fn what_is_pasted_into_a_field_stays_there() {
    let mut window = Start::again().window();
    window.get_by_label_contains("Plan name,").click();
    window.run();
    paste(&mut window, &to_link(&sent()).unwrap());
    assert_ne!(window.state().document().plans, sent().plans, "it goes into the field");
}

fn picture(link: &str) -> Vec<u8> {
    png::put_in(include_bytes!("../../../assets/icon.png"), link).unwrap()
}

#[test]
fn pictures_open_and_are_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let link = to_link(&Document { name: String::new(), ..sent() }).unwrap();
    let files =
        [("a.rigplan.png", picture(&link)), ("b.rigplan.svg", format!("<svg>{}</svg>", svg::metadata(&link)).into())];
    for (name, bytes) in files {
        let file = folder.path().join(name);
        fs::write(&file, &bytes).unwrap();
        let (script, mut window) = Start { file: Some(file.clone()), ..Start::again() }.scripted();
        assert_eq!(window.state().document().plans, sent().plans, "{:?}", window.state().notices());
        assert_eq!(window.state().document().name, name[..1], "called as the picture is");
        ctrl(&mut window, Key::S);
        assert_eq!(script.questions.borrow().len(), 1, "asked where");
        assert_eq!(fs::read(&file).unwrap(), bytes);
    }
    let plain = folder.path().join("plain.png");
    fs::write(&plain, include_bytes!("../../../assets/icon.png")).unwrap();
    let window = Start { file: Some(plain), ..Start::again() }.window();
    assert!(window.state().notices()[0].contains("a picture without a plan"), "{:?}", window.state().notices());
}

#[test]
fn a_link_on_the_command_line_opens() {
    let link = to_link(&sent()).unwrap().replace(':', "%3A").replacen("%3A", ":", 1);
    let window = Start { file: Some(link.into()), ..Start::again() }.window();
    assert_eq!(*window.state().document(), sent());
}

/// Half the bandwidth of today's RTX 4090, as a later table may say.
fn later_tables(home: &Path) {
    let mut card = Catalog::embedded().card("rtx-4090").unwrap().clone();
    card.bandwidth_gb_s = Some(504.0);
    (card.bus_width_bit, card.data_rate_gbps) = (None, None);
    fs::create_dir_all(home.join("data/cards")).unwrap();
    fs::write(home.join("data/cards/later.ron"), ron::to_string(&vec![card]).unwrap()).unwrap();
}

#[test]
fn a_saved_plan_keeps_its_figures_and_says_what_changed() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("old.ron");
    let document = Document { name: "old".to_owned(), ..Document::default() };
    let saved = document.with_rows(Catalog::embedded(), RowDetail::Whole);
    fs::write(&file, plan_file::to_text(&saved).unwrap()).unwrap();
    let start = || Start { file: Some(file.clone()), folder: Some(home.path().to_owned()), ..Start::again() };
    let same = "Decode 140";
    let window = start().window();
    assert_eq!((window.state().notices(), window.state().document()), (Vec::new(), &document), "nothing changed yet");
    assert!(window.query_by_label_contains(same).is_some());
    // Two windows on one file would tell of each other.
    drop(window);
    later_tables(home.path());
    let mut window = start().window();
    let notice = "As it was saved: RTX 4090 now 504 GB/s, was 1,008 GB/s";
    assert_eq!(window.state().notices(), [notice]);
    assert!(window.query_by_label_contains(same).is_some(), "the same figures");
    assert!(!window.state().is_unsaved());
    // Saved again it still holds the old row.
    rename(&mut window, "older");
    ctrl(&mut window, Key::S);
    let again = plan_file::from_text(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(again.frozen, saved.frozen);
    // Lines beside it come and go meanwhile, which would move the button from under the pointer.
    window.get_by_label("Use today’s figures").click_accesskit();
    window.run();
    assert!(window.query_by_label_contains(same).is_none(), "other figures");
    assert!(window.state().notices().iter().all(|line| line != notice));
    ctrl(&mut window, Key::Z);
    assert!(window.query_by_label_contains(same).is_some(), "taken back");
    menu(&mut window, "New");
    assert!(window.query_by_label_contains(same).is_none(), "a new plan counts with today's tables");
}

/// A file that is added counts with what it was saved with, but for what the document counts otherwise.
#[test]
fn plans_of_another_file_bring_their_rows() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("old.ron");
    let saved = Document::default().with_rows(Catalog::embedded(), RowDetail::Whole);
    fs::write(&file, plan_file::to_text(&saved).unwrap()).unwrap();
    later_tables(home.path());
    let start = Start { folder: Some(home.path().to_owned()), ..Start::again() };
    start.script.will_choose(&file);
    let mut window = start.window();
    rename(&mut window, "mine");
    ctrl(&mut window, Key::Num5);
    // The plan that is open uses the same card.
    let today = window.state().document().clone();
    click(&mut window, "File…");
    window.run_ok();
    assert!(window.state().document().frozen.is_empty(), "one card has one row in a document");
    assert_eq!(window.state().document().plans, today.plans, "the same plan is there already");
    let told = |window: &Harness<'_, App>| window.state().notices().join("\n");
    assert!(told(&window).contains("was saved with other figures (RTX 4090 now 504 GB/s"), "{}", told(&window));
    // One on another card takes the row in, and gives it back with the plan.
    let file = home.path().join("other.ron");
    let start = Start { folder: Some(home.path().to_owned()), ..Start::again() };
    let mut other = Document::default();
    other.plans[0].plan.machine.cards =
        vec![rigplan::plan::CardCount::of(rigplan::plan::CardChoice::Catalog("rtx-5090".to_owned()), 1)];
    fs::write(&file, plan_file::to_text(&other).unwrap()).unwrap();
    let old = home.path().join("old.ron");
    start.script.will_choose(&old);
    let mut window = Start { file: Some(file), ..start }.window();
    ctrl(&mut window, Key::Num5);
    click(&mut window, "File…");
    window.run_ok();
    assert_eq!(window.state().document().plans.len(), 2);
    assert_eq!(window.state().document().frozen.len(), 1, "the row of its card");
    assert!(told(&window).contains("As it was saved: RTX 4090 now 504 GB/s, was 1,008 GB/s"), "{}", told(&window));
    ctrl(&mut window, Key::Z);
    assert_eq!((window.state().document().plans.len(), window.state().document().frozen.len()), (1, 0), "one step");
}
