//! How amounts of memory are written: binary, as runtimes and drivers count, or decimal, as disks and vendors do.

use serde::{Deserialize, Serialize};

use super::number::{decimal, trimmed};

/// The unit that amounts of memory are written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MemoryUnit {
    /// 2^30 bytes.
    #[default]
    Gib,
    /// 10^9 bytes.
    Gb,
}

impl MemoryUnit {
    /// Both units.
    pub const ALL: [Self; 2] = [Self::Gib, Self::Gb];

    /// As it stands behind a number.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gib => "GiB",
            Self::Gb => "GB",
        }
    }

    /// How many of this unit make one GiB.
    #[must_use]
    pub const fn per_gib(self) -> f64 {
        match self {
            Self::Gib => 1.0,
            Self::Gb => 1.073_741_824,
        }
    }

    /// So many GiB in this unit.
    #[must_use]
    pub fn of_gib(self, gib: f64) -> f64 {
        gib * self.per_gib()
    }

    /// So much of this unit in GiB, to a hundredth of a MiB: what went through another unit comes back as it was.
    #[must_use]
    pub fn to_gib(self, amount: f64) -> f64 {
        match self {
            Self::Gib => amount,
            Self::Gb => Self::even(amount / self.per_gib()),
        }
    }

    /// An amount in GiB to a hundredth of a MiB.
    pub(super) fn even(gib: f64) -> f64 {
        if gib.abs() < 1e9 { (gib * 102_400.0).round() / 102_400.0 } else { gib }
    }

    /// An amount with its unit: `42.9 GiB`.
    #[must_use]
    pub fn write(self, gib: f64, digits: usize) -> String {
        format!("{} {}", decimal(self.of_gib(gib), digits), self.name())
    }

    /// An amount with its unit and no zeros that say nothing: `24 GiB`, `25.8 GB`.
    #[must_use]
    pub fn write_trimmed(self, gib: f64) -> String {
        format!("{} {}", trimmed(self.of_gib(gib), 1), self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_units_say_the_same_amount() {
        assert_eq!(MemoryUnit::Gib.write(24.0, 1), "24.0 GiB");
        assert_eq!(MemoryUnit::Gb.write(24.0, 1), "25.8 GB");
        assert_eq!(MemoryUnit::Gb.write_trimmed(0.5), "0.5 GB");
        for gib in [4.0, 64.0, 0.25, 4096.0] {
            assert_eq!(MemoryUnit::Gb.to_gib(MemoryUnit::Gb.of_gib(gib)), gib, "there and back");
        }
    }
}
