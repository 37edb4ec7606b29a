//! One memory for CPU and GPU: how much of it the GPU gets, and how fast it is beside GDDR.

use super::kit::{example, found, one, place_of, places, shelf, system, table, with, words_figure};
use crate::catalog::Catalog;
use crate::catalog::quantization::Quantization;
use crate::estimate::{Estimate, Memory};
use crate::plan::{GpuLayers, HandleId, ModelChoice, SceneId};
use crate::scenes::draw::lane::Lane;
use crate::scenes::draw::reading::Reading;
use crate::scenes::draw::shelf::{Lies, Portion, Shelf, Stand};
use crate::scenes::draw::table::{Column, Row, Table};
use crate::scenes::draw::worker::{Trade, Worker};
use crate::scenes::facts::{Fact, fact};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Notch, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};
use crate::units::Bytes;

const MODEL: &str = "llama-3.1-70b";
const STORED: Quantization = Quantization::Q4_K_M;
const MAC: usize = 0;
const SPARK: usize = 1;
const HALO: usize = 2;
const CARD: usize = 3;
/// Three with one memory, and a card with its own.
const MACHINES: [&str; 4] = ["apple-m4-max", "gb10-dgx-spark", "ryzen-ai-max-395", "rtx-4090"];
/// DDR5-5200 in two channels, 64 GB of it beside the card.
const RAM_RATE: f64 = 83.2;
const RAM_GIB: u32 = 64;
const SCALE: f64 = 8.0;
const CELL: f32 = 30.0;
const COLUMNS: u32 = 16;
const POOL: Area = Area::new(60.0, 130.0, 560.0, 426.0);
const BESIDE: Area = Area::new(900.0, 260.0, 420.0, 110.0);

/// A machine, and the model on it.
struct Machine {
    id: &'static str,
    name: String,
    pool_gib: f64,
    gb_s: f64,
    usable: Bytes,
    found: Estimate,
}

struct Story {
    model_name: String,
    machines: Vec<Machine>,
    gtt: &'static Fact,
    at: usize,
}

impl Story {
    fn tell(premise: Premise<'_>) -> Option<Self> {
        let catalog = premise.catalog;
        let machines = MACHINES.iter().map(|id| machine(id, catalog)).collect::<Option<_>>()?;
        Some(Self {
            model_name: format!("{} {}", catalog.model(MODEL)?.name, STORED.name()),
            machines,
            gtt: fact("linux-gtt-share")?,
            at: place_of(premise, HandleId::Card, MAC, MACHINES.len()),
        })
    }

    fn machine(&self, at: usize) -> Option<&Machine> {
        self.machines.get(at)
    }
}

fn machine(id: &'static str, catalog: &Catalog) -> Option<Machine> {
    let card = catalog.card(id)?;
    let plan = with(&example(ModelChoice::Catalog(MODEL.to_owned()), STORED, id), |plan| {
        plan.workload.gpu_layers = GpuLayers::Auto;
        plan.machine.cards = vec![one(id)];
        if !card.is_unified() {
            plan.machine.ram_gb_s = Some(RAM_RATE);
            plan.machine.ram_gib = f64::from(RAM_GIB);
        }
    });
    let found = found(&plan, catalog)?;
    Some(Machine {
        id,
        // Without what stands in brackets: its memory, which the picture says.
        name: card.name.split(" (").next().unwrap_or_default().to_owned(),
        pool_gib: card.memory_gib,
        gb_s: card.bandwidth_gb_s?,
        usable: found.usable_vram(),
        found,
    })
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::OnePool);
    let Some(story) = Story::tell(premise) else { return empty };
    let Some(figures) = figures(&story) else { return empty };
    let Some(pictures) = pictures(&story) else { return empty };
    Scene { figures, pictures, handles: vec![machines(&story)], ..empty }
}

