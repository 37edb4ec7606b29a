//! Drawing whose length could come from data: plans and tables that someone made to hurt are drawn in a bounded number of
//! shapes, and the window goes on.

use std::fs;
use std::path::{Path, PathBuf};

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Shape};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rigplan::app::App;
use rigplan::system::folders::Folders;

use super::support::{Start, menu};
use crate::support::{click, ctrl};

/// More shapes than any frame has of what people plan: about five times those of the first plan.
const MOST_SHAPES: usize = 10_000;

fn count(shape: &Shape) -> usize {
    match shape {
        Shape::Vec(shapes) => shapes.iter().map(count).sum(),
        _ => 1,
    }
}

/// Fails where the last frame had more shapes than there is any use for.
fn assert_bounded(window: &Harness<'_, App>, what: &str) {
    let shapes: usize = window.output().shapes.iter().map(|clipped| count(&clipped.shape)).sum();
    assert!((1..MOST_SHAPES).contains(&shapes), "{what}: {shapes} shapes");
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/hostile").join(name)
}

#[test]
fn a_plan_of_a_hundred_million_tokens_is_drawn_in_few_shapes() {
    assert_bounded(&Start::again().window(), "the first plan");
    for name in ["plan_eager_100M_window_hang", "plan_eager_100M_full_window_hang", "plan_axis_labels_smear"] {
        let mut window = Start { file: Some(fixture(&format!("{name}.ron"))), ..Start::again() }.window();
        assert_eq!(window.state().notices(), Vec::<String>::new(), "{name} opens");
        assert_bounded(&window, name);
        for tab in 0..window.query_all_by_role(Role::Tab).count() {
            window.get_all_by_role(Role::Tab).nth(tab).expect("a tab").click();
            window.run_ok();
            assert_bounded(&window, &format!("{name}, tab {tab}"));
        }
    }
}

#[test]
fn every_plot_of_such_a_plan_is_bounded() {
    let file = fixture("plan_eager_100M_window_hang.ron");
    let mut window = Start { file: Some(file), ..Start::again() }.window();
    for plot in 0..window.query_all_by_role(Role::RadioButton).count() {
        let Some(button) = window.get_all_by_role(Role::RadioButton).nth(plot) else { continue };
        button.click_accesskit();
        window.run_ok();
        assert_bounded(&window, &format!("choice {plot}"));
    }
}

#[test]
fn a_hundred_thousand_wrong_prices_are_drawn_in_few_shapes() {
    let home = tempfile::tempdir().expect("a folder");
    let table = home.path().join("prices.csv");
    fs::write(&table, "part,usd\n".to_owned() + &"customer-7,1\n".repeat(100_000)).expect("written");
    let start = Start { folder: Some(home.path().to_owned()), ..Start::again() };
    start.script.will_choose(&table);
    let mut window = start.window();
    menu(&mut window, "Price book");
    click(&mut window, "Import CSV…");
    window.run();
    window.get_by_label("0 prices taken, 0 lines as before, 100,000 left out");
    assert_bounded(&window, "the book");
}

#[test]
fn twenty_thousand_own_prices_of_nothing_are_said_in_few_lines() {
    let home = tempfile::tempdir().expect("a folder");
    let folders = Folders::at(home.path().to_owned());
    let file = folders.own_prices();
    fs::create_dir_all(file.parent().expect("a folder")).expect("created");
    let line = "(part:\"nope\",kind:Used,usd:650.0,date:\"2026-11-22\",source:\"x\"),\n";
    fs::write(&file, format!("[\n{}]\n", line.repeat(20_000))).expect("written");
    let mut window = Start { folder: Some(home.path().to_owned()), ..Start::again() }.window();
    ctrl(&mut window, Key::Comma);
    window.run_ok();
    window.get_by_label("and 19,950 more");
    assert_bounded(&window, "the settings");
    click(&mut window, "Close");
    menu(&mut window, "Price book");
    assert_bounded(&window, "the book");
}
