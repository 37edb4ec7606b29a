//! What runs, and what of a placement each step reads: the facts that its speed follows from.

use std::ops::Range;

use super::Caches;
use super::place::Placer;
use super::prepared::Prepared;
use super::reads::Read;
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::catalog::quantization::{KvPrecision, Quantization};
use crate::catalog::speed::Measured;
use crate::estimate::step::{
    Crossing, ElementBytes, ExpertCounts, HostReads, Inference, StepReads, TimedSpans, Together, TokenSpan,
    WeightStorage,
};
use crate::model::block_type::BlockType;
use crate::model::layers::{Cache, Mixer};
use crate::plan::{KvCache, SplitMode, Workload};

/// What these layers are on the device of this index, the output layer being the last, with what is sent there.
pub(super) fn on_device(placer: &Placer<'_>, index: usize, range: Range<u32>) -> StepReads {
    let prepared = placer.prepared;
    let repeating = range.start.min(prepared.layer_count())..range.end.min(prepared.layer_count());
    let mut reads = layers_read(prepared, repeating.clone(), placer.options.kv_cache);
    reads.dense_bytes += placer.adapters(repeating.clone()).0 as f64;
    let apart = repeating.start..placer.options.cpu_experts.clamp(repeating.start, repeating.end);
    let apart = prepared.reads.layers(apart);
    reads.expert_bytes -= apart.expert_bytes as f64;
    reads.expert_weights -= apart.expert_weights as f64;
    reads.expert_blocks -= apart.expert_layers as f64;
    if range.end > prepared.layer_count() && !range.is_empty() {
        add_output(&mut reads, prepared.reads.output);
    }
    if let Some(sent) = prepared.sent.device(index) {
        add_read(&mut reads, sent.read);
    }
    reads
}

/// What lies on the host with so many layers there, the output layer counted: those, and the experts of further blocks.
pub(super) fn on_host(placer: &Placer<'_>, host_layers: u32) -> HostReads {
    let prepared = placer.prepared;
    let layers = host_layers.min(prepared.layer_count());
    let mut host = layers_read(prepared, 0..layers, placer.options.kv_cache);
    host.dense_bytes += placer.adapters(0..layers).0 as f64;
    let cpu_experts = if placer.devices.is_empty() { 0 } else { placer.options.cpu_experts };
    let apart = prepared.reads.layers(layers..cpu_experts.clamp(layers, prepared.layer_count()));
    host.expert_bytes += apart.expert_bytes as f64;
    host.expert_weights += apart.expert_weights as f64;
    if host_layers > prepared.layer_count() {
        add_output(&mut host, prepared.reads.output);
    }
    let sent = &prepared.sent.host;
    add_read(&mut host, sent.read);
    let experts_apart = apart.expert_layers as f64 + sent.expert_layers(layers) as f64;
    HostReads { reads: host, experts_apart }
}

/// Adds what is read of tensors that lie apart from their layers.
fn add_read(reads: &mut StepReads, read: Read) {
    reads.dense_bytes += read.dense_bytes as f64;
    reads.dense_weights += read.dense_weights as f64;
    reads.expert_bytes += read.expert_bytes as f64;
    reads.expert_weights += read.expert_weights as f64;
}

/// What these layers are, all in one place.
pub(super) fn layers_read(prepared: &Prepared, layers: Range<u32>, cache: KvCache) -> StepReads {
    let Read { dense_bytes, expert_bytes, dense_weights, expert_weights, expert_layers, shared_layers } =
        prepared.reads.layers(layers.clone());
    let mut reads = StepReads {
        blocks: f64::from(layers.end - layers.start) * prepared.block_share,
        expert_blocks: expert_layers as f64,
        shared_blocks: shared_layers as f64,
        dense_bytes: dense_bytes as f64,
        expert_bytes: expert_bytes as f64,
        dense_weights: dense_weights as f64,
        expert_weights: expert_weights as f64,
        ..StepReads::default()
    };
    let element = ElementBytes { key: element_bytes(cache.k), value: element_bytes(cache.v) };
    for (mixer, count) in prepared.mixers(layers) {
        let count = f64::from(count);
        match mixer {
            Mixer::None => {}
            Mixer::Recurrent(recurrent) => {
                reads.recurrent_blocks += count;
                let elements = recurrent.state_elements + recurrent.convolution_elements;
                reads.cache.state_bytes += count * elements as f64 * 4.0;
            }
            Mixer::Attention(attention) => {
                reads.latent_blocks += if matches!(attention.cache, Cache::Latent { .. }) { count } else { 0.0 };
                reads.cache.add(attention, count, element);
            }
        }
    }
    reads
}

