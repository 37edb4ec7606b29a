//! The compute buffers: what llama.cpp reserves on each device and on the host while a batch runs.

use ahash::AHashMap;

use super::cache::Cells;
use super::graph::Graph;
use super::graph::builder::{self, Block, Frame, GraphOptions, RemoteDevices, Weight};
use super::next_token::NextToken;
use super::place::Placer;
use super::representative_layers::{self, Class};
use super::rules::RulesId;
use super::schedule::{self, Alive, Schedule};
use super::split::LayerSplit;
use crate::catalog::model::{Model, ModelIdentity};
use crate::catalog::quantization::Quantization;
use crate::model::layers::Mixer;

/// Copies of the inputs that several devices keep so that they can work at the same time (`GGML_SCHED_MAX_COPIES`).
const PIPELINE_COPIES: u8 = 4;
/// Results kept; when there are more, all are forgotten.
const KEPT: usize = 1 << 15;

/// What decides a result besides the layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct GraphSetting {
    model: ModelIdentity,
    /// Sizes of weights matter only where some must be copied to a device or from it; else `None`.
    quantization: Option<Quantization>,
    rules: RulesId,
    cells: Cells,
    options: GraphOptions,
}

/// A placement: the question as it is asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct PlacementKey {
    setting: GraphSetting,
    cpu_experts: u32,
    split: LayerSplit,
}

/// The layers that stand for all: many placements come down to the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct LayoutKey {
    setting: GraphSetting,
    devices: u8,
    copies: u8,
    output: u8,
    shown: Vec<Class>,
}

/// The sizes that are known, of buffers on each device and, last, on the host; in bytes.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    asked: AHashMap<PlacementKey, Vec<u64>>,
    laid_out: AHashMap<LayoutKey, Vec<u64>>,
    /// Where graphs are built, for its memory.
    graph: Graph,
}

impl Buffers {
    /// Bytes that the engine reserves on each device and, last, on the host.
    pub(super) fn of(&mut self, placer: &Placer<'_>, split: &LayerSplit) -> Vec<u64> {
        let setting = GraphSetting {
            model: placer.prepared.model,
            quantization: (!nothing_copied(placer, split)).then_some(placer.prepared.quantization),
            rules: placer.prepared.rules,
            cells: placer.cells,
            options: placer.options.graph,
        };
        let asked = PlacementKey { setting, cpu_experts: placer.options.cpu_experts, split: split.clone() };
        if let Some(known) = self.asked.get(&asked) {
            return known.clone();
        }
        if self.asked.len() >= KEPT {
            self.asked.clear();
            self.laid_out.clear();
        }
        let found = self.lay_out(placer, split, setting);
        self.asked.insert(asked, found.clone());
        found
    }

    /// The same for the layer that predicts a further token, which lies on the last of so many devices.
    pub(super) fn ahead(
        &mut self,
        model: &Model,
        next: &NextToken,
        output: &[Weight],
        (options, cells): (GraphOptions, Cells),
        devices: usize,
    ) -> Vec<u64> {
        let cpu = u8::try_from(devices).unwrap_or(u8::MAX);
        let frame = Frame::new(model, std::slice::from_ref(&next.layer), options, cells, cpu);
        let backend = cpu.saturating_sub(1);
        let block = Block {
            index: model.num_hidden_layers,
            layer: &next.layer,
            weights: &next.tensors,
            backend,
            experts_backend: backend,
        };
        builder::build_ahead(&mut self.graph, &frame, &block, (output, backend));
        let copies = if devices > 1 && queues(options.remote) { PIPELINE_COPIES } else { 1 };
        let remote = options.remote.count;
        let schedule = Schedule { devices: cpu, remote, copies, sums_at_once: options.kernels.sums_at_once };
        schedule::reserve(&mut self.graph, schedule)
    }
}

/// Whether all devices take work without being waited for.
const fn queues(remote: RemoteDevices) -> bool {
    remote.count == 0 || remote.queue
}

fn nothing_copied(placer: &Placer<'_>, split: &LayerSplit) -> bool {
    let all_on_devices = split.host.is_empty() && placer.options.cpu_experts == 0 && placer.prepared.sent.is_empty();
    split.devices.is_empty() || (all_on_devices && !placer.model.architecture.traits().router.down_on_host)
}

