//! Gradient checkpointing: layers drop their activations and work them out again. Time for space.

use super::kit::{example, found, with};
use super::memory::{MANY, at_notch, bars, device, end_of, gib, notches, outcome, part, rate, reading};
use crate::advise::inverse::largest_context_in_vram;
use crate::catalog::Catalog;
use crate::catalog::quantization::Quantization;
use crate::estimate::{Estimate, Memory};
use crate::plan::{HandleId, LossMethod, ModelChoice, Plan, SceneId, Task};
use crate::scenes::draw::bars::Bar;
use crate::scenes::draw::blocks::{Block, BlockRow, Blocks};
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
const TOLD: u64 = 2048;
/// Lengths that the handle snaps to.
const LENGTHS: [u64; 5] = [1024, 2048, 4096, 8192, 16_384];
const LENGTH_AT: usize = 2;
/// How much of a layer's block its input takes in the picture: a sign, not to scale.
const INPUT: f32 = 0.22;
/// Of a pass forward and back, the way forward: multiplying backward is done twice, for inputs and for weights.
const FORWARD: f32 = 1.0 / 3.0;
/// Stretches that the way back is drawn in.
const STRETCHES: u8 = 8;

struct Story<'a> {
    catalog: &'a Catalog,
    kept: Estimate,
    dropped: Estimate,
    tried: (Estimate, Estimate),
    longest: Estimate,
    most: [Option<u64>; 2],
    layers: u8,
    at: usize,
}

impl<'a> Story<'a> {
    fn tell(premise: Premise<'a>) -> Option<Self> {
        let catalog = premise.catalog;
        let at = at_notch(premise, HandleId::Context, LENGTH_AT, LENGTHS.len());
        let plan = with(&example(ModelChoice::Catalog(MODEL.to_owned()), Quantization::Q4_K_M, CARD), |plan| {
            plan.workload.task = Task::Qlora;
            plan.workload.training.loss = LossMethod::Fused;
        });
        let trains = |length: u64, drops: bool| {
            with(&plan, |plan| {
                let training = &mut plan.workload.training;
                (training.sequence_length, training.checkpointing) = (length, drops);
            })
        };
        let of = |length, drops| found(&trains(length, drops), catalog);
        let length = *LENGTHS.get(at)?;
        let longest = |plan: &Plan| largest_context_in_vram(plan, catalog);
        Some(Self {
            catalog,
            kept: of(TOLD, false)?,
            dropped: of(TOLD, true)?,
            tried: (of(length, false)?, of(length, true)?),
            longest: of(8192, false)?,
            most: [longest(&trains(TOLD, false)), longest(&trains(TOLD, true))],
            layers: u8::try_from(catalog.model(MODEL)?.num_hidden_layers).ok()?.clamp(1, 64),
            at,
        })
    }
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::Checkpointing);
    let Some(story) = Story::tell(premise) else { return empty };
    let (Some(figures), Some(pictures)) = (figures(&story), pictures(&story)) else { return empty };
    Scene { figures, pictures, handles: vec![length(&story)], ..empty }
}

/// Tokens a second that training goes through.
fn speed(found: &Estimate) -> Option<f64> {
    Some(found.speed.train?.expected)
}

fn activations(found: &Estimate) -> Option<Bytes> {
    part(found, Memory::Compute)
}

fn figures(story: &Story<'_>) -> Option<Figures> {
    let (kept, dropped) = (speed(&story.kept)?, speed(&story.dropped)?);
    Some(
        Figures::default()
            .with("model", Figure::Name(story.catalog.model(MODEL)?.name.clone()))
            .with("card", Figure::Name(story.catalog.card(CARD)?.name.clone()))
            .with("layers", Figure::Count(u64::from(story.layers)))
            .with("length", Figure::Tokens(TOLD))
            .with("act_kept", Figure::Gib(activations(&story.kept)?))
            .with("act_dropped", Figure::Gib(activations(&story.dropped)?))
            .with("all_kept", Figure::Gib(device(&story.kept)?.total?))
            .with("all_dropped", Figure::Gib(device(&story.dropped)?.total?))
            .with("slower", Figure::Percent(1.0 - dropped / kept))
            .with("step_kept", Figure::Seconds(TOLD as f64 / kept))
            .with("step_dropped", Figure::Seconds(TOLD as f64 / dropped))
            .with("most_kept", Figure::Tokens(story.most[0]?))
            .with("most_dropped", Figure::Tokens(story.most[1]?))
            .with("tried", Figure::Tokens(*LENGTHS.get(story.at)?)),
    )
}

/// What of a layer is kept.
#[derive(Clone, Copy)]
enum Keeps {
    Nothing,
    All,
    Input,
}

