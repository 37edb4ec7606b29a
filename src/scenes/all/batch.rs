//! Why a larger batch needs more memory, and what it buys: tokens a second in all.

use super::kit::{example, found, with};
use super::memory::{
    BAR, MANY, at_notch, bare, bars, end_of, fits, gib, needs, notches, part, portions, rate, reading,
};
use crate::advise::inverse::most_sequences_in_vram;
use crate::catalog::Catalog;
use crate::catalog::quantization::Quantization;
use crate::estimate::{Estimate, Memory, Verdict};
use crate::plan::{HandleId, ModelChoice, Plan, SceneId, Task};
use crate::scenes::draw::axis::Axis;
use crate::scenes::draw::bars::Bar;
use crate::scenes::draw::blocks::{Block, BlockRow, Blocks};
use crate::scenes::draw::curve::{Curve, Series, Sign};
use crate::scenes::draw::key::Key;
use crate::scenes::draw::shelf::{Lies, Portion};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};
use crate::units::Bytes;

const MODEL: &str = "llama-3.1-8b";
const CARD: &str = "rtx-4090";
const EACH: u64 = 4096;
/// Readers at once that the curve goes through, and that the handle snaps to.
const READERS: [u32; 6] = [1, 2, 4, 8, 16, 32];
const READERS_AT: usize = 3;
/// The place among them of those that the story tells of.
const TOLD: usize = 3;
const LENGTH: u64 = 2048;
const MICRO: [u32; 3] = [1, 2, 4];

struct Story<'a> {
    catalog: &'a Catalog,
    readers: Vec<(u32, Estimate)>,
    /// As many as the card has room for.
    fullest: (u32, Estimate),
    most: u32,
    trains: Vec<(u32, Estimate)>,
    at: usize,
}

impl<'a> Story<'a> {
    fn tell(premise: Premise<'a>) -> Option<Self> {
        let catalog = premise.catalog;
        let at = at_notch(premise, HandleId::Sequences, READERS_AT, READERS.len());
        let mut plan = example(ModelChoice::Catalog(MODEL.to_owned()), Quantization::Q4_K_M, CARD);
        plan.workload.context = EACH;
        let trains = with(&plan, |plan| {
            plan.workload.task = Task::Qlora;
            plan.workload.training.sequence_length = LENGTH;
        });
        let many = |plan: &Plan, counts: &[u32]| -> Option<Vec<(u32, Estimate)>> {
            let of =
                |count: &u32| Some((*count, found(&with(plan, |plan| plan.workload.set_at_once(*count)), catalog)?));
            counts.iter().map(of).collect()
        };
        let most = most_sequences_in_vram(&plan, catalog)?;
        Some(Self {
            catalog,
            readers: many(&plan, &READERS)?,
            fullest: many(&plan, &[most])?.pop()?,
            most,
            trains: many(&trains, &MICRO)?,
            at,
        })
    }

    fn alone(&self) -> Option<&Estimate> {
        Some(&self.readers.first()?.1)
    }

    fn together(&self) -> Option<&(u32, Estimate)> {
        self.readers.get(TOLD)
    }
}

/// Tokens a second of each reader and of all.
fn rates(found: &Estimate) -> Option<(f64, f64)> {
    Some((found.speed.decode?.expected, found.speed.decode_total?.expected))
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::Batch);
    let Some(story) = Story::tell(premise) else { return empty };
    let (Some(figures), Some(pictures)) = (figures(&story), pictures(&story)) else { return empty };
    Scene { figures, pictures, handles: vec![readers(&story)], ..empty }
}

