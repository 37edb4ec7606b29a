//! A build as text in columns or as Markdown.

use super::words::{dated, money};
use crate::advise::builder::{Build, BuildError, BuildOutcome, tier_words, words};
use crate::catalog::model::Model;
use crate::cli::columns::{Align, columns};
use crate::cli::words::{said, verdict};
use crate::estimate::Estimate;
use crate::plan::inputs::Choice as _;
use crate::plan::{BuildGoal, ModelChoice, Plan};
use crate::text::{Join, Key, Locale, Placeholder, count, figure};
use crate::units::Usd;

/// What was found, and under it whether renting is cheaper, one blank line between.
pub(super) fn with_rent(found: &[String], rent: &str) -> Vec<u8> {
    let blocks = found.iter().map(|block| block.trim_end()).filter(|block| !block.is_empty()).chain([rent]);
    blocks.collect::<Vec<_>>().join("\n\n").into_bytes()
}

/// The answer to a request: the build, or the cheapest that works where the budget is not enough, with what that buys
/// `instead`.
pub(super) fn answer(
    found: &Result<BuildOutcome<'_>, BuildError<'_>>,
    instead: Option<&Build<'_>>,
    written: BuildStyle,
) -> String {
    match found {
        Ok(found) => outcome(found, written),
        Err(BuildError::TooLittle { budget, cheapest, rent }) => {
            let locale = written.locale;
            let mut text = too_little(*budget, cheapest, written);
            let rent = rent.as_ref().map(|rent| tier_words::rent_first(rent, locale));
            let begins = cheapest.tier.tier().map(|tier| {
                let holes = [
                    (Placeholder::Name, tier.name.said_in(locale).to_owned()),
                    (Placeholder::Value, words::total(cheapest.total, locale)),
                ];
                said(locale, Key::BuildBegins, &holes)
            });
            let instead = instead.map(|build| tier_words::about(Key::BuildInstead, build, locale));
            let cards = tier_words::cards_alone(cheapest, *budget, locale);
            for line in rent.into_iter().chain(cards).chain(begins.filter(|_| instead.is_some())).chain(instead) {
                text.extend([&line, "\n"]);
            }
            text
        }
        Err(error) => tier_words::error(error, written.locale),
    }
}

/// How a build is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct BuildStyle {
    pub(super) markdown: bool,
    pub(super) locale: Locale,
}

/// The answer to a request that the budget was enough for.
fn outcome(outcome: &BuildOutcome<'_>, written: BuildStyle) -> String {
    let locale = written.locale;
    let mut text = String::new();
    if let Some(rent) = &outcome.rent {
        text.extend([&tier_words::rent_first(rent, locale), "\n\n"]);
    }
    text.push_str(&build(&outcome.build, written));
    let traded = tier_words::traded(outcome, locale);
    list(&mut text, locale.word(Key::BuildTraded), written.markdown, traded.into_iter());
    let next = outcome.next.iter().map(|next| {
        let more = (Placeholder::Value, money(next.usd));
        match next.build.as_deref() {
            None => said(locale, Key::BuildNextNothing, &[more]),
            Some(build) => {
                let (name, total) = (tier_words::machine(build, locale), words::total(build.total, locale));
                let holes = [more, (Placeholder::Name, name), (Placeholder::Other, total)];
                tier_words::with_reached(said(locale, Key::BuildNextBetter, &holes), build, locale)
            }
        }
    });
    let within = outcome.within.as_deref().map(|build| {
        let (name, total) = (tier_words::machine(build, locale), words::total(build.total, locale));
        let within = said(locale, Key::BuildWithin, &[(Placeholder::Name, name), (Placeholder::Other, total)]);
        tier_words::with_reached(within, build, locale)
    });
    let about = |key, build| tier_words::with_reached(tier_words::about(key, build, locale), build, locale);
    let better = outcome.better_beside_next().map(|build| about(Key::BuildBetter, build));
    let whole = outcome.whole.as_deref().map(|build| about(Key::BuildBeside, build));
    let enough = outcome.enough.map(|usd| {
        let name = outcome.build.tier.tier().map_or("", |tier| tier.name.said_in(locale));
        said(locale, Key::BuildEnough, &[(Placeholder::Name, name.to_owned()), (Placeholder::Value, money(usd))])
    });
    let next = enough.into_iter().chain(within).chain(next).chain(better).chain(whole);
    list(&mut text, locale.word(Key::BuildMoreBuys), written.markdown, next);
    if !outcome.exhaustive {
        text.extend(["\n", locale.word(Key::BuildNotExhaustive), "\n"]);
    }
    text
}

