//! The Explain view: scenes that show what RAM and VRAM are, stop by stop, with the plan's own figures.

mod caption;
mod handles;
mod keys;
mod layout;
mod marks;
mod offers;
mod player;
mod question;
mod strip;
mod timeline;

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, Ui, WidgetInfo};

use super::command::Command;
use super::fonts::Type;
use super::paint;
use super::theme::Tokens;
use crate::catalog::Catalog;
use crate::plan::{Plan, SceneId, ScenePosition, Turned};
use crate::scenes::clock::{Clock, EventKind};
use crate::scenes::draw::{self, Beholder};
use crate::scenes::mark::{Link, Shape};
use crate::scenes::spans::Tongue;
use crate::scenes::{Premise, Scene, twin};
use crate::text::{Key, Locale};
use layout::{Layout, Look};
use marks::{Fonts, Place};
use player::{Player, Step};
use timeline::Timeline;

/// What the view draws.
#[derive(Clone, Copy)]
pub struct ExplainInputs<'a> {
    /// The reader's plan.
    pub plan: &'a Plan,
    /// Models and cards.
    pub catalog: &'a Catalog,
    /// The language.
    pub locale: Locale,
    /// Movement disturbs the reader: stop to stop, before and after side by side.
    pub still: bool,
    /// The full window: next and back alone.
    pub presenting: bool,
}

/// The scene that is shown, and what it was built from.
#[derive(Debug)]
struct Shown {
    scene: Scene,
    clock: Clock,
    plan: Plan,
    turned: Turned,
}

/// What the view remembers that is no part of the document.
#[derive(Debug, Default)]
pub struct ExplainViewState {
    player: Player,
    lit: Option<Link>,
    shown: Option<Shown>,
    /// Where the stage lies in the window.
    stage: Option<Rect>,
}

impl ExplainViewState {
    /// Builds the scene anew: the catalog is another one.
    pub fn forget(&mut self) {
        self.shown = None;
    }

    /// Plays a scene from its beginning.
    pub fn begin(&mut self, scene: SceneId, position: &mut ScenePosition) {
        position.scene = scene;
        position.time = 0.0;
        self.player.playing = true;
    }

    /// Whether the clock runs: the position is not settled.
    pub const fn is_playing(&self) -> bool {
        self.player.playing
    }

    /// The scene as it was last drawn.
    pub fn scene(&self) -> Option<&Scene> {
        self.shown.as_ref().map(|shown| &shown.scene)
    }

    /// Where the stage was last drawn.
    pub const fn stage(&self) -> Option<Rect> {
        self.stage
    }

    /// The scene for the plan and the handles as they stand.
    fn refresh(&mut self, position: &ScenePosition, inputs: &ExplainInputs<'_>) {
        let turned = position.turned.get(&position.scene);
        let holds = self.shown.as_ref().is_some_and(|shown| {
            let same = turned.map_or(shown.turned.is_empty(), |turned| *turned == shown.turned);
            same && shown.scene.id == position.scene && shown.plan == *inputs.plan
        });
        if holds {
            return;
        }
        let turned = turned.cloned().unwrap_or_default();
        let premise = Premise { catalog: inputs.catalog, plan: inputs.plan, turned: &turned };
        let scene = Scene::build(position.scene, premise);
        let clock = Clock::of(&scene);
        self.shown = Some(Shown { scene, clock, plan: inputs.plan.clone(), turned });
    }
}

