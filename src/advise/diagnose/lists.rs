//! Lists of cures that several programs' messages call for.

use super::cure::Cure;

/// A card of llama.cpp's that is full.
pub(super) const CARD: &[Cure] = &[
    Cure::FewerBits,
    Cure::SmallerCache,
    Cure::FlashAttention,
    Cure::ShorterContext,
    Cure::SmallerUbatch,
    Cure::MoreCards,
    Cure::Offload,
];
/// Too little shared memory.
pub(super) const SHM: &[Cure] = &[Cure::SharedMemorySize, Cure::FewerWorkers];
/// Addresses that ran out.
pub(super) const ADDRESSES: &[Cure] = &[Cure::AddressLimit, Cure::FreeRam, Cure::MoreRam];
