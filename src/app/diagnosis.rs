//! Which memory ran out: the dialog for a pasted error.

use eframe::egui::{Context, vec2};

use super::App;
use super::modal::{escaped, heading, modal};
use crate::text::Key;
use crate::ui::command::Tab;
use crate::ui::diagnosis::{self, DiagnosisState};
use crate::ui::theme::space;
use crate::ui::widgets::button::{ButtonLook, button};

/// The dialog is no larger, and leaves so much of the window around it.
const LARGEST: (f32, f32) = (640.0, 620.0);
const AROUND: f32 = 96.0;

/// What was done with the buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    Close,
    ShowPlan,
}

impl App {
    /// Opens the dialog, with the text where one was pasted already.
    pub(super) fn open_diagnosis(&mut self, text: Option<&str>) {
        self.dialogs.diagnosis = Some(text.map_or_else(DiagnosisState::default, DiagnosisState::of));
    }

    /// Draws the dialog while it is open.
    pub(super) fn draw_diagnosis(&mut self, ctx: &Context) {
        let locale = self.locale();
        let Some(state) = &mut self.dialogs.diagnosis else { return };
        let room = ctx.content_rect().size();
        let size = vec2((room.x - AROUND).min(LARGEST.0), (room.y - AROUND).min(LARGEST.1));
        let mut done = None;
        let shown = modal("diagnosis", ctx).show(ctx, |ui| {
            ui.set_width(size.x);
            ui.set_height(size.y);
            heading(ui, locale.word(Key::RanOutTitle));
            ui.add_space(space::S);
            diagnosis::show(ui, state, locale);
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                if button(ui, locale.word(Key::Close), ButtonLook::Primary, None).clicked() {
                    done = Some(Done::Close);
                }
                if state.is_read() {
                    let plan = button(ui, locale.word(Key::RanOutPlan), ButtonLook::Plain, None);
                    if plan.on_hover_text(locale.word(Key::TipRanOutPlan)).clicked() {
                        done = Some(Done::ShowPlan);
                    }
                }
            });
        });
        if escaped(&shown) {
            done = Some(Done::Close);
        }
        let Some(done) = done else { return };
        self.dialogs.diagnosis = None;
        if done == Done::ShowPlan {
            self.tab = Tab::Plan;
        }
        ctx.request_repaint();
    }
}
