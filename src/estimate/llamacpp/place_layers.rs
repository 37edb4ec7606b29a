//! Placement: which bytes lie where, for a given number of layers on the devices.

use super::compute::Buffers;
use super::place::{Placed, Placement, Placer};
use super::{device_parts, step_reads, tensor_split as tensor};
use crate::units::Bytes;

impl Placer<'_> {
    /// What lies where with so many layers on the devices.
    pub(super) fn place(&self, gpu_layers: u32, buffers: &mut Buffers) -> Placement {
        let prepared = self.prepared;
        let layers = prepared.layer_count();
        let experts = self.options.cpu_experts;
        let [_, host_caches] = self.caches();
        let split = self.split(gpu_layers);
        let compute = buffers.of(self, &split);
        let devices = split.devices.iter().zip(&compute).enumerate().map(|(index, (range, compute))| {
            let (weights, caches) = self.stored(range);
            let weights = weights + self.sent_to(index);
            Placed { parts: device_parts(weights, caches, *compute), layers: range.end - range.start }
        });
        let reads = split.devices.iter().enumerate();
        let reads = reads.map(|(index, range)| step_reads::on_device(self, index, range.clone()));
        let (devices, reads) = match self.cut() {
            0 | 1 => (devices.collect(), reads.collect()),
            // One device made of all, which each has an even part of.
            cut => (
                devices.flat_map(|whole| tensor::cut(&whole, cut, &prepared.layers)).collect(),
                reads.flat_map(|whole| std::iter::repeat_n(whole.cut(1.0 / cut as f64), cut)).collect(),
            ),
        };
        let host_layers = split.host.end.min(layers);
        let on_host = prepared.weights.on_host(host_layers, if self.devices.is_empty() { 0 } else { experts });
        let output = if split.host.end > layers { prepared.weights.output_on_host } else { Bytes::ZERO };
        let weights = prepared.weights.input.host + on_host + output + prepared.sent.host.sums.host;
        let weights = weights + self.adapters(0..host_layers);
        let caches = prepared.caches(0..host_layers, host_caches);
        let host = device_parts(weights, caches, compute.last().copied().unwrap_or(0));
        let host_reads = step_reads::on_host(self, split.host.end);
        Placement { devices, reads, host, host_layers: split.host.end, host_reads }
    }
}
