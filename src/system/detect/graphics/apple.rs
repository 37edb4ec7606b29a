//! Apple: one memory for processor and graphics, as `sysctl` and `ioreg` tell it.

use std::path::Path;

use super::GraphicsChip;
use crate::catalog::card::PciId;
use crate::system::detect::small_file::{figure, text};
use crate::system::detect::tool::{self, is_own};
use crate::units::MIB;

/// What is asked, one name and its value a line.
const ASKED: [&str; 4] = ["hw.memsize", "hw.physicalcpu", "machdep.cpu.brand_string", "iogpu.wired_limit_mb"];
/// Apple has no chip on the bus: the maker's number, and none.
const CHIP: PciId = PciId { vendor: 0x106B, device: 0 };

/// The chip of this machine, or of one that is described in a file `sysctl` under a root of its own.
pub(super) fn chip(root: &Path) -> Option<GraphicsChip> {
    let (values, cores) = if is_own(root) {
        if !cfg!(target_os = "macos") {
            return None;
        }
        let cores = tool::says("ioreg", &["-rd1", "-c", "AGXAccelerator"]).unwrap_or_default();
        // Systems before macOS 14 have no name for the limit.
        (tool::says_what_it_can("sysctl", &ASKED)?, cores)
    } else {
        (text(&root.join("sysctl"))?, text(&root.join("ioreg")).unwrap_or_default())
    };
    read(&values, &cores)
}

fn read(values: &str, cores: &str) -> Option<GraphicsChip> {
    let brand = values.lines().find_map(|line| line.strip_prefix("machdep.cpu.brand_string: "))?.trim();
    if !brand.starts_with("Apple") {
        return None;
    }
    // Chips of one name are sold with more and fewer cores, and the narrower ones have less bandwidth.
    let graphics =
        counted(cores, "\"gpu-core-count\" = ").map(|count| format!(" {count}-core GPU")).unwrap_or_default();
    let mut chip = GraphicsChip::new(CHIP, "apple".to_owned());
    chip.name = Some(format!("{brand}{graphics}"));
    chip.integrated = true;
    // Zero is the system's own share, which it does not tell.
    let limit = figure(values, "iogpu.wired_limit_mb").filter(|mib| *mib > 0);
    chip.shared_total_bytes = limit.and_then(|mib| mib.checked_mul(MIB));
    chip.shared_used_bytes = counted(cores, "\"In use system memory\"=");
    chip.now.busy_percent = counted(cores, "\"Device Utilization %\"=").and_then(|percent| u32::try_from(percent).ok());
    Some(chip)
}

/// The figure behind a name, as `ioreg` shows a chip's properties.
fn counted(properties: &str, name: &str) -> Option<u64> {
    let (_, rest) = properties.split_once(name)?;
    rest.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

/// RAM in bytes.
pub(in crate::system::detect) fn ram(root: &Path) -> Option<u64> {
    figure(&text(&root.join("sysctl"))?, "hw.memsize")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_that_was_raised_is_told_and_the_systems_own_is_not() {
        let values = |limit: u32| {
            format!(
                "hw.memsize: 38654705664\nhw.physicalcpu: 14\nmachdep.cpu.brand_string: Apple M4 Max\niogpu.wired_limit_mb: {limit}\n"
            )
        };
        let cores = "  |   \"PerformanceStatistics\" = {\"In use system memory (driver)\"=0,\"In use system memory\"=7340032,\"Device \
                     Utilization %\"=61}\n  |   \"gpu-core-count\" = 32\n";
        let chip = read(&values(0), cores).unwrap();
        assert_eq!((chip.name.as_deref(), chip.shared_total_bytes), (Some("Apple M4 Max 32-core GPU"), None));
        assert_eq!((chip.shared_used_bytes, chip.now.busy_percent), (Some(7 << 20), Some(61)));
        assert_eq!(read(&values(30_720), "").unwrap().shared_total_bytes, Some(30 << 30));
        assert_eq!(read("machdep.cpu.brand_string: Intel(R) Core(TM) i7", cores), None);
    }
}
