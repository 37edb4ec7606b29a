//! `LoRA`, `QLoRA` and `ZeRO`: what is trained, what is only kept, what is cut over cards.

use super::kit::{example, found, with};
use super::memory::{
    BAR, MANY, at_notch, bare, bars, device, end_of, fits, needs, notches, offer, part, portions, rate, reading,
};
use crate::advise::remedies::{Change, TrainingChange};
use crate::catalog::Catalog;
use crate::catalog::quantization::Quantization;
use crate::estimate::{Estimate, Memory};
use crate::plan::{HandleId, LossMethod, ModelChoice, Plan, SceneId, Task};
use crate::scenes::draw::axis::Axis;
use crate::scenes::draw::bars::{Bar, Bars};
use crate::scenes::draw::blocks::{Block, BlockRow, Blocks};
use crate::scenes::draw::key::Key;
use crate::scenes::draw::shelf::{Lies, Portion};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::offer::Offer;
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};

const MODEL: &str = "llama-3.1-8b";
const CARD: &str = "rtx-4090";
const LENGTH: u64 = 2048;
const CARDS: u32 = 8;
/// Gradients are summed over so many sequences before an update.
const ACCUMULATED: u32 = 8;
const FROZEN_BITS: u64 = 4;
const RANKS: [u32; 6] = [8, 16, 32, 64, 128, 256];
const RANK_AT: usize = 1;
/// Cards and slices of the picture of what is cut.
const SHOWN: u8 = 4;
const STAGES: [(u8, &str); 4] = [(0, "stage_none"), (1, "stage_one"), (2, "stage_two"), (3, "stage_three")];
const MEMORY: usize = 3;

struct Story<'a> {
    catalog: &'a Catalog,
    plan: Plan,
    full: Estimate,
    lora: Estimate,
    qlora: Estimate,
    cut: Vec<(&'static str, Estimate)>,
    tried: Estimate,
    widest: Estimate,
    rank: u32,
    at: usize,
}

impl<'a> Story<'a> {
    fn tell(premise: Premise<'a>) -> Option<Self> {
        let catalog = premise.catalog;
        let at = at_notch(premise, HandleId::Rank, RANK_AT, RANKS.len());
        let plan = with(&example(ModelChoice::Catalog(MODEL.to_owned()), Quantization::Q4_K_M, CARD), |plan| {
            plan.workload.task = Task::Full;
            let training = &mut plan.workload.training;
            (training.sequence_length, training.gradient_accumulation) = (LENGTH, ACCUMULATED);
            training.loss = LossMethod::Fused;
        });
        let of = |plan: &Plan| found(plan, catalog);
        let task = |task| with(&plan, |plan| plan.workload.task = task);
        let cut = STAGES.map(|(stage, name)| {
            let plan = with(&plan, |plan| {
                plan.workload.training.zero_stage = stage;
                plan.machine.ram_gib = 256.0;
                plan.machine.cards.iter_mut().for_each(|cards| cards.count = CARDS);
            });
            Some((name, of(&plan)?))
        });
        let ranked = |rank| of(&with(&task(Task::Qlora), |plan| plan.workload.training.lora_rank = rank));
        Some(Self {
            catalog,
            full: of(&plan)?,
            lora: of(&task(Task::Lora))?,
            qlora: of(&task(Task::Qlora))?,
            cut: cut.into_iter().collect::<Option<_>>()?,
            tried: ranked(*RANKS.get(at)?)?,
            widest: ranked(*RANKS.last()?)?,
            rank: plan.workload.training.lora_rank,
            at,
            plan,
        })
    }
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::Lora);
    let Some(story) = Story::tell(premise) else { return empty };
    let (Some(figures), Some(pictures)) = (figures(&story), pictures(&story)) else { return empty };
    Scene { figures, pictures, handles: vec![rank(&story)], offers: offers(&story), ..empty }
}

/// Trained parameters in percent of all.
fn share(found: &Estimate) -> Option<Figure> {
    let trained = found.training.as_ref()?.trained as f64;
    Some(Figure::Number(trained / found.params? as f64 * 100.0))
}

