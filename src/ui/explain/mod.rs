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

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, vec2};

use super::command::Command;
use super::fonts::Type;
use super::paint;
use super::theme::Tokens;
use super::widgets::with_least_room;
use crate::advise::remedies::Ladder;
use crate::catalog::Catalog;
use crate::plan::{BuildRequest, Plan, SceneId, ScenePosition, Turned};
use crate::scenes::clock::{Clock, EventKind};
use crate::scenes::draw::{self, Beholder};
use crate::scenes::handle::Handle;
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
    /// What helps the plan, once that is worked out.
    pub ladder: Option<&'a Ladder>,
    /// What was asked of a build.
    pub build: Option<&'a BuildRequest>,
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
    build: Option<BuildRequest>,
    /// It was known what helps.
    had_ladder: bool,
}

/// What the view remembers that is no part of the document.
#[derive(Debug, Default)]
pub struct ExplainViewState {
    player: Player,
    lit: Option<Link>,
    /// The way out that is looked at in passing.
    preview: Option<usize>,
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
    fn refresh(&mut self, position: &mut ScenePosition, inputs: &ExplainInputs<'_>) {
        let turned = position.turned.get(&position.scene);
        let holds = self.shown.as_ref().is_some_and(|shown| {
            let same = turned.map_or(shown.turned.is_empty(), |turned| *turned == shown.turned);
            let knows = shown.had_ladder == inputs.ladder.is_some() && shown.build.as_ref() == inputs.build;
            same && knows && shown.scene.id == position.scene && shown.plan == *inputs.plan
        });
        if holds {
            return;
        }
        let turned = turned.cloned().unwrap_or_default();
        let ExplainInputs { plan, catalog, ladder, build, .. } = *inputs;
        let premise = Premise { catalog, plan, turned: &turned, ladder, build };
        let scene = Scene::build(position.scene, premise);
        let clock = Clock::of(&scene);
        // Whoever waits at the end of a stop stays there, however long it takes now.
        let waits = self.shown.as_ref().filter(|shown| shown.scene.id == scene.id);
        let waits = waits.filter(|shown| shown.clock.is_stopped(position.time));
        if let Some(stop) = waits.map(|shown| shown.clock.stop_at(position.time)) {
            position.time = clock.end_of(stop);
        }
        let had_ladder = ladder.is_some();
        self.shown = Some(Shown { scene, clock, plan: plan.clone(), turned, build: build.cloned(), had_ladder });
    }
}

