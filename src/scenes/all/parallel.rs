//! Tensor and pipeline parallel: two ways to cut a model, with their bubbles.

use super::kit::{example, found, gb_cells, place_of, stove, with, words_figure};
use crate::catalog::Catalog;
use crate::catalog::quantization::Quantization;
use crate::estimate::{Estimate, Memory};
use crate::plan::{HandleId, ModelChoice, Plan, SceneId, SplitMode};
use crate::scenes::draw::blocks::{Block, BlockRow, Blocks};
use crate::scenes::draw::key::Key;
use crate::scenes::draw::reading::Reading;
use crate::scenes::draw::shelf::{Lies, Portion, Shelf};
use crate::scenes::draw::table::{Column, Row, Table};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Notch, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};
use crate::units::Bytes;

const MODEL: &str = "qwen3-32b";
const WEIGHTS: Quantization = Quantization::Q4_K_M;
const CARD: &str = "rtx-3090";
const COUNTS: [u32; 3] = [1, 2, 4];
/// The notch that the handle stands at, unless it was turned.
const TOLD: usize = 1;
/// Stages and pieces of the pipeline that is drawn full.
const STAGES: u32 = 4;
const PIECES: u32 = 8;
/// Words that are drawn one by one.
const WORDS: u32 = 3;
/// An exchange between cards is drawn so long, beside a layer of one place.
const EXCHANGE: f32 = 0.3;
const LAYERS: u32 = 6;
/// Seconds in which time runs over the picture.
const RUNS: f32 = 3.0;

/// A count of cards, with whole layers on each and with every layer cut.
struct Cut {
    count: u32,
    layer: Estimate,
    tensor: Estimate,
}

struct Story {
    cuts: Vec<Cut>,
    at: usize,
    names: [String; 2],
    vram_gb: f64,
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::Parallel);
    let Some(story) = Story::tell(premise) else { return empty };
    let Some(figures) = story.figures() else { return empty };
    let Some(pictures) = story.pictures() else { return empty };
    Scene { figures, pictures, handles: vec![story.handle(premise)], ..empty }
}

fn plan(count: u32, split: SplitMode) -> Plan {
    with(&example(ModelChoice::Catalog(MODEL.to_owned()), WEIGHTS, CARD), |plan| {
        Turn::Cards(count).apply(plan);
        plan.workload.split_mode = split;
    })
}

fn cut(count: u32, catalog: &Catalog) -> Option<Cut> {
    let of = |split| found(&plan(count, split), catalog);
    Some(Cut { count, layer: of(SplitMode::Layer)?, tensor: of(SplitMode::Tensor)? })
}

/// What the fullest card holds.
fn fullest(found: &Estimate) -> Bytes {
    found.devices.iter().filter_map(|device| device.total).max().unwrap_or_default()
}

/// Share of the time that a card of a pipeline waits, with so many pieces on their way: the pieces of the others at its
/// ends.
fn idle(stages: u32, pieces: u32) -> f64 {
    f64::from(stages - 1) / f64::from(pieces + stages - 1)
}

impl Story {
    fn tell(premise: Premise<'_>) -> Option<Self> {
        let catalog = premise.catalog;
        let card = catalog.card(CARD)?;
        Some(Self {
            cuts: COUNTS.iter().map(|count| cut(*count, catalog)).collect::<Option<_>>()?,
            at: place_of(premise, HandleId::Cards, TOLD, COUNTS.len()),
            names: [catalog.model(MODEL)?.name.clone(), card.name.clone()],
            vram_gb: card.memory_gib,
        })
    }

