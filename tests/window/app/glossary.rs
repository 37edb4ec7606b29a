//! The glossary: F1 opens it, words of either language find a term, Escape leaves it.

use eframe::egui::Key;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use rigplan::text::{Concept, Locale};

use super::support::Start;
use crate::support::press;

#[test]
fn f1_opens_it_a_search_finds_and_escape_closes() {
    let mut window = Start::again().window();
    let line = |concept: Concept| concept.line(Locale::En);
    assert!(window.query_by_label(&line(Concept::Pareto)).is_none(), "closed at first");
    press(&mut window, Key::F1);
    assert!(window.query_by_label(&line(Concept::Token)).is_some(), "from the beginning");
    let field = |window: &egui_kittest::Harness<'_, rigplan::app::App>, typed: &str| {
        window.get_by_role_and_label(Role::TextInput, "Search terms, in either language").type_text(typed);
    };
    field(&window, "显存");
    window.run();
    assert!(window.query_by_label(&line(Concept::Vram)).is_some(), "by its Chinese name");
    assert!(window.query_by_label(&line(Concept::BreakEven)).is_none());
    field(&window, " no such thing");
    window.run();
    assert!(window.query_by_label_contains("No term with").is_some());
    press(&mut window, Key::Escape);
    assert!(window.query_by_role_and_label(Role::TextInput, "Search terms, in either language").is_none(), "left");
    assert!(!window.state().is_unsaved());
}
