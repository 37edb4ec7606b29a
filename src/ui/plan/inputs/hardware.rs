//! The cards: one row for each kind.

use eframe::egui::{Align2, Rect, Ui, pos2, vec2};

use super::super::{PlanInputs, PlanViewState, facts, find};
use super::model::nothing;
use super::{input_row, rows, training};
use crate::catalog::card::Card;
use crate::catalog::priced::Condition;
use crate::catalog::source::Price;
use crate::plan::bounds::CARDS;
use crate::plan::inputs::InputGroup;
use crate::plan::{CardChoice, CardCount, Input, Plan};
use crate::text::{self, Key, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::Icon;
use crate::ui::paint;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::{ButtonLook, button, icon_button};
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::inside;
use crate::ui::widgets::picker::Picker;
use crate::ui::widgets::stepper::{self, stepper};
use crate::ui::widgets::tip::{Begun, Tip};
use crate::ui::words;

pub(super) fn show(
    ui: &mut Ui,
    plan: &mut Plan,
    inputs: &PlanInputs<'_>,
    state: &mut PlanViewState,
    commands: &mut Vec<Command>,
) {
    title(ui, inputs, commands);
    let mut removed = None;
    for place in 0..plan.machine.cards.len() {
        ui.push_id(("card", place), |ui| {
            if card_row(ui, plan, place, inputs) {
                removed = Some(place);
            }
        });
    }
    if let Some(place) = removed {
        plan.machine.cards.remove(place);
    }
    add(ui, plan, inputs, state);
    if plan.workload.task.trains() && !plan.machine.cards.is_empty() {
        training::zero_stage(ui, plan, inputs);
        ui.add_space(6.0);
    }
    let placed = [Input::Card, Input::Cards, Input::CardMemoryGib, Input::Machine, Input::Screen];
    input_row::rest(ui, plan, InputGroup::Cards, &placed, inputs);
    screen(ui, plan, inputs);
}

fn title(ui: &mut Ui, inputs: &PlanInputs<'_>, commands: &mut Vec<Command>) {
    let locale = inputs.locale;
    let (_, rect) = ui.allocate_space(vec2(space::CONTROL, 26.0));
    let t = Tokens::of(ui);
    let words = locale.word(Key::Hardware);
    paint::text(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, words, Type::Section, t.text);
    let right = Rect::from_min_max(pos2(rect.right() - 128.0, rect.top()), rect.max);
    let command = Command::UseThisMachine;
    inside(ui, "use this machine", right, |ui| {
        let pressed = button(ui, locale.word(command.label()), ButtonLook::Plain, Some(128.0));
        if pressed.on_hover_text(locale.word(command.tooltip())).clicked() {
            commands.push(command);
        }
    });
    ui.add_space(10.0);
}

/// One kind of card; whether it is to go.
fn card_row(ui: &mut Ui, plan: &mut Plan, place: usize, inputs: &PlanInputs<'_>) -> bool {
    let several = plan.machine.cards.len() > 1;
    let name = facts::card_name(&plan.machine.cards[place].card, inputs.catalog).to_owned();
    let mut removed = false;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let remove = if several { 28.0 + 6.0 } else { 0.0 };
        let (begun, corner) = (Begun::here(ui), ui.cursor().min);
        let width = space::CONTROL - stepper::WIDTH - 6.0 - remove;
        pick_card(ui, plan, place, inputs, width);
        let locale = inputs.locale;
        let words = |key| locale.sentence(key, &[(Placeholder::Card, name.as_str())]);
        stepper(
            ui,
            (&words(Key::FewerCards), &words(Key::MoreCards)),
            &mut plan.machine.cards[place].count,
            (*CARDS.start(), *CARDS.end()),
        );
        Tip::of(Key::Card, locale).over(ui, begun, Rect::from_min_size(corner, vec2(width, 28.0)), "card");
        if several {
            removed = icon_button(ui, Icon::Close, &words(Key::RemoveCard), 28.0).clicked();
        }
    });
    ui.add_space(6.0);
    memory_size(ui, plan, place, inputs);
    removed
}