/// What lies in the buffer of each device and, last, of the host while it is at its fullest. Replayed on demand.
pub(super) fn fullest(placer: &Placer<'_>, split: &LayerSplit) -> Vec<Vec<Alive>> {
    let asked = Layers::of(placer, split);
    let mut graph = Graph::default();
    let schedule = asked.build(&mut graph, placer);
    schedule::fullest(&mut graph, schedule)
}

/// The layers that are laid out, and how.
struct Layers {
    frame: Frame,
    classes: Vec<Class>,
    /// Those that stand for all.
    shown: Vec<usize>,
    schedule: Schedule,
    /// Backend of the output layer.
    output: u8,
}

impl Layers {
    fn of(placer: &Placer<'_>, split: &LayerSplit) -> Self {
        let prepared = placer.prepared;
        let cpu = u8::try_from(split.devices.len()).unwrap_or(u8::MAX);
        let frame = Frame::new(placer.model, &prepared.layers, placer.options.graph, placer.cells, cpu);
        let classes = classes(placer, split, &frame);
        // Every layer with an indexer takes memory from the start, as do its own views of inputs; banked streams grow in
        // number; what each layer reads of the inputs for all
        // layers crosses to another device by itself and stays there: none can stand for others.
        let crossing = frame.per_layer.width > 0 && (split.devices.len() > 1 || !split.host.is_empty());
        let shown: Vec<usize> = if crossing || frame.chooses_cells() || frame.residual_block > 0 {
            (0..classes.len()).collect()
        } else {
            let recurrent = prepared.layers.iter().any(|layer| matches!(layer.mixer, Mixer::Recurrent(_)));
            representative_layers::representative(
                &classes,
                if recurrent { representative_layers::RECURRENT } else { representative_layers::ATTENTION },
            )
        };
        let remote = placer.options.graph.remote;
        let pipelines = split.devices.len() > 1
            && queues(remote)
            && split.host.is_empty()
            && placer.options.cpu_experts == 0
            && !prepared.sent.by_hand;
        let schedule = Schedule {
            devices: cpu,
            remote: remote.count,
            copies: if pipelines { PIPELINE_COPIES } else { 1 },
            sums_at_once: placer.options.graph.kernels.sums_at_once,
        };
        let output = backends(split, prepared.layer_count() + 1).last().unwrap_or(cpu);
        Self { frame, classes, shown, schedule, output }
    }

    /// Builds their graph; how it is run.
    fn build(&self, graph: &mut Graph, placer: &Placer<'_>) -> Schedule {
        let prepared = placer.prepared;
        let block = |index: usize| Block {
            index: index as u64,
            layer: &prepared.layers[index],
            weights: &prepared.layer_tensors[index],
            backend: self.classes[index].backend,
            experts_backend: self.classes[index].experts_backend,
        };
        let blocks: Vec<Block<'_>> = self.shown.iter().map(|index| block(*index)).collect();
        builder::build(graph, &self.frame, &blocks, (&prepared.output_tensors, self.output));
        self.schedule
    }
}

impl Buffers {
    fn lay_out(&mut self, placer: &Placer<'_>, split: &LayerSplit, setting: GraphSetting) -> Vec<u64> {
        let layers = Layers::of(placer, split);
        let question = LayoutKey {
            setting,
            devices: layers.schedule.devices,
            copies: layers.schedule.copies,
            output: layers.output,
            shown: layers.shown.iter().map(|index| layers.classes[*index]).collect(),
        };
        if let Some(known) = self.laid_out.get(&question) {
            return known.clone();
        }
        let schedule = layers.build(&mut self.graph, placer);
        let found = schedule::reserve(&mut self.graph, schedule);
        self.laid_out.insert(question, found.clone());
        found
    }
}

