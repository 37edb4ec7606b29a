//! Which layer lies where: llama.cpp's layer split.
//!
//! Law of `llama_model::load_tensors` (llama.cpp 0.5.0-dev, commit 0c1e57098): the output layer counts as the last
//! layer, the first layers stay on the host, and layer `i` of the rest goes to the first device whose share of the
//! devices' free memory covers `i`.

use std::ops::Range;

/// The layers of one device; the output layer is layer number `num_hidden_layers`.
pub(super) type LayerRange = Range<u32>;

/// The layers that stay on the host, and those of each device, in device order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct LayerSplit {
    pub host: LayerRange,
    pub devices: Vec<LayerRange>,
}

/// The share of the layers that each device and those before it take, by their free memory; the last is 1.
///
/// The engine computes the shares in 32-bit floats; so does this, since an equal split depends on the last bit.
#[expect(clippy::cast_precision_loss, reason = "the engine's own rounding is reproduced")]
pub(super) fn shares(free: impl ExactSizeIterator<Item = u64>) -> Vec<f32> {
    let mut sum = 0.0_f32;
    let mut shares: Vec<f32> = free
        .map(|bytes| {
            sum += bytes as f32;
            sum
        })
        .collect();
    for share in &mut shares {
        *share /= sum;
    }
    shares
}

/// The shares that are given to so many devices; those that none is given to take nothing.
#[expect(clippy::cast_possible_truncation, reason = "the engine's own rounding is reproduced")]
pub(super) fn given(parts: &[f64], devices: usize) -> Vec<f32> {
    let mut sum = 0.0_f32;
    let parts = parts.iter().copied().chain(std::iter::repeat(0.0)).take(devices);
    let mut shares: Vec<f32> = parts
        .map(|part| {
            sum += part as f32;
            sum
        })
        .collect();
    for share in &mut shares {
        *share /= sum;
    }
    shares
}

/// Splits `layers` repeating layers and the output layer over devices that take these [`shares`], `gpu_layers` of them
/// on devices.
#[expect(clippy::cast_precision_loss, reason = "the engine's own rounding is reproduced")]
pub(super) fn split(layers: u32, gpu_layers: u32, shares: &[f32]) -> LayerSplit {
    let active = gpu_layers.min(layers + 1);
    let start = layers + 1 - active;
    let mut devices = Vec::with_capacity(shares.len());
    let mut first = start;
    for (index, share) in shares.iter().enumerate() {
        let mut end = first;
        let last = index + 1 == shares.len();
        while end < layers + 1 && (last || ((end - start) as f32 / active as f32) < *share) {
            end += 1;
        }
        devices.push(first..end);
        first = end;
    }
    LayerSplit { host: 0..start, devices }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_equal_cards_share_81_layers_as_the_engine_does() {
        let got = split(80, 81, &shares([24_u64 << 30; 2].into_iter()));
        assert_eq!(got.devices, [0..41, 41..81], "the first card takes the odd layer");
    }

    #[test]
    fn layers_go_where_they_are_sent() {
        // Figures of the engine: 60 layers of a 34B as 3:1, as 1:3, as 1:2:1.
        assert_eq!(split(60, 61, &given(&[3.0, 1.0], 2)).devices, [0..46, 46..61]);
        assert_eq!(split(60, 61, &given(&[1.0, 3.0], 2)).devices, [0..16, 16..61]);
        assert_eq!(split(60, 61, &given(&[1.0, 2.0, 1.0], 3)).devices, [0..16, 16..46, 46..61]);
        assert_eq!(split(60, 61, &given(&[1.0], 2)).devices, [0..61, 61..61], "a card without a share has none");
    }

    #[test]
    fn layers_that_are_not_asked_for_stay_on_the_host() {
        let got = split(32, 16, &shares([24_u64 << 30].into_iter()));
        assert_eq!(
            (got.host, got.devices.first()),
            (0..17, Some(&(17..33))),
            "the output layer counts as one of the sixteen"
        );
    }

    #[test]
    fn no_layer_on_the_gpu_leaves_all_on_the_host() {
        let got = split(32, 0, &shares([1_u64, 1].into_iter()));
        assert_eq!((got.host, got.devices), (0..33, vec![33..33, 33..33]), "nothing is placed");
    }
}
