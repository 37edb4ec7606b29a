//! Placements that were worked out before. A placement depends on the number of layers on the devices and on how the
//! devices share them, not on how much memory they have: cards of every size share one table, and a view that is drawn
//! again asks for none twice.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::llamacpp::cache::{Cells, Side};
use super::llamacpp::place::{Job, Placement};
use crate::plan::Logits;

/// Tables kept per thread; when there are more, all are forgotten.
const KEPT: usize = 1 << 12;

/// Everything that a placement depends on besides the number of layers on the devices.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Setting {
    prepared: u64,
    cells: Cells,
    flash: bool,
    logits: Logits,
    cpu_experts: u32,
    rows: Side,
    devices: usize,
    /// Bits of the shares of several devices; one device takes all.
    shares: Vec<u32>,
}

impl Setting {
    fn of(job: &Job<'_>) -> Self {
        let shares = if job.devices.len() > 1 { &*job.shares } else { &[] };
        Self {
            prepared: job.prepared.id,
            cells: job.cells,
            flash: job.workload.flash_attention,
            logits: job.workload.logits,
            cpu_experts: job.workload.cpu_experts,
            rows: job.rows,
            devices: job.devices.len(),
            shares: shares.iter().map(|share| share.to_bits()).collect(),
        }
    }
}

/// The placements of one setting by the number of layers on the devices, as far as they were asked for.
#[derive(Debug, Default)]
struct Table(Vec<Option<Box<Placement>>>);

thread_local! {
    static KNOWN: RefCell<HashMap<Setting, Table, BuildHasherDefault<Mix>>> = RefCell::default();
}

/// The placements of one job.
#[derive(Debug)]
pub(super) struct Placements<'a> {
    job: &'a Job<'a>,
    table: &'a mut Table,
}

impl Placements<'_> {
    /// What lies where with so many layers on the devices.
    pub(super) fn at(&mut self, gpu_layers: u32) -> &Placement {
        let index = gpu_layers.min(self.job.all_layers()) as usize;
        let places = &mut self.table.0;
        if places.len() <= index {
            places.resize_with(self.job.all_layers() as usize + 1, || None);
        }
        places[index].get_or_insert_with(|| Box::new(self.job.place(gpu_layers)))
    }
}

/// Calls `ask` with the placements of `job`.
pub(super) fn with_placements<T>(job: &Job<'_>, ask: impl FnOnce(&mut Placements<'_>) -> T) -> T {
    KNOWN.with_borrow_mut(|known| {
        if known.len() >= KEPT {
            known.clear();
        }
        let table = known.entry(Setting::of(job)).or_default();
        ask(&mut Placements { job, table })
    })
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
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.add(u64::from_le_bytes(word));
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
