//! Measured speeds: entered, kept in a file of the user's own, removed; and what cannot be read.

use std::fs;

use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use rigplan::app::App;

use super::support::Start;
use crate::support::click;

/// The reading of the strip, as screen readers hear it.
fn decode(window: &Harness<'_, App>) -> String {
    let mut labels = window.query_all_by_label_contains("Decode ").filter_map(|node| node.accesskit_node().label());
    labels.find(|label| label.contains("tok/s (")).expect("a reading")
}

fn open(window: &mut Harness<'_, App>) {
    let label = decode(window);
    click(window, &label);
}

fn enter(window: &mut Harness<'_, App>, text: &str) {
    let field = window.get_by_label("A speed in tok/s, or the output of llama-bench");
    field.focus();
    window.run();
    window.get_by_label("A speed in tok/s, or the output of llama-bench").type_text(text);
    window.run();
    click(window, "Keep");
}

#[test]
fn a_measurement_tunes_the_estimate_and_can_be_removed() {
    let home = tempfile::tempdir().unwrap();
    let mut window = Start { folder: Some(home.path().to_owned()), ..Start::again() }.window();
    let before = decode(&window);
    open(&mut window);
    enter(&mut window, "fast");
    window.get_by_label("“fast” is no number: type a speed such as 18.5");
    let file = home.path().join("data/measured.ron");
    assert!(!file.exists(), "nothing was kept");
    click(&mut window, "Close");
    open(&mut window);
    enter(&mut window, "60");
    window.get_by_label_contains("Remove GeForce RTX 4090 · Llama 3.1 8B Q4_K_M · Decode 60 tok/s · 20");
    assert!(fs::read_to_string(&file).unwrap().contains("tokens_per_s:60"), "it is kept");
    click(&mut window, "Close");
    assert_ne!(decode(&window), before, "half as fast as estimated");
    assert!(!window.state().is_unsaved(), "the document is as it was");
    let tuned = decode(&window);
    click(&mut window, &tuned);
    window.get_by_label_contains("Remove GeForce RTX 4090 ·").click();
    window.run();
    window.get_by_label("Nothing measured so far");
    click(&mut window, "Close");
    assert_eq!(decode(&window), before, "as before");
}

#[test]
fn a_file_with_a_mistake_is_named_and_nothing_is_lost() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("data")).unwrap();
    let file = home.path().join("data/measured.ron");
    let text = "[\n    (card:\"rtx-4090\", nonsense),\n]\n";
    fs::write(&file, text).unwrap();
    let mut window = Start { folder: Some(home.path().to_owned()), ..Start::again() }.window();
    open(&mut window);
    assert!(window.query_all_by_label_contains("measured.ron:2:").next().is_some(), "the line is named");
    enter(&mut window, "60");
    assert_eq!(fs::read_to_string(&file).unwrap(), text, "the file is as it was");
}
