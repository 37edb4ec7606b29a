//! `rigplan build`: the best machine for a budget.

pub mod rent;

mod json;
mod request;
mod text;
mod words;

use super::args::BuildArgs;
use super::problem::Problem;
use super::{GOOD, SHORT, catalog, estimate, print};
use crate::advise::builder::{BuildError, best};
use crate::catalog::Catalog;
use crate::plan::Plan;
use crate::system::clock::today;
use crate::text::Locale;
use rent::BuyOrRent;

/// Builds; the exit code says whether the budget was enough.
pub(super) fn run(args: &BuildArgs, locale: Locale) -> Result<u8, Problem> {
    let catalog: &Catalog = &catalog(locale);
    let request = request::of(args, locale)?;
    let plan = args.plan.as_deref().map_or_else(|| Ok(Plan::default()), |path| estimate::first_plan(path, locale))?;
    let today = today();
    let written = text::BuildStyle { markdown: args.markdown, locale };
    match best(&request, &plan, catalog, &today) {
        Ok(outcome) => {
            let rent = BuyOrRent::of(&outcome.build, &request.terms, catalog, &today);
            let text = if args.json {
                json::outcome(&outcome, &rent)
            } else {
                text::with_rent(&text::outcome(&outcome, written), &rent.text(written))
            };
            print(&text)?;
            Ok(GOOD)
        }
        Err(BuildError::TooLittle { budget, cheapest }) => {
            let rent = BuyOrRent::of(&cheapest, &request.terms, catalog, &today);
            let text = if args.json {
                json::too_little(budget, &cheapest, &rent)
            } else {
                text::with_rent(&text::too_little(budget, &cheapest, written), &rent.text(written))
            };
            print(&text)?;
            Ok(SHORT)
        }
        Err(BuildError::OutOfRange(error)) => Err(Problem::OutOfRange(error)),
        Err(BuildError::Plan(error)) => Err(error.into()),
        Err(BuildError::UnknownPart(part)) => Err(Problem::Build(BuildError::UnknownPart(part))),
        Err(BuildError::Contradiction(violation)) => Err(Problem::Build(BuildError::Contradiction(violation))),
        Err(BuildError::Nothing) => Err(Problem::Build(BuildError::Nothing)),
        Err(BuildError::NoRules) => Err(Problem::Build(BuildError::NoRules)),
    }
}
