//! What can be bought: parts with the prices that count, what is owned, and what is kept.

use super::checks::is_loud;
use super::choice::PartList;
use crate::catalog::Catalog;
use crate::catalog::card::{Card, FormFactor, Vendor};
use crate::catalog::entry_table::Entry;
use crate::catalog::parts::{
    Board, Case, Cooler, Fitting, FittingKind, MemoryKit, PartKind, PowerSupply, Storage, System, SystemKind,
};
use crate::catalog::platform::Platform;
use crate::catalog::price_rule::{Standing, is_left_behind};
use crate::catalog::priced::{Condition, Priced};
use crate::catalog::source::Price;
use crate::plan::{BuildRequest, PartCount};
use crate::units::Usd;

/// A part as it can be had.
#[derive(Debug, PartialEq)]
pub struct Item<'a, T> {
    /// The part.
    pub part: &'a T,
    /// What one pays for it; `None` = no price is known, and what it costs is left out of totals.
    pub price: Option<&'a Price>,
    /// So many are there already.
    pub owned: u32,
    /// Exactly so many are kept.
    pub locked: Option<u32>,
    /// Advice may buy it at its price; one that does not count is taken by hand alone.
    pub sold: bool,
}

/// What parts cost together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Total {
    /// US dollars of all parts with a price.
    pub usd: Usd,
    /// Parts without a price: then it costs from [`Self::usd`].
    pub unpriced: u32,
}

impl Total {
    /// Whether it is the cheaper: what has no price is taken where nothing else is to be had.
    pub(super) fn is_less_than(self, other: Self) -> bool {
        self.unpriced.cmp(&other.unpriced).then(self.usd.total_cmp(&other.usd)).is_lt()
    }
}

impl std::ops::Add for Total {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { usd: self.usd + other.usd, unpriced: self.unpriced + other.unpriced }
    }
}

impl std::iter::Sum for Total {
    fn sum<I: Iterator<Item = Self>>(totals: I) -> Self {
        totals.fold(Self::default(), std::ops::Add::add)
    }
}

// Derived, these would ask the same of the part.
impl<T> Clone for Item<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Item<'_, T> {}

impl<T> Item<'_, T> {
    /// What `count` of it cost, those that are there already free.
    pub fn cost(&self, count: u32) -> Total {
        let bought = count.saturating_sub(self.owned);
        match self.price {
            Some(price) => Total { usd: price.expected_usd() * bought, unpriced: 0 },
            None => Total { usd: Usd::ZERO, unpriced: u32::from(bought > 0) },
        }
    }

    /// Whether so many of it may be taken.
    pub fn allows(&self, count: u32) -> bool {
        self.locked.is_none_or(|locked| locked == count)
    }
}

/// Does the same with the parts of every kind.
macro_rules! for_each_kind {
    ($market:ident, $items:ident, $what:expr) => {
        for_each_kind!(@ $market, $items, $what, cards processors boards ram disks supplies cases fittings coolers systems)
    };
    (@ $market:ident, $items:ident, $what:expr, $($kind:ident)+) => {
        $({
            let $items = &mut $market.$kind;
            $what;
        })+
    };
}

/// What can be bought, kind by kind. A kind of which a part is kept holds that part alone.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the kinds of part")]
pub struct Market<'a> {
    pub cards: Vec<Item<'a, Card>>,
    pub processors: Vec<Item<'a, Platform>>,
    pub boards: Vec<Item<'a, Board>>,
    pub ram: Vec<Item<'a, MemoryKit>>,
    pub disks: Vec<Item<'a, Storage>>,
    pub supplies: Vec<Item<'a, PowerSupply>>,
    pub cases: Vec<Item<'a, Case>>,
    pub fittings: Vec<Item<'a, Fitting>>,
    pub coolers: Vec<Item<'a, Cooler>>,
    /// Whole machines; empty where a part is kept.
    pub systems: Vec<Item<'a, System>>,
    /// Where the cards of whole machines stand.
    pub catalog: Option<&'a Catalog>,
    /// Parts that are kept or owned but that nothing of the catalog is.
    pub unknown: Vec<String>,
    /// What is heard through a room is left out.
    pub quiet: bool,
}

impl<'a> Market<'a> {
    /// Every part there is, with the prices at which `request` buys.
    pub fn all(request: &BuildRequest, catalog: &'a Catalog) -> Self {
        let (any, of_cards) = (request.buying.conditions(), request.buying.of_cards());
        Self {
            cards: items((request, of_cards), catalog.cards().filter(|card| !card.is_unified())),
            processors: items((request, any), catalog.platforms()),
            boards: items((request, any), catalog.boards()),
            ram: items((request, any), catalog.ram_kits()),
            disks: items((request, any), catalog.disks()),
            supplies: items((request, any), catalog.power_supplies()),
            cases: items((request, any), catalog.cases()),
            fittings: items((request, any), catalog.fittings()),
            coolers: items((request, any), catalog.coolers()),
            systems: items((request, of_cards), catalog.systems()),
            catalog: Some(catalog),
            unknown: Vec::new(),
            quiet: request.quiet,
        }
    }

