//! How money is written. Prices are kept in US dollars, as they were seen; other currencies are converted for showing.

use serde::{Deserialize, Serialize};

use std::ops::RangeInclusive;

use super::number::{decimal, parse_number, trimmed};

/// A currency of the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, strum::EnumCount)]
pub enum Currency {
    /// US dollars, in which prices are kept.
    #[default]
    Usd,
    /// Chinese yuan.
    Cny,
    /// Euros.
    Eur,
}

impl Currency {
    /// All currencies.
    pub const ALL: [Self; <Self as strum::EnumCount>::COUNT] = [Self::Usd, Self::Cny, Self::Eur];

    /// Its ISO 4217 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Usd => "USD",
            Self::Cny => "CNY",
            Self::Eur => "EUR",
        }
    }

    /// The sign before an amount.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Usd => "$",
            Self::Cny => "¥",
            Self::Eur => "€",
        }
    }
}

/// A currency and what a US dollar buys of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Money {
    currency: Currency,
    per_usd: f64,
}

impl Default for Money {
    fn default() -> Self {
        Self { currency: Currency::Usd, per_usd: 1.0 }
    }
}

impl Money {
    /// Amounts in `currency`, of which a US dollar buys `per_usd`; in US dollars where no usable rate is given.
    pub fn new(currency: Currency, per_usd: Option<f64>) -> Self {
        match per_usd.filter(|rate| rate.is_finite() && *rate > 0.0) {
            Some(per_usd) if currency != Currency::Usd => Self { currency, per_usd },
            _ => Self::default(),
        }
    }

    /// The currency that amounts are written in.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// What a US dollar buys of it.
    pub const fn per_usd(self) -> f64 {
        self.per_usd
    }

    /// Reads an amount typed in this currency, with or without its sign, as US dollars.
    pub fn read(self, typed: &str) -> Option<f64> {
        parse_number(typed.trim().trim_start_matches(self.currency.sign())).map(|amount| amount / self.per_usd)
    }

    /// So many US dollars: `$1,820`, `¥12,200`, `€1,620`; under ten with cents: `$3.12`.
    ///
    /// A price was seen in US dollars and is written as it was; converted it is no more exact than its rate, and is
    /// written to three digits.
    pub fn write(self, usd: f64) -> String {
        let amount = usd * self.per_usd;
        let amount = if self.currency == Currency::Usd { amount } else { to_digits(amount, 3) };
        let sign = if amount < 0.0 { "\u{2212}" } else { "" };
        let digits = if amount.abs() < 10.0 { 2 } else { 0 };
        format!("{sign}{}{}", self.currency.sign(), decimal(amount.abs(), digits))
    }
}

/// A round amount on a scale.
#[derive(Debug, Clone, PartialEq)]
pub struct MoneyTick {
    /// US dollars.
    pub usd: f64,
    /// In the currency that is shown, in short: `$2k`, `¥50k`.
    pub label: String,
}

impl Money {
    /// Amounts within `usd` that are round in this currency: `steps` times powers of ten.
    pub fn ticks(self, usd: RangeInclusive<f64>, steps: &[f64]) -> Vec<MoneyTick> {
        let (low, high) = (usd.start() * self.per_usd, usd.end() * self.per_usd);
        if !(low > 0.0 && high.is_finite()) {
            return Vec::new();
        }
        #[expect(clippy::cast_possible_truncation, reason = "a few decades")]
        let (from, to) = (low.log10().floor() as i32, high.log10().ceil() as i32);
        let amounts = (from..=to).flat_map(|power| steps.iter().map(move |step| step * 10f64.powi(power)));
        let within = amounts.filter(|amount| *amount >= low * (1.0 - 1e-9) && *amount <= high * (1.0 + 1e-9));
        within.map(|amount| MoneyTick { usd: amount / self.per_usd, label: self.short(amount) }).collect()
    }

    /// An amount of this currency in short.
    fn short(self, amount: f64) -> String {
        let (figure, unit) = match amount {
            amount if amount >= 1e6 => (amount / 1e6, "M"),
            amount if amount >= 1e3 => (amount / 1e3, "k"),
            amount => (amount, ""),
        };
        format!("{}{}{unit}", self.currency.sign(), trimmed(figure, 2))
    }

    /// The amount nearest to so many US dollars that has two digits in this currency, in US dollars.
    pub fn two_digits(self, usd: f64) -> f64 {
        to_digits(usd * self.per_usd, 2) / self.per_usd
    }
}

/// A figure to so many digits.
fn to_digits(amount: f64, digits: i32) -> f64 {
    if amount == 0.0 || !amount.is_finite() {
        return amount;
    }
    let unit = 10f64.powf(amount.abs().log10().floor() - f64::from(digits - 1));
    (amount / unit).round() * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_in_its_currency() {
        assert_eq!(Money::default().write(1820.0), "$1,820");
        assert_eq!(Money::default().write(3.12), "$3.12");
        assert_eq!(Money::new(Currency::Cny, Some(7.2)).write(1820.0), "¥13,100", "three digits");
        assert_eq!(Money::new(Currency::Eur, Some(0.923)).write(1820.0), "€1,680");
        assert_eq!(Money::new(Currency::Eur, Some(0.923)).write(-1820.0), "\u{2212}€1,680");
        assert_eq!(Money::new(Currency::Cny, Some(7.2)).write(0.5), "¥3.60");
    }

    #[test]
    fn amounts_on_a_scale_are_round_in_the_currency_that_is_shown() {
        let labels = |money: Money| -> Vec<String> {
            money.ticks(500.0..=500_000.0, &[1.0, 2.0, 5.0]).into_iter().map(|tick| tick.label).collect()
        };
        assert_eq!(
            labels(Money::default()),
            ["$500", "$1k", "$2k", "$5k", "$10k", "$20k", "$50k", "$100k", "$200k", "$500k"]
        );
        let yuan = Money::new(Currency::Cny, Some(6.7));
        assert_eq!(labels(yuan)[..3], ["¥5k", "¥10k", "¥20k"]);
        assert_eq!(labels(yuan).last().map(String::as_str), Some("¥2M"));
        assert!((yuan.two_digits(3000.0) - 20_000.0 / 6.7).abs() < 1e-6);
    }

    #[test]
    fn money_is_read_as_it_is_written() {
        assert_eq!(Money::default().read("$1,820"), Some(1820.0));
        assert_eq!(Money::new(Currency::Eur, Some(0.5)).read(" 100 "), Some(200.0));
        assert_eq!(Money::default().read("dear"), None);
    }

    #[test]
    fn without_a_rate_dollars_stay_dollars() {
        for rate in [None, Some(0.0), Some(-1.0), Some(f64::NAN)] {
            assert_eq!(Money::new(Currency::Eur, rate).write(100.0), "$100", "{rate:?}");
        }
    }
}
