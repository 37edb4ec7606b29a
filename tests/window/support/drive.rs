//! Driving a window by the names that screen readers hear; each step ends when nothing moves any more.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, Ui, Vec2, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use egui_kittest::{Harness, HarnessBuilder};

/// As large as the window of the design, less its bar.
pub(crate) const WIDE: Vec2 = vec2(1440.0, 852.0);
/// High enough that nothing has to be scrolled to.
pub(crate) const TALL: Vec2 = vec2(1440.0, 3000.0);

/// A view with all that a frame of it needs.
pub(crate) trait View {
    fn show(&mut self, ui: &mut Ui);
}

/// A view alone in a window of this size.
pub(crate) fn window<V: View + 'static>(view: V, size: Vec2) -> Harness<'static, V> {
    window_in(Harness::builder().with_size(size), view)
}

/// The same, built otherwise.
pub(crate) fn window_in<V: View + 'static>(builder: HarnessBuilder<V>, view: V) -> Harness<'static, V> {
    let mut harness =
        builder.with_context_setup(rigplan::ui::theme::install).build_ui_state(|ui, view: &mut V| view.show(ui), view);
    harness.run();
    harness
}

pub(crate) fn click<S>(harness: &mut Harness<'_, S>, label: &str) {
    harness.get_by_label(label).click();
    harness.run();
}

/// Sets a slider as a screen reader would.
pub(crate) fn set<S>(harness: &mut Harness<'_, S>, label: &str, value: f64) {
    harness.get_by_role_and_label(Role::Slider, label).set_value_accesskit(value);
    harness.run();
}

/// Opens a list by its name and picks an entry.
pub(crate) fn pick<S>(harness: &mut Harness<'_, S>, list: &str, entry: &str) {
    harness.get_by_role_and_label(Role::ComboBox, list).click();
    harness.run();
    harness.get_by_role_and_label(Role::ListBoxOption, entry).click();
    harness.run();
}

/// Clicks a value by its name and types another over it.
pub(crate) fn type_into<S>(harness: &mut Harness<'_, S>, label: &str, text: &str) {
    click(harness, label);
    type_over(harness, label, text);
}

/// Types over the text of a field that is being edited.
pub(crate) fn type_over<S>(harness: &mut Harness<'_, S>, label: &str, text: &str) {
    ctrl(harness, Key::A);
    harness.get_by_role_and_label(Role::TextInput, label).type_text(text);
    harness.run();
    press(harness, Key::Enter);
}

pub(crate) fn press<S>(harness: &mut Harness<'_, S>, key: Key) {
    harness.key_press(key);
    harness.run();
}

pub(crate) fn ctrl<S>(harness: &mut Harness<'_, S>, key: Key) {
    chord(harness, Modifiers::COMMAND, key);
}

pub(crate) fn chord<S>(harness: &mut Harness<'_, S>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run();
}

/// What the nodes of a role say, from top to bottom.
pub(crate) fn labels<S>(harness: &Harness<'_, S>, role: Role) -> Vec<String> {
    let mut found: Vec<(f32, String)> = harness
        .get_all_by_role(role)
        .filter_map(|node| Some((node.rect().top(), node.accesskit_node().label()?)))
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.into_iter().map(|(_, words)| words).collect()
}
