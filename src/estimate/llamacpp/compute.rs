//! The compute buffers: what llama.cpp reserves on each device and on the host while a batch runs.

use std::cell::RefCell;
use std::collections::HashMap;

use super::cache::Cells;
use super::graph::Graph;
use super::graph::build::{self, Block, Frame, Latent, PerLayer, Pick, Rope, Router, Style};
use super::graph::schedule::{self, Schedule};
use super::place::Job;
use super::split::Split;
use crate::catalog::layers::{Layer, Mixer, Span};
use crate::catalog::model::{Architecture, Model};
use crate::plan::{Logits, Workload};

/// What a graph is built for, from the model and the workload.
pub fn frame(model: &Model, layers: &[Layer], workload: &Workload, cells: Cells, devices: u8) -> Frame {
    let tokens = cells.batch_tokens();
    let cells = cells.for_layers(layers, workload.flash_attention);
    Frame {
        // Every sequence has the same number of tokens in the batch that is reserved for.
        tokens: tokens.next_multiple_of(cells.sequences.max(1)),
        outputs: match workload.logits {
            Logits::All => tokens,
            Logits::Last => tokens.min(cells.sequences),
        },
        hidden: model.hidden_size,
        vocabulary: model.vocab_size,
        flash: workload.flash_attention,
        cells,
        rotation: (model.head_dim, model.v_head_dim.unwrap_or(model.head_dim)),
        latent: Latent {
            query_rank: model.mla.and_then(|mla| mla.q_lora_rank).unwrap_or(0),
            indexer: model.indexer.filter(|_| model.mla.is_some()),
        },
        per_layer: PerLayer { width: model.hidden_size_per_layer_input, layers: model.num_hidden_layers },
        positions: if matches!(model.architecture, Architecture::Qwen35 | Architecture::Qwen35Moe) { 4 } else { 1 },
        style: style(model, layers),
        cpu: devices,
    }
}

/// Traits of the architecture that its tensors do not tell.
fn style(model: &Model, layers: &[Layer]) -> Style {
    use Architecture as A;
    let windowed =
        |layer: &Layer| matches!(layer.mixer, Mixer::Attention(attention) if matches!(attention.span, Span::Window(_)));
    Style {
        layer_norm: matches!(model.architecture, A::CohereCommandR | A::Cohere2 | A::Falcon | A::Starcoder2),
        parallel_residual: matches!(model.architecture, A::CohereCommandR | A::Cohere2 | A::Falcon),
        residual_last: model.architecture == A::Falcon,
        residual_first: matches!(model.architecture, A::Phi3 | A::Jamba | A::Lfm2 | A::Lfm2Moe),
        window_cache: layers.iter().any(windowed),
        router: router(model),
        rope: match model.architecture {
            A::Smollm3 | A::Llama4 => Rope::Skips(4),
            A::GraniteHybrid | A::Jamba | A::KimiK3 | A::KimiLinear | A::NemotronH | A::NemotronHMoe => Rope::Never,
            _ => Rope::All,
        },
        temperature: matches!(model.architecture, A::Llama4 | A::Mistral4),
        pick: match model.architecture {
            A::Gemma3n => Pick::BehindLayers,
            A::GptOss | A::Step35 => Pick::BehindResult,
            A::Gemma4 | A::Qwen3Next | A::Qwen35 | A::Qwen35Moe | A::NemotronH | A::NemotronHMoe => Pick::BehindNorm,
            _ => Pick::WithinLayer,
        },
        residual_first_at_mixer: matches!(model.architecture, A::Jamba | A::Lfm2 | A::Lfm2Moe),
        residual_normed: model.architecture == A::Minimax01,
        scales_embeddings: matches!(
            model.architecture,
            A::Granite | A::GraniteHybrid | A::Gemma | A::Gemma2 | A::Gemma3 | A::Gemma3n | A::Gemma4
        ),
        norms_values: matches!(model.architecture, A::Gemma3n | A::Gemma4),
        gated_attention: matches!(model.architecture, A::Qwen3Next | A::Qwen35 | A::Qwen35Moe),
    }
}

