//! What the plan that is previewed would come to, as an outline over the bars: how far each would be filled.

use eframe::egui::{Rangef, Rect, Stroke, pos2};

use super::Scene;
use crate::ui::paint;
use crate::units::Bytes;

/// How far the outline reaches beyond the bar, in points.
const OUTSET: f32 = 4.0;

impl Scene<'_> {
    /// Over the bar of one card.
    pub(super) fn device_ghost(&self, place: usize, rows: Rangef) {
        let Some(preview) = self.inputs.preview else { return };
        let total = preview.devices.get(place).and_then(|device| device.total);
        self.ghost(rows, Bytes::ZERO, total);
    }

    /// Over the bar of the RAM, behind what the system takes.
    pub(super) fn ram_ghost(&self, rows: Rangef) {
        let Some(preview) = self.inputs.preview else { return };
        self.ghost(rows, preview.host.os, preview.host.total);
    }

    fn ghost(&self, rows: Rangef, from: Bytes, total: Option<Bytes>) {
        let Some(total) = total.filter(|total| *total > Bytes::ZERO) else { return };
        let (left, right) = (self.axis.x(from.gib()), self.axis.x((from + total).gib()).min(self.rect.right()));
        let rect = Rect::from_min_max(pos2(left, rows.min - OUTSET), pos2(right, rows.max + OUTSET));
        paint::dashed(&self.painter, rect, Stroke::new(1.5, self.t.text));
    }
}
