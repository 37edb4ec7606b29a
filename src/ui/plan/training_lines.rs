//! The table of a training step: what lies on the fullest card at the peak and at the optimizer's step, and what in RAM.

use super::table::{FigureCell, TableLine};
use crate::estimate::Estimate;
use crate::estimate::explain::Figure;
use crate::estimate::training::{PhaseBytes, TrainingPhase, TrainingStep};
use crate::text::Key;
use crate::ui::theme::Memory;
use crate::units::Bytes;

/// The rows, down to what is free.
pub(super) fn of(estimate: &Estimate, step: &TrainingStep) -> Vec<TableLine> {
    let host = &estimate.host;
    let device = estimate.devices.get(step.device);
    let overhead = device.map_or(Bytes::ZERO, |device| device.overhead.expected);
    let at = |part: &dyn Fn(&PhaseBytes) -> Bytes| {
        [step.peak, TrainingPhase::OptimizerStep].map(|moment| FigureCell::from(step.at(moment).map(part)))
    };
    let line = |name, component, figure, [peak, update]: [FigureCell; 2], ram: FigureCell| TableLine {
        name,
        component: Some(component),
        figure: Some(figure),
        cells: [peak, update, ram, FigureCell::Empty],
    };
    let adapter = |it: &PhaseBytes| step.adapter.min(it.weights);
    let zero = FigureCell::Bytes(Bytes::ZERO);
    let parts = &host.parts;
    let mut lines = vec![
        line(Key::Weights, Memory::Weights, Figure::Weights, at(&|it| it.weights - adapter(it)), parts.weights.into()),
        line(Key::Adapter, Memory::Adapter, Figure::Adapter, at(&adapter), zero),
        line(Key::Gradients, Memory::Gradients, Figure::Gradients, at(&|it| it.gradients), parts.gradients.into()),
        line(
            Key::OptimizerStates,
            Memory::Optimizer,
            Figure::Optimizer,
            at(&|it| it.optimizer),
            parts.optimizer.into(),
        ),
        line(
            Key::Activations,
            Memory::Compute,
            Figure::Activations,
            at(&|it| it.activations + it.temporaries),
            parts.activations.into(),
        ),
        line(Key::TrainBuffers, Memory::Compute, Figure::Compute, at(&|it| it.buffers), zero),
        line(Key::RuntimeOverhead, Memory::Overhead, Figure::Overhead, [FigureCell::Bytes(overhead); 2], zero),
        line(Key::TrainHost, Memory::Compute, Figure::HostBuffers, [zero, zero], parts.compute.into()),
    ];
    // Without adapters, and on one card without buffers, nothing is said of them.
    lines.retain(|line| {
        !matches!(line.name, Key::Adapter | Key::TrainBuffers) || line.cells.iter().any(|cell| cell.is_something())
    });
    let [peak, update] = at(&|it| it.total() + overhead);
    let sum = |name, cells| TableLine { name, component: None, figure: None, cells };
    lines.push(sum(Key::Needed, [peak, update, host.total.into(), FigureCell::Empty]));
    let free = device.map_or(FigureCell::Empty, |device| device.free.into());
    let free = sum(Key::Free, [free, FigureCell::Empty, host.free.into(), FigureCell::Empty]);
    lines.push(TableLine { figure: Some(Figure::Usable), ..free });
    lines
}
