//! RAM and swap: what the programs of the cards hold of them, and the rest. Unified memory is this one bar.

use std::collections::BTreeMap;

use eframe::egui::{Align2, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

use super::bar::{self, Axis, Part};
use super::device::title;
use super::{MachineInputs, said, told};
use crate::system::detect::{Detected, SeenDevice, VramProcess};
use crate::text::{Join, Key, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{Tokens, mix, space};
use crate::ui::words;
use crate::units::Bytes;

const BAR: f32 = 40.0;
const SWAP: f32 = 16.0;
/// RAM with less than this share free, while swap is in use, is full.
const FULL: u64 = 10;

/// The programs of all devices, each once, the largest in VRAM first.
pub(super) fn programs(devices: &[SeenDevice<'_>]) -> Vec<VramProcess> {
    let mut all: BTreeMap<u32, VramProcess> = BTreeMap::new();
    for process in devices.iter().flat_map(|device| device.now.processes.iter().flatten()) {
        let known = all.entry(process.pid).or_insert_with(|| VramProcess { vram_bytes: None, ..process.clone() });
        known.vram_bytes = match (known.vram_bytes, process.vram_bytes) {
            (Some(one), Some(other)) => Some(one.saturating_add(other)),
            (one, other) => one.or(other),
        };
    }
    let mut all: Vec<VramProcess> = all.into_values().collect();
    all.sort_by_key(|process| std::cmp::Reverse(process.vram_bytes));
    all
}

pub(super) fn show(ui: &mut Ui, found: &Detected, axis: Axis, unified: bool, inputs: &MachineInputs<'_>) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    let host = &found.host;
    let name = locale.word(if unified { Key::UnifiedMemory } else { Key::Ram });
    let shared = found.graphics.iter().find(|chip| chip.integrated).and_then(|chip| {
        let shared = Bytes(chip.shared_total_bytes?.saturating_add(chip.memory_total_bytes.unwrap_or(0)));
        unified.then(|| locale.sentence(Key::MachineShared, &[(Placeholder::Value, &*words::gib(shared))]))
    });
    let facts = locale.join(Join::Phrases, [host.modules_in_words(locale), shared].into_iter().flatten());
    title(ui, name, &facts, "");
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), BAR));
    let Some(total) = host.ram_bytes().map(Bytes) else {
        let words = locale.word(Key::NoData);
        paint::text(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, words, Type::Small, t.faint);
        return said(ui, rect, "ram", &locale.join(Join::Phrases, [name, words]));
    };
    let devices = found.devices(inputs.catalog);
    let held = |process: VramProcess| {
        let bytes = if unified { process.vram_bytes.max(process.ram_bytes) } else { process.ram_bytes };
        Some(Part { name: process.called(locale), bytes: Bytes(bytes?), rest: false })
    };
    let used = host.ram_used_bytes().map(Bytes);
    let parts: Vec<Part> = programs(&devices).into_iter().filter_map(held).collect();
    let parts = used.map_or_else(Vec::new, |used| bar::with_rest(parts, used, Key::MachineRest, locale));
    let whole = bar::draw(ui, rect, (total, axis), &parts);
    let (summary, free) = match used {
        Some(used) => {
            let holes = [(Placeholder::Value, &*words::gib_bare(used)), (Placeholder::Other, &*words::gib(total))];
            let free = words::gib(total.saturating_sub(used));
            let free = locale.sentence(Key::MachineFreeOf, &[(Placeholder::Value, &*free)]);
            (locale.sentence(Key::MachineOf, &holes), free)
        }
        None => (words::gib(total), locale.word(Key::NoData).to_owned()),
    };
    let at = pos2(whole.right() + space::M, rect.center().y);
    let room = rect.right() - at.x;
    let (above, below) = (at - vec2(0.0, 8.0), at + vec2(0.0, 9.0));
    paint::text_within(ui.painter(), above, Align2::LEFT_CENTER, &summary, (Type::BodyStrong, t.text), room);
    paint::text_within(ui.painter(), below, Align2::LEFT_CENTER, &free, (Type::Small, t.sec), room);
    said(ui, whole, "ram", &bar::spoken(name, &format!("{summary}, {free}"), &parts, locale));
    ui.add_space(6.0);
    swap(ui, found, axis, inputs);
}

fn swap(ui: &mut Ui, found: &Detected, axis: Axis, inputs: &MachineInputs<'_>) {
    let (t, locale, host) = (Tokens::of(ui), inputs.locale, &found.host);
    let Some((total, used)) = host.swap_total_bytes.zip(host.swap_used_bytes()) else { return };
    let (total, used) = (Bytes(total), Bytes(used));
    if total == Bytes::ZERO {
        return;
    }
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), SWAP));
    let whole =
        Rect::from_min_size(rect.min + vec2(1.0, 0.0), vec2(axis.points(total).clamp(4.0, rect.width() * 0.6), SWAP));
    let painter = ui.painter();
    painter.rect_filled(whole, 0, t.bg);
    let share = (used.gib() / total.gib()).min(1.0);
    #[expect(clippy::cast_possible_truncation, reason = "a width on the screen")]
    let taken = whole.with_max_x(whole.left() + whole.width() * share as f32);
    painter.rect_filled(taken, 0, mix(t.bg, t.text, 0.26));
    painter.rect_stroke(whole, 0, Stroke::new(1.0, t.rail), StrokeKind::Outside);
    let holes = [(Placeholder::Value, &*words::gib_bare(used)), (Placeholder::Other, &*words::gib(total))];
    let words = locale.sentence(Key::MachineSwapLine, &holes);
    let at = pos2(whole.right() + space::M, rect.center().y);
    paint::text_within(painter, at, Align2::LEFT_CENTER, &words, (Type::Small, t.sec), rect.right() - at.x);
    said(ui, whole, "swap", &words);
    let is_full = host.ram_bytes().zip(host.ram_free_bytes()).is_some_and(|(all, free)| free < all / FULL);
    if is_full && used > Bytes::ZERO {
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 22.0));
        let ink = t.verdict(crate::estimate::Verdict::Offload);
        icons::draw(ui.painter(), rect.left_center() + vec2(8.0, 0.0), Icon::Warning, ink);
        let words = locale.word(Key::MachineSwapWorks);
        let at = rect.left_center() + vec2(22.0, 0.0);
        paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, words, (Type::Small, t.text), rect.width() - 22.0);
        told(ui, rect, "swap works", words);
    }
}
