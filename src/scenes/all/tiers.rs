//! The three tiers, and how a budget splits.

use super::kit::{example, found, place_of, words_figure};
use crate::catalog::Catalog;
use crate::catalog::card::{Card, Vendor};
use crate::catalog::parts::{Tier, TierDemand, TierId};
use crate::catalog::priced::Condition;
use crate::catalog::quantization::Quantization;
use crate::catalog::source::Price;
use crate::estimate::{Estimate, Memory, Verdict};
use crate::plan::{HandleId, ModelChoice, SceneId};
use crate::scenes::draw::axis::Axis;
use crate::scenes::draw::bars::{Bar, Bars};
use crate::scenes::draw::key::Key;
use crate::scenes::draw::listing::{Listing, Point};
use crate::scenes::draw::reading::Reading;
use crate::scenes::draw::shelf::{Lies, Portion};
use crate::scenes::draw::table::{Column, Row, Table};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Notch, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};
use crate::text;
use crate::units::Usd;

/// Budgets that the handle snaps to.
const BUDGETS: [f64; 8] = [1500.0, 2500.0, 5000.0, 10_000.0, 18_000.0, 30_000.0, 60_000.0, 100_000.0];
const TOLD: usize = 2;
/// Models that are tried, the largest first.
const MODELS: [&str; 5] = ["llama-3.1-70b", "qwen3-32b", "qwen3-14b", "llama-3.1-8b", "qwen3-4b"];
/// Cards of this year and later are examples: engines drop older ones.
const SINCE: u16 = 2020;
const WEIGHTS: Quantization = Quantization::Q4_K_M;

/// How a tier splits what may be spent: at least so much for cards, at most so much for RAM and processor.
#[derive(Clone, Copy)]
struct Shares {
    gpu: f64,
    ram: f64,
    cpu: f64,
}

fn shares(tier: &Tier) -> Option<Shares> {
    tier.rules.iter().find_map(|rule| match rule.rule {
        TierDemand::Split { gpu, ram, cpu } => Some(Shares { gpu, ram, cpu }),
        _ => None,
    })
}

/// What a tier asks for; a dash where it does not.
fn asked(tier: &Tier, of: impl Fn(&TierDemand) -> Option<Figure>) -> Figure {
    tier.rules.iter().find_map(|rule| of(&rule.rule)).unwrap_or_else(|| Figure::Name("–".to_owned()))
}

fn least_ram(tier: &Tier) -> Figure {
    asked(tier, |rule| match rule {
        TierDemand::MinRam { gib } => Some(Figure::Gb(f64::from(*gib))),
        _ => None,
    })
}

/// What the cards' share of a budget buys: the card with most memory, then bandwidth, and what runs on it.
struct Example<'a> {
    card: &'a Card,
    price: &'a Price,
    model: String,
    found: Estimate,
}

fn affordable(usd: f64, catalog: &Catalog) -> Option<Example<'_>> {
    let within = |card: &Card| {
        let price = Condition::ALL.into_iter().find_map(|it| catalog.card_price(card, it));
        price.is_some_and(|price| price.is_asked() && price.expected_usd().0 <= usd)
    };
    // New enough that engines still run on it well.
    let is_sold = |card: &&Card| {
        card.vendor == Vendor::Nvidia
            && card.year >= SINCE
            && !card.is_unified()
            && card.thickness().is_some()
            && within(card)
    };
    let size = |card: &Card| (card.memory_gib, card.bandwidth_gb_s.unwrap_or(0.0));
    let card = catalog.cards().filter(is_sold).max_by(|a, b| {
        let ((a, fast), (b, faster)) = (size(a), size(b));
        a.total_cmp(&b).then(fast.total_cmp(&faster))
    })?;
    let price = Condition::ALL.into_iter().find_map(|it| catalog.card_price(card, it))?;
    let (model, found) = MODELS.iter().find_map(|id| {
        let found = found(&example(ModelChoice::Catalog((*id).to_owned()), WEIGHTS, &card.id), catalog)?;
        let holds = matches!(found.verdict, Some(Verdict::Fits | Verdict::Tight)) && found.speed.decode.is_some();
        holds.then(|| Some((catalog.model(id)?.name.clone(), found)))?
    })?;
    Some(Example { card, price, model, found })
}

struct Story<'a> {
    tiers: Vec<(&'static Tier, Shares)>,
    budget: f64,
    at: usize,
    tier: &'static Tier,
    own: Shares,
    example: Example<'a>,
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::Tiers);
    let Some(story) = Story::tell(premise) else { return empty };
    let Some(figures) = story.figures() else { return empty };
    Scene { figures, pictures: story.pictures(), handles: vec![story.handle(premise)], ..empty }
}

