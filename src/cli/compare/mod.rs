//! `rigplan compare`: the plans of files side by side, as text, Markdown or JSON.

mod json;

use std::borrow::Cow;

use super::args::CompareArgs;
use super::columns::{Align, columns};
use super::problem::Problem;
use super::{GOOD, catalog, opened, print};
use crate::advise::compare::names::{letter, subject};
use crate::advise::compare::words::prices;
use crate::advise::compare::{MOST, Side};
use crate::catalog::Catalog;
use crate::estimate::Estimator;
use crate::plan::NamedPlan;
use crate::share::comparison::{Compared, conclusion, markdown, rows, same};
use crate::text::{Key, Locale};

/// Compares; what it comes to does not change the exit code.
pub(super) fn run(args: &CompareArgs, locale: Locale) -> Result<u8, Problem> {
    let todays = catalog(locale);
    let mut plans: Vec<NamedPlan> = Vec::new();
    // Each file counts with the rows that it was saved with.
    let mut of_plans: Vec<Cow<'_, Catalog>> = Vec::new();
    for path in &args.files {
        let mut catalog = Cow::Borrowed(&*todays);
        let document = opened::document(path, args.rows, &mut catalog, locale)?;
        of_plans.extend(vec![catalog; document.plans.len()]);
        plans.extend(document.plans);
    }
    if plans.len() < 2 {
        return Err(Problem::TooFewPlans);
    }
    if plans.len() > MOST {
        return Err(Problem::TooManyPlans { count: plans.len(), most: MOST });
    }
    let letters: Vec<String> = (0..plans.len()).map(letter).collect();
    let base = match &args.base {
        None => 0,
        Some(asked) => letters.iter().position(|letter| letter.eq_ignore_ascii_case(asked)).ok_or_else(|| {
            Problem::NoSuchPlan { letter: asked.clone(), last: letters.last().cloned().unwrap_or_default() }
        })?,
    };
    let sides: Vec<Side> = plans
        .iter()
        .zip(&of_plans)
        .map(|(named, catalog)| Side::searched(&named.plan, catalog, &mut Estimator::default()))
        .collect();
    let titles: Vec<String> = plans
        .iter()
        .zip(&of_plans)
        .zip(&letters)
        .map(|((named, catalog), letter)| title(named, letter, catalog, locale))
        .collect();
    let compared =
        Compared { letters: &letters, titles: &titles, sides: &sides, base, catalog: &of_plans[base], locale };
    let out = match (args.json, args.markdown) {
        (true, _) => json::answer(&plans, &compared),
        (false, true) => markdown(&compared).into_bytes(),
        (false, false) => text(&compared).into_bytes(),
    };
    print(&out)?;
    Ok(GOOD)
}

fn title(named: &NamedPlan, letter: &str, catalog: &Catalog, locale: Locale) -> String {
    let name = named.name.trim();
    let name = if name.is_empty() { subject(&named.plan, catalog, locale) } else { name.to_owned() };
    format!("{letter} {}", crate::text::one_line(&name))
}

/// As a terminal shows it: who is who, the conclusion, then one line for each figure.
fn text(compared: &Compared<'_>) -> String {
    let locale = compared.locale;
    let base = locale.word(Key::CompareBase);
    let mut text = String::new();
    for (place, title) in compared.titles.iter().enumerate() {
        let mark = if place == compared.base { format!("  ({base})") } else { String::new() };
        text.extend([title.as_str(), &mark, "\n"]);
    }
    let said = conclusion(compared);
    text.extend(["\n", &said.lead, "\n"]);
    if !said.rest.is_empty() {
        text.extend([said.rest.as_str(), "\n"]);
    }
    let head = std::iter::once(String::new()).chain(compared.letters.iter().cloned()).chain([String::new()]);
    let mut lines: Vec<Vec<String>> = vec![head.collect()];
    lines.extend(
        rows(compared)
            .into_iter()
            .map(|row| std::iter::once(row.name).chain(row.cells).chain([row.why]).collect::<Vec<String>>()),
    );
    text.push('\n');
    text.push_str(&columns(vec![Align::Left; compared.sides.len() + 2], &lines));
    text.extend(["\n", &same(compared), "\n"]);
    let prices = prices(compared.sides.iter(), locale);
    if !prices.is_empty() {
        text.extend([prices.as_str(), "\n"]);
    }
    text
}