/// How the router of a mixture treats its scores: `norm_topk_prob`, `n_group` and `topk_group` of the models' configs.
fn router(model: &Model) -> Router {
    use Architecture as A;
    let corrected = model.experts.is_some_and(|experts| experts.e_score_correction_bias);
    let deepseek = matches!(model.architecture, A::Deepseek2 | A::Deepseek32);
    // DeepSeek V3, R1 and V3.2 choose among the experts of 4 out of 8 groups; Kimi K2 has one group.
    let grouped = deepseek && corrected && model.experts.is_some_and(|experts| experts.num_experts == 256);
    Router {
        // DeepSeek V2 takes the scores as they are.
        normed: !matches!(model.architecture, A::GptOss | A::Llama4 | A::Jamba) && (!deepseek || corrected),
        softmax_of_chosen: model.architecture == A::GptOss,
        weighs_inputs: model.architecture == A::Llama4,
        latent: model.experts.map_or(0, |experts| experts.moe_latent_size),
        groups: if grouped { 8 } else { 1 },
        groups_used: if grouped { 4 } else { 1 },
        scaled: matches!(model.architecture, A::Step35 | A::NemotronHMoe | A::KimiLinear),
        down_on_host: model.architecture == A::Mistral4,
    }
}

/// Copies of the inputs that several devices keep so that they can work at the same time (`GGML_SCHED_MAX_COPIES`).
const PIPELINE_COPIES: u8 = 4;
/// Which repeats of a run of layers are laid out; further ones reuse the same places.
#[derive(Debug, Clone, Copy)]
struct Thinning {
    /// The first so many.
    first: usize,
    /// What is left out is a multiple of this: the places recur only so often.
    period: usize,
}

/// Every layer ends before the next begins.
const ATTENTION: Thinning = Thinning { first: 3, period: 1 };
/// A recurrent layer's end is only reached within the next, and places alternate.
const RECURRENT: Thinning = Thinning { first: 4, period: 12 };
/// The longest run of layers that is looked for.
const LONGEST_RUN: usize = 12;
/// Results kept per thread.
const KEPT: usize = 1 << 15;

/// What decides a result.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    prepared: u64,
    cells: Cells,
    flash: bool,
    logits: Logits,
    cpu_experts: u32,
    split: Split,
}

thread_local! {
    static RESULTS: RefCell<HashMap<Key, Vec<u64>>> = RefCell::default();
    static GRAPH: RefCell<Graph> = RefCell::default();
}

/// Bytes that the engine reserves on each device and, last, on the host.
pub fn buffers(job: &Job<'_>, split: &Split) -> Vec<u64> {
    let key = Key {
        // Sizes of weights matter only where some must be copied to a device or from it.
        prepared: if nothing_copied(job, split) { job.prepared.model_id } else { job.prepared.id },
        cells: job.cells,
        flash: job.workload.flash_attention,
        logits: job.workload.logits,
        cpu_experts: job.workload.cpu_experts,
        split: split.clone(),
    };
    RESULTS.with_borrow_mut(|results| {
        if let Some(known) = results.get(&key) {
            return known.clone();
        }
        if results.len() >= KEPT {
            results.clear();
        }
        let found = lay_out(job, split);
        results.insert(key, found.clone());
        found
    })
}

fn nothing_copied(job: &Job<'_>, split: &Split) -> bool {
    let all_on_devices = split.host.is_empty() && job.workload.cpu_experts == 0;
    split.devices.is_empty() || (all_on_devices && !router(job.model).down_on_host)
}

