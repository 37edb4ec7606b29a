//! The table of a training step: what lies on the fullest card at the peak and at the optimizer's step, and what in RAM.

use super::table::{FigureCell, LineSwatch, TableLine};
use crate::estimate::Estimate;
use crate::estimate::explain::Figure;
use crate::estimate::printed::PlanFigures;
use crate::estimate::printed::PlanPart;
use crate::text::Key;
use crate::ui::theme::Memory;

/// The rows that a table of training has room for, whatever it shows: nothing moves when the method changes.
pub(super) const ROWS: usize = 11;

/// The rows, down to what nobody is offered.
pub(super) fn of(estimate: &Estimate, figures: &PlanFigures) -> Vec<TableLine> {
    let (peak, ram) = (&figures.vram, &figures.ram);
    let update = |part| figures.update.as_ref().map_or(FigureCell::Unknown, |side| side.part_cell(part));
    let line = |part: PlanPart, name, cells: [FigureCell; 3]| {
        let [peak, update, ram] = cells;
        let swatch = Some(LineSwatch::Of(part.memory()));
        TableLine { name, swatch, figure: Some(part.figure()), cells: [peak, update, ram, FigureCell::Empty] }
    };
    let mut lines: Vec<TableLine> = PlanPart::ALL
        .into_iter()
        .filter(|part| !matches!(part, PlanPart::Kv | PlanPart::State | PlanPart::Output))
        .map(|part| match part {
            // Communication on the cards; what the host computes with has a row of its own.
            PlanPart::Compute => {
                line(part, Key::TrainBuffers, [peak.part_cell(part), update(part), FigureCell::Nothing])
            }
            part => line(part, part.name(), [peak.part_cell(part), update(part), ram.part_cell(part)]),
        })
        .collect();
    let host = [FigureCell::Nothing, FigureCell::Nothing, ram.part_cell(PlanPart::Compute)];
    let mut host = line(PlanPart::Compute, Key::TrainHost, host);
    host.figure = Some(Figure::HostBuffers);
    lines.push(host);
    // Without adapters, on one card without buffers, and with nothing running beside it, nothing is said of them.
    let beside = PlanPart::Also.name();
    lines.retain(|line| {
        let may_lack = line.name == beside || matches!(line.name, Key::Adapter | Key::TrainBuffers);
        !may_lack || line.cells.iter().any(|cell| cell.is_something())
    });
    let at_step = figures.update.as_ref().map_or(FigureCell::Unknown, |side| FigureCell::Memory(side.column().needed));
    let needed = [peak.cell(peak.column().needed), at_step, ram.cell(ram.column().needed), FigureCell::Empty];
    lines.push(TableLine::sum(Key::Needed, None, needed));
    let free = [peak.cell(peak.column().left()), FigureCell::Empty, ram.cell(ram.column().left()), FigureCell::Empty];
    lines.push(TableLine::sum(Key::Free, (!estimate.devices.is_empty()).then_some(Figure::Usable), free));
    for (name, amount) in [Key::OutsideShare, Key::KeptByScreen, Key::KeptByDriver].into_iter().zip(&peak.column().kept)
    {
        if !amount.is_zero() {
            let cells = [FigureCell::Memory(*amount), FigureCell::Empty, FigureCell::Empty, FigureCell::Empty];
            lines.push(TableLine::kept(name, LineSwatch::Kept, cells));
        }
    }
    let system = ram.column().kept.first().copied().unwrap_or_default();
    let cells = [FigureCell::Empty, FigureCell::Empty, FigureCell::Memory(system), FigureCell::Empty];
    lines.push(TableLine::kept(Key::OsAndApps, LineSwatch::Of(Memory::Os), cells));
    lines
}
