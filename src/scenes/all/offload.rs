//! Offload and its cliff: words a second against the layers that lie in VRAM.

use super::kit::{
    example, found, gb_cells, offer, one, place_of, places, stove, table, with, words_a_second, words_figure,
};
use crate::catalog::Catalog;
use crate::catalog::quantization::Quantization;
use crate::estimate::{Estimate, Memory, Verdict};
use crate::plan::{GpuLayers, HandleId, ModelChoice, Plan, SceneId};
use crate::scenes::draw::axis::Axis;
use crate::scenes::draw::bars::{Bar, Bars};
use crate::scenes::draw::curve::{Curve, Series, Sign};
use crate::scenes::draw::key::Key;
use crate::scenes::draw::lane::Lane;
use crate::scenes::draw::reading::Reading;
use crate::scenes::draw::shelf::{Lies, Portion, Shelf};
use crate::scenes::draw::worker::{Trade, Worker};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Notch, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::offer::Offer;
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};

const MODEL: &str = "qwen3-32b";
const WEIGHTS: Quantization = Quantization::Q4_K_M;
const CARD: &str = "rtx-4090";
/// A card that is too small for it, and a smaller model of the same family.
const SMALL_CARD: &str = "rtx-5060-ti-16gb";
const SMALL_MODEL: &str = "qwen3-14b";
/// DDR5-5200 in two channels, and DDR5-8000.
const RAM: f64 = 83.2;
const FASTER_RAM: f64 = 128.0;
/// The stop at which cures are offered.
const CURES: usize = 4;
/// From one point of the curve to the next, in layers, but each of the last ones.
const PITCH: u32 = 4;
const EACH: u32 = 8;
/// Seconds that plates travel.
const RUNS: f32 = 2.0;
/// GB/s that one point of a path stands for.
const SCALE: f64 = 9.0;

struct Story<'a> {
    catalog: &'a Catalog,
    plan: Plan,
    all: Estimate,
    /// A tenth of the layers in RAM.
    tenth: Estimate,
    half: Estimate,
    none: Estimate,
    turned: Estimate,
    /// Layers in VRAM and what they come to, from none to all.
    curve: Vec<(u32, f64)>,
    layers: Vec<u32>,
    at: usize,
    small: (Plan, Estimate),
    cures: Vec<(Plan, Estimate)>,
    bandwidths: [f64; 2],
}

fn in_vram(plan: &Plan, layers: u32) -> Plan {
    with(plan, |plan| Turn::Layers(layers).apply(plan))
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::Offload);
    let Some(story) = Story::tell(premise) else { return empty };
    let Some(figures) = story.figures() else { return empty };
    Scene { figures, pictures: story.pictures(), handles: vec![story.handle()], offers: story.offers(), ..empty }
}

impl<'a> Story<'a> {
    fn tell(premise: Premise<'a>) -> Option<Self> {
        let catalog = premise.catalog;
        let mut plan = example(ModelChoice::Catalog(MODEL.to_owned()), WEIGHTS, CARD);
        plan.machine.ram_gb_s = Some(RAM);
        let of = |plan: &Plan| found(plan, catalog);
        let all = of(&plan)?;
        let count = all.layers;
        let places: Vec<u32> = (0..=count).filter(|layers| layers % PITCH == 0 || layers + EACH >= count).collect();
        let mut curve = Vec::with_capacity(places.len());
        for layers in &places {
            curve.push((*layers, words_a_second(&of(&in_vram(&plan, *layers))?)));
        }
        let layers: Vec<u32> =
            places.into_iter().filter(|layers| layers % EACH == 0 || layers + EACH > count).collect();
        let tenth = count - count.div_ceil(10);
        let at = place_of(premise, HandleId::Layers, layers.len().saturating_sub(1), layers.len());
        let small = with(&plan, |plan| {
            plan.machine.cards = vec![one(SMALL_CARD)];
            plan.workload.gpu_layers = GpuLayers::Auto;
        });
        let cures = [
            with(&small, |plan| plan.workload.model = ModelChoice::Catalog(SMALL_MODEL.to_owned())),
            with(&small, |plan| plan.machine.cards = vec![one(CARD)]),
            with(&small, |plan| plan.machine.ram_gb_s = Some(FASTER_RAM)),
        ];
        let cures = cures.into_iter().map(|plan| Some((plan.clone(), of(&plan)?))).collect::<Option<Vec<_>>>()?;
        Some(Self {
            tenth: of(&in_vram(&plan, tenth))?,
            half: of(&in_vram(&plan, count / 2))?,
            none: of(&in_vram(&plan, 0))?,
            turned: of(&in_vram(&plan, *layers.get(at)?))?,
            small: (small.clone(), of(&small)?),
            bandwidths: [catalog.card(CARD)?.bandwidth_gb_s?, RAM],
            catalog,
            all,
            curve,
            layers,
            at,
            cures,
            plan,
        })
    }

