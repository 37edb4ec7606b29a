//! Why the figures are what they are: formulas with the numbers put in, and where they come from.

use super::super::sheet::{PartTable, RowOf, Sheet};
use super::section;
use crate::estimate::explain::{Explanation, Figure, explain};
use crate::estimate::explain_words::{certainty, figure, formula_of, gib_fine_unit, term};
use crate::text::{self, Join, Key, Locale, Placeholder};
use crate::units::Bytes;

/// More terms of one figure than these are put together.
const MOST_TERMS: usize = 12;

pub(super) fn write(out: &mut String, sheet: &Sheet<'_>, locale: Locale) {
    section::begin(out, "why", Key::ReportWhy, locale);
    for figure in figures(sheet, locale) {
        if let Ok(why) = explain(sheet.plan, sheet.catalog, figure) {
            out.push_str("<div class=\"figure\">\n");
            one(out, sheet, &why, locale);
            out.push_str("</div>\n");
        }
    }
    section::end(out);
}

/// The figures of the table, and of what programs are offered.
fn figures(sheet: &Sheet<'_>, locale: Locale) -> Vec<Figure> {
    let rows = PartTable::of(sheet, locale).rows.into_iter();
    let parts = rows.filter_map(|row| match row.of {
        RowOf::Part(part) => Some(part.figure()),
        RowOf::Needed | RowOf::Free | RowOf::Missing => None,
    });
    let pool = sheet.estimate.kv_pool().map(|_| Figure::KvPool);
    let usable = (!sheet.estimate.devices.is_empty()).then_some(Figure::Usable);
    parts.chain(pool).chain(usable).collect()
}

fn one(out: &mut String, sheet: &Sheet<'_>, why: &Explanation, locale: Locale) {
    let name = locale.word(figure(why.figure));
    let amount = why.result.map_or_else(|| "?".to_owned(), gib_fine_unit);
    let title = locale.sentence(Key::Why, &[(Placeholder::Name, name), (Placeholder::Value, &amount)]);
    section::line(out, "h3", "", &title);
    section::line(out, "p", "formula", locale.word(formula_of(sheet.plan, why.figure)));
    let (listed, others) = why.listed(MOST_TERMS);
    let alone = why.terms.len() == 1;
    let terms = listed.iter().chain(&others).map(|one| term(one, locale, alone));
    section::list(out, "terms", terms);
    let single = matches!(&*why.terms, [one] if one.factors.is_empty());
    let sum = why.result.filter(|_| !single).map(|Bytes(bytes)| format!("= {} B", text::count(bytes)));
    section::line(out, "p", "total", &sum.unwrap_or_default());
    let sure = locale.word(certainty(why.certainty)).to_owned();
    let place = Some(why.source.at.clone()).filter(|at| !at.is_empty());
    let source = locale.join(Join::Clauses, why.source.say(locale).into_iter().chain([sure]).chain(place));
    section::line(out, "p", "source", &text::sentence_case(&source));
}
