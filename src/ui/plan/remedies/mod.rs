//! The ladder at the right: three recipes on top, then the ways by group, each with what it comes to and a button that
//! makes it so.

mod apply;
mod effect;
mod held;
mod recipe;
mod row;
mod tip;

use eframe::egui::{
    Align2, Area, Frame, Id, Key as Press, Margin, Order, Pos2, Rect, ScrollArea, Sense, Shape, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};
use eframe::egui::{CornerRadius, Role, scroll_area::ScrollBarVisibility};

pub(super) use held::HeldWays;

use super::{PlanInputs, PlanViewState, facts};
use crate::advise::remedies::words::{Speech, heading as group_heading};
use crate::advise::remedies::{Advice, Ladder, Remedy, RemedyGroup};
use crate::estimate::Verdict;
use crate::plan::Plan;
use crate::text::{Key, Locale, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::theme::{Tokens, panel_frame, radius, space};
use crate::ui::widgets::button::{ButtonLook, button, icon_button};
use crate::ui::widgets::inside;
use crate::ui::{paint, words};

/// Width of the panel in a large window: its titles are seen whole.
const WIDEST: f32 = 360.0;
/// Windows at least so wide have it.
const LARGE: f32 = 1560.0;
/// Width of the panel.
const WIDE: f32 = 304.0;
/// The same in a window narrower than [`ROOMY`].
const NARROW: f32 = 264.0;
/// Windows at least so wide have the whole panel.
const ROOMY: f32 = 1280.0;
/// Windows narrower than this have a button in its place.
const TIGHT: f32 = 1180.0;
/// Height of the strip that the button stands in.
const STRIP: f32 = 40.0;
/// Height of the legend.
const LEGEND: f32 = 58.0;

/// What every part of the panel draws from.
#[derive(Clone, Copy)]
struct LadderContext<'a> {
    ladder: &'a Ladder,
    /// The plan that the ladder was worked out for.
    before: &'a Plan,
    speech: Speech<'a>,
    /// The ladder belongs to the plan as it stands.
    fresh: bool,
    /// What was applied just now, where the ladder is still the one of before.
    applied: Option<&'a str>,
}

/// How wide a panel a window of this width has; `None` = a button instead.
pub(super) fn width(window: f32) -> Option<f32> {
    match window {
        w if w >= LARGE => Some(WIDEST),
        w if w >= ROOMY => Some(WIDE),
        w if w >= TIGHT => Some(NARROW),
        _ => None,
    }
}

/// What is done in the panel in a frame.
#[derive(Default)]
struct WaysResponse {
    commands: Vec<Command>,
    /// The plan of the way that is looked at.
    preview: Option<Plan>,
    /// The way that was applied.
    applied: Option<String>,
    /// The group whose fold was opened or closed.
    folded: Option<RemedyGroup>,
}

