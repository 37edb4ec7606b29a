//! The tiny memory bar of a row: what lies on all cards together, on one scale for all rows.

use eframe::egui::{Rect, Stroke, StrokeKind, Ui, pos2};

use crate::advise::ranking::Offer;
use crate::estimate::{Estimate, Verdict};
use crate::ui::paint;
use crate::ui::theme::{Memory, Tokens};
use crate::units::Bytes;

/// Ends that a scale may have, in GiB.
const ENDS: [f64; 9] = [16.0, 32.0, 48.0, 96.0, 192.0, 384.0, 768.0, 1536.0, 3072.0];
/// How far beyond what the plan needs the scale reaches.
const ROOM: f64 = 2.0;
/// Height of a bar.
const HEIGHT: f32 = 16.0;

/// The end of the scale for these rows: with room beyond what the plan needs at most, so that more memory shows.
pub(super) fn scale_gib(offers: &[Offer<'_>]) -> f64 {
    let needed =
        offers.iter().filter(|offer| offer.count == 1).filter_map(|offer| Some(offer.estimate()?.needed()?.gib()));
    let wanted = needed.fold(0.0, f64::max) * ROOM;
    ENDS.into_iter().find(|end| *end >= wanted).unwrap_or(ENDS[ENDS.len() - 1])
}

/// Draws the bar of `estimate` between the ends of `room`, `scale_gib` being its width.
pub(super) fn draw(ui: &Ui, room: Rect, estimate: &Estimate, scale_gib: f64) {
    bar(ui, Rect::from_center_size(room.center(), eframe::egui::vec2(room.width(), HEIGHT)), estimate, scale_gib);
}

/// Draws what lies on all cards together in `band`, `scale_gib` being its width.
pub(in crate::ui) fn bar(ui: &Ui, band: Rect, estimate: &Estimate, scale_gib: f64) {
    let t = Tokens::of(ui);
    let painter = ui.painter().with_clip_rect(band.expand(2.0).intersect(ui.clip_rect()));
    #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
    let x = |gib: f64| band.left() + band.width() * (gib / scale_gib) as f32;
    let capacity = estimate.vram().gib();
    let outline = Rect::from_min_max(band.min, pos2(x(capacity).min(band.right()), band.bottom()));
    painter.rect_filled(outline, 0, t.bg);
    let mut at = 0.0;
    let segment = |component: Memory, gib: f64, hatched: Option<bool>, at: &mut f64| {
        let rect = Rect::from_min_max(pos2(x(*at), band.top()), pos2(x(*at + gib), band.bottom()));
        *at += gib;
        if gib <= 0.0 || rect.width() < 0.25 || rect.left() > band.right() {
            return;
        }
        let ink = t.memory(component);
        match hatched {
            None => paint::solid(&painter, rect, component, ink),
            Some(placed) => paint::hatch(&painter, rect, ink, placed),
        }
    };
    for (component, gib) in on_devices(estimate) {
        let inside = gib.min((capacity - at).max(0.0));
        segment(component, inside, None, &mut at);
        segment(component, gib - inside, Some(false), &mut at);
    }
    if spills(estimate) {
        at = at.max(capacity);
        for (component, gib) in in_ram(estimate) {
            segment(component, gib, Some(true), &mut at);
        }
    }
    let stroke = Stroke::new(1.5, t.text);
    painter.rect_stroke(outline, 0, stroke, StrokeKind::Outside);
    let mut end = 0.0;
    for device in estimate.devices.iter().take(estimate.devices.len().saturating_sub(1)) {
        end += device.capacity.gib();
        painter.vline(x(end), band.y_range(), Stroke::new(1.0, t.text));
    }
    if capacity > scale_gib {
        broken(&painter, band, t);
    }
}

/// Two slanted strokes: the memory goes on beyond the scale.
fn broken(painter: &eframe::egui::Painter, band: Rect, t: &Tokens) {
    let foot = pos2(band.right() - 14.0, band.bottom() + 2.0);
    let slant = eframe::egui::vec2(6.0, -band.height() - 4.0);
    let gap = eframe::egui::vec2(6.0, 0.0);
    painter.add(eframe::egui::Shape::convex_polygon(
        vec![foot, foot + slant, foot + slant + gap, foot + gap],
        t.bg,
        Stroke::NONE,
    ));
    for start in [foot, foot + gap] {
        painter.line_segment([start, start + slant], Stroke::new(1.5, t.text));
    }
}

/// In GiB; what is not known has no width.
fn gib(bytes: Option<Bytes>) -> f64 {
    bytes.map_or(0.0, Bytes::gib)
}

/// The components on all devices together, in stacking order, in GiB.
fn on_devices(estimate: &Estimate) -> [(Memory, f64); 7] {
    let parts = estimate.parts_in_vram();
    [
        (Memory::Weights, gib(parts.loaded())),
        (Memory::Gradients, gib(parts.gradients)),
        (Memory::Optimizer, gib(parts.optimizer)),
        (Memory::Kv, gib(parts.caches())),
        (Memory::Compute, gib(parts.working())),
        (Memory::Overhead, estimate.overhead().gib()),
        (Memory::Also, gib(estimate.devices.iter().map(|device| device.also).sum())),
    ]
}

/// Weights and caches in RAM, in GiB.
fn in_ram(estimate: &Estimate) -> [(Memory, f64); 3] {
    let parts = &estimate.host.parts;
    [(Memory::Weights, gib(parts.loaded())), (Memory::Kv, gib(parts.caches())), (Memory::Also, gib(estimate.host.also))]
}

/// Whether layers lie in RAM for want of VRAM.
fn spills(estimate: &Estimate) -> bool {
    estimate.verdict == Some(Verdict::Offload) || estimate.training.is_none() && estimate.gpu_layers() < estimate.layers
}