    /// What `request` can be built from.
    pub fn of(request: &BuildRequest, catalog: &'a Catalog) -> Self {
        Self::all(request, catalog).for_building(request, catalog)
    }

    /// The same with every price that was ever asked, where too few count.
    pub(super) fn at_any_price(request: &BuildRequest, catalog: &'a Catalog) -> Self {
        let mut market = Self::all(request, catalog);
        for_each_kind!(
            market,
            items,
            for item in items.iter_mut() {
                item.sold = item.price.is_some();
            }
        );
        market.for_building(request, catalog)
    }

    /// The kinds of part that every machine has and of which none can be had, since no price of it counts.
    pub(super) fn unsold(request: &BuildRequest, catalog: &'a Catalog) -> Vec<PartKind> {
        let all = Self::all(request, catalog);
        let kinds = [
            (PartKind::Card, all.cards.iter().any(|item| sold(item) && matches!(item.part.form, FormFactor::Slots(_)))),
            (PartKind::Processor, all.processors.iter().any(sold)),
            (PartKind::Board, all.boards.iter().any(sold)),
            (PartKind::Ram, all.ram.iter().any(sold)),
            (PartKind::Disk, all.disks.iter().any(sold)),
            (PartKind::PowerSupply, all.supplies.iter().any(sold)),
            (PartKind::Case, all.cases.iter().any(sold)),
        ];
        kinds.into_iter().filter(|(_, sold)| !sold).map(|(kind, _)| kind).collect()
    }

    fn for_building(self, request: &BuildRequest, catalog: &'a Catalog) -> Self {
        let mut market = self;
        market.keep_to_locks();
        // A cooler costs little: one without a price keeps no socket out. All else without a price is bought by nobody.
        let of_slot = |item: &Item<'_, Card>| {
            let chosen = item.owned > 0 || !item.part.is_modified();
            sold(item) && chosen && matches!(item.part.form, FormFactor::Slots(_)) || item.locked.is_some()
        };
        market.cards.retain(of_slot);
        market.processors.retain(sold);
        market.boards.retain(sold);
        market.ram.retain(sold);
        market.disks.retain(sold);
        market.supplies.retain(sold);
        let volts = request.outlet().volts();
        let runs = |item: &Item<'_, PowerSupply>| item.part.least_volts.is_none_or(|least| least <= volts);
        market.supplies.retain(|item| item.locked.is_some() || runs(item));
        market.cases.retain(sold);
        market.fittings.retain(sold);
        keep_current(&mut market.processors, |part| &part.socket);
        keep_current(&mut market.boards, |part| &part.socket);
        market
            .systems
            .retain(|item| sold(item) && item.part.kind != SystemKind::Rack && item.part.kind != SystemKind::Baseboard);
        if request.quiet {
            market.keep_quiet();
        }
        let known = |id: &str| PartList::of(&[PartCount { part: id.to_owned(), count: 1 }], catalog).is_ok();
        let named = request.locks.iter().chain(&request.owned).map(|part| part.part.as_str());
        market.unknown = named.filter(|id| !known(id)).map(str::to_owned).collect();
        market
    }

    /// Nodes whose price rests on one weak word, and nothing else.
    pub(super) fn of_doubtful_nodes(request: &BuildRequest, catalog: &'a Catalog) -> Self {
        let mut systems = items((request, request.buying.of_cards()), catalog.systems());
        let doubted = |price: &Price, system: &System| system.standing(price) == Standing::Doubtful;
        systems.retain(|item| {
            item.part.kind == SystemKind::Node && item.price.is_some_and(|price| doubted(price, item.part))
        });
        Self { systems, catalog: Some(catalog), ..Self::default() }
    }

    /// Leaves out what does not run CUDA, but for what is owned or kept.
    pub(super) fn keep_cuda(&mut self) {
        let chosen = |owned: u32, locked: Option<u32>| owned > 0 || locked.is_some();
        let kept = |item: &Item<'_, Card>| item.part.vendor == Vendor::Nvidia || chosen(item.owned, item.locked);
        self.cards.retain(kept);
        let systems = std::mem::take(&mut self.systems);
        let runs = |item: &Item<'a, System>| {
            chosen(item.owned, item.locked)
                || self.cards_of(item.part).iter().all(|cards| cards.part.vendor == Vendor::Nvidia)
        };
        let kept = systems.into_iter().filter(runs).collect();
        self.systems = kept;
    }

    /// Leaves out what is heard through a room, but for what is kept.
    fn keep_quiet(&mut self) {
        let is_open = |case| is_loud(&PartList { case: Some(case), ..PartList::default() });
        let is_node = |system| is_loud(&PartList { system: Some(system), ..PartList::default() });
        self.cases.retain(|item| item.locked.is_some() || !is_open(item.part));
        self.systems.retain(|item| item.locked.is_some() || !is_node(item.part));
    }

    /// Takes out the whole machines that stand on a desk, but for one that is kept.
    pub(super) fn take_desktops(&mut self) -> Vec<Item<'a, System>> {
        let stays = |item: &Item<'_, System>| item.part.kind == SystemKind::Node || item.locked.is_some();
        let (stay, taken) = std::mem::take(&mut self.systems).into_iter().partition(stays);
        self.systems = stay;
        taken
    }

    /// The cheapest of what joins the parts of `choice`, and how many of each; `None` where there is none to be had.
    pub(super) fn fittings_of(&self, choice: &PartList<'_>) -> Option<Vec<(&Item<'a, Fitting>, u32)>> {
        choice.fittings().map(|(kind, count)| Some((self.fitting(kind, count)?, count))).collect()
    }

    /// What joins the parts of `choice` costs so much; `None` where there is none to be had.
    pub fn fittings_cost(&self, choice: &PartList<'_>) -> Option<Total> {
        self.cost_of_fittings(choice.fittings())
    }

    /// What these cost; `None` where one is not to be had.
    pub(super) fn cost_of_fittings(&self, wanted: impl Iterator<Item = (FittingKind, u32)>) -> Option<Total> {
        let cost = |(kind, count)| Some(self.fitting(kind, count)?.cost(count));
        wanted.map(cost).sum()
    }

    fn fitting(&self, kind: FittingKind, count: u32) -> Option<&Item<'a, Fitting>> {
        cheapest(&self.fittings, count, |fitting| fitting.kind == kind).map(|(item, _)| item)
    }

    fn keep_to_locks(&mut self) {
        let whole = self.systems.iter().any(|item| item.locked.is_some());
        let kept = [
            only_locked(&mut self.cards),
            only_locked(&mut self.processors),
            only_locked(&mut self.boards),
            only_locked(&mut self.ram),
            only_locked(&mut self.disks),
            only_locked(&mut self.supplies),
            only_locked(&mut self.cases),
            only_locked(&mut self.coolers),
        ];
        if kept.contains(&true) {
            self.systems.retain(|item| item.locked.is_some());
        }
        if whole {
            only_locked(&mut self.systems);
        }
        // A whole machine that is kept is the machine: none is built beside it.
        if whole && !kept.contains(&true) {
            self.boards.clear();
        }
    }
}

