//! VRAM and RAM in seven stops: a model of 7 billion numbers, a card of 8 GB, a PC of 32 GB.

use super::kit::{example, found, gb_cells, offer, places, price, stove, table, with, words_figure};
use crate::catalog::Catalog;
use crate::catalog::quantization::Quantization;
use crate::estimate::{Estimate, Memory, Verdict};
use crate::plan::{GpuLayers, HandleId, ModelChoice, Plan};
use crate::scenes::draw::bubble::Bubble;
use crate::scenes::draw::lane::Lane;
use crate::scenes::draw::reading::Reading;
use crate::scenes::draw::ring::Ring;
use crate::scenes::draw::shelf::{Lies, Portion, Shelf};
use crate::scenes::draw::stream::Stream;
use crate::scenes::draw::worker::{Trade, Worker};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Notch, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::offer::Offer;
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};
use crate::units::Bytes;

const PARAMETERS: u64 = 7_000_000_000;
const CARD: &str = "rtx-5060";
const LARGER: &str = "rtx-5060-ti-16gb";
const BYTES_A_NUMBER: u32 = 2;
const RAM_GB: u32 = 32;
/// DDR5-5200 in two channels, and what else is sold: two channels of DDR4-3200 to DDR5-8000, four of a workstation, a Mac or
/// Strix Halo, and the card's own.
const RAM_RATES: [f64; 6] = [51.2, 83.2, 102.4, 128.0, 256.0, 448.0];
const RAM_AT: usize = 1;
const SHORT: u64 = 4096;
const LONG: u64 = 32_768;
/// Where the two shelves stand.
const LEFT: Area = Area::new(70.0, 100.0, 540.0, 456.0);
const RIGHT: Area = Area::new(850.0, 100.0, 300.0, 456.0);
const CELL: f32 = 62.0;
/// Seconds of the race between the two rings.
const RACE: f32 = 3.0;

/// The plans that the story tells of, and what each comes to.
struct Story {
    plan: Plan,
    stops: Estimate,
    borrowed: Estimate,
    on_card: Estimate,
    in_ram: Estimate,
    smaller: (Plan, Estimate),
    larger: (Plan, Estimate),
    long: Estimate,
    ram_at: usize,
}

impl Story {
    fn tell(premise: Premise<'_>) -> Option<Self> {
        let catalog = premise.catalog;
        let ram_at = premise.turned.get(&HandleId::RamSpeed).copied().unwrap_or(RAM_AT).min(RAM_RATES.len() - 1);
        let mut plan = example(ModelChoice::Size(PARAMETERS), Quantization::F16, CARD);
        plan.machine.ram_gb_s = RAM_RATES.get(ram_at).copied();
        let of = |plan: &Plan| found(plan, catalog);
        let automatic = with(&plan, |plan| plan.workload.gpu_layers = GpuLayers::Auto);
        let larger = with(&plan, |plan| plan.machine.cards = vec![super::kit::one(LARGER)]);
        let smaller = with(&plan, |plan| plan.workload.quantization = Quantization::Q4_K_M);
        let in_ram = with(&plan, |plan| plan.machine.cards.clear());
        let long = with(&plan, |plan| plan.workload.context = LONG);
        Some(Self {
            stops: of(&plan)?,
            borrowed: of(&automatic)?,
            on_card: of(&larger)?,
            in_ram: of(&in_ram)?,
            smaller: (smaller.clone(), of(&smaller)?),
            larger: (larger.clone(), of(&larger)?),
            long: of(&long)?,
            plan: automatic,
            ram_at,
        })
    }

    fn ram_rate(&self) -> f64 {
        RAM_RATES.get(self.ram_at).copied().unwrap_or_default()
    }
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(premise_id());
    let Some(story) = Story::tell(premise) else { return empty };
    let Some(figures) = figures(&story, premise.catalog) else { return empty };
    let Some(pictures) = pictures(&story, premise.catalog) else { return empty };
    Scene { figures, pictures, handles: vec![ram_speed(&story)], offers: offers(&story), ..empty }
}

const fn premise_id() -> crate::plan::SceneId {
    crate::plan::SceneId::Basics
}

/// The model in whole GB, as the box says it.
fn model_gb(story: &Story) -> f64 {
    (story.stops.weights.unwrap_or_default().0 as f64 / 1e9).round()
}

fn kv(found: &Estimate) -> Bytes {
    found.parts_in_vram().kv_cache.unwrap_or_default()
}

