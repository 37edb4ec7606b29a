//! The heading over the stage, and the answers where the stop asks.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

use super::marks::Place;
use crate::plan::ScenePosition;
use crate::scenes::Scene;
use crate::scenes::mark::{Face, STAGE};
use crate::scenes::spans::Tongue;
use crate::text::Locale;
use crate::ui::fonts::{self, Type};
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};

/// Heights on the stage: the heading, the line under it, the answers.
const HEADING: f32 = 22.0;
const SUB: f32 = 54.0;
const ANSWERS: f32 = 104.0;

/// Writes the heading of a stop; where it follows a question that was answered, with what is said to the answer.
pub(super) fn show_heading(
    ui: &Ui,
    place: Place,
    (scene, stop): (&Scene, usize),
    position: &ScenePosition,
    (tongue, locale): (Tongue, Locale),
    seen: f32,
) {
    let Some(words) = scene.script.stops.get(stop) else { return };
    let t = Tokens::of(ui);
    let mut painter = ui.painter().clone();
    painter.set_opacity(seen);
    let heading = scene.plain(&words.heading, tongue, locale);
    let mut sub = scene.plain(&words.sub, tongue, locale);
    let asked = stop.checked_sub(1).and_then(|before| scene.script.stops.get(before));
    let answer = position.answers.get(&scene.id).map(|answer| usize::from(*answer));
    if let Some(reply) = asked.zip(answer).and_then(|(asked, answer)| asked.replies.get(answer)) {
        let space = match (sub.is_empty(), locale) {
            (true, _) => "",
            (false, Locale::En) => ". ",
            (false, Locale::Zh) => "。",
        };
        sub = format!("{sub}{space}{}", scene.plain(reply, tongue, locale));
    }
    let room = (STAGE[0] - 40.0) * place.scale;
    let line = |y: f32, words: &str, face: Face, ink| {
        let galley = paint::line_within(&painter, words, fonts::of_stage(face, place.scale), ink, room);
        let at = place.at([STAGE[0] / 2.0, y]);
        painter.galley(Align2::CENTER_CENTER.anchor_size(at, galley.size()).min, galley, ink);
    };
    line(HEADING, &heading, Face::Question, t.text);
    line(SUB, &sub, Face::Lead, t.sec);
}

/// Shows the answers of a stop that asks; the one that was chosen.
pub(super) fn show_answers(
    ui: &Ui,
    place: Place,
    (scene, stop): (&Scene, usize),
    chosen: Option<u8>,
    (tongue, locale): (Tongue, Locale),
) -> Option<u8> {
    let words = scene.script.stops.get(stop)?;
    let t = Tokens::of(ui);
    let texts: Vec<String> = words.answers.iter().map(|answer| scene.plain(answer, tongue, locale)).collect();
    let widths: Vec<f32> = texts.iter().map(|text| paint::width(ui.painter(), text, Type::Lead) + 60.0).collect();
    let whole: f32 = widths.iter().sum::<f32>() + 12.0 * widths.len().saturating_sub(1) as f32;
    let center = place.at([STAGE[0] / 2.0, ANSWERS]);
    let mut left = center.x - whole / 2.0;
    let mut taken = None;
    for (number, (text, width)) in texts.iter().zip(&widths).enumerate() {
        let rect = Rect::from_min_size(eframe::egui::pos2(left, center.y - 18.0), vec2(*width, 36.0));
        left = rect.right() + 12.0;
        let number = u8::try_from(number).unwrap_or(u8::MAX);
        let response = ui.interact(rect, ui.scope_id().with(("answer", number)), Sense::click());
        let on = chosen == Some(number);
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, on, text));
        let painter = ui.painter();
        let edge = if on || response.hovered() { t.text } else { t.rail };
        painter.rect(
            rect,
            radius::CARD,
            if response.hovered() { t.hover } else { t.raised },
            Stroke::new(1.0, edge),
            StrokeKind::Inside,
        );
        let cap = Rect::from_center_size(rect.left_center() + vec2(24.0, 0.0), vec2(18.0, 20.0));
        painter.rect_stroke(cap, radius::SEGMENT, Stroke::new(1.0, t.rail), StrokeKind::Inside);
        paint::text(
            painter,
            cap.center(),
            Align2::CENTER_CENTER,
            &(number + 1).to_string(),
            Type::CaptionStrong,
            t.text,
        );
        paint::text(painter, rect.left_center() + vec2(44.0, 0.0), Align2::LEFT_CENTER, text, Type::Lead, t.text);
        paint::focus_ring(ui, &response, radius::CARD);
        if response.clicked() {
            taken = Some(number);
        }
    }
    taken
}
