//! The memory that decides whether a plan fits: what it offers, what the plan needs of it, what is left or missing.

use super::{DeviceEstimate, Estimate, HostEstimate};
use crate::units::Bytes;

/// What a memory offers against what a plan needs of it: `needed + free = offered + excess`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balance {
    /// What is needed.
    pub needed: Bytes,
    /// What stays free.
    pub free: Bytes,
    /// What is missing.
    pub excess: Bytes,
}

impl Balance {
    fn of(needed: Option<Bytes>, free: Option<Bytes>, excess: Option<Bytes>) -> Option<Self> {
        Some(Self { needed: needed?, free: free?, excess: excess? })
    }

    /// What is there for the plan.
    pub fn offered(&self) -> Bytes {
        self.needed + self.free - self.excess
    }
}

/// A memory that a plan is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// All devices together, what programs are offered of them.
    Vram,
    /// This device, which holds most or lacks most.
    Device(usize),
    /// Each device alike; the fullest counts.
    EachDevice,
    /// What a server engine takes of the devices.
    EngineShare,
    /// The machine's RAM, less what the system takes.
    Ram,
    /// The one pool of CPU and GPU, less what the system takes.
    Unified,
    /// What the system gives the GPU of the one pool.
    UnifiedForGpu,
}

/// A memory and its balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JudgedRoom {
    /// Which memory.
    pub room: Room,
    /// How it stands.
    pub balance: Balance,
}

/// Why parts of a model lie in RAM beside devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OffloadCause {
    /// None do, or only what belongs there.
    NotOffloaded,
    /// The devices are full.
    Spilled,
    /// The plan keeps them there though a device has room.
    AsAsked,
}

impl DeviceEstimate {
    /// What it offers against what lies on it; of a server engine's share, where it reserves one.
    pub fn balance(&self) -> Option<Balance> {
        Balance::of(self.total, self.free, self.excess)
    }

    /// What programs are offered and the engine leaves.
    pub fn outside_share(&self) -> Bytes {
        let taken = self.balance().filter(|_| self.kv_pool.is_some());
        taken.map_or(Bytes::ZERO, |balance| self.usable - balance.offered())
    }

    /// What the driver keeps.
    pub fn kept_by_driver(&self) -> Bytes {
        self.capacity - self.usable - self.screen
    }

    fn lacks(&self) -> bool {
        self.excess.is_some_and(|excess| excess > Bytes::ZERO)
    }
}

impl HostEstimate {
    /// What the system leaves of the RAM against what the plan puts there.
    pub fn balance(&self) -> Option<Balance> {
        Balance::of(self.total, self.free, self.excess)
    }

    fn lacks(&self) -> bool {
        self.excess.is_some_and(|excess| excess > Bytes::ZERO)
    }
}

impl Estimate {
    /// CPU and GPU share one memory.
    pub fn is_unified(&self) -> bool {
        !self.devices.is_empty() && self.devices.iter().all(|device| device.unified)
    }

    /// All devices together.
    pub fn balance_of_devices(&self) -> Option<Balance> {
        Balance::of(self.needed_in_vram(), self.free_vram(), self.devices.iter().map(|device| device.excess).sum())
    }

    /// What decides whether the plan fits: the memory that lacks something, else the one that it lies in.
    pub fn judged(&self) -> Option<JudgedRoom> {
        let judged = |room, balance: Option<Balance>| Some(JudgedRoom { room, balance: balance? });
        if self.is_unified() {
            return self.judged_pool();
        }
        if self.devices.is_empty() || self.host.lacks() {
            return judged(Room::Ram, self.host.balance());
        }
        let alike = self.devices.windows(2).all(|pair| pair[0].usable == pair[1].usable);
        let one = |place: usize| match self.devices.len() {
            1 => self.all_together(),
            _ if alike && self.training.is_some() => Room::EachDevice,
            _ => Room::Device(place),
        };
        if let Some(step) = &self.training {
            return judged(one(step.device), self.devices.get(step.device)?.balance());
        }
        let worst = (0..self.devices.len()).filter(|place| self.devices[*place].lacks());
        if let Some(place) = worst.max_by_key(|place| self.devices[*place].excess) {
            return judged(one(place), self.devices[place].balance());
        }
        judged(self.all_together(), self.balance_of_devices())
    }

    fn all_together(&self) -> Room {
        if self.kv_pool().is_some() { Room::EngineShare } else { Room::Vram }
    }

    /// What the GPU may use of one pool ends first, unless the system takes more than the rest.
    fn judged_pool(&self) -> Option<JudgedRoom> {
        let (device, host) = (self.balance_of_devices()?, self.host.balance()?);
        // Of several computers the system shares one memory alone.
        if self.devices.len() > 1 && !self.host.lacks() {
            return Some(JudgedRoom { room: Room::UnifiedForGpu, balance: device });
        }
        let tighter = (device.excess, std::cmp::Reverse(device.free)) >= (host.excess, std::cmp::Reverse(host.free));
        Some(if tighter {
            JudgedRoom { room: Room::UnifiedForGpu, balance: device }
        } else {
            JudgedRoom { room: Room::Unified, balance: Balance { needed: self.needed()?, ..host } }
        })
    }

    /// What one pool of CPU and GPU offers a plan, by the part of it that ends first; `None` where there is none.
    pub fn pool_offered(&self) -> Option<Bytes> {
        let balance = self.is_unified().then(|| self.judged()).flatten()?.balance;
        Some(self.needed()? + balance.free - balance.excess)
    }

    /// Why parts of the model lie in RAM: for want of VRAM, or because the plan places layers or experts there (`by_hand`)
    /// while a device has room for one of them.
    pub fn in_ram(&self, by_hand: bool) -> OffloadCause {
        let offloads = self.verdict == Some(super::Verdict::Offload) || self.gpu_layers() < self.layers;
        let lacks = self.host.lacks() || self.devices.iter().any(DeviceEstimate::lacks);
        if !offloads || lacks || self.verdict.is_none() || self.devices.is_empty() || self.training.is_some() {
            return OffloadCause::NotOffloaded;
        }
        let most = self.devices.iter().filter_map(|device| device.free).max().unwrap_or_default();
        // Experts of a layer are nearly all of it.
        let layer = self.weights.unwrap_or_default().0 / u64::from(self.layers.max(1));
        if by_hand && most.0 > layer { OffloadCause::AsAsked } else { OffloadCause::Spilled }
    }
}
