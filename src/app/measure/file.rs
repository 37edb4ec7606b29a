//! The file of the user's measurements, one of the overlay's tables. It is written whole or not at all.

use crate::catalog::CatalogError;
use crate::catalog::entry_table::parse;
use crate::catalog::speed::Measured;
use crate::system::folders::Folders;
use crate::system::storage::{self, StorageError};
use crate::text::{Fault, Locale, foreign_path};

/// The largest file of measurements, in bytes.
const MAX_BYTES: usize = 16 << 20;
/// What stands above the entries.
const HEAD: &str = "// Speeds that were measured, one entry a line; they tune the estimates for their cards.\n[\n";

/// What is kept so far; nothing where there is no file.
///
/// # Errors
/// One line that says what is wrong with the file, and where.
pub(super) fn read(folders: &Folders, locale: Locale) -> Result<Vec<Measured>, String> {
    let path = folders.measured();
    let bytes = match storage::read(&path, MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(StorageError::NotFound(_)) => return Ok(Vec::new()),
        Err(error) => return Err(error.say(locale)),
    };
    let text = String::from_utf8_lossy(&bytes);
    let unreadable = |fault| CatalogError::Unreadable { file: foreign_path(&path), fault }.say(locale);
    parse(&text).map_err(unreadable)
}

/// Keeps these in place of all that was kept.
///
/// # Errors
/// One line that says why they could not be kept; the file is then as it was.
pub(super) fn write(folders: &Folders, rows: &[Measured], locale: Locale) -> Result<(), String> {
    storage::write_in_new_folder(&folders.measured(), &to_text(rows)).map_err(|error| error.say(locale))
}

/// `rows` with these more; one of the same card, model, precision and run is replaced.
pub(super) fn with(mut rows: Vec<Measured>, new: Vec<Measured>) -> Vec<Measured> {
    for row in new {
        rows.retain(|old| !is_same_run(old, &row));
        rows.push(row);
    }
    rows
}

fn is_same_run(a: &Measured, b: &Measured) -> bool {
    let key = |row: &Measured| (row.quantization, row.backend, row.test, row.depth, row.tokens);
    a.card == b.card && a.model == b.model && key(a) == key(b)
}

fn to_text(rows: &[Measured]) -> String {
    let mut text = HEAD.to_owned();
    for row in rows {
        if let Ok(entry) = ron::to_string(row) {
            text.push_str("    ");
            text.push_str(&entry);
            text.push_str(",\n");
        }
    }
    text.push_str("]\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::quantization::Quantization;
    use crate::catalog::speed::Timed;

    fn row(tokens_per_s: f64) -> Measured {
        Measured {
            card: "rtx-4090".to_owned(),
            model: "llama-3.1-8b".to_owned(),
            quantization: Quantization::Q4_K_M,
            backend: None,
            test: Timed::Decode,
            depth: 0,
            tokens: 128,
            tokens_per_s,
            date: "2026-11-22".to_owned(),
            note: None,
        }
    }

    #[test]
    fn measurements_are_read_as_they_were_written() {
        let rows = vec![row(128.5), Measured { test: Timed::Prefill, ..row(9000.0) }];
        assert_eq!(parse::<Vec<Measured>>(&to_text(&rows)).unwrap(), rows);
        assert_eq!(with(rows, vec![row(130.0)]).len(), 2, "the same run is replaced");
    }
}