fn figures(story: &Story, catalog: &Catalog) -> Option<Figures> {
    let card = catalog.card(CARD)?;
    let (card_usd, card_date) = price(catalog, LARGER)?;
    let vram_gb = card.memory_gib;
    let vram_rate = card.bandwidth_gb_s?;
    let model = model_gb(story);
    let os = story.stops.host.os;
    let (in_vram, in_ram) = places(&story.borrowed);
    let device = story.stops.devices.first()?;
    let lap = |rate: f64| Figure::Seconds(model / rate);
    let [(_, smaller), (_, larger)] = [&story.smaller, &story.larger];
    Some(
        Figures::default()
            .with("vram", Figure::Gb(vram_gb))
            .with("vram_n", Figure::Number(vram_gb))
            .with("ram", Figure::Gb(f64::from(RAM_GB)))
            .with("ram_n", Figure::Count(u64::from(RAM_GB)))
            .with("both", Figure::Gb(vram_gb + f64::from(RAM_GB)))
            .with("model", Figure::Gb(model))
            .with("model_n", Figure::Number(model))
            .with("bytes", Figure::Both(format!("{model} billion bytes"), format!("{} 亿字节", model * 10.0)))
            .with(
                "params",
                Figure::Both(
                    format!("{} billion", PARAMETERS / 1_000_000_000),
                    format!("{} 亿", PARAMETERS / 100_000_000),
                ),
            )
            .with("bytes_each", Figure::Count(u64::from(BYTES_A_NUMBER)))
            .with("bits", Figure::Count(u64::from(BYTES_A_NUMBER) * 8))
            .with("os", Figure::Gb(os.gib()))
            .with("ram_free", Figure::Gb(f64::from(RAM_GB) - os.gib()))
            .with("over", Figure::Gb(model - vram_gb))
            .with("usable", Figure::Gib(device.usable))
            .with("layers", Figure::Count(u64::from(story.borrowed.gpu_layers())))
            .with("all_layers", Figure::Count(u64::from(story.borrowed.layers)))
            .with("in_vram", Figure::gb(in_vram))
            .with("in_ram", Figure::gb(in_ram))
            .with("borrowed", words_figure(&story.borrowed))
            .with("all_on_card", words_figure(&story.on_card))
            .with("all_in_ram", words_figure(&story.in_ram))
            .with("ratio", Figure::Number((vram_rate / story.ram_rate() * 10.0).round() / 10.0))
            .with("vram_rate", Figure::GbPerSecond(vram_rate))
            .with("vram_rate_n", Figure::Number(vram_rate))
            .with("ram_rate", Figure::GbPerSecond(story.ram_rate()))
            .with("ram_rate_n", Figure::Number(story.ram_rate()))
            .with("ram_name", Figure::GbPerSecond(story.ram_rate()))
            .with("lap_vram", lap(vram_rate))
            .with("lap_ram", lap(story.ram_rate()))
            .with("short", Figure::Tokens(SHORT))
            .with("long", Figure::Tokens(LONG))
            .with("kv_short", Figure::gb(kv(&story.stops)))
            .with("kv_long", Figure::gb(kv(&story.long)))
            .with("q4_bits", Figure::Bits(smaller.bits_per_weight?.round()))
            .with("q4_words", words_figure(smaller))
            .with("q4_bytes", Figure::gb(smaller.needed_in_vram()?))
            .with("card_name", Figure::Name(catalog.card(LARGER)?.name.trim_start_matches("GeForce ").to_owned()))
            .with("card_usd", card_usd)
            .with("card_date", card_date)
            .with("card_words", words_figure(larger))
            .with("card_bytes", Figure::gb(larger.needed_in_vram()?)),
    )
}

/// The PC's memory with what the system takes.
fn ram(story: &Story) -> Shelf {
    let os = Portion::new(Memory::Os, gb_cells(Bytes::from_gib(story.stops.host.os.gib())).round(), Lies::Hatched);
    Shelf { portions: vec![Portion { lies: Lies::Solid, ..os }.labeled("taken")], ..table(RAM_GB, 8, CELL) }
}

fn placed(left: Shelf, right: Shelf) -> Vec<Placed> {
    vec![Placed::new("ram", LEFT, left).linked(Link::Ram), Placed::new("vram", RIGHT, right).linked(Link::Vram)]
}

