//! A build as the contract spells it.

use serde::Serialize;

use super::rent::{BuyOrRent, BuyOrRentJson};
use super::tiers::TierRow;
use super::words::kind;
use crate::advise::builder::{
    Build, BuildError, BuildOutcome, Check, Largest, PartLine, RentFirst, Split, tier_words, words,
};
use crate::catalog::cloud::Cloud;
use crate::catalog::parts::Tier;
use crate::catalog::source::Price;
use crate::cli::json::{line, sorted};
use crate::estimate::Verdict;
use crate::text::Locale;
use crate::units::{Band, Usd};

/// The answer to a request: the build, or the cheapest that works where the budget is not enough.
pub(super) fn answer(
    found: &Result<BuildOutcome<'_>, BuildError<'_>>,
    instead: Option<&Build<'_>>,
    tiers: &[TierRow<'_>],
    rent: &BuyOrRent<'_>,
) -> Vec<u8> {
    let tiers = tiers.iter().map(TierJson::of).collect();
    match found {
        Ok(outcome) => line(&BuildOutcomeJson {
            better: outcome.better.as_deref().map(BuildJson::of),
            build: BuildJson::of(&outcome.build),
            buy_or_rent: rent.json(),
            enough_usd: outcome.enough,
            exhaustive: outcome.exhaustive,
            next: outcome
                .next
                .iter()
                .map(|next| NextJson { build: next.build.as_deref().map(BuildJson::of), usd: next.usd })
                .collect(),
            rent_first: outcome.rent.as_ref().map(RentFirstJson::of),
            tiers,
            traded: tier_words::traded(outcome, Locale::En),
            tries: outcome.tries,
            whole_machine: outcome.whole.as_deref().map(BuildJson::of),
        }),
        Err(BuildError::TooLittle { budget, cheapest, rent: first }) => line(&TooLittleJson {
            build: None,
            buy_or_rent: rent.json(),
            cheapest: BuildJson::of(cheapest),
            instead: instead.map(BuildJson::of),
            missing_usd: cheapest.total.usd - *budget,
            rent_first: first.as_deref().map(RentFirstJson::of),
            tiers,
        }),
        // The others are refused before anything is written.
        Err(_) => Vec::new(),
    }
}

#[derive(Serialize)]
struct BuildOutcomeJson<'a> {
    better: Option<BuildJson<'a>>,
    build: BuildJson<'a>,
    buy_or_rent: BuyOrRentJson<'a>,
    enough_usd: Option<Usd>,
    exhaustive: bool,
    next: Vec<NextJson<'a>>,
    rent_first: Option<RentFirstJson<'a>>,
    tiers: Vec<TierJson<'a>>,
    traded: Vec<String>,
    tries: u64,
    whole_machine: Option<BuildJson<'a>>,
}

#[derive(Serialize)]
struct TooLittleJson<'a> {
    build: Option<BuildJson<'a>>,
    buy_or_rent: BuyOrRentJson<'a>,
    cheapest: BuildJson<'a>,
    instead: Option<BuildJson<'a>>,
    missing_usd: Usd,
    rent_first: Option<RentFirstJson<'a>>,
    tiers: Vec<TierJson<'a>>,
}

/// One of the three tiers for the same budget.
#[derive(Serialize)]
struct TierJson<'a> {
    build: Option<BuildJson<'a>>,
    enough: bool,
    tier: Option<String>,
}

impl<'a> TierJson<'a> {
    fn of(row: &'a TierRow<'a>) -> Self {
        let tier = row.tier.tier().map(|tier| tier.name.en.to_lowercase());
        Self { build: row.build().map(BuildJson::of), enough: row.found.is_ok(), tier }
    }
}

/// An offer that is rented first.
#[derive(Serialize)]
struct RentFirstJson<'a> {
    accelerator: &'a str,
    cards: u32,
    cloud: &'a Cloud,
    date: &'a str,
    hours: Option<f64>,
    job_usd: Option<Usd>,
    usd_per_hour: Usd,
}

impl<'a> RentFirstJson<'a> {
    fn of(first: &'a RentFirst<'a>) -> Self {
        let rent = first.offer.rent;
        Self {
            accelerator: &rent.accelerator,
            cards: first.offer.cards,
            cloud: &rent.cloud,
            date: rent.date.as_str(),
            hours: first.hours,
            job_usd: first.job_usd(),
            usd_per_hour: first.offer.usd_per_hour,
        }
    }
}

/// Shares of the total, and what is aimed at.
#[derive(Serialize)]
struct SplitJson {
    cpu: f64,
    gpu: f64,
    least_gpu: f64,
    met: bool,
    most_cpu: f64,
    most_ram: f64,
    ram: f64,
    rest: f64,
}

impl From<Split> for SplitJson {
    fn from(split: Split) -> Self {
        let Split { gpu, ram, cpu, rest, least_gpu, most_ram, most_cpu, .. } = split;
        Self { cpu, gpu, least_gpu, met: split.is_met(), most_cpu, most_ram, ram, rest }
    }
}

/// Users that are served at once.
#[derive(Serialize)]
struct UsersJson {
    count: u32,
    each_tokens_per_s: f64,
    total_tokens_per_s: f64,
}

#[derive(Serialize)]
struct NextJson<'a> {
    build: Option<BuildJson<'a>>,
    usd: Usd,
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
    split: Option<SplitJson>,
    tier: Option<String>,
    total_usd: Usd,
    #[serde(serialize_with = "sorted")]
    train_tokens_per_s: Option<Band<f64>>,
    unpriced_parts: u32,
    users_at_once: Option<UsersJson>,
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
            split: build.split().map(SplitJson::from),
            tier: tier.map(|tier| tier.name.en.to_lowercase()),
            total_usd: build.total.usd,
            train_tokens_per_s: build.estimate.speed.train,
            unpriced_parts: build.total.unpriced,
            users_at_once: build.users.as_ref().map(|users| UsersJson {
                count: users.count,
                each_tokens_per_s: users.each,
                total_tokens_per_s: users.total,
            }),
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
