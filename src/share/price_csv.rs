//! The price book as CSV, for spreadsheets: written whole, read line by line, so that a line with a mistake costs no
//! other.

use std::collections::HashMap;
use thiserror::Error;

use super::csv::{self, CsvRecord};
use crate::catalog::Catalog;
use crate::catalog::book::BookRow;
use crate::catalog::origin::Origin;
use crate::catalog::parts::PartKind;
use crate::catalog::price::OwnPrice;
use crate::catalog::source::{Date, Price, PriceKind, USD};
use crate::text::{Fault, Key, Phrase, Placeholder, count, foreign, parse_number, printed_in_english};
use crate::units::Usd;

/// The columns, in their order; `part` and `usd` must be there, `name` and `goods` are for people alone.
const COLUMNS: [&str; 7] = ["part", "name", "goods", "kind", "usd", "date", "source"];

/// How many lines are said to be wrong, and why; a table of something else has as many as it has lines.
pub const MAX_ERRORS: usize = 50;

/// Why a line was left out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct PriceLineError {
    /// From 1.
    pub line: usize,
    /// What is wrong.
    pub problem: LineProblem,
}

/// What can be wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineProblem {
    /// There is no line at all.
    Empty,
    /// The first line does not name a column that must be there.
    NoColumn(&'static str),
    /// No part has this id.
    UnknownPart(String),
    /// It is none of the kinds of [`PriceKind::name`].
    UnknownKind(String),
    /// No number.
    NoNumber(String),
    /// A number that no part can cost.
    Range(String),
    /// No date.
    NoDate(String),
}

impl LineProblem {
    /// The column that it is in, as the first line names it; none where it is not in one.
    pub const fn column(&self) -> Option<&'static str> {
        match self {
            Self::Empty | Self::NoColumn(_) => None,
            Self::UnknownPart(_) => Some("part"),
            Self::UnknownKind(_) => Some("kind"),
            Self::NoNumber(_) | Self::Range(_) => Some("usd"),
            Self::NoDate(_) => Some("date"),
        }
    }
}

impl Fault for PriceLineError {
    /// Where, what, and what to do.
    fn phrase(&self) -> Phrase {
        let one = |key, value: &str| Phrase::new(key).with(Placeholder::Value, foreign(value));
        let words = match &self.problem {
            LineProblem::Empty => Phrase::new(Key::BookLineEmpty),
            LineProblem::NoColumn(name) => one(Key::BookLineColumn, name),
            LineProblem::UnknownPart(id) => one(Key::BookLinePart, id),
            LineProblem::UnknownKind(typed) => one(Key::BookLineKind, typed),
            LineProblem::NoNumber(typed) => one(Key::BookLineNumber, typed),
            LineProblem::Range(typed) => one(Key::BookLineRange, typed),
            LineProblem::NoDate(typed) => one(Key::BookLineDate, typed),
        };
        let line = count(u64::try_from(self.line).unwrap_or(u64::MAX));
        match self.problem.column() {
            Some(column) => Phrase::new(Key::BookLineIn).with(Placeholder::Name, column),
            None => Phrase::new(Key::BookLine),
        }
        .with(Placeholder::Count, line)
        .with_phrase(Placeholder::Value, words)
    }
}

printed_in_english!(PriceLineError);

/// What a file holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Imported {
    /// The prices that differ from those of the catalog.
    pub prices: Vec<OwnPrice>,
    /// Lines that say what the catalog says, or have no price.
    pub unchanged: usize,
    /// Why lines were left out: of the first [`MAX_ERRORS`] of them.
    pub errors: Vec<PriceLineError>,
    /// How many more were left out.
    pub more_errors: usize,
}

impl Imported {
    fn left_out(&mut self, line: usize, problem: LineProblem) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(PriceLineError { line, problem });
        } else {
            self.more_errors += 1;
        }
    }
}

/// The book as CSV. A part without a price has an empty one, to be filled in. Prices with less than all of the memory,
/// which no line can tell apart, are left out.
pub fn to_text(book: &[BookRow<'_>]) -> String {
    let mut text = csv::line(&COLUMNS);
    for row in book.iter().filter(|row| row.less_gib.is_none()) {
        let usd = row.price.map(|price| price.expected_usd().0.to_string()).unwrap_or_default();
        let date = row.price.map_or("", |price| price.date.as_str());
        let source = row.price.map_or_else(String::new, |price| price.source.text());
        text += &csv::line(&[row.id, row.name, part_kind(row.part_kind), row.kind.name(), &usd, date, &source]);
    }
    text
}

const fn part_kind(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Card => "card",
        PartKind::System => "machine",
        PartKind::Processor => "processor",
        PartKind::Board => "board",
        PartKind::Ram => "ram",
        PartKind::Disk => "storage",
        PartKind::PowerSupply => "power supply",
        PartKind::Case => "case",
        PartKind::Fitting => "fitting",
        PartKind::Cooler => "cooler",
        PartKind::Network => "network",
    }
}

