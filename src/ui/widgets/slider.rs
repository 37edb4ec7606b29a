//! A slider with named ticks and with triangles where something stops to fit.

use std::ops::RangeInclusive;

use eframe::egui::accesskit::Action;
use eframe::egui::{
    Align2, EventFilter, Id, Key, Painter, Rangef, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use super::scale::Scale;
use super::tip::{Begun, Tip};
use super::value_field::ValueField;
use super::{keep_arrows, typed};
use crate::estimate::Verdict;
use crate::text::{Key as Word, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::theme::Tokens;
use crate::ui::{icons, paint};

const RAIL_AT: f32 = 30.0;
const INSET: f32 = 7.0;
/// Height of the line that the name stands in.
const HEADER: f32 = 18.0;
/// Height of a slider without a caption under it.
pub const HEIGHT: f32 = 59.0;
/// Height of a slider with one.
pub const HEIGHT_WITH_CAPTION: f32 = 79.0;

/// A named place on the rail, and a stop for the arrow keys.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Where.
    pub value: f64,
    /// What is written under it; nothing is written where it is empty.
    pub label: String,
}

/// The largest value that still fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// Where.
    pub value: f64,
    /// What still holds there, which decides the color.
    pub verdict: Verdict,
}

/// Between the labels of two ticks.
const LABELS_APART: f32 = 6.0;

/// A slider in a panel: name and value above the rail, ticks and a caption below.
pub struct Slider<'a> {
    /// Tells it from others, in every language.
    pub salt: &'static str,
    /// Its name.
    pub name: &'a str,
    /// The value as shown, and its unit; nothing where the caller shows it.
    pub reading: (&'a str, &'a str),
    /// The value.
    pub value: f64,
    /// What a double-click or Delete returns to; may lie off the rail.
    pub default: f64,
    /// The rail.
    pub scale: Scale,
    /// What may be typed; the rail may end earlier.
    pub typed: RangeInclusive<f64>,
    /// Named places.
    pub ticks: &'a [Tick],
    /// Where something stops to fit.
    pub limits: &'a [Limit],
    /// What the triangles mean; room is kept for it where it is given, even if empty.
    pub caption: Option<&'a str>,
    /// Reads what is typed.
    pub parse: fn(&str) -> Option<f64>,
    /// Writes a value the way it is typed.
    pub write: fn(f64) -> String,
    /// Brings what the rail gives to a value that can be had.
    pub round: fn(f64) -> f64,
}

