//! Builds in words, in the language of the window or of scripts.

use std::fmt;

use super::checks::{Check, Place};
use super::lines::{LeftOver, PartLine, Why};
use super::market::Total;
use super::outcome::Traded;
use super::tier_words::aim;
use super::violation::{PartName, Violation};
use crate::catalog::parts::{self, CircuitId, FittingKind, PartKind, Tier, TierDemand};
use crate::catalog::price_words;
use crate::catalog::source::PriceKind;
use crate::estimate::{Reader, Warning};
use crate::text::{self, Key, Locale, Placeholder};
use crate::units::Usd;

/// The name of a kind of part.
pub(crate) const fn kind(kind: PartKind) -> Key {
    match kind {
        PartKind::System => Key::PartSystem,
        PartKind::Card => Key::PartCard,
        PartKind::Ram => Key::PartRam,
        PartKind::Processor => Key::PartProcessor,
        PartKind::Board => Key::PartBoard,
        PartKind::Disk => Key::PartDisk,
        PartKind::PowerSupply => Key::PartSupply,
        PartKind::Case => Key::PartCase,
        PartKind::Fitting => Key::PartFitting,
        PartKind::Cooler => Key::PartCooler,
        PartKind::Network => Key::BookNetwork,
    }
}

/// A total, and that it is the least where parts have no price.
pub(crate) fn total(total: Total, locale: Locale) -> String {
    if total.usd == Usd::ZERO && total.unpriced > 0 {
        return locale.word(Key::CardsNoPrice).to_owned();
    }
    let money = text::money(total.usd.0.round());
    if total.unpriced > 0 { locale.sentence(Key::TotalFrom, &[(Placeholder::Value, &money)]) } else { money }
}

/// A part with its count, and whether it is bought used or there already.
pub(crate) fn part(line: &PartLine<'_>, locale: Locale) -> String {
    let mut words = line.written.counted(line.count, locale);
    if line.price.is_some_and(|price| price.kind == PriceKind::Used) && line.owned < line.count {
        words = locale.sentence(Key::CardUsedName, &[(Placeholder::Name, &words)]);
    }
    match line.owned {
        0 => words,
        owned if owned == line.count => locale.sentence(Key::PartOwned, &[(Placeholder::Name, &words)]),
        owned => locale
            .sentence(Key::PartPartlyOwned, &[(Placeholder::Name, &words), (Placeholder::Count, &owned.to_string())]),
    }
}

/// The date of a price, what it is where it is no plain offer, and that it is old.
pub(crate) fn dated(line: &PartLine<'_>, locale: Locale) -> String {
    let Some(price) = line.price else { return locale.word(Key::CardsNoPrice).to_owned() };
    let said = price_words::dated(price, price.standing_by_itself(), locale);
    if line.stale { locale.sentence(Key::RentStale, &[(Placeholder::Value, &said)]) } else { said }
}

