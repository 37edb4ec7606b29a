//! `FlashAttention`: the matrix of scores that is never stored.

use super::kit::{example, found, with};
use super::memory::{MANY, at_notch, bars, device, end_of, gib, notches, outcome, part, portions};
use crate::advise::inverse::largest_context_in_vram;
use crate::catalog::Catalog;
use crate::catalog::quantization::Quantization;
use crate::estimate::{Estimate, Memory};
use crate::plan::{HandleId, LossMethod, ModelChoice, Plan, SceneId, Task, TrainingAttention};
use crate::scenes::draw::axis::Axis;
use crate::scenes::draw::bars::Bar;
use crate::scenes::draw::blocks::{Block, BlockRow, Blocks};
use crate::scenes::draw::curve::{Curve, Series};
use crate::scenes::draw::key::Key;
use crate::scenes::draw::reading::Reading;
use crate::scenes::draw::shelf::{Lies, Portion};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};
use crate::units::Bytes;

const MODEL: &str = "llama-3.1-8b";
const CARD: &str = "rtx-4090";
/// Lengths of the curve, and those that the words tell of.
const LENGTHS: [u64; 6] = [1024, 2048, 3072, 4096, 6144, 8192];
const SHORT: u64 = 4096;
const DOUBLE: u64 = 8192;
/// Bytes of a score in BF16.
const SCORE: u64 = 2;
/// Contexts that llama.cpp serves, and that the handle snaps to.
const CONTEXTS: [u64; 5] = [4096, 8192, 16_384, 32_768, 65_536];
const CONTEXT_AT: usize = 3;
/// Tokens of the picture of scores.
const SHOWN: u8 = 10;
/// The tile that is looked at in it.
const TILE: u8 = 2;

struct Story<'a> {
    catalog: &'a Catalog,
    /// By length: with the scores stored, and without.
    trains: Vec<(u64, Estimate, Estimate)>,
    most: [u64; 2],
    serves: (Estimate, Estimate),
    longest: Estimate,
    /// The longest context that fits with `FlashAttention`.
    limit: u64,
    at: usize,
}

impl<'a> Story<'a> {
    fn tell(premise: Premise<'a>) -> Option<Self> {
        let catalog = premise.catalog;
        let at = at_notch(premise, HandleId::Context, CONTEXT_AT, CONTEXTS.len());
        let serves = example(ModelChoice::Catalog(MODEL.to_owned()), Quantization::Q4_K_M, CARD);
        let of = |plan: &Plan| found(plan, catalog);
        let trains = |length: u64, attention| {
            with(&serves, |plan| {
                plan.workload.task = Task::Qlora;
                let training = &mut plan.workload.training;
                (training.sequence_length, training.attention, training.loss) = (length, attention, LossMethod::Fused);
            })
        };
        let [eager, flash] = [TrainingAttention::Eager, TrainingAttention::Flash];
        let pairs = LENGTHS.map(|length| Some((length, of(&trains(length, eager))?, of(&trains(length, flash))?)));
        let most = |attention| largest_context_in_vram(&trains(SHORT, attention), catalog);
        let at_context = |context: u64, flash: bool| {
            of(&with(&serves, |plan| {
                (plan.workload.context, plan.workload.flash_attention) = (context, flash);
            }))
        };
        let context = *CONTEXTS.get(at)?;
        Some(Self {
            catalog,
            trains: pairs.into_iter().collect::<Option<_>>()?,
            most: [most(eager)?, most(flash)?],
            serves: (at_context(context, false)?, at_context(context, true)?),
            limit: largest_context_in_vram(&serves, catalog)?,
            longest: at_context(*CONTEXTS.last()?, false)?,
            at,
        })
    }

    fn at_length(&self, length: u64) -> Option<&(u64, Estimate, Estimate)> {
        self.trains.iter().find(|(is, _, _)| *is == length)
    }
}

