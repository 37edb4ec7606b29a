//! The hard constraints: what keeps parts from making a machine, and a machine from being of its tier.

use super::choice::{Counted, PartList};
use super::housing::{SupplyRules, blown, breathes, feeds, plugs_in};
use crate::catalog::card::{Card, FormFactor, Link};
use crate::catalog::entry_table::Entry;
use crate::catalog::parts::{Dimm, PartKind, SupplyForm, Tier, TierDemand};
use crate::text::Locale;
use crate::units::Watts;

/// The name of a part, as a violation keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartName {
    en: String,
    zh: String,
}

impl PartName {
    /// In one of the languages.
    pub(crate) fn said_in(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.en,
            Locale::Zh => &self.zh,
        }
    }
}

fn name(part: &impl Entry) -> PartName {
    PartName { en: part.name().to_owned(), zh: part.written().one(Locale::Zh) }
}

/// A constraint that does not hold. Printed, it is a sentence in English.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the fields are the two things that do not go together")]
pub enum Violation {
    Missing(PartKind),
    Socket { processor: PartName, board: PartName, socket: String },
    Sockets { processor: PartName, board: PartName, sockets: u32 },
    Memory { ram: PartName, part: PartName },
    DimmSlots { sticks: u32, slots: u32, board: PartName },
    RamMaximum { gib: u32, most: u32, part: PartName },
    NotForSlots { card: PartName },
    Slots { cards: u32, board: PartName, processor: PartName },
    BoardSlots { cards: u32, slots: u32, board: PartName },
    CaseSlots { thick: u32, slots: u32, case: PartName },
    SideBySide { cards: u32, thick: u8, board: PartName },
    BoardForm { board: PartName, case: PartName },
    Airflow { card: PartName, case: PartName },
    Cooler { cooler: PartName, part: PartName },
    SupplyForm { supply: PartName, case: PartName },
    SupplyRoom { count: u32, room: u32, case: PartName },
    Plugs { supply: PartName, cards: u32 },
    Channels { sticks: u32, channels: u32, processor: PartName },
    Power { draw: Watts, share: f64, watts: u32 },
    Supplies { count: u32, draw: Watts },
    RamNeed { gib: u32, needed: f64 },
    Tier(TierDemand),
    TwoKept(PartKind),
    WholeBesideParts,
}

impl Violation {
    /// Whether it is for want of room: in a case, or in the slots of a board.
    pub const fn is_want_of_room(&self) -> bool {
        matches!(
            self,
            Self::CaseSlots { .. }
                | Self::SideBySide { .. }
                | Self::BoardForm { .. }
                | Self::SupplyForm { .. }
                | Self::SupplyRoom { .. }
                | Self::BoardSlots { .. }
                | Self::DimmSlots { .. }
        )
    }
}

/// Everything that keeps the chosen parts from going together. Parts that are not chosen are not missed here.
pub fn misfits(choice: &PartList<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    if choice.system.is_some() {
        return found;
    }
    memory_and_processor(choice, &mut found);
    found.extend(
        choice.cards.iter().filter(|cards| !matches!(cards.part.form, FormFactor::Slots(_))).map(not_for_slots),
    );
    if let Some(board) = choice.board {
        let (cards, slots) = (choice.card_count(), u32::try_from(board.slots.len()).unwrap_or(u32::MAX));
        let lacks_lanes = choice.processor.filter(|_| choice.slots().is_none());
        if cards > slots {
            found.push(Violation::BoardSlots { cards, slots, board: name(board) });
        } else if let Some(processor) = lacks_lanes {
            let (board, processor) = (name(board), name(processor));
            found.push(Violation::Slots { cards, board, processor });
        }
    }
    housing(choice, &mut found);
    if let Some(supply) = choice.supply.filter(|supply| !feeds(*supply, &choice.cards)) {
        found.push(Violation::Plugs { supply: name(supply.part), cards: choice.card_count() });
    }
    found
}

