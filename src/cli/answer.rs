//! One answer, in the order of keys that the contract gives.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::also::AlsoJson;
use super::json::{Rounded, RoundedBand, append};
use super::remedies::LadderJson;
use super::request::Request;
use super::training_run::TrainingRunJson;
use super::{assumed, words};
use crate::advise::inverse::Limits;
use crate::advise::remedies::Ladder;
use crate::catalog::Catalog;
use crate::estimate::speed::Speed;
use crate::estimate::{DeviceEstimate, Estimate, HostEstimate, Verdict, Warning};
use crate::plan::inputs::Choice as _;
use crate::plan::{FIRST_BOX, Plan};
use crate::text::Locale;
use crate::units::Bytes;

/// What one request is answered with.
#[derive(Debug, Clone, Copy)]
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
    /// The ways to make it fit, where they were asked.
    pub ladder: Option<&'a Ladder>,
}

impl Answer<'_> {
    /// Appends the answer, without a line end.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let estimate = self.estimate;
        let runs = estimate.verdict.is_some_and(|verdict| verdict != Verdict::DoesNotFit);
        let answer = AnswerJson {
            id: RequestId(self.request.id.as_deref()),
            verdict: estimate.verdict,
            params: estimate.params,
            weights_bytes: estimate.weights,
            bits_per_weight: estimate.bits_per_weight,
            devices: &estimate.devices,
            cpu_experts: Some(estimate.experts.first).filter(|first| *first > 0),
            cpu_expert_bytes: Some(estimate.experts.bytes).filter(|bytes| *bytes > Bytes::ZERO),
            host: HostJson::of(&estimate.host),
            running: if runs { estimate.queue.running } else { 0 },
            waiting: if runs { estimate.queue.waiting } else { 0 },
            speed: SpeedJson::of(&estimate.speed),
            network: estimate.speed.network.map(|crossing| NetworkJson {
                link: self.plan.machine.joined_by(self.catalog).name(),
                bytes_per_step: Rounded(crossing.bytes),
                seconds_per_step: crossing.seconds.into(),
            }),
            training: estimate
                .training
                .as_deref()
                .map(|step| TrainingRunJson::of(self.plan, self.catalog, (estimate, step))),
            also: (!estimate.also.is_empty()).then(|| AlsoJson {
                plan: self.plan,
                estimate,
                catalog: self.catalog,
                request: self.defaults_assumed.then_some(self.request),
            }),
            warnings: &estimate.warnings,
            assumed: Assumed(self),
            largest: self.limits.map(LargestJson::of),
            ways: self.ladder.map(|ladder| LadderJson::of(ladder, self.plan, self.catalog)),
        };
        append(out, &answer);
    }
}

/// Appends the answer to a request that cannot be answered, without a line end.
pub(super) fn write_error(out: &mut Vec<u8>, request_id: Option<&str>, problem: &str) {
    append(out, &ErrorJson { id: RequestId(request_id), error: problem });
}

#[derive(Serialize)]
struct ErrorJson<'a> {
    id: RequestId<'a>,
    error: &'a str,
}

#[derive(Serialize)]
struct AnswerJson<'a> {
    id: RequestId<'a>,
    verdict: Option<Verdict>,
    params: Option<u64>,
    weights_bytes: Option<Bytes>,
    bits_per_weight: Option<f64>,
    #[serde(serialize_with = "devices")]
    devices: &'a [DeviceEstimate],
    // The experts of the first so many layers lie in RAM, and what those take whose layers do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    cpu_experts: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cpu_expert_bytes: Option<Bytes>,
    host: HostJson,
    running: u32,
    waiting: u32,
    speed: SpeedJson,
    // What crosses between computers that share the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<NetworkJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    training: Option<TrainingRunJson<'a>>,
    // What runs beside.
    #[serde(skip_serializing_if = "Option::is_none")]
    also: Option<AlsoJson<'a>>,
    #[serde(serialize_with = "warnings")]
    warnings: &'a [Warning],
    assumed: Assumed<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    largest: Option<LargestJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ways: Option<LadderJson>,
}

