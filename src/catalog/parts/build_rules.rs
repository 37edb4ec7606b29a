//! What holds for the builds of every tier.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::Reason;
use crate::catalog::entry_table;
use crate::catalog::origin::Origin;

/// Figures that the search for builds goes by, each with its reason.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuildRules {
    /// What differs by less than this share is alike.
    pub alike: ShareRule,
    /// Shares of the budget that are asked how much further they go.
    pub more: SharesRule,
    /// What training has to come to.
    pub training: TrainingRule,
    /// What is drawn while nothing is asked.
    pub idle: IdleDraw,
    /// Cards of two kinds in one machine.
    pub mixed: MixedRule,
}

/// A share and why it is that.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareRule {
    /// The share.
    pub share: f64,
    /// Why.
    pub reason: Reason,
}

/// Shares and why they are those.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharesRule {
    /// The shares, the smallest first.
    pub shares: Vec<f64>,
    /// Why.
    pub reason: Reason,
}

/// How long training may take.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingRule {
    /// Days at most.
    pub most_days: f64,
    /// A run of all weights is rented where it costs less than this share of the machine.
    pub rented_below: f64,
    /// Why.
    pub reason: Reason,
}

/// Shares of their most that parts draw while nothing is asked of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdleDraw {
    /// Of a card.
    pub card_share: f64,
    /// Of a processor.
    pub processor_share: f64,
    /// Of board, disks and fans.
    pub rest_share: f64,
    /// Where they come from.
    pub source: Origin,
}

/// How many kinds of card are mixed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MixedRule {
    /// Kinds that are paired with each other.
    pub kinds: usize,
    /// Why.
    pub reason: Reason,
}

impl BuildRules {
    /// The built-in rules; all zero where the file does not parse, which the tests refuse.
    pub fn known() -> &'static Self {
        static KNOWN: LazyLock<BuildRules> =
            LazyLock::new(|| entry_table::parse(include_str!("../../../data/build_rules.ron")).unwrap_or_default());
        &KNOWN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_can_be_read() {
        let rules = BuildRules::known();
        assert!(rules.alike.share > 0.0 && rules.training.most_days > 0.0, "{rules:?}");
        assert!(rules.more.shares.is_sorted() && !rules.more.shares.is_empty());
    }
}