impl<'a> Story<'a> {
    fn tell(premise: Premise<'a>) -> Option<Self> {
        let at = place_of(premise, HandleId::Budget, TOLD, BUDGETS.len());
        let budget = *BUDGETS.get(at)?;
        let tiers: Vec<_> = Tier::all().iter().filter_map(|tier| Some((tier, shares(tier)?))).collect();
        if tiers.len() != TierId::ALL.len() {
            return None;
        }
        let tier = TierId::for_budget(Usd(budget)).tier()?;
        let own = shares(tier)?;
        Some(Self { example: affordable(budget * own.gpu, premise.catalog)?, tiers, budget, at, tier, own })
    }

    fn figures(&self) -> Option<Figures> {
        let part = |share: f64| Figure::Money(Usd(self.budget * share));
        let named = |tier: &Tier| Figure::Both(tier.name.en.clone(), tier.name.zh.clone());
        let [(starter, shares), (team, _), (enterprise, _)] =
            [*self.tiers.first()?, *self.tiers.get(1)?, *self.tiers.get(2)?];
        let example = &self.example;
        Some(
            Figures::default()
                .with("starter", named(starter))
                .with("team", named(team))
                .with("enterprise", named(enterprise))
                .with("starter_from", Figure::Money(starter.bracket.from_usd))
                .with("enterprise_to", Figure::Money(enterprise.bracket.to_usd))
                .with("gpu", Figure::Percent(shares.gpu))
                .with("ram", Figure::Percent(shares.ram))
                .with("cpu", Figure::Percent(shares.cpu))
                .with(
                    "vram_min",
                    asked(starter, |rule| match rule {
                        TierDemand::MinVram { gib } => Some(Figure::Gb(*gib)),
                        _ => None,
                    }),
                )
                .with("ram_min", least_ram(starter))
                .with(
                    "team_gb",
                    asked(team, |rule| match rule {
                        TierDemand::CardVramOrCards { gib, .. } => Some(Figure::Gb(*gib)),
                        _ => None,
                    }),
                )
                .with("team_ram", least_ram(team))
                .with(
                    "hbm_gb",
                    asked(enterprise, |rule| match rule {
                        TierDemand::HbmOrLargeCards { hbm_gib, .. } => Some(Figure::Gb(*hbm_gib)),
                        _ => None,
                    }),
                )
                .with(
                    "node_ram",
                    asked(enterprise, |rule| match rule {
                        TierDemand::RamPerNode { from_gib, .. } => Some(Figure::Gb(f64::from(*from_gib))),
                        _ => None,
                    }),
                )
                .with("budget", Figure::Money(Usd(self.budget)))
                .with("tier", named(self.tier))
                .with("for_gpu", part(self.own.gpu))
                .with("for_ram", part(self.own.ram))
                .with("for_cpu", part(self.own.cpu))
                .with("for_rest", part(self.rest()))
                .with("card", Figure::Name(example.card.name.clone()))
                .with("card_usd", Figure::Money(example.price.expected_usd()))
                .with("card_date", Figure::Dated(example.price.date.clone()))
                .with("card_gb", Figure::Gb(example.card.memory_gib))
                .with("model", Figure::Name(example.model.clone()))
                .with("quantization", Figure::Name(WEIGHTS.label().to_owned()))
                .with("words", words_figure(&example.found)),
        )
    }

    fn rest(&self) -> f64 {
        (1.0 - self.own.gpu - self.own.ram - self.own.cpu).max(0.0)
    }

    fn pictures(&self) -> Vec<Picture> {
        vec![self.table(), self.split(), Self::why(self.tier), self.sandbox()]
    }

    fn table(&self) -> Picture {
        const WHO: [&str; 3] = ["who_starter", "who_team", "who_enterprise"];
        const ASKS: [&str; 3] = ["asks_starter", "asks_team", "asks_enterprise"];
        let columns = vec![
            Column::new("head_tier", 1.0),
            Column::new("head_money", 1.6),
            Column::new("head_who", 2.0),
            Column::new("head_asks", 2.6),
        ];
        let rows = self.tiers.iter().zip(WHO).zip(ASKS).map(|(((tier, _), who), asks)| {
            let money = Figure::span(Figure::Money(tier.bracket.from_usd), Figure::Money(tier.bracket.to_usd)).into();
            let name = Figure::Both(tier.name.en.clone(), tier.name.zh.clone());
            Row::new([name.into(), money, who.into(), asks.into()])
        });
        let rows = rows.collect();
        Picture::of(vec![Placed::new("tiers", Area::new(80.0, 150.0, 1200.0, 380.0), Table { columns, rows })])
    }

