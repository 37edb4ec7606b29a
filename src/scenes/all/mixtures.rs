//! Mixtures of experts: all are stored, few are read.

use super::kit::{example, found, gb_cells, place_of, places, stove, table, with, words_figure};
use crate::catalog::quantization::Quantization;
use crate::estimate::{Estimate, Memory};
use crate::plan::{CpuExperts, GpuLayers, HandleId, ModelChoice, Plan, SceneId};
use crate::scenes::draw::axis::Axis;
use crate::scenes::draw::bars::{Bar, Bars};
use crate::scenes::draw::grid::Grid;
use crate::scenes::draw::key::Key;
use crate::scenes::draw::lane::Lane;
use crate::scenes::draw::reading::Reading;
use crate::scenes::draw::shelf::{Lies, Portion, Shelf};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Notch, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::picture::{Picture, Placed};
use crate::scenes::{Premise, Scene};

const MIXTURE: &str = "gpt-oss-120b";
const DENSE: &str = "llama-3.1-70b";
const CARD: &str = "rtx-4090";
const RAM_GB: f64 = 64.0;
/// Two channels of DDR4-3200 to DDR5-8000, and four of a workstation.
const RAM_RATES: [f64; 5] = [51.2, 83.2, 102.4, 128.0, 256.0];
const RAM_AT: usize = 1;
/// Experts beside each other.
const COLUMNS: u32 = 16;
/// How strong an expert is that is not called.
const ASLEEP: f32 = 0.12;
/// GB/s that one point of a path stands for.
const SCALE: f64 = 2.0;
const RUNS: f32 = 2.0;

struct Story {
    mixture: Estimate,
    dense: Estimate,
    turned: Estimate,
    names: [String; 3],
    experts: u64,
    called: u64,
    active: u64,
    vram_gb: f64,
    at: usize,
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::Mixtures);
    let Some(story) = Story::tell(premise) else { return empty };
    let Some(figures) = story.figures() else { return empty };
    Scene { figures, pictures: story.pictures(), handles: vec![story.handle()], ..empty }
}

fn plan(model: &str, weights: Quantization, rate: f64) -> Plan {
    with(&example(ModelChoice::Catalog(model.to_owned()), weights, CARD), |plan| {
        plan.workload.gpu_layers = GpuLayers::Auto;
        plan.workload.cpu_experts = CpuExperts::Auto;
        plan.machine.ram_gib = RAM_GB;
        plan.machine.ram_gb_s = Some(rate);
    })
}

impl Story {
    fn tell(premise: Premise<'_>) -> Option<Self> {
        let catalog = premise.catalog;
        let (model, dense) = (catalog.model(MIXTURE)?, catalog.model(DENSE)?);
        let experts = model.experts?;
        let at = place_of(premise, HandleId::RamSpeed, RAM_AT, RAM_RATES.len());
        let of = |model: &str, weights, rate: f64| found(&plan(model, weights, rate), catalog);
        Some(Self {
            mixture: of(MIXTURE, Quantization::MXFP4_MOE, RAM_RATES[RAM_AT])?,
            dense: of(DENSE, Quantization::Q4_K_M, RAM_RATES[RAM_AT])?,
            turned: of(MIXTURE, Quantization::MXFP4_MOE, *RAM_RATES.get(at)?)?,
            names: [model.name.clone(), dense.name.clone(), catalog.card(CARD)?.name.clone()],
            experts: experts.num_experts,
            called: experts.num_experts_per_tok,
            active: model.active_parameters?,
            vram_gb: catalog.card(CARD)?.memory_gib,
            at,
        })
    }

    fn rate(&self) -> f64 {
        RAM_RATES.get(self.at).copied().unwrap_or_default()
    }

    /// Bytes of weights that one word reads of the mixture, in GB.
    fn read_gb(&self) -> f64 {
        self.mixture.speed.reads.weights().0 as f64 / 1e9
    }

    fn stored_gb(found: &Estimate) -> f64 {
        found.weights.unwrap_or_default().0 as f64 / 1e9
    }

