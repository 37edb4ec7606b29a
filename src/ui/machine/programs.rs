//! The programs that hold VRAM with what else they hold.

use eframe::egui::{Align2, Label, Rect, RichText, Stroke, Ui, pos2, vec2};

use super::ram::programs;
use super::{MachineInputs, told};
use crate::system::detect::{Detected, VramProcess};
use crate::text::{Join, Key, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, space};
use crate::ui::words;
use crate::units::Bytes;

const ROW: f32 = 40.0;
/// Width of a column of figures.
const FIGURES: f32 = 58.0;
/// Programs in the list.
const MOST: usize = 10;

pub(super) fn show(ui: &mut Ui, found: &Detected, inputs: &MachineInputs<'_>) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    let (_, head) = ui.allocate_space(vec2(ui.available_width(), 26.0));
    let painter = ui.painter();
    let title = locale.word(Key::MachinePrograms);
    paint::text(painter, head.left_center(), Align2::LEFT_CENTER, title, Type::Section, t.text);
    let unit = locale.word(Key::MachineProgramsUnit);
    paint::text(painter, head.right_center(), Align2::RIGHT_CENTER, unit, Type::Caption, t.faint);
    let devices = found.devices(inputs.catalog);
    let all = programs(&devices);
    if all.is_empty() {
        let tells = devices.iter().any(|device| device.now.processes.is_some());
        let key = if tells { Key::MachineNoPrograms } else { Key::MachineProgramsHidden };
        line(ui, locale.word(key));
    } else {
        heads(ui, inputs);
        for process in all.iter().take(MOST) {
            row(ui, process, inputs);
        }
    }
    ui.add_space(space::L);
}

fn columns(rect: Rect) -> [f32; 3] {
    [2.0, 1.0, 0.0].map(|place| rect.right() - FIGURES * place)
}

fn heads(ui: &mut Ui, inputs: &MachineInputs<'_>) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 22.0));
    let painter = ui.painter();
    let word = locale.word(Key::MachineProgram);
    paint::text(painter, rect.left_center(), Align2::LEFT_CENTER, word, Type::Caption, t.faint);
    for (x, key) in columns(rect).into_iter().zip([Key::MachineVram, Key::MachineRam, Key::MachineSwap]) {
        let word = locale.word(key);
        paint::text_within(
            painter,
            pos2(x, rect.center().y),
            Align2::RIGHT_CENTER,
            word,
            (Type::Caption, t.faint),
            FIGURES - 4.0,
        );
    }
    painter.hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, t.line));
}

fn row(ui: &mut Ui, process: &VramProcess, inputs: &MachineInputs<'_>) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
    let painter = ui.painter();
    let name = process.called(locale);
    let room = rect.width() - 3.0 * FIGURES - space::S;
    let above = rect.left_center() - vec2(0.0, 8.0);
    paint::text_within(painter, above, Align2::LEFT_CENTER, &name, (Type::BodyStrong, t.text), room);
    let pid = locale.sentence(Key::MachinePid, &[(Placeholder::Value, &*process.pid.to_string())]);
    let below = rect.left_center() + vec2(0.0, 9.0);
    paint::text_within(painter, below, Align2::LEFT_CENTER, &pid, (Type::Caption, t.faint), room);
    let figures = [process.vram_bytes, process.ram_bytes, process.swap_bytes.filter(|bytes| *bytes > 0)];
    let written = figures.map(|bytes| bytes.map_or_else(|| "·".to_owned(), |it| words::gib_bare(Bytes(it))));
    for (x, words) in columns(rect).into_iter().zip(&written) {
        paint::text(painter, pos2(x, rect.center().y), Align2::RIGHT_CENTER, words, Type::Mono, t.text);
    }
    painter.hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, t.line));
    let named = [Key::MachineVram, Key::MachineRam, Key::MachineSwap].into_iter().zip(figures);
    let held = named.filter_map(|(key, bytes)| Some(format!("{} {}", locale.word(key), words::gib(Bytes(bytes?)))));
    told(ui, rect, ("program", process.pid), &locale.join(Join::Phrases, [name, pid].into_iter().chain(held)));
}

fn line(ui: &mut Ui, words: &str) {
    let ink = Tokens::of(ui).sec;
    ui.add_space(4.0);
    ui.add(Label::new(RichText::new(words).font(Type::Small.font()).color(ink)).wrap());
}
