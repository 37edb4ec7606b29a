//! Chips: small switches that stand side by side.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{CLEAR, Tokens};
use crate::ui::widgets::tip::Tip;

/// Height of a chip, and twice its radius.
pub(super) const HEIGHT: f32 = 28.0;

/// How wide the chip with these words is.
pub(super) fn width(ui: &Ui, words: &str) -> f32 {
    paint::width(ui.painter(), words, Type::SmallStrong) + 22.0
}

/// Shows a chip whose left edge is at the left of `rect`; whether it was switched.
pub(super) fn chip(
    ui: &Ui,
    salt: impl std::hash::Hash + std::fmt::Debug,
    rect: Rect,
    words: &str,
    tip: &Tip<'_>,
    on: bool,
) -> bool {
    let t = Tokens::of(ui);
    let rect = Rect::from_center_size(rect.center(), vec2(rect.width(), HEIGHT));
    let response = ui.interact(rect, ui.make_persistent_id(("chip", salt)), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, ui.is_enabled(), on, words));
    let fill = if on || response.hovered() { t.hover } else { CLEAR };
    let (outline, ink) = if on { (t.rail, t.text) } else { (t.line, t.faint) };
    ui.painter().rect(rect, 14, fill, Stroke::new(1.0, outline), StrokeKind::Inside);
    let step = if on { Type::SmallStrong } else { Type::Small };
    paint::text(ui.painter(), rect.center(), Align2::CENTER_CENTER, words, step, ink);
    paint::focus_ring(ui, &response, 14);
    let clicked = response.clicked();
    tip.on(&response);
    clicked
}
