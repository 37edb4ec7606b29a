//! RAM and VRAM in one table, its ranges from the catalog and the price book.

use super::kit::{place_of, stove, table};
use crate::catalog::card::{Card, MarketSegment};
use crate::catalog::exchange::ExchangeRates;
use crate::catalog::parts::Dimm;
use crate::catalog::platform::Platform;
use crate::catalog::priced::{Condition, Priced};
use crate::catalog::source::{Date, Price};
use crate::plan::{HandleId, SceneId};
use crate::scenes::draw::reading::Reading;
use crate::scenes::draw::shelf::Shelf;
use crate::scenes::draw::table::{Column, Row, Table};
use crate::scenes::facts::{Fact, fact};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Notch, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};
use crate::text::Currency;
use crate::units::Usd;

/// Cards to look at beside the ranges, the smallest first.
const CARDS: [&str; 6] = ["rtx-3060-12gb", "rtx-5060", "rtx-5060-ti-16gb", "rtx-3090", "rtx-4090", "rtx-5090"];
const CARD_AT: usize = 2;
const RAM_GB: u32 = 32;
const VRAM_GB: u32 = 8;
const CELL: f32 = 48.0;
const WHOLE: Area = Area::new(60.0, 84.0, 1232.0, 470.0);

/// The smallest and the largest of what was seen.
#[derive(Debug, Clone, Copy)]
struct Range {
    low: f64,
    high: f64,
}

impl Range {
    fn of(values: impl Iterator<Item = f64>) -> Option<Self> {
        values.fold(None, |range: Option<Self>, value| {
            Some(range.map_or(Self { low: value, high: value }, |range| Self {
                low: range.low.min(value),
                high: range.high.max(value),
            }))
        })
    }

    fn say(self, figure: fn(f64) -> Figure) -> Figure {
        Figure::span(figure(self.low), figure(self.high))
    }
}

/// What a GB costs, from the cheapest to the dearest, the middle one, and when.
struct Cost {
    usd: Range,
    middle: f64,
    dates: Figure,
}

impl Cost {
    fn of<'a>(prices: impl Iterator<Item = (&'a Price, f64)>) -> Option<Self> {
        let mut seen: Vec<(f64, &Date)> =
            prices.map(|(price, gb)| (f64::from(price.expected_usd()) / gb, &price.date)).collect();
        seen.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (middle, _) = *seen.get(seen.len() / 2)?;
        let mut months: Vec<&str> = seen.iter().filter_map(|(_, date)| date.as_str().get(..MONTH)).collect();
        months.sort_unstable();
        let named = |month: &&str| Figure::Name((*month).to_owned());
        let dates = Figure::span(months.first().map(named)?, months.last().map(named)?);
        Some(Self { usd: Range::of(seen.iter().map(|(usd, _)| *usd))?, middle, dates })
    }

    fn say(&self) -> Figure {
        self.usd.say(|usd| Figure::Money(Usd(usd)))
    }
}

/// `2026-09`
const MONTH: usize = 7;

struct Story<'a> {
    ram_sizes: Range,
    ram_rates: Range,
    server_most: f64,
    server_rate: f64,
    vram_sizes: Range,
    vram_rates: Range,
    center_most: f64,
    center_rate: f64,
    ram: Cost,
    vram: Cost,
    article: &'a Fact,
    yuan_a_usd: f64,
    rate_date: Date,
    cards: Vec<&'a Card>,
    at: usize,
}

/// What somebody asks for the card new, where that counts.
fn asked(card: &Card) -> Option<&Price> {
    card.offered_price(&[Condition::New])
}