    fn figures(&self) -> Option<Figures> {
        let [mixture, dense, card] = self.names.clone().map(Figure::Name);
        let (in_vram, in_ram) = places(&self.mixture);
        let stored = Self::stored_gb(&self.mixture);
        let first = |found: &Estimate| Figure::Seconds(found.speed.first_token.map_or(0.0, |band| band.expected));
        let billions = |parameters: u64| {
            let billions = parameters as f64 / 1e9;
            Figure::Both(format!("{billions:.1} billion"), format!("{:.0} 亿", billions * 10.0))
        };
        Some(
            Figures::default()
                .with("mixture", mixture)
                .with("dense", dense)
                .with("card", card)
                .with("size", Figure::Gb(stored))
                .with("dense_size", Figure::Gb(Self::stored_gb(&self.dense)))
                .with("vram", Figure::Gb(self.vram_gb))
                .with("ram", Figure::Gb(RAM_GB))
                .with("ram_rate", Figure::GbPerSecond(RAM_RATES[RAM_AT]))
                .with("words", words_figure(&self.mixture))
                .with("dense_words", words_figure(&self.dense))
                .with(
                    "less",
                    Figure::WordsPerSecond(self.dense.speed.decode?.expected * Self::stored_gb(&self.dense) / stored),
                )
                .with("read", Figure::Gb(self.read_gb()))
                .with("read_share", Figure::Percent(self.read_gb() / stored))
                .with("active", billions(self.active))
                .with("parameters", billions(self.mixture.params?))
                .with("experts", Figure::Count(self.experts))
                .with("called", Figure::Count(self.called))
                .with("layers", Figure::Count(u64::from(self.mixture.layers) - 1))
                .with("in_vram", Figure::gb(in_vram))
                .with("in_ram", Figure::gb(in_ram))
                .with("expert_layers", Figure::Count(u64::from(self.mixture.experts.layers)))
                .with("prompt", Figure::Tokens(Plan::default().workload.prompt_tokens))
                .with("first", first(&self.mixture))
                .with("turned_rate", Figure::GbPerSecond(self.rate()))
                .with("turned", words_figure(&self.turned))
                .with("turned_first", first(&self.turned))
                .with("one", Figure::Gb(1.0)),
        )
    }

    fn shelves(&self, placed: bool) -> Picture {
        let (in_vram, in_ram) = places(&self.mixture);
        let part =
            |bytes, lies, label: &'static str| Portion::new(Memory::Weights, gb_cells(bytes), lies).labeled(label);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of cells")]
        let [ram_cells, cells] = [RAM_GB as u32, self.vram_gb as u32];
        let (left, right) = if placed {
            (vec![part(in_ram, Lies::Hatched, "in_ram")], vec![part(in_vram, Lies::Solid, "in_vram")])
        } else {
            (Vec::new(), Vec::new())
        };
        let ram = Shelf { portions: left, amount: Some("ram_amount".into()), ..table(ram_cells, 13, 48.0) };
        let vram = Shelf { portions: right, amount: Some("vram_amount".into()), ..stove(cells, 6, 48.0) };
        Picture::of(vec![
            Placed::new("ram", Area::new(60.0, 140.0, 680.0, 414.0), ram).linked(Link::Ram),
            Placed::new("vram", Area::new(880.0, 140.0, 400.0, 414.0), vram).linked(Link::Vram),
        ])
    }

