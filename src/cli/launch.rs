//! `rigplan launch`: what starts a plan, for one tool.

use super::args::LaunchArgs;
use super::columns::{Align, columns};
use super::problem::Problem;
use super::{GOOD, catalog, opened, print};
use crate::catalog::Catalog;
use crate::estimate::estimate as estimated;
use crate::plan::Plan;
use crate::share::launch::{self, Launch};
use crate::text::{Fault, Locale};

/// Writes the command or the file.
pub(super) fn run(args: &LaunchArgs, locale: Locale) -> Result<u8, Problem> {
    let mut catalog = catalog(locale);
    let plan = match &args.plan {
        Some(path) => opened::first_plan(path, args.rows, &mut catalog, locale)?,
        None => Plan::default(),
    };
    let catalog: &Catalog = &catalog;
    let found = estimated(&plan, catalog)?;
    let tools = launch::tools(&plan, &found);
    let tool = match args.tool {
        Some(named) => named,
        None => tools.first().copied().ok_or(Problem::NoTool)?,
    };
    let refused = || Problem::ToolRunsNot { tool: tool.id(), tools: tools.iter().map(|tool| tool.id()).collect() };
    let launch = launch::launch(tool, &plan, &found, catalog).ok_or_else(refused)?;
    let all = launch::in_order(&plan, &found, Some(&launch), catalog);
    let one = |launch: &Launch| {
        if args.explain { explained(launch, locale) } else { format!("{}\n", launch.text().trim_end()) }
    };
    let text: String = all.iter().map(one).collect();
    print(text.as_bytes()).map(|()| GOOD)
}

/// Each line with what it does.
fn explained(launch: &Launch, locale: Locale) -> String {
    let said = |line: &launch::LaunchLine| line.why.as_ref().map(|why| why.say(locale)).unwrap_or_default();
    let rows: Vec<[String; 2]> = launch.lines.iter().map(|line| [line.text.clone(), said(line)]).collect();
    columns([Align::Left, Align::Left], &rows)
}
