//! What a placement starts from, and what it says: which bytes lie on which device and which on the host.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

use super::cache::{CacheBytes, Cells, Side};
use super::options::PlacementOptions;
use super::prepared::Prepared;
use super::split::{LayerSplit, given, shares, split};
use crate::catalog::model::Model;
use crate::estimate::Parts;
use crate::estimate::answer::is_far;
use crate::estimate::device::Device;
use crate::estimate::step::{HostReads, StepReads};
use crate::plan::{Drafter, SplitMode, Workload};
use crate::units::Bytes;

/// Everything a placement starts from.
#[derive(Debug)]
pub(super) struct Placer<'a> {
    /// The model.
    pub(super) model: &'a Model,
    /// The model in its quantization.
    pub(super) prepared: &'a Prepared,
    /// What else the workload decides.
    pub(super) options: PlacementOptions,
    /// What it runs on.
    pub(super) devices: &'a [Device<'a>],
    /// The caches.
    pub(super) cells: Cells,
    /// How the devices store rows: padded, or as the host does.
    pub(super) rows: Side,
    /// The share of the layers that each device and those before it take.
    pub(super) shares: Cow<'a, [f32]>,
    /// What a layer of each kind caches on a device and on the host, once it is asked for.
    pub(super) caches: OnceCell<[Vec<CacheBytes>; 2]>,
}

/// What each device offers beside its overhead and what is to be left free.
pub(super) type Rooms = Box<[Bytes]>;

/// A way to place the layers of a model and their experts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Way {
    /// Layers on the devices, the output layer counted.
    pub(super) gpu_layers: u32,
    /// The experts of the first so many layers lie in RAM.
    pub(super) cpu_experts: u32,
    /// How many of the layers each device takes; `None` = as the engine shares them out by itself.
    pub(super) counts: Option<Box<[u32]>>,
}

/// What lies where.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placement {
    /// What lies on each device.
    pub(super) devices: Vec<Placed>,
    /// What a step reads on each.
    pub(super) reads: Arc<[StepReads]>,
    /// Components on the host.
    pub(super) host: Parts,
    /// Layers that lie on the host.
    pub(super) host_layers: u32,
    /// What a step reads there.
    pub(super) host_reads: HostReads,
}

/// What lies on one device.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Placed {
    /// The components.
    pub(super) parts: Parts,
    /// Layers, the output layer counted.
    pub(super) layers: u32,
}

