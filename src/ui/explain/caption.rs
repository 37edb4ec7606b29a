//! Sentences with words that light up together with what they name: under the stage, and in its headings.

use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextFormat, TextWrapping};
use eframe::egui::{FontId, Galley, Pos2, Rect, Role, Sense, Stroke, Ui, WidgetInfo};

use crate::scenes::mark::Link;
use crate::scenes::spans::{self, Span};
use crate::ui::fonts::Type;
use crate::ui::theme::{Ink, Tokens};

/// The faces to choose from, and their line heights: the largest that has room.
const SIZES: [(Type, Type, f32); 2] = [(Type::Told, Type::ToldStrong, 28.0), (Type::Lead, Type::LeadStrong, 20.0)];

/// How a sentence is set.
pub(super) struct Look {
    /// Words, and those that name something.
    pub(super) fonts: [FontId; 2],
    pub(super) ink: Ink,
    pub(super) leading: Option<f32>,
    pub(super) wrap: TextWrapping,
}

/// A sentence as it stands in the window.
pub(super) struct Linked {
    spans: Vec<Span>,
    pub(super) galley: Arc<Galley>,
}

impl Linked {
    /// A filled sentence, laid out; what is lit is underlined like text.
    pub(super) fn new(ui: &Ui, filled: &str, look: &Look, lit: Option<Link>) -> Self {
        let t = Tokens::of(ui);
        let spans = spans::spans(filled);
        let mut job = LayoutJob { wrap: look.wrap.clone(), ..LayoutJob::default() };
        let [plain, strong] = &look.fonts;
        for span in &spans {
            let font = if span.link.is_some() { strong } else { plain };
            let mut format = TextFormat::simple(font.clone(), if span.link.is_some() { t.text } else { look.ink });
            format.line_height = look.leading;
            if let Some(link) = span.link {
                let ink = link.component().map_or(t.rail, |component| t.memory(component).fill);
                format.underline = Stroke::new(2.0, if lit == Some(link) { t.text } else { ink });
            }
            job.append(&span.words, 0.0, format);
        }
        Self { spans, galley: ui.painter().layout_job(job) }
    }

    /// What the word under the pointer names, where the sentence stands at `corner`.
    pub(super) fn link_at(&self, corner: Pos2, pointer: Pos2) -> Option<Link> {
        let at = pointer - corner;
        let size = self.galley.size();
        if !(0.0..=size.x).contains(&at.x) || !(0.0..=size.y).contains(&at.y) {
            return None;
        }
        let letter = self.galley.cursor_from_pos(at).index;
        let mut passed = 0;
        let hit = self.spans.iter().find(|span| {
            passed += span.words.chars().count();
            usize::from(letter) < passed
        });
        hit.and_then(|span| span.link)
    }
}

/// Shows a filled sentence in `rect`; what is pointed at.
pub(super) fn show(ui: &Ui, rect: Rect, filled: &str, lit: Option<Link>) -> Option<Link> {
    let t = Tokens::of(ui);
    let look = |(plain, strong, leading): (Type, Type, f32)| Look {
        fonts: [plain.font(), strong.font()],
        ink: t.sec,
        leading: Some(leading),
        wrap: TextWrapping::wrap_at_width(rect.width()),
    };
    let [large, small] = SIZES;
    let mut said = Linked::new(ui, filled, &look(large), lit);
    if said.galley.size().y > rect.height() {
        said = Linked::new(ui, filled, &look(small), lit);
    }
    let response = ui.interact(rect, ui.scope_id().with("caption"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, spans::strip(filled)));
    ui.painter().with_clip_rect(rect.expand(2.0)).galley(rect.min, Arc::clone(&said.galley), t.sec);
    said.link_at(rect.min, response.hover_pos()?)
}
