//! The cards: one row for each kind.

use eframe::egui::{Rect, Ui, pos2, vec2};

use super::super::{PlanInputs, PlanViewState, facts};
use super::{altered, card_list, card_slot, input_row, rows, training};
use crate::catalog::card::{Card, Vendor};
use crate::plan::bounds::CARDS;
use crate::plan::inputs::InputGroup;
use crate::plan::{Input, Machine, Plan};
use crate::text::{self, Key, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::Icon;
use crate::ui::paint;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::{ButtonLook, button, icon_button};
use crate::ui::widgets::check_box::{self, check_box};
use crate::ui::widgets::inside;
use crate::ui::widgets::stepper::{self, stepper};
use crate::ui::widgets::tip::{Begun, Tip};
use crate::ui::words;

/// Side of the button that removes a row, which stands in every row: none moves under the pointer when another goes.
const REMOVE: f32 = 28.0;
const GAP: f32 = 6.0;

pub(super) fn show(
    ui: &mut Ui,
    plan: &mut Plan,
    inputs: &PlanInputs<'_>,
    state: &mut PlanViewState,
    commands: &mut Vec<Command>,
) {
    title(ui, inputs, commands);
    let before = card_count(plan);
    let mut removed = None;
    for place in 0..plan.machine.cards.len() {
        let gone = ui.push_id(("card", place), |ui| card_row(ui, plan, place, inputs, state)).inner;
        // A pick may have joined two rows.
        if gone || place >= plan.machine.cards.len() {
            removed = gone.then_some(place);
            break;
        }
    }
    if let Some(place) = removed {
        if plan.machine.cards.len() == 1 {
            state.cards_before.clone_from(&plan.machine.cards);
        }
        plan.machine.cards.remove(place);
    }
    let unified = facts::is_unified(&plan.machine, inputs.catalog);
    if unified {
        one_memory(ui, &plan.machine, inputs);
    } else {
        add(ui, plan, inputs, state);
    }
    cpu_only(ui, plan, inputs, state);
    if card_count(plan) != before {
        plan.settle_residents();
    }
    if plan.workload.task.trains() && !plan.machine.cards.is_empty() {
        training::zero_stage(ui, plan, inputs);
        ui.add_space(GAP);
    }
    let placed = [Input::Card, Input::Cards, Input::CardMemoryGib, Input::Machine, Input::Screen, Input::Owned];
    input_row::rest(ui, plan, InputGroup::Cards, &placed, inputs);
    // The system's share of one memory holds its screen as well.
    if !unified || plan.machine.screen {
        screen(ui, plan, inputs);
    }
    owned(ui, plan, inputs);
}

fn card_count(plan: &Plan) -> u32 {
    plan.machine.cards.iter().map(|kind| kind.count).fold(0, u32::saturating_add)
}

/// Whether a card is the chip of a Mac, which decides more than the card.
pub(super) fn is_apple(card: &Card) -> bool {
    card.vendor == Vendor::Apple
}

fn title(ui: &mut Ui, inputs: &PlanInputs<'_>, commands: &mut Vec<Command>) {
    let locale = inputs.locale;
    let (_, rect) = ui.allocate_space(vec2(space::CONTROL, 26.0));
    let t = Tokens::of(ui);
    let words = locale.word(Key::Hardware);
    paint::text(ui.painter(), rect.left_center(), eframe::egui::Align2::LEFT_CENTER, words, Type::Section, t.text);
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
fn card_row(ui: &mut Ui, plan: &mut Plan, place: usize, inputs: &PlanInputs<'_>, state: &mut PlanViewState) -> bool {
    let locale = inputs.locale;
    let name = facts::card_name(&plan.machine.cards[place].card, inputs.catalog).to_owned();
    let label = if place == 0 {
        locale.word(Key::Card).to_owned()
    } else {
        locale.sentence(Key::CardNumber, &[(Placeholder::Value, &(place + 1).to_string())])
    };
    let mut removed = false;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = GAP;
        let width = space::CONTROL - stepper::WIDTH - REMOVE - 2.0 * GAP;
        let (begun, corner) = (Begun::here(ui), ui.cursor().min);
        card_list::of_row(ui, plan, place, (&label, &name, width), inputs, state);
        let words = |key| locale.sentence(key, &[(Placeholder::Card, name.as_str())]);
        let names = (words(Key::FewerCards), words(Key::MoreCards));
        if let Some(kind) = plan.machine.cards.get_mut(place) {
            stepper(ui, (&names.0, &names.1), &mut kind.count, (*CARDS.start(), *CARDS.end()));
        }
        Tip::of(Key::Card, locale).over(ui, begun, Rect::from_min_size(corner, vec2(width, 28.0)), "card");
        let pressed = icon_button(ui, Icon::Close, &words(Key::RemoveCard), REMOVE);
        // The second half of a double click was meant for the row that the first has removed.
        removed = pressed.clicked() && !pressed.double_clicked();
    });
    ui.add_space(GAP);
    memory_size(ui, plan, place, inputs);
    card_slot::show(ui, plan, place, inputs);
    removed
}

