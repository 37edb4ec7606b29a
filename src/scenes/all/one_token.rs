//! The way of one word of a model that fits: read from the disk, carried over PCI Express, cooked, and back as a number.

use super::kit::{
    cells, example, fits, found, gb_cells, place_of, seconds, shelf, stove, system, table, with, words_figure,
};
use crate::catalog::model::Model;
use crate::catalog::quantization::Quantization;
use crate::catalog::runtime::DiskKind;
use crate::estimate::{Estimate, Memory};
use crate::plan::{HandleId, ModelChoice, Plan, SceneId};
use crate::scenes::draw::lane::Lane;
use crate::scenes::draw::reading::Reading;
use crate::scenes::draw::ring::Ring;
use crate::scenes::draw::shelf::{Lies, Portion, Shelf, Stand};
use crate::scenes::draw::table::{Column, Row, Table};
use crate::scenes::draw::worker::{Trade, Worker};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Notch, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};
use crate::units::Bytes;

const MODEL: &str = "llama-3.1-8b";
const CARD: &str = "rtx-5060-ti-16gb";
/// The disk that the story tells of.
const DISK: &str = "NVMe PCIe 4.0";
const RAM_GB: u32 = 32;
const PRECISIONS: [Quantization; 6] = [
    Quantization::Q3_K_M,
    Quantization::Q4_K_M,
    Quantization::Q5_K_M,
    Quantization::Q6_K,
    Quantization::Q8_0,
    Quantization::F16,
];
const TOLD_AT: usize = 1;
/// What leaves the card for each word: its number, as an `int32`.
const TOKEN_BYTES: u64 = 4;
const SCORE_BYTES: u64 = 4;
/// GB/s that a point of a road stands for.
const SCALE: f64 = 8.0;
const CELL: f32 = 50.0;
/// Seconds that the ring runs.
const RUN: f32 = 3.0;

struct Story<'a> {
    model: &'a Model,
    disk: &'a DiskKind,
    vram_gb: f64,
    vram_rate: f64,
    pcie: (u8, u8),
    pcie_rate: f64,
    told: Estimate,
    /// The plan and the estimate of each precision.
    precisions: Vec<(Quantization, Estimate)>,
    at: usize,
}

impl<'a> Story<'a> {
    fn tell(premise: Premise<'a>) -> Option<Self> {
        let catalog = premise.catalog;
        let card = catalog.card(CARD)?;
        let disks = &catalog.runtimes().disks;
        let disk = disks.iter().find(|disk| disk.name == DISK).or_else(|| disks.last())?;
        let mut plan = example(ModelChoice::Catalog(MODEL.to_owned()), Quantization::Q4_K_M, CARD);
        plan.machine.disk_gb_s = Some(disk.gb_s);
        let stored = |precision: &Quantization| -> Option<(Quantization, Estimate)> {
            let plan: Plan = with(&plan, |plan| plan.workload.quantization = *precision);
            Some((*precision, found(&plan, catalog)?))
        };
        let pcie = (card.pcie_gen?, card.pcie_lanes?);
        Some(Self {
            model: catalog.model(MODEL)?,
            disk,
            vram_gb: card.memory_gib,
            vram_rate: card.bandwidth_gb_s?,
            pcie,
            pcie_rate: catalog.runtimes().pcie_gb_s(pcie.0, pcie.1)?,
            told: found(&plan, catalog)?,
            precisions: PRECISIONS.iter().map(stored).collect::<Option<_>>()?,
            at: place_of(premise, HandleId::Weights, TOLD_AT, PRECISIONS.len()),
        })
    }

    fn turned(&self) -> Option<&(Quantization, Estimate)> {
        self.precisions.get(self.at)
    }

    fn pcie_name(&self) -> Figure {
        let (generation, lanes) = self.pcie;
        Figure::Name(format!("PCIe {generation}.0 x{lanes}"))
    }
}

/// The weights on the card.
fn on_card(found: &Estimate) -> Bytes {
    found.parts_in_vram().weights.unwrap_or_default()
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::OneToken);
    let Some(story) = Story::tell(premise) else { return empty };
    let Some(figures) = figures(&story) else { return empty };
    let Some(pictures) = pictures(&story) else { return empty };
    Scene { figures, pictures, handles: vec![precision(&story)], ..empty }
}

