//! A user's own files laid over the built-in tables.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use ron::error::SpannedError;
use serde::de::DeserializeOwned;

use super::Catalog;
use super::entry_table::{Entry, parse};
use super::model::{Model, ModelFields};
use super::price::Rent;
use super::runtime::Runtimes;
use super::speed::{Measured, Speeds};
use crate::text::foreign;

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
    #[error(
        "{file}: no table of this name; use cards, own_prices, models, platforms, boards, ram, storage, power_supplies, cases, coolers, network, systems, prices, rents, runtimes, speeds or measured, as in cards/mine.ron"
    )]
    UnknownTable {
        /// The file.
        file: String,
    },
    /// The text is no such table.
    #[error("{file}:{line}:{column}: {reason}; correct the entry there, or take the file away")]
    Unreadable {
        /// The file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        reason: String,
    },
    /// An entry's figures cannot be.
    #[error("{file}: `{id}`: {reason}; correct it, the entry is left out until then")]
    Refused {
        /// The file.
        file: String,
        /// The entry.
        id: String,
        /// What is wrong.
        reason: String,
    },
    /// Two entries of one file have the same id.
    #[error("{file}: `{id}` is there twice; take one away, the last one counts until then")]
    Twice {
        /// The file.
        file: String,
        /// The entry.
        id: String,
    },
}

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
            "measured" => catalog.measured.extend(measured(file, &mut errors)),
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
                errors.push(CatalogError::Refused { file: file.name.clone(), id, reason: fault.to_string() });
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
        if let Some(reason) = Some(entry.problems().join(", ")).filter(|reason| !reason.is_empty()) {
            errors.push(CatalogError::Refused { file: file.to_owned(), id, reason });
            continue;
        }
        if !seen.insert(id.clone()) {
            errors.push(CatalogError::Twice { file: file.to_owned(), id });
        }
        kept.push(entry);
    }
    kept
}

/// The measurements of a file that can be used: those of cards that nothing is wrong with.
fn measured(file: &TableFile, errors: &mut Vec<CatalogError>) -> Vec<Measured> {
    let mut rows: Vec<Measured> = read(file, errors).unwrap_or_default();
    rows.retain(|row| {
        let reason = row.problems().join(", ");
        if !reason.is_empty() {
            errors.push(CatalogError::Refused {
                file: file.name.clone(),
                id: row.card.clone(),
                reason: reason.clone(),
            });
        }
        reason.is_empty()
    });
    rows
}

fn read<T: DeserializeOwned>(file: &TableFile, errors: &mut Vec<CatalogError>) -> Option<T> {
    parse(&file.text).map_err(|error| errors.push(unreadable(&file.name, &error))).ok()
}

pub(super) fn unreadable(file: &str, error: &SpannedError) -> CatalogError {
    let at = error.span.start;
    CatalogError::Unreadable { file: file.to_owned(), line: at.line, column: at.col, reason: error.code.to_string() }
}
