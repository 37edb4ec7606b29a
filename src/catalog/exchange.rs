//! What a US dollar is worth in the other currencies of the window, as published on one day.

use std::sync::LazyLock;

use serde::Deserialize;

use super::entry_table;
use super::source::Date;
use crate::text::Currency;

const RATES: &str = include_str!("../../data/currencies.ron");

/// Exchange rates of one day.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExchangeRates {
    /// The day they hold for.
    pub date: Date,
    /// Who published them.
    pub source: String,
    /// What one euro buys of each currency.
    per_euro: Vec<(Currency, f64)>,
}

impl ExchangeRates {
    /// The built-in rates; `None` where the file does not parse, which the tests refuse.
    pub(crate) fn published() -> Option<&'static Self> {
        static PUBLISHED: LazyLock<Option<ExchangeRates>> = LazyLock::new(|| entry_table::parse(RATES).ok());
        PUBLISHED.as_ref()
    }

    /// What one US dollar buys of `currency`.
    pub(crate) fn per_usd(&self, currency: Currency) -> Option<f64> {
        let per_euro = |wanted| self.per_euro.iter().find(|(currency, _)| *currency == wanted).map(|(_, rate)| *rate);
        Some(per_euro(currency)? / per_euro(Currency::Usd).filter(|rate| *rate > 0.0)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_currency_has_a_dated_rate() {
        let rates = ExchangeRates::published().expect("data/currencies.ron");
        assert_eq!(rates.per_usd(Currency::Usd), Some(1.0));
        // 7.5118 / 1.1204 and 1 / 1.1204.
        assert!((rates.per_usd(Currency::Cny).unwrap() - 6.7046).abs() < 1e-4);
        assert!((rates.per_usd(Currency::Eur).unwrap() - 0.8925).abs() < 1e-4);
        assert!(rates.date.year() >= Some(2026) && rates.source.contains("European Central Bank"));
    }
}
