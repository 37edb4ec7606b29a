//! FP32 to INT4: one block of numbers at each precision, what the same model takes, and what is lost.

use super::kit::{CONTEXT, example, found, gb_cells, place_of, stove, with, words_a_second, words_figure};
use super::shades;
use crate::advise::remedies::words::loss_word;
use crate::catalog::Catalog;
use crate::catalog::origin::Origin;
use crate::catalog::quality::{Measure, QualityTable, QuantizedPart, SizeClass, Summary, loss};
use crate::catalog::quantization::Quantization;
use crate::estimate::{Estimate, Memory};
use crate::plan::{GpuLayers, HandleId, ModelChoice, SceneId};
use crate::scenes::draw::grid::Grid;
use crate::scenes::draw::listing::{Listing, Point};
use crate::scenes::draw::reading::Reading;
use crate::scenes::draw::shelf::{Lies, Portion, Shelf};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Notch, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};
use crate::text::{Join, Locale};

const MODEL: &str = "llama-3.1-8b";
const CARD: &str = "rtx-5060-ti-16gb";
/// The precision that the handle stands at, unless it was turned.
const USUAL: Quantization = Quantization::Q4_K_M;
/// Sources that a note names.
const NAMED: usize = 2;

/// One precision: its names among the figures and the bits of its plain form.
struct Step {
    quantization: Quantization,
    /// Its block.
    block: &'static str,
    /// The plain precision, and what it takes a number.
    plain: &'static str,
    bits: u32,
    /// Labels: bytes a number, shades, size of the model, words a second, loss, measured increase.
    labels: [&'static str; 6],
}

const STEPS: [Step; 6] = [
    step(Quantization::F32, "f32", ("FP32", 32), ["each_f32", "shades_f32", "gb_f32", "at_f32", "nothing", "nothing"]),
    step(Quantization::F16, "f16", ("FP16", 16), ["each_f16", "shades_f16", "gb_f16", "at_f16", "nothing", "nothing"]),
    step(Quantization::Q8_0, "q8", ("INT8", 8), ["each_q8", "shades_q8", "gb_q8", "at_q8", "loss_q8", "grew_q8"]),
    step(USUAL, "q4", ("INT4", 4), ["each_q4", "shades_q4", "gb_q4", "at_q4", "loss_q4", "grew_q4"]),
    step(Quantization::Q3_K_M, "q3", ("INT3", 3), ["nothing", "nothing", "nothing", "nothing", "loss_q3", "grew_q3"]),
    step(Quantization::Q2_K, "q2", ("INT2", 2), ["nothing", "nothing", "nothing", "nothing", "loss_q2", "grew_q2"]),
];

const fn step(
    quantization: Quantization,
    block: &'static str,
    (plain, bits): (&'static str, u32),
    labels: [&'static str; 6],
) -> Step {
    Step { quantization, block, plain, bits, labels }
}

/// The side of a cell of the FP32 block: areas of blocks are as their bytes.
const CELL: f32 = 26.0;
/// Where the blocks stand side by side.
const PLACES: [Area; 4] = [
    Area::new(50.0, 140.0, 330.0, 400.0),
    Area::new(400.0, 140.0, 290.0, 400.0),
    Area::new(720.0, 140.0, 280.0, 400.0),
    Area::new(1020.0, 140.0, 290.0, 400.0),
];

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::Quantization);
    let Some(story) = Story::tell(premise) else { return empty };
    let Some(figures) = story.figures(premise.catalog) else { return empty };
    let pictures = story.pictures();
    Scene { figures, pictures, handles: vec![story.handle(premise)], ..empty }
}

/// What the model comes to in each precision.
struct Story {
    /// In VRAM whole, whether it fits or not, by [`STEPS`].
    steps: Vec<Estimate>,
    /// As the handle stands, placed by the engine itself.
    turned: Estimate,
    at: usize,
    parameters: u64,
    vram_gb: f64,
}

impl Story {
    fn tell(premise: Premise<'_>) -> Option<Self> {
        let catalog = premise.catalog;
        catalog.model(MODEL)?;
        let plan = |quantization| example(ModelChoice::Catalog(MODEL.to_owned()), quantization, CARD);
        let steps = STEPS.iter().map(|step| found(&plan(step.quantization), catalog)).collect::<Option<Vec<_>>>()?;
        let usual = Quantization::SLIDER.iter().position(|it| *it == USUAL)?;
        let at = place_of(premise, HandleId::Weights, usual, Quantization::SLIDER.len());
        let turned = with(&plan(*Quantization::SLIDER.get(at)?), |plan| plan.workload.gpu_layers = GpuLayers::Auto);
        Some(Self {
            parameters: steps.first()?.params?,
            turned: found(&turned, catalog)?,
            vram_gb: catalog.card(CARD)?.memory_gib,
            steps,
            at,
        })
    }