fn figures(story: &Story<'_>) -> Option<Figures> {
    let (alone, (count, together)) = (story.alone()?, story.together()?);
    let ((one, _), (each, all)) = (rates(alone)?, rates(together)?);
    let (first, last) = (story.trains.first()?, story.trains.last()?);
    let activations = |found| Some(Figure::Gib(part(found, Memory::Compute)?));
    Some(
        Figures::default()
            .with("model", Figure::Name(story.catalog.model(MODEL)?.name.clone()))
            .with("card", Figure::Name(story.catalog.card(CARD)?.name.clone()))
            .with("one", Figure::WordsPerSecond(one))
            .with("readers", Figure::Count(u64::from(*count)))
            .with("each", Figure::WordsPerSecond(each))
            .with("all", Figure::WordsPerSecond(all))
            .with("share", Figure::WordsPerSecond(one / f64::from(*count)))
            .with("times", Figure::Times(all / one))
            .with("slower", Figure::Percent(1.0 - each / one))
            .with("step_one", Figure::Seconds(1.0 / one))
            .with("step_all", Figure::Seconds(1.0 / each))
            .with("weights", Figure::Gib(part(alone, Memory::Weights)?))
            .with("tokens", Figure::Tokens(EACH))
            .with("kv_one", Figure::Gib(part(alone, Memory::Kv)?))
            .with("kv_all", Figure::Gib(part(together, Memory::Kv)?))
            .with("most", Figure::Count(u64::from(story.most)))
            .with("length", Figure::Tokens(LENGTH))
            .with("micro", Figure::Count(u64::from(last.0)))
            .with("act_one", activations(&first.1)?)
            .with("act_all", activations(&last.1)?)
            .with("train_one", Figure::WordsPerSecond(first.1.speed.train?.expected))
            .with("train_all", Figure::WordsPerSecond(last.1.speed.train?.expected)),
    )
}

fn pictures(story: &Story<'_>) -> Option<Vec<Picture>> {
    let alone = story.alone()?;
    let ask = {
        let bar = Bar::new("vram", portions(alone)?).about("card").total(rate(alone)?);
        Picture::of(vec![Placed::new("bar", BAR, bars(alone, vec![bar], end_of(alone)?)?).linked(Link::Vram)])
    };
    Some(vec![ask, steps(story)?, buys(story)?, costs(story)?, trains(story)?, try_it(story)?])
}

/// One reader after the other against all together, in milliseconds.
fn steps(story: &Story<'_>) -> Option<Picture> {
    let (alone, (count, together)) = (story.alone()?, story.together()?);
    let step = |found: &Estimate| Some(1000.0 / rates(found)?.0);
    // How a step is shared out among what it waits for.
    let blocks = |found: &Estimate, from: f32| -> Option<Vec<Block>> {
        let (times, whole) = (found.speed.times, step(found)?);
        let of = |seconds: f64| whole * seconds / times.total().max(f64::MIN_POSITIVE);
        let notes = of(times.vram_kv);
        let weights = of(times.vram_weights);
        let rest = whole - weights - notes;
        let mut at = from;
        let parts = [(Memory::Weights, weights), (Memory::Kv, notes), (Memory::Overhead, rest)];
        let made = parts.map(|(component, length)| {
            let block = Block::new(at, milliseconds(length), component, Lies::Solid);
            at += milliseconds(length);
            block
        });
        Some(made.to_vec())
    };
    let one = milliseconds(step(alone)?);
    let queue: Option<Vec<Vec<Block>>> =
        (0..*count).map(|turn| blocks(alone, one * f32::from(u16::try_from(turn).ok()?))).collect();
    let whole = f64::from(*count) * step(alone)?;
    let rows = vec![
        BlockRow { name: "in_line".into(), blocks: queue?.concat(), end: Figure::Seconds(whole / 1000.0).into() },
        BlockRow {
            name: "at_once".into(),
            blocks: blocks(together, 0.0)?,
            end: Figure::Seconds(step(together)? / 1000.0).into(),
        },
    ];
    let key = Key(vec![
        (Memory::Weights, "weights".into()),
        (Memory::Kv, "kv".into()),
        (Memory::Overhead, "all_else".into()),
    ]);
    let blocks =
        Blocks { rows, places: milliseconds(whole), across: "time".into(), key, names: 230.0, ends: 130.0, runs: 4.0 };
    Some(Picture::of(vec![
        Placed::new("steps", Area::new(60.0, 120.0, 1232.0, 226.0), blocks),
        reading("steps_one", 0, Figure::WordsPerSecond(rates(alone)?.1), "tokens_s", "in_line_about"),
        reading("steps_all", 1, Figure::WordsPerSecond(rates(together)?.1), "tokens_s", "at_once_about"),
    ]))
}

#[expect(clippy::cast_possible_truncation, reason = "a length on the stage")]
const fn milliseconds(length: f64) -> f32 {
    length as f32
}

