//! The judgment: what fits, how tightly. Every engine and task is judged here.

use super::{DeviceEstimate, HostEstimate};
use crate::units::{Band, Bytes, GIB};

/// The four verdicts, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything lies where it was asked, with room.
    Fits,
    /// It fits at the expected overhead, with little room.
    Tight,
    /// Part lies in RAM because the plan says so, and both hold.
    Offload,
    /// A device or the RAM is exceeded.
    DoesNotFit,
}

/// What is left over and what is missing, `need` being what must lie in `room`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Margin {
    /// `room - need`, zero where exceeded.
    pub(super) free: Bytes,
    /// `need - room`, zero where it holds.
    pub(super) excess: Bytes,
    /// Fits, tight or does not fit.
    pub(super) verdict: Verdict,
}

impl Margin {
    /// What an engine's own budget says, held to the room on the device: whatever is reserved for what, nothing fits
    /// where more lies on a device than it offers.
    pub(super) fn within(self, room: Self) -> Self {
        if room.verdict == Verdict::DoesNotFit {
            Self { free: Bytes::ZERO, excess: self.excess.max(room.excess), verdict: Verdict::DoesNotFit }
        } else {
            self
        }
    }
}

/// The judgment over all places; `None` where nothing is known of any. `offloads` = the plan puts parts into RAM that
/// devices would read.
pub(super) fn overall(devices: &[DeviceEstimate], host: &HostEstimate, offloads: bool) -> Option<Verdict> {
    let on_devices = devices.iter().filter_map(|device| device.verdict).max();
    let host = HostVerdict { of_itself: host.verdict, alone: devices.is_empty(), offloads };
    worst(on_devices, host)
}

/// How the RAM stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct HostVerdict {
    pub(super) of_itself: Option<Verdict>,
    /// There are no devices.
    pub(super) alone: bool,
    /// The plan puts parts into it that devices would read.
    pub(super) offloads: bool,
}

/// The judgment over the RAM and the devices, of which the worst is `on_devices`.
pub(super) fn worst(on_devices: Option<Verdict>, host: HostVerdict) -> Option<Verdict> {
    let HostVerdict { of_itself, alone, offloads } = host;
    // A host with little to spare matters where the plan runs from it.
    let counts = |verdict: &Verdict| *verdict == Verdict::DoesNotFit || alone || offloads;
    let worst = on_devices.max(of_itself.filter(counts))?;
    Some(if offloads && worst != Verdict::DoesNotFit { Verdict::Offload } else { worst })
}

/// Judges `parts` and an overhead that is known as a band against `room`.
///
/// It fits with at least 5 % of the room or 1 GiB (the smaller) to spare at the high end of the overhead, and tightly
/// where it holds at the expected overhead.
pub(super) fn judge(parts: Bytes, overhead: Band<Bytes>, room: Bytes) -> Margin {
    let need = parts + overhead.expected;
    let spare = Bytes((room.0 / 20).min(GIB));
    let verdict = if need > room {
        Verdict::DoesNotFit
    } else if parts + overhead.high + spare <= room {
        Verdict::Fits
    } else {
        Verdict::Tight
    };
    Margin { free: room.saturating_sub(need), excess: need.saturating_sub(room), verdict }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(expected: u64, high: u64) -> Band<Bytes> {
        Band { low: Bytes::ZERO, expected: Bytes(expected * GIB), high: Bytes(high * GIB) }
    }

    #[test]
    fn spare_is_counted_from_the_high_end() {
        let verdict = |parts: u64| judge(Bytes(parts * GIB), band(1, 2), Bytes(40 * GIB)).verdict;
        assert_eq!(verdict(37), Verdict::Fits, "one GiB to spare at the high end");
        assert_eq!(verdict(38), Verdict::Tight, "none to spare at the high end");
        assert_eq!(verdict(39), Verdict::Tight, "full at the expected overhead");
        assert_eq!(verdict(40), Verdict::DoesNotFit, "one GiB too much");
    }

    #[test]
    fn a_small_room_asks_for_five_percent_only() {
        let room = Bytes(10 * GIB);
        assert_eq!(judge(Bytes(9 * GIB + GIB / 2), band(0, 0), room).verdict, Verdict::Fits, "exactly 5 % free");
        assert_eq!(judge(Bytes(9 * GIB + GIB / 2 + 1), band(0, 0), room).verdict, Verdict::Tight, "a byte less");
    }
}