/// The JSON text of an id, echoed as it was written.
struct RequestId<'a>(Option<&'a str>);

impl Serialize for RequestId<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: Option<&RawValue> = self.0.and_then(|id| serde_json::from_str(id).ok());
        raw.serialize(serializer)
    }
}

fn devices<S: Serializer>(devices: &[DeviceEstimate], serializer: S) -> Result<S::Ok, S::Error> {
    let several = devices.iter().any(|device| device.in_box != FIRST_BOX);
    serializer.collect_seq(devices.iter().map(|device| DeviceJson::of(device, several)))
}

fn warnings<S: Serializer>(warnings: &[Warning], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(warnings.iter().map(|warning| words::warning(warning, Locale::En)))
}

#[derive(Serialize)]
pub(super) struct DeviceJson {
    // The computer that it stands in, counted from 1, where the cards stand in several.
    #[serde(rename = "box", skip_serializing_if = "Option::is_none")]
    in_box: Option<u32>,
    capacity_bytes: Bytes,
    usable_bytes: Bytes,
    weights_bytes: Option<Bytes>,
    // Weights of the part that sees, and buffers of what runs beside the model.
    #[serde(skip_serializing_if = "is_nothing")]
    vision_bytes: Option<Bytes>,
    kv_cache_bytes: Option<Bytes>,
    recurrent_state_bytes: Option<Bytes>,
    compute_bytes: Option<Bytes>,
    #[serde(skip_serializing_if = "is_nothing")]
    beside_bytes: Option<Bytes>,
    activations_bytes: Option<Bytes>,
    gradients_bytes: Option<Bytes>,
    optimizer_bytes: Option<Bytes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kv_pool_bytes: Option<Bytes>,
    overhead_bytes: Bytes,
    // What PyTorch's allocator keeps beside the total and gives back before memory runs out.
    #[serde(skip_serializing_if = "Option::is_none")]
    cached_bytes: Option<Bytes>,
    // What other programs of the plan take.
    #[serde(skip_serializing_if = "is_nothing")]
    also_bytes: Option<Bytes>,
    total_bytes: Option<Bytes>,
    gpu_layers: u32,
}

impl DeviceJson {
    pub(super) const fn of(device: &DeviceEstimate, several_boxes: bool) -> Self {
        let parts = device.parts;
        Self {
            in_box: if several_boxes { Some(device.in_box + 1) } else { None },
            capacity_bytes: device.capacity,
            usable_bytes: device.usable,
            weights_bytes: parts.weights,
            vision_bytes: parts.vision,
            kv_cache_bytes: parts.kv_cache,
            recurrent_state_bytes: parts.recurrent_state,
            compute_bytes: parts.compute,
            beside_bytes: parts.beside,
            activations_bytes: parts.activations,
            gradients_bytes: parts.gradients,
            optimizer_bytes: parts.optimizer,
            kv_pool_bytes: device.kv_pool,
            overhead_bytes: device.overhead.expected,
            cached_bytes: if device.cached.0 > 0 { Some(device.cached) } else { None },
            also_bytes: device.also,
            total_bytes: device.total,
            gpu_layers: device.gpu_layers,
        }
    }
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "keys of the contract")]
pub(super) struct HostJson {
    weights_bytes: Option<Bytes>,
    #[serde(skip_serializing_if = "is_nothing")]
    vision_bytes: Option<Bytes>,
    kv_cache_bytes: Option<Bytes>,
    recurrent_state_bytes: Option<Bytes>,
    compute_bytes: Option<Bytes>,
    #[serde(skip_serializing_if = "is_nothing")]
    beside_bytes: Option<Bytes>,
    output_bytes: Option<Bytes>,
    // Only training puts these into RAM.
    #[serde(skip_serializing_if = "is_nothing")]
    activations_bytes: Option<Bytes>,
    #[serde(skip_serializing_if = "is_nothing")]
    gradients_bytes: Option<Bytes>,
    optimizer_bytes: Option<Bytes>,
    #[serde(skip_serializing_if = "is_nothing")]
    also_bytes: Option<Bytes>,
    total_bytes: Option<Bytes>,
}

