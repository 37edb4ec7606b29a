//! Buying or renting: from how many hours a day a card of one's own pays, with the dates of all prices.

use super::kit::place_of;
use crate::advise::rent::{Bought, CostComparison, Instead};
use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::catalog::price::Rent;
use crate::catalog::source::{Date, Price};
use crate::estimate::Memory;
use crate::plan::{HandleId, RentTerms, SceneId};
use crate::scenes::draw::axis::Axis;
use crate::scenes::draw::curve::{Curve, Series, Sign};
use crate::scenes::draw::listing::{Listing, Point};
use crate::scenes::draw::reading::Reading;
use crate::scenes::draw::table::{Column, Row, Table};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Notch, Turn};
use crate::scenes::mark::Area;
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};
use crate::text::{self, Locale};
use crate::units::{Usd, Watts};

/// The card of the story, and those that stand beside it.
const CARD: &str = "rtx-4090";
const CARDS: [&str; 5] = ["rtx-3090", CARD, "rtx-5090", "a100-pcie-80gb", "h100-pcie"];
const HOURS: [f64; 8] = [0.5, 1.0, 2.0, 4.0, 8.0, 12.0, 16.0, 24.0];
const HOURS_AT: usize = 3;
/// Months that curves show.
const SHOWN: u32 = 48;
/// Hours of a day, in steps of so many parts of an hour.
const PARTS: u32 = 10;

/// A card with what it costs to buy and to rent.
struct Deal<'a> {
    card: &'a Card,
    price: &'a Price,
    /// Fresh offers of one such card, the cheapest first.
    rents: Vec<(&'a Rent, Usd)>,
    watts: Watts,
}

impl<'a> Deal<'a> {
    fn of(id: &str, catalog: &'a Catalog) -> Option<Self> {
        let card = catalog.card(id)?;
        let offers = catalog.fresh_rents().filter(|rent| rent.card == id && rent.cards == 1);
        let mut rents: Vec<(&Rent, Usd)> = offers.filter_map(|rent| Some((rent, rent.hourly_usd()?))).collect();
        rents.sort_by(|a, b| a.1.total_cmp(&b.1));
        if rents.is_empty() {
            return None;
        }
        let price = catalog.card_asked_price(card, card.memory_gib).filter(|price| price.is_asked())?;
        Some(Self { card, price, rents, watts: Watts::from(card.tdp_w?) })
    }

    /// The middle offer.
    fn middle(&self) -> (&'a Rent, Usd) {
        self.rents[self.rents.len() / 2]
    }

    fn hourly(&self) -> Usd {
        self.middle().1
    }

    fn bought(&self) -> Bought {
        Bought { usd: self.price.expected_usd(), work_watts: Some(self.watts), idle_watts: None, tokens_per_s: None }
    }

    /// Months after which buying is cheaper, at so many hours a day.
    fn months(&self, hours: f64) -> Option<f64> {
        let terms = at_hours(hours);
        CostComparison::new(&terms, self.bought())?.pays_within_reach(Instead::Rent(self.hourly()))
    }

    /// The fewest hours a day at which buying pays within so many months.
    fn least_hours(&self, within: f64) -> Option<f64> {
        (1..=24 * PARTS)
            .map(|part| f64::from(part) / f64::from(PARTS))
            .find(|hours| self.months(*hours).is_some_and(|months| months <= within))
    }
}

fn at_hours(hours: f64) -> RentTerms {
    RentTerms { hours_per_day: hours, ..RentTerms::default() }
}

struct Story<'a> {
    deal: Deal<'a>,
    deals: Vec<Deal<'a>>,
    hours: f64,
    at: usize,
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::BuyOrRent);
    let Some(story) = Story::tell(premise) else { return empty };
    let Some(figures) = story.figures() else { return empty };
    let Some(pictures) = story.pictures() else { return empty };
    Scene { figures, pictures, handles: vec![story.handle(premise)], ..empty }
}

impl<'a> Story<'a> {
    fn tell(premise: Premise<'a>) -> Option<Self> {
        let catalog = premise.catalog;
        let at = place_of(premise, HandleId::Hours, HOURS_AT, HOURS.len());
        Some(Self {
            deal: Deal::of(CARD, catalog)?,
            deals: CARDS.iter().filter_map(|id| Deal::of(id, catalog)).collect(),
            hours: *HOURS.get(at)?,
            at,
        })
    }

