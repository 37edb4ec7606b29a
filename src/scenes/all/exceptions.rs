//! Two ways that are closed, and what does work, each with its speed.

use super::kit::{
    cells, example, found, gb_cells, one, place_of, places, seconds, shelf, stove, system, table, with, words_figure,
};
use super::laps::{Lap, SCALE};
use crate::catalog::quantization::Quantization;
use crate::estimate::{Estimate, Memory, Verdict};
use crate::plan::{GpuLayers, HandleId, ModelChoice, SceneId};
use crate::scenes::draw::bubble::Bubble;
use crate::scenes::draw::lane::Lane;
use crate::scenes::draw::reading::Reading;
use crate::scenes::draw::shelf::{Lies, Portion, Shelf, Stand};
use crate::scenes::draw::table::{Column, Row, Table};
use crate::scenes::draw::worker::{Trade, Worker};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Notch, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};

const PARAMETERS: u64 = 7_000_000_000;
const CARD: &str = "rtx-5060";
const LARGER: &str = "rtx-5060-ti-16gb";
const MAC: &str = "apple-m4-pro";
const MIXTURE: &str = "qwen3-30b-a3b";
const MIXTURE_STORED: Quantization = Quantization::Q4_K_M;
const RAM_GB: u32 = 32;
/// DDR5-5200 in two channels.
const RAM_RATE: f64 = 83.2;
/// Generation and lanes of slots, the narrowest first.
const SLOTS: [(u8, u8); 4] = [(3, 8), (4, 8), (5, 8), (5, 16)];
/// That of the card.
const SLOT_AT: usize = 2;
const CELL: f32 = 44.0;
const LEFT: Area = Area::new(60.0, 130.0, 420.0, 426.0);
const RIGHT: Area = Area::new(700.0, 130.0, 240.0, 426.0);
const BESIDE: Area = Area::new(1010.0, 300.0, 320.0, 110.0);

struct Story {
    vram_gb: f64,
    vram_rate: f64,
    larger: String,
    mac: String,
    mac_gb: f64,
    mac_rate: f64,
    mixture: String,
    slots: Vec<((u8, u8), f64)>,
    at: usize,
    stops: Estimate,
    full: Estimate,
    layers: Estimate,
    experts: Estimate,
    unified: Estimate,
}

impl Story {
    fn tell(premise: Premise<'_>) -> Option<Self> {
        let catalog = premise.catalog;
        let (card, mac) = (catalog.card(CARD)?, catalog.card(MAC)?);
        let mut plan = example(ModelChoice::Size(PARAMETERS), Quantization::F16, CARD);
        plan.machine.ram_gb_s = Some(RAM_RATE);
        let of = |plan| found(&plan, catalog);
        let rate = |slot: &(u8, u8)| Some((*slot, catalog.runtimes().pcie_gb_s(slot.0, slot.1)?));
        Some(Self {
            vram_gb: card.memory_gib,
            vram_rate: card.bandwidth_gb_s?,
            larger: catalog.card(LARGER)?.name.clone(),
            mac: mac.name.split(" (").next()?.to_owned(),
            mac_gb: mac.memory_gib,
            mac_rate: mac.bandwidth_gb_s?,
            mixture: catalog.model(MIXTURE)?.name.split(" (").next()?.to_owned(),
            slots: SLOTS.iter().map(rate).collect::<Option<_>>()?,
            at: place_of(premise, HandleId::Pcie, SLOT_AT, SLOTS.len()),
            full: of(with(&plan, |plan| plan.machine.cards = vec![one(LARGER)]))?,
            layers: of(with(&plan, |plan| plan.workload.gpu_layers = GpuLayers::Auto))?,
            experts: of(with(&plan, |plan| {
                plan.workload.model = ModelChoice::Catalog(MIXTURE.to_owned());
                plan.workload.quantization = MIXTURE_STORED;
                plan.workload.gpu_layers = GpuLayers::Auto;
            }))?,
            unified: of(with(&plan, |plan| {
                plan.machine.cards = vec![one(MAC)];
                plan.machine.ram_gb_s = None;
            }))?,
            stops: of(plan)?,
        })
    }

    /// The model in whole GB, as the box says it.
    fn model_gb(&self) -> f64 {
        (self.stops.weights.unwrap_or_default().0 as f64 / 1e9).round()
    }

    fn slot(&self) -> ((u8, u8), f64) {
        self.slots.get(self.at).copied().unwrap_or_default()
    }

    fn slot_name(slot: (u8, u8)) -> Figure {
        Figure::Name(format!("PCIe {}.0 x{}", slot.0, slot.1))
    }

    /// Words a second at best where the driver of Windows keeps in RAM what finds no room: each byte read once, from where it
    /// lies, nothing late.
    fn spilled_at_best(&self) -> Option<f64> {
        let needed = self.stops.needed_in_vram()?;
        let spilled = needed - self.stops.usable_vram();
        Some(1.0 / (seconds(needed - spilled, self.vram_rate) + seconds(spilled, self.slot().1)))
    }
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::Exceptions);
    let Some(story) = Story::tell(premise) else { return empty };
    let Some(figures) = figures(&story) else { return empty };
    Scene { figures, pictures: pictures(&story), handles: vec![slot(&story)], ..empty }
}