/// Why a part was taken.
pub(crate) fn why(why: Why, tier: Option<&Tier>, locale: Locale) -> String {
    match why {
        Why::Kept => locale.word(Key::WhyKept).to_owned(),
        Why::ByHand => locale.word(Key::WhyByHand).to_owned(),
        Why::Goal => locale.word(Key::WhyGoal).to_owned(),
        Why::Rule(rule) => {
            let reason = tier.and_then(|tier| tier.reason(|other| *other == rule));
            reason.map_or_else(String::new, |reason| reason.said_in(locale).to_owned())
        }
        Why::LeftOver(what) => locale.word(left_over(what)).to_owned(),
        Why::RamNeed { gib } => locale.sentence(Key::WhyRamNeed, &[(Placeholder::Value, &memory(gib))]),
        Why::Slots { cards: 1, lanes } => locale.sentence(Key::WhySlot, &[(Placeholder::Lanes, &lanes.to_string())]),
        Why::Slots { cards, lanes } => {
            let holes = [(Placeholder::Count, cards.to_string()), (Placeholder::Lanes, lanes.to_string())];
            said(locale, Key::WhySlots, &holes)
        }
        Why::SlotsTogether { cards: 1, lanes } => {
            locale.sentence(Key::WhySlotTogether, &[(Placeholder::Lanes, &lanes.to_string())])
        }
        Why::SlotsTogether { cards, lanes } => {
            let holes = [(Placeholder::Count, cards.to_string()), (Placeholder::Lanes, lanes.to_string())];
            said(locale, Key::WhySlotsTogether, &holes)
        }
        Why::Power { draw } => locale.sentence(Key::WhyPower, &[(Placeholder::Value, &whole(draw.0))]),
        Why::Room { cards, each, slots } => {
            let key = match (cards, each) {
                (0, _) => Key::WhyRoomBoard,
                (1, _) => Key::WhyRoomOne,
                (_, Some(_)) => Key::WhyRoomEach,
                _ => Key::WhyRoom,
            };
            let holes = [
                (Placeholder::Count, cards.to_string()),
                (Placeholder::Value, each.unwrap_or(0).to_string()),
                (Placeholder::Other, slots.to_string()),
            ];
            said(locale, key, &holes)
        }
        Why::Joins(FittingKind::Riser(_)) => locale.word(Key::WhyRiser).to_owned(),
        Why::Joins(FittingKind::SupplySync) => locale.word(Key::WhySync).to_owned(),
        Why::Fits => locale.word(Key::WhyFits).to_owned(),
    }
}

const fn left_over(what: LeftOver) -> Key {
    match what {
        LeftOver::Cards => Key::WhyLeftCards,
        LeftOver::Speed => Key::WhyLeftSpeed,
        LeftOver::Ram => Key::WhyLeftRam,
        LeftOver::RamToTrain => Key::WhyLeftRamToTrain,
        LeftOver::Base | LeftOver::Board => Key::WhyLeftBase,
        LeftOver::Disk => Key::WhyLeftDisk,
        LeftOver::Supply => Key::WhyLeftSupply,
    }
}

