//! Earlier saves of a document, and a disk that is full.

use std::fs;
use std::path::Path;
use std::process::Command;

use eframe::egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rigplan::app::App;
use rigplan::plan::{Document, SCHEMA_VERSION};
use rigplan::share::plan_file;

use super::support::{Start, menu, rename};
use crate::support::{click, ctrl};

fn document(name: &str) -> String {
    plan_file::to_text(&Document { name: name.to_owned(), ..Document::default() }).unwrap()
}

fn name(window: &Harness<'_, App>) -> String {
    window.state().document().name.clone()
}

#[test]
fn an_earlier_save_opens_as_a_copy() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.ron");
    fs::write(&file, document("before this program")).unwrap();
    let start = || {
        let config = folder.path().join("config");
        Start { file: Some(file.clone()), folder: Some(config), ..Start::again() }.window()
    };
    let mut window = start();
    menu(&mut window, "Versions…");
    assert!(window.query_by_label_contains("None yet").is_some());
    click(&mut window, "Close");
    for name in ["first", "second"] {
        rename(&mut window, name);
        ctrl(&mut window, Key::S);
    }
    // What was saved last is kept before the window goes.
    drop(window);
    let mut window = start();
    menu(&mut window, "Versions…");
    assert_eq!(window.query_all_by_label("Open a copy: just now").count(), 3, "with what was there before the first");
    for held in ["second, 1 plan, Fits", "first, 1 plan, Fits", "before this program, 1 plan, Fits"] {
        assert!(window.query_all_by_label("just now").any(|row| row.value().as_deref() == Some(held)), "{held}");
    }
    window.query_all_by_label("Open a copy: just now").last().expect("the oldest").click();
    window.run();
    assert_eq!((name(&window).as_str(), window.state().is_unsaved()), ("before this program copy", true));
    assert!(fs::read_to_string(&file).unwrap().contains("second"), "the file stays as it is");
    ctrl(&mut window, Key::S);
    assert!(window.query_by_label("Path of the file").is_some(), "a copy lies in no file");
}

#[test]
fn without_a_file_there_are_no_versions_and_that_is_said() {
    let mut window = Start::again().window();
    ctrl(&mut window, Key::K);
    window.get_by_role(eframe::egui::accesskit::Role::TextInput).type_text("versions");
    window.run();
    let line = window.get_by_role_and_label(eframe::egui::accesskit::Role::ListBoxOption, "Versions");
    assert_eq!(line.value().as_deref(), Some("The document is in no file yet"));
}

/// Every schema that was ever written has a file of it here, and opens.
#[test]
fn every_schema_still_opens() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/valid");
    let mut schemas = Vec::new();
    for entry in fs::read_dir(fixtures).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        schemas.extend(plan_file::schema_of(&text));
        let before = fs::read(&path).unwrap();
        let window = Start { file: Some(path.clone()), ..Start::again() }.window();
        assert!(window.state().notices().is_empty() && !window.state().is_unsaved(), "{}", path.display());
        assert_eq!(fs::read(&path).unwrap(), before, "opening writes nothing");
    }
    assert!((1..=SCHEMA_VERSION).all(|schema| schemas.contains(&schema)), "{schemas:?}");
}

/// A small disk of its own, for whoever may mount one; it goes with this.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(folder.path()).output();
        mounted.is_ok_and(|done| done.status.success()).then_some(Self(folder))
    }

    /// Writes until nothing has room any more.
    fn fill(&self) {
        let mut file = fs::File::create(self.0.path().join("filler")).unwrap();
        while std::io::Write::write_all(&mut file, &[0; 1024]).is_ok() {}
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(self.0.path()).output());
    }
}

#[test]
fn a_full_disk_is_said_in_one_line_and_the_old_file_stays_whole() {
    let Some(disk) = SmallDisk::mount() else {
        println!("no small disk may be mounted here: not tried");
        return;
    };
    let file = disk.0.path().join("mine.ron");
    fs::write(&file, document("old")).unwrap();
    let before = fs::read(&file).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let start = Start { file: Some(file.clone()), folder: Some(elsewhere.path().to_owned()), ..Start::again() };
    let mut window = start.window();
    rename(&mut window, "new");
    disk.fill();
    ctrl(&mut window, Key::S);
    let notices = window.state().notices();
    let line = notices.first().expect("a line");
    assert!(notices.len() == 1 && line.contains("mine.ron") && line.contains("disk is full"), "{notices:?}");
    assert!(window.state().is_unsaved());
    assert_eq!(fs::read(&file).unwrap(), before, "whole");
    assert_eq!(fs::read_dir(disk.0.path()).unwrap().count(), 2, "nothing half is left beside it");
    fs::remove_file(disk.0.path().join("filler")).unwrap();
    ctrl(&mut window, Key::S);
    assert!(fs::read_to_string(&file).unwrap().contains("new") && !window.state().is_unsaved());
}
