//! What a comparison comes to: which plan is the cheapest of the fastest, and a clause for each other one.

use super::difference::are_alike;
use super::figure::speed_of;
use super::quality::{QualityDifference, between};
use super::side::Side;
use crate::units::{Band, Bytes, GIB, Usd};

/// What a comparison comes to. Plans are named by their places.
#[derive(Debug, Clone, PartialEq)]
pub enum Conclusion {
    /// There is but one plan.
    Alone,
    /// None of the plans has a speed.
    NothingRuns,
    /// Only this one has.
    OnlyRuns {
        /// The one.
        runs: usize,
        /// What is to say of the others.
        others: Vec<Clause>,
    },
    /// The cheapest among the fastest of its model stands first, then each other plan.
    Stands {
        /// The first.
        lead: Clause,
        /// The others, in their order.
        others: Vec<Clause>,
    },
}

/// What is said of one plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clause {
    /// The plan.
    pub subject: usize,
    /// The one that it is held against.
    pub other: usize,
    /// How fast it is.
    pub pace: Pace,
    /// What else sets it apart.
    pub aside: Option<Aside>,
}

/// How fast a plan is beside another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// Within the band of the estimate.
    AboutAsFast,
    /// So many times as fast, more than once.
    Faster(f64),
    /// So many times slower, more than once.
    Slower(f64),
    /// One serves, the other trains.
    OtherTask,
    /// It fits and nobody can tell its speed.
    NoSpeed,
    /// It does not fit.
    DoesNotFit,
    /// It cannot be estimated.
    NotEstimated,
}

/// What else sets a plan apart from another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Aside {
    /// It costs so much less, more than nothing.
    Cheaper(Usd),
    /// It costs so much more, more than nothing.
    Dearer(Usd),
    /// It costs the same.
    SamePrice,
    /// Its model has fewer parameters.
    SmallerModel,
    /// Its model has more parameters.
    LargerModel,
    /// It runs another model.
    OtherModel,
    /// It loses more quality.
    WorseQuality,
    /// It loses less quality.
    BetterQuality,
    /// So much more lies in RAM.
    InRam(Bytes),
}

/// Prices that differ by less are the same.
const CENT: f64 = 0.005;
/// What lies in RAM slows a plan down noticeably from so many bytes on.
const MUCH_IN_RAM: u64 = GIB;

/// Concludes; `base` is the plan that all are held against.
pub fn conclude(sides: &[Side], base: usize) -> Conclusion {
    let speeds: Vec<Option<Band<f64>>> = sides.iter().map(speed_of).collect();
    let running: Vec<usize> = (0..sides.len()).filter(|place| speeds[*place].is_some()).collect();
    let table = Table { sides, speeds };
    match running.as_slice() {
        _ if sides.len() < 2 => Conclusion::Alone,
        [] => Conclusion::NothingRuns,
        [only] => Conclusion::OnlyRuns { runs: *only, others: table.others(*only, &[*only]) },
        [first, ..] => {
            let anchor = if running.contains(&base) { base } else { *first };
            let lead = table.lead(&running, anchor);
            let said = [lead.subject, lead.other];
            // Held against the base, where that was spoken of; else against what stands first.
            let against = if said.contains(&anchor) { anchor } else { lead.subject };
            Conclusion::Stands { others: table.others(against, &said), lead }
        }
    }
}

struct Table<'a> {
    sides: &'a [Side],
    speeds: Vec<Option<Band<f64>>>,
}

