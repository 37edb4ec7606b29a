//! What crosses between boxes while a model runs over several: llama.cpp's RPC servers are told everything by the program that
//! was started.

use std::collections::BTreeSet;

use super::place::Placer;
use crate::estimate::DeviceEstimate;
use crate::estimate::step::Crossing;
use crate::model::layers::Mixer;
use crate::plan::{FIRST_BOX, Plan};

/// Bytes of one activation: results of layers are F32.
const ACTIVATION: f64 = 4.0;
/// Bytes that say of one cached token whether another sees it: flash attention reads F16, plain attention F32.
const MASK: f64 = 2.0;
const PLAIN_MASK: f64 = 4.0;

/// Each box that holds layers is handed the activations and hands them back, and each of its devices is told what a token may see.
pub(super) fn of(plan: &Plan, placer: &Placer<'_>, devices: &[DeviceEstimate]) -> Crossing {
    let remote = || devices.iter().filter(|device| device.in_box != FIRST_BOX && device.gpu_layers > 0);
    let boxes: BTreeSet<u32> = remote().map(|device| device.in_box).collect();
    if boxes.is_empty() {
        return Crossing::default();
    }
    let there_and_back = 2.0 * boxes.len() as f64;
    let attends = placer.prepared.layers.iter().any(|layer| matches!(layer.mixer, Mixer::Attention(_)));
    let mask = if plan.workload.flash_attention { MASK } else { PLAIN_MASK };
    Crossing {
        messages: there_and_back,
        token_bytes: there_and_back * ACTIVATION * placer.model.hidden_size as f64,
        seen_bytes: if attends { remote().count() as f64 * mask } else { 0.0 },
        loaded_bytes: remote().filter_map(|device| device.parts.weights).map(|bytes| bytes.0 as f64).sum(),
        cut: false,
        overlaps: placer.options.graph.remote.queue,
    }
}