/// Bytes in MB (10^6).
fn megabytes(bytes: Bytes) -> Figure {
    Figure::Name(format!("{} MB", crate::text::trimmed(bytes.0 as f64 / 1e6, 1)))
}

fn figures(story: &Story<'_>) -> Option<Figures> {
    let told = &story.told;
    let file = told.weights?;
    let weights = on_card(told);
    let decode = told.speed.decode?;
    let times = told.speed.times;
    let (precision, turned) = story.turned()?;
    let turned_weights = on_card(turned);
    let need = turned.needed_in_vram()?;
    let rest = told.needed_in_vram()? - weights;
    Some(
        Figures::default()
            .with("model_name", Figure::Name(format!("{} {}", story.model.name, Quantization::Q4_K_M.name())))
            .with("model", Figure::gb(file))
            .with("weights", Figure::gb(weights))
            .with("kept", Figure::gb(told.host.parts.weights?))
            .with("rest", Figure::gb(rest))
            .with("layers", Figure::Count(u64::from(told.layers)))
            .with("scale", Figure::GbPerSecond(SCALE))
            .with("disk_name", Figure::Name(story.disk.name.clone()))
            .with("disk_rate", Figure::GbPerSecond(story.disk.gb_s))
            .with("read_s", Figure::Seconds(seconds(file, story.disk.gb_s)))
            .with("pcie_name", story.pcie_name())
            .with("pcie_rate", Figure::GbPerSecond(story.pcie_rate))
            .with("cross_s", Figure::Seconds(seconds(weights, story.pcie_rate)))
            .with("vram_rate", Figure::GbPerSecond(story.vram_rate))
            .with("lap", Figure::Seconds(seconds(weights, story.vram_rate)))
            .with("ideal", Figure::WordsPerSecond(1.0 / seconds(weights, story.vram_rate)))
            .with("words", words_figure(told))
            .with("low", Figure::WordsPerSecond(decode.low))
            .with("high", Figure::WordsPerSecond(decode.high))
            .with("reads", Figure::Percent(times.vram_weights / times.total()))
            .with("vocab", Figure::Count(story.model.vocab_size))
            .with("logits", megabytes(Bytes(story.model.vocab_size * SCORE_BYTES)))
            .with("four", Figure::Both(format!("{TOKEN_BYTES} bytes"), format!("{TOKEN_BYTES} 字节")))
            .with("vram", Figure::Gb(story.vram_gb))
            .with("t_bits", Figure::Bits(turned.bits_per_weight?))
            .with("t_name", Figure::Name(precision.name().to_owned()))
            .with("t_need", Figure::gb(need))
            .with("t_model", Figure::gb(turned.weights?))
            .with("t_weights", Figure::gb(turned_weights)),
    )
}

/// The three places, with what lies in each.
fn places(story: &Story<'_>, on_disk: Lies, in_ram: Option<Portion>, in_vram: Vec<Portion>) -> Vec<Placed> {
    let file = gb_cells(story.told.weights.unwrap_or_default());
    let disk = Shelf {
        portions: vec![Portion::new(Memory::Weights, file, on_disk).labeled("on_disk")],
        ..shelf("disk", "role_disk", Stand::Floor, (8, 4, CELL))
    };
    let ram = Shelf {
        portions: [Some(system(&story.told)), in_ram].into_iter().flatten().collect(),
        ..table(RAM_GB, 8, CELL)
    };
    let vram = Shelf { portions: in_vram, ..stove(cells(story.vram_gb), 4, CELL) };
    vec![
        Placed::new("disk", Area::new(20.0, 130.0, 270.0, 426.0), disk).linked(Link::Disk),
        Placed::new("ram", Area::new(392.0, 130.0, 420.0, 426.0), ram).linked(Link::Ram),
        Placed::new("vram", Area::new(954.0, 130.0, 210.0, 426.0), vram).linked(Link::Vram),
        Placed::new("gpu", Area::new(1216.0, 310.0, 100.0, 110.0), gpu()).linked(Link::Gpu),
    ]
}

