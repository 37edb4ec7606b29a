//! `rigplan estimate`: one plan from a file and flags, or a stream of requests.

use std::io;
use std::path::Path;

use super::answer::Answer;
use super::args::EstimateArgs;
use super::models::Models;
use super::problem::Problem;
use super::request::Request;
use super::{GOOD, SHORT, catalog, estimate_text, jsonl, print, remedies, say, written};
use crate::advise::{inverse, remedies::ladder};
use crate::estimate::{Verdict, estimate};
use crate::plan::{Document, Plan};
use crate::share::plan_file;
use crate::system::storage;
use crate::text::{Key, Locale, Placeholder, foreign_path};

/// Runs the command and returns the exit code.
pub(super) fn run(args: &EstimateArgs, locale: Locale) -> Result<u8, Problem> {
    let catalog = &*catalog(locale);
    if args.jsonl {
        if args.plan.is_some() || args.ways || args.request != Request::default() {
            return Err(Problem::JsonlAlone);
        }
        jsonl::run(catalog, io::stdin().lock(), io::stdout().lock()).or_else(written)?;
        return Ok(GOOD);
    }
    let mut plan = match &args.plan {
        Some(path) => first_plan(path, locale)?,
        None => Plan::default(),
    };
    args.request.apply(&mut plan, catalog, &mut Models::default())?;
    let estimate = estimate(&plan, catalog)?;
    let limits = match args.request.largest {
        Some(true) => Some(inverse::limits(&plan, catalog)?),
        _ => None,
    };
    let ladder = args.ways.then(|| ladder(&plan, catalog)).flatten();
    let mut out = Vec::new();
    if args.json {
        let answer = Answer {
            request: &args.request,
            plan: &plan,
            catalog,
            defaults_assumed: args.plan.is_none(),
            estimate: &estimate,
            limits: limits.as_ref(),
            ladder: ladder.as_ref(),
        };
        answer.write(&mut out);
        out.push(b'\n');
    } else {
        out.extend(estimate_text::show(&plan, &estimate, catalog, locale).into_bytes());
        if let Some(limits) = &limits {
            out.extend(estimate_text::largest(limits, locale).into_bytes());
        }
        if let Some(ladder) = &ladder {
            out.extend(remedies::show(ladder, &plan, catalog, locale).into_bytes());
        }
    }
    print(&out)?;
    Ok(match estimate.verdict {
        Some(Verdict::Fits | Verdict::Tight) => GOOD,
        Some(Verdict::Offload | Verdict::DoesNotFit) | None => SHORT,
    })
}

/// The first plan of a document; that there are others is said.
pub(super) fn first_plan(path: &Path, locale: Locale) -> Result<Plan, Problem> {
    let mut document = document(path)?;
    if document.plans.len() > 1 {
        let (name, count) = (foreign_path(path), document.plans.len().to_string());
        let holes = [(Placeholder::Name, name.as_str()), (Placeholder::Count, count.as_str())];
        say(&locale.sentence(Key::PlansFirst, &holes));
    }
    // A document that was read has one at least.
    Ok(document.plans.swap_remove(0).plan)
}

/// A plan file.
pub(super) fn document(path: &Path) -> Result<Document, Problem> {
    let bytes = storage::read(path, plan_file::MAX_BYTES)?;
    plan_file::from_bytes(&bytes).map_err(|error| Problem::PlanFile { path: path.to_owned(), error: Box::new(error) })
}