    fn figures(&self) -> Option<Figures> {
        let catalog = self.catalog;
        let best = words_a_second(&self.all);
        let model = |id: &str| Some(Figure::Name(catalog.model(id)?.name.clone()));
        let card = |id: &str| Some(Figure::Name(catalog.card(id)?.name.clone()));
        let (held, left) = places(&self.tenth);
        let step = |found: &Estimate| Figure::Seconds(found.speed.times.total());
        let ram_time = self.tenth.speed.times.ram_weights + self.tenth.speed.times.ram_kv;
        let [vram_rate, ram_rate] = self.bandwidths;
        let [smaller, larger, faster] = [0, 1, 2].map(|place| self.cures.get(place));
        Some(
            Figures::default()
                .with("model", model(MODEL)?)
                .with("quantization", Figure::Name(WEIGHTS.label().to_owned()))
                .with("card", card(CARD)?)
                .with("size", Figure::gb(self.all.weights?))
                .with("all_layers", Figure::Count(u64::from(self.all.layers)))
                .with("left_layers", Figure::Count(u64::from(self.all.layers - self.tenth.gpu_layers())))
                .with(
                    "share",
                    Figure::Percent(f64::from(self.all.layers - self.tenth.gpu_layers()) / f64::from(self.all.layers)),
                )
                .with("in_vram", Figure::gb(held))
                .with("in_ram", Figure::gb(left))
                .with("best", words_figure(&self.all))
                .with("tenth", words_figure(&self.tenth))
                .with(
                    "guess",
                    Figure::WordsPerSecond(best * f64::from(self.tenth.gpu_layers()) / f64::from(self.all.layers)),
                )
                .with("half_guess", Figure::WordsPerSecond(best / 2.0))
                .with("half_layers", Figure::Count(u64::from(self.half.gpu_layers())))
                .with("half", words_figure(&self.half))
                .with("none", words_figure(&self.none))
                .with("step", step(&self.all))
                .with("step_tenth", step(&self.tenth))
                .with("step_ram", Figure::Seconds(ram_time))
                .with("step_share", Figure::Percent(ram_time / self.tenth.speed.times.total().max(f64::MIN_POSITIVE)))
                .with("vram_rate", Figure::GbPerSecond(vram_rate))
                .with("ram_rate", Figure::GbPerSecond(ram_rate))
                .with("ratio", Figure::Times(vram_rate / ram_rate))
                .with("faster_rate", Figure::GbPerSecond(FASTER_RAM))
                .with("small_card", card(SMALL_CARD)?)
                .with("small_model", model(SMALL_MODEL)?)
                .with("small_words", words_figure(&self.small.1))
                .with("small_layers", Figure::Count(u64::from(self.small.1.gpu_layers())))
                .with("smaller_words", words_figure(&smaller?.1))
                .with("smaller_bytes", Figure::gb(smaller?.1.needed_in_vram()?))
                .with("larger_words", words_figure(&larger?.1))
                .with("larger_bytes", Figure::gb(larger?.1.needed_in_vram()?))
                .with("faster_words", words_figure(&faster?.1))
                .with("turned_layers", Figure::Count(u64::from(self.turned.gpu_layers())))
                .with("turned", words_figure(&self.turned))
                .with("turned_vram", Figure::gb(places(&self.turned).0))
                .with("turned_ram", Figure::gb(places(&self.turned).1))
                .with("one", Figure::Gb(1.0)),
        )
    }

