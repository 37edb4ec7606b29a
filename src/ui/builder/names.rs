//! How parts, models and dates are written in the view.

use crate::advise::builder::{Build, PartLine};
use crate::catalog::Catalog;
use crate::catalog::parts::TierId;
use crate::catalog::source::Date;
use crate::plan::{ModelChoice, Plan, Task};
use crate::text::{self, Key, Locale, Placeholder};
use crate::units::Usd;

/// The name of a tier.
pub(super) const fn tier(tier: TierId) -> Key {
    match tier {
        TierId::Starter => Key::BuildStarter,
        TierId::Team => Key::BuildTeam,
        TierId::Enterprise => Key::BuildEnterprise,
    }
}

/// A part without the maker's family name: `RTX 3090`, `RX 7900 XTX`.
pub(super) fn short(name: &str) -> &str {
    let bare = ["GeForce ", "Radeon "].iter().find_map(|family| name.strip_prefix(family));
    bare.filter(|bare| bare.starts_with('R') || bare.starts_with("GTX")).unwrap_or(name)
}

/// A line's parts with their count: `2 × RTX 3090`.
pub(super) fn counted(count: u32, name: &str) -> String {
    if count > 1 { format!("{count} × {}", short(name)) } else { short(name).to_owned() }
}

/// As much of a date as a list has room for: year and month.
pub(super) fn month(date: &Date, locale: Locale) -> &str {
    let whole = crate::advise::remedies::words::date(date, locale);
    if date.year().is_some() { whole.get(..7).unwrap_or(whole) } else { whole }
}

/// The cards of a build, or the machine that it is.
pub(super) fn machine(build: &Build<'_>) -> String {
    let whole = build.choice.system.map(|system| system.name.clone());
    let cards = || build.choice.cards.iter().map(|cards| counted(cards.count, &cards.part.name)).collect::<Vec<_>>();
    whole.unwrap_or_else(|| cards().join(" + "))
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