fn not_for_slots(cards: &Counted<'_, Card>) -> Violation {
    Violation::NotForSlots { card: name(cards.part) }
}

fn memory_and_processor(choice: &PartList<'_>, found: &mut Vec<Violation>) {
    let PartList { board, processor, ram, cooler, .. } = choice;
    if let (Some(board), Some(processor)) = (board, processor) {
        if board.socket != processor.socket {
            let (processor, socket) = (name(*processor), board.socket.clone());
            found.push(Violation::Socket { processor, board: name(*board), socket });
        } else if board.sockets > processor.max_sockets {
            let (processor, sockets) = (name(*processor), board.sockets);
            found.push(Violation::Sockets { processor, board: name(*board), sockets });
        }
    }
    if let Some(ram) = ram {
        let (kit, sticks, gib) = (ram.part, ram.part.sticks * ram.count, choice.ram_gib());
        if let Some(board) = board {
            if board.memory_kind != kit.kind || board.dimm != kit.dimm {
                found.push(Violation::Memory { ram: name(kit), part: name(*board) });
            }
            if sticks > board.dimm_slots {
                found.push(Violation::DimmSlots { sticks, slots: board.dimm_slots, board: name(*board) });
            }
            if gib > board.max_memory_gib {
                found.push(Violation::RamMaximum { gib, most: board.max_memory_gib, part: name(*board) });
            }
        }
        if let Some(processor) = processor {
            if processor.rate_with(kit.kind).is_none() || processor.dimm != Some(kit.dimm) {
                found.push(Violation::Memory { ram: name(kit), part: name(*processor) });
            }
            let channels = channels_filled(choice).filter(|channels| sticks % channels != 0);
            found.extend(channels.map(|channels| Violation::Channels {
                sticks,
                channels,
                processor: name(*processor),
            }));
            let most = processor.max_memory_gib * choice.processors();
            if gib > most {
                found.push(Violation::RamMaximum { gib, most, part: name(*processor) });
            }
        }
    }
    if let (Some(cooler), Some(processor)) = (cooler, processor) {
        let strong = cooler.cools_w.is_none_or(|cools| processor.tdp_w.is_none_or(|heat| cools >= heat));
        if !cooler.sockets.contains(&processor.socket) || !strong {
            found.push(Violation::Cooler { cooler: name(*cooler), part: name(*processor) });
        }
    }
}

fn housing(choice: &PartList<'_>, found: &mut Vec<Violation>) {
    let Some(case) = choice.case else { return };
    if let Some(board) = choice.board
        && !case.boards.contains(&board.form)
    {
        found.push(Violation::BoardForm { board: name(board), case: name(case) });
    }
    if let Some(thick) = choice.thickness().filter(|thick| *thick > case.card_slots) {
        found.push(Violation::CaseSlots { thick, slots: case.card_slots, case: name(case) });
    }
    if let Some(board) = choice.board.filter(|_| !plugs_in(choice)) {
        let thick = choice.thicknesses().into_iter().flatten().max().unwrap_or(0);
        found.push(Violation::SideBySide { cards: choice.card_count(), thick, board: name(board) });
    }
    if let Some(cards) = blown(choice).filter(|_| !breathes(choice, case)) {
        found.push(Violation::Airflow { card: name(cards.part), case: name(case) });
    }
    if let Some(supply) = choice.supply.filter(|supply| supply.count > case.supplies) {
        found.push(Violation::SupplyRoom { count: supply.count, room: case.supplies, case: name(case) });
    }
    if let Some(supply) = choice.supply.filter(|supply| supply.part.form == SupplyForm::Crps) {
        found.push(Violation::SupplyForm { supply: name(supply.part), case: name(case) });
    }
}

