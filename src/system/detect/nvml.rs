//! The cards, asked of the driver's library. Every question may fail by itself: under WSL or in a virtual machine some do.

use std::ffi::OsStr;
use std::path::Path;

use nvml_wrapper::error::NvmlError;
use nvml_wrapper::{Device, Nvml, cuda_driver_version_major, cuda_driver_version_minor};

use super::{DetectedCard, NvmlState, UnreadableCard};
use crate::text::foreign;

/// Where WSL keeps the library when the linker does not know of it.
const WSL_LIBRARY: &str = "/usr/lib/wsl/lib/libnvidia-ml.so.1";

/// More devices than any board has; a broken library may name any number.
const MOST_DEVICES: u32 = 256;

/// What the library said.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) state: NvmlState,
    pub(super) cards: Vec<DetectedCard>,
    pub(super) unreadable: Vec<UnreadableCard>,
}

/// Asks the library at `path`, or the installed one.
pub(super) fn ask(path: Option<&Path>) -> Answer {
    match load(path) {
        Ok(nvml) => {
            let answer = ask_library(&nvml);
            release(nvml);
            answer
        }
        Err(error) => Answer { state: state_of(&error, path), ..Answer::default() },
    }
}

fn load(path: Option<&Path>) -> Result<Nvml, NvmlError> {
    let load_from = |path: &OsStr| Nvml::builder().lib_path(path).init();
    match path {
        Some(path) => load_from(path.as_os_str()),
        None => match Nvml::init() {
            Err(NvmlError::LibloadingError(_)) if cfg!(target_os = "linux") => load_from(OsStr::new(WSL_LIBRARY)),
            other => other,
        },
    }
}

/// Lets the library go. Dropping calls its shutdown and would panic where a broken library has none.
fn release(nvml: Nvml) {
    if nvml.lib().nvmlShutdown.is_err() {
        std::mem::forget(nvml);
    }
}

fn state_of(error: &NvmlError, path: Option<&Path>) -> NvmlState {
    match error {
        // No library means no driver, unless one was named.
        NvmlError::LibloadingError(_) if path.is_none() => NvmlState::NoDriver,
        NvmlError::LibraryNotFound => NvmlState::NoDriver,
        NvmlError::DriverNotLoaded => NvmlState::NotRunning,
        NvmlError::LibRmVersionMismatch => NvmlState::VersionMismatch,
        NvmlError::NoPermission => NvmlState::NoPermission,
        other => NvmlState::Failed { reason: words(other) },
    }
}

fn ask_library(nvml: &Nvml) -> Answer {
    let count = match nvml.device_count() {
        Ok(count) => count.min(MOST_DEVICES),
        Err(error) => return Answer { state: state_of(&error, None), ..Answer::default() },
    };
    let state = NvmlState::Ready {
        driver_version: nvml.sys_driver_version().ok().and_then(|version| said(&version)),
        cuda_version: nvml.sys_cuda_driver_version().ok().map(cuda_version),
    };
    let mut answer = Answer { state, ..Answer::default() };
    for index in 0..count {
        match nvml.device_by_index(index).and_then(|device| ask_card(index, &device)) {
            Ok(card) => answer.cards.push(card),
            Err(error) => answer.unreadable.push(UnreadableCard { index, reason: words(&error) }),
        }
    }
    answer
}

/// Fails for a card without a name alone: there is no planning with it.
fn ask_card(index: u32, device: &Device<'_>) -> Result<DetectedCard, NvmlError> {
    let name = said(&device.name()?).ok_or(NvmlError::NoData)?;
    let memory = device.memory_info().ok().filter(|memory| memory.total > 0);
    Ok(DetectedCard {
        index,
        name,
        memory_total_bytes: memory.as_ref().map(|memory| memory.total),
        memory_free_bytes: memory.as_ref().map(|memory| memory.free),
        memory_used_bytes: memory.as_ref().map(|memory| memory.used),
        pcie_gen: known(device.current_pcie_link_gen()),
        pcie_gen_max: known(device.max_pcie_link_gen()),
        pcie_lanes: known(device.current_pcie_link_width()),
        pcie_lanes_max: known(device.max_pcie_link_width()),
        mig: device.mig_mode().ok().map(|mode| mode.current != 0),
        display_active: device.is_display_active().ok(),
        pci_bus_id: device.pci_info().ok().and_then(|info| said(&info.bus_id)),
    })
}

/// Some drivers say 0 for what they do not know.
fn known(answer: Result<u32, NvmlError>) -> Option<u32> {
    answer.ok().filter(|&value| value > 0)
}

/// NVML packs 12.8 as 12080.
fn cuda_version(version: i32) -> String {
    format!("{}.{}", cuda_driver_version_major(version), cuda_driver_version_minor(version))
}

/// A name as it can be shown; `None` for an empty one.
fn said(text: &str) -> Option<String> {
    let text = foreign(text);
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// An error on one line.
fn words(error: &NvmlError) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
