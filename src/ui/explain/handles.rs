//! Handles on the things of a scene, and the sliders that turn the same by keyboard.

use eframe::egui::{CursorIcon, Rect, Sense, Stroke, Ui, UiBuilder, Vec2, pos2, vec2};

use super::marks::Place;
use crate::estimate::Verdict;
use crate::plan::{BuildRequest, Plan, ScenePosition};
use crate::scenes::Scene;
use crate::scenes::handle::{Edge, Handle};
use crate::scenes::picture::Picture;
use crate::scenes::spans::Tongue;
use crate::text::{Key, Locale, Placeholder};
use crate::ui::command::Command;
use crate::ui::theme::Tokens;
use crate::ui::widgets::button::{ButtonLook, button};
use crate::ui::widgets::scale::Scale;
use crate::ui::widgets::slider::{self, Limit, Slider, Tick};

/// Points of drag for one notch.
const PITCH: f32 = 26.0;
const RADIUS: f32 = 9.0;

/// Turns a handle of the scene to a notch.
fn turn(scene: &Scene, position: &mut ScenePosition, handle: &Handle, notch: usize) {
    position.turned.entry(scene.id).or_default().insert(handle.id, notch.min(handle.notches.len().saturating_sub(1)));
}

/// Shows the grips on what stands in the picture.
pub(super) fn show_grips(ui: &Ui, place: Place, scene: &Scene, picture: &Picture, position: &mut ScenePosition) {
    for handle in &scene.handles {
        let Some(placed) = picture.find(handle.on) else { continue };
        let center = place.at(placed.thing.acts().grip(placed.area, handle.edge));
        let id = ui.scope_id().with(("grip", handle.id));
        let response = ui.interact(Rect::from_center_size(center, Vec2::splat(28.0)), id, Sense::drag());
        let start = ui.data_mut(|data| {
            if response.drag_started() {
                data.insert_temp(id, handle.at);
            }
            data.get_temp::<usize>(id).unwrap_or(handle.at)
        });
        if response.dragged()
            && let Some(moved) = response.total_drag_delta()
        {
            let along = match handle.edge {
                Edge::Right => moved.x,
                Edge::Top => -moved.y,
            };
            #[expect(clippy::cast_possible_truncation, reason = "notches of a handle")]
            let notches = (along / PITCH).round() as isize;
            turn(scene, position, handle, start.saturating_add_signed(notches));
        }
        draw_grip(ui, center, handle.edge);
        response.on_hover_cursor(match handle.edge {
            Edge::Right => CursorIcon::ResizeHorizontal,
            Edge::Top => CursorIcon::ResizeVertical,
        });
    }
}

fn draw_grip(ui: &Ui, center: eframe::egui::Pos2, edge: Edge) {
    let (t, painter) = (Tokens::of(ui), ui.painter());
    let along = match edge {
        Edge::Right => vec2(0.0, 16.0),
        Edge::Top => vec2(16.0, 0.0),
    };
    painter.line_segment([center - along, center + along], Stroke::new(2.5, t.text));
    painter.circle(center, RADIUS, t.text, Stroke::new(2.0, t.bg));
    let across = vec2(along.y, along.x).normalized();
    let up = along.normalized() * 3.0;
    for way in [-1.0, 1.0] {
        let tip = center + across * 5.0 * way;
        let back = center + across * 2.0 * way;
        painter.line_segment([back + up, tip], Stroke::new(1.5, t.bg));
        painter.line_segment([back - up, tip], Stroke::new(1.5, t.bg));
    }
}

/// Room for the button under sliders that stand over each other.
const FOOT: f32 = 34.0;

/// How high a column of sliders with its button is.
pub(super) fn column_height(handles: usize) -> f32 {
    slider::HEIGHT * handles as f32 + FOOT
}

/// What sliders change.
#[derive(Clone, Copy)]
pub(super) struct Turned<'a> {
    pub(super) plan: &'a Plan,
    pub(super) build: Option<&'a BuildRequest>,
}

