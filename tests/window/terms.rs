//! Every word of the Plan view is explained where it stands, in both languages.

use crate::support::{Scene, TALL, plans_with_every_input, press, window};
use eframe::egui::Key;
use eframe::egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use rigplan::catalog::Catalog;
use rigplan::estimate::explain::Figure;
use rigplan::plan::{Input, Plan, Runtime};
use rigplan::text::{Concept, Key as Word, Locale};

fn unfolded(plan: Plan, locale: Locale) -> Harness<'static, Scene> {
    let mut scene = Scene::of(plan);
    scene.state.advanced = true;
    scene.locale = locale;
    window(scene, TALL)
}

/// What screen readers are told of each thing beside its name.
fn told(harness: &Harness<'_, Scene>) -> Vec<String> {
    let nodes = harness.query_all_by(|_| true);
    nodes.filter_map(|node| node.accesskit_node().description()).collect()
}

#[test]
fn every_input_says_what_it_is() {
    for locale in Locale::ALL {
        for plan in plans_with_every_input() {
            let told = told(&unfolded(plan.clone(), locale));
            for input in Input::all().filter(|input| input.applies(&plan, Catalog::embedded())) {
                let label = input.entry().label;
                let concept = Concept::of(label).unwrap_or_else(|| panic!("{label:?} stands for no term"));
                // Where values differ from keys is asked of llama.cpp alone.
                let elsewhere = input == Input::KvCacheV && plan.workload.runtime != Runtime::LlamaCpp
                    || [Input::CardMemoryGib, Input::Machine, Input::TensorParallel, Input::RuntimeVersion]
                        .contains(&input);
                let said = told.iter().any(|said| said.contains(locale.word(concept.about())));
                assert!(said || elsewhere, "{locale:?}: {input:?} of {:?} is not explained", plan.workload);
            }
        }
    }
}

#[test]
fn every_input_stands_in_some_plan() {
    let plans = plans_with_every_input();
    for input in Input::all() {
        assert!(plans.iter().any(|plan| input.applies(plan, Catalog::embedded())), "{input:?} is in no plan");
    }
}

#[test]
fn every_control_of_the_panel_is_explained() {
    // What does something at once and is named for it.
    let plain = [
        Word::UseThisMachine,
        Word::AddCard,
        Word::Advanced,
        Word::PeopleOpen,
        Word::FewerCards,
        Word::MoreCards,
        Word::LimitHelp,
    ];
    for locale in Locale::ALL {
        for plan in plans_with_every_input() {
            let harness = unfolded(plan, locale);
            let mut missing = Vec::new();
            for role in [Role::Slider, Role::ComboBox, Role::CheckBox, Role::RadioButton, Role::Button] {
                for node in harness.query_all_by_role(role) {
                    let (rect, node) = (node.rect(), node.accesskit_node());
                    let label = node.label().unwrap_or_default();
                    let part = |key: &Word| {
                        let words = locale.word(*key).split(['{', '}']).next().unwrap_or_default().trim();
                        label.contains(words) || words.is_empty() && label.starts_with(locale.word(Word::MoreCards))
                    };
                    let stepper = ["RTX", "H100", "Ryzen", "GB10"].iter().any(|card| label.contains(card));
                    if rect.right() > 328.0 || plain.iter().any(part) || stepper {
                        continue;
                    }
                    let said = node.description().unwrap_or_default();
                    if !Concept::ALL.iter().any(|concept| said.contains(locale.word(concept.about()))) {
                        missing.push(format!("{role:?} {label}"));
                    }
                }
            }
            assert!(missing.is_empty(), "{locale:?}: {missing:#?}");
        }
    }
}

#[test]
fn tables_and_readings_say_what_they_are() {
    for locale in Locale::ALL {
        for plan in plans_with_every_input() {
            let trains = plan.workload.task.trains();
            let harness = unfolded(plan, locale);
            for role in [Role::Row, Role::ColumnHeader] {
                for node in harness.get_all_by_role(role) {
                    let node = node.accesskit_node();
                    let said = node.description().unwrap_or_default();
                    let known = Concept::ALL.iter().any(|concept| said.contains(locale.word(concept.about())));
                    assert!(known, "{locale:?}: {:?} is not explained", node.label());
                }
            }
            let told = told(&harness);
            let readings: &[Concept] = if trains {
                &[Concept::TrainSpeed, Concept::Peak, Concept::Job, Concept::JobEnergy, Concept::JobRent]
            } else {
                &[Concept::Decode, Concept::Prefill, Concept::FirstToken, Concept::LoadTime, Concept::BoardPower]
            };
            for reading in readings {
                let said = told.iter().any(|said| said.contains(locale.word(reading.about())));
                assert!(said, "{locale:?}: {reading:?} is not explained");
            }
        }
    }
}

#[test]
fn the_explanation_of_a_figure_begins_with_what_it_is() {
    for locale in Locale::ALL {
        let mut scene = Scene::offload();
        (scene.locale, scene.state.why) = (locale, Some(Figure::KvCache));
        let harness = window(scene, crate::support::WIDE);
        let about = locale.word(Concept::KvCache.about());
        let rest: String = about.chars().skip(1).collect();
        let said = harness.query_all_by_role(Role::Button).filter_map(|node| node.accesskit_node().label());
        let said: Vec<String> = said.filter(|label| label.contains(&rest)).collect();
        assert_eq!(said.len(), 1, "{locale:?}");
        let (sentence, source) = (said[0].find(&rest), said[0].find("llama-kv-cache.cpp"));
        assert!(sentence < source, "the place comes last: {}", said[0]);
    }
}

#[test]
fn the_keyboard_sees_a_tip_after_a_moment() {
    let mut harness = window(Scene::offload(), crate::support::WIDE);
    let about = Locale::En.word(Concept::Parameters.about());
    harness.get_by_role_and_label(Role::ComboBox, "Model").focus();
    harness.run();
    assert!(harness.query_by_label_contains(about).is_none());
    let reached = (0..6).any(|_| {
        press(&mut harness, Key::Tab);
        (0..20).for_each(|_| harness.step());
        harness.query_by_label_contains(about).is_some()
    });
    assert!(reached, "the size of the model, by Tab");
}
