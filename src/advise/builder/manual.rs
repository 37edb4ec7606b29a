//! A machine that was put together by hand: looked over, priced and judged as it is. Nothing is searched for.

use super::choice::{Counted, PartList};
use super::fault::BuildError;
use super::find::best;
use super::given::{Given, alone, of_parts};
use super::lines::Why;
use super::market::Market;
use super::outcome::{Build, BuildOutcome, Traded, traded};
use super::spare::Spent;
use super::violation::violations;
use crate::catalog::Catalog;
use crate::catalog::source::Date;
use crate::plan::{BuildRequest, PartCount, Plan};

impl<'a> PartList<'a> {
    /// The machine of these parts.
    ///
    /// # Errors
    /// The first id that no part of the catalog has.
    pub fn of(parts: &[PartCount], catalog: &'a Catalog) -> Result<Self, String> {
        let mut choice = Self::default();
        for PartCount { part: id, count } in parts {
            if let Some(card) = catalog.card(id).filter(|card| card.id == *id) {
                choice.cards.push(Counted::new(card, *count));
            } else if let Some(processor) = catalog.platform(id).filter(|part| part.id == *id) {
                choice.processor = Some(processor);
            } else if let Some(board) = catalog.boards().find(|part| part.id == *id) {
                choice.board = Some(board);
            } else if let Some(kit) = catalog.ram_kits().find(|part| part.id == *id) {
                choice.ram = Some(Counted::new(kit, *count));
            } else if let Some(disk) = catalog.disks().find(|part| part.id == *id) {
                choice.disk = Some(disk);
            } else if let Some(supply) = catalog.power_supplies().find(|part| part.id == *id) {
                choice.supply = Some(Counted::new(supply, *count));
            } else if let Some(case) = catalog.cases().find(|part| part.id == *id) {
                choice.case = Some(case);
            } else if let Some(cooler) = catalog.coolers().find(|part| part.id == *id) {
                choice.cooler = Some(cooler);
            } else if catalog.fittings().any(|part| part.id == *id) {
                // It follows from the other parts.
            } else if let Some(system) = catalog.systems().find(|part| part.id == *id) {
                choice.system = Some(system);
            } else {
                return Err(id.clone());
            }
        }
        if let Some(system) = choice.system {
            choice = Self { system: Some(system), cards: system_cards(system, catalog), ..Self::default() };
        }
        Ok(choice)
    }
}

fn system_cards<'a>(
    system: &'a crate::catalog::parts::System,
    catalog: &'a Catalog,
) -> Vec<Counted<'a, crate::catalog::card::Card>> {
    Market { catalog: Some(catalog), ..Market::default() }.cards_of(system)
}

impl Build<'_> {
    /// Its parts by their ids, to be changed by hand.
    pub fn parts(&self) -> Vec<PartCount> {
        self.lines.iter().map(|line| PartCount { part: line.id.to_owned(), count: line.count }).collect()
    }
}

/// The machine of [`BuildRequest::by_hand`].
pub(super) fn outcome<'a>(
    request: &BuildRequest,
    plan: &Plan,
    catalog: &'a Catalog,
    today: &Date,
) -> Result<BuildOutcome<'a>, BuildError<'a>> {
    let given = Given { parts: &request.by_hand, spent: Spent::default(), with_fittings: false };
    let mut build = of_parts(given, request, plan, catalog, today)?;
    let tier = request.tier.tier().ok_or(BuildError::NoRules)?;
    build.violations = violations(&build.choice, tier, build.scored.needed_ram_gib);
    let searched = BuildRequest { by_hand: Vec::new(), ..request.clone() };
    let searched = best(&searched, plan, catalog, today).ok().map(|outcome| Box::new(outcome.build));
    reasons(&mut build, searched.as_deref());
    let mut traded = traded(&build, request.budget_usd);
    // Nobody looked for what the rest of the budget would buy.
    traded.retain(|traded| !matches!(traded, Traded::Unspent { .. }));
    Ok(alone(build, traded, searched))
}

/// Parts that the search chose as well keep its reasons; the others are there by hand.
fn reasons(build: &mut Build<'_>, searched: Option<&Build<'_>>) {
    let lines = searched.map_or(&[][..], |searched| searched.lines.as_slice());
    for line in build.lines.iter_mut().filter(|line| line.why != Why::Kept) {
        let same = lines.iter().find(|other| other.id == line.id && other.count == line.count);
        line.why = same.map_or(Why::ByHand, |same| same.why);
    }
}
