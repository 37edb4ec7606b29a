//! The table of a decode step: what lies in VRAM and in RAM, and what a token waits for it.

use super::table::{FigureCell, LineSwatch, TableLine};
use crate::estimate::explain::Figure;
use crate::estimate::printed::PlanFigures;
use crate::estimate::printed::PlanPart;
use crate::estimate::speed::StepTimes;
use crate::estimate::{Estimate, Verdict};
use crate::text::{Key, PrintedFigure, apportion};
use crate::ui::theme::Memory;
use crate::ui::words;
use crate::units::Bytes;

/// The columns; one pool has parts in place of two memories.
const COLUMNS: [Option<Key>; 4] = [Some(Key::Total), Some(Key::InVram), Some(Key::InRam), Some(Key::PerToken)];
const UNIFIED: [Option<Key>; 4] = [Some(Key::Total), Some(Key::GpuPart), Some(Key::CpuPart), Some(Key::PerToken)];

/// The rows, down to what nobody is offered, and the columns that they stand in.
pub(super) fn of(estimate: &Estimate, figures: &PlanFigures) -> (Vec<TableLine>, [Option<Key>; 4]) {
    let mut lines = components(estimate, figures);
    let known = figures.vram.is_known() && figures.ram.is_known();
    let (vram, ram) = (figures.vram.column(), figures.ram.column());
    let step = match (estimate.speed.decode, estimate.verdict) {
        (Some(_), _) => FigureCell::Time(milliseconds(&estimate.speed.times)),
        // What does not fit has no speed; that is known.
        (None, Some(Verdict::DoesNotFit)) => FigureCell::Empty,
        (None, _) => FigureCell::Unknown,
    };
    let total = FigureCell::known(known, vram.needed + ram.needed);
    let needed = [total, figures.vram.cell(vram.needed), figures.ram.cell(ram.needed), step];
    lines.push(TableLine::sum(Key::Needed, None, needed));
    if estimate.is_unified() {
        if known {
            pool(estimate, vram.needed + ram.needed, &mut lines);
        }
        return (lines, UNIFIED);
    }
    let cards = !estimate.devices.is_empty();
    let both = |vram: FigureCell, ram: FigureCell| {
        [FigureCell::Empty, if cards { vram } else { FigureCell::Empty }, ram, FigureCell::Empty]
    };
    if let Some(bytes) = estimate.kv_pool() {
        let cache = [PlanPart::Kv, PlanPart::State]
            .into_iter()
            .filter_map(|part| figures.vram.part(part))
            .sum::<PrintedFigure>();
        // What of it the plan needs stands above, what it leaves below.
        let pool = if vram.excess.is_zero() { cache + vram.free } else { PrintedFigure::of(words::amount(bytes), 2) };
        lines.push(TableLine::sum(
            Key::KvPool,
            Some(Figure::KvPool),
            both(FigureCell::Memory(pool), FigureCell::Empty),
        ));
    }
    let free = both(figures.vram.cell(vram.left()), figures.ram.cell(ram.left()));
    lines.push(TableLine::sum(Key::Free, cards.then_some(Figure::Usable), free));
    let kept = [
        (Key::OutsideShare, LineSwatch::Empty),
        (Key::KeptByScreen, LineSwatch::Kept),
        (Key::KeptByDriver, LineSwatch::Kept),
    ];
    for ((name, swatch), amount) in kept.into_iter().zip(&vram.kept) {
        if !amount.is_zero() {
            lines.push(TableLine::kept(name, swatch, both(FigureCell::Memory(*amount), FigureCell::Empty)));
        }
    }
    let system = ram.kept.first().copied().unwrap_or_default();
    lines.push(TableLine::kept(
        Key::OsAndApps,
        LineSwatch::Of(Memory::Os),
        both(FigureCell::Empty, FigureCell::Memory(system)),
    ));
    (lines, COLUMNS)
}

/// One pool: what is left of it stands once, and with the system's part and what the GPU is not given it is all there is.
fn pool(estimate: &Estimate, needed: PrintedFigure, lines: &mut Vec<TableLine>) {
    let Some(judged) = estimate.judged() else { return };
    let only = |amount| [FigureCell::Memory(amount), FigureCell::Empty, FigureCell::Empty, FigureCell::Empty];
    let (free, excess) = (judged.balance.free, judged.balance.excess);
    let (os, whole) = (estimate.host.os, estimate.needed().unwrap_or_default());
    let given = Bytes(whole.0.saturating_add(free.0).saturating_add(os.0));
    let withheld = if excess > Bytes::ZERO { Bytes::ZERO } else { estimate.host.capacity - given };
    if excess > Bytes::ZERO {
        let missing = PrintedFigure::of(0.0, 2) - PrintedFigure::of(words::amount(excess), 2);
        lines.push(TableLine::sum(Key::Free, Some(Figure::Usable), only(missing)));
        lines.push(TableLine::kept(
            Key::OsAndApps,
            LineSwatch::Of(Memory::Os),
            only(PrintedFigure::of(words::amount(os), 2)),
        ));
        return;
    }
    let exact = [free, os, withheld].map(words::amount);
    let all = PrintedFigure::of(words::amount(estimate.host.capacity), 2);
    let [free, os, withheld] = apportion(&exact, all - needed)[..] else { return };
    lines.push(TableLine::sum(Key::Free, Some(Figure::Usable), only(free)));
    lines.push(TableLine::kept(Key::OsAndApps, LineSwatch::Of(Memory::Os), only(os)));
    if !withheld.is_zero() {
        lines.push(TableLine::kept(Key::KeptFromGpu, LineSwatch::Kept, only(withheld)));
    }
}

