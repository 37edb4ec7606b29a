//! The row of one input, by its kind in the table: a box to tick, a list, a number to type, or a slider.

use eframe::egui::Ui;

use super::super::PlanInputs;
use super::rows::list;
use super::whole;
use crate::plan::inputs::{Choices, InputEntry, InputGroup, InputKind, InputValue, Word};
use crate::plan::{Input, Plan};
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::space;
use crate::ui::widgets::check_box;
use crate::ui::widgets::row::Row;
use crate::ui::widgets::scale::Scale;
use crate::ui::widgets::slider::{Limit, Slider, Tick};
use crate::ui::widgets::tip::Tip;
use crate::ui::widgets::value_field::ValueField;

/// How wide the field of a number is, and how wide it grows with what stands in it.
const FIELD_WIDTH: f32 = 120.0;
const MOST_FIELD_WIDTH: f32 = 196.0;

/// What a slider says beside its value.
#[derive(Default)]
pub(super) struct Marks<'a> {
    /// Behind the value.
    pub(super) unit: &'a str,
    /// Where something stops to fit.
    pub(super) limits: &'a [Limit],
    /// What the triangles mean.
    pub(super) caption: Option<&'a str>,
}

/// Shows the input where it matters.
pub(super) fn show(ui: &mut Ui, plan: &mut Plan, input: Input, inputs: &PlanInputs<'_>) {
    if input.applies(plan, inputs.catalog) {
        let chosen = row(ui, input, input.get(plan), inputs.locale);
        take(plan, input, chosen);
    }
}

/// Shows what matters of a group and has no place of its own.
pub(super) fn rest(ui: &mut Ui, plan: &mut Plan, group: InputGroup, placed: &[Input], inputs: &PlanInputs<'_>) {
    for input in Input::all().filter(|input| input.entry().group == group && !placed.contains(input)) {
        show(ui, plan, input, inputs);
    }
}

/// Shows a slider with its marks.
pub(super) fn slider(ui: &mut Ui, plan: &mut Plan, input: Input, marks: &Marks<'_>, locale: Locale) {
    let chosen = rail(ui, input, input.get(plan), marks, locale);
    take(plan, input, chosen);
}

/// Shows the input at `value`, which may stand for one that is left open; what was chosen.
pub(super) fn row(ui: &mut Ui, input: Input, value: InputValue, locale: Locale) -> Option<InputValue> {
    let entry = input.entry();
    match &entry.kind {
        InputKind::Switch(None) => switch(ui, entry, value, locale),
        InputKind::Switch(Some(words)) => {
            let options =
                [(InputValue::Switch(false), locale.word(words[0])), (InputValue::Switch(true), locale.word(words[1]))];
            labeled(entry, 164.0, locale).choice(ui, &options, value)
        }
        InputKind::Choice(choices) => choice(ui, entry, choices, value, |_| true, locale),
        InputKind::Tokens(_) | InputKind::Count(..) | InputKind::Memory(_) | InputKind::Number(..)
            if entry.rail.is_empty() =>
        {
            number(ui, entry, value, ("", &|_| None), locale)
        }
        InputKind::Tokens(_) | InputKind::Count(..) | InputKind::Memory(_) | InputKind::Number(..) => {
            rail(ui, input, value, &Marks::default(), locale)
        }
        // These have rows of their own.
        InputKind::CountOr(..) | InputKind::Version | InputKind::Own(_) => None,
    }
}

/// Sets what was chosen; what cannot stand there was not taken by its control.
pub(super) fn take(plan: &mut Plan, input: Input, chosen: Option<InputValue>) {
    if let Some(value) = chosen {
        drop(input.set(plan, value));
    }
}

fn labeled(entry: &'static InputEntry, control: f32, locale: Locale) -> Row<'static> {
    Row::of_panel(locale.word(entry.label), entry.key, control).tip(tip(entry, locale))
}

fn tip(entry: &InputEntry, locale: Locale) -> Tip<'static> {
    Tip::of(entry.label, locale).more(locale.word(entry.tip))
}

