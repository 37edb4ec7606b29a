//! What a cell says when the pointer rests on it: bands, sources, dates.

use eframe::egui::{RichText, Ui};

use super::columns::{self, CardColumn};
use super::{CardsInputs, names};
use crate::advise::ranking::{Offer, SortKey};
use crate::advise::remedies;
use crate::catalog::price_words;
use crate::estimate::Headroom;
use crate::estimate::speed_sources::{SpeedPhase, SpeedQuestion};
use crate::text::{Concept, Join, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::theme::Tokens;
use crate::ui::widgets::tip;
use crate::ui::words;
use crate::units::Band;

/// What is left or missing, as a phrase: `4.7 GiB free`.
pub(super) fn headroom(headroom: Headroom, locale: Locale) -> String {
    let (key, bytes) = match headroom {
        Headroom::Free(bytes) => (Key::CardsFree, bytes),
        Headroom::Missing(bytes) => (Key::CardsMissing, bytes),
    };
    locale.sentence(key, &[(Placeholder::Value, &words::gib(bytes))])
}

/// The tooltip of a cell: its name, its figure with band, where it comes from.
pub(super) fn tooltip(ui: &mut Ui, offer: &Offer<'_>, cell: CardColumn, inputs: &CardsInputs<'_>) {
    let locale = inputs.locale;
    let t = Tokens::of(ui);
    ui.set_max_width(280.0);
    let column = match cell {
        CardColumn::Sorted(column) => column,
        CardColumn::Memory => SortKey::Headroom,
    };
    if !matches!(column, SortKey::Card | SortKey::Verdict)
        && let Some(concept) = Concept::of(columns::head(column, offer.trains()))
    {
        tip::sentence(ui, concept, locale);
    } else {
        ui.label(RichText::new(title(offer, column, locale)).font(Type::SmallStrong.font()).color(t.text));
    }
    for line in lines(offer, column, locale) {
        ui.label(RichText::new(line).font(Type::Small.font()).color(t.sec));
    }
    let mut faint = vec![locale.word(columns::tip(column, offer.trains())).to_owned()];
    faint.extend(sources(offer, column, inputs));
    for line in faint {
        ui.label(RichText::new(line).font(Type::Caption.font()).color(t.faint));
    }
}

/// What a speed rests on, and why its band is as wide as it is.
fn sources(offer: &Offer<'_>, column: SortKey, inputs: &CardsInputs<'_>) -> Vec<String> {
    let (phase, band, unit) = match column {
        _ if offer.trains() => return Vec::new(),
        SortKey::Decode => (SpeedPhase::Decode, offer.decode(), "tok/s"),
        SortKey::Prefill => (SpeedPhase::Prefill, offer.prefill(), "tok/s"),
        SortKey::FirstToken => (SpeedPhase::Prefill, offer.first_token(), "s"),
        _ => return Vec::new(),
    };
    let (Some(band), Some(estimate)) = (band, offer.estimate()) else { return Vec::new() };
    let asked = SpeedQuestion { plan: inputs.plan, cards: &[offer.card], estimate, catalog: inputs.catalog };
    let why = asked.band(phase, (&names::band(band), unit), inputs.locale);
    std::iter::once(why).chain(asked.lines(inputs.locale)).collect()
}

/// A row in short, for its point on the plot.
pub(super) fn summary(ui: &mut Ui, offer: &Offer<'_>, locale: Locale) {
    let t = Tokens::of(ui);
    ui.set_max_width(280.0);
    ui.label(RichText::new(title(offer, SortKey::Card, locale)).font(Type::SmallStrong.font()).color(t.text));
    for column in [SortKey::Verdict, SortKey::Price, SortKey::Decode] {
        for line in lines(offer, column, locale).into_iter().take(2) {
            ui.label(RichText::new(line).font(Type::Small.font()).color(t.sec));
        }
    }
}

fn title(offer: &Offer<'_>, column: SortKey, locale: Locale) -> String {
    match column {
        SortKey::Card | SortKey::Verdict => names::with_condition(&names::counted(offer), offer, locale),
        _ => locale.word(columns::head(column, offer.trains())).to_owned(),
    }
}

fn lines(offer: &Offer<'_>, column: SortKey, locale: Locale) -> Vec<String> {
    let no_data = || vec![locale.word(no_speed(offer)).to_owned()];
    let speed = |band: Option<Band<f64>>, unit: &str| {
        band.map_or_else(no_data, |band| {
            let expected = format!("{} {unit}", names::rate(band.expected));
            let range = format!("{} {unit}", names::band(band));
            vec![locale.sentence(Key::CardsEstimate, &[(Placeholder::Value, &expected), (Placeholder::Other, &range)])]
        })
    };
    match column {
        SortKey::Verdict => verdict(offer, locale),
        SortKey::Card => card(offer, locale),
        SortKey::Headroom => offer.headroom().map(|left| headroom(left, locale)).into_iter().collect(),
        SortKey::Decode => speed(offer.decode(), "tok/s"),
        SortKey::Prefill => speed(offer.prefill(), "tok/s"),
        SortKey::FirstToken => speed(offer.first_token(), "s"),
        SortKey::Price => price(offer, locale),
        SortKey::PerToken => offer.usd_per_token_s().map(crate::text::money).into_iter().collect(),
        SortKey::FairPrice => offer.fair_price.map(crate::text::money).into_iter().collect(),
        SortKey::Power => offer.power_w().map(names::watts).into_iter().collect(),
    }
}

/// Why there is no speed.
fn no_speed(offer: &Offer<'_>) -> Key {
    match offer.estimate() {
        Some(estimate) if estimate.speed.pages => Key::CardsPages,
        Some(_) if !offer.runs() => Key::DoesNotFit,
        Some(estimate) if estimate.speed.unpredictable => Key::NoSpeedKernels,
        _ => Key::NoData,
    }
}

fn verdict(offer: &Offer<'_>, locale: Locale) -> Vec<String> {
    match offer.answer.as_ref() {
        Err(error) => vec![words::error(locale, error)],
        Ok(estimate) => {
            let verdict = estimate.verdict.map_or(Key::NoData, words::verdict);
            let left = offer.headroom().map(|left| headroom(left, locale));
            std::iter::once(locale.word(verdict).to_owned()).chain(left).collect()
        }
    }
}

fn card(offer: &Offer<'_>, locale: Locale) -> Vec<String> {
    let card = offer.card;
    let unknown = || locale.word(Key::NoData).to_owned();
    let bandwidth = card.bandwidth_gb_s.map_or_else(unknown, |rate| format!("{} GB/s", crate::text::decimal(rate, 0)));
    let memory = crate::text::gib_trimmed(offer.each_gib);
    let year = card.year.to_string();
    let facts = [(Placeholder::Value, memory.as_str()), (Placeholder::Other, &bandwidth), (Placeholder::Count, &year)];
    let mut lines = vec![locale.sentence(Key::CardsFacts, &facts)];
    lines.extend(card.remarks(locale));
    lines
}

fn price(offer: &Offer<'_>, locale: Locale) -> Vec<String> {
    let Some(price) = &offer.price else {
        return vec![locale.word(Key::CardsNoPriceTip).to_owned()];
    };
    let each = crate::text::money(price.each.expected_usd());
    let kind = price_words::kind(price.each, locale);
    let holes = [
        (Placeholder::Value, each.as_str()),
        (Placeholder::Name, kind.as_str()),
        (Placeholder::Other, remedies::words::date(&price.each.date, locale)),
    ];
    let size = names::priced_memory(offer);
    let size = size.map(|size| locale.sentence(Key::CardsWithMemory, &[(Placeholder::Value, &size)]));
    let each = std::iter::once(locale.sentence(Key::CardsPriceEach, &holes));
    let deal = price.deal.map(|deal| {
        let said = [price_words::deal(deal, locale), deal.date.to_string(), deal.source.line(locale)];
        locale.join(Join::Phrases, said)
    });
    each.chain(size).chain([price.each.source.line(locale)]).chain(deal).collect()
}
