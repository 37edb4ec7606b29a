//! One answer, in the order of keys that the contract gives.

use super::json::Json;
use super::request::Request;
use super::words;
use super::{assumed, training_run};
use crate::advise::inverse::Limits;
use crate::catalog::Catalog;
use crate::estimate::speed::Speed;
use crate::estimate::{DeviceEstimate, Estimate, HostEstimate};
use crate::plan::Plan;
use crate::units::Bytes;

/// What one request is answered with.
#[derive(Debug)]
pub(super) struct Answer<'a> {
    /// The request.
    pub request: &'a Request,
    /// The request put into a plan.
    pub plan: &'a Plan,
    /// Where the plan's names lead.
    pub catalog: &'a Catalog,
    /// What the keys that the request leaves out were filled from: said in the answer, except where a file gave them.
    pub defaults_assumed: bool,
    /// The estimate of the plan.
    pub estimate: &'a Estimate,
    /// What still fits, where it was asked.
    pub limits: Option<&'a Limits>,
}

impl Answer<'_> {
    /// Appends the answer, without a line end.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let mut json = Json(out);
        let estimate = self.estimate;
        id(&mut json, self.request.id.as_deref());
        json.raw(",\"verdict\":");
        json.raw(estimate.verdict.map_or("null", words::verdict_key));
        json.raw(",\"params\":");
        json.value(&estimate.params);
        json.bytes(",\"weights_bytes\":", estimate.weights);
        json.raw(",\"bits_per_weight\":");
        json.value(&estimate.bits_per_weight);
        json.raw(",\"devices\":[");
        for (index, one) in estimate.devices.iter().enumerate() {
            if index > 0 {
                json.raw(",");
            }
            device(&mut json, one);
        }
        json.raw("],\"host\":");
        host(&mut json, &estimate.host);
        speed(&mut json, &estimate.speed);
        if let Some(step) = &estimate.training {
            training_run::write(&mut json, self.plan, self.catalog, step);
        }
        json.raw(",\"warnings\":[");
        for (index, warning) in estimate.warnings.iter().enumerate() {
            if index > 0 {
                json.raw(",");
            }
            json.value(&*words::warning(warning));
        }
        json.raw("],\"assumed\":{");
        if self.defaults_assumed {
            assumed::write(&mut json, self.request, self.plan, self.catalog);
        }
        json.raw("}");
        if let Some(limits) = self.limits {
            largest(&mut json, limits);
        }
        json.raw("}");
    }
}

/// Appends the answer to a request that cannot be answered, without a line end.
pub(super) fn write_error(out: &mut Vec<u8>, request_id: Option<&str>, problem: &str) {
    let mut json = Json(out);
    id(&mut json, request_id);
    json.raw(",\"error\":");
    json.value(problem);
    json.raw("}");
}

fn id(json: &mut Json<'_>, id: Option<&str>) {
    json.raw("{\"id\":");
    json.raw(id.unwrap_or("null"));
}

fn device(json: &mut Json<'_>, device: &DeviceEstimate) {
    let parts = &device.parts;
    json.bytes("{\"capacity_bytes\":", Some(device.capacity));
    json.bytes(",\"usable_bytes\":", Some(device.usable));
    json.bytes(",\"weights_bytes\":", parts.weights);
    json.bytes(",\"kv_cache_bytes\":", parts.kv_cache);
    json.bytes(",\"recurrent_state_bytes\":", parts.recurrent_state);
    json.bytes(",\"compute_bytes\":", parts.compute);
    json.bytes(",\"activations_bytes\":", parts.activations);
    json.bytes(",\"gradients_bytes\":", parts.gradients);
    json.bytes(",\"optimizer_bytes\":", parts.optimizer);
    if let Some(pool) = device.kv_pool {
        json.bytes(",\"kv_pool_bytes\":", Some(pool));
    }
    json.bytes(",\"overhead_bytes\":", Some(device.overhead.expected));
    json.bytes(",\"total_bytes\":", device.total);
    json.raw(",\"gpu_layers\":");
    json.number(u64::from(device.gpu_layers));
    json.raw("}");
}

fn host(json: &mut Json<'_>, host: &HostEstimate) {
    let parts = &host.parts;
    json.bytes("{\"weights_bytes\":", parts.weights);
    json.bytes(",\"kv_cache_bytes\":", parts.kv_cache);
    json.bytes(",\"recurrent_state_bytes\":", parts.recurrent_state);
    json.bytes(",\"compute_bytes\":", parts.compute);
    json.bytes(",\"output_bytes\":", host.output);
    // Only training puts these into RAM.
    for (key, part) in [(",\"activations_bytes\":", parts.activations), (",\"gradients_bytes\":", parts.gradients)] {
        if part != Some(Bytes::ZERO) {
            json.bytes(key, part);
        }
    }
    json.bytes(",\"optimizer_bytes\":", parts.optimizer);
    json.bytes(",\"total_bytes\":", host.total);
    json.raw("}");
}

fn speed(json: &mut Json<'_>, speed: &Speed) {
    json.band(",\"speed\":{\"decode_tokens_per_s\":", speed.decode);
    json.band(",\"decode_total_tokens_per_s\":", speed.decode_total);
    json.band(",\"prefill_tokens_per_s\":", speed.prefill);
    json.band(",\"time_to_first_token_s\":", speed.first_token);
    json.raw(",\"load_s\":");
    match speed.load {
        Some(load) => json.figure(load.expected),
        None => json.raw("null"),
    }
    json.band(",\"power_w\":", speed.power);
    json.band(",\"energy_kwh_per_million_tokens\":", speed.energy);
    json.band(",\"train_tokens_per_s\":", speed.train);
    json.raw("}");
}

/// What still fits without spilling, or, where the plan spills anyway, with the RAM it may take.
fn largest(json: &mut Json<'_>, limits: &Limits) {
    json.raw(",\"largest\":{\"context\":");
    json.value(&limits.context_in_vram.or(limits.context_with_ram));
    json.raw(",\"sequences\":");
    json.value(&limits.sequences_in_vram.or(limits.sequences_with_ram));
    json.raw(",\"gpu_layers\":");
    json.value(&limits.gpu_layers);
    json.raw("}");
}
