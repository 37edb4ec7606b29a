//! What a search looks for.

use std::cmp::Ordering;

use super::score::Score;
use super::search::Found;
use crate::units::Usd;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Aim {
    /// The best for at most this much.
    BestFor(Usd),
    /// The cheapest at all that is no worse than this in anything.
    Cheapest(Score),
    /// The cheapest that is no worse than this in anything, for at most this much.
    NoWorse(Score, Usd),
    /// The cheapest that is clearly better than this, for at most this much.
    Better(Score, Usd),
}

impl Aim {
    /// The most that it may cost.
    pub(super) const fn budget(self) -> Usd {
        match self {
            Self::BestFor(usd) | Self::NoWorse(_, usd) | Self::Better(_, usd) => usd,
            Self::Cheapest(_) => Usd::ENDLESS,
        }
    }

    /// The cheapest wins, not the best.
    pub(super) const fn by_price(self) -> bool {
        !matches!(self, Self::BestFor(_))
    }

    /// Whether a score is what is looked for. Whatever a bound does not pass, no machine below it does.
    pub(super) fn admits(self, score: &Score) -> bool {
        match self {
            Self::BestFor(_) => true,
            Self::Cheapest(least) | Self::NoWorse(least, _) => score.meets(&least),
            Self::Better(than, _) => score.is_clearly_better(&than),
        }
    }

    /// The most that what takes the place of the best so far may cost.
    pub(super) fn most(self, best: Option<&Found<'_>>) -> Usd {
        let dearest = best.filter(|_| self.by_price()).map_or(Usd::ENDLESS, |best| self.price(best));
        if dearest < self.budget() { dearest } else { self.budget() }
    }

    /// Whether a score may be what is looked for that has no larger model than `ceiling`, and with one as large is no faster.
    pub(super) fn may_admit(self, ceiling: Score) -> bool {
        match self {
            // A smaller model is enough, and that may be faster.
            Self::Cheapest(least) | Self::NoWorse(least, _) if ceiling.size > least.size => {
                self.admits(&Score { speed: i32::MAX, ..ceiling })
            }
            _ => self.admits(&ceiling),
        }
    }

    /// Whether nothing of these cards that costs `usd` or more can take the place of the best so far.
    pub(super) fn is_beyond(self, usd: Usd, bound: Option<Score>, best: Option<&Found<'_>>) -> bool {
        if usd > self.budget() {
            return true;
        }
        let Some(best) = best else { return false };
        if self.by_price() {
            return usd > self.price(best);
        }
        match bound.cmp(&Some(best.scored.score)) {
            Ordering::Less => true,
            Ordering::Equal => usd > best.weight,
            Ordering::Greater => false,
        }
    }

    /// What is compared of two that are as good: the cheapest at all is so whatever is wished, and so is the next one.
    const fn price(self, found: &Found<'_>) -> Usd {
        match self {
            Self::Cheapest(_) | Self::Better(..) => found.total.usd,
            Self::BestFor(_) | Self::NoWorse(..) => found.weight,
        }
    }

    /// Keeps the better of the two.
    pub(super) fn keep<'a>(self, best: &mut Option<Found<'a>>, new: Option<Found<'a>>) {
        let Some(new) = new else { return };
        if new.total.usd > self.budget() || !self.admits(&new.scored.score) {
            return;
        }
        let better = best.as_ref().is_none_or(|best| {
            let by_price = self.price(&new).total_cmp(&self.price(best));
            let by_score = best.scored.score.cmp(&new.scored.score);
            let order = if self.by_price() { by_price.then(by_score) } else { by_score.then(by_price) };
            order == Ordering::Less
        });
        if better {
            *best = Some(new);
        }
    }
}
