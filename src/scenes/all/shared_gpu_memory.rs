//! What the driver of Windows moves into RAM without a word, what that costs, and how it is switched off.

use super::kit::{
    cells, example, found, gb_cells, offer, one, place_of, places, price, seconds, stove, system, table, with,
    words_figure,
};
use crate::catalog::Catalog;
use crate::catalog::quantization::Quantization;
use crate::estimate::{Estimate, Memory};
use crate::plan::{GpuLayers, HandleId, ModelChoice, OperatingSystem, Plan, SceneId};
use crate::scenes::draw::lane::Lane;
use crate::scenes::draw::reading::Reading;
use crate::scenes::draw::shelf::{Lies, Portion, Shelf};
use crate::scenes::draw::table::{Column, Row, Table};
use crate::scenes::facts::{Fact, fact};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Notch, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::offer::Offer;
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};
use crate::units::Bytes;

const MODEL: &str = "llama-3.1-8b";
const STORED: Quantization = Quantization::Q8_0;
const SMALLER: Quantization = Quantization::Q4_K_M;
const CARD: &str = "rtx-5060";
const LARGER: &str = "rtx-5060-ti-16gb";
const RAM_GB: u32 = 32;
/// DDR5-5200 in two channels.
const RAM_RATE: f64 = 83.2;
/// How long a chat may be turned; the model of the last stop is one that fits a short one.
const CONTEXTS: [u64; 5] = [4096, 8192, 16_384, 32_768, 65_536];
const CONTEXT_AT: usize = 3;
/// At the last stop: stored so that a short chat fits.
const TRIED: Quantization = Quantization::Q5_K_M;
const WAYS: usize = 5;
const SCALE: f64 = 8.0;
const CELL: f32 = 52.0;
const LEFT: Area = Area::new(60.0, 130.0, 420.0, 426.0);
const RIGHT: Area = Area::new(580.0, 130.0, 240.0, 426.0);
const BESIDE: Area = Area::new(860.0, 210.0, 486.0, 200.0);

/// What spills of a plan, and what stays.
#[derive(Debug, Clone, Copy)]
struct Spill {
    needed: Bytes,
    stays: Bytes,
    spilled: Bytes,
}

impl Spill {
    fn of(found: &Estimate) -> Option<Self> {
        let needed = found.needed_in_vram()?;
        let stays = needed.min(found.usable_vram());
        Some(Self { needed, stays, spilled: needed - stays })
    }

    /// Words a second at best: each byte read once, from where it lies, nothing late.
    fn at_best(self, vram_rate: f64, pcie_rate: f64) -> f64 {
        1.0 / (seconds(self.stays, vram_rate) + seconds(self.spilled, pcie_rate))
    }
}

struct Story<'a> {
    model_name: &'a str,
    larger_name: &'a str,
    vram_gb: f64,
    vram_rate: f64,
    pcie: (u8, u8),
    pcie_rate: f64,
    told: Estimate,
    spill: Spill,
    turned: Spill,
    turned_kv: Bytes,
    shared: Bytes,
    driver: &'a Fact,
    switch: &'a Fact,
    smaller: (Plan, Estimate),
    layers: (Plan, Estimate),
    larger: (Plan, Estimate),
    limit: Option<usize>,
    at: usize,
}

