//! A plan as one page of HTML that takes nothing from anywhere, in both languages, light and dark: bars, what lies where and
//! why, how fast it runs, what else could be done, prices, the machine that was built. Without a script all of it reads;
//! with one the plan can be moved over a grid of answers, each of them [`estimate`](crate::estimate::estimate)'s own.

mod build;
mod explore;
mod grid;
mod overview;
mod prices;
mod section;
mod speed;
mod ways;
mod why;

use super::carrier;
use super::markup::{escape, put};
use super::sheet::Sheet;
use super::shell::{self, tag};
use crate::advise::builder::{BuildError, BuildOutcome, best};
use crate::advise::remedies::{Ladder, ladder};
use crate::catalog::source::Date;
use crate::plan::BuildRequest;
use crate::text::{Key, Locale, Placeholder};
pub use grid::{Grid, GridAxis, GridCell};

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// All that a page says.
struct Report<'a> {
    sheet: &'a Sheet<'a>,
    grid: Grid,
    ladder: Option<Ladder>,
    built: Option<Result<BuildOutcome<'a>, BuildError<'a>>>,
    today: &'a Date,
}

/// The page of a plan, with the machine of `build` where one was asked for; prices count as on the day `today`. It opens in
/// `first`.
pub fn page(sheet: &Sheet<'_>, build: Option<&BuildRequest>, today: &Date, first: Locale) -> String {
    let (plan, catalog) = (sheet.plan, sheet.catalog);
    let report = Report {
        sheet,
        grid: Grid::of(plan, catalog),
        ladder: ladder(plan, catalog),
        built: build.map(|request| best(request, plan, catalog, today)),
        today,
    };
    let mut out = shell::begin(sheet.title, first, STYLE);
    for locale in Locale::ALL {
        report.article(&mut out, locale);
    }
    out.push_str("</div>\n");
    explore::data(&mut out, &report.grid);
    out.push_str(&sheet.link.map(carrier::html::script).unwrap_or_default());
    put(&mut out, format_args!("<script>\n{SCRIPT}</script>\n{}", shell::END));
    out
}

impl Report<'_> {
    /// One language of the page.
    fn article(&self, out: &mut String, locale: Locale) {
        put(out, format_args!("<article lang=\"{}\">\n", tag(locale)));
        overview::write(out, self.sheet, locale);
        explore::write(out, self.sheet, &self.grid, locale);
        why::write(out, self.sheet, locale);
        speed::write(out, self.sheet, locale);
        if let Some(ladder) = &self.ladder {
            ways::write(out, self.sheet, ladder, locale);
        }
        prices::write(out, self.sheet, locale);
        if let Some(built) = &self.built {
            build::write(out, built, locale);
        }
        self.foot(out, locale);
        out.push_str("</article>\n");
    }

    /// Who says so, since when it holds, and the text that opens the plan.
    fn foot(&self, out: &mut String, locale: Locale) {
        let made = locale.sentence(Key::PageFoot, &[(Placeholder::Value, env!("CARGO_PKG_VERSION"))]);
        let dated = locale.sentence(Key::ReportMade, &[(Placeholder::Value, self.today.as_str())]);
        out.push_str("<footer>\n");
        put(out, format_args!("<p class=\"foot\">{} {}</p>\n", escape(&made), escape(&dated)));
        if let Some(link) = self.sheet.link {
            let said = escape(locale.word(Key::ReportLink));
            put(out, format_args!("<p class=\"foot\">{said}</p>\n<pre class=\"link\">{}</pre>\n", escape(link)));
        }
        out.push_str("</footer>\n");
    }
}
