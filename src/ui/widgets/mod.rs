//! Controls, each named for screen readers and driven by the keyboard. They know numbers and words, no plan.

pub mod button;
pub mod check_box;
pub mod link;
pub mod long_list;
pub mod memory_bar;
pub mod picker;
pub mod row;
pub mod scale;
pub mod segmented;
pub mod slider;
pub mod stepper;
pub mod tip;
pub mod typed_cell;
pub mod value_field;

use eframe::egui::{Rect, Ui, UiBuilder};

/// Draws in a place of its own, without moving what comes after it.
pub fn inside<R>(ui: &mut Ui, salt: &'static str, rect: Rect, draw: impl FnOnce(&mut Ui) -> R) -> R {
    draw(&mut ui.new_child(UiBuilder::new().id_salt(salt).max_rect(rect)))
}
