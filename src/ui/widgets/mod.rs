//! Controls, each named for screen readers and driven by the keyboard. They know numbers and words, no plan.

pub mod button;
pub mod check_box;
pub mod memory_bar;
pub mod picker;
pub mod scale;
pub mod segmented;
pub mod slider;
pub mod stepper;
pub mod value_field;