impl<'a> Story<'a> {
    fn tell(premise: Premise<'a>) -> Option<Self> {
        let catalog = premise.catalog;
        let card = catalog.card(CARD)?;
        let mut plan = example(ModelChoice::Catalog(MODEL.to_owned()), STORED, CARD);
        plan.machine.ram_gb_s = Some(RAM_RATE);
        plan.machine.os = OperatingSystem::Windows;
        let way = |change: &dyn Fn(&mut Plan)| {
            let plan = with(&plan, change);
            found(&plan, catalog).map(|found| (plan, found))
        };
        let chat = |tokens: u64| {
            let (_, found) = way(&|plan| {
                plan.workload.quantization = TRIED;
                plan.workload.context = tokens;
            })?;
            Some((Spill::of(&found)?, found.parts_in_vram().kv_cache?))
        };
        let at = place_of(premise, HandleId::Context, CONTEXT_AT, CONTEXTS.len());
        let (turned, turned_kv) = chat(*CONTEXTS.get(at)?)?;
        let told = found(&plan, catalog)?;
        let lent = fact("windows-shared-share")?.low;
        let pcie = (card.pcie_gen?, card.pcie_lanes?);
        let fits = |tokens: &u64| chat(*tokens).is_some_and(|(spill, _)| spill.spilled == Bytes::ZERO);
        Some(Self {
            model_name: &catalog.model(MODEL)?.name,
            larger_name: &catalog.card(LARGER)?.name,
            vram_gb: card.memory_gib,
            vram_rate: card.bandwidth_gb_s?,
            pcie,
            pcie_rate: catalog.runtimes().pcie_gb_s(pcie.0, pcie.1)?,
            spill: Spill::of(&told)?,
            shared: Bytes::from_gib(f64::from(RAM_GB) * lent),
            driver: fact("fallback-since-driver")?,
            switch: fact("fallback-switch-driver")?,
            smaller: way(&|plan| plan.workload.quantization = SMALLER)?,
            layers: way(&|plan| plan.workload.gpu_layers = GpuLayers::Auto)?,
            larger: way(&|plan| plan.machine.cards = vec![one(LARGER)])?,
            limit: CONTEXTS.iter().rposition(fits),
            turned,
            turned_kv,
            told,
            at,
        })
    }

    fn best(&self, spill: Spill) -> f64 {
        spill.at_best(self.vram_rate, self.pcie_rate)
    }

    fn pcie_name(&self) -> Figure {
        Figure::Name(format!("PCIe {}.0 x{}", self.pcie.0, self.pcie.1))
    }

    fn tokens(&self) -> u64 {
        CONTEXTS.get(self.at).copied().unwrap_or_default()
    }
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::SharedGpuMemory);
    let Some(story) = Story::tell(premise) else { return empty };
    let Some(figures) = figures(&story, premise.catalog) else { return empty };
    Scene { figures, pictures: pictures(&story), handles: vec![context(&story)], offers: offers(&story), ..empty }
}

fn figures(story: &Story<'_>, catalog: &Catalog) -> Option<Figures> {
    let Spill { needed, stays, spilled } = story.spill;
    let [(_, smaller), (_, layers), (_, larger)] = [&story.smaller, &story.layers, &story.larger];
    let (l_vram, l_ram) = places(layers);
    let (card_usd, card_date) = price(catalog, LARGER)?;
    let turned = Figure::gb(story.turned.spilled);
    let heading = if story.turned.spilled > Bytes::ZERO {
        let amount = turned.say(crate::text::Locale::En);
        Figure::Both(format!("{amount} spilled"), format!("溢出 {amount}"))
    } else {
        Figure::Both("all in VRAM".to_owned(), "全在显存里".to_owned())
    };
    Some(
        Figures::default()
            .with("model_name", Figure::Name(format!("{} {}", story.model_name, STORED.name())))
            .with("vram", Figure::Gb(story.vram_gb))
            .with("usable", Figure::gb(story.told.usable_vram()))
            .with("need", Figure::gb(needed))
            .with("stays", Figure::gb(stays))
            .with("spill", Figure::gb(spilled))
            .with("shared", Figure::Gb(story.shared.gib()))
            .with("os", Figure::gb(story.told.host.os))
            .with("since_driver", story.driver.version())
            .with("switch_driver", story.switch.version())
            .with("driver_date", story.driver.dated())
            .with("pcie_name", story.pcie_name())
            .with("stays_time", Figure::Seconds(seconds(stays, story.vram_rate)))
            .with("spill_time", Figure::Seconds(seconds(spilled, story.pcie_rate)))
            .with("best", Figure::WordsPerSecond(story.best(story.spill)))
            .with("full", words_figure(larger))
            .with("card_larger", Figure::Name(story.larger_name.to_owned()))
            .with("card_usd", card_usd)
            .with("card_date", card_date)
            .with("q4_name", Figure::Name(SMALLER.name().to_owned()))
            .with("q4_words", words_figure(smaller))
            .with("q4_bytes", Figure::gb(smaller.needed_in_vram()?))
            .with("layers", Figure::Count(u64::from(layers.gpu_layers())))
            .with("all_layers", Figure::Count(u64::from(layers.layers)))
            .with("layers_words", words_figure(layers))
            .with("l_vram", Figure::gb(l_vram))
            .with("l_ram", Figure::gb(l_ram))
            .with("t_context", Figure::Tokens(story.tokens()))
            .with("t_spill", turned)
            .with("t_heading", heading),
    )
}