/// The answer to a request that the budget was not enough for.
fn too_little(budget: Usd, cheapest: &Build<'_>, written: BuildStyle) -> String {
    let holes = [(Placeholder::Value, money(budget)), (Placeholder::Needed, money(cheapest.total.usd - budget))];
    format!("{}\n\n{}", said(written.locale, Key::BuildBelowCheapest, &holes), build(cheapest, written))
}

fn build(build: &Build<'_>, BuildStyle { markdown, locale }: BuildStyle) -> String {
    let tier = build.tier.tier();
    let name = tier.map_or("", |tier| tier.name.said_in(locale));
    let heading = if markdown { "## " } else { "" };
    let head = [(Placeholder::Name, name.to_owned()), (Placeholder::Value, words::total(build.total, locale))];
    let mut text = format!("{heading}{}\n\n", said(locale, Key::BuildHead, &head));
    let head = [
        Some(Key::ColumnPart),
        None,
        Some(Key::ColumnPrice),
        Some(Key::ColumnDated),
        Some(Key::ColumnShare),
        Some(Key::ColumnWhy),
    ];
    let mut rows = vec![head.map(|key| key.map_or("", |key| locale.word(key)).to_owned())];
    for line in &build.lines {
        rows.push([
            locale.word(words::kind(line.kind)).to_owned(),
            words::part(line, locale),
            line.usd.map_or_else(|| locale.word(Key::CardsNoPrice).to_owned(), money),
            dated(line, locale),
            line.usd.map_or_else(String::new, |usd| format!("{:.0} %", usd.0 / build.total.usd.0.max(1.0) * 100.0)),
            words::why(line.why, tier, locale),
        ]);
    }
    let aligned = [Align::Left, Align::Left, Align::Right, Align::Left, Align::Right, Align::Left];
    text.push_str(&if markdown { table(&rows) } else { columns(aligned, &rows) });
    text.push('\n');
    if let Some(split) = build.split() {
        let (shares, rule) = (tier_words::shares(&split, locale), tier_words::split_rule(&split, locale));
        let split = locale.join(Join::Clauses, [shares, rule]);
        let holes = [(Placeholder::Name, locale.word(Key::BuildSplit)), (Placeholder::Value, &split)];
        text.extend([&locale.sentence(Key::BuildHead, &holes), "\n"]);
    }
    text.extend(tier.map(|tier| format!("{}\n\n", tier_words::aims(tier, build.goal, locale))));
    let trains = build.plan.workload.task.trains();
    let judged = if trains { Key::BuildTrained } else { Key::BuildJudgedBy };
    text.push_str(&runs(judged, build.model, (&build.plan, &build.estimate), locale));
    if matches!(build.goal, BuildGoal::BestMixture { .. }) {
        text.extend([locale.word(Key::BuildMixtureRank), "\n\n"]);
    }
    if let Some(users) = &build.users {
        text.extend([&tier_words::users(users, locale), "\n\n"]);
    }
    if let Some(largest) = &build.largest {
        let ran = (&largest.plan, &largest.estimate);
        text.push_str(&runs(Key::BuildLargestDense, Some(largest.model), ran, locale));
    }
    let checks = |fine: bool| {
        build.checks.iter().filter(move |check| check.is_fine() == fine).map(|check| words::check(check, locale))
    };
    list(&mut text, locale.word(Key::BuildMind), markdown, checks(false));
    list(&mut text, locale.word(Key::BuildChecked), markdown, checks(true));
    text
}

