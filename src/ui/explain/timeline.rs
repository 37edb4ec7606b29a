//! The timeline under the stage: stops with their names, ticks for what happens between, replay, play, go on.

use eframe::egui::accesskit::Action;
use eframe::egui::{
    Align2, Color32, EventFilter, Key as Press, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo,
    pos2, vec2,
};

use super::player::{Player, SPEEDS, Step};
use crate::scenes::Scene;
use crate::scenes::clock::Clock;
use crate::scenes::spans::Tongue;
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::icons::Icon;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};
use crate::ui::widgets::button::icon_button;
use crate::ui::widgets::{inside, keep_arrows};

/// Height of the timeline with its names and the note.
pub(super) const HEIGHT: f32 = 84.0;
/// Buttons at the left, and "go on" at the right.
const LEFT: f32 = 124.0;

/// What the timeline draws.
pub(super) struct Timeline<'a> {
    pub(super) scene: &'a Scene,
    pub(super) clock: &'a Clock,
    pub(super) time: f32,
    pub(super) tongue: Tongue,
    pub(super) locale: Locale,
}

impl Timeline<'_> {
    /// Shows it in `rect`; what was asked for.
    pub(super) fn show(&self, ui: &mut Ui, rect: Rect, player: &mut Player) -> Option<Step> {
        let step = self.show_buttons(ui, rect, player);
        let words = self.locale.word(Key::SceneGoOn);
        let right = paint::width(ui.painter(), words, Type::BodyStrong) + 96.0;
        let go = Rect::from_min_size(pos2(rect.right() - right, rect.top() + 8.0), vec2(right, 34.0));
        let go_on = self.show_go_on(ui, go, words);
        let rail = Rect::from_min_max(
            pos2(rect.left() + LEFT, rect.top() + 24.0),
            pos2(rect.right() - right - 28.0, rect.top() + 26.0),
        );
        let scrubbed = self.show_rail(ui, rail);
        let stop = self.clock.stop_at(self.time);
        if let Some(words) = self.scene.script.stops.get(stop) {
            let note = self.scene.plain(&words.note, self.tongue, self.locale);
            let look = (Type::Caption, Tokens::of(ui).faint);
            let at = pos2(rect.left(), rect.bottom() - 8.0);
            paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &note, look, rect.width());
            if paint::width(ui.painter(), &note, Type::Caption) > rect.width() {
                let hit = Rect::from_min_size(at - vec2(0.0, 8.0), vec2(rect.width(), 16.0));
                ui.interact(hit, ui.scope_id().with("note"), Sense::hover()).on_hover_text(note);
            }
        }
        step.or(go_on).or(scrubbed)
    }

    fn show_buttons(&self, ui: &mut Ui, rect: Rect, player: &mut Player) -> Option<Step> {
        let locale = self.locale;
        let mut at = pos2(rect.left(), rect.top() + 9.0);
        let mut step = None;
        let mut place = |ui: &mut Ui, salt, icon, name: &str| {
            let here = Rect::from_min_size(at, Vec2::splat(32.0));
            at.x += 36.0;
            inside(ui, salt, here, |ui| icon_button(ui, icon, name, 32.0).clicked())
        };
        if place(ui, "replay", Icon::Replay, locale.word(Key::SceneReplay)) {
            step = Some(Step::Replay);
        }
        let (icon, name) = if player.playing { (Icon::Pause, Key::ScenePause) } else { (Icon::Play, Key::ScenePlay) };
        if place(ui, "play", icon, locale.word(name)) {
            if player.playing {
                player.pause();
            } else {
                step = Some(Step::PlayOrPause);
            }
        }
        let here = Rect::from_min_size(at, vec2(36.0, 32.0));
        self.show_speed(ui, here, player);
        step
    }

    /// A button that goes from speed to speed.
    fn show_speed(&self, ui: &Ui, rect: Rect, player: &mut Player) {
        let t = Tokens::of(ui);
        let words = format!("{}×", text::trimmed(f64::from(player.speed), 1));
        let response = ui.interact(rect, ui.scope_id().with("speed"), Sense::click());
        let name = self.locale.word(Key::SceneSpeed);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{name} {words}")));
        if response.hovered() {
            ui.painter().rect_filled(rect, radius::CONTROL, t.hover);
        }
        paint::text(ui.painter(), rect.center(), Align2::CENTER_CENTER, &words, Type::SmallStrong, t.sec);
        paint::focus_ring(ui, &response, radius::CONTROL);
        if response.clicked() {
            let here = SPEEDS.iter().position(|speed| *speed == player.speed).unwrap_or(0);
            player.speed = SPEEDS.get((here + 1) % SPEEDS.len()).copied().unwrap_or(1.0);
        }
        response.on_hover_text(name);
    }

    fn show_go_on(&self, ui: &Ui, rect: Rect, words: &str) -> Option<Step> {
        let t = Tokens::of(ui);
        let is_over = self.time >= self.clock.length();
        let response = ui.interact(rect, ui.scope_id().with("go_on"), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, !is_over, words));
        let (fill, ink, edge) = if is_over { (t.raised, t.rail, t.line) } else { (t.text, t.bg, t.text) };
        ui.painter().rect(rect, radius::CONTROL, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
        let key = self.locale.word(Key::SceneSpace);
        let cap = Rect::from_min_size(
            rect.left_top() + vec2(10.0, 7.0),
            vec2(paint::width(ui.painter(), key, Type::CaptionStrong) + 14.0, 20.0),
        );
        ui.painter().rect_stroke(cap, radius::SEGMENT, Stroke::new(1.0, ink), StrokeKind::Inside);
        paint::text(ui.painter(), cap.center(), Align2::CENTER_CENTER, key, Type::CaptionStrong, ink);
        let middle = pos2((cap.right() + rect.right() - 6.0) / 2.0, rect.center().y);
        paint::text(ui.painter(), middle, Align2::CENTER_CENTER, words, Type::BodyStrong, ink);
        paint::focus_ring(ui, &response, radius::CONTROL);
        (response.clicked() && !is_over).then_some(Step::GoOn)
    }

    /// Where a moment lies on the rail: stops are evenly apart, however long they take.
    fn x(&self, rail: Rect, time: f32) -> f32 {
        let gaps = self.clock.stops.len().saturating_sub(1).max(1) as f32;
        let stop = self.clock.stop_at(time);
        let Some(times) = self.clock.stops.get(stop) else { return rail.left() };
        let share = ((time - times.start) / (times.end - times.start).max(f32::EPSILON)).clamp(0.0, 1.0);
        let place = if stop == 0 { 0.0 } else { stop as f32 - 1.0 + share };
        rail.left() + rail.width() * place / gaps
    }

    /// The moment at a place of the rail; the end of a stop draws it near.
    fn time(&self, rail: Rect, x: f32) -> f32 {
        let gaps = self.clock.stops.len().saturating_sub(1).max(1) as f32;
        let place = ((x - rail.left()) / rail.width().max(1.0)).clamp(0.0, 1.0) * gaps;
        let near = place.round();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a stop of at most seven")]
        let stop = if (place - near).abs() < 0.06 { near as usize } else { place.ceil() as usize };
        let Some(times) = self.clock.stops.get(stop) else { return self.clock.length() };
        if (place - near).abs() < 0.06 {
            return times.end;
        }
        times.start + (times.end - times.start) * (place - (place.ceil() - 1.0))
    }

    fn show_rail(&self, ui: &Ui, rail: Rect) -> Option<Step> {
        let (t, painter) = (Tokens::of(ui), ui.painter());
        let hit =
            Rect::from_x_y_ranges(rail.left() - 8.0..=rail.right() + 8.0, rail.top() - 16.0..=rail.bottom() + 16.0);
        let response = ui.interact(hit, ui.scope_id().with("timeline"), Sense::click_and_drag());
        let stop = self.clock.stop_at(self.time);
        let count = self.clock.stops.len();
        let holes = [(Placeholder::Value, &*(stop + 1).to_string()), (Placeholder::Count, &*count.to_string())];
        let words = self.locale.sentence(Key::SceneStop, &holes);
        response.widget_info(|| WidgetInfo::slider(true, stop as f64 + 1.0, &words));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_min_numeric_value(1.0);
            node.set_max_numeric_value(count as f64);
            node.add_action(Action::Increment);
            node.add_action(Action::Decrement);
        });
        // Inside what can be hit, so that the ring does not cross the names under it.
        paint::focus_ring(ui, &response.clone().with_new_rect(hit.shrink2(vec2(0.0, 5.0))), radius::CARD);
        painter.rect_filled(rail, 1, t.rail);
        let now = self.x(rail, self.time);
        painter.rect_filled(Rect::from_min_max(rail.min, pos2(now, rail.bottom())), 1, t.text);
        for times in self.clock.stops.iter().skip(1) {
            for event in &times.events {
                let x = self.x(rail, event.start + f32::EPSILON * event.start.max(1.0));
                painter.vline(x, rail.center().y - 4.0..=rail.center().y + 4.0, Stroke::new(1.0, t.rail));
            }
        }
        let names: Vec<String> =
            self.scene.script.stops.iter().map(|stop| self.scene.plain(&stop.name, self.tongue, self.locale)).collect();
        let pitch = rail.width() / (count.saturating_sub(1).max(1)) as f32;
        let mut step = asked(ui, &response);
        for (place, name) in names.iter().enumerate().take(count) {
            let x = rail.left() + pitch * place as f32;
            let center = pos2(x, rail.center().y);
            let is_here = place == stop && self.time >= self.clock.end_of(stop);
            let passed = self.clock.end_of(place) <= self.time;
            let dot = ui.interact(
                Rect::from_center_size(center, Vec2::splat(22.0)),
                ui.scope_id().with(("stop", place)),
                Sense::click(),
            );
            dot.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_here, name));
            painter.circle(
                center,
                if is_here { 8.0 } else { 5.5 },
                if passed { t.text } else { t.bg },
                Stroke::new(1.5, if passed { t.text } else { t.rail }),
            );
            if is_here {
                painter.circle_filled(center, 3.0, t.bg);
            }
            paint::focus_ring(ui, &dot, radius::CARD);
            if dot.clicked() {
                step = Some(Step::To(place));
            }
            let here = place == stop;
            let (face, ink) = if here { (Type::SmallStrong, t.text) } else { (Type::Small, t.sec) };
            // Where names have no room beside each other, the one that counts is there.
            if here || pitch > 84.0 {
                let room = if pitch > 84.0 { pitch - 10.0 } else { 200.0 };
                let at = pos2(x, rail.center().y + 24.0);
                paint::text_within(painter, at, Align2::CENTER_CENTER, name, (face, ink), room);
            }
            dot.on_hover_text(name);
        }
        if self.time < self.clock.end_of(stop) && stop > 0 {
            let tip = pos2(now, rail.top() - 6.0);
            let arrow = vec![tip, tip + vec2(-5.0, -7.0), tip + vec2(5.0, -7.0)];
            painter.add(eframe::egui::Shape::convex_polygon(arrow, t.text, Stroke::new(0.0, Color32::TRANSPARENT)));
        }
        if let Some(pointer) = response.interact_pointer_pos()
            && (response.dragged() || response.clicked())
        {
            step = step.or_else(|| Some(Step::Scrub(self.time(rail, pointer.x))));
        }
        step
    }
}

/// What the keys and a screen reader ask of the rail while it has the keyboard.
fn asked(ui: &Ui, response: &Response) -> Option<Step> {
    let (on, back) = ui.input(|input| {
        let asks = |action| input.num_accesskit_action_requests(response.id, action) > 0;
        (asks(Action::Increment), asks(Action::Decrement))
    });
    if on || back {
        return Some(if on { Step::Next } else { Step::Back });
    }
    if !response.has_focus() {
        return None;
    }
    keep_arrows(ui, response.id, EventFilter { horizontal_arrows: true, ..EventFilter::default() });
    let steps = [
        (Press::ArrowRight, Step::Next),
        (Press::ArrowLeft, Step::Back),
        (Press::Home, Step::To(0)),
        (Press::End, Step::Last),
    ];
    ui.input(|input| steps.into_iter().find(|(key, _)| input.key_pressed(*key)).map(|(_, step)| step))
}
