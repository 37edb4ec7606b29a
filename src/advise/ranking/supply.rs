//! A rule of thumb for the power supply.

use super::offer::Offer;

/// What the rest of a machine draws under load, in W: processor, board, disks, fans. A rule of thumb, not a measurement.
const REST_W: u32 = 200;
/// The most of its rating, in percent, that a supply should deliver all day.
const LOAD_PERCENT: u32 = 80;
/// Supplies are sold in steps of so many W.
const STEP_W: u32 = 50;

/// What feeds an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supply {
    /// Rated power of the cards, in W.
    pub cards_w: u32,
    /// Assumed for the rest of the machine, in W.
    pub rest_w: u32,
    /// The smallest supply, in W.
    pub supply_w: u32,
}

/// The power supply that `offer` asks for; `None` where its power is not known, or where it comes with its own.
pub fn supply(offer: &Offer<'_>) -> Option<Supply> {
    if offer.card.is_unified() || offer.card.is_laptop() {
        return None;
    }
    let cards_w = offer.power_w()?;
    let supply_w = ((cards_w + REST_W) * 100).div_ceil(LOAD_PERCENT).next_multiple_of(STEP_W);
    Some(Supply { cards_w, rest_w: REST_W, supply_w })
}