/// What was looked over, with its figures.
pub(crate) fn check(check: &Check, locale: Locale) -> String {
    let fine = check.is_fine();
    match *check {
        Check::Power { draw, watts } => {
            let spare = text::decimal((1.0 - draw / watts) * 100.0, 0);
            said(
                locale,
                Key::CheckPower,
                &[
                    (Placeholder::Value, whole(draw.0)),
                    (Placeholder::Other, whole(watts.0)),
                    (Placeholder::Free, spare),
                ],
            )
        }
        Check::Slots { cards, slots, lanes, of_lanes } => {
            let holes = [
                (Placeholder::Count, cards),
                (Placeholder::Value, slots),
                (Placeholder::Lanes, lanes),
                (Placeholder::Other, of_lanes),
            ];
            said(locale, Key::CheckSlots, &holes.map(|(hole, figure)| (hole, figure.to_string())))
        }
        Check::Link { lanes, r#gen, gb_s, preferred } => {
            let rate = gb_s.map_or_else(|| locale.word(Key::NoData).to_owned(), |rate| format!("{} GB/s", whole(rate)));
            let holes = [
                (Placeholder::Generation, r#gen.to_string()),
                (Placeholder::Lanes, lanes.to_string()),
                (Placeholder::Value, rate),
            ];
            said(locale, if preferred { Key::CheckLink } else { Key::CheckLinkNarrow }, &holes)
        }
        Check::Fit { margin, moved, decode } => {
            Warning::FitMargin { margin, moved, decode }.say(locale, Reader::Window).into_owned()
        }
        Check::Ram { gib, needed, vram } => {
            let times = if vram > 0.0 { text::figure(f64::from(gib) / vram) } else { "–".to_owned() };
            let holes = [
                (Placeholder::Ram, memory(gib.into())),
                (Placeholder::Value, times),
                (Placeholder::Needed, memory(needed)),
            ];
            let key = match () {
                () if !fine => Key::CheckRamShort,
                () if holes[1].1 == "1" => Key::CheckRamEqual,
                // Where much of the model lies in it, RAM is no mere way to the cards.
                () if f64::from(gib) < vram && needed * 2.0 <= f64::from(gib) => Key::CheckRamLess,
                () => Key::CheckRam,
            };
            said(locale, key, &holes)
        }
        Check::Life { life } => match &life.driver {
            Some(driver) => said(
                locale,
                Key::CheckLife,
                &[(Placeholder::Value, driver.clone()), (Placeholder::Other, life.library.clone())],
            ),
            None => said(locale, Key::CheckLifeLibrary, &[(Placeholder::Other, life.library.clone())]),
        },
        Check::Circuit { .. } | Check::PowerLimit { .. } | Check::License { .. } | Check::Place { .. } => {
            surroundings(check, locale)
        }
    }
}

/// What is said of where a machine stands and what it is plugged into.
fn surroundings(check: &Check, locale: Locale) -> String {
    match *check {
        Check::Circuit { wall, circuit } => {
            let key = if check.is_fine() { Key::CheckCircuit } else { Key::CheckCircuitOver };
            let holes = [
                (Placeholder::Value, whole(wall.0)),
                (Placeholder::Name, outlet(circuit, locale).to_owned()),
                (Placeholder::Other, whole(circuit.carries().0)),
            ];
            said(locale, key, &holes)
        }
        Check::PowerLimit { watts, of, keeps, wall, circuit } => {
            let share = keeps.map(|keeps| text::decimal(keeps * 100.0, 0));
            let key = match (&share, wall <= circuit.carries()) {
                (Some(_), true) => Key::CheckLimit,
                (Some(_), false) => Key::CheckLimitOver,
                (None, true) => Key::CheckLimitPlain,
                (None, false) => Key::CheckLimitPlainOver,
            };
            let holes = [
                (Placeholder::Value, watts.to_string()),
                (Placeholder::Other, of.to_string()),
                (Placeholder::Free, share.unwrap_or_default()),
                (Placeholder::Needed, whole(wall.0)),
            ];
            said(locale, key, &holes)
        }
        Check::Place { place, heat } => {
            let key = match place {
                Place::Aired => Key::CheckPlaceAired,
                Place::Blowers => Key::CheckPlaceBlowers,
                Place::OpenFrame => Key::CheckPlaceFrame,
                Place::Rack => Key::CheckPlaceRack,
                Place::MachineRoom => Key::CheckPlaceRoom,
            };
            said(locale, key, &[(Placeholder::Value, text::figure(heat.0 / 1000.0))])
        }
        _ => locale.word(Key::CheckLicense).to_owned(),
    }
}

/// What an outlet is called.
pub(crate) fn outlet(circuit: CircuitId, locale: Locale) -> &'static str {
    circuit.circuit().map_or("", |circuit| circuit.name.said_in(locale))
}

