//! The table: every input of a plan, in the order in which `assumed` lists them.
//!
//! An entry: name, key, `[field]`, kind with range, group, who reads it, label and tip; then what only some have.

use std::ops::RangeInclusive;

use strum::VariantArray;

use super::applies::{
    adapter_slots, adapters, always, anything, bridgeable, cards, cut_across_cards, draft_model, drafted, experts,
    galore, in_several_boxes, in_stages, layers_shared, llamacpp, llamacpp_on_cards, nf4, on_cards, one_card_alone,
    one_pool, own_ram, pooled, quantized_mixture, rebuilt_under_fsdp, sees, serves_adapters, serving, several, slots,
    speculating, stored_as_chosen, training,
};
use super::value::{EXPERT_WORDS, Field, LAYER_WORDS};
use super::{Choices, InputEntry, InputGroup, InputKind, InputValue, Unit};
use crate::catalog::quantization::{KvPrecision, Quantization};
use crate::plan::bounds::{CARDS, MEMORY_GIB};
use crate::plan::fault::OutOfRange;
use crate::plan::{
    Backend, BaseQuant, BoxLink, Logits, LoraTargets, LossMethod, Offload, OperatingSystem, Optimizer, Plan, Precision,
    Runtime, Sharding, SplitMode, Task, TrainingAttention, VisionPlace,
};
use crate::text::Key;

/// The longest context, prompt or batch.
const MOST_TOKENS: u64 = 100_000_000;
/// Sequences, and tokens processed at once.
const AT_ONCE: RangeInclusive<u64> = 1..=65_536;
/// Layers of a model.
const LAYERS: RangeInclusive<u64> = 0..=100_000;
/// Parts that a model is cut into: no more than cards of one kind.
const PARTS: RangeInclusive<u64> = 1..=*CARDS.end() as u64;
/// Places of devices, from 0.
const DEVICES: RangeInclusive<u64> = 0..=*CARDS.end() as u64 - 1;
/// Computers that share a model.
const BOXES: RangeInclusive<u64> = 1..=256;
/// A bandwidth in GB/s.
const GB_S: RangeInclusive<f64> = 0.001..=1_000_000.0;
const SWITCH: InputKind = InputKind::Switch(None);

/// How an entry reaches its field, and what stands for one without.
macro_rules! field {
    (path) => { "" };
    (get $plan:ident) => { InputValue::Unset };
    (set $plan:ident $value:ident) => { { let _ = ($plan, $value); } };
    (path $first:ident $(. $rest:ident)*) => { concat!(stringify!($first) $(, ".", stringify!($rest))*) };
    (get $plan:ident $($field:ident).+) => { $plan.$($field).+.value() };
    (set $plan:ident $value:ident $($field:ident).+) => { $plan.$($field).+.put($value) };
}

