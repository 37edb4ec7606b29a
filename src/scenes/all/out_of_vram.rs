//! A model of 14 GB moved to a card of 8 GB: the error where it arises, and RAM that does not help.

use super::allocator::{Failure, moved, written};
use super::kit::{
    cells, example, found, gb_cells, offer, one, place_of, places, price, stove, system, table, with, words_figure,
};
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::catalog::quantization::Quantization;
use crate::estimate::{Estimate, Memory, Verdict};
use crate::plan::{GpuLayers, HandleId, ModelChoice, Plan, Runtime, SceneId};
use crate::scenes::draw::bubble::Bubble;
use crate::scenes::draw::shelf::{Lies, Portion, Shelf};
use crate::scenes::draw::table::{Column, Row, Table};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Notch, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::offer::Offer;
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};

const MODEL: &str = "mistral-7b-v0.3";
const CARD: &str = "rtx-5060";
const LARGER: &str = "rtx-5060-ti-16gb";
const SMALLER: Quantization = Quantization::Q4_K_M;
const BYTES_A_NUMBER: u64 = 2;
const RAM_GB: [u32; 4] = [32, 64, 128, 256];
const MOST: usize = RAM_GB.len() - 1;
/// DDR5-5200 in two channels.
const RAM_RATE: f64 = 83.2;
/// One size for both memories, so that they can be compared.
const CELL: f32 = 21.0;
const RAM_AREA: Area = Area::new(40.0, 96.0, 400.0, 460.0);
const VRAM_AREA: Area = Area::new(470.0, 96.0, 200.0, 460.0);
const CODE_AREA: Area = Area::new(690.0, 150.0, 660.0, 110.0);
const ERROR_AREA: Area = Area::new(706.0, 284.0, 630.0, 132.0);
const WAYS: usize = 3;

struct Story<'a> {
    model: &'a Model,
    vram_gb: f64,
    moved: Estimate,
    failure: Failure,
    smaller: (Plan, Estimate),
    larger: (Plan, Estimate),
    borrowed: (Plan, Estimate),
    at: usize,
}

impl<'a> Story<'a> {
    fn tell(premise: Premise<'a>) -> Option<Self> {
        let catalog = premise.catalog;
        let model = catalog.model(MODEL)?;
        let mut plan = example(ModelChoice::Catalog(MODEL.to_owned()), Quantization::F16, CARD);
        plan.machine.ram_gb_s = Some(RAM_RATE);
        let in_python = found(&with(&plan, |plan| plan.workload.choose_runtime(Runtime::Transformers)), catalog)?;
        let device = in_python.devices.first()?;
        let way = |change: fn(&mut Plan)| {
            let plan = with(&plan, change);
            found(&plan, catalog).map(|found| (plan, found))
        };
        Some(Self {
            model,
            vram_gb: catalog.card(CARD)?.memory_gib,
            failure: moved(model, BYTES_A_NUMBER, device.usable, device.overhead.expected)?,
            smaller: way(|plan| plan.workload.quantization = SMALLER)?,
            larger: way(|plan| plan.machine.cards = vec![one(LARGER)])?,
            borrowed: way(|plan| plan.workload.gpu_layers = GpuLayers::Auto)?,
            moved: in_python,
            at: place_of(premise, HandleId::Ram, 0, RAM_GB.len()),
        })
    }

    fn weights_gb(&self) -> f64 {
        (self.moved.weights.unwrap_or_default().0 as f64 / 1e9).round()
    }
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::OutOfVram);
    let Some(story) = Story::tell(premise) else { return empty };
    let Some(figures) = figures(&story, premise.catalog) else { return empty };
    Scene { figures, pictures: pictures(&story), handles: vec![ram_size(&story)], offers: offers(&story), ..empty }
}

/// A number of parameters as people say it.
fn billions(count: u64) -> Figure {
    let short = |unit: f64| crate::text::trimmed(count as f64 / unit, 2);
    Figure::Both(format!("{} billion", short(1e9)), format!("{} 亿", short(1e8)))
}

fn figures(story: &Story<'_>, catalog: &Catalog) -> Option<Figures> {
    let Failure { tried, left, in_use, allocated, unused, layers } = story.failure;
    let device = story.moved.devices.first()?;
    let gb = |cells: u32| f64::from(cells);
    let free = |ram: u32, model: f64| Figure::Gb(gb(ram) - (story.moved.host.os.0 as f64 / 1e9).round() - model);
    let torch = |bytes| Figure::Name(written(bytes));
    let [(_, smaller), (_, larger), (_, borrowed)] = [&story.smaller, &story.larger, &story.borrowed];
    let (in_vram, in_ram) = places(borrowed);
    let (card_usd, card_date) = price(catalog, LARGER)?;
    Some(
        Figures::default()
            .with("model_name", Figure::Name(story.model.name.clone()))
            .with("model", Figure::Gb(story.weights_gb()))
            .with("params", billions(story.moved.params?))
            .with("bytes_each", Figure::Count(BYTES_A_NUMBER))
            .with("ram", Figure::Gb(gb(RAM_GB[0])))
            .with("ram_free", free(RAM_GB[0], story.weights_gb()))
            .with("most", Figure::Gb(gb(RAM_GB[MOST])))
            .with("grown", Figure::Times(gb(RAM_GB[MOST]) / gb(RAM_GB[0])))
            .with("most_free", free(RAM_GB[MOST], story.weights_gb()))
            .with("turned_free", free(RAM_GB[story.at], story.weights_gb()))
            .with("vram", Figure::Gb(story.vram_gb))
            .with("layers", Figure::Count(u64::from(layers)))
            .with("all_layers", Figure::Count(story.model.num_hidden_layers))
            .with("context", Figure::Mib(device.overhead.expected))
            .with("tried", torch(tried))
            .with("left", torch(left))
            .with("usable", torch(device.usable))
            .with("in_use", torch(in_use))
            .with("allocated", torch(allocated))
            .with("unused", torch(unused))
            .with("q4_name", Figure::Name(SMALLER.name().to_owned()))
            .with("q4_bits", Figure::Bits(smaller.bits_per_weight?.round()))
            .with("q4_words", words_figure(smaller))
            .with("q4_bytes", Figure::gb(smaller.needed_in_vram()?))
            .with("card_name", Figure::Name(catalog.card(LARGER)?.name.clone()))
            .with("card_usd", card_usd)
            .with("card_date", card_date)
            .with("card_words", words_figure(larger))
            .with("card_bytes", Figure::gb(larger.needed_in_vram()?))
            .with("b_layers", Figure::Count(u64::from(borrowed.gpu_layers())))
            .with("borrowed", words_figure(borrowed))
            .with("in_vram", Figure::gb(in_vram))
            .with("in_ram", Figure::gb(in_ram)),
    )
}

