//! `rigplan cards`: every card ranked for a plan.

use std::path::Path;

use serde::Serialize;

use super::args::CardsArgs;
use super::card_filter::nearest;
use super::columns::{Align, known};
use super::json::list;
use super::problem::Problem;
use super::words::said;
use super::{GOOD, SHORT, catalog, opened, print};
use crate::advise::ranking::{Need, Offer, OfferPrice, frontier, rank, sort};
use crate::catalog::Catalog;
use crate::catalog::parts::BuildRules;
use crate::catalog::price_rule::Standing;
use crate::catalog::price_words;
use crate::catalog::priced::Condition;
use crate::catalog::source::{Price, PriceFigure};
use crate::estimate::{Headroom, Verdict};
use crate::plan::LEAST_DECODE;
use crate::text::{Concept, Join, Key, Locale, Placeholder, gib, gib_trimmed};
use crate::units::{Band, Bytes, Usd};

/// Ranks the cards for the plan in a file: what does the job for the least money first. The exit code says whether any
/// card holds all of it.
pub(super) fn run(plan: &Path, args: &CardsArgs, locale: Locale) -> Result<u8, Problem> {
    let mut catalog = catalog(locale);
    let plan = opened::first_plan(plan, args.rows, &mut catalog, locale)?;
    let catalog: &Catalog = &catalog;
    let offers = rank(&plan, catalog)?;
    let filter = args.filter.filter();
    let keeps = |offer: &Offer<'_>| filter.keeps(offer) && args.filter.names(offer.card);
    let mut places: Vec<usize> = (0..offers.len()).filter(|&place| keeps(&offers[place])).collect();
    let (column, direction) = args.filter.sort.order();
    sort(&mut places, &offers, column, direction);
    let best = frontier(places.iter().map(|&place| (place, &offers[place])));
    let rows = places.iter().filter_map(|&place| Some((offers.get(place)?, best.contains(&place))));
    print(&if args.json {
        list(rows.map(|(offer, best)| CardOfferJson::of(offer, best)))
    } else if places.is_empty() {
        none_left(&offers, locale).into_bytes()
    } else {
        CardTable { trains: plan.workload.task.trains(), locale }.text(rows, offers.len() - places.len()).into_bytes()
    })?;
    let holds = |offer: &Offer<'_>| matches!(offer.headroom(), Some(Headroom::Free(_))) && offer.runs();
    Ok(if places.iter().any(|&place| holds(&offers[place])) { GOOD } else { SHORT })
}

