//! What else is known of a machine: driver, processor, RAM, disks, where cards are plugged in; and what it can measure of itself.

use eframe::egui::{Label, ProgressBar, RichText, Ui};

use super::MachineInputs;
use crate::system::detect::{Detected, DeviceKind, DiskKind, Host};
use crate::text::{Join, Key, Locale, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::{ButtonLook, button};
use crate::ui::words;
use crate::units::Bytes;

pub(super) fn show(ui: &mut Ui, found: &Detected, inputs: &MachineInputs<'_>, commands: &mut Vec<Command>) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    ui.label(RichText::new(locale.word(Key::MachineDetails)).font(Type::Section.font()).color(t.text));
    let host = &found.host;
    let cpu = host.cpu.as_ref().map(|name| {
        let count = host.physical_cores.map(|cores| cores.to_string());
        count.map_or_else(
            || name.clone(),
            |count| {
                locale.sentence(Key::MachineCores, &[(Placeholder::Name, name.as_str()), (Placeholder::Count, &*count)])
            },
        )
    });
    let disks = host.disks.iter().map(|disk| {
        let kind = match disk.kind {
            DiskKind::Nvme => Key::FoundNvme,
            DiskKind::Ssd => Key::FoundSsd,
            DiskKind::Hdd => Key::FoundHdd,
        };
        format!("{} {}", locale.word(kind), words::gib(Bytes(disk.bytes)))
    });
    let disks = locale.join(Join::Phrases, disks);
    let lines = [
        Some(found.nvml.say(locale)),
        cpu,
        Some(modules(host, locale)),
        Some(disks).filter(|it| !it.is_empty()),
        host.rates_in_words(locale),
        host.os.clone(),
    ];
    for words in lines.into_iter().flatten() {
        line(ui, &words);
    }
    for words in found.places_in_words(inputs.catalog, locale) {
        line(ui, &words);
    }
    if inputs.file.is_none() {
        ui.add_space(space::S);
        measuring(ui, inputs, commands);
    }
    let devices = found.devices(inputs.catalog);
    for device in devices.iter().filter(|device| !device.is_of_use()) {
        let Some(name) = device.name.as_deref() else { continue };
        let without_driver = device.kind == DeviceKind::WithoutDriver;
        let key = if without_driver { Key::MachineNoDriver } else { Key::MachineIntegrated };
        line(ui, &locale.sentence(key, &[(Placeholder::Card, name)]));
    }
    for card in &found.unreadable {
        let holes = [(Placeholder::Count, &*card.index.to_string()), (Placeholder::Name, &*card.why(locale))];
        line(ui, &locale.sentence(Key::MachineUnreadable, &holes));
    }
    ui.add_space(space::M);
    for key in [Key::MachineMeasured, Key::MachineLinkLoad] {
        ui.add(Label::new(RichText::new(locale.word(key)).font(Type::Caption.font()).color(t.faint)).wrap());
        ui.add_space(4.0);
    }
}

/// `DDR5-5200, 2 channels, 83.2 GB/s`, as far as it is told; else why it is not.
fn modules(host: &Host, locale: Locale) -> String {
    host.modules_in_words(locale).unwrap_or_else(|| locale.word(Key::MachineModulesUntold).to_owned())
}

/// The button that measures; while it does, how far it is and what breaks it off.
fn measuring(ui: &mut Ui, inputs: &MachineInputs<'_>, commands: &mut Vec<Command>) {
    let locale = inputs.locale;
    if let Some(share) = inputs.measuring {
        let words = locale.word(Key::BandwidthRunning);
        ui.add(ProgressBar::new(share).text(words));
        ui.add_space(4.0);
        if button(ui, locale.word(Key::Cancel), ButtonLook::Plain, None).clicked() {
            commands.push(Command::StopMeasuring);
        }
    } else {
        let start = button(ui, locale.word(Key::BandwidthButton), ButtonLook::Plain, None);
        if start.on_hover_text(locale.word(Key::TipBandwidth)).clicked() {
            commands.push(Command::MeasureBandwidth);
        }
    }
}

fn line(ui: &mut Ui, words: &str) {
    let ink = Tokens::of(ui).sec;
    ui.add_space(4.0);
    ui.add(Label::new(RichText::new(words).font(Type::Small.font()).color(ink)).wrap());
}
