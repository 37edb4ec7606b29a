//! GDDR and HBM: two cards with the same memory, and the figure that is not on the box.

use super::kit::{example, found, gb_cells, name_of, place_of, stove, words_a_second, words_figure};
use crate::catalog::Catalog;
use crate::catalog::card::{Card, MarketSegment, Vendor};
use crate::catalog::quantization::Quantization;
use crate::estimate::{Estimate, Memory};
use crate::plan::{CardChoice, HandleId, ModelChoice, SceneId};
use crate::scenes::draw::axis::Axis;
use crate::scenes::draw::bars::{Bar, Bars};
use crate::scenes::draw::key::Key;
use crate::scenes::draw::lane::Lane;
use crate::scenes::draw::reading::Reading;
use crate::scenes::draw::ring::Ring;
use crate::scenes::draw::roads::{Roads, WIRES_A_ROAD};
use crate::scenes::draw::shelf::{Lies, Portion, Shelf};
use crate::scenes::draw::worker::{Trade, Worker};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Notch, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};

const MODEL: &str = "qwen3-32b";
const WEIGHTS: Quantization = Quantization::Q4_K_M;
/// Two cards with as much memory: few roads, and more of them.
const NARROW: &str = "l4";
const WIDE: &str = "rtx-3090";
/// A card with stacks.
const STACKED: &str = "h100-sxm5";
/// Data wires of one HBM stack, up to HBM3. Source: JEDEC JESD235 and JESD238.
const WIRES_A_STACK: u32 = 1024;
/// Seconds that cars and rings run.
const RACE: f32 = 3.0;
/// So many bars at most, beside those of the story.
const MOST_BARS: usize = 6;
/// GB/s that one point of a path stands for.
const SCALE: f64 = 12.0;

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::Hbm);
    let Some(story) = Story::tell(premise) else { return empty };
    let Some(figures) = story.figures() else { return empty };
    let Some(pictures) = story.pictures() else { return empty };
    Scene { figures, pictures, handles: vec![story.handle(premise)], ..empty }
}

/// A card, and what the example comes to on it.
struct Tried<'a> {
    card: &'a Card,
    found: Estimate,
    bandwidth: f64,
}

struct Story<'a> {
    narrow: Tried<'a>,
    wide: Tried<'a>,
    stacked: Tried<'a>,
    turned: Tried<'a>,
    /// Cards of the same size, the slowest memory first.
    cards: Vec<&'a Card>,
    at: usize,
    model: String,
}

fn tried<'a>(id: &str, catalog: &'a Catalog) -> Option<Tried<'a>> {
    let card = catalog.card(id)?;
    let plan = example(ModelChoice::Catalog(MODEL.to_owned()), WEIGHTS, id);
    Some(Tried { card, found: found(&plan, catalog)?, bandwidth: card.bandwidth_gb_s? })
}

/// Cards of one size that one can put into a machine and that have a speed for the example, one a bandwidth.
fn alike(size: f64, catalog: &Catalog) -> Vec<&Card> {
    let fits = |card: &&Card| {
        card.memory_gib == size
            && card.devices_per_card == 1
            && card.vendor == Vendor::Nvidia
            && !card.is_laptop()
            && card.segment != MarketSegment::Unified
            && card.bandwidth_gb_s.is_some()
    };
    let mut cards: Vec<&Card> = catalog.cards().filter(fits).collect();
    cards.sort_by(|a, b| a.bandwidth_gb_s.unwrap_or(0.0).total_cmp(&b.bandwidth_gb_s.unwrap_or(0.0)));
    // Of those with the same bandwidth the two of the story, else the one that most prices are known of.
    let rank = |card: &Card| (card.id == NARROW || card.id == WIDE, card.prices.len(), card.year);
    let mut out: Vec<&Card> = Vec::new();
    for card in cards {
        match out.last_mut().filter(|last| last.bandwidth_gb_s == card.bandwidth_gb_s) {
            Some(last) if rank(card) > rank(last) => *last = card,
            Some(_) => {}
            None => out.push(card),
        }
    }
    out
}

