//! What the reader chose about how quantities are written. Numbers are written deep down in every view; the window says
//! once, before it draws, how. What is written elsewhere, for scripts and in files, is not touched by it.

use std::cell::Cell;
use std::ops::RangeInclusive;

use super::memory::MemoryUnit;
use super::money::{Money, MoneyTick};

/// How quantities are written.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DisplayUnits {
    /// Amounts of memory.
    pub memory: MemoryUnit,
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

/// The unit that this thread writes memory in.
#[must_use]
pub fn memory_unit() -> MemoryUnit {
    SHOWN.get().memory
}

/// Reads an amount of memory, typed in the unit that it is written in, as GiB.
#[must_use]
pub fn parse_memory(text: &str) -> Option<f64> {
    // A kit sold as 64 GB holds 64 GiB; only who reads decimal units types them.
    let unit = memory_unit();
    let gib = super::number::parse_gib(text, 1.0 / unit.per_gib())?;
    Some(if unit == MemoryUnit::Gib { gib } else { MemoryUnit::even(gib) })
}

/// So many US dollars in the chosen currency: `$1,820`, `¥12,200`, `€1,620`.
#[must_use]
pub fn money(usd: impl Into<f64>) -> String {
    SHOWN.get().money.write(usd.into())
}

/// Amounts within `usd` that are round in the chosen currency: `steps` times powers of ten.
#[must_use]
pub fn money_ticks(usd: RangeInclusive<f64>, steps: &[f64]) -> Vec<MoneyTick> {
    SHOWN.get().money.ticks(usd, steps)
}

/// So many US dollars as an amount of two digits in the chosen currency: as fine as a thumb is.
#[must_use]
pub fn money_by_thumb(usd: f64) -> f64 {
    SHOWN.get().money.two_digits(usd)
}

/// What a US dollar buys of the chosen currency.
#[must_use]
pub fn money_per_usd() -> f64 {
    SHOWN.get().money.per_usd()
}

/// Reads an amount of money, typed in the currency that it is written in, as US dollars.
#[must_use]
pub fn parse_money(text: &str) -> Option<f64> {
    SHOWN.get().money.read(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Currency;

    #[test]
    fn quantities_are_written_as_chosen() {
        assert_eq!((memory_unit(), money(100.0).as_str()), (MemoryUnit::Gib, "$100"), "nothing is chosen yet");
        show_as(DisplayUnits { memory: MemoryUnit::Gb, money: Money::new(Currency::Eur, Some(0.5)) });
        assert_eq!((memory_unit(), money(100.0).as_str()), (MemoryUnit::Gb, "€50"));
        assert_eq!(parse_memory("25.769803776 GB"), Some(24.0), "typed as it is written");
    }
}
