//! Rows of a form: a name at the left, its control at the right, what it means where the pointer rests on the name.

use eframe::egui::{Align2, Rect, Ui, pos2, vec2};

use super::inside;
use super::segmented::segmented;
use super::tip::{Begun, Tip};
use super::value_field::ValueField;
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, space};

/// Between a name and its control, in points.
const GAP: f32 = 8.0;

/// One row.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// What is set.
    pub name: &'a str,
    /// What it means; nothing where the name says it all.
    pub tip: Option<Tip<'a>>,
    /// Tells its control from those of other rows.
    pub salt: &'static str,
    /// Width of the row.
    pub width: f32,
    /// Width of the control; none for all that the name leaves.
    pub control: Option<f32>,
    /// Below the row.
    pub gap: f32,
}

impl<'a> Row<'a> {
    /// A row of the inputs panel, with a control of so many points.
    pub const fn of_panel(name: &'a str, salt: &'static str, control: f32) -> Self {
        Self { name, tip: None, salt, width: space::CONTROL, control: Some(control), gap: 6.0 }
    }

    /// The same row with a tip.
    #[must_use]
    pub const fn tip(self, tip: Tip<'a>) -> Self {
        Self { tip: Some(tip), ..self }
    }

    /// Draws the name, and `control` in its place.
    pub fn show<R>(&self, ui: &mut Ui, control: impl FnOnce(&mut Ui) -> R) -> R {
        let begun = Begun::here(ui);
        let (_, rect) = ui.allocate_space(vec2(self.width, space::ROW));
        let look = (Type::Small, Tokens::of(ui).sec);
        let wide = self.control.unwrap_or_else(|| self.width - paint::width(ui.painter(), self.name, look.0) - GAP);
        let room = self.width - wide - GAP;
        paint::text_within(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, self.name, look, room);
        let right = Rect::from_min_max(pos2(rect.right() - wide, rect.top() + 1.0), rect.right_bottom());
        let result = inside(ui, self.salt, right, control);
        if let Some(tip) = &self.tip {
            tip.over(ui, begun, rect.with_max_x(rect.left() + room), self.salt);
        }
        ui.add_space(self.gap);
        result
    }

    /// A row with a number or a text to type; what was typed. The field's name is `field.name`.
    pub fn field(&self, ui: &mut Ui, field: ValueField<'_>) -> Option<f64> {
        self.text(ui, field).and_then(|typed| (field.parse)(&typed).ok())
    }

    /// The same; what was typed as it stands.
    pub fn text(&self, ui: &mut Ui, field: ValueField<'_>) -> Option<String> {
        let (typed, id) = self.show(ui, |ui| {
            let rect = ui.max_rect().shrink2(vec2(0.0, 0.5));
            let id = ui.make_persistent_id(self.salt);
            (field.text(ui, rect, id), id)
        });
        field.say_fault(ui, id, self.width);
        typed
    }

    /// A row with a few options side by side; the one that was chosen, if another than `current`.
    pub fn choice<T: Copy + PartialEq>(&self, ui: &mut Ui, options: &[(T, &str)], current: T) -> Option<T> {
        self.show(ui, |ui| {
            let width = ui.max_rect().width();
            segmented(ui, self.name, options, current, width)
        })
    }
}
