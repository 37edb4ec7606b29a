//! What this machine has: its NVIDIA cards as the driver reports them, its RAM and its processor.

mod host;
mod machine;
mod nvml;

use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver};
use std::thread;

use serde::Serialize;

use super::Wake;

/// What was found. Whatever could not be asked is `None`, never 0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Detected {
    /// Whether the NVIDIA driver answers.
    pub nvml: NvmlState,
    /// The cards that could be asked, in the driver's order.
    pub cards: Vec<DetectedCard>,
    /// The cards that are there but could not be asked.
    pub unreadable: Vec<UnreadableCard>,
    /// The machine around them.
    pub host: Host,
}

/// Whether the NVIDIA driver answers (NVML is its library for questions).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum NvmlState {
    /// No driver is installed: nothing is wrong.
    #[default]
    NoDriver,
    /// It answers.
    Ready {
        /// Version of the driver, such as `570.86.15`.
        driver_version: Option<String>,
        /// The newest CUDA that the driver runs, such as `12.8`.
        cuda_version: Option<String>,
    },
    /// The library is installed, but the driver is not running.
    NotRunning,
    /// Library and driver are of different versions, as after an update without a restart.
    VersionMismatch,
    /// The user may not ask.
    NoPermission,
    /// Anything else, in the library's words on one line.
    Failed {
        /// What it said.
        reason: String,
    },
}

/// One device as the driver reports it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DetectedCard {
    /// Its place in the driver's order, from 0.
    pub index: u32,
    /// As the driver names it, such as `NVIDIA GeForce RTX 4090`.
    pub name: String,
    /// All VRAM in bytes, what nvidia-smi shows as total.
    pub memory_total_bytes: Option<u64>,
    /// VRAM in bytes that nothing holds just now.
    pub memory_free_bytes: Option<u64>,
    /// VRAM in bytes that programs hold just now; the driver's own share is in neither figure.
    pub memory_used_bytes: Option<u64>,
    /// Generation of the PCI Express link just now; an idle card slows its link down.
    pub pcie_gen: Option<u32>,
    /// The highest generation that card and slot reach together.
    pub pcie_gen_max: Option<u32>,
    /// Lanes of the link just now.
    pub pcie_lanes: Option<u32>,
    /// The most lanes that card and slot reach together.
    pub pcie_lanes_max: Option<u32>,
    /// Cut into instances (MIG): a program gets one of them, not the whole VRAM.
    pub mig: Option<bool>,
    /// A screen is drawn by this card.
    pub display_active: Option<bool>,
    /// Its address, such as `00000000:01:00.0`.
    pub pci_bus_id: Option<String>,
}

/// A card that is there but could not be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnreadableCard {
    /// Its place in the driver's order, from 0.
    pub index: u32,
    /// Why, in the library's words on one line.
    pub reason: String,
}

/// The machine around the cards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Host {
    /// RAM in bytes as the system counts it (firmware and integrated graphics have taken their share).
    pub ram_total_bytes: Option<u64>,
    /// RAM in bytes that a program could have just now.
    pub ram_available_bytes: Option<u64>,
    /// As the processor names itself.
    pub cpu: Option<String>,
    /// Cores, not threads.
    pub physical_cores: Option<usize>,
    /// Name and version of the operating system.
    pub os: Option<String>,
}

/// Finds out what a machine has. May take seconds, so it is asked off the window's thread.
pub trait Probe: Send {
    /// Asks anew.
    fn detect(&self) -> Detected;
}

/// A scripted answer, for tests.
impl Probe for Detected {
    fn detect(&self) -> Detected {
        self.clone()
    }
}

/// The machine that the program runs on.
#[derive(Debug, Clone, Default)]
pub struct ThisMachine {
    library: Option<PathBuf>,
}

impl ThisMachine {
    /// Asks the installed driver; or the library that `RIGPLAN_NVML` names, so that cards one does not have can be
    /// tried: `tests/fixtures/nvml/standin.c` is a library for that, and its head says how to build it.
    pub fn new() -> Self {
        Self { library: std::env::var_os("RIGPLAN_NVML").filter(|path| !path.is_empty()).map(PathBuf::from) }
    }

    /// Asks the NVML library at `path` and no other.
    pub fn with_library(path: PathBuf) -> Self {
        Self { library: Some(path) }
    }
}

impl Probe for ThisMachine {
    fn detect(&self) -> Detected {
        let nvml::Answer { state, cards, unreadable } = nvml::ask(self.library.as_deref());
        Detected { nvml: state, cards, unreadable, host: host::ask() }
    }
}

/// Detects on a thread of its own and calls `wake` when the answer lies in the channel.
///
/// Where the thread cannot be started or dies, the channel is closed without an answer.
pub fn detect_in_background(probe: impl Probe + 'static, wake: Wake) -> Receiver<Detected> {
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        // The window may be closed by now; then nobody wants the answer.
        let _ = sender.send(probe.detect());
        wake();
    };
    // A failed start drops the sender with `work`, and the receiver sees a closed channel.
    let _ = thread::Builder::new().name("detect".to_owned()).spawn(work);
    receiver
}