fn switch(ui: &mut Ui, entry: &InputEntry, value: InputValue, locale: Locale) -> Option<InputValue> {
    let mut on = value == InputValue::Switch(true);
    let name = (locale.word(entry.label), entry.key);
    let switched = check_box::explained(ui, name, &mut on, space::CONTROL, &tip(entry, locale));
    ui.add_space(6.0);
    switched.then_some(InputValue::Switch(on))
}

/// A closed list, of which only those choices are offered that have a use.
pub(super) fn choice(
    ui: &mut Ui,
    entry: &'static InputEntry,
    choices: &Choices,
    value: InputValue,
    offered: impl Fn(InputValue) -> bool,
    locale: Locale,
) -> Option<InputValue> {
    let named = |place: usize| (InputValue::Choice(u8::try_from(place).unwrap_or(u8::MAX)), (choices.word)(place));
    let open = entry.unset.map(|word| (InputValue::Unset, Word::Key(word)));
    let options = open.into_iter().chain((0..choices.names.len()).map(named)).filter(|(value, _)| offered(*value));
    let options: Vec<(InputValue, Word)> = options.collect();
    // Three have room side by side where they are names; a list that is cut short for one plan stays a list.
    let all_named = options.iter().all(|(_, it)| matches!(it, Word::Name(_)));
    if choices.names.len() == 2 || choices.names.len() == 3 && all_named {
        let options: Vec<_> = options.iter().map(|(value, word)| (*value, word.of(locale))).collect();
        return labeled(entry, 184.0, locale).choice(ui, &options, value);
    }
    let labels: Vec<&str> = options.iter().map(|(_, word)| word.of(locale)).collect();
    let current = options.iter().position(|(option, _)| *option == value).map_or("", |place| labels[place]);
    let place = list(ui, tip(entry, locale), (entry.label, entry.key), current, &labels)?;
    options.get(place).map(|(value, _)| *value)
}

/// A number to type, or nothing where the input can be left open: then `hint` says what stands for it, where that is
/// more than the word of the table. `refuse` says why a value within the range cannot stand in this plan.
pub(super) fn number(
    ui: &mut Ui,
    entry: &'static InputEntry,
    value: InputValue,
    hint: (&str, &dyn Fn(InputValue) -> Option<String>),
    locale: Locale,
) -> Option<InputValue> {
    named(ui, (entry, locale.word(entry.label)), value, hint, locale)
}

