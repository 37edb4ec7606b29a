//! The filters above the table, and what the cards are ranked for.

use eframe::egui::{Align2, Pos2, Rect, Sense, Ui, pos2, vec2};

use super::{CardsInputs, CardsViewState, TableRoom, chips, names};
use crate::advise::ranking::FilterRule;
use crate::catalog::card::Vendor;
use crate::catalog::priced::Condition;
use crate::plan::{ModelChoice, Task};
use crate::text::{self, Concept, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::inside;
use crate::ui::widgets::scale::Scale;
use crate::ui::widgets::slider::{Slider, Tick};
use crate::ui::widgets::tip::{Begun, Tip};
use crate::ui::widgets::typed;
use crate::ui::widgets::value_field::ValueField;
use crate::units::Usd;

/// Height of both rows of filters.
pub(super) const HEIGHT: f32 = 102.0;
/// Height of the upper row.
const UPPER: f32 = 64.0;
const SLIDER: f32 = 226.0;
/// Room for how many rows a check box hides.
const COUNT: f32 = 34.0;
/// The ends of the budget's rail in US dollars; the upper one means any.
const BUDGET: (f64, f64) = (100.0, 500_000.0);

/// Shows the filters; whether there was room for what the cards are ranked for.
pub(super) fn show(ui: &mut Ui, inputs: &CardsInputs<'_>, state: &mut CardsViewState, room: TableRoom) -> bool {
    let rect = ui.max_rect().shrink2(vec2(space::L, 0.0));
    let (upper, lower) = rect.split_top_bottom_at_y(rect.top() + UPPER);
    let locale = inputs.locale;
    let slider = Rect::from_min_size(upper.min + vec2(0.0, 6.0), vec2(SLIDER, UPPER - 6.0));
    inside(ui, "budget", slider, |ui| budget(ui, state, locale));
    let end = chips_row(ui, upper.with_min_x(slider.right() + 28.0), state, locale);
    let named = plan(ui, upper.with_min_x(end + 16.0), inputs);
    inside(ui, "switches", lower, |ui| switches(ui, lower, inputs, state, room));
    named
}

/// The rules that are turned on and off, for which it is counted what each hides.
pub(super) const SWITCHES: [FilterRule; 12] = [
    FilterRule::NotFrom(Vendor::Nvidia),
    FilterRule::NotFrom(Vendor::Amd),
    FilterRule::NotFrom(Vendor::Intel),
    FilterRule::NotFrom(Vendor::Apple),
    FilterRule::NotFrom(Vendor::Huawei),
    FilterRule::NotFrom(Vendor::Cambricon),
    FilterRule::NotBought(Condition::New),
    FilterRule::NotBought(Condition::Used),
    FilterRule::SingleCard,
    FilterRule::NoSpareCard,
    FilterRule::Native,
    FilterRule::Priced,
];

/// What a filter does, and how many rows it hides or would hide.
fn explained(tip: Key, rule: FilterRule, state: &CardsViewState, locale: Locale) -> String {
    let hides = if state.filter.has(rule) { Key::CardsHides } else { Key::CardsWouldHide };
    let count = state.listing.hidden_by(rule).map(|rows| rows.to_string());
    let count = count.map(|count| locale.sentence(hides, &[(Placeholder::Count, &count)]));
    std::iter::once(locale.word(tip).to_owned()).chain(count).collect::<Vec<_>>().join("\n")
}

fn budget(ui: &mut Ui, state: &mut CardsViewState, locale: Locale) {
    let any = locale.word(Key::CardsAny);
    let amounts = text::money_ticks(BUDGET.0..=BUDGET.1 * 0.6, &[1.0]);
    let mut ticks: Vec<Tick> = amounts.into_iter().map(|it| Tick { value: it.usd, label: it.label }).collect();
    ticks.push(Tick { value: BUDGET.1, label: any.to_owned() });
    let filter = &mut state.filter;
    let value = filter.budget().map_or(BUDGET.1, f64::from);
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
        round: text::money_by_thumb,
    };
    let name = ui.max_rect().with_max_y(ui.max_rect().top() + 18.0).with_max_x(ui.max_rect().center().x);
    if let Some(usd) = slider.show(ui, locale, SLIDER) {
        // The end of the rail is no round amount in every currency.
        if usd >= BUDGET.1 * 0.95 {
            filter.remove(FilterRule::Budget(Usd(usd)));
        } else {
            filter.add(FilterRule::Budget(Usd(usd)));
        }
    }
    let rule = FilterRule::Budget(state.filter.budget().unwrap_or(Usd(BUDGET.1)));
    let response = ui.interact(name, ui.make_persistent_id("budget tip"), Sense::hover());
    response.on_hover_text(explained(Key::TipCardsBudget, rule, state, locale));
}

