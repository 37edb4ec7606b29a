//! What the user prefers, kept between runs beside the window's size. Plans are files of their own.

use eframe::egui;
use serde::{Deserialize, Serialize};

use super::kept_field::or_default;
use crate::catalog::exchange::ExchangeRates;
use crate::text::{Currency, DisplayUnits, Locale, Money};

/// What the user prefers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Light, dark, or as the system has it.
    #[serde(deserialize_with = "or_default")]
    pub theme: egui::ThemePreference,
    /// The language, or the system's where none was chosen.
    #[serde(deserialize_with = "or_default")]
    pub language: Option<Locale>,
    /// The currency that prices are shown in.
    #[serde(deserialize_with = "or_default")]
    pub currency: Currency,
    /// Yuan for a US dollar, where the user knows better than the built-in rate.
    #[serde(deserialize_with = "or_default")]
    pub cny_per_usd: Option<f64>,
    /// Euros for a US dollar, likewise.
    #[serde(deserialize_with = "or_default")]
    pub eur_per_usd: Option<f64>,
    /// Nothing moves by itself.
    #[serde(deserialize_with = "or_default")]
    pub reduce_motion: bool,
    /// Prices in yuan were offered to who reads Chinese.
    #[serde(deserialize_with = "or_default")]
    pub yuan_offered: bool,
    /// The language that the program was started in, until another is chosen: not kept.
    #[serde(skip)]
    pub started_in: Option<Locale>,
}

impl Settings {
    /// Takes the other language; whether prices in yuan are to be offered with it: once, where they are in dollars.
    pub(super) fn switch_language(&mut self, to: Locale) -> bool {
        self.choose_language(Some(to));
        let offers = to == Locale::Zh && self.currency == Currency::Usd && !self.yuan_offered;
        self.yuan_offered |= offers;
        offers
    }

    /// Takes this language, or the system's.
    pub(super) const fn choose_language(&mut self, language: Option<Locale>) {
        (self.language, self.started_in) = (language, None);
    }

    /// The language that is spoken where the system speaks this.
    pub fn spoken(&self, system: Locale) -> Locale {
        self.started_in.or(self.language).unwrap_or(system)
    }

    /// How quantities are written.
    pub fn shown(&self) -> DisplayUnits {
        DisplayUnits { money: Money::new(self.currency, self.per_usd()) }
    }

    /// What a US dollar buys of the chosen currency: the user's own rate, else the built-in one.
    pub fn per_usd(&self) -> Option<f64> {
        let published = || ExchangeRates::published().and_then(|rates| rates.per_usd(self.currency));
        self.own_rate().or_else(published)
    }

    /// The user's own rate of the chosen currency.
    pub fn own_rate(&self) -> Option<f64> {
        match self.currency {
            Currency::Usd => None,
            Currency::Cny => self.cny_per_usd,
            Currency::Eur => self.eur_per_usd,
        }
    }

    /// Takes a rate of the user's own for the chosen currency; none, or one that is no rate, goes back to the built-in.
    pub fn set_own_rate(&mut self, rate: Option<f64>) {
        let rate = rate.filter(|rate| (1e-6..=1e6).contains(rate));
        match self.currency {
            Currency::Usd => {}
            Currency::Cny => self.cny_per_usd = rate,
            Currency::Eur => self.eur_per_usd = rate,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_are_offered_once() {
        let mut settings = Settings::default();
        assert!(settings.switch_language(Locale::Zh));
        assert!(!settings.switch_language(Locale::En) && !settings.switch_language(Locale::Zh));
        assert!(!Settings { currency: Currency::Eur, ..Settings::default() }.switch_language(Locale::Zh));
    }

    #[test]
    fn an_own_rate_wins_until_it_is_taken_back() {
        let mut settings = Settings { currency: Currency::Cny, ..Settings::default() };
        let built_in = settings.per_usd();
        assert!(built_in.is_some_and(|rate| rate > 1.0));
        settings.set_own_rate(Some(7.2));
        assert_eq!(settings.shown().money.write(1820.0), "¥13,100");
        settings.set_own_rate(Some(-1.0));
        assert_eq!(settings.per_usd(), built_in, "no rate");
    }

    #[test]
    fn the_language_of_a_start_counts_until_another_is_chosen_and_is_not_kept() {
        let mut settings = Settings { language: Some(Locale::En), started_in: Some(Locale::Zh), ..Settings::default() };
        assert_eq!(settings.spoken(Locale::En), Locale::Zh);
        let kept: Settings = ron::from_str(&ron::to_string(&settings).unwrap()).unwrap();
        assert_eq!(kept.spoken(Locale::Zh), Locale::En, "the next start speaks as preferred");
        settings.choose_language(None);
        assert_eq!(settings.spoken(Locale::En), Locale::En);
    }
}