fn lay_out(job: &Job<'_>, split: &Split) -> Vec<u64> {
    let prepared = job.prepared;
    let layers = prepared.layer_count();
    let cpu = u8::try_from(split.devices.len()).unwrap_or(u8::MAX);
    let frame = frame(job.model, &prepared.layers, job.workload, job.cells, cpu);
    let backend = |layer: u32| {
        let device = split.devices.iter().position(|range| range.contains(&layer));
        device.and_then(|device| u8::try_from(device).ok()).unwrap_or(cpu)
    };
    let mut blocks = Vec::with_capacity(layers as usize);
    let mut classes = Vec::with_capacity(layers as usize);
    for layer in 0..layers {
        let index = layer as usize;
        let backend = backend(layer);
        let experts_backend = if layer < job.workload.cpu_experts { cpu } else { backend };
        // Without devices nothing is copied, so sizes do not matter.
        let copied = backend == cpu || experts_backend == cpu || frame.style.router.down_on_host;
        let class = if cpu > 0 && copied { prepared.same[index] } else { prepared.alike[index] };
        let turns = frame.style.rope.turns(index as u64);
        classes.push((backend, experts_backend, class, turns));
        let (layer, weights) = (&prepared.layers[index], prepared.layer_tensors[index].as_slice());
        blocks.push(Block { index: index as u64, layer, weights, backend, experts_backend });
    }
    // Every layer with an indexer takes memory from the start, and what each layer reads of the inputs for all layers
    // crosses to another device by itself and stays there: none can stand for others.
    let crossing = frame.per_layer.width > 0 && (split.devices.len() > 1 || !split.host.is_empty());
    let shown: Vec<Block<'_>> = if crossing || frame.latent.indexer.is_some() {
        blocks
    } else {
        let recurrent = prepared.layers.iter().any(|layer| matches!(layer.mixer, Mixer::Recurrent(_)));
        let thinning = if recurrent { RECURRENT } else { ATTENTION };
        representative(&classes, thinning).into_iter().map(|index| blocks[index]).collect()
    };
    let pipelines = split.devices.len() > 1 && split.host.is_empty() && job.workload.cpu_experts == 0;
    let schedule = Schedule { devices: cpu, copies: if pipelines { PIPELINE_COPIES } else { 1 } };
    GRAPH.with_borrow_mut(|graph| {
        build::build(graph, &frame, &shown, (&prepared.output_tensors, backend(layers)));
        schedule::reserve(graph, schedule)
    })
}

