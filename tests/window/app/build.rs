//! The Build view in its window: searching beside it, undo, taking a build into the plan, keeping a price.

use eframe::egui::{Key, accesskit::Role};
use egui_kittest::kittest::{NodeT, Queryable};
use rigplan::plan::CardChoice;
use rigplan::units::Usd;

use super::support::Start;
use crate::support::{click, ctrl, press};

#[test]
fn a_budget_is_searched_beside_the_window_and_undone_like_any_change() {
    let mut window = Start::again().window();
    ctrl(&mut window, Key::Num3);
    window.run();
    assert!(window.query_by_label_contains("Team, $").is_some());
    assert!(window.state().document().build.is_none(), "looking at builds changes nothing");
    let wanted = window.output().viewport_output.values().map(|output| output.repaint_delay).min();
    assert!(wanted.is_none_or(|delay| delay.as_secs() > 60), "no frame while nothing happens: {wanted:?}");
    window.get_by_role_and_label(Role::Slider, "Budget").set_value_accesskit(9000.0);
    window.run();
    assert_eq!(window.state().document().build.as_ref().map(|build| build.budget_usd), Some(Usd(9000.0)));
    ctrl(&mut window, Key::Z);
    assert!(window.state().document().build.is_none());
}

#[test]
fn a_build_taken_into_the_plan_is_one_step_to_undo() {
    let mut window = Start::again().window();
    ctrl(&mut window, Key::Num3);
    window.run();
    let before = window.state().document().clone();
    window.get_all_by_label("Use in plan").last().expect("a build").click();
    window.run();
    assert!(window.query_by_label("Model size").is_none(), "the builds stay in sight");
    assert!(window.query_by_label("In the plan").is_some());
    let cards = &window.state().document().plans[0].plan.machine.cards;
    assert_ne!(cards[0].card, CardChoice::Catalog("rtx-4090".to_owned()));
    ctrl(&mut window, Key::Z);
    assert_eq!(*window.state().document(), before);
}

#[test]
fn a_typed_price_counts_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = Start { folder: Some(folder.path().to_owned()), ..Start::again() }.window();
    ctrl(&mut window, Key::Num3);
    window.run();
    let disk = window.get_all_by_label_contains("Price of NVMe").next().expect("a disk with a price");
    let label = disk.accesskit_node().label().expect("its name");
    click(&mut window, &label);
    ctrl(&mut window, Key::A);
    window.get_by_role_and_label(Role::TextInput, &label).type_text("77");
    window.run();
    press(&mut window, Key::Enter);
    window.run();
    let price = window.get_by_label(&label);
    assert_eq!(price.value().as_deref(), Some("$77"));
}
