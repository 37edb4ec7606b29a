//! What is kept of a document beside single rows: the offers and prices that a figure was the best of, and the builds that
//! were found among all prices. Each is closed: what came to the tables later has no part in it.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::catalog::check::Problems;
use crate::catalog::entry_table::Entry as _;
use crate::catalog::origin::Origin;
use crate::catalog::parts::{Dimm, MemoryKit, PartKind, TierId};
use crate::catalog::platform::RamKind;
use crate::catalog::price::{Rent, is_fresh};
use crate::catalog::priced::{Condition, Priced as _};
use crate::catalog::source::Date;
use crate::text::Phrase;
use crate::units::Usd;

/// The most that one document keeps of each.
const MOST: usize = 1000;
/// The most of one part that a build holds.
const MOST_PIECES: f64 = 1024.0;
/// The offers of any card that a short text holds: those that lead.
const SHORT: usize = 6;
/// What an hour of an offer can cost.
const USD_PER_HOUR: (Usd, Usd) = (Usd(1e-4), Usd(1e6));

/// Offers to rent cards, as they were.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RentBook {
    /// The cards that there are no other offers of; `None` = of any card.
    #[serde(default)]
    pub cards: Option<Vec<String>>,
    /// The print of all offers that it is of.
    pub print: u32,
    /// The newest date of all offers that could be counted on, by which one is fresh.
    #[serde(default)]
    pub newest: Option<Date>,
    /// The offers.
    pub rents: Vec<Rent>,
}

impl RentBook {
    /// Whether there are no offers of this card but its own.
    pub fn covers(&self, card: &str) -> bool {
        self.cards.as_ref().is_none_or(|cards| cards.iter().any(|covered| covered == card))
    }

    /// The same for a short text: of the offers of these cards the cheapest of each size, which is what a price comes from
    /// however many are rented, and of a list of any card its first; without what no figure needs.
    #[must_use]
    pub fn shortened(mut self, cards: &[String]) -> Self {
        let offers = std::mem::take(&mut self.rents);
        let leads =
            |offer: &Rent| offer.leads() || !offers.iter().any(|other| other.card == offer.card && other.leads());
        let fresh = |offer: &Rent| is_fresh(offer, self.newest.as_ref());
        let is_cheapest = |offer: &Rent, counts: &dyn Fn(&Rent) -> bool| {
            let alike = offers.iter().filter(|other| (&other.card, other.cards) == (&offer.card, offer.cards));
            let priced = alike.filter(|other| counts(other)).filter_map(|other| Some((other, other.hourly_usd()?)));
            let cheapest = priced.min_by(|one, other| one.1.total_cmp(&other.1));
            cheapest.is_some_and(|(cheapest, _)| std::ptr::eq(cheapest, offer))
        };
        let prices =
            |offer: &Rent| cards.contains(&offer.card) && (is_cheapest(offer, &leads) || is_cheapest(offer, &fresh));
        let listed = if self.cards.is_none() { SHORT } else { 0 };
        let kept = offers.iter().enumerate().filter(|(place, offer)| *place < listed || prices(offer));
        let source = Origin::cited(super::print::CAME_WITH_TEXT);
        self.rents = kept.map(|(_, rent)| Rent { source: source.clone(), note: None, ..rent.clone() }).collect();
        self
    }

    pub(super) fn problems(&self) -> Vec<Phrase> {
        let mut found = Problems::default();
        found.within("rents", Some(count(self.rents.len())), 0.0, count(MOST));
        for rent in &self.rents {
            for usd in [rent.usd_per_hour, rent.usd_per_hour_spot, rent.usd_per_card_hour].into_iter().flatten() {
                found.within("usd_per_hour", Some(usd.0), USD_PER_HOUR.0.0, USD_PER_HOUR.1.0);
            }
            found.within("cards", Some(f64::from(rent.cards)), 1.0, MOST_PIECES);
        }
        found.list
    }
}

/// What RAM of one kind cost: the kits that were sold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RamBook {
    /// Kind of RAM.
    pub kind: RamKind,
    /// Registered or not.
    pub dimm: Dimm,
    /// The kits; no others are sold.
    pub kits: Vec<MemoryKit>,
}

impl RamBook {
    /// Whether both are of one kind.
    pub fn is_of(&self, other: &Self) -> bool {
        (self.kind, self.dimm) == (other.kind, other.dimm)
    }

    pub(super) fn problems(&self) -> Vec<Phrase> {
        self.kits.iter().flat_map(MemoryKit::problems).collect()
    }
}