    fn precision(&self) -> Quantization {
        Quantization::SLIDER.get(self.at).copied().unwrap_or(USUAL)
    }

    fn word(&self, quantization: Quantization) -> Figure {
        let found = loss(QuantizedPart::Weights(quantization), self.parameters);
        let say = |locale: Locale| match found {
            Some(loss) => locale.word(loss_word(loss.word)).to_owned(),
            None if locale == Locale::En => "not measured".to_owned(),
            None => "没有测量".to_owned(),
        };
        Figure::Both(say(Locale::En), say(Locale::Zh))
    }

    fn figures(&self, catalog: &Catalog) -> Option<Figures> {
        const BILLION: f64 = 1e9;
        let billions = self.parameters as f64 / BILLION;
        let names: [[&'static str; 9]; 6] = [
            ["bits_f32", "bytes_f32", "n_f32", "size_f32", "words_f32", "real_f32", "lost_f32", "ppl_f32", "name_f32"],
            ["bits_f16", "bytes_f16", "n_f16", "size_f16", "words_f16", "real_f16", "lost_f16", "ppl_f16", "name_f16"],
            ["bits_q8", "bytes_q8", "n_q8", "size_q8", "words_q8", "real_q8", "lost_q8", "ppl_q8", "name_q8"],
            ["bits_q4", "bytes_q4", "n_q4", "size_q4", "words_q4", "real_q4", "lost_q4", "ppl_q4", "name_q4"],
            ["bits_q3", "bytes_q3", "n_q3", "size_q3", "words_q3", "real_q3", "lost_q3", "ppl_q3", "name_q3"],
            ["bits_q2", "bytes_q2", "n_q2", "size_q2", "words_q2", "real_q2", "lost_q2", "ppl_q2", "name_q2"],
        ];
        let mut figures = Figures::default();
        for ((step, found), [bits, bytes, n, size, words, real, lost, ppl, name]) in
            STEPS.iter().zip(&self.steps).zip(names)
        {
            let shades = 2_f64.powi(i32::try_from(step.bits).ok()?);
            figures = figures
                .with(name, Figure::Name(step.quantization.label().to_owned()))
                .with(bits, Figure::Count(u64::from(step.bits)))
                .with(bytes, Figure::Number(f64::from(step.bits) / 8.0))
                .with(n, many(shades))
                .with(size, Figure::gb(found.weights?))
                .with(words, words_figure(found))
                .with(real, Figure::Bits(found.bits_per_weight?))
                .with(lost, self.word(step.quantization))
                .with(ppl, increase(step.quantization, self.parameters));
        }
        let (rows, models, sources) = behind(USUAL, self.parameters);
        let turned_bytes = self.turned.weights?;
        Some(
            figures
                .with("model", Figure::Name(catalog.model(MODEL)?.name.clone()))
                .with("card", Figure::Name(catalog.card(CARD)?.name.clone()))
                .with("vram", Figure::Gb(self.vram_gb))
                .with("params", Figure::Both(format!("{billions:.0} billion"), format!("{:.0} 亿", billions * 10.0)))
                .with("sample", Figure::Count(u64::from(shades::SIDE * shades::SIDE)))
                .with("class", Figure::Name(SizeClass::of(self.parameters).name().to_owned()))
                .with("rows", Figure::Count(u64::from(rows)))
                .with("models", Figure::Count(u64::from(models)))
                .with("sources", sources)
                .with(
                    "share",
                    Figure::Percent(self.steps.get(3)?.weights?.0 as f64 / self.steps.get(1)?.weights?.0 as f64),
                )
                .with("chat", Figure::Tokens(CONTEXT))
                .with("turned", Figure::Name(self.precision().label().to_owned()))
                .with("turned_bits", Figure::Bits(self.turned.bits_per_weight?))
                .with("turned_size", Figure::gb(turned_bytes))
                .with("turned_rest", Figure::gb(self.turned.host.parts.weights?))
                .with("turned_words", words_figure(&self.turned))
                .with("turned_loss", self.word(self.precision())),
        )
    }

    fn block(step: &Step, cell: f32, lines: [Say; 3]) -> Grid {
        let [name, amount, role] = lines;
        Grid {
            name,
            amount,
            role,
            component: Memory::Weights,
            columns: shades::SIDE,
            cell,
            shades: shades::rounded(&shades::sample(), step.bits),
            apart: false,
        }
    }

    fn pictures(&self) -> Vec<Picture> {
        let scaled = |step: &Step| CELL * (step.bits as f32 / 32.0).sqrt();
        let plain = |step: &Step| {
            let [each, shades, ..] = step.labels;
            Self::block(step, scaled(step), [Say::Name(step.plain.to_owned()), each.into(), shades.into()])
        };
        let stored = |step: &Step, found: &Estimate| {
            let [_, _, size, words, ..] = step.labels;
            let words = if words_a_second(found) > 0.0 { words } else { "no_room" };
            Self::block(step, scaled(step), [label(step), size.into(), words.into()])
        };
        let row = |grids: Vec<(&'static str, Grid)>| {
            let placed = grids.into_iter().zip(PLACES).map(|((id, grid), area)| Placed::new(id, area, grid));
            Picture::of(placed.collect())
        };
        let first = {
            let grid = plain(&STEPS[0]);
            let about = Reading { figure: "params".into(), unit: "numbers".into(), about: "as_fp32".into() };
            Picture::of(vec![
                Placed::new("f32", Area::new(250.0, 130.0, 330.0, 400.0), grid),
                Placed::new("whole", Area::new(720.0, 230.0, 460.0, 120.0), about).linked(Link::Weights),
            ])
        };
        let fewer = row(STEPS[..4].iter().map(|step| (step.block, plain(step))).collect());
        let sizes = row(STEPS[..4].iter().zip(&self.steps).map(|(step, it)| (step.block, stored(step, it))).collect());
        let lost = row(STEPS[2..]
            .iter()
            .map(|step| {
                let [.., lost, grew] = step.labels;
                (step.block, Self::block(step, 20.0, [label(step), lost.into(), grew.into()]))
            })
            .collect());
        let own = vec![
            Point::new("test_own", "test_own_about"),
            Point::new("test_both", "test_both_about"),
            Point::new("test_measure", "test_measure_about").typed("test_command"),
        ];
        let area = Area::new(176.0, 110.0, 1000.0, 440.0);
        let test = Picture::of(vec![Placed::new("steps", area, Listing { points: own, pitch: 140.0 })]);
        vec![first, fewer, sizes, lost, rulers(), test, self.sandbox()]
    }

    /// The block, the card and the figures of the precision that the handle stands at.
    fn sandbox(&self) -> Picture {
        let bits = self.turned.bits_per_weight.unwrap_or_default();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 32")]
        let step = Step { bits: bits.floor() as u32, quantization: self.precision(), ..STEPS[3] };
        #[expect(clippy::cast_possible_truncation, reason = "points")]
        let cell = CELL * (bits as f32 / 32.0).sqrt();
        let grid = Self::block(&step, cell, [label(&step), "turned_size".into(), "turned_bits".into()]);
        let parts = self.turned.parts_in_vram();
        let part = |component, bytes| Portion::new(component, gb_cells(bytes), Lies::Solid);
        let portions = vec![
            part(Memory::Weights, parts.weights.unwrap_or_default()),
            part(Memory::Kv, parts.kv_cache.unwrap_or_default()),
            part(Memory::Compute, parts.compute.unwrap_or_default()),
            part(Memory::Overhead, self.turned.overhead()),
        ];
        let amount = (self.turned.gpu_layers() < self.turned.layers).then(|| "in_ram".into());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of cells")]
        let cells = self.vram_gb as u32;
        let card = Shelf { portions, amount, role: "vram_amount".into(), ..stove(cells, 6, 42.0) };
        let speed =
            Reading { figure: words_figure(&self.turned).into(), unit: "words".into(), about: "turned_about".into() };
        let lost =
            Reading { figure: self.word(self.precision()).into(), unit: "nothing".into(), about: "loss_about".into() };
        Picture::of(vec![
            Placed::new("block", Area::new(60.0, 130.0, 330.0, 400.0), grid),
            Placed::new("vram", Area::new(460.0, 96.0, 340.0, 456.0), card).linked(Link::Vram),
            Placed::new("words", Area::new(900.0, 150.0, 420.0, 110.0), speed),
            Placed::new("lost", Area::new(900.0, 330.0, 420.0, 110.0), lost),
        ])
    }

    fn handle(&self, premise: Premise<'_>) -> Handle {
        let notch = |it: &Quantization| Notch { turn: Turn::Weights(*it), words: Say::Name(it.label().to_owned()) };
        let yours = premise.plan.workload.quantization;
        Handle {
            id: HandleId::Weights,
            name: "turn".into(),
            notches: Quantization::SLIDER.iter().map(notch).collect(),
            at: self.at,
            yours: Quantization::SLIDER.iter().position(|it| *it == yours),
            limit: None,
            on: "block",
            edge: Edge::Right,
        }
    }
}

fn label(step: &Step) -> Say {
    Say::Name(step.quantization.label().to_owned())
}

/// Loud rows and quiet ones under one ruler for all, and under a ruler each.
fn rulers() -> Picture {
    let grid = |name: &'static str, role: &'static str, shades| Grid {
        name: name.into(),
        amount: role.into(),
        role: "nothing".into(),
        component: Memory::Compute,
        columns: shades::WAVE,
        cell: 30.0,
        shades,
        apart: false,
    };
    let (fixed, own) = shades::ruled();
    Picture::of(vec![
        Placed::new("static", Area::new(60.0, 110.0, 580.0, 400.0), grid("static", "static_role", fixed)),
        Placed::new("dynamic", Area::new(712.0, 110.0, 580.0, 400.0), grid("dynamic", "dynamic_role", own)),
    ])
}

/// A count of shades, in words where it is long.
fn many(shades: f64) -> Figure {
    const LONG: f64 = 1e6;
    if shades < LONG {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a power of two")]
        return Figure::Count(shades as u64);
    }
    Figure::Both(format!("{:.1} billion", shades / 1e9), format!("{:.0} 亿", shades / 1e8))
}

/// What perplexity rows say of a precision: that of all files first.
fn perplexity(quantization: Quantization, parameters: u64) -> Option<&'static Summary> {
    let rows = QualityTable::built_in().of(QuantizedPart::Weights(quantization), SizeClass::of(parameters));
    rows.filter(|row| row.measure == Measure::Perplexity).min_by_key(|row| row.recipe)
}

fn increase(quantization: Quantization, parameters: u64) -> Figure {
    match perplexity(quantization, parameters) {
        Some(row) => Figure::Number(row.median),
        None => Figure::Name("?".to_owned()),
    }
}

/// How many rows and models a word rests on, and its first sources.
fn behind(quantization: Quantization, parameters: u64) -> (u32, u32, Figure) {
    let Some(row) = perplexity(quantization, parameters) else { return (0, 0, Figure::Name(String::new())) };
    let sources: Vec<&Origin> = QualityTable::built_in().sources_of(row).take(NAMED).collect();
    let say = |locale: Locale| locale.join(Join::Items, sources.iter().map(|source| source.line(locale)));
    (row.rows, row.models, Figure::Both(say(Locale::En), say(Locale::Zh)))
}
