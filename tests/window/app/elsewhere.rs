//! A file that another program, or another window, writes to while it is open here.

use std::fs;
use std::path::{Path, PathBuf};

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
    click(&mut window, "Dismiss");
    come_back(&mut window);
    assert!(window.state().notices().is_empty(), "told once");
    write(&file, "theirs again");
    come_back(&mut window);
    click(&mut window, "Reload");
    assert_eq!(window.state().document().name, "theirs again");
    assert!(window.state().notices().is_empty() && !window.state().is_unsaved());
}
