//! Sensors of a chip, after the kernel's `hwmon` interface: watts in millionths, degrees in thousandths, clocks in Hz.

use std::path::{Path, PathBuf};

use crate::system::detect::reading::{CardFacts, CardReading};
use crate::system::detect::small_file::{below, number};

const MILLION: u64 = 1_000_000;
const THOUSAND: u64 = 1000;

/// Adds what the sensors say.
pub(super) fn read(device: &Path, facts: &mut CardFacts, now: &mut CardReading) {
    for sensors in folders(device) {
        let scaled = |files: &[&str], unit: u64| {
            let found: u64 = files.iter().find_map(|file| number(&sensors.join(file)))?;
            u32::try_from(found.div_ceil(unit)).ok()
        };
        let fill = |place: &mut Option<u32>, found: Option<u32>| *place = place.or(found);
        fill(&mut now.power_w, scaled(&["power1_average", "power1_input"], MILLION));
        fill(&mut now.power_limit_w, scaled(&["power1_cap", "power1_max"], MILLION));
        fill(&mut facts.power_default_w, scaled(&["power1_cap_default", "power1_rated_max"], MILLION));
        fill(&mut now.temperature_c, scaled(&["temp1_input", "temp2_input"], THOUSAND));
        fill(&mut now.clock_mhz, scaled(&["freq1_input"], MILLION));
        fill(&mut now.memory_clock_mhz, scaled(&["freq2_input"], MILLION));
    }
}

fn folders(device: &Path) -> Vec<PathBuf> {
    below(&device.join("hwmon"))
}
