//! A user's own files laid over the built-in tables.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use serde::de::DeserializeOwned;

use super::Catalog;
use super::entry_table::{Entry, parse};
use super::model::{Model, ModelFields};
use super::own_overhead::OwnOverhead;
use super::price::Rent;
use super::runtime::Runtimes;
use super::speed::{Measured, Speeds};
use crate::text::{Fault, Join, Key, Phrase, Placeholder, RonFault, foreign, printed_in_english};

/// A file of the overlay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFile {
    /// Relative to the overlay's folder, with `/`, as in `cards/mine.ron`.
    pub name: String,
    /// What stands in it.
    pub text: String,
}

/// Why a file of the overlay, or an entry of it, was left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogError {
    /// The name says no table.
    UnknownTable {
        /// The file.
        file: String,
    },
    /// The text is no such table.
    Unreadable {
        /// The file.
        file: String,
        /// What is wrong, and where.
        fault: RonFault,
    },
    /// An entry's figures cannot be.
    Refused {
        /// The file.
        file: String,
        /// The line of the entry, from 1, where it stands on one alone.
        line: Option<usize>,
        /// The entry.
        id: String,
        /// What is wrong.
        reasons: Vec<Phrase>,
    },
    /// Two entries of one file have the same id.
    Twice {
        /// The file.
        file: String,
        /// The entry.
        id: String,
    },
}

impl CatalogError {
    /// The file that it is about.
    pub fn file(&self) -> &str {
        match self {
            Self::UnknownTable { file }
            | Self::Unreadable { file, .. }
            | Self::Refused { file, .. }
            | Self::Twice { file, .. } => file,
        }
    }
}

impl Fault for CatalogError {
    /// Which file, where in it, what is wrong and what to do.
    fn phrase(&self) -> Phrase {
        match self {
            Self::UnknownTable { file } => Phrase::new(Key::TableUnknown)
                .with(Placeholder::Name, foreign(file))
                .with_list(Placeholder::Other, Join::Items, OVERLAY_TABLES),
            Self::Unreadable { file, fault } => Phrase::new(Key::TableUnreadable)
                .with(Placeholder::Name, format!("{}:{}:{}", foreign(file), fault.line, fault.column))
                .with_phrase(Placeholder::Value, fault.problem.phrase()),
            Self::Refused { file, line, id, reasons } => {
                let place = line.map_or_else(String::new, |line| format!(":{line}"));
                Phrase::new(Key::TableEntryRefused)
                    .with(Placeholder::Name, format!("{}{place}", foreign(file)))
                    .with(Placeholder::Value, id)
                    .with_phrases(Placeholder::Other, Join::Phrases, reasons.clone())
            }
            Self::Twice { file, id } => {
                Phrase::new(Key::TableEntryTwice).with(Placeholder::Name, foreign(file)).with(Placeholder::Value, id)
            }
        }
    }
}

printed_in_english!(CatalogError);

/// The tables that can be laid over the built-in ones, as the folder or the name of their files says.
pub const OVERLAY_TABLES: [&str; 18] = [
    "cards",
    "own_prices",
    "models",
    "platforms",
    "boards",
    "ram",
    "storage",
    "power_supplies",
    "cases",
    "fittings",
    "coolers",
    "network",
    "systems",
    "rents",
    "runtimes",
    "speeds",
    "measured",
    "overheads",
];

