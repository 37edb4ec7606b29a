//! The one field: a model's name, a link, a command, an error message; and below it examples, or models of that name.

use eframe::egui::{
    Align2, Event, Frame, Key as Press, Rect, Role, Sense, Stroke, StrokeKind, TextEdit, Ui, WidgetInfo, pos2, vec2,
};

use super::{StartInputs, StartViewState};
use crate::text::Key;
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{CLEAR, Tokens, radius, space};
use crate::ui::widgets::inside;

/// Height of the field, and of a pill below it.
const FIELD: f32 = 48.0;
const PILL: f32 = 26.0;
/// The longest text that is taken, in characters: a log with an error in it.
const LONGEST: usize = 20_000;
/// What can be entered, for example. All of it is the same in every language.
const EXAMPLES: [&str; 4] = [
    "Qwen3 30B-A3B",
    "huggingface.co/Qwen/Qwen3-32B",
    "llama-server -hf ggml-org/gpt-oss-20b-GGUF -c 32768",
    "CUDA out of memory",
];

pub(super) fn show(
    ui: &mut Ui,
    place: Rect,
    inputs: &StartInputs<'_>,
    state: &mut StartViewState,
    commands: &mut Vec<Command>,
) {
    let field = place.with_max_y(place.top() + FIELD);
    let below = Rect::from_min_size(pos2(place.left(), field.bottom() + 8.0), vec2(place.width(), PILL));
    edit(ui, field, inputs, state, commands);
    match state.said.clone() {
        Some(line) => {
            let t = Tokens::of(ui);
            let wide = paint::width(ui.painter(), &line, Type::Small) + space::M;
            let room = if inputs.alike.is_empty() { below.width() } else { below.width() * 0.6 };
            let at = below.left_center();
            paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &line, (Type::Small, t.text), room);
            ui.interact(below.with_max_x(below.left() + room), ui.scope_id().with("said"), Sense::hover())
                .on_hover_text(&line);
            models(ui, below.with_min_x(below.left() + wide.min(room + space::M)), inputs, commands);
        }
        None if state.typed.trim().is_empty() => examples(ui, below, inputs, state),
        None => models(ui, below, inputs, commands),
    }
}

/// The field itself.
fn edit(ui: &mut Ui, rect: Rect, inputs: &StartInputs<'_>, state: &mut StartViewState, commands: &mut Vec<Command>) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    ui.painter().rect_filled(rect, radius::CARD, t.panel);
    icons::draw(ui.painter(), rect.left_center() + vec2(26.0, 0.0), Icon::Link, t.sec);
    let typed = !state.typed.trim().is_empty();
    let hint = locale.word(Key::StartField);
    let key = if typed { "Enter" } else { "Ctrl V" };
    let key = foot_key(ui, pos2(rect.right() - 14.0, rect.center().y), key);
    let text = Rect::from_min_max(
        pos2(rect.left() + 44.0, rect.center().y - 12.0),
        pos2(key.left() - space::S, rect.center().y + 12.0),
    );
    let room = text.width();
    let response = inside(ui, "start field", text, |ui| {
        let elided = paint::line_within(ui.painter(), hint, Type::Lead.font(), t.faint, room - 12.0);
        let hint = if elided.elided { locale.word(Key::StartFieldShort) } else { hint };
        ui.add(
            TextEdit::singleline(&mut state.typed)
                .id_salt("what to start from")
                .font(Type::Lead.font())
                .char_limit(LONGEST)
                .frame(Frame::NONE)
                .hint_text(hint)
                .desired_width(room),
        )
    });
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(state.typed.clone()),
        ..WidgetInfo::labeled(Role::TextInput, true, hint)
    });
    // What is pasted while nothing is typed into belongs here.
    if !ui.ctx().text_edit_focused() {
        let pasted = ui.input(|input| {
            input.events.iter().find_map(|event| match event {
                Event::Paste(text) => Some(text.chars().take(LONGEST).collect::<String>()),
                _ => None,
            })
        });
        if let Some(pasted) = pasted {
            (state.typed, state.said, state.takes_keyboard) = (pasted, None, true);
        }
    }
    if std::mem::take(&mut state.takes_keyboard) {
        response.request_focus();
    }
    if response.changed() {
        state.said = None;
    }
    let (width, ink) = if response.has_focus() { (2.0, t.text) } else { (1.0, t.rail) };
    ui.painter().rect_stroke(rect, radius::CARD, Stroke::new(width, ink), StrokeKind::Inside);
    if response.lost_focus() && ui.input(|input| input.key_pressed(Press::Enter)) {
        // What is said of it is read, and mended, where it was typed.
        response.request_focus();
        if typed {
            commands.push(Command::StartFrom(state.typed.clone()));
        }
    }
}

/// A key as a cap, its right edge here; where it stands.
pub(super) fn foot_key(ui: &Ui, right: eframe::egui::Pos2, words: &str) -> Rect {
    let t = Tokens::of(ui);
    let wide = paint::width(ui.painter(), words, Type::CaptionStrong) + 14.0;
    let rect = Rect::from_min_size(pos2(right.x - wide, right.y - 10.0), vec2(wide, 20.0));
    ui.painter().rect(rect, radius::SEGMENT, t.raised, Stroke::new(1.0, t.rail), StrokeKind::Inside);
    paint::text(ui.painter(), rect.center(), Align2::CENTER_CENTER, words, Type::CaptionStrong, t.text);
    rect
}

/// What can be entered: a click puts it into the field.
fn examples(ui: &mut Ui, place: Rect, inputs: &StartInputs<'_>, state: &mut StartViewState) {
    let t = Tokens::of(ui);
    let words = inputs.locale.word(Key::StartExample);
    let said = paint::text(ui.painter(), place.left_center(), Align2::LEFT_CENTER, words, Type::Small, t.faint);
    let mut left = said.right() + space::M;
    for (number, example) in EXAMPLES.into_iter().enumerate() {
        let Some(response) = pill(ui, (left, place), example, ("example", number)) else { return };
        left = response.rect.right() + space::S;
        if response.clicked() {
            example.clone_into(&mut state.typed);
            state.takes_keyboard = true;
        }
    }
}

/// Models whose names are like what is typed: a click begins with one.
fn models(ui: &mut Ui, place: Rect, inputs: &StartInputs<'_>, commands: &mut Vec<Command>) {
    let mut left = place.left();
    for (number, model) in inputs.alike.iter().enumerate() {
        let Some(response) = pill(ui, (left, place), &model.name, ("model", number)) else { return };
        left = response.rect.right() + space::S;
        if response.clicked() {
            commands.push(Command::StartWithModel(model.id.clone()));
        }
    }
}

/// A pill from this place on; none where there is no room for it.
fn pill(ui: &Ui, (left, row): (f32, Rect), words: &str, salt: (&'static str, usize)) -> Option<eframe::egui::Response> {
    let t = Tokens::of(ui);
    let wide = paint::width(ui.painter(), words, Type::Small) + 20.0;
    if left + wide > row.right() {
        return None;
    }
    let rect = Rect::from_min_size(pos2(left, row.top()), vec2(wide, PILL));
    let response = ui.interact(rect, ui.make_persistent_id(salt), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words));
    let fill = if response.hovered() { t.hover } else { CLEAR };
    ui.painter().rect(rect, 13, fill, Stroke::new(1.0, t.line), StrokeKind::Inside);
    paint::text(ui.painter(), rect.center(), Align2::CENTER_CENTER, words, Type::Small, t.sec);
    paint::focus_ring(ui, &response, 13);
    Some(response)
}
