//! Curves: one input varied, `estimate` asked at each point.

use crate::estimate::Parts;
use crate::units::Bytes;

/// One point of the memory-against-context curve, VRAM and RAM together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContextPoint {
    /// Tokens a sequence.
    pub context: u64,
    /// Components over all devices and the host (compute includes runtime overhead and host buffers).
    pub parts: Parts,
    /// What lies on the devices, overhead included.
    pub in_vram: Option<Bytes>,
    /// What lies in RAM, without the operating system.
    pub in_ram: Option<Bytes>,
}
