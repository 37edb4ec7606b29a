//! The plan moved by sliders: markup that a script fills from the grid, and the grid as data. The script looks up, it does not
//! calculate.

use serde::Serialize;

use super::super::markup::{escape, put};
use super::super::sheet::{PartTable, RowOf, Sheet};
use super::super::shell::tag;
use super::super::svg;
use super::grid::{Grid, GridCell};
use super::section;
use crate::estimate::printed::PlanPart;
use crate::estimate::{Reader, Verdict};
use crate::text::{Key, Locale, Placeholder};
use crate::units::Bytes;

/// Width and height of a bar, in its own points.
const BAR: [f64; 2] = [1000.0, 30.0];
/// A RAM longer than so many lengths of the longest card goes on past its bar.
const LONGEST_RAM: f64 = 1.3;
/// Nothing of it.
const NOTHING: &str = "0.00";
const VERDICTS: [Verdict; 4] = [Verdict::Fits, Verdict::Tight, Verdict::Offload, Verdict::DoesNotFit];

/// The rows of every table: components that lie anywhere at any position, then the sums.
fn rows(grid: &Grid) -> Vec<RowOf> {
    let lies = |part: &PlanPart| grid.cells.iter().any(|cell| cell.amount(RowOf::Part(*part), 0).is_some());
    let parts = PlanPart::ALL.into_iter().filter(lies).map(RowOf::Part);
    parts.chain([RowOf::Needed, RowOf::Free, RowOf::Missing]).collect()
}

fn name(of: RowOf, locale: Locale) -> &'static str {
    locale.word(match of {
        RowOf::Part(part) => part.name(),
        RowOf::Needed => Key::Needed,
        RowOf::Free => Key::Free,
        RowOf::Missing => Key::ReportMissing,
    })
}

/// How long bars are, in GiB.
struct BarLengths {
    /// What the memory of each bar offers.
    offered: Vec<f64>,
    /// The longest that is drawn.
    whole: f64,
}

impl BarLengths {
    /// For a table of so many places.
    fn of(sheet: &Sheet<'_>, places: usize) -> Self {
        let estimate = sheet.estimate;
        if estimate.is_unified() {
            let pool = estimate.host.capacity.gib() - estimate.host.os.gib();
            let pool = estimate.pool_offered().map_or(pool, Bytes::gib).max(1.0);
            return Self { offered: vec![pool], whole: pool };
        }
        let mut offered: Vec<f64> = match places.saturating_sub(1) {
            0 => Vec::new(),
            1 => vec![estimate.usable_vram().gib()],
            _ => estimate.devices.iter().map(|device| device.usable.gib()).collect(),
        };
        let longest = offered.iter().copied().fold(0.0, f64::max);
        let ram = estimate.host.capacity.gib() - estimate.host.os.gib();
        offered.push(ram);
        let whole = if longest > 0.0 { longest.max(ram.min(LONGEST_RAM * longest)) } else { ram };
        Self { offered, whole: whole.max(1.0) }
    }
}

/// The section in one language; it is seen where there is a script.
pub(super) fn write(out: &mut String, sheet: &Sheet<'_>, grid: &Grid, locale: Locale) {
    let table = PartTable::of(sheet, locale);
    section::begin(out, "explore", Key::ReportExplore, locale);
    let hint = [(Placeholder::Value, env!("CARGO_PKG_VERSION"))];
    section::line(out, "p", "note", &locale.sentence(Key::ReportExploreHint, &hint));
    out.push_str("<div class=\"sliders\">\n");
    for (place, axis) in grid.axes.iter().enumerate().filter(|(_, axis)| axis.stops.len() > 1) {
        let (last, own) = (axis.stops.len() - 1, axis.own);
        put(out, format_args!("<label><span>{}</span> ", escape(locale.word(axis.name))));
        put(out, format_args!("<output data-stop=\"{place}\"></output>"));
        put(
            out,
            format_args!(
                "<input type=\"range\" data-axis=\"{place}\" min=\"0\" max=\"{last}\" step=\"1\" value=\"{own}\"></label>\n"
            ),
        );
    }
    put(out, format_args!("<button type=\"button\" class=\"own\">{}</button>\n", escape(locale.word(Key::ReportOwn))));
    out.push_str(
        "</div>\n<p class=\"moved\" aria-live=\"polite\"><i class=\"dot\"></i><b data-said=\"verdict\"></b></p>\n",
    );
    out.push_str("<ul class=\"readings\">\n");
    let trains = sheet.plan.workload.task.trains();
    let rates = [if trains { Key::TrainSpeed } else { Key::Decode }, Key::Prefill, Key::FirstTokenBrief];
    let rates = rates.into_iter().enumerate().take(if trains { 1 } else { 3 });
    for (place, key) in rates {
        let said = escape(locale.word(key));
        put(out, format_args!("<li><b data-rate=\"{place}\"></b> <span>{said}</span></li>\n"));
    }
    out.push_str("</ul>\n");
    let rows = rows(grid);
    let lengths = BarLengths::of(sheet, table.places.len());
    // The last place is the RAM; one pool is no RAM.
    let ram = table.places.len() - usize::from(!sheet.estimate.is_unified());
    for (place, name) in table.places.iter().enumerate() {
        bar(out, (place, name), &rows, (&lengths, place == ram));
    }
    amounts(out, &table.places, &rows, locale);
    section::end(out);
}

