//! What training takes in the machine's RAM: processes, the checkpoint while it is read, batches, what cards put there.

use super::device_share::DeviceShare;
use crate::catalog::training::HostFacts;
use crate::estimate::answer::Parts;
use crate::estimate::explanation::{Quantity as Q, Term};
use crate::plan::{Offload, Training};
use crate::text::Key;
use crate::units::{Bytes, GIB};

/// Batches that a loader process prepares ahead (`prefetch_factor`).
const PREFETCH: f64 = 2.0;
/// Ids, labels and mask of one token of a batch; ids and labels of one of a data set, 64 bits each.
const BATCH_TOKEN: f64 = 24.0;
const DATASET_TOKEN: f64 = 16.0;
/// Pinned buffers between `NVMe` and the cards: `buffer_count` 5 × `buffer_size` 1e8 elements of 4 bytes.
const NVME_BUFFERS: f64 = 2e9;

/// What `processes` of a run take by themselves; `file` = bytes of the checkpoint.
pub(super) fn processes(training: &Training, facts: &HostFacts, processes: usize, file: f64) -> Vec<Term> {
    let gib = |gib: f64| Q::CardBytes.of(gib * GIB as f64);
    let processes = processes as f64;
    let workers = Q::Processes.of(f64::from(training.loader_workers) * processes);
    // One file of the checkpoint is mapped at a time, and processes share its pages.
    let loading = vec![Term::of(Key::TermCheckpointFile, [Q::CardBytes.of(file.min(facts.file_gib * GIB as f64))])];
    let batch = [Q::MicroBatches.of(f64::from(training.micro_batch)), Q::Tokens.of(training.sequence_length as f64)];
    let data = [Q::Tokens.of(training.dataset_tokens as f64), Q::ElementBytes.of(DATASET_TOKEN)];
    let prepared = [workers, Q::Times.of(PREFETCH)].into_iter().chain(batch).chain([Q::ElementBytes.of(BATCH_TOKEN)]);
    let data = training.dataset_in_ram.then(|| Term::of(Key::TermDataset, data));
    let running: Vec<Term> = data.into_iter().chain([Term::of(Key::TermBatches, prepared)]).collect();
    let bytes = |terms: &[Term]| terms.iter().map(Term::multiplied).sum::<f64>();
    let fuller = if bytes(&loading) < bytes(&running) { running } else { loading };
    let pinned = if training.offload == Offload::Nvme { NVME_BUFFERS } else { 0.0 };
    let own = [
        Term::of(Key::TermProcesses, [Q::Processes.of(processes), gib(facts.process_gib)]),
        Term::of(Key::TermLoaders, [workers, gib(facts.worker_gib)]),
        Term::of(Key::TermDiskBuffers, [Q::CardBytes.of(pinned)]),
    ];
    own.into_iter().chain(fuller).collect()
}

/// The host's parts; the processes' own memory stands as compute.
pub(super) fn parts(training: &Training, facts: &HostFacts, shares: &[DeviceShare], file: f64) -> Parts {
    let on_disk = training.offload == Offload::Nvme;
    let sum = |of: fn(&DeviceShare) -> f64| shares.iter().map(of).sum::<f64>();
    let offloaded = |of: fn(&DeviceShare) -> f64| Some(bytes(if on_disk { 0.0 } else { sum(of) }));
    let own: f64 = processes(training, facts, shares.len(), file).iter().map(Term::multiplied).sum();
    Parts {
        weights: offloaded(|share| share.in_ram.weights),
        optimizer: offloaded(|share| share.in_ram.optimizer),
        gradients: offloaded(|share| share.in_ram.gradients),
        activations: Some(bytes(sum(|share| share.in_ram.activations))),
        compute: Some(bytes(own)),
        ..Parts::NOTHING
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
pub(super) fn bytes(bytes: f64) -> Bytes {
    Bytes(bytes.round() as u64)
}