/// In less room the words of a picture would lie over each other: a smaller window scrolls.
const LEAST: Vec2 = vec2(680.0, 540.0);

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
    let least = if inputs.presenting { Vec2::ZERO } else { LEAST };
    let mut commands = with_least_room(ui, "explain", least, |ui| view.show(ui, position, state, asked));
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
        state: &mut ExplainViewState,
        asked: keys::Asked,
    ) -> Vec<Command> {
        let (scene, clock, locale) = (&self.shown.scene, &self.shown.clock, self.inputs.locale);
        let mut commands = Vec::new();
        if self.inputs.still && !clock.is_stopped(position.time) {
            position.time = clock.end_of(clock.stop_at(position.time));
        }
        state.player.run(ui.input(|input| input.stable_dt), position, clock);
        let stop = clock.stop_at(position.time);
        let is_settled = clock.is_stopped(position.time);
        let has_offers = scene.offers.iter().any(|offer| offer.stop == stop);
        let picture = scene.pictures.get(stop);
        let has_handles = !has_offers && self.turns(stop);
        let whole = ui.max_rect();
        let look = match (self.inputs.presenting, has_offers || has_handles) {
            (true, _) => Look::Presenting,
            (false, true) => Look::WithWays,
            (false, false) => Look::Telling,
        };
        // Sliders on the stage leave the caption its width, where the stage is large enough for them.
        let panel = self.panel(Layout::of(whole, Look::Telling).stage, stop);
        let look = if panel.is_some() && look == Look::WithWays { Look::Telling } else { look };
        let at = Layout::of(whole, look);
        let t = Tokens::of(ui);
        state.stage = Some(at.stage);
        ui.painter().rect_filled(whole, 0, t.bg);
        if !self.inputs.presenting {
            let chosen = strip::show(ui, at.strip, position, locale);
            commands.extend(chosen.commands);
            position.scene = chosen.scene.unwrap_or(position.scene);
        }
        let tongue = if position.plain_words { Tongue::Plain } else { Tongue::Kitchen };
        let mut over = self.show_stage(ui, at.stage, position, tongue, state);
        ui.painter().hline(at.timeline.x_range(), at.caption.top() - 10.0, Stroke::new(1.0, t.line));
        if let Some(words) = scene.script.stops.get(stop) {
            let filled = scene.fill(&words.caption, tongue, locale);
            let pointed = caption::show(ui, at.caption, &filled, state.lit);
            over = over.or(pointed);
        }
        let mut step = asked.step;
        let mut number = asked.number;
        let asks = scene.script.stops.get(stop).is_some_and(|words| !words.answers.is_empty());
        if asks && is_settled {
            let place = self.place(at.stage, stop);
            let given = position.answers.get(&scene.id).copied();
            let clicked = question::show_answers(ui, place, (scene, stop), given, (tongue, locale));
            if let Some(answer) = self.answer(stop, clicked, number.take()) {
                position.answers.insert(scene.id, answer);
                step = Some(Step::GoOn);
            }
        }
        let mut preview = None;
        if has_offers && !self.inputs.presenting {
            let pressed = number.take().filter(|_| is_settled);
            let looked = offers::show(ui, at.beside, (scene, stop), (tongue, locale), pressed);
            commands.extend(looked.command);
            preview = looked.at;
        }
        if state.preview != preview {
            state.preview = preview;
            ui.ctx().request_repaint();
        }
        if has_handles && !self.inputs.presenting {
            let place = self.place(at.stage, stop);
            if let Some(picture) = picture.filter(|_| is_settled) {
                handles::show_grips(ui, place, scene, picture, position);
            }
            let turned = handles::Turned { plan: self.inputs.plan, build: self.inputs.build };
            let room = panel.unwrap_or(at.beside);
            commands.extend(handles::show_sliders(ui, room, scene, (turned, position), locale));
        }
        let timeline = Timeline { scene, clock, time: position.time, tongue, locale };
        let moved = timeline.show(ui, at.timeline, &mut state.player);
        step = step.or(moved).or_else(|| number.map(Step::To));
        if let Some(step) = step {
            state.player.step(step, position, clock, self.inputs.still);
            ui.ctx().request_repaint();
        }
        if state.lit != over {
            state.lit = over;
            ui.ctx().request_repaint();
        }
        commands
    }

    /// The answer that was clicked or typed, where the stop has it.
    fn answer(&self, stop: usize, clicked: Option<u8>, typed: Option<usize>) -> Option<u8> {
        let count = self.shown.scene.script.stops.get(stop)?.answers.len();
        let typed = typed.and_then(|number| u8::try_from(number).ok());
        clicked.or(typed).filter(|answer| usize::from(*answer) < count)
    }

    /// Draws the stage, and before it what was, where nothing moves between; what is pointed at.
    fn show_stage(
        &self,
        ui: &Ui,
        room: Rect,
        position: &ScenePosition,
        tongue: Tongue,
        state: &ExplainViewState,
    ) -> Option<Link> {
        let (scene, clock, locale) = (&self.shown.scene, &self.shown.clock, self.inputs.locale);
        let t = Tokens::of(ui);
        let stop = clock.stop_at(position.time);
        let place = self.place(room, stop);
        if self.is_split(stop) {
            self.show_before(ui, room, stop, tongue);
        }
        let fonts = Fonts { painter: ui.painter(), scale: place.scale };
        let beholder = Beholder { locale, tongue, measure: &fonts };
        let mut offers = scene.offers.iter().filter(|offer| offer.stop == stop);
        let looked_at = state.preview.and_then(|place| offers.nth(place)).and_then(|offer| offer.preview.as_ref());
        let marks = match looked_at {
            Some(picture) => draw::still(scene, picture, beholder),
            None => draw::draw(scene, clock, position.time, beholder),
        };
        marks::show(ui.painter(), t, &marks, place, state.lit);
        let seen = clock.share(stop, EventKind::Number, None, position.time);
        let seen = if stop == 0 { 1.0 } else { seen };
        let headings = question::Headings { scene, stop, position, tongue, locale };
        let named = headings.show(ui, place, seen, state.lit);
        let response = ui.interact(room, ui.scope_id().with("stage"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, self.told(stop, tongue)));
        let pointer = response.hover_pos()?;
        named.or_else(|| draw::link_at(&marks, place.on_stage(pointer)))
    }

    /// Where the stage stands: beside what was before it, where nothing moves between.
    fn place(&self, room: Rect, stop: usize) -> Place {
        if self.is_split(stop) { Place::within(layout::split(room)[1]) } else { Place::within(room) }
    }

    /// What was is shown beside what is, where nothing moves between; not beside sliders, which move what is.
    fn is_split(&self, stop: usize) -> bool {
        let turns = self.shown.scene.panel.is_some() && self.turns(stop);
        self.inputs.still && stop > 0 && !turns
    }

    /// Whether something can be turned at a stop: at the last, and before it where its thing is gone by then.
    fn turns(&self, stop: usize) -> bool {
        let scene = &self.shown.scene;
        let last = scene.stops().saturating_sub(1);
        let Some(picture) = scene.pictures.get(stop).filter(|picture| !picture.at_rest) else { return false };
        let in_last = |on| scene.pictures.get(last).is_some_and(|picture| picture.find(on).is_some());
        let is_here = |handle: &Handle| picture.find(handle.on).is_some() && !in_last(handle.on);
        stop == last && !scene.handles.is_empty() || scene.handles.iter().any(is_here)
    }

    /// Where sliders stand on the stage at a stop, where the scene has them there and they have room.
    fn panel(&self, stage: Rect, stop: usize) -> Option<Rect> {
        let scene = &self.shown.scene;
        let area = scene.panel.filter(|_| self.turns(stop) && !self.inputs.presenting)?;
        let rect = self.place(stage, stop).area(area);
        (rect.height() >= handles::column_height(scene.handles.len())).then_some(rect)
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
        let locale = self.inputs.locale;
        let headings = [text.heading, text.sub].map(|words| twin::sentence(&words, locale));
        let parts = headings.into_iter().chain(text.picture).filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(if locale == Locale::En { " " } else { "" })
    }
}
