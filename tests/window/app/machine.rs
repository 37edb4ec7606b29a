//! The first start and "Use this machine".

use egui_kittest::kittest::Queryable;
use rigplan::plan::{CardChoice, CardCount, Machine};
use rigplan::system::detect::{Detected, DetectedCard, Host, NvmlState};
use rigplan::text::Locale;
use rigplan::units::GIB;

use super::support::Start;
use crate::support::click;

fn found(name: &str, memory_gib: u64) -> Detected {
    Detected {
        nvml: NvmlState::Ready { driver_version: None, cuda_version: None },
        cards: vec![DetectedCard {
            name: Some(name.to_owned()),
            memory_total_bytes: Some(memory_gib * GIB),
            ..DetectedCard::default()
        }],
        host: Host { ram_total_bytes: Some(48 * GIB), ..Host::default() },
        ..Detected::default()
    }
}

fn machine(window: &egui_kittest::Harness<'_, rigplan::app::App>) -> Machine {
    window.state().document().plans[0].plan.machine.clone()
}

fn of_catalog(id: &str) -> Vec<CardCount> {
    vec![CardCount { card: CardChoice::Catalog(id.to_owned()), count: 1, memory_gib: None }]
}

#[test]
fn the_first_start_plans_with_this_machines_card() {
    let window = Start { found: found("NVIDIA GeForce RTX 3060", 12), ..Start::default() }.window();
    assert_eq!(machine(&window).cards, of_catalog("rtx-3060-12gb"));
    assert_eq!(machine(&window).ram_gib, 48.0);
    assert!(!window.state().is_unsaved(), "nothing was edited");
    assert!(window.state().notices().is_empty(), "and nothing is to be said");
}

#[test]
fn without_a_card_the_first_start_plans_with_the_default() {
    let window = Start::default().window();
    assert_eq!(machine(&window), Machine::default());
    assert!(window.state().notices().is_empty(), "no driver is a calm state");
}

#[test]
fn a_later_start_leaves_the_plan_alone() {
    let window = Start { found: found("NVIDIA GeForce RTX 3060", 12), ..Start::again() }.window();
    assert_eq!(machine(&window), Machine::default());
}

#[test]
fn use_this_machine_is_one_step_and_takes_unknown_cards() {
    let mut window = Start { found: found("NVIDIA Something New", 40), ..Start::again() }.window();
    click(&mut window, "Use this machine");
    let expected = CardChoice::Detected { name: "NVIDIA Something New".to_owned(), memory_bytes: 40 * GIB };
    assert_eq!(machine(&window).cards[0].card, expected, "usable with its measured memory");
    assert_eq!(machine(&window).ram_gib, 48.0);
    click(&mut window, "Undo: card and system RAM");
    assert_eq!(machine(&window), Machine::default(), "one step");
}

#[test]
fn use_this_machine_without_a_driver_keeps_the_cards_and_says_so() {
    let mut window =
        Start { found: Detected { cards: Vec::new(), nvml: NvmlState::NoDriver, ..found("", 1) }, ..Start::again() }
            .window();
    click(&mut window, "Use this machine");
    assert_eq!(machine(&window).cards, Machine::default().cards);
    assert_eq!(machine(&window).ram_gib, 48.0);
    assert!(window.query_by_label_contains(Locale::En.word(rigplan::text::Key::NoDriver)).is_some());
}
