//! Builds in words, in the language of the window or of scripts.

use super::checks::Check;
use super::lines::{Line, PartKind, Why};
use super::market::Total;
use super::outcome::{BuildError, Traded};
use super::violation::Violation;
use crate::catalog::parts::{Rule, Tier};
use crate::catalog::source::PriceKind;
use crate::plan::OutOfRange;
use crate::text::{self, Hole, Key, Locale};

/// The name of a kind of part.
#[must_use]
pub const fn kind(kind: PartKind) -> Key {
    match kind {
        PartKind::System => Key::PartSystem,
        PartKind::Card => Key::PartCard,
        PartKind::Ram => Key::PartRam,
        PartKind::Processor => Key::PartProcessor,
        PartKind::Board => Key::PartBoard,
        PartKind::Disk => Key::PartDisk,
        PartKind::Supply => Key::PartSupply,
        PartKind::Case => Key::PartCase,
        PartKind::Cooler => Key::PartCooler,
    }
}

/// A total, and that it is the least where parts have no price.
#[must_use]
pub fn total(total: Total, locale: Locale) -> String {
    if total.usd == 0.0 && total.unpriced > 0 {
        return locale.word(Key::CardsNoPrice).to_owned();
    }
    let money = text::money(total.usd.round());
    if total.unpriced > 0 { locale.sentence(Key::TotalFrom, &[(Hole::Value, &money)]) } else { money }
}

/// A part with its count, and whether it is bought used or there already.
#[must_use]
pub fn part(line: &Line<'_>, locale: Locale) -> String {
    let mut words = if line.count > 1 { format!("{} × {}", line.count, line.name) } else { line.name.to_owned() };
    if line.price.is_some_and(|price| price.kind == PriceKind::Used) && line.owned < line.count {
        words = locale.sentence(Key::CardUsedName, &[(Hole::Name, &words)]);
    }
    match line.owned {
        0 => words,
        owned if owned == line.count => locale.sentence(Key::PartOwned, &[(Hole::Name, &words)]),
        owned => locale.sentence(Key::PartPartlyOwned, &[(Hole::Name, &words), (Hole::Count, &owned.to_string())]),
    }
}

/// Why a part is there.
#[must_use]
pub fn why(why: Why, tier: Option<&Tier>, locale: Locale) -> String {
    match why {
        Why::Kept => locale.word(Key::WhyKept).to_owned(),
        Why::ByHand => locale.word(Key::WhyByHand).to_owned(),
        Why::Goal => locale.word(Key::WhyGoal).to_owned(),
        Why::Rule(rule) => {
            let reason = tier.and_then(|tier| tier.reason(|other| *other == rule));
            reason.map_or_else(String::new, |reason| reason.said_in(locale).to_owned())
        }
        Why::RamNeed { gib } => locale.sentence(Key::WhyRamNeed, &[(Hole::Value, &memory(gib))]),
        Why::Slots { cards: 1, lanes } => locale.sentence(Key::WhySlot, &[(Hole::Lanes, &lanes.to_string())]),
        Why::Slots { cards, lanes } => {
            let holes = [(Hole::Count, cards.to_string()), (Hole::Lanes, lanes.to_string())];
            said(locale, Key::WhySlots, &holes)
        }
        Why::Power { draw } => locale.sentence(Key::WhyPower, &[(Hole::Value, &whole(draw))]),
        Why::Room { slots } => locale.sentence(Key::WhyRoom, &[(Hole::Count, &slots.to_string())]),
        Why::Fits => locale.word(Key::WhyFits).to_owned(),
    }
}