/// RAM with the whole model in it, beside the system.
fn ram(story: &Story<'_>, gb: u32, free: &'static str) -> Placed {
    let weights = Portion::new(Memory::Weights, whole(story), Lies::Hatched);
    let shelf = Shelf {
        portions: vec![system(&story.moved), weights],
        amount: Some(Say::Label(free)),
        ..table(gb, COLUMNS, CELL)
    };
    Placed::new("ram", RAM_AREA, shelf).linked(Link::Ram)
}

/// Cells of RAM beside each other.
const COLUMNS: u32 = 16;

#[expect(clippy::cast_possible_truncation, reason = "a count of cells")]
fn whole(story: &Story<'_>) -> f32 {
    story.weights_gb() as f32
}

fn vram(story: &Story<'_>, portions: Vec<Portion>, amount: Option<Say>) -> Placed {
    let shelf = Shelf { portions, amount, ..stove(cells(story.vram_gb), 4, CELL) };
    Placed::new("vram", VRAM_AREA, shelf).linked(Link::Vram)
}

/// The stove when it is full: what arrived, and the program's own.
fn full(story: &Story<'_>) -> Vec<Portion> {
    let context = story.failure.in_use - story.failure.allocated - story.failure.unused;
    vec![
        Portion::new(Memory::Weights, gb_cells(story.failure.allocated), Lies::Solid),
        Portion::new(Memory::Overhead, gb_cells(context + story.failure.unused), Lies::Solid),
    ]
}

fn code(does: &'static str, at: usize) -> Placed {
    let rows = [["line_load", "does_load"], ["line_cuda", does]];
    let row = |(place, [line, does]): (usize, [&'static str; 2])| {
        let row = Row::new([line.into(), does.into()]);
        if place == at { row.strong() } else { row }
    };
    let table = Table {
        columns: vec![Column::new("head_code", 3.6), Column::new("head_does", 1.6)],
        rows: rows.into_iter().enumerate().map(row).collect(),
    };
    Placed::new("code", CODE_AREA, table)
}

fn error() -> Placed {
    let lines = ["oom_tried", "oom_total", "oom_use", "oom_allocated", "oom_unused"];
    let bubble = Bubble {
        title: "oom".into(),
        lines: lines.into_iter().map(Say::Label).collect(),
        at: [624.0, 420.0],
        verdict: Verdict::DoesNotFit,
    };
    Placed::new("error", ERROR_AREA, bubble)
}

fn pictures(story: &Story<'_>) -> Vec<Picture> {
    let first = RAM_GB[0];
    let ask = Picture::of(vec![ram(story, first, "ram_free"), vram(story, Vec::new(), None), code("does_ask", 1)]);
    let failed = |gb: u32, free| {
        let stuck = vram(story, full(story), Some("full".into()));
        vec![ram(story, gb, free), stuck, code("does_fail", 1), error()]
    };
    let stops = Picture::of(failed(first, "ram_free")).looking_at(&["vram", "error", "code"]);
    let grown = Picture::of(failed(RAM_GB[MOST], "most_free")).looking_at(&["ram", "vram", "error"]);
    let ways = {
        let less = story.smaller.1.needed_in_vram().unwrap_or_default();
        let small = vec![Portion::new(Memory::Weights, gb_cells(less), Lies::Solid)];
        Picture::of(vec![ram(story, first, "ram_free"), vram(story, small, None)])
    };
    let sandbox = Picture::of(failed(RAM_GB[story.at], "turned_free"));
    vec![ask, stops, grown, ways, sandbox]
}

fn ram_size(story: &Story<'_>) -> Handle {
    let notch = |gb: &u32| {
        let gb = f64::from(*gb);
        Notch { turn: Turn::RamGib(gb), words: Figure::Gb(gb).into() }
    };
    Handle {
        id: HandleId::Ram,
        name: "turn_ram".into(),
        notches: RAM_GB.iter().map(notch).collect(),
        at: story.at,
        yours: Some(0),
        limit: None,
        on: "ram",
        edge: Edge::Top,
    }
}

fn offers(story: &Story<'_>) -> Vec<Offer> {
    vec![
        offer(WAYS, ["q4", "q4_about", "q4_figures"], &story.smaller),
        offer(WAYS, ["card", "card_about", "card_figures"], &story.larger),
        offer(WAYS, ["table", "table_about", "table_figures"], &story.borrowed),
    ]
}