/// What comes nearest where the filters leave nothing, on one line.
fn none_left(offers: &[Offer<'_>], locale: Locale) -> String {
    let Some(offer) = nearest(offers) else { return format!("{}\n", locale.word(Key::CardsNoneLeft)) };
    let lacks = match (offer.sold_for(), offer.headroom()) {
        (Some(usd), _) => format!("${usd:.0}"),
        (None, Some(Headroom::Missing(bytes))) if !offer.runs() => {
            locale.sentence(Key::CardsMissing, &[(Placeholder::Value, &gib(bytes.gib(), 1))])
        }
        _ => locale.word(Key::CardsNoPrice).to_owned(),
    };
    let holes = [(Placeholder::Name, name(offer, locale)), (Placeholder::Value, lacks)];
    format!("{}\n", said(locale, Key::CardsNearest, &holes))
}

/// So many of a card, used where it is, a whole machine where it is one.
fn name(offer: &Offer<'_>, locale: Locale) -> String {
    let count = if offer.count > 1 { format!("{} × ", offer.count) } else { String::new() };
    let sizes = offer.card.memory_sizes_gib().len() > 1;
    let size = sizes.then(|| gib_trimmed(offer.each_gib));
    let name = locale.join(Join::Phrases, std::iter::once(format!("{count}{}", offer.card.name)).chain(size));
    let used = offer.condition == Condition::Used;
    let name = if used { locale.sentence(Key::CardUsedName, &[(Placeholder::Name, &name)]) } else { name };
    let whole = offer.is_whole().then(|| locale.word(Key::CardsSystem).to_owned());
    let prepared =
        offer.prepared.map(|most| locale.sentence(Key::CardsPrepared, &[(Placeholder::Count, &most.to_string())]));
    locale.join(Join::Phrases, std::iter::once(name).chain(whole).chain(prepared))
}

/// Marks the frontier.
const BEST: &str = "*";
/// Marks what is too slow to be of use.
const SLOW: &str = "~";

/// A column of the table: its head, and what it says of an offer.
struct CardText {
    head: Option<Key>,
    align: Align,
    cell: fn(&Offer<'_>, Locale) -> String,
}

const fn words(head: Key, cell: fn(&Offer<'_>, Locale) -> String) -> CardText {
    CardText { head: Some(head), align: Align::Left, cell }
}

const fn figures(head: Key, cell: fn(&Offer<'_>, Locale) -> String) -> CardText {
    CardText { head: Some(head), align: Align::Right, cell }
}

/// The ranking as text.
struct CardTable {
    trains: bool,
    locale: Locale,
}

impl CardTable {
    /// The columns behind the name and the mark of the frontier; training has no prompts.
    fn columns(&self) -> Vec<CardText> {
        let mut columns = vec![
            words(Key::ColumnVerdict, |offer, locale| {
                known(offer.verdict().map(|verdict| super::words::verdict(verdict, locale)), locale)
            }),
            figures(Key::ColumnPriceUsd, |offer, locale| money(offer.price.map(|price| price.usd), locale)),
            words(Key::ColumnDated, |offer, locale| known(offer.price.map(|price| dated(&price, locale)), locale)),
            figures(Key::ColumnFreeGib, |offer, locale| {
                known(offer.headroom().map(|left| format!("{:.1}", left.signed_gib())), locale)
            }),
            figures(if self.trains { Key::ColumnTraining } else { Key::ColumnDecode }, |offer, locale| {
                rate(offer.decode(), locale)
            }),
        ];
        if !self.trains {
            columns.push(figures(Key::ColumnPrefill, |offer, locale| rate(offer.prefill(), locale)));
            columns.push(figures(Key::ColumnFirstToken, |offer, locale| rate(offer.first_token(), locale)));
        }
        columns.push(figures(Key::ColumnPerToken, |offer, locale| money(offer.usd_per_token_s(), locale)));
        columns.push(figures(Key::ColumnWorth, |offer, locale| money(offer.fair_price, locale)));
        columns
    }

    /// The table, and under it what its marks mean; `hidden` rows were left out.
    fn text<'o>(&self, rows: impl Iterator<Item = (&'o Offer<'o>, bool)>, hidden: usize) -> String {
        let locale = self.locale;
        let columns = self.columns();
        let heads = columns.iter().map(|column| column.head.map_or("", |key| locale.word(key)).to_owned());
        let mut lines =
            vec![[locale.word(Key::ColumnCard).to_owned(), String::new()].into_iter().chain(heads).collect()];
        let (mut any_best, mut any_worth, mut any_slow) = (false, false, false);
        let (mut any_deal, mut any_doubtful) = (false, false);
        for (offer, best) in rows {
            any_best |= best;
            any_slow |= offer.is_slow();
            let price = offer.price;
            any_deal |= price.is_some_and(|price| price.deal.is_some() || price.each.figure == PriceFigure::Deal);
            any_doubtful |= price.is_some_and(|price| price.standing == Standing::Doubtful);
            any_worth |= offer.fair_price.is_some();
            let mark = [(best, BEST), (offer.is_slow(), SLOW)];
            let mark: String = mark.into_iter().filter_map(|(is, mark)| is.then_some(mark)).collect();
            let cells = columns.iter().map(|column| (column.cell)(offer, locale));
            let line: Vec<String> = [name(offer, locale), mark].into_iter().chain(cells).collect();
            lines.push(line);
        }
        let aligned: Vec<Align> =
            [Align::Left; 2].into_iter().chain(columns.iter().map(|column| column.align)).collect();
        let mut text = super::columns::columns(aligned, &lines);
        if any_best {
            text.extend([BEST, " ", locale.word(Key::OnFrontier), "\n"]);
        }
        if any_slow {
            let days = BuildRules::known().training.most_days;
            let holes = [(Placeholder::Value, LEAST_DECODE.to_string()), (Placeholder::Count, days.to_string())];
            text.extend([SLOW, " ", &said(locale, Key::CardsSlowLine, &holes), "\n"]);
        }
        if any_worth {
            text.extend([locale.word(Key::ColumnWorth), ": ", locale.word(Key::TipCardsWorth), "\n"]);
        }
        for (any, concept) in [(any_deal, Concept::BestDeal), (any_doubtful, Concept::DoubtfulPrice)] {
            if any {
                text.extend([&*concept.line(locale), "\n"]);
            }
        }
        if hidden > 0 {
            text.extend([&*locale.sentence(Key::CardsHides, &[(Placeholder::Count, &hidden.to_string())]), "\n"]);
        }
        text
    }
}

fn rate(band: Option<Band<f64>>, locale: Locale) -> String {
    known(band.map(|band| format!("{:.1}", band.expected)), locale)
}

fn money(usd: Option<Usd>, locale: Locale) -> String {
    known(usd.map(|usd| format!("{usd:.0}")), locale)
}

/// When a price was seen and what it is; a deal that was less stands beside it.
fn dated(price: &OfferPrice<'_>, locale: Locale) -> String {
    let deal = price.deal.map(|deal| price_words::deal(deal, locale));
    locale.join(Join::Phrases, std::iter::once(price_words::dated(price.each, price.standing, locale)).chain(deal))
}

/// An offer as the contract spells it.
#[derive(Serialize)]
struct CardOfferJson<'a> {
    card: &'a str,
    name: &'a str,
    /// The memory of one device.
    card_memory_gib: f64,
    count: u32,
    condition: Condition,
    need: Need,
    /// What a server engine has to be told to start.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_num_seqs: Option<u32>,
    verdict: Option<Verdict>,
    free_bytes: Option<Bytes>,
    missing_bytes: Option<Bytes>,
    decode_tokens_per_s: Option<Band<f64>>,
    prefill_tokens_per_s: Option<Band<f64>>,
    time_to_first_token_s: Option<Band<f64>>,
    price_usd: Option<Usd>,
    price_each: Option<&'a Price>,
    price_standing: Option<Standing>,
    best_deal_each: Option<&'a Price>,
    usd_per_decode_token_s: Option<Usd>,
    worth_at_most_usd: Option<Usd>,
    power_w: Option<u32>,
    native_precision: bool,
    whole_machine: bool,
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
            card_memory_gib: offer.each_gib,
            count: offer.count,
            condition: offer.condition,
            need: offer.need,
            max_num_seqs: offer.prepared,
            verdict: offer.verdict(),
            free_bytes,
            missing_bytes,
            decode_tokens_per_s: offer.decode(),
            prefill_tokens_per_s: offer.prefill(),
            time_to_first_token_s: offer.first_token(),
            price_usd: offer.price.map(|price| price.usd),
            price_each: offer.price.map(|price| price.each),
            price_standing: offer.price.map(|price| price.standing),
            best_deal_each: offer.price.and_then(|price| price.deal),
            usd_per_decode_token_s: offer.usd_per_token_s(),
            worth_at_most_usd: offer.fair_price,
            power_w: offer.power_w(),
            native_precision: offer.native,
            whole_machine: offer.is_whole(),
            on_frontier,
            error: offer.answer.as_ref().as_ref().err().map(ToString::to_string),
        }
    }
}