fn pick_card(ui: &mut Ui, plan: &mut Plan, place: usize, inputs: &PlanInputs<'_>, width: f32) {
    let locale = inputs.locale;
    let label = if place == 0 {
        locale.word(Key::Card).to_owned()
    } else {
        locale.sentence(Key::CardNumber, &[(Placeholder::Value, &(place + 1).to_string())])
    };
    let current = facts::card_name(&plan.machine.cards[place].card, inputs.catalog).to_owned();
    let picker = Picker {
        salt: "card",
        name: &label,
        current: (&current, ""),
        search: Some(locale.word(Key::SearchCards)),
        nothing: nothing(locale),
        size: (width, 28.0),
        quiet: false,
    };
    let cards = inputs.catalog.cards();
    let picked = picker.show(
        ui,
        |query| {
            find::matching(
                cards.clone().map(|card| {
                    [card.id.as_str(), &card.name, card.vendor.name()]
                        .into_iter()
                        .chain(card.aliases.iter().map(String::as_str))
                }),
                query,
            )
        },
        |at| cards.clone().nth(at).map(card_words).unwrap_or_default(),
    );
    if let Some(card) = picked.and_then(|at| cards.clone().nth(at)) {
        let entry = &mut plan.machine.cards[place];
        entry.card = CardChoice::Catalog(card.id.clone());
        entry.memory_gib = None;
    }
}

fn card_words(card: &Card) -> (String, String) {
    let bandwidth = card.bandwidth_gb_s.map(|gb_s| format!(" · {} GB/s", text::decimal(gb_s, 0))).unwrap_or_default();
    let price = card_price(card, card.memory_gib).map(|price| format!(" · {}", priced(price))).unwrap_or_default();
    (card.name.clone(), format!("{}{bandwidth}{price}", text::gib_trimmed(card.memory_gib)))
}

/// What a card with so much memory costs: new, or used where nobody says what a new one costs.
fn card_price(card: &Card, memory_gib: f64) -> Option<&Price> {
    Condition::ALL.into_iter().find_map(|condition| card.price_with(memory_gib, condition))
}

/// A price and the year it is of: `$1,599 (2022)`.
fn priced(price: &Price) -> String {
    let usd = text::money(price.expected_usd());
    price.date.year().map_or_else(|| usd.clone(), |year| format!("{usd} ({year})"))
}

/// The memory sizes of a card that is sold with several.
fn memory_size(ui: &mut Ui, plan: &mut Plan, place: usize, inputs: &PlanInputs<'_>) {
    let Some(card) = facts::card(&plan.machine, place, inputs.catalog) else { return };
    if card.memory_options_gib.len() < 2 {
        return;
    }
    let gib = |size: f64| {
        let price = card_price(card, size).map(|price| format!(" · {}", priced(price))).unwrap_or_default();
        format!("{}{price}", text::gib_trimmed(size))
    };
    let labels: Vec<String> = card.memory_options_gib.iter().map(|size| gib(*size)).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let current = gib(plan.machine.cards[place].memory_gib.unwrap_or(card.memory_gib));
    let chosen =
        rows::list(ui, Tip::of(Key::MemorySize, inputs.locale), (Key::MemorySize, "memory size"), &current, &labels);
    if let Some(at) = chosen {
        plan.machine.cards[place].memory_gib = Some(card.memory_options_gib[at]);
    }
}

fn add(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>, state: &mut PlanViewState) {
    let locale = inputs.locale;
    let cards = &mut plan.machine.cards;
    if cards.is_empty() {
        rows::name(ui, locale.word(Key::NoCards));
        ui.add_space(6.0);
    }
    let words = locale.word(if cards.is_empty() { Key::AddFirstCard } else { Key::AddCard });
    if button(ui, words, ButtonLook::Dashed, Some(space::CONTROL)).clicked() {
        let before = std::mem::take(&mut state.cards_before);
        if cards.is_empty() && !before.is_empty() {
            *cards = before;
        } else {
            let like =
                cards.last().map_or_else(|| CardChoice::Catalog("rtx-4090".to_owned()), |last| last.card.clone());
            cards.push(CardCount { card: like, count: 1, memory_gib: None });
        }
    }
    ui.add_space(12.0);
}

fn screen(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    if plan.machine.cards.is_empty() {
        return;
    }
    let band = inputs.catalog.screen(plan.machine.os).bytes();
    let spread = text::range(&words::gib_bare(band.low), &words::gib_bare(band.high));
    let detail = format!("{}  {spread}", words::gib(band.expected));
    let (begun, corner) = (Begun::here(ui), ui.cursor().min);
    check_box(ui, inputs.locale.word(Key::Screen), &detail, &mut plan.machine.screen, space::CONTROL);
    let whole = Rect::from_min_max(corner, pos2(corner.x + space::CONTROL, ui.cursor().top()));
    Tip::of(Key::Screen, inputs.locale).over(ui, begun, whole, "screen");
    ui.add_space(14.0);
}