    fn figures(&self) -> Option<Figures> {
        let [model, card] = self.names.clone().map(Figure::Name);
        let [one, two, four] = [self.cuts.first()?, self.cuts.get(1)?, self.cuts.get(2)?];
        let turned = self.cuts.get(self.at)?;
        let prompts = |found: &Estimate| Figure::WordsPerSecond(found.speed.prefill.map_or(0.0, |band| band.expected));
        Some(
            Figures::default()
                .with("model", model)
                .with("card", card)
                .with("size", Figure::gb(one.layer.weights?))
                .with("vram", Figure::Gb(self.vram_gb))
                .with("alone", words_figure(&one.layer))
                .with("alone_bytes", Figure::gb(fullest(&one.layer)))
                .with("two_layer", words_figure(&two.layer))
                .with("two_tensor", words_figure(&two.tensor))
                .with("two_bytes", Figure::gb(fullest(&two.layer)))
                .with("four_layer", words_figure(&four.layer))
                .with("four_tensor", words_figure(&four.tensor))
                .with("cards", Figure::Count(2))
                .with("stages", Figure::Count(u64::from(STAGES)))
                .with("pieces", Figure::Count(u64::from(PIECES)))
                .with("idle_one", Figure::Percent(idle(2, 1)))
                .with("idle_four", Figure::Percent(idle(STAGES, 1)))
                .with("idle_many", Figure::Percent(idle(STAGES, PIECES)))
                .with("all_layers", Figure::Count(u64::from(one.layer.layers)))
                .with("turned", Figure::Count(u64::from(turned.count)))
                .with("turned_layer", words_figure(&turned.layer))
                .with("turned_tensor", words_figure(&turned.tensor))
                .with("turned_bytes", Figure::gb(fullest(&turned.layer)))
                .with("turned_prompts", prompts(&turned.tensor))
                .with("turned_prompts_layer", prompts(&turned.layer))
                .with("one", Figure::Gb(1.0)),
        )
    }

    fn pictures(&self) -> Option<Vec<Picture>> {
        let blocks = |id: &'static str, rows, places, key, area| {
            let blocks = Blocks { rows, places, across: "time".into(), key, names: 110.0, ends: 170.0, runs: RUNS };
            Picture::of(vec![Placed::new(id, area, blocks)])
        };
        #[expect(clippy::cast_precision_loss, reason = "a few places")]
        let places = |count: u32| count as f32;
        let one_by_one = blocks(
            "one_by_one",
            pipeline(2, WORDS, true, ["card_a", "card_b", "nothing", "nothing"]),
            places(2 * WORDS),
            Key::default(),
            Area::new(100.0, 180.0, 1152.0, 200.0),
        );
        let full = blocks(
            "full",
            pipeline(STAGES, PIECES, false, ["card_a", "card_b", "card_c", "card_d"]),
            places(PIECES + STAGES - 1),
            Key::default(),
            Area::new(100.0, 120.0, 1152.0, 360.0),
        );
        let key = Key(vec![(Memory::Weights, "key_half".into()), (Memory::Compute, "key_exchange".into())]);
        let tensor =
            blocks("halves", tensor(), places(LAYERS) * (1.0 + EXCHANGE), key, Area::new(100.0, 180.0, 1152.0, 230.0));
        Some(vec![self.ask()?, one_by_one, full, tensor, self.table(), self.sandbox()?])
    }

    fn cards(&self, cut: &Cut, area: Area, cell: f32) -> Vec<Placed> {
        const IDS: [[&str; 2]; 4] =
            [["first", "card_a"], ["second", "card_b"], ["third", "card_c"], ["fourth", "card_d"]];
        let width = area.w / cut.count as f32;
        let shelves = cut.layer.devices.iter().zip(IDS).enumerate();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of cells")]
        let cells = self.vram_gb as u32;
        shelves
            .map(|(place, (device, [id, name]))| {
                let weights = gb_cells(device.parts.weights.unwrap_or_default());
                let rest = gb_cells(device.total.unwrap_or_default()) - weights;
                let portions = vec![
                    Portion::new(Memory::Weights, weights, Lies::Solid),
                    Portion::new(Memory::Kv, rest.max(0.0), Lies::Solid),
                ];
                let amount = Some(Figure::gb(device.total.unwrap_or_default()).into());
                let columns = if cut.count > 2 { 4 } else { 6 };
                let shelf =
                    Shelf { portions, amount, name: name.into(), role: "card".into(), ..stove(cells, columns, cell) };
                let own = Area::new(area.x + place as f32 * width, area.y, width, area.h);
                Placed::new(id, own, shelf).linked(Link::Vram)
            })
            .collect()
    }

    fn ask(&self) -> Option<Picture> {
        Some(Picture::of(self.cards(self.cuts.get(1)?, Area::new(176.0, 140.0, 1000.0, 414.0), 56.0)))
    }

    fn table(&self) -> Picture {
        let columns = vec![
            Column::new("head_cards", 1.0),
            Column::new("head_bytes", 1.2).linked(Link::Vram),
            Column::new("head_layer", 1.6),
            Column::new("head_tensor", 1.6),
        ];
        let row = |cut: &Cut| {
            Row::new([
                Say::counting(Figure::Count(u64::from(cut.count)), "times_card"),
                Figure::gb(fullest(&cut.layer)).into(),
                Say::counting(words_figure(&cut.layer), "words"),
                Say::counting(words_figure(&cut.tensor), "words"),
            ])
        };
        let mut rows: Vec<Row> = self.cuts.iter().map(row).collect();
        rows.push(Row::new(["needs".into(), "nothing".into(), "needs_layer".into(), "needs_tensor".into()]));
        rows.push(Row::new(["good".into(), "nothing".into(), "good_layer".into(), "good_tensor".into()]));
        Picture::of(vec![Placed::new("table", Area::new(80.0, 110.0, 1200.0, 420.0), Table { columns, rows })])
    }

    fn sandbox(&self) -> Option<Picture> {
        let cut = self.cuts.get(self.at)?;
        let reading = |y, id, found: &Estimate, about: &'static str| {
            let reading = Reading { figure: words_figure(found).into(), unit: "words".into(), about: about.into() };
            Placed::new(id, Area::new(950.0, y, 380.0, 120.0), reading)
        };
        let mut things = self.cards(cut, Area::new(20.0, 120.0, 890.0, 434.0), if cut.count > 2 { 44.0 } else { 52.0 });
        things.push(reading(160.0, "by_layer", &cut.layer, "layer_about"));
        things.push(reading(350.0, "by_tensor", &cut.tensor, "tensor_about"));
        Some(Picture::of(things))
    }

    fn handle(&self, premise: Premise<'_>) -> Handle {
        let notch = |count: &u32| Notch { turn: Turn::Cards(*count), words: Figure::Count(u64::from(*count)).into() };
        let own: u32 = premise.plan.machine.cards.iter().map(|card| card.count).sum();
        Handle {
            id: HandleId::Cards,
            name: "turn".into(),
            notches: COUNTS.iter().map(notch).collect(),
            at: self.at,
            yours: COUNTS.iter().position(|count| *count == own),
            limit: None,
            on: "first",
            edge: Edge::Right,
        }
    }
}