impl Table<'_> {
    /// The cheapest among the fastest of the base's kind beside the one that it is held against.
    fn lead(&self, running: &[usize], base: usize) -> Clause {
        let kind = |place: &usize| {
            let (side, base) = (&self.sides[*place], &self.sides[base]);
            side.trains() == base.trains() && between(side, base) == QualityDifference::Same
        };
        let rate = |place: usize| self.speeds[place].map_or(0.0, |band| band.expected);
        let mut group: Vec<usize> = running.iter().copied().filter(kind).collect();
        // The base goes first among equals.
        group.sort_by(|a, b| rate(*b).total_cmp(&rate(*a)).then((*a != base).cmp(&(*b != base))));
        let Some((&fastest, slower)) = group.split_first() else { return self.clause(base, base) };
        let Some(&second) = slower.first() else {
            let other = running.iter().copied().find(|place| *place != base).unwrap_or(base);
            return self.clause(other, base);
        };
        let cheaper = slower.iter().copied().filter(|place| {
            matches!(self.pace(*place, fastest), Pace::AboutAsFast)
                && matches!(self.price(*place, fastest), Some(Aside::Cheaper(_)))
        });
        let usd = |place: usize| self.sides[place].price.as_ref().map_or(Usd::ENDLESS, |price| price.usd);
        match cheaper.min_by(|a, b| usd(*a).total_cmp(&usd(*b))) {
            Some(cheapest) => self.clause(cheapest, fastest),
            None if fastest == base => self.clause(fastest, second),
            None => self.clause(fastest, base),
        }
    }

    /// A clause for each plan that was not spoken of yet.
    fn others(&self, against: usize, said: &[usize]) -> Vec<Clause> {
        let places = (0..self.sides.len()).filter(|place| !said.contains(place));
        places.map(|place| self.clause(place, against)).collect()
    }

    fn clause(&self, subject: usize, other: usize) -> Clause {
        let pace = self.pace(subject, other);
        Clause { subject, other, pace, aside: self.aside(subject, other, pace) }
    }

    fn pace(&self, subject: usize, other: usize) -> Pace {
        let side = &self.sides[subject];
        if side.answer.is_err() {
            return Pace::NotEstimated;
        }
        if side.running().is_none() {
            return if side.estimate().is_some_and(|it| it.verdict.is_some()) {
                Pace::DoesNotFit
            } else {
                Pace::NoSpeed
            };
        }
        if side.trains() != self.sides[other].trains() {
            return Pace::OtherTask;
        }
        match (self.speeds[subject], self.speeds[other]) {
            (Some(ours), Some(theirs)) if are_alike(&ours, &theirs) => Pace::AboutAsFast,
            (Some(ours), Some(theirs)) if ours.expected > theirs.expected => {
                Pace::Faster(ours.expected / theirs.expected)
            }
            (Some(ours), Some(theirs)) => Pace::Slower(theirs.expected / ours.expected),
            _ => Pace::NoSpeed,
        }
    }

    fn aside(&self, subject: usize, other: usize, pace: Pace) -> Option<Aside> {
        if !matches!(pace, Pace::AboutAsFast | Pace::Faster(_) | Pace::Slower(_)) {
            return None;
        }
        let (side, base) = (&self.sides[subject], &self.sides[other]);
        match between(side, base) {
            QualityDifference::OtherModel => {
                let count = |side: &Side| side.estimate().and_then(|it| it.params);
                return Some(match (count(side), count(base)) {
                    (Some(ours), Some(theirs)) if ours < theirs => Aside::SmallerModel,
                    (Some(ours), Some(theirs)) if ours > theirs => Aside::LargerModel,
                    _ => Aside::OtherModel,
                });
            }
            QualityDifference::Worse => return Some(Aside::WorseQuality),
            QualityDifference::Better => return Some(Aside::BetterQuality),
            QualityDifference::Same | QualityDifference::Unknown => {}
        }
        let more = side.in_ram().zip(base.in_ram()).map(|(ours, theirs)| ours.saturating_sub(theirs));
        let waits = matches!(pace, Pace::Slower(_)) && side.offloads();
        let waiting = side.in_ram().filter(|_| waits && more.is_some_and(|more| more.0 >= MUCH_IN_RAM));
        waiting.map(Aside::InRam).or_else(|| self.price(subject, other))
    }

    /// How the prices of two plans differ, where both are known and buy the same kind of thing.
    fn price(&self, subject: usize, other: usize) -> Option<Aside> {
        let (ours, theirs) = (self.sides[subject].price.as_ref()?, self.sides[other].price.as_ref()?);
        if ours.whole != theirs.whole {
            return None;
        }
        Some(match (ours.usd - theirs.usd).0 {
            less if less < -CENT => Aside::Cheaper(theirs.usd - ours.usd),
            more if more > CENT => Aside::Dearer(ours.usd - theirs.usd),
            _ => Aside::SamePrice,
        })
    }
}
