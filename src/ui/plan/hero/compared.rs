//! The bars of the picture alone, for a view in which several plans stand side by side.

use eframe::egui::Rangef;

use super::{PlanInputs, Scene};
use crate::advise::inverse::Limits;
use crate::advise::sweep::SpeedCurves;
use crate::catalog::Catalog;
use crate::estimate::Estimate;
use crate::plan::Plan;
use crate::text::{Key, Locale, gib_trimmed};
use crate::ui::widgets::memory_lanes::MemoryBar;

/// One memory of a plan.
pub(in crate::ui) struct PlanBar {
    /// What it is, in a word or two.
    pub(in crate::ui) name: String,
    pub(in crate::ui) bar: MemoryBar,
    /// What stands at its end.
    pub(in crate::ui) end: String,
    /// It is that of a card.
    pub(in crate::ui) of_card: bool,
    /// It is that of card and processor.
    pub(in crate::ui) of_both: bool,
}

/// The memories of a plan: its cards, then the RAM.
pub(in crate::ui) fn bars(plan: &Plan, estimate: &Estimate, catalog: &Catalog, locale: Locale) -> Vec<PlanBar> {
    let inputs = PlanInputs {
        estimate: Ok(estimate),
        limits: &Limits::default(),
        curve: &[],
        ways: None,
        speeds: &SpeedCurves::default(),
        catalog,
        locale,
        free_now: &[],
        preview: None,
        measurable: false,
        explain: &|_, _| None,
    };
    let scene = Scene::of(plan, estimate, &inputs);
    let single = scene.groups.len() == 1;
    let mut bars = Vec::new();
    for group in &scene.groups {
        // What spills is drawn in the RAM alone: one scale for all plans leaves no room to show it twice.
        let Some(lane) = scene.card(*group, Rangef::NOTHING, false) else { continue };
        let Some(device) = estimate.devices.get(group.place) else { continue };
        let full = device.balance().is_some_and(|it| it.free.0 == 0 && it.excess.0 == 0);
        let end = if full { locale.word(Key::CompareFull).to_owned() } else { scene.free_words(group.place, device) };
        let name = match (single, group.count) {
            (true, 1) if scene.unified => locale.word(Key::UnifiedMemory).to_owned(),
            (true, 1) => locale.word(Key::Vram).to_owned(),
            (_, 1) => lane.chip.clone(),
            (_, count) => format!("{count} × GPU"),
        };
        bars.push(PlanBar {
            name,
            end,
            of_card: true,
            of_both: scene.unified,
            bar: MemoryBar { marked: false, beyond_label: String::new(), ..lane.bar },
        });
    }
    if !scene.unified {
        let lane = scene.ram(Rangef::NOTHING);
        let end = gib_trimmed(lane.bar.capacity).trim_end_matches(" GiB").to_owned();
        let bar = MemoryBar { reserved: None, ..lane.bar };
        bars.push(PlanBar { name: locale.word(Key::Ram).to_owned(), end, of_card: false, of_both: false, bar });
    }
    bars
}
