//! One plan: its letter and name, how it is judged, its bars, and the figures beside them.

use eframe::egui::{
    Align2, EventFilter, Key as Press, Rangef, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use super::sized::{Picture, PlacedBar};
use super::state::row_id;
use super::{CompareFrame, CompareViewState, ComparedPlan, cell, row_controls};
use crate::advise::compare::inputs::InputWords;
use crate::advise::compare::{Difference, Side, difference, words as figures};
use crate::text::{Join, Key, Locale, Placeholder};
use crate::ui::command::{Command, Tab};
use crate::ui::fonts::Type;
use crate::ui::theme::{Tokens, radius};
use crate::ui::widgets::keep_arrows;
use crate::ui::{icons, paint, words};

/// From the left end to the name.
pub(super) const NAME: f32 = 62.0;

pub(super) fn show(
    ui: &mut Ui,
    rect: Rect,
    frame: &CompareFrame<'_>,
    place: usize,
    picture: &Picture,
    state: &mut CompareViewState,
    commands: &mut Vec<Command>,
) {
    let t = Tokens::of(ui);
    let (Some(plan), Some(side)) = (frame.inputs.plans.get(place), frame.inputs.sides.get(place)) else { return };
    let shown = place == frame.inputs.shown;
    let response = ui.interact(rect, row_id(plan.place), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Row, true, shown, spoken(frame, place)));
    let hovered = ui.rect_contains_pointer(rect);
    if shown || hovered {
        ui.painter().rect_filled(rect.expand2(vec2(12.0, 0.0)).shrink2(vec2(0.0, 0.5)), 0, t.panel);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
    paint::focus_ring(ui, &response, radius::SEGMENT);
    keys(ui, frame, place, &response, commands);
    // In a narrow window they lie over the name, and the keys do the same.
    let tools = hovered || frame.columns.differences && (shown || response.has_focus());
    let room = row_controls::show(ui, rect, frame, place, tools, state, commands);
    name(ui, rect, frame, place, room);
    match &side.answer {
        Ok(_) => picture.bars.iter().enumerate().for_each(|(nth, bar)| self::bar(ui, rect, plan, nth, bar)),
        Err(error) => {
            let at = Rect::from_x_y_ranges(frame.columns.bars, rect.y_range()).shrink2(vec2(12.0, 8.0));
            let said = words::error(frame.inputs.locale, error);
            let galley = paint::wrapped_in(ui.painter(), &said, (Type::Small, t.sec), at.width(), 4);
            ui.painter().galley(pos2(at.left(), at.center().y - galley.size().y / 2.0), galley, t.sec);
        }
    }
    for column in 0..frame.heads.len() {
        figure(ui, rect, frame, place, column);
    }
}

/// What the keyboard does while the row has it.
fn keys(ui: &Ui, frame: &CompareFrame<'_>, place: usize, response: &Response, commands: &mut Vec<Command>) {
    let Some(plan) = frame.inputs.plans.get(place) else { return };
    let take = Command::ShowPlan(plan.place);
    let is_shown = place == frame.inputs.shown;
    if response.double_clicked() {
        commands.extend([take.clone(), Command::Show(Tab::Plan)]);
    } else if response.clicked() {
        response.request_focus();
    }
    if (response.gained_focus() || response.clicked()) && !is_shown {
        commands.push(take.clone());
    }
    if !response.has_focus() {
        return;
    }
    keep_arrows(ui, response.id, EventFilter { vertical_arrows: true, ..EventFilter::default() });
    let pressed = |key| ui.input(|input| input.key_pressed(key) && !input.modifiers.any());
    if pressed(Press::Enter) {
        commands.extend([take, Command::Show(Tab::Plan)]);
    } else if pressed(Press::Delete) && is_shown {
        commands.push(Command::DeletePlan);
    }
    let step = isize::from(pressed(Press::ArrowDown)) - isize::from(pressed(Press::ArrowUp));
    let next = place.checked_add_signed(step).and_then(|next| frame.inputs.plans.get(next));
    if let Some(next) = next.filter(|_| step != 0) {
        ui.memory_mut(|memory| memory.request_focus(row_id(next.place)));
    }
}

/// A row as a sentence, for those who do not see it.
fn spoken(frame: &CompareFrame<'_>, place: usize) -> String {
    let inputs = &frame.inputs;
    let (Some(plan), Some(side)) = (inputs.plans.get(place), inputs.sides.get(place)) else { return String::new() };
    let locale = inputs.locale;
    let title = locale.sentence(Key::PlanTitle, &[(Placeholder::Value, &plan.letter), (Placeholder::Name, &plan.name)]);
    let verdict = verdict_words(side, locale).to_owned();
    let base = (place == inputs.base).then(|| locale.word(Key::CompareBase).to_owned());
    let heads = frame.heads.iter().map(|figure| {
        let found = inputs.base_side().filter(|_| place != inputs.base).map(|base| difference(*figure, side, base));
        let found = found.map(|found| figures::difference(*figure, found, locale)).filter(|it| !it.is_empty());
        let reading = figures::reading(*figure, side, inputs.catalog, locale);
        let value = locale.join(Join::Phrases, std::iter::once(reading).chain(found));
        format!("{} {value}", figure.head(locale))
    });
    locale.join(Join::Clauses, [title, verdict].into_iter().chain(base).chain(heads))
}

fn verdict_words(side: &Side, locale: Locale) -> &'static str {
    match &side.answer {
        Ok(estimate) => locale.word(estimate.verdict.map_or(Key::VerdictUnknown, words::verdict)),
        Err(_) => locale.word(Key::VerdictError),
    }
}