/// The same under a name of its own.
pub(super) fn named(
    ui: &mut Ui,
    (entry, name): (&'static InputEntry, &str),
    value: InputValue,
    (hint, refuse): (&str, &dyn Fn(InputValue) -> Option<String>),
    locale: Locale,
) -> Option<InputValue> {
    let open = entry.unset.map_or("", |word| locale.word(word));
    let hint = if hint.is_empty() { open } else { hint };
    let reading = reading(entry, value);
    let unit = if value == InputValue::Unset { "" } else { entry.kind.unit(locale) };
    let read = |text: &str| typed(entry, text).ok_or_else(|| range_words(entry, locale));
    let readable = |text: &str| read(text).and_then(|value| refuse(value).map_or(Ok(0.0), Err));
    let field = ValueField { name, reading: &reading, unit, hint, parse: &readable, boxed: true };
    let width = |words: &str, step| paint::width(ui.painter(), words, step);
    let wide =
        (width(&reading, Type::BodyStrong) + width(unit, Type::Body) + 26.0).max(width(hint, Type::Small) + 22.0);
    let wide = wide.clamp(FIELD_WIDTH, MOST_FIELD_WIDTH);
    let row = Row::of_panel(name, entry.key, wide).tip(tip(entry, locale));
    row.text(ui, field).and_then(|text| typed(entry, &text))
}

/// What may stand there, in the units in which it is typed.
fn range_words(entry: &InputEntry, locale: Locale) -> String {
    let Some((low, high)) = entry.kind.ends() else { return locale.word(Key::TypedNumber).to_owned() };
    let end = |number| of_kind(&entry.kind, number).map_or_else(String::new, |value| reading(entry, value));
    let unit = entry.kind.unit(locale);
    let high = if unit.is_empty() { end(high) } else { format!("{} {unit}", end(high)) };
    locale.sentence(Key::TypedRange, &[(Placeholder::Value, &end(low)), (Placeholder::Other, &high)])
}

/// A value as it is written; nothing where none is given.
fn reading(entry: &InputEntry, value: InputValue) -> String {
    match value {
        InputValue::Whole(number) => text::count(number),
        InputValue::Real(number) if matches!(entry.kind, InputKind::Memory(_)) => text::trimmed(number, 2),
        InputValue::Real(number) => text::trimmed(number, 3),
        _ => String::new(),
    }
}

/// What was typed, where it can stand there. Nothing leaves open what can be, and so does zero where it is no value.
fn typed(entry: &InputEntry, text: &str) -> Option<InputValue> {
    let open = entry.unset.map(|_| InputValue::Unset);
    if text.trim().is_empty() {
        return open;
    }
    let number = parser(&entry.kind)(text)?;
    let value = of_kind(&entry.kind, number)?;
    if entry.kind.takes(value) { Some(value) } else { open.filter(|_| number == 0.0) }
}

/// How a number of this kind is read.
fn parser(kind: &InputKind) -> fn(&str) -> Option<f64> {
    match kind {
        InputKind::Tokens(_) => text::parse_tokens,
        InputKind::Count(..) | InputKind::CountOr(..) => text::parse_count,
        InputKind::Memory(_) => text::parse_memory,
        _ => text::parse_number,
    }
}

fn of_kind(kind: &InputKind, number: f64) -> Option<InputValue> {
    match kind {
        kind if kind.is_real() => Some(InputValue::Real(number)),
        // 1.1k tokens are no whole number.
        InputKind::Tokens(_) if number >= 0.0 => Some(InputValue::Whole(whole(number))),
        _ => (number >= 0.0 && number.fract() == 0.0).then(|| InputValue::Whole(whole(number))),
    }
}

/// A slider over the stops of the table; what is typed may lie beyond them.
fn rail(ui: &mut Ui, input: Input, value: InputValue, marks: &Marks<'_>, locale: Locale) -> Option<InputValue> {
    let entry = input.entry();
    let ((first, last), (low, high)) = (entry.rail.first().zip(entry.rail.last())?, entry.kind.ends()?);
    let memory = matches!(entry.kind, InputKind::Memory(_));
    let label = |stop: u64| if memory { text::tokens(stop) } else { text::count(stop) };
    let ticks: Vec<Tick> = entry.rail.iter().map(|stop| Tick { value: *stop as f64, label: label(*stop) }).collect();
    let unit = if marks.unit.is_empty() { entry.kind.unit(locale) } else { marks.unit };
    let slider = Slider {
        salt: entry.key,
        name: locale.word(entry.label),
        reading: (&reading(entry, value), unit),
        value: number_of(value)?,
        default: number_of(input.get(&Plan::default()))?,
        scale: Scale::logarithmic(*first as f64..=*last as f64),
        typed: low..=high,
        ticks: &ticks,
        limits: marks.limits,
        caption: marks.caption,
        parse: parser(&entry.kind),
        write: if memory { text::gib_trimmed } else { |value| text::trimmed(value, 3) },
        // RAM is sold in whole GiB.
        round: f64::round,
    };
    slider.explained(ui, space::CONTROL, &tip(entry, locale)).and_then(|number| of_kind(&entry.kind, number))
}

const fn number_of(value: InputValue) -> Option<f64> {
    match value {
        InputValue::Whole(number) => Some(number as f64),
        InputValue::Real(number) => Some(number),
        _ => None,
    }
}
