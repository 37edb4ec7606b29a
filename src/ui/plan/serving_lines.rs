//! The table of a decode step: what lies in VRAM and in RAM, and what a token waits for it.

use super::figures::Figures;
use super::parts::Part;
use super::table::{Cell, Line, Swatch};
use crate::estimate::explain::Figure;
use crate::estimate::speed::StepTimes;
use crate::estimate::{Estimate, Verdict};
use crate::text::{Column, Key, Rounded, apportion};
use crate::ui::theme::Memory;
use crate::ui::words;
use crate::units::Bytes;

/// The columns; one pool has parts in place of two memories.
const COLUMNS: [Option<Key>; 4] = [Some(Key::Total), Some(Key::InVram), Some(Key::InRam), Some(Key::PerToken)];
const UNIFIED: [Option<Key>; 4] = [Some(Key::Total), Some(Key::GpuPart), Some(Key::CpuPart), Some(Key::PerToken)];

/// The rows, down to what nobody is offered, and the columns that they stand in.
pub(super) fn of(estimate: &Estimate, figures: &Figures) -> (Vec<Line>, [Option<Key>; 4]) {
    let mut lines = components(estimate, figures);
    let known = figures.vram.is_known() && figures.ram.is_known();
    let (vram, ram) = (figures.vram.column(), figures.ram.column());
    let step = match (estimate.speed.decode, estimate.verdict) {
        (Some(_), _) => Cell::Time(milliseconds(estimate.speed.times.total(), &estimate.speed.times)),
        // What does not fit has no speed; that is known.
        (None, Some(Verdict::DoesNotFit)) => Cell::Empty,
        (None, _) => Cell::Unknown,
    };
    let total = Cell::known(known, vram.needed + ram.needed);
    let needed = [total, figures.vram.cell(vram.needed), figures.ram.cell(ram.needed), step];
    lines.push(Line::sum(Key::Needed, None, needed));
    if estimate.is_unified() {
        if known {
            pool(estimate, vram.needed + ram.needed, &mut lines);
        }
        return (lines, UNIFIED);
    }
    let cards = !estimate.devices.is_empty();
    let both = |vram: Cell, ram: Cell| [Cell::Empty, if cards { vram } else { Cell::Empty }, ram, Cell::Empty];
    if let Some(bytes) = estimate.kv_pool() {
        let cache = [Part::Kv, Part::State].into_iter().filter_map(|part| figures.vram.part(part)).sum::<Rounded>();
        // What of it the plan needs stands above, what it leaves below.
        let pool = if vram.excess.is_zero() { cache + vram.free } else { Rounded::of(words::amount(bytes), 2) };
        lines.push(Line::sum(Key::KvPool, Some(Figure::KvPool), both(Cell::Memory(pool), Cell::Empty)));
    }
    let missing = |column: &Column| if column.excess.is_zero() { Cell::Empty } else { Cell::Memory(column.excess) };
    if ![vram, ram].into_iter().all(|column| column.excess.is_zero()) {
        lines.push(Line::sum(Key::TooMuch, None, both(missing(vram), missing(ram))));
    }
    let free = both(figures.vram.cell(vram.free), figures.ram.cell(ram.free));
    lines.push(Line::sum(Key::Free, cards.then_some(Figure::Usable), free));
    let kept =
        [(Key::OutsideShare, Swatch::Empty), (Key::KeptByScreen, Swatch::Kept), (Key::KeptByDriver, Swatch::Kept)];
    for ((name, swatch), amount) in kept.into_iter().zip(&vram.kept) {
        if !amount.is_zero() {
            lines.push(Line::kept(name, swatch, both(Cell::Memory(*amount), Cell::Empty)));
        }
    }
    let system = ram.kept.first().copied().unwrap_or_default();
    lines.push(Line::kept(Key::OsAndApps, Swatch::Of(Memory::Os), both(Cell::Empty, Cell::Memory(system))));
    (lines, COLUMNS)
}

/// One pool: what is left of it stands once, and with the system's part and what the GPU is not given it is all there is.
fn pool(estimate: &Estimate, needed: Rounded, lines: &mut Vec<Line>) {
    let Some(judged) = estimate.judged() else { return };
    let only = |amount| [Cell::Memory(amount), Cell::Empty, Cell::Empty, Cell::Empty];
    let (free, excess) = (judged.balance.free, judged.balance.excess);
    let (os, whole) = (estimate.host.os, estimate.needed().unwrap_or_default());
    let given = Bytes(whole.0.saturating_add(free.0).saturating_add(os.0));
    let withheld = if excess > Bytes::ZERO { Bytes::ZERO } else { estimate.host.capacity - given };
    if excess > Bytes::ZERO {
        lines.push(Line::sum(Key::TooMuch, None, only(Rounded::of(words::amount(excess), 2))));
        lines.push(Line::kept(Key::OsAndApps, Swatch::Of(Memory::Os), only(Rounded::of(words::amount(os), 2))));
        return;
    }
    let exact = [free, os, withheld].map(words::amount);
    let all = Rounded::of(words::amount(estimate.host.capacity), 2);
    let [free, os, withheld] = apportion(&exact, all - needed)[..] else { return };
    lines.push(Line::sum(Key::Free, Some(Figure::Usable), only(free)));
    lines.push(Line::kept(Key::OsAndApps, Swatch::Of(Memory::Os), only(os)));
    if !withheld.is_zero() {
        lines.push(Line::kept(Key::KeptFromGpu, Swatch::Kept, only(withheld)));
    }
}