fn element_bytes(precision: KvPrecision) -> f64 {
    precision.block_type().map_or(16.0, BlockType::bits) / 8.0
}

/// Adds the output layer.
fn add_output(reads: &mut StepReads, output: Read) {
    reads.dense_bytes += output.dense_bytes as f64;
    reads.output_weights += output.dense_weights as f64;
}

/// What runs.
pub(super) fn inference(workload: &Workload, model: &Model, prepared: &Prepared) -> Inference {
    let TimedSpans { decoding, prompt } = TimedSpans::of(workload);
    Inference {
        sequences: f64::from(workload.sequences),
        streams: if workload.unified_kv { 1.0 } else { f64::from(workload.sequences) },
        in_turn: 1.0,
        decoding,
        prompt,
        prompt_tokens: workload.prompt_tokens as f64,
        batch_tokens: f64::from(workload.ubatch),
        flash_attention: workload.flash_attention,
        launched: false,
        experts: ExpertCounts::of(model),
        stored: stored(workload.quantization, prepared),
        microscaled: prepared.reads.microscaled,
        hidden: model.hidden_size as f64,
        together: if workload.split_mode == SplitMode::Tensor { Together::Tensor } else { Together::Layers },
        crossing: Crossing::default(),
    }
}

/// What runs, and what a step reads of all of a model, wherever it lies; `None` where its tensors are not known.
pub(in crate::estimate) fn whole(
    workload: &Workload,
    model: &Model,
    caches: &mut Caches,
) -> Option<(Inference, StepReads)> {
    let prepared = caches.prepared.get(model, workload.quantization.gguf()?, Prepared::new)?;
    Some((inference(workload, model, prepared), all_read(prepared, workload.kv_cache)))
}

/// All layers and the output layer, all in one place.
fn all_read(prepared: &Prepared, cache: KvCache) -> StepReads {
    let mut whole = layers_read(prepared, 0..prepared.layer_count(), cache);
    add_output(&mut whole, prepared.reads.output);
    whole
}

/// What ran when a user measured a model that lay whole on one card, and what of it was read.
pub(in crate::estimate) fn measured(
    row: &Measured,
    catalog: &Catalog,
    caches: &mut Caches,
) -> Option<(Inference, StepReads)> {
    let model = catalog.model(&row.model)?;
    let prepared = caches.prepared.get(model, row.quantization, Prepared::new)?;
    let span = TokenSpan { from: row.depth as f64, to: (row.depth + row.tokens) as f64 };
    let inference = Inference {
        sequences: 1.0,
        streams: 1.0,
        in_turn: 1.0,
        decoding: span,
        prompt: span,
        prompt_tokens: 0.0,
        // What llama-bench runs by default.
        batch_tokens: 512.0,
        flash_attention: true,
        launched: false,
        experts: ExpertCounts::of(model),
        stored: stored(row.quantization, prepared),
        microscaled: prepared.reads.microscaled,
        hidden: model.hidden_size as f64,
        together: Together::Layers,
        crossing: Crossing::default(),
    };
    Some((inference, all_read(prepared, KvCache { k: KvPrecision::f16, v: KvPrecision::f16 })))
}

/// How the file stores its weights: by its types where it is known, so a file of 16 bits is plain whatever its name.
fn stored(quantization: Quantization, prepared: &Prepared) -> WeightStorage {
    use Quantization as Q;
    match quantization {
        _ if prepared.weights.bits_per_weight() > 15.0 => WeightStorage::Plain,
        Q::IQ3_M
        | Q::IQ3_S
        | Q::IQ3_XS
        | Q::IQ3_XXS
        | Q::IQ2_M
        | Q::IQ2_S
        | Q::IQ2_XS
        | Q::IQ2_XXS
        | Q::IQ1_M
        | Q::IQ1_S => WeightStorage::Codebooks,
        _ => WeightStorage::Quantized,
    }
}
