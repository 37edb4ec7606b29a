//! The glossary over the views.

use eframe::egui::{Align, Context, Layout, vec2};

use super::App;
use super::modal::{heading, modal};
use crate::text::{Concept, Key};
use crate::ui::glossary::{self, GlossaryState};
use crate::ui::theme::space;
use crate::ui::widgets::button::{ButtonLook, button};

/// The glossary is no larger, and leaves so much of the window around it.
const LARGEST: (f32, f32) = (640.0, 720.0);
const AROUND: f32 = 96.0;

impl App {
    /// Opens the glossary at the entry of a term, or at the beginning.
    pub(super) fn open_glossary(&mut self, concept: Option<Concept>) {
        self.dialogs.glossary = Some(GlossaryState::at(concept));
    }

    /// Draws the glossary while it is open.
    pub(super) fn draw_glossary(&mut self, ctx: &Context) {
        let locale = self.locale();
        let Some(state) = &mut self.dialogs.glossary else { return };
        let room = ctx.content_rect().size();
        let size = vec2((room.x - AROUND).min(LARGEST.0), (room.y - AROUND).min(LARGEST.1));
        let mut close = false;
        let shown = modal("glossary", ctx).show(ctx, |ui| {
            ui.set_width(size.x);
            ui.set_height(size.y);
            ui.horizontal(|ui| {
                heading(ui, locale.word(Key::Glossary));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    close = button(ui, locale.word(Key::Close), ButtonLook::Plain, None).clicked();
                });
            });
            ui.add_space(space::S);
            glossary::show(ui, state, locale);
        });
        let scene = state.scene.take();
        if let Some(scene) = scene {
            self.dialogs.glossary = None;
            self.show_scene(scene);
            ctx.request_repaint();
        } else if close || shown.should_close() {
            self.dialogs.glossary = None;
            ctx.request_repaint();
        }
    }
}
