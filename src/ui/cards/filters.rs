//! The filters above the table, and what the cards are ranked for.

use eframe::egui::{Align2, Rect, Ui, pos2, vec2};

use super::{CardsInputs, CardsViewState, TableRoom, chips, names};
use crate::advise::ranking::{Filter, FilterRule};
use crate::catalog::card::Vendor;
use crate::catalog::priced::Condition;
use crate::plan::{ModelChoice, Task};
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::check_box;
use crate::ui::widgets::inside;
use crate::ui::widgets::scale::Scale;
use crate::ui::widgets::slider::{Slider, Tick};
use crate::ui::widgets::tip::{Begun, Tip};
use crate::ui::widgets::typed;
use crate::ui::widgets::value_field::ValueField;

/// Height of both rows of filters.
pub(super) const HEIGHT: f32 = 102.0;
/// Height of the upper row.
const UPPER: f32 = 64.0;
const SLIDER: f32 = 226.0;
/// The ends of the budget's rail in US dollars; the upper one means any.
const BUDGET: (f64, f64) = (100.0, 500_000.0);
const VENDORS: [Vendor; 6] =
    [Vendor::Nvidia, Vendor::Amd, Vendor::Intel, Vendor::Apple, Vendor::Huawei, Vendor::Cambricon];

pub(super) fn show(ui: &mut Ui, inputs: &CardsInputs<'_>, state: &mut CardsViewState, room: TableRoom) {
    let rect = ui.max_rect().shrink2(vec2(space::L, 0.0));
    let (upper, lower) = rect.split_top_bottom_at_y(rect.top() + UPPER);
    let locale = inputs.locale;
    let slider = Rect::from_min_size(upper.min + vec2(0.0, 6.0), vec2(SLIDER, UPPER - 6.0));
    inside(ui, "budget", slider, |ui| budget(ui, &mut state.filter, locale));
    let end = chips_row(ui, upper.with_min_x(slider.right() + 28.0), &mut state.filter, locale);
    plan(ui, upper.with_min_x(end + 16.0), inputs);
    let trains = inputs.plan.workload.task.trains();
    inside(ui, "switches", lower, |ui| switches(ui, lower, state, (locale, trains), room));
}

fn budget(ui: &mut Ui, filter: &mut Filter, locale: Locale) {
    let label = |value: f64, short: &str| Tick { value, label: short.to_owned() };
    let any = locale.word(Key::CardsAny);
    let ticks = [label(100.0, "100"), label(1e3, "1k"), label(1e4, "10k"), label(1e5, "100k"), label(BUDGET.1, any)];
    let value = filter.budget().unwrap_or(BUDGET.1);
    let reading = filter.budget().map_or_else(|| any.to_owned(), text::money);
    let slider = Slider {
        salt: "budget",
        name: locale.word(Key::CardsBudget),
        reading: (&reading, ""),
        value,
        default: BUDGET.1,
        scale: Scale::logarithmic(BUDGET.0..=BUDGET.1),
        typed: BUDGET.0..=BUDGET.1,
        ticks: &ticks,
        limits: &[],
        caption: None,
        parse: parse_budget,
        write: |usd| text::money(usd),
        round: two_digits,
    };
    if let Some(usd) = slider.show(ui, locale, SLIDER).map(two_digits) {
        if usd >= BUDGET.1 { filter.remove(FilterRule::Budget(usd)) } else { filter.add(FilterRule::Budget(usd)) }
    }
}

/// An amount of money as typed; any other words mean no limit.
fn parse_budget(typed: &str) -> Option<f64> {
    if typed.chars().any(|c| c.is_ascii_digit()) {
        text::parse_money(typed).filter(|usd| *usd > 0.0)
    } else {
        Some(BUDGET.1)
    }
}

/// Two digits are as fine as a thumb is.
fn two_digits(usd: f64) -> f64 {
    let unit = 10_f64.powf(usd.max(1.0).log10().floor() - 1.0);
    (usd / unit).round() * unit
}

/// Chips for makers and conditions; where they end.
fn chips_row(ui: &Ui, rect: Rect, filter: &mut Filter, locale: Locale) -> f32 {
    let mut left = rect.left();
    let mut one = |words: &str, tip: &Tip<'_>, on: bool, gap: f32| {
        let place = Rect::from_min_size(pos2(left, rect.top()), vec2(chips::width(ui, words), rect.height()));
        left = place.right() + gap;
        chips::chip(ui, words, place, words, tip, on)
    };
    for (place, vendor) in VENDORS.into_iter().enumerate() {
        let gap = if place + 1 == VENDORS.len() { 20.0 } else { 6.0 };
        let rule = FilterRule::NotFrom(vendor);
        let tip = Tip::plain(locale.word(Key::TipCardsVendor), locale);
        if one(vendor.name(), &tip, !filter.has(rule), gap) {
            filter.toggle(rule);
        }
    }
    for (condition, words, tip) in
        [(Condition::New, Key::CardsNew, Key::TipCardsNew), (Condition::Used, Key::CardsUsed, Key::TipCardsUsed)]
    {
        let rule = FilterRule::NotBought(condition);
        let tip = Tip::of(words, locale).more(locale.word(tip));
        if one(locale.word(words), &tip, !filter.has(rule), 6.0) {
            filter.toggle(rule);
        }
    }
    left
}

