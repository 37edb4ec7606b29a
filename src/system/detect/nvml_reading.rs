//! What NVML tells of a card beside its memory and its link. Each question may fail by itself.

use std::path::Path;

use nvml_wrapper::Device;
use nvml_wrapper::bitmasks::device::ThrottleReasons;
use nvml_wrapper::enum_wrappers::device::{Clock, TemperatureSensor};
use nvml_wrapper::enums::device::UsedGpuMemory;
use nvml_wrapper::struct_wrappers::device::ProcessInfo;

use super::reading::{CardFacts, CardReading, NvlinkPeer, Throttle, VramProcess};

/// More links than any card has; the first that cannot be asked ends the count.
const MOST_LINKS: u32 = 18;
/// The longest path of a program that is asked for, in bytes.
const LONGEST_PATH: usize = 512;
const MILLI: u32 = 1000;

/// What does not change.
pub(super) fn facts(device: &Device<'_>) -> CardFacts {
    let compute = device.cuda_compute_capability().ok();
    let links = nvlinks(device);
    CardFacts {
        compute_capability: compute.map(|it| format!("{}.{}", it.major, it.minor)),
        power_default_w: device.power_management_limit_default().ok().map(watts),
        clock_max_mhz: device.max_clock_info(Clock::SM).ok(),
        memory_clock_max_mhz: device.max_clock_info(Clock::Memory).ok(),
        ecc: device.is_ecc_enabled().ok().map(|mode| mode.currently_enabled),
        bar1_total_bytes: device.bar1_memory_info().ok().map(|window| window.total),
        nvlinks: links.as_ref().map(|links| links.up),
        nvlink_peers: links.map(|links| links.peers).unwrap_or_default(),
    }
}

/// What it does just now.
pub(super) fn reading(device: &Device<'_>) -> CardReading {
    CardReading {
        busy_percent: device.utilization_rates().ok().map(|rates| rates.gpu),
        temperature_c: device.temperature(TemperatureSensor::Gpu).ok(),
        power_w: device.power_usage().ok().map(watts),
        power_limit_w: device.enforced_power_limit().ok().map(watts),
        clock_mhz: device.clock_info(Clock::SM).ok(),
        memory_clock_mhz: device.clock_info(Clock::Memory).ok(),
        throttled: device.current_throttle_reasons().map(throttled).unwrap_or_default(),
        processes: processes(device),
    }
}

/// The programs on a card or a slice, named; `None` where neither list is told.
pub(super) fn processes(device: &Device<'_>) -> Option<Vec<VramProcess>> {
    let lists = [device.running_compute_processes().ok(), device.running_graphics_processes().ok()];
    if lists.iter().all(Option::is_none) {
        return None;
    }
    let mut found: Vec<VramProcess> = Vec::new();
    for process in lists.into_iter().flatten().flatten() {
        let bytes = held(&process);
        // One that both draws and calculates stands in both lists with all that it holds.
        match found.iter_mut().find(|known| known.pid == process.pid) {
            Some(known) => known.vram_bytes = known.vram_bytes.max(bytes),
            None => found.push(VramProcess {
                pid: process.pid,
                name: device.nvml().sys_process_name(process.pid, LONGEST_PATH).ok().and_then(|path| file_name(&path)),
                vram_bytes: bytes,
                ..VramProcess::default()
            }),
        }
    }
    Some(found)
}

const fn held(process: &ProcessInfo) -> Option<u64> {
    match process.used_gpu_memory {
        UsedGpuMemory::Used(bytes) => Some(bytes),
        UsedGpuMemory::Unavailable => None,
    }
}

/// The file of a command line such as `/home/me/bin/llama-server -m x`: where it lies is nobody's business.
pub(super) fn file_name(path: &str) -> Option<String> {
    let program = path.split_whitespace().next()?;
    let name = program.rsplit(['/', '\\']).next()?;
    (!name.is_empty() && Path::new(name).file_name().is_some()).then(|| name.to_owned())
}

fn throttled(reasons: ThrottleReasons) -> Vec<Throttle> {
    let heat = ThrottleReasons::SW_THERMAL_SLOWDOWN | ThrottleReasons::HW_THERMAL_SLOWDOWN;
    let brake = ThrottleReasons::HW_POWER_BRAKE_SLOWDOWN;
    // The general flag is set beside the one that says why.
    let other = reasons.contains(ThrottleReasons::HW_SLOWDOWN) && !reasons.intersects(heat | brake);
    let found = [
        (reasons.contains(ThrottleReasons::SW_POWER_CAP), Throttle::PowerLimit),
        (reasons.intersects(heat), Throttle::Heat),
        (reasons.contains(brake), Throttle::PowerBrake),
        (other, Throttle::Hardware),
    ];
    found.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason).collect()
}

/// The links of a card that are up, and where those lead that tell it.
struct Nvlinks {
    up: u32,
    peers: Vec<NvlinkPeer>,
}

/// `None` = it has none, or does not tell.
fn nvlinks(device: &Device<'_>) -> Option<Nvlinks> {
    let links = (0..MOST_LINKS).map(|link| device.link_wrapper_for(link));
    let mut told = links.map_while(|link| Some((link.is_active().ok()?, link))).peekable();
    told.peek()?;
    let mut found = Nvlinks { up: 0, peers: Vec::new() };
    for (_, link) in told.filter(|(up, _)| *up) {
        found.up += 1;
        let Ok(there) = link.remote_pci_info() else { continue };
        match found.peers.iter_mut().find(|peer| peer.pci_bus_id == there.bus_id) {
            Some(peer) => peer.links += 1,
            None => found.peers.push(NvlinkPeer { pci_bus_id: there.bus_id, links: 1 }),
        }
    }
    Some(found)
}

const fn watts(milliwatts: u32) -> u32 {
    milliwatts.div_ceil(MILLI)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_name_of_a_program_is_kept() {
        for (path, name) in [
            ("/home/me/llama.cpp/llama-server", Some("llama-server")),
            ("C:\\Users\\me\\ollama.exe", Some("ollama.exe")),
            ("python3 train.py --secret x", Some("python3")),
            ("", None),
            ("/", None),
        ] {
            assert_eq!(file_name(path).as_deref(), name, "{path}");
        }
    }
}