fn pictures(story: &Story, catalog: &Catalog) -> Option<Vec<Picture>> {
    let card = catalog.card(CARD)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of cells")]
    let (cells, model) = (card.memory_gib as u32, model_gb(story) as f32);
    let holds = cells as f32;
    let empty = stove(cells, 4, CELL);
    let amount = |label: &'static str| Some(Say::Label(label));
    let weights = |cells: f32, lies| Portion::new(Memory::Weights, cells, lies);
    let ask = {
        let left = Shelf { amount: Some(Figure::Gb(f64::from(RAM_GB)).into()), ..ram(story) };
        let right = Shelf { amount: Some(Figure::Gb(card.memory_gib).into()), ..empty.clone() };
        Picture::of(placed(left, right))
    };
    let stops = {
        let portions = vec![
            weights(holds, Lies::Solid).labeled("on_stove"),
            weights(model - holds, Lies::Nowhere).labeled("no_place"),
        ];
        let left = Shelf { amount: amount("ram_free"), ..ram(story) };
        let mut things = placed(left, Shelf { portions, ..empty.clone() });
        let bubble = Bubble {
            title: "oom".into(),
            lines: vec!["oom_line".into()],
            at: [1128.0, 318.0],
            verdict: Verdict::DoesNotFit,
        };
        things.push(Placed::new("error", Area::new(1110.0, 190.0, 236.0, 72.0), bubble));
        Picture::of(things).looking_at(&["vram", "error"])
    };
    let (in_vram, in_ram) = places(&story.borrowed);
    let borrow = {
        let mut left = Shelf { amount: None, ..ram(story) };
        left.portions.push(weights(gb_cells(in_ram), Lies::Hatched).labeled("in_ram"));
        let portions = vec![weights(gb_cells(in_vram), Lies::Solid).labeled("in_vram")];
        Picture::of(placed(left, Shelf { portions, ..empty.clone() }))
    };
    let chat = {
        let short = vec![
            weights(holds, Lies::Solid),
            Portion::new(Memory::Kv, gb_cells(kv(&story.long)), Lies::Nowhere).labeled("chat_long"),
        ];
        Picture::of(placed(ram(story), Shelf { portions: short, ..empty.clone() })).looking_at(&["vram"])
    };
    let smaller = story.smaller.1.needed_in_vram()?;
    let ways = {
        let portions = vec![weights(gb_cells(smaller), Lies::Solid)];
        Picture::of(placed(ram(story), Shelf { portions, ..empty.clone() }))
    };
    let glance = Picture::of(placed(
        Shelf { amount: Some(Figure::GbPerSecond(story.ram_rate()).into()), ..ram(story) },
        Shelf { amount: Some(Figure::GbPerSecond(card.bandwidth_gb_s?).into()), ..empty },
    ));
    Some(vec![ask, stops, borrow, race(story, card.bandwidth_gb_s?), chat, ways, glance])
}

/// Two rings, each with its path and its cook: the same dish, read at the speed of its memory.
fn race(story: &Story, vram_rate: f64) -> Picture {
    let model = model_gb(story);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of pieces")]
    let pieces = model as u32;
    let mut things = Vec::new();
    let rows = [
        (["ring_vram", "path_vram", "gpu", "words_vram", "said_vram"], vram_rate, 78.0, Link::Vram, None),
        (
            ["ring_ram", "path_ram", "cpu", "words_ram", "said_ram"],
            story.ram_rate(),
            326.0,
            Link::Ram,
            Some((vram_rate, "limit".into())),
        ),
    ];
    for (ids, rate, y, link, limit) in rows {
        let [ring, path, cook, words, said] = ids;
        let is_vram = limit.is_none();
        let lap = Figure::Seconds(model / rate);
        things.push(
            Placed::new(
                ring,
                Area::new(112.0, y, 200.0, 200.0),
                Ring {
                    component: Memory::Weights,
                    pieces,
                    lap: model / rate,
                    reading: lap.into(),
                    unit: "lap".into(),
                    role: "whole".into(),
                    runs: RACE,
                    radii: [96.0, 62.0],
                },
            )
            .linked(Link::Weights),
        );
        things.push(
            Placed::new(
                path,
                Area::new(340.0, y + 42.0, 330.0, 112.0),
                Lane {
                    gb_s: rate,
                    scale: 8.0,
                    rate: Figure::GbPerSecond(rate).into(),
                    role: if is_vram { "path".into() } else { "nothing".into() },
                    cargo: Some(Memory::Weights),
                    limit,
                    runs: RACE,
                    back: false,
                },
            )
            .linked(link),
        );
        let worker = Worker {
            trade: if is_vram { Trade::Wok } else { Trade::Hat },
            name: if is_vram { "gpu".into() } else { "cpu".into() },
            role: if is_vram { "role_gpu".into() } else { "role_cpu".into() },
        };
        things.push(Placed::new(cook, Area::new(700.0, y + 42.0, 90.0, 112.0), worker).linked(link));
        let reading = Reading {
            figure: Figure::WordsPerSecond(rate / model).into(),
            unit: "words".into(),
            about: if is_vram { "about_vram".into() } else { "about_ram".into() },
        };
        things.push(Placed::new(words, Area::new(850.0, y, 460.0, 70.0), reading));
        let stream = Stream { answer: "answer".into(), rate: rate / model, runs: RACE };
        things.push(Placed::new(said, Area::new(850.0, y + 84.0, 460.0, 110.0), stream));
    }
    Picture::of(things)
}

/// The path from RAM can be made wider.
fn ram_speed(story: &Story) -> Handle {
    let notches = RAM_RATES
        .iter()
        .map(|rate| Notch { turn: Turn::RamSpeed(*rate), words: Figure::GbPerSecond(*rate).into() })
        .collect();
    Handle {
        id: HandleId::RamSpeed,
        name: "turn_ram".into(),
        notches,
        at: story.ram_at,
        yours: Some(RAM_AT),
        limit: Some(RAM_RATES.len() - 1),
        on: "path_ram",
        edge: Edge::Top,
    }
}

fn offers(story: &Story) -> Vec<Offer> {
    const WAYS: usize = 5;
    vec![
        offer(WAYS, ["q4", "q4_about", "q4_figures"], &story.smaller),
        offer(WAYS, ["card", "card_about", "card_figures"], &story.larger),
        offer(WAYS, ["table", "table_about", "table_figures"], &(story.plan.clone(), story.borrowed.clone())),
    ]
}