/// Check boxes, the least speed and, in a narrow window, what is shown.
fn switches(ui: &mut Ui, rect: Rect, state: &mut CardsViewState, (locale, trains): (Locale, bool), room: TableRoom) {
    let mut left = rect.left();
    let filter = &mut state.filter;
    for (rule, words, tip) in [
        (FilterRule::SingleCard, Key::CardsSingle, Key::TipCardsSingle),
        (FilterRule::NoSpareCard, Key::CardsNoSpare, Key::TipCardsNoSpare),
        (FilterRule::Native, Key::CardsNative, Key::TipCardsNative),
        (FilterRule::Priced, Key::CardsPriced, Key::TipCardsPriced),
    ] {
        let tip = Tip::of(words, locale).more(locale.word(tip));
        let words = locale.word(words);
        let width = paint::width(ui.painter(), words, Type::Body) + 28.0;
        let place = Rect::from_min_size(pos2(left, rect.top() + 4.0), vec2(width, 20.0));
        left = place.right() + 20.0;
        let mut on = filter.has(rule);
        let switched = ui.push_id(("rule", format_args!("{rule:?}").to_string()), |ui| {
            inside(ui, "check", place, |ui| check_box::explained(ui, (words, "rule"), &mut on, width, &tip))
        });
        if switched.inner {
            filter.toggle(rule);
        }
    }
    let end = least_speed(ui, pos2(left, rect.top()), filter, (locale, trains));
    if room.beside {
        return;
    }
    let words = locale.word(Key::CardsShowScatter);
    let place = Rect::from_min_size(pos2(end + 16.0, rect.top()), vec2(chips::width(ui, words), chips::HEIGHT));
    if chips::chip(ui, "side", place, words, &Tip::of(Key::CardsShowScatter, locale), state.side) {
        state.side ^= true;
    }
}

fn least_speed(ui: &mut Ui, at: eframe::egui::Pos2, filter: &mut Filter, (locale, trains): (Locale, bool)) -> f32 {
    let t = Tokens::of(ui);
    let key = if trains { Key::CardsLeastTraining } else { Key::CardsLeastSpeed };
    let (words, begun) = (locale.word(key), Begun::here(ui));
    let middle = at + vec2(0.0, chips::HEIGHT / 2.0);
    let label = paint::text(ui.painter(), middle, Align2::LEFT_CENTER, words, Type::Body, t.sec);
    let place = Rect::from_min_size(pos2(label.right() + 8.0, at.y + 1.0), vec2(104.0, space::FIELD));
    let reading = filter.least_decode().map_or_else(|| locale.word(Key::CardsAny).to_owned(), names::rate);
    let parse = typed::number(locale, parse_speed);
    let field = ValueField { name: words, reading: &reading, unit: "tok/s", hint: "", parse: &parse, boxed: true };
    let id = ui.make_persistent_id("least speed");
    let typed = field.show(ui, place, id);
    Tip::of(key, locale).over(ui, begun, label, "least speed");
    if let Some(least) = typed {
        if least > 0.0 {
            filter.add(FilterRule::LeastDecode(least));
        } else {
            filter.remove(FilterRule::LeastDecode(0.0));
        }
    }
    place.right()
}

/// A speed as typed; any other words, and nothing, mean none.
fn parse_speed(typed: &str) -> Option<f64> {
    if typed.chars().any(|c| c.is_ascii_digit()) {
        text::parse_number(typed).filter(|speed| *speed >= 0.0)
    } else {
        Some(0.0)
    }
}

/// What the cards are ranked for, on two lines at the right.
fn plan(ui: &Ui, rect: Rect, inputs: &CardsInputs<'_>) {
    let t = Tokens::of(ui);
    let (first, second) = plan_words(inputs);
    let right = rect.right_center();
    for (offset, words, look) in [(-9.0, first, (Type::SmallStrong, t.text)), (9.0, second, (Type::Small, t.faint))] {
        paint::text_within(ui.painter(), right + vec2(0.0, offset), Align2::RIGHT_CENTER, &words, look, rect.width());
    }
}

fn plan_words(inputs: &CardsInputs<'_>) -> (String, String) {
    let workload = &inputs.plan.workload;
    let model = match &workload.model {
        ModelChoice::Catalog(id) => inputs.catalog.model(id).map_or_else(|| id.clone(), |model| model.name.clone()),
        ModelChoice::File { model, .. } => model.name.clone(),
        ModelChoice::Size(size) => {
            inputs.locale.sentence(Key::AnyModelOfSize, &[(Placeholder::Params, &text::parameters(*size))])
        }
    };
    let trains = workload.task.trains();
    let context = text::count(if trains { workload.training.sequence_length } else { workload.context });
    let quantization = match workload.task {
        Task::Serve => workload.quantization.label().to_owned(),
        Task::Lora => inputs.locale.word(Key::Lora).to_owned(),
        Task::Qlora => inputs.locale.word(Key::Qlora).to_owned(),
        Task::Full => inputs.locale.word(Key::FullTune).to_owned(),
    };
    let holes =
        [(Placeholder::Name, model.as_str()), (Placeholder::Bits, &quantization), (Placeholder::Context, &context)];
    let ram = text::memory_unit().write_trimmed(inputs.plan.machine.ram_gib);
    (inputs.locale.sentence(Key::CardsFor, &holes), inputs.locale.sentence(Key::CardsRam, &[(Placeholder::Ram, &ram)]))
}
