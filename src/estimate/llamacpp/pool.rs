//! Memory that CUDA's kernels take while a batch runs and give back to a pool of their own, which no buffer line shows.
//!
//! Law of `ggml_cuda_mul_mat_cublas_impl` (llama.cpp 0c1e57098, ggml-cuda.cu): without flash attention the weighted sum of the
//! values is a product of general matrices, whose scores, one for each cell, token and head, are turned into 16 bits. The pool
//! keeps what one layer needed. `ROCm`'s asks for 5 % more each time and keeps the smaller blocks of shorter contexts as well
//! (`ggml_cuda_pool_leg`). CUDA's maps memory as it needs it; no log shows how much of that stays, so nothing is added there.

use crate::catalog::runtime::Backend;
use crate::estimate::device::Device;
use crate::model::cache::Cells;
use crate::model::graph::F16;
use crate::model::layers::{Layer, Mixer};
use crate::units::{Band, Bytes};

/// What a pool of blocks asks for beyond what it needs.
const LOOK_AHEAD: f64 = 1.05;
/// The most that it is taken to keep of smaller blocks beside the largest, in sizes of that.
const KEPT_BESIDE: f64 = 1.0;

/// Bytes of the scores of the layer that has most of them, in 16 bits.
fn scores(layers: &[Layer], cells: &Cells) -> u64 {
    let heads_by_cells = |layer: &Layer| match layer.mixer {
        Mixer::Attention(attention) => attention.heads * cells.per_stream(attention.span),
        Mixer::None | Mixer::Recurrent(_) => 0,
    };
    layers.iter().map(heads_by_cells).max().unwrap_or(0) * cells.batch_tokens() * F16
}

/// Adds to each device what its pool keeps of attention without flash kernels, as far as the user did not measure it.
pub(super) fn add_scores(devices: &mut [Device<'_>], layers: &[Layer], cells: &Cells) {
    let scores = Bytes(scores(layers, cells));
    for device in devices.iter_mut().filter(|device| !device.overhead_is_own) {
        let (expected, high) = match device.backend {
            Backend::Rocm => (scores.scaled(LOOK_AHEAD), scores.scaled(LOOK_AHEAD + KEPT_BESIDE)),
            Backend::Cuda | Backend::Vulkan | Backend::Metal | Backend::Sycl | Backend::Cpu => continue,
        };
        let Band { low, expected: before, high: most } = device.overhead;
        device.overhead = Band { low, expected: before + expected, high: most + high };
    }
}
