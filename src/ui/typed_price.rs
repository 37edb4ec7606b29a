//! What was typed as a price, read where it was typed.

use super::command::Command;
use crate::catalog::source::{PriceKind, USD};
use crate::text::{self, Key, Locale, Placeholder};
use crate::units::Usd;

/// What becomes of `typed`, in the currency that is shown, as a price of one card or part: it is kept, or the reason why
/// it is none is said.
pub(super) fn command(part: &str, kind: PriceKind, typed: &str, locale: Locale) -> Command {
    match read(typed) {
        Ok(usd) => Command::KeepPrice { part: part.to_owned(), kind, usd },
        Err(reason) => Command::RefusePrice(locale.sentence(reason, &[(Placeholder::Value, typed.trim())])),
    }
}

/// US dollars; the reason where it is none that a part can cost.
fn read(typed: &str) -> Result<Usd, Key> {
    let usd = Usd(text::parse_money(typed).ok_or(Key::CardsPriceNoNumber)?);
    if USD.contains(&usd) { Ok(usd) } else { Err(Key::CardsPriceRange) }
}
