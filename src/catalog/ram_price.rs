//! What RAM costs: one book of kits for builds, for ways to make a plan fit, and for what is said of a GiB.

use super::Catalog;
use super::parts::{Board, Dimm, MemoryKit};
use super::platform::RamKind;
use super::priced::{Condition, Priced};
use super::runtime::RamSpeed;
use super::source::Price;
use crate::units::Usd;

/// The most kits of RAM that one machine takes: as many as the largest boards have slots.
const MOST_KITS: u32 = 32;

/// Kits of RAM as they are bought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RamPurchase<'a> {
    /// The kit.
    pub kit: &'a MemoryKit,
    /// How many of it.
    pub pieces: u32,
    /// The price of one.
    pub price: &'a Price,
}

impl RamPurchase<'_> {
    /// US dollars for all of them.
    pub fn usd(&self) -> Usd {
        self.price.expected_usd() * self.pieces
    }

    /// US dollars for one GiB.
    pub fn usd_per_gib(&self) -> Usd {
        self.usd() / f64::from(self.kit.gib() * self.pieces)
    }
}

impl Catalog {
    /// At least so many GiB of RAM that runs at `speed`, in the kits of one kind that come cheapest at prices that count;
    /// `None` where no board has slots for so many sticks: none of that socket, where one is named.
    pub fn ram_for(&self, speed: RamSpeed, dimm: Dimm, gib: f64, socket: Option<&str>) -> Option<RamPurchase<'_>> {
        let kits = self.ram_sold(speed.kind, dimm).filter(|it| it.kit.mt_s >= speed.mt_s);
        let takes = |board: &&Board| board.dimm == dimm && socket.is_none_or(|socket| board.socket == socket);
        let slots = self.boards().filter(takes).map(|board| board.dimm_slots).max();
        let goes_in = |sticks: u32| slots.is_none_or(|slots| sticks <= slots);
        let enough = kits.filter_map(|it| {
            let pieces = (1..=MOST_KITS).find(|pieces| f64::from(it.kit.gib() * pieces) >= gib)?;
            goes_in(it.kit.sticks * pieces).then_some(RamPurchase { pieces, ..it })
        });
        enough.min_by(|a, b| a.usd().total_cmp(&b.usd()))
    }

    /// The kit of which a GiB costs least.
    pub fn cheapest_ram(&self, kind: RamKind, dimm: Dimm) -> Option<RamPurchase<'_>> {
        self.ram_sold(kind, dimm).min_by(|a, b| a.usd_per_gib().total_cmp(&b.usd_per_gib()))
    }

    /// One of each kit that is sold.
    fn ram_sold(&self, kind: RamKind, dimm: Dimm) -> impl Iterator<Item = RamPurchase<'_>> {
        let kits = self.ram_kits().filter(move |kit| kit.kind == kind && kit.dimm == dimm);
        kits.filter_map(|kit| Some(RamPurchase { kit, pieces: 1, price: kit.offered_price(&Condition::ALL)? }))
    }
}
