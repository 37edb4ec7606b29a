//! `rigplan estimate`: one plan from a file and flags, or a stream of requests.

use std::borrow::Cow;
use std::io;
use std::path::Path;

use super::answer::Answer;
use super::args::EstimateArgs;
use super::models::Models;
use super::problem::Problem;
use super::request::Request;
use super::{GOOD, SHORT, catalog, estimate_text, jsonl, print, remedies, say, written};
use crate::advise::{inverse, remedies::ladder};
use crate::catalog::Catalog;
use crate::estimate::{Verdict, estimate};
use crate::plan::{Document, Plan};
use crate::share::carrier::{self, link, read_any};
use crate::system::storage;
use crate::text::{Join, Key, Locale, Placeholder, foreign_path};

/// Runs the command and returns the exit code.
pub(super) fn run(args: &EstimateArgs, locale: Locale) -> Result<u8, Problem> {
    let mut catalog = catalog(locale);
    if args.jsonl {
        if args.plan.is_some() || args.ways || args.request != Request::default() {
            return Err(Problem::JsonlAlone);
        }
        jsonl::run(&catalog, io::stdin().lock(), io::stdout().lock()).or_else(written)?;
        return Ok(GOOD);
    }
    let mut plan = match &args.plan {
        Some(path) => first_plan(path, &mut catalog, locale)?,
        None => Plan::default(),
    };
    let catalog: &Catalog = &catalog;
    let request = &*args.request.with_rows()?;
    request.apply(&mut plan, catalog, &mut Models::default())?;
    let estimate = estimate(&plan, catalog)?;
    let limits = match request.largest {
        Some(true) => Some(inverse::limits(&plan, catalog)?),
        _ => None,
    };
    let ladder = args.ways.then(|| ladder(&plan, catalog)).flatten();
    let mut out = Vec::new();
    if args.json {
        let answer = Answer {
            request,
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

/// The first plan of a document, in whatever carries it; that there are others is said.
pub(super) fn first_plan(path: &Path, catalog: &mut Cow<'_, Catalog>, locale: Locale) -> Result<Plan, Problem> {
    let mut document = document(path, catalog, locale)?;
    if document.plans.len() > 1 {
        let (name, count) = (foreign_path(path), document.plans.len().to_string());
        let holes = [(Placeholder::Name, name.as_str()), (Placeholder::Count, count.as_str())];
        say(&locale.sentence(Key::PlansFirst, &holes));
    }
    // A document that was read has one at least.
    Ok(document.plans.swap_remove(0).plan)
}

/// A document, in whatever carries it. The rows that came with it are laid over the catalog, and what differs of them by
/// now is said.
pub(super) fn document(path: &Path, catalog: &mut Cow<'_, Catalog>, locale: Locale) -> Result<Document, Problem> {
    let no_plan = |error| Problem::PlanFile { path: path.to_owned(), error: Box::new(error) };
    let mut document = match path.to_str().filter(|text| link::is_in(text) && !path.exists()) {
        Some(text) => link::from_link(text).map_err(Problem::Link)?,
        None => read_any(&storage::read(path, carrier::MAX_BYTES)?).map_err(no_plan)?,
    };
    let changes = document.settle_rows(catalog);
    if !changes.is_empty() {
        let words = locale.join(Join::Clauses, changes.iter().map(|change| change.say(locale)));
        say(&locale.sentence(Key::KeptRows, &[(Placeholder::Parts, words.as_str())]));
    }
    if !document.frozen.is_empty() {
        *catalog = Cow::Owned(catalog.with_frozen(&document.frozen));
    }
    Ok(document)
}
