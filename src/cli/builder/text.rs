//! A build as text in columns or as Markdown.

use super::words::{dated, money};
use crate::advise::builder::{Build, BuildOutcome, words};
use crate::cli::columns::{Align, columns};
use crate::cli::words::{said, verdict};
use crate::estimate::Estimate;
use crate::plan::inputs::Choice as _;
use crate::plan::{ModelChoice, Plan};
use crate::text::{Join, Key, Locale, Placeholder, count};
use crate::units::Usd;

/// A build and under it whether renting is cheaper, one blank line between.
pub(super) fn with_rent(build: &str, rent: &str) -> Vec<u8> {
    format!("{}\n\n{rent}", build.trim_end()).into_bytes()
}

/// How a build is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct BuildStyle {
    pub(super) markdown: bool,
    pub(super) locale: Locale,
}

/// The answer to a request that the budget was enough for.
pub(super) fn outcome(outcome: &BuildOutcome<'_>, written: BuildStyle) -> String {
    let locale = written.locale;
    let mut text = build(&outcome.build, written);
    let traded = outcome.traded.iter().map(|it| words::traded(it, locale));
    list(&mut text, locale.word(Key::BuildTraded), written.markdown, traded);
    let next = outcome.next.iter().map(|next| {
        let more = (Placeholder::Value, money(next.usd));
        match next.build.as_deref() {
            None => said(locale, Key::BuildNextNothing, &[more]),
            Some(build) => {
                let (name, total) = (cards(build, locale), words::total(build.total, locale));
                said(locale, Key::BuildNextBetter, &[more, (Placeholder::Name, name), (Placeholder::Other, total)])
            }
        }
    });
    let within = outcome.within.as_deref().map(|build| {
        let (name, total) = (cards(build, locale), words::total(build.total, locale));
        said(locale, Key::BuildWithin, &[(Placeholder::Name, name), (Placeholder::Other, total)])
    });
    let next = within.into_iter().chain(next);
    list(&mut text, locale.word(Key::BuildMoreBuys), written.markdown, next);
    if !outcome.exhaustive {
        text.extend(["\n", locale.word(Key::BuildNotExhaustive), "\n"]);
    }
    text
}

/// The answer to a request that the budget was not enough for.
pub(super) fn too_little(budget: Usd, cheapest: &Build<'_>, written: BuildStyle) -> String {
    let holes = [(Placeholder::Value, money(budget)), (Placeholder::Needed, money(cheapest.total.usd - budget))];
    format!("{}\n\n{}", said(written.locale, Key::BuildBelowCheapest, &holes), build(cheapest, written))
}

/// Which cards it has, in short.
fn cards(build: &Build<'_>, locale: Locale) -> String {
    let whole = build.choice.system.map(|system| system.name.clone());
    whole.unwrap_or_else(|| {
        let each = build.choice.cards.iter().map(|cards| format!("{} × {}", cards.count, cards.part.name));
        locale.join(Join::And, each)
    })
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
    text.push_str(&runs(Key::BuildJudgedBy, &build.plan, &build.estimate, locale));
    if let Some(largest) = &build.largest {
        text.push_str(&runs(Key::BuildLargestDense, &largest.plan, &largest.estimate, locale));
    }
    let checks = |fine: bool| {
        build.checks.iter().filter(move |check| check.is_fine() == fine).map(|check| words::check(check, locale))
    };
    list(&mut text, locale.word(Key::BuildMind), markdown, checks(false));
    list(&mut text, locale.word(Key::BuildChecked), markdown, checks(true));
    text
}

/// A plan and what it comes to in one line.
fn runs(what: Key, plan: &Plan, found: &Estimate, locale: Locale) -> String {
    let model = match &plan.workload.model {
        ModelChoice::Catalog(id) => id.clone(),
        ModelChoice::Size(parameters) => {
            let billions = format!("{:.1}", *parameters as f64 / 1e9);
            locale.sentence(Key::AskedSize, &[(Placeholder::Params, &billions)])
        }
        ModelChoice::File { model, .. } => model.name.clone(),
    };
    let context = locale.sentence(Key::AskedContext, &[(Placeholder::Value, &count(plan.workload.context))]);
    let engine = plan.workload.runtime.word().of(locale).to_owned();
    let asked = locale.join(Join::Phrases, [model, plan.workload.quantization.to_string(), engine, context]);
    let verdict = found.verdict.map_or_else(|| locale.word(Key::SaidUnknown), |found| verdict(found, locale));
    let used = found.needed_in_vram().map(|bytes| {
        let holes = [
            (Placeholder::Value, format!("{:.1}", bytes.gib())),
            (Placeholder::Vram, format!("{:.0}", found.vram().gib())),
        ];
        said(locale, Key::BuildUsesVram, &holes)
    });
    let speed = match found.speed.decode {
        None => locale.word(Key::BuildNoSpeed).to_owned(),
        Some(band) => {
            let figure = |figure: f64| format!("{figure:.0}");
            let holes = [
                (Placeholder::Value, figure(band.expected)),
                (Placeholder::Free, figure(band.low)),
                (Placeholder::Other, figure(band.high)),
            ];
            let band = said(locale, Key::FigureBand, &holes);
            locale.sentence(Key::Rate, &[(Placeholder::Value, &band)])
        }
    };
    let answer = [verdict.to_owned()].into_iter().chain(used).chain([speed]);
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
