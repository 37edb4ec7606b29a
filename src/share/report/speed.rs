//! How fast a plan runs, how sure that is, and what it rests on.

use super::super::sheet::{RATE, SECONDS, Sheet, banded};
use super::section;
use crate::catalog::card::Card;
use crate::estimate::speed_sources::{SpeedPhase, SpeedQuestion};
use crate::plan::CardChoice;
use crate::text::{self, Key, Locale};

pub(super) fn write(out: &mut String, sheet: &Sheet<'_>, locale: Locale) {
    let speed = &sheet.estimate.speed;
    let more = [
        (Key::LoadTime, speed.load, SECONDS),
        (Key::BoardPower, speed.power, "W"),
        (Key::ReportEnergy, speed.energy, "kWh"),
    ];
    let more = more.into_iter().filter_map(|(key, band, unit)| Some((key, band?, unit)));
    let rates = sheet.rates(locale).into_iter().map(|rate| [rate.name.to_owned(), rate.said]);
    let more = more.map(|(key, band, unit)| [locale.word(key).to_owned(), banded(band, unit)]);
    let rows: Vec<[String; 2]> = rates.chain(more).collect();
    if rows.is_empty() {
        return;
    }
    section::begin(out, "speed", Key::ReportSpeed, locale);
    let head = ["", locale.word(Key::ReportExpected)];
    section::table(out, "figures", head, &rows);
    let cards: Vec<&Card> = sheet
        .plan
        .machine
        .cards
        .iter()
        .filter_map(|kind| match &kind.card {
            CardChoice::Catalog(id) => sheet.catalog.card(id),
            CardChoice::Detected { .. } => None,
        })
        .collect();
    let asked = SpeedQuestion { plan: sheet.plan, cards: &cards, estimate: sheet.estimate, catalog: sheet.catalog };
    let band = |phase, band: Option<crate::units::Band<f64>>| {
        let band = band?;
        let range = text::range(&text::figure(band.low), &text::figure(band.high));
        Some(asked.band(phase, (&range, RATE), locale))
    };
    let bands = [band(SpeedPhase::Decode, speed.decode), band(SpeedPhase::Prefill, speed.prefill)];
    section::list(out, "source", bands.into_iter().flatten().chain(asked.lines(locale)));
    section::end(out);
}
