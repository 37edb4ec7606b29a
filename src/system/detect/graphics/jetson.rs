//! NVIDIA's Jetson modules: the graphics are part of the chip, on no bus, and the board says which module it is.

use std::path::Path;

use super::GraphicsChip;
use crate::catalog::card::PciId;
use crate::system::detect::small_file::text;

/// No number on the bus: the maker's, and none.
const CHIP: PciId = PciId { vendor: 0x10DE, device: 0 };
/// What a board is called beside its module.
const OF_BOARDS: [&str; 2] = [" Engineering Reference", " Developer Kit"];

pub(super) fn chip(root: &Path) -> Option<GraphicsChip> {
    let model = text(&root.join("proc/device-tree/model"))?;
    let model = model.trim_end_matches('\0');
    if !model.contains("Jetson") {
        return None;
    }
    let mut chip = GraphicsChip::new(CHIP, "jetson".to_owned());
    chip.name = Some(OF_BOARDS.iter().fold(model.to_owned(), |name, word| name.replace(word, "")));
    chip.integrated = true;
    Some(chip)
}