/// The share of each device and those before it, by what is free there.
fn by_room(devices: &[Device<'_>]) -> Cow<'static, [f32]> {
    match devices {
        [] | [_] => Cow::Borrowed(&[1.0]),
        several => Cow::Owned(shares(several.iter().map(|device| device.room().0.max(1)))),
    }
}

impl<'a> Placer<'a> {
    /// A placement of `prepared` over `devices`.
    pub(super) fn new(
        model: &'a Model,
        prepared: &'a Prepared,
        workload: &Workload,
        devices: &'a [Device<'a>],
        cells: Cells,
    ) -> Self {
        let options = PlacementOptions::of(workload, devices);
        let snapshots = if model.architecture.traits().rolls_back && workload.speculation.drafter == Drafter::Mtp {
            options.graph.rows
        } else {
            1
        };
        let cells = cells.with_snapshots(snapshots).for_layers(&prepared.layers, workload.flash_attention);
        let rows = if devices.iter().any(|device| !device.pads()) { Side::Host } else { Side::Device };
        let shares = by_room(devices);
        Self { model, prepared, options, devices, cells, rows, shares, caches: OnceCell::new() }
    }

    /// The same with layers shared out as the workload says, else by the room of these devices: what else goes there is not
    /// there yet. `order` = where the engine's devices stand in the plan, which lists the shares; `None` = as they are.
    pub(super) fn shared_by(self, devices: &[Device<'_>], workload: &Workload, order: Option<&[usize]>) -> Self {
        let shares = if workload.shares_by_hand() && devices.len() > 1 {
            let part = |place: &usize| workload.tensor_split.get(*place).copied().unwrap_or(0.0);
            let ordered: Option<Vec<f64>> = order.map(|order| order.iter().map(part).collect());
            Cow::Owned(given(ordered.as_deref().unwrap_or(&workload.tensor_split), devices.len()))
        } else {
            by_room(devices)
        };
        Self { shares, ..self }
    }

    /// The same with layers and experts placed another way.
    pub(super) fn placing(&self, way: &Way) -> Placer<'_> {
        let shares = match way.counts.as_deref() {
            Some(counts) if self.devices.len() > 1 => {
                Cow::Owned(shares(counts.iter().map(|layers| u64::from(*layers))))
            }
            _ => Cow::Borrowed(&*self.shares),
        };
        let options = PlacementOptions { cpu_experts: way.cpu_experts, ..self.options };
        Placer { options, shares, caches: self.caches.clone(), ..*self }
    }

    /// All layers, the output layer included.
    pub(super) fn all_layers(&self) -> u32 {
        self.prepared.layer_count() + 1
    }

    /// What each device offers beside its overhead and so much that is left free.
    pub(super) fn rooms(&self, margin: Bytes) -> Rooms {
        self.devices.iter().map(|device| device.room() - margin).collect()
    }

    /// Devices that each layer is cut across (`--split-mode tensor`); 1 where each has layers of its own.
    pub(super) fn cut(&self) -> usize {
        if self.options.split_mode == SplitMode::Tensor { self.devices.len().max(1) } else { 1 }
    }

    /// Which layers lie on which device with so many on all of them; cut layers lie on one device made of all.
    pub(super) fn split(&self, gpu_layers: u32) -> LayerSplit {
        let layers = self.prepared.layer_count();
        if self.devices.is_empty() {
            return LayerSplit { host: 0..layers + 1, devices: Vec::new() };
        }
        split(layers, gpu_layers, if self.cut() > 1 { &[1.0] } else { &self.shares })
    }

    /// Whether every device has room for the weights and caches of its layers, compute buffers left aside, and so much
    /// left free: where one has not, no layout is needed to know that the placement does not fit.
    pub(super) fn may_fit(&self, gpu_layers: u32, margin: Bytes) -> bool {
        if self.cut() > 1 {
            return true;
        }
        let split = self.split(gpu_layers);
        split.devices.iter().zip(self.devices).enumerate().all(|(index, (range, device))| {
            let (weights, caches) = self.stored(range);
            weights + self.sent_to(index) + Bytes(caches.kv) + Bytes(caches.recurrent) + margin <= device.room()
        })
    }

    /// Whether weights and caches of a device's layers alone exceed it so far that nothing runs: no layout is needed to
    /// know it.
    pub(super) fn is_far_beyond(&self, gpu_layers: u32) -> bool {
        if self.cut() > 1 {
            return false;
        }
        let split = self.split(gpu_layers);
        split.devices.iter().zip(self.devices).enumerate().any(|(index, (range, device))| {
            let (weights, caches) = self.stored(range);
            let least = weights + self.sent_to(index) + Bytes(caches.kv) + Bytes(caches.recurrent);
            is_far((least + device.overhead.expected).saturating_sub(device.usable), device.usable)
        })
    }

    /// Weights and caches of these layers on a device.
    pub(super) fn stored(&self, range: &Range<u32>) -> (Bytes, CacheBytes) {
        self.stored_without(range, self.options.cpu_experts)
    }

    /// Weights and caches of these layers on a device, with the experts of the first `cpu_experts` layers in RAM.
    pub(super) fn stored_without(&self, range: &Range<u32>, cpu_experts: u32) -> (Bytes, CacheBytes) {
        let prepared = self.prepared;
        let layers = prepared.layer_count();
        let repeating = range.start.min(layers)..range.end.min(layers);
        let has_output = range.end > layers && !range.is_empty();
        let weights = prepared.weights.on_device(repeating.clone(), cpu_experts, has_output, self.rows);
        let weights = weights + self.adapters(repeating.clone());
        (weights, prepared.caches(repeating, &self.caches()[0]))
    }

    /// What the adapters of these layers take.
    pub(super) fn adapters(&self, layers: Range<u32>) -> Bytes {
        Bytes(self.options.graph.adapters.bytes(self.prepared.adapted(layers)))
    }

    /// What rules send to this device, wherever its layers lie.
    pub(super) fn sent_to(&self, device: usize) -> Bytes {
        self.prepared.sent.bytes_on(device, self.rows == Side::Device)
    }

    /// What a layer of each kind caches on a device and on the host.
    pub(super) fn caches(&self) -> &[Vec<CacheBytes>; 2] {
        let prepared = self.prepared;
        self.caches.get_or_init(|| [self.rows, Side::Host].map(|side| prepared.cache_sizes(&self.cells, side)))
    }

    /// The output buffer on the host: logits of one token a sequence (`llama_context::output_reserve`).
    pub(super) fn output_bytes(&self) -> u64 {
        4 * self.model.vocab_size * self.cells.sequences
    }
}