fn weights(bytes: Bytes, lies: Lies) -> Portion {
    Portion::new(Memory::Weights, gb_cells(bytes), lies)
}

/// RAM with what the card borrows of it: so much taken, the rest only lent.
fn ram(story: &Story<'_>, spilled: Option<(Bytes, &'static str)>, lent: bool) -> Placed {
    let mut portions = vec![system(&story.told).labeled("taken")];
    portions.extend(spilled.map(|(bytes, label)| weights(bytes, Lies::Hatched).labeled(label)));
    if lent {
        let rest = Bytes::from_gib(story.shared.gib()) - spilled.map_or(Bytes::ZERO, |(bytes, _)| bytes);
        portions.push(weights(rest, Lies::Ghost).labeled("lent"));
    }
    Placed::new("ram", LEFT, Shelf { portions, ..table(RAM_GB, 8, CELL) }).linked(Link::Ram)
}

fn vram(story: &Story<'_>, portions: Vec<Portion>) -> Placed {
    let shelf = Shelf { portions, ..stove(cells(story.vram_gb), 4, CELL) };
    Placed::new("vram", RIGHT, shelf).linked(Link::Vram)
}

fn full(story: &Story<'_>) -> Placed {
    #[expect(clippy::cast_possible_truncation, reason = "a count of cells")]
    let cells = story.vram_gb as f32;
    vram(story, vec![Portion::new(Memory::Weights, cells, Lies::Solid).labeled("stays")])
}

fn reading(figure: Figure, unit: &'static str, about: &'static str) -> Reading {
    Reading { figure: figure.into(), unit: unit.into(), about: about.into() }
}

fn pictures(story: &Story<'_>) -> Vec<Picture> {
    let spilled = Some((story.spill.spilled, "spill"));
    let ask = {
        let asked = weights(story.spill.needed, Lies::Ghost).labeled("asked");
        Picture::of(vec![ram(story, None, false), vram(story, vec![asked])])
    };
    let spill = Picture::of(vec![ram(story, spilled, true), full(story), manager(&MANAGER[..2], BESIDE)]);
    let notice = {
        let wide = Area::new(860.0, 170.0, 486.0, 260.0);
        Picture::of(vec![ram(story, spilled, true), full(story), manager(&MANAGER, wide)]).looking_at(&["manager"])
    };
    vec![ask, spill, cost(story), notice, switch_off(), ways(story), sandbox(story)]
}

/// The rows of the task manager, and what they mean.
const MANAGER: [[&str; 2]; 3] = [["dedicated", "dedicated_here"], ["shared", "shared_here"], ["speed", "speed_here"]];

