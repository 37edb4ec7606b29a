//! The size of a chip, which decides how much memory the driver sets aside for its threads.

use super::card::Card;

/// What one streaming multiprocessor of a generation holds.
struct Unit {
    /// Threads that can be resident at once.
    threads: u32,
    /// FP32 lanes.
    lanes: u32,
}

/// Clock in GHz that stands in where only the arithmetic rate is known; real chips boost to 1.4-2.6.
const TYPICAL_CLOCK_GHZ: f64 = 1.7;

impl Card {
    /// Threads that one device can hold at once; `None` where that is not known.
    ///
    /// Units × threads a unit (CUDA C++ Programming Guide, technical specifications by compute capability). Where the
    /// units are not known they follow from the FP32 rate: two operations a lane and clock.
    pub fn resident_threads(&self) -> Option<u32> {
        let unit = unit(self.compute_capability.as_deref()?)?;
        let units = self.compute_units.map(u32::from).or_else(|| Some(unit.units_at(self.rates.fp32?)))?;
        Some(units * unit.threads)
    }
}

impl Unit {
    /// How many of them reach this rate in TFLOPS.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float cast saturates, which is what is wanted"
    )]
    fn units_at(&self, fp32: f64) -> u32 {
        let one = 2.0 * f64::from(self.lanes) * TYPICAL_CLOCK_GHZ / 1000.0;
        ((fp32 / one).round() as u32).clamp(1, 1024)
    }
}

fn unit(compute_capability: &str) -> Option<Unit> {
    let (threads, lanes) = match compute_capability {
        "3.7" => (2048, 192),
        "6.0" | "7.0" | "8.0" => (2048, 64),
        "5.2" | "6.1" | "9.0" | "10.0" | "10.3" => (2048, 128),
        "7.5" => (1024, 64),
        "8.6" | "8.7" | "8.9" | "11.0" | "12.0" | "12.1" => (1536, 128),
        _ => return None,
    };
    Some(Unit { threads, lanes })
}
