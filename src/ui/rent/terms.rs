//! The terms of the comparison: how much the machine is used, what power costs, what is left in the end.

use eframe::egui::Ui;

use super::{RentInputs, lines};
use crate::plan::RentTerms;
use crate::text::{self, Key, Placeholder};
use crate::ui::theme::space;
use crate::ui::widgets::row::Row;
use crate::ui::widgets::scale::Scale;
use crate::ui::widgets::slider::{Slider, Tick};
use crate::ui::widgets::value_field::ValueField;
use crate::units::{Usd, Watts};

/// Height of the terms: four sliders and three fields.
pub(super) const HEIGHT: f32 = 4.0 * SLIDER + 3.0 * FIELD;
const SLIDER: f32 = 60.0;
const FIELD: f32 = 34.0;

pub(super) fn show(ui: &mut Ui, terms: &mut RentTerms, inputs: &RentInputs<'_>) {
    ui.spacing_mut().item_spacing.y = 1.0;
    let width = ui.available_width();
    let usual = RentTerms::default();
    let locale = inputs.locale;
    let plain = |values: &[f64]| ticks(values, |value| text::trimmed(value, 2));

    let reading = text::trimmed(terms.hours_per_day, 1);
    let slider = Slider {
        salt: "hours",
        name: locale.word(Key::RentUse),
        reading: (&reading, locale.word(Key::RentHoursUnit)),
        value: terms.hours_per_day,
        default: usual.hours_per_day,
        scale: Scale::linear(0.0..=24.0),
        typed: 0.0..=24.0,
        ticks: &plain(&[0.0, 4.0, 8.0, 12.0, 16.0, 20.0, 24.0]),
        limits: &[],
        caption: None,
        parse: text::parse_number,
        round: |hours| (hours * 2.0).round() / 2.0,
    };
    set(&mut terms.hours_per_day, slider.show(ui, locale, width));

    let reading = text::trimmed(terms.months, 1);
    let slider = Slider {
        salt: "months",
        name: locale.word(Key::RentKept),
        reading: (&reading, locale.word(Key::RentMonthsUnit)),
        value: terms.months,
        default: usual.months,
        scale: Scale::linear(1.0..=96.0),
        typed: 0.1..=1200.0,
        ticks: &plain(&[1.0, 24.0, 48.0, 72.0, 96.0]),
        round: f64::round,
        ..slider
    };
    set(&mut terms.months, slider.show(ui, locale, width));

    let reading = text::money(terms.usd_per_kwh);
    let slider = Slider {
        salt: "electricity",
        name: locale.word(Key::RentElectricity),
        reading: (&reading, locale.word(Key::RentPerKwh)),
        value: terms.usd_per_kwh.0,
        default: usual.usd_per_kwh.0,
        scale: Scale::linear(0.0..=0.6),
        typed: 0.0..=100.0,
        ticks: &ticks(&[0.0, 0.2, 0.4, 0.6], lines::on_axis),
        parse: text::parse_money,
        round: |usd| (usd * 1000.0).round() / 1000.0,
        ..slider
    };
    set(&mut terms.usd_per_kwh, slider.show(ui, locale, width).map(Usd));

    let reading = text::trimmed(terms.resale_share * 100.0, 0);
    let slider = Slider {
        salt: "resale",
        name: locale.word(Key::RentResale),
        reading: (&reading, "%"),
        value: terms.resale_share * 100.0,
        default: usual.resale_share * 100.0,
        scale: Scale::linear(0.0..=100.0),
        typed: 0.0..=100.0,
        ticks: &plain(&[0.0, 25.0, 50.0, 75.0, 100.0]),
        parse: text::parse_number,
        round: f64::round,
        ..slider
    };
    set(&mut terms.resale_share, slider.show(ui, locale, width).map(|percent| percent / 100.0));
    fields(ui, terms, inputs, width);
}

/// What is typed alone: the draw at work and idle, and the price of a hosted API.
fn fields(ui: &mut Ui, terms: &mut RentTerms, inputs: &RentInputs<'_>, width: f32) {
    let locale = inputs.locale;
    let by_parts = inputs.bought.and_then(|bought| bought.work_watts);
    let reading = terms.work_watts.or(by_parts).map(|watts| text::trimmed(watts.0, 0));
    let reading = reading.unwrap_or_else(|| locale.word(Key::NotSet).to_owned());
    let unit =
        if terms.work_watts.is_some() { "W".to_owned() } else { format!("W, {}", locale.word(Key::RentByParts)) };
    if let Some(watts) = field(ui, (Key::RentWork, "draw at work"), (&reading, &unit), none_or_number, inputs, width) {
        terms.work_watts = Some(watts).filter(|watts| *watts > 0.0).map(|watts| Watts(watts.min(1e6)));
    }
    let reading = text::trimmed(terms.idle_watts.0, 0);
    if let Some(watts) = field(ui, (Key::RentIdle, "idle draw"), (&reading, "W"), none_or_number, inputs, width) {
        terms.idle_watts = Watts(watts.clamp(0.0, 1e6));
    }
    let reading = terms.api_usd_per_million.map(text::money).unwrap_or_default();
    let unit = locale.word(if terms.api_usd_per_million.is_some() { Key::RentPerMillion } else { Key::NotSet });
    if let Some(usd) = field(ui, (Key::RentApi, "hosted API"), (&reading, unit), none_or_money, inputs, width) {
        terms.api_usd_per_million = Some(usd).filter(|usd| *usd > 0.0).map(|usd| Usd(usd.min(1e6)));
    }
}

/// A name and at its right the value; what was typed.
fn field(
    ui: &mut Ui,
    (name, salt): (Key, &'static str),
    (reading, unit): (&str, &str),
    parse: fn(&str) -> Option<f64>,
    inputs: &RentInputs<'_>,
    width: f32,
) -> Option<f64> {
    let name = inputs.locale.word(name);
    let named = inputs.locale.sentence(Key::TypeValue, &[(Placeholder::Name, name)]);
    let row = Row { name, tip: "", salt, width, control: None, gap: FIELD - space::ROW - 2.0 };
    row.field(ui, ValueField { name: &named, reading, unit, parse: &parse, boxed: false })
}

/// Nothing typed, or words, mean none.
fn none_or_number(typed: &str) -> Option<f64> {
    if typed.chars().any(|c| c.is_ascii_digit()) { text::parse_number(typed) } else { Some(0.0) }
}

fn none_or_money(typed: &str) -> Option<f64> {
    if typed.chars().any(|c| c.is_ascii_digit()) { text::parse_money(typed) } else { Some(0.0) }
}

fn ticks(values: &[f64], words: impl Fn(f64) -> String) -> Vec<Tick> {
    values.iter().map(|&value| Tick { value, label: words(value) }).collect()
}

fn set<T>(value: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *value = new;
    }
}
