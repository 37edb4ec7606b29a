//! `rigplan build`: the best machine for a budget.

use super::args::{BuildArgs, GoalName, TierName};
use super::build_rent::BuyOrRent;
use super::build_words::{dated, money};
use super::columns::{Align, columns};
use super::problem::Problem;
use super::{GOOD, SHORT, build_json, catalog, estimate, print};
use crate::advise::builder::{Build, BuildError, Outcome, best, words};
use crate::catalog::Catalog;
use crate::catalog::parts::TierId;
use crate::catalog::quantization::Quantization;
use crate::plan::inputs::Choice as _;
use crate::plan::{BUDGET_USD, BuildRequest, Buying, Goal, PartCount, Plan};
use crate::system::clock::today;
use crate::text::{Key, Locale};

/// Builds; the exit code says whether the budget was enough.
pub(super) fn run(args: &BuildArgs) -> Result<u8, Problem> {
    let catalog: &Catalog = &catalog();
    let request = request(args)?;
    let plan = args.plan.as_deref().map_or_else(|| Ok(Plan::default()), estimate::first_plan)?;
    let today = today();
    match best(&request, &plan, catalog, &today) {
        Ok(outcome) => {
            let rent = BuyOrRent::of(&outcome.build, &request.terms, catalog, &today);
            let text = if args.json {
                build_json::outcome(&outcome, &rent)
            } else {
                with_rent(&text(&outcome, args.markdown), &rent.text(args.markdown))
            };
            print(&text)?;
            Ok(GOOD)
        }
        Err(BuildError::TooLittle { budget, cheapest }) => {
            let rent = BuyOrRent::of(&cheapest, &request.terms, catalog, &today);
            let text = if args.json {
                build_json::too_little(budget, &cheapest, &rent)
            } else {
                with_rent(&too_little(budget, &cheapest, args.markdown), &rent.text(args.markdown))
            };
            print(&text)?;
            Ok(SHORT)
        }
        Err(BuildError::OutOfRange(error)) => Err(Problem::OutOfRange(error)),
        Err(BuildError::Plan(error)) => Err(error.into()),
        Err(error) => Err(Problem::Refused(error.to_string())),
    }
}

/// A build and under it whether renting is cheaper, one blank line between.
fn with_rent(build: &str, rent: &str) -> Vec<u8> {
    format!("{}\n\n{rent}", build.trim_end()).into_bytes()
}

fn request(args: &BuildArgs) -> Result<BuildRequest, Problem> {
    if !BUDGET_USD.contains(&args.budget) {
        let (value, wanted) = (args.budget.to_string(), format!("US dollars from 1 to {:.0}", BUDGET_USD.end()));
        return Err(Problem::Value { key: "budget".to_owned(), value, wanted });
    }
    let quantization = args.quant.parse::<Quantization>().map_err(|error| Problem::Refused(error.to_string()))?;
    let without = if args.plan.is_some() { GoalName::Run } else { GoalName::Largest };
    let goal = match args.goal.unwrap_or(without) {
        GoalName::Run => Goal::RunPlan,
        GoalName::Tokens => Goal::MostTokens,
        GoalName::Largest => match Goal::LARGEST {
            Goal::LargestModel { least_decode, .. } => Goal::LargestModel { quantization, least_decode },
            other => other,
        },
    };
    let tier = args.tier.map_or_else(
        || TierId::for_budget(args.budget),
        |tier| match tier {
            TierName::Starter => TierId::Starter,
            TierName::Team => TierId::Team,
            TierName::Enterprise => TierId::Enterprise,
        },
    );
    Ok(BuildRequest {
        budget_usd: args.budget,
        tier,
        goal,
        buying: if args.new { Buying::New } else { Buying::NewOrUsed },
        owned: args.owned.iter().map(|part| counted("own", part)).collect::<Result<_, _>>()?,
        locks: args.locks.iter().map(|part| counted("lock", part)).collect::<Result<_, _>>()?,
        terms: args.rent.terms(),
        ..BuildRequest::default()
    })
}

/// `rtx-3090=2`, or the id alone.
fn counted(key: &str, typed: &str) -> Result<PartCount, Problem> {
    let (part, count) = typed.split_once('=').unwrap_or((typed, "1"));
    let wanted = "a part's id and a count from 1 to 1024, as in rtx-3090=2".to_owned();
    match count.parse() {
        Ok(count @ 1..=1024) if !part.is_empty() => Ok(PartCount { part: part.to_owned(), count }),
        _ => Err(Problem::Value { key: key.to_owned(), value: typed.to_owned(), wanted }),
    }
}

fn text(outcome: &Outcome<'_>, markdown: bool) -> String {
    let mut text = build(&outcome.build, markdown);
    list(&mut text, "What was traded away", markdown, outcome.traded.iter().map(|it| words::traded(it, Locale::En)));
    let next = outcome.next.iter().map(|next| {
        let more = money(next.usd);
        next.build.as_deref().map_or_else(
            || format!("{more} more: nothing better"),
            |build| format!("{more} more: {} for {}", cards(build), words::total(build.total, Locale::En)),
        )
    });
    list(&mut text, "What more would buy", markdown, next);
    if !outcome.exhaustive {
        text.push_str("\nThe search was cut short: there may be better builds.\n");
    }
    text
}

fn too_little(budget: f64, cheapest: &Build<'_>, markdown: bool) -> String {
    let missing = money(cheapest.total.usd - budget);
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
        each.collect::<Vec<_>>().join(" and ")
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
            line.usd.map_or_else(String::new, |usd| format!("{:.0} %", usd / build.total.usd.max(1.0) * 100.0)),
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
fn runs(what: &str, plan: &Plan, found: &crate::estimate::Estimate) -> String {
    let model = match &plan.workload.model {
        crate::plan::ModelChoice::Catalog(id) => id.clone(),
        crate::plan::ModelChoice::Size(parameters) => format!("{:.1} B parameters", *parameters as f64 / 1e9),
        crate::plan::ModelChoice::File { model, .. } => model.name.clone(),
    };
    let verdict = found.verdict.map_or("cannot be known", super::words::verdict);
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
