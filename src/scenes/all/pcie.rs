//! PCIe 3, 4, 5 and 4, 8, 16 lanes: what a slot changes, and what it does not.

use super::kit::{example, found, gb_cells, place_of, stove, table, with, words_figure};
use crate::catalog::Catalog;
use crate::catalog::quantization::Quantization;
use crate::estimate::{Estimate, Memory};
use crate::plan::{GpuLayers, HandleId, ModelChoice, Plan, SceneId, SplitMode};
use crate::scenes::draw::axis::Axis;
use crate::scenes::draw::bars::{Bar, Bars};
use crate::scenes::draw::key::Key;
use crate::scenes::draw::lane::Lane;
use crate::scenes::draw::reading::Reading;
use crate::scenes::draw::shelf::{Lies, Portion, Shelf};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Notch, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};

const CARD: &str = "rtx-5090";
/// Fits, with a part in RAM, and on two cards.
const FITS: &str = "llama-3.1-8b";
const SPILLS: &str = "llama-3.1-70b";
const SPLIT: &str = "qwen3-32b";
/// Generation and lanes, the narrowest first; equal ones by generation.
const SLOTS: [(u8, u8); 9] = [(3, 4), (3, 8), (4, 4), (3, 16), (4, 8), (5, 4), (4, 16), (5, 8), (5, 16)];
const WIDEST: usize = SLOTS.len() - 1;
/// GB/s that one point of a path stands for.
const SCALE: f64 = 0.55;
/// Seconds that plates travel.
const RUNS: f32 = 2.0;

/// What the three examples come to in one slot.
struct Slot {
    name: String,
    gb_s: f64,
    fits: Estimate,
    spills: Estimate,
    split: Estimate,
}

impl Slot {
    fn of((generation, lanes): (u8, u8), disk: f64, catalog: &Catalog) -> Option<Self> {
        let turn = |plan: &mut Plan| {
            Turn::Pcie(generation, lanes).apply(plan);
            plan.machine.disk_gb_s = Some(disk);
        };
        let of = |model: &str, weights, change: &dyn Fn(&mut Plan)| {
            let plan = example(ModelChoice::Catalog(model.to_owned()), weights, CARD);
            found(
                &with(&plan, |plan| {
                    turn(plan);
                    change(plan);
                }),
                catalog,
            )
        };
        Some(Self {
            name: name((generation, lanes)),
            gb_s: catalog.runtimes().pcie_gb_s(generation, lanes)?,
            fits: of(FITS, Quantization::Q8_0, &|_| {})?,
            spills: of(SPILLS, Quantization::Q4_K_M, &|plan| plan.workload.gpu_layers = GpuLayers::Auto)?,
            split: of(SPLIT, Quantization::Q4_K_M, &|plan| {
                Turn::Cards(2).apply(plan);
                plan.workload.split_mode = SplitMode::Tensor;
            })?,
        })
    }

    fn load(&self) -> Figure {
        Figure::Seconds(self.fits.speed.load.map_or(0.0, |band| band.expected))
    }

    fn first_token(&self) -> Figure {
        Figure::Seconds(self.spills.speed.first_token.map_or(0.0, |band| band.expected))
    }

    fn prompts(&self) -> Figure {
        Figure::WordsPerSecond(self.split.speed.prefill.map_or(0.0, |band| band.expected))
    }
}

fn name((generation, lanes): (u8, u8)) -> String {
    format!("PCIe {generation}.0 ×{lanes}")
}

struct Story {
    narrow: Slot,
    wide: Slot,
    turned: Slot,
    at: usize,
    disk: f64,
    vram_gb: f64,
    vram_rate: f64,
    rates: Vec<f64>,
    names: [String; 4],
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::Pcie);
    let Some(story) = Story::tell(premise) else { return empty };
    let Some(figures) = story.figures() else { return empty };
    Scene { figures, pictures: story.pictures(), handles: vec![story.handle(premise)], ..empty }
}

