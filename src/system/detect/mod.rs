//! What this machine has: its cards as the driver and the system report them, its RAM and its processor.

mod answerer;
mod believable;
mod child;
mod description;
mod devices;
mod fault;
mod feed;
mod figures;
mod graphics;
pub mod history;
mod host;
mod machine;
mod nvml;
mod nvml_reading;
mod pci_link;
mod probe;
mod processes;
mod programs;
mod reading;
mod small_file;
mod system;
mod tool;
mod topology;
mod windows;
mod words;

use serde::{Deserialize, Serialize};

use super::system_fault::SystemFault;

pub use answerer::Subject;
pub use description::{DescriptionFault, MAX_DESCRIPTION_BYTES};
pub use devices::{DeviceKind, DeviceWarning, SeenDevice};
pub use fault::DriverFault;
pub use feed::Feed;
pub use graphics::GraphicsChip;
pub use host::{Disk, DiskKind, Host, Inside, MeasuredRates};
pub use pci_link::PciLink;
pub use probe::{Probe, ThisMachine, Watch, detect_in_background};
pub use programs::{RunningEngine, RunningProgram};
pub use reading::{CardFacts, CardReading, NvlinkPeer, Throttle, VramProcess};
pub use topology::PciPlace;

/// What was found. Whatever could not be asked is `None`, never 0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detected {
    /// Whether the NVIDIA driver answers.
    pub nvml: NvmlState,
    /// The cards that could be asked, in the driver's order.
    pub cards: Vec<DetectedCard>,
    /// The cards that are there but could not be asked.
    pub unreadable: Vec<UnreadableCard>,
    /// Graphics chips that the system lists and NVIDIA's driver does not: of other makers, or without their driver.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub graphics: Vec<GraphicsChip>,
    /// The machine around them.
    pub host: Host,
    /// Where cards are plugged in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<PciPlace>,
    /// Programs that may run a model. They are told to whoever sits here and written nowhere.
    #[serde(skip)]
    pub programs: Vec<RunningProgram>,
}

/// Whether the NVIDIA driver answers (NVML is its library for questions).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// It did not answer in time and was given up.
    TimedOut {
        /// How long it was waited for.
        seconds: u64,
    },
    /// Its library ended the process that asked it.
    Ended {
        /// By this signal.
        signal: Option<i32>,
        /// Or with this exit code.
        code: Option<i32>,
    },
    /// It was not asked, since no process could be started for that.
    NotAsked {
        /// Why the system started none, where it said so.
        #[serde(skip)]
        fault: Option<SystemFault>,
        /// What the system said, on one line.
        reason: String,
    },
    /// Anything else.
    Failed {
        /// Of what kind.
        #[serde(default, skip_serializing_if = "DriverFault::is_unknown")]
        fault: DriverFault,
        /// What the library said, on one line.
        reason: String,
    },
}

/// One device as the driver reports it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DetectedCard {
    /// Its place in the driver's order, from 0.
    pub index: u32,
    /// As the driver names it, such as `NVIDIA GeForce RTX 4090`.
    pub name: Option<String>,
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
    /// What this is a slice of, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slice_of: Option<WholeCard>,
    /// What it is.
    #[serde(skip_serializing_if = "CardFacts::is_empty")]
    pub facts: CardFacts,
    /// What it does just now.
    #[serde(skip_serializing_if = "CardReading::is_empty")]
    pub now: CardReading,
}

/// The card that a slice was cut from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WholeCard {
    /// As the driver names it.
    pub name: Option<String>,
    /// All its VRAM in bytes.
    pub memory_total_bytes: Option<u64>,
}

/// A card that is there but could not be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadableCard {
    /// Its place in the driver's order, from 0.
    pub index: u32,
    /// Of what kind that is.
    #[serde(default, skip_serializing_if = "DriverFault::is_unknown")]
    pub fault: DriverFault,
    /// Why, in the library's words on one line.
    pub reason: String,
}