macro_rules! inputs {
    ($($name:ident $key:literal [$($field:tt)*] $kind:expr, $group:ident, $read:ident, $label:ident $tip:ident
        $({ $($more:ident: $value:expr),* })?;)*) => {
        /// An input of a plan.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray)]
        pub enum Input { $(#[doc = concat!("`", $key, "`")] $name,)* }

        static ENTRIES: [InputEntry; Input::COUNT] = [$(InputEntry {
            $($($more: $value,)*)?
            ..InputEntry {
                key: $key,
                path: field!(path $($field)*),
                kind: $kind,
                group: InputGroup::$group,
                label: Key::$label,
                tip: Key::$tip,
                unset: None,
                rail: &[],
                read: $read,
                needs: anything,
                get: |plan| { let _ = plan; field!(get plan $($field)*) },
                set: |plan, value| field!(set plan value $($field)*),
            }
        },)*];

        impl Input {
            /// The input of this key.
            pub fn of_key(key: &str) -> Option<Self> {
                match key {
                    $($key => Some(Self::$name),)*
                    _ => None,
                }
            }
        }

        /// Whether every input of the plan is within its range. Asked for every estimate, so field by field without the table.
        pub(in crate::plan) fn check(plan: &Plan) -> Result<(), OutOfRange> {
            $({
                const KIND: InputKind = $kind;
                let value = field!(get plan $($field)*);
                if !KIND.takes(value) {
                    return Err(Input::$name.outside(value));
                }
            })*
            Ok(())
        }
    };
}

impl Input {
    /// All about it.
    pub fn entry(self) -> &'static InputEntry {
        &ENTRIES[self as usize]
    }
}

/// Takes the engine with the nearest precisions that it reads; what else is given overrides them.
fn set_runtime(plan: &mut Plan, value: InputValue) {
    if let Some(runtime) = Runtime::of(value) {
        plan.workload.choose_runtime(runtime);
    }
}

/// Keys and values alike; the values may then differ.
fn set_kv_cache(plan: &mut Plan, value: InputValue) {
    plan.workload.kv_cache.k.put(value);
    plan.workload.kv_cache.v.put(value);
}

inputs! {
    Model "model" [] InputKind::Own("ID|PATH"), Model, always, Model TipModel;
    Quant "quant" [workload.quantization] InputKind::Choice(Choices::of::<Quantization>()), Model, stored_as_chosen,
        WeightPrecision TipQuant;
    Runtime "runtime" [workload.runtime] InputKind::Choice(Choices::of::<Runtime>()), Model, serving, Runtime TipRuntime
        { set: set_runtime };
    RuntimeVersion "runtime_version" [workload.runtime_version] InputKind::Version, Model, serving,
        EngineVersion TipRuntimeVersion { unset: Some(Key::CurrentVersion) };
    Task "task" [workload.task] InputKind::Choice(Choices::of::<Task>()), Model, always, Task TipTask;

    Also "also" [] InputKind::Own("MODEL,KEY=VALUE,…"), Model, always, AlsoOnMachine TipAlso;

    Context "context" [workload.context] InputKind::Tokens(1..=MOST_TOKENS), Serving, serving, Context TipContext;
    Sequences "sequences" [workload.sequences] InputKind::Count(AT_ONCE, Unit::None), Serving, serving,
        Sequences TipSequences { rail: &[1, 8, 64, 512, 1024] };
    KvCache "kv_cache" [workload.kv_cache.k] InputKind::Choice(Choices::of::<KvPrecision>()), Serving, serving,
        KvCachePrecision TipKvCache { set: set_kv_cache };
    KvCacheV "kv_cache_v" [workload.kv_cache.v] InputKind::Choice(Choices::of::<KvPrecision>()), Serving, serving,
        ValuePrecision TipKvCacheV;

    Speculative "speculative" [] InputKind::Own("none|mtp|ID"), Serving, speculating, Speculative TipSpeculative;
    DraftTokens "draft_tokens" [workload.speculation.tokens] InputKind::Count(1..=64, Unit::None), Serving, drafted,
        DraftTokens TipDraftTokens { unset: Some(Key::EngineDefault) };
    DraftQuant "draft_quant" [workload.speculation.quantization] InputKind::Choice(Choices::of::<Quantization>()), Serving,
        draft_model, DraftQuant TipDraftQuant { unset: Some(Key::DraftAsModel) };
    Vision "vision" [workload.vision] InputKind::Choice(Choices::of::<VisionPlace>()), Serving, speculating,
        Vision TipVision { unset: Some(Key::EngineDefault), needs: sees };

    UnifiedKv "unified_kv" [workload.unified_kv] SWITCH, LlamaCpp, llamacpp, UnifiedKv TipUnifiedKv;
    FlashAttention "flash_attention" [workload.flash_attention] SWITCH, LlamaCpp, llamacpp,
        FlashAttention TipFlashAttention;
    Ubatch "ubatch" [workload.ubatch] InputKind::Tokens(AT_ONCE), LlamaCpp, llamacpp, Ubatch TipUbatch;
    Logits "logits" [workload.logits] InputKind::Choice(Choices::of::<Logits>()), LlamaCpp, llamacpp, Logits TipLogits;
    SwaFull "swa_full" [workload.swa_full] SWITCH, LlamaCpp, llamacpp, SwaFull TipSwaFull;
    PromptCacheGib "prompt_cache_gib" [workload.prompt_cache_gib] InputKind::Memory(0.0..=*MEMORY_GIB.end()), LlamaCpp,
        llamacpp, PromptCache TipPromptCache;

    SequenceLength "sequence_length" [workload.training.sequence_length] InputKind::Tokens(1..=MOST_TOKENS), Training,
        training, SequenceLength TipSequenceLength;
    MicroBatch "micro_batch" [workload.training.micro_batch] InputKind::Count(AT_ONCE, Unit::None), Training, training,
        MicroBatch TipMicroBatch { rail: &[1, 2, 4, 8, 16, 32, 64] };
    GradientAccumulation "gradient_accumulation" [workload.training.gradient_accumulation]
        InputKind::Count(AT_ONCE, Unit::None), Training, training, Accumulation TipAccumulation
        { rail: &[1, 4, 16, 64, 256] };
    LoraRank "lora_rank" [workload.training.lora_rank] InputKind::Count(AT_ONCE, Unit::None), Training, training,
        LoraRank TipLoraRank { rail: &[1, 4, 8, 16, 32, 64, 128, 256], needs: adapters };
    GaloreRank "galore_rank" [workload.training.galore_rank] InputKind::Count(AT_ONCE, Unit::None), Training, training,
        GaloreRank TipGaloreRank { rail: &[16, 32, 64, 128, 256, 512, 1024], needs: galore };
    ZeroStage "zero_stage" [workload.training.zero_stage] InputKind::Count(0..=3, Unit::None), Training, training,
        ZeroStage TipZeroStage;
    TensorParallel "tensor_parallel" [workload.tensor_parallel] InputKind::Count(PARTS, Unit::None), Servers,
        cut_across_cards, TensorParallel TipTensorParallel { unset: Some(Key::EngineDefault) };
    GpuMemoryUtilization "gpu_memory_utilization" [workload.server.gpu_memory_utilization]
        InputKind::Number(0.01..=1.0, Unit::None), Servers, pooled, MemoryShare TipMemoryShare
        { unset: Some(Key::EngineDefault) };
    MaxNumSeqs "max_num_seqs" [workload.server.max_num_seqs] InputKind::Count(AT_ONCE, Unit::None), Servers, pooled,
        MaxNumSeqs TipMaxNumSeqs { unset: Some(Key::EngineDefault) };
    MaxBatchedTokens "max_batched_tokens" [workload.server.max_batched_tokens] InputKind::Tokens(1..=MOST_TOKENS), Servers,
        pooled, MaxBatchedTokens TipMaxBatchedTokens { unset: Some(Key::EngineDefault) };
    EnforceEager "enforce_eager" [workload.server.enforce_eager] SWITCH, Servers, pooled, EnforceEager TipEnforceEager;
    MaxLoras "max_loras" [workload.server.max_loras] InputKind::Count(1..=1024, Unit::None), Servers, serves_adapters,
        AdapterSlots TipAdapterSlots { unset: Some(Key::NoAdapters) };
    MaxLoraRank "max_lora_rank" [workload.server.max_lora_rank] InputKind::Count(1..=512, Unit::None), Servers,
        serves_adapters, AdapterRank TipAdapterRank { unset: Some(Key::EngineDefault), needs: adapter_slots };
    PipelineParallel "pipeline_parallel" [workload.training.pipeline_parallel] InputKind::Count(PARTS, Unit::None), Servers,
        in_stages, PipelineParallel TipPipelineParallel;
    DataParallel "data_parallel" [workload.training.data_parallel] InputKind::Count(PARTS, Unit::None), Servers, in_stages,
        DataParallel TipDataParallel { unset: Some(Key::DataParallelAuto) };
    DatasetTokens "dataset_tokens" [workload.training.dataset_tokens]
        InputKind::Count(1..=1_000_000_000_000_000, Unit::Tokens), Training, training, DatasetTokens TipDatasetTokens;
    Epochs "epochs" [workload.training.epochs] InputKind::Count(1..=10_000, Unit::None), Training, training,
        Epochs TipEpochs;
    LoaderWorkers "loader_workers" [workload.training.loader_workers] InputKind::Count(0..=1024, Unit::None), Training,
        training, LoaderWorkers TipLoaderWorkers;
    CheckpointsKept "checkpoints_kept" [workload.training.checkpoints_kept] InputKind::Count(0..=10_000, Unit::None),
        Training, training, CheckpointsKept TipCheckpointsKept;
    Optimizer "optimizer" [workload.training.optimizer] InputKind::Choice(Choices::of::<Optimizer>()), Training, training,
        Optimizer TipOptimizer;
    Precision "precision" [workload.training.precision] InputKind::Choice(Choices::of::<Precision>()), Training, training,
        TrainPrecision TipTrainPrecision;
    Attention "attention" [workload.training.attention] InputKind::Choice(Choices::of::<TrainingAttention>()), Training,
        training, TrainAttention TipTrainAttention;
    LoraTargets "lora_targets" [workload.training.lora_targets] InputKind::Choice(Choices::of::<LoraTargets>()), Training,
        training, LoraTargets TipLoraTargets { needs: adapters };
    Loss "loss" [workload.training.loss] InputKind::Choice(Choices::of::<LossMethod>()), Training, training, LossKind TipLoss;
    Sharding "sharding" [workload.training.sharding] InputKind::Choice(Choices::of::<Sharding>()), Training, training,
        ShardedBy TipSharding;
    Offload "offload" [workload.training.offload] InputKind::Choice(Choices::of::<Offload>()), Training, training,
        OffloadWhat TipOffload;
    Checkpointing "checkpointing" [workload.training.checkpointing]
        InputKind::Switch(Some([Key::CheckpointingOff, Key::CheckpointingEvery])), Training, training,
        Checkpointing TipCheckpointing;
    ReentrantCheckpointing "reentrant_checkpointing" [workload.training.reentrant_checkpointing] SWITCH, Training,
        training, Reentrant TipReentrant { needs: rebuilt_under_fsdp };
    SelectiveCheckpointing "selective_checkpointing" [workload.training.selective_checkpointing] SWITCH, Training,
        training, Selective TipSelective;
    ExpandableSegments "expandable_segments" [workload.training.expandable_segments] SWITCH, Training,
        training, ExpandableSegments TipExpandableSegments;
    Dropout "dropout" [workload.training.dropout] SWITCH, Training, training, Dropout TipDropout;
    PaddingMask "padding_mask" [workload.training.padding_mask] SWITCH, Training, training, PaddingMask TipPaddingMask;
    BaseQuant "base_quant" [workload.training.base_quant] InputKind::Choice(Choices::of::<BaseQuant>()), Training, training,
        BaseQuant TipBaseQuant { unset: Some(Key::BaseByTask), needs: adapters };
    QuantizedExperts "quantized_experts" [workload.training.quantized_experts] SWITCH, Training, training,
        QuantizedExperts TipQuantizedExperts { needs: quantized_mixture };
    DoubleQuantization "double_quantization" [workload.training.double_quantization] SWITCH, Training, training,
        DoubleQuantization TipDoubleQuantization { needs: nf4 };
    OffloadCheckpoints "offload_checkpoints" [workload.training.offload_checkpoints] SWITCH, Training, training,
        OffloadCheckpoints TipOffloadCheckpoints;
    SequenceParallel "sequence_parallel" [workload.training.sequence_parallel] SWITCH, Training, training,
        SequenceParallel TipSequenceParallel;
    DatasetInRam "dataset_in_ram" [workload.training.dataset_in_ram] SWITCH, Training, training,
        DatasetInRam TipDatasetInRam;

    Backend "backend" [workload.backend] InputKind::Choice(Choices::of::<Backend>()), Model, on_cards, Backend TipBackend
        { unset: Some(Key::BackendAuto) };
    Card "card" [] InputKind::Own("ID"), Cards, on_cards, Card TipCard;
    Cards "cards" [] InputKind::Own("N"), Cards, on_cards, CardCount TipCardCount;
    CardMemoryGib "card_memory_gib" [] InputKind::Own("GIB"), Cards, on_cards, MemorySize TipMemorySize;
    Machine "machine" [] InputKind::Own("ID[:N],…"), Cards, on_cards, UnequalCards TipUnequalCards;
    PowerLimitW "power_limit_w" [machine.power_limit_w] InputKind::Count(50..=1500, Unit::Watts), Cards, on_cards,
        PowerLimit TipPowerLimit { unset: Some(Key::FromCard) };
    UnifiedGib "unified_gib" [machine.unified_gib] InputKind::Memory(MEMORY_GIB), Cards, on_cards, GivenToGpu TipGivenToGpu
        { unset: Some(Key::AsUsuallySet), needs: one_pool };
    Nvlink "nvlink" [machine.nvlink] SWITCH, Cards, on_cards, NvlinkBridge TipNvlinkBridge { needs: bridgeable };
    Boxes "boxes" [machine.boxes] InputKind::Count(BOXES, Unit::None), Cards, on_cards, Boxes TipBoxes
        { unset: Some(Key::BoxesByCards), needs: several };
    BoxLink "box_link" [machine.box_link] InputKind::Choice(Choices::of::<BoxLink>()), Cards, on_cards, BoxLink TipBoxLink
        { unset: Some(Key::BoxLinkUsual), needs: in_several_boxes };
    GpuLayers "gpu_layers" [workload.gpu_layers] InputKind::CountOr(LAYERS, LAYER_WORDS), LlamaCpp, llamacpp_on_cards,
        LayersOnGpu TipGpuLayers;
    CpuExperts "cpu_experts" [workload.cpu_experts] InputKind::CountOr(LAYERS, EXPERT_WORDS), LlamaCpp, llamacpp_on_cards,
        ExpertsInRam TipCpuExperts { needs: experts };
    SplitMode "split_mode" [workload.split_mode] InputKind::Choice(Choices::of::<SplitMode>()), LlamaCpp, llamacpp_on_cards,
        SplitMode TipSplitMode;
    MainGpu "main_gpu" [workload.main_gpu] InputKind::Count(DEVICES, Unit::None), LlamaCpp, llamacpp_on_cards,
        MainGpu TipMainGpu { needs: one_card_alone };
    TensorSplit "tensor_split" [] InputKind::Own("N,N,…"), LlamaCpp, llamacpp_on_cards, TensorSplit TipTensorSplit
        { unset: Some(Key::SplitByFree), needs: layers_shared };
    OverrideTensors "override_tensors" [] InputKind::Own("PATTERN=BUFFER,…"), LlamaCpp, llamacpp_on_cards,
        OverrideTensors TipOverrideTensors { unset: Some(Key::NoneMoved) };
    RamGib "ram_gib" [machine.ram_gib] InputKind::Memory(MEMORY_GIB), Machine, always, SystemRam TipRam
        { rail: &[4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096], needs: own_ram };
    RamGbS "ram_gb_s" [machine.ram_gb_s] InputKind::Number(GB_S, Unit::GbPerS), Machine, always, RamBandwidth TipRamBandwidth
        { unset: Some(Key::NotSet), needs: own_ram };
    Platform "platform" [] InputKind::Own("ID"), Machine, always, RamKind TipPlatform { needs: own_ram };
    PcieGen "pcie_gen" [machine.pcie_gen] InputKind::Count(1..=8, Unit::None), Machine, on_cards,
        PcieGeneration TipPcieGeneration { unset: Some(Key::FromCard), needs: slots };
    PcieLanes "pcie_lanes" [machine.pcie_lanes] InputKind::Count(1..=32, Unit::None), Machine, on_cards,
        PcieLanes TipPcieLanes { unset: Some(Key::FromCard), needs: slots };
    DiskGbS "disk_gb_s" [machine.disk_gb_s] InputKind::Number(GB_S, Unit::GbPerS), Machine, always, Disk TipDisk
        { unset: Some(Key::NotSet) };
    Os "os" [machine.os] InputKind::Choice(Choices::of::<OperatingSystem>()), Machine, always, OperatingSystem TipOs;
    Screen "screen" [machine.screen] SWITCH, Cards, always, Screen TipScreen { needs: cards };
    Owned "owned" [machine.owned] SWITCH, Cards, on_cards, CardsOwned TipCardsOwned { needs: cards };

    PromptTokens "prompt_tokens" [workload.prompt_tokens] InputKind::Tokens(0..=MOST_TOKENS), Serving, serving,
        Prompt TipPrompt;
    Depth "depth" [workload.depth] InputKind::Tokens(0..=MOST_TOKENS), Serving, serving, Depth TipDepth
        { unset: Some(Key::DepthFull) };
}
