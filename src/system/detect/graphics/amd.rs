//! AMD: what `amdgpu` shows in sysfs, and `ROCm`'s list of devices (KFD), which also tells who holds VRAM.

use std::path::Path;

use super::{GraphicsChip, Seen, hwmon};
use crate::system::detect::reading::VramProcess;
use crate::system::detect::small_file::{below, figure, number, text};

/// Chips on cards of their own, since 2012, have these device ids; those in processors lie outside.
const CARDS: std::ops::RangeInclusive<u16> = 0x6600..=0x7FFF;
/// Where KFD lists what calculates.
const NODES: &str = "sys/class/kfd/kfd/topology/nodes";
const PROCESSES: &str = "sys/class/kfd/kfd/proc";
/// More programs than use `ROCm` at once.
const MOST_PROCESSES: usize = 1024;

/// Whether a chip of this number is part of a processor.
pub(super) fn is_built_in(device: u16) -> bool {
    !CARDS.contains(&device)
}

pub(super) fn read(seen: Seen<'_>, chip: &mut GraphicsChip) {
    chip.integrated = is_built_in(chip.pci_id.device);
    chip.memory_total_bytes = seen.number("mem_info_vram_total");
    chip.memory_used_bytes = seen.number("mem_info_vram_used");
    chip.shared_total_bytes = seen.number("mem_info_gtt_total").filter(|_| chip.integrated);
    chip.shared_used_bytes = seen.number("mem_info_gtt_used").filter(|_| chip.integrated);
    chip.name = text(&seen.device.join("product_name"));
    chip.now.busy_percent = seen.number("gpu_busy_percent");
    hwmon::read(seen.device, &mut chip.facts, &mut chip.now);
    if let Some(node) = node(seen.root, &chip.pci_bus_id) {
        chip.facts.compute_capability = node.target;
        chip.now.processes = node.id.map(|id| processes(seen.root, id));
    }
}

/// What KFD says of a chip.
struct Node {
    target: Option<String>,
    /// The name under which programs' shares are told.
    id: Option<u32>,
}

fn node(root: &Path, address: &str) -> Option<Node> {
    let (domain, location) = location(address)?;
    below(&root.join(NODES)).into_iter().find_map(|folder| {
        let properties = text(&folder.join("properties"))?;
        let of = |name| figure(&properties, name);
        let same = of("location_id") == Some(location) && of("domain").unwrap_or(0) == domain;
        // Processors are listed too, with location 0 and nothing that calculates.
        (same && of("simd_count")? > 0)
            .then(|| Node { target: of("gfx_target_version").and_then(target), id: number(&folder.join("gpu_id")) })
    })
}

/// Domain, and bus, device and function in one figure: `0000:03:00.0` is 0 and 768.
fn location(address: &str) -> Option<(u64, u64)> {
    let (rest, function) = address.split_once('.')?;
    let parts: Vec<u64> = rest.split(':').map(|part| u64::from_str_radix(part, 16).ok()).collect::<Option<_>>()?;
    let [domain, bus, device] = parts[..] else { return None };
    Some((domain, bus << 8 | device << 3 | u64::from_str_radix(function, 16).ok()?))
}

/// The name that programs are compiled for: 110501 is `gfx1151`, 90010 is `gfx90a`.
fn target(version: u64) -> Option<String> {
    let (major, minor, step) = (version / 10_000, version / 100 % 100, version % 100);
    (major > 0 && minor < 16 && step < 16).then(|| format!("gfx{major}{minor:x}{step:x}"))
}

/// Who holds VRAM of the chip with this id, as far as the user may know.
fn processes(root: &Path, id: u32) -> Vec<VramProcess> {
    let share = format!("vram_{id}");
    let of = |folder: &Path| {
        let bytes: u64 = number(&folder.join(&share))?;
        let pid: u32 = folder.file_name()?.to_str()?.parse().ok()?;
        (bytes > 0).then(|| VramProcess { pid, vram_bytes: Some(bytes), ..VramProcess::default() })
    };
    below(&root.join(PROCESSES)).iter().take(MOST_PROCESSES).filter_map(|folder| of(folder)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_and_places_are_read_as_the_driver_counts() {
        assert_eq!(target(110_501).as_deref(), Some("gfx1151"));
        assert_eq!(target(90_010).as_deref(), Some("gfx90a"));
        assert_eq!((target(0), target(9999)), (None, None));
        assert_eq!(location("0000:03:00.0"), Some((0, 768)));
        assert_eq!(location("0001:c1:00.1"), Some((1, 0xC101)));
        assert_eq!((location("3:0"), location("")), (None, None));
    }
}