fn figures(story: &Story) -> Option<Figures> {
    let model = story.model_gb();
    let (vram, ram) = (story.vram_gb, f64::from(RAM_GB));
    let (slot, rate) = story.slot();
    let (o_vram, o_ram) = places(&story.layers);
    let (in_vram, in_ram) = places(&story.experts);
    let experts = story.experts.speed.decode?;
    Some(
        Figures::default()
            .with("model", Figure::Gb(model))
            .with("vram", Figure::Gb(vram))
            .with("vram_n", Figure::Number(vram))
            .with("ram", Figure::Gb(ram))
            .with("ram_n", Figure::Number(ram))
            .with("both", Figure::Gb(vram + ram))
            .with("over", Figure::Gb(model - vram))
            .with("os", Figure::gb(story.stops.host.os))
            .with("scale", Figure::GbPerSecond(SCALE))
            .with("vram_rate", Figure::GbPerSecond(story.vram_rate))
            .with("ram_rate", Figure::GbPerSecond(RAM_RATE))
            .with("pcie_name", Story::slot_name(slot))
            .with("pcie_lap", Figure::Seconds(model / rate))
            .with("pcie_words", Figure::WordsPerSecond(rate / model))
            .with("ratio", Figure::Times(story.vram_rate / rate))
            .with("layers", Figure::Count(u64::from(story.layers.gpu_layers())))
            .with("all_layers", Figure::Count(u64::from(story.layers.layers)))
            .with("offload", words_figure(&story.layers))
            .with("o_vram", Figure::gb(o_vram))
            .with("o_ram", Figure::gb(o_ram))
            .with("full", words_figure(&story.full))
            .with("card_larger", Figure::Name(story.larger.clone()))
            .with("experts", words_figure(&story.experts))
            .with("experts_low", Figure::WordsPerSecond(experts.low))
            .with("experts_high", Figure::WordsPerSecond(experts.high))
            .with("moe_name", Figure::Name(story.mixture.clone()))
            .with("moe_quant", Figure::Name(MIXTURE_STORED.name().to_owned()))
            .with("moe", Figure::gb(story.experts.weights?))
            .with("in_vram", Figure::gb(in_vram))
            .with("in_ram", Figure::gb(in_ram))
            .with("mac", Figure::Name(story.mac.clone()))
            .with("mac_rate", Figure::GbPerSecond(story.mac_rate))
            .with("pool", Figure::Gb(story.mac_gb))
            .with("unified", words_figure(&story.unified))
            .with("windows", Figure::WordsPerSecond(story.spilled_at_best()?)),
    )
}

#[expect(clippy::cast_possible_truncation, reason = "a count of cells")]
const fn weights(gb: f64, lies: Lies) -> Portion {
    Portion::new(Memory::Weights, gb as f32, lies)
}

/// Both memories, with what lies in them.
fn both(story: &Story, in_ram: Option<Portion>, in_vram: Vec<Portion>) -> Vec<Placed> {
    let ram = Shelf {
        portions: [Some(system(&story.stops).labeled("taken")), in_ram].into_iter().flatten().collect(),
        ..table(RAM_GB, 8, CELL)
    };
    let vram = Shelf { portions: in_vram, ..stove(cells(story.vram_gb), 4, CELL) };
    vec![Placed::new("ram", LEFT, ram).linked(Link::Ram), Placed::new("vram", RIGHT, vram).linked(Link::Vram)]
}

fn door(story: &Story, area: Area) -> Placed {
    let (_, gb_s) = story.slot();
    let lane = Lane {
        gb_s,
        scale: SCALE,
        rate: Figure::GbPerSecond(gb_s).into(),
        role: "role_road".into(),
        cargo: None,
        limit: None,
        runs: 0.0,
        back: false,
    };
    Placed::new("door", area, lane).linked(Link::Pcie)
}

fn beside(figure: &Estimate, about: &'static str) -> Placed {
    let reading = Reading { figure: words_figure(figure).into(), unit: "words".into(), about: about.into() };
    Placed::new("words", BESIDE, reading).linked(Link::Token)
}