/// Tokens a second of all and of each, against how many read.
fn buys(story: &Story<'_>) -> Option<Picture> {
    let points = |of: fn((f64, f64)) -> f64| -> Option<Vec<[f64; 2]>> {
        let counts = story.readers.iter().filter(|(_, found)| fits(found)).chain([&story.fullest]);
        counts.map(|(count, found)| Some([f64::from(*count), of(rates(found)?)])).collect()
    };
    let most = f64::from(story.most.max(2));
    let ticks: Vec<f64> = READERS.iter().map(|count| f64::from(*count)).filter(|count| *count <= most).collect();
    let (all, each) = (points(|(_, all)| all)?, points(|(each, _)| each)?);
    let top = all.iter().map(|point| point[1]).fold(0.0, f64::max);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of readers")]
    let say = |count: f64| Figure::Count(count as u64);
    let series = |component, points, label: &'static str| Series {
        component,
        points,
        filled: false,
        dashed: false,
        label: label.into(),
    };
    let curve = Curve {
        across: Axis { to: most, ..Axis::doubling(&ticks, "readers_axis", say) },
        up: Axis::even(top * 1.05, "rate_axis", Figure::Number),
        series: vec![series(Some(Memory::Weights), all, "all_together"), series(Some(Memory::Kv), each, "each_one")],
        capacity: None,
        signs: vec![Sign {
            at: most,
            words: Say::of("room_for", Figure::Count(story.most.into())),
            verdict: Some(Verdict::DoesNotFit),
        }],
        ends: 190.0,
    };
    Some(Picture::of(vec![Placed::new("curve", Area::new(60.0, 84.0, 1232.0, 456.0), curve)]))
}

fn costs(story: &Story<'_>) -> Option<Picture> {
    let shown = [0, 2, TOLD, READERS.len() - 2];
    let rows = shown.map(|at| {
        let (count, found) = story.readers.get(at)?;
        let name = Say::counting(Figure::Count(u64::from(*count)), if *count == 1 { "reader" } else { "readers" });
        Some(Bar::new(name, bare(found)?).total(needs(found)?))
    });
    let last = &story.readers.last()?.1;
    let bars = bars(last, rows.into_iter().collect::<Option<_>>()?, end_of(last)?)?;
    Some(Picture::of(vec![Placed::new("costs", MANY, bars)]))
}

fn trains(story: &Story<'_>) -> Option<Picture> {
    let rows = story.trains.iter().map(|(count, found)| {
        let name = Say::counting(Figure::Count(u64::from(*count)), if *count == 1 { "sequence" } else { "sequences" });
        let each = Bytes(part(found, Memory::Compute)?.0 / u64::from(*count));
        let mut parts = bare(found)?;
        let at = parts.iter().position(|part| part.component == Memory::Compute)?;
        let one = |_| Portion::new(Memory::Compute, gib(each), Lies::Solid).labeled(Figure::Gib(each));
        parts.splice(at..=at, (0..*count).map(one));
        Some(Bar::new(name, parts).about("in_training").total(rate(found)?))
    });
    let last = &story.trains.last()?.1;
    let bars = bars(last, rows.collect::<Option<_>>()?, end_of(last)?)?;
    Some(Picture::of(vec![Placed::new("trains", MANY, bars)]))
}

fn try_it(story: &Story<'_>) -> Option<Picture> {
    let (count, found) = story.readers.get(story.at)?;
    let bar = Bar::new("vram", portions(found)?).about("card").total(needs(found)?);
    let bars = bars(found, vec![bar], end_of(&story.readers.last()?.1)?)?;
    let (each, all) = rates(found).unwrap_or_default();
    let speeds = if fits(found) {
        [
            reading("each", 1, Figure::WordsPerSecond(each), "tokens_s", "each_about"),
            reading("all", 2, Figure::WordsPerSecond(all), "tokens_s", "all_about"),
        ]
    } else {
        [reading("each", 1, "stops", "nothing", "stops_about"), reading("all", 2, "nothing", "nothing", "nothing")]
    };
    let readers = reading("readers", 0, Figure::Count(u64::from(*count)), "readers_unit", "readers_about");
    let bar = Placed::new("bar", BAR, bars).linked(Link::Vram);
    Some(Picture::of([vec![bar, readers], speeds.to_vec()].concat()))
}

fn readers(story: &Story<'_>) -> Handle {
    Handle {
        id: HandleId::Sequences,
        name: "turn_readers".into(),
        notches: notches(&READERS, Turn::Sequences, |count| Figure::Count(count.into())),
        at: story.at,
        yours: Some(READERS_AT),
        limit: READERS.iter().rposition(|count| *count <= story.most),
        on: "bar",
        edge: Edge::Right,
    }
}
