//! `rigplan cards list` and `rigplan models list`.

use super::card_filter::CardFilterArgs;
use super::columns::{Align, columns, known};
use super::json;
use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::catalog::model::Model;
use crate::catalog::price_words::dated;
use crate::catalog::priced::Priced as _;
use crate::text::{Key, Locale, count};

/// The cards as text or JSON.
pub(super) fn cards(catalog: &Catalog, filters: [&CardFilterArgs; 2], as_json: bool, locale: Locale) -> Vec<u8> {
    let cards = || catalog.cards().filter(|card| filters.iter().all(|filter| filter.lists(card, catalog)));
    if as_json {
        return json::list(cards());
    }
    let mut rows = vec![
        [
            Key::ColumnId,
            Key::ColumnName,
            Key::ColumnGib,
            Key::ColumnGbS,
            Key::ColumnYear,
            Key::ColumnPriceUsd,
            Key::ColumnDated,
        ]
        .map(|key| locale.word(key).to_owned()),
    ];
    rows.extend(cards().map(|card: &Card| {
        let price = catalog.card_asked_price(card, card.memory_gib);
        let devices = if card.devices_per_card > 1 { format!("{} × ", card.devices_per_card) } else { String::new() };
        [
            card.id.clone(),
            card.name.clone(),
            format!("{devices}{}", card.memory_gib),
            known(card.bandwidth_gb_s, locale),
            card.year.to_string(),
            known(price.map(|price| format!("{:.0}", price.expected_usd())), locale),
            known(price.map(|price| dated(price, card.standing(price), locale)), locale),
        ]
    }));
    let (left, right) = (Align::Left, Align::Right);
    columns([left, left, right, right, right, right, left], &rows).into_bytes()
}

/// The models as text or JSON.
pub(super) fn models(catalog: &Catalog, as_json: bool, locale: Locale) -> Vec<u8> {
    if as_json {
        return json::list(catalog.models());
    }
    let mut rows = vec![
        [Key::ColumnId, Key::ColumnName, Key::ColumnParameters, Key::ColumnContext, Key::ColumnReleased]
            .map(|key| locale.word(key).to_owned()),
    ];
    rows.extend(catalog.models().map(|model: &Model| {
        let parameters = model.total_parameters.map(|count| format!("{:.1} B", count as f64 / 1e9));
        [
            model.id.clone(),
            model.name.clone(),
            known(parameters, locale),
            known(model.max_position_embeddings.map(count), locale),
            known(model.release.as_ref(), locale),
        ]
    }));
    columns([Align::Left, Align::Left, Align::Right, Align::Right, Align::Right], &rows).into_bytes()
}