/// What was looked over, with its figures.
#[must_use]
pub fn check(check: &Check, locale: Locale) -> String {
    let fine = check.is_fine();
    match *check {
        Check::Power { draw, watts } => {
            let spare = text::decimal((1.0 - draw / watts) * 100.0, 0);
            said(
                locale,
                Key::CheckPower,
                &[(Hole::Value, whole(draw)), (Hole::Other, whole(watts)), (Hole::Free, spare)],
            )
        }
        Check::Slots { cards, slots, lanes, of_lanes } => {
            let holes = [(Hole::Count, cards), (Hole::Value, slots), (Hole::Lanes, lanes), (Hole::Other, of_lanes)];
            said(locale, Key::CheckSlots, &holes.map(|(hole, figure)| (hole, figure.to_string())))
        }
        Check::Link { lanes, r#gen, gb_s, preferred } => {
            let rate = gb_s.map_or_else(|| locale.word(Key::NoData).to_owned(), |rate| format!("{} GB/s", whole(rate)));
            let holes = [(Hole::Generation, r#gen.to_string()), (Hole::Lanes, lanes.to_string()), (Hole::Value, rate)];
            said(locale, if preferred { Key::CheckLink } else { Key::CheckLinkNarrow }, &holes)
        }
        Check::Ram { gib, needed, vram } => {
            let times = if vram > 0.0 { text::figure(f64::from(gib) / vram) } else { "–".to_owned() };
            let holes = [(Hole::Ram, memory(gib.into())), (Hole::Value, times), (Hole::Needed, memory(needed))];
            said(locale, if fine { Key::CheckRam } else { Key::CheckRamShort }, &holes)
        }
        Check::RamAdvised { gib, advised } => {
            let holes = [(Hole::Ram, memory(gib.into())), (Hole::Other, memory(advised.into()))];
            said(locale, Key::CheckRamAdvised, &holes)
        }
        Check::Circuit { wall, carries } => {
            let key = if fine { Key::CheckCircuit } else { Key::CheckCircuitOver };
            said(locale, key, &[(Hole::Value, whole(wall)), (Hole::Other, whole(carries))])
        }
    }
}

/// What was given up.
#[must_use]
pub fn traded(traded: &Traded, locale: Locale) -> String {
    let one = |key, count: u32| locale.sentence(key, &[(Hole::Count, &count.to_string())]);
    match *traded {
        Traded::Lanes { lanes, r#gen } => {
            let holes = [(Hole::Generation, r#gen.to_string()), (Hole::Lanes, lanes.to_string())];
            said(locale, Key::TradedLanes, &holes)
        }
        Traded::Ram { gib, advised } => {
            let holes = [(Hole::Ram, memory(gib.into())), (Hole::Other, memory(advised.into()))];
            said(locale, Key::TradedRam, &holes)
        }
        Traded::Warranty { parts: 1 } => locale.word(Key::TradedWarrantyOne).to_owned(),
        Traded::Warranty { parts } => one(Key::TradedWarranty, parts),
        Traded::SingleCard { cards } => one(Key::TradedSingleCard, cards),
        Traded::Freshness { parts: 1 } => locale.word(Key::TradedFreshnessOne).to_owned(),
        Traded::Freshness { parts } => one(Key::TradedFreshness, parts),
        Traded::Unspent { usd } => locale.sentence(Key::TradedUnspent, &[(Hole::Value, &text::money(usd))]),
    }
}

/// What does not go together, without a capital.
#[must_use]
pub fn violation(violation: &Violation, locale: Locale) -> String {
    use Violation as V;
    let two = |key, name: &str, other: &str| locale.sentence(key, &[(Hole::Name, name), (Hole::Other, other)]);
    match violation {
        V::Missing(part) => locale.sentence(Key::BadMissing, &[(Hole::Name, locale.word(kind(*part)))]),
        V::TwoKept(part) => locale.sentence(Key::BadTwoKept, &[(Hole::Name, locale.word(kind(*part)))]),
        V::WholeBesideParts => locale.word(Key::BadWholeBesideParts).to_owned(),
        V::Socket { processor, board, socket } => {
            let holes = [(Hole::Name, processor.as_str()), (Hole::Value, socket), (Hole::Other, board)];
            locale.sentence(Key::BadSocket, &holes)
        }
        V::Sockets { processor, board, sockets } => {
            let sockets = sockets.to_string();
            let holes = [(Hole::Name, processor.as_str()), (Hole::Count, &sockets), (Hole::Other, board)];
            locale.sentence(Key::BadSockets, &holes)
        }
        V::Memory { ram, part } => two(Key::BadFit, ram, part),
        V::Cooler { cooler, part } => two(Key::BadFit, cooler, part),
        V::BoardForm { board, case } => two(Key::BadInto, board, case),
        V::SupplyForm { supply, case } => two(Key::BadInto, supply, case),
        V::Airflow { card, case } => two(Key::BadAirflow, card, case),
        V::NotForSlots { card } => locale.sentence(Key::BadForm, &[(Hole::Card, card)]),
        V::DimmSlots { sticks, slots, board } => counts(locale, Key::BadDimmSlots, (*sticks, *slots), board),
        V::BoardSlots { cards, slots, board } => counts(locale, Key::BadBoardSlots, (*cards, *slots), board),
        V::CaseSlots { thick, slots, case } => counts(locale, Key::BadCaseSlots, (*thick, *slots), case),
        V::Slots { cards, board, processor } => {
            let cards = cards.to_string();
            let holes = [(Hole::Count, cards.as_str()), (Hole::Other, board), (Hole::Name, processor)];
            locale.sentence(Key::BadSlots, &holes)
        }
        V::RamMaximum { gib, most, part } => {
            let (gib, most) = (memory((*gib).into()), memory((*most).into()));
            let holes = [(Hole::Ram, gib.as_str()), (Hole::Value, &most), (Hole::Other, part)];
            locale.sentence(Key::BadRamMaximum, &holes)
        }
        V::RamNeed { gib, needed } => {
            said(locale, Key::BadRamNeed, &[(Hole::Ram, memory((*gib).into())), (Hole::Needed, memory(*needed))])
        }
        V::Power { draw, share, watts } => {
            let holes =
                [(Hole::Needed, whole(*draw)), (Hole::Value, whole(*share)), (Hole::Other, whole((*watts).into()))];
            said(locale, Key::BadPower, &holes)
        }
        V::Supplies { count, draw } => {
            said(locale, Key::BadSupplies, &[(Hole::Count, count.to_string()), (Hole::Needed, whole(*draw))])
        }
        V::Tier(rule) => asked(*rule, locale),
    }
}

/// What a rule asks for, as a sentence without a capital.
fn asked(rule: Rule, locale: Locale) -> String {
    let gib = |key, gib: f64| locale.sentence(key, &[(Hole::Value, &memory(gib))]);
    let count = |key, count: u32| locale.sentence(key, &[(Hole::Count, &count.to_string())]);
    let lanes = |key, lanes: u8| locale.sentence(key, &[(Hole::Lanes, &lanes.to_string())]);
    let either =
        |key, value: String, cards: u32| said(locale, key, &[(Hole::Value, value), (Hole::Count, cards.to_string())]);
    match rule {
        Rule::MinVram { gib: least } => gib(Key::RuleVram, least),
        Rule::MinRam { gib: least } => gib(Key::RuleRam, least.into()),
        Rule::MinCores { cores } => count(Key::RuleCores, cores),
        Rule::MinStorage { gb } => locale.sentence(Key::RuleStorage, &[(Hole::Value, &whole(gb.into()))]),
        Rule::MaxCards { count: most } => count(Key::RuleCards, most),
        Rule::CardVramOrCards { gib, cards } => either(Key::RuleCardVram, memory(gib), cards),
        Rule::HbmOrManyCards { gib, cards } => either(Key::RuleHbm, memory(gib), cards),
        Rule::SlotPerCard { lanes: least } => lanes(Key::RuleLanes, least),
        Rule::ServerPlatform { lanes: least } => lanes(Key::RuleServer, least),
        Rule::FastLink { gb_s, most_cards } => either(Key::RuleLink, whole(gb_s), most_cards),
        Rule::FillChannels => locale.word(Key::RuleChannels).to_owned(),
        Rule::MinEfficiency { class } => {
            let class = format!("{class:?}").to_lowercase();
            locale.sentence(Key::RuleEfficiency, &[(Hole::Name, &class)])
        }
        // The others order builds and keep none out.
        _ => String::new(),
    }
}

/// Why there is no build, on one line.
#[must_use]
pub fn error(error: &BuildError<'_>, locale: Locale) -> String {
    match error {
        BuildError::OutOfRange(OutOfRange { field, value, wanted, .. }) => {
            let holes = [(Hole::Name, field.as_str()), (Hole::Value, value.as_str()), (Hole::Other, wanted.as_str())];
            locale.sentence(Key::ErrorOutOfRange, &holes)
        }
        BuildError::UnknownPart(id) => locale.sentence(Key::BuildUnknownPart, &[(Hole::Name, id)]),
        BuildError::Contradiction(what) => {
            locale.sentence(Key::BuildContradiction, &[(Hole::Other, &violation(what, locale))])
        }
        BuildError::TooLittle { budget, cheapest } => {
            let missing = text::money((cheapest.total.usd - budget).ceil());
            let (budget, least) = (text::money(*budget), total(cheapest.total, locale));
            let holes = [(Hole::Value, budget.as_str()), (Hole::Other, &least), (Hole::Needed, &missing)];
            locale.sentence(Key::BuildTooLittle, &holes)
        }
        BuildError::Nothing => locale.word(Key::BuildNothing).to_owned(),
        BuildError::Plan(error) => error.to_string(),
        BuildError::NoRules => locale.word(Key::BuildNoRules).to_owned(),
    }
}

/// A count of something that is more than the slots of a part.
fn counts(locale: Locale, key: Key, (count, slots): (u32, u32), part: &str) -> String {
    let holes = [(Hole::Count, count.to_string()), (Hole::Value, slots.to_string()), (Hole::Other, part.to_owned())];
    said(locale, key, &holes)
}

fn said(locale: Locale, key: Key, holes: &[(Hole, String)]) -> String {
    let holes: Vec<(Hole, &str)> = holes.iter().map(|(hole, words)| (*hole, words.as_str())).collect();
    locale.sentence(key, &holes)
}

/// A figure without digits after the point.
fn whole(figure: f64) -> String {
    text::decimal(figure, 0)
}

/// An amount of memory in its unit, whole.
fn memory(gib: f64) -> String {
    text::memory_unit().write(gib, 0)
}
