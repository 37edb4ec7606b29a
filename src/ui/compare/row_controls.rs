//! What can be done with a plan of the comparison: move it, hold the others against it, rename, copy, open, remove it.

use eframe::egui::{Align2, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::{CompareFrame, CompareViewState};
use crate::text::{Key, Placeholder};
use crate::ui::command::{Command, Tab};
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{CLEAR, Tokens, radius};
use crate::ui::widgets::button::icon_button;
use crate::ui::widgets::inside;

/// Side of a letter, and of the buttons.
const SIDE: f32 = 24.0;
const TOOL: f32 = 22.0;
/// From the left end to the letter.
const LETTER: f32 = 26.0;

/// Draws the grip, the letter and, where they are wanted, the buttons; how much room these take of the name.
pub(super) fn show(
    ui: &mut Ui,
    rect: Rect,
    frame: &CompareFrame<'_>,
    place: usize,
    tools: bool,
    state: &mut CompareViewState,
    commands: &mut Vec<Command>,
) -> f32 {
    let Some(plan) = frame.inputs.plans.get(place) else { return 0.0 };
    let locale = frame.inputs.locale;
    let t = Tokens::of(ui);
    let y = rect.center().y - 23.0;
    let holes = [(Placeholder::Name, plan.letter.as_str())];
    let grip = Rect::from_center_size(pos2(frame.columns.names.min + 10.0, y), vec2(20.0, SIDE));
    let response = ui.interact(grip, ui.make_persistent_id(("grip", plan.place)), Sense::DRAG);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, locale.sentence(Key::CompareMove, &holes)));
    let hot = response.hovered() || response.dragged();
    icons::draw(ui.painter(), grip.center(), Icon::Grip, if hot { t.text } else { t.rail });
    if response.dragged() {
        state.dragged = Some(place);
    }
    response.on_hover_text(locale.word(Key::TipCompareMove));
    letter(ui, pos2(frame.columns.names.min + LETTER, y - SIDE / 2.0), frame, place, state);
    if !tools {
        return 0.0;
    }
    let buttons = [
        (Icon::Pen, Key::CompareRename, vec![Command::RenamePlan]),
        (Icon::Copy, Key::CompareDuplicate, vec![Command::DuplicatePlan]),
        (Icon::Open, Key::CompareOpen, vec![Command::Show(Tab::Plan)]),
        (Icon::Close, Key::CompareRemove, vec![Command::DeletePlan]),
    ];
    let alone = frame.inputs.held < 2;
    let mut right = frame.columns.names.max - 4.0;
    let end = right;
    // Beside the verdict where there is room for both, else beside the name.
    let y = if frame.columns.differences { rect.center().y + 23.0 } else { y };
    for (icon, key, done) in buttons.into_iter().rev().filter(|(icon, ..)| !(alone && *icon == Icon::Close)) {
        let at = Rect::from_min_size(pos2(right - TOOL, y - TOOL / 2.0), vec2(TOOL, TOOL));
        right = at.left();
        let name = locale.sentence(key, &holes);
        let clicked = ui.push_id(("tool", plan.place, icon), |ui| {
            inside(ui, "tool", at, |ui| icon_button(ui, icon, &name, TOOL)).clicked()
        });
        if clicked.inner {
            // Each is done to the plan that is shown.
            commands.push(Command::ShowPlan(plan.place));
            commands.extend(done);
        }
    }
    end - right + 6.0
}

/// The letter: filled where the plan is the base, a click makes it that.
fn letter(ui: &Ui, at: Pos2, frame: &CompareFrame<'_>, place: usize, state: &mut CompareViewState) {
    let t = Tokens::of(ui);
    let Some(plan) = frame.inputs.plans.get(place) else { return };
    let rect = Rect::from_min_size(at, vec2(SIDE, SIDE));
    let on = place == frame.inputs.base;
    let words = frame.inputs.locale.sentence(Key::CompareMakeBase, &[(Placeholder::Name, &plan.letter)]);
    let response = ui.interact(rect, ui.make_persistent_id(("letter", plan.place)), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, on, &words));
    let (fill, ink) = match on {
        true => (t.text, t.bg),
        false if response.hovered() => (t.hover, t.text),
        false => (CLEAR, t.text),
    };
    let outline = if on { t.text } else { t.rail };
    ui.painter().rect(rect, radius::SEGMENT + 1, fill, Stroke::new(1.0, outline), StrokeKind::Inside);
    paint::text(ui.painter(), rect.center(), Align2::CENTER_CENTER, &plan.letter, Type::SmallStrong, ink);
    paint::focus_ring(ui, &response, radius::SEGMENT);
    if response.clicked() {
        state.take_base(plan.place);
        ui.ctx().request_repaint();
    }
    response.on_hover_text(words);
}

/// A plan that is dragged by its grip goes where it is let go.
pub(super) fn drag(
    ui: &Ui,
    frame: &CompareFrame<'_>,
    placed: &[Rect],
    state: &mut CompareViewState,
    commands: &mut Vec<Command>,
) {
    let Some(from) = state.dragged else { return };
    let plans = frame.inputs.plans;
    let Some(at) = ui.ctx().pointer_latest_pos() else { return };
    let distance = |rect: &Rect| (rect.center().y - at.y).abs();
    let nearest = (0..placed.len()).min_by(|a, b| distance(&placed[*a]).total_cmp(&distance(&placed[*b])));
    let target = nearest.filter(|to| *to != from).and_then(|to| Some((plans.get(from)?, plans.get(to)?, to)));
    if !ui.input(|input| input.pointer.any_down()) {
        state.dragged = None;
        if let Some((from, to, _)) = target {
            commands.push(Command::MovePlan { from: from.place, to: to.place });
        }
        return;
    }
    if let Some((_, _, to)) = target {
        let y = if to > from { placed[to].bottom() } else { placed[to].top() };
        ui.painter().hline(frame.columns.whole, y, Stroke::new(2.0, Tokens::of(ui).text));
    }
}
