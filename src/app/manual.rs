//! The manual over the views.

use eframe::egui::{Align, Context, Layout, vec2};

use super::App;
use super::dialogs::Sheet;
use super::modal::{focus_first, heading, modal};
use crate::text::Key;
use crate::ui::manual;
use crate::ui::theme::space;
use crate::ui::widgets::button::{ButtonLook, button};

/// The manual is no larger, and leaves so much of the window around it.
const LARGEST: (f32, f32) = (760.0, 820.0);
const AROUND: f32 = 96.0;

impl App {
    /// Draws the manual while it is open.
    pub(super) fn draw_manual(&mut self, ctx: &Context) {
        if self.dialogs.sheet != Some(Sheet::Manual) {
            return;
        }
        let (locale, room) = (self.locale(), ctx.content_rect().size());
        let size = vec2((room.x - AROUND).min(LARGEST.0), (room.y - AROUND).min(LARGEST.1));
        let mut close = false;
        let shown = modal("manual", ctx).show(ctx, |ui| {
            ui.set_width(size.x);
            ui.set_height(size.y);
            ui.horizontal(|ui| {
                heading(ui, locale.word(Key::Manual));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let response = button(ui, locale.word(Key::Close), ButtonLook::Plain, None);
                    focus_first(ui, &response);
                    close = response.clicked();
                });
            });
            ui.add_space(space::S);
            manual::show(ui, locale);
        });
        if close || shown.should_close() {
            self.dialogs.sheet = None;
            ctx.request_repaint();
        }
    }
}