/// The panel in `rect`.
pub(super) fn panel(
    ui: &mut Ui,
    plan: &Plan,
    inputs: &PlanInputs<'_>,
    state: &mut PlanViewState,
    commands: &mut Vec<Command>,
) {
    let rect = ui.max_rect();
    let locale = inputs.locale;
    let held = HeldWays::current(ui, rect, &mut state.held);
    let ways = held.as_ref().map(HeldWays::ways).or(inputs.ways);
    let mut done = WaysResponse::default();
    let (body, legend) = rect.split_top_bottom_at_y((rect.bottom() - LEGEND).max(rect.top()));
    inside(ui, "ways body", body, |ui| {
        ui.shrink_clip_rect(body);
        // Always there, so that nothing moves aside when the ways arrive.
        let visible = ScrollBarVisibility::AlwaysVisible;
        ScrollArea::vertical().auto_shrink([false, false]).scroll_bar_visibility(visible).show(ui, |ui| {
            // The scroll bar takes the rest of the padding at the right.
            Frame::new().inner_margin(Margin { left: 16, right: 6, top: 14, bottom: 14 }).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                head(ui, inputs);
                if let Some((before, ladder)) = ways.filter(|_| inputs.estimate.is_ok()) {
                    let speech = Speech { locale, catalog: inputs.catalog, before };
                    let applied = held.as_ref().map(|held| held.applied.as_str());
                    let drawn = LadderContext { ladder, before, speech, fresh: before == plan, applied };
                    list(ui, drawn, inputs, &state.unfolded, &mut done);
                } else {
                    let key = if inputs.estimate.is_ok() { Key::WaysWait } else { Key::ErrorHint };
                    ui.add_space(space::L);
                    note(ui, "instead", locale.word(key));
                }
            });
        });
    });
    draw_legend(ui, legend, locale);
    if let (Some(applied), Some((before, ladder))) = (done.applied, ways) {
        state.held = Some(HeldWays::after(ui, rect, applied, before, ladder));
    }
    if let Some(group) = done.folded {
        let open = state.unfolded.iter().position(|it| *it == group);
        match open {
            Some(place) => drop(state.unfolded.remove(place)),
            None => state.unfolded.push(group),
        }
    }
    if state.preview != done.preview {
        state.preview = done.preview;
        // What is previewed is drawn in the next frame.
        ui.ctx().request_repaint();
    }
    commands.extend(done.commands);
}

/// In a narrow window: a button that opens the panel over the center, at the right.
pub(super) fn overlay(
    ui: &mut Ui,
    whole: Rect,
    (plan, inputs): (&Plan, &PlanInputs<'_>),
    state: &mut PlanViewState,
    commands: &mut Vec<Command>,
) {
    let locale = inputs.locale;
    let strip = ui.max_rect();
    let t = Tokens::of(ui);
    ui.painter().hline(strip.x_range(), strip.top(), Stroke::new(1.0, t.line));
    let count = inputs.ways.map_or(0, |(_, ladder)| ladder.offered()).to_string();
    let title = locale.sentence(Key::WaysButton, &[(Placeholder::Name, title(inputs)), (Placeholder::Count, &count)]);
    let wide = paint::width(ui.painter(), &title, Type::BodyStrong) + 24.0;
    let place = Rect::from_min_size(
        pos2(strip.right() - wide - space::L, strip.top() + (STRIP - space::FIELD) / 2.0),
        vec2(wide, space::FIELD),
    );
    if inside(ui, "ways button", place, |ui| button(ui, &title, ButtonLook::Plain, Some(wide))).clicked() {
        state.ways_open = !state.ways_open;
    }
    if !state.ways_open {
        return;
    }
    if ui.input(|input| input.key_pressed(Press::Escape)) {
        state.ways_open = false;
    }
    let rect = Rect::from_min_max(pos2(whole.right() - WIDE, whole.top()), pos2(whole.right(), strip.top()));
    Area::new(Id::unique("ways overlay")).order(Order::Foreground).fixed_pos(rect.min).show(ui.ctx(), |ui| {
        ui.set_min_size(rect.size());
        panel_frame(t).show(ui, |ui| {
            ui.painter().rect_filled(rect, 0, t.panel);
            ui.painter().rect_stroke(rect, CornerRadius::ZERO, Stroke::new(1.0, t.rail), StrokeKind::Inside);
            inside(ui, "ways overlay panel", rect.shrink(1.0), |ui| panel(ui, plan, inputs, state, commands));
            let corner = Rect::from_min_size(pos2(rect.right() - 40.0, rect.top() + 8.0), vec2(28.0, 28.0));
            let close =
                inside(ui, "ways close", corner, |ui| icon_button(ui, Icon::Close, locale.word(Key::Close), 28.0));
            state.ways_open &= !close.clicked();
        });
    });
}

/// What is cut off the center for the button.
pub(super) fn strip(center: Rect) -> (Rect, Rect) {
    center.split_top_bottom_at_y(center.bottom() - STRIP)
}

fn title(inputs: &PlanInputs<'_>) -> &'static str {
    let fits = inputs.estimate.is_ok_and(|found| found.verdict.is_some_and(|verdict| verdict <= Verdict::Tight));
    inputs.locale.word(if fits { Key::WaysBetter } else { Key::WaysFit })
}

fn head(ui: &mut Ui, inputs: &PlanInputs<'_>) {
    let t = Tokens::of(ui);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 44.0));
    let title = title(inputs);
    paint::text(ui.painter(), rect.min + vec2(0.0, 8.0), Align2::LEFT_CENTER, title, Type::Section, t.text);
    let order = inputs.locale.word(Key::WaysOrder);
    let at = rect.min + vec2(0.0, 29.0);
    paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, order, (Type::Caption, t.faint), rect.width());
    let response = ui.interact(rect, ui.make_persistent_id("ways head"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, title));
}