/// What the scores add at a length: one estimate less the other.
fn scores((_, eager, flash): &(u64, Estimate, Estimate)) -> Option<Bytes> {
    Some(part(eager, Memory::Compute)?.saturating_sub(part(flash, Memory::Compute)?))
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::FlashAttention);
    let Some(story) = Story::tell(premise) else { return empty };
    let (Some(figures), Some(pictures)) = (figures(&story), pictures(&story)) else { return empty };
    Scene { figures, pictures, handles: vec![context(&story)], ..empty }
}

fn figures(story: &Story<'_>) -> Option<Figures> {
    let model = story.catalog.model(MODEL)?;
    let matrix = |length: u64| Bytes(length * length * model.num_attention_heads * SCORE);
    let (short, double) = (story.at_length(SHORT)?, story.at_length(DOUBLE)?);
    let total = |found: &Estimate| Some(Figure::Gib(device(found)?.total?));
    let compute = |found: &Estimate| Some(Figure::Gib(part(found, Memory::Compute)?));
    let (off, on) = &story.serves;
    Some(
        Figures::default()
            .with("model", Figure::Name(model.name.clone()))
            .with("card", Figure::Name(story.catalog.card(CARD)?.name.clone()))
            .with("heads", Figure::Count(model.num_attention_heads))
            .with("score", Figure::Count(SCORE))
            .with("short", Figure::Tokens(SHORT))
            .with("double", Figure::Tokens(DOUBLE))
            .with("short_n", Figure::Count(SHORT))
            .with("matrix", Figure::Gib(matrix(SHORT)))
            .with("matrix_double", Figure::Gib(matrix(DOUBLE)))
            .with("scores", Figure::Gib(scores(short)?))
            .with("scores_double", Figure::Gib(scores(double)?))
            .with("eager", total(&double.1)?)
            .with("flash", total(&double.2)?)
            .with("usable", Figure::Gib(device(&double.2)?.usable))
            .with("most_eager", Figure::Tokens(story.most[0]))
            .with("most_flash", Figure::Tokens(story.most[1]))
            .with("context", Figure::Tokens(*CONTEXTS.get(story.at)?))
            .with("buffer_off", compute(off)?)
            .with("buffer_on", compute(on)?),
    )
}

/// Which scores there are: every token with itself and all before it.
fn grid(lies: impl Fn(u8, u8) -> Lies) -> Vec<BlockRow> {
    let row = |row: u8| {
        let block = |column: u8| {
            let at = f32::from(column);
            if column <= row { Block::new(at, 1.0, Memory::Compute, lies(row, column)) } else { Block::empty(at, 1.0) }
        };
        let name = match row {
            0 => "token_first".into(),
            row if row + 1 == SHOWN => "token_last".into(),
            _ => Say::NOTHING,
        };
        BlockRow { name, blocks: (0..SHOWN).map(block).collect(), end: Say::NOTHING }
    };
    (0..SHOWN).map(row).collect()
}

fn matrix(lies: impl Fn(u8, u8) -> Lies, runs: f32) -> Placed {
    let blocks = Blocks {
        rows: grid(lies),
        places: f32::from(SHOWN),
        across: "looks_at".into(),
        key: Key::default(),
        names: 170.0,
        ends: 10.0,
        runs,
    };
    Placed::new("matrix", Area::new(60.0, 140.0, 640.0, 400.0), blocks).linked(Link::Compute)
}

fn note(id: &'static str, y: f32, figure: impl Into<Say>, unit: &'static str, about: &'static str) -> Placed {
    let reading = Reading { figure: figure.into(), unit: unit.into(), about: about.into() };
    Placed::new(id, Area::new(800.0, y, 480.0, 120.0), reading)
}

