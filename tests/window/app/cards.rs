//! The Cards view in its window: tabs, taking a card into the plan, keeping a price.

use eframe::egui::Key;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, Node};
use rigplan::advise::ranking::{FilterRule, SortKey};
use rigplan::app::{App, PersistedState};
use rigplan::catalog::card::Vendor;
use rigplan::plan::CardChoice;
use rigplan::system::folders::Folders;

use super::support::Start;
use crate::support::{click, ctrl, press};

#[test]
fn tabs_are_switched_by_click_and_by_key() {
    let mut window = Start::again().window();
    click(&mut window, "Cards");
    assert!(window.query_by_label("Sort by Price").is_some());
    ctrl(&mut window, Key::Num1);
    assert!(window.query_by_label("Model size").is_some());
    ctrl(&mut window, Key::Num2);
    assert!(window.query_by_label("Model size").is_none());
}

#[test]
fn a_card_taken_into_the_plan_is_one_step_to_undo() {
    let mut window = Start::again().window();
    ctrl(&mut window, Key::Num2);
    let before = window.state().document().clone();
    window.get_by_label_contains("Cards: arrow keys").focus();
    window.run();
    press(&mut window, Key::End);
    press(&mut window, Key::Enter);
    let cards = &window.state().document().plans[0].plan.machine.cards;
    assert_ne!(cards[0].card, CardChoice::Catalog("rtx-4090".to_owned()));
    ctrl(&mut window, Key::Z);
    assert_eq!(*window.state().document(), before);
}

/// Order, filters and words survive a restart; the budget is that of the document.
#[test]
fn what_was_looked_for_is_there_again_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let start = || Start { folder: Some(folder.path().to_owned()), ..Start::again() };
    let mut window = start().window();
    ctrl(&mut window, Key::Num2);
    click(&mut window, "Sort by Decode");
    click(&mut window, "Intel");
    window.get_by_role_and_label(Role::Slider, "Budget, at most").set_value_accesskit(2000.0);
    window.run();
    assert_eq!(
        window.state().document().build.as_ref().map(|build| build.budget_usd),
        Some(rigplan::units::Usd(2000.0))
    );
    ctrl(&mut window, Key::Z);
    assert!(window.state().document().build.is_none(), "one step to undo");
    drop(window);
    let kept = PersistedState::load(&Folders::at(folder.path().to_owned())).expect("what was kept");
    let cards = &kept.views.cards;
    assert_eq!(cards.column, SortKey::Decode);
    assert!(cards.filter.has(FilterRule::NotFrom(Vendor::Intel)));
}

/// A price in a row that lies wholly below the heads of the table, notices above them included.
fn price_in_sight<'a>(window: &'a Harness<'_, App>) -> Node<'a> {
    let mut prices = window.get_all_by_label_contains(": type a price");
    prices.find(|cell| (260.0..700.0).contains(&cell.rect().top())).expect("a price in sight")
}

#[test]
fn a_typed_price_is_kept_and_a_bad_one_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = Start { folder: Some(folder.path().to_owned()), ..Start::again() }.window();
    ctrl(&mut window, Key::Num2);
    click(&mut window, "Sort by Price");
    let file = folder.path().join("data/own_prices.ron");
    let mut typed = |text: &str| {
        price_in_sight(&window).click();
        window.run();
        ctrl(&mut window, Key::A);
        window.get_by_label("Price of one card").type_text(text);
        window.run();
        press(&mut window, Key::Enter);
        window.state().notices().clone()
    };
    assert_eq!(typed("-5").len(), 1, "refused with one line");
    assert!(!file.exists(), "nothing is kept");
    let lines = typed("123");
    assert_eq!(lines.len(), 1, "{lines:?}");
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(kept.contains("usd:123") && kept.contains("typed by you"), "{kept}");
    assert!(window.query_all_by_label_contains("$123").next().is_some(), "and shown");
    std::fs::write(&file, kept.replace("123", "dear")).unwrap();
    price_in_sight(&window).click();
    window.run();
    ctrl(&mut window, Key::A);
    window.get_by_label("Price of one card").type_text("99");
    window.run();
    press(&mut window, Key::Enter);
    assert!(std::fs::read_to_string(&file).unwrap().contains("dear"), "a file with a mistake is not written over");
}
