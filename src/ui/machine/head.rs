//! What is shown, and what can be done with the machine; below, what it is in one line.

use eframe::egui::{Align, Align2, Layout, RichText, Ui, vec2};

use super::{MachineInputs, MachineSection, MachineViewState, stands_beside, told};
use crate::system::detect::SeenDevice;
use crate::text::{Key, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::Icon;
use crate::ui::paint;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::{ButtonLook, button, icon_button};
use crate::ui::widgets::segmented::segmented;
use crate::ui::words;
use crate::units::Bytes;

/// Width of the choice of what is shown.
const SECTIONS: f32 = 560.0;
const BUTTON: f32 = 30.0;
/// The least room in which it is said how a machine is known.
const SAID: f32 = 60.0;

pub(super) fn show(ui: &mut Ui, inputs: &MachineInputs<'_>, state: &mut MachineViewState, commands: &mut Vec<Command>) {
    let locale = inputs.locale;
    let sections = |ui: &mut Ui, state: &mut MachineViewState| {
        let options = MachineSection::ALL.map(|(section, key)| (section, locale.word(key)));
        let (name, width) = (locale.word(Key::MachineSections), SECTIONS.min(ui.available_width()));
        if let Some(chosen) = segmented(ui, name, &options, state.section, width) {
            state.section = chosen;
        }
    };
    if stands_beside(ui) {
        ui.horizontal(|ui| {
            sections(ui, state);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| actions(ui, inputs, commands));
        });
    } else {
        sections(ui, state);
        ui.add_space(space::S);
        ui.horizontal(|ui| actions(ui, inputs, commands));
    }
    ui.add_space(space::M);
    // What ran out has a title of its own.
    if state.section != MachineSection::RanOut {
        title(ui, inputs);
        ui.add_space(space::M);
    }
}

fn actions(ui: &mut Ui, inputs: &MachineInputs<'_>, commands: &mut Vec<Command>) {
    let locale = inputs.locale;
    let mut offer = |asked: bool, command: Command| commands.extend(asked.then_some(command));
    if inputs.file.is_some() {
        offer(button(ui, locale.word(Key::MachineLeaveFile), ButtonLook::Plain, None).clicked(), Command::LeaveMachine);
    }
    let plan = button(ui, locale.word(Key::MachinePlan), ButtonLook::Primary, None);
    offer(plan.on_hover_text(locale.word(Key::TipUseThisMachine)).clicked(), Command::UseThisMachine);
    let open = icon_button(ui, Icon::Open, locale.word(Key::MachineOpen), BUTTON);
    offer(open.on_hover_text(locale.word(Key::TipMachineOpen)).clicked(), Command::OpenMachine);
    let save = icon_button(ui, Icon::Share, locale.word(Key::MachineSave), BUTTON);
    offer(save.on_hover_text(locale.word(Key::TipMachineSave)).clicked(), Command::SaveMachine);
}

/// How many cards, how much RAM, and how that is known.
fn title(ui: &mut Ui, inputs: &MachineInputs<'_>) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    let Some(found) = inputs.found else {
        let key = if inputs.broken { Key::MachineBroken } else { Key::MachineLooking };
        ui.label(RichText::new(locale.word(key)).font(Type::Body.font()).color(t.sec));
        return;
    };
    let ram = found.host.ram_bytes().map_or_else(|| locale.word(Key::NoData).to_owned(), |it| words::gib(Bytes(it)));
    let devices = found.devices(inputs.catalog);
    let cards = devices.iter().filter(|device| device.has_vram()).count();
    let of_use = devices.iter().any(SeenDevice::is_of_use);
    let key = match cards {
        0 if of_use => Key::MachineUnifiedHead,
        0 => Key::MachineNoCards,
        1 => Key::MachineOneCard,
        _ => Key::MachineCards,
    };
    let head = locale.sentence(key, &[(Placeholder::Value, &*ram), (Placeholder::Count, &*cards.to_string())]);
    let how = match inputs.file {
        Some(name) => locale.sentence(Key::MachineFromFile, &[(Placeholder::Name, name)]),
        None => locale.word(Key::MachineReadEvery).to_owned(),
    };
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 26.0));
    let painter = ui.painter();
    let (at, look) = (rect.left_center(), (Type::Verdict, t.text));
    let drawn = paint::text_within(painter, at, Align2::LEFT_CENTER, &head, look, rect.width());
    let at = drawn.right_center() + vec2(space::M, 1.0);
    let room = rect.right() - at.x;
    if room > SAID {
        paint::text_within(painter, at, Align2::LEFT_CENTER, &how, (Type::Body, t.faint), room);
    }
    told(ui, rect, "machine in a line", &format!("{head}, {how}"));
}
