//! `rigplan cards`: every card ranked for a plan.

use std::path::Path;

use serde::Serialize;

use super::columns::{Align, columns, known};
use super::json::list;
use super::problem::Problem;
use super::{GOOD, SHORT, catalog, estimate, print, words};
use crate::advise::ranking::{Direction, Need, Offer, SortKey, frontier, rank, sort};
use crate::catalog::Catalog;
use crate::catalog::priced::Condition;
use crate::catalog::source::Price;
use crate::estimate::{Headroom, Verdict};
use crate::text::{Key, Locale, Placeholder};
use crate::units::{Band, Bytes, Usd};

/// Ranks the cards for the plan in a file: the fastest first, what has no speed last. The exit code says whether any
/// card holds all of it.
pub(super) fn run(plan: &Path, json: bool, locale: Locale) -> Result<u8, Problem> {
    let catalog: &Catalog = &catalog(locale);
    let plan = estimate::first_plan(plan, locale)?;
    let offers = rank(&plan, catalog)?;
    let mut places: Vec<usize> = (0..offers.len()).collect();
    sort(&mut places, &offers, SortKey::Decode, Direction::Falling);
    let best = frontier(offers.iter().enumerate());
    let rows = places.iter().filter_map(|&place| Some((offers.get(place)?, best.contains(&place))));
    print(&if json {
        list(rows.map(|(offer, best)| CardOfferJson::of(offer, best)))
    } else {
        as_text(rows, locale).into_bytes()
    })?;
    let holds = |offer: &Offer<'_>| matches!(offer.headroom(), Some(Headroom::Free(_))) && offer.runs();
    Ok(if offers.iter().any(holds) { GOOD } else { SHORT })
}

const HEAD: [Option<Key>; 11] = [
    Some(Key::ColumnCard),
    None,
    Some(Key::ColumnVerdict),
    Some(Key::ColumnFreeGib),
    Some(Key::ColumnDecode),
    Some(Key::ColumnPrefill),
    Some(Key::ColumnFirstToken),
    Some(Key::ColumnPriceUsd),
    Some(Key::ColumnDated),
    Some(Key::ColumnPerToken),
    Some(Key::ColumnWorth),
];

fn as_text<'o>(rows: impl Iterator<Item = (&'o Offer<'o>, bool)>, locale: Locale) -> String {
    let mut lines = vec![HEAD.map(|key| key.map_or("", |key| locale.word(key)).to_owned())];
    let mut any_best = false;
    for (offer, best) in rows {
        any_best |= best;
        let count = if offer.count > 1 { format!("{} × ", offer.count) } else { String::new() };
        let mut name = format!("{count}{}", offer.card.name);
        if offer.condition == Condition::Used {
            name = locale.sentence(Key::CardUsedName, &[(Placeholder::Name, &name)]);
        }
        let band = |band: Option<Band<f64>>| known(band.map(|band| format!("{:.1}", band.expected)), locale);
        let money = |usd: Option<Usd>| known(usd.map(|usd| format!("{usd:.0}")), locale);
        lines.push([
            name,
            if best { "*".to_owned() } else { String::new() },
            known(offer.verdict().map(|verdict| words::verdict(verdict, locale)), locale),
            known(offer.headroom().map(|left| format!("{:.1}", left.signed_gib())), locale),
            band(offer.decode()),
            band(offer.prefill()),
            band(offer.first_token()),
            money(offer.price.map(|price| price.usd)),
            known(offer.price.map(|price| &price.each.date), locale),
            money(offer.usd_per_token_s()),
            money(offer.fair_price),
        ]);
    }
    let mut aligned = [Align::Right; HEAD.len()];
    aligned[..3].fill(Align::Left);
    let mut text = columns(aligned, &lines);
    if any_best {
        text.extend(["* ", locale.word(Key::OnFrontier), "\n"]);
    }
    text
}

/// An offer as the contract spells it.
#[derive(Serialize)]
struct CardOfferJson<'a> {
    card: &'a str,
    name: &'a str,
    count: u32,
    condition: Condition,
    need: Need,
    verdict: Option<Verdict>,
    free_bytes: Option<Bytes>,
    missing_bytes: Option<Bytes>,
    decode_tokens_per_s: Option<Band<f64>>,
    prefill_tokens_per_s: Option<Band<f64>>,
    time_to_first_token_s: Option<Band<f64>>,
    price_usd: Option<Usd>,
    price_each: Option<&'a Price>,
    usd_per_decode_token_s: Option<Usd>,
    worth_at_most_usd: Option<Usd>,
    power_w: Option<u32>,
    native_precision: bool,
    on_frontier: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl<'a> CardOfferJson<'a> {
    fn of(offer: &'a Offer<'a>, on_frontier: bool) -> Self {
        let (free_bytes, missing_bytes) = match offer.headroom() {
            Some(Headroom::Free(bytes)) => (Some(bytes), None),
            Some(Headroom::Missing(bytes)) => (None, Some(bytes)),
            None => (None, None),
        };
        Self {
            card: &offer.card.id,
            name: &offer.card.name,
            count: offer.count,
            condition: offer.condition,
            need: offer.need,
            verdict: offer.verdict(),
            free_bytes,
            missing_bytes,
            decode_tokens_per_s: offer.decode(),
            prefill_tokens_per_s: offer.prefill(),
            time_to_first_token_s: offer.first_token(),
            price_usd: offer.price.map(|price| price.usd),
            price_each: offer.price.map(|price| price.each),
            usd_per_decode_token_s: offer.usd_per_token_s(),
            worth_at_most_usd: offer.fair_price,
            power_w: offer.power_w(),
            native_precision: offer.native,
            on_frontier,
            error: offer.answer.as_ref().as_ref().err().map(ToString::to_string),
        }
    }
}
