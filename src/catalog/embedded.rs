//! The files of `data/` that travel in the binary.

/// Lists files of `data/` as names and texts.
macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../data/", $name)))),+]
    };
}

/// Cards, in the order that pickers show.
pub(super) const CARDS: &[(&str, &str)] = files![
    "cards/nvidia-geforce-rtx-50.ron",
    "cards/nvidia-geforce-rtx-40.ron",
    "cards/nvidia-geforce-rtx-30.ron",
    "cards/nvidia-geforce-rtx-20.ron",
    "cards/nvidia-geforce-older.ron",
    "cards/nvidia-geforce-laptop.ron",
    "cards/nvidia-workstation-blackwell.ron",
    "cards/nvidia-workstation-ada.ron",
    "cards/nvidia-workstation-older.ron",
    "cards/nvidia-workstation-laptop.ron",
    "cards/nvidia-datacenter-hbm.ron",
    "cards/nvidia-datacenter-gddr.ron",
    "cards/nvidia-unified.ron",
    "cards/amd-radeon.ron",
    "cards/amd-radeon-laptop.ron",
    "cards/amd-radeon-pro.ron",
    "cards/amd-instinct.ron",
    "cards/amd-unified.ron",
    "cards/apple.ron",
    "cards/intel.ron",
    "cards/other.ron",
];

pub(super) const PLATFORMS: &[(&str, &str)] = files!["platforms.ron"];

pub(super) const BOARDS: &[(&str, &str)] = files!["boards.ron"];
/// Kits of RAM.
pub(super) const RAM: &[(&str, &str)] = files!["ram.ron"];
/// Disks.
pub(super) const STORAGE: &[(&str, &str)] = files!["storage.ron"];
pub(super) const POWER_SUPPLIES: &[(&str, &str)] = files!["power_supplies.ron"];
pub(super) const EFFICIENCY: &[(&str, &str)] = files!["efficiency.ron"];
pub(super) const CASES: &[(&str, &str)] = files!["cases.ron"];
/// Processor coolers.
pub(super) const COOLERS: &[(&str, &str)] = files!["coolers.ron"];
/// Network cards and switches.
pub(super) const NETWORK: &[(&str, &str)] = files!["network.ron"];
/// Whole machines.
pub(super) const SYSTEMS: &[(&str, &str)] = files!["systems.ron"];

/// Offers to rent cards.
pub(super) const RENTS: &str = include_str!("../../data/rents.ron");

/// Overheads and rates.
pub(super) const RUNTIMES: &str = include_str!("../../data/runtimes.ron");

/// Constants of training.
pub(super) const TRAINING: &str = include_str!("../../data/training.ron");

/// Constants of the speed laws.
pub(super) const SPEEDS: &str = include_str!("../../data/speeds.ron");

pub(super) const SLICES: &str = include_str!("../../data/slices.ron");
pub(super) const CHIPS: &str = include_str!("../../data/chips.ron");