/// An amount of money as typed; any other words mean no limit.
fn parse_budget(typed: &str) -> Option<f64> {
    if typed.chars().any(|c| c.is_ascii_digit()) {
        text::parse_money(typed).filter(|usd| *usd > 0.0)
    } else {
        Some(BUDGET.1)
    }
}

/// Chips for makers and conditions; where they end.
fn chips_row(ui: &Ui, rect: Rect, state: &mut CardsViewState, locale: Locale) -> f32 {
    let mut left = rect.left();
    let mut one = |words: &str, (concept, tip): (Option<Concept>, Key), rule: FilterRule, gap: f32| {
        let place = Rect::from_min_size(pos2(left, rect.top()), vec2(chips::width(ui, words), rect.height()));
        left = place.right() + gap;
        let more = explained(tip, rule, state, locale);
        let tip = Tip { concept, more: &more, locale };
        if chips::chip(ui, words, place, words, &tip, !state.filter.has(rule)) {
            state.filter.toggle(rule);
        }
    };
    for (place, vendor) in Vendor::ALL.into_iter().enumerate() {
        let gap = if place + 1 == Vendor::ALL.len() { 20.0 } else { 6.0 };
        one(vendor.said(locale), (None, Key::TipCardsVendor), FilterRule::NotFrom(vendor), gap);
    }
    for (condition, words, tip) in
        [(Condition::New, Key::CardsNew, Key::TipCardsNew), (Condition::Used, Key::CardsUsed, Key::TipCardsUsed)]
    {
        one(locale.word(words), (Concept::of(words), tip), FilterRule::NotBought(condition), 6.0);
    }
    left
}

/// Check boxes, the least speed and, in a narrow window, what is shown.
fn switches(ui: &mut Ui, rect: Rect, inputs: &CardsInputs<'_>, state: &mut CardsViewState, room: TableRoom) {
    let locale = inputs.locale;
    let mut left = rect.left();
    for (rule, words, tip) in [
        (FilterRule::SingleCard, Key::CardsSingle, Key::TipCardsSingle),
        (FilterRule::NoSpareCard, Key::CardsNoSpare, Key::TipCardsNoSpare),
        (FilterRule::Native, Key::CardsNative, Key::TipCardsNative),
        (FilterRule::Priced, Key::CardsPriced, Key::TipCardsPriced),
    ] {
        let concept = Concept::of(words);
        let words = locale.word(words);
        let mut on = state.filter.has(rule);
        // What is hidden stands beside the words, and its room is kept while nothing is.
        let hidden = state.listing.hidden_by(rule).filter(|rows| on && *rows > 0).map(|rows| format!("\u{2212}{rows}"));
        let counted = if room.beside { COUNT } else { 0.0 };
        let hidden = hidden.filter(|_| room.beside).unwrap_or_default();
        let width = paint::width(ui.painter(), words, Type::Body) + 28.0 + counted;
        let place = Rect::from_min_size(pos2(left, rect.top() + 4.0), vec2(width, 20.0));
        left = place.right() + if room.beside { 12.0 } else { 10.0 };
        let switched = ui.push_id(("rule", format_args!("{rule:?}").to_string()), |ui| {
            inside(ui, "check", place, |ui| {
                let begun = Begun::here(ui);
                let switched = check_box(ui, words, &hidden, &mut on, width);
                let more = explained(tip, rule, state, locale);
                Tip { concept, more: &more, locale }.over(ui, begun, place, "rule");
                switched
            })
        });
        if switched.inner {
            state.filter.toggle(rule);
        }
    }
    let trains = inputs.plan.workload.task.trains();
    let words = locale.word(if trains { Key::CardsLeastTraining } else { Key::CardsLeastSpeed });
    let end = least_speed(ui, pos2(left, rect.top()), words, state, locale);
    if room.beside {
        return;
    }
    let words = locale.word(Key::CardsShowScatter);
    let place = Rect::from_min_size(pos2(end + 12.0, rect.top()), vec2(chips::width(ui, words), chips::HEIGHT));
    if chips::chip(
        ui,
        "side",
        place,
        words,
        &Tip::of(Key::CardsShowScatter, locale).more(locale.word(Key::TipCardsSide)),
        state.side,
    ) {
        state.side ^= true;
    }
}

