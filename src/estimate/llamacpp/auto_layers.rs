//! The most layers that fit: `gpu_layers: auto`.

use super::place::{Placement, Placer};
use super::placement_cache::Placements;
use crate::units::Bytes;

/// How many counts further up one device may be given fewer layers again because of rounding.
const ROUNDING: usize = 2;
/// Devices beyond which rounding no longer decides: each holds few layers.
const MOST_UNEVEN: usize = 8;

/// The most layers that every device holds: more layers need more memory, so it lies between a count that fits and one
/// that does not. Over several devices shares are rounded to whole layers, so that a device may be given fewer again a
/// little further up: there every count is tried. `margin` is left free on each device.
pub(super) fn most_that_fit(placer: &Placer<'_>, placements: &mut Placements<'_>, margin: Bytes) -> u32 {
    let all = placements.at(placer.all_layers());
    if fits(placer, all, margin) {
        return placer.all_layers();
    }
    let rooms = placer.rooms(margin);
    if let Some(known) = placements.most(&rooms) {
        return known;
    }
    let most = search(placer, placements, margin);
    placements.keep_most(rooms, most);
    most
}

/// See [`most_that_fit`], where not all layers do.
fn search(placer: &Placer<'_>, placements: &mut Placements<'_>, margin: Bytes) -> u32 {
    let all = placements.at(placer.all_layers());
    let mut guess = placer.all_layers().saturating_sub(surplus(placer, all, margin));
    let (mut low, mut high, mut found) = (0, placer.all_layers(), false);
    let mut step = 1_u32;
    while high - low > 1 {
        let count = guess.clamp(low + 1, high - 1);
        let below = holds(placer, placements, count, margin);
        if below {
            low = count;
            found = true;
        } else {
            high = count;
        }
        // Growing steps away from the guess until it lies between two counts, then halves.
        guess = match below {
            _ if found && high < placer.all_layers() => low.midpoint(high),
            true => low.saturating_add(step),
            false => high.saturating_sub(step),
        };
        step = step.saturating_mul(2);
    }
    let further = if placer.devices.len() > 1 { ROUNDING * placer.devices.len().min(MOST_UNEVEN) } else { 0 };
    let further = u32::try_from(further).unwrap_or(0);
    // Small devices beside large ones are given a layer and spared it again over and over: what is found begins anew.
    let mut most = low;
    let mut above = high;
    loop {
        let last = above.saturating_add(further).min(placer.all_layers().saturating_sub(1));
        let Some(count) = (above + 1..=last).rev().find(|count| holds(placer, placements, *count, margin)) else {
            return most;
        };
        (most, above) = (count, count);
    }
}

/// Whether every device holds its share with so many layers on all of them. Laying them out takes long: not done where
/// weights and caches alone are too much.
fn holds(placer: &Placer<'_>, placements: &mut Placements<'_>, count: u32, margin: Bytes) -> bool {
    (placements.knows(count) || placer.may_fit(count, margin)) && fits(placer, placements.at(count), margin)
}

/// Whether every device holds its share with so much left free.
pub(super) fn fits(placer: &Placer<'_>, placement: &Placement, margin: Bytes) -> bool {
    let mut devices = placement.devices.iter().zip(placer.devices);
    devices.all(|(placed, device)| {
        placed.parts.total().is_some_and(|total| total + device.overhead.expected + margin <= device.usable)
    })
}

/// About how many layers are too many: what is missing on each device in layers of its average size.
fn surplus(placer: &Placer<'_>, placement: &Placement, margin: Bytes) -> u32 {
    let layers = placement.devices.iter().zip(placer.devices).map(|(placed, device)| {
        let total = placed.parts.total().unwrap_or_default();
        let missing = (total + device.overhead.expected + margin).saturating_sub(device.usable).0;
        let fixed = placed.parts.compute.unwrap_or_default();
        let one = (total.saturating_sub(fixed).0 / u64::from(placed.layers.max(1))).max(1);
        u32::try_from(missing.div_ceil(one)).unwrap_or(u32::MAX)
    });
    layers.fold(0, u32::saturating_add)
}