    /// One layer's experts, those of one word awake.
    fn layer(&self, word: u64, cell: f32, [name, role]: [&'static str; 2]) -> Grid {
        let count = usize::try_from(self.experts).unwrap_or(0);
        let mut shades = vec![ASLEEP; count];
        // Which ones is the router's choice; here they only have to differ from word to word.
        for place in 0..self.called {
            let expert = (word * 53 + place * 37 + (word + 1) * place * place * 11 + 5) % self.experts.max(1);
            if let Some(shade) = usize::try_from(expert).ok().and_then(|expert| shades.get_mut(expert)) {
                *shade = 1.0;
            }
        }
        Grid {
            name: name.into(),
            amount: role.into(),
            role: "nothing".into(),
            component: Memory::Weights,
            columns: COLUMNS,
            cell,
            shades,
            apart: true,
        }
    }

    fn pictures(&self) -> Vec<Picture> {
        let bar = |name: &'static str, about: &'static str, read: f64, found: &Estimate, total: &'static str| {
            #[expect(clippy::cast_possible_truncation, reason = "GB")]
            let portion = Portion::new(Memory::Weights, read as f32, Lies::Solid);
            Bar::new(name, vec![portion]).about(about).holding(Self::stored_gb(found)).total(total)
        };
        let read = {
            let rows = vec![
                bar("dense", "dense_size", self.dense.speed.reads.weights().0 as f64 / 1e9, &self.dense, "dense_read"),
                bar("mixture", "size", self.read_gb(), &self.mixture, "mixture_read"),
            ];
            let axis = Axis::even(Self::stored_gb(&self.mixture) * 1.02, "nothing", Figure::Gb);
            let bars = Bars { rows, axis, limit: None, key: Key::default(), names: 200.0, ends: 250.0, flow: None };
            let reading = |figure: &Estimate, about: &'static str| Reading {
                figure: words_figure(figure).into(),
                unit: "words_unit".into(),
                about: about.into(),
            };
            Picture::of(vec![
                Placed::new("read", Area::new(60.0, 110.0, 1232.0, 270.0), bars),
                Placed::new("dense_words", Area::new(300.0, 430.0, 400.0, 110.0), reading(&self.dense, "dense")),
                Placed::new("mixture_words", Area::new(760.0, 430.0, 400.0, 110.0), reading(&self.mixture, "mixture")),
            ])
        };
        let one = Picture::of(vec![Placed::new(
            "layer",
            Area::new(276.0, 80.0, 800.0, 474.0),
            self.layer(0, 44.0, ["layer_name", "layer_role"]),
        )]);
        let three = Picture::of(vec![
            Placed::new("layer", Area::new(30.0, 130.0, 420.0, 380.0), self.layer(0, 24.0, ["word_a", "word_role"])),
            Placed::new("second", Area::new(466.0, 130.0, 420.0, 380.0), self.layer(1, 24.0, ["word_b", "word_role"])),
            Placed::new("third", Area::new(902.0, 130.0, 420.0, 380.0), self.layer(2, 24.0, ["word_c", "word_role"])),
        ]);
        vec![self.shelves(false), read, one, three, self.shelves(true), self.sandbox()]
    }

    fn sandbox(&self) -> Picture {
        let lane = Lane {
            gb_s: self.rate(),
            scale: SCALE,
            rate: Figure::GbPerSecond(self.rate()).into(),
            role: "ram_path".into(),
            cargo: Some(Memory::Weights),
            limit: None,
            runs: RUNS,
            back: false,
        };
        let words = Reading {
            figure: words_figure(&self.turned).into(),
            unit: "words_unit".into(),
            about: "turned_about".into(),
        };
        let first = self.turned.speed.first_token.map_or(0.0, |band| band.expected);
        let first =
            Reading { figure: Figure::Seconds(first).into(), unit: "to_first".into(), about: "first_about".into() };
        Picture::of(vec![
            Placed::new("path", Area::new(90.0, 200.0, 520.0, 200.0), lane).linked(Link::Ram),
            Placed::new("words", Area::new(740.0, 160.0, 560.0, 110.0), words),
            Placed::new("first", Area::new(740.0, 340.0, 560.0, 110.0), first),
        ])
    }

    fn handle(&self) -> Handle {
        let notch = |rate: &f64| Notch { turn: Turn::RamSpeed(*rate), words: Figure::GbPerSecond(*rate).into() };
        Handle {
            id: HandleId::RamSpeed,
            name: "turn".into(),
            notches: RAM_RATES.iter().map(notch).collect(),
            at: self.at,
            yours: None,
            limit: Some(RAM_RATES.len() - 1),
            on: "path",
            edge: Edge::Top,
        }
    }
}