fn figures(story: &Story) -> Option<Figures> {
    let [mac, spark, halo, card] = [MAC, SPARK, HALO, CARD].map(|at| story.machine(at));
    let (mac, spark, halo, card) = (mac?, spark?, halo?, card?);
    let turned = story.machine(story.at)?;
    let pools = || story.machines.iter().take(CARD).map(|machine| machine.gb_s);
    let gib = |gib: f64| Figure::Gib(Bytes::from_gib(gib));
    let name = |machine: &Machine| Figure::Name(machine.name.clone());
    let (t_in, t_ram) = places(&turned.found);
    let (c_in, c_ram) = places(&card.found);
    Some(
        Figures::default()
            .with("pool", gib(mac.pool_gib))
            .with("mac", name(mac))
            .with("mac_pool", gib(mac.pool_gib))
            .with("mac_usable", Figure::Gib(mac.usable))
            .with("mac_share", Figure::Percent(mac.usable.gib() / mac.pool_gib))
            .with("spark", name(spark))
            .with("spark_pool", gib(spark.pool_gib))
            .with("spark_usable", Figure::Gib(spark.usable))
            .with("halo", name(halo))
            .with("halo_pool", gib(halo.pool_gib))
            .with("halo_gtt", gib(halo.pool_gib * story.gtt.low))
            .with("halo_usable", Figure::Gib(halo.usable))
            .with("gtt_date", story.gtt.dated())
            .with("os", Figure::Gib(mac.found.host.os))
            .with("slow_rate", Figure::GbPerSecond(pools().fold(f64::INFINITY, f64::min)))
            .with("fast_rate", Figure::GbPerSecond(pools().fold(0.0, f64::max)))
            .with("card", name(card))
            .with("card_rate", Figure::GbPerSecond(card.gb_s))
            .with("ram_rate", Figure::GbPerSecond(RAM_RATE))
            .with("scale", Figure::GbPerSecond(SCALE))
            .with("model_name", Figure::Name(story.model_name.clone()))
            .with("model", Figure::Gib(mac.found.weights?))
            .with("turned", name(turned))
            .with("t_in", Figure::Gib(t_in))
            .with("t_ram", Figure::Gib(t_ram))
            .with("c_in", Figure::Gib(c_in))
            .with("c_ram", Figure::Gib(c_ram)),
    )
}

