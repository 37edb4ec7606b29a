//! New, Open, Save, Save as, closing: nothing is lost, whatever the disk says.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::{DroppedFile, Key, ViewportCommand, ViewportEvent, ViewportId};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use rigplan::app::App;
use rigplan::share::plan_file;
use rigplan::system::dialogs::Purpose;

use super::support::{Start, menu, rename, told};
use crate::support::{click, ctrl, press};

fn ask_to_close(window: &mut Harness<'_, App>) {
    let root = window.input_mut().viewports.get_mut(&ViewportId::ROOT).expect("the window");
    root.events.push(ViewportEvent::Close);
    window.step();
}

#[test]
fn a_plan_is_saved_opened_again_and_listed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.ron");
    let (script, mut window) = Start { folder: Some(folder.path().join("config")), ..Start::again() }.scripted();
    rename(&mut window, "mine");
    script.will_choose(&folder.path().join("mine"));
    menu(&mut window, "Save as…");
    assert!(file.exists(), "written under its extension");
    assert!(!window.state().is_unsaved());
    assert_eq!(script.questions.borrow()[0].file_name.as_deref(), Some("mine.ron"), "the name was proposed");
    let saved = window.state().document().clone();

    menu(&mut window, "New");
    assert_ne!(*window.state().document(), saved, "a new plan");
    script.will_choose(&file);
    ctrl(&mut window, Key::O);
    assert_eq!(*window.state().document(), saved, "the same as was saved");
    assert_eq!(script.questions.borrow()[1].purpose, Purpose::Open);
    ctrl(&mut window, Key::Z);
    assert_eq!(*window.state().document(), saved, "opening is no edit to undo");

    menu(&mut window, "New");
    click(&mut window, "File");
    click(&mut window, "Recent");
    window.get_by_label_contains("mine.ron").click();
    window.run();
    assert_eq!(*window.state().document(), saved, "from the recent files");
    click(&mut window, "File");
    click(&mut window, "Recent");
    click(&mut window, "Clear the list");
    click(&mut window, "File");
    assert!(window.get_by_label("Recent").accesskit_node().is_disabled(), "none are left");
}

#[test]
fn save_writes_to_the_same_file_without_asking() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.ron");
    let (script, mut window) = Start::again().scripted();
    rename(&mut window, "first");
    script.will_choose(&file);
    ctrl(&mut window, Key::S);
    rename(&mut window, "second");
    ctrl(&mut window, Key::S);
    assert_eq!(script.questions.borrow().len(), 1, "asked once");
    assert!(fs::read_to_string(&file).unwrap().contains("second"));
}

#[test]
fn the_other_plans_of_a_file_survive_opening_and_saving() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("two.ron");
    let text = "(schema_version: 1, notes: \"both rooms\", plans: [(name: \"a\", plan: ()), (name: \"b\", plan: (workload: (context: 777)))])";
    fs::write(&file, text).unwrap();
    let (script, mut window) = Start::again().scripted();
    script.will_choose(&file);
    ctrl(&mut window, Key::O);
    window.get_by_label("Plan A: a");
    window.get_by_label("Plan B: b");
    assert_eq!(window.get_by_label("Notes").value().as_deref(), Some("both rooms"), "and the notes");
    let opened = window.state().document().clone();
    rename(&mut window, "renamed");
    ctrl(&mut window, Key::S);
    let saved = plan_file::from_text(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!((saved.name.as_str(), saved.notes.as_str()), ("renamed", "both rooms"));
    assert_eq!(saved.plans, opened.plans);
    assert_eq!((saved.plans.len(), saved.plans[1].plan.workload.context), (2, 777));
}

#[test]
fn a_bad_file_gives_a_notice_and_leaves_the_plan() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.ron");
    fs::write(&bad, "(schema_version: 1, plans: [(plan: (workload: (contxt: 5)))])").unwrap();
    let (script, mut window) = Start::again().scripted();
    let before = window.state().document().clone();
    for (path, says) in
        [(bad, "contxt"), (folder.path().to_owned(), "folder"), (folder.path().join("none.ron"), "no such file")]
    {
        script.will_choose(&path);
        ctrl(&mut window, Key::O);
        assert_eq!(*window.state().document(), before, "untouched");
        let notice = window.state().notices().first().cloned().expect("a notice");
        assert!(notice.contains(says) && !notice.contains('\n'), "{notice}");
        click(&mut window, "Dismiss");
        assert!(window.state().notices().is_empty(), "dismissed");
    }
}

#[test]
fn what_cannot_be_saved_stays_unsaved() {
    let folder = tempfile::tempdir().unwrap();
    let (script, mut window) = Start::again().scripted();
    rename(&mut window, "mine");
    script.will_choose(&folder.path().join("gone").join("mine.ron"));
    ctrl(&mut window, Key::S);
    assert!(window.state().is_unsaved());
    assert!(window.state().notices()[0].contains("folder does not exist"), "{:?}", window.state().notices());
    ask_to_close(&mut window);
    assert!(told(&window, &ViewportCommand::CancelClose), "and closing asks");
}

