//! What lies where as a table: amounts of memory by component and place, in GiB, which add up as they are printed.

use super::Sheet;
use crate::estimate::printed::{MemoryFigures, PlanFigures, PlanPart};
use crate::text::{FigureColumn, Key, Locale, PrintedFigure};
use crate::units::Bytes;

/// More devices than these are shown together.
const MOST_DEVICES: usize = 6;
/// What cannot be known.
const UNKNOWN: &str = "?";

/// Amounts of memory by component and place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartTable {
    /// The head of each column.
    pub places: Vec<String>,
    /// The components, then what they come to.
    pub rows: Vec<PartRow>,
}

/// What a row is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowOf {
    /// A component.
    Part(PlanPart),
    /// All of them.
    Needed,
    /// What is left.
    Free,
    /// What is not there.
    Missing,
}

/// One row: a component, or a sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartRow {
    /// What it is of.
    pub of: RowOf,
    /// Its name.
    pub name: &'static str,
    /// The amount in each place.
    pub cells: Vec<String>,
}

/// One place: its name and its figures.
struct Column<'a> {
    name: String,
    side: &'a MemoryFigures,
}

impl PartTable {
    /// What lies where.
    pub fn of(sheet: &Sheet<'_>, locale: Locale) -> Self {
        let figures = PlanFigures::of(sheet.estimate);
        let pool = figures.pool(sheet.estimate);
        let columns = columns(&figures, pool.as_ref(), locale);
        let mut rows: Vec<PartRow> = PlanPart::ALL
            .into_iter()
            .filter(|part| columns.iter().any(|it| holds(it.side, *part)))
            .map(|part| {
                let cell =
                    |it: &Column<'_>| it.side.part(part).map_or_else(|| UNKNOWN.to_owned(), PrintedFigure::write);
                PartRow {
                    of: RowOf::Part(part),
                    name: locale.word(part.name()),
                    cells: columns.iter().map(cell).collect(),
                }
            })
            .collect();
        let mut sum = |of: RowOf, name: Key, amount: fn(&FigureColumn) -> PrintedFigure| {
            let cell = |it: &Column<'_>| {
                if it.side.is_known() { amount(it.side.column()).write() } else { UNKNOWN.to_owned() }
            };
            rows.push(PartRow { of, name: locale.word(name), cells: columns.iter().map(cell).collect() });
        };
        sum(RowOf::Needed, Key::Needed, |column| column.parts.iter().copied().sum());
        sum(RowOf::Free, Key::Free, |column| column.free);
        if columns.iter().any(|it| !it.side.column().excess.is_zero()) {
            sum(RowOf::Missing, Key::ReportMissing, |column| column.excess);
        }
        Self { places: columns.into_iter().map(|it| it.name).collect(), rows }
    }
}

/// Whether something of a component lies there, or may.
fn holds(side: &MemoryFigures, part: PlanPart) -> bool {
    side.amounts().get(part) != Some(Bytes::ZERO)
}

fn columns<'a>(figures: &'a PlanFigures, pool: Option<&'a MemoryFigures>, locale: Locale) -> Vec<Column<'a>> {
    if let Some(side) = pool {
        return vec![Column { name: locale.word(Key::UnifiedMemory).to_owned(), side }];
    }
    let ram = Column { name: locale.word(Key::Ram).to_owned(), side: &figures.ram };
    let together = |name: Key| Column { name: locale.word(name).to_owned(), side: &figures.vram };
    let mut columns: Vec<Column<'a>> = match figures.devices.as_slice() {
        [] => Vec::new(),
        devices if devices.len() > 1 && devices.len() <= MOST_DEVICES => {
            devices.iter().enumerate().map(|(place, side)| Column { name: format!("GPU {place}"), side }).collect()
        }
        _ => vec![together(Key::Vram)],
    };
    columns.push(ram);
    columns
}