/// Leaves the kept parts alone where there are any.
fn only_locked<T>(items: &mut Vec<Item<'_, T>>) -> bool {
    let any = items.iter().any(|item| item.locked.is_some());
    if any {
        items.retain(|item| item.locked.is_some());
    }
    any
}

/// Whether a part can be had: it is sold, is there already, or is kept whatever it costs.
const fn sold<T>(item: &Item<'_, T>) -> bool {
    item.sold || item.owned > 0 || item.locked.is_some()
}

/// Leaves those out whose price is older than a year beside newer ones of parts that stand in for them, what is there
/// already or kept excepted.
fn keep_current<T>(items: &mut Vec<Item<'_, T>>, market: fn(&T) -> &str) {
    let all = items.clone();
    items.retain(|item| {
        let alike = all.iter().filter(|other| market(other.part) == market(item.part));
        let left_behind = |price| is_left_behind(price, alike.filter_map(|other| other.price));
        item.owned > 0 || item.locked.is_some() || !item.price.is_some_and(left_behind)
    });
}

/// Parts of one kind as `request` can have them.
fn items<'a, T: Entry + Priced + 'a>(
    (request, conditions): (&BuildRequest, &[Condition]),
    parts: impl Iterator<Item = &'a T>,
) -> Vec<Item<'a, T>> {
    let count = |list: &[PartCount], id: &str| list.iter().find(|part| part.part == id).map(|part| part.count);
    let item = |part: &'a T| {
        let price = part.asked_price(conditions);
        Item {
            part,
            price,
            owned: count(&request.owned, part.id()).unwrap_or(0),
            locked: count(&request.locks, part.id()),
            sold: price.is_some_and(|price| part.standing(price) == Standing::Counts),
        }
    };
    parts.map(item).collect()
}

/// The cheapest of `items` that `fits`, so many of it.
pub(super) fn cheapest<'m, 'a, T>(
    items: &'m [Item<'a, T>],
    count: u32,
    fits: impl Fn(&T) -> bool,
) -> Option<(&'m Item<'a, T>, Total)> {
    let fitting = items.iter().filter(|item| item.allows(count) && fits(item.part));
    let costs = fitting.map(|item| (item, item.cost(count)));
    // What has no price is taken where nothing else fits: nobody knows that it is cheap.
    costs.min_by(|a, b| a.1.unpriced.cmp(&b.1.unpriced).then(a.1.usd.total_cmp(&b.1.usd)))
}
