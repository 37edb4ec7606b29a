//! A check box with its words, and what it costs at the right.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::tip::{Begun, Tip};
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{CLEAR, Tokens};

/// Height of a box with its words.
const HEIGHT: f32 = 20.0;

/// A box with what its words mean; whether it was switched.
pub fn explained(ui: &mut Ui, (words, salt): (&str, &str), on: &mut bool, width: f32, tip: &Tip<'_>) -> bool {
    let (begun, corner) = (Begun::here(ui), ui.cursor().min);
    let switched = check_box(ui, words, "", on, width);
    tip.over(ui, begun, Rect::from_min_size(corner, vec2(width, HEIGHT)), salt);
    switched
}

/// Shows the box; whether it was switched.
pub fn check_box(ui: &mut Ui, words: &str, detail: &str, on: &mut bool, width: f32) -> bool {
    let t = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::click());
    let switched = response.clicked();
    *on ^= switched;
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, ui.is_enabled(), *on, words));
    paint::reveal_focused(&response);
    if ui.is_rect_visible(rect) {
        let square = Rect::from_min_size(pos2(rect.left(), rect.center().y - 8.0), Vec2::splat(16.0));
        let painter = ui.painter();
        let ink = if ui.is_enabled() { t.text } else { t.rail };
        painter.rect(square, 4, if *on { ink } else { CLEAR }, Stroke::new(1.0, t.rail), StrokeKind::Inside);
        if *on {
            icons::draw(painter, square.center(), Icon::Tick, t.panel);
        }
        let words_ink = if !ui.is_enabled() {
            t.rail
        } else if response.hovered() {
            t.text
        } else {
            t.sec
        };
        paint::text(painter, rect.left_center() + vec2(24.0, 0.0), Align2::LEFT_CENTER, words, Type::Body, words_ink);
        paint::text(painter, rect.right_center(), Align2::RIGHT_CENTER, detail, Type::Small, t.faint);
        paint::focus_ring(ui, &response.with_new_rect(square), 4);
    }
    switched
}