impl<'a> Story<'a> {
    fn tell(premise: Premise<'a>) -> Option<Self> {
        let catalog = premise.catalog;
        let wide = tried(WIDE, catalog)?;
        let cards = alike(wide.card.memory_gib, catalog);
        let told = cards.iter().position(|card| card.id == WIDE)?;
        let at = place_of(premise, HandleId::Card, told, cards.len());
        Some(Self {
            narrow: tried(NARROW, catalog)?,
            wide,
            stacked: tried(STACKED, catalog)?,
            turned: tried(&cards.get(at)?.id, catalog)?,
            cards,
            at,
            model: catalog.model(MODEL)?.name.clone(),
        })
    }

    /// The figures of each card.
    fn of_cards(&self) -> Option<Figures> {
        let mut figures = Figures::default();
        let named: [(&Tried<'_>, [&'static str; 9]); 4] = [
            (
                &self.narrow,
                [
                    "narrow",
                    "narrow_kind",
                    "narrow_rate",
                    "narrow_wires",
                    "narrow_pin",
                    "narrow_words",
                    "narrow_lap",
                    "narrow_year",
                    "narrow_most",
                ],
            ),
            (
                &self.wide,
                [
                    "wide",
                    "wide_kind",
                    "wide_rate",
                    "wide_wires",
                    "wide_pin",
                    "wide_words",
                    "wide_lap",
                    "wide_year",
                    "wide_most",
                ],
            ),
            (
                &self.stacked,
                ["hbm", "hbm_kind", "hbm_rate", "hbm_wires", "hbm_pin", "hbm_words", "hbm_lap", "hbm_year", "hbm_most"],
            ),
            (
                &self.turned,
                [
                    "card",
                    "card_kind",
                    "card_rate",
                    "card_wires",
                    "card_pin",
                    "card_words",
                    "card_lap",
                    "card_year",
                    "card_most",
                ],
            ),
        ];
        for (tried, [name, kind, rate, wires, pin, words, lap, year, most]) in named {
            let card = tried.card;
            figures = figures
                .with(name, Figure::Name(card.name.clone()))
                .with(kind, Figure::Name(card.memory_kind.clone()?))
                .with(rate, Figure::GbPerSecond(tried.bandwidth))
                .with(wires, Figure::Count(u64::from(card.bus_width_bit?)))
                .with(pin, Figure::Bits(card.data_rate_gbps?))
                .with(words, words_figure(&tried.found))
                .with(lap, Figure::Seconds(self.lap(tried)))
                .with(year, Figure::Name(card.year.to_string()))
                .with(most, Figure::WordsPerSecond(1.0 / self.lap(tried)));
        }
        Some(figures)
    }

    fn figures(&self) -> Option<Figures> {
        let figures = self.of_cards()?;
        let [narrow, wide] = [&self.narrow, &self.wide];
        Some(
            figures
                .with("model", Figure::Name(self.model.clone()))
                .with("quantization", Figure::Name(WEIGHTS.label().to_owned()))
                .with("size", Figure::gb(wide.found.weights?))
                .with("vram", Figure::Gb(wide.card.memory_gib))
                .with("wider", Figure::Times(wide.bandwidth / narrow.bandwidth))
                .with(
                    "faster",
                    Figure::Times(words_a_second(&wide.found) / words_a_second(&narrow.found).max(f64::MIN_POSITIVE)),
                )
                .with("one", Figure::Gb(1.0))
                .with("spread", Figure::Times(self.spread()))
                .with("road", Figure::Count(u64::from(WIRES_A_ROAD)))
                .with("a_stack", Figure::Count(u64::from(WIRES_A_STACK)))
                .with("stacks", Figure::Count(u64::from(storeys(self.stacked.card))))
                .with(
                    "more_wires",
                    Figure::Times(f64::from(self.stacked.card.bus_width_bit?) / f64::from(wide.card.bus_width_bit?)),
                )
                .with("slower_wires", Figure::Times(wide.card.data_rate_gbps? / self.stacked.card.data_rate_gbps?))
                .with("bits_a_byte", Figure::Count(8)),
        )
    }

    /// Seconds that reading the whole model takes at the bandwidth on the data sheet.
    fn lap(&self, tried: &Tried<'_>) -> f64 {
        let bytes = self.wide.found.weights.unwrap_or_default().0 as f64;
        bytes / 1e9 / tried.bandwidth
    }

    /// How far the cards of one size are apart.
    fn spread(&self) -> f64 {
        let rate = |card: Option<&&Card>| card.and_then(|card| card.bandwidth_gb_s).unwrap_or(1.0);
        rate(self.cards.last()) / rate(self.cards.first())
    }

    fn pictures(&self) -> Option<Vec<Picture>> {
        let [narrow, wide] = [&self.narrow, &self.wide];
        let two = Picture::of(vec![
            Placed::new("narrow", Area::new(100.0, 130.0, 520.0, 424.0), Self::shelf(narrow, "narrow_card"))
                .linked(Link::Vram),
            Placed::new("wide", Area::new(732.0, 130.0, 520.0, 424.0), Self::shelf(wide, "wide_card"))
                .linked(Link::Vram),
        ]);
        let race = {
            let row = |tried, ids, labels, y| self.lap_row(tried, ids, labels, y);
            let mut things = row(
                narrow,
                ["narrow_ring", "narrow_path", "narrow_gpu", "narrow_words"],
                ["narrow_card", "narrow_about"],
                78.0,
            );
            things.extend(row(
                wide,
                ["wide_ring", "wide_path", "wide_gpu", "wide_words"],
                ["wide_card", "wide_about"],
                326.0,
            ));
            Picture::of(things)
        };
        let flat = Picture::of(vec![
            Placed::new(
                "narrow_roads",
                Area::new(90.0, 120.0, 520.0, 380.0),
                roads(narrow, ["narrow_roads", "narrow_sum"])?,
            ),
            Placed::new("wide_roads", Area::new(742.0, 120.0, 520.0, 380.0), roads(wide, ["wide_roads", "wide_sum"])?),
        ]);
        let storeys = Picture::of(vec![
            Placed::new("wide_roads", Area::new(90.0, 84.0, 520.0, 464.0), roads(wide, ["wide_roads", "wide_sum"])?),
            Placed::new(
                "hbm_roads",
                Area::new(742.0, 84.0, 520.0, 464.0),
                roads(&self.stacked, ["hbm_roads", "hbm_sum"])?,
            ),
        ]);
        let mut own = self.lap_row(&self.turned, ["ring", "path", "gpu", "words"], ["card", "card_about"], 84.0);
        own.push(Placed::new(
            "roads",
            Area::new(380.0, 330.0, 520.0, 226.0),
            roads(&self.turned, ["card_roads", "card_sum"])?,
        ));
        Some(vec![two, race, flat, storeys, self.on_the_box(), Picture::of(own)])
    }

    /// A bar a card, the longest below.
    fn on_the_box(&self) -> Picture {
        let bar = |card: &&Card| {
            let rate = card.bandwidth_gb_s.unwrap_or_default();
            #[expect(clippy::cast_possible_truncation, reason = "GB/s")]
            let portion = Portion::new(Memory::Weights, rate as f32, Lies::Solid);
            let kind = Say::Name(card.memory_kind.clone().unwrap_or_default());
            Bar::new(name_of(card), vec![portion]).about(kind).total(Figure::GbPerSecond(rate))
        };
        let most = self.cards.last().and_then(|card| card.bandwidth_gb_s).unwrap_or(1.0);
        let rows = thinned(&self.cards, MOST_BARS).iter().map(bar).collect();
        let axis = Axis::even(most, "nothing", Figure::GbPerSecond);
        let bars = Bars { rows, axis, limit: None, key: Key::default(), names: 270.0, ends: 110.0, flow: None };
        Picture::of(vec![Placed::new("cards", Area::new(40.0, 76.0, 1272.0, 480.0), bars).linked(Link::Vram)])
    }

    fn shelf(tried: &Tried<'_>, name: &'static str) -> Shelf {
        let weights = Portion::new(Memory::Weights, gb_cells(tried.found.weights.unwrap_or_default()), Lies::Solid);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of cells")]
        let cells = tried.card.memory_gib as u32;
        Shelf {
            name: name.into(),
            portions: vec![weights.labeled("size")],
            amount: Some("vram_amount".into()),
            ..stove(cells, 8, 56.0)
        }
    }

    /// The model as a ring, the path from memory, the chip, and what comes of it.
    fn lap_row(
        &self,
        tried: &Tried<'_>,
        ids: [&'static str; 4],
        [role, about]: [&'static str; 2],
        y: f32,
    ) -> Vec<Placed> {
        let [ring, path, gpu, words] = ids;
        let lap = self.lap(tried);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of pieces")]
        let pieces = (self.wide.found.weights.unwrap_or_default().0 as f64 / 1e9).round() as u32;
        let ring_thing = Ring {
            component: Memory::Weights,
            pieces,
            lap,
            reading: Figure::Seconds(lap).into(),
            unit: "lap".into(),
            role: "whole".into(),
            runs: RACE,
            radii: [92.0, 60.0],
        };
        let lane = Lane {
            gb_s: tried.bandwidth,
            scale: SCALE,
            rate: Figure::GbPerSecond(tried.bandwidth).into(),
            role: role.into(),
            cargo: Some(Memory::Weights),
            limit: None,
            runs: RACE,
            back: false,
        };
        let worker = Worker { trade: Trade::Wok, name: "gpu".into(), role: "role_gpu".into() };
        let reading = Reading { figure: words_figure(&tried.found).into(), unit: "words".into(), about: about.into() };
        vec![
            Placed::new(ring, Area::new(112.0, y, 200.0, 200.0), ring_thing).linked(Link::Weights),
            Placed::new(path, Area::new(340.0, y + 30.0, 330.0, 130.0), lane).linked(Link::Vram),
            Placed::new(gpu, Area::new(700.0, y + 40.0, 90.0, 112.0), worker).linked(Link::Gpu),
            Placed::new(words, Area::new(870.0, y + 44.0, 440.0, 110.0), reading),
        ]
    }

    fn handle(&self, premise: Premise<'_>) -> Handle {
        let notch = |card: &&Card| Notch { turn: Turn::Card(card.id.clone()), words: name_of(card) };
        let yours = premise.plan.machine.cards.first().and_then(|own| match &own.card {
            CardChoice::Catalog(id) => self.cards.iter().position(|card| card.id == *id),
            CardChoice::Detected { .. } => None,
        });
        Handle {
            id: HandleId::Card,
            name: "turn".into(),
            notches: self.cards.iter().map(notch).collect(),
            at: self.at,
            yours,
            limit: Some(self.cards.len().saturating_sub(1)),
            on: "path",
            edge: Edge::Top,
        }
    }
}

/// At most so many of them, evenly, with the first, the last and the two of the story.
fn thinned<'a>(cards: &[&'a Card], most: usize) -> Vec<&'a Card> {
    let step = cards.len().div_ceil(most.max(1)).max(1);
    let last = cards.len().saturating_sub(1);
    let kept =
        |place: usize, card: &Card| place.is_multiple_of(step) || place == last || card.id == NARROW || card.id == WIDE;
    cards.iter().enumerate().filter(|(place, card)| kept(*place, card)).map(|(_, card)| *card).collect()
}

fn storeys(card: &Card) -> u32 {
    let stacked = card.memory_kind.as_ref().is_some_and(|kind| kind.starts_with("HBM"));
    if stacked { (card.bus_width_bit.unwrap_or(0) / WIRES_A_STACK).max(1) } else { 1 }
}

fn roads(tried: &Tried<'_>, [name, role]: [&'static str; 2]) -> Option<Roads> {
    Some(Roads {
        wires: tried.card.bus_width_bit?,
        storeys: storeys(tried.card),
        gbit_s: tried.card.data_rate_gbps?,
        name: name.into(),
        rate: Figure::GbPerSecond(tried.bandwidth).into(),
        role: role.into(),
        runs: RACE,
    })
}
