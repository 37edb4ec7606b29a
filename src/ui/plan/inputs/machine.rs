//! The machine around the cards: RAM, PCI Express, disk, operating system.

use eframe::egui::{Rect, Ui, vec2};

use super::super::facts::gb_s;
use super::super::{PlanInputs, facts};
use super::model::nothing;
use super::{hardware, input_row, presets};
use crate::catalog::parts::Dimm;
use crate::catalog::platform::RamKind;
use crate::catalog::price_words;
use crate::catalog::priced::Priced as _;
use crate::plan::inputs::{InputGroup, InputValue};
use crate::plan::{Input, Machine, Plan};
use crate::text::{self, Key, Placeholder, find};
use crate::ui::theme::space;
use crate::ui::widgets::picker::Picker;
use crate::ui::widgets::tip::{Begun, Tip};

pub(super) fn show(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    // One pool comes with its card: nothing to choose.
    if Input::RamGib.applies(plan, inputs.catalog) {
        input_row::show(ui, plan, Input::RamGib, inputs);
        ui.add_space(4.0);
        ram_kind(ui, &mut plan.machine, inputs);
        ui.add_space(8.0);
        bandwidth(ui, plan, inputs);
    }
    presets::show(ui, plan, inputs);
    let placed = [Input::RamGib, Input::RamGbS, Input::Platform, Input::PcieGen, Input::PcieLanes, Input::DiskGbS];
    // A Mac has one system.
    let mac = facts::card(&plan.machine, 0, inputs.catalog).is_some_and(hardware::is_apple);
    let placed: Vec<Input> = placed.into_iter().chain(mac.then_some(Input::Os)).collect();
    input_row::rest(ui, plan, InputGroup::Machine, &placed, inputs);
}

/// The figures of the slot and the disk.
pub(super) fn figures(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    slot(ui, plan, inputs);
    disk(ui, plan, inputs);
}

/// Generation and lanes of the slot: those of the card where none are given.
fn slot(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let usual = facts::usual_slot(&plan.machine, inputs.catalog);
    let own = |value: Option<u8>| value.map(|value| facts::assumed(&value.to_string(), inputs.locale));
    let (generation, lanes) = (own(usual.generation), own(usual.lanes));
    for (input, hint) in [(Input::PcieGen, generation), (Input::PcieLanes, lanes)] {
        if input.applies(plan, inputs.catalog) {
            number(ui, plan, input, &hint.unwrap_or_default(), inputs);
        }
    }
}

fn disk(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let usual = inputs.catalog.speeds().disk.expected;
    number(ui, plan, Input::DiskGbS, &facts::assumed_words(usual, inputs.locale), inputs);
}

/// A number that may be left open, with what is assumed then.
fn number(ui: &mut Ui, plan: &mut Plan, input: Input, hint: &str, inputs: &PlanInputs<'_>) {
    let chosen = input_row::number(ui, input.entry(), input.get(plan), (hint, &|_| None), inputs.locale);
    input_row::take(plan, input, chosen);
}

