//! What is done with what a detection found: it stands on the start page, and "Use this machine" shows it and asks.

mod engines;
mod measuring;
mod sheet;
pub(super) mod view;
mod words;

use eframe::egui;

use super::App;
use crate::catalog::Catalog;
use crate::plan::{Machine, Plan};
use crate::system::bandwidth::recall;
use crate::system::detect::Detected;
use crate::units::Bytes;
use sheet::{MachineChoice, SheetInputs};
pub(super) use words::Words;

/// The sheet of "Use this machine" while it is open.
#[derive(Debug, Clone)]
pub(super) enum MachineSheet {
    /// The machine is being looked at.
    Looking,
    /// This was found.
    Found(Box<Detected>),
    /// The search broke off.
    Broken,
}

impl App {
    /// Opens the sheet and looks at the machine anew.
    pub(super) fn look_at_machine(&mut self) {
        self.dialogs.machine = Some(MachineSheet::Looking);
        self.outside.detect();
    }

    /// Takes what was found, onto the sheet where it is open.
    pub(super) fn found(&mut self, found: Result<Detected, ()>, ctx: &egui::Context) {
        let awaited = self.dialogs.machine.as_mut().filter(|sheet| matches!(sheet, MachineSheet::Looking));
        if awaited.is_some() {
            // The button that had the keyboard goes with what the sheet said so far.
            ctx.memory_mut(|memory| memory.focused().into_iter().for_each(|id| memory.surrender_focus(id)));
        }
        let Ok(found) = found else {
            self.start.broken = true;
            if let Some(sheet) = awaited {
                *sheet = MachineSheet::Broken;
            }
            return;
        };
        self.machine.rates = self.outside.folders().and_then(|folders| recall(&found.host, folders));
        let found = self.machine.with_rates(found);
        if let Some(sheet) = awaited {
            *sheet = MachineSheet::Found(Box::new(found.clone()));
        }
        self.detected = Some(found);
        self.computed.forget();
    }

    /// Draws the sheet while it is open, and does what was chosen on it.
    pub(super) fn draw_machine_sheet(&mut self, ctx: &egui::Context) {
        let (Some(sheet), Some(plan)) = (&self.dialogs.machine, self.session.plan()) else { return };
        let shown = SheetInputs { sheet, planned: &plan.machine, catalog: &self.catalog, locale: self.locale() };
        let Some(choice) = shown.show(ctx) else { return };
        if let Some(MachineSheet::Found(found)) = self.dialogs.machine.take() {
            self.choose(choice, &found, ctx.input(|input| input.time));
        }
        ctx.request_repaint();
    }

    /// Plans what was chosen, as one step.
    fn choose(&mut self, choice: MachineChoice, found: &Detected, time: f64) {
        let Some(before) = self.session.plan().map(|plan| plan.machine.clone()) else { return };
        let mut machine = self.machine_of(found, &before);
        let (pcie_gen, pcie_lanes, screen) = (before.pcie_gen, before.pcie_lanes, before.screen);
        match choice {
            MachineChoice::Leave => return,
            MachineChoice::ThisMachine => {}
            MachineChoice::CpuOnly => {
                machine.cards.clear();
                self.view.cards_before = before.cards;
            }
            MachineChoice::KeepCards => {
                machine = Machine { cards: before.cards, pcie_gen, pcie_lanes, screen, ..machine };
            }
        }
        self.session.edit_plan(time, |plan| {
            if plan.machine.cards != machine.cards {
                // The library that was chosen may be none of the new cards'.
                plan.workload.backend = None;
            }
            plan.machine = machine;
            plan.settle_residents();
        });
    }

    /// The machine of a plan that is this one, as far as it was found out.
    pub(super) fn machine_of(&self, found: &Detected, before: &Machine) -> Machine {
        // What was typed for the memory of another machine does not hold for this one.
        let before = Machine { ram_gb_s: None, platform: None, unified_gib: None, owned: true, ..before.clone() };
        found.machine(&before, &self.catalog)
    }
}

/// Free VRAM of each device just now, where the cards of `plan` are the ones that were found; else empty.
pub(super) fn free_now(found: Option<&Detected>, plan: &Plan, catalog: &Catalog) -> Vec<Bytes> {
    let Some(found) = found else { return Vec::new() };
    if found.machine(&plan.machine, catalog).cards != plan.machine.cards {
        return Vec::new();
    }
    found.plannable(catalog).into_iter().map(|device| device.free).collect::<Option<_>>().unwrap_or_default()
}