/// The memory sizes of a card that is sold with several.
fn memory_size(ui: &mut Ui, plan: &mut Plan, place: usize, inputs: &PlanInputs<'_>) {
    let Some(card) = facts::card(&plan.machine, place, inputs.catalog) else { return };
    if card.memory_options_gib.len() < 2 {
        return;
    }
    let sizes = &card.memory_options_gib;
    let priced = |place: usize| {
        let price = inputs.catalog.card_asked_price(card, sizes[place]).map(card_list::priced);
        (text::gib_trimmed(sizes[place]), price.unwrap_or_default())
    };
    let current = text::gib_trimmed(plan.machine.cards[place].memory_gib.unwrap_or(card.memory_gib));
    let key = if card.is_unified() { Key::UnifiedMemory } else { Key::MemorySize };
    let (tip, field) = (Tip::of(key, inputs.locale), (key, "memory size"));
    if let Some(at) = rows::list_with_facts(ui, tip, field, (&current, rows::LIST), sizes.len(), priced) {
        plan.machine.cards[place].memory_gib = Some(sizes[at]);
    }
}

/// What has no input where all share one memory, and what of the file counts for nothing.
fn one_memory(ui: &mut Ui, machine: &Machine, inputs: &PlanInputs<'_>) {
    let locale = inputs.locale;
    altered::line(ui, locale.word(Key::UnifiedHint));
    let (Some(kind), Some(card)) = (machine.cards.first(), facts::card(machine, 0, inputs.catalog)) else { return };
    let memory = kind.memory_gib.unwrap_or(card.memory_gib);
    let named = machine.ram_gib;
    if kind.memory_gib.is_none() && named != memory && named != Machine::default().ram_gib {
        let (named, memory) = (text::gib_trimmed(named), text::gib_trimmed(memory));
        let holes =
            [(Placeholder::Value, named.as_str()), (Placeholder::Card, &card.name), (Placeholder::Other, &memory)];
        altered::line(ui, &locale.sentence(Key::UnifiedOther, &holes));
    }
    ui.add_space(GAP);
}

fn add(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>, state: &mut PlanViewState) {
    let locale = inputs.locale;
    let none = plan.machine.cards.is_empty();
    if none {
        rows::name(ui, locale.word(Key::NoCards));
        ui.add_space(GAP);
    }
    let words = locale.word(if none { Key::AddFirstCard } else { Key::AddCard });
    let pressed = button(ui, words, ButtonLook::Dashed, Some(space::CONTROL));
    card_list::to_add(ui, plan, &pressed, words, inputs, state);
    ui.add_space(12.0);
}

/// Without cards; those that there were come back when it is switched off.
fn cpu_only(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>, state: &mut PlanViewState) {
    let mut on = plan.machine.cards.is_empty();
    let name = (inputs.locale.word(Key::CpuOnly), "cpu only");
    if check_box::explained(ui, name, &mut on, space::CONTROL, &Tip::of(Key::CpuOnly, inputs.locale)) {
        let before = std::mem::take(&mut state.cards_before);
        plan.machine.cards = match (on, before.is_empty()) {
            (true, _) => {
                state.cards_before = std::mem::take(&mut plan.machine.cards);
                Vec::new()
            }
            (false, false) => before,
            (false, true) => Machine::default().cards,
        };
    }
    ui.add_space(GAP);
}

/// Whether the cards are bought already, which decides what others cost.
fn owned(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    if plan.machine.cards.is_empty() {
        return;
    }
    let (begun, corner) = (Begun::here(ui), ui.cursor().min);
    check_box(ui, inputs.locale.word(Key::CardsOwned), "", &mut plan.machine.owned, space::CONTROL);
    let whole = Rect::from_min_max(corner, pos2(corner.x + space::CONTROL, ui.cursor().top()));
    Tip::of(Key::CardsOwned, inputs.locale).over(ui, begun, whole, "owned");
    ui.add_space(14.0);
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
