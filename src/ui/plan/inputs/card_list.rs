//! The list of cards: by maker, the newest first, each with what would become of the plan.

use std::sync::Arc;

use eframe::egui::{Response, Ui};

use super::super::candidates::PlanCandidate;
use super::super::{PlanInputs, PlanViewState};
use super::model::nothing;
use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::catalog::source::Price;
use crate::plan::{CardChoice, CardCount, OperatingSystem, Plan};
use crate::text::{self, Key, Locale, Placeholder, find};
use crate::ui::theme::space;
use crate::ui::widgets::picker::{ListItem, ListLine, Picker};

/// The field of one row of the machine, and its list while it is open; the card that was picked for it.
pub(super) fn of_row(
    ui: &mut Ui,
    plan: &mut Plan,
    row: usize,
    (name, current, width): (&str, &str, f32),
    inputs: &PlanInputs<'_>,
    state: &mut PlanViewState,
) {
    let picker = picker((name, current), (width, 28.0), inputs);
    let response = picker.field(ui);
    if let Some(card) = under(ui, &picker, &response, (plan, row), inputs, state) {
        put(plan, row, card);
    }
}

/// The list under the button that adds a row.
pub(super) fn to_add(
    ui: &mut Ui,
    plan: &mut Plan,
    response: &Response,
    name: &str,
    inputs: &PlanInputs<'_>,
    state: &mut PlanViewState,
) {
    let picker = picker((name, ""), (space::CONTROL, 28.0), inputs);
    let row = plan.machine.cards.len();
    if let Some(card) = under(ui, &picker, response, (plan, row), inputs, state) {
        put(plan, row, card);
    }
}

fn picker<'a>((name, current): (&'a str, &'a str), size: (f32, f32), inputs: &PlanInputs<'a>) -> Picker<'a> {
    let locale = inputs.locale;
    Picker {
        salt: "card",
        name,
        current: (current, ""),
        search: Some(locale.word(Key::SearchCards)),
        nothing: nothing(locale),
        size,
        quiet: false,
    }
}

fn under<'a>(
    ui: &mut Ui,
    picker: &Picker<'_>,
    response: &Response,
    (plan, row): (&Plan, usize),
    inputs: &PlanInputs<'a>,
    state: &mut PlanViewState,
) -> Option<&'a Card> {
    let cards: Vec<&Card> = inputs.catalog.cards().collect();
    let current = || match &plan.machine.cards.get(row)?.card {
        CardChoice::Catalog(id) => cards.iter().position(|card| card.id == *id),
        CardChoice::Detected { .. } => None,
    };
    let line = |place: usize| {
        let Some(card) = cards.get(place) else { return ListLine::default() };
        let candidate = PlanCandidate::Card { row, card: place };
        let mark = state.candidates.mark(plan, candidate, inputs, |plan| put(plan, row, card));
        ListLine { title: card.name.clone(), fact: fact(card, inputs.catalog, inputs.locale), mark }
    };
    let picked = picker.show_items(ui, response, current, |query| items(&cards, query, inputs.locale), line)?;
    cards.get(picked).copied()
}

/// What a query finds: makers by their best card, under each the best first, else as the catalog lists them.
fn items(cards: &[&Card], query: &str, locale: Locale) -> Vec<ListItem> {
    let mut hits = find::ranked(cards.iter().map(|card| card.names()), query);
    let best = |vendor| hits.iter().filter(|hit| cards[hit.place].vendor == vendor).map(|hit| hit.rank).min();
    let bests: Vec<_> = hits.iter().map(|hit| best(cards[hit.place].vendor)).collect();
    let mut order: Vec<_> = hits.drain(..).zip(bests).collect();
    order.sort_by_key(|(hit, best)| (*best, cards[hit.place].vendor.name(), hit.rank, hit.place));
    let mut items = Vec::with_capacity(order.len() + 8);
    let mut last = None;
    for (hit, _) in order {
        let vendor = cards[hit.place].vendor;
        if last != Some(vendor) {
            items.push(ListItem::Heading(Arc::from(vendor.said(locale))));
            last = Some(vendor);
        }
        items.push(ListItem::Entry(hit.place));
    }
    items
}

/// Puts a card into a row of the machine, or into a row of its own at the end; where the machine has it in another row
/// already, that has one more. The machine of an Apple chip is a Mac.
fn put(plan: &mut Plan, row: usize, card: &Card) {
    let cards = &mut plan.machine.cards;
    let choice = CardChoice::Catalog(card.id.clone());
    let like = |(place, other): (usize, &CardCount)| (place != row && other.card == choice).then_some(place);
    let twin = cards.iter().enumerate().find_map(like);
    match (cards.get_mut(row).is_some(), twin) {
        (false, Some(twin)) => cards[twin].count += 1,
        (false, None) => cards.push(CardCount::of(choice, 1)),
        (true, Some(twin)) => {
            let moved = cards[row].count;
            cards[twin].count += moved;
            cards.remove(row);
        }
        (true, None) => {
            cards[row].card = choice;
            cards[row].memory_gib = None;
        }
    }
    let os = &mut plan.machine.os;
    match (super::hardware::is_apple(card), *os) {
        (true, _) => *os = OperatingSystem::MacOs,
        (false, OperatingSystem::MacOs) => *os = OperatingSystem::default(),
        _ => {}
    }
}

/// Its memory, its bandwidth and its price; of several sizes the least and the most, and what the least costs that is priced.
fn fact(card: &Card, catalog: &Catalog, locale: Locale) -> String {
    let most = text::gib_trimmed(card.memory_gib);
    let least = card.memory_sizes_gib().iter().copied().fold(card.memory_gib, f64::min);
    let several = least < card.memory_gib;
    let memory = if several { text::range(&text::trimmed(least, 1), &most) } else { most };
    let bandwidth = card.bandwidth_gb_s.map(|gb_s| format!("{} GB/s", text::decimal(gb_s, 0)));
    let sizes = catalog.card_sizes_bought_gib(card);
    let price = sizes.iter().find_map(|gib| catalog.card_asked_price(card, *gib)).map(priced);
    let from = |price: String| locale.sentence(Key::TotalFrom, &[(Placeholder::Value, &price)]);
    let price = if several { price.map(from) } else { price };
    let last = card.life().map(|life| life.mark(locale));
    [Some(memory), bandwidth, last, price].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A price and the year it is of: `$1,599 (2022)`.
pub(super) fn priced(price: &Price) -> String {
    let usd = text::money(price.expected_usd());
    price.date.year().map_or_else(|| usd.clone(), |year| format!("{usd} ({year})"))
}