/// What each card of a pipeline does over time: its piece, or nothing. A word waits for the one before it, pieces do not.
fn pipeline(stages: u32, pieces: u32, waits: bool, names: [&'static str; 4]) -> Vec<BlockRow> {
    let begin = |piece: u32, stage: u32| if waits { piece * stages + stage } else { piece + stage };
    let end = begin(pieces - 1, stages - 1) + 1;
    #[expect(clippy::cast_precision_loss, reason = "a few places")]
    let at = |place: u32| place as f32;
    (0..stages)
        .zip(names)
        .map(|(stage, name)| {
            let busy: Vec<u32> = (0..pieces).map(|piece| begin(piece, stage)).collect();
            let blocks = (0..end).map(|place| match busy.iter().position(|it| *it == place) {
                Some(piece) => {
                    let number = Figure::Count(piece as u64 + 1);
                    Block::new(at(place), 1.0, Memory::Weights, Lies::Solid).labeled(number)
                }
                None => Block::empty(at(place), 1.0),
            });
            BlockRow {
                name: name.into(),
                blocks: blocks.collect(),
                end: if waits { "half_idle".into() } else { "less_idle".into() },
            }
        })
        .collect()
}

/// Both cards at every layer at once, and the exchange after each.
fn tensor() -> Vec<BlockRow> {
    #[expect(clippy::cast_precision_loss, reason = "a few places")]
    let at = |layer: u32| layer as f32 * (1.0 + EXCHANGE);
    ["card_a", "card_b"]
        .into_iter()
        .map(|name| {
            let pair = |layer: u32| {
                [
                    Block::new(at(layer), 1.0, Memory::Weights, Lies::Solid).labeled("half_layer"),
                    Block::new(at(layer) + 1.0, EXCHANGE, Memory::Compute, Lies::Solid),
                ]
            };
            BlockRow { name: name.into(), blocks: (0..LAYERS).flat_map(pair).collect(), end: "never_idle".into() }
        })
        .collect()
}
