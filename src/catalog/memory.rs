//! What a device's memory is worth to a program: what the driver reports, and what is offered.
//!
//! Where a figure was never read from a driver, a stated rule on the careful side stands in and is marked as estimate:
//! a wrong "Fits" is worse than a careful "Tight".

use std::fmt;

use super::card::{Card, MarketSegment, Vendor};
use super::chip::Firmware;
use crate::text::{Join, Key, Locale, Placeholder};
use crate::units::{Bytes, GIB, MIB};

/// The memory of one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceMemory {
    /// What the driver reports (`nvidia-smi`).
    pub capacity: Bytes,
    /// What a program is offered on an idle device without a screen.
    pub usable: Bytes,
    /// `usable` follows a rule instead of a reading.
    pub usable_is_estimate: bool,
}

/// A memory size that the card is not sold with.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub struct MemorySizeError {
    /// The card.
    pub id: String,
    /// What was asked for, in GiB.
    pub asked: f64,
    /// What there is, in GiB.
    pub offered: Vec<f64>,
}

impl MemorySizeError {
    /// What is wrong and what would do, as one sentence.
    pub fn say(&self, locale: Locale) -> String {
        let asked = self.asked.to_string();
        let offered = locale.join(Join::Or, self.offered.iter().map(ToString::to_string));
        let holes = [(Placeholder::Card, &*self.id), (Placeholder::Value, &*asked), (Placeholder::Other, &*offered)];
        locale.sentence(Key::ErrorCardMemory, &holes)
    }
}

impl fmt::Display for MemorySizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Locale::En))
    }
}

/// What the NVIDIA driver keeps of the reported memory, in MiB, by the size of that memory: an amount, not a share (a share of
/// 0.98 offered 8 to 16 GB cards 150 to 310 MiB that they do not have). On Linux; each figure is a little above the largest
/// reading of its row, from `llama.cpp`'s device lists of 2025 and 2026:
/// below 6 GiB 200 (GTX 1650); up to 32 GiB 365-409 (RTX 3080 10 GB, RTX 3060, GTX 1660 Ti, RTX 2060, RTX 4070), 451 (T4), 469
/// (L4), 452-501 (RTX 3090, 3090 Ti, 4090, 5060 Ti, 5070 Ti, 5090); above 480 (H100), 599-640 (RTX PRO 6000), 601 (L40S),
/// 634 and 768 (A100), 739 (B200).
const KEPT_MIB: [(u64, u64); 3] = [(6, 210), (33, 510), (u64::MAX, 770)];
/// The same before Turing, at any size: 62-138 (Pascal), 233-266 (V100).
const KEPT_BEFORE_TURING_MIB: u64 = 270;
/// What older drivers kept less on `GeForce` and workstation cards, in MiB. Read early and late: RTX 3090 24,268 and 24,124,
/// RTX 3080 10,015 and 9,875, RTX 4090 24,210 and 24,080. The cause and the month are inferred: driver 555 of mid-2024 put
/// its firmware on these cards by default.
const FIRMWARE_MIB: u64 = 130;
/// Share of the reported memory that AMD's driver offers. Read, of nominal: RX 9070 XT 0.995, R9700 0.996, MI300X 0.998,
/// RX 6700 XT, RX 7900 XT, RX 7900 XTX, MI50 and MI210 0.999.
const AMD_SHARE: f64 = 0.995;
/// Share of the nominal memory that an Arc card offers. Read: Arc A770 16 GB, 16,225,243,136 bytes (`llama.cpp` issue 6036).
const INTEL_SHARE: f64 = 0.94;
/// Share of the nominal memory that other makers' cards offer; carried over from Intel, the lowest seen.
const OTHER_SHARE: f64 = 0.94;
/// How far a typed size may lie from a size on sale: a driver reports up to 6.3 % less than the label says.
const NEAR: f64 = 0.08;
/// The same for a slice of a card: 16.0 GiB are read for `1g.18gb`.
const NEAR_OF_SLICE: f64 = 0.12;