fn gpu() -> Worker {
    Worker { trade: Trade::Wok, name: "gpu".into(), role: "role_gpu".into() }
}

fn road(gb_s: f64, role: Say, cargo: Option<Memory>) -> Lane {
    Lane {
        gb_s,
        scale: SCALE,
        rate: Figure::GbPerSecond(gb_s).into(),
        role,
        cargo,
        limit: None,
        runs: 0.0,
        back: false,
    }
}

fn pictures(story: &Story<'_>) -> Option<Vec<Picture>> {
    let told = &story.told;
    let weights = |bytes: Bytes, lies| Portion::new(Memory::Weights, gb_cells(bytes), lies);
    let from_disk = || {
        let lane = road(story.disk.gb_s, Say::Name(story.disk.name.clone()), Some(Memory::Weights));
        Placed::new("road_disk", Area::new(270.0, 340.0, 98.0, 60.0), lane).linked(Link::Disk)
    };
    let over_pcie = |cargo, back| {
        let lane = Lane { back, ..road(story.pcie_rate, story.pcie_name().into(), cargo) };
        Placed::new("road_pcie", Area::new(834.0, 340.0, 96.0, 60.0), lane).linked(Link::Pcie)
    };
    let start = Picture::of(places(story, Lies::Hatched, None, Vec::new())).looking_at(&["disk"]);
    let read = {
        let copy = weights(told.weights?, Lies::Hatched).labeled("in_ram");
        let mut things = places(story, Lies::Ghost, Some(copy), Vec::new());
        things.push(from_disk());
        Picture::of(things).looking_at(&["disk", "ram", "road_disk"])
    };
    let kept = || told.host.parts.weights.map(|kept| weights(kept, Lies::Hatched));
    let cross = {
        let there = weights(on_card(told), Lies::Solid).labeled("in_vram");
        let mut things = places(story, Lies::Ghost, kept(), vec![there]);
        things.push(over_pcie(Some(Memory::Weights), false));
        Picture::of(things).looking_at(&["ram", "vram", "road_pcie"])
    };
    let all = || contents(told);
    let full = Picture::of(places(story, Lies::Ghost, kept(), all())).looking_at(&["vram", "gpu"]);
    let back = {
        let mut things = places(story, Lies::Ghost, kept(), all());
        things.push(over_pcie(None, true));
        let four = Reading { figure: "four".into(), unit: "four_unit".into(), about: "four_about".into() };
        things.push(Placed::new("four", Area::new(730.0, 130.0, 420.0, 80.0), four).linked(Link::Token));
        Picture::of(things).looking_at(&["ram", "road_pcie", "four"])
    };
    Some(vec![start, read, cross, full, cook(story), back, sandbox(story)?])
}

/// What lies on the card, part by part.
fn contents(found: &Estimate) -> Vec<Portion> {
    let parts = found.parts_in_vram();
    let part = |memory, bytes: Bytes| Portion::new(memory, gb_cells(bytes), Lies::Solid);
    vec![
        part(Memory::Weights, parts.weights.unwrap_or_default()),
        part(Memory::Kv, parts.kv_cache.unwrap_or_default()),
        part(Memory::Compute, parts.compute.unwrap_or_default()),
        part(Memory::Overhead, found.overhead()),
    ]
}

/// The dish read around, in real time.
fn cook(story: &Story<'_>) -> Picture {
    let weights = on_card(&story.told);
    let lap = seconds(weights, story.vram_rate);
    let ring = Ring {
        component: Memory::Weights,
        pieces: story.told.layers,
        lap,
        reading: Figure::Seconds(lap).into(),
        unit: "lap".into(),
        role: "whole".into(),
        runs: RUN,
        radii: [130.0, 84.0],
    };
    let path = Lane { runs: RUN, ..road(story.vram_rate, "path".into(), Some(Memory::Weights)) };
    let words = Reading { figure: words_figure(&story.told).into(), unit: "words".into(), about: "about_words".into() };
    Picture::of(vec![
        Placed::new("ring", Area::new(80.0, 170.0, 260.0, 300.0), ring).linked(Link::Weights),
        Placed::new("path", Area::new(372.0, 244.0, 330.0, 112.0), path).linked(Link::Vram),
        Placed::new("gpu", Area::new(736.0, 244.0, 90.0, 112.0), gpu()).linked(Link::Gpu),
        Placed::new("words", Area::new(900.0, 250.0, 420.0, 110.0), words).linked(Link::Token),
    ])
}

