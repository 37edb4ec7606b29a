//! `rigplan build`: the best machine for a budget.

pub mod rent;

mod json;
mod request;
mod text;
mod tiers;
mod words;

use super::args::BuildArgs;
use super::problem::Problem;
use super::{GOOD, SHORT, catalog, opened, print};
use crate::advise::builder::{BuildError, BuildOutcome, best, one_tier_below, tier_words};
use crate::catalog::Catalog;
use crate::plan::Plan;
use crate::system::clock::today;
use crate::text::Locale;
use rent::BuyOrRent;

/// Builds; the exit code says whether the budget was enough.
pub(super) fn run(args: &BuildArgs, locale: Locale) -> Result<u8, Problem> {
    let mut catalog = catalog(locale);
    let request = request::of(args, locale)?;
    let plan = match args.plan.as_deref() {
        Some(path) => opened::first_plan(path, args.rows, &mut catalog, locale)?,
        None => Plan::default(),
    };
    let catalog: &Catalog = &catalog;
    let today = today();
    let written = text::BuildStyle { markdown: args.markdown, locale };
    let all = args.tiers || args.tier.is_none();
    let tiers = if all { tiers::of(&request, &plan, catalog, &today) } else { Vec::new() };
    let same = tiers.iter().find(|row| row.tier == request.tier).map(|row| row.found.clone());
    let found = same.unwrap_or_else(|| best(&request, &plan, catalog, &today));
    let (build, code) = match &found {
        Ok(outcome) => (&outcome.build, GOOD),
        Err(BuildError::TooLittle { cheapest, .. }) => (&**cheapest, SHORT),
        Err(_) => return Err(refused(found)),
    };
    let instead = match &found {
        Err(_) if tiers.is_empty() => one_tier_below(&request, &plan, catalog, &today),
        Err(_) => tiers::below(&tiers, request.tier).cloned(),
        Ok(_) => None,
    };
    let rent = BuyOrRent::of(build, &request.terms, catalog, &today);
    let text = if args.json {
        json::answer(&found, instead.as_ref(), &tiers, &rent)
    } else {
        let beside = tiers::text(&tiers, request.budget_usd, written);
        let answer = text::answer(&found, instead.as_ref(), written);
        text::with_rent(&[beside, answer], &rent.text(written))
    };
    print(&text)?;
    Ok(code)
}

/// Why there is no build to write of.
fn refused(found: Result<BuildOutcome<'_>, BuildError<'_>>) -> Problem {
    match found {
        Err(BuildError::OutOfRange(error)) => Problem::OutOfRange(error),
        Err(BuildError::Plan(error)) => error.into(),
        Err(error) => Problem::Build(
            Box::new(error.alone()),
            error.nearest().map(|found| Box::new(tier_words::nearest_in_both(found))),
        ),
        // Refused by nobody: what is found is written.
        Ok(_) => Problem::Build(Box::new(BuildError::NoRules), None),
    }
}