/// Shows the sliders of all handles in `rect`, and the button that takes their values into the reader's plan, or into what
/// is asked of a build: over each other where there is height for it, else side by side.
pub(super) fn show_sliders(
    ui: &mut Ui,
    rect: Rect,
    scene: &Scene,
    (turned, position): (Turned<'_>, &mut ScenePosition),
    locale: Locale,
) -> Option<Command> {
    let tongue = if position.plain_words { Tongue::Plain } else { Tongue::Kitchen };
    let of_build = scene.handles.iter().filter_map(Handle::notch).any(|notch| notch.turn.is_asked_of_build());
    let (words, tip) = if of_build { (Key::SceneAsk, Key::TipSceneAsk) } else { (Key::ScenePut, Key::TipScenePut) };
    let (words, tip) = (locale.word(words), locale.word(tip));
    let wide = crate::ui::paint::width(ui.painter(), words, crate::ui::fonts::Type::BodyStrong) + 24.0;
    let is_column = rect.height() >= column_height(scene.handles.len()) && scene.panel.is_some();
    let count = scene.handles.len().max(1) as f32;
    let (room, step, put) = if is_column {
        let put = Rect::from_min_size(pos2(rect.left(), rect.bottom() - 30.0), vec2(rect.width(), 30.0));
        (rect.width(), vec2(0.0, ((rect.height() - FOOT) / count).min(slider::HEIGHT + 12.0)), put)
    } else {
        let room = (rect.width() - wide - 24.0) / count - 12.0;
        let put = Rect::from_min_size(pos2(rect.right() - wide, rect.top() + 14.0), vec2(wide, 30.0));
        (room, vec2(room + 12.0, 0.0), put)
    };
    for (nth, handle) in scene.handles.iter().enumerate() {
        let place = Rect::from_min_size(rect.min + step * nth as f32, vec2(room, slider::HEIGHT));
        let builder = UiBuilder::new().id_salt(handle.id).max_rect(place);
        let notch = show_slider(&mut ui.new_child(builder), scene, handle, tongue, (locale, room));
        if let Some(notch) = notch {
            turn(scene, position, handle, notch);
        }
    }
    let command = put_into(scene, turned, of_build, (tongue, locale));
    let clicked = super::super::widgets::inside(ui, "put", put, |ui| {
        ui.add_enabled_ui(command.is_some(), |ui| {
            button(ui, words, ButtonLook::Primary, Some(put.width())).on_hover_text(tip).clicked()
        })
        .inner
    });
    command.filter(|_| clicked)
}

/// What the button does; `None` where everything stands as it is already, or cannot be planned with.
fn put_into(scene: &Scene, turned: Turned<'_>, of_build: bool, (tongue, locale): (Tongue, Locale)) -> Option<Command> {
    let moved = || scene.handles.iter().filter(|handle| Some(handle.at) != handle.yours).filter_map(Handle::notch);
    let said: Vec<String> = moved().map(|notch| scene.say(&notch.words, tongue, locale)).collect();
    let name = said.join(", ");
    if of_build {
        let mut request = turned.build.cloned().unwrap_or_default();
        moved().for_each(|notch| notch.turn.ask(&mut request));
        let is_new = turned.build != Some(&request) && request.check().is_ok();
        return is_new.then(|| Command::AskBuild { name, request: Box::new(request) });
    }
    let mut plan = turned.plan.clone();
    moved().for_each(|notch| notch.turn.apply(&mut plan));
    let is_new = plan != *turned.plan && plan.check().is_ok();
    is_new.then(|| Command::ApplyWay { name, plan: Box::new(plan) })
}

/// One slider over the notches of a handle; the notch it was moved to.
fn show_slider(
    ui: &mut Ui,
    scene: &Scene,
    handle: &Handle,
    tongue: Tongue,
    (locale, width): (Locale, f32),
) -> Option<usize> {
    let say = |say| scene.say(say, tongue, locale);
    let name = say(&handle.name);
    let ticks: Vec<Tick> = handle
        .notches
        .iter()
        .enumerate()
        .map(|(place, notch)| {
            let words = say(&notch.words);
            let label = match handle.yours {
                Some(yours) if yours == place => locale.sentence(Key::SceneYours, &[(Placeholder::Value, &words)]),
                _ => words,
            };
            // Counted from 1: a slider tells ticks apart by their ratio.
            Tick { value: place as f64 + 1.0, label }
        })
        .collect();
    let limits: Vec<Limit> =
        handle.limit.iter().map(|place| Limit { value: *place as f64 + 1.0, verdict: Verdict::Fits }).collect();
    let count = handle.notches.len().max(2) as f64;
    let reading = handle.notch().map(|notch| say(&notch.words)).unwrap_or_default();
    let slider = Slider {
        salt: "handle",
        name: &name,
        reading: ("", ""),
        value: handle.at as f64 + 1.0,
        default: handle.yours.unwrap_or(handle.at) as f64 + 1.0,
        scale: Scale::linear(1.0..=count),
        typed: 1.0..=count,
        ticks: &ticks,
        limits: &limits,
        caption: None,
        parse: |_| None,
        write: |value| value.to_string(),
        round: f64::round,
    };
    let at = ui.cursor().min;
    let moved = slider.show(ui, locale, width);
    let t = Tokens::of(ui);
    let right = pos2(at.x + width, at.y + 9.0);
    crate::ui::paint::text(
        ui.painter(),
        right,
        eframe::egui::Align2::RIGHT_CENTER,
        &reading,
        crate::ui::fonts::Type::SmallStrong,
        t.text,
    );
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "notches of a handle")]
    moved.map(|value| (value - 1.0).max(0.0) as usize)
}
