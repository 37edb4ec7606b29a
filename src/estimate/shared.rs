//! Placements that were worked out before: cards whose devices offer the same memory share one, whatever their name,
//! and a view that is drawn again asks for none twice.

use std::cell::RefCell;
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher};
use std::rc::Rc;

use super::device::Device;
use super::llamacpp::cache::Cells;
use super::llamacpp::place::{Job, Placement};
use crate::plan::{GpuLayers, Logits};
use crate::units::Bytes;

/// Placements kept per thread, a power of two: every card for a few hundred plans.
const KEPT: usize = 1 << 17;

/// Everything that a placement depends on besides the devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Setting {
    prepared: u64,
    cells: Cells,
    flash: bool,
    logits: Logits,
    cpu_experts: u32,
    gpu_layers: GpuLayers,
}

/// What of a device a placement depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Room {
    usable: Bytes,
    overhead: Bytes,
    pads: bool,
}

impl Room {
    const fn of(device: &Device) -> Self {
        Self { usable: device.usable, overhead: device.overhead.expected, pads: device.pads() }
    }
}

/// One placement and the question it answers.
struct Known {
    setting: Setting,
    rooms: Box<[Room]>,
    placement: Rc<Placement>,
}

impl Known {
    fn answers(&self, setting: &Setting, devices: &[Device]) -> bool {
        self.setting == *setting
            && self.rooms.len() == devices.len()
            && self.rooms.iter().zip(devices).all(|(room, device)| *room == Room::of(device))
    }
}

thread_local! {
    /// By hash; a newer question takes the place of an older one with the same.
    static KNOWN: RefCell<Vec<Option<Box<Known>>>> = const { RefCell::new(Vec::new()) };
}

/// The placement of `job` with so many layers, by `place` where it is not known yet.
pub(super) fn placement(job: &Job<'_>, gpu_layers: GpuLayers, place: impl FnOnce() -> Placement) -> Rc<Placement> {
    let setting = Setting {
        prepared: job.prepared.id,
        cells: job.cells,
        flash: job.workload.flash_attention,
        logits: job.workload.logits,
        cpu_experts: job.workload.cpu_experts,
        gpu_layers,
    };
    let slot = slot(&setting, job.devices);
    let known = KNOWN.with_borrow(|known| {
        let known = known.get(slot)?.as_ref().filter(|known| known.answers(&setting, job.devices))?;
        Some(Rc::clone(&known.placement))
    });
    known.unwrap_or_else(|| {
        let placement = Rc::new(place());
        let rooms = job.devices.iter().map(Room::of).collect();
        KNOWN.with_borrow_mut(|known| {
            if known.is_empty() {
                known.resize_with(KEPT, || None);
            }
            if let Some(place) = known.get_mut(slot) {
                *place = Some(Box::new(Known { setting, rooms, placement: Rc::clone(&placement) }));
            }
        });
        placement
    })
}

#[expect(clippy::cast_possible_truncation, reason = "the lower bits are all that is used")]
fn slot(setting: &Setting, devices: &[Device]) -> usize {
    let mut hasher = BuildHasherDefault::<Mix>::default().build_hasher();
    setting.hash(&mut hasher);
    for device in devices {
        Room::of(device).hash(&mut hasher);
    }
    hasher.finish() as usize & (KEPT - 1)
}

/// A hash for few numbers at once: rotate, add, multiply by an odd number (the golden ratio), fold at the end.
#[derive(Default)]
struct Mix(u64);

impl Mix {
    const fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.add(u64::from(byte));
        }
    }

    fn write_u8(&mut self, word: u8) {
        self.add(u64::from(word));
    }

    fn write_u32(&mut self, word: u32) {
        self.add(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.add(word);
    }

    fn write_usize(&mut self, word: usize) {
        self.add(word as u64);
    }

    fn write_isize(&mut self, word: isize) {
        self.add(word.cast_unsigned() as u64);
    }
}
