//! A llama.cpp plan as the facts that the laws need.

use std::ops::Range;

use super::Speed;
use super::calibrate::calibration;
use super::machine::Machine;
use super::rates::{Rates, engine_kind, rates};
use super::share::{CacheReads, Run, Share, Stored, Together};
use super::total::{Host, of};
use crate::catalog::Catalog;
use crate::catalog::layers::{Attention, Cache, Mixer, Span};
use crate::catalog::model::Model;
use crate::catalog::quantization::{KvPrecision, Quantization};
use crate::estimate::Verdict;
use crate::estimate::answer::{DeviceEstimate, HostEstimate};
use crate::estimate::llamacpp::block::BlockType;
use crate::estimate::llamacpp::prepared::Prepared;
use crate::estimate::llamacpp::reads::Read;
use crate::plan::{CardChoice, Plan, SplitMode, Workload};

/// A device that is exceeded by no more than this share may still run: nobody knows its usable memory better.
const EDGE: f64 = 0.05;

/// What of the plan is laid out where.
#[derive(Debug, Clone, Copy)]
pub(in crate::estimate) struct Laid<'a> {
    /// The model.
    pub(in crate::estimate) model: &'a Model,
    /// In its quantization.
    pub(in crate::estimate) prepared: &'a Prepared,
    /// The devices.
    pub(in crate::estimate) devices: &'a [DeviceEstimate],
    /// The host.
    pub(in crate::estimate) host: &'a HostEstimate,
    /// Layers on the host, the output layer counted.
    pub(in crate::estimate) host_layers: u32,
}

/// How fast the plan runs.
pub(in crate::estimate) fn of_llamacpp(plan: &Plan, catalog: &Catalog, laid: Laid<'_>) -> Speed {
    let workload = &plan.workload;
    let exceeded =
        |device: &DeviceEstimate| device.excess.is_none_or(|excess| excess.0 as f64 > EDGE * device.usable.0 as f64);
    if laid.devices.iter().any(exceeded) {
        return Speed::default();
    }
    let cpu_experts = if laid.devices.is_empty() { 0 } else { workload.cpu_experts };
    let layers = laid.prepared.layer_count();
    let experts_apart = cpu_experts.min(layers).saturating_sub(laid.host_layers.min(layers));
    let experts_apart = if laid.model.experts.is_some() { experts_apart } else { 0 };
    if laid.host.verdict == Some(Verdict::DoesNotFit)
        && (laid.host_layers > 0 || experts_apart > 0 || laid.devices.is_empty())
    {
        return Speed { pages: true, ..Speed::default() };
    }
    let run = run(workload, laid.model, laid.prepared);
    let facts = Facts { laid, cpu_experts, key: workload.kv_cache.k, value: workload.kv_cache.v };
    let on_devices: u64 = laid.devices.iter().map(|device| device.parts.weights.unwrap_or_default().0).sum();
    let file = laid.prepared.weights.file_bytes().0 as f64;
    let machine = Machine::of(&plan.machine, catalog, (file, on_devices as f64));
    let mut first = laid.host_layers;
    let mut known: Option<(usize, Option<Rates<'_>>)> = None;
    let devices = laid.devices.iter().map(move |device| {
        let range = first..first + device.gpu_layers;
        first = range.end;
        let rates = match known {
            Some((card, rates)) if card == device.card => rates,
            _ => device_rates(plan, catalog, device),
        };
        known = Some((device.card, rates));
        (facts.on_device(range), rates)
    });
    of(&run, &devices, &facts.host(experts_apart), &machine)
}

fn device_rates<'a>(plan: &Plan, catalog: &'a Catalog, device: &DeviceEstimate) -> Option<Rates<'a>> {
    let CardChoice::Catalog(id) = &plan.machine.cards.get(device.card)?.card else { return None };
    let card = catalog.card(id)?;
    let rates = rates(card, engine_kind(&plan.workload), device.backend, catalog)?;
    Some(Rates { calibration: calibration(card, &rates, device.backend, catalog), ..rates })
}

fn run(workload: &Workload, model: &Model, prepared: &Prepared) -> Run {
    let (decoding, prompt) = spans(workload);
    Run {
        sequences: f64::from(workload.sequences),
        streams: if workload.unified_kv { 1.0 } else { f64::from(workload.sequences) },
        decoding,
        prompt,
        prompt_tokens: workload.prompt_tokens as f64,
        batch_tokens: f64::from(workload.ubatch),
        flash_attention: workload.flash_attention,
        launched: false,
        experts: model.experts.map(|experts| (experts.num_experts as f64, experts.num_experts_per_tok as f64)),
        stored: stored(workload.quantization, prepared),
        hidden: model.hidden_size as f64,
        together: if workload.split_mode == SplitMode::Tensor { Together::Tensor } else { Together::Layers },
    }
}

/// Tokens cached while decoding, and before and after the prompt that is timed.
pub(in crate::estimate) fn spans(workload: &Workload) -> ((f64, f64), (f64, f64)) {
    let context = workload.context as f64;
    let depth = workload.depth.map_or(context, |depth| (depth as f64).min(context));
    let prompt = match workload.depth {
        // Decoding at one depth: the prompt that would follow there.
        Some(_) if depth >= context => (depth, depth + workload.prompt_tokens.max(1) as f64),
        Some(_) => (depth, context),
        None => (0.0, workload.prompt_tokens as f64),
    };
    ((depth, context), prompt)
}

