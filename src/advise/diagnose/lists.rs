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
/// A card of a framework's that is full.
pub(super) const FRAMEWORK: &[Cure] = &[Cure::FewerBits, Cure::SmallerBatch, Cure::MoreCards, Cure::Offload];
/// RAM of a program that is full.
pub(super) const HOST: &[Cure] = &[Cure::FewerBits, Cure::StreamData, Cure::FreeRam, Cure::MoreRam];
/// RAM of a machine that is full.
pub(super) const SYSTEM: &[Cure] = &[Cure::FewerBits, Cure::StreamData, Cure::FreeRam, Cure::MoreRam, Cure::MoreSwap];
/// RAM that somebody allots.
pub(super) const QUOTA: &[Cure] = &[Cure::ContainerLimit, Cure::FewerBits, Cure::StreamData];
/// Too little shared memory.
pub(super) const SHM: &[Cure] = &[Cure::SharedMemorySize, Cure::FewerWorkers];
/// Addresses that ran out.
pub(super) const ADDRESSES: &[Cure] = &[Cure::AddressLimit, Cure::FreeRam, Cure::MoreRam];