/// A rectangle for each component, whose widths the script sets, and where the memory ends.
fn bar(
    out: &mut String,
    (place, name): (usize, &str),
    rows: &[RowOf],
    (BarLengths { offered, whole }, in_ram): (&BarLengths, bool),
) {
    let [width, height] = BAR;
    let end = offered.get(place).map_or(0.0, |offered| offered / whole * width);
    put(out, format_args!("<div class=\"place\"><span>{}</span>", escape(name)));
    put(
        out,
        format_args!(
            "<svg viewBox=\"0 0 {width} {height}\" data-place=\"{place}\" data-scale=\"{:.4}\" aria-hidden=\"true\">",
            width / whole
        ),
    );
    for (row, of) in rows.iter().enumerate() {
        if let RowOf::Part(part) = of {
            let fill = svg::part_fill(part.memory(), in_ram);
            put(out, format_args!("<rect data-bar=\"{place}-{row}\" height=\"{height}\" fill=\"{fill}\"/>"));
        }
    }
    put(
        out,
        format_args!(
            "<rect class=\"frame\" x=\"0.75\" y=\"0.75\" width=\"{end:.1}\" height=\"{}\"/></svg></div>\n",
            height - 1.5
        ),
    );
}

/// The table whose cells the script fills.
fn amounts(out: &mut String, places: &[String], rows: &[RowOf], locale: Locale) {
    out.push_str("<div class=\"wide\"><table class=\"amounts\">\n<thead><tr><th scope=\"col\">GiB</th>");
    for place in places {
        put(out, format_args!("<th scope=\"col\">{}</th>", escape(place)));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for (row, of) in rows.iter().enumerate() {
        let class = if matches!(of, RowOf::Part(_)) { "part" } else { "sum" };
        put(out, format_args!("<tr class=\"{class}\"><th scope=\"row\">{}</th>", escape(name(*of, locale))));
        for place in 0..places.len() {
            put(out, format_args!("<td data-cell=\"{place}-{row}\"></td>"));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
}

/// The grid as the script reads it.
#[derive(Serialize)]
struct GridData<'a> {
    /// Each stop of each axis as it is written.
    stops: [&'a [String]; 3],
    /// Where the plan stands.
    own: [usize; 3],
    /// Amounts by row in one place; cells name them by their number.
    columns: Vec<Vec<&'a str>>,
    /// How many places there are.
    places: usize,
    /// Sentences in the order of the languages.
    words: Vec<WordData>,
    cells: Vec<CellData<'a>>,
}

#[derive(Serialize)]
struct WordData {
    lang: &'static str,
    verdicts: Vec<String>,
    none: &'static str,
    refused: Vec<String>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum CellData<'a> {
    /// The number of the verdict, of the column of each place, and the speeds.
    Answer(usize, Vec<usize>, &'a [String; 3]),
    /// The number of the sentence that says why there is none.
    Refused(usize),
}

/// The color of each verdict, then that of none.
const COLORS: [&str; 5] = ["fit", "fit", "off", "no", "faint"];

/// Writes the grid into the page.
pub(super) fn data(out: &mut String, grid: &Grid) {
    let rows = rows(grid);
    let mut columns: Vec<Vec<&str>> = Vec::new();
    let mut known = std::collections::HashMap::new();
    let mut refusals: Vec<&crate::estimate::EstimateError> = Vec::new();
    let mut cells = Vec::with_capacity(grid.cells.len());
    let mut places = 0;
    for cell in &grid.cells {
        match cell {
            GridCell::Answer { verdict, rates, table } => {
                places = table.places.len();
                let numbers = (0..places).map(|place| {
                    let column: Vec<&str> = rows.iter().map(|of| cell.amount(*of, place).unwrap_or(NOTHING)).collect();
                    *known.entry(column.clone()).or_insert_with(|| {
                        columns.push(column);
                        columns.len() - 1
                    })
                });
                let numbers = numbers.collect();
                let verdict = verdict.and_then(|it| VERDICTS.iter().position(|other| *other == it));
                cells.push(CellData::Answer(verdict.unwrap_or(VERDICTS.len()), numbers, rates));
            }
            GridCell::Refused(error) => {
                let place = refusals.iter().position(|other| *other == error).unwrap_or(refusals.len());
                if place == refusals.len() {
                    refusals.push(error);
                }
                cells.push(CellData::Refused(place));
            }
        }
    }
    let words = Locale::ALL.into_iter().map(|locale| WordData {
        lang: tag(locale),
        verdicts: VERDICTS
            .iter()
            .map(|it| it.word())
            .chain([Key::VerdictUnknown])
            .map(|key| locale.word(key).to_owned())
            .collect(),
        none: locale.word(Key::NoData),
        refused: refusals.iter().map(|error| error.say(locale, Reader::Window).into_owned()).collect(),
    });
    let axes = &grid.axes;
    let data = GridData {
        stops: [&axes[0].stops, &axes[1].stops, &axes[2].stops],
        own: [axes[0].own, axes[1].own, axes[2].own],
        columns,
        places,
        words: words.collect(),
        cells,
    };
    // What is made of texts and numbers alone is always JSON.
    let json = serde_json::to_string(&data).unwrap_or_default();
    let colors = COLORS.join(" ");
    put(
        out,
        format_args!(
            "<script type=\"application/json\" id=\"grid\" data-colors=\"{colors}\">{}</script>\n",
            inert(&json)
        ),
    );
}

/// JSON in which nothing ends the element that it stands in.
fn inert(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}
