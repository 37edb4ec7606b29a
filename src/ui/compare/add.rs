//! Where further plans come from: each by one click, or a file let go over the view.

use eframe::egui::{Align, Align2, Layout, Rect, Stroke, Ui, UiBuilder, pos2, vec2};

use super::CompareFrame;
use crate::plan::MAX_PLANS;
use crate::text::{Key, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::{ButtonLook, button};

/// Around the buttons.
const PADDING: f32 = 7.0;
/// Left of the buttons.
const NAME: f32 = 36.0;

pub(super) fn show(ui: &mut Ui, frame: &CompareFrame<'_>, commands: &mut Vec<Command>) {
    let t = Tokens::of(ui);
    let locale = frame.inputs.locale;
    let left = frame.columns.whole.min;
    let top = ui.cursor().top();
    let title = locale.word(Key::CompareAddFrom);
    let begins = left + NAME + paint::width(ui.painter(), title, Type::BodyStrong) + space::L;
    let drop = locale.word(Key::CompareDrop);
    let wanted = paint::width(ui.painter(), drop, Type::Small) + 2.0 * space::M;
    let beside = frame.columns.differences;
    let ends = frame.columns.whole.max - if beside { wanted } else { PADDING };
    let place = Rect::from_min_max(pos2(begins, top + PADDING), pos2(ends, top + PADDING + space::FIELD));
    let row = Layout::left_to_right(Align::Center).with_main_wrap(true);
    let used = ui.scope_builder(UiBuilder::new().id_salt("add").max_rect(place).layout(row), |ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
        let full = frame.inputs.held >= MAX_PLANS;
        ui.add_enabled_ui(!full, |ui| buttons(ui, frame, commands));
    });
    let bottom = used.response.rect.bottom().max(place.bottom()) + PADDING;
    let whole = Rect::from_x_y_ranges(frame.columns.whole, top..=bottom);
    let middle = top + PADDING + space::FIELD / 2.0;
    paint::dashed(ui.painter(), whole.shrink(0.5), Stroke::new(1.0, t.rail));
    icons::draw(ui.painter(), pos2(left + 20.0, middle), Icon::Plus, t.sec);
    let at = pos2(left + NAME, middle);
    paint::text(ui.painter(), at, Align2::LEFT_CENTER, title, Type::BodyStrong, t.text);
    if beside {
        let at = pos2(whole.right() - space::M, middle);
        paint::text(ui.painter(), at, Align2::RIGHT_CENTER, drop, Type::Small, t.faint);
    }
    ui.advance_cursor_after_rect(whole);
}

fn buttons(ui: &mut Ui, frame: &CompareFrame<'_>, commands: &mut Vec<Command>) {
    let locale = frame.inputs.locale;
    let letter = frame.inputs.plans.get(frame.inputs.shown).map(|plan| plan.letter.as_str()).unwrap_or_default();
    let copy = locale.sentence(Key::CompareCopyOf, &[(Placeholder::Name, letter)]);
    if button(ui, &copy, ButtonLook::Plain, None).on_hover_text(locale.word(Key::TipDuplicatePlan)).clicked() {
        commands.push(Command::DuplicatePlan);
    }
    let file = button(ui, locale.word(Key::CompareFile), ButtonLook::Plain, None);
    if file.on_hover_text(locale.word(Key::TipCompareAddFile)).clicked() {
        commands.push(Command::AddPlans);
    }
    for addition in frame.inputs.additions {
        if button(ui, &addition.words, ButtonLook::Plain, None).clicked() {
            commands.push(Command::Compare(vec![addition.plan.clone()]));
        }
    }
}