fn list(
    ui: &mut Ui,
    drawn: LadderContext<'_>,
    inputs: &PlanInputs<'_>,
    unfolded: &[RemedyGroup],
    done: &mut WaysResponse,
) {
    let first = &drawn.ladder.first;
    if !first.is_empty() {
        heading(ui, inputs.locale.word(Key::GroupFirst));
        for (place, way) in first.iter().enumerate() {
            ui.push_id(("first", place), |ui| row::show(ui, way, drawn, done));
        }
        ui.add_space(space::S);
    }
    recipe::block(ui, drawn, done);
    for step in RemedyGroup::ALL {
        // What stands on top is not said twice.
        let rest = drawn.ladder.of(step).filter(|way| !first.iter().any(|other| other.change == way.change));
        let (little, ways): (Vec<&Remedy>, Vec<&Remedy>) = rest.partition(|way| row::is_too_little(way, drawn));
        let on_top = drawn.ladder.of(step).count() > ways.len() + little.len();
        let nothing = ways.is_empty() && little.is_empty();
        // What could be bought or set is said only where there is something; the four steps of the ladder always stand.
        if nothing && (on_top || matches!(step, RemedyGroup::Spare | RemedyGroup::Settings)) {
            continue;
        }
        let name = inputs.locale.word(group_heading(step, drawn.before, inputs.catalog));
        heading(ui, name);
        if nothing {
            note(ui, name, &empty(step, drawn, inputs));
        }
        for (place, way) in ways.iter().enumerate() {
            ui.push_id((step as u8, place), |ui| row::show(ui, way, drawn, done));
        }
        if step == RemedyGroup::Quantize
            && let Some(all) = &drawn.ladder.software
        {
            let name = drawn.speech.software(&drawn.ladder.now, &all.after);
            ui.push_id("software", |ui| row::named(ui, all, &name, drawn, done));
        }
        for advice in drawn.ladder.advice.iter().filter(|advice| advice.group == step) {
            ui.push_id(("advice", advice.topic.words() as u16), |ui| advised(ui, advice, drawn, done));
        }
        if little.is_empty() {
            continue;
        }
        let open = unfolded.contains(&step);
        if ui.push_id(step as u8, |ui| fold(ui, little.len(), open, inputs.locale)).inner {
            done.folded = Some(step);
        }
        for (place, way) in little.iter().enumerate().filter(|_| open) {
            ui.push_id((step as u8, "too little", place), |ui| row::show(ui, way, drawn, done));
        }
    }
}

/// Why a group is empty.
fn empty(step: RemedyGroup, drawn: LadderContext<'_>, inputs: &PlanInputs<'_>) -> String {
    let (on_gpu, all) = drawn.ladder.now.layers;
    let unified = facts::is_unified(&drawn.before.machine, inputs.catalog);
    if step == RemedyGroup::Offload && on_gpu == all && drawn.ladder.now.fits() && !unified {
        return inputs.locale.sentence(Key::WayNothingToOffload, &[(Placeholder::Layers, &all.to_string())]);
    }
    inputs.locale.word(Key::WaysNone).to_owned()
}

