//! What is done to the wishes: each change in one place, so that what follows from it is not forgotten.

use crate::advise::builder::{Build, Swap, swapped};
use crate::catalog::parts::TierId;
use crate::plan::{BuildRequest, PartCount};

/// Puts a part in the place of another in the build of `tier`; nothing else is changed.
pub(super) fn swap(request: &mut BuildRequest, tier: TierId, build: &Build<'_>, from: &str, to: &Swap<'_>) {
    request.choose(tier);
    request.by_hand = swapped(&build.parts(), from, to);
    // What was locked stays locked in its new shape.
    if let Some(lock) = request.locks.iter_mut().find(|lock| lock.part == from) {
        *lock = PartCount { part: to.id.to_owned(), count: to.count };
    }
}

/// Searches for the best build of `tier` again, in place of the one that was put together by hand.
pub(super) fn search_again(request: &mut BuildRequest, tier: TierId) {
    request.choose(tier);
    request.by_hand.clear();
}

/// Locks a part of the build of `tier`, or lets it go.
pub(super) fn toggle_lock(request: &mut BuildRequest, tier: TierId, part: PartCount) {
    request.choose(tier);
    match request.locks.iter().position(|lock| lock.part == part.part) {
        Some(place) => drop(request.locks.remove(place)),
        None => request.locks.push(part),
    }
}

/// So many of a part are there already; with none it is no longer listed.
pub(super) fn own(request: &mut BuildRequest, part: &str, count: u32) {
    match request.owned.iter_mut().find(|owned| owned.part == part) {
        Some(owned) if count > 0 => owned.count = count,
        Some(_) => request.owned.retain(|owned| owned.part != part),
        None if count > 0 => request.owned.push(PartCount { part: part.to_owned(), count }),
        None => {}
    }
}
