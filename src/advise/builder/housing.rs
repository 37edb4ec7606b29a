//! What goes around a board with its cards: power supplies, a case, and what joins them.

use super::choice::{Counted, PartList, fittings};
use super::market::{Market, Total, cheapest};
use crate::catalog::card::{Card, MarketSegment};
use crate::catalog::parts::{Case, CaseKind, Efficiency, PowerPlugs, PowerSupply, SupplyForm, Tier, TierDemand};
use crate::units::Watts;

/// The most power supplies in one machine.
pub(super) const MOST_SUPPLIES: u32 = 2;
/// A single supply delivers at most this on a household circuit; a second one is for more than that.
const ONE_SUPPLY: Watts = Watts(1600.0);

/// What a tier asks of the supply.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SupplyRules {
    /// Share of the rating that is used at most.
    pub(super) used: f64,
    /// The least class.
    pub(super) least_class: Efficiency,
}

impl SupplyRules {
    pub(super) fn of(tier: &Tier) -> Self {
        let mut rules = Self { used: 1.0, least_class: Efficiency::Bronze };
        for rule in &tier.rules {
            match rule.rule {
                TierDemand::PowerHeadroom { share } => rules.used = rules.used.min(1.0 - share),
                TierDemand::MinEfficiency { class } => rules.least_class = rules.least_class.max(class),
                _ => {}
            }
        }
        rules
    }

    /// Whether one supply would do, so that a second one is one too many.
    pub(super) fn one_is_enough(self, draw: Watts) -> bool {
        draw <= ONE_SUPPLY * self.used
    }
}

/// Supplies and case of a machine.
#[derive(Debug, Clone, Copy)]
pub(super) struct Housing<'a> {
    pub(super) supply: Counted<'a, PowerSupply>,
    pub(super) case: &'a Case,
    /// With what joins the parts.
    pub(super) total: Total,
}

/// The cheapest that hold the board and the cards of `choice`: with the cards in the board, and on risers where that is
/// cheaper or the only way.
///
/// Cards that plug in are never worse off than on risers, so the second is of use only where it costs less.
pub(super) fn housings<'a>(market: &Market<'a>, choice: &PartList<'a>, rules: SupplyRules) -> Vec<Housing<'a>> {
    let Some(draw) = choice.draw() else { return Vec::new() };
    let supplies: Vec<_> = (1..=MOST_SUPPLIES)
        .filter_map(|count| {
            let fits = |supply: &PowerSupply| {
                Watts::from(supply.watts * count) * rules.used >= draw
                    && supply.form == SupplyForm::Atx
                    && supply.efficiency >= rules.least_class
                    && (count == 1 || !rules.one_is_enough(draw))
                    && feeds(Counted::new(supply, count), &choice.cards)
            };
            let (item, total) = cheapest(&market.supplies, count, fits)?;
            Some((Counted::new(item.part, count), total))
        })
        .collect();
    let (thick, cards) = (choice.thickness(), choice.card_count());
    let side_by_side = plugs_in(&PartList { case: None, ..choice.clone() });
    let holds = |case: &Case| {
        let board = choice.board.is_none_or(|board| case.boards.contains(&board.form));
        let room = thick.is_none_or(|thick| thick <= case.card_slots);
        board && room && (case.has_risers() || side_by_side) && breathes(choice, case)
    };
    let best = |risers: bool| {
        let mut best: Option<Housing<'a>> = None;
        let cases = market.cases.iter().filter(|item| item.allows(1) && item.part.has_risers() == risers);
        for item in cases.filter(|item| holds(item.part)) {
            for (supply, supplied) in supplies.iter().filter(|(supply, _)| supply.count <= item.part.supplies) {
                let wanted = fittings(Some(item.part), cards, supply.count);
                let Some(joined) = market.cost_of_fittings(wanted) else { continue };
                let total = item.cost(1) + *supplied + joined;
                if best.is_none_or(|best| total.is_less_than(best.total)) {
                    best = Some(Housing { supply: *supply, case: item.part, total });
                }
            }
        }
        best
    };
    let plugged = best(false);
    let on_risers = best(true).filter(|risers| plugged.is_none_or(|plugged| risers.total.is_less_than(plugged.total)));
    plugged.into_iter().chain(on_risers).collect()
}

/// Whether the cards plug into the board side by side, or hang on risers.
pub(super) fn plugs_in(choice: &PartList<'_>) -> bool {
    let (Some(board), Some(thicknesses)) = (choice.board, choice.thicknesses()) else { return true };
    choice.case.is_some_and(Case::has_risers) || board.has_room_for(thicknesses.into_iter())
}

/// Whether fans push air through cards that have none.
pub(super) fn breathes(choice: &PartList<'_>, case: &Case) -> bool {
    case.kind == CaseKind::Rack || blown(choice).is_none()
}

/// Cards without a fan of their own.
pub(super) fn blown<'a>(choice: &PartList<'a>) -> Option<Counted<'a, Card>> {
    choice.cards.iter().find(|cards| cards.part.segment == MarketSegment::Datacenter).copied()
}

/// Whether supplies have plugs for all cards, as far as both are known.
///
/// A card with a plug of sixteen pins comes with an adapter for ones of eight: plugs of sixteen feed the hungriest.
pub(super) fn feeds(supply: Counted<'_, PowerSupply>, cards: &[Counted<'_, Card>]) -> bool {
    let known = || cards.iter().filter_map(|cards| Some((cards, cards.part.plugs?)));
    let eight: u32 = known().map(|(cards, plugs)| plugs.eight_pin * cards.count).sum();
    let mut adapted: Vec<u32> = known()
        .filter(|(_, plugs)| plugs.sixteen_pin > 0)
        .flat_map(|(cards, plugs)| {
            let draw = Watts::from(cards.part.tdp_w.unwrap_or(0)) * (1.0 / f64::from(plugs.sixteen_pin));
            (0..plugs.sixteen_pin * cards.count).map(move |_| PowerPlugs::adapted(draw))
        })
        .collect();
    adapted.sort_unstable_by_key(|plugs| std::cmp::Reverse(*plugs));
    let enough = |plugs: PowerPlugs| {
        let left: u32 = adapted.iter().skip(plugs.sixteen_pin.try_into().unwrap_or(usize::MAX)).sum();
        eight + left <= plugs.eight_pin
    };
    supply.part.plugs.is_empty() || supply.part.plugs.iter().any(|plugs| enough(*plugs * supply.count))
}