/// Grades of RAM in two channels, then platforms with all of theirs.
fn ram_kind(ui: &mut Ui, machine: &mut Machine, inputs: &PlanInputs<'_>) {
    let (locale, catalog) = (inputs.locale, inputs.catalog);
    let grades = &catalog.runtimes().ram;
    let platforms = catalog.platforms();
    let row = |place: usize| -> (String, String) {
        if let Some(speed) = grades.get(place) {
            return (facts::ram_channels(&speed.name(), 2, locale), gb_s(speed.gb_s(2)));
        }
        let platform = platforms.clone().nth(place - grades.len());
        platform.map_or_else(Default::default, |it| {
            let ram = facts::ram_channels(&it.memory_name(), it.memory_channels(), locale);
            (it.name.clone(), format!("{ram} · {}", gb_s(it.memory_bandwidth_gb_s)))
        })
    };
    let rate = machine.named_ram_gb_s(catalog);
    let words = facts::ram_words(machine, catalog, locale);
    let assumed = catalog.speeds().host.ram_gb_s.expected;
    let current = match (words.is_empty(), rate) {
        (false, _) => words,
        (true, Some(_)) => locale.word(Key::RamKind).to_owned(),
        // The kit that the assumed bandwidth is that of.
        (true, None) => {
            let kit = grades.iter().find(|speed| (speed.gb_s(2) - assumed).abs() < 0.05);
            let kit = kit.map_or_else(|| gb_s(assumed), |speed| facts::ram_channels(&speed.name(), 2, locale));
            facts::assumed(&kit, locale)
        }
    };
    let fact = gb_s(rate.unwrap_or(assumed));
    let picker = Picker {
        salt: "ram kind",
        name: locale.word(Key::RamKind),
        current: (&current, &fact),
        search: Some(locale.word(Key::RamKind)),
        nothing: nothing(locale),
        size: (space::CONTROL - 1.0, 30.0),
        quiet: false,
    };
    let find = |query: &str| {
        let names: Vec<String> = (0..grades.len() + platforms.clone().count()).map(|place| row(place).0).collect();
        find::matching(names.iter().map(|name| std::iter::once(name.as_str())), query)
    };
    let (begun, corner) = (Begun::here(ui), ui.cursor().min);
    let picked = picker.show(ui, find, row);
    let price = ram_price(machine, inputs);
    Tip::of(Key::RamKind, locale).more(&price).over(
        ui,
        begun,
        Rect::from_min_size(corner, vec2(space::CONTROL, 30.0)),
        "ram kind",
    );
    if let Some(place) = picked {
        let platform = place.checked_sub(grades.len()).and_then(|place| platforms.clone().nth(place));
        machine.ram_gb_s = grades.get(place).map(|speed| speed.gb_s(2));
        machine.platform = platform.map(|platform| platform.id.clone());
    }
}

/// What a GB of the machine's kind of RAM costs, and when; both kinds of desktop where it is not known.
fn ram_price(machine: &Machine, inputs: &PlanInputs<'_>) -> String {
    let (locale, catalog) = (inputs.locale, inputs.catalog);
    let platform = machine.platform.as_deref().and_then(|id| catalog.platform(id));
    let grade = machine.ram_gb_s.and_then(|rate| {
        catalog.runtimes().ram.iter().find(|speed| (speed.gb_s(2) - rate).abs() < 0.05).map(|speed| speed.kind)
    });
    let kinds = match (platform, grade) {
        (Some(platform), _) => vec![(platform.memory_kind, platform.dimm)],
        (None, Some(kind)) => vec![(kind, Some(Dimm::Udimm))],
        (None, None) => [RamKind::DDR4, RamKind::DDR5].map(|kind| (kind, Some(Dimm::Udimm))).to_vec(),
    };
    let lines = kinds.into_iter().filter_map(|(kind, dimm)| {
        let ram = catalog.cheapest_ram(kind, dimm?)?;
        let holes = [
            (Placeholder::Name, kind.to_string()),
            (Placeholder::Value, text::money(ram.usd_per_gib())),
            (Placeholder::Other, price_words::dated(ram.price, ram.kit.standing(ram.price), locale)),
        ];
        Some(locale.sentence(Key::RamCosts, &holes.each_ref().map(|(place, words)| (*place, words.as_str()))))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// As typed, else that of the platform.
fn bandwidth(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let rate = plan.machine.named_ram_gb_s(inputs.catalog).map_or(InputValue::Unset, InputValue::Real);
    let hint = facts::assumed_words(inputs.catalog.speeds().host.ram_gb_s.expected, inputs.locale);
    let chosen = input_row::number(ui, Input::RamGbS.entry(), rate, (&hint, &|_| None), inputs.locale);
    input_row::take(plan, Input::RamGbS, chosen);
}
