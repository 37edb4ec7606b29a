//! Experts in RAM: as few as must be, and every device filled.
//!
//! Law of `common_params_fit_impl` (llama.cpp 08033df02, common/fit.cpp): where a mixture of experts does not fit, dense
//! parts, attention and caches of all layers stay on the devices and experts go to RAM, layer by layer; whole layers do
//! only where even the dense parts do not fit. It shares the layers out so that each device is full. The engine takes the
//! experts of the last layers and may cut those of one layer in three; here they are those of the first layers, each
//! layer's whole, as `--n-cpu-moe` takes them: the same bytes where layers are alike, up to one layer's more in RAM.

use super::auto_layers::fits;
use super::place::{Placement, Placer, Rooms, Way};
use super::placement_cache::Placements;
use crate::units::Bytes;

/// How often a placement is laid out anew because its compute buffers turned out otherwise than assumed.
const TRIES: usize = 6;
/// Halvings in search of the share to which every device is filled alike.
const HALVINGS: usize = 10;

/// The way with the experts of as few layers in RAM as must be, so much left free on each device; `None` where there are
/// none, or not even no layer at all fits.
pub(super) fn fewest_in_ram(placer: &Placer<'_>, placements: &mut Placements<'_>, margin: Bytes) -> Option<Way> {
    if placer.devices.is_empty() || placer.cut() > 1 || placer.model.experts.is_none() {
        return None;
    }
    let search = Search::new(placer, margin);
    if let Some(known) = placements.found(&search.rooms) {
        return known.clone();
    }
    let found = search.fewest(placements);
    placements.keep_found(search.rooms, found.clone());
    found
}

/// The way with the most layers on several devices, the plan saying which experts lie in RAM: shared out so that every
/// device is filled, so much left free on each.
pub(super) fn most_layers(placer: &Placer<'_>, placements: &mut Placements<'_>, margin: Bytes) -> Option<Way> {
    if placer.devices.len() < 2 || placer.cut() > 1 {
        return None;
    }
    let search = Search::new(placer, margin);
    if let Some(known) = placements.found(&search.rooms) {
        return known.clone();
    }
    let (all, experts) = (placer.all_layers(), placer.options.cpu_experts);
    let buffers = compute_buffers(placements.at(all));
    let found = search.heaviest(placements, all, buffers, |layers| (layers, experts));
    placements.keep_found(search.rooms, found.clone());
    found
}

/// The way with all of a mixture on several devices, shared out by what the layers weigh; `None` where they do not hold it.
pub(super) fn all_on_devices(placer: &Placer<'_>, placements: &mut Placements<'_>) -> Option<Way> {
    if placer.cut() > 1 || placer.model.experts.is_none() {
        return None;
    }
    Search::new(placer, Bytes::ZERO).whole(placements)
}

struct Search<'a> {
    placer: &'a Placer<'a>,
    margin: Bytes,
    /// What each device offers beside the overhead and what is left free.
    rooms: Rooms,
}

impl<'a> Search<'a> {
    fn new(placer: &'a Placer<'a>, margin: Bytes) -> Self {
        Self { placer, margin, rooms: placer.rooms(margin) }
    }

    fn fewest(&self, placements: &mut Placements<'_>) -> Option<Way> {
        let (all, layers) = (self.placer.all_layers(), self.placer.prepared.layer_count());
        if let Some(whole) = self.whole(placements) {
            return Some(whole);
        }
        let buffers = compute_buffers(placements.of(&Way { gpu_layers: all, cpu_experts: layers, counts: None }));
        // From the experts of every layer in RAM to those of one.
        self.heaviest(placements, layers.saturating_sub(1), buffers.clone(), |fewer| (all, layers - fewer))
            .or_else(|| self.heaviest(placements, layers, buffers, |on_gpu| (on_gpu, layers)))
    }

    /// All of the model on several devices, shared out by what the layers weigh.
    fn whole(&self, placements: &mut Placements<'_>) -> Option<Way> {
        if self.placer.devices.len() < 2 {
            return None;
        }
        let all = self.placer.all_layers();
        let buffers = compute_buffers(placements.at(all));
        let counts = self.even(all, 0, &buffers)?;
        let way = Way { gpu_layers: all, cpu_experts: 0, counts };
        fits(self.placer, placements.of(&way), self.margin).then_some(way)
    }

