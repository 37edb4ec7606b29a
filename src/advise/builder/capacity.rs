//! How many cards a machine holds, and what the host that holds so many costs: what every advice asks that adds cards.

use std::cell::RefCell;
use std::collections::HashMap;

use super::candidates::{BoardCombo, MOST_CARDS, bases};
use super::choice::{Counted, PartList};
use super::housing::{SupplyRules, housings};
use super::market::{Market, Total};
use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::catalog::parts::{Dimm, Efficiency};
use crate::catalog::platform::Platform;
use crate::plan::{BuildRequest, Buying, CardChoice, Machine};

/// Share of a supply's rating that the parts draw at most.
const USED: f64 = 0.8;
/// Cards that a desktop of which nothing is said holds: its board splits sixteen lanes once.
const DESKTOP_CARDS: u32 = 2;

/// Everything that is sold to hold cards. Preparing it takes about as long as a small search: keep it for many questions.
#[derive(Debug)]
pub struct Capacity<'a> {
    catalog: &'a Catalog,
    market: Market<'a>,
    hosts: Vec<BoardCombo<'a>>,
    rules: SupplyRules,
    known: RefCell<HashMap<Asked, Option<Host<'a>>>>,
}

/// What of a question decides its answer.
type Asked = (Vec<(String, u32)>, u64);

/// A machine without its cards and its disk: board, processors, coolers, RAM, supplies, case, and what joins them.
#[derive(Debug, Clone, PartialEq)]
pub struct Host<'a> {
    /// The machine with the cards in it.
    pub parts: PartList<'a>,
    /// What it costs without the cards.
    pub total: Total,
}

impl<'a> Capacity<'a> {
    /// With what can be had new, or also used.
    pub fn of(catalog: &'a Catalog, buying: Buying) -> Self {
        let request = BuildRequest { buying, ..BuildRequest::default() };
        let market = Market::of(&request, catalog);
        let hosts = bases(&market, &[]);
        let rules = SupplyRules { used: USED, least_class: Efficiency::Bronze };
        Self { catalog, market, hosts, rules, known: RefCell::default() }
    }

    /// How many of `card` can be put into the machine of a plan beside what is in it: by slots, lanes, supplies and cases
    /// that its platform is sold with. A machine of which no platform is named is a desktop.
    ///
    /// Zero where no card can be added: unified memory, laptops, modules, servers that are bought whole.
    pub fn addable(&self, machine: &Machine, card: &'a Card) -> u32 {
        let Some(present) = self.present(machine) else { return 0 };
        let fixed = |card: &Card| card.thickness().is_none() || card.is_unified() || card.is_slice();
        if fixed(card) || present.iter().any(|cards| fixed(cards.part)) {
            return 0;
        }
        let platform = machine.platform.as_deref().and_then(|id| self.catalog.platform(id));
        let there: u32 = present.iter().map(|cards| cards.count).sum();
        let most = platform.map_or(DESKTOP_CARDS, |_| MOST_CARDS);
        let holds = |added: u32| {
            let cards = present.iter().copied().chain([Counted::new(card, added)]).collect();
            self.is_held(&PartList { cards, ..PartList::default() }, platform)
        };
        (1..=most.saturating_sub(there)).take_while(|added| holds(*added)).last().unwrap_or(0)
    }

    /// Whether the machine of a plan takes so much RAM, in GiB, by the boards and kits that its platform is sold with.
    pub fn takes_ram(&self, machine: &Machine, gib: f64) -> bool {
        let platform = machine.platform.as_deref().and_then(|id| self.catalog.platform(id));
        let mut alike = self.hosts.iter().filter(|host| is_alike(host, platform));
        alike.any(|host| host.ram.iter().any(|option| f64::from(option.gib) >= gib))
    }

    /// The cheapest host that holds all these cards and so much RAM, in GiB; `None` where none is to be had.
    pub fn host(&self, cards: &[(&str, u32)], ram_gib: f64) -> Option<Host<'a>> {
        let mut asked: Vec<(String, u32)> = cards.iter().map(|(id, count)| ((*id).to_owned(), *count)).collect();
        asked.sort_unstable();
        let key = (asked, ram_gib.to_bits());
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let found = self.cheapest(cards, ram_gib);
        self.known.borrow_mut().insert(key, found.clone());
        found
    }

    fn cheapest(&self, cards: &[(&str, u32)], ram_gib: f64) -> Option<Host<'a>> {
        let counted = |(id, count): &(&str, u32)| Some(Counted::new(self.catalog.card(id)?, *count));
        let cards: Vec<Counted<'a, Card>> = cards.iter().map(counted).collect::<Option<_>>()?;
        let mut best: Option<Host<'a>> = None;
        for host in &self.hosts {
            let Some(ram) = host.ram.iter().find(|option| f64::from(option.gib) >= ram_gib) else { continue };
            let total = host.total + ram.item.cost(ram.count);
            if best.as_ref().is_some_and(|best| !total.is_less_than(best.total)) {
                continue;
            }
            let mut parts = Self::on(&cards, host);
            if parts.slots().is_none() {
                continue;
            }
            parts.ram = Some(Counted::new(ram.item.part, ram.count));
            for housing in housings(&self.market, &parts, self.rules) {
                let total = total + housing.total;
                if best.as_ref().is_none_or(|best| total.is_less_than(best.total)) {
                    let (supply, case) = (Some(housing.supply), Some(housing.case));
                    best = Some(Host { parts: PartList { supply, case, ..parts.clone() }, total });
                }
            }
        }
        best
    }

    /// Whether some board of the platform, or of a desktop, holds these cards.
    fn is_held(&self, cards: &PartList<'a>, platform: Option<&Platform>) -> bool {
        self.hosts.iter().filter(|host| is_alike(host, platform)).any(|host| {
            let parts = Self::on(&cards.cards, host);
            parts.slots().is_some() && !housings(&self.market, &parts, self.rules).is_empty()
        })
    }

    fn on(cards: &[Counted<'a, Card>], host: &BoardCombo<'a>) -> PartList<'a> {
        PartList {
            cards: cards.to_vec(),
            board: Some(host.board),
            processor: Some(host.processor),
            cooler: host.cooler.map(|cooler| cooler.part),
            ..PartList::default()
        }
    }

    /// The cards of a machine; `None` where one is not of the catalog.
    fn present(&self, machine: &Machine) -> Option<Vec<Counted<'a, Card>>> {
        let of_kind = |kind: &crate::plan::CardCount| match &kind.card {
            CardChoice::Catalog(id) => Some(Counted::new(self.catalog.card(id)?, kind.count)),
            CardChoice::Detected { .. } => None,
        };
        machine.cards.iter().map(of_kind).collect()
    }
}

/// Whether a host stands for those of a platform, or for a desktop.
fn is_alike(host: &BoardCombo<'_>, platform: Option<&Platform>) -> bool {
    match platform {
        Some(platform) => host.processor.socket == platform.socket,
        None => host.board.dimm == Dimm::Udimm,
    }
}