fn manager(rows: &[[&'static str; 2]], area: Area) -> Placed {
    let links = [Link::Vram, Link::Ram, Link::Token];
    let row =
        |([name, here], link): (&[&'static str; 2], Link)| Row::new([Say::Label(name), Say::Label(here)]).linked(link);
    let table = Table {
        columns: vec![Column::new("head_manager", 1.2), Column::new("head_here", 1.0)],
        rows: rows.iter().zip(links).map(row).collect(),
    };
    Placed::new("manager", area, table)
}

/// What a word waits for: two roads.
fn cost(story: &Story<'_>) -> Picture {
    let road = |gb_s: f64, role: &'static str| Lane {
        gb_s,
        scale: SCALE,
        rate: Figure::GbPerSecond(gb_s).into(),
        role: role.into(),
        cargo: Some(Memory::Weights),
        limit: None,
        runs: super::laps::RUN,
        back: false,
    };
    let best = reading(Figure::WordsPerSecond(story.best(story.spill)), "words", "about_best");
    let all = reading(words_figure(&story.larger.1), "full_words", "about_full");
    Picture::of(vec![
        Placed::new("path_vram", Area::new(120.0, 130.0, 520.0, 110.0), road(story.vram_rate, "road_vram"))
            .linked(Link::Vram),
        Placed::new("path_pcie", Area::new(120.0, 350.0, 520.0, 110.0), road(story.pcie_rate, "road_pcie"))
            .linked(Link::Pcie),
        Placed::new("all", Area::new(760.0, 150.0, 560.0, 110.0), all).linked(Link::Vram),
        Placed::new("best", Area::new(760.0, 370.0, 560.0, 110.0), best).linked(Link::Pcie),
    ])
}

/// The steps in the control panel.
fn switch_off() -> Picture {
    const STEPS: [[&str; 2]; 4] = [
        ["step_settings", "step_settings_do"],
        ["step_program", "step_program_do"],
        ["step_policy", "step_policy_do"],
        ["step_apply", "step_apply_do"],
    ];
    let row = |[name, choose]: [&'static str; 2]| {
        let row = Row::new([Say::Label(name), Say::Label(choose)]);
        if name == "step_policy" { row.strong() } else { row }
    };
    let table = Table {
        columns: vec![Column::new("head_step", 1.0), Column::new("head_choose", 1.5)],
        rows: STEPS.into_iter().map(row).collect(),
    };
    Picture::of(vec![Placed::new("steps", Area::new(240.0, 150.0, 900.0, 260.0), table)])
}

fn ways(story: &Story<'_>) -> Picture {
    let small = story.smaller.1.needed_in_vram().unwrap_or_default();
    Picture::of(vec![ram(story, None, false), vram(story, vec![weights(small, Lies::Solid)])])
}

/// A chat that grows until it spills.
fn sandbox(story: &Story<'_>) -> Picture {
    let Spill { needed, stays, spilled } = story.turned;
    let kv = story.turned_kv;
    let notes = |bytes, lies| Portion::new(Memory::Kv, gb_cells(bytes), lies);
    let kept = stays - (needed - kv);
    let on_card = if spilled > Bytes::ZERO {
        // To the rim: what a card offers and what stands on its box differ by a little.
        let whole = weights(stays - kept, Lies::Solid);
        #[expect(clippy::cast_possible_truncation, reason = "a count of cells")]
        let left = (story.vram_gb as f32 - whole.cells).max(0.0);
        vec![whole, Portion::new(Memory::Kv, left, Lies::Solid)]
    } else {
        vec![weights(stays - kept, Lies::Solid), notes(kept, Lies::Solid)]
    };
    let mut portions = vec![system(&story.told).labeled("taken")];
    if spilled > Bytes::ZERO {
        portions.push(notes(spilled, Lies::Hatched));
    }
    let table = Shelf { portions, ..table(RAM_GB, 8, CELL) };
    let best = reading(Figure::WordsPerSecond(story.best(story.turned)), "words", "t_best");
    Picture::of(vec![
        Placed::new("ram", LEFT, table).linked(Link::Ram),
        vram(story, on_card),
        Placed::new("best", BESIDE, best).linked(Link::Token),
    ])
}

fn context(story: &Story<'_>) -> Handle {
    let notch = |tokens: &u64| Notch { turn: Turn::Context(*tokens), words: Figure::Tokens(*tokens).into() };
    Handle {
        id: HandleId::Context,
        name: "turn_context".into(),
        notches: CONTEXTS.iter().map(notch).collect(),
        at: story.at,
        yours: Some(CONTEXT_AT),
        limit: story.limit,
        on: "vram",
        edge: Edge::Pile,
    }
}

fn offers(story: &Story<'_>) -> Vec<Offer> {
    vec![
        offer(WAYS, ["q4", "q4_about", "q4_figures"], &story.smaller),
        offer(WAYS, ["layers", "layers_about", "layers_figures"], &story.layers),
        offer(WAYS, ["card", "card_about", "card_figures"], &story.larger),
    ]
}