fn heading(ui: &mut Ui, words: &str) {
    let t = Tokens::of(ui);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 34.0));
    let at = pos2(rect.left(), rect.top() + 22.0);
    let written = paint::text(ui.painter(), at, Align2::LEFT_CENTER, words, Type::Small, t.sec);
    ui.painter().hline((written.right() + 8.0)..=rect.right(), at.y, Stroke::new(1.0, t.line));
    let response = ui.interact(rect, ui.make_persistent_id(words), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
}

/// A piece of advice without a figure; its command is copied by a click.
fn advised(ui: &mut Ui, advice: &Advice, drawn: LadderContext<'_>, done: &mut WaysResponse) {
    let locale = drawn.speech.locale;
    note(ui, "advice", locale.word(advice.topic.words()));
    let Some(command) = &advice.command else { return };
    let t = Tokens::of(ui);
    let galley = paint::wrapped(ui.painter(), command, (Type::Caption, t.sec), ui.available_width() - row::INDENT);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), galley.size().y + 8.0));
    let response = ui.interact(rect, ui.make_persistent_id("command"), Sense::click());
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, radius::CONTROL, t.hover);
    }
    ui.painter().galley(rect.min + vec2(row::INDENT, 2.0), galley, t.sec);
    paint::focus_ring(ui, &response, radius::CONTROL);
    let label = locale.sentence(Key::CopyNamed, &[(Placeholder::Name, command)]);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
    if response.on_hover_text(locale.word(Key::Copy)).clicked() {
        done.commands.push(Command::Copy(command.clone()));
    }
}

fn note(ui: &mut Ui, salt: &str, words: &str) {
    let t = Tokens::of(ui);
    let galley = paint::wrapped(ui.painter(), words, (Type::Caption, t.faint), ui.available_width() - row::INDENT);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), galley.size().y + 8.0));
    ui.painter().galley(rect.min + vec2(row::INDENT, 2.0), galley, t.faint);
    let response = ui.interact(rect, ui.make_persistent_id(("note", salt)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
}

/// The four verdicts, at the foot of the panel.
fn draw_legend(ui: &Ui, rect: Rect, locale: Locale) {
    let t = Tokens::of(ui);
    ui.painter().rect_filled(rect, 0, t.panel);
    let inner = rect.shrink2(vec2(space::L, 0.0));
    ui.painter().add(Shape::hline(inner.x_range(), rect.top(), Stroke::new(1.0, t.line)));
    let all = [Verdict::Fits, Verdict::Offload, Verdict::Tight, Verdict::DoesNotFit];
    for (place, verdict) in all.into_iter().enumerate() {
        let column = if place % 2 == 0 { 0.0 } else { inner.width() * 0.44 };
        let line = if place < 2 { 16.0 } else { 38.0 };
        let at: Pos2 = inner.min + vec2(column + 8.0, line);
        icons::verdict(ui.painter(), at, verdict, t);
        let word = locale.word(words::verdict(verdict));
        paint::text(ui.painter(), at + vec2(15.0, 0.0), Align2::LEFT_CENTER, word, Type::Small, t.sec);
    }
}

/// The line that ways which are not enough are folded under; whether it was pressed.
fn fold(ui: &mut Ui, count: usize, open: bool, locale: Locale) -> bool {
    let t = Tokens::of(ui);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 28.0));
    let words = locale.sentence(Key::WaysTooLittle, &[(Placeholder::Count, &count.to_string())]);
    let response = ui.interact(rect, ui.make_persistent_id("too little"), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, open, &words));
    let ink = if response.hovered() { t.text } else { t.sec };
    let icon = if open { Icon::ChevronDown } else { Icon::ChevronRight };
    icons::draw(ui.painter(), rect.left_center() + vec2(8.0, 0.0), icon, ink);
    let at = rect.left_center() + vec2(row::INDENT, 0.0);
    paint::text(ui.painter(), at, Align2::LEFT_CENTER, &words, Type::Small, ink);
    paint::focus_ring(ui, &response, radius::SEGMENT);
    response.clicked()
}