    /// A bar a tier: what goes where.
    fn split(&self) -> Picture {
        #[expect(clippy::cast_possible_truncation, reason = "percent")]
        let part = |component, share: f64, label: &'static str| {
            Portion::new(component, (share * 100.0) as f32, Lies::Solid).labeled(Say::of(label, Figure::Percent(share)))
        };
        let bar = |(tier, shares): &(&Tier, Shares)| {
            let rest = (1.0 - shares.gpu - shares.ram - shares.cpu).max(0.0);
            let portions = vec![
                part(Memory::Weights, shares.gpu, "gpu"),
                part(Memory::Kv, shares.ram, "ram_to"),
                part(Memory::Compute, shares.cpu, "cpu_to"),
                part(Memory::Overhead, rest, "rest"),
            ];
            Bar::new(Figure::Both(tier.name.en.clone(), tier.name.zh.clone()), portions)
        };
        let rows = self.tiers.iter().map(bar).collect();
        let axis = Axis::even(100.0, "nothing", |percent| Figure::Percent(percent / 100.0));
        let bars = Bars { rows, axis, limit: None, key: Key::default(), names: 150.0, ends: 40.0, flow: None };
        Picture::of(vec![Placed::new("split", Area::new(80.0, 110.0, 1200.0, 400.0), bars)])
    }

    /// Reasons of the tier's own rules, as the builder gives them.
    fn why(tier: &Tier) -> Picture {
        let reasons = [
            ("why_gpu", tier.reason(|rule| matches!(rule, TierDemand::Split { .. }))),
            ("why_ram", tier.reason(|rule| matches!(rule, TierDemand::RamByNeed))),
            ("why_few", tier.reason(|rule| matches!(rule, TierDemand::PreferFewCards { .. }))),
            ("why_power", tier.reason(|rule| matches!(rule, TierDemand::PowerHeadroom { .. }))),
        ];
        let points = reasons.into_iter().filter_map(|(title, reason)| {
            let reason = reason?;
            Some(Point::new(title, Say::Figure(Figure::Both(text::sentence_case(&reason.en), reason.zh.clone()))))
        });
        let listing = Listing { points: points.collect(), pitch: 112.0 };
        Picture::of(vec![Placed::new("why", Area::new(150.0, 96.0, 1060.0, 450.0), listing)])
    }

    fn sandbox(&self) -> Picture {
        #[expect(clippy::cast_possible_truncation, reason = "US dollars")]
        let part = |component, share: f64, label: &'static str| {
            let money = Figure::Money(Usd(self.budget * share));
            Portion::new(component, (self.budget * share) as f32, Lies::Solid).labeled(Say::of(label, money))
        };
        let portions = vec![
            part(Memory::Weights, self.own.gpu, "gpu"),
            part(Memory::Kv, self.own.ram, "ram"),
            part(Memory::Compute, self.own.cpu, "cpu"),
            part(Memory::Overhead, self.rest(), "rest"),
        ];
        let bar = Bar::new("budget", portions).about("tier");
        let axis = Axis::even(self.budget, "nothing", |usd| Figure::Money(Usd(usd)));
        let bars =
            Bars { rows: vec![bar], axis, limit: None, key: Key::default(), names: 150.0, ends: 60.0, flow: None };
        let reading = |figure: Say, unit: &'static str, about: &'static str| Reading {
            figure,
            unit: unit.into(),
            about: about.into(),
        };
        Picture::of(vec![
            Placed::new("money", Area::new(80.0, 110.0, 1200.0, 160.0), bars),
            Placed::new(
                "card",
                Area::new(230.0, 350.0, 480.0, 140.0),
                reading(Figure::Gb(self.example.card.memory_gib).into(), "of_vram", "card_about"),
            )
            .linked(Link::Vram),
            Placed::new(
                "words",
                Area::new(780.0, 350.0, 480.0, 140.0),
                reading(words_figure(&self.example.found).into(), "words_unit", "model_about"),
            ),
        ])
    }

    fn handle(&self, premise: Premise<'_>) -> Handle {
        let notch = |usd: &f64| Notch { turn: Turn::Budget(*usd), words: Figure::Money(Usd(*usd)).into() };
        let asked = premise.build.map(|build| build.budget_usd.0);
        Handle {
            id: HandleId::Budget,
            name: "turn".into(),
            notches: BUDGETS.iter().map(notch).collect(),
            at: self.at,
            yours: BUDGETS.iter().position(|usd| asked == Some(*usd)),
            limit: None,
            on: "money",
            edge: Edge::Right,
        }
    }
}
