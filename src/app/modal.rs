//! The frame of a dialog.

use eframe::egui::{
    Context, Frame, Id, InputState, Key, Label, Margin, Modal, ModalResponse, Modifiers, Rect, Response, RichText,
    ScrollArea, Ui,
};

use crate::ui::fonts::Type;
use crate::ui::theme::space;
use crate::ui::widgets::button::{ButtonLook, button};

/// Width of what a dialog holds, in points.
pub(super) const WIDTH: f32 = 420.0;

/// What a dialog has around its body from the top of the window to its bottom: margins, title and buttons.
const AROUND: f32 = 150.0;
/// The least height of a body.
const LEAST_BODY: f32 = 90.0;

/// A dialog over everything else: a title, what it is about, and buttons. Escape, and a click beside it, leave it.
pub(super) struct Dialog<'a, T> {
    /// Its name among dialogs.
    pub(super) id: &'static str,
    pub(super) title: &'a str,
    /// What is written on each button, and what it means. The first one has the keyboard unless the body takes it.
    pub(super) buttons: &'a [(&'a str, ButtonLook, T)],
    /// What leaving it means.
    pub(super) left: T,
}

impl<T: Copy> Dialog<'_, T> {
    /// Draws it; what was done in `body` or with the buttons, if anything.
    pub(super) fn show(&self, ctx: &Context, body: impl FnOnce(&mut Ui) -> Option<T>) -> Option<T> {
        let mut done = None;
        let modal = modal(self.id, ctx).show(ctx, |ui| {
            ui.set_width(WIDTH);
            heading(ui, self.title);
            ui.add_space(space::M);
            // In a low window the buttons stay in sight, and what is over them is scrolled.
            let room = (ctx.content_rect().height() - AROUND).max(LEAST_BODY);
            let area = ScrollArea::vertical().id_salt(self.id).max_height(room).auto_shrink([false, true]);
            done = area.show(ui, body).inner;
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                for (place, &(words, look, meaning)) in self.buttons.iter().enumerate() {
                    let response = button(ui, words, look, None);
                    if place == 0 {
                        focus_first(ui, &response);
                    }
                    if response.clicked() {
                        done = Some(meaning);
                    }
                }
            });
        });
        done.or_else(|| modal.should_close().then_some(self.left))
    }
}

pub(super) fn heading(ui: &mut Ui, words: &str) {
    ui.add(Label::new(RichText::new(words).font(Type::Section.font())).wrap());
}

/// A dialog over everything else.
pub(super) fn modal(id: &'static str, ctx: &Context) -> Modal {
    // It is centered by the size that it had a frame before: where the window is another one, it is drawn once more.
    let (key, room) = (Id::unique("room of dialogs"), ctx.content_rect());
    let before: Option<Rect> = ctx.data(|data| data.get_temp(key));
    if before != Some(room) {
        ctx.data_mut(|data| data.insert_temp(key, room));
        ctx.request_repaint();
    }
    Modal::new(Id::unique(id)).frame(Frame::popup(&ctx.global_style()).inner_margin(Margin::same(20)))
}

/// Whether Escape leaves a dialog that is typed into: a click beside it does not, so that nothing typed is lost by it.
pub(super) fn escaped<T>(modal: &ModalResponse<T>) -> bool {
    let escape = |input: &mut InputState| input.consume_key(Modifiers::NONE, Key::Escape);
    modal.is_top_modal && !modal.any_popup_open && modal.response.ctx.input_mut(escape)
}

/// A dialog that opens takes the keyboard.
pub(super) fn focus_first(ui: &Ui, response: &Response) {
    if ui.memory(|memory| memory.focused().is_none()) {
        response.request_focus();
    }
}
