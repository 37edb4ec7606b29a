//! What a first start offers, until it is dismissed for good.

use eframe::egui::Key;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use rigplan::app::PersistedState;
use rigplan::plan::ModelChoice;

use super::support::Start;
use crate::support::{click, ctrl};

#[test]
fn a_first_start_offers_help_once() {
    let mut window = Start::default().window();
    window.get_by_label("New here?");
    ctrl(&mut window, Key::Num2);
    assert!(window.query_by_label("New here?").is_none(), "over the plan alone");
    ctrl(&mut window, Key::Num1);
    click(&mut window, "Do not show this again");
    assert!(window.query_by_label("New here?").is_none());
    let kept = Some(PersistedState { settings: window.state().settings(), ..PersistedState::default() });
    assert!(Start { kept, ..Start::default() }.window().query_by_label("New here?").is_none(), "for good");
    assert!(Start::again().window().query_by_label("New here?").is_none(), "nobody else is asked");
}

#[test]
fn its_offers_do_what_they_say() {
    let mut window = Start::default().window();
    window.get_by_label("RAM and VRAM in 90 seconds").click();
    window.run_ok();
    let image = window.get_by_role(Role::Image);
    let told = image.accesskit_node().label().unwrap_or_default();
    assert!(told.contains("Does a 14 GB model run?"), "the first scene: {told}");
    ctrl(&mut window, Key::Num1);
    click(&mut window, "Example: a 70B model on one card");
    let model = &window.state().document().plans[0].plan.workload.model;
    assert_eq!(*model, ModelChoice::Catalog("llama-3.1-70b".to_owned()));
    click(&mut window, "Undo");
    assert!(!window.state().is_unsaved(), "one step back");
}