    fn figures(&self) -> Option<Figures> {
        let deal = &self.deal;
        let terms = at_hours(self.hours);
        let running = CostComparison::new(&terms, deal.bought())?;
        let months = |found: Option<f64>| match found {
            Some(months) => Figure::Both(span(months, "months"), span(months, " 个月")),
            None => Figure::Both("never".to_owned(), "永远不会".to_owned()),
        };
        let (rent, hourly) = deal.middle();
        let (first, last) = (deal.rents.first()?, deal.rents.last()?);
        let least = deal.least_hours(terms.months);
        let least = least.map_or_else(|| Figure::Both("no number of".to_owned(), "任何".to_owned()), Figure::Bits);
        Some(
            Figures::default()
                .with("card", Figure::Name(deal.card.name.clone()))
                .with("usd", Figure::Money(deal.price.expected_usd()))
                .with("date", Figure::Dated(deal.price.date.clone()))
                .with("source", said(|locale| deal.price.source.brief(locale)))
                .with("hourly", Figure::Money(hourly))
                .with("cloud", said(|locale| rent.cloud.said(locale)))
                .with("rent_date", Figure::Dated(rent.date.clone()))
                .with("cheapest", Figure::Money(first.1))
                .with("dearest", Figure::Money(last.1))
                .with("offers", Figure::Count(deal.rents.len() as u64))
                .with("watts", Figure::Number(deal.watts.0))
                .with("kwh", Figure::Money(terms.usd_per_kwh))
                .with("power", Figure::Money(running.power_per_month()))
                .with("resale", Figure::Percent(terms.resale_share))
                .with("kept", Figure::Number(terms.months))
                .with("least", least)
                .with("hours", Figure::Bits(self.hours))
                .with("rent_month", Figure::Money(running.rented_after(hourly, 1.0)))
                .with("pays", months(deal.months(self.hours)))
                .with("always", months(deal.months(24.0)))
                .with("hour_a_day", months(deal.months(1.0)))
                .with("day", Figure::Count(24)),
        )
    }

    fn pictures(&self) -> Option<Vec<Picture>> {
        let reading = |figure: Say, unit: &'static str, about: &'static str| Reading {
            figure,
            unit: unit.into(),
            about: about.into(),
        };
        let ask = Picture::of(vec![
            Placed::new("buy", Area::new(160.0, 240.0, 480.0, 140.0), reading("usd".into(), "once", "buy_about")),
            Placed::new(
                "rent",
                Area::new(760.0, 240.0, 480.0, 140.0),
                reading("hourly".into(), "an_hour", "rent_about"),
            ),
        ]);
        let wide = Area::new(60.0, 84.0, 1232.0, 466.0);
        let paid = Picture::of(vec![Placed::new("paid", wide, self.paid()?)]);
        let months = Picture::of(vec![Placed::new("months", wide, self.months(None))]);
        let forgotten = vec![
            Point::new("power", "power_about"),
            Point::new("resale", "resale_about"),
            Point::new("rest", "rest_about"),
            Point::new("other", "other_about"),
        ];
        let listing = Listing { points: forgotten, pitch: 110.0 };
        let forgotten = Picture::of(vec![Placed::new("forgotten", Area::new(176.0, 100.0, 1000.0, 440.0), listing)]);
        let own = Picture::of(vec![
            Placed::new(
                "months",
                Area::new(40.0, 84.0, 880.0, 466.0),
                Curve { ends: 60.0, ..self.months(Some(self.hours)) },
            ),
            Placed::new("pays", Area::new(960.0, 140.0, 370.0, 130.0), reading("pays".into(), "nothing", "pays_about")),
            Placed::new(
                "month",
                Area::new(960.0, 320.0, 370.0, 130.0),
                reading("rent_month".into(), "a_month", "month_about"),
            ),
        ]);
        Some(vec![ask, paid, months, forgotten, self.table(), own])
    }

