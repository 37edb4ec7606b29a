//! Prices of the user's own: kept in one of the user's tables, with the day they were typed.

use crate::catalog::origin::Origin;
use crate::catalog::own_prices;
use crate::catalog::price::OwnPrice;
use crate::catalog::source::PriceKind;
use crate::system::clock::today;
use crate::system::folders::Folders;
use crate::system::storage::{self, StorageError};
use crate::text::{Fault, Key, Locale, Placeholder};
use crate::units::Usd;

/// The file, by its name among the tables.
pub(super) const FILE: &str = "own_prices.ron";
/// The largest file of prices, in bytes.
const MAX_BYTES: usize = 16 << 20;
/// Keeps a price that was typed today; all own prices as they are then.
///
/// # Errors
/// One line: why it could not be kept. What was kept before is as it was.
pub(super) fn keep(
    folders: Option<&Folders>,
    part: String,
    kind: PriceKind,
    usd: Usd,
    locale: Locale,
) -> Result<Vec<OwnPrice>, String> {
    let new = OwnPrice { part, kind, usd, date: today(), source: Origin::own() };
    change(folders, locale, |prices| own_prices::with(prices, new))
}

/// Keeps prices that were read from a table.
///
/// # Errors
/// As above.
pub(super) fn keep_all(folders: Option<&Folders>, new: &[OwnPrice], locale: Locale) -> Result<Vec<OwnPrice>, String> {
    change(folders, locale, |prices| new.iter().cloned().fold(prices, own_prices::with))
}

/// Forgets an own price, so that the catalog's counts again.
///
/// # Errors
/// One line that says why it could not be. What was kept before is as it was.
pub(super) fn revert(
    folders: Option<&Folders>,
    part: &str,
    kind: PriceKind,
    locale: Locale,
) -> Result<Vec<OwnPrice>, String> {
    change(folders, locale, |prices| own_prices::without(prices, part, kind))
}

/// Reads the own prices, changes them and writes them back, whole or not at all.
fn change(
    folders: Option<&Folders>,
    locale: Locale,
    change: impl FnOnce(Vec<OwnPrice>) -> Vec<OwnPrice>,
) -> Result<Vec<OwnPrice>, String> {
    let folders = folders.ok_or_else(|| locale.word(Key::CardsPriceNoFolder).to_owned())?;
    let path = folders.own_prices();
    let before = match storage::read(&path, MAX_BYTES) {
        // Written back with other letters in place of what is no text, something would be lost.
        Ok(bytes) => String::from_utf8(bytes)
            .ok()
            .ok_or_else(|| locale.sentence(Key::BookNoText, &[(Placeholder::Name, FILE)]))?,
        Err(StorageError::NotFound(_)) => String::new(),
        Err(error) => return Err(error.say(locale)),
    };
    let mut errors = Vec::new();
    let prices = if before.is_empty() { Vec::new() } else { own_prices::read(FILE, &before, &mut errors) };
    // Writing would lose the lines that cannot be read.
    if let Some(error) = errors.first() {
        return Err(error.say(locale));
    }
    let prices = change(prices);
    storage::write_in_new_folder(&path, &own_prices::to_text(&prices)).map_err(|error| error.say(locale))?;
    Ok(prices)
}
