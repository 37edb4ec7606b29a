//! What training takes in the machine's RAM: processes, the checkpoint while it is read, batches, what cards put there.

use super::device_share::DeviceShare;
use crate::catalog::training::HostFacts;
use crate::estimate::answer::Parts;
use crate::plan::{Offload, Training};
use crate::units::{Bytes, GIB};

/// Batches that a loader process prepares ahead (`prefetch_factor`).
const PREFETCH: f64 = 2.0;
/// Ids, labels and mask of one token of a batch; ids and labels of one of a data set, 64 bits each.
const BATCH_TOKEN: f64 = 24.0;
const DATASET_TOKEN: f64 = 16.0;
/// Pinned buffers between `NVMe` and the cards: `buffer_count` 5 × `buffer_size` 1e8 elements of 4 bytes.
const NVME_BUFFERS: f64 = 2e9;

/// The host's parts; the processes' own memory stands as compute.
pub(super) fn parts(training: &Training, facts: &HostFacts, shares: &[DeviceShare], file: f64) -> Parts {
    let processes = shares.len() as f64;
    let workers = f64::from(training.loader_workers) * processes;
    let start = (facts.process_gib * processes + facts.worker_gib * workers) * GIB as f64;
    // One file of the checkpoint is mapped at a time, and processes share its pages.
    let loading = file.min(facts.file_gib * GIB as f64);
    let batch = training.sequence_length as f64 * f64::from(training.micro_batch) * BATCH_TOKEN;
    let data = if training.dataset_in_ram { training.dataset_tokens as f64 * DATASET_TOKEN } else { 0.0 };
    let running = data + workers * PREFETCH * batch;
    let on_disk = training.offload == Offload::Nvme;
    let sum = |of: fn(&DeviceShare) -> f64| shares.iter().map(of).sum::<f64>();
    let offloaded = |of: fn(&DeviceShare) -> f64| Some(bytes(if on_disk { 0.0 } else { sum(of) }));
    let pinned = if on_disk { NVME_BUFFERS } else { 0.0 };
    Parts {
        weights: offloaded(|share| share.in_ram.weights),
        optimizer: offloaded(|share| share.in_ram.optimizer),
        gradients: offloaded(|share| share.in_ram.gradients),
        activations: Some(bytes(sum(|share| share.in_ram.activations))),
        compute: Some(bytes(start + loading.max(running) + pinned)),
        ..Parts::NOTHING
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
pub(super) fn bytes(bytes: f64) -> Bytes {
    Bytes(bytes.round() as u64)
}