impl Story {
    fn tell(premise: Premise<'_>) -> Option<Self> {
        let catalog = premise.catalog;
        let card = catalog.card(CARD)?;
        let disk = catalog.runtimes().disks.iter().map(|disk| disk.gb_s).reduce(f64::max)?;
        let at = place_of(premise, HandleId::Pcie, 0, SLOTS.len());
        let of = |place: usize| Slot::of(*SLOTS.get(place)?, disk, catalog);
        let model = |id: &str| Some(catalog.model(id)?.name.clone());
        let rates = SLOTS.iter().map(|slot| catalog.runtimes().pcie_gb_s(slot.0, slot.1));
        Some(Self {
            narrow: of(0)?,
            wide: of(WIDEST)?,
            turned: of(at)?,
            at,
            disk,
            vram_gb: card.memory_gib,
            vram_rate: card.bandwidth_gb_s?,
            rates: rates.collect::<Option<_>>()?,
            names: [card.name.clone(), model(FITS)?, model(SPILLS)?, model(SPLIT)?],
        })
    }

    fn figures(&self) -> Option<Figures> {
        const KILO: f64 = 1e3;
        let mut figures = Figures::default();
        let named: [(&Slot, [&'static str; 8]); 3] = [
            (&self.narrow, ["n", "n_rate", "n_fits", "n_load", "n_first", "n_spills", "n_prompts", "n_split"]),
            (&self.wide, ["w", "w_rate", "w_fits", "w_load", "w_first", "w_spills", "w_prompts", "w_split"]),
            (&self.turned, ["t", "t_rate", "t_fits", "t_load", "t_first", "t_spills", "t_prompts", "t_split"]),
        ];
        for (slot, [name, rate, fits, load, first, spills, prompts, split]) in named {
            figures = figures
                .with(name, Figure::Name(slot.name.clone()))
                .with(rate, Figure::GbPerSecond(slot.gb_s))
                .with(fits, words_figure(&slot.fits))
                .with(load, slot.load())
                .with(first, slot.first_token())
                .with(spills, words_figure(&slot.spills))
                .with(prompts, slot.prompts())
                .with(split, words_figure(&slot.split));
        }
        let wide = &self.wide;
        let [card, fits, spills, split] = self.names.clone().map(Figure::Name);
        Some(
            figures
                .with("card", card)
                .with("vram", Figure::Gb(self.vram_gb))
                .with("vram_rate", Figure::GbPerSecond(self.vram_rate))
                .with("disk", Figure::GbPerSecond(self.disk))
                .with("fits", fits)
                .with("fits_size", Figure::gb(wide.fits.weights?))
                .with("spills", spills)
                .with("spills_size", Figure::gb(wide.spills.weights?))
                .with("spilled", Figure::gb(wide.spills.host.parts.weights?))
                .with("split", split)
                .with("prompt", Figure::Tokens(Plan::default().workload.prompt_tokens))
                .with("crossing", Figure::Number((wide.fits.host.output?.0 as f64 / KILO).round()))
                .with("wider", Figure::Times(wide.gb_s / self.narrow.gb_s))
                .with("door", Figure::Times(self.vram_rate / wide.gb_s))
                .with("same_a", Figure::Name(name((3, 16))))
                .with("same_b", Figure::Name(name((4, 8))))
                .with("same_c", Figure::Name(name((5, 4))))
                .with("one", Figure::Gb(1.0)),
        )
    }

    fn lane(slot: &Slot, role: &'static str, cargo: Option<Memory>) -> Lane {
        Lane {
            gb_s: slot.gb_s,
            scale: SCALE,
            rate: Figure::GbPerSecond(slot.gb_s).into(),
            role: role.into(),
            cargo,
            limit: None,
            runs: if cargo.is_some() { RUNS } else { 0.0 },
            back: false,
        }
    }

    /// Two slots, one under the other, each with a figure.
    fn two(&self, cargo: Option<Memory>, narrow: Reading, wide: Reading) -> Picture {
        let path = |y| Area::new(170.0, y, 420.0, 150.0);
        let words = |y| Area::new(720.0, y, 580.0, 110.0);
        Picture::of(vec![
            Placed::new("narrow", path(110.0), Self::lane(&self.narrow, "n_slot", cargo)).linked(Link::Pcie),
            Placed::new("narrow_words", words(140.0), narrow),
            Placed::new("wide", path(350.0), Self::lane(&self.wide, "w_slot", cargo)).linked(Link::Pcie),
            Placed::new("wide_words", words(380.0), wide),
        ])
    }

    fn pictures(&self) -> Vec<Picture> {
        let reading = |figure: Figure, unit: &'static str, about: &'static str| Reading {
            figure: figure.into(),
            unit: unit.into(),
            about: about.into(),
        };
        let [narrow, wide] = [&self.narrow, &self.wide];
        let fits = self.two(
            None,
            reading(words_figure(&narrow.fits), "words", "same_about"),
            reading(words_figure(&wide.fits), "words", "nothing"),
        );
        let load = self.two(
            Some(Memory::Weights),
            reading(narrow.load(), "to_load", "load_about"),
            reading(wide.load(), "to_load", "load_wide"),
        );
        let spills = self.two(
            Some(Memory::Weights),
            reading(narrow.first_token(), "to_first", "first_narrow"),
            reading(wide.first_token(), "to_first", "first_wide"),
        );
        let split = self.two(
            Some(Memory::Compute),
            reading(narrow.prompts(), "prompts", "split_narrow"),
            reading(wide.prompts(), "prompts", "split_wide"),
        );
        vec![self.ask(), self.slots(), fits, load, spills, split, self.sandbox()]
    }

    /// RAM, the slot, and VRAM with a model that fits.
    fn ask(&self) -> Picture {
        let weights = gb_cells(self.wide.fits.weights.unwrap_or_default());
        let held = Portion::new(Memory::Weights, weights, Lies::Solid).labeled("fits_label");
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of cells")]
        let cells = self.vram_gb as u32;
        let vram = Shelf { portions: vec![held], amount: Some("vram_amount".into()), ..stove(cells, 8, 44.0) };
        let ram = Shelf { amount: Some("ram_amount".into()), ..table(cells, 8, 44.0) };
        Picture::of(vec![
            Placed::new("ram", Area::new(30.0, 150.0, 400.0, 400.0), ram).linked(Link::Ram),
            Placed::new("narrow", Area::new(500.0, 270.0, 350.0, 150.0), Self::lane(&self.narrow, "n_slot", None))
                .linked(Link::Pcie),
            Placed::new("vram", Area::new(920.0, 150.0, 400.0, 400.0), vram).linked(Link::Vram),
        ])
    }

    /// A bar a slot.
    fn slots(&self) -> Picture {
        let rows = SLOTS.iter().zip(&self.rates).map(|(slot, rate)| {
            #[expect(clippy::cast_possible_truncation, reason = "GB/s")]
            let portion = Portion::new(Memory::Overhead, *rate as f32, Lies::Solid);
            Bar::new(Say::Name(name(*slot)), vec![portion]).total(Figure::GbPerSecond(*rate))
        });
        let axis = Axis::even(self.wide.gb_s, "nothing", Figure::GbPerSecond);
        let bars = Bars {
            rows: rows.collect(),
            axis,
            limit: None,
            key: Key::default(),
            names: 150.0,
            ends: 110.0,
            flow: None,
        };
        Picture::of(vec![Placed::new("slots", Area::new(120.0, 76.0, 1100.0, 480.0), bars).linked(Link::Pcie)])
    }

    fn sandbox(&self) -> Picture {
        let slot = &self.turned;
        let at = |x, y| Area::new(x, y, 360.0, 110.0);
        let reading = |figure: Figure, unit: &'static str, about: &'static str| Reading {
            figure: figure.into(),
            unit: unit.into(),
            about: about.into(),
        };
        Picture::of(vec![
            Placed::new(
                "path",
                Area::new(60.0, 220.0, 420.0, 160.0),
                Self::lane(slot, "t_slot", Some(Memory::Weights)),
            )
            .linked(Link::Pcie),
            Placed::new("t_fits", at(570.0, 130.0), reading(words_figure(&slot.fits), "words", "t_fits_about")),
            Placed::new("t_load", at(970.0, 130.0), reading(slot.load(), "to_load", "t_load_about")),
            Placed::new("t_first", at(570.0, 350.0), reading(slot.first_token(), "to_first", "t_first_about")),
            Placed::new("t_prompts", at(970.0, 350.0), reading(slot.prompts(), "prompts", "t_split_about")),
        ])
    }

    fn handle(&self, premise: Premise<'_>) -> Handle {
        let notch = |slot: &(u8, u8)| Notch { turn: Turn::Pcie(slot.0, slot.1), words: Say::Name(name(*slot)) };
        let machine = &premise.plan.machine;
        let yours = machine.pcie_gen.zip(machine.pcie_lanes);
        Handle {
            id: HandleId::Pcie,
            name: "turn".into(),
            notches: SLOTS.iter().map(notch).collect(),
            at: self.at,
            yours: yours.and_then(|own| SLOTS.iter().position(|slot| *slot == own)),
            limit: Some(WIDEST),
            on: "path",
            edge: Edge::Top,
        }
    }
}
