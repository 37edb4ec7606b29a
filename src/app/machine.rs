//! What is done with what a detection found: the plan of a first start, and "Use this machine".

use eframe::egui;

use super::App;
use super::session::Session;
use crate::catalog::Catalog;
use crate::plan::{Document, Machine, Plan};
use crate::system::detect::{Detected, NvmlState};
use crate::text::Key;
use crate::units::Bytes;

impl App {
    /// Takes what was found: into the plan where that was asked for, or where nothing was planned yet.
    pub(super) fn found(&mut self, found: Result<Detected, ()>, ctx: &egui::Context) {
        let wanted = std::mem::take(&mut self.machine_wanted);
        let first = std::mem::take(&mut self.first_start) && self.session.is_untouched();
        let Ok(found) = found else {
            if wanted {
                self.notices.add(self.locale().word(Key::DetectionFailed));
            }
            return;
        };
        if wanted {
            self.use_machine(&found, ctx.input(|input| input.time));
        } else if first && !found.cards.is_empty() {
            let plan = Plan { machine: self.machine_of(&found, &Machine::default()), ..Plan::default() };
            self.session = Session::new(Document::of(plan), None);
        }
        self.detected = Some(found);
        self.computed.forget();
    }

    fn use_machine(&mut self, found: &Detected, time: f64) {
        let Some(before) = self.session.plan().map(|plan| plan.machine.clone()) else { return };
        let mut machine = self.machine_of(found, &before);
        if machine.cards.is_empty() {
            // Only one maker's driver is asked: what it does not see may still be there.
            machine.cards.clone_from(&before.cards);
            machine.screen = before.screen;
            self.notices.add(self.locale().word(match found.nvml {
                NvmlState::NoDriver | NvmlState::Ready { .. } => Key::NoDriver,
                _ => Key::DetectionFailed,
            }));
        }
        self.session.edit_plan(time, |plan| plan.machine = machine);
    }

    fn machine_of(&self, found: &Detected, before: &Machine) -> Machine {
        let mut machine = found.machine(before, &self.catalog);
        // What was typed for the RAM of another machine does not hold for this one.
        machine.ram_gb_s = None;
        machine.platform = None;
        machine
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