impl Card {
    /// The memory of one device; `memory_gib` picks one of the sizes it is sold with, or gives the size a driver measured.
    ///
    /// # Errors
    /// Where `memory_gib` is none of the sizes on sale nor near one.
    pub fn device_memory(&self, memory_gib: Option<f64>) -> Result<DeviceMemory, MemorySizeError> {
        let nominal = memory_gib.map_or(Ok(self.memory_gib), |asked| self.nearest_size(asked))?;
        let reported = self.reported(nominal);
        // A size that is not on the label was measured: the driver's own figure.
        let measured = memory_gib.filter(|asked| (asked / nominal - 1.0).abs() > 0.001).map(Bytes::from_gib);
        let capacity = measured.unwrap_or(reported);

        let known = self.cuda_total_gib.filter(|_| nominal == self.memory_gib).map(Bytes::from_gib);
        let estimate = self.estimated_usable(nominal, capacity);
        let usable = match known {
            Some(total) if measured.is_none() => total,
            // A measured size may be another memory or another driver: the smaller figure is the safe one.
            Some(total) => total.min(estimate),
            None => estimate,
        };
        Ok(DeviceMemory {
            capacity,
            usable: usable.min(capacity),
            usable_is_estimate: known.is_none() || measured.is_some(),
        })
    }

    /// Sizes one device is sold with, in GiB.
    pub fn memory_sizes_gib(&self) -> &[f64] {
        if self.memory_options_gib.is_empty() {
            std::slice::from_ref(&self.memory_gib)
        } else {
            &self.memory_options_gib
        }
    }

    /// The size on sale that a plan means by `memory_gib`, in GiB: all the memory where it names none, or one that is not sold.
    pub fn size_meant_gib(&self, memory_gib: Option<f64>) -> f64 {
        memory_gib.and_then(|asked| self.nearest_size(asked).ok()).unwrap_or(self.memory_gib)
    }

    fn nearest_size(&self, asked: f64) -> Result<f64, MemorySizeError> {
        let distance = |size: f64| (asked / size - 1.0).abs();
        let near = if self.is_slice() { NEAR_OF_SLICE } else { NEAR };
        self.memory_sizes_gib()
            .iter()
            .copied()
            .filter(|&size| distance(size) <= near)
            .min_by(|&a, &b| distance(a).total_cmp(&distance(b)))
            .ok_or_else(|| MemorySizeError { id: self.id.clone(), asked, offered: self.memory_sizes_gib().to_vec() })
    }

    /// What the driver reports: read where known, else the nominal size by rule.
    fn reported(&self, nominal: f64) -> Bytes {
        match self.reported_memory_mib {
            Some(mib) if nominal == self.memory_gib => Bytes(u64::from(mib) * MIB),
            _ => Bytes::from_gib(nominal).scaled(self.reported_share()),
        }
    }

    fn driver_firmware(&self) -> Option<Firmware> {
        self.chip().map(|chip| chip.firmware)
    }

    fn estimated_usable(&self, nominal: f64, capacity: Bytes) -> Bytes {
        let of_nominal = |share: f64| Bytes::from_gib(nominal).scaled(share);
        match (self.segment, self.vendor) {
            (MarketSegment::Unified, _) => self.given_of(capacity),
            (_, Vendor::Nvidia) if self.driver_firmware() == Some(Firmware::Absent) => {
                capacity - Bytes(KEPT_BEFORE_TURING_MIB * MIB)
            }
            (_, Vendor::Nvidia) => offered(capacity),
            (_, Vendor::Amd) => capacity.scaled(AMD_SHARE),
            (_, Vendor::Intel) => of_nominal(INTEL_SHARE),
            (_, Vendor::Apple | Vendor::Huawei | Vendor::Cambricon) => of_nominal(OTHER_SHARE),
        }
    }

    /// What a program was offered more on Linux before driver 555 (mid-2024), which put the driver's firmware into the
    /// memory of `GeForce` and workstation cards; data-center cards had it there before.
    pub fn offered_more_before_2024(&self) -> Bytes {
        let moved = matches!(self.segment, MarketSegment::Consumer | MarketSegment::Workstation)
            && self.driver_firmware() == Some(Firmware::SinceMid2024);
        if moved { Bytes(FIRMWARE_MIB * MIB) } else { Bytes::ZERO }
    }
}

/// What the NVIDIA driver offers of a memory that it reports as this large, on chips since Turing.
pub fn offered(reported: Bytes) -> Bytes {
    let kept = KEPT_MIB.iter().find(|(below_gib, _)| reported.0 / GIB < *below_gib).map_or(0, |(_, mib)| *mib);
    reported - Bytes(kept * MIB)
}
