//! The inputs of a window too narrow for them and the center side by side: a drawer over the center, with a button that
//! opens and closes it in the strip below.

use eframe::egui::{Area, Id, Order, Rect, Stroke, Ui, pos2, vec2};

use super::{PlanInputs, PlanViewState, center};
use crate::plan::Plan;
use crate::text::Key;
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::{ButtonLook, button};
use crate::ui::widgets::inside;

/// Whether a window of this width has no room for the inputs beside the center.
pub(super) fn is_needed(window: f32) -> bool {
    window < space::PANEL + center::LEAST_WIDTH
}

/// The button at the left of the strip, and the drawer while it is open.
pub(super) fn show(
    ui: &mut Ui,
    whole: Rect,
    (plan, inputs): (&mut Plan, &PlanInputs<'_>),
    state: &mut PlanViewState,
    commands: &mut Vec<Command>,
) {
    let t = Tokens::of(ui);
    let strip = ui.max_rect();
    let words = inputs.locale.word(Key::InputsDrawer);
    let size = vec2(paint::width(ui.painter(), words, Type::BodyStrong) + 24.0, space::FIELD);
    let corner = pos2(strip.left() + space::L, strip.center().y - size.y / 2.0);
    let place = Rect::from_min_size(corner, size);
    if inside(ui, "inputs button", place, |ui| button(ui, words, ButtonLook::Plain, Some(size.x))).clicked() {
        state.inputs_open = !state.inputs_open;
    }
    if !state.inputs_open {
        return;
    }
    let width = space::PANEL.min(whole.width());
    let rect = Rect::from_min_max(whole.min, pos2(whole.left() + width, strip.top()));
    // Below the lists that open from it.
    Area::new(Id::unique("inputs drawer")).order(Order::Middle).fixed_pos(rect.min).show(ui.ctx(), |ui| {
        ui.set_min_size(rect.size());
        ui.painter().rect_filled(rect, 0, t.panel);
        ui.painter().vline(rect.right() - 0.5, rect.y_range(), Stroke::new(1.0, t.rail));
        inside(ui, "inputs drawn", rect, |ui| {
            ui.shrink_clip_rect(rect);
            super::inputs::show(ui, plan, inputs, state, commands);
        });
    });
}
