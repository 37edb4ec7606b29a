//! The buttons that make a change: in the plan at hand, or in a new one behind it.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::{LadderContext, WaysResponse};
use crate::plan::Plan;
use crate::text::{Key, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};

/// Height of the line that offers a new plan.
const LINE: f32 = 16.0;

/// A change that can be made.
#[derive(Clone, Copy)]
pub(super) struct WayOffer<'a> {
    /// What it is called.
    pub(super) name: &'a str,
    /// The plan that it makes.
    pub(super) plan: &'a Plan,
    /// Its row is under the pointer.
    pub(super) hovered: bool,
}

impl WayOffer<'_> {
    /// Draws the button in `rect`, and below it the line for a new plan, which is seen while it is of use.
    pub(super) fn show(&self, ui: &mut Ui, rect: Rect, drawn: LadderContext<'_>, done: &mut WaysResponse) {
        if drawn.applied == Some(self.name) {
            return applied(ui, rect, drawn);
        }
        let here = self.button(ui, rect, drawn);
        let beside = self.new_plan(ui, rect, drawn);
        if drawn.fresh && (self.hovered || here.has_focus() || beside.has_focus()) {
            done.preview = Some(self.plan.clone());
        }
        let way = || Command::ApplyWay { name: self.name.to_owned(), plan: Box::new(self.plan.clone()) };
        if here.clicked() {
            done.commands.push(way());
            done.applied = Some(self.name.to_owned());
        } else if beside.clicked() {
            done.commands.push(Command::InNewPlan(Box::new(way())));
        }
    }

    fn button(&self, ui: &Ui, rect: Rect, drawn: LadderContext<'_>) -> eframe::egui::Response {
        let t = Tokens::of(ui);
        let locale = drawn.speech.locale;
        let sense = if drawn.fresh { Sense::click() } else { Sense::hover() };
        let response = ui.interact(rect, ui.make_persistent_id(("apply", self.name)), sense);
        let label = locale.sentence(Key::ApplyNamed, &[(Placeholder::Name, self.name)]);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, drawn.fresh, &label));
        let hot = drawn.fresh && (response.hovered() || response.has_focus());
        let painter = ui.painter();
        painter.rect_filled(rect, radius::CONTROL, if hot { t.hover } else { t.raised });
        painter.rect_stroke(rect, radius::CONTROL, Stroke::new(1.0, t.rail), StrokeKind::Inside);
        let ink = if drawn.fresh { t.text } else { t.rail };
        paint::text(painter, rect.center(), Align2::CENTER_CENTER, locale.word(Key::Apply), Type::SmallStrong, ink);
        paint::focus_ring(ui, &response, radius::CONTROL);
        if response.has_focus() {
            ui.scroll_to_rect(rect.expand(8.0), None);
        }
        response
    }

    /// The line under the button: on the ground of the panel, since a figure may end there.
    fn new_plan(&self, ui: &Ui, button: Rect, drawn: LadderContext<'_>) -> eframe::egui::Response {
        let t = Tokens::of(ui);
        let locale = drawn.speech.locale;
        let words = locale.word(Key::AsNewPlan);
        let width = paint::width(ui.painter(), words, Type::Caption) + 6.0;
        let corner = pos2(button.right() - width, button.bottom() + 2.0);
        let rect = Rect::from_min_size(corner, vec2(width, LINE));
        let sense = if drawn.fresh { Sense::click() } else { Sense::hover() };
        let response = ui.interact(rect, ui.make_persistent_id(("apply in a new plan", self.name)), sense);
        let label = locale.sentence(Key::ApplyNewNamed, &[(Placeholder::Name, self.name)]);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, drawn.fresh, &label));
        if drawn.fresh && (self.hovered || response.has_focus()) {
            let painter = ui.painter();
            painter.rect_filled(rect, radius::PLATE, if response.hovered() { t.hover } else { t.raised });
            paint::text(painter, rect.center(), Align2::CENTER_CENTER, words, Type::Caption, t.text);
            paint::focus_ring(ui, &response, radius::PLATE);
        }
        response
    }
}

/// What stands in place of the button once it was pressed.
fn applied(ui: &Ui, rect: Rect, drawn: LadderContext<'_>) {
    let t = Tokens::of(ui);
    let word = drawn.speech.locale.word(Key::StandingApplied);
    let at = rect.right_center();
    let written = paint::text(ui.painter(), at, Align2::RIGHT_CENTER, word, Type::Small, t.sec);
    icons::draw(ui.painter(), written.left_center() - vec2(10.0, 0.0), Icon::Tick, t.sec);
}
