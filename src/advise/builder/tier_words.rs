//! What a tier aims at, how the money is split, and what stands beside a build or in its place, in words.

use std::fmt;

use super::fault::{BuildError, Lack, Nearest};
use super::outcome::{Build, BuildOutcome};
use super::rent_first::RentFirst;
use super::split::{Split, Unmet};
use super::users::Users;
use super::words::{self, memory, said, total, violation, whole};
use crate::catalog::entry_table::Entry;
use crate::catalog::parts::{PartKind, Reason, Tier, TierDemand, TierRule};
use crate::estimate::{Reader, Verdict};
use crate::plan::BuildGoal;
use crate::plan::inputs::Choice as _;
use crate::text::{self, Fault, Join, Key, Locale, Placeholder};
use crate::units::Usd;

/// What a rule aims at, in few words; `None` where it is no figure of the machine.
pub(crate) fn aim(rule: TierDemand, locale: Locale) -> Option<String> {
    let one = |key, hole, value: String| locale.sentence(key, &[(hole, value.as_str())]);
    Some(match rule {
        TierDemand::MinVram { gib } => one(Key::AimVram, Placeholder::Value, memory(gib)),
        TierDemand::MinRam { gib } | TierDemand::RamPerNode { from_gib: gib, .. } => {
            one(Key::AimRam, Placeholder::Value, memory(gib.into()))
        }
        TierDemand::MinCores { cores } => one(Key::AimCores, Placeholder::Count, cores.to_string()),
        TierDemand::MinStorage { gb } => one(Key::AimStorage, Placeholder::Value, whole(gb.into())),
        TierDemand::UsersAtOnce { least } => one(Key::AimUsers, Placeholder::Count, least.to_string()),
        TierDemand::MaxCards { count } => one(Key::AimCards, Placeholder::Count, count.to_string()),
        TierDemand::CardVramOrCards { gib, cards } => said(
            locale,
            Key::AimCardVram,
            &[(Placeholder::Value, memory(gib)), (Placeholder::Count, cards.to_string())],
        ),
        TierDemand::HbmOrLargeCards { hbm_gib, each_gib, total_gib } => {
            let holes = [
                (Placeholder::Value, memory(hbm_gib)),
                (Placeholder::Other, memory(each_gib)),
                (Placeholder::Needed, memory(total_gib)),
            ];
            said(locale, Key::AimHbm, &holes)
        }
        _ => return None,
    })
}

/// All that a tier asks of a machine for this goal, on one line.
pub(crate) fn aims(tier: &Tier, goal: BuildGoal, locale: Locale) -> String {
    let applies = |rule: &&TierRule| !matches!(rule.rule, TierDemand::UsersAtOnce { .. }) || goal.is_shared();
    let each = tier.rules.iter().filter(applies).filter_map(|rule| aim(rule.rule, locale));
    let holes =
        [(Placeholder::Name, tier.name.said_in(locale)), (Placeholder::Value, &locale.join(Join::Phrases, each))];
    locale.sentence(Key::BuildAims, &holes)
}

/// Shares of a total: GPU, RAM, CPU and the rest.
pub(crate) fn shares(split: &Split, locale: Locale) -> String {
    let named = [(Key::PartCard, split.gpu), (Key::PartRam, split.ram), (Key::PartProcessor, split.cpu)];
    let named = named.map(|(key, share)| format!("{} {}", locale.word(key), percent(share)));
    let rest = locale.sentence(Key::BuildRest, &[(Placeholder::Value, &whole(split.rest * 100.0))]);
    locale.join(Join::Phrases, named.into_iter().chain([rest]))
}

/// What is aimed at, and why it is not met where it is not.
pub(crate) fn split_rule(split: &Split, locale: Locale) -> String {
    let holes = [
        (Placeholder::Value, whole(split.least_gpu * 100.0)),
        (Placeholder::Ram, whole(split.most_ram * 100.0)),
        (Placeholder::Other, whole(split.most_cpu * 100.0)),
    ];
    let rule = said(locale, Key::SplitRule, &holes);
    let beside = match () {
        () if split.wants_ram => Some(Key::SplitWantsRam),
        () if !split.favors_gpu() => Some(unmet(split.unmet)),
        () if !split.is_met() => Some(Key::SplitExceeded),
        () => None,
    };
    locale.join(Join::Phrases, std::iter::once(rule).chain(beside.map(|key| locale.word(key).to_owned())))
}

const fn unmet(why: Unmet) -> Key {
    match why {
        Unmet::Owned => Key::SplitOwned,
        Unmet::Spills => Key::SplitSpills,
        Unmet::LeftOver => Key::SplitLeftOver,
        Unmet::Platform => Key::SplitUnmet,
    }
}

fn percent(share: f64) -> String {
    format!("{} %", whole(share * 100.0))
}

