//! A cell of a table while another figure is typed into it: Enter or leaving keeps what was typed, Escape does not.

use eframe::egui::{Align2, Frame, Key as Press, Margin, Rect, Response, Role, Stroke, TextEdit, Ui, WidgetInfo};

use super::inside;
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};

/// The cell.
#[derive(Debug, Clone, Copy)]
pub struct TypedCell<'a> {
    /// Tells it from other cells.
    pub salt: &'static str,
    /// Where it stands.
    pub place: Rect,
    /// What is asked for, for screen readers.
    pub name: &'a str,
    /// Shown while nothing is typed.
    pub hint: &'a str,
    /// What stood there before.
    pub before: &'a str,
}

/// How far typing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typing {
    /// It goes on.
    Going,
    /// It ended and left the cell as it was.
    Left,
    /// It ended with something new.
    Changed,
}

impl TypedCell<'_> {
    /// Shows the cell and takes the keyboard.
    pub fn show(&self, ui: &mut Ui, typed: &mut String) -> (Response, Typing) {
        let t = Tokens::of(ui);
        let frame = Frame::new()
            .fill(t.bg)
            .stroke(Stroke::new(1.0, t.rail))
            .corner_radius(radius::SEGMENT)
            .inner_margin(Margin::symmetric(4, 2));
        let field = TextEdit::singleline(typed)
            .id(ui.make_persistent_id(self.salt))
            .font(Type::Mono.font())
            .char_limit(16)
            .frame(frame)
            .hint_text(self.hint)
            .align(Align2::RIGHT_CENTER)
            .desired_width(self.place.width() - 8.0);
        let response = inside(ui, self.salt, self.place, |ui| ui.put(self.place, field));
        response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, self.name));
        paint::focus_ring(ui, &response, radius::SEGMENT);
        if !response.lost_focus() {
            if !response.has_focus() {
                response.request_focus();
            }
            return (response, Typing::Going);
        }
        let given_up = ui.input(|input| input.key_pressed(Press::Escape));
        let changed = !given_up && !typed.trim().is_empty() && typed != self.before;
        (response, if changed { Typing::Changed } else { Typing::Left })
    }
}