/// The whole way as a table, beside the stove whose pile can be turned higher.
fn sandbox(story: &Story<'_>) -> Option<Picture> {
    let (_, turned) = story.turned()?;
    let (file, weights) = (turned.weights?, on_card(turned));
    let takes = |bytes, rate| Say::Figure(Figure::Seconds(seconds(bytes, rate)));
    let rate = |gb_s| Say::Figure(Figure::GbPerSecond(gb_s));
    let runs = fits(turned);
    let cooked = |say: Say| if runs { say } else { "none".into() };
    let rows = vec![
        Row::new([
            "row_read".into(),
            Figure::gb(file).into(),
            rate(story.disk.gb_s),
            takes(file, story.disk.gb_s),
            "once".into(),
        ])
        .linked(Link::Disk),
        Row::new([
            "row_cross".into(),
            cooked(Figure::gb(weights).into()),
            rate(story.pcie_rate),
            cooked(takes(weights, story.pcie_rate)),
            "once".into(),
        ])
        .linked(Link::Pcie),
        Row::new([
            "row_cook".into(),
            cooked(Figure::gb(weights).into()),
            rate(story.vram_rate),
            cooked(takes(weights, story.vram_rate)),
            "each".into(),
        ])
        .linked(Link::Weights)
        .strong(),
        Row::new(["row_back".into(), "four".into(), rate(story.pcie_rate), cooked("short".into()), "each".into()])
            .linked(Link::Token),
    ];
    let columns = vec![
        Column::new("nothing", 2.2),
        Column::new("head_bytes", 1.1),
        Column::new("head_rate", 1.1),
        Column::new("head_time", 1.4),
        Column::new("head_often", 1.3),
    ];
    let words = if runs {
        Reading { figure: words_figure(turned).into(), unit: "words".into(), about: "about_turned".into() }
    } else {
        Reading { figure: "unfit".into(), unit: "nothing".into(), about: "about_unfit".into() }
    };
    let portions = if runs { contents(turned) } else { overfull(story, turned)? };
    let vram = Shelf { portions, ..stove(cells(story.vram_gb), 4, 52.0) };
    Some(Picture::of(vec![
        Placed::new("steps", Area::new(40.0, 110.0, 820.0, 230.0), Table { columns, rows }),
        Placed::new("words", Area::new(40.0, 400.0, 780.0, 110.0), words).linked(Link::Token),
        Placed::new("vram", Area::new(990.0, 110.0, 240.0, 446.0), vram).linked(Link::Vram),
    ]))
}

/// A stove to the rim, and over it what finds no room.
fn overfull(story: &Story<'_>, turned: &Estimate) -> Option<Vec<Portion>> {
    #[expect(clippy::cast_possible_truncation, reason = "a count of cells")]
    let holds = story.vram_gb as f32;
    let over = gb_cells(turned.needed_in_vram()?) - holds;
    Some(vec![
        Portion::new(Memory::Weights, holds, Lies::Solid),
        Portion::new(Memory::Weights, over.max(0.1), Lies::Nowhere),
    ])
}

fn precision(story: &Story<'_>) -> Handle {
    let notches = story
        .precisions
        .iter()
        .map(|(precision, _)| Notch { turn: Turn::Weights(*precision), words: Say::Name(precision.name().to_owned()) });
    Handle {
        id: HandleId::Weights,
        name: "turn_weights".into(),
        notches: notches.collect(),
        at: story.at,
        yours: Some(TOLD_AT),
        limit: story.precisions.iter().rposition(|(_, found)| fits(found)),
        on: "vram",
        edge: Edge::Pile,
    }
}
