//! A file that another program, or another window, writes to while it is open here.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use eframe::egui::{Event, Key};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rigplan::app::App;
use rigplan::plan::Document;
use rigplan::share::plan_file;

use super::support::{Script, Start, rename};
use crate::support::{click, ctrl};

const QUESTION: &str = "mine.ron was changed by another program since it was opened";

fn write(path: &Path, name: &str) {
    let document = Document { name: name.to_owned(), ..Document::default() };
    fs::write(path, plan_file::to_text(&document).unwrap()).unwrap();
}

fn name_in(path: &Path) -> String {
    plan_file::from_bytes(&fs::read(path).unwrap()).unwrap().name
}

/// A window with unsaved changes to a file that another program has changed meanwhile.
struct Conflict {
    window: Harness<'static, App>,
    script: Script,
    file: PathBuf,
    folder: tempfile::TempDir,
}

fn conflict() -> Conflict {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.ron");
    write(&file, "opened");
    let (script, mut window) = Start { file: Some(file.clone()), ..Start::again() }.scripted();
    rename(&mut window, "mine");
    write(&file, "theirs");
    ctrl(&mut window, Key::S);
    assert!(window.query_by_label(QUESTION).is_some(), "asked first");
    assert_eq!(name_in(&file), "theirs", "and nothing written");
    Conflict { window, script, file, folder }
}

#[test]
fn it_is_overwritten_once_that_was_said() {
    let Conflict { mut window, file, folder: _kept, .. } = conflict();
    click(&mut window, "Overwrite");
    assert_eq!(name_in(&file), "mine");
    rename(&mut window, "again");
    ctrl(&mut window, Key::S);
    assert_eq!(name_in(&file), "again", "what was written here is no change elsewhere");
}

#[test]
fn it_is_saved_beside_it() {
    let Conflict { mut window, script, file, folder } = conflict();
    let other = folder.path().join("other.ron");
    script.will_choose(&other);
    click(&mut window, "Save as…");
    assert_eq!((name_in(&file).as_str(), name_in(&other).as_str()), ("theirs", "mine"));
}

#[test]
fn it_is_read_again_and_undo_brings_the_own_changes_back() {
    let Conflict { mut window, file, folder: _kept, .. } = conflict();
    click(&mut window, "Reload");
    assert_eq!(window.state().document().name, "theirs");
    assert!(!window.state().is_unsaved());
    ctrl(&mut window, Key::Z);
    assert_eq!(window.state().document().name, "mine");
    ctrl(&mut window, Key::S);
    assert_eq!(name_in(&file), "mine", "which is now a change of what was read");
}

#[test]
fn leaving_it_leaves_everything() {
    let Conflict { mut window, file, folder: _kept, .. } = conflict();
    click(&mut window, "Cancel");
    assert_eq!(name_in(&file), "theirs");
    assert!(window.state().is_unsaved());
}

#[test]
fn a_window_that_comes_to_the_front_offers_what_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.ron");
    write(&file, "opened");
    let mut window = Start { file: Some(file.clone()), ..Start::again() }.window();
    let come_back = |window: &mut Harness<'_, App>| {
        window.event(Event::WindowFocused(true));
        window.run();
    };
    write(&file, "opened");
    come_back(&mut window);
    assert!(window.state().notices().is_empty(), "written anew, but the same");
    write(&file, "theirs");
    come_back(&mut window);
    assert_eq!(window.state().notices(), [QUESTION]);
    click(&mut window, "Keep mine");
    come_back(&mut window);
    assert!(window.state().notices().is_empty(), "told once");
    assert!(window.state().is_unsaved(), "what is kept is not what the file holds");
    ctrl(&mut window, Key::S);
    assert_eq!(name_in(&file), "opened", "that was the answer: nobody asks again");
    rename(&mut window, "mine");
    write(&file, "theirs again");
    come_back(&mut window);
    assert!(window.query_by_label(QUESTION).is_some(), "also where something is unsaved");
    click(&mut window, "Reload");
    assert_eq!(window.state().document().name, "theirs again");
    assert!(window.state().notices().is_empty() && !window.state().is_unsaved());
}

/// Draws frames until something is so: what is noticed at intervals comes by itself.
fn wait_until(window: &mut Harness<'_, App>, reached: impl Fn(&App) -> bool) {
    let start = Instant::now();
    while !reached(window.state()) {
        assert!(start.elapsed() < Duration::from_mins(1), "{:?}", window.state().notices());
        std::thread::sleep(Duration::from_millis(20));
        window.run();
    }
}

#[test]
fn a_change_is_noticed_while_the_window_stays_in_front() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.ron");
    write(&file, "opened");
    let mut window = Start { file: Some(file.clone()), ..Start::again() }.window();
    write(&file, "theirs");
    wait_until(&mut window, |app| app.notices() == [QUESTION]);
}

#[test]
fn two_windows_on_one_file_know_of_each_other() {
    const SAYS: &str = "mine.ron is also open in another window";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.ron");
    write(&file, "opened");
    let start =
        || Start { file: Some(file.clone()), folder: Some(folder.path().join("config")), ..Start::again() }.window();
    let (mut one, mut two) = (start(), start());
    assert!(two.query_by_label(SAYS).is_some(), "at once");
    wait_until(&mut one, |app| app.notices() == [SAYS]);
    rename(&mut two, "mine");
    ctrl(&mut two, Key::S);
    assert_eq!(name_in(&file), "opened", "asked first");
    click(&mut two, "Cancel");
    ctrl(&mut two, Key::S);
    click(&mut two, "Overwrite");
    assert_eq!(name_in(&file), "mine");
    rename(&mut two, "again");
    ctrl(&mut two, Key::S);
    assert_eq!(name_in(&file), "again", "asked once");
    wait_until(&mut one, |app| app.notices().contains(&QUESTION.to_owned()));
    drop(one);
    wait_until(&mut two, |app| !app.notices().contains(&SAYS.to_owned()));
}
