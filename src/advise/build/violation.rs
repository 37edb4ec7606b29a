//! The hard constraints: what keeps parts from making a machine, and a machine from being of its tier.

use thiserror::Error;

use super::choice::{Choice, Counted};
use crate::catalog::card::{Card, Form, Link, Segment};
use crate::catalog::parts::{CaseKind, Dimm, Rule, SupplyForm, Tier};

/// A constraint that does not hold. The words are for scripts; those of the window are in the locales.
#[derive(Debug, Clone, PartialEq, Error)]
#[allow(missing_docs, reason = "the fields are the two things that do not go together")]
pub enum Violation {
    #[error("a machine needs {0}")]
    Missing(&'static str),
    #[error("{processor} does not fit the {socket} socket of {board}")]
    Socket { processor: String, board: String, socket: String },
    #[error("{board} takes {sockets} processors, but {processor} works alone")]
    Sockets { processor: String, board: String, sockets: u32 },
    #[error("{ram} does not fit {part}")]
    Memory { ram: String, part: String },
    #[error("{sticks} sticks of RAM are more than the {slots} slots of {board}")]
    DimmSlots { sticks: u32, slots: u32, board: String },
    #[error("{gib} GiB of RAM is more than the {most} GiB that {part} takes")]
    RamMaximum { gib: u32, most: u32, part: String },
    #[error("{card} is no card for a slot: it is bought in a whole machine")]
    NotForSlots { card: String },
    #[error("{cards} cards are more than {board} has slots or {processor} has lanes for")]
    Slots { cards: u32, board: String, processor: String },
    #[error("the cards are {thick} slots thick, but {case} has {slots}")]
    CaseSlots { thick: u32, slots: u32, case: String },
    #[error("{board} does not fit into {case}")]
    BoardForm { board: String, case: String },
    #[error("{card} has no fan of its own and needs a rack case, which {case} is not")]
    Airflow { card: String, case: String },
    #[error("{cooler} does not fit {part}")]
    Cooler { cooler: String, part: String },
    #[error("{supply} does not fit into {case}")]
    SupplyForm { supply: String, case: String },
    #[error("{draw:.0} W are more than {share:.0} % of the {watts} W that the supply delivers")]
    Power { draw: f64, share: f64, watts: u32 },
    #[error("{count} supplies are more than {draw:.0} W ask for")]
    Supplies { count: u32, draw: f64 },
    #[error("{gib} GiB of RAM is less than the {needed:.0} GiB needed")]
    RamNeed { gib: u32, needed: f64 },
    #[error("{0}")]
    Tier(String),
}

/// Everything that keeps the chosen parts from going together. Parts that are not chosen are not missed here.
#[must_use]
pub fn misfits(choice: &Choice<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    if choice.system.is_some() {
        return found;
    }
    memory_and_processor(choice, &mut found);
    found.extend(choice.cards.iter().filter(|cards| !matches!(cards.part.form, Form::Slots(_))).map(not_for_slots));
    if let (Some(board), Some(processor)) = (choice.board, choice.processor)
        && choice.slots().is_none()
    {
        let (board, processor) = (board.name.clone(), processor.name.clone());
        found.push(Violation::Slots { cards: choice.card_count(), board, processor });
    } else if let Some(board) = choice.board
        && choice.card_count() as usize > board.slots.len()
    {
        let processor = "any processor".to_owned();
        found.push(Violation::Slots { cards: choice.card_count(), board: board.name.clone(), processor });
    }
    housing(choice, &mut found);
    found
}

fn not_for_slots(cards: &Counted<'_, Card>) -> Violation {
    Violation::NotForSlots { card: cards.part.name.clone() }
}

fn memory_and_processor(choice: &Choice<'_>, found: &mut Vec<Violation>) {
    let Choice { board, processor, ram, cooler, .. } = choice;
    if let (Some(board), Some(processor)) = (board, processor) {
        if board.socket != processor.socket {
            let (processor, socket) = (processor.name.clone(), board.socket.clone());
            found.push(Violation::Socket { processor, board: board.name.clone(), socket });
        } else if board.sockets > processor.max_sockets {
            let (processor, sockets) = (processor.name.clone(), board.sockets);
            found.push(Violation::Sockets { processor, board: board.name.clone(), sockets });
        }
    }
    if let Some(ram) = ram {
        let (kit, sticks, gib) = (ram.part, ram.part.sticks * ram.count, choice.ram_gib());
        if let Some(board) = board {
            if board.memory_kind != kit.kind || board.dimm != kit.dimm {
                found.push(Violation::Memory { ram: kit.name.clone(), part: board.name.clone() });
            }
            if sticks > board.dimm_slots {
                found.push(Violation::DimmSlots { sticks, slots: board.dimm_slots, board: board.name.clone() });
            }
            if gib > board.max_memory_gib {
                found.push(Violation::RamMaximum { gib, most: board.max_memory_gib, part: board.name.clone() });
            }
        }
        if let Some(processor) = processor {
            if processor.rate_with(kit.kind).is_none() || processor.dimm != Some(kit.dimm) {
                found.push(Violation::Memory { ram: kit.name.clone(), part: processor.name.clone() });
            }
            let most = processor.max_memory_gib * choice.processors();
            if gib > most {
                found.push(Violation::RamMaximum { gib, most, part: processor.name.clone() });
            }
        }
    }
    if let (Some(cooler), Some(processor)) = (cooler, processor) {
        let strong = cooler.cools_w.is_none_or(|cools| processor.tdp_w.is_none_or(|heat| cools >= heat));
        if !cooler.sockets.contains(&processor.socket) || !strong {
            found.push(Violation::Cooler { cooler: cooler.name.clone(), part: processor.name.clone() });
        }
    }
}

fn housing(choice: &Choice<'_>, found: &mut Vec<Violation>) {
    let Some(case) = choice.case else { return };
    if let Some(board) = choice.board
        && !case.boards.contains(&board.form)
    {
        found.push(Violation::BoardForm { board: board.name.clone(), case: case.name.clone() });
    }
    if let Some(thick) = choice.thickness().filter(|thick| *thick > case.card_slots) {
        found.push(Violation::CaseSlots { thick, slots: case.card_slots, case: case.name.clone() });
    }
    let blown = choice.cards.iter().find(|cards| cards.part.segment == Segment::Datacenter);
    if let Some(cards) = blown.filter(|_| case.kind != CaseKind::Rack) {
        found.push(Violation::Airflow { card: cards.part.name.clone(), case: case.name.clone() });
    }
    if let Some(supply) = choice.supply.filter(|supply| supply.part.form == SupplyForm::Crps) {
        found.push(Violation::SupplyForm { supply: supply.part.name.clone(), case: case.name.clone() });
    }
}

/// Everything that keeps a machine from being whole, from its tier, or from what a plan needs of RAM.
#[must_use]
pub fn violations(choice: &Choice<'_>, tier: &Tier, needed_ram_gib: f64) -> Vec<Violation> {
    let mut found = misfits(choice);
    if choice.system.is_none() {
        for (there, what) in [
            (!choice.cards.is_empty(), "a card"),
            (choice.processor.is_some(), "a processor"),
            (choice.board.is_some(), "a board"),
            (choice.ram.is_some(), "RAM"),
            (choice.disk.is_some(), "a disk"),
            (choice.supply.is_some(), "a power supply"),
            (choice.case.is_some(), "a case"),
            (choice.cooler.is_some(), "a cooler"),
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
pub(super) fn by_cards(choice: &Choice<'_>, tier: &Tier) -> bool {
    let about_cards = |rule: &Rule| {
        matches!(
            rule,
            Rule::MinVram { .. } | Rule::MaxCards { .. } | Rule::CardVramOrCards { .. } | Rule::HbmOrManyCards { .. }
        )
    };
    tier.rules.iter().all(|rule| !about_cards(&rule.rule) || broken(choice, &rule.rule).is_none())
}

/// What of a tier's rule does not hold.
fn broken(choice: &Choice<'_>, rule: &Rule) -> Option<Violation> {
    let whole = choice.system.is_some();
    let tier = |text: String| Some(Violation::Tier(text));
    match *rule {
        Rule::MinVram { gib } if choice.vram_gib() < gib => tier(format!("the tier asks for {gib} GiB of VRAM")),
        Rule::MinCores { cores } if choice.processor.is_some_and(|processor| processor.cores < cores) => {
            tier(format!("the tier asks for {cores} cores"))
        }
        Rule::MinRam { gib } if choice.ram_gib() < gib && !(whole && choice.ram_gib() == 0) => {
            tier(format!("the tier asks for {gib} GiB of RAM"))
        }
        Rule::MinStorage { gb } if choice.disk.is_some_and(|disk| disk.capacity_gb < gb || disk.pcie_gen.is_none()) => {
            tier(format!("the tier asks for {gb} GB of NVMe"))
        }
        Rule::MaxCards { count } if choice.card_count() > count => tier(format!("the tier takes {count} cards")),
        Rule::CardVramOrCards { gib, cards } if choice.card_count() < cards && largest_card(choice) < gib => {
            tier(format!("the tier asks for a card of {gib} GiB or {cards} cards"))
        }
        Rule::HbmOrManyCards { gib, cards } if choice.card_count() < cards && !has_hbm(choice, gib) => {
            tier(format!("the tier asks for {gib} GiB of HBM a card or {cards} cards"))
        }
        Rule::SlotPerCard { lanes } if !whole && !wide(choice, lanes, 1) => {
            tier(format!("the tier asks for {lanes} lanes a card"))
        }
        Rule::ServerPlatform { lanes } if !(whole || registered(choice) && wide(choice, lanes, 1)) => {
            tier(format!("the tier asks for registered RAM and {lanes} lanes a card"))
        }
        Rule::FastLink { gb_s, most_cards } if !linked(choice, gb_s, most_cards) => {
            tier(format!("the tier asks for {gb_s} GB/s between cards, or at most {most_cards} on PCIe 5.0 x16"))
        }
        Rule::FillChannels if !filled(choice) => tier("the tier asks for a stick of RAM in every channel".to_owned()),
        Rule::MinEfficiency { class } if choice.supply.is_some_and(|supply| supply.part.efficiency < class) => {
            tier(format!("the tier asks for a power supply of class {class:?} or better"))
        }
        Rule::PowerHeadroom { share } => overloaded(choice, share),
        _ => None,
    }
}

/// A single supply delivers at most so many W on a household circuit; a second one is for more than that.
pub(super) const ONE_SUPPLY_W: f64 = 1600.0;

fn overloaded(choice: &Choice<'_>, share: f64) -> Option<Violation> {
    let (draw, supply) = (choice.draw_w()?, choice.supply?);
    let watts = supply.part.watts * supply.count;
    let used = 1.0 - share;
    if supply.count > 1 && draw <= ONE_SUPPLY_W * used {
        return Some(Violation::Supplies { count: supply.count, draw });
    }
    (draw > f64::from(watts) * used).then_some(Violation::Power { draw, share: used * 100.0, watts })
}

fn largest_card(choice: &Choice<'_>) -> f64 {
    let unified = choice.system.and_then(|system| system.memory_gib).map_or(0.0, f64::from);
    choice.cards.iter().map(|cards| cards.part.memory_gib).fold(unified, f64::max)
}

fn has_hbm(choice: &Choice<'_>, gib: f64) -> bool {
    let hbm = |card: &Card| card.memory_kind.as_deref().is_some_and(|kind| kind.starts_with("HBM"));
    choice.cards.iter().any(|cards| cards.part.memory_gib >= gib && hbm(cards.part))
}

fn filled(choice: &Choice<'_>) -> bool {
    let (Some(processor), Some(ram)) = (choice.processor, choice.ram) else { return true };
    ram.part.sticks * ram.count >= processor.memory_channels() * choice.processors()
}

fn registered(choice: &Choice<'_>) -> bool {
    choice.ram.is_none_or(|ram| ram.part.dimm == Dimm::Rdimm)
        && choice.board.is_none_or(|board| board.dimm == Dimm::Rdimm)
}

/// Whether every card has so many lanes of this generation or a newer one; not where slots are still to be chosen.
pub(super) fn wide(choice: &Choice<'_>, lanes: u8, generation: u8) -> bool {
    let Some(slots) = choice.slots() else { return choice.board.is_none() || choice.processor.is_none() };
    slots.iter().all(|slot| slot.lanes >= lanes && slot.r#gen >= generation)
}

fn linked(choice: &Choice<'_>, gb_s: f64, most_cards: u32) -> bool {
    let fast = |card: &Card| {
        card.interconnect.is_some_and(|link| link.kind != Link::Absent && link.gb_s.is_some_and(|rate| rate >= gb_s))
    };
    let count = choice.card_count();
    if count <= 1 || choice.cards.iter().all(|cards| fast(cards.part)) {
        return true;
    }
    let newest = choice.cards.iter().all(|cards| cards.part.pcie_gen.is_some_and(|generation| generation >= 5));
    count <= most_cards && newest && choice.system.is_none() && wide(choice, 16, 5)
}