    fn shelves(&self, found: &Estimate, labels: [&'static str; 2]) -> [Placed; 2] {
        let (held, left) = places(found);
        let part = |bytes, lies, label: &'static str| {
            let portion = Portion::new(Memory::Weights, gb_cells(bytes), lies);
            if gb_cells(bytes) > 1.0 { portion.labeled(label) } else { portion }
        };
        let [on, off] = labels;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of cells")]
        let [ram_cells, cells] = [self.plan.machine.ram_gib as u32, found.vram().gib().round() as u32];
        let ram = Shelf { portions: vec![part(left, Lies::Hatched, off)], ..table(ram_cells, 8, 50.0) };
        let vram = Shelf { portions: vec![part(held, Lies::Solid, on)], ..stove(cells, 6, 50.0) };
        [
            Placed::new("ram", Area::new(60.0, 140.0, 500.0, 414.0), ram).linked(Link::Ram),
            Placed::new("vram", Area::new(820.0, 140.0, 420.0, 414.0), vram).linked(Link::Vram),
        ]
    }

    fn pictures(&self) -> Vec<Picture> {
        let ask = Picture::of(self.shelves(&self.all, ["all_there", "in_ram"]).into());
        vec![ask, self.times(), self.who(), self.cliff(false), self.ways(), self.sandbox()]
    }

