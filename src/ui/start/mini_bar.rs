//! A small bar of one plan: what lies in VRAM, and past its end what lies in RAM or nowhere.

use eframe::egui::{Painter, Pos2, Rect, Stroke, StrokeKind, vec2};

use crate::estimate::{Estimate, Parts, Verdict};
use crate::ui::paint;
use crate::ui::theme::{Memory, Tokens};
use crate::units::Bytes;

/// What is narrower than this is not drawn, in points.
const NARROWEST: f32 = 0.5;

/// One stretch of a bar, in GiB.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stretch {
    component: Memory,
    gib: f64,
}

/// A small bar of one plan.
#[derive(Debug, Clone, PartialEq)]
pub struct MiniBar {
    /// Where VRAM ends, or RAM where there is no card, in GiB.
    capacity: f64,
    inside: Vec<Stretch>,
    /// What lies in RAM, or nowhere where it does not fit.
    beyond: Vec<Stretch>,
    /// The rest lies in RAM.
    placed: bool,
}

impl MiniBar {
    /// What an estimate says; none where parts cannot be known.
    pub fn of(estimate: &Estimate) -> Option<Self> {
        let verdict = estimate.verdict?;
        let mut bar = Self { capacity: 0.0, inside: Vec::new(), beyond: Vec::new(), placed: true };
        for device in &estimate.devices {
            bar.capacity += device.usable.gib();
            bar.stack(&components(&device.parts, device.overhead.expected, device.also)?, device.usable.gib());
        }
        let in_ram = components(&estimate.host.parts, Bytes::ZERO, estimate.host.also)?;
        if estimate.devices.is_empty() || estimate.is_unified() {
            let room = if estimate.devices.is_empty() { estimate.host.capacity.gib() } else { bar.free() };
            bar.capacity += if estimate.devices.is_empty() { room } else { 0.0 };
            let mut all = vec![Stretch { component: Memory::Os, gib: estimate.host.os.gib() }];
            all.extend(in_ram);
            bar.stack(&all, room);
        } else if verdict == Verdict::Offload {
            bar.beyond.extend(in_ram);
        }
        bar.placed = verdict != Verdict::DoesNotFit;
        Some(bar)
    }

    fn free(&self) -> f64 {
        (self.capacity - self.inside.iter().map(|stretch| stretch.gib).sum::<f64>()).max(0.0)
    }

    /// Adds parts to a memory of so many GiB; what has no room in it lies beyond.
    fn stack(&mut self, parts: &[Stretch], room: f64) {
        let mut left = room;
        for part in parts {
            let inside = part.gib.min(left);
            left -= inside;
            self.inside.push(Stretch { gib: inside, ..*part });
            self.beyond.push(Stretch { gib: part.gib - inside, ..*part });
        }
        // Parts of several cards stand together.
        for side in [&mut self.inside, &mut self.beyond] {
            side.sort_by_key(|stretch| stretch.component);
        }
    }

    /// How long it is with all that is beyond, in GiB.
    pub fn end(&self) -> f64 {
        self.capacity + self.beyond.iter().map(|stretch| stretch.gib).sum::<f64>()
    }

    /// Draws it from this corner on, so many points high and so many to a GiB.
    pub(super) fn show(&self, painter: &Painter, corner: Pos2, height: f32, per_gib: f64, t: &Tokens) {
        #[expect(clippy::cast_possible_truncation, reason = "a width on the screen")]
        let points = |gib: f64| (gib * per_gib) as f32;
        let whole = Rect::from_min_size(corner, vec2(points(self.capacity), height));
        painter.rect_filled(whole, 0, t.bg);
        let mut at = corner;
        for stretch in &self.inside {
            let rect = Rect::from_min_size(at, vec2(points(stretch.gib), height));
            at.x = rect.right();
            if rect.width() >= NARROWEST {
                paint::solid(painter, rect, stretch.component, t.memory(stretch.component));
            }
        }
        at.x = whole.right();
        for stretch in &self.beyond {
            let rect = Rect::from_min_size(at, vec2(points(stretch.gib), height));
            at.x = rect.right();
            if rect.width() >= NARROWEST {
                paint::hatch(painter, rect, t.memory(stretch.component), self.placed);
            }
        }
        painter.rect_stroke(whole, 0, Stroke::new(1.5, t.text), StrokeKind::Outside);
    }
}

/// The components of one place in their order; none where one cannot be known.
fn components(parts: &Parts, overhead: Bytes, also: Option<Bytes>) -> Option<Vec<Stretch>> {
    let all = [
        (Memory::Weights, parts.loaded()?),
        (Memory::Gradients, parts.gradients?),
        (Memory::Optimizer, parts.optimizer?),
        (Memory::Kv, parts.caches()?),
        (Memory::Compute, parts.working()?),
        (Memory::Overhead, overhead),
        (Memory::Also, also?),
    ];
    Some(all.into_iter().map(|(component, bytes)| Stretch { component, gib: bytes.gib() }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::estimate::estimate;
    use crate::plan::{GpuLayers, ModelChoice, Plan};

    fn bar(change: impl FnOnce(&mut Plan)) -> MiniBar {
        let mut plan = Plan::default();
        change(&mut plan);
        MiniBar::of(&estimate(&plan, Catalog::embedded()).unwrap()).unwrap()
    }

    #[test]
    fn a_bar_is_as_long_as_what_lies_in_it_and_beyond() {
        let seventy = |plan: &mut Plan| plan.workload.model = ModelChoice::Catalog("llama-3.1-70b".to_owned());
        let (fits, offload) = (bar(|_| ()), bar(seventy));
        assert!(fits.end() == fits.capacity && fits.free() > 10.0);
        assert!(offload.placed && offload.end() - offload.capacity > 15.0, "the rest lies in RAM");
        let too_large = bar(|plan| {
            seventy(plan);
            plan.workload.gpu_layers = GpuLayers::All;
        });
        assert!(!too_large.placed && too_large.free() < 0.01 && too_large.end() > 40.0);
        let cpu = bar(|plan| plan.machine.cards.clear());
        assert!((cpu.capacity - 64.0).abs() < 0.01 && cpu.inside.iter().any(|it| it.component == Memory::Os));
    }
}
