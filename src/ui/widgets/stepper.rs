//! Minus, a count, plus.

use eframe::egui::{Align2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, vec2};

use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};

/// The width of a stepper.
pub const WIDTH: f32 = 80.0;
/// The height of a stepper.
pub const HEIGHT: f32 = 28.0;

/// Shows the count; whether it changed. `fewer` and `more` name the two buttons. It stays within `range`.
pub fn stepper(ui: &mut Ui, (fewer, more): (&str, &str), count: &mut u32, range: (u32, u32)) -> bool {
    let t = Tokens::of(ui);
    let (_, rect) = ui.allocate_space(vec2(WIDTH, HEIGHT));
    let ids = ui.auto_id_with("stepper");
    ui.painter().rect_stroke(rect, radius::CONTROL, Stroke::new(1.0, t.line), StrokeKind::Inside);
    let words = format!("× {count}");
    paint::text(ui.painter(), rect.center(), Align2::CENTER_CENTER, &words, Type::SmallStrong, t.text);
    let left = Rect::from_min_size(rect.min, Vec2::splat(28.0));
    let right = left.translate(vec2(rect.width() - 28.0, 0.0));
    let side = |ui: &Ui, rect: Rect, icon: Icon, name: &str, possible: bool| -> Response {
        let response = ui.interact(rect, ids.with(name), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, possible, name));
        if response.hovered() && possible {
            ui.painter().rect_filled(rect.shrink(2.0), radius::SEGMENT, t.hover);
        }
        icons::draw(ui.painter(), rect.center(), icon, if possible { t.sec } else { t.rail });
        paint::focus_ring(ui, &response, radius::CONTROL);
        response.on_hover_text(name)
    };
    let before = *count;
    if side(ui, left, Icon::Minus, fewer, before > range.0).clicked() {
        *count = before.saturating_sub(1).max(range.0);
    }
    if side(ui, right, Icon::Plus, more, before < range.1).clicked() {
        *count = before.saturating_add(1).min(range.1);
    }
    *count != before
}
