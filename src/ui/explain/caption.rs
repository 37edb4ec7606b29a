//! What is said under the stage, with words that light up together with what they name.

use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Galley, Rect, Role, Sense, Stroke, Ui, WidgetInfo};

use crate::scenes::mark::Link;
use crate::scenes::spans::{self, Span};
use crate::ui::fonts::Type;
use crate::ui::theme::Tokens;

/// The faces to choose from, and their line heights: the largest that has room.
const SIZES: [(Type, Type, f32); 2] = [(Type::Told, Type::ToldStrong, 28.0), (Type::Lead, Type::LeadStrong, 20.0)];

/// Shows a filled sentence in `rect`; what is pointed at.
pub(super) fn show(ui: &Ui, rect: Rect, filled: &str, lit: Option<Link>) -> Option<Link> {
    let t = Tokens::of(ui);
    let spans = spans::spans(filled);
    let [large, small] = SIZES;
    let lay_out = |size| laid_out(ui, &spans, size, rect.width(), lit);
    let mut galley = lay_out(large);
    if galley.size().y > rect.height() {
        galley = lay_out(small);
    }
    let response = ui.interact(rect, ui.scope_id().with("caption"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, spans::strip(filled)));
    ui.painter().with_clip_rect(rect.expand(2.0)).galley(rect.min, galley.clone(), t.sec);
    let pointer = response.hover_pos()?;
    let at = pointer - rect.min;
    if at.y > galley.size().y {
        return None;
    }
    let letter = galley.cursor_from_pos(at).index;
    let mut passed = 0;
    let hit = spans.iter().find(|span| {
        passed += span.words.chars().count();
        usize::from(letter) < passed
    });
    hit.and_then(|span| span.link)
}

/// The spans in one size, wrapped at `width`, laid out but not drawn.
fn laid_out(
    ui: &Ui,
    spans: &[Span],
    (plain, strong, leading): (Type, Type, f32),
    width: f32,
    lit: Option<Link>,
) -> Arc<Galley> {
    let t = Tokens::of(ui);
    let mut job = LayoutJob::default();
    job.wrap.max_width = width;
    for span in spans {
        let step = if span.link.is_some() { strong } else { plain };
        let mut format = TextFormat::simple(step.font(), if span.link.is_some() { t.text } else { t.sec });
        format.line_height = Some(leading);
        if let Some(link) = span.link {
            let ink = link.component().map_or(t.rail, |component| t.memory(component).fill);
            format.underline = Stroke::new(2.0, if lit == Some(link) { t.text } else { ink });
        }
        job.append(&span.words, 0.0, format);
    }
    ui.painter().layout_job(job)
}
