//! Plans to start from: each with how it is judged and its one figure.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::{PlanGlance, Reading, StartInputs};
use crate::share::templates::TemplateId;
use crate::text::{Join, Key, Locale};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius, space};
use crate::ui::words;

/// From the top of a column to its first row.
pub(super) const HEAD: f32 = 36.0;
/// Height of a row, and with what is below it.
const ROW: f32 = 52.0;
const STEP: f32 = 59.0;

/// One template.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateRow {
    /// Which.
    pub id: TemplateId,
    /// What it runs, and on what.
    pub of: String,
    /// What it comes to; none until that is worked out.
    pub glance: Option<PlanGlance>,
}

pub(super) fn show(ui: &Ui, place: Rect, inputs: &StartInputs<'_>, commands: &mut Vec<Command>) {
    let t = Tokens::of(ui);
    let head = inputs.locale.word(Key::StartTemplates);
    let at = pos2(place.left(), place.top() + 14.0);
    paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, head, (Type::Section, t.text), place.width());
    for (number, template) in inputs.templates.iter().enumerate() {
        let top = place.top() + HEAD + STEP * number as f32;
        let rect = Rect::from_min_size(pos2(place.left(), top), vec2(place.width(), ROW));
        if row(ui, rect, template, inputs.locale) {
            commands.push(Command::StartTemplate(template.id));
        }
    }
}

/// One template; whether it was chosen.
fn row(ui: &Ui, rect: Rect, template: &TemplateRow, locale: Locale) -> bool {
    let t = Tokens::of(ui);
    let name = locale.word(template.id.label());
    let glance = template.glance.as_ref();
    let verdict = glance.and_then(|glance| glance.verdict);
    let reading = glance.and_then(|glance| glance.reading).map(Reading::write).unwrap_or_default();
    let word = verdict.map_or("", |verdict| locale.word(words::verdict(verdict)));
    let held = [&*template.of, word, &reading].into_iter().filter(|it| !it.is_empty());
    let held = locale.join(Join::Phrases, held);
    let response = ui.interact(rect, ui.scope_id().with(("template", template.id)), Sense::click());
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(held.clone()),
        ..WidgetInfo::labeled(Role::Button, true, name)
    });
    let (fill, edge) = if response.hovered() { (t.hover, t.rail) } else { (t.panel, t.line) };
    let painter = ui.painter();
    painter.rect(rect, radius::CARD, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
    if let Some(verdict) = verdict {
        icons::verdict(painter, rect.left_center() + vec2(20.0, 0.0), verdict, t);
    }
    let figure =
        paint::text(painter, rect.right_center() - vec2(14.0, 0.0), Align2::RIGHT_CENTER, &reading, Type::Mono, t.text);
    let at = rect.left_center() + vec2(40.0, 0.0);
    let room = figure.left() - at.x - space::S;
    let line = |down: f32, words: &str, look| {
        paint::text_within(painter, at + vec2(0.0, down), Align2::LEFT_CENTER, words, look, room);
    };
    line(-9.0, name, (Type::BodyStrong, t.text));
    line(9.0, &template.of, (Type::Small, t.sec));
    paint::focus_ring(ui, &response, radius::CARD);
    response.on_hover_text(held).clicked()
}
