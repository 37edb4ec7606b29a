//! The table of a training step: what lies on the fullest card at the peak and at the optimizer's step, and what in RAM.

use super::figures::Figures;
use super::parts::Part;
use super::table::{Cell, Line, Swatch};
use crate::estimate::Estimate;
use crate::estimate::explain::Figure;
use crate::text::{Column, Key};
use crate::ui::theme::Memory;

/// The rows, down to what nobody is offered.
pub(super) fn of(estimate: &Estimate, figures: &Figures) -> Vec<Line> {
    let (peak, ram) = (&figures.vram, &figures.ram);
    let update = |part| figures.update.as_ref().map_or(Cell::Unknown, |side| side.part_cell(part));
    let line = |part: Part, name, cells: [Cell; 3]| {
        let [peak, update, ram] = cells;
        let swatch = Some(Swatch::Of(part.memory()));
        Line { name, swatch, figure: Some(part.figure()), cells: [peak, update, ram, Cell::Empty] }
    };
    let mut lines: Vec<Line> = Part::ALL
        .into_iter()
        .filter(|part| !matches!(part, Part::Kv | Part::State | Part::Output))
        .map(|part| match part {
            // Communication on the cards; what the host computes with has a row of its own.
            Part::Compute => line(part, Key::TrainBuffers, [peak.part_cell(part), update(part), Cell::Nothing]),
            part => line(part, part.name(), [peak.part_cell(part), update(part), ram.part_cell(part)]),
        })
        .collect();
    let host = [Cell::Nothing, Cell::Nothing, ram.part_cell(Part::Compute)];
    let mut host = line(Part::Compute, Key::TrainHost, host);
    host.figure = Some(Figure::HostBuffers);
    lines.push(host);
    // Without adapters, and on one card without buffers, nothing is said of them.
    lines.retain(|line| {
        !matches!(line.name, Key::Adapter | Key::TrainBuffers) || line.cells.iter().any(|cell| cell.is_something())
    });
    let at_step = figures.update.as_ref().map_or(Cell::Unknown, |side| Cell::Memory(side.column().needed));
    let needed = [peak.cell(peak.column().needed), at_step, ram.cell(ram.column().needed), Cell::Empty];
    lines.push(Line::sum(Key::Needed, None, needed));
    let missing = |column: &Column| if column.excess.is_zero() { Cell::Empty } else { Cell::Memory(column.excess) };
    if ![peak, ram].into_iter().all(|side| side.column().excess.is_zero()) {
        let cells = [missing(peak.column()), Cell::Empty, missing(ram.column()), Cell::Empty];
        lines.push(Line::sum(Key::TooMuch, None, cells));
    }
    let free = [peak.cell(peak.column().free), Cell::Empty, ram.cell(ram.column().free), Cell::Empty];
    lines.push(Line::sum(Key::Free, (!estimate.devices.is_empty()).then_some(Figure::Usable), free));
    for (name, amount) in [Key::OutsideShare, Key::KeptByScreen, Key::KeptByDriver].into_iter().zip(&peak.column().kept)
    {
        if !amount.is_zero() {
            let cells = [Cell::Memory(*amount), Cell::Empty, Cell::Empty, Cell::Empty];
            lines.push(Line::kept(name, Swatch::Kept, cells));
        }
    }
    let system = ram.column().kept.first().copied().unwrap_or_default();
    let cells = [Cell::Empty, Cell::Empty, Cell::Memory(system), Cell::Empty];
    lines.push(Line::kept(Key::OsAndApps, Swatch::Of(Memory::Os), cells));
    lines
}
