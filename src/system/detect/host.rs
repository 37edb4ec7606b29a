//! RAM, processor and system.

use std::fs;
use std::path::Path;

use sysinfo::{CpuRefreshKind, MemoryRefreshKind, System};

use super::graphics::text;
use super::{Host, Inside};

/// Kinds of housing of a laptop, after the DMTF's list.
const LAPTOPS: [&str; 6] = ["8", "9", "10", "14", "31", "32"];

/// Asks the operating system; its files lie under `root`.
pub(super) fn ask(root: &Path) -> Host {
    let mut system = System::new();
    system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
    system.refresh_cpu_list(CpuRefreshKind::nothing());
    let housing = text(&root.join("sys/class/dmi/id/chassis_type"));
    Host {
        ram_total_bytes: known(system.total_memory()),
        ram_available_bytes: known(system.available_memory()),
        ram_kind: ram_kind(root),
        cpu: system.cpus().first().map(|cpu| cpu.brand().trim().to_owned()).filter(|brand| !brand.is_empty()),
        physical_cores: System::physical_core_count(),
        os: System::long_os_version(),
        inside: inside(root),
        laptop: housing.map(|kind| LAPTOPS.contains(&kind.as_str())),
    }
}

/// The library says 0 for what it cannot find out.
fn known(bytes: u64) -> Option<u64> {
    (bytes > 0).then_some(bytes)
}

/// What the memory controller says of the first module, such as `Unbuffered-DDR4`; few machines tell without root.
fn ram_kind(root: &Path) -> Option<String> {
    let below = |path: &Path| fs::read_dir(path).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let controllers = below(&root.join("sys/devices/system/edac/mc"));
    let said =
        controllers.flat_map(|mc| below(&mc).collect::<Vec<_>>()).find_map(|dimm| text(&dimm.join("dimm_mem_type")));
    let kind = said?.split('-').find(|part| part.contains("DDR"))?.to_owned();
    (kind.len() <= 8 && kind.is_ascii()).then_some(kind)
}

fn inside(root: &Path) -> Option<Inside> {
    let kernel = text(&root.join("proc/sys/kernel/osrelease")).unwrap_or_default().to_lowercase();
    if kernel.contains("microsoft") {
        Some(Inside::Wsl)
    } else if root.join(".dockerenv").exists() || root.join("run/.containerenv").exists() {
        Some(Inside::Container)
    } else {
        None
    }
}
