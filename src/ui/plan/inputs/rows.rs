//! Rows of the inputs panel: a name at the left, its control at the right.

use eframe::egui::{Align2, Rect, Stroke, Ui, vec2};

use crate::text::{Key, Locale};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::picker::Picker;
use crate::ui::widgets::row::Row;
use crate::ui::widgets::tip::Tip;
use crate::ui::widgets::value_field::ValueField;

/// A rule between sections.
pub(super) fn rule(ui: &mut Ui) {
    let (_, rect) = ui.allocate_space(vec2(space::CONTROL, 25.0));
    let stroke = Stroke::new(1.0, Tokens::of(ui).line);
    ui.painter().hline(rect.x_range(), rect.center().y, stroke);
}

/// A name alone, above its control; where it is written.
pub(super) fn name(ui: &mut Ui, words: &str) -> Rect {
    let (_, rect) = ui.allocate_space(vec2(space::CONTROL, 18.0));
    let ink = Tokens::of(ui).sec;
    paint::text(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, words, Type::Small, ink)
}

/// A name at the left and what `control` draws in so much width at the right, then a gap.
pub(super) fn row<R>(
    ui: &mut Ui,
    locale: Locale,
    (key, salt): (Key, &'static str),
    width: f32,
    control: impl FnOnce(&mut Ui) -> R,
) -> R {
    Row::of_panel(locale.word(key), salt, width).tip(Tip::of(key, locale)).show(ui, control)
}

/// A name and a value without a choice.
pub(super) fn fact(ui: &mut Ui, locale: Locale, key: Key, value: &str) {
    row(ui, locale, (key, "fact"), 150.0, |ui| {
        let rect = ui.max_rect();
        let t = Tokens::of(ui);
        paint::text(ui.painter(), rect.right_center(), Align2::RIGHT_CENTER, value, Type::BodyStrong, t.text);
    });
}

/// A name and a boxed number; the number that was typed.
pub(super) fn number(ui: &mut Ui, salt: &'static str, field: ValueField<'_>) -> Option<f64> {
    Row::of_panel(field.name, salt, 120.0).field(ui, field)
}

/// Width of a short list.
pub(super) const LIST: f32 = 150.0;

/// A short list in a row, with what it is about.
pub(super) fn list(
    ui: &mut Ui,
    tip: Tip<'_>,
    (key, salt): (Key, &'static str),
    current: &str,
    labels: &[&str],
) -> Option<usize> {
    let entry = |place: usize| (labels[place].to_owned(), String::new());
    list_with_facts(ui, tip, (key, salt), (current, LIST), labels.len(), entry)
}

/// The same of this width, with a fact beside each label.
pub(super) fn list_with_facts(
    ui: &mut Ui,
    tip: Tip<'_>,
    (key, salt): (Key, &'static str),
    (current, width): (&str, f32),
    count: usize,
    entry: impl Fn(usize) -> (String, String),
) -> Option<usize> {
    let name = tip.locale.word(key);
    Row::of_panel(name, salt, width).tip(tip).show(ui, |ui| {
        let picker = Picker {
            salt,
            name,
            current: (current, ""),
            search: None,
            nothing: |_| String::new(),
            size: (width, 26.0),
            quiet: false,
        };
        picker.show(ui, |_| (0..count).collect(), entry)
    })
}
