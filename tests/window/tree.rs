//! The accessibility tree of every view as a screen reader goes through it: what has a value says it, what is on or off says
//! which, what is named is named in words, and Tab goes through the tree in its order.

use eframe::egui::Key;
use eframe::egui::accesskit::{Action, Role};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use rigplan::app::{App, PersistedState, Settings};
use rigplan::text::Locale;

use crate::app::support::Start;

type Window = Harness<'static, App>;

fn window(locale: Locale, tab: usize) -> Window {
    let settings = Settings { language: Some(locale), reduce_motion: true, ..Settings::default() };
    let kept = Some(PersistedState { settings, ..PersistedState::default() });
    let mut window = Start { kept, ..Start::default() }.window();
    window.get_all_by_role(Role::Tab).nth(tab).expect("a tab").click();
    window.run_ok();
    window
}

/// What is wrong with what the nodes of a view say.
fn silent(window: &Window) -> Vec<String> {
    let mut wrong = Vec::new();
    for node in window.root().children_recursive() {
        let found = node.accesskit_node();
        let (role, name) = (found.role(), found.label().unwrap_or_default());
        let usable =
            [Action::Click, Action::SetValue, Action::Focus].into_iter().any(|it| found.data().supports_action(it));
        let says_value = found.numeric_value().is_some() || found.value().is_some_and(|value| !value.trim().is_empty());
        match role {
            Role::Slider | Role::ProgressIndicator | Role::Meter if !says_value => {
                wrong.push(format!("{role:?} {name:?} says no value"));
            }
            Role::CheckBox | Role::Switch | Role::RadioButton if found.toggled().is_none() => {
                wrong.push(format!("{role:?} {name:?} does not say whether it is on"));
            }
            Role::Image if name.trim().is_empty() && found.value().is_none() => {
                wrong.push(format!("a picture without words at {:?}", node.rect()));
            }
            _ => {}
        }
        let is_symbol = !name.is_empty() && !name.chars().any(char::is_alphanumeric);
        if usable && is_symbol && role != Role::Label {
            wrong.push(format!("{role:?} is called {name:?}, which is no word"));
        }
    }
    wrong
}

/// The places in the tree that Tab comes by, in its order, until it comes round.
fn tabbed(window: &mut Window) -> Vec<usize> {
    let mut places: Vec<usize> = Vec::new();
    for _ in 0..400 {
        window.key_press(Key::Tab);
        window.step();
        let Some(place) = window.root().children_recursive().position(|node| node.is_focused()) else { continue };
        if places.first() == Some(&place) {
            break;
        }
        places.push(place);
    }
    places
}

fn every_view(locale: Locale) {
    let mut wrong = Vec::new();
    for tab in 0..6 {
        let mut window = window(locale, tab);
        wrong.extend(silent(&window).into_iter().map(|what| format!("view {}: {what}", tab + 1)));
        let places = tabbed(&mut window);
        assert!(places.len() > 5, "view {}: {places:?}", tab + 1);
        // It may begin anywhere, and goes back to the beginning once.
        let back: Vec<_> = places.windows(2).filter(|pair| pair[1] < pair[0]).collect();
        if back.len() > 1 {
            wrong.push(format!("view {}: Tab goes back {} times: {back:?}", tab + 1, back.len()));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_view_says_its_values_in_the_order_of_the_tree() {
    every_view(Locale::En);
    every_view(Locale::Zh);
}
