//! The slot of the card and the disk by the names that they are sold under; figures of their own stand under Advanced.

use eframe::egui::Ui;

use super::super::{PlanInputs, facts};
use super::rows::list_with_facts;
use crate::plan::{Input, Machine, Plan};
use crate::text::{Key, Placeholder};
use crate::ui::widgets::tip::Tip;

/// The oldest generation of PCI Express that is offered.
const OLDEST: u8 = 3;
/// Lanes of the slots that cards sit in.
const LANES: [u8; 4] = [16, 8, 4, 1];
/// Width of a list, and of what it drops down.
const WIDTH: f32 = 216.0;

/// Something to choose by its name.
struct Preset {
    name: String,
    fact: String,
    choose: Box<dyn Fn(&mut Machine)>,
}

pub(super) fn show(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    if Input::PcieGen.applies(plan, inputs.catalog) {
        slot(ui, plan, inputs);
    }
    disk(ui, plan, inputs);
}

/// Generation and lanes of the slot; those of the card where none are given.
fn slot(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let (locale, machine) = (inputs.locale, &mut plan.machine);
    let usual = facts::usual_slot(machine, inputs.catalog);
    let own = usual.generation.zip(usual.lanes);
    let (generation, lanes) = (machine.pcie_gen.or(usual.generation), machine.pcie_lanes.or(usual.lanes));
    let named = |(generation, lanes): (u8, u8)| {
        let holes = [(Placeholder::Generation, format!("{generation}.0")), (Placeholder::Lanes, lanes.to_string())];
        locale.sentence(Key::LinkPcie, &holes.each_ref().map(|(hole, words)| (*hole, words.as_str())))
    };
    let rate = |(generation, lanes)| inputs.catalog.runtimes().pcie_gb_s(generation, lanes).map(facts::gb_s);
    let is_open = machine.pcie_gen.is_none() && machine.pcie_lanes.is_none();
    let current = match generation.zip(lanes) {
        Some(link) if is_open => facts::assumed(&named(link), locale),
        Some(link) => named(link),
        None => locale.word(Key::FromCard).to_owned(),
    };
    let as_card = Preset {
        name: locale.word(Key::FromCard).to_owned(),
        fact: own.map(named).unwrap_or_default(),
        choose: Box::new(|machine| (machine.pcie_gen, machine.pcie_lanes) = (None, None)),
    };
    let generations = inputs.catalog.runtimes().pcie.iter().map(|link| link.generation).filter(|it| *it >= OLDEST);
    let links = generations.flat_map(|generation| LANES.map(|lanes| (generation, lanes)));
    let offered = links.map(|link| Preset {
        name: named(link),
        fact: rate(link).unwrap_or_default(),
        choose: Box::new(move |machine| (machine.pcie_gen, machine.pcie_lanes) = (Some(link.0), Some(link.1))),
    });
    let presets: Vec<Preset> = std::iter::once(as_card).chain(offered).collect();
    list(ui, machine, (Key::PcieSlot, "slot"), (&current, &presets), inputs);
}

/// What the disk reads; a usual one where none is given.
fn disk(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let (locale, machine) = (inputs.locale, &mut plan.machine);
    let kinds = &inputs.catalog.runtimes().disks;
    let usual = inputs.catalog.speeds().disk.expected;
    let named = |gb_s: f64| {
        let kind = kinds.iter().find(|kind| (kind.gb_s - gb_s).abs() < 1e-3);
        kind.map_or_else(|| facts::gb_s(gb_s), |kind| kind.name.clone())
    };
    let current = machine.disk_gb_s.map_or_else(|| facts::assumed(&named(usual), locale), named);
    let open = Preset {
        name: locale.word(Key::NotSet).to_owned(),
        fact: facts::assumed(&named(usual), locale),
        choose: Box::new(|machine| machine.disk_gb_s = None),
    };
    let offered = kinds.iter().map(|kind| {
        let rate = kind.gb_s;
        Preset {
            name: kind.name.clone(),
            fact: facts::gb_s(rate),
            choose: Box::new(move |machine| machine.disk_gb_s = Some(rate)),
        }
    });
    let presets: Vec<Preset> = std::iter::once(open).chain(offered).collect();
    list(ui, machine, (Key::DiskKind, "disk kind"), (&current, &presets), inputs);
}

fn list(
    ui: &mut Ui,
    machine: &mut Machine,
    (key, salt): (Key, &'static str),
    (current, presets): (&str, &[Preset]),
    inputs: &PlanInputs<'_>,
) {
    let entry = |place: usize| (presets[place].name.clone(), presets[place].fact.clone());
    let tip = Tip::of(key, inputs.locale);
    let picked = list_with_facts(ui, tip, (key, salt), (current, WIDTH), presets.len(), entry);
    if let Some(preset) = picked.and_then(|place| presets.get(place)) {
        (preset.choose)(machine);
    }
}