/// A row of layers, and under it what each has kept.
fn layers(story: &Story<'_>, keeps: impl Fn(u8) -> Keeps) -> Placed {
    let layer = |at: u8| Block::new(f32::from(at), 1.0, Memory::Weights, Lies::Solid);
    let kept = |at: u8| {
        let at_place = f32::from(at);
        match keeps(at) {
            Keeps::Nothing => Block::empty(at_place, 1.0),
            Keeps::All => Block::new(at_place, 1.0, Memory::Compute, Lies::Solid),
            Keeps::Input => Block::new(at_place, INPUT, Memory::Compute, Lies::Solid),
        }
    };
    let row = |name: &'static str, blocks: Vec<Block>| BlockRow { name: name.into(), blocks, end: Say::NOTHING };
    let blocks = Blocks {
        rows: vec![
            row("layers_row", (0..story.layers).map(layer).collect()),
            row("kept_row", (0..story.layers).map(kept).collect()),
        ],
        places: f32::from(story.layers),
        across: "forward_way".into(),
        key: Key::default(),
        names: 170.0,
        ends: 10.0,
        runs: 0.0,
    };
    Placed::new("layers", Area::new(60.0, 160.0, 1232.0, 170.0), blocks)
}

fn pictures(story: &Story<'_>) -> Option<Vec<Picture>> {
    let last = story.layers.saturating_sub(1);
    let held = |found: &Estimate, about: &'static str| -> Option<Placed> {
        Some(reading("held", 0, Figure::Gib(activations(found)?), "nothing", about).linked(Link::Compute))
    };
    Some(vec![
        Picture::of(vec![layers(story, |_| Keeps::Nothing)]),
        Picture::of(vec![layers(story, |_| Keeps::All), held(&story.kept, "held_all")?]),
        Picture::of(vec![
            layers(story, |at| if at == last { Keeps::All } else { Keeps::Input }),
            held(&story.dropped, "held_inputs")?,
        ]),
        time(story)?,
        both(story, (&story.kept, &story.dropped))?,
        both(story, (&story.tried.0, &story.tried.1))?,
    ])
}

/// A step with everything kept, and one with every layer run again on the way back.
fn time(story: &Story<'_>) -> Option<Picture> {
    #[expect(clippy::cast_possible_truncation, reason = "a length on the stage")]
    let step = |found: &Estimate| Some((TOLD as f64 / speed(found)?) as f32);
    let (kept, dropped) = (step(&story.kept)?, step(&story.dropped)?);
    let again = (dropped - kept).max(0.0);
    let row = |name: &'static str, again: f32| {
        let mut at = kept * FORWARD;
        let mut blocks = vec![Block::new(0.0, at, Memory::Weights, Lies::Solid)];
        let stretch = 1.0 / f32::from(STRETCHES);
        for _ in 0..STRETCHES {
            for (length, component) in
                [(again * stretch, Memory::Compute), (kept * (1.0 - FORWARD) * stretch, Memory::Gradients)]
            {
                if length > 0.0 {
                    blocks.push(Block::new(at, length, component, Lies::Solid));
                }
                at += length;
            }
        }
        BlockRow { name: name.into(), blocks, end: Figure::Seconds(f64::from(at)).into() }
    };
    let blocks = Blocks {
        rows: vec![row("kept_all", 0.0), row("kept_inputs", again)],
        places: dropped.max(kept),
        across: "time".into(),
        key: Key(vec![
            (Memory::Weights, "forward".into()),
            (Memory::Compute, "again".into()),
            (Memory::Gradients, "backward".into()),
        ]),
        names: 230.0,
        ends: 120.0,
        runs: 3.0,
    };
    Some(Picture::of(vec![
        Placed::new("time", Area::new(60.0, 120.0, 1232.0, 226.0), blocks),
        reading("slower", 0, rate(&story.kept)?, "nothing", "kept_all"),
        reading("slower_by", 1, rate(&story.dropped)?, "nothing", "kept_inputs"),
    ]))
}

/// The card with all kept, and with inputs only.
fn both(story: &Story<'_>, (kept, dropped): (&Estimate, &Estimate)) -> Option<Picture> {
    let row = |name: &'static str, found: &Estimate| {
        let parts =
            [Memory::Weights, Memory::Adapter, Memory::Optimizer, Memory::Gradients, Memory::Compute, Memory::Overhead];
        let portions = parts.map(|component| {
            let bytes = part(found, component)?;
            let portion = Portion::new(component, gib(bytes), Lies::Solid);
            let named = component == Memory::Compute;
            Some(if named { portion.labeled(Say::of("activations", Figure::Gib(bytes))) } else { portion })
        });
        Some(Bar::new(name, portions.into_iter().collect::<Option<_>>()?).total(outcome(found)?))
    };
    let rows = vec![row("kept_all", kept)?, row("kept_inputs", dropped)?];
    let mut bars = bars(dropped, rows, end_of(&story.longest)?)?;
    bars.ends = 230.0;
    Some(Picture::of(vec![Placed::new("both", Area { h: 320.0, ..MANY }, bars)]))
}

fn length(story: &Story<'_>) -> Handle {
    let most = story.most[1].unwrap_or_default();
    Handle {
        id: HandleId::Context,
        name: "turn_length".into(),
        notches: notches(&LENGTHS, Turn::Context, Figure::Tokens),
        at: story.at,
        yours: Some(LENGTH_AT),
        limit: LENGTHS.iter().rposition(|length| *length <= most),
        on: "both",
        edge: Edge::Right,
    }
}