#[expect(clippy::cast_possible_truncation, reason = "a count of cells")]
fn gib_cells(bytes: Bytes) -> f32 {
    bytes.gib() as f32
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of cells")]
fn pool(role: &'static str, gib: f64, portions: Vec<Portion>) -> Placed {
    let body = shelf("pool", role, Stand::Stove, (gib as u32, COLUMNS, CELL));
    Placed::new("pool", POOL, Shelf { portions, ..body }).linked(Link::Ram)
}

fn workers() -> Vec<Placed> {
    let worker = |trade, name: &'static str, role: &'static str| Worker { trade, name: name.into(), role: role.into() };
    vec![
        Placed::new("cpu", Area::new(660.0, 260.0, 90.0, 110.0), worker(Trade::Hat, "cpu", "role_cpu"))
            .linked(Link::Cpu),
        Placed::new("gpu", Area::new(760.0, 260.0, 90.0, 110.0), worker(Trade::Wok, "gpu", "role_gpu"))
            .linked(Link::Gpu),
    ]
}

fn pictures(story: &Story) -> Option<Vec<Picture>> {
    let [mac, spark, halo] = [MAC, SPARK, HALO].map(|at| story.machine(at));
    let (mac, spark, halo) = (mac?, spark?, halo?);
    let ask = {
        let mut things = vec![pool("role_any", mac.pool_gib, Vec::new())];
        things.extend(workers());
        Picture::of(things)
    };
    let gets = |machine: &Machine, role, usable: Bytes, [label, about]: [&'static str; 2]| {
        let share = Portion::new(Memory::Weights, gib_cells(usable), Lies::Ghost).labeled(label);
        let mut things = vec![pool(role, machine.pool_gib, vec![share])];
        things.extend(workers());
        let reading = Reading { figure: Figure::Gib(usable).into(), unit: "gets".into(), about: about.into() };
        things.push(Placed::new("gets", BESIDE, reading).linked(Link::Vram));
        Picture::of(things)
    };
    let lent = Bytes::from_gib(halo.pool_gib * story.gtt.low);
    Some(vec![
        ask,
        gets(mac, "role_mac", mac.usable, ["for_gpu", "about_mac"]),
        gets(spark, "role_spark", spark.usable, ["for_spark", "about_spark"]),
        gets(halo, "role_halo", lent, ["for_halo", "about_halo"]),
        roads(story),
        sandbox(story)?,
    ])
}

/// The roads one under the other, all in one scale.
fn roads(story: &Story) -> Picture {
    const IDS: [&str; 4] = ["road_mac", "road_spark", "road_halo", "road_card"];
    /// Over and under a road stand its rate and its name.
    const NAMES: f32 = 26.0;
    let mut y = 78.0;
    let mut things = Vec::new();
    for (machine, id) in story.machines.iter().zip(IDS) {
        #[expect(clippy::cast_possible_truncation, reason = "points")]
        let height = (machine.gb_s / SCALE) as f32;
        let lane = Lane {
            gb_s: machine.gb_s,
            scale: SCALE,
            rate: Figure::GbPerSecond(machine.gb_s).into(),
            role: Say::Name(machine.name.clone()),
            cargo: Some(Memory::Weights),
            limit: None,
            runs: super::laps::RUN,
            back: false,
        };
        let link = if id == "road_card" { Link::Vram } else { Link::Ram };
        things.push(Placed::new(id, Area::new(280.0, y + NAMES, 780.0, height), lane).linked(link));
        y += height + 2.0 * NAMES + 3.0;
    }
    Picture::of(things)
}

/// One machine with the model on it, and all of them as a table.
fn sandbox(story: &Story) -> Option<Picture> {
    let turned = story.machine(story.at)?;
    let row = |(at, machine): (usize, &Machine)| {
        let lies = if at == CARD { "lies_split" } else { "lies_pool" };
        let row = Row::new([
            Say::Name(machine.name.clone()),
            Figure::Gib(machine.usable).into(),
            Figure::GbPerSecond(machine.gb_s).into(),
            words_figure(&machine.found).into(),
            lies.into(),
        ]);
        if at == story.at { row.strong() } else { row }
    };
    let columns = vec![
        Column::new("head_machine", 1.8),
        Column::new("head_usable", 1.1),
        Column::new("head_rate", 1.0),
        Column::new("head_words", 1.5),
        Column::new("head_lies", 2.0),
    ];
    let table_of_all = Table { columns, rows: story.machines.iter().enumerate().map(row).collect() };
    let (on_gpu, in_ram) = places(&turned.found);
    let part = |bytes, lies, label: &'static str| Portion::new(Memory::Weights, gib_cells(bytes), lies).labeled(label);
    let mut things = vec![Placed::new("all", Area::new(620.0, 120.0, 730.0, 260.0), table_of_all)];
    if story.at == CARD {
        let beside = Shelf {
            portions: vec![system(&turned.found), part(in_ram, Lies::Hatched, "t_ram")],
            ..table(RAM_GIB, 8, CELL)
        };
        let portions = vec![part(on_gpu, Lies::Solid, "t_weights")];
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of cells")]
        let stove = shelf("vram", "role_vram", Stand::Stove, (turned.pool_gib as u32, 6, CELL));
        things.push(Placed::new("ram", Area::new(30.0, 130.0, 300.0, 426.0), beside).linked(Link::Ram));
        things.push(
            Placed::new("pool", Area::new(350.0, 130.0, 220.0, 426.0), Shelf { portions, ..stove }).linked(Link::Vram),
        );
    } else {
        let os = system(&turned.found).labeled("taken");
        things.push(pool("role_turned", turned.pool_gib, vec![os, part(on_gpu, Lies::Solid, "t_weights")]));
    }
    Some(Picture::of(things))
}

fn machines(story: &Story) -> Handle {
    let notch =
        |machine: &Machine| Notch { turn: Turn::Card(machine.id.to_owned()), words: Say::Name(machine.name.clone()) };
    Handle {
        id: HandleId::Card,
        name: "turn_machine".into(),
        notches: story.machines.iter().map(notch).collect(),
        at: story.at,
        yours: Some(MAC),
        limit: None,
        on: "pool",
        edge: Edge::Right,
    }
}
