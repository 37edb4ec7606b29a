//! The inputs: everything a plan is made of, from the model to the operating system.

mod advanced;
mod also;
mod altered;
mod card_list;
mod card_slot;
mod concurrency;
mod hardware;
mod input_row;
mod machine;
mod model;
mod model_list;
mod presets;
mod rows;
mod runtime;
mod server;
mod speculation;
pub(in crate::ui) mod training;
mod training_more;
mod workload;

use eframe::egui::scroll_area::ScrollBarVisibility;
use eframe::egui::{Margin, ScrollArea, Ui};

pub use altered::Altered;

use super::{PlanInputs, PlanViewState};
use crate::plan::Plan;
use crate::ui::command::Command;
use crate::ui::theme::space;

/// Shows the panel; it scrolls where the window is too low for it.
pub(super) fn show(
    ui: &mut Ui,
    plan: &mut Plan,
    inputs: &PlanInputs<'_>,
    state: &mut PlanViewState,
    commands: &mut Vec<Command>,
) {
    let area = ScrollArea::vertical().auto_shrink([false, false]);
    area.scroll_bar_visibility(ScrollBarVisibility::AlwaysVisible).show(ui, |ui| {
        let margin = Margin { left: 16, right: 0, top: 12, bottom: 16 };
        eframe::egui::Frame::new().inner_margin(margin).show(ui, |ui| {
            ui.set_width(space::CONTROL);
            ui.spacing_mut().item_spacing.y = 0.0;
            state.program = state.program.filter(|row| *row < plan.also.len());
            match state.program {
                Some(row) => also::edit(ui, plan, row, inputs, state, commands),
                None => own(ui, plan, inputs, state, commands),
            }
            rows::rule(ui);
            also::show(ui, plan, inputs, state);
            rows::rule(ui);
            hardware::show(ui, plan, inputs, state, commands);
            machine::show(ui, plan, inputs);
        });
    });
}

/// The plan's own model: what runs, and how it is asked.
fn own(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>, state: &mut PlanViewState, commands: &mut Vec<Command>) {
    model_list::show(ui, plan, inputs, state, commands);
    ui.add_space(10.0);
    runtime::task(ui, plan, inputs, state);
    runtime::runtime(ui, plan, inputs, state);
    model::show(ui, plan, inputs);
    rows::rule(ui);
    if plan.workload.task.trains() {
        training::show(ui, plan, inputs);
    } else {
        workload::show(ui, plan, inputs, state);
    }
    advanced::show(ui, plan, inputs, state);
}

/// A number of a slider as a count; a float cast saturates.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sliders give whole numbers above zero")]
fn whole(value: f64) -> u64 {
    value.round() as u64
}

/// As [`whole`], for counts that are kept in 32 bits.
fn whole_u32(value: f64) -> u32 {
    u32::try_from(whole(value)).unwrap_or(u32::MAX)
}
