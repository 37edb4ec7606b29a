//! The files of `data/` that travel in the binary.

/// The texts of files of `data/`.
macro_rules! texts {
    ($($name:literal),+ $(,)?) => {
        [$(include_str!(concat!("../../data/", $name))),+]
    };
}

/// The edition of the tables.
pub(super) const EDITION: &str = include_str!("../../data/edition.ron");

/// Cards, in the order that pickers show.
pub(super) const CARDS: [&str; 21] = texts![
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

/// Offers to rent cards.
pub(super) const RENTS: &str = include_str!("../../data/rents.ron");

/// Overheads and rates.
pub(super) const RUNTIMES: &str = include_str!("../../data/runtimes.ron");

/// Constants of training.
pub(super) const TRAINING: &str = include_str!("../../data/training.ron");

/// Constants of the speed laws.
pub(super) const SPEEDS: &str = include_str!("../../data/speeds.ron");

pub(super) const SLICES: &str = include_str!("../../data/slices.ron");
/// Shares of unified memory.
pub(super) const UNIFIED: &str = include_str!("../../data/unified.ron");
/// How long chips are served.
pub(super) const LIFE: &str = include_str!("../../data/life.ron");
pub(super) const CHIPS: &str = include_str!("../../data/chips.ron");
