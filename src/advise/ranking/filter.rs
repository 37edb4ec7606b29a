//! Which offers are looked at. Every rule takes offers away; none adds or changes any.

use super::offer::{Need, Offer};
use crate::catalog::card::Vendor;
use crate::catalog::priced::Condition;
use crate::units::Usd;

/// One reason to leave an offer out.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum FilterRule {
    /// It costs more than this, or nobody knows what it costs now.
    Budget(Usd),
    /// It decodes fewer tokens a second, or nobody knows how many.
    LeastDecode(f64),
    /// All its cards together have less memory than so many GiB.
    LeastMemory(f64),
    /// It is made by this maker.
    NotFrom(Vendor),
    /// It is bought so.
    NotBought(Condition),
    /// It takes more than one card.
    SingleCard,
    /// It is one card more than needed.
    NoSpareCard,
    /// The card does not compute in the plan's precision.
    Native,
    /// It has no price.
    Priced,
}

impl FilterRule {
    /// Whether `offer` may stay.
    pub fn keeps(&self, offer: &Offer<'_>) -> bool {
        match *self {
            Self::Budget(usd) => offer.sold_for().is_some_and(|asked| asked <= usd),
            Self::LeastDecode(least) => offer.decode().is_some_and(|speed| speed.expected >= least),
            Self::LeastMemory(least) => offer.memory_gib() >= least,
            Self::NotFrom(vendor) => offer.card.vendor != vendor,
            Self::NotBought(condition) => offer.condition != condition,
            Self::SingleCard => offer.count == 1,
            Self::NoSpareCard => offer.need != Need::OneMore,
            Self::Native => offer.native,
            Self::Priced => offer.price.is_some(),
        }
    }

    /// Whether both say the same about another value.
    fn alike(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Budget(_), Self::Budget(_))
            | (Self::LeastDecode(_), Self::LeastDecode(_))
            | (Self::LeastMemory(_), Self::LeastMemory(_)) => true,
            _ => self == other,
        }
    }
}

/// The rules that hold at once; none of them at first.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Filter {
    rules: Vec<FilterRule>,
}

impl Filter {
    /// Whether every rule keeps `offer`.
    pub fn keeps(&self, offer: &Offer<'_>) -> bool {
        self.rules.iter().all(|rule| rule.keeps(offer))
    }

    /// The rules.
    pub fn rules(&self) -> &[FilterRule] {
        &self.rules
    }

    /// Whether this very rule holds.
    pub fn has(&self, rule: FilterRule) -> bool {
        self.rules.contains(&rule)
    }

    /// Lets `rule` hold, in place of one like it with another value.
    pub fn add(&mut self, rule: FilterRule) {
        self.remove(rule);
        self.rules.push(rule);
    }

    /// Takes away `rule`, whatever its value.
    pub fn remove(&mut self, rule: FilterRule) {
        self.rules.retain(|other| !other.alike(&rule));
    }

    /// Turns `rule` on or off.
    pub fn toggle(&mut self, rule: FilterRule) {
        if self.has(rule) { self.remove(rule) } else { self.add(rule) }
    }

    /// The most that an offer may cost.
    pub fn budget(&self) -> Option<Usd> {
        self.rules.iter().find_map(|rule| if let FilterRule::Budget(usd) = rule { Some(*usd) } else { None })
    }

    /// The fewest tokens a second.
    pub fn least_decode(&self) -> Option<f64> {
        self.rules.iter().find_map(|rule| if let FilterRule::LeastDecode(least) = rule { Some(*least) } else { None })
    }

    /// How many offers `rule` keeps out, or would keep out, of those that the other rules keep.
    pub fn hidden_by(&self, rule: FilterRule, offers: &[Offer<'_>]) -> usize {
        let others =
            |offer: &&Offer<'_>| self.rules.iter().filter(|other| !other.alike(&rule)).all(|other| other.keeps(offer));
        offers.iter().filter(others).filter(|offer| !rule.keeps(offer)).count()
    }

    /// The one rule without which most offers would stay, and how many those are; `None` where no single one keeps
    /// offers out.
    pub fn narrowest(&self, offers: &[Offer<'_>]) -> Option<(FilterRule, usize)> {
        let without = |place: usize| {
            let others = |offer: &&Offer<'_>| {
                self.rules.iter().enumerate().all(|(other, rule)| other == place || rule.keeps(offer))
            };
            offers.iter().filter(others).count()
        };
        let counted = self.rules.iter().enumerate().map(|(place, rule)| (*rule, without(place)));
        counted.filter(|(_, count)| *count > 0).max_by_key(|(_, count)| *count)
    }
}