/// Reads a file. `today` dates what has no date of its own, and a price that was changed while its date was not;
/// `source` says where such a price is from.
pub fn read(text: &str, catalog: &Catalog, today: &Date, source: &str) -> Imported {
    let text = text.trim_start_matches('\u{feff}');
    let head = text.lines().next().unwrap_or_default();
    // Spreadsheets of many countries write semicolons.
    let mark = [',', ';', '\t'].into_iter().max_by_key(|mark| head.matches(*mark).count()).unwrap_or(',');
    let mut imported = Imported::default();
    let records = csv::records(text, mark);
    let columns = match records.first().map(Columns::of) {
        Some(Ok(columns)) => columns,
        other => {
            let problem = other.and_then(Result::err).unwrap_or(LineProblem::Empty);
            imported.left_out(1, problem);
            return imported;
        }
    };
    let mut book: HashMap<&str, Vec<BookRow<'_>>> = HashMap::new();
    for row in catalog.price_book().into_iter().filter(|row| row.less_gib.is_none()) {
        book.entry(row.id).or_default().push(row);
    }
    let lines = Lines { columns, book: &book, today, source };
    for record in records.iter().skip(1) {
        match lines.read(record) {
            Ok(Some(price)) => {
                imported.prices.retain(|other| other.part != price.part || other.kind != price.kind);
                imported.prices.push(price);
            }
            Ok(None) => imported.unchanged += 1,
            Err(problem) => imported.left_out(record.line, problem),
        }
    }
    imported
}

/// Where each column stands.
struct Columns {
    part: usize,
    usd: usize,
    kind: Option<usize>,
    date: Option<usize>,
    source: Option<usize>,
}

impl Columns {
    fn of(head: &CsvRecord) -> Result<Self, LineProblem> {
        let place = |name: &str| head.fields.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
        let needed = |name: &'static str| place(name).ok_or(LineProblem::NoColumn(name));
        Ok(Self {
            part: needed("part")?,
            usd: needed("usd")?,
            kind: place("kind"),
            date: place("date"),
            source: place("source"),
        })
    }
}

struct Lines<'a> {
    columns: Columns,
    /// The lines of the book by their part.
    book: &'a HashMap<&'a str, Vec<BookRow<'a>>>,
    today: &'a Date,
    source: &'a str,
}

impl Lines<'_> {
    /// The price of a line; none where it says nothing new.
    fn read(&self, record: &CsvRecord) -> Result<Option<OwnPrice>, LineProblem> {
        let cell =
            |place: Option<usize>| place.and_then(|place| record.fields.get(place)).map_or("", |cell| cell.trim());
        let (part, usd) = (cell(Some(self.columns.part)), cell(Some(self.columns.usd)));
        if part.is_empty() && usd.is_empty() {
            return Ok(None);
        }
        let rows = self.book.get(part).ok_or_else(|| LineProblem::UnknownPart(part.to_owned()))?;
        let kind = kind(cell(self.columns.kind))?;
        if usd.is_empty() {
            return Ok(None);
        }
        let amount = parse_number(usd.trim_start_matches('$'));
        let amount = Usd(amount.ok_or_else(|| LineProblem::NoNumber(usd.to_owned()))?);
        if !USD.contains(&amount) {
            return Err(LineProblem::Range(usd.to_owned()));
        }
        let now = rows.iter().find(|row| row.kind == kind).and_then(|row| row.price);
        let same = |price: &&Price| (price.expected_usd() - amount).0.abs() < 0.005;
        let (date, source) = (cell(self.columns.date), cell(self.columns.source));
        // A price that was changed in a spreadsheet, with its date left as it was, was seen today.
        let left = now.filter(|price| price.date.as_str() == date && price.source.text() == source);
        if left.is_some_and(|price| same(&price)) {
            return Ok(None);
        }
        let dated_today = date.is_empty() || left.is_some();
        let date = if dated_today {
            self.today.clone()
        } else {
            Date::try_from(date.to_owned()).ok().ok_or_else(|| LineProblem::NoDate(date.to_owned()))?
        };
        let source = if source.is_empty() || left.is_some() { self.source } else { source };
        Ok(Some(OwnPrice { part: part.to_owned(), kind, usd: amount, date, source: Origin::cited(source) }))
    }
}

