//! A device: its name, what it does, its bar by program, what is wrong with it.

use eframe::egui::{Align2, Rect, Ui, pos2, vec2};

use super::bar::{self, Axis, Part};
use super::{MachineInputs, planned, said, told};
use crate::system::detect::{DeviceKind, SeenDevice};
use crate::text::{Join, Key, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{Tokens, space};
use crate::ui::words;
use crate::units::Bytes;

/// Height of a bar by the number of devices: few stand tall.
const HEIGHTS: [(usize, f32); 3] = [(2, 40.0), (4, 28.0), (usize::MAX, 16.0)];
const TITLE: f32 = 24.0;
const WARNING: f32 = 20.0;
/// Less than this share is nearly full.
const NEARLY_FULL: u64 = 20;

/// Draws the device in its place of `count`.
pub(super) fn show(
    ui: &mut Ui,
    device: &SeenDevice<'_>,
    (place, count): (usize, usize),
    axis: Axis,
    inputs: &MachineInputs<'_>,
) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    let number = locale.sentence(Key::MachineGpu, &[(Placeholder::Count, &*place.to_string())]);
    let name = device.name.clone().unwrap_or_else(|| locale.word(Key::NoData).to_owned());
    let known =
        device.known.and_then(|card| card.bandwidth_gb_s).map(|gb_s| format!("{} GB/s", crate::text::decimal(gb_s, 0)));
    let facts = locale.join(Join::Phrases, [Some(name), known].into_iter().flatten());
    let doing = device.doing(locale);
    title(ui, &number, &facts, &doing);
    let warnings = device.warnings();
    if device.kind != DeviceKind::Unified {
        let height = HEIGHTS.iter().find(|(most, _)| count <= *most).map_or(16.0, |(_, height)| *height);
        memory(ui, device, (&format!("{number}, {facts}"), &doing), (axis, height), inputs);
        planned::show(ui, device, (place, count), axis, inputs);
    }
    for (line, warning) in warnings.iter().enumerate() {
        let words = warning.say(locale);
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), WARNING));
        icons::draw(
            ui.painter(),
            rect.left_center() + vec2(8.0, 0.0),
            Icon::Warning,
            t.verdict(crate::estimate::Verdict::Offload),
        );
        let at = rect.left_center() + vec2(22.0, 0.0);
        paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &words, (Type::Small, t.text), rect.width() - 22.0);
        told(ui, rect, ("device warning", place, line), &format!("{number}: {words}"));
    }
    ui.add_space(space::S);
}

/// The name at the left, what it is behind it, what it does at the right.
pub(super) fn title(ui: &mut Ui, name: &str, facts: &str, doing: &str) {
    let t = Tokens::of(ui);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), TITLE));
    let painter = ui.painter();
    let said = paint::text(painter, rect.left_center(), Align2::LEFT_CENTER, name, Type::Section, t.text);
    let (at, left) = (rect.right_center(), rect.right() - said.right() - space::M);
    let right = paint::text_within(painter, at, Align2::RIGHT_CENTER, doing, (Type::Small, t.sec), left);
    let at = pos2(said.right() + space::M, rect.center().y);
    let room = right.left() - at.x - space::M;
    paint::text_in(ui, at, Align2::LEFT_CENTER, facts, (Type::Small, t.sec), room);
}

fn memory(
    ui: &mut Ui,
    device: &SeenDevice<'_>,
    (name, doing): (&str, &str),
    (axis, height): (Axis, f32),
    inputs: &MachineInputs<'_>,
) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height));
    let Some(total) = device.total else {
        let words = locale.word(Key::NoData);
        paint::text(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, words, Type::Small, t.faint);
        return said(ui, rect, ("vram", name), &locale.join(Join::Phrases, [name, words]));
    };
    let of_program = |process: &crate::system::detect::VramProcess| {
        let bytes = process.vram_bytes.map(Bytes)?;
        Some(Part { name: process.called(locale), bytes, rest: false })
    };
    let parts: Vec<Part> = device.now.processes.iter().flatten().filter_map(of_program).collect();
    let parts = device.used.map_or_else(Vec::new, |used| bar::with_rest(parts, used, Key::MachineRestVram, locale));
    let whole = bar::draw(ui, rect, (total, axis), &parts);
    let (summary, free) = summary(device, total, inputs);
    let beside = Rect::from_min_max(pos2(whole.right() + space::M, rect.top()), rect.right_bottom());
    let two_lines = height >= 28.0;
    let up = if two_lines { vec2(0.0, -8.0) } else { vec2(0.0, 0.0) };
    let room = beside.width();
    let at = beside.left_center() + up;
    let drawn = paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &summary, (Type::BodyStrong, t.text), room);
    let at = if two_lines { beside.left_center() + vec2(0.0, 9.0) } else { drawn.right_center() + vec2(space::S, 0.0) };
    let left = beside.right() - at.x;
    paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &free, (Type::Small, t.sec), left);
    let spoken = bar::spoken(
        name,
        &locale.join(Join::Phrases, [&*summary, &free, doing].into_iter().filter(|it| !it.is_empty())),
        &parts,
        locale,
    );
    said(ui, whole, ("vram", name), &spoken);
    ui.add_space(4.0);
}

/// `22.8 of 24.0 GiB`, and what is free.
fn summary(device: &SeenDevice<'_>, total: Bytes, inputs: &MachineInputs<'_>) -> (String, String) {
    let (locale, all) = (inputs.locale, words::gib(total));
    let Some((used, free)) = device.used.zip(device.free()) else {
        return (all, locale.word(Key::NoData).to_owned());
    };
    let holes = [(Placeholder::Value, &*words::gib_bare(used)), (Placeholder::Other, &*all)];
    let key = if free.0 < total.0 / NEARLY_FULL { Key::MachineNearlyFull } else { Key::MachineFreeOf };
    let free = locale.sentence(key, &[(Placeholder::Value, &*words::gib(free))]);
    (locale.sentence(Key::MachineOf, &holes), free)
}