    /// What was paid after so many months, both ways.
    fn paid(&self) -> Option<Curve> {
        let terms = at_hours(self.hours);
        let running = CostComparison::new(&terms, self.deal.bought())?;
        let line = |cost: &dyn Fn(f64) -> Usd| -> Vec<[f64; 2]> {
            (0..=SHOWN).map(|month| [f64::from(month), cost(f64::from(month)).0]).collect()
        };
        let rented = line(&|months| running.rented_after(self.deal.hourly(), months));
        let bought = line(&|months| running.bought_and_sold_after(months));
        let most = rented.iter().chain(&bought).map(|point| point[1]).fold(0.0, f64::max);
        let series = |component, points, label: &'static str| Series {
            component: Some(component),
            points,
            filled: false,
            dashed: false,
            label: label.into(),
        };
        let sign = self.deal.months(self.hours).filter(|months| *months <= f64::from(SHOWN));
        Some(Curve {
            across: Axis::even(f64::from(SHOWN), "months_axis", Figure::Number),
            up: Axis::even(most, Say::NOTHING, |usd| Figure::Money(Usd(usd))),
            series: vec![series(Memory::Kv, rented, "rented"), series(Memory::Weights, bought, "bought")],
            capacity: None,
            signs: sign.into_iter().map(|at| Sign { at, words: "sign_pays".into(), verdict: None }).collect(),
            ends: 190.0,
        })
    }

    /// Months until buying pays, by hours a day.
    fn months(&self, marked: Option<f64>) -> Curve {
        let points = (1..=24 * PARTS).filter_map(|part| {
            let hours = f64::from(part) / f64::from(PARTS);
            let months = self.deal.months(hours).filter(|months| *months <= f64::from(SHOWN))?;
            Some([hours, months])
        });
        let reached = |hours: &f64| self.deal.months(*hours).is_some_and(|months| months <= f64::from(SHOWN));
        let sign = |at| Sign { at, words: "sign_hours".into(), verdict: None };
        Curve {
            across: Axis::even(24.0, "hours_axis", Figure::Number),
            // A sign may stand where the name of the axis does.
            up: Axis::even(
                f64::from(SHOWN),
                marked.map_or_else(|| "pays_axis".into(), |_| Say::NOTHING),
                Figure::Number,
            ),
            series: vec![Series {
                component: Some(Memory::Weights),
                points: points.collect(),
                filled: false,
                dashed: false,
                label: if marked.is_some() { Say::NOTHING } else { "always".into() },
            }],
            capacity: None,
            signs: marked.filter(reached).into_iter().map(sign).collect(),
            ends: 210.0,
        }
    }

    fn table(&self) -> Picture {
        let columns = vec![
            Column::new("head_card", 1.4),
            Column::new("head_buy", 1.3),
            Column::new("head_rent", 1.5),
            Column::new("head_hours", 1.3),
        ];
        let within = RentTerms::default().months;
        let dated = |figure: Figure, date: &Date| Say::list(vec![figure.into(), Figure::Dated(date.clone()).into()]);
        let row = |deal: &Deal<'_>| {
            let (rent, hourly) = deal.middle();
            let hours = deal.least_hours(within).map_or_else(|| "never".into(), |hours| Say::from(Figure::Bits(hours)));
            let row = Row::new([
                Say::Name(deal.card.name.clone()),
                dated(Figure::Money(deal.price.expected_usd()), &deal.price.date),
                dated(Figure::Money(hourly), &rent.date),
                hours,
            ]);
            if deal.card.id == CARD { row.strong() } else { row }
        };
        let rows = self.deals.iter().map(row).collect();
        Picture::of(vec![Placed::new("table", Area::new(80.0, 110.0, 1200.0, 420.0), Table { columns, rows })])
    }

    fn handle(&self, premise: Premise<'_>) -> Handle {
        let notch = |hours: &f64| Notch { turn: Turn::Hours(*hours), words: Figure::Bits(*hours).into() };
        let asked = premise.build.map(|build| build.terms.hours_per_day);
        Handle {
            id: HandleId::Hours,
            name: "turn".into(),
            notches: HOURS.iter().map(notch).collect(),
            at: self.at,
            yours: HOURS.iter().position(|hours| asked == Some(*hours)),
            limit: None,
            on: "months",
            edge: Edge::Right,
        }
    }
}

fn said(say: impl Fn(Locale) -> String) -> Figure {
    Figure::Both(say(Locale::En), say(Locale::Zh))
}

/// Months in words, whole from ten on.
fn span(months: f64, unit: &str) -> String {
    let number = text::trimmed(months, usize::from(months < 10.0));
    if unit.starts_with(' ') { format!("{number}{unit}") } else { format!("{number} {unit}") }
}
