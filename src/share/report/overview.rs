//! The head of a page: what the plan is called, whether it fits, how fast it runs, and what lies where.

use super::super::markup::{escape, put};
use super::super::picture::PlanPicture;
use super::super::sheet::{PartTable, RowOf, Sheet};
use super::super::svg;
use super::section;
use crate::scenes::mark::Area;
use crate::text::{Key, Locale};

pub(super) fn write(out: &mut String, sheet: &Sheet<'_>, locale: Locale) {
    section::line(out, "h1", "", sheet.title);
    let color = sheet.estimate.verdict.map_or("faint", svg::verdict_name);
    let verdict = escape(&sheet.verdict(locale));
    put(out, format_args!("<p class=\"verdict {color}\"><i class=\"dot\"></i><b>{verdict}</b></p>\n"));
    section::line(out, "p", "about", &sheet.what(locale));
    out.push_str("<ul class=\"readings\">\n");
    for rate in sheet.rates(locale) {
        put(out, format_args!("<li><b>{}</b> <span>{}</span></li>\n", escape(&rate.said), escape(rate.name)));
    }
    out.push_str("</ul>\n");
    section::line(out, "p", "note", sheet.no_speed(locale).unwrap_or_default());
    let PlanPicture { marks, size: [width, height], name } = PlanPicture::bars(sheet, locale);
    let picture = svg::picture(&marks, Area::new(0.0, 0.0, width, height), &name);
    put(out, format_args!("<div class=\"picture\">{picture}</div>\n"));
    section::list(out, "note", sheet.notes(locale));
    section::begin(out, "lies", Key::ReportTable, locale);
    parts(out, &PartTable::of(sheet, locale));
    section::end(out);
    let residents = sheet.residents(locale);
    if !residents.is_empty() {
        section::begin(out, "also", Key::AlsoOnMachine, locale);
        section::list(out, "about", residents);
        section::end(out);
    }
}

/// Components by place, and what they come to.
fn parts(out: &mut String, table: &PartTable) {
    out.push_str("<div class=\"wide\"><table class=\"amounts\">\n<thead><tr><th scope=\"col\">GiB</th>");
    for place in &table.places {
        put(out, format_args!("<th scope=\"col\">{}</th>", escape(place)));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        let class = if matches!(row.of, RowOf::Part(_)) { "part" } else { "sum" };
        put(out, format_args!("<tr class=\"{class}\"><th scope=\"row\">{}</th>", escape(row.name)));
        for cell in &row.cells {
            put(out, format_args!("<td>{}</td>", escape(cell)));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
}