/// The components that this plan has.
fn components(estimate: &Estimate, figures: &Figures) -> Vec<Line> {
    let (vram, ram) = (&figures.vram, &figures.ram);
    let bytes = |part| Some(vram.amounts().get(part)? + ram.amounts().get(part)?);
    let has = |part| bytes(part).is_some_and(|bytes| bytes > Bytes::ZERO);
    // Arithmetic works on activations, which a server engine holds in place of a compute buffer.
    let server = has(Part::Activations);
    let working = if server { Part::Activations } else { Part::Compute };
    let waits = Waits { times: &estimate.speed.times, working, overhead: estimate.overhead() > Bytes::ZERO };
    let seconds: Vec<f64> = Part::ALL.iter().map(|part| waits.of(*part)).collect();
    let times = times(&seconds, &estimate.speed.times);
    // Only hybrid and recurrent models have such a state, only cards such an overhead, only llama.cpp such buffers.
    let shown = |part: &Part| match part {
        Part::Weights | Part::Kv => true,
        Part::Compute => !server || has(*part),
        Part::State | Part::Overhead | Part::Activations => has(*part),
        Part::Output => bytes(*part) != Some(Bytes::ZERO),
        Part::Adapter | Part::Gradients | Part::Optimizer => false,
    };
    let known = estimate.speed.decode.is_some();
    let line = |part: Part| {
        let cells = [vram, ram].map(|side| side.part_cell(part));
        let total = match (vram.part(part), ram.part(part)) {
            (Some(vram), Some(ram)) if has(part) => Cell::Memory(vram + ram),
            (Some(_), Some(_)) => Cell::Nothing,
            _ => Cell::Unknown,
        };
        let time = match times[part as usize] {
            _ if !known => Cell::Empty,
            _ if seconds[part as usize] <= 0.0 => Cell::Nothing,
            time => Cell::Time(time),
        };
        Line {
            name: part.name(),
            swatch: Some(Swatch::Of(part.memory())),
            figure: Some(part.figure()),
            cells: [total, cells[0], cells[1], time],
        }
    };
    Part::ALL.into_iter().filter(shown).map(line).collect()
}

/// Milliseconds as precise as the whole step deserves.
fn milliseconds(seconds: f64, times: &StepTimes) -> Rounded {
    let digits = match times.total() * 1e3 {
        ms if ms < 10.0 => 2,
        ms if ms < 100.0 => 1,
        _ => 0,
    };
    Rounded::of(seconds * 1e3, digits)
}

/// Milliseconds that add up to the step.
fn times(seconds: &[f64], times: &StepTimes) -> Vec<Rounded> {
    let exact: Vec<f64> = seconds.iter().map(|seconds| seconds * 1e3).collect();
    apportion(&exact, milliseconds(times.total(), times))
}

/// What a decode step waits for, laid to the components.
struct Waits<'a> {
    times: &'a StepTimes,
    /// What arithmetic works on.
    working: Part,
    /// There is an overhead, which fixed costs and links belong to.
    overhead: bool,
}

impl Waits<'_> {
    /// What a decode step waits for because of this part, in seconds.
    fn of(&self, part: Part) -> f64 {
        let times = self.times;
        let fixed = times.layers + times.link;
        match part {
            Part::Weights => times.vram_weights + times.ram_weights,
            Part::Kv => times.vram_kv + times.ram_kv,
            Part::Overhead if self.overhead => fixed,
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
            let lines = of(&found, &Figures::of(&found)).0;
            let time = |line: &Line| if let Cell::Time(time) = line.cells[3] { time } else { Rounded::default() };
            let (parts, sums): (Vec<&Line>, Vec<&Line>) = lines.iter().partition(|line| line.is_part());
            let sum: Rounded = parts.iter().map(|line| time(line)).sum();
            assert_eq!(Some(sum), sums.first().map(|line| time(line)));
            for line in parts {
                let timed = !time(line).is_zero();
                assert!(!timed || line.cells[0].is_something(), "{:?} has a time and no bytes", line.name);
            }
        }
    }
}
