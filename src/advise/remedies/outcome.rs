//! What a plan comes to, in the few figures that ways are compared by. All of it is read off [`estimate`].

use crate::catalog::Catalog;
use crate::estimate::{Estimate, Verdict, estimate};
use crate::plan::Plan;
use crate::units::{Band, Bytes, MIB};

/// What a plan comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlanOutcome {
    /// Whether it fits.
    pub verdict: Verdict,
    /// All that it needs, in VRAM and in RAM.
    pub needed: Bytes,
    /// What a training step needs on the fullest card at its peak; zero where nothing is trained.
    pub peak: Bytes,
    /// VRAM of the machine.
    pub vram: Bytes,
    /// What lies in RAM because VRAM does not hold it: weights and caches.
    pub in_ram: Bytes,
    /// All that lies in RAM, host buffers included, the operating system aside.
    pub in_host: Bytes,
    /// What is missing on the devices (in training on the fullest) and in RAM.
    pub missing: Bytes,
    /// Sequences that wait for others to end.
    pub waiting: u32,
    /// What is left on the devices.
    pub free_vram: Bytes,
    /// Layers on the devices, of how many.
    pub layers: (u32, u32),
    /// Layers whose experts alone lie in RAM.
    pub experts: u32,
    /// Tokens a second that one sequence receives (on average, where some wait), or that training goes through; `None` = no
    /// data.
    pub decode: Option<Band<f64>>,
    /// Tokens a second over all sequences; `None` = no data.
    pub decode_total: Option<Band<f64>>,
    /// The file is larger than the RAM left for it.
    pub pages: bool,
}

/// Speeds nearer than this are the same.
const SAME_SPEED: f64 = 0.01;
/// Memory nearer than this is the same.
const SAME_MEMORY: Bytes = Bytes(32 * MIB);

impl PlanOutcome {
    /// What `plan` comes to; `None` where it cannot be estimated or judged.
    pub fn of(plan: &Plan, catalog: &Catalog) -> Option<Self> {
        Self::read(&estimate(plan, catalog).ok()?)
    }

    /// What an estimate says.
    pub fn read(found: &Estimate) -> Option<Self> {
        let verdict = found.verdict?;
        let offloads = !found.devices.is_empty() && verdict >= Verdict::Offload;
        let host = &found.host.parts;
        let over = |excess: Option<Bytes>| excess.unwrap_or_default();
        // Cards that train hold the same, so what one lacks is not made up for by another.
        let on_devices = match found.fullest() {
            Some(device) => over(device.excess),
            None => found.devices.iter().map(|device| over(device.excess)).sum(),
        };
        Some(Self {
            verdict,
            needed: found.needed()?,
            peak: found.fullest().and_then(|device| device.total).unwrap_or_default(),
            vram: found.vram(),
            in_ram: if offloads { host.weights? + host.caches()? } else { Bytes::ZERO },
            in_host: found.host.total?,
            missing: on_devices + over(found.host.excess),
            waiting: found.queue.waiting,
            free_vram: found.free_vram().unwrap_or_default(),
            layers: (found.gpu_layers(), found.layers),
            experts: found.experts.layers,
            decode: found.decode_of_each().or(found.speed.train),
            decode_total: found.speed.decode_total,
            pages: found.speed.pages,
        })
    }

    /// Expected tokens a second of one sequence, zero where there is no data.
    pub fn rate(&self) -> f64 {
        self.decode.map_or(0.0, |decode| decode.expected)
    }

    /// What plans of one kind are compared by: in training the peak of the fullest card, else all that is needed.
    pub fn memory(&self) -> Bytes {
        if self.peak > Bytes::ZERO { self.peak } else { self.needed }
    }

    /// Nothing spills, nothing is missing and no sequence waits.
    pub fn fits(&self) -> bool {
        self.verdict <= Verdict::Tight && self.waiting == 0
    }

    /// Whether this is better than `before` in what ails it, and worse in nothing: a better verdict; or the same one
    /// with less missing, fewer sequences that wait, faster, or as fast with less memory.
    pub fn improves(&self, before: &Self) -> bool {
        let (rank, was) = (self.verdict.max(Verdict::Tight), before.verdict.max(Verdict::Tight));
        if rank != was {
            return rank < was;
        }
        let less = |now: Bytes, then: Bytes| now + SAME_MEMORY <= then;
        let slower = self.is_slower_than(before);
        match rank {
            Verdict::DoesNotFit => less(self.missing, before.missing),
            Verdict::Offload => !slower && (self.is_faster_than(before) || less(self.in_ram, before.in_ram)),
            _ if self.waiting != before.waiting => self.waiting < before.waiting && !slower,
            _ => !slower && (self.is_faster_than(before) || less(self.needed, before.needed)),
        }
    }

    /// Whether it is alike in everything that counts.
    pub fn is_like(&self, other: &Self) -> bool {
        let near = |one: Bytes, other: Bytes| Bytes(one.0.abs_diff(other.0)) < SAME_MEMORY;
        self.verdict == other.verdict
            && near(self.missing, other.missing)
            && near(self.needed, other.needed)
            && near(self.in_ram, other.in_ram)
            && !self.is_faster_than(other)
            && !self.is_slower_than(other)
            && self.pages == other.pages
            && self.waiting == other.waiting
    }

    /// Faster by more than is worth a word. A known speed is faster than none.
    pub fn is_faster_than(&self, other: &Self) -> bool {
        self.rate() > other.rate() * (1.0 + SAME_SPEED)
    }

    /// Slower by more than is worth a word.
    pub fn is_slower_than(&self, other: &Self) -> bool {
        other.is_faster_than(self)
    }
}
