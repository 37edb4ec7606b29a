//! How much is estimated at most.

use crate::plan::Runtime;

/// Devices beside the CPU that one process of llama.cpp runs (`GGML_SCHED_MAX_BACKENDS`).
const ENGINE_DEVICES: usize = 15;
/// More devices than this are not estimated.
pub(super) const MOST_DEVICES: usize = 250;
/// More cells than any machine holds; keeps every sum of bytes within 64 bits.
pub(super) const MOST_CELLS: u64 = 1 << 34;

/// How many devices one process of an engine can drive, as far as it has a limit of its own.
pub const fn most_devices(runtime: Runtime) -> usize {
    match runtime {
        Runtime::LlamaCpp => ENGINE_DEVICES,
        _ => MOST_DEVICES,
    }
}
