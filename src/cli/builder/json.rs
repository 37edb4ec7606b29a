//! A build as the contract spells it.

use serde::Serialize;

use super::rent::{BuyOrRent, BuyOrRentJson};
use super::words::kind;
use crate::advise::builder::{Build, BuildOutcome, Check, Largest, PartLine, words};
use crate::catalog::parts::Tier;
use crate::catalog::source::Price;
use crate::cli::json::{line, sorted};
use crate::estimate::Verdict;
use crate::text::Locale;
use crate::units::{Band, Usd};

/// The answer to a request that the budget was enough for.
pub(super) fn outcome(outcome: &BuildOutcome<'_>, rent: &BuyOrRent<'_>) -> Vec<u8> {
    line(&BuildOutcomeJson {
        build: BuildJson::of(&outcome.build),
        buy_or_rent: rent.json(),
        exhaustive: outcome.exhaustive,
        next: outcome
            .next
            .iter()
            .map(|next| NextJson { build: next.build.as_deref().map(BuildJson::of), usd: next.usd })
            .collect(),
        traded: outcome.traded.iter().map(|it| words::traded(it, Locale::En)).collect(),
        tries: outcome.tries,
    })
}

/// The answer to a request that the budget was not enough for.
pub(super) fn too_little(budget: Usd, cheapest: &Build<'_>, rent: &BuyOrRent<'_>) -> Vec<u8> {
    line(&TooLittleJson {
        build: None,
        buy_or_rent: rent.json(),
        cheapest: BuildJson::of(cheapest),
        missing_usd: cheapest.total.usd - budget,
    })
}

#[derive(Serialize)]
struct BuildOutcomeJson<'a> {
    build: BuildJson<'a>,
    buy_or_rent: BuyOrRentJson<'a>,
    exhaustive: bool,
    next: Vec<NextJson<'a>>,
    traded: Vec<String>,
    tries: u64,
}

#[derive(Serialize)]
struct NextJson<'a> {
    build: Option<BuildJson<'a>>,
    usd: Usd,
}

#[derive(Serialize)]
struct TooLittleJson<'a> {
    build: Option<BuildJson<'a>>,
    buy_or_rent: BuyOrRentJson<'a>,
    cheapest: BuildJson<'a>,
    missing_usd: Usd,
}

#[derive(Serialize)]
struct BuildJson<'a> {
    checks: Vec<CheckJson>,
    #[serde(serialize_with = "sorted")]
    decode_tokens_per_s: Option<Band<f64>>,
    #[serde(serialize_with = "sorted")]
    decode_total_tokens_per_s: Option<Band<f64>>,
    largest_dense_model: Option<LargestModelJson<'a>>,
    needed_ram_gib: f64,
    parts: Vec<PartJson<'a>>,
    tier: Option<String>,
    total_usd: Usd,
    unpriced_parts: u32,
    verdict: Option<Verdict>,
}

impl<'a> BuildJson<'a> {
    fn of(build: &'a Build<'a>) -> Self {
        let tier = build.tier.tier();
        Self {
            checks: build.checks.iter().map(CheckJson::from).collect(),
            decode_tokens_per_s: build.estimate.speed.decode,
            decode_total_tokens_per_s: build.estimate.speed.decode_total,
            largest_dense_model: build.largest.as_ref().map(LargestModelJson::from),
            needed_ram_gib: build.scored.needed_ram_gib,
            parts: build.lines.iter().map(|line| PartJson::of(line, tier)).collect(),
            tier: tier.map(|tier| tier.name.en.to_lowercase()),
            total_usd: build.total.usd,
            unpriced_parts: build.total.unpriced,
            verdict: build.estimate.verdict,
        }
    }
}

/// A price with its keys in order.
#[derive(Serialize)]
struct PriceJson<'a>(#[serde(serialize_with = "sorted")] &'a Price);

#[derive(Serialize)]
struct PartJson<'a> {
    count: u32,
    id: &'a str,
    kind: &'static str,
    name: &'a str,
    owned: u32,
    price: Option<PriceJson<'a>>,
    stale: bool,
    usd: Option<Usd>,
    why: String,
}

impl<'a> PartJson<'a> {
    fn of(line: &PartLine<'a>, tier: Option<&Tier>) -> Self {
        Self {
            count: line.count,
            id: line.id,
            kind: kind(line.kind),
            name: line.name,
            owned: line.owned,
            price: line.price.map(PriceJson),
            stale: line.stale,
            usd: line.usd,
            why: words::why(line.why, tier, Locale::En),
        }
    }
}

#[derive(Serialize)]
struct CheckJson {
    fine: bool,
    text: String,
}

impl From<&Check> for CheckJson {
    fn from(check: &Check) -> Self {
        Self { fine: check.is_fine(), text: words::check(check, Locale::En) }
    }
}

#[derive(Serialize)]
struct LargestModelJson<'a> {
    #[serde(serialize_with = "sorted")]
    decode_tokens_per_s: Option<Band<f64>>,
    model: &'a str,
}

impl<'a> From<&Largest<'a>> for LargestModelJson<'a> {
    fn from(largest: &Largest<'a>) -> Self {
        Self { decode_tokens_per_s: largest.estimate.speed.decode, model: &largest.model.id }
    }
}
