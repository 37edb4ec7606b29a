//! Buying a build against renting, and against a hosted API: the terms as flags, the answer as text or JSON.

use clap::Args;
use serde::Serialize;

use super::text::{BuildStyle, table};
use super::words::{exact, money};
use crate::advise::builder::Build;
use crate::advise::rent::{Bought, CloudOffer, CostComparison, Instead, cloud_offers};
use crate::catalog::Catalog;
use crate::catalog::cloud::Cloud;
use crate::catalog::origin::Origin;
use crate::catalog::price_words;
use crate::catalog::source::Date;
use crate::cli::args::number;
use crate::cli::columns::{Align, columns, known};
use crate::cli::json::sorted;
use crate::cli::words::said;
use crate::plan::RentTerms;
use crate::text::{Join, Key, Locale, Placeholder, within_sentence};
use crate::units::{Usd, Watts};

/// So many cloud offers are written as text; JSON holds all of them.
const FEW: usize = 8;

/// The terms of buying or renting.
#[derive(Debug, Clone, Copy, Args)]
pub struct RentArgs {
    /// Hours of work a day.
    #[arg(long, value_name = "H", value_parser = number, default_value_t = RentTerms::default().hours_per_day)]
    pub hours_per_day: f64,
    /// Months that the machine is kept.
    #[arg(long, value_name = "N", value_parser = number, default_value_t = RentTerms::default().months)]
    pub months: f64,
    /// What a kWh costs, in US dollars.
    #[arg(long, value_name = "USD", value_parser = number, default_value_t = RentTerms::default().usd_per_kwh.0)]
    pub usd_per_kwh: f64,
    /// Share of the price, from 0 to 1, that it is sold for in the end.
    #[arg(long, value_name = "SHARE", value_parser = number, default_value_t = RentTerms::default().resale_share)]
    pub resale_share: f64,
    /// What it draws while it waits, in W; 0 where it is switched off.
    #[arg(long, value_name = "W", value_parser = number, default_value_t = 0.0)]
    pub idle_watts: f64,
    /// What it draws at work, in W; by its parts where none is given.
    #[arg(long, value_name = "W", value_parser = number)]
    pub work_watts: Option<f64>,
    /// What a hosted API asks for a million tokens, in US dollars.
    #[arg(long, value_name = "USD", value_parser = number)]
    pub api_usd_per_million: Option<f64>,
}

impl RentArgs {
    /// As the document holds them; whether they can be is checked with the whole request.
    pub(super) fn terms(self) -> RentTerms {
        let Self { hours_per_day, months, usd_per_kwh, resale_share, idle_watts, work_watts, api_usd_per_million } =
            self;
        RentTerms {
            hours_per_day,
            usd_per_kwh: Usd(usd_per_kwh),
            resale_share,
            months,
            idle_watts: Some(Watts(idle_watts)),
            work_watts: work_watts.map(Watts),
            api_usd_per_million: api_usd_per_million.map(Usd),
        }
    }
}

/// Buying one build or renting, as it is written.
pub(super) struct BuyOrRent<'a> {
    /// How many share it; `None` where it is one person's, or trains.
    users: Option<u32>,
    terms: &'a RentTerms,
    bought: Option<Bought>,
    /// Parts without a price.
    unpriced: u32,
    offers: Vec<CloudOffer<'a>>,
}

impl<'a> BuyOrRent<'a> {
    /// For what the build is bought for.
    pub(super) fn of(build: &Build<'_>, terms: &'a RentTerms, catalog: &'a Catalog, today: &Date) -> Self {
        let offers = cloud_offers(build.at_work(), catalog, today);
        let users = build.users.as_ref().map(|users| users.count);
        Self { users, terms, bought: Bought::build(build, catalog), unpriced: build.total.unpriced, offers }
    }