/// The name, what sets the plan apart, and how it is judged.
fn name(ui: &Ui, rect: Rect, frame: &CompareFrame<'_>, place: usize, tools: f32) {
    let t = Tokens::of(ui);
    let inputs = &frame.inputs;
    let (Some(plan), Some(side)) = (inputs.plans.get(place), inputs.sides.get(place)) else { return };
    let locale = inputs.locale;
    let left = frame.columns.names.min + NAME;
    let room = frame.columns.names.max - left - 8.0;
    let at = |y: f32| pos2(left, rect.center().y + y);
    let drawn = paint::text_within(
        ui.painter(),
        at(-23.0),
        Align2::LEFT_CENTER,
        &plan.name,
        (Type::Section, t.text),
        if frame.columns.differences { room } else { room - tools },
    );
    let apart = frame.split.apart.get(place).map(|apart| {
        let said = apart.iter().map(InputWords::brief);
        locale.join(Join::Phrases, said)
    });
    let apart = apart.unwrap_or_default();
    paint::text_within(ui.painter(), at(0.0), Align2::LEFT_CENTER, &apart, (Type::SmallStrong, t.sec), room);
    let middle = at(23.0);
    match side.estimate().and_then(|it| it.verdict) {
        Some(verdict) => icons::verdict(ui.painter(), middle + vec2(8.0, 0.0), verdict, t),
        None => icons::draw(ui.painter(), middle + vec2(8.0, 0.0), icons::Icon::Info, t.faint),
    }
    let judged = paint::text_within(
        ui.painter(),
        middle + vec2(22.0, 0.0),
        Align2::LEFT_CENTER,
        verdict_words(side, locale),
        (Type::SmallStrong, t.text),
        room - 22.0 - if frame.columns.differences { tools } else { 0.0 },
    );
    let base = locale.word(Key::CompareBase);
    let left = judged.right() + 12.0;
    let fits = left + paint::width(ui.painter(), base, Type::Small) <= frame.columns.names.max - 8.0;
    let under_tools = frame.columns.differences && tools > 0.0;
    if place == inputs.base && inputs.sides.len() > 1 && fits && !under_tools {
        paint::text(ui.painter(), pos2(left, middle.y), Align2::LEFT_CENTER, base, Type::Small, t.faint);
    }
    let whole = Rect::from_min_max(at(-32.0), pos2(drawn.right().max(left), rect.bottom() - 20.0));
    let hover = ui.interact(whole, ui.make_persistent_id(("compared name", place)), Sense::hover());
    let said = if apart.is_empty() { plan.name.clone() } else { format!("{}\n{apart}", plan.name) };
    hover.on_hover_text(said);
}

