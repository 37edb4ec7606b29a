//! What the machine of a plan has room for: cards are added within its slots, lanes, supply and case, or with the host that
//! holds them all, its price among the costs.

use std::cell::OnceCell;

use super::{Baseline, Change, Cost, Remedy, RemedyGroup, change};
use crate::advise::builder::Capacity;
use crate::catalog::Catalog;
use crate::catalog::origin::Origin;
use crate::catalog::priced::{Condition, Priced};
use crate::catalog::source::{Date, Price, PriceKind};
use crate::plan::{Buying, CardChoice, Machine};

/// How often the RAM is doubled in search of what makes a difference.
const DOUBLINGS: u32 = 6;

/// Who knows what is sold to hold cards.
pub(super) trait Housing {
    /// How many of a card, by its id, the machine takes beside what is in it.
    fn addable(&self, machine: &Machine, card: &str) -> u32;
    /// Whether the machine takes so much RAM.
    fn takes_ram(&self, machine: &Machine, gib: f64) -> bool;
    /// The cheapest host for these cards and so much RAM: its platform, and what it costs without the cards.
    fn host(&self, cards: &[(&str, u32)], ram_gib: f64) -> Option<(String, Cost)>;
}

/// What the catalog's parts hold, prepared when it is first asked.
pub(super) struct Houses<'c> {
    catalog: &'c Catalog,
    capacity: OnceCell<Capacity<'c>>,
}

impl<'c> Houses<'c> {
    pub(super) const fn of(catalog: &'c Catalog) -> Self {
        Self { catalog, capacity: OnceCell::new() }
    }

    fn capacity(&self) -> &Capacity<'c> {
        self.capacity.get_or_init(|| Capacity::of(self.catalog, Buying::NewOrUsed))
    }
}

impl Housing for Houses<'_> {
    fn addable(&self, machine: &Machine, card: &str) -> u32 {
        self.catalog.card(card).map_or(0, |card| self.capacity().addable(machine, card))
    }

    fn takes_ram(&self, machine: &Machine, gib: f64) -> bool {
        self.capacity().takes_ram(machine, gib)
    }

    fn host(&self, cards: &[(&str, u32)], ram_gib: f64) -> Option<(String, Cost)> {
        let host = self.capacity().host(cards, ram_gib)?;
        let parts = &host.parts;
        let all = &Condition::ALL;
        let prices = [
            parts.processor.and_then(|part| part.offered_price(all)),
            parts.board.and_then(|part| part.offered_price(all)),
            parts.ram.and_then(|ram| ram.part.offered_price(all)),
            parts.supply.and_then(|supply| supply.part.offered_price(all)),
            parts.case.and_then(|part| part.offered_price(all)),
        ];
        let prices: Vec<&Price> = prices.into_iter().flatten().collect();
        let older = |one: &Date, other: &Date| if other.is_before(one) { other.clone() } else { one.clone() };
        let date = prices.iter().map(|price| price.date.clone()).reduce(|one, other| older(&one, &other))?;
        let source: Vec<Origin> = prices.iter().map(|price| price.source.clone()).collect();
        let cost = Cost::Usd { usd: host.total.usd, spared: None, kind: PriceKind::Street, date, source };
        Some((parts.processor?.id.clone(), if host.total.unpriced == 0 { cost } else { Cost::NoPrice }))
    }
}

/// The change with the host that it needs, where the machine has not room for its cards; `None` where nothing holds them.
pub(super) fn housed(base: &Baseline<'_>, change: Change) -> Option<Change> {
    let machine = &base.plan.machine;
    let present: u32 = machine.cards.iter().map(|kind| kind.count).sum();
    let holds = match &change {
        Change::AddCards { card, count } | Change::ShareCards { card, count, .. } => {
            // Nobody sells modules without the node that they are soldered into.
            if is_module(base, card) {
                return None;
            }
            base.housing.addable(machine, card) >= *count
        }
        // As many as there are go where those were.
        Change::SwapCards { count, .. } if *count <= present.max(1) => true,
        Change::SwapCards { card, count } => {
            let empty = Machine { cards: Vec::new(), ..machine.clone() };
            base.housing.addable(&empty, card) >= *count
        }
        _ => true,
    };
    if holds {
        return Some(change);
    }
    let changed = change::changed(base.plan, std::slice::from_ref(&change));
    let cards = cards(&changed.machine)?;
    let (platform, _) = base.housing.host(&cards, machine.ram_gib)?;
    let count = cards.iter().map(|(_, count)| *count).sum();
    Some(Change::Together(vec![change, Change::NewHost { platform, cards: count }]))
}

/// So much RAM in a host that takes it, with the cards that are there; `None` where none is to be had.
pub(super) fn roomier(base: &Baseline<'_>, gib: f64) -> Option<Change> {
    let cards = cards(&base.plan.machine).filter(|cards| !cards.iter().any(|(id, _)| is_module(base, id)))?;
    let (platform, _) = base.housing.host(&cards, gib)?;
    let count = cards.iter().map(|(_, count)| *count).sum();
    Some(Change::Together(vec![Change::Ram(gib), Change::NewHost { platform, cards: count }]))
}

/// What the host of all cards that `change` leaves costs.
pub(super) fn cost(base: &Baseline<'_>, change: &Change) -> Cost {
    let changed = change::changed(base.plan, std::slice::from_ref(change));
    let host = cards(&changed.machine).and_then(|cards| base.housing.host(&cards, changed.machine.ram_gib));
    host.map_or(Cost::NoPrice, |(_, cost)| cost)
}

/// Modules come with the node that they are sold in.
fn is_module(base: &Baseline<'_>, card: &str) -> bool {
    base.catalog.card(card).is_some_and(|card| card.thickness().is_none())
}

fn cards(machine: &Machine) -> Option<Vec<(&str, u32)>> {
    let mut found = Vec::new();
    for kind in &machine.cards {
        let CardChoice::Catalog(id) = &kind.card else { return None };
        found.push((id.as_str(), kind.count));
    }
    Some(found)
}

/// The RAM doubled until that `cures`, together with another change where one is given first.
pub(super) fn more_of_ram(
    base: &Baseline<'_>,
    first: Option<&Change>,
    cures: impl Fn(&Remedy) -> bool,
) -> Option<Remedy> {
    let way = |ram: Change| {
        let change = match first {
            Some(first) => Change::Together(std::iter::once(first).chain(ram.parts()).cloned().collect()),
            None => ram,
        };
        base.way(RemedyGroup::Offload, change)
    };
    let mut sizes = (1..=DOUBLINGS).map(|doubling| base.plan.machine.ram_gib * f64::from(1_u32 << doubling));
    sizes.find_map(|gib| {
        let here = way(Change::Ram(gib))?;
        // More than the machine takes, or than is sold for it, goes into another.
        let elsewhere = || way(roomier(base, gib)?);
        let stays = here.cost != Cost::NoPrice && base.housing.takes_ram(&base.plan.machine, gib);
        let way = if stays { here } else { elsewhere().unwrap_or(here) };
        cures(&way).then_some(way)
    })
}
