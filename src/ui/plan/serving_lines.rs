//! The table of a decode step: what lies in VRAM and in RAM, and what a token waits for it.

use super::table::{FigureCell, TableLine};
use crate::estimate::explain::Figure;
use crate::estimate::speed::StepTimes;
use crate::estimate::{Estimate, Verdict};
use crate::text::Key;
use crate::ui::theme::Memory;
use crate::units::Bytes;

/// Less than this is written as nothing: `0.00`.
const SEEN: Bytes = Bytes(5 << 20);
/// The columns; one pool has parts in place of two memories.
const COLUMNS: [Option<Key>; 4] = [Some(Key::Total), Some(Key::InVram), Some(Key::InRam), Some(Key::PerToken)];
const UNIFIED: [Option<Key>; 4] = [Some(Key::Total), Some(Key::GpuPart), Some(Key::CpuPart), Some(Key::PerToken)];

/// The rows, down to what is free, and the columns that they stand in.
pub(super) fn of(estimate: &Estimate) -> (Vec<TableLine>, [Option<Key>; 4]) {
    let mut lines = components(estimate);
    let host = &estimate.host;
    let step = match (estimate.speed.decode, estimate.verdict) {
        (Some(_), _) => FigureCell::Time(estimate.speed.times.total()),
        // What does not fit has no speed; that is known.
        (None, Some(Verdict::DoesNotFit)) => FigureCell::Empty,
        (None, _) => FigureCell::Unknown,
    };
    let sum = |name, figure, cells| TableLine { name, component: None, figure, cells };
    let needed = [estimate.needed().into(), estimate.needed_in_vram().into(), host.total.into(), step];
    lines.push(sum(Key::Needed, None, needed));
    if let Some(pool) = estimate.kv_pool() {
        let cells = [FigureCell::Empty, FigureCell::Bytes(pool), FigureCell::Empty, FigureCell::Empty];
        lines.push(sum(Key::KvPool, Some(Figure::KvPool), cells));
    }
    let cards = !estimate.devices.is_empty();
    let free = if cards { estimate.free_vram().into() } else { FigureCell::Empty };
    let free = [FigureCell::Empty, free, host.free.into(), FigureCell::Empty];
    lines.push(sum(Key::Free, cards.then_some(Figure::Usable), free));
    let unified = cards && estimate.devices.iter().all(|device| device.unified);
    (lines, if unified { UNIFIED } else { COLUMNS })
}

/// The components that this plan has.
fn components(estimate: &Estimate) -> Vec<TableLine> {
    let (vram, host) = (estimate.parts_in_vram(), &estimate.host);
    let both = |a: Option<Bytes>, b: Option<Bytes>| Some(a? + b?);
    let has =
        |in_vram: Option<Bytes>, in_ram: Option<Bytes>| both(in_vram, in_ram).is_some_and(|bytes| bytes > Bytes::ZERO);
    // Arithmetic works on activations, which a server engine holds in place of a compute buffer.
    let server = has(vram.activations, host.parts.activations);
    let working = if server { Figure::Activations } else { Figure::Compute };
    let waits = DecodeWaits { times: &estimate.speed.times, working, overhead: estimate.overhead() > Bytes::ZERO };
    let known = estimate.speed.decode.is_some();
    let line = |name, component, figure, vram: Option<Bytes>, ram: Option<Bytes>| TableLine {
        name,
        component: Some(component),
        figure: Some(figure),
        cells: [
            both(vram, ram).into(),
            vram.into(),
            ram.into(),
            if known { FigureCell::Time(waits.of(figure)) } else { FigureCell::Empty },
        ],
    };
    let zero = Some(Bytes::ZERO);
    let mut lines = vec![
        line(Key::Weights, Memory::Weights, Figure::Weights, vram.weights, host.parts.weights),
        line(Key::KvCache, Memory::Kv, Figure::KvCache, vram.kv_cache, host.parts.kv_cache),
        line(Key::RecurrentState, Memory::Kv, Figure::RecurrentState, vram.recurrent_state, host.parts.recurrent_state),
        line(Key::ComputeBuffer, Memory::Compute, Figure::Compute, vram.compute, host.parts.compute),
        line(Key::Activations, Memory::Compute, Figure::Activations, vram.activations, host.parts.activations),
        line(Key::RuntimeOverhead, Memory::Overhead, Figure::Overhead, Some(estimate.overhead()), zero),
        line(Key::HostBuffers, Memory::Compute, Figure::HostBuffers, zero, host.output),
    ];
    // Only hybrid and recurrent models have such a state, only cards such an overhead, only llama.cpp such buffers;
    // those of the host are seen with many sequences alone.
    lines.retain(|line| match line.figure {
        Some(Figure::RecurrentState | Figure::Overhead | Figure::Activations) => line.cells[0].is_something(),
        Some(Figure::Compute) => !server || line.cells[0].is_something(),
        Some(Figure::HostBuffers) => host.output.is_none_or(|bytes| bytes >= SEEN),
        _ => true,
    });
    lines
}

/// What a decode step waits for, laid to the components.
struct DecodeWaits<'a> {
    times: &'a StepTimes,
    /// What arithmetic works on.
    working: Figure,
    /// There is an overhead, which fixed costs and links belong to.
    overhead: bool,
}

impl DecodeWaits<'_> {
    /// What a decode step waits for because of this figure, in seconds.
    fn of(&self, figure: Figure) -> f64 {
        let times = self.times;
        let fixed = times.layers + times.link;
        match figure {
            Figure::Weights => times.vram_weights + times.ram_weights,
            Figure::KvCache => times.vram_kv + times.ram_kv,
            Figure::Overhead => fixed,
            figure if figure == self.working => times.compute + if self.overhead { 0.0 } else { fixed },
            _ => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::catalog::quantization::Quantization;
    use crate::estimate::estimate;
    use crate::plan::{Plan, Runtime};

    fn rows(plan: &Plan) -> (Vec<TableLine>, f64) {
        let found = estimate(plan, Catalog::embedded()).unwrap();
        assert!(found.speed.decode.is_some());
        (of(&found).0, found.speed.times.total())
    }

    #[test]
    fn times_stand_beside_bytes_and_add_up() {
        let mut server = Plan::default();
        server.workload.choose_runtime(Runtime::Vllm);
        server.workload.quantization = Quantization::fp8;
        server.workload.sequences = 16;
        server.workload.context = 2048;
        let mut host = Plan::default();
        host.machine.cards.clear();
        host.machine.ram_gb_s = Some(83.2);
        for plan in [Plan::default(), server, host] {
            let (lines, total) = rows(&plan);
            let time = |line: &TableLine| if let FigureCell::Time(seconds) = line.cells[3] { seconds } else { 0.0 };
            let parts: Vec<&TableLine> = lines.iter().filter(|line| line.component.is_some()).collect();
            let sum: f64 = parts.iter().map(|line| time(line)).sum();
            assert!((sum - total).abs() < 1e-9, "{sum} of {total}");
            for line in parts {
                assert!(time(line) == 0.0 || line.cells[0].is_something(), "{:?} has a time and no bytes", line.name);
            }
        }
    }
}
