//! The right panel: price against speed, and below it the facts of the chosen row or the comparison of pinned ones.

use eframe::egui::{Rect, ScrollArea, Stroke, Ui, vec2};

use super::{CardsInputs, CardsViewState, compare, facts, scatter};
use crate::advise::ranking::Offer;
use crate::ui::command::Command;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::inside;

/// Height of the facts and of the comparison alike: a pin moves nothing from under the pointer.
const FACTS: f32 = 260.0;
/// What the plot needs to be read: in a low window the facts scroll.
const LEAST_PLOT: f32 = 220.0;
/// The most height of the plot.
const PLOT: f32 = 620.0;

pub(super) fn show(
    ui: &mut Ui,
    offers: &[Offer<'_>],
    inputs: &CardsInputs<'_>,
    state: &mut CardsViewState,
    commands: &mut Vec<Command>,
) {
    let t = Tokens::of(ui);
    let rect = ui.max_rect().shrink2(vec2(space::XL, space::M));
    let pinned = !state.listing.pins.is_empty();
    let facts = FACTS.min(rect.height() - LEAST_PLOT - space::M);
    let plot = Rect::from_min_max(rect.min, rect.max - vec2(0.0, facts + space::M));
    let plot = plot.with_max_y(plot.bottom().min(plot.top() + PLOT));
    inside(ui, "plot", plot, |ui| scatter::show(ui, offers, inputs, state));
    let line = plot.bottom() + space::M / 2.0;
    ui.painter().hline(rect.x_range(), line, Stroke::new(1.0, t.line));
    let below = Rect::from_min_max(eframe::egui::pos2(rect.left(), line + space::M / 2.0), rect.max);
    let chosen = state.selected.as_ref().and_then(|key| offers.iter().position(|offer| offer.is(key)));
    inside(ui, "facts", below, |ui| {
        ScrollArea::vertical().id_salt("facts").auto_shrink(false).show(ui, |ui| {
            if pinned {
                compare::show(ui, offers, chosen, inputs, state, commands);
            } else if let Some(offer) = chosen.and_then(|place| offers.get(place)) {
                facts::show(ui, offer, inputs, state, commands);
            }
        });
    });
}
