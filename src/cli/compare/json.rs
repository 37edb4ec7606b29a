//! The comparison as data: figures of each plan, and how each stands to the base's.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::advise::compare::words::concluded;
use crate::advise::compare::{
    Change, Difference, Figure, Quality, QualityDifference, Reach, Reading, Side, conclude, difference,
};
use crate::catalog::quality::LossWord;
use crate::cli::json;
use crate::estimate::{Reader, Verdict};
use crate::plan::NamedPlan;
use crate::share::comparison::Compared;
use crate::text::Locale;
use crate::units::Band;

#[derive(Serialize)]
struct ComparisonJson<'a> {
    base: &'a str,
    conclusion: String,
    others: String,
    plans: Vec<PlanJson<'a>>,
}

#[derive(Serialize)]
struct PlanJson<'a> {
    letter: &'a str,
    name: &'a str,
    /// `None` = it cannot be known.
    verdict: Option<Verdict>,
    /// Why the plan cannot be estimated.
    error: Option<String>,
    parameters: Option<u64>,
    quality_loss: Option<LossWord>,
    quality_beside_base: &'static str,
    /// The longest context at which the plan runs as it does.
    largest_context: Option<u64>,
    figures: BTreeMap<Figure, FigureJson>,
    prices: Vec<PriceJson<'a>>,
}

#[derive(Serialize)]
struct FigureJson {
    expected: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<f64>,
    /// `same`, `about_the_same`, `more`, `less` or `unknown`.
    beside_base: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    better: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<f64>,
}

#[derive(Serialize)]
struct PriceJson<'a> {
    card: &'a str,
    count: u32,
    usd_each: f64,
    date: &'a str,
    source: String,
}

/// The answer as one line.
pub(super) fn answer(plans: &[NamedPlan], compared: &Compared<'_>) -> Vec<u8> {
    let Some(base) = compared.sides.get(compared.base) else { return Vec::new() };
    let letters = compared.letters;
    let said = concluded(
        &conclude(compared.sides, compared.base),
        |place| letters.get(place).cloned().unwrap_or_default(),
        Locale::En,
    );
    let all = plans.iter().zip(letters).zip(compared.sides);
    let answer = ComparisonJson {
        base: letters.get(compared.base).map_or("", String::as_str),
        conclusion: said.lead,
        others: said.rest,
        plans: all.map(|((named, letter), side)| plan(named, letter, side, base)).collect(),
    };
    json::line(&answer)
}

fn plan<'a>(named: &'a NamedPlan, letter: &'a str, side: &'a Side, base: &Side) -> PlanJson<'a> {
    let quality = Quality::of(side);
    let figures = Figure::of_task(side.trains()).filter_map(|it| Some((it, figure(it, side, base)?)));
    let cards = side.price.iter().flat_map(|price| &price.cards);
    PlanJson {
        letter,
        name: &named.name,
        verdict: side.estimate().and_then(|it| it.verdict),
        error: side.answer.as_ref().err().map(|error| error.say(Locale::En, Reader::Script).into_owned()),
        parameters: quality.parameters,
        quality_loss: quality.loss.map(|loss| loss.word),
        quality_beside_base: match QualityDifference::of(side, base) {
            QualityDifference::Same => "same",
            QualityDifference::OtherModel => "other_model",
            QualityDifference::Better => "less_loss",
            QualityDifference::Worse => "more_loss",
            QualityDifference::Unknown => "unknown",
        },
        largest_context: match side.reach {
            Reach::Tokens(tokens) => Some(tokens),
            Reach::Pending | Reach::Nothing => None,
        },
        figures: figures.collect(),
        prices: cards
            .map(|card| PriceJson {
                card: &card.name,
                count: card.count,
                usd_each: card.each.expected_usd().0,
                date: card.each.date.as_str(),
                source: card.each.source.at.clone(),
            })
            .collect(),
    }
}

fn figure(figure: Figure, side: &Side, base: &Side) -> Option<FigureJson> {
    let (expected, band) = match figure.of(side)? {
        Reading::Exact(value) => (value, None),
        Reading::Estimated(band) => (band.expected, Some(band)),
    };
    let found = difference(figure, side, base);
    let (mut better, mut times, mut by) = (None, None, None);
    let beside_base = match found {
        Difference::Same => "same",
        Difference::AboutTheSame => "about_the_same",
        Difference::OtherPurchase | Difference::Unknown => "unknown",
        Difference::Differs { change, more, better: is_better } => {
            better = Some(is_better);
            match change {
                Change::Times(value) => times = Some(value),
                Change::By(value) => by = Some(value),
            }
            if more { "more" } else { "less" }
        }
    };
    let low = band.map(|Band { low, .. }| low);
    Some(FigureJson { expected, low, high: band.map(|band| band.high), beside_base, better, times, by })
}