fn pictures(story: &Story) -> Vec<Picture> {
    let model = story.model_gb();
    let ask = {
        let mut things = both(story, Some(weights(model, Lies::Hatched)), Vec::new());
        things.push(door(story, Area::new(510.0, 330.0, 140.0, 60.0)));
        let worker = Worker { trade: Trade::Wok, name: "gpu".into(), role: "role_gpu".into() };
        things.push(Placed::new("gpu", Area::new(1040.0, 330.0, 100.0, 110.0), worker).linked(Link::Gpu));
        Picture::of(things)
    };
    let no_pool = {
        let piled = vec![
            weights(story.vram_gb, Lies::Solid),
            weights(model - story.vram_gb, Lies::Nowhere).labeled("no_place"),
        ];
        let mut things = both(story, None, piled);
        let bubble = Bubble {
            title: "no_sum".into(),
            lines: vec!["no_sum_line".into()],
            at: [930.0, 330.0],
            verdict: Verdict::DoesNotFit,
        };
        things.push(Placed::new("error", Area::new(1000.0, 240.0, 300.0, 72.0), bubble));
        Picture::of(things)
    };
    let split = |found: &Estimate, [in_ram, in_vram]: [&'static str; 2], about| {
        let (card, host) = places(found);
        let part = |bytes, lies| Portion::new(Memory::Weights, gb_cells(bytes), lies);
        let on_card = vec![part(card, Lies::Solid).labeled(in_vram)];
        let mut things = both(story, Some(part(host, Lies::Hatched).labeled(in_ram)), on_card);
        things.push(beside(found, about));
        Picture::of(things)
    };
    let layers = split(&story.layers, ["in_ram", "in_vram"], "about_offload");
    let experts = split(&story.experts, ["e_ram", "e_vram"], "about_experts");
    vec![ask, race(story), no_pool, layers, experts, pool(story), row(story)]
}

/// Everything straight off RAM, beside the same from VRAM.
fn race(story: &Story) -> Picture {
    let gpu = || Worker { trade: Trade::Wok, name: "gpu".into(), role: "role_gpu".into() };
    let lap = |ids, gb_s, road, about, link, limit| Lap {
        ids,
        gb: story.model_gb(),
        gb_s,
        worker: gpu(),
        whole: "whole",
        road,
        about,
        link,
        limit,
    };
    let limit = Some((story.vram_rate, Say::Label("limit")));
    let near = ["ring_vram", "path_vram", "gpu_vram", "words_vram"];
    let far = ["ring_pcie", "path_pcie", "gpu_pcie", "words_pcie"];
    let mut things = lap(near, story.vram_rate, "road_vram", "about_vram", Link::Vram, None).placed(0);
    things.extend(lap(far, story.slot().1, "road_pcie", "about_pcie", Link::Pcie, limit).placed(1));
    Picture::of(things)
}

/// One memory for both.
fn pool(story: &Story) -> Picture {
    let shared = Shelf {
        portions: vec![system(&story.unified), weights(story.model_gb(), Lies::Solid).labeled("u_model")],
        ..shelf("pool", "role_pool", Stand::Stove, (cells(story.mac_gb), 16, CELL))
    };
    let worker = |trade, name: &'static str, role: &'static str| Worker { trade, name: name.into(), role: role.into() };
    Picture::of(vec![
        Placed::new("pool", Area::new(60.0, 130.0, 720.0, 426.0), shared).linked(Link::Ram),
        Placed::new("cpu", Area::new(810.0, 250.0, 90.0, 110.0), worker(Trade::Hat, "cpu", "role_cpu"))
            .linked(Link::Cpu),
        Placed::new("gpu", Area::new(910.0, 250.0, 90.0, 110.0), worker(Trade::Wok, "gpu", "role_gpu"))
            .linked(Link::Gpu),
        beside(&story.unified, "about_unified"),
    ])
}

/// All ways as a table, and the door that can be made wider.
fn row(story: &Story) -> Picture {
    let model = || Say::Figure(Figure::Gb(story.model_gb()));
    let rate = |gb_s| Say::Figure(Figure::GbPerSecond(gb_s));
    let words = |found: &Estimate| Say::Figure(words_figure(found));
    let (_, slot) = story.slot();
    let mixture = Say::Name(story.mixture.clone());
    let rows = vec![
        Row::new(["way_card".into(), model(), rate(story.vram_rate), words(&story.full)]).linked(Link::Vram).strong(),
        Row::new(["way_unified".into(), model(), rate(story.mac_rate), words(&story.unified)]),
        Row::new(["way_experts".into(), mixture, rate(RAM_RATE), words(&story.experts)]).linked(Link::Ram),
        Row::new(["way_layers".into(), model(), rate(RAM_RATE), words(&story.layers)]).linked(Link::Ram),
        Row::new(["way_windows".into(), model(), rate(slot), "best_windows".into()]).linked(Link::Pcie),
        Row::new(["way_pcie".into(), model(), rate(slot), "best_pcie".into()]).linked(Link::Pcie),
    ];
    let columns = vec![
        Column::new("head_way", 3.0),
        Column::new("head_model", 1.6),
        Column::new("head_rate", 1.2),
        Column::new("head_words", 2.2),
    ];
    Picture::of(vec![
        Placed::new("ways", Area::new(120.0, 90.0, 1110.0, 320.0), Table { columns, rows }),
        door(story, Area::new(520.0, 430.0, 300.0, 90.0)),
    ])
}

fn slot(story: &Story) -> Handle {
    let notch =
        |(slot, _): &((u8, u8), f64)| Notch { turn: Turn::Pcie(slot.0, slot.1), words: Story::slot_name(*slot).into() };
    Handle {
        id: HandleId::Pcie,
        name: "turn_pcie".into(),
        notches: story.slots.iter().map(notch).collect(),
        at: story.at,
        yours: Some(SLOT_AT),
        limit: None,
        on: "door",
        edge: Edge::Top,
    }
}
