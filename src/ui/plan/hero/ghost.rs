//! What the plan that is previewed would come to, as an outline over the bars: how far each would be filled.

use super::Scene;
use crate::ui::widgets::memory_lanes::BarMark;
use crate::units::Bytes;

impl Scene<'_> {
    /// Over the bar of one card.
    pub(super) fn device_ghost(&self, place: usize) -> Option<BarMark> {
        ghost(Bytes::ZERO, self.inputs.preview?.devices.get(place)?.total?)
    }

    /// Over the bar of the RAM, behind what the system takes.
    pub(super) fn ram_ghost(&self) -> Option<BarMark> {
        let host = &self.inputs.preview?.host;
        ghost(host.os, host.total?)
    }
}

fn ghost(from: Bytes, total: Bytes) -> Option<BarMark> {
    (total > Bytes::ZERO).then(|| BarMark { from: from.gib(), gib: total.gib(), words: String::new() })
}
