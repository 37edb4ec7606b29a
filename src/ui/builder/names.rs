//! How parts, models and dates are written in the view.

use crate::advise::builder::{Build, Counted, PartLine};
use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::catalog::entry_table::Entry;
use crate::catalog::parts::{PartKind, TierId, Written};
use crate::catalog::source::Date;
use crate::plan::{ModelChoice, Plan, Task};
use crate::text::{self, Key, Locale, Placeholder};
use crate::units::Usd;

/// The kinds of part, in the order of the rows; a whole machine stands where cards do.
pub(super) const KINDS: [PartKind; 9] = [
    PartKind::Card,
    PartKind::Ram,
    PartKind::Processor,
    PartKind::Board,
    PartKind::Disk,
    PartKind::PowerSupply,
    PartKind::Case,
    PartKind::Fitting,
    PartKind::Cooler,
];

/// The name of a tier.
pub const fn tier(tier: TierId) -> Key {
    match tier {
        TierId::Starter => Key::BuildStarter,
        TierId::Team => Key::BuildTeam,
        TierId::Enterprise => Key::BuildEnterprise,
    }
}

/// A part as a line has room for it, so many of it: `2 × RTX 3090`, `64 GB DDR4-3600, 4 × 16`.
pub(super) fn counted(written: Written<'_>, count: u32, locale: Locale) -> String {
    match written {
        Written::Named { name, zh: None } if count > 1 => format!("{count} × {}", short(name)),
        Written::Named { name, zh: None } => short(name).to_owned(),
        other => other.counted(count, locale),
    }
}

/// One of a part.
pub(super) fn one(written: Written<'_>, locale: Locale) -> String {
    counted(written, 1, locale)
}

/// A part without the maker's family name: `RTX 3090`, `RX 7900 XTX`.
fn short(name: &str) -> &str {
    let bare = ["GeForce ", "Radeon "].iter().find_map(|family| name.strip_prefix(family));
    bare.filter(|bare| bare.starts_with('R') || bare.starts_with("GTX")).unwrap_or(name)
}

/// As much of a date as a list has room for: year and month.
pub(super) fn month(date: &Date, locale: Locale) -> &str {
    let whole = crate::advise::remedies::words::date(date, locale);
    if date.year().is_some() { whole.get(..7).unwrap_or(whole) } else { whole }
}

/// The cards of a build, or the machine that it is.
pub(super) fn machine(build: &Build<'_>, locale: Locale) -> String {
    let whole = build.choice.system.map(|system| one(system.written(), locale));
    let card = |cards: &Counted<'_, Card>| counted(cards.part.written(), cards.count, locale);
    whole.unwrap_or_else(|| build.choice.cards.iter().map(card).collect::<Vec<_>>().join(" + "))
}

/// The model of a plan.
pub(super) fn model(plan: &Plan, catalog: &Catalog, locale: Locale) -> String {
    match &plan.workload.model {
        ModelChoice::Catalog(id) => catalog.model(id).map_or_else(|| id.clone(), |model| model.name.clone()),
        ModelChoice::File { model, .. } => model.name.clone(),
        ModelChoice::Size(size) => {
            locale.sentence(Key::AnyModelOfSize, &[(Placeholder::Params, &text::parameters(*size))])
        }
    }
}

/// How a plan's weights are stored, or how they are trained.
pub(super) fn bits(plan: &Plan, locale: Locale) -> &'static str {
    match plan.workload.task {
        Task::Serve => plan.workload.quantization.facts().map_or("", |facts| facts.label.as_str()),
        Task::Full => locale.word(Key::FullTune),
        Task::Lora => locale.word(Key::Lora),
        Task::Qlora => locale.word(Key::Qlora),
    }
}

/// A sentence with a capital.
pub(super) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The price of the parts of a line, or that there is none.
pub(super) fn price(line: &PartLine<'_>, locale: Locale) -> String {
    match line.usd {
        // What is owned is free, to the cent.
        Some(Usd::ZERO) => text::money(Usd::ZERO).replace(".00", ""),
        Some(usd) => text::money(usd),
        None => locale.word(Key::CardsNoPrice).to_owned(),
    }
}