impl HostJson {
    pub(super) const fn of(host: &HostEstimate) -> Self {
        let parts = host.parts;
        Self {
            weights_bytes: parts.weights,
            vision_bytes: parts.vision,
            kv_cache_bytes: parts.kv_cache,
            recurrent_state_bytes: parts.recurrent_state,
            compute_bytes: parts.compute,
            beside_bytes: parts.beside,
            output_bytes: host.output,
            activations_bytes: parts.activations,
            gradients_bytes: parts.gradients,
            optimizer_bytes: parts.optimizer,
            also_bytes: host.also,
            total_bytes: host.total,
        }
    }
}

#[expect(clippy::ref_option, reason = "serde hands fields over by reference")]
fn is_nothing(bytes: &Option<Bytes>) -> bool {
    *bytes == Some(Bytes::ZERO)
}

#[derive(Serialize)]
struct NetworkJson {
    link: &'static str,
    bytes_per_step: Rounded,
    seconds_per_step: RoundedBand,
}

#[derive(Serialize)]
pub(super) struct SpeedJson {
    decode_tokens_per_s: Option<RoundedBand>,
    // While the other programs of the plan work as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    decode_at_once_tokens_per_s: Option<RoundedBand>,
    decode_total_tokens_per_s: Option<RoundedBand>,
    sustained_tokens_per_s: Option<RoundedBand>,
    prefill_tokens_per_s: Option<RoundedBand>,
    time_to_first_token_s: Option<RoundedBand>,
    #[serde(skip_serializing_if = "Option::is_none")]
    queued_first_token_s: Option<RoundedBand>,
    load_s: Option<Rounded>,
    power_w: Option<RoundedBand>,
    energy_kwh_per_million_tokens: Option<RoundedBand>,
    train_tokens_per_s: Option<RoundedBand>,
}

impl SpeedJson {
    pub(super) fn of(speed: &Speed) -> Self {
        Self {
            decode_at_once_tokens_per_s: speed.at_once.map(RoundedBand::from),
            decode_tokens_per_s: speed.decode.map(RoundedBand::from),
            decode_total_tokens_per_s: speed.decode_total.map(RoundedBand::from),
            sustained_tokens_per_s: speed.sustained.map(RoundedBand::from),
            prefill_tokens_per_s: speed.prefill.map(RoundedBand::from),
            time_to_first_token_s: speed.first_token.map(RoundedBand::from),
            queued_first_token_s: speed.queued_first_token.map(RoundedBand::from),
            load_s: speed.load.map(|load| Rounded(load.expected)),
            power_w: speed.power.map(RoundedBand::from),
            energy_kwh_per_million_tokens: speed.energy.map(RoundedBand::from),
            train_tokens_per_s: speed.train.map(RoundedBand::from),
        }
    }
}

/// Every default that was filled in.
struct Assumed<'a>(&'a Answer<'a>);

impl Serialize for Assumed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Answer { request, plan, catalog, defaults_assumed, .. } = *self.0;
        assumed::serialize(serializer, defaults_assumed.then_some(request), plan, catalog)
    }
}

/// What still fits without spilling, or, where the plan spills anyway, with the RAM it may take.
#[derive(Serialize)]
struct LargestJson {
    context: Option<u64>,
    sequences: Option<u32>,
    gpu_layers: Option<u32>,
}

impl LargestJson {
    fn of(limits: &Limits) -> Self {
        Self {
            context: limits.context_in_vram.or(limits.context_with_ram),
            sequences: limits.sequences_in_vram.or(limits.sequences_with_ram),
            gpu_layers: limits.gpu_layers,
        }
    }
}