fn pictures(story: &Story<'_>) -> Option<Vec<Picture>> {
    let model = story.catalog.model(MODEL)?;
    let size = |length: u64| Figure::Gib(Bytes(length * length * model.num_attention_heads * SCORE));
    let ask = Picture::of(vec![matrix(|_, _| Lies::Ghost, 0.0)]);
    let stored = Picture::of(vec![
        matrix(|_, _| Lies::Solid, 0.0),
        note("first", 180.0, size(SHORT), "nothing", "matrix_about"),
        note("second", 330.0, size(DOUBLE), "nothing", "matrix_double_about"),
    ]);
    let tile = |at: u8| (TILE * 2..TILE * 3).contains(&at);
    let tiles = Picture::of(vec![
        matrix(|row, column| if tile(row) && column / TILE == 1 { Lies::Solid } else { Lies::Ghost }, 0.0),
        note("first", 180.0, "one_tile", "nothing", "tile_about"),
        note("second", 330.0, "same_result", "nothing", "result_about"),
    ]);
    Some(vec![ask, stored, tiles, in_training(story)?, in_serving(story)?])
}

/// What training needs against the length of its sequences, with the scores stored and without.
fn in_training(story: &Story<'_>) -> Option<Picture> {
    let points = |of: fn(&(u64, Estimate, Estimate)) -> &Estimate| -> Option<Vec<[f64; 2]>> {
        story.trains.iter().map(|it| Some([it.0 as f64, device(of(it))?.total?.gib()])).collect()
    };
    let series = |component, points, label: &'static str| Series {
        component,
        points,
        filled: false,
        dashed: false,
        label: label.into(),
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of tokens")]
    let say = |tokens: f64| Figure::Tokens(tokens as u64);
    let ticks = [0, 2048, SHORT, 6144, DOUBLE].map(|tokens: u64| (tokens as f64, say(tokens as f64).into()));
    let (_, eager, flash) = story.at_length(DOUBLE)?;
    let usable = device(flash)?.usable;
    let curve = Curve {
        across: Axis {
            from: 0.0,
            to: DOUBLE as f64,
            doubling: false,
            ticks: ticks.into_iter().collect(),
            name: "length_axis".into(),
        },
        up: Axis::gib(end_of(eager)?),
        series: vec![
            series(Some(Memory::Compute), points(|it| &it.1)?, "stored"),
            series(Some(Memory::Weights), points(|it| &it.2)?, "never_stored"),
        ],
        capacity: Some((usable.gib(), Say::of("usable", Figure::Gib(usable)))),
        signs: Vec::new(),
        ends: 200.0,
    };
    Some(Picture::of(vec![Placed::new("curve", Area::new(60.0, 84.0, 1232.0, 456.0), curve)]))
}

/// llama.cpp with and without, at the context that was turned to.
fn in_serving(story: &Story<'_>) -> Option<Picture> {
    let (off, on) = &story.serves;
    let row = |name: &'static str, found: &Estimate| {
        let buffer = gib(part(found, Memory::Compute)?);
        let parts = portions(found)?.into_iter().map(|portion| match portion.component {
            Memory::Compute => Portion::new(Memory::Compute, buffer, Lies::Solid)
                .labeled(Say::of("compute", Figure::Gib(part(found, Memory::Compute).unwrap_or_default()))),
            _ => portion,
        });
        Some(Bar::new(name, parts.collect()).about("context").total(outcome(found)?))
    };
    let end = end_of(&story.longest)?;
    let mut bars = bars(on, vec![row("without", off)?, row("with", on)?], end)?;
    bars.ends = 240.0;
    Some(Picture::of(vec![Placed::new("bars", Area { h: 320.0, ..MANY }, bars)]))
}

fn context(story: &Story<'_>) -> Handle {
    Handle {
        id: HandleId::Context,
        name: "turn_context".into(),
        notches: notches(&CONTEXTS, Turn::Context, Figure::Tokens),
        at: story.at,
        yours: Some(CONTEXT_AT),
        limit: CONTEXTS.iter().rposition(|context| *context <= story.limit),
        on: "bars",
        edge: Edge::Right,
    }
}
