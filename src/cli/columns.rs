//! Text in columns: names to the left, figures to the right.

use crate::text::{Key, Locale};

/// How a column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    /// Words.
    Left,
    /// Figures.
    Right,
}

/// Lines whose cells stand under each other, two blanks apart, no blanks at the end.
pub(super) fn columns<R: AsRef<[String]>>(aligned: impl AsRef<[Align]>, rows: &[R]) -> String {
    let aligned = aligned.as_ref();
    let mut widths = vec![0; aligned.len()];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row.as_ref()) {
            *width = (*width).max(wide(cell));
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for ((cell, width), align) in row.as_ref().iter().zip(&widths).zip(aligned) {
            if !line.is_empty() {
                line.push_str("  ");
            }
            let blanks = " ".repeat(width.saturating_sub(wide(cell)));
            match align {
                Align::Left => line.extend([cell, blanks.as_str()]),
                Align::Right => line.extend([blanks.as_str(), cell]),
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The cells that a terminal draws a text in: Chinese characters and their punctuation take two.
pub(super) fn wide(text: &str) -> usize {
    let double = |letter| {
        matches!(letter, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}')
    };
    text.chars().map(|letter| if double(letter) { 2 } else { 1 }).sum()
}

/// A figure, or that there is none.
pub(super) fn known(figure: Option<impl ToString>, locale: Locale) -> String {
    figure.map_or_else(|| locale.word(Key::NoData).to_owned(), |figure| figure.to_string())
}
