//! What holds the memory just now: bars and their history, beside them the programs.

use eframe::egui::{Stroke, Ui};

use super::bar::Axis;
use super::{MachineInputs, column, details, device, engines, history, programs, ram, stands_beside};
use crate::system::detect::{Detected, DeviceKind, SeenDevice};
use crate::ui::command::Command;
use crate::ui::theme::{Tokens, space};
use crate::units::Bytes;

/// Width of the programs, in windows of full width and narrower ones.
const PROGRAMS: f32 = 400.0;
const PROGRAMS_NARROW: f32 = 320.0;
const NARROW: f32 = 1250.0;
/// Height of the plot, and in low windows.
const PLOT: f32 = 260.0;
const PLOT_LOW: f32 = 160.0;
const LOW: f32 = 780.0;

pub(super) fn show(ui: &mut Ui, found: &Detected, inputs: &MachineInputs<'_>, commands: &mut Vec<Command>) {
    let rect = ui.available_rect_before_wrap();
    if stands_beside(ui) {
        let beside = if rect.width() < NARROW { PROGRAMS_NARROW } else { PROGRAMS };
        let split = rect.right() - beside;
        ui.painter().vline(split, rect.y_range(), Stroke::new(1.0, Tokens::of(ui).line));
        column(ui, "bars", rect.with_max_x(split - space::XL), |ui| memory(ui, found, inputs));
        column(ui, "programs", rect.with_min_x(split + space::XL), |ui| rest(ui, found, inputs, commands));
    } else {
        column(ui, "live", rect, |ui| {
            memory(ui, found, inputs);
            ui.add_space(space::L);
            rest(ui, found, inputs, commands);
        });
    }
    ui.advance_cursor_after_rect(rect);
}

/// The bars, and what they were.
fn memory(ui: &mut Ui, found: &Detected, inputs: &MachineInputs<'_>) {
    let window = ui.ctx().content_rect().height();
    bars(ui, found, inputs);
    ui.add_space(space::L);
    history::show(ui, if window < LOW { PLOT_LOW } else { PLOT }, inputs);
}

/// The programs, and what else is known.
fn rest(ui: &mut Ui, found: &Detected, inputs: &MachineInputs<'_>, commands: &mut Vec<Command>) {
    programs::show(ui, found, inputs);
    engines::show(ui, inputs, commands);
    details::show(ui, found, inputs, commands);
}

fn bars(ui: &mut Ui, found: &Detected, inputs: &MachineInputs<'_>) {
    let devices = found.devices(inputs.catalog);
    let shown: Vec<&SeenDevice<'_>> = devices.iter().filter(|device| device.is_of_use()).collect();
    let unified = shown.iter().any(|device| device.kind == DeviceKind::Unified);
    let totals = shown.iter().filter(|device| device.has_vram()).filter_map(|device| device.total);
    let axis = Axis::of(totals.chain(found.host.ram_bytes().map(Bytes)), ui.available_width());
    for (place, device) in shown.iter().enumerate() {
        device::show(ui, device, (place, shown.len()), axis, inputs);
    }
    ui.add_space(space::S);
    ram::show(ui, found, axis, unified, inputs);
    axis.show(ui);
}