/// A build as it was found among the prices of its day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptBuild {
    /// Whose rules it follows.
    pub tier: TierId,
    /// The print of what was asked, wishes and plan: it answers nothing else.
    pub asked: u32,
    /// The print of the prices that it was found among.
    pub prices: u32,
    /// Its parts by id, and how many of each.
    pub parts: Vec<(String, u32)>,
    /// What was bought with what was left over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_over: Vec<PartKind>,
}

impl KeptBuild {
    pub(super) fn problems(&self) -> Vec<Phrase> {
        let mut found = Problems::default();
        found.within("parts", Some(count(self.parts.len())), 1.0, count(MOST));
        for (_, pieces) in &self.parts {
            found.within("parts.count", Some(f64::from(*pieces)), 1.0, MOST_PIECES);
        }
        found.list
    }
}

/// What was found for the builds of a document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FoundBuilds {
    /// The builds.
    pub builds: Vec<KeptBuild>,
    /// The offers that stood beside them.
    pub rents: Vec<Rent>,
}

#[expect(clippy::cast_precision_loss, reason = "entries of a file of some MiB")]
fn count(entries: usize) -> f64 {
    entries as f64
}

impl Catalog {
    /// The build that was kept as the answer to what has this print.
    pub fn kept_build(&self, asked: impl FnOnce() -> u32) -> Option<&KeptBuild> {
        if self.kept.builds.is_empty() {
            return None;
        }
        let asked = asked();
        self.kept.builds.iter().find(|build| build.asked == asked)
    }

    /// All kept builds.
    pub fn kept_builds(&self) -> &[KeptBuild] {
        &self.kept.builds
    }

    /// The kept offers.
    pub const fn kept_rents(&self) -> Option<&RentBook> {
        self.kept.rents.as_ref()
    }

    /// The offers of these cards as they are, or of any card those that are given.
    pub fn rent_book(&self, cards: Option<Vec<String>>, rents: Vec<Rent>) -> RentBook {
        let (print, newest) = (self.rents_print(cards.as_deref()), self.newest_rent().cloned());
        let of_cards = |cards: &Vec<String>| self.rents().filter(|rent| cards.contains(&rent.card)).cloned().collect();
        let mut rents = cards.as_ref().map_or(rents, of_cards);
        for rent in &mut rents {
            rent.source = rent.source.as_told();
        }
        RentBook { cards, print, newest, rents }
    }

    /// The print of all offers, or those of some cards.
    pub(super) fn rents_print(&self, cards: Option<&[String]>) -> u32 {
        let mut print = crc32fast::Hasher::new();
        for rent in self.rents().filter(|rent| cards.is_none_or(|cards| cards.contains(&rent.card))) {
            for text in [rent.card.as_str(), rent.date.as_str(), rent.cloud.to_string().as_str()] {
                print.update(text.as_bytes());
            }
            print.update(&rent.cards.to_le_bytes());
            print.update(&rent.hourly_usd().unwrap_or_default().0.to_le_bytes());
        }
        print.finalize()
    }

    /// What RAM of this kind costs, where any is sold.
    pub fn ram_book(&self, kind: RamKind, dimm: Dimm) -> Option<RamBook> {
        let kits = self.ram_kits().filter(|kit| kit.kind == kind && kit.dimm == dimm);
        let mut kits: Vec<MemoryKit> =
            kits.filter(|kit| kit.offered_price(&Condition::ALL).is_some()).cloned().collect();
        for price in kits.iter_mut().flat_map(|kit| &mut kit.prices) {
            price.source = price.source.as_told();
        }
        (!kits.is_empty()).then_some(RamBook { kind, dimm, kits })
    }

    /// The print of every price that a build is searched among.
    pub fn prices_print(&self) -> u32 {
        let mut print = crc32fast::Hasher::new();
        for row in self.price_book() {
            print.update(row.id.as_bytes());
            if let Some(price) = row.price {
                print.update(&price.expected_usd().0.to_le_bytes());
                print.update(price.date.as_str().as_bytes());
            }
        }
        print.finalize()
    }

    pub(super) fn lay_ram(&mut self, book: &RamBook) {
        let others = self.ram_kits().filter(|kit| kit.kind == book.kind && kit.dimm == book.dimm);
        let others = others.filter(|kit| !book.kits.iter().any(|kept| kept.id == kit.id));
        let unsold = others.map(|kit| MemoryKit { prices: Vec::new(), ..kit.clone() });
        let kits: Vec<MemoryKit> = unsold.chain(book.kits.iter().cloned()).collect();
        self.parts.ram.lay_over(kits);
    }
}