impl Slider<'_> {
    /// Shows the slider; the new value, if it changed.
    pub fn show(&self, ui: &mut Ui, locale: Locale, width: f32) -> Option<f64> {
        let (changed, rect) = self.placed(ui, locale, width);
        let ink = Tokens::of(ui).sec;
        paint::text(ui.painter(), rect.min + vec2(0.0, 9.0), Align2::LEFT_CENTER, self.name, Type::Small, ink);
        changed
    }

    /// The same, with what its name means.
    pub fn explained(&self, ui: &mut Ui, width: f32, tip: &Tip<'_>) -> Option<f64> {
        let (begun, corner) = (Begun::here(ui), ui.cursor().min);
        let changed = self.show(ui, tip.locale, width);
        let name = Rect::from_min_size(corner, vec2(paint::width(ui.painter(), self.name, Type::Small), HEADER));
        tip.over(ui, begun, name, self.salt);
        changed
    }

    /// Shows the slider without its name, which the caller shows.
    pub fn show_rail(&self, ui: &mut Ui, locale: Locale, width: f32) -> Option<f64> {
        self.placed(ui, locale, width).0
    }

    /// The new value, if it changed, and where the slider stands.
    fn placed(&self, ui: &mut Ui, locale: Locale, width: f32) -> (Option<f64>, Rect) {
        let height = if self.caption.is_some() { HEIGHT_WITH_CAPTION } else { HEIGHT };
        let (_, rect) = ui.allocate_space(vec2(width, height));
        let id = ui.make_persistent_id(self.salt);
        let rail = Rect::from_x_y_ranges(
            rect.left() + INSET..=rect.right() - INSET,
            rect.top() + RAIL_AT - 1.5..=rect.top() + RAIL_AT + 1.5,
        );
        let hit = Rect::from_x_y_ranges(rect.x_range(), rail.center().y - 12.0..=rail.center().y + 14.0);
        let response = ui.interact(hit, id, Sense::click_and_drag());
        let value = self.moved(ui, &response, rail);
        self.describe(ui, &response, value.unwrap_or(self.value), locale);
        if ui.is_rect_visible(rect) {
            self.draw(ui, &response, rail, value.unwrap_or(self.value));
        }
        let header = Rect::from_min_size(rect.min, vec2(rect.width(), HEADER));
        let name = locale.sentence(Word::TypeValue, &[(Placeholder::Name, self.name)]);
        let parse = typed::within(locale, self.parse, self.typed.clone(), self.write);
        let (reading, unit) = self.reading;
        let field = ValueField { name: &name, reading, unit, hint: "", parse: &parse, boxed: false };
        let typed = if self.reading.0.is_empty() { None } else { field.show(ui, header, id.with("value")) };
        // Last, so that they lie over the value where the two meet.
        let marked = self.limits(ui, id, rail, locale);
        field.say_fault(ui, id.with("value"), width);
        let value = marked.or(value).or(typed);
        (value.filter(|value| *value != self.value), rect)
    }

    /// A value that the rail can give; the end at which the knob waits stands for a value that lies beyond it.
    fn on_rail(&self, value: f64) -> f64 {
        let (start, end) = (*self.scale.range().start(), *self.scale.range().end());
        if (value <= start && self.value < start) || (value >= end && self.value > end) {
            return self.value;
        }
        (self.round)(value.clamp(start, end))
    }

    /// The value that pointer, keys or a screen reader ask for.
    fn moved(&self, ui: &Ui, response: &Response, rail: Rect) -> Option<f64> {
        if response.double_clicked() {
            return Some(self.default);
        }
        if let Some(pointer) = response.interact_pointer_pos()
            && (response.dragged() || response.clicked() || response.drag_started())
        {
            return Some(self.on_rail(self.at(pointer.x, rail)));
        }
        let asked = ui.input(|input| {
            input
                .accesskit_action_requests(response.id, Action::SetValue)
                .filter_map(|request| match request.data {
                    Some(eframe::egui::accesskit::ActionData::NumericValue(value)) => Some(value),
                    _ => None,
                })
                .last()
        });
        let steps = ui.input(|input| {
            input.num_accesskit_action_requests(response.id, Action::Increment) as f64
                - input.num_accesskit_action_requests(response.id, Action::Decrement) as f64
        });
        if asked.is_some() || steps != 0.0 {
            // What is asked for by number is typed.
            let asked = asked.map(|asked| asked.clamp(*self.typed.start(), *self.typed.end()));
            return asked.or_else(|| (steps != 0.0).then(|| self.on_rail(self.stepped(steps, false))));
        }
        response.has_focus().then(|| self.keyed(ui, response)).flatten()
    }

    fn keyed(&self, ui: &Ui, response: &Response) -> Option<f64> {
        keep_arrows(ui, response.id, EventFilter { horizontal_arrows: true, ..Default::default() });
        let (steps, fine, reset, ends) = ui.input(|input| {
            let steps = input.num_presses(Key::ArrowRight) as f64 - input.num_presses(Key::ArrowLeft) as f64;
            let reset = input.key_pressed(Key::Delete) || input.key_pressed(Key::Backspace);
            let ends = (input.key_pressed(Key::Home), input.key_pressed(Key::End));
            (steps, input.modifiers.shift, reset, ends)
        });
        match ends {
            _ if reset => Some(self.default),
            (true, _) => Some(self.on_rail(*self.scale.range().start())),
            (_, true) => Some(self.on_rail(*self.scale.range().end())),
            _ => (steps != 0.0).then(|| self.on_rail(self.stepped(steps, fine))),
        }
    }

    /// One tick further, or a tenth of the way; at least one step of what can be had.
    fn stepped(&self, steps: f64, fine: bool) -> f64 {
        let up = steps > 0.0;
        let next = if up {
            self.ticks.iter().map(|tick| tick.value).find(|tick| *tick > self.value * (1.0 + 1e-9))
        } else {
            self.ticks.iter().rev().map(|tick| tick.value).find(|tick| *tick < self.value * (1.0 - 1e-9))
        };
        let range = self.scale.range();
        let next = next.unwrap_or_else(|| if up { *range.end() } else { *range.start() });
        if !fine {
            return next;
        }
        let (here, there) = (self.scale.place(self.value), self.scale.place(next));
        let value = self.scale.value(here + (there - here) / 10.0);
        if (self.round)(value) == self.value { self.value + steps.signum() } else { value }
    }

    /// The value under the pointer; a tick within four points draws it near.
    fn at(&self, x: f32, rail: Rect) -> f64 {
        let near = |value: f64| (self.x(value, rail) - x).abs();
        let stops = self.ticks.iter().map(|tick| tick.value).chain(self.limits.iter().map(|limit| limit.value));
        let nearest = stops.min_by(|a, b| near(*a).total_cmp(&near(*b)));
        match nearest {
            Some(value) if near(value) <= 4.0 => value,
            _ => (self.round)(self.scale.value(f64::from((x - rail.left()) / rail.width()))),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a share of a rail")]
    fn x(&self, value: f64, rail: Rect) -> f32 {
        rail.left() + rail.width() * self.scale.place(value) as f32
    }

    /// Draws the triangles; the value of the one that was clicked.
    fn limits(&self, ui: &Ui, id: Id, rail: Rect, locale: Locale) -> Option<f64> {
        let t = Tokens::of(ui);
        let mut chosen = None;
        // What lies beyond the rail is in the caption alone.
        let end = *self.scale.range().end();
        for (place, limit) in self.limits.iter().enumerate().filter(|(_, limit)| limit.value <= end) {
            let tip = pos2(self.x(limit.value, rail), rail.top() - 3.5);
            let hit = Rect::from_center_size(tip - vec2(0.0, 4.0), vec2(15.0, 11.0));
            let response = ui.interact(hit, id.with(("limit", place)), Sense::click());
            let named = self.ticks.iter().find(|tick| tick.value == limit.value && !tick.label.is_empty());
            let value = named.map_or_else(|| (self.write)(limit.value), |tick| tick.label.clone());
            let words = locale.sentence(Word::LimitHelp, &[(Placeholder::Value, &value)]);
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{}: {words}", self.name)));
            icons::limit(ui.painter(), tip, t.verdict(limit.verdict));
            paint::focus_ring(ui, &response, 2);
            if response.clicked() {
                chosen = Some(limit.value);
            }
            response.on_hover_text(words);
        }
        chosen
    }

    fn describe(&self, ui: &Ui, response: &Response, value: f64, locale: Locale) {
        response.widget_info(|| WidgetInfo::slider(ui.is_enabled(), value, self.name));
        let range = self.scale.range();
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_min_numeric_value(range.start().min(*self.typed.start()));
            node.set_max_numeric_value(range.end().max(*self.typed.end()));
            node.add_action(Action::SetValue);
            node.add_action(Action::Increment);
            node.add_action(Action::Decrement);
            // As it is written, which says more than the number: a precision is a name.
            let help = locale.word(Word::SliderHelp);
            let said = self.said(value);
            node.set_description(if said.is_empty() { help.to_owned() } else { format!("{said}\n{help}") });
            node.set_value(said);
        });
        paint::reveal_focused(response);
    }

    /// The value in words: as the slider shows it, else the name of its place; nothing where it has neither.
    fn said(&self, value: f64) -> String {
        let (reading, unit) = self.reading;
        if !reading.is_empty() {
            return format!("{reading} {unit}").trim_end().to_owned();
        }
        self.ticks.iter().find(|tick| tick.value == value).map(|tick| tick.label.clone()).unwrap_or_default()
    }

    fn draw(&self, ui: &Ui, response: &Response, rail: Rect, value: f64) {
        let t = Tokens::of(ui);
        let painter = ui.painter();
        let top_left = pos2(rail.left() - INSET, rail.center().y - RAIL_AT);
        let target = self.x(value, rail) - rail.left();
        let time = if response.dragged() { 0.0 } else { ui.style().animation_time };
        let offset = ui.ctx().animate_value_with_time(response.id.with("knob"), target, time);
        let knob = pos2(rail.left() + offset, rail.center().y);
        painter.rect_filled(rail.expand2(vec2(4.0, 0.0)), 2, t.hover);
        let filled = Rect::from_min_max(rail.min - vec2(4.0, 0.0), pos2(knob.x, rail.bottom()));
        painter.rect_filled(filled, 2, t.sec);
        self.draw_ticks(painter, rail, value, t);
        painter.circle_filled(knob, 7.0, t.text);
        painter.circle_filled(knob, 3.0, t.panel);
        if response.has_focus() {
            painter.circle_stroke(knob, 10.0, Stroke::new(2.0, t.focus));
        }
        if let Some(caption) = self.caption.filter(|caption| !caption.is_empty()) {
            let at = top_left + vec2(0.0, RAIL_AT + 36.0);
            let verdict = self.limits.first().map_or(Verdict::DoesNotFit, |limit| limit.verdict);
            icons::limit(painter, at + vec2(4.5, 3.5), t.verdict(verdict));
            let room = rail.width() - 6.0;
            let look = (Type::Caption, t.sec);
            paint::text_within(painter, at + vec2(14.0, 0.0), Align2::LEFT_CENTER, caption, look, room);
        }
    }

    fn draw_ticks(&self, painter: &Painter, rail: Rect, value: f64, t: &Tokens) {
        let is_here = |tick: &Tick| (tick.value - value).abs() <= value.abs() * 0.005;
        let span = |tick: &Tick| {
            let step = if is_here(tick) { Type::CaptionStrong } else { Type::Caption };
            let width = paint::width(painter, &tick.label, step);
            let left =
                (self.x(tick.value, rail) - width / 2.0).clamp(rail.left() - INSET, rail.right() + INSET - width);
            Rangef::new(left, left + width)
        };
        // The one that is chosen is named, and then as many of the others as have room.
        let chosen = self.ticks.iter().find(|tick| is_here(tick)).map(span);
        let mut free_from = f32::NEG_INFINITY;
        for tick in self.ticks {
            let x = self.x(tick.value, rail);
            painter.vline(x, rail.center().y + 8.0..=rail.center().y + 12.0, Stroke::new(1.0, t.rail));
            let (here, span) = (is_here(tick), span(tick));
            let crowds = chosen.is_some_and(|chosen| !here && span.expand(LABELS_APART).intersects(chosen));
            if crowds || (!here && span.min < free_from) || tick.label.is_empty() {
                continue;
            }
            let (step, ink) = if here { (Type::CaptionStrong, t.text) } else { (Type::Caption, t.faint) };
            let at = pos2(span.min, rail.center().y + 20.0);
            paint::text(painter, at, Align2::LEFT_CENTER, &tick.label, step, ink);
            free_from = span.max + LABELS_APART;
        }
    }
}
