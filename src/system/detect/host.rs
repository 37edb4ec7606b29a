//! RAM, processor and system.

use sysinfo::{CpuRefreshKind, MemoryRefreshKind, System};

use super::Host;

/// Asks the operating system.
pub(super) fn ask() -> Host {
    let mut system = System::new();
    system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
    system.refresh_cpu_list(CpuRefreshKind::nothing());
    Host {
        ram_total_bytes: known(system.total_memory()),
        ram_available_bytes: known(system.available_memory()),
        cpu: system.cpus().first().map(|cpu| cpu.brand().trim().to_owned()).filter(|brand| !brand.is_empty()),
        physical_cores: System::physical_core_count(),
        os: System::long_os_version(),
    }
}

/// The library says 0 for what it cannot find out.
fn known(bytes: u64) -> Option<u64> {
    (bytes > 0).then_some(bytes)
}