    fn running(&self) -> Option<CostComparison<'a>> {
        CostComparison::new(self.terms, self.bought?)
    }

    /// As text in columns or as Markdown.
    pub(super) fn text(&self, BuildStyle { markdown, locale }: BuildStyle) -> String {
        let RentTerms { hours_per_day, months, usd_per_kwh, resale_share, .. } = *self.terms;
        let heading = if markdown { "## " } else { "" };
        let holes = [
            (Placeholder::Count, hours_per_day.to_string()),
            (Placeholder::Other, months.to_string()),
            (Placeholder::Value, format!("${usd_per_kwh}")),
            (Placeholder::Free, format!("{:.0}", resale_share * 100.0)),
        ];
        let users = self.users.map(|count| locale.sentence(Key::AimUsers, &[(Placeholder::Count, &count.to_string())]));
        let head = locale.join(Join::Phrases, std::iter::once(said(locale, Key::RentHead, &holes)).chain(users));
        let mut text = format!("{heading}{head}\n\n");
        let head = [None, Some(Key::ColumnInAll), Some(Key::ColumnMillion), Some(Key::ColumnPaysAfter)];
        let mut ways = vec![titles(head, locale)];
        match self.running() {
            Some(running) => ways.extend(self.ways(&running, locale)),
            None if self.bought.is_none() => text.extend([locale.word(Key::RentNothingPriced), "\n\n"]),
            None => text.extend([locale.word(Key::RentNothingDrawn), "\n\n"]),
        }
        let aligned = [Align::Left, Align::Right, Align::Right, Align::Right];
        if ways.len() > 1 {
            text.push_str(&if markdown { table(&ways) } else { columns(aligned, &ways) });
            text.push('\n');
        }
        if self.offers.is_empty() {
            text.extend([locale.word(Key::RentNoOffers), "\n"]);
            return text;
        }
        let head = [
            Some(Key::ColumnOffer),
            None,
            Some(Key::ColumnHour),
            Some(Key::RentTokens),
            Some(Key::ColumnMillion),
            Some(Key::ColumnDated),
            Some(Key::ColumnSource),
        ];
        let mut rows = vec![titles(head, locale)];
        rows.extend(self.offers.iter().take(FEW).map(|it| offer(it, locale)));
        let aligned = [Align::Left, Align::Left, Align::Right, Align::Right, Align::Right, Align::Left, Align::Left];
        text.push_str(&if markdown { table(&rows) } else { columns(aligned, &rows) });
        if let Some(more) = self.offers.len().checked_sub(FEW).filter(|more| *more > 0) {
            let more = locale.sentence(Key::RentMoreOffers, &[(Placeholder::Count, &more.to_string())]);
            text.extend(["\n", &more, "\n"]);
        }
        text
    }

    /// Buying, the cheapest offer a million tokens, the hosted API.
    fn ways(&self, running: &CostComparison<'_>, locale: Locale) -> Vec<[String; 4]> {
        let one = |key, value: &str| locale.sentence(key, &[(Placeholder::Value, value)]);
        let least = |usd: String| if self.unpriced > 0 { one(Key::TotalFrom, &usd) } else { usd };
        let buy = [
            (Placeholder::Value, least(money(running.bought.usd))),
            (Placeholder::Other, exact(running.power_per_month())),
        ];
        let mut ways = vec![[
            said(locale, Key::RentBuyRow, &buy),
            least(money(running.bought_in_all())),
            known(running.usd_per_million().map(exact), locale),
            String::new(),
        ]];
        let pays = |instead: Instead| {
            let after = running.break_even(instead);
            let after = after.map_or_else(
                || locale.word(Key::RentNever).to_owned(),
                |months| one(Key::RentMonthsCount, &format!("{months:.1}")),
            );
            known(running.instead_after(instead, 1.0).map(|_| after), locale)
        };
        ways.extend(self.offers.first().map(|offer| {
            let instead = Instead::Rent(offer.usd_per_hour);
            let rent =
                [(Placeholder::Value, exact(offer.usd_per_hour)), (Placeholder::Name, offer.rent.cloud.said(locale))];
            [
                said(locale, Key::RentRentRow, &rent),
                known(running.instead_after(instead, self.terms.months).map(money), locale),
                known(offer.usd_per_million.map(exact), locale),
                pays(instead),
            ]
        }));
        ways.extend(self.terms.api_usd_per_million.map(|price| {
            let total = known(running.instead_after(Instead::Api, self.terms.months).map(money), locale);
            [within_sentence(locale.word(Key::RentApi)), total, exact(price), pays(Instead::Api)]
        }));
        ways
    }

    /// As JSON; what is not known is null.
    pub(super) fn json(&self) -> BuyOrRentJson<'_> {
        let running = self.running();
        let in_all = |instead| running.and_then(|running| running.instead_after(instead, self.terms.months));
        let break_even = |instead| running.and_then(|running| running.break_even(instead));
        let offers = self.offers.iter().map(|offer| {
            let (rent, instead) = (offer.rent, Instead::Rent(offer.usd_per_hour));
            RentOfferJson {
                break_even_months: break_even(instead),
                card: &rent.card,
                cards: offer.cards,
                cloud: &rent.cloud,
                date: &rent.date,
                leads: offer.leads,
                offer: rent.offer.as_deref(),
                source: &rent.source,
                stale: offer.stale,
                tokens_per_s: offer.tokens_per_s,
                usd_in_all: in_all(instead),
                usd_per_hour: offer.usd_per_hour,
                usd_per_million: offer.usd_per_million,
            }
        });
        BuyOrRentJson {
            api: running
                .map(|_| ApiJson { break_even_months: break_even(Instead::Api), usd_in_all: in_all(Instead::Api) }),
            buy: running.map(|running| BuyJson {
                power_usd_per_month: running.power_per_month(),
                unpriced_parts: self.unpriced,
                usd: running.bought.usd,
                usd_in_all: running.bought_in_all(),
                usd_per_million: running.usd_per_million(),
            }),
            offers: offers.collect(),
            terms: self.terms,
        }
    }
}

