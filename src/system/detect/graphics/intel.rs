//! Intel: what `xe` and `i915` show in sysfs. How much of the VRAM is held only debugging files say, which are for root.

use super::{GraphicsChip, Seen, hwmon};
use crate::system::detect::small_file::{below, number};

/// Where graphics lie that are part of the processor.
const BUILT_IN: &str = "0000:00:";

/// Whether a chip at this place is part of the processor.
pub(super) fn is_built_in(address: &str) -> bool {
    address.starts_with(BUILT_IN)
}

pub(super) fn read(seen: Seen<'_>, chip: &mut GraphicsChip) {
    chip.integrated = is_built_in(&chip.pci_bus_id);
    hwmon::read(seen.device, &mut chip.facts, &mut chip.now);
    if chip.integrated {
        return;
    }
    let screen = seen.screen();
    let of_screen = |file: &str| screen.as_ref().and_then(|folder| number(&folder.join(file)));
    chip.memory_total_bytes =
        of_tiles(seen).or_else(|| seen.number("lmem_total_bytes")).or_else(|| of_screen("lmem_total_bytes"));
    let clock = |file: &str| seen.number(file);
    chip.now.clock_mhz = clock("tile0/gt0/freq0/act_freq").or_else(|| of_screen("gt_act_freq_mhz")).and_then(whole);
    chip.facts.clock_max_mhz =
        clock("tile0/gt0/freq0/rp0_freq").or_else(|| of_screen("gt_RP0_freq_mhz")).and_then(whole);
}

fn whole(found: u64) -> Option<u32> {
    u32::try_from(found).ok()
}

/// VRAM of all tiles in bytes, as `xe` tells it; `None` where a tile does not.
fn of_tiles(seen: Seen<'_>) -> Option<u64> {
    let is_tile = |name: &str| name.strip_prefix("tile").is_some_and(|number| number.parse::<u8>().is_ok());
    let tiles = below(seen.device)
        .into_iter()
        .filter(|path| path.file_name().is_some_and(|name| is_tile(&name.to_string_lossy())));
    let sizes: Vec<u64> = tiles
        .map(|tile| {
            let file = "physical_vram_size_bytes";
            number(&tile.join(file)).or_else(|| number(&tile.join("memory").join(file)))
        })
        .collect::<Option<_>>()?;
    sizes.into_iter().try_fold(0, u64::checked_add).filter(|bytes| *bytes > 0)
}
