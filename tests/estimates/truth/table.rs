//! Tables of measurements: comma separated, quoted where a text holds a comma.

use std::collections::HashMap;
use std::path::Path;

/// One row, by column.
pub(super) type Row = HashMap<String, String>;

pub(super) fn rows(path: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines = text.lines().map(cells);
    let columns = lines.next().expect("a line of columns");
    lines.map(|line| columns.iter().cloned().zip(line).collect()).collect()
}

fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells.last_mut().expect("at least one").push(letter),
        }
    }
    cells
}

/// A cell that holds a number.
pub(super) fn number(row: &Row, column: &str) -> f64 {
    measured(row, column).unwrap_or_else(|| panic!("{column} is {:?} in {row:?}", row.get(column)))
}

/// A cell that may be empty.
pub(super) fn measured(row: &Row, column: &str) -> Option<f64> {
    row.get(column)?.parse().ok()
}
