//! A plan as text for a message.

use super::{PartTable, Sheet};
use crate::text::{Key, Locale, one_line};

/// Blanks between columns.
const APART: usize = 2;

impl Sheet<'_> {
    /// What it is, whether it fits, where everything lies, how fast it runs, and the text that opens it.
    pub fn text(&self, locale: Locale) -> String {
        // Names come from files.
        let mut lines = vec![one_line(self.title).into_owned(), self.verdict(locale)];
        lines.extend([one_line(&self.what(locale)).into_owned(), String::new()]);
        lines.extend(table(&PartTable::of(self, locale)));
        let residents = self.residents(locale);
        if !residents.is_empty() {
            lines.extend([String::new(), locale.word(Key::AlsoOnMachine).to_owned()]);
            lines.extend(residents.iter().map(|line| one_line(line).into_owned()));
        }
        let rates = self.rates(locale).into_iter().map(|rate| format!("{}: {}", rate.name, rate.said));
        let rates: Vec<String> = rates.chain(self.no_speed(locale).map(str::to_owned)).collect();
        if !rates.is_empty() {
            lines.push(String::new());
            lines.extend(rates);
        }
        if let Some(link) = self.link {
            lines.extend([String::new(), locale.word(Key::ReportLink).to_owned(), link.to_owned()]);
        }
        lines.join("\n") + "\n"
    }
}

fn table(table: &PartTable) -> Vec<String> {
    let head = std::iter::once("GiB").chain(table.places.iter().map(String::as_str)).collect::<Vec<_>>();
    let body = table.rows.iter().map(|row| std::iter::once(row.name).chain(row.cells.iter().map(String::as_str)));
    let cells: Vec<Vec<&str>> = std::iter::once(head).chain(body.map(Iterator::collect)).collect();
    let widest = |column: usize| cells.iter().filter_map(|row| row.get(column)).map(|cell| columns(cell)).max();
    let widths: Vec<usize> = (0..=table.places.len()).map(|column| widest(column).unwrap_or_default()).collect();
    let line = |row: &Vec<&str>| {
        let mut line = String::new();
        for (place, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let pad = " ".repeat(width.saturating_sub(columns(cell)));
            match place {
                0 => line.extend([cell, pad.as_str()]),
                _ => line.extend([" ".repeat(APART).as_str(), &pad, cell]),
            }
        }
        line
    };
    cells.iter().map(line).collect()
}

/// How many columns of a terminal a text takes: Chinese characters take two.
fn columns(text: &str) -> usize {
    text.chars().map(|letter| if letter >= '\u{1100}' { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::estimate::estimate;
    use crate::plan::Plan;

    #[test]
    fn the_table_stands_in_columns_in_both_languages() {
        let (mut plan, catalog) = (Plan::default(), Catalog::embedded());
        for count in [1, 3, 8] {
            plan.machine.cards[0].count = count;
            let found = estimate(&plan, catalog).unwrap();
            let sheet = Sheet { title: "A\nB", plan: &plan, estimate: &found, catalog, link: Some("rigplan:1:a:b") };
            for locale in Locale::ALL {
                let text = sheet.text(locale);
                let verdict = locale.word(Key::Fits);
                assert_eq!(text.lines().nth(1), Some(verdict), "{text}");
                let rows: Vec<usize> = text.lines().skip(4).take_while(|line| !line.is_empty()).map(columns).collect();
                assert!(rows.len() >= 6 && rows.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
                assert_eq!(text.lines().last(), Some("rigplan:1:a:b"));
            }
        }
    }
}