/// Shows the view; what is to be done besides.
pub fn show(
    ui: &mut Ui,
    position: &mut ScenePosition,
    inputs: &ExplainInputs<'_>,
    state: &mut ExplainViewState,
) -> Vec<Command> {
    let asked = keys::asked(ui);
    position.plain_words ^= asked.words;
    state.refresh(position, inputs);
    let Some(shown) = state.shown.take() else { return Vec::new() };
    let view = View { shown: &shown, inputs };
    let mut commands = view.show(ui, position, (&mut state.player, &mut state.lit, &mut state.stage), asked);
    if asked.leave && inputs.presenting {
        commands.push(Command::Present);
    }
    if state.player.playing {
        ui.ctx().request_repaint();
    }
    // What was chosen on the strip, or turned, is built in the next frame.
    let is_other = shown.scene.id != position.scene
        || position.turned.get(&position.scene).is_some_and(|turned| *turned != shown.turned);
    if is_other {
        ui.ctx().request_repaint();
    }
    if shown.scene.id != position.scene {
        state.begin(position.scene, position);
    }
    state.shown = Some(shown);
    commands
}

/// The scene at hand and who looks at it.
struct View<'a> {
    shown: &'a Shown,
    inputs: &'a ExplainInputs<'a>,
}

impl View<'_> {
    fn show(
        &self,
        ui: &mut Ui,
        position: &mut ScenePosition,
        (player, lit, stage): (&mut Player, &mut Option<Link>, &mut Option<Rect>),
        asked: keys::Asked,
    ) -> Vec<Command> {
        let (scene, clock, locale) = (&self.shown.scene, &self.shown.clock, self.inputs.locale);
        let mut commands = Vec::new();
        if self.inputs.still && !clock.is_stopped(position.time) {
            position.time = clock.end_of(clock.stop_at(position.time));
        }
        player.run(ui.input(|input| input.stable_dt), position, clock);
        let stop = clock.stop_at(position.time);
        let is_settled = clock.is_stopped(position.time);
        let has_offers = scene.offers.iter().any(|offer| offer.stop == stop);
        let picture = scene.pictures.get(stop);
        let has_handles = !has_offers
            && scene.handles.iter().any(|handle| picture.is_some_and(|picture| picture.find(handle.on).is_some()))
            || !has_offers && stop + 1 == scene.stops() && !scene.handles.is_empty();
        let whole = ui.max_rect();
        let look = match (self.inputs.presenting, has_offers || has_handles) {
            (true, _) => Look::Presenting,
            (false, true) => Look::WithWays,
            (false, false) => Look::Telling,
        };
        let at = Layout::of(whole, look);
        let t = Tokens::of(ui);
        *stage = Some(at.stage);
        ui.painter().rect_filled(whole, 0, t.bg);
        if !self.inputs.presenting {
            let chosen = strip::show(ui, at.strip, position, locale);
            commands.extend(chosen.commands);
            position.scene = chosen.scene.unwrap_or(position.scene);
        }
        let tongue = if position.plain_words { Tongue::Plain } else { Tongue::Kitchen };
        let mut over = self.show_stage(ui, at.stage, position, tongue, *lit);
        ui.painter().hline(at.timeline.x_range(), at.caption.top() - 10.0, Stroke::new(1.0, t.line));
        if let Some(words) = scene.script.stops.get(stop) {
            let filled = scene.fill(&words.caption, tongue, locale);
            let pointed = caption::show(ui, at.caption, &filled, *lit);
            over = over.or(pointed);
        }
        let mut step = asked.step;
        let mut number = asked.number;
        let asks = scene.script.stops.get(stop).is_some_and(|words| !words.answers.is_empty());
        if asks && is_settled {
            let place = self.place(at.stage, stop);
            let given = position.answers.get(&scene.id).copied();
            let clicked = question::show_answers(ui, place, (scene, stop), given, (tongue, locale));
            let typed = number.take().and_then(|number| u8::try_from(number).ok());
            let count = scene.script.stops.get(stop).map_or(0, |words| words.answers.len());
            if let Some(answer) = clicked.or(typed).filter(|answer| usize::from(*answer) < count) {
                position.answers.insert(scene.id, answer);
                step = Some(Step::GoOn);
            }
        }
        if has_offers && !self.inputs.presenting {
            let pressed = number.take().filter(|_| is_settled);
            commands.extend(offers::show(ui, at.beside, (scene, stop), (tongue, locale), pressed));
        }
        if has_handles && !self.inputs.presenting {
            let place = self.place(at.stage, stop);
            if let Some(picture) = picture.filter(|_| is_settled) {
                handles::show_grips(ui, place, scene, picture, position);
            }
            commands.extend(handles::show_sliders(ui, at.beside, scene, (self.inputs.plan, position), locale));
        }
        let timeline = Timeline { scene, clock, time: position.time, tongue, locale };
        let moved = timeline.show(ui, at.timeline, player);
        step = step.or(moved).or_else(|| number.map(Step::To));
        if let Some(step) = step {
            player.step(step, position, clock, self.inputs.still);
            ui.ctx().request_repaint();
        }
        if *lit != over {
            *lit = over;
            ui.ctx().request_repaint();
        }
        commands
    }

    /// Draws the stage, and before it what was, where nothing moves between; what is pointed at.
    fn show_stage(
        &self,
        ui: &Ui,
        room: Rect,
        position: &ScenePosition,
        tongue: Tongue,
        lit: Option<Link>,
    ) -> Option<Link> {
        let (scene, clock, locale) = (&self.shown.scene, &self.shown.clock, self.inputs.locale);
        let t = Tokens::of(ui);
        let stop = clock.stop_at(position.time);
        let place = self.place(room, stop);
        if self.inputs.still && stop > 0 {
            self.show_before(ui, room, stop, tongue);
        }
        let fonts = Fonts { painter: ui.painter(), scale: place.scale };
        let beholder = Beholder { locale, tongue, measure: &fonts };
        let marks = draw::draw(scene, clock, position.time, beholder);
        marks::show(ui.painter(), t, &marks, place, lit);
        let seen = clock.share(stop, EventKind::Number, None, position.time);
        let seen = if stop == 0 { 1.0 } else { seen };
        question::show_heading(ui, place, (scene, stop), position, (tongue, locale), seen);
        let response = ui.interact(room, ui.scope_id().with("stage"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, self.told(stop, tongue)));
        response.hover_pos().and_then(|pointer| draw::link_at(&marks, place.on_stage(pointer)))
    }

    /// Where the stage stands: beside what was before it, where nothing moves between.
    fn place(&self, room: Rect, stop: usize) -> Place {
        if self.inputs.still && stop > 0 { Place::within(layout::split(room)[1]) } else { Place::within(room) }
    }

    /// What was at the stop before, small.
    fn show_before(&self, ui: &Ui, room: Rect, stop: usize, tongue: Tongue) {
        let (scene, clock, locale) = (&self.shown.scene, &self.shown.clock, self.inputs.locale);
        let [left, right] = layout::split(room);
        let t = Tokens::of(ui);
        let place = Place::within(left);
        let fonts = Fonts { painter: ui.painter(), scale: place.scale };
        let marks = draw::draw(scene, clock, clock.end_of(stop - 1), Beholder { locale, tongue, measure: &fonts });
        // Words would not be read at this size; the picture is.
        let shapes: Vec<_> = marks.into_iter().filter(|mark| !matches!(mark.shape, Shape::Text { .. })).collect();
        marks::show(ui.painter(), t, &shapes, place, None);
        for (words, side) in [(Key::SceneBefore, left), (Key::SceneAfter, right)] {
            let at = side.center_bottom();
            paint::text(ui.painter(), at, Align2::CENTER_BOTTOM, locale.word(words), Type::SmallStrong, t.sec);
        }
    }

    /// The stop as sentences.
    fn told(&self, stop: usize, tongue: Tongue) -> String {
        let texts = twin::texts(&self.shown.scene, tongue, self.inputs.locale);
        let Some(text) = texts.into_iter().nth(stop) else {
            return self.inputs.locale.word(Key::SceneEmpty).to_owned();
        };
        let parts = [vec![text.heading, text.sub], text.picture].concat();
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(". ")
    }
}
