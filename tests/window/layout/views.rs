//! The views.

use eframe::egui::accesskit::Role;
use eframe::egui::{Rect, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use rigplan::app::{PersistedState, Settings};
use rigplan::plan::{Document, Task};
use rigplan::system::detect::{Detected, Host, Inside};
use rigplan::text::{Concept, Key as Word, Locale};
use rigplan::units::GIB;

use super::{Drawn, View, assert_clear, open};
use crate::app::my_machine::working;
use crate::app::start;
use crate::app::support::Start;

/// The center of a plan narrower than this is scrolled.
const PLAN: f32 = 560.0;
/// The columns of the builds, and the table of cards, are scrolled in windows narrower than these.
const BUILDS: f32 = 1300.0;
const CARDS: f32 = 900.0;

#[test]
fn texts_of_a_serving_plan_stand_clear_of_each_other() {
    assert_clear(Task::Serve, &[View::page("plan", None, PLAN)]);
}

#[test]
fn texts_of_a_training_plan_stand_clear_of_each_other() {
    assert_clear(Task::Lora, &[View::page("training", None, PLAN)]);
}

#[test]
fn texts_of_cards_stand_clear_of_each_other() {
    assert_clear(Task::Serve, &[View::page("cards", Some(Word::Cards), CARDS)]);
}

#[test]
fn texts_of_builds_and_of_renting_stand_clear_of_each_other() {
    assert_clear(Task::Serve, &[View::page("builds", Some(Word::Build), BUILDS)]);
}

/// A picture is scrolled sideways in windows narrower than this.
const PICTURE: f32 = 680.0;

/// The first picture, its caption and its timeline; what comes after is walked scene by scene elsewhere.
#[test]
fn texts_of_a_picture_stand_clear_of_each_other() {
    assert_clear(Task::Serve, &[View::page("picture", Some(Word::Explain), PICTURE)]);
}

/// The comparison is scrolled sideways in windows narrower than this, and so are its tables of many plans.
const COMPARED: f32 = 900.0;

#[test]
fn texts_of_a_comparison_stand_clear_of_each_other() {
    let view = || View::page("comparison", Some(Word::Compare), COMPARED);
    assert_clear(Task::Serve, &[view()]);
    let mut found = Vec::new();
    for locale in Locale::ALL {
        let mut window = open(&crate::app::compare::ways(), locale, vec2(1440.0, 900.0));
        found.extend(view().faults(&mut window, locale));
    }
    assert!(found.is_empty(), "{} faults\n{}", found.len(), found.join("\n"));
}

#[test]
fn texts_of_the_start_page_stand_clear_of_each_other() {
    let home = tempfile::tempdir().expect("a folder");
    let long = "A plan with a name that is much longer than any row of the list is wide";
    let files = [
        start::document(home.path(), long, 100, |_| ()),
        start::document(home.path(), "eight", 1, |_| ()),
        home.path().join("gone.ron"),
    ];
    let config = start::remembering(home.path(), &files);
    let mut found = Vec::new();
    for locale in Locale::ALL {
        for detected in [Detected::default(), start::machine()] {
            let settings = Settings { language: Some(locale), reduce_motion: true, ..Settings::default() };
            let kept = Some(PersistedState { settings, ..PersistedState::default() });
            let folder = Some(config.clone());
            let mut window = Start { kept, folder, found: detected, page: true, ..Start::default() }.window();
            found.extend(View::page("start", None, 0.0).faults(&mut window, locale));
        }
    }
    assert!(found.is_empty(), "{} faults\n{}", found.len(), found.join("\n"));
}

#[test]
fn texts_of_my_machine_stand_clear_of_each_other() {
    let walled = Host {
        ram_total_bytes: Some(31 * GIB),
        ram_limit_bytes: Some(16 * GIB),
        ram_limit_used_bytes: Some(3 * GIB),
        inside: Some(Inside::ContainerInWsl),
        ..Host::default()
    };
    let mut found = Vec::new();
    for locale in Locale::ALL {
        let (more, none): (&[Word], &[Word]) = (&[Word::MachineRuns, Word::MachineUpgrades], &[]);
        let hidden = Detected { host: walled.clone(), ..Detected::default() };
        for (detected, sections) in [(working(), more), (hidden, none)] {
            let settings = Settings { language: Some(locale), reduce_motion: true, ..Settings::default() };
            let kept = Some(PersistedState { settings, ..PersistedState::default() });
            let mut window = Start { kept, found: detected, ..Start::default() }.window();
            found.extend(View::page("my machine", Some(Word::MyMachine), 0.0).faults(&mut window, locale));
            for section in sections {
                window.get_by_label(locale.word(*section)).click();
                window.run_ok();
                found.extend(View::page(locale.word(*section), None, 0.0).faults(&mut window, locale));
            }
        }
    }
    assert!(found.is_empty(), "{} faults\n{}", found.len(), found.join("\n"));
}

#[test]
fn a_narrow_window_has_its_inputs_in_a_drawer() {
    let mut window = open(&Document::default(), Locale::En, vec2(720.0, 450.0));
    assert!(window.query_by_role_and_label(Role::ComboBox, "Model").is_none(), "closed at first");
    crate::support::click(&mut window, "Inputs");
    window.get_by_role_and_label(Role::ComboBox, "Model");
    crate::support::pick(&mut window, "View", "Cards");
    assert!(window.query_by_label("Inputs").is_none(), "another view");
}

/// What one reading is made of is said beside the others, which are compared with it.
#[test]
fn the_tip_of_a_reading_covers_no_other() {
    let about = [Concept::Decode, Concept::Prefill, Concept::LoadTime, Concept::BoardPower];
    for (width, height) in [(1100.0, 700.0), (1280.0, 800.0), (1440.0, 900.0)] {
        let mut window = open(&Document::default(), Locale::En, vec2(width, height));
        for concept in about {
            let name = Locale::En.word(concept.name());
            let readings: Vec<(String, Rect)> = window
                .query_all_by_role(Role::Button)
                .filter_map(|node| Some((node.accesskit_node().label()?, node.rect())))
                .filter(|(label, _)| about.iter().any(|it| label.starts_with(Locale::En.word(it.name()))))
                .collect();
            let own = readings.iter().position(|(label, _)| label.starts_with(name)).expect("a reading");
            window.hover_at(readings[own].1.center());
            (0..40).for_each(|_| window.step());
            let drawn = Drawn::of(&window.output().shapes, vec2(width, height));
            let said = Locale::En.word(concept.about());
            let tip = drawn.texts.iter().find(|text| text.words.ends_with(said)).expect("a tip");
            let under =
                drawn.grounds.iter().rev().find(|(place, it)| *place < tip.place && it.contains_rect(tip.whole));
            let (_, ground) = *under.expect("its ground");
            let others = readings.iter().enumerate().filter(|(place, _)| *place != own);
            let covered: Vec<_> = others.filter(|(_, (_, rect))| ground.shrink(2.0).intersects(*rect)).collect();
            assert!(covered.is_empty(), "{width} × {height}: {name} over {covered:?}");
        }
    }
}
