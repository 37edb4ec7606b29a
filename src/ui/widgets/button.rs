//! Buttons with words, and buttons with an icon alone.

use eframe::egui::{Align2, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, vec2};

use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{CLEAR, Tokens, radius, space};

/// How much a button asks to be pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ButtonLook {
    /// Raised, outlined.
    Plain,
    /// Filled with the color of text: one to a view.
    Primary,
    /// A dashed outline: adds something to a list.
    Dashed,
}

/// A button with words, so wide or as wide as its words need.
pub fn button(ui: &mut Ui, words: &str, look: ButtonLook, width: Option<f32>) -> Response {
    let t = Tokens::of(ui);
    let wanted = paint::width(ui.painter(), words, Type::BodyStrong) + 24.0;
    let height = if look == ButtonLook::Primary { 28.0 } else { space::FIELD };
    let (rect, response) = ui.allocate_exact_size(vec2(width.unwrap_or(wanted), height), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), words));
    paint::reveal_focused(&response);
    if !ui.is_rect_visible(rect) {
        return response;
    }
    // What cannot be pressed does not ask for it.
    let look = if look == ButtonLook::Primary && !ui.is_enabled() { ButtonLook::Plain } else { look };
    let hot = response.hovered() || response.has_focus();
    let (fill, ink) = match look {
        ButtonLook::Primary => (t.text, t.bg),
        ButtonLook::Plain => (if hot { t.hover } else { t.raised }, t.text),
        ButtonLook::Dashed => (if hot { t.hover } else { CLEAR }, t.sec),
    };
    let ink = if ui.is_enabled() { ink } else { t.rail };
    let painter = ui.painter();
    painter.rect_filled(rect, radius::CONTROL, fill);
    match look {
        ButtonLook::Primary => {}
        ButtonLook::Plain => {
            painter.rect_stroke(rect, radius::CONTROL, Stroke::new(1.0, t.rail), StrokeKind::Inside);
        }
        ButtonLook::Dashed => paint::dashed(painter, rect.shrink(0.5), Stroke::new(1.0, t.rail)),
    }
    if look == ButtonLook::Dashed {
        let middle = rect.left_center();
        icons::draw(painter, middle + vec2(16.0, 0.0), Icon::Plus, ink);
        paint::text(painter, middle + vec2(30.0, 0.0), Align2::LEFT_CENTER, words, Type::Body, ink);
    } else {
        paint::text(painter, rect.center(), Align2::CENTER_CENTER, words, Type::BodyStrong, ink);
    }
    paint::focus_ring(ui, &response, radius::CONTROL);
    response
}

/// A button with an icon alone: `name` is read aloud and shown on hover.
pub fn icon_button(ui: &mut Ui, icon: Icon, name: &str, size: f32) -> Response {
    let t = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(size), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    paint::reveal_focused(&response);
    if ui.is_rect_visible(rect) {
        if response.hovered() {
            ui.painter().rect_filled(rect, radius::CONTROL, t.hover);
        }
        let ink = if ui.is_enabled() { t.text } else { t.rail };
        icons::draw(ui.painter(), rect.center(), icon, ink);
        paint::focus_ring(ui, &response, radius::CONTROL);
    }
    response.on_hover_text(name)
}
