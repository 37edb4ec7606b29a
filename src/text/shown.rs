//! What the reader chose about how quantities are written. Numbers are written deep down in every view; the window says
//! once, before it draws, how. What is written elsewhere, for scripts and in files, is not touched by it.

use std::cell::Cell;
use std::ops::RangeInclusive;

use super::money::{Money, MoneyTick};

/// How quantities are written.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DisplayUnits {
    /// Amounts of money.
    pub money: Money,
}

thread_local! {
    static SHOWN: Cell<DisplayUnits> = Cell::default();
}

/// From now on this thread writes quantities so.
pub fn show_as(shown: DisplayUnits) {
    SHOWN.set(shown);
}

/// So many US dollars in the chosen currency: `$1,820`, `¥12,200`, `€1,620`.
pub fn money(usd: impl Into<f64>) -> String {
    SHOWN.get().money.write(usd.into())
}

/// Amounts within `usd` that are round in the chosen currency: `steps` times powers of ten.
pub fn money_ticks(usd: RangeInclusive<f64>, steps: &[f64]) -> Vec<MoneyTick> {
    SHOWN.get().money.ticks(usd, steps)
}

/// So many US dollars as an amount of two digits in the chosen currency: as fine as a thumb is.
pub fn money_by_thumb(usd: f64) -> f64 {
    SHOWN.get().money.two_digits(usd)
}

/// What a US dollar buys of the chosen currency.
pub fn money_per_usd() -> f64 {
    SHOWN.get().money.per_usd()
}

/// Reads an amount of money, typed in the currency that it is written in, as US dollars.
pub fn parse_money(text: &str) -> Option<f64> {
    SHOWN.get().money.read(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Currency;

    #[test]
    fn quantities_are_written_as_chosen() {
        assert_eq!(money(100.0), "$100", "nothing is chosen yet");
        show_as(DisplayUnits { money: Money::new(Currency::Eur, Some(0.5)) });
        assert_eq!(money(100.0), "€50");
    }
}
