//! What one word of the reader's plan takes: the ring of all that it reads, the ways it comes by, and the sum of its parts.

use super::Told;
use super::shelves::Pile;
use crate::estimate::speed::StepPart;
use crate::estimate::{Memory, Verdict};
use crate::scenes::draw::lane::Lane;
use crate::scenes::draw::reading::Reading;
use crate::scenes::draw::ring::Ring;
use crate::scenes::draw::table::{Column, Row, Table};
use crate::scenes::draw::worker::{Trade, Worker};
use crate::scenes::figure::Figure;
use crate::scenes::mark::{Area, Link};
use crate::scenes::picture::{Picture, Placed, Say};

/// Seconds that the ring runs.
const RUNS: f32 = 3.0;
/// The widest way, in points.
const WIDEST: f64 = 110.0;
/// No part of a step that takes less of it has a row of its own.
const WORTH_A_ROW: f64 = 0.005;

/// The ring, the ways and the sum; the shelves where no speed is known.
pub(super) fn lap(told: &Told<'_>) -> Picture {
    let Some(rate) = Told::rate(&told.found) else { return told.stands(Pile::Placed) };
    let machine = &told.machine;
    let mut things = Vec::new();
    let seconds = 1.0 / rate.max(f64::MIN_POSITIVE);
    let ring = Ring {
        component: Memory::Weights,
        pieces: 14,
        lap: seconds,
        reading: Figure::Seconds(seconds).into(),
        unit: "lap".into(),
        role: "dish".into(),
        runs: RUNS,
        radii: [106.0, 68.0],
    };
    things.push(Placed::new("ring", Area::new(50.0, 170.0, 220.0, 220.0), ring).linked(Link::Weights));
    let mut way =
        |id, worker, gb_s: f64, y: f32, (trade, name, role, link): (Trade, &'static str, &'static str, Link)| {
            let lane = Lane {
                gb_s,
                scale: (machine.widest() / WIDEST).max(8.0),
                rate: Figure::GbPerSecond(gb_s).into(),
                role: "path".into(),
                cargo: Some(Memory::Weights),
                limit: None,
                runs: RUNS,
                back: false,
            };
            things.push(Placed::new(id, Area::new(340.0, y, 270.0, 116.0), lane).linked(link));
            let worker_thing = Worker { trade, name: name.into(), role: role.into() };
            things.push(Placed::new(worker, Area::new(650.0, y, 90.0, 116.0), worker_thing).linked(link));
        };
    let only_one = told.found.devices.is_empty() || machine.is_pool || told.verdict() != Some(Verdict::Offload);
    let [upper, lower] = if only_one { [222.0, 222.0] } else { [122.0, 322.0] };
    if let Some(rate) = machine.vram_rate.filter(|_| !told.found.devices.is_empty()) {
        way("path_vram", "gpu", rate, upper, (Trade::Wok, "gpu", "role_gpu", Link::Vram));
    }
    if !machine.is_pool && (told.found.devices.is_empty() || told.verdict() == Some(Verdict::Offload)) {
        way("path_ram", "cpu", machine.ram_rate, lower, (Trade::Hat, "cpu", "role_cpu", Link::Ram));
    }
    let words = Reading {
        figure: Figure::WordsPerSecond(rate).into(),
        unit: told.unit().into(),
        about: Say::Joined(vec![Told::band(&told.found).into(), Say::Label("now")]),
    };
    things.push(Placed::new("words", Area::new(830.0, 110.0, 480.0, 90.0), words));
    let sum = sum(told);
    if sum.rows.len() > 1 {
        things.push(Placed::new("sum", Area::new(830.0, 220.0, 500.0, 320.0), sum));
    }
    Picture::of(things)
}

/// What one word waits for, part by part, and the whole: the rows of its formula.
fn sum(told: &Told<'_>) -> Table {
    let speed = &told.found.speed;
    let columns = vec![
        Column::new("head_part", 2.2),
        Column::new("head_reads", 1.1),
        Column::new("head_takes", 1.0),
        Column::new("head_share", 0.8),
    ];
    let shares = speed.times.shares().into_iter().filter(|it| it.share > WORTH_A_ROW);
    let mut rows: Vec<Row> = shares
        .map(|it| {
            let (label, link, bytes) = match it.part {
                StepPart::VramWeights => ("part_vram_weights", Some(Link::Weights), Some(speed.reads.vram_weights)),
                StepPart::VramKv => ("part_vram_kv", Some(Link::Kv), Some(speed.reads.vram_kv)),
                StepPart::RamWeights => ("part_ram_weights", Some(Link::Ram), Some(speed.reads.ram_weights)),
                StepPart::RamKv => ("part_ram_kv", Some(Link::Kv), Some(speed.reads.ram_kv)),
                StepPart::Compute => ("part_compute", Some(Link::Gpu), None),
                StepPart::Link => ("part_link", Some(Link::Pcie), None),
                StepPart::Layers => ("part_layers", Some(Link::Gpu), None),
            };
            let reads = bytes.map_or(Say::NOTHING, |bytes| Figure::Gib(bytes).into());
            let cells = [label.into(), reads, Figure::Seconds(it.seconds).into(), Figure::Percent(it.share).into()];
            Row { link, ..Row::new(cells) }
        })
        .collect();
    let whole = [
        "part_all".into(),
        Figure::Gib(speed.reads.total()).into(),
        Figure::Seconds(speed.times.total()).into(),
        Figure::Percent(1.0).into(),
    ];
    rows.push(Row::new(whole).strong());
    Table { columns, rows }
}
