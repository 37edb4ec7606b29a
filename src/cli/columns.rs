//! Text in columns: names to the left, figures to the right.

/// How a column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    /// Words.
    Left,
    /// Figures.
    Right,
}

/// Lines whose cells stand under each other, two blanks apart, no blanks at the end.
pub(super) fn columns<const N: usize>(aligned: [Align; N], rows: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for ((cell, width), align) in row.iter().zip(widths).zip(aligned) {
            if !line.is_empty() {
                line.push_str("  ");
            }
            let padded = match align {
                Align::Left => format!("{cell:<width$}"),
                Align::Right => format!("{cell:>width$}"),
            };
            line.push_str(&padded);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// What stands where a figure is not known.
pub(super) const NO_DATA: &str = "no data";

/// A figure, or that there is none.
pub(super) fn known(figure: Option<impl ToString>) -> String {
    figure.map_or_else(|| NO_DATA.to_owned(), |figure| figure.to_string())
}

/// `8192` as `8,192`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
