//! Plans side by side as a table in Markdown: every figure of each, how it stands to the base's, and the conclusion.

use crate::advise::compare::inputs::{InputWords, InputsSplit};
use crate::advise::compare::words::{self, concluded};
use crate::advise::compare::{
    Difference, Figure, Quality, QualityDifference, Side, conclude, difference, of_quality, reason,
};
use crate::catalog::Catalog;
use crate::plan::Plan;
use crate::text::{Join, Key, Locale, Placeholder, one_line};

/// What is written.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// The letters of the plans.
    pub letters: &'a [String],
    /// What they are called, letter included.
    pub titles: &'a [String],
    /// What they come to.
    pub sides: &'a [Side],
    /// Which of them is the base.
    pub base: usize,
    /// Models, cards and prices.
    pub catalog: &'a Catalog,
    /// The language.
    pub locale: Locale,
}

/// One line of the table: a name, a cell for each plan, and what makes the difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparisonRow {
    /// What it is.
    pub name: String,
    /// What it is of each plan.
    pub cells: Vec<String>,
    /// What makes the difference; empty where nothing can tell.
    pub why: String,
}

/// The lines of the table: what sets the plans apart, how they are judged, quality, then every figure that is known of one.
pub fn rows(compared: &Compared<'_>) -> Vec<ComparisonRow> {
    let Compared { sides, base, catalog, locale, .. } = *compared;
    let Some(held) = sides.get(base) else { return Vec::new() };
    let row = |name: &str, cells: Vec<String>, why: Option<String>| ComparisonRow {
        name: name.to_owned(),
        cells,
        why: why.unwrap_or_default(),
    };
    let plans: Vec<&Plan> = sides.iter().map(|side| &side.plan).collect();
    let split = InputsSplit::of(&plans, catalog, locale);
    let mut rows: Vec<ComparisonRow> = (0..split.apart.first().map_or(0, Vec::len))
        .map(|nth| {
            let said = || split.apart.iter().filter_map(|apart| apart.get(nth));
            let name = said().next().map_or("", |words| words.name);
            row(name, said().map(|words| words.value.clone()).collect(), None)
        })
        .collect();
    let verdict = |side: &Side| match &side.answer {
        Ok(estimate) => locale.word(estimate.verdict.map_or(Key::VerdictUnknown, crate::estimate::Verdict::word)),
        Err(_) => locale.word(Key::VerdictError),
    };
    rows.push(row(locale.word(Key::ColumnVerdict), sides.iter().map(|side| verdict(side).to_owned()).collect(), None));
    let said = |place: usize, value: String, differs: String| {
        if place == base || differs.is_empty() { value } else { format!("{value} ({differs})") }
    };
    let quality = sides.iter().enumerate().map(|(place, side)| {
        let words = words::quality(&Quality::of(side), side.trains(), locale);
        let differs = words::quality_difference(QualityDifference::of(side, held), locale);
        said(place, words, differs.to_owned())
    });
    let why = |found| words::reason(found, compared.letters, locale);
    rows.push(row(locale.word(Key::CompareQuality), quality.collect(), of_quality(sides, base).map(why)));
    let known = Figure::of_task(held.trains()).filter(|figure| sides.iter().any(|side| figure.of(side).is_some()));
    for figure in known {
        let found: Vec<Difference> = sides.iter().map(|side| difference(figure, side, held)).collect();
        let cells = sides.iter().zip(&found).enumerate().map(|(place, (side, found))| {
            said(place, words::reading(figure, side, catalog, locale), words::difference(figure, *found, locale))
        });
        let differs = found.iter().any(|it| matches!(it, Difference::Differs { .. } | Difference::AboutTheSame));
        let cause = reason(figure, sides, base).filter(|_| differs).map(why);
        rows.push(row(&figure.head(locale), cells.collect(), cause));
    }
    rows
}

/// What is the same in all plans: `The same in all: …`.
pub fn same(compared: &Compared<'_>) -> String {
    let Compared { sides, catalog, locale, .. } = *compared;
    let plans: Vec<&Plan> = sides.iter().map(|side| &side.plan).collect();
    let split = InputsSplit::of(&plans, catalog, locale);
    let all = split.same.iter().map(InputWords::full);
    let all = locale.join(Join::Phrases, all);
    let holes = [(Placeholder::Name, locale.word(Key::CompareSameIn)), (Placeholder::Other, &*all)];
    locale.sentence(Key::CompareBecause, &holes)
}

/// The conclusion, its first sentence and the clauses about the others.
pub fn conclusion(compared: &Compared<'_>) -> words::Concluded {
    let name = |place: usize| compared.letters.get(place).cloned().unwrap_or_default();
    concluded(&conclude(compared.sides, compared.base), name, compared.locale)
}

/// All of it in Markdown.
pub fn markdown(compared: &Compared<'_>) -> String {
    let locale = compared.locale;
    let concluded = conclusion(compared);
    let cell = |words: &str| one_line(words).replace('|', "\\|");
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let titles = compared.titles.iter().enumerate().map(|(place, title)| {
        if place == compared.base {
            format!("{} ({})", cell(title), locale.word(Key::CompareBase))
        } else {
            cell(title)
        }
    });
    let head: Vec<String> =
        std::iter::once(String::new()).chain(titles).chain([locale.word(Key::CompareWhat).to_owned()]).collect();
    let mut text = format!("**{}**\n", concluded.lead);
    if !concluded.rest.is_empty() {
        text.extend(["\n", &concluded.rest, "\n"]);
    }
    let rule = head.iter().map(|_| "---".to_owned()).collect();
    text.push('\n');
    text.push_str(&line(head));
    text.push_str(&line(rule));
    for row in rows(compared) {
        let cells = row.cells.iter().map(|words| cell(words));
        text.push_str(&line(std::iter::once(cell(&row.name)).chain(cells).chain([cell(&row.why)]).collect()));
    }
    text.extend(["\n", &same(compared), "\n"]);
    let prices = words::prices(compared.sides.iter(), locale);
    if !prices.is_empty() {
        text.extend(["\n", &prices, "\n"]);
    }
    text
}