/// The components that this plan has.
fn components(estimate: &Estimate, figures: &PlanFigures) -> Vec<TableLine> {
    let (vram, ram) = (&figures.vram, &figures.ram);
    let bytes = |part| Some(vram.amounts().get(part)? + ram.amounts().get(part)?);
    let has = |part| bytes(part).is_some_and(|bytes| bytes > Bytes::ZERO);
    // Arithmetic works on activations, which a server engine holds in place of a compute buffer.
    let server = has(PlanPart::Activations);
    let working = if server { PlanPart::Activations } else { PlanPart::Compute };
    let waits = DecodeWaits { times: &estimate.speed.times, working, overhead: estimate.overhead() > Bytes::ZERO };
    let seconds: Vec<f64> = PlanPart::ALL.iter().map(|part| waits.of(*part)).collect();
    let times = times(&seconds, &estimate.speed.times);
    // Only hybrid and recurrent models have such a state, only cards such an overhead, only llama.cpp such buffers.
    let shown = |part: &PlanPart| match part {
        PlanPart::Weights | PlanPart::Kv => true,
        PlanPart::Compute => !server || has(*part),
        PlanPart::State | PlanPart::Overhead | PlanPart::Activations => has(*part),
        PlanPart::Output | PlanPart::Also => bytes(*part) != Some(Bytes::ZERO),
        PlanPart::Adapter | PlanPart::Gradients | PlanPart::Optimizer => false,
    };
    let known = estimate.speed.decode.is_some();
    let line = |part: PlanPart| {
        let cells = [vram, ram].map(|side| side.part_cell(part));
        let total = match (vram.part(part), ram.part(part)) {
            (Some(vram), Some(ram)) if has(part) => FigureCell::Memory(vram + ram),
            (Some(_), Some(_)) => FigureCell::Nothing,
            _ => FigureCell::Unknown,
        };
        let time = match times[part as usize] {
            _ if !known => FigureCell::Empty,
            _ if seconds[part as usize] <= 0.0 => FigureCell::Nothing,
            time => FigureCell::Time(time),
        };
        TableLine {
            name: part.name(),
            swatch: Some(LineSwatch::Of(part.memory())),
            figure: Some(part.figure()),
            cells: [total, cells[0], cells[1], time],
        }
    };
    PlanPart::ALL.into_iter().filter(shown).map(line).collect()
}

/// Milliseconds of a step, as precise as it deserves.
pub(super) fn milliseconds(times: &StepTimes) -> PrintedFigure {
    let whole = times.total() * 1e3;
    let digits = match whole {
        ms if ms < 10.0 => 2,
        ms if ms < 100.0 => 1,
        _ => 0,
    };
    PrintedFigure::of(whole, digits)
}

/// Milliseconds that add up to the step.
fn times(seconds: &[f64], times: &StepTimes) -> Vec<PrintedFigure> {
    let exact: Vec<f64> = seconds.iter().map(|seconds| seconds * 1e3).collect();
    apportion(&exact, milliseconds(times))
}

/// What a decode step waits for, laid to the components.
struct DecodeWaits<'a> {
    times: &'a StepTimes,
    /// What arithmetic works on.
    working: PlanPart,
    /// There is an overhead, which fixed costs and links belong to.
    overhead: bool,
}

impl DecodeWaits<'_> {
    /// What a decode step waits for because of this part, in seconds.
    fn of(&self, part: PlanPart) -> f64 {
        let times = self.times;
        let fixed = times.layers + times.link;
        match part {
            PlanPart::Weights => times.vram_weights + times.ram_weights,
            PlanPart::Kv => times.vram_kv + times.ram_kv,
            PlanPart::Overhead if self.overhead => fixed,
            part if part == self.working => times.compute + if self.overhead { 0.0 } else { fixed },
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
            let found = estimate(&plan, Catalog::embedded()).unwrap();
            assert!(found.speed.decode.is_some());
            let lines = of(&found, &PlanFigures::of(&found)).0;
            let time = |line: &TableLine| {
                if let FigureCell::Time(time) = line.cells[3] { time } else { PrintedFigure::default() }
            };
            let (parts, sums): (Vec<&TableLine>, Vec<&TableLine>) = lines.iter().partition(|line| line.is_part());
            let sum: PrintedFigure = parts.iter().map(|line| time(line)).sum();
            assert_eq!(Some(sum), sums.first().map(|line| time(line)));
            for line in parts {
                let timed = !time(line).is_zero();
                assert!(!timed || line.cells[0].is_something(), "{:?} has a time and no bytes", line.name);
            }
        }
    }
}
