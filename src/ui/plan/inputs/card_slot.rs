//! The slot of one kind of card among several: its link and its power, as said for all where nothing is given.

use eframe::egui::Ui;

use super::super::{PlanInputs, facts};
use super::input_row;
use crate::estimate::links::SlotLink;
use crate::plan::inputs::InputValue;
use crate::plan::{CardSlot, Input, Plan};
use crate::text::{Key, Placeholder};

/// Rows for the cards of this place in the list, where there are others beside them.
pub(super) fn show(ui: &mut Ui, plan: &mut Plan, place: usize, inputs: &PlanInputs<'_>) {
    let locale = inputs.locale;
    if plan.machine.cards.len() < 2 || place >= plan.machine.cards.len() {
        return;
    }
    let open = SlotLink::of(&plan.machine, place, inputs.catalog);
    let card = facts::card_name(&plan.machine.cards[place].card, inputs.catalog).to_owned();
    let watts = plan.machine.power_limit_of(place).or_else(|| facts::card(&plan.machine, place, inputs.catalog)?.tdp_w);
    for input in CardSlot::INPUTS {
        if !input.applies(plan, inputs.catalog) {
            continue;
        }
        let usual = match input {
            Input::PcieGen => open.generation.map(u32::from),
            Input::PcieLanes => open.lanes.map(u32::from),
            _ => watts,
        };
        let hint = usual.map(|usual| facts::assumed(&usual.to_string(), locale)).unwrap_or_default();
        let holes = [(Placeholder::Card, card.as_str()), (Placeholder::Value, locale.word(input.entry().label))];
        let name = locale.sentence(Key::OfOneCard, &holes);
        let slot = &mut plan.machine.cards[place].slot;
        let chosen: Option<InputValue> =
            input_row::named(ui, (input.entry(), &name), slot.get(input), (&hint, &|_| None), locale);
        if let Some(value) = chosen {
            // What its control takes lies within the range.
            drop(slot.set(input, value));
        }
    }
}
