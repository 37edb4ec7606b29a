//! The sheet of "Use this machine": what was found, and what is to be planned.

use eframe::egui::{Context, Label, RichText, ScrollArea, Ui};

use super::MachineSheet;
use super::words::Words;
use crate::app::modal::Dialog;
use crate::catalog::Catalog;
use crate::plan::{CardChoice, Machine};
use crate::text::{Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::ButtonLook;

/// The highest that the list of cards gets before it scrolls, in points.
const CARDS: f32 = 260.0;

/// What is to be planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MachineChoice {
    /// The cards and the RAM that were found.
    ThisMachine,
    /// The RAM that was found, without a card.
    CpuOnly,
    /// The RAM that was found, with the cards of the plan.
    KeepCards,
    /// What was planned before.
    Leave,
}

/// What the sheet shows.
pub(super) struct SheetInputs<'a> {
    pub(super) sheet: &'a MachineSheet,
    /// The machine of the plan.
    pub(super) planned: &'a Machine,
    pub(super) catalog: &'a Catalog,
    pub(super) locale: Locale,
}

impl SheetInputs<'_> {
    /// Draws the sheet; what was chosen.
    pub(super) fn show(&self, ctx: &Context) -> Option<MachineChoice> {
        let locale = self.locale;
        let buttons: Vec<_> =
            self.choices().into_iter().map(|(key, look, choice)| (locale.word(key), look, choice)).collect();
        let dialog = Dialog {
            id: "this machine",
            title: locale.word(Key::MachineTitle),
            buttons: &buttons,
            left: MachineChoice::Leave,
        };
        dialog.show(ctx, |ui| {
            match self.sheet {
                MachineSheet::Looking => {
                    body(ui, locale.word(Key::MachineLooking));
                    caption(ui, locale.word(Key::MachineLookingHint));
                }
                MachineSheet::Broken => body(ui, locale.word(Key::MachineBroken)),
                MachineSheet::Found(found) => {
                    self.report(ui, &Words { found, catalog: self.catalog, locale });
                }
            }
            None
        })
    }

    fn report(&self, ui: &mut Ui, words: &Words<'_>) {
        let locale = self.locale;
        heading(ui, locale.word(Key::MachineProcessor));
        body(ui, &words.processor());
        heading(ui, locale.word(Key::Ram));
        body(ui, &words.ram());
        heading(ui, locale.word(Key::Cards));
        ScrollArea::vertical().max_height(CARDS).show(ui, |ui| {
            for line in words.cards() {
                body(ui, &line);
            }
        });
        if self.choices().iter().any(|(.., choice)| *choice == MachineChoice::KeepCards) {
            ui.add_space(space::S);
            caption(ui, &locale.sentence(Key::MachineKeepHint, &[(Placeholder::Card, &self.planned_cards())]));
        }
    }

    /// What can be chosen, the first of them asks most.
    fn choices(&self) -> Vec<(Key, ButtonLook, MachineChoice)> {
        let leave = (Key::Cancel, ButtonLook::Plain, MachineChoice::Leave);
        let MachineSheet::Found(found) = self.sheet else { return vec![leave] };
        if !found.plannable(self.catalog).is_empty() {
            return vec![(Key::PlanThisMachine, ButtonLook::Primary, MachineChoice::ThisMachine), leave];
        }
        let mut choices = vec![(Key::PlanCpuOnly, ButtonLook::Primary, MachineChoice::CpuOnly)];
        if !self.planned.cards.is_empty() {
            choices.push((Key::KeepPlannedCard, ButtonLook::Plain, MachineChoice::KeepCards));
        }
        choices.push(leave);
        choices
    }

    /// The cards of the plan by their names.
    fn planned_cards(&self) -> String {
        let name = |choice: &CardChoice| match choice {
            CardChoice::Catalog(id) => self.catalog.card(id).map_or_else(|| id.clone(), |card| card.name.clone()),
            CardChoice::Detected { name, .. } => name.clone(),
        };
        let cards = self.planned.cards.iter().map(|kind| match kind.count {
            1 => name(&kind.card),
            count => format!("{count} × {}", name(&kind.card)),
        });
        cards.collect::<Vec<_>>().join(" + ")
    }
}

fn heading(ui: &mut Ui, words: &str) {
    let ink = Tokens::of(ui).sec;
    ui.add_space(space::S);
    ui.label(RichText::new(words).font(Type::Small.font()).color(ink));
}

fn body(ui: &mut Ui, words: &str) {
    ui.add(Label::new(RichText::new(words).font(Type::Body.font())).wrap().selectable(true));
}

fn caption(ui: &mut Ui, words: &str) {
    let ink = Tokens::of(ui).faint;
    ui.add(Label::new(RichText::new(words).font(Type::Caption.font()).color(ink)).wrap());
}