/// The comparison as the contract spells it.
#[derive(Serialize)]
pub(super) struct BuyOrRentJson<'a> {
    api: Option<ApiJson>,
    buy: Option<BuyJson>,
    offers: Vec<RentOfferJson<'a>>,
    #[serde(serialize_with = "sorted")]
    terms: &'a RentTerms,
}

#[derive(Serialize)]
struct ApiJson {
    break_even_months: Option<f64>,
    usd_in_all: Option<Usd>,
}

#[derive(Serialize)]
struct BuyJson {
    power_usd_per_month: Usd,
    unpriced_parts: u32,
    usd: Usd,
    usd_in_all: Usd,
    usd_per_million: Option<Usd>,
}

#[derive(Serialize)]
struct RentOfferJson<'a> {
    break_even_months: Option<f64>,
    card: &'a str,
    cards: u32,
    cloud: &'a Cloud,
    date: &'a Date,
    leads: bool,
    offer: Option<&'a str>,
    source: &'a Origin,
    stale: bool,
    tokens_per_s: Option<f64>,
    usd_in_all: Option<Usd>,
    usd_per_hour: Usd,
    usd_per_million: Option<Usd>,
}

/// The heads of columns.
fn titles<const N: usize>(keys: [Option<Key>; N], locale: Locale) -> [String; N] {
    keys.map(|key| key.map_or("", |key| locale.word(key)).to_owned())
}

fn offer(offer: &CloudOffer<'_>, locale: Locale) -> [String; 7] {
    let rent = offer.rent;
    [
        format!("{} × {}", offer.cards, offer.card.brief_name()),
        rent.cloud.said(locale),
        exact(offer.usd_per_hour),
        known(offer.tokens_per_s.map(|speed| format!("{speed:.0}")), locale),
        known(offer.usd_per_million.map(exact), locale),
        price_words::rent_dated(rent, offer.stale, locale),
        rent.source.text(),
    ]
}