/// How many users are served at once, and how fast.
pub(crate) fn users(users: &Users, locale: Locale) -> String {
    let holes = [
        (Placeholder::Count, users.count.to_string()),
        (Placeholder::Value, text::figure(users.each)),
        (Placeholder::Other, text::figure(users.total)),
        (Placeholder::Name, users.plan.workload.runtime.word().of(locale).to_owned()),
        (Placeholder::Context, text::count(users.plan.workload.context)),
    ];
    said(locale, Key::BuildUsers, &holes)
}

/// Where to rent first, and what that costs.
pub(crate) fn rent_first(rent: &RentFirst<'_>, locale: Locale) -> String {
    let offer = &rent.offer;
    let cards = format!("{} × {}", offer.cards, offer.card.brief_name());
    let name = locale.join(Join::Phrases, [cards, offer.rent.cloud.said(locale)]);
    let mut holes = vec![
        (Placeholder::Name, name),
        (Placeholder::Value, text::money(offer.usd_per_hour)),
        (Placeholder::Other, offer.rent.date.as_str().to_owned()),
    ];
    let (Some(hours), Some(usd)) = (rent.hours, rent.job_usd()) else {
        return said(locale, Key::BuildRentFirst, &holes);
    };
    holes.extend([(Placeholder::Count, text::figure(hours)), (Placeholder::Needed, text::money(usd))]);
    said(locale, Key::BuildRentJob, &holes)
}

/// The cards of a build, or the machine that it is, and what it costs.
pub(crate) fn machine(build: &Build<'_>, locale: Locale) -> String {
    let whole = build.choice.system.map(|system| system.written().one(locale));
    whole.unwrap_or_else(|| {
        let each = build.choice.cards.iter().map(|cards| cards.part.written().counted(cards.count, locale));
        locale.join(Join::And, each)
    })
}

/// A sentence about a machine and its price.
pub(crate) fn about(key: Key, build: &Build<'_>, locale: Locale) -> String {
    said(locale, key, &[(Placeholder::Name, machine(build, locale)), (Placeholder::Other, total(build.total, locale))])
}

/// Everything that was given up.
pub(crate) fn traded(outcome: &BuildOutcome<'_>, locale: Locale) -> Vec<String> {
    let cuda = outcome.cuda.as_ref().map(|beside| match beside.build.as_deref() {
        None => locale.word(Key::TradedCudaNone).to_owned(),
        Some(build) => without_cuda(&outcome.build, build, locale),
    });
    let doubtful = outcome.doubtful.as_deref().map(|build| about(Key::TradedDoubtful, build, locale));
    let louder =
        outcome.louder.as_deref().map(|build| with_reached(about(Key::TradedQuiet, build, locale), build, locale));
    cuda.into_iter()
        .chain(doubtful)
        .chain(louder)
        .chain(outcome.traded.iter().map(|it| words::traded(it, locale)))
        .collect()
}

/// What the best machine with CUDA comes to, beside the build that goes without.
fn without_cuda(own: &Build<'_>, build: &Build<'_>, locale: Locale) -> String {
    let holes = [
        (Placeholder::Name, machine(build, locale)),
        (Placeholder::Other, total(build.total, locale)),
        (Placeholder::Value, reached(build, locale)),
        (Placeholder::Needed, reached(own, locale)),
    ];
    said(locale, Key::TradedCuda, &holes)
}

/// What a build does for its goal: the model that it runs, where that is the goal, how fast, and for how many at once.
fn reached(build: &Build<'_>, locale: Locale) -> String {
    let model = match build.goal {
        // That whose speed and users follow: one user alone may run a larger one.
        BuildGoal::LargestModel { .. } | BuildGoal::BestMixture { .. } => build.model.map(|model| model.name.clone()),
        BuildGoal::RunPlan | BuildGoal::MostTokens | BuildGoal::MostUsers { .. } => None,
    };
    let speed = build.estimate.speed;
    let total = matches!(build.goal, BuildGoal::MostTokens).then_some(speed.decode_total).flatten();
    // Of those that wait none is the faster for others that run.
    let band = speed.train.or(total).or_else(|| build.estimate.decode_of_each());
    let rate = band.map(|band| locale.sentence(Key::Rate, &[(Placeholder::Value, &text::figure(band.expected))]));
    let users = build
        .users
        .as_ref()
        .map(|users| locale.sentence(Key::AimUsers, &[(Placeholder::Count, &users.count.to_string())]));
    locale.join(Join::Phrases, model.into_iter().chain(rate).chain(users))
}

/// The RAM of a build as a shop writes it, where a part of the model lies in it: its rate counts there.
pub(crate) fn ram_beside(build: &Build<'_>, locale: Locale) -> Option<String> {
    let spills = build.estimate.verdict == Some(Verdict::Offload) && build.choice.system.is_none();
    build.choice.ram.filter(|_| spills).map(|ram| ram.part.written().counted(ram.count, locale))
}

