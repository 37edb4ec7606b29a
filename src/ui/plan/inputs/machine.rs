//! The machine around the cards: RAM, PCI Express, disk, operating system.

use eframe::egui::Ui;

use super::super::{PlanInputs, facts, find};
use super::model::nothing;
use super::{choices, rows};
use crate::plan::{Machine, OperatingSystem, Plan};
use crate::text::{self, Key, Locale, MemoryUnit};
use crate::ui::theme::space;
use crate::ui::widgets::picker::Picker;
use crate::ui::widgets::scale::Scale;
use crate::ui::widgets::segmented::segmented;
use crate::ui::widgets::slider::{Slider, Tick};
use crate::ui::widgets::value_field::ValueField;

const RAM_SIZES: [u64; 11] = [4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096];

pub(super) fn show(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let machine = &mut plan.machine;
    // One pool comes with its card: nothing to choose.
    if !facts::is_unified(machine, inputs.catalog) {
        ram(ui, machine, inputs.locale);
        ui.add_space(4.0);
        ram_kind(ui, machine, inputs);
        ui.add_space(8.0);
        bandwidth(ui, machine, inputs);
    }
    pcie(ui, machine, inputs);
    disk(ui, machine, inputs.locale);
    let name = inputs.locale.word(Key::OperatingSystem);
    let options =
        [(OperatingSystem::Linux, "Linux"), (OperatingSystem::Windows, "Windows"), (OperatingSystem::MacOs, "macOS")];
    let chosen = rows::row(ui, (name, "os"), 190.0, |ui| segmented(ui, name, &options, machine.os, 190.0));
    machine.os = chosen.unwrap_or(machine.os);
}

fn ram(ui: &mut Ui, machine: &mut Machine, locale: Locale) {
    let unit = text::memory_unit();
    let ticks = RAM_SIZES.map(|size| Tick { value: size as f64, label: ram_tick(unit, size) });
    let slider = Slider {
        salt: "ram",
        name: locale.word(Key::SystemRam),
        reading: (&text::trimmed(unit.of_gib(machine.ram_gib), 1), unit.name()),
        value: machine.ram_gib,
        default: Machine::default().ram_gib,
        scale: Scale::logarithmic(4.0..=4096.0),
        most: 4096.0,
        ticks: &ticks,
        limits: &[],
        caption: None,
        parse: text::parse_memory,
        // RAM is sold in whole GiB; what is typed in GB stays as it is read.
        round: if unit == MemoryUnit::Gib { f64::round } else { tenths },
    };
    if let Some(value) = slider.show(ui, locale, space::CONTROL) {
        machine.ram_gib = value;
    }
}

/// A size under the rail: `64`, `1k`; in decimal units `69`, `1.1k`.
fn ram_tick(unit: MemoryUnit, gib: u64) -> String {
    let amount = unit.of_gib(gib as f64);
    match unit {
        MemoryUnit::Gib => text::tokens(gib),
        MemoryUnit::Gb if amount >= 1000.0 => format!("{}k", text::trimmed(amount / 1000.0, 1)),
        MemoryUnit::Gb => text::trimmed(amount, usize::from(amount < 10.0)),
    }
}

fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
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
    let rate = facts::ram_gb_s(machine, catalog);
    let words = facts::ram_words(machine, catalog, locale);
    let current = match (words.is_empty(), rate) {
        (false, _) => words,
        (true, Some(_)) => locale.word(Key::RamKind).to_owned(),
        (true, None) => locale.word(Key::RamChoose).to_owned(),
    };
    let assumed = || inputs.estimate.ok().and_then(facts::assumed_ram_gb_s);
    let fact = rate.map(gb_s).or_else(|| assumed().map(|rate| facts::assumed_words(rate, locale))).unwrap_or_default();
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
    let picked = picker.show(ui, find, row);
    if let Some(place) = picked {
        let platform = place.checked_sub(grades.len()).and_then(|place| platforms.clone().nth(place));
        machine.ram_gb_s = grades.get(place).map(|speed| speed.gb_s(2));
        machine.platform = platform.map(|platform| platform.id.clone());
    }
}

fn gb_s(rate: f64) -> String {
    format!("{} GB/s", text::trimmed(rate, 1))
}

fn bandwidth(ui: &mut Ui, machine: &mut Machine, inputs: &PlanInputs<'_>) {
    let locale = inputs.locale;
    let rate = facts::ram_gb_s(machine, inputs.catalog);
    if let Some(typed) = rate_field(ui, (Key::RamBandwidth, "ram bandwidth"), rate, locale) {
        machine.ram_gb_s = typed;
    }
}

fn disk(ui: &mut Ui, machine: &mut Machine, locale: Locale) {
    if let Some(typed) = rate_field(ui, (Key::Disk, "disk"), machine.disk_gb_s, locale) {
        machine.disk_gb_s = typed;
    }
}

/// A rate in GB/s; zero takes it back.
#[expect(clippy::option_option, reason = "nothing typed, taken back, or a rate")]
fn rate_field(ui: &mut Ui, (key, salt): (Key, &'static str), rate: Option<f64>, locale: Locale) -> Option<Option<f64>> {
    let reading = rate.map_or_else(|| locale.word(Key::NotSet).to_owned(), |rate| text::trimmed(rate, 1));
    let unit = if rate.is_some() { "GB/s" } else { "" };
    let field = ValueField { name: locale.word(key), reading: &reading, unit, parse: text::parse_number, boxed: true };
    rows::number(ui, salt, field).map(|rate| (rate > 0.0).then(|| rate.min(100_000.0)))
}

fn pcie(ui: &mut Ui, machine: &mut Machine, inputs: &PlanInputs<'_>) {
    if machine.cards.is_empty() || facts::is_unified(machine, inputs.catalog) {
        return;
    }
    let locale = inputs.locale;
    let auto = locale.word(Key::FromCard);
    let generations: Vec<u8> = inputs.catalog.runtimes().pcie.iter().map(|link| link.generation).collect();
    let names: Vec<String> = generations.iter().map(|generation| format!("{generation}.0")).collect();
    let chosen =
        choice(ui, locale, (Key::PcieGeneration, "pcie generation"), auto, &generations, &names, machine.pcie_gen);
    machine.pcie_gen = chosen.unwrap_or(machine.pcie_gen);
    let lanes = [1u8, 2, 4, 8, 16];
    let names = lanes.map(|lanes| format!("x{lanes}"));
    let chosen = choice(ui, locale, (Key::PcieLanes, "pcie lanes"), auto, &lanes, &names, machine.pcie_lanes);
    machine.pcie_lanes = chosen.unwrap_or(machine.pcie_lanes);
}

/// A short list of numbers with "as the card" on top.
#[expect(clippy::option_option, reason = "nothing chosen, as the card, or a number")]
fn choice(
    ui: &mut Ui,
    locale: Locale,
    key: (Key, &'static str),
    auto: &str,
    values: &[u8],
    names: &[String],
    current: Option<u8>,
) -> Option<Option<u8>> {
    let labels: Vec<&str> = std::iter::once(auto).chain(names.iter().map(String::as_str)).collect();
    let at = current.and_then(|current| values.iter().position(|value| *value == current)).map_or(0, |at| at + 1);
    let place = choices::list(ui, locale, key, labels[at], &labels)?;
    Some(place.checked_sub(1).map(|at| values[at]))
}