fn figures(story: &Story<'_>) -> Option<Figures> {
    let model = story.catalog.model(MODEL)?;
    let total = |found: &Estimate| Some(Figure::Gib(device(found)?.total?));
    let at_stage = |at: usize| total(&story.cut.get(at)?.1);
    let whole = model.hidden_size * model.hidden_size;
    let thin = 2 * model.hidden_size * u64::from(story.rank);
    Some(
        Figures::default()
            .with("model", Figure::Name(model.name.clone()))
            .with("card", Figure::Name(story.catalog.card(CARD)?.name.clone()))
            .with("params", billions(story.full.params?))
            .with("length", Figure::Tokens(LENGTH))
            .with("share", share(&story.lora)?)
            .with("trained", millions(story.lora.training.as_ref()?.trained))
            .with("wide", Figure::Count(model.hidden_size))
            .with("rank", Figure::Count(u64::from(story.rank)))
            .with("whole", millions(whole))
            .with("thin", millions(thin))
            .with("fewer", Figure::Times(whole as f64 / thin.max(1) as f64))
            .with("full", total(&story.full)?)
            .with("lora", total(&story.lora)?)
            .with("qlora", total(&story.qlora)?)
            .with("weights", Figure::Gib(part(&story.lora, Memory::Weights)?))
            .with("weights_small", Figure::Gib(part(&story.qlora, Memory::Weights)?))
            .with("states", Figure::Gib(part(&story.full, Memory::Optimizer)? + part(&story.full, Memory::Gradients)?))
            .with(
                "states_lora",
                Figure::Mib(part(&story.lora, Memory::Optimizer)? + part(&story.lora, Memory::Gradients)?),
            )
            .with("bits", Figure::Count(FROZEN_BITS))
            .with("usable", Figure::Gib(device(&story.lora)?.usable))
            .with("cards", Figure::Count(u64::from(CARDS)))
            .with("cut_none", at_stage(0)?)
            .with("cut_one", at_stage(1)?)
            .with("cut_two", at_stage(2)?)
            .with("cut_three", at_stage(3)?)
            .with("tried", Figure::Count(u64::from(*RANKS.get(story.at)?)))
            .with("tried_share", share(&story.tried)?),
    )
}

/// A count in billions, in Chinese in units of a hundred million.
fn billions(count: u64) -> Figure {
    let of = |unit: f64, digits| crate::text::trimmed(count as f64 / unit, digits);
    Figure::Both(format!("{} billion", of(1e9, 1)), format!("{} 亿", of(1e8, 0)))
}

/// A count in millions, in Chinese in units of ten thousand.
fn millions(count: u64) -> Figure {
    let of = |unit: f64, digits| crate::text::trimmed(count as f64 / unit, digits);
    Figure::Both(format!("{} million", of(1e6, 2)), format!("{} 万", of(1e4, 0)))
}

fn pictures(story: &Story<'_>) -> Option<Vec<Picture>> {
    let one = |found: &Estimate, name: &'static str, named: bool| {
        let parts = if named { portions(found)? } else { bare(found)? };
        Some(Bar::new(name, parts).total(needs(found)?))
    };
    let end = end_of(&story.full)?;
    let ask = bars(&story.full, vec![one(&story.full, "all_learn", true)?], end)?;
    let less = bars(&story.full, vec![one(&story.full, "all_learn", true)?, one(&story.lora, "lora", true)?], end)?;
    let small = {
        let rows = vec![
            one(&story.full, "all_learn", false)?,
            one(&story.lora, "lora", false)?,
            one(&story.qlora, "qlora", true)?,
        ];
        bars(&story.full, rows, end)?
    };
    let stages = story.cut.iter().map(|(name, found)| Some(Bar::new(*name, bare(found)?).total(needs(found)?)));
    let first = &story.cut.first()?.1;
    let mut stages = bars(first, stages.collect::<Option<_>>()?, end_of(first)?)?;
    // Several cards hold as well what they send each other.
    let compute = stages.key.0.iter_mut().filter(|(component, _)| *component == Memory::Compute);
    compute.for_each(|(_, name)| *name = "with_buffers".into());
    Some(vec![
        Picture::of(vec![Placed::new("rows", BAR, ask)]),
        thin(story)?,
        Picture::of(vec![Placed::new("rows", Area { h: 320.0, ..MANY }, less)]),
        Picture::of(vec![Placed::new("rows", MANY, small)]),
        Picture::of(vec![Placed::new("cut", Area::new(60.0, 120.0, 1232.0, 380.0), slices())]),
        Picture::of(vec![Placed::new("stages", MANY, stages)]),
        try_it(story)?,
    ])
}