/// One bar with its name and what stands at its end.
fn bar(ui: &mut Ui, row: Rect, plan: &ComparedPlan, nth: usize, placed: &PlacedBar) {
    let t = Tokens::of(ui);
    let rows = Rangef::new(row.top() + placed.rows.min, row.top() + placed.rows.max);
    let middle = rows.center();
    let step = if rows.span() < 15.0 { Type::Caption } else { Type::Small };
    let label = pos2(placed.axis.left - 9.0, middle);
    paint::text(ui.painter(), label, Align2::RIGHT_CENTER, &placed.bar.name, step, t.sec);
    ui.push_id(("compared bars", plan.place), |ui| {
        placed.bar.bar.show(ui, ("bar", nth), &placed.axis, rows, 0.0);
    });
    let end = pos2(placed.bar.bar.end(&placed.axis) + 8.0, middle);
    paint::text(ui.painter(), end, Align2::LEFT_CENTER, &placed.bar.end, step, t.sec);
}

/// A figure and, under it, how it stands to the base's.
fn figure(ui: &Ui, row: Rect, frame: &CompareFrame<'_>, place: usize, column: usize) {
    let t = Tokens::of(ui);
    let inputs = &frame.inputs;
    let (Some(side), Some(base)) = (inputs.sides.get(place), inputs.base_side()) else { return };
    let (figure, x, locale) = (frame.heads[column], frame.columns.figures[column], inputs.locale);
    let right = x.max - 8.0;
    let words = figures::reading(figure, side, inputs.catalog, locale);
    let two = frame.columns.differences && inputs.sides.len() > 1;
    let y = row.center().y;
    let at = pos2(right, if two { y - 12.0 } else { y });
    let step = if frame.columns.differences { Type::Verdict } else { Type::Section };
    paint::text_within(ui.painter(), at, Align2::RIGHT_CENTER, &words, (step, t.text), x.span() - 12.0);
    let found = if place == inputs.base { Difference::Same } else { difference(figure, side, base) };
    if two {
        let at = pos2(right, y + 13.0);
        if place == inputs.base {
            let words = locale.word(Key::CompareBase);
            paint::text(ui.painter(), at, Align2::RIGHT_CENTER, words, Type::Small, t.faint);
        } else {
            cell::show(ui, at, Align2::RIGHT_CENTER, (figure, found), locale, x.span() - 12.0);
        }
    }
    let rect = Rect::from_x_y_ranges(x, row.shrink2(vec2(0.0, 8.0)).y_range());
    let hover = ui.interact(rect, ui.make_persistent_id(("compared figure", place, column)), Sense::hover());
    hover.on_hover_text(about(frame, place, column, found));
}

/// The figure with its band and how it differs, where the pointer rests.
fn about(frame: &CompareFrame<'_>, place: usize, column: usize, found: Difference) -> String {
    let inputs = &frame.inputs;
    let Some(side) = inputs.sides.get(place) else { return String::new() };
    let (figure, locale) = (frame.heads[column], inputs.locale);
    let value = figures::reading(figure, side, inputs.catalog, locale);
    let band = figures::band(figure, side);
    let differs = if place == inputs.base {
        locale.word(Key::CompareBase).to_owned()
    } else {
        figures::difference(figure, found, locale)
    };
    let lines = [Some(format!("{} {value}", figure.head(locale))), band, Some(differs)];
    lines.into_iter().flatten().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}
