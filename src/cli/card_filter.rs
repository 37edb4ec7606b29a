//! The filters of the Cards view as options, and the order of rows.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::args::number;
use crate::advise::ranking::{Direction, Filter, FilterRule, Need, Offer, SortKey};
use crate::catalog::Catalog;
use crate::catalog::card::{Card, Vendor};
use crate::catalog::price_rule::Standing;
use crate::catalog::priced::{Condition, Priced as _};
use crate::plan::Wanted;
use crate::plan::inputs::InputFault;
use crate::units::Usd;

/// Which cards are looked at.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct CardFilterArgs {
    /// The most that all cards together may cost, in US dollars.
    #[arg(long, value_name = "USD", value_parser = amount)]
    pub budget: Option<f64>,
    /// Cards of these makers.
    #[arg(long, value_name = "MAKER", value_delimiter = ',', value_parser = makers())]
    pub maker: Vec<Vendor>,
    /// The least memory of all cards together, in GiB.
    #[arg(long, value_name = "GIB", value_parser = amount)]
    pub memory: Option<f64>,
    /// New cards only.
    #[arg(long, conflicts_with = "used")]
    pub new: bool,
    /// Used cards only.
    #[arg(long)]
    pub used: bool,
    /// A single card only.
    #[arg(long)]
    pub single: bool,
    /// Without one card more than needed.
    #[arg(long)]
    pub no_spare: bool,
    /// Cards that compute in the plan's precision.
    #[arg(long)]
    pub native: bool,
    /// Cards with a price.
    #[arg(long)]
    pub priced: bool,
    /// The fewest tokens a second.
    #[arg(long, value_name = "TOK/S", value_parser = amount)]
    pub least_speed: Option<f64>,
    /// Words that the name must have.
    #[arg(long, value_name = "WORDS")]
    pub name: Option<String>,
    /// What rows are put in order by.
    #[arg(long, value_enum, default_value_t = SortName::Price)]
    pub sort: SortName,
}

/// An amount as it is typed: no number below zero, and none that is no number.
fn amount(text: &str) -> Result<f64, InputFault> {
    number(text).ok().filter(|amount| (0.0..f64::INFINITY).contains(amount)).ok_or(InputFault::Kind(Wanted::Number))
}

/// The makers by their ids.
fn makers() -> impl TypedValueParser<Value = Vendor> {
    let by_id = |id: String| {
        Vendor::ALL
            .into_iter()
            .find(|vendor| vendor.id() == id)
            .ok_or_else(|| clap::Error::new(clap::error::ErrorKind::InvalidValue))
    };
    PossibleValuesParser::new(Vendor::ALL.map(Vendor::id)).try_map(by_id)
}

/// A column as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SortName {
    /// What it costs to do the job.
    Price,
    /// The judgment.
    Verdict,
    /// The card's name.
    Name,
    /// What is free or missing.
    Free,
    /// Decode or training speed.
    Speed,
    /// Prefill speed.
    Prefill,
    /// Time to the first token.
    FirstToken,
    /// Price for each token a second.
    PerToken,
    /// What it is worth at most.
    Worth,
    /// Rated power.
    Power,
}

impl SortName {
    /// The column, and the direction in which the best comes first.
    pub(super) const fn order(self) -> (SortKey, Direction) {
        let key = match self {
            Self::Price => SortKey::Price,
            Self::Verdict => SortKey::Verdict,
            Self::Name => SortKey::Card,
            Self::Free => SortKey::Headroom,
            Self::Speed => SortKey::Decode,
            Self::Prefill => SortKey::Prefill,
            Self::FirstToken => SortKey::FirstToken,
            Self::PerToken => SortKey::PerToken,
            Self::Worth => SortKey::FairPrice,
            Self::Power => SortKey::Power,
        };
        (key, key.best_first())
    }
}

impl CardFilterArgs {
    /// The rules of the Cards view that it comes to.
    pub(super) fn filter(&self) -> Filter {
        let mut filter = Filter::default();
        let switch = |on: bool, rule: FilterRule| on.then_some(rule);
        let makers = Vendor::ALL.into_iter().filter(|vendor| !self.maker.is_empty() && !self.maker.contains(vendor));
        let rules = [
            self.budget.map(|usd| FilterRule::Budget(Usd(usd))),
            self.least_speed.map(FilterRule::LeastDecode),
            self.memory.map(FilterRule::LeastMemory),
            switch(self.new, FilterRule::NotBought(Condition::Used)),
            switch(self.used, FilterRule::NotBought(Condition::New)),
            switch(self.single, FilterRule::SingleCard),
            switch(self.no_spare, FilterRule::NoSpareCard),
            switch(self.native, FilterRule::Native),
            switch(self.priced, FilterRule::Priced),
        ];
        for rule in rules.into_iter().flatten().chain(makers.map(FilterRule::NotFrom)) {
            filter.add(rule);
        }
        filter
    }

    /// Whether the name of a card has all the words.
    pub(super) fn names(&self, card: &Card) -> bool {
        let name = format!("{} {} {}", card.name, card.id, card.vendor.name()).to_lowercase();
        let words = self.name.as_deref().unwrap_or_default().to_lowercase();
        words.split_whitespace().all(|word| name.contains(word))
    }

    /// Whether a card that is only listed may stay: what asks about a plan does not apply.
    pub(super) fn lists(&self, card: &Card, catalog: &Catalog) -> bool {
        let costs = |condition| {
            let price = catalog.card_price(card, condition)?;
            (card.standing(price) == Standing::Counts).then(|| price.expected_usd())
        };
        let wanted = |condition| match condition {
            Condition::New => !self.used,
            Condition::Used => !self.new,
        };
        let asked = || Condition::ALL.into_iter().filter(|condition| wanted(*condition)).filter_map(costs);
        let condition = !(self.new || self.used || self.priced) || asked().next().is_some();
        condition
            && self.names(card)
            && (self.maker.is_empty() || self.maker.contains(&card.vendor))
            && self.memory.is_none_or(|gib| card.memory_gib * f64::from(card.devices_per_card) >= gib)
            && self.budget.is_none_or(|usd| asked().any(|asked| asked <= Usd(usd)))
    }
}

/// The offer that comes nearest where none is left: the cheapest that runs the plan and is sold, else the one that runs,
/// else the one that lacks least.
pub(super) fn nearest<'o, 'a>(offers: &'o [Offer<'a>]) -> Option<&'o Offer<'a>> {
    let by = |figure: fn(&Offer<'_>) -> Option<f64>| {
        let known = offers.iter().filter_map(|offer| Some((figure(offer)?, offer)));
        known
            .filter(|(_, offer)| offer.need != Need::OneMore)
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, offer)| offer)
    };
    by(|offer| SortKey::Price.figure(offer))
        .or_else(|| by(|offer| offer.decode().map(|band| -band.expected)))
        .or_else(|| by(|offer| offer.headroom().map(|left| -left.signed_gib())))
}