    /// The time that one word takes, by what it waits for: all on the card, and with a tenth in RAM.
    fn times(&self) -> Picture {
        const MS: f64 = 1e3;
        let bar = |found: &Estimate, name: &'static str, total: &'static str| {
            let times = &found.speed.times;
            #[expect(clippy::cast_possible_truncation, reason = "milliseconds")]
            let ms = |seconds: f64| (seconds * MS) as f32;
            let ram = Portion::new(Memory::Weights, ms(times.ram_weights + times.ram_kv), Lies::Hatched);
            let portions = vec![
                Portion::new(Memory::Weights, ms(times.vram_weights + times.vram_kv), Lies::Solid).labeled("from_vram"),
                if times.ram_weights > 0.0 && found.gpu_layers() < found.layers {
                    ram.labeled("from_ram")
                } else {
                    ram
                },
                Portion::new(Memory::Overhead, ms(times.layers + times.compute + times.link), Lies::Solid),
            ];
            Bar::new(name, portions).total(total)
        };
        let rows = vec![bar(&self.all, "row_all", "step"), bar(&self.tenth, "row_tenth", "step_tenth")];
        let end = self.tenth.speed.times.total() * MS * 1.02;
        let axis = Axis::even(end, "time_axis", |ms| Figure::Seconds(ms / MS));
        let bars = Bars {
            rows,
            axis,
            limit: None,
            key: Key(vec![(Memory::Overhead, "fixed".into())]),
            names: 240.0,
            ends: 150.0,
            flow: None,
        };
        let words = |right: f32, figure: Figure, about: &'static str| {
            let reading = Reading { figure: figure.into(), unit: "words".into(), about: about.into() };
            (Area::new(300.0 + right, 420.0, 400.0, 110.0), reading)
        };
        let (all_at, all) = words(0.0, words_figure(&self.all), "row_all");
        let (tenth_at, tenth) = words(450.0, words_figure(&self.tenth), "row_tenth");
        Picture::of(vec![
            Placed::new("times", Area::new(60.0, 110.0, 1232.0, 270.0), bars),
            Placed::new("words_all", all_at, all),
            Placed::new("words_tenth", tenth_at, tenth),
        ])
    }

    /// Who makes what: the card its layers, the CPU those in RAM, each with its own path.
    fn who(&self) -> Picture {
        let lane = |gb_s: f64, role: &'static str| Lane {
            gb_s,
            scale: SCALE,
            rate: Figure::GbPerSecond(gb_s).into(),
            role: role.into(),
            cargo: Some(Memory::Weights),
            limit: None,
            runs: RUNS,
            back: false,
        };
        let worker =
            |trade, name: &'static str, role: &'static str| Worker { trade, name: name.into(), role: role.into() };
        let reading = |figure: Figure, about: &'static str| Reading {
            figure: figure.into(),
            unit: "a_word".into(),
            about: about.into(),
        };
        let times = &self.tenth.speed.times;
        let [vram_rate, ram_rate] = self.bandwidths;
        Picture::of(vec![
            Placed::new("vram_path", Area::new(120.0, 110.0, 420.0, 160.0), lane(vram_rate, "vram_path"))
                .linked(Link::Vram),
            Placed::new("team", Area::new(590.0, 134.0, 90.0, 112.0), worker(Trade::Wok, "gpu", "role_gpu"))
                .linked(Link::Gpu),
            Placed::new(
                "team_time",
                Area::new(800.0, 150.0, 480.0, 110.0),
                reading(Figure::Seconds(times.vram_weights), "team_about"),
            ),
            Placed::new("ram_path", Area::new(120.0, 350.0, 420.0, 160.0), lane(ram_rate, "ram_path"))
                .linked(Link::Ram),
            Placed::new("chef", Area::new(590.0, 374.0, 90.0, 112.0), worker(Trade::Hat, "cpu", "role_cpu"))
                .linked(Link::Cpu),
            Placed::new(
                "chef_time",
                Area::new(800.0, 390.0, 480.0, 110.0),
                reading(Figure::Seconds(times.ram_weights), "chef_about"),
            ),
        ])
    }

    fn plot(&self, turned: bool) -> Curve {
        let all = self.all.layers;
        let points = self.curve.iter().map(|(layers, words)| [f64::from(*layers), *words]).collect();
        let best = words_a_second(&self.all);
        let mut signs = vec![Sign {
            at: f64::from(self.tenth.gpu_layers()),
            words: "sign_tenth".into(),
            verdict: Some(Verdict::Offload),
        }];
        if turned {
            signs = vec![Sign { at: f64::from(self.turned.gpu_layers()), words: "sign_turned".into(), verdict: None }];
        }
        Curve {
            across: Axis::even(f64::from(all), "layers_axis", Figure::Number),
            // A sign may stand where the name of the axis does.
            up: Axis::even(best, if turned { Say::NOTHING } else { "words_axis".into() }, Figure::WordsPerSecond),
            series: vec![Series {
                component: Some(Memory::Weights),
                points,
                filled: false,
                dashed: false,
                label: if turned { Say::NOTHING } else { "curve".into() },
            }],
            capacity: None,
            signs,
            ends: 200.0,
        }
    }

    fn cliff(&self, turned: bool) -> Picture {
        Picture::of(vec![Placed::new("curve", Area::new(60.0, 84.0, 1232.0, 466.0), self.plot(turned))])
    }

    /// The machine that has to borrow, for which there are cures.
    fn ways(&self) -> Picture {
        Picture::of(self.shelves(&self.small.1, ["small_vram", "small_ram"]).into())
    }

    fn sandbox(&self) -> Picture {
        let reading =
            Reading { figure: words_figure(&self.turned).into(), unit: "words".into(), about: "turned_about".into() };
        Picture::of(vec![
            Placed::new("curve", Area::new(40.0, 84.0, 900.0, 466.0), Curve { ends: 60.0, ..self.plot(true) }),
            Placed::new("words", Area::new(980.0, 200.0, 340.0, 140.0), reading),
        ])
    }

    fn handle(&self) -> Handle {
        let notch =
            |layers: &u32| Notch { turn: Turn::Layers(*layers), words: Figure::Count(u64::from(*layers)).into() };
        Handle {
            id: HandleId::Layers,
            name: "turn".into(),
            notches: self.layers.iter().map(notch).collect(),
            at: self.at,
            yours: None,
            limit: Some(self.layers.len().saturating_sub(1)),
            on: "curve",
            edge: Edge::Right,
        }
    }

    fn offers(&self) -> Vec<Offer> {
        let words = [
            ["smaller", "smaller_about", "smaller_figures"],
            ["larger", "larger_about", "larger_figures"],
            ["faster", "faster_about", "faster_figures"],
        ];
        words.into_iter().zip(&self.cures).map(|(labels, cure)| offer(CURES, labels, cure)).collect()
    }
}