/// Everything that keeps a machine from being whole, from its tier, or from what a plan needs of RAM.
pub fn violations(choice: &PartList<'_>, tier: &Tier, needed_ram_gib: f64) -> Vec<Violation> {
    let mut found = misfits(choice);
    if choice.system.is_none() {
        for (there, what) in [
            (!choice.cards.is_empty(), PartKind::Card),
            (choice.processor.is_some(), PartKind::Processor),
            (choice.board.is_some(), PartKind::Board),
            (choice.ram.is_some(), PartKind::Ram),
            (choice.disk.is_some(), PartKind::Disk),
            (choice.supply.is_some(), PartKind::PowerSupply),
            (choice.case.is_some(), PartKind::Case),
            (choice.cooler.is_some(), PartKind::Cooler),
        ] {
            if !there {
                found.push(Violation::Missing(what));
            }
        }
    }
    if f64::from(choice.ram_gib()) < needed_ram_gib && choice.ram_gib() > 0 {
        found.push(Violation::RamNeed { gib: choice.ram_gib(), needed: needed_ram_gib });
    }
    found.extend(tier.rules.iter().filter_map(|rule| broken(choice, &rule.rule)));
    found
}

/// Whether the cards by themselves may be of the tier.
pub(super) fn by_cards(choice: &PartList<'_>, tier: &Tier) -> bool {
    let about_cards = |rule: &TierDemand| {
        matches!(
            rule,
            TierDemand::MinVram { .. }
                | TierDemand::MaxCards { .. }
                | TierDemand::CardVramOrCards { .. }
                | TierDemand::HbmOrLargeCards { .. }
        )
    };
    tier.rules.iter().all(|rule| !about_cards(&rule.rule) || broken(choice, &rule.rule).is_none())
}

/// Whether the cards by themselves are of the class that a tier asks for, whoever owns them.
pub(super) fn of_class(choice: &PartList<'_>, tier: &Tier) -> bool {
    let class = |rule: &TierDemand| matches!(rule, TierDemand::HbmOrLargeCards { .. });
    tier.rules.iter().all(|rule| !class(&rule.rule) || broken(choice, &rule.rule).is_none())
}

/// What of a tier's rule does not hold.
fn broken(choice: &PartList<'_>, rule: &TierDemand) -> Option<Violation> {
    let whole = choice.system.is_some();
    let broken = match *rule {
        TierDemand::MinVram { gib } => choice.vram_gib() < gib,
        TierDemand::MinCores { cores } => choice.processor.is_some_and(|processor| processor.cores < cores),
        TierDemand::MinRam { gib } => choice.ram_gib() < gib && !(whole && choice.ram_gib() == 0),
        TierDemand::MinStorage { gb } => {
            choice.disk.is_some_and(|disk| disk.capacity_gb < gb || disk.pcie_gen.is_none())
        }
        TierDemand::MaxCards { count } => choice.card_count() > count,
        TierDemand::CardVramOrCards { gib, cards } => {
            largest_card(choice) < gib && (choice.card_count() < cards || choice.vram_gib() < gib)
        }
        TierDemand::HbmOrLargeCards { hbm_gib, each_gib, total_gib } => {
            !(all_hbm(choice, hbm_gib) || smallest_card(choice) >= each_gib && choice.vram_gib() >= total_gib)
        }
        TierDemand::RamPerNode { from_gib, .. } => !whole && choice.ram.is_some() && choice.ram_gib() < from_gib,
        TierDemand::SlotPerCard { lanes } => !whole && !choice.is_wide(lanes, 1),
        TierDemand::ServerPlatform { lanes } => !(whole || registered(choice) && choice.is_wide(lanes, 1)),
        TierDemand::FastLink { gb_s, most_cards } => !linked(choice, gb_s, most_cards),
        TierDemand::FillChannels => !filled(choice),
        TierDemand::MinEfficiency { class } => choice.supply.is_some_and(|supply| supply.part.efficiency < class),
        TierDemand::PowerHeadroom { share } => return overloaded(choice, share),
        _ => false,
    };
    broken.then_some(Violation::Tier(*rule))
}

