//! A build as text in columns or as Markdown.

use super::words::{dated, money};
use crate::advise::builder::{Build, BuildOutcome, words};
use crate::cli::columns::{Align, columns};
use crate::cli::words::verdict;
use crate::estimate::Estimate;
use crate::plan::inputs::Choice as _;
use crate::plan::{ModelChoice, Plan};
use crate::text::{Join, Key, Locale};

/// A build and under it whether renting is cheaper, one blank line between.
pub(super) fn with_rent(build: &str, rent: &str) -> Vec<u8> {
    format!("{}\n\n{rent}", build.trim_end()).into_bytes()
}

/// The answer to a request that the budget was enough for.
pub(super) fn outcome(outcome: &BuildOutcome<'_>, markdown: bool) -> String {
    let mut text = build(&outcome.build, markdown);
    list(&mut text, "What was traded away", markdown, outcome.traded.iter().map(|it| words::traded(it, Locale::En)));
    let next = outcome.next.iter().map(|next| {
        let more = money(next.usd);
        next.build.as_deref().map_or_else(
            || format!("{more} more: nothing better"),
            |build| format!("{more} more: {} for {}", cards(build), words::total(build.total, Locale::En)),
        )
    });
    let within = outcome
        .within
        .as_deref()
        .map(|build| format!("more of the budget: {} for {}", cards(build), words::total(build.total, Locale::En)));
    list(&mut text, "What more would buy", markdown, within.into_iter().chain(next));
    if !outcome.exhaustive {
        text.push_str("\nThe search was cut short: there may be better builds.\n");
    }
    text
}

/// The answer to a request that the budget was not enough for.
pub(super) fn too_little(budget: f64, cheapest: &Build<'_>, markdown: bool) -> String {
    let missing = money(cheapest.total.usd.0 - budget);
    let head = format!(
        "{} is below the cheapest build that works: {missing} more are needed for this one.\n\n",
        money(budget)
    );
    head + &build(cheapest, markdown)
}

/// Which cards it has, in short.
fn cards(build: &Build<'_>) -> String {
    let whole = build.choice.system.map(|system| system.name.clone());
    whole.unwrap_or_else(|| {
        let each = build.choice.cards.iter().map(|cards| format!("{} × {}", cards.count, cards.part.name));
        Locale::En.join(Join::And, each)
    })
}

fn build(build: &Build<'_>, markdown: bool) -> String {
    let tier = build.tier.tier();
    let name = tier.map_or("", |tier| tier.name.en.as_str());
    let heading = if markdown { "## " } else { "" };
    let mut text = format!("{heading}{name}: {}\n\n", words::total(build.total, Locale::En));
    let mut rows = vec![["part", "", "price", "dated", "share", "why"].map(str::to_owned)];
    for line in &build.lines {
        rows.push([
            Locale::En.word(words::kind(line.kind)).to_owned(),
            words::part(line, Locale::En),
            line.usd.map_or_else(|| Locale::En.word(Key::CardsNoPrice).to_owned(), money),
            dated(line),
            line.usd.map_or_else(String::new, |usd| format!("{:.0} %", usd.0 / build.total.usd.0.max(1.0) * 100.0)),
            words::why(line.why, tier, Locale::En),
        ]);
    }
    let aligned = [Align::Left, Align::Left, Align::Right, Align::Left, Align::Right, Align::Left];
    text.push_str(&if markdown { table(&rows) } else { columns(aligned, &rows) });
    text.push('\n');
    text.push_str(&runs("Judged by", &build.plan, &build.estimate));
    if let Some(largest) = &build.largest {
        text.push_str(&runs("Largest dense model in VRAM", &largest.plan, &largest.estimate));
    }
    let said = |fine: bool| {
        build.checks.iter().filter(move |check| check.is_fine() == fine).map(|check| words::check(check, Locale::En))
    };
    list(&mut text, "Mind", markdown, said(false));
    list(&mut text, "Checked", markdown, said(true));
    text
}

/// A plan and what it comes to in one line.
fn runs(what: &str, plan: &Plan, found: &Estimate) -> String {
    let model = match &plan.workload.model {
        ModelChoice::Catalog(id) => id.clone(),
        ModelChoice::Size(parameters) => format!("{:.1} B parameters", *parameters as f64 / 1e9),
        ModelChoice::File { model, .. } => model.name.clone(),
    };
    let verdict = found.verdict.map_or("cannot be known", verdict);
    let speed = found.speed.decode.map_or_else(
        || "no speed known".to_owned(),
        |band| format!("{:.0} tok/s ({:.0} to {:.0})", band.expected, band.low, band.high),
    );
    let used = found
        .needed_in_vram()
        .map_or_else(String::new, |bytes| format!(", {:.1} of {:.0} GiB VRAM", bytes.gib(), found.vram().gib()));
    let engine = plan.workload.runtime.word().of(Locale::En);
    let quantization = plan.workload.quantization;
    format!("{what}: {model}, {quantization}, {engine}, {} tokens: {verdict}{used}, {speed}\n\n", plan.workload.context)
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