/// The backend of each of `layers` layers, the output layer included: devices first, the CPU last.
fn backends(split: &LayerSplit, layers: u32) -> impl Iterator<Item = u8> {
    let cpu = u8::try_from(split.devices.len()).unwrap_or(u8::MAX);
    let on_host = split.host.len();
    let on_devices = (0..cpu).zip(&split.devices).flat_map(|(device, range)| std::iter::repeat_n(device, range.len()));
    std::iter::repeat_n(cpu, on_host).chain(on_devices).take(layers as usize)
}

/// What tells each layer from others in the graph.
fn classes(placer: &Placer<'_>, split: &LayerSplit, frame: &Frame) -> Vec<Class> {
    let prepared = placer.prepared;
    let cpu = frame.cpu;
    let layers = backends(split, prepared.layer_count()).enumerate();
    layers
        .map(|(index, backend)| {
            let experts_backend = if index < placer.options.cpu_experts as usize { cpu } else { backend };
            // Without devices nothing is copied, so sizes do not matter.
            let sent = prepared.sent.is_in(index);
            let copied =
                cpu > 0 && (backend == cpu || experts_backend == cpu || sent || frame.router.form.down_on_host);
            let alike = if copied { prepared.same[index] } else { prepared.alike[index] };
            let turns = match prepared.layers[index].mixer {
                Mixer::Attention(attention) => frame.form.rope.turns(index as u64, attention.span),
                Mixer::None | Mixer::Recurrent(_) => false,
            };
            Class { backend, experts_backend, copied, alike, turns }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::catalog::model::Model;
    use crate::catalog::runtime::Backend;
    use crate::estimate::llamacpp::prepared::Prepared;
    use crate::model::block_type::BlockType;
    use crate::model::graph::builder::{BuildAge, Kernels};
    use crate::plan::{Logits, Workload};

    /// Device and host buffer of a model in `Q4_K_M` on one card: 8192 tokens, batches of 512, logits of one row.
    fn one_card(model: &Model, flash_attention: bool) -> (u64, u64) {
        let workload = Workload {
            context: 8192,
            sequences: 1,
            ubatch: 512,
            flash_attention,
            logits: Logits::Last,
            ..Workload::default()
        };
        let prepared = &Prepared::new(model, Quantization::Q4_K_M).expect("a layout");
        let cells = Cells::of(&workload, BlockType::f16, BlockType::f16);
        let mut placer = Placer::new(model, prepared, &workload, &[], cells);
        placer.options.graph.kernels = Kernels::of(Backend::Cuda, BuildAge::default());
        let all = placer.all_layers();
        let split = LayerSplit { host: 0..0, devices: std::iter::once(0..all).collect() };
        let sizes = Buffers::default().of(&placer, &split);
        (sizes[0], sizes[1])
    }

    /// Figures that the engine reported for these graphs.
    #[test]
    fn buffers_are_the_engines() {
        for (id, flash, device, host) in ENGINE {
            assert_eq!(one_card(known(id), flash), (device, host), "{id}, flash attention {flash}");
        }
    }

    fn known(id: &str) -> &'static Model {
        Catalog::embedded().model(id).expect(id)
    }

    /// Fewer streams and a narrower residual take less.
    #[test]
    fn streams_are_as_many_as_the_model_says() {
        let four = known("gemma-3n-e2b");
        let mut two = four.clone().into_fields();
        two.altup.as_mut().expect("streams").altup_num_inputs = 2;
        let two = Model::new(two).expect("a model");
        assert!(one_card(&two, false).0 < one_card(four, false).0);
    }

    /// Model, flash attention, bytes on the device, bytes on the host.
    const ENGINE: [(&str, bool, u64, u64); 64] = [
        ("deepseek-v3.2", true, 657_533_056, 46_215_200),
        ("smollm3-3b", true, 88_615_040, 16_789_536),
        ("smollm3-3b", false, 304_093_312, 27_271_200),
        ("llama-4-scout", true, 109_072_512, 37_771_296),
        ("llama-4-scout", false, 755_085_440, 62_928_928),
        ("mimo-v2-flash", true, 176_965_760, 25_972_768),
        ("step-3.7-flash", true, 225_134_720, 26_234_912),
        ("glm-4.6", true, 297_805_952, 29_372_448),
        ("falcon-40b", true, 125_839_488, 41_955_360),
        ("falcon-40b", false, 2_199_918_720, 52_437_024),
        ("phi-4", true, 139_470_976, 29_372_448),
        ("phi-4", false, 714_086_528, 42_999_840),
        ("qwen3.5-9b", true, 100_679_936, 25_184_320),
        ("qwen3.5-9b", false, 331_362_560, 37_763_136),
        ("granite-4.0-h-tiny", true, 58_728_704, 14_690_368),
        ("nemotron-h-8b", true, 130_416_896, 25_176_128),
        ("nemotron-h-8b", false, 591_401_216, 37_754_944),
        ("nemotron-3-nano-30b-a3b", true, 116_662_528, 19_408_960),
        ("mamba2-2.7b", true, 77_887_744, 10_487_872),
        ("mamba2-2.7b", false, 77_887_744, 10_487_872),
        ("jamba-mini", true, 201_404_672, 25_176_128),
        ("lfm2-8b-a1b", true, 61_024_512, 16_789_568),
        ("gemma-4-e4b", true, 115_361_920, 41_965_600),
        ("gemma-4-e4b", false, 216_541_312, 59_783_200),
        ("gemma-4-31b", true, 197_675_136, 32_002_080),
        ("gemma-4-31b", false, 679_487_616, 75_509_792),
        ("gemma-3n-e2b", true, 113_264_768, 33_576_992),
        ("gemma-3n-e2b", false, 202_385_536, 47_200_288),
        ("deepseek-v2", true, 392_841_344, 29_368_352),
        ("deepseek-v2", false, 2_548_713_600, 37_756_960),
        ("glm-4.5-air", true, 230_697_088, 25_178_144),
        ("glm-4.5-air", false, 1_793_857_664, 37_756_960),
        ("gemma-4-26b-a4b", true, 156_780_672, 21_516_320),
        ("gemma-4-26b-a4b", false, 360_624_256, 48_246_816),
        ("kimi-linear-48b-a3b", true, 132_176_128, 17_832_000),
        ("kimi-linear-48b-a3b", false, 677_435_648, 26_220_608),
        ("minimax-m1", true, 335_948_288, 100_938_048),
        ("minimax-m1", false, 1_250_171_392, 113_516_864),
        ("qwen3.5-35b-a3b", true, 113_297_664, 16_795_712),
        ("qwen3.5-35b-a3b", false, 325_105_920, 27_277_376),
        ("qwen3.5-397b-a17b", true, 264_300_800, 25_184_320),
        ("qwen3.5-397b-a17b", false, 631_298_304, 35_665_984),
        ("mistral-small-4", true, 109_060_096, 947_922_976),
        ("mistral-small-4", false, 654_319_616, 939_796_032),
        ("ernie-4.5-21b-a3b", true, 99_625_088, 18_886_688),
        ("ernie-4.5-21b-a3b", false, 433_461_376, 29_368_352),
        ("glm-5", true, 625_027_200, 42_020_896),
        ("glm-5", false, 1_652_631_680, 50_409_504),
        ("glm-5.2", true, 671_164_544, 42_020_896),
        ("glm-5.2", false, 1_654_204_544, 50_409_504),
        ("minimax-m3", true, 262_745_216, 34_133_024),
        ("minimax-m3", false, 1_231_820_928, 44_048_416),
        ("command-a", true, 340_281_472, 63_459_360),
        ("command-a", false, 1_720_723_584, 84_946_976),
        ("command-r-plus", true, 291_514_496, 58_732_576),
        ("command-r-plus", false, 1_732_253_824, 71_311_392),
        ("ministral-3-14b", true, 138_424_448, 29_374_496),
        ("ministral-3-14b", false, 595_599_488, 41_953_312),
        ("kimi-k3", true, 503_320_832, 37_754_944),
        ("kimi-k3", false, 2_111_836_416, 46_143_552),
        ("nemotron-super-49b", true, 234_891_392, 41_955_360),
        ("nemotron-super-49b", false, 1_161_828_480, 54_534_176),
        ("deepseek-v4-flash", true, 234_453_120, 22_115_264),
        ("deepseek-v4-flash", false, 617_707_648, 25_260_992),
    ];
}