/// Lays files over a catalog; what cannot be used is named.
pub(super) fn lay_over(mut catalog: Catalog, files: &[TableFile]) -> (Catalog, Vec<CatalogError>) {
    let mut errors = Vec::new();
    let mut own_prices = Vec::new();
    // Of other cards than before.
    catalog.slices = Arc::default();
    for file in files {
        match table_of(&file.name).unwrap_or_default() {
            "own_prices" => own_prices.push((file, super::own_prices::read(&file.name, &file.text, &mut errors))),
            "models" => catalog.models.lay_over(models(file, &mut errors)),
            "rents" => catalog.own_rents.extend(read::<Vec<Rent>>(file, &mut errors).into_iter().flatten()),
            "runtimes" => {
                if let Some(runtimes) = read::<Runtimes>(file, &mut errors) {
                    catalog.runtimes = Arc::new(OnceLock::from(runtimes));
                }
            }
            "speeds" => {
                if let Some(speeds) = read::<Speeds>(file, &mut errors) {
                    catalog.speeds = Arc::new(OnceLock::from(speeds));
                }
            }
            "overheads" => {
                let own = of_cards(file, |own: &OwnOverhead| own.card.as_str(), OwnOverhead::problems, &mut errors);
                catalog.own_overheads.extend(own);
            }
            "measured" => {
                let own = of_cards(file, |row: &Measured| row.card.as_str(), Measured::problems, &mut errors);
                catalog.measured.extend(own);
            }
            name if catalog.parts.lay_over(name, file, &mut errors) => {}
            _ => errors.push(CatalogError::UnknownTable { file: file.name.clone() }),
        }
    }
    // Last, since a price may be one of a part that stands in a later file.
    for (file, prices) in own_prices {
        super::own_prices::lay_over(&mut catalog, file, prices, &mut errors);
    }
    (catalog, errors)
}

/// The table a file belongs to: its first folder, or its own name.
fn table_of(file: &str) -> Option<&str> {
    let first = file.split(['/', '\\']).next()?;
    Some(first.strip_suffix(".ron").unwrap_or(first))
}

/// The entries of a file that can be used.
pub(super) fn entries<T: Entry>(file: &TableFile, errors: &mut Vec<CatalogError>) -> Vec<T> {
    usable(&file.name, read(file, errors).unwrap_or_default(), errors)
}

/// The models of a file that can be used; one whose figures cannot be leaves the others.
fn models(file: &TableFile, errors: &mut Vec<CatalogError>) -> Vec<Model> {
    let read: Vec<ModelFields> = read(file, errors).unwrap_or_default();
    let mut checked = Vec::with_capacity(read.len());
    for fields in read {
        let id = foreign(&fields.id).into_owned();
        match Model::new(fields) {
            Ok(model) => checked.push(model),
            Err(fault) => {
                errors.push(CatalogError::Refused {
                    file: file.name.clone(),
                    line: None,
                    id,
                    reasons: vec![fault.phrase()],
                });
            }
        }
    }
    usable(&file.name, checked, errors)
}

fn usable<T: Entry>(file: &str, entries: Vec<T>, errors: &mut Vec<CatalogError>) -> Vec<T> {
    let mut seen = HashSet::new();
    let mut kept = Vec::with_capacity(entries.len());
    for entry in entries {
        let id = foreign(entry.id()).into_owned();
        let reasons = entry.problems();
        if !reasons.is_empty() {
            errors.push(CatalogError::Refused { file: file.to_owned(), line: None, id, reasons });
            continue;
        }
        if !seen.insert(id.clone()) {
            errors.push(CatalogError::Twice { file: file.to_owned(), id });
        }
        kept.push(entry);
    }
    kept
}

/// The rows of a file that can be used, each of a card: those that nothing is wrong with.
fn of_cards<T: DeserializeOwned>(
    file: &TableFile,
    card: impl Fn(&T) -> &str,
    problems: impl Fn(&T) -> Vec<Phrase>,
    errors: &mut Vec<CatalogError>,
) -> Vec<T> {
    let mut rows: Vec<T> = read(file, errors).unwrap_or_default();
    rows.retain(|row| {
        let reasons = problems(row);
        let fine = reasons.is_empty();
        if !fine {
            let id = foreign(card(row)).into_owned();
            errors.push(CatalogError::Refused { file: file.name.clone(), line: None, id, reasons });
        }
        fine
    });
    rows
}

fn read<T: DeserializeOwned>(file: &TableFile, errors: &mut Vec<CatalogError>) -> Option<T> {
    parse(&file.text).map_err(|fault| errors.push(CatalogError::Unreadable { file: file.name.clone(), fault })).ok()
}