    /// The way of the largest step up to `last` that every device holds, each step putting more on the devices than the
    /// one before; `None` where not even the first is held. `way_of` gives layers on the devices, and of how many the
    /// experts lie in RAM.
    fn heaviest(
        &self,
        placements: &mut Placements<'_>,
        last: u32,
        mut buffers: Vec<Bytes>,
        way_of: impl Fn(u32) -> (u32, u32),
    ) -> Option<Way> {
        let mut best: Option<(u32, Way)> = None;
        for _ in 0..TRIES {
            let held = |step: u32| {
                let (gpu_layers, cpu_experts) = way_of(step);
                self.fill(gpu_layers, cpu_experts, &buffers, 1.0).is_some()
            };
            let least = best.as_ref().map_or(0, |(step, _)| step + 1);
            if least > last || !held(least) {
                break;
            }
            let step = largest(least, last, held);
            let (gpu_layers, cpu_experts) = way_of(step);
            let Some(counts) = self.even(gpu_layers, cpu_experts, &buffers) else { break };
            let way = Way { gpu_layers, cpu_experts, counts };
            let placement = placements.of(&way);
            let real = compute_buffers(placement);
            if fits(self.placer, placement, self.margin) {
                best = Some((step, way));
                if real == buffers {
                    break;
                }
                // Some need less than was allowed for.
                buffers = real;
            } else {
                let larger: Vec<Bytes> = buffers.iter().zip(&real).map(|(one, other)| *one.max(other)).collect();
                if larger == buffers {
                    break;
                }
                buffers = larger;
            }
        }
        best.map(|(_, way)| way)
    }

    /// The counts of layers with which all devices are filled to the same share, as little as can be; `None` inside where
    /// one device takes all, `None` where they do not hold them.
    #[expect(clippy::option_option, reason = "a way has no counts where there is nothing to share out")]
    fn even(&self, gpu_layers: u32, cpu_experts: u32, buffers: &[Bytes]) -> Option<Option<Box<[u32]>>> {
        let mut counts = self.fill(gpu_layers, cpu_experts, buffers, 1.0)?;
        if self.placer.devices.len() < 2 {
            return Some(None);
        }
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            match self.fill(gpu_layers, cpu_experts, buffers, middle) {
                Some(lighter) => (counts, high) = (lighter, middle),
                None => low = middle,
            }
        }
        Some(Some(counts.into()))
    }

    /// How many of the last `gpu_layers` each device takes when one after the other is filled to this share of its room;
    /// `None` where some are left over.
    fn fill(&self, gpu_layers: u32, cpu_experts: u32, buffers: &[Bytes], share: f64) -> Option<Vec<u32>> {
        let end = self.placer.all_layers();
        let mut start = end - gpu_layers.min(end);
        let mut counts = Vec::with_capacity(self.rooms.len());
        for (index, (room, buffer)) in self.rooms.iter().zip(buffers).enumerate() {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a size")]
            let filled = if share < 1.0 { Bytes((room.0 as f64 * share) as u64) } else { *room };
            let held = |to: u32| {
                let (weights, caches) = self.placer.stored_without(&(start..to), cpu_experts);
                weights + Bytes(caches.kv) + Bytes(caches.recurrent) + *buffer <= filled
            };
            let to = match start {
                _ if start == end => end,
                _ if held(end) => end,
                // The last one must take all that is left.
                _ if index + 1 == self.rooms.len() => return None,
                _ if !held(start + 1) => start,
                _ => largest(start + 1, end - 1, held),
            };
            counts.push(to - start);
            start = to;
        }
        (start == end).then_some(counts)
    }
}

fn compute_buffers(placement: &Placement) -> Vec<Bytes> {
    placement.devices.iter().map(|placed| placed.parts.compute.unwrap_or_default()).collect()
}

/// The largest number up to `last` that holds, where `first` does and smaller ones hold whenever a larger one does.
fn largest(first: u32, last: u32, holds: impl Fn(u32) -> bool) -> u32 {
    if holds(last) {
        return last;
    }
    let (mut low, mut high) = (first, last);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if holds(middle) { low = middle } else { high = middle }
    }
    low
}