/// How the file stores its weights: by its types where it is known, so a file of 16 bits is plain whatever its name.
pub(super) fn stored(quantization: Quantization, prepared: &Prepared) -> Stored {
    use Quantization as Q;
    match quantization {
        _ if prepared.weights.bits_per_weight() > 15.0 => Stored::Plain,
        Q::IQ3_M
        | Q::IQ3_S
        | Q::IQ3_XS
        | Q::IQ3_XXS
        | Q::IQ2_M
        | Q::IQ2_S
        | Q::IQ2_XS
        | Q::IQ2_XXS
        | Q::IQ1_M
        | Q::IQ1_S => Stored::Codebooks,
        _ => Stored::Quantized,
    }
}

#[derive(Debug, Clone, Copy)]
struct Facts<'a> {
    laid: Laid<'a>,
    cpu_experts: u32,
    key: KvPrecision,
    value: KvPrecision,
}

impl Facts<'_> {
    /// What these layers are on a device, the output layer being the last.
    fn on_device(&self, range: Range<u32>) -> Share {
        let prepared = self.laid.prepared;
        let repeating = range.start.min(prepared.layer_count())..range.end.min(prepared.layer_count());
        let mut share = share(prepared, repeating.clone(), self.key, self.value);
        let apart = repeating.start..self.cpu_experts.clamp(repeating.start, repeating.end);
        let apart = prepared.reads.layers(apart);
        share.expert_bytes -= apart.expert_bytes as f64;
        share.expert_weights -= apart.expert_weights as f64;
        share.expert_blocks -= apart.expert_layers as f64;
        if range.end > prepared.layer_count() && !range.is_empty() {
            share.add_output(prepared.reads.output());
        }
        share
    }

    /// What lies on the host, the experts of so many further blocks included.
    fn host(&self, experts_apart: u32) -> Host {
        let Laid { prepared, host_layers, .. } = self.laid;
        let layers = host_layers.min(prepared.layer_count());
        let mut host = share(prepared, 0..layers, self.key, self.value);
        let apart = prepared.reads.layers(layers..layers + experts_apart);
        host.expert_bytes += apart.expert_bytes as f64;
        host.expert_weights += apart.expert_weights as f64;
        if host_layers > prepared.layer_count() {
            host.add_output(prepared.reads.output());
        }
        Host { share: host, experts_apart: apart.expert_layers as f64 }
    }
}

/// What these layers are, all in one place.
pub(super) fn share(prepared: &Prepared, layers: Range<u32>, key: KvPrecision, value: KvPrecision) -> Share {
    let Read { dense_bytes, expert_bytes, dense_weights, expert_weights, expert_layers } =
        prepared.reads.layers(layers.clone());
    let mut share = Share {
        blocks: f64::from(layers.end - layers.start) * prepared.block_share,
        expert_blocks: expert_layers as f64,
        dense_bytes: dense_bytes as f64,
        expert_bytes: expert_bytes as f64,
        dense_weights: dense_weights as f64,
        expert_weights: expert_weights as f64,
        ..Share::default()
    };
    for (mixer, count) in prepared.mixers(layers) {
        let count = f64::from(count);
        match mixer {
            Mixer::None => {}
            Mixer::Recurrent(recurrent) => {
                share.recurrent_blocks += count;
                let elements = recurrent.state_elements + recurrent.convolution_elements;
                share.cache.state_bytes += count * elements as f64 * 4.0;
            }
            Mixer::Attention(attention) => {
                share.latent_blocks += if matches!(attention.cache, Cache::Latent { .. }) { count } else { 0.0 };
                share.cache.add(attention, count, (element_bytes(key), element_bytes(value)));
            }
        }
    }
    share
}

fn element_bytes(precision: KvPrecision) -> f64 {
    precision.block_type().map_or(16.0, BlockType::bits) / 8.0
}

impl CacheReads {
    /// Adds layers of this attention. `element` = bytes of an element of keys and of values.
    pub(in crate::estimate) fn add(&mut self, attention: &Attention, count: f64, element: (f64, f64)) {
        let (keys, values, heads) = match attention.cache {
            Cache::Latent { width, rank } => (width, 0, attention.heads * (width + rank)),
            Cache::KeyValue | Cache::Shared => (
                attention.kv_heads * attention.key_dim,
                attention.kv_heads * attention.value_dim,
                attention.heads * (attention.key_dim + attention.value_dim),
            ),
        };
        let bytes = count * ((keys + attention.index_dim) as f64 * element.0 + values as f64 * element.1);
        let operations = count * heads as f64 * 2.0;
        match attention.span {
            Span::Full => {
                self.full_bytes += bytes;
                self.full_operations += operations;
            }
            Span::Window(window) => {
                // Models have one window; of several the widest counts.
                self.window = self.window.max(window as f64);
                self.window_bytes += bytes;
                self.window_operations += operations;
            }
        }
    }
}

impl Share {
    /// The output layer lies here.
    pub(super) fn add_output(&mut self, output: Read) {
        self.dense_bytes += output.dense_bytes as f64;
        self.output_weights += output.dense_weights as f64;
    }

    /// Both together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            blocks: self.blocks + other.blocks,
            expert_blocks: self.expert_blocks + other.expert_blocks,
            recurrent_blocks: self.recurrent_blocks + other.recurrent_blocks,
            latent_blocks: self.latent_blocks + other.latent_blocks,
            dense_bytes: self.dense_bytes + other.dense_bytes,
            expert_bytes: self.expert_bytes + other.expert_bytes,
            dense_weights: self.dense_weights + other.dense_weights,
            expert_weights: self.expert_weights + other.expert_weights,
            output_weights: self.output_weights + other.output_weights,
            cache: self.cache,
        }
    }
}
