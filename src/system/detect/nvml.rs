//! The cards, asked of the driver's library. Every question may fail by itself: under WSL or in a virtual machine some do.

use std::ffi::OsStr;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use nvml_wrapper::error::NvmlError;
use nvml_wrapper::{Device, Nvml, cuda_driver_version_major, cuda_driver_version_minor};
use serde::{Deserialize, Serialize};

use super::reading::CardReading;
use super::{DetectedCard, DriverFault, NvmlState, UnreadableCard, WholeCard, nvml_reading, processes};

/// Where WSL keeps the library when the linker does not know of it.
const WSL_LIBRARY: &str = "/usr/lib/wsl/lib/libnvidia-ml.so.1";

/// More devices than any board has; a broken library may name any number.
pub(super) const MOST_DEVICES: u32 = 256;
/// More slices than any card is cut into.
const MOST_SLICES: u32 = 16;
/// What scripts are told of a card that is cut into slices and not there: nobody can have it whole.
const NO_SLICES: &str = "it is cut into slices (MIG), and none of them is there for this user";

/// What the library said, as it said it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct NvmlReport {
    pub(super) state: NvmlState,
    pub(super) cards: Vec<DetectedCard>,
    pub(super) unreadable: Vec<UnreadableCard>,
}

/// The library, asked again and again.
pub(super) struct Driver {
    /// The one to load; the installed one where none is named.
    path: Option<PathBuf>,
    /// Where programs are listed: `/` but for trees that were recorded.
    root: PathBuf,
    /// Never shut down: the process ends with its last answer, and shutting down would only ask the library for one thing more.
    loaded: Option<ManuallyDrop<Nvml>>,
}

impl Driver {
    pub(super) fn new(path: Option<PathBuf>, root: &Path) -> Self {
        Self { path, root: root.to_owned(), loaded: None }
    }

    /// What it says now. One that could not be loaded is tried anew.
    pub(super) fn ask(&mut self) -> NvmlReport {
        let path = self.path.as_deref();
        let nvml = match self.loaded.take().map_or_else(|| load(path).map(ManuallyDrop::new), Ok) {
            Ok(nvml) => self.loaded.insert(nvml),
            Err(error) => return NvmlReport { state: state_of(&error, path), ..NvmlReport::default() },
        };
        let mut report = ask_library(nvml);
        for card in &mut report.cards {
            processes::complete(&self.root, card.now.processes.as_deref_mut().unwrap_or_default());
        }
        report
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

fn state_of(error: &NvmlError, path: Option<&Path>) -> NvmlState {
    match error {
        // No library means no driver, unless one was named.
        NvmlError::LibloadingError(_) if path.is_none() => NvmlState::NoDriver,
        NvmlError::LibraryNotFound => NvmlState::NoDriver,
        NvmlError::DriverNotLoaded => NvmlState::NotRunning,
        NvmlError::LibRmVersionMismatch => NvmlState::VersionMismatch,
        NvmlError::NoPermission => NvmlState::NoPermission,
        other => NvmlState::Failed { fault: DriverFault::of(other), reason: words(other) },
    }
}

fn ask_library(nvml: &Nvml) -> NvmlReport {
    let count = match nvml.device_count() {
        Ok(count) => count.min(MOST_DEVICES),
        Err(error) => return NvmlReport { state: state_of(&error, None), ..NvmlReport::default() },
    };
    let state = NvmlState::Ready {
        driver_version: nvml.sys_driver_version().ok(),
        cuda_version: nvml.sys_cuda_driver_version().ok().and_then(cuda_version),
    };
    let mut answer = NvmlReport { state, ..NvmlReport::default() };
    for index in 0..count {
        match nvml.device_by_index(index).and_then(|device| ask_device(index, &device)) {
            Ok(found) if found.is_empty() => {
                let (fault, reason) = (DriverFault::NoSlices, NO_SLICES.to_owned());
                answer.unreadable.push(UnreadableCard { index, fault, reason });
            }
            Ok(found) => answer.cards.extend(found),
            Err(error) => {
                let (fault, reason) = (DriverFault::of(&error), words(&error));
                answer.unreadable.push(UnreadableCard { index, fault, reason });
            }
        }
    }
    answer
}

/// The card, or its slices where it is cut into some. Fails where not even its name is told.
fn ask_device(index: u32, device: &Device<'_>) -> Result<Vec<DetectedCard>, NvmlError> {
    let card = ask_card(index, device, device.name()?);
    if card.mig != Some(true) {
        return Ok(vec![card]);
    }
    let most = device.mig_device_count().unwrap_or(MOST_SLICES).min(MOST_SLICES);
    // Places without a slice, and those of other users, are errors.
    let slices = (0..most).filter_map(|place| device.mig_device_by_index(place).ok());
    let asked = |slice: Device<'_>| {
        let memory = ask_card(index, &slice, slice.name().ok()?);
        let whole = WholeCard { name: card.name.clone(), memory_total_bytes: card.memory_total_bytes };
        Some(DetectedCard {
            name: memory.name,
            memory_total_bytes: memory.memory_total_bytes,
            memory_free_bytes: memory.memory_free_bytes,
            memory_used_bytes: memory.memory_used_bytes,
            slice_of: Some(whole),
            now: CardReading { processes: memory.now.processes, ..card.now.clone() },
            ..card.clone()
        })
    };
    Ok(slices.filter_map(asked).collect())
}

fn ask_card(index: u32, device: &Device<'_>, name: String) -> DetectedCard {
    let memory = device.memory_info().ok();
    DetectedCard {
        index,
        name: Some(name),
        memory_total_bytes: memory.as_ref().map(|memory| memory.total),
        memory_free_bytes: memory.as_ref().map(|memory| memory.free),
        memory_used_bytes: memory.as_ref().map(|memory| memory.used),
        pcie_gen: device.current_pcie_link_gen().ok(),
        pcie_gen_max: device.max_pcie_link_gen().ok(),
        pcie_lanes: device.current_pcie_link_width().ok(),
        pcie_lanes_max: device.max_pcie_link_width().ok(),
        mig: device.mig_mode().ok().map(|mode| mode.current != 0),
        display_active: device.is_display_active().ok(),
        pci_bus_id: device.pci_info().ok().map(|info| info.bus_id),
        slice_of: None,
        facts: nvml_reading::facts(device),
        now: nvml_reading::reading(device),
    }
}

/// NVML packs 12.8 as 12080.
fn cuda_version(version: i32) -> Option<String> {
    let packed = (1000..1_000_000).contains(&version);
    packed.then(|| format!("{}.{}", cuda_driver_version_major(version), cuda_driver_version_minor(version)))
}

/// An error on one line.
fn words(error: &NvmlError) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