fn least_speed(ui: &mut Ui, at: Pos2, words: &str, state: &mut CardsViewState, locale: Locale) -> f32 {
    let t = Tokens::of(ui);
    let middle = at + vec2(0.0, chips::HEIGHT / 2.0);
    let label = paint::text(ui.painter(), middle, Align2::LEFT_CENTER, words, Type::Body, t.sec);
    let place = Rect::from_min_size(pos2(label.right() + 8.0, at.y + 1.0), vec2(104.0, space::FIELD));
    let filter = &mut state.filter;
    let reading = filter.least_decode().map_or_else(|| locale.word(Key::CardsAny).to_owned(), names::rate);
    let parse = typed::number(locale, parse_speed);
    let field = ValueField { name: words, reading: &reading, unit: "tok/s", hint: "", parse: &parse, boxed: true };
    let id = ui.make_persistent_id("least speed");
    if let Some(least) = field.show(ui, place, id) {
        if least > 0.0 {
            filter.add(FilterRule::LeastDecode(least));
        } else {
            filter.remove(FilterRule::LeastDecode(0.0));
        }
    }
    let rule = FilterRule::LeastDecode(state.filter.least_decode().unwrap_or(0.0));
    let response = ui.interact(label, ui.make_persistent_id("least speed tip"), Sense::hover());
    response.on_hover_text(explained(Key::TipCardsLeast, rule, state, locale));
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

/// What the cards are ranked for, on two lines at the right; whether the first has enough room.
fn plan(ui: &Ui, rect: Rect, inputs: &CardsInputs<'_>) -> bool {
    let t = Tokens::of(ui);
    let (first, second) = plan_words(inputs);
    let right = rect.right_center();
    let room = rect.width();
    let wide = paint::width(ui.painter(), &first, Type::SmallStrong);
    if room < wide {
        return false;
    }
    if wide.max(paint::width(ui.painter(), &second, Type::Small)) > room {
        let response = ui.interact(rect, ui.make_persistent_id("ranked for"), Sense::hover());
        response.on_hover_text(format!("{first}\n{second}"));
    }
    for (offset, words, look) in [(-9.0, first, (Type::SmallStrong, t.text)), (9.0, second, (Type::Small, t.faint))] {
        paint::text_within(ui.painter(), right + vec2(0.0, offset), Align2::RIGHT_CENTER, &words, look, room);
    }
    true
}

/// What the cards are ranked for, and the RAM beside them.
pub(super) fn plan_words(inputs: &CardsInputs<'_>) -> (String, String) {
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
    let ram = text::gib_trimmed(inputs.plan.machine.ram_gib);
    (inputs.locale.sentence(Key::CardsFor, &holes), inputs.locale.sentence(Key::CardsRam, &[(Placeholder::Ram, &ram)]))
}