impl<'a> Story<'a> {
    fn tell(premise: Premise<'a>) -> Option<Self> {
        let catalog = premise.catalog;
        let sold = |segment| catalog.cards().filter(move |card| card.segment == segment && !card.is_laptop());
        let consumer = || sold(MarketSegment::Consumer).filter(|card| asked(card).is_some());
        let with_sticks = |dimm| catalog.platforms().filter(move |it: &&Platform| it.dimm == Some(dimm));
        let rates = |dimm| with_sticks(dimm).map(|platform| platform.memory_bandwidth_gb_s);
        let sizes = |dimm| with_sticks(dimm).map(|platform| f64::from(platform.max_memory_gib));
        let kits = || catalog.ram_kits().filter(|kit| kit.dimm == Dimm::Udimm);
        let smallest = Range::of(kits().map(|kit| f64::from(kit.gib())))?.low;
        let center = || sold(MarketSegment::Datacenter);
        let exchange = ExchangeRates::published()?;
        let kit_prices = kits().filter_map(|kit| Some((kit.offered_price(&[Condition::New])?, f64::from(kit.gib()))));
        Some(Self {
            ram_sizes: Range { low: smallest, high: Range::of(sizes(Dimm::Udimm))?.high },
            ram_rates: Range::of(rates(Dimm::Udimm))?,
            server_most: Range::of(sizes(Dimm::Rdimm))?.high,
            server_rate: Range::of(rates(Dimm::Rdimm))?.high,
            vram_sizes: Range::of(consumer().map(|card| card.memory_gib))?,
            vram_rates: Range::of(consumer().filter_map(|card| card.bandwidth_gb_s))?,
            center_most: Range::of(center().map(|card| card.memory_gib))?.high,
            center_rate: Range::of(center().filter_map(|card| card.bandwidth_gb_s))?.high,
            ram: Cost::of(kit_prices)?,
            vram: Cost::of(consumer().filter_map(|card| Some((asked(card)?, card.memory_gib))))?,
            article: fact("article-ram-yuan")?,
            yuan_a_usd: exchange.per_usd(Currency::Cny)?,
            rate_date: exchange.date.clone(),
            cards: CARDS.iter().map(|id| catalog.card(id)).collect::<Option<_>>()?,
            at: place_of(premise, HandleId::Card, CARD_AT, CARDS.len()),
        })
    }

    fn today_yuan(&self) -> f64 {
        self.ram.middle * self.yuan_a_usd
    }
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::SideBySide);
    let Some(story) = Story::tell(premise) else { return empty };
    let Some(card) = story.cards.get(story.at) else { return empty };
    let pictures = pictures(&story, card);
    Scene { figures: figures(&story), pictures, handles: vec![beside(&story)], ..empty }
}

/// An amount of the article's currency.
fn yuan(low: f64, high: f64) -> Figure {
    let amount = Figure::span(Figure::Number(low), Figure::Number(high)).say(crate::text::Locale::En);
    Figure::Both(format!("{amount} yuan"), format!("{amount} 元"))
}

fn figures(story: &Story<'_>) -> Figures {
    let today = story.today_yuan().round();
    let article = story.article;
    Figures::default()
        .with("ram_sizes", story.ram_sizes.say(Figure::Gb))
        .with("ram_most", Figure::Gb(story.ram_sizes.high))
        .with("ram_rates", story.ram_rates.say(Figure::GbPerSecond))
        .with("ram_best", Figure::GbPerSecond(story.ram_rates.high))
        .with("server_most", Figure::Gb(story.server_most))
        .with("server_rate", Figure::GbPerSecond(story.server_rate))
        .with("vram_sizes", story.vram_sizes.say(Figure::Gb))
        .with("vram_most", Figure::Gb(story.vram_sizes.high))
        .with("vram_rates", story.vram_rates.say(Figure::GbPerSecond))
        .with("vram_best", Figure::GbPerSecond(story.vram_rates.high))
        .with("center_most", Figure::Gb(story.center_most))
        .with("center_rate", Figure::GbPerSecond(story.center_rate))
        .with("size_ratio", Figure::Times(story.ram_sizes.high / story.vram_sizes.high))
        .with("rate_ratio", Figure::Times(story.vram_rates.high / story.ram_rates.high))
        .with("ram_price", story.ram.say())
        .with("ram_dates", story.ram.dates.clone())
        .with("vram_price", story.vram.say())
        .with("vram_dates", story.vram.dates.clone())
        .with("article", yuan(article.low, article.high.unwrap_or(article.low)))
        .with("today_yuan", yuan(today, today))
        .with("times", Figure::Times(story.today_yuan() / article.middle()))
        .with("rate_date", Figure::Dated(story.rate_date.clone()))
}

/// The rows: their names, and what is said of RAM and of VRAM.
const ROWS: [[&str; 3]; 7] = [
    ["serves", "serves_ram", "serves_vram"],
    ["holds", "holds_ram", "holds_vram"],
    ["made", "made_ram", "made_vram"],
    ["sits", "sits_ram", "sits_vram"],
    ["capacity", "capacity_ram", "capacity_vram"],
    ["bandwidth", "bandwidth_ram", "bandwidth_vram"],
    ["price", "price_ram", "price_vram"],
];
const WORDS: usize = 4;
const NUMBERS: usize = 6;

