//! A build as JSON.

use serde_json::{Value, json};

use super::build_rent::BuyOrRent;
use super::build_words::kind;
use crate::advise::builder::{Build, Outcome, words};
use crate::text::Locale;

/// The answer to a request that the budget was enough for.
pub(super) fn outcome(outcome: &Outcome<'_>, rent: &BuyOrRent<'_>) -> Vec<u8> {
    let next: Vec<Value> =
        outcome.next.iter().map(|next| json!({ "usd": next.usd, "build": next.build.as_deref().map(build) })).collect();
    line(&json!({
        "build": build(&outcome.build),
        "next": next,
        "traded": outcome.traded.iter().map(|it| words::traded(it, Locale::En)).collect::<Vec<_>>(),
        "exhaustive": outcome.exhaustive,
        "tries": outcome.tries,
        "buy_or_rent": rent.json(),
    }))
}

/// The answer to a request that the budget was not enough for.
pub(super) fn too_little(budget: f64, cheapest: &Build<'_>, rent: &BuyOrRent<'_>) -> Vec<u8> {
    let missing = cheapest.total.usd - budget;
    line(&json!({ "build": null, "missing_usd": missing, "cheapest": build(cheapest), "buy_or_rent": rent.json() }))
}

fn line(value: &Value) -> Vec<u8> {
    format!("{value}\n").into_bytes()
}

fn build(build: &Build<'_>) -> Value {
    let tier = build.tier.tier();
    let parts: Vec<Value> = build
        .lines
        .iter()
        .map(|line| {
            json!({
                "kind": kind(line.kind), "id": line.id, "name": line.name, "count": line.count,
                "owned": line.owned, "usd": line.usd, "price": line.price, "stale": line.stale,
                "why": words::why(line.why, tier, Locale::En),
            })
        })
        .collect();
    let checks: Vec<Value> = build
        .checks
        .iter()
        .map(|check| json!({ "fine": check.is_fine(), "text": words::check(check, Locale::En) }))
        .collect();
    let largest = build
        .largest
        .as_ref()
        .map(|largest| json!({ "model": largest.model.id, "decode_tokens_per_s": largest.estimate.speed.decode }));
    json!({
        "tier": tier.map(|tier| tier.name.en.to_lowercase()),
        "total_usd": build.total.usd, "unpriced_parts": build.total.unpriced,
        "parts": parts, "checks": checks,
        "verdict": build.estimate.verdict.map(|verdict| super::words::verdict_key(verdict).trim_matches('"')),
        "decode_tokens_per_s": build.estimate.speed.decode,
        "decode_total_tokens_per_s": build.estimate.speed.decode_total,
        "needed_ram_gib": build.judgement.needed_ram_gib,
        "largest_dense_model": largest,
    })
}