/// The numbers of one square matrix against those of the two thin ones beside it.
fn thin(story: &Story<'_>) -> Option<Picture> {
    let model = story.catalog.model(MODEL)?;
    let millions_of = |count: u64| count as f64 / 1e6;
    let whole = millions_of(model.hidden_size * model.hidden_size);
    let thin = millions_of(2 * model.hidden_size * u64::from(story.rank));
    #[expect(clippy::cast_possible_truncation, reason = "a length on the stage")]
    let portion = |component, count: f64| vec![Portion::new(component, count as f32, Lies::Solid)];
    let bars = Bars {
        rows: vec![
            Bar::new("matrix", portion(Memory::Weights, whole)).about("matrix_size").total("matrix_count"),
            Bar::new("adapters", portion(Memory::Adapter, thin)).about("adapter_size").total("adapter_count"),
        ],
        axis: Axis::even(whole.ceil(), "millions", Figure::Number),
        limit: None,
        key: Key::default(),
        names: 230.0,
        ends: 210.0,
        flow: None,
    };
    Some(Picture::of(vec![Placed::new("thin", Area { h: 320.0, ..MANY }, bars)]))
}

/// Every card keeps its own slice of weights, gradients and states; the others' slices it asks for when it needs them.
fn slices() -> Blocks {
    const KINDS: [Memory; 3] = [Memory::Weights, Memory::Gradients, Memory::Optimizer];
    let each = f32::from(SHOWN);
    // A place stays free between kinds.
    let start = |kind: u8| f32::from(kind) * (each + 1.0);
    let row = |card: u8| {
        let kind = |(kind, component): (u8, Memory)| {
            (0..SHOWN).map(move |slice| {
                let lies = if slice == card { Lies::Solid } else { Lies::Ghost };
                Block::new(start(kind) + f32::from(slice), 1.0, component, lies)
            })
        };
        let name = Say::counting(Figure::Count(u64::from(card) + 1), "nothing");
        let blocks = (0_u8..).zip(KINDS).flat_map(kind).collect();
        BlockRow { name: Say::Joined(vec!["one_card".into(), name]), blocks, end: Say::NOTHING }
    };
    let head = (0_u8..).zip(["weights", "gradients", "optimizer"]).zip(KINDS);
    let head = BlockRow {
        name: Say::NOTHING,
        blocks: head
            .map(|((kind, label), component)| Block::new(start(kind), each, component, Lies::Solid).labeled(label))
            .collect(),
        end: Say::NOTHING,
    };
    let rows = std::iter::once(head).chain((0..SHOWN).map(row)).collect();
    Blocks {
        rows,
        places: 3.0 * each + 2.0,
        across: Say::NOTHING,
        key: Key::default(),
        names: 130.0,
        ends: 20.0,
        runs: 0.0,
    }
}

fn try_it(story: &Story<'_>) -> Option<Picture> {
    let bar = Bar::new("qlora", portions(&story.tried)?).about("card").total(needs(&story.tried)?);
    let bars = bars(&story.tried, vec![bar], end_of(&story.widest)?)?;
    let speed = if fits(&story.tried) { (rate(&story.tried)?, "rate_about") } else { ("stops".into(), "stops_about") };
    Some(Picture::of(vec![
        Placed::new("bar", BAR, bars).linked(Link::Vram),
        reading("rank", 0, Figure::Count(u64::from(*RANKS.get(story.at)?)), "rank_unit", "rank_about"),
        reading("trained", 1, millions(story.tried.training.as_ref()?.trained), "nothing", "trained_about"),
        reading("speed", 2, speed.0, "nothing", speed.1),
    ]))
}

fn rank(story: &Story<'_>) -> Handle {
    Handle {
        id: HandleId::Rank,
        name: "turn_rank".into(),
        notches: notches(&RANKS, Turn::Rank, |rank| Figure::Count(rank.into())),
        at: story.at,
        yours: Some(RANK_AT),
        limit: fits(&story.widest).then_some(RANKS.len() - 1),
        on: "bar",
        edge: Edge::Right,
    }
}

fn offers(story: &Story<'_>) -> Vec<Offer> {
    let ways = [(("lora", "lora_about"), Task::Lora), (("qlora", "qlora_about"), Task::Qlora)];
    let made = ways.into_iter().filter_map(|(words, task)| {
        offer(MEMORY, words, &story.plan, &[Change::Training(TrainingChange::Task(task))], story.catalog)
    });
    made.collect()
}
