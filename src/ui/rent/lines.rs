//! What stands against buying: which offers are drawn, and how they are called.

use egui_plot::LineStyle;

use super::{RentInputs, RentViewState};
use crate::advise::rent::{CloudOffer, CostComparison, Instead};
use crate::catalog::price::Rent;
use crate::plan::RentTerms;
use crate::text::{self, Key, Locale, Placeholder};
use crate::units::Usd;

/// The most offers that are drawn at once.
pub(super) const MOST: usize = 3;
/// How the lines of offers are told apart.
const STYLES: [LineStyle; MOST] =
    [LineStyle::Dashed { length: 9.0 }, LineStyle::Dotted { spacing: 5.0 }, LineStyle::Dashed { length: 3.0 }];

/// Which offer it is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RentKey {
    cloud: String,
    offer: Option<String>,
    card: String,
    cards: u32,
}

impl RentKey {
    /// The key of an offer.
    pub fn of(rent: &Rent) -> Self {
        Self { cloud: rent.cloud.to_string(), offer: rent.offer.clone(), card: rent.card.clone(), cards: rent.cards }
    }
}

/// One way beside buying, as it is drawn.
pub(super) struct RentLine {
    /// Which offer; `None` = the hosted API.
    pub key: Option<RentKey>,
    /// What it costs.
    pub instead: Instead,
    /// As a sentence: `Rent 2 × RTX 5090, $1.30 an hour, RunPod`.
    pub words: String,
    /// As the head of a column: `2 × RTX 5090, $1.30/h`.
    pub brief: String,
    /// What is rented, without its price: `2 × RTX 5090`.
    pub cards: String,
    /// What a million tokens cost; `None` = no data.
    pub usd_per_million: Option<Usd>,
    /// How it is drawn.
    pub style: LineStyle,
}

/// The ways that are drawn: the chosen offers, then the hosted API where it has a price.
pub(super) fn of(inputs: &RentInputs<'_>, terms: &RentTerms, state: &RentViewState) -> Vec<RentLine> {
    let offers = inputs.offers.unwrap_or_default();
    let shown = match &state.chosen {
        Some(keys) => offers.iter().filter(|offer| keys.contains(&RentKey::of(offer.rent))).collect(),
        None => cheapest(offers),
    };
    let mut lines: Vec<RentLine> =
        shown.iter().zip(STYLES).map(|(offer, style)| rented(offer, style, inputs)).collect();
    lines.extend(terms.api_usd_per_million.map(|usd| {
        let value = text::money(usd);
        RentLine {
            key: None,
            instead: Instead::Api,
            words: inputs.locale.sentence(Key::RentApiLine, &[(Placeholder::Value, &value)]),
            brief: inputs.locale.word(Key::RentApi).to_owned(),
            cards: inputs.locale.word(Key::RentApi).to_owned(),
            usd_per_million: Some(usd),
            style: LineStyle::Dashed { length: 18.0 },
        }
    }));
    lines
}

fn rented(offer: &CloudOffer<'_>, style: LineStyle, inputs: &RentInputs<'_>) -> RentLine {
    let (value, cards) = (text::money(offer.usd_per_hour), cards(offer));
    let cloud = offer.rent.cloud.said(inputs.locale);
    let holes = [(Placeholder::Card, cards.as_str()), (Placeholder::Value, &value), (Placeholder::Name, &cloud)];
    RentLine {
        key: Some(RentKey::of(offer.rent)),
        instead: Instead::Rent(offer.usd_per_hour),
        words: inputs.locale.sentence(Key::RentRentLine, &holes),
        brief: inputs.locale.sentence(Key::RentAnHour, &holes),
        cards: self::cards(offer),
        usd_per_million: offer.usd_per_million,
        style,
    }
}

/// The cards of an offer: `2 × RTX 5090`.
pub(super) fn cards(offer: &CloudOffer<'_>) -> String {
    let name = offer.card.brief_name();
    if offer.cards > 1 { format!("{} × {name}", offer.cards) } else { name.to_owned() }
}

/// The cheapest a million tokens, and the cheapest of another cloud.
fn cheapest<'a>(offers: &'a [CloudOffer<'a>]) -> Vec<&'a CloudOffer<'a>> {
    let first = offers.first();
    let other = offers.iter().find(|other| first.is_some_and(|first| first.rent.cloud != other.rent.cloud));
    first.into_iter().chain(other).collect()
}

/// Buying as a sentence: `Buy $8,456, then $29 a month of power`.
pub(super) fn buy(running: &CostComparison<'_>, locale: Locale) -> String {
    let (usd, power) = (text::money(running.bought.usd), text::money(running.power_per_month()));
    locale.sentence(Key::RentBuyLine, &[(Placeholder::Value, &usd), (Placeholder::Other, &power)])
}

/// When buying pays beside a line: `29 months`, never, or that nobody knows.
pub(super) fn pays(running: &CostComparison<'_>, line: &RentLine, after: Option<f64>, locale: Locale) -> String {
    if running.instead_after(line.instead, 1.0).is_none() {
        return locale.word(Key::NoData).to_owned();
    }
    months(after, locale)
}

/// Months until buying pays: `29 months`, or never.
pub(super) fn months(months: Option<f64>, locale: Locale) -> String {
    let Some(months) = months else { return locale.word(Key::RentNever).to_owned() };
    locale.sentence(Key::RentMonthsCount, &[(Placeholder::Value, &bare(months))])
}

/// A number of months: `29`, `9.8`.
pub(super) fn bare(months: f64) -> String {
    text::decimal(months, usize::from(months < 9.95))
}

/// US dollars on an axis, where nothing needs no cents.
pub(super) fn on_axis(usd: f64) -> String {
    let words = text::money(usd);
    if usd == 0.0 { words.trim_end_matches("00").trim_end_matches('.').to_owned() } else { words }
}

/// US dollars, or that nothing is known.
pub(super) fn usd(usd: Option<Usd>, locale: Locale) -> String {
    usd.map_or_else(|| locale.word(Key::NoData).to_owned(), text::money)
}
