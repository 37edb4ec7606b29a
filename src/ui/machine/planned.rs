//! What is planned on a device, under what is measured: outlines alone, since the driver tells how much a program takes and
//! not what for.

use eframe::egui::{Align2, Rect, Stroke, Ui, pos2, vec2};

use super::bar::Axis;
use super::{MachineInputs, said};
use crate::estimate::{DeviceEstimate, Memory};
use crate::system::detect::SeenDevice;
use crate::text::{Key, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, space};
use crate::ui::words;
use crate::units::Bytes;

const HEIGHT: f32 = 16.0;
/// Less than this is no difference that anybody would look at.
const ALIKE: Bytes = Bytes(64 << 20);

/// The parts of a device in the order that they are stacked in everywhere.
fn parts(device: &DeviceEstimate) -> Option<[(Memory, Bytes); 5]> {
    let held = &device.parts;
    let caches = device.kv_pool.or_else(|| held.caches())?;
    Some([
        (Memory::Weights, held.weights?),
        (Memory::Kv, caches),
        (Memory::Compute, held.compute? + held.activations?),
        (Memory::Overhead, device.overhead.expected),
        (Memory::Also, device.also?),
    ])
}

pub(super) fn show(
    ui: &mut Ui,
    device: &SeenDevice<'_>,
    (place, count): (usize, usize),
    axis: Axis,
    inputs: &MachineInputs<'_>,
) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    let Some((estimate, letter)) = inputs.planned.filter(|(estimate, _)| estimate.devices.len() == count) else {
        return;
    };
    let Some((planned, parts)) = estimate.devices.get(place).and_then(|it| Some((it.total?, parts(it)?))) else {
        return;
    };
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), HEIGHT));
    let mut left = rect.left() + 1.0;
    for (memory, bytes) in parts {
        let right = left + axis.points(bytes);
        let segment = Rect::from_x_y_ranges(left..=right, rect.top()..=rect.bottom() - 2.0);
        if segment.width() >= 1.0 {
            paint::dashed(ui.painter(), segment.shrink(0.5), Stroke::new(1.0, t.memory(memory).fill));
        }
        left = right;
    }
    let more = device.used.map(|used| used.saturating_sub(planned)).filter(|more| *more > ALIKE);
    let more = more.filter(|_| device.now.processes.as_ref().is_some_and(|programs| !programs.is_empty()));
    let key = if more.is_some() { Key::MachinePlannedMore } else { Key::MachinePlanned };
    let holes = [
        (Placeholder::Value, words::gib(planned)),
        (Placeholder::Name, letter.to_owned()),
        (Placeholder::Other, more.map(words::gib).unwrap_or_default()),
    ];
    let said_words = locale.sentence(key, &holes.each_ref().map(|(hole, words)| (*hole, words.as_str())));
    let at = pos2(left + space::M, rect.center().y - 1.0);
    let look = (Type::Caption, t.sec);
    paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &said_words, look, rect.right() - at.x);
    said(ui, rect, ("planned", place), &said_words);
}
