//! The heading over the stage, and the answers where the stop asks.

use eframe::egui::text::TextWrapping;
use eframe::egui::{Align2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

use super::caption::{Linked, Look};
use super::marks::Place;
use crate::plan::ScenePosition;
use crate::scenes::Scene;
use crate::scenes::mark::{Face, Link, STAGE};
use crate::scenes::script::StopScript;
use crate::scenes::spans::Tongue;
use crate::text::Locale;
use crate::ui::fonts::{self, Type};
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};

/// Heights on the stage: the heading, the line under it, the answers.
const HEADING: f32 = 22.0;
const SUB: f32 = 54.0;
const ANSWERS: f32 = 104.0;

/// The lines over the stage at a stop; where it follows a question that was answered, with what is said to the answer.
pub(super) struct Headings<'a> {
    pub(super) scene: &'a Scene,
    pub(super) stop: usize,
    pub(super) position: &'a ScenePosition,
    pub(super) tongue: Tongue,
    pub(super) locale: Locale,
}

impl Headings<'_> {
    /// The line under the heading, with the marks of what its words name.
    fn sub(&self, words: &StopScript) -> String {
        let sub = self.scene.fill(&words.sub, self.tongue, self.locale);
        let asked = self.stop.checked_sub(1).and_then(|before| self.scene.script.stops.get(before));
        let answer = self.position.answers.get(&self.scene.id).map(|answer| usize::from(*answer));
        let Some(reply) = asked.zip(answer).and_then(|(asked, answer)| asked.replies.get(answer)) else { return sub };
        let space = match (sub.is_empty(), self.locale) {
            (true, _) => "",
            (false, Locale::En) => ". ",
            (false, Locale::Zh) => "。",
        };
        format!("{sub}{space}{}", self.scene.fill(reply, self.tongue, self.locale))
    }

    /// Writes them, seen only so much; what is pointed at.
    pub(super) fn show(&self, ui: &Ui, place: Place, seen: f32, lit: Option<Link>) -> Option<Link> {
        let words = self.scene.script.stops.get(self.stop)?;
        let t = Tokens::of(ui);
        let mut painter = ui.painter().clone();
        painter.set_opacity(seen);
        let heading = self.scene.fill(&words.heading, self.tongue, self.locale);
        let pointer = ui.input(|input| input.pointer.hover_pos());
        let mut over = None;
        let lines = [(HEADING, heading, Face::Question, t.text), (SUB, self.sub(words), Face::Lead, t.sec)];
        for (y, filled, face, ink) in lines {
            let strong = if face == Face::Lead { Face::BodyStrong } else { face };
            let look = Look {
                fonts: [face, strong].map(|face| fonts::of_stage(face, place.scale)),
                ink,
                leading: None,
                wrap: TextWrapping::truncate_at_width((STAGE[0] - 40.0) * place.scale),
            };
            let line = Linked::new(ui, &filled, &look, lit);
            let rect = Align2::CENTER_CENTER.anchor_size(place.at([STAGE[0] / 2.0, y]), line.galley.size());
            over = over.or(pointer.and_then(|pointer| line.link_at(rect.min, pointer)));
            painter.galley(rect.min, line.galley, ink);
        }
        over
    }
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
