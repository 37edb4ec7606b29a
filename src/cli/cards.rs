//! `rigplan cards`: every card ranked for a plan.

use std::path::Path;

use super::columns::{Align, columns, known};
use super::json::Json;
use super::problem::Problem;
use super::{GOOD, SHORT, catalog, estimate, print, words};
use crate::advise::ranking::{Column, Direction, Need, Offer, frontier, rank, sort};
use crate::catalog::Catalog;
use crate::catalog::priced::Condition;
use crate::estimate::Headroom;
use crate::units::Band;

/// Ranks the cards for the plan in a file: the fastest first, what has no speed last. The exit code says whether any
/// card holds all of it.
pub(super) fn run(plan: &Path, json: bool) -> Result<u8, Problem> {
    let catalog: &Catalog = &catalog();
    let plan = estimate::first_plan(plan)?;
    let offers = rank(&plan, catalog)?;
    let mut places: Vec<usize> = (0..offers.len()).collect();
    sort(&mut places, &offers, Column::Decode, Direction::Falling);
    let best = frontier(offers.iter().enumerate());
    let rows = places.iter().filter_map(|&place| Some((offers.get(place)?, best.contains(&place))));
    print(&if json { as_json(rows) } else { as_text(rows).into_bytes() })?;
    let holds = |offer: &Offer<'_>| matches!(offer.headroom(), Some(Headroom::Free(_))) && offer.runs();
    Ok(if offers.iter().any(holds) { GOOD } else { SHORT })
}

const HEAD: [&str; 11] = [
    "card",
    "",
    "verdict",
    "free GiB",
    "decode tok/s",
    "prefill tok/s",
    "TTFT s",
    "price $",
    "dated",
    "$ per tok/s",
    "worth $",
];

fn as_text<'o>(rows: impl Iterator<Item = (&'o Offer<'o>, bool)>) -> String {
    let mut lines = vec![HEAD.map(str::to_owned)];
    let mut any_best = false;
    for (offer, best) in rows {
        any_best |= best;
        let used = if offer.condition == Condition::Used { ", used" } else { "" };
        let count = if offer.count > 1 { format!("{} × ", offer.count) } else { String::new() };
        let band = |band: Option<Band<f64>>| known(band.map(|band| format!("{:.1}", band.expected)));
        let money = |usd: Option<f64>| known(usd.map(|usd| format!("{usd:.0}")));
        lines.push([
            format!("{count}{}{used}", offer.card.name),
            if best { "*".to_owned() } else { String::new() },
            known(offer.verdict().map(words::verdict)),
            known(offer.headroom().map(|left| format!("{:.1}", left.signed_gib()))),
            band(offer.decode()),
            band(offer.prefill()),
            band(offer.first_token()),
            money(offer.price.map(|price| price.usd)),
            known(offer.price.map(|price| &price.each.date)),
            money(offer.usd_per_token_s()),
            money(offer.worth_at_most),
        ]);
    }
    let mut aligned = [Align::Right; HEAD.len()];
    aligned[..3].fill(Align::Left);
    let mut text = columns(aligned, &lines);
    if any_best {
        text.push_str("* no other card is both cheaper and faster\n");
    }
    text
}

/// One offer a line.
fn as_json<'o>(rows: impl Iterator<Item = (&'o Offer<'o>, bool)>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut json = Json(&mut out);
    json.raw("[");
    for (index, (offer, best)) in rows.enumerate() {
        json.raw(if index == 0 { "\n" } else { ",\n" });
        one(&mut json, offer, best);
    }
    json.raw("\n]\n");
    out
}

fn one(json: &mut Json<'_>, offer: &Offer<'_>, best: bool) {
    json.raw("{\"card\":");
    json.value(&offer.card.id);
    json.raw(",\"name\":");
    json.value(&offer.card.name);
    json.raw(",\"count\":");
    json.number(u64::from(offer.count));
    json.raw(match offer.condition {
        Condition::New => ",\"condition\":\"new\"",
        Condition::Used => ",\"condition\":\"used\"",
    });
    json.raw(match offer.need {
        Need::Alone => ",\"need\":\"alone\"",
        Need::Fewest => ",\"need\":\"fewest\"",
        Need::OneMore => ",\"need\":\"one_more\"",
    });
    json.raw(",\"verdict\":");
    json.raw(offer.verdict().map_or("null", words::verdict_key));
    let left = offer.headroom();
    let free = left.and_then(|left| if let Headroom::Free(bytes) = left { Some(bytes) } else { None });
    let missing = left.and_then(|left| if let Headroom::Missing(bytes) = left { Some(bytes) } else { None });
    json.bytes(",\"free_bytes\":", free);
    json.bytes(",\"missing_bytes\":", missing);
    for (key, band) in [
        (",\"decode_tokens_per_s\":", offer.decode()),
        (",\"prefill_tokens_per_s\":", offer.prefill()),
        (",\"time_to_first_token_s\":", offer.first_token()),
    ] {
        json.raw(key);
        json.value(&band);
    }
    json.raw(",\"price_usd\":");
    json.value(&offer.price.map(|price| price.usd));
    json.raw(",\"price_each\":");
    json.value(&offer.price.map(|price| price.each));
    for (key, figure) in
        [(",\"usd_per_decode_token_s\":", offer.usd_per_token_s()), (",\"worth_at_most_usd\":", offer.worth_at_most)]
    {
        json.raw(key);
        json.value(&figure);
    }
    json.raw(",\"power_w\":");
    json.value(&offer.power_w());
    json.raw(",\"native_precision\":");
    json.value(&offer.native);
    json.raw(",\"on_frontier\":");
    json.value(&best);
    if let Err(error) = offer.answer.as_ref() {
        json.raw(",\"error\":");
        json.value(&error.to_string());
    }
    json.raw("}");
}
