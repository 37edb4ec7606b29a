//! What the cards of a plan cost: of each the price that counts, new or used, whichever is cheaper.

use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::catalog::price_rule::Standing;
use crate::catalog::priced::Priced as _;
use crate::catalog::source::Price;
use crate::plan::{CardChoice, CardCount, Plan};
use crate::units::Usd;

/// What all cards of a plan cost.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanPrice {
    /// US dollars for all of them.
    pub usd: Usd,
    /// What each kind costs.
    pub cards: Vec<CardPrice>,
    /// It buys a whole machine, of which the card is a part: no price of cards alone compares with it.
    pub whole: bool,
}

/// What one kind of card costs.
#[derive(Debug, Clone, PartialEq)]
pub struct CardPrice {
    /// Its name in short.
    pub name: String,
    /// How many.
    pub count: u32,
    /// The price of one.
    pub each: Price,
    /// It is that of a whole machine.
    pub whole: bool,
}

impl PlanPrice {
    /// The price of the plan's cards; `None` where it has none, or where no price of one counts.
    pub fn of(plan: &Plan, catalog: &Catalog) -> Option<Self> {
        let cards: Vec<CardPrice> =
            plan.machine.cards.iter().map(|kind| of_kind(kind, catalog)).collect::<Option<_>>()?;
        let usd = cards.iter().map(|card| card.each.expected_usd() * card.count).sum();
        let whole = cards.iter().any(|card| card.whole);
        (!cards.is_empty()).then_some(Self { usd, cards, whole })
    }
}

/// A kind of card at its price.
fn of_kind(kind: &CardCount, catalog: &Catalog) -> Option<CardPrice> {
    let CardChoice::Catalog(id) = &kind.card else { return None };
    let card: &Card = catalog.card(id)?;
    let each = catalog.card_asked_price(card, kind.memory_gib.unwrap_or(card.memory_gib))?;
    let counts = card.standing(each) == Standing::Counts;
    counts.then(|| CardPrice {
        name: card.brief_name().to_owned(),
        count: kind.count,
        each: each.clone(),
        whole: card.is_unified(),
    })
}