/// The model of a plan by its name; of the catalog's by that of its entry.
pub(super) fn model(entry: Option<&Model>, plan: &Plan, locale: Locale) -> String {
    match (entry, &plan.workload.model) {
        (Some(entry), _) => entry.name.clone(),
        (None, ModelChoice::Catalog(id)) => id.clone(),
        (None, ModelChoice::File { model, .. }) => model.name.clone(),
        (None, ModelChoice::Size(parameters)) => {
            let billions = format!("{:.1}", *parameters as f64 / 1e9);
            locale.sentence(Key::AskedSize, &[(Placeholder::Params, &billions)])
        }
    }
}

/// A plan and what it comes to in one line.
fn runs(what: Key, entry: Option<&Model>, (plan, found): (&Plan, &Estimate), locale: Locale) -> String {
    let model = model(entry, plan, locale);
    let context = locale.sentence(Key::AskedContext, &[(Placeholder::Value, &count(plan.workload.context))]);
    let asked = if plan.workload.task.trains() {
        let length = (Placeholder::Context, count(plan.workload.length()));
        let how = plan.workload.task.word().of(locale).to_owned();
        locale.join(Join::Phrases, [model, how, said(locale, Key::BuildTrainedWhat, &[length])])
    } else {
        let engine = plan.workload.runtime.word().of(locale).to_owned();
        locale.join(Join::Phrases, [model, plan.workload.quantization.to_string(), engine, context])
    };
    let verdict = found.verdict.map_or_else(|| locale.word(Key::SaidUnknown), |found| verdict(found, locale));
    let used = found.needed_in_vram().map(|bytes| {
        let holes = [
            (Placeholder::Value, format!("{:.1}", bytes.gib())),
            (Placeholder::Vram, format!("{:.0}", found.vram().gib())),
        ];
        said(locale, Key::BuildUsesVram, &holes)
    });
    let speed = match found.speed.train.or(found.speed.decode) {
        None => locale.word(Key::BuildNoSpeed).to_owned(),
        Some(band) => {
            let whole = |figure: f64| format!("{figure:.0}");
            let holes = [
                (Placeholder::Value, whole(band.expected)),
                (Placeholder::Free, whole(band.low)),
                (Placeholder::Other, whole(band.high)),
            ];
            let band = said(locale, Key::FigureBand, &holes);
            locale.sentence(Key::Rate, &[(Placeholder::Value, &band)])
        }
    };
    let hours = found.training.as_ref().and_then(|step| step.time).map(|time| {
        let tokens = plan.workload.training.dataset_tokens.saturating_mul(plan.workload.training.epochs.into());
        let holes = [(Placeholder::Value, figure(time.hours.expected)), (Placeholder::Count, count(tokens))];
        said(locale, Key::BuildJobHours, &holes)
    });
    let answer = [verdict.to_owned()].into_iter().chain(used).chain([speed]).chain(hours);
    let holes = [
        (Placeholder::Name, locale.word(what).to_owned()),
        (Placeholder::Value, asked),
        (Placeholder::Other, locale.join(Join::Phrases, answer)),
    ];
    format!("{}\n\n", said(locale, Key::BuildRuns, &holes))
}

fn list(text: &mut String, heading: &str, markdown: bool, items: impl Iterator<Item = String>) {
    let items: Vec<String> = items.collect();
    if items.is_empty() {
        return;
    }
    let (around, after, before) = if markdown { ("**", "\n\n", "- ") } else { ("", "\n", "  ") };
    text.extend([around, heading, around, after]);
    for item in &items {
        text.extend([before, item, "\n"]);
    }
    text.push('\n');
}

/// Rows in Markdown, the first as their head.
pub(super) fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let mut text = String::new();
    for (place, row) in rows.iter().enumerate() {
        text.extend(["| ", &row.join(" | "), " |\n"]);
        if place == 0 {
            text.extend(["|", &" --- |".repeat(N), "\n"]);
        }
    }
    text
}
