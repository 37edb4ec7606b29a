//! What of answers is compared: of many machines, and of several ways to place one plan.

use super::answer::Estimate;
use super::verdict::Verdict;
use crate::units::Bytes;

/// What of an answer many machines are compared by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glance {
    /// The judgment; `None` where parts cannot be known.
    pub verdict: Option<Verdict>,
    /// Sequences that wait for others to end.
    pub waiting: u32,
    /// Tokens a second that one sequence receives, as expected; `None` = no data, or nothing runs.
    pub decode: Option<f64>,
}

impl Glance {
    /// That of an answer.
    pub fn of(found: &Estimate) -> Self {
        let decode = found.speed.decode.map(|decode| decode.expected);
        Self { verdict: found.verdict, waiting: found.queue.waiting, decode }
    }

    /// Whether all lies in VRAM, nobody waits, and each sequence is served at `least_decode` tokens a second or more.
    pub fn serves_in_vram(&self, least_decode: f64) -> bool {
        matches!(self.verdict, Some(Verdict::Fits | Verdict::Tight))
            && self.waiting == 0
            && self.decode.is_some_and(|decode| decode >= least_decode)
    }
}

/// How one of several ways to place a plan stands among them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    pub(super) verdict: Option<Verdict>,
    /// What is missing on devices and host together.
    pub(super) missing: Bytes,
    /// Expected tokens a second of one sequence.
    pub(super) decode: Option<f64>,
}

impl Standing {
    /// Of what exceeds a device by far, or the devices and the RAM together, by nobody asked how far.
    pub(super) const BEYOND: Self = Self { verdict: Some(Verdict::DoesNotFit), missing: Bytes::ZERO, decode: None };

    /// That of an answer.
    pub(super) fn of(found: &Estimate) -> Self {
        let devices: Bytes = found.devices.iter().filter_map(|device| device.excess).sum();
        let Glance { verdict, decode, .. } = Glance::of(found);
        Self { verdict, missing: devices + found.host.excess.unwrap_or_default(), decode }
    }

    /// Whether this is the better of two answers to one plan: by the verdict, then by what is missing, then by speed. Of
    /// answers that are alike in these, it is.
    pub(super) fn is_no_worse_than(&self, other: &Self) -> bool {
        let rate = |it: &Self| it.decode.unwrap_or(0.0);
        (self.verdict, self.missing) < (other.verdict, other.missing)
            || (self.verdict, self.missing) == (other.verdict, other.missing) && rate(self) >= rate(other)
    }
}