/// What was given up.
pub(crate) fn traded(traded: &Traded, locale: Locale) -> String {
    let one = |key, count: u32| locale.sentence(key, &[(Placeholder::Count, &count.to_string())]);
    match *traded {
        Traded::Lanes { lanes, r#gen } => {
            let holes = [(Placeholder::Generation, r#gen.to_string()), (Placeholder::Lanes, lanes.to_string())];
            said(locale, Key::TradedLanes, &holes)
        }
        Traded::Warranty { parts: 1 } => locale.word(Key::TradedWarrantyOne).to_owned(),
        Traded::Warranty { parts } => one(Key::TradedWarranty, parts),
        Traded::SingleCard { cards } => one(Key::TradedSingleCard, cards),
        Traded::Freshness { parts: 1 } => locale.word(Key::TradedFreshnessOne).to_owned(),
        Traded::Freshness { parts } => one(Key::TradedFreshness, parts),
        Traded::Ram { gib, usd } => said(
            locale,
            Key::TradedRam,
            &[(Placeholder::Ram, memory(gib.into())), (Placeholder::Value, text::money(usd.ceil()))],
        ),
        Traded::Unspent { usd, next: None } => {
            locale.sentence(Key::TradedUnspent, &[(Placeholder::Value, &text::money(usd))])
        }
        Traded::Unspent { usd, next: Some(next) } => said(
            locale,
            Key::TradedUnspentNext,
            &[(Placeholder::Value, text::money(usd)), (Placeholder::Other, text::money(next.ceil()))],
        ),
    }
}

/// What does not go together, without a capital.
pub(crate) fn violation(violation: &Violation, locale: Locale) -> String {
    use Violation as V;
    let said_of = |part: &PartName| part.said_in(locale).to_owned();
    let two = |key, name: &PartName, other: &PartName| {
        said(locale, key, &[(Placeholder::Name, said_of(name)), (Placeholder::Other, said_of(other))])
    };
    match violation {
        V::Missing(part) => locale.sentence(Key::BadMissing, &[(Placeholder::Name, locale.word(kind(*part)))]),
        V::TwoKept(part) => locale.sentence(Key::BadTwoKept, &[(Placeholder::Name, locale.word(kind(*part)))]),
        V::WholeBesideParts => locale.word(Key::BadWholeBesideParts).to_owned(),
        V::Socket { processor, board, socket } => {
            let holes = [
                (Placeholder::Name, said_of(processor)),
                (Placeholder::Value, socket.clone()),
                (Placeholder::Other, said_of(board)),
            ];
            said(locale, Key::BadSocket, &holes)
        }
        V::Sockets { processor, board, sockets } => {
            let holes = [
                (Placeholder::Name, said_of(processor)),
                (Placeholder::Count, sockets.to_string()),
                (Placeholder::Other, said_of(board)),
            ];
            said(locale, Key::BadSockets, &holes)
        }
        V::Memory { ram, part } => two(Key::BadFit, ram, part),
        V::Cooler { cooler, part } => two(Key::BadFit, cooler, part),
        V::BoardForm { board, case } => two(Key::BadInto, board, case),
        V::SupplyForm { supply, case } => two(Key::BadInto, supply, case),
        V::Airflow { card, case } => two(Key::BadAirflow, card, case),
        V::NotForSlots { card } => locale.sentence(Key::BadForm, &[(Placeholder::Card, card.said_in(locale))]),
        V::DimmSlots { sticks, slots, board } => counts(locale, Key::BadDimmSlots, *sticks, *slots, board),
        V::BoardSlots { cards, slots, board } => counts(locale, Key::BadBoardSlots, *cards, *slots, board),
        V::SideBySide { cards, thick, board } => counts(locale, Key::BadSideBySide, *cards, (*thick).into(), board),
        V::SupplyRoom { count, room, case } => counts(locale, Key::BadSupplyRoom, *count, *room, case),
        V::Channels { sticks, channels, processor } => counts(locale, Key::BadChannels, *sticks, *channels, processor),
        V::Plugs { supply, cards } => said(
            locale,
            Key::BadPlugs,
            &[(Placeholder::Name, said_of(supply)), (Placeholder::Count, cards.to_string())],
        ),
        V::CaseSlots { thick, slots, case } => counts(locale, Key::BadCaseSlots, *thick, *slots, case),
        V::Slots { cards, board, processor } => {
            let holes = [
                (Placeholder::Count, cards.to_string()),
                (Placeholder::Other, said_of(board)),
                (Placeholder::Name, said_of(processor)),
            ];
            said(locale, Key::BadSlots, &holes)
        }
        V::RamMaximum { gib, most, part } => {
            let holes = [
                (Placeholder::Ram, memory((*gib).into())),
                (Placeholder::Value, memory((*most).into())),
                (Placeholder::Other, said_of(part)),
            ];
            said(locale, Key::BadRamMaximum, &holes)
        }
        V::RamNeed { gib, needed } => said(
            locale,
            Key::BadRamNeed,
            &[(Placeholder::Ram, memory((*gib).into())), (Placeholder::Needed, memory(*needed))],
        ),
        V::Power { draw, share, watts } => {
            let holes = [
                (Placeholder::Needed, whole(draw.0)),
                (Placeholder::Value, whole(*share)),
                (Placeholder::Other, whole((*watts).into())),
            ];
            said(locale, Key::BadPower, &holes)
        }
        V::Supplies { count, draw } => said(
            locale,
            Key::BadSupplies,
            &[(Placeholder::Count, count.to_string()), (Placeholder::Needed, whole(draw.0))],
        ),
        V::Tier(rule) => asked(*rule, locale),
    }
}

/// What a rule asks for, as a sentence without a capital.
fn asked(rule: TierDemand, locale: Locale) -> String {
    let gib = |key, gib: f64| locale.sentence(key, &[(Placeholder::Value, &memory(gib))]);
    let count = |key, count: u32| locale.sentence(key, &[(Placeholder::Count, &count.to_string())]);
    let lanes = |key, lanes: u8| locale.sentence(key, &[(Placeholder::Lanes, &lanes.to_string())]);
    let either = |key, value: String, cards: u32| {
        said(locale, key, &[(Placeholder::Value, value), (Placeholder::Count, cards.to_string())])
    };
    match rule {
        TierDemand::MinVram { gib: least } => gib(Key::RuleVram, least),
        TierDemand::MinRam { gib: least } => gib(Key::RuleRam, least.into()),
        TierDemand::MinCores { cores } => count(Key::RuleCores, cores),
        TierDemand::MinStorage { gb } => locale.sentence(Key::RuleStorage, &[(Placeholder::Value, &whole(gb.into()))]),
        TierDemand::MaxCards { count: most } => count(Key::RuleCards, most),
        TierDemand::CardVramOrCards { gib, cards } => either(Key::RuleCardVram, memory(gib), cards),
        TierDemand::HbmOrLargeCards { .. } => {
            locale.sentence(Key::RuleHbm, &[(Placeholder::Value, &aim(rule, locale).unwrap_or_default())])
        }
        TierDemand::RamPerNode { from_gib, .. } => gib(Key::RuleRam, from_gib.into()),
        TierDemand::SlotPerCard { lanes: least } => lanes(Key::RuleLanes, least),
        TierDemand::ServerPlatform { lanes: least } => lanes(Key::RuleServer, least),
        TierDemand::FastLink { gb_s, most_cards } => either(Key::RuleLink, whole(gb_s), most_cards),
        TierDemand::FillChannels => locale.word(Key::RuleChannels).to_owned(),
        TierDemand::MinEfficiency { class } => {
            locale.sentence(Key::RuleEfficiency, &[(Placeholder::Name, locale.word(parts::class(class)))])
        }
        // The others order builds and keep none out.
        _ => String::new(),
    }
}

/// A count of something that is more than the slots of a part.
fn counts(locale: Locale, key: Key, count: u32, slots: u32, part: &PartName) -> String {
    let holes = [
        (Placeholder::Count, count.to_string()),
        (Placeholder::Value, slots.to_string()),
        (Placeholder::Other, part.said_in(locale).to_owned()),
    ];
    said(locale, key, &holes)
}

pub(super) fn said(locale: Locale, key: Key, holes: &[(Placeholder, String)]) -> String {
    let holes: Vec<(Placeholder, &str)> = holes.iter().map(|(hole, words)| (*hole, words.as_str())).collect();
    locale.sentence(key, &holes)
}

/// A figure without digits after the point.
pub(super) fn whole(figure: f64) -> String {
    text::decimal(figure, 0)
}

/// An amount of memory in its unit, whole.
pub(super) fn memory(gib: f64) -> String {
    text::gib(gib, 0)
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&violation(self, Locale::En))
    }
}
