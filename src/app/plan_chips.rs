//! One chip for each plan of the document: a click shows it, dragging moves it, the other button offers the rest.

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{
    Align2, Button, Rect, Response, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::menus;
use super::offered::Offered;
use super::plans::letter;
use crate::text::{Key, Locale};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{CLEAR, Tokens, radius, space};

/// Height of a chip, and its least width.
const SIDE: f32 = 22.0;
/// From one chip to the next.
const PITCH: f32 = SIDE + 4.0;
/// What the menu of a chip offers.
const OFFERS: [Command; 5] =
    [Command::RenamePlan, Command::DuplicatePlan, Command::PlanLeft, Command::PlanRight, Command::DeletePlan];

/// The chips.
pub(super) struct PlanChips<'a> {
    /// What each plan is called.
    pub(super) titles: &'a [String],
    /// The one that is shown.
    pub(super) shown: usize,
    pub(super) offered: &'a [Offered],
    pub(super) locale: Locale,
}

impl PlanChips<'_> {
    /// How wide all of them are, with the one that adds another.
    pub(super) fn width(&self) -> f32 {
        PITCH * (self.titles.len() + 1) as f32
    }

    /// Draws as many as there is room for, the one that is shown among them.
    pub(super) fn show(&self, ui: &mut Ui, room: f32, commands: &mut Vec<Command>) {
        ui.spacing_mut().item_spacing.x = PITCH - SIDE;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few chips")]
        let most = ((room / PITCH).max(3.0) as usize).saturating_sub(1);
        let all = self.titles.len() <= most;
        let most = if all { self.titles.len() } else { most.saturating_sub(1).max(1) };
        let first = self.shown.saturating_sub(most - 1).min(self.titles.len() - most);
        let mut chips = Vec::new();
        for place in first..first + most {
            chips.push((place, self.chip(ui, place, commands)));
        }
        drag(ui, &chips, commands);
        if !all {
            self.list(ui, commands);
        }
        let add = self.add(ui);
        if add.clicked() {
            commands.push(Command::DuplicatePlan);
        }
    }

    fn chip(&self, ui: &mut Ui, place: usize, commands: &mut Vec<Command>) -> Response {
        let t = Tokens::of(ui);
        let letter = letter(place);
        let width = (paint::width(ui.painter(), &letter, Type::SmallStrong) + 10.0).max(SIDE);
        let (_, rect) = ui.allocate_space(vec2(width, SIDE));
        let response = ui.interact(rect, ui.make_persistent_id(("plan", place)), Sense::click_and_drag());
        let on = place == self.shown;
        let title = self.titles.get(place).map_or("", String::as_str);
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, on, title));
        let (fill, ink) = match on {
            true => (t.text, t.bg),
            false if response.hovered() => (t.hover, t.text),
            false => (CLEAR, t.sec),
        };
        let outline = if on { t.text } else { t.rail };
        ui.painter().rect(rect, radius::SEGMENT + 1, fill, Stroke::new(1.0, outline), StrokeKind::Inside);
        paint::text(ui.painter(), rect.center(), Align2::CENTER_CENTER, &letter, Type::SmallStrong, ink);
        paint::focus_ring(ui, &response, radius::SEGMENT);
        if response.double_clicked() {
            commands.push(Command::RenamePlan);
        } else if response.clicked() && !on {
            commands.push(Command::ShowPlan(place));
        }
        if response.secondary_clicked() && !on {
            commands.push(Command::ShowPlan(place));
        }
        response.context_menu(|ui| {
            ui.set_min_width(200.0);
            for offered in self.offered.iter().filter(|it| OFFERS.contains(&it.entry.command)) {
                commands.extend(menus::item(ui, offered, self.locale));
            }
        });
        let tip = if on { self.locale.word(Key::TipPlanShown) } else { self.locale.word(Key::TipPlanOther) };
        response.on_hover_text(format!("{title}\n{tip}"))
    }

    /// All plans in a list, where not every one has a chip.
    fn list(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let (response, _) = MenuButton::from_button(Button::new("").min_size(vec2(SIDE, SIDE))).ui(ui, |ui| {
            ui.set_min_width(260.0);
            let height = (ui.ctx().content_rect().height() - 120.0).max(120.0);
            ScrollArea::vertical().max_height(height).show(ui, |ui| self.lines(ui, commands));
        });
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, self.locale.word(Key::AllPlans)));
        icons::draw(ui.painter(), response.rect.center(), Icon::ChevronDown, Tokens::of(ui).sec);
        paint::focus_ring(ui, &response, radius::SEGMENT);
    }

    fn lines(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        for (place, title) in self.titles.iter().enumerate() {
            if ui.add(Button::selectable(place == self.shown, title)).clicked() {
                commands.push(Command::ShowPlan(place));
                ui.close();
            }
        }
    }

    fn add(&self, ui: &mut Ui) -> Response {
        let t = Tokens::of(ui);
        let (rect, response) = ui.allocate_exact_size(vec2(SIDE, SIDE), Sense::click());
        let words = self.locale.word(Key::AddPlan);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words));
        if response.hovered() {
            ui.painter().rect_filled(rect, radius::SEGMENT, t.hover);
        }
        paint::dashed(ui.painter(), rect.shrink(0.5), Stroke::new(1.0, t.rail));
        let center = rect.center();
        for ends in [[pos2(-4.0, 0.0), pos2(4.0, 0.0)], [pos2(0.0, -4.0), pos2(0.0, 4.0)]] {
            ui.painter().line_segment(ends.map(|end| center + end.to_vec2()), Stroke::new(1.5, t.sec));
        }
        paint::focus_ring(
            ui,
            &response.clone().with_new_rect(Rect::from_center_size(center, rect.size())),
            radius::SEGMENT,
        );
        response.on_hover_text(words)
    }
}

/// A chip that is dragged goes where it is let go.
fn drag(ui: &Ui, chips: &[(usize, Response)], commands: &mut Vec<Command>) {
    let Some((from, response)) = chips.iter().find(|(_, chip)| chip.dragged() || chip.drag_stopped()) else {
        return;
    };
    let Some(at) = ui.ctx().pointer_latest_pos() else { return };
    let distance = |chip: &Response| (chip.rect.center().x - at.x).abs();
    let nearest = chips.iter().min_by(|a, b| distance(&a.1).total_cmp(&distance(&b.1)));
    let Some((to, target)) = nearest.filter(|(to, _)| to != from) else { return };
    if response.drag_stopped() {
        commands.push(Command::MovePlan { from: *from, to: *to });
        return;
    }
    let x = if to > from { target.rect.right() + 2.0 } else { target.rect.left() - 2.0 };
    ui.painter().vline(x, target.rect.y_range(), Stroke::new(2.0, Tokens::of(ui).text));
}

/// Between what stands beside the chips.
pub(super) const APART: f32 = space::S;
