//! Layers that are cut across devices (`--split-mode tensor`): what each device holds of them.
//!
//! Law of llama.cpp's `docs/multi-gpu.md` (commit 5815cb840, 2026): weights and KV cache are cut evenly, the devices
//! act as one. Of the compute buffer nothing is documented: each device is taken to hold what a single one would, which
//! is the most that it can be. The engine calls the mode experimental, and the plan says so.

use super::place::Placed;
use crate::catalog::model::Architecture;
use crate::catalog::quantization::KvPrecision;
use crate::catalog::runtime::Backend;
use crate::estimate::device::Device;
use crate::estimate::{Parts, Refusal};
use crate::model::layers::{Layer, Mixer};
use crate::plan::Workload;
use crate::units::Bytes;

/// Whether the engine cuts this model's layers across these devices.
///
/// # Errors
/// What it refuses at its start.
pub(super) fn check(workload: &Workload, architecture: Architecture, devices: &[Device<'_>]) -> Result<(), Refusal> {
    if devices.len() < 2 {
        return Ok(());
    }
    if !workload.flash_attention {
        return Err(Refusal::TensorFlash);
    }
    let plain = |precision: KvPrecision| precision.block_type().is_some_and(|block| !block.is_quantized());
    if !plain(workload.kv_cache.k) || !plain(workload.kv_cache.v) {
        return Err(Refusal::TensorCache);
    }
    if !architecture.traits().tensor_split {
        return Err(Refusal::TensorArchitecture);
    }
    let cuts = |device: &Device<'_>| matches!(device.backend, Backend::Cuda | Backend::Rocm);
    if devices.iter().all(cuts) { Ok(()) } else { Err(Refusal::TensorBackend) }
}

/// What each of so many devices holds of `whole`: weights and states evenly, the KV cache by whole heads.
pub(super) fn cut(whole: &Placed, devices: usize, layers: &[Layer]) -> Vec<Placed> {
    let heads = layers.iter().find_map(|layer| match &layer.mixer {
        Mixer::Attention(attention) => Some(attention.kv_heads.max(1)),
        _ => None,
    });
    (0..devices as u64)
        .map(|index| {
            let part =
                |bytes: Option<Bytes>, units: u64| bytes.map(|bytes| portion(bytes, units, devices as u64, index));
            let parts = Parts {
                weights: part(whole.parts.weights, u64::MAX),
                kv_cache: part(whole.parts.kv_cache, heads.unwrap_or(u64::MAX)),
                recurrent_state: part(whole.parts.recurrent_state, u64::MAX),
                ..whole.parts
            };
            let layers = u64::from(whole.layers);
            let layers = layers / devices as u64 + u64::from(index < layers % devices as u64);
            Placed { parts, layers: u32::try_from(layers).unwrap_or(u32::MAX) }
        })
        .collect()
}

/// The share of device `index` in `bytes` of so many equal units, the first devices taking one more where they do not
/// divide.
fn portion(bytes: Bytes, units: u64, devices: u64, index: u64) -> Bytes {
    let units = units.min(bytes.0).max(1);
    let (each, more) = (units / devices, units % devices);
    let before = |index: u64| {
        let units_before = u128::from(index * each + index.min(more));
        u64::try_from(u128::from(bytes.0) * units_before / u128::from(units)).unwrap_or(u64::MAX)
    };
    Bytes(before(index + 1) - before(index))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portions_add_up_and_whole_units_stay_whole() {
        for (bytes, units, devices) in [(1000, 8, 3), (1001, u64::MAX, 4), (7, 8, 16), (0, 8, 2), (1 << 40, 8, 8)] {
            let portions: Vec<u64> = (0..devices).map(|index| portion(Bytes(bytes), units, devices, index).0).collect();
            assert_eq!(portions.iter().sum::<u64>(), bytes);
            assert!(portions.is_sorted_by(|first, second| first >= second || first + 1 == *second), "{portions:?}");
        }
        assert_eq!(portion(Bytes(800), 8, 3, 0), Bytes(300));
        assert_eq!(portion(Bytes(800), 8, 3, 2), Bytes(200));
    }
}