/// A kind of price as it is written; new where nothing is.
fn kind(typed: &str) -> Result<PriceKind, LineProblem> {
    if typed.is_empty() {
        return Ok(PriceKind::Street);
    }
    let found = PriceKind::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(typed));
    found.ok_or_else(|| LineProblem::UnknownKind(typed.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        Date::try_from("2026-11-22".to_owned()).unwrap()
    }

    fn read_all(text: &str) -> Imported {
        read(text, Catalog::embedded(), &today(), "prices.csv")
    }

    #[test]
    fn a_book_that_is_exported_and_imported_changes_nothing() {
        let book = Catalog::embedded().price_book();
        let text = to_text(&book);
        assert_eq!(text.lines().next(), Some("part,name,goods,kind,usd,date,source"));
        let imported = read_all(&text);
        assert_eq!((imported.prices.as_slice(), imported.errors.as_slice()), (&[][..], &[][..]));
        assert_eq!(imported.unchanged, book.iter().filter(|row| row.less_gib.is_none()).count());
    }

    #[test]
    fn a_price_that_was_changed_is_of_today() {
        let text = to_text(&Catalog::embedded().price_book());
        let line = text.lines().find(|line| line.starts_with("rtx-3090,") && line.contains(",used,")).unwrap();
        let cells: Vec<&str> = line.split(',').collect();
        let changed = format!(
            "part,kind,usd,date,source\nrtx-3090,used,601,{},{}\n",
            cells[5],
            line.splitn(7, ',').last().unwrap()
        );
        let imported = read_all(&changed);
        let price = &imported.prices[0];
        assert_eq!(
            (price.usd.0, price.date.as_str(), price.source.text().as_str()),
            (601.0, "2026-11-22", "prices.csv")
        );
        let dated = read_all("part,kind,usd,date,source\nrtx-3090,used,601,2026-11-01,a shop\n");
        assert_eq!((dated.prices[0].date.as_str(), dated.prices[0].source.text().as_str()), ("2026-11-01", "a shop"));
    }

    #[test]
    fn a_line_with_a_mistake_is_named_and_costs_no_other() {
        let text = "\u{feff}part;kind;usd;date\r\nrtx-3090;used;1,250.50;\r\nno-such;new;5;\r\nrtx-4090;old;5;\r\nrtx-4090;used;dear;\r\n\
            rtx-4090;used;-5;\r\nrtx-4090;used;900;soon\r\nam5-atx\r\n;;;\r\nrtx-4090;used;1000;2026-11-20\r\n";
        let imported = read_all(text);
        let found: Vec<_> = imported.prices.iter().map(|price| (price.part.as_str(), price.usd.0)).collect();
        assert_eq!(found, [("rtx-3090", 1250.5), ("rtx-4090", 1000.0)]);
        let lines: Vec<String> = imported.errors.iter().map(ToString::to_string).collect();
        assert_eq!(imported.errors.iter().map(|error| error.line).collect::<Vec<_>>(), [3, 4, 5, 6, 7], "{lines:?}");
        let columns = ["part", "kind", "usd", "usd", "date"];
        for ((line, part), column) in lines.iter().zip(["no-such", "old", "dear", "-5", "soon"]).zip(columns) {
            assert!(line.contains(part) && !line.contains('\n'), "{line}");
            assert!(line.contains(&format!(", column {column}: ")), "{line}");
        }
    }

    #[test]
    fn of_a_table_of_something_else_the_first_lines_are_said_and_the_rest_counted() {
        let text = "part,usd\n".to_owned() + &"no-such,5\n".repeat(100_000);
        let imported = read_all(&text);
        assert_eq!((imported.errors.len(), imported.more_errors), (MAX_ERRORS, 99_950));
    }

    #[test]
    fn what_is_no_table_is_one_line() {
        for text in ["", "hello", "part,price\nrtx-3090,5\n", "\0\0\0", "\"part"] {
            let imported = read_all(text);
            assert_eq!((imported.prices.len(), imported.errors.len()), (0, 1), "{text:?}");
        }
    }
}