#[test]
fn leaving_unsaved_changes_asks_first() {
    let mut window = Start::again().window();
    rename(&mut window, "mine");
    ctrl(&mut window, Key::N);
    click(&mut window, "Cancel");
    assert_eq!(window.state().document().name, "mine", "kept");
    ctrl(&mut window, Key::N);
    press(&mut window, Key::Escape);
    assert_eq!(window.state().document().name, "mine", "Escape cancels");
    ctrl(&mut window, Key::N);
    click(&mut window, "Don’t save");
    assert_eq!(window.state().document().name, "", "a new plan");
    assert!(!window.state().is_unsaved());
}

#[test]
fn closing_asks_saves_and_closes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.ron");
    let (script, mut window) = Start::again().scripted();
    rename(&mut window, "mine");
    ask_to_close(&mut window);
    assert!(told(&window, &ViewportCommand::CancelClose), "not yet");
    script.will_choose(&file);
    window.run();
    window.get_by_label("Save").click();
    let mut closed = false;
    for _ in 0..8 {
        window.step();
        closed |= told(&window, &ViewportCommand::Close);
    }
    assert!(closed, "then closed");
    assert!(file.exists(), "and saved");
}

#[derive(Debug)]
pub(super) struct Dropped(pub(super) PathBuf);

impl DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("the window reads from the path".to_owned())
    }
}

#[test]
fn a_file_dropped_on_the_window_is_opened_but_never_over_unsaved_changes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dropped.ron");
    let document = rigplan::plan::Document { name: "dropped".to_owned(), ..Default::default() };
    fs::write(&file, rigplan::share::plan_file::to_text(&document).unwrap()).unwrap();
    let mut window = Start::again().window();
    rename(&mut window, "mine");
    window.input_mut().dropped_files.push(Arc::new(Dropped(file)));
    window.run();
    assert_eq!(window.state().document().name, "mine", "asked first");
    click(&mut window, "Don’t save");
    assert_eq!(window.state().document().name, "dropped");
}

#[test]
fn nothing_unsaved_closes_at_once() {
    let mut window = Start::again().window();
    ask_to_close(&mut window);
    assert!(!told(&window, &ViewportCommand::CancelClose));
}

#[test]
fn a_file_named_at_the_start_is_opened_and_a_bad_one_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.ron");
    let document = rigplan::plan::Document { name: "named".to_owned(), ..Default::default() };
    fs::write(&file, rigplan::share::plan_file::to_text(&document).unwrap()).unwrap();
    let window = Start { file: Some(file.clone()), ..Start::again() }.window();
    assert_eq!(window.state().document().name, "named");
    fs::write(&file, [0xff, 0xfe, 0x00]).unwrap();
    let window = Start { file: Some(file), ..Start::again() }.window();
    assert_eq!(window.state().document().name, "");
    assert_eq!(window.state().notices().len(), 1);
}

#[test]
fn without_file_dialogs_the_path_is_typed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("typed.ron");
    let mut window = Start::again().window();
    rename(&mut window, "mine");
    let type_path = |window: &mut Harness<'_, App>| {
        ctrl(window, Key::S);
        ctrl(window, Key::A);
        window.get_by_label("Path of the file").type_text(&file.display().to_string());
        window.run();
        press(window, Key::Enter);
    };
    type_path(&mut window);
    assert!(file.exists(), "saved where it was typed");
    assert!(!window.state().is_unsaved());
    menu(&mut window, "New");
    ctrl(&mut window, Key::N);
    rename(&mut window, "other");
    type_path(&mut window);
    assert!(fs::read_to_string(&file).unwrap().contains("mine"), "not replaced unasked");
    click(&mut window, "Save");
    assert!(fs::read_to_string(&file).unwrap().contains("other"), "replaced once that was said");
}

#[test]
fn saving_says_so_and_takes_back_what_failed_before() {
    let folder = tempfile::tempdir().unwrap();
    let (script, mut window) = Start::again().scripted();
    rename(&mut window, "mine");
    script.will_choose(&folder.path().join("gone").join("mine.ron"));
    ctrl(&mut window, Key::S);
    assert!(window.state().notices()[0].contains("folder does not exist"));
    script.will_choose(&folder.path().join("mine.ron"));
    ctrl(&mut window, Key::S);
    assert_eq!(window.state().notices(), ["Saved mine.ron"]);
    assert!(window.query_by_label("Saved mine.ron").is_some(), "on screen");
}

#[test]
fn a_typed_path_survives_a_failure_and_knows_the_home() {
    let home = tempfile::tempdir().unwrap();
    let mut window = Start { home: Some(home.path().to_owned()), ..Start::again() }.window();
    rename(&mut window, "mine");
    ctrl(&mut window, Key::S);
    ctrl(&mut window, Key::A);
    window.get_by_label("Path of the file").type_text("~/new/mine.ron");
    window.run();
    press(&mut window, Key::Enter);
    assert!(window.query_by_label_contains("folder does not exist").is_some(), "said in the dialog");
    assert_eq!(window.get_by_label("Path of the file").value().as_deref(), Some("~/new/mine.ron"));
    fs::create_dir(home.path().join("new")).unwrap();
    click(&mut window, "Save");
    assert!(home.path().join("new/mine.ron").exists(), "mended outside, saved with the same words");
}
