//! The three tiers side by side, each for the same budget.

use std::thread;

use super::text::{BuildStyle, model, table};
use super::words::money;
use crate::advise::builder::{Build, BuildError, BuildOutcome, best, tier_words, words};
use crate::catalog::Catalog;
use crate::catalog::parts::TierId;
use crate::catalog::source::Date;
use crate::cli::columns::{Align, columns};
use crate::plan::{BuildRequest, Plan};
use crate::text::{Key, Locale, Placeholder, figure};
use crate::units::Usd;

/// What one tier comes to.
pub(super) struct TierRow<'a> {
    pub(super) tier: TierId,
    pub(super) found: Result<BuildOutcome<'a>, BuildError<'a>>,
}

impl<'a> TierRow<'a> {
    /// The build, or the cheapest where the budget is below it.
    pub(super) fn build(&self) -> Option<&Build<'a>> {
        self.found.as_ref().map_or_else(BuildError::cheapest, |outcome| Some(&outcome.build))
    }
}

/// All three for one request, each searched for on a thread of its own.
pub(super) fn of<'a>(request: &BuildRequest, plan: &Plan, catalog: &'a Catalog, today: &Date) -> Vec<TierRow<'a>> {
    let search = |tier| best(&BuildRequest { tier, ..request.clone() }, plan, catalog, today);
    thread::scope(|scope| {
        let started = TierId::ALL.map(|tier| (tier, thread::Builder::new().spawn_scoped(scope, move || search(tier))));
        let found = started.map(|(tier, thread)| {
            let found = thread.ok().and_then(|thread| thread.join().ok());
            // Where no thread can be had, it is searched for here.
            TierRow { tier, found: found.unwrap_or_else(|| search(tier)) }
        });
        found.into()
    })
}

/// What the tier below this one comes to for the budget.
pub(super) fn below<'r, 'a>(rows: &'r [TierRow<'a>], tier: TierId) -> Option<&'r Build<'a>> {
    let row = rows.iter().rev().find(|row| row.tier < tier)?;
    row.found.as_ref().ok().map(|outcome| &outcome.build)
}

/// As a table, with a line under it for each tier that the budget is too small or too large for.
pub(super) fn text(rows: &[TierRow<'_>], budget: Usd, BuildStyle { markdown, locale }: BuildStyle) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let head = locale.sentence(Key::BuildTiers, &[(Placeholder::Value, &money(budget))]);
    let heading = if markdown { "## " } else { "" };
    let titles = [
        Key::ColumnTier,
        Key::ColumnMachine,
        Key::ColumnWholePrice,
        Key::PartCard,
        Key::PartRam,
        Key::PartProcessor,
        Key::ColumnRest,
        Key::ColumnRuns,
        Key::ColumnUsers,
    ];
    let mut cells = vec![titles.map(|key| locale.word(key).to_owned())];
    cells.extend(rows.iter().filter_map(|row| Some(cell(row.build()?, locale))));
    let aligned = [
        Align::Left,
        Align::Left,
        Align::Right,
        Align::Right,
        Align::Right,
        Align::Right,
        Align::Right,
        Align::Left,
        Align::Right,
    ];
    let table = if markdown { table(&cells) } else { columns(aligned, &cells) };
    let mut text = format!("{heading}{head}\n\n{table}");
    for note in rows.iter().filter_map(|row| note(row, locale)) {
        text.push('\n');
        text.push_str(&note);
        text.push('\n');
    }
    text
}

fn cell(build: &Build<'_>, locale: Locale) -> [String; 9] {
    let name = build.tier.tier().map_or("", |tier| tier.name.said_in(locale));
    let share = |of: fn(&crate::advise::builder::Split) -> f64| {
        build.split().map_or_else(|| "–".to_owned(), |split| format!("{:.0} %", of(&split) * 100.0))
    };
    let model = model(build.model, &build.plan, locale);
    let speed = build.estimate.speed.train.or_else(|| build.estimate.decode_of_each());
    let rate = speed.map_or_else(
        || locale.word(Key::BuildNoSpeed).to_owned(),
        |band| locale.sentence(Key::Rate, &[(Placeholder::Value, &figure(band.expected))]),
    );
    [
        name.to_owned(),
        tier_words::machine(build, locale),
        words::total(build.total, locale),
        share(|split| split.gpu),
        share(|split| split.ram),
        share(|split| split.cpu),
        share(|split| split.rest),
        format!("{model}, {rate}"),
        build.users.as_ref().map_or_else(|| "–".to_owned(), |users| users.count.to_string()),
    ]
}

/// What must be said of a tier for this budget.
fn note(row: &TierRow<'_>, locale: Locale) -> Option<String> {
    let name = row.tier.tier().map_or("", |tier| tier.name.said_in(locale));
    let sentence = |key, usd: String| locale.sentence(key, &[(Placeholder::Name, name), (Placeholder::Value, &usd)]);
    match &row.found {
        Ok(outcome) => outcome.enough.map(|usd| sentence(Key::BuildEnough, money(usd))),
        Err(BuildError::TooLittle { cheapest, .. }) => {
            Some(sentence(Key::BuildBegins, words::total(cheapest.total, locale)))
        }
        Err(error) => {
            let holes = [(Placeholder::Name, name), (Placeholder::Value, &tier_words::error(error, locale))];
            Some(locale.sentence(Key::BuildHead, &holes))
        }
    }
}
