//! Sums over the places of an estimate: what a verdict sentence and a table say.

use super::{DeviceEstimate, Estimate, Parts};
use crate::estimate::{Verdict, Warning};
use crate::units::{Band, Bytes};

/// What is left on the devices, or what they are short of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Headroom {
    /// So much is free on all devices together.
    Free(Bytes),
    /// So much more would have to fit: what a device is exceeded by, or what lies in RAM instead.
    Missing(Bytes),
}

impl Headroom {
    /// In GiB, below zero where it is missing.
    pub fn signed_gib(self) -> f64 {
        match self {
            Self::Free(bytes) => bytes.gib(),
            Self::Missing(bytes) => -bytes.gib(),
        }
    }
}

impl Estimate {
    /// What is left on the devices, or what they are short of; `None` where it cannot be known or there are none.
    pub fn headroom(&self) -> Option<Headroom> {
        if self.devices.is_empty() {
            return None;
        }
        let excess: Bytes = self.devices.iter().map(|device| device.excess).sum::<Option<_>>()?;
        if excess > Bytes::ZERO {
            return Some(Headroom::Missing(excess));
        }
        if self.verdict? == Verdict::Offload || self.training.is_none() && self.gpu_layers() < self.layers {
            return Some(Headroom::Missing(self.host.total?));
        }
        self.free_vram().map(Headroom::Free)
    }

    /// RAM bandwidth in GB/s that the speed assumes; `None` where it is named, or nothing is read from RAM.
    pub fn assumed_ram_gb_s(&self) -> Option<f64> {
        self.warnings.iter().find_map(|warning| match warning {
            Warning::RamSpeedAssumed { gb_s } => Some(*gb_s),
            _ => None,
        })
    }

    /// Everything the plan needs, in VRAM and in RAM; `None` where a part cannot be known.
    pub fn needed(&self) -> Option<Bytes> {
        Some(self.needed_in_vram()? + self.host.total?)
    }

    /// What the plan needs on the devices, runtime overhead included.
    pub fn needed_in_vram(&self) -> Option<Bytes> {
        self.devices.iter().map(|device| device.total).sum()
    }

    /// The memory of the devices as their drivers report it.
    pub fn vram(&self) -> Bytes {
        self.devices.iter().map(|device| device.capacity).sum()
    }

    /// What programs are offered of the devices.
    pub fn usable_vram(&self) -> Bytes {
        self.devices.iter().map(|device| device.usable).sum()
    }

    /// How many sequences of the plan's context the reserved pools hold; `None` where nothing is reserved or needed.
    pub fn concurrency(&self) -> Option<f64> {
        let counted = f64::from(self.queue.running);
        let on_device = |pool: Bytes, parts: &Parts| {
            let need = parts.caches()?;
            (need > Bytes::ZERO).then(|| pool.0 as f64 / need.0 as f64 * counted)
        };
        let fits = self.devices.iter().filter_map(|device| on_device(device.kv_pool?, &device.parts));
        fits.reduce(f64::min)
    }

    /// What server engines reserve for the KV cache on the devices together; `None` where they reserve nothing.
    pub fn kv_pool(&self) -> Option<Bytes> {
        self.devices.iter().filter_map(|device| device.kv_pool).reduce(|one, other| one + other)
    }

    /// What is left on the devices; none of it where one is exceeded counts against another.
    pub fn free_vram(&self) -> Option<Bytes> {
        self.devices.iter().map(|device| device.free).sum()
    }

    /// The components on the devices together.
    pub fn parts_in_vram(&self) -> Parts {
        self.devices.iter().map(|device| device.parts).sum()
    }

    /// The device that holds most at the peak of a training step; `None` where nothing is trained.
    pub fn fullest(&self) -> Option<&DeviceEstimate> {
        self.devices.get(self.training.as_ref()?.device)
    }

    /// What lies on the fullest device at the peak of a training step, at low, expected and high overhead, in bytes.
    pub fn training_peak(&self) -> Option<Band<f64>> {
        let device = self.fullest()?;
        let parts = device.parts.total()?;
        Some(device.overhead.map(|overhead| (parts + overhead).0 as f64))
    }

    /// Expected runtime overhead on the devices together.
    pub fn overhead(&self) -> Bytes {
        self.devices.iter().map(|device| device.overhead.expected).sum()
    }

    /// Layers on the devices together.
    pub fn gpu_layers(&self) -> u32 {
        self.devices.iter().map(|device| device.gpu_layers).sum()
    }

    /// What of llama-server's prompt cache would not fit into the RAM that is left; zero where all of it would.
    pub fn prompt_cache_excess(&self) -> Bytes {
        self.host.free.map_or(Bytes::ZERO, |free| self.host.prompt_cache - free)
    }
}