/// The sentence about a build, ended with its VRAM, with its RAM where that matters, and with what it does for its goal.
pub(crate) fn with_reached(said: String, build: &Build<'_>, locale: Locale) -> String {
    // A machine that is bought as a whole is named by its cards, or has one pool for everything.
    let vram = build.choice.system.is_none().then(|| memory(build.choice.vram_gib()));
    let vram = vram.map(|vram| locale.sentence(Key::PlotVram, &[(Placeholder::Value, &vram)]));
    let ends = vram.into_iter().chain(ram_beside(build, locale)).chain([reached(build, locale)]);
    let ends = ends.filter(|it| !it.is_empty());
    locale.join(Join::Phrases, std::iter::once(said).chain(ends))
}

/// What the cards of a build cost by themselves, for whom the computer around them is there already: where so much can be
/// paid, and the cards fit into any computer.
pub(crate) fn cards_alone(build: &Build<'_>, budget: Usd, locale: Locale) -> Option<String> {
    let cards: Usd = build.lines.iter().filter(|line| line.kind == PartKind::Card).filter_map(|line| line.usd).sum();
    let bought = cards > Usd::ZERO && cards <= budget && build.choice.card_count() == 1;
    let holes = [(Placeholder::Name, machine(build, locale)), (Placeholder::Other, text::money(cards))];
    (bought && build.choice.system.is_none()).then(|| said(locale, Key::BuildCardsAlone, &holes))
}

/// What works in place of what does not, and what it lacks.
pub(crate) fn nearest(nearest: &Nearest<'_>, locale: Locale) -> String {
    let Nearest { build, lacks, unlicensed } = nearest;
    let mut holes = vec![(Placeholder::Name, machine(build, locale)), (Placeholder::Other, total(build.total, locale))];
    let key = match lacks {
        Lack::Speed { least, reached } => {
            holes.push((Placeholder::Needed, text::figure(*least)));
            holes.push((Placeholder::Value, reached.map_or_else(|| "–".to_owned(), text::figure)));
            Key::BuildNearestSpeed
        }
        Lack::Tier(tier) => {
            let name = tier.tier().map_or("", |tier| tier.name.said_in(locale));
            holes.push((Placeholder::Value, name.to_owned()));
            Key::BuildNearestTier
        }
        Lack::Locks(parts) => {
            holes.push((Placeholder::Value, locale.join(Join::And, parts.iter().cloned())));
            Key::BuildNearestLock
        }
        Lack::Prices => Key::BuildNearestPrice,
        Lack::Quiet => Key::BuildNearestQuiet,
    };
    let license = unlicensed.then(|| locale.word(Key::CheckLicense).to_owned());
    locale.join(Join::Clauses, std::iter::once(said(locale, key, &holes)).chain(license))
}

/// Why there is no build, on one line.
pub(crate) fn error(error: &BuildError<'_>, locale: Locale) -> String {
    let why = match error {
        BuildError::OutOfRange(error) => error.say(locale),
        BuildError::UnknownPart(id) => locale.sentence(Key::BuildUnknownPart, &[(Placeholder::Name, id)]),
        BuildError::Contradiction { what, .. } => {
            locale.sentence(Key::BuildContradiction, &[(Placeholder::Other, &violation(what, locale))])
        }
        BuildError::TooLittle { budget, cheapest, .. } => {
            let missing = text::money((cheapest.total.usd - *budget).ceil());
            let (budget, least) = (text::money(*budget), total(cheapest.total, locale));
            let holes =
                [(Placeholder::Value, budget.as_str()), (Placeholder::Other, &least), (Placeholder::Needed, &missing)];
            locale.sentence(Key::BuildTooLittle, &holes)
        }
        BuildError::NoPrice { kinds, .. } => {
            let kinds = kinds.iter().map(|kind| locale.word(words::kind(*kind)).to_owned());
            locale.sentence(Key::BuildNoPrice, &[(Placeholder::Name, &locale.join(Join::And, kinds))])
        }
        BuildError::Nothing { .. } => locale.word(Key::BuildNothing).to_owned(),
        BuildError::Plan(error) => error.say(locale, Reader::Script).into_owned(),
        BuildError::NoRules => locale.word(Key::BuildNoRules).to_owned(),
    };
    let nearest = error.nearest().map(|found| nearest(found, locale));
    locale.join(Join::Clauses, std::iter::once(why).chain(nearest))
}

/// What works in place of what does not, in both languages.
pub(crate) fn nearest_in_both(found: &Nearest<'_>) -> Reason {
    Reason { en: nearest(found, Locale::En), zh: nearest(found, Locale::Zh) }
}

impl fmt::Display for BuildError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&error(self, Locale::En))
    }
}
