//! The terms of the comparison: how much the machine is used, what power costs, what is left in the end.

use eframe::egui::Ui;

use super::{RentInputs, lines};
use crate::catalog::resale::Resale;
use crate::plan::RentTerms;
use crate::text::{self, Join, Key, Placeholder};
use crate::ui::theme::space;
use crate::ui::widgets::row::Row;
use crate::ui::widgets::scale::Scale;
use crate::ui::widgets::slider::{Slider, Tick};
use crate::ui::widgets::tip::Tip;
use crate::ui::widgets::typed;
use crate::ui::widgets::value_field::ValueField;
use crate::units::{Usd, Watts};

/// Height of the terms: four sliders and three fields.
pub(super) const HEIGHT: f32 = 4.0 * SLIDER + 3.0 * FIELD;
const SLIDER: f32 = 60.0;
const FIELD: f32 = 34.0;
/// Width of the fields.
const CONTROL: f32 = 144.0;

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
        write: |value| text::trimmed(value, 3),
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
        write: |usd| text::money(usd),
        round: |usd| (usd * 1000.0).round() / 1000.0,
        ..slider
    };
    set(&mut terms.usd_per_kwh, slider.explained(ui, width, &Tip::of(Key::RentElectricity, locale)).map(Usd));

    let seen = Resale::known().map(|resale| resale.line(locale)).unwrap_or_default();
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
        write: |value| text::trimmed(value, 3),
        round: f64::round,
        ..slider
    };
    let resale = slider.explained(ui, width, &Tip::of(Key::RentResale, locale).more(&seen));
    set(&mut terms.resale_share, resale.map(|percent| percent / 100.0));
    fields(ui, terms, inputs, width);
}

/// What is typed alone: the draw at work and idle, and the price of a hosted API.
fn fields(ui: &mut Ui, terms: &mut RentTerms, inputs: &RentInputs<'_>, width: f32) {
    let locale = inputs.locale;
    let bought = inputs.bought;
    let draws = [
        (Key::RentWork, "draw at work", &mut terms.work_watts, bought.and_then(|bought| bought.work_watts), 0.5),
        (Key::RentIdle, "idle draw", &mut terms.idle_watts, bought.and_then(|bought| bought.idle_watts), 0.0),
    ];
    for (name, salt, draw, by_parts, least) in draws {
        let reading = draw.or(by_parts).map(|watts| text::trimmed(watts.0, 0));
        let unit = match (&draw, by_parts) {
            (None, Some(_)) => locale.join(Join::Phrases, ["W", locale.word(Key::RentByParts)].map(str::to_owned)),
            (None, None) => String::new(),
            (Some(_), _) => "W".to_owned(),
        };
        let unit = if reading.is_some() { unit } else { locale.word(Key::NotSet).to_owned() };
        let reading = reading.unwrap_or_default();
        let field = TermField {
            name,
            salt,
            reading: &reading,
            unit: &unit,
            more: Some(Key::TipRentDraw),
            parse: text::parse_number,
        };
        match field.show(ui, inputs, width) {
            TypedTerm::Nothing => {}
            TypedTerm::NoFigure => *draw = None,
            TypedTerm::Figure(watts) => *draw = Some(watts.clamp(0.0, 1e6)).filter(|watts| *watts >= least).map(Watts),
        }
    }
    let reading = terms.api_usd_per_million.map(text::money).unwrap_or_default();
    let unit = locale.word(if terms.api_usd_per_million.is_some() { Key::RentPerMillion } else { Key::NotSet });
    let name = Key::RentApi;
    let field = TermField { name, salt: "hosted API", reading: &reading, unit, more: None, parse: text::parse_money };
    match field.show(ui, inputs, width) {
        TypedTerm::Nothing => {}
        TypedTerm::NoFigure => terms.api_usd_per_million = None,
        TypedTerm::Figure(usd) => terms.api_usd_per_million = Some(usd.min(1e6)).filter(|usd| *usd > 0.0).map(Usd),
    }
}

/// What was typed into a field.
enum TypedTerm {
    /// Nothing happened.
    Nothing,
    /// It was emptied, or words were typed.
    NoFigure,
    Figure(f64),
}

/// A name and at its right the value, which is typed.
struct TermField<'a> {
    name: Key,
    salt: &'static str,
    reading: &'a str,
    unit: &'a str,
    /// What is to say beside what it is.
    more: Option<Key>,
    parse: fn(&str) -> Option<f64>,
}

impl TermField<'_> {
    fn show(&self, ui: &mut Ui, inputs: &RentInputs<'_>, width: f32) -> TypedTerm {
        let name = inputs.locale.word(self.name);
        let named = inputs.locale.sentence(Key::TypeValue, &[(Placeholder::Name, name)]);
        let read = |typed: &str| if is_number(typed) { (self.parse)(typed) } else { Some(0.0) };
        let read = typed::number(inputs.locale, read);
        let (reading, unit) = (self.reading, self.unit);
        let field = ValueField { name: &named, reading, unit, hint: unit, parse: &read, boxed: true };
        let more = self.more.map_or("", |more| inputs.locale.word(more));
        let tip = Some(Tip { more, ..Tip::of(self.name, inputs.locale) });
        let gap = FIELD - space::ROW - 2.0;
        let row = Row { name, tip, salt: self.salt, width, control: Some(CONTROL), gap };
        match row.text(ui, field) {
            None => TypedTerm::Nothing,
            Some(typed) if is_number(&typed) => (self.parse)(&typed).map_or(TypedTerm::Nothing, TypedTerm::Figure),
            Some(_) => TypedTerm::NoFigure,
        }
    }
}

fn is_number(typed: &str) -> bool {
    typed.chars().any(|c| c.is_ascii_digit())
}

fn ticks(values: &[f64], words: impl Fn(f64) -> String) -> Vec<Tick> {
    values.iter().map(|&value| Tick { value, label: words(value) }).collect()
}

fn set<T>(value: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *value = new;
    }
}
