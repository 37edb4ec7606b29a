//! `rigplan estimate`: one plan from a file and flags, or a stream of requests.

use std::io;

use super::answer::Answer;
use super::args::EstimateArgs;
use super::models::Models;
use super::problem::Problem;
use super::request::Request;
use super::{GOOD, SHORT, catalog, estimate_text, jsonl, opened, print, remedies};
use crate::advise::{inverse, remedies::ladder};
use crate::catalog::Catalog;
use crate::estimate::{Verdict, estimate};
use crate::plan::Plan;
use crate::text::Locale;

/// Runs the command and returns the exit code.
pub(super) fn run(args: &EstimateArgs, locale: Locale) -> Result<u8, Problem> {
    let mut catalog = catalog(locale);
    if args.jsonl {
        if args.plan.is_some() || args.rows.today || args.ways || args.request != Request::default() {
            return Err(Problem::JsonlAlone);
        }
        jsonl::run(&catalog, io::stdin().lock(), io::stdout().lock())?;
        return Ok(GOOD);
    }
    let mut plan = match &args.plan {
        Some(path) => opened::first_plan(path, args.rows, &mut catalog, locale)?,
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