/// Indices that stand for all: of every run that repeats, only the first repeats.
fn representative<T: PartialEq>(classes: &[T], Thinning { first, period }: Thinning) -> Vec<usize> {
    let mut shown = Vec::new();
    let mut at = 0;
    while at < classes.len() {
        let rest = &classes[at..];
        let repeats = |run: usize| {
            let one = &rest[..run];
            rest.chunks_exact(run).take_while(|chunk| *chunk == one).count()
        };
        let best = (1..=LONGEST_RUN.min(rest.len()))
            .map(|run| (run * (repeats(run).saturating_sub(first) / period * period), run))
            .max_by_key(|&(saved, run)| (saved, std::cmp::Reverse(run)));
        match best {
            Some((saved, run)) if saved > 0 => {
                shown.extend(at..at + run * first);
                at += run * first + saved;
            }
            _ => {
                shown.push(at);
                at += 1;
            }
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::catalog::quantization::Quantization;
    use crate::estimate::llamacpp::block::BlockType;
    use crate::estimate::llamacpp::prepared::Prepared;

    /// Device and host buffer of a model in `Q4_K_M` on one card: 8192 tokens, batches of 512, logits of one row.
    fn one_card(id: &str, flash_attention: bool) -> (u64, u64) {
        let catalog = Catalog::embedded();
        let model = catalog.model(id).expect(id);
        let workload = Workload {
            context: 8192,
            sequences: 1,
            ubatch: 512,
            flash_attention,
            logits: Logits::Last,
            ..Workload::default()
        };
        let prepared = Prepared::of(model, Quantization::Q4_K_M).expect(id);
        let cells = Cells::of(&workload, BlockType::f16, BlockType::f16);
        let job = Job::new(model, prepared, &workload, &[], cells);
        let all = job.all_layers();
        let sizes = buffers(&job, &Split { host: 0..0, devices: std::iter::once(0..all).collect() });
        (sizes[0], sizes[1])
    }

    /// Figures that the engine reported for these graphs.
    #[test]
    fn buffers_are_the_engines() {
        for (id, flash, device, host) in ENGINE {
            assert_eq!(one_card(id, flash), (device, host), "{id}, flash attention {flash}");
        }
    }

    /// Model, flash attention, bytes on the device, bytes on the host.
    const ENGINE: [(&str, bool, u64, u64); 40] = [
        ("mistral-small-4", true, 96_477_184, 947_922_976),
        ("mistral-small-4", false, 641_736_704, 939_796_032),
        ("deepseek-v3.2", true, 657_533_056, 46_215_200),
        ("deepseek-v3.2", false, 2_813_405_312, 54_603_808),
        ("deepseek-v3", true, 404_756_608, 37_756_960),
        ("deepseek-v3", false, 2_560_628_864, 46_145_568),
        ("smollm3-3b", true, 88_615_040, 16_789_536),
        ("smollm3-3b", false, 304_093_312, 27_271_200),
        ("llama-4-scout", true, 109_072_512, 37_771_296),
        ("llama-4-scout", false, 755_085_440, 62_928_928),
        ("gpt-oss-120b", true, 100_157_568, 20_992_032),
        ("gpt-oss-120b", false, 1_124_870_272, 34_353_184),
        ("mimo-v2-flash", true, 143_411_328, 25_972_768),
        ("mimo-v2-flash", false, 1_167_599_744, 43_528_224),
        ("step-3.7-flash", true, 158_025_856, 26_234_912),
        ("step-3.7-flash", false, 1_159_735_424, 44_052_512),
        ("glm-4.6", true, 213_919_872, 29_372_448),
        ("glm-4.6", false, 1_713_379_456, 41_951_264),
        ("falcon-40b", true, 125_839_488, 41_955_360),
        ("falcon-40b", false, 2_199_918_720, 52_437_024),
        ("phi-4", true, 139_470_976, 29_372_448),
        ("phi-4", false, 714_086_528, 42_999_840),
        ("qwen3.5-9b", true, 100_679_936, 25_184_320),
        ("qwen3.5-9b", false, 331_362_560, 37_763_136),
        ("qwen3-next-80b-a3b", true, 94_382_336, 16_789_568),
        ("qwen3-next-80b-a3b", false, 325_064_960, 27_271_232),
        ("granite-4.0-h-tiny", true, 58_728_704, 14_690_368),
        ("granite-4.0-h-tiny", false, 229_642_496, 25_172_032),
        ("nemotron-h-8b", true, 130_416_896, 25_176_128),
        ("nemotron-h-8b", false, 591_401_216, 37_754_944),
        ("nemotron-3-nano-30b-a3b", true, 83_632_384, 19_408_960),
        ("nemotron-3-nano-30b-a3b", false, 574_099_712, 28_842_048),
        ("mamba2-2.7b", true, 77_887_744, 10_487_872),
        ("mamba2-2.7b", false, 77_887_744, 10_487_872),
        ("jamba-mini", true, 201_404_672, 25_176_128),
        ("jamba-mini", false, 583_012_608, 37_754_944),
        ("kimi-linear-48b-a3b", true, 114_299_136, 17_832_000),
        ("kimi-linear-48b-a3b", false, 651_694_336, 26_220_608),
        ("lfm2-8b-a1b", true, 61_024_512, 16_789_568),
        ("lfm2-8b-a1b", false, 572_528_896, 27_271_232),
    ];
}
