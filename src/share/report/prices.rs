//! What the cards of a plan cost, each price with its date, and where facts come from.

use super::super::sheet::Sheet;
use super::section;
use crate::catalog::card::Card;
use crate::catalog::price_words;
use crate::catalog::priced::{Condition, Priced as _};
use crate::plan::CardChoice;
use crate::text::{self, Key, Locale};

pub(super) fn write(out: &mut String, sheet: &Sheet<'_>, locale: Locale) {
    let mut cards: Vec<&Card> = Vec::new();
    for kind in &sheet.plan.machine.cards {
        if let CardChoice::Catalog(id) = &kind.card
            && let Some(card) = sheet.catalog.card(id)
            && cards.iter().all(|other| other.id != card.id)
        {
            cards.push(card);
        }
    }
    section::begin(out, "prices", Key::ReportPrices, locale);
    let rows: Vec<[String; 4]> = cards.iter().flat_map(|card| prices(sheet, card, locale)).collect();
    if !rows.is_empty() {
        let head = [Key::ReportCard, Key::ReportPrice, Key::ReportDated, Key::ReportSource];
        section::table(out, "words", head.map(|key| locale.word(key)), &rows);
    }
    let model = sheet.plan.workload.model.known(sheet.catalog);
    let model = model.map(|model| (model.name.as_str(), model.source.line(locale)));
    let facts = model.into_iter().chain(cards.iter().map(|card| (card.name.as_str(), card.source.line(locale))));
    let facts = facts.filter(|(_, source)| !source.is_empty());
    section::list(out, "source", facts.map(|(name, source)| format!("{name}: {source}")));
    section::end(out);
}

/// The prices of a card that count, new and used.
fn prices(sheet: &Sheet<'_>, card: &Card, locale: Locale) -> Vec<[String; 4]> {
    let known = Condition::ALL.into_iter().filter_map(|condition| sheet.catalog.card_price(card, condition));
    let said = known.map(|price| {
        let usd = text::money(price.expected_usd());
        let dated = price_words::dated(price, card.standing(price), locale);
        let kind = price_words::kind(price, locale);
        [card.brief_name().to_owned(), format!("{usd} ({kind})"), dated, price.source.line(locale)]
    });
    let rows: Vec<[String; 4]> = said.collect();
    if !rows.is_empty() {
        return rows;
    }
    let none = locale.word(Key::CardsNoPrice).to_owned();
    vec![[card.brief_name().to_owned(), none, String::new(), String::new()]]
}