fn rows(count: usize, strong_from: usize) -> Placed {
    let row = |(place, cells): (usize, &[&'static str; 3])| {
        let row = Row::new(cells.map(Say::Label));
        if (strong_from..count).contains(&place) { row.strong() } else { row }
    };
    let columns = vec![
        Column::new("nothing", 0.8),
        Column::new("ram", 2.0).linked(Link::Ram),
        Column::new("vram", 2.2).linked(Link::Vram),
    ];
    Placed::new("table", WHOLE, Table { columns, rows: ROWS.iter().take(count).enumerate().map(row).collect() })
}

fn pictures(story: &Story<'_>, card: &Card) -> Vec<Picture> {
    let ask = {
        let ram = Shelf { amount: Some(Figure::Gb(f64::from(RAM_GB)).into()), ..table(RAM_GB, 8, CELL) };
        let vram = Shelf { amount: Some(Figure::Gb(f64::from(VRAM_GB)).into()), ..stove(VRAM_GB, 4, CELL) };
        Picture::of(vec![
            Placed::new("ram", Area::new(110.0, 150.0, 500.0, 406.0), ram).linked(Link::Ram),
            Placed::new("vram", Area::new(830.0, 150.0, 300.0, 406.0), vram).linked(Link::Vram),
        ])
    };
    let all = ROWS.len();
    vec![
        ask,
        Picture::of(vec![rows(WORDS, WORDS)]),
        Picture::of(vec![rows(NUMBERS, WORDS)]),
        Picture::of(vec![rows(all, NUMBERS)]),
        lesson(story),
        glance(card),
    ]
}

/// What an article said, and what holds now.
fn lesson(story: &Story<'_>) -> Picture {
    let today = story.today_yuan().round();
    let article = story.article;
    let said = Reading {
        figure: yuan(article.low, article.high.unwrap_or(article.low)).into(),
        unit: "nothing".into(),
        about: "said".into(),
    };
    let now = Reading { figure: yuan(today, today).into(), unit: "nothing".into(), about: "now".into() };
    Picture::of(vec![
        Placed::new("said", Area::new(200.0, 220.0, 420.0, 120.0), said).linked(Link::Ram),
        Placed::new("now", Area::new(780.0, 220.0, 420.0, 120.0), now).linked(Link::Ram),
    ])
}

/// The whole table, with a card beside the ranges.
fn glance(card: &Card) -> Picture {
    let price = asked(card).map(|price| Figure::Money(Usd(f64::from(price.expected_usd()) / card.memory_gib)));
    let own = |name: &str| -> Say {
        match name {
            "capacity" => Figure::Gb(card.memory_gib).into(),
            "bandwidth" => {
                card.bandwidth_gb_s.map_or_else(|| "none_known".into(), |rate| Figure::GbPerSecond(rate).into())
            }
            "price" => price.clone().map_or_else(|| "none_known".into(), Into::into),
            _ => "nothing".into(),
        }
    };
    let row = |[name, ram, vram]: &[&'static str; 3]| {
        Row::new([Say::Label(name), Say::Label(ram), Say::Label(vram), own(name)])
    };
    let columns = vec![
        Column::new("nothing", 0.8),
        Column::new("ram", 1.9).linked(Link::Ram),
        Column::new("vram", 2.1).linked(Link::Vram),
        Column { head: Say::Name(short(&card.name)), share: 1.1, link: Some(Link::Gpu) },
    ];
    Picture::of(vec![Placed::new("table", WHOLE, Table { columns, rows: ROWS.iter().map(row).collect() })])
}

fn beside(story: &Story<'_>) -> Handle {
    let notch = |card: &&Card| Notch { turn: Turn::Card(card.id.clone()), words: Say::Name(short(&card.name)) };
    Handle {
        id: HandleId::Card,
        name: "turn_card".into(),
        notches: story.cards.iter().map(notch).collect(),
        at: story.at,
        yours: Some(CARD_AT),
        limit: None,
        on: "table",
        edge: Edge::Right,
    }
}

/// A card's name without that of its maker's series, which a column has no room for.
fn short(name: &str) -> String {
    name.trim_start_matches("GeForce ").to_owned()
}