fn overloaded(choice: &PartList<'_>, share: f64) -> Option<Violation> {
    let (draw, supply) = (choice.draw()?, choice.supply?);
    let watts = supply.part.watts * supply.count;
    let rules = SupplyRules { used: 1.0 - share, least_class: supply.part.efficiency };
    if supply.count > 1 && rules.one_is_enough(draw) {
        return Some(Violation::Supplies { count: supply.count, draw });
    }
    (draw > Watts::from(watts) * rules.used).then_some(Violation::Power { draw, share: rules.used * 100.0, watts })
}

fn largest_card(choice: &PartList<'_>) -> f64 {
    let unified = choice.system.and_then(|system| system.memory_gib).map_or(0.0, f64::from);
    choice.cards.iter().map(|cards| cards.part.memory_gib).fold(unified, f64::max)
}

/// Memory of the card that has least; zero without cards.
fn smallest_card(choice: &PartList<'_>) -> f64 {
    let sizes = choice.cards.iter().map(|cards| cards.part.memory_gib * f64::from(cards.part.devices_per_card));
    sizes.min_by(f64::total_cmp).unwrap_or(0.0)
}

fn all_hbm(choice: &PartList<'_>, gib: f64) -> bool {
    let hbm = |card: &Card| card.memory_kind.as_deref().is_some_and(|kind| kind.starts_with("HBM"));
    smallest_card(choice) >= gib && choice.cards.iter().all(|cards| hbm(cards.part))
}

fn filled(choice: &PartList<'_>) -> bool {
    let (Some(processor), Some(ram)) = (choice.processor, choice.ram) else { return true };
    ram.part.sticks * ram.count >= processor.memory_channels() * choice.processors()
}

/// Sticks that fill every channel of a server once, or every slot where there are fewer; `None` for a desktop.
///
/// Only as many, or twice as many, run at the full rate: a processor interleaves over all its channels or over few.
pub(super) fn channels_filled(choice: &PartList<'_>) -> Option<u32> {
    let (processor, board) = (choice.processor?, choice.board.filter(|board| board.dimm == Dimm::Rdimm)?);
    Some((processor.memory_channels() * board.sockets).min(board.dimm_slots).max(1))
}

fn registered(choice: &PartList<'_>) -> bool {
    choice.ram.is_none_or(|ram| ram.part.dimm == Dimm::Rdimm)
        && choice.board.is_none_or(|board| board.dimm == Dimm::Rdimm)
}

fn linked(choice: &PartList<'_>, gb_s: f64, most_cards: u32) -> bool {
    let fast = |card: &Card| {
        card.interconnect.is_some_and(|link| link.kind != Link::Absent && link.gb_s.is_some_and(|rate| rate >= gb_s))
    };
    let count = choice.card_count();
    if count <= 1 || choice.cards.iter().all(|cards| fast(cards.part)) {
        return true;
    }
    let newest = choice.cards.iter().all(|cards| cards.part.pcie_gen.is_some_and(|generation| generation >= 5));
    count <= most_cards && newest && choice.system.is_none() && choice.is_wide(16, 5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advise::builder::words;
    use crate::catalog::Catalog;

    #[test]
    fn parts_that_do_not_fit_are_named_in_the_language_of_the_sentence() {
        let catalog = Catalog::embedded();
        let board = catalog.boards().find(|board| board.id == "am5-matx");
        let kit = catalog.ram_kits().find(|kit| kit.id == "ddr4-udimm-2x16");
        let ram = kit.map(|part| Counted { part, count: 1 });
        let found = misfits(&PartList { board, ram, ..PartList::default() });
        let said = words::violation(&found[0], Locale::Zh);
        assert!(said.contains("32 GB DDR4-3600，2 × 16") && said.contains("AM5 microATX 主板"), "{said}");
        assert!(words::violation(&found[0], Locale::En).contains("AM5 micro ATX board"), "{:?}", found[0]);
    }
}
