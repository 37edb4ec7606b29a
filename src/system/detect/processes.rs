//! Programs beside the VRAM that they hold: names and RAM, where this system can see them.

use std::path::Path;

use super::figures;
use super::reading::VramProcess;
use super::small_file::{figure, text};

const KIB: u64 = 1024;

/// Adds what `/proc` says of each. In a container those outside have other numbers, or none.
pub(super) fn complete(root: &Path, processes: &mut [VramProcess]) {
    for process in processes {
        let folder = root.join("proc").join(process.pid.to_string());
        let Some(status) = text(&folder.join("status")) else { continue };
        if process.name.is_none() {
            process.name = figures::name(text(&folder.join("comm")));
        }
        let bytes = |name| figure(&status, name)?.checked_mul(KIB);
        process.ram_bytes = bytes("VmRSS");
        process.swap_bytes = bytes("VmSwap");
    }
}
