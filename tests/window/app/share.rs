//! The plan taken along: as Markdown, as a picture, as a page.

use std::path::Path;
use std::time::{Duration, Instant};

use eframe::egui::OutputCommand;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rigplan::app::App;

use super::support::{Start, menu};
use crate::support::click;

/// Chooses a line of the menu of the button.
fn share(window: &mut Harness<'_, App>, label: &str) {
    click(window, "Share");
    window.get_by_label_contains(label).click();
}

/// Draws until something is said about the file.
fn until_told(window: &mut Harness<'_, App>, what: &str) -> Vec<String> {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_mins(1) {
        window.step();
        let notices = window.state().notices();
        if notices.iter().any(|line| line.contains(what)) {
            return notices;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{:?}", window.state().notices());
}

#[test]
fn markdown_is_copied_from_the_button() {
    let mut window = Start::again().window();
    share(&mut window, "Copy as Markdown");
    window.step();
    let copied = window.output().platform_output.commands.iter().find_map(|command| match command {
        OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    });
    let text = copied.expect("copied");
    assert!(text.starts_with("## ") && text.contains("| GiB | VRAM | RAM |") && text.contains("**Fits**"), "{text}");
}

#[test]
fn pictures_and_reports_are_saved_beside_the_window_and_told() {
    let folder = tempfile::tempdir().unwrap();
    for (label, ending, begins) in [
        ("Save picture", "png", &b"\x89PNG"[..]),
        ("Save picture", "svg", b"<svg"),
        ("Save report", "html", b"<!doctype"),
    ] {
        let (script, mut window) = Start::again().scripted();
        let path = folder.path().join(format!("a.{ending}"));
        script.will_choose(&path);
        share(&mut window, label);
        let told = until_told(&mut window, "Saved");
        assert!(told.iter().any(|line| line.contains(&format!("a.{ending}"))), "{told:?}");
        assert!(std::fs::read(&path).unwrap().starts_with(begins), "{ending}");
        let name = script.questions.borrow()[0].file_name.clone().unwrap_or_default();
        let usual = if label == "Save picture" { "png" } else { "html" };
        assert!(name.ends_with(&format!(".rigplan.{usual}")), "{name}");
    }
}

#[test]
fn the_file_menu_saves_as_well_and_says_why_it_could_not() {
    let (script, mut window) = Start::again().scripted();
    script.will_choose(Path::new("/nowhere/at/all.html"));
    menu(&mut window, "Save report");
    let told = until_told(&mut window, "/nowhere/at/all.html");
    assert_eq!(told.len(), 1, "{told:?}");
}
