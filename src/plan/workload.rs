//! What shall run.

use serde::{Deserialize, Serialize};

use super::{
    Backend, CpuExperts, Drafter, GpuLayers, Logits, ModelChoice, Runtime, RuntimeVersion, Speculation, SplitMode,
    Task, TensorOverrides, Training, VisionPlace,
};
use crate::catalog::Catalog;
use crate::catalog::quantization::{KvPrecision, Quantization, QuantizationKind};

/// What shall run: the model, how it is stored, and how the engine is told to run it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Workload {
    /// Which model.
    pub model: ModelChoice,
    /// What is done with it.
    pub task: Task,
    /// The engine.
    pub runtime: Runtime,
    /// Its version; the current one where none is given.
    pub runtime_version: Option<RuntimeVersion>,
    /// The compute library; by the maker of the first card where none is named.
    pub backend: Option<Backend>,
    /// How the weights are stored.
    pub quantization: Quantization,
    /// How the KV cache is stored.
    pub kv_cache: KvCache,
    /// Tokens a sequence; with `unified_kv` the pool that all sequences share.
    pub context: u64,
    /// Sequences at once.
    pub sequences: u32,
    /// All sequences share one pool of `context` cells.
    pub unified_kv: bool,
    /// Tokens of the prompt.
    pub prompt_tokens: u64,
    /// Tokens cached when the run starts; `None` = at `context`.
    pub depth: Option<u64>,
    /// Flash attention.
    pub flash_attention: bool,
    /// Tokens processed at once (physical batch).
    pub ubatch: u32,
    /// For how many tokens logits are reserved.
    pub logits: Logits,
    /// Sliding-window layers keep the whole context (llama.cpp's `--swa-full`).
    pub swa_full: bool,
    /// Layers on the GPU.
    pub gpu_layers: GpuLayers,
    /// The experts of the first so many layers stay in RAM.
    pub cpu_experts: CpuExperts,
    /// How several cards share the model.
    pub split_mode: SplitMode,
    /// The device that has all where one alone does.
    pub main_gpu: u32,
    /// The part of the layers that each card takes, in card order; empty = by what is free on each.
    pub tensor_split: Vec<f64>,
    /// Tensors that lie elsewhere than their layers.
    pub override_tensors: TensorOverrides,
    /// How tokens are guessed ahead.
    pub speculation: Speculation,
    /// Where the part that sees lies; `None` = where the engine puts it by itself.
    pub vision: Option<VisionPlace>,
    /// The most RAM that llama-server's prompt cache may take, in GiB.
    pub prompt_cache_gib: f64,
    /// Cards that every layer is cut across; all of them where none is given. Engines that split by layers ignore it; training
    /// takes 1 where none is given.
    pub tensor_parallel: Option<u32>,
    /// What only server engines with a reserved pool are told.
    pub server: ServerOptions,
    /// What a training run is told.
    pub training: Training,
}

impl Workload {
    /// How long one sequence is: the context, or in training the sequence length, in tokens.
    pub const fn length(&self) -> u64 {
        if self.task.trains() { self.training.sequence_length } else { self.context }
    }

    /// Makes one sequence so long.
    pub const fn set_length(&mut self, tokens: u64) {
        let length = if self.task.trains() { &mut self.training.sequence_length } else { &mut self.context };
        *length = tokens;
    }

    /// The user says which layers, experts or tensors lie in RAM.
    pub fn places_by_hand(&self) -> bool {
        self.gpu_layers != GpuLayers::Auto || self.asked_experts() > 0 || !self.override_tensors.is_empty()
    }

    /// The cards share the layers as the plan says.
    pub fn shares_by_hand(&self) -> bool {
        !self.tensor_split.is_empty() && self.split_mode == SplitMode::Layer
    }

    /// Asks for all layers on the devices where how many is left to the engine.
    pub fn ask_for_all_layers(&mut self) {
        if self.gpu_layers == GpuLayers::Auto {
            self.gpu_layers = GpuLayers::All;
        }
    }

    /// The engine chooses which experts stay in RAM: its fit leaves layers that are given by hand alone.
    pub fn places_experts(&self) -> bool {
        self.gpu_layers == GpuLayers::Auto
            && self.cpu_experts == CpuExperts::Auto
            && !self.shares_by_hand()
            && self.override_tensors.is_empty()
    }

    /// The experts of how many layers the plan itself puts into RAM.
    pub const fn asked_experts(&self) -> u32 {
        match self.cpu_experts {
            CpuExperts::Auto => 0,
            CpuExperts::Count(layers) => layers,
        }
    }

    /// Runs so many sequences at once: users, or in training the micro-batch.
    pub const fn set_at_once(&mut self, sequences: u32) {
        let at_once = if self.task.trains() { &mut self.training.micro_batch } else { &mut self.sequences };
        *at_once = sequences;
    }

    /// How the weights are stored where nobody says: as they were published where that is a low precision that the engine
    /// reads, else in about 4 bits.
    pub fn usual_quantization(&self, catalog: &Catalog) -> Quantization {
        let kind = self.runtime.reads();
        let published = self.model.known(catalog).and_then(|model| model.native_dtype);
        published.and_then(|dtype| dtype.stored(kind)).unwrap_or(match kind {
            QuantizationKind::Gguf => Quantization::Q4_K_M,
            QuantizationKind::Server => Quantization::Q4_K_M.nearest_server(),
        })
    }

    /// The steps of a precision slider, most bits first: those of the engine, the usual one in the place of the 4-bit step
    /// where it is none of them.
    pub fn precisions(&self, catalog: &Catalog) -> Vec<Quantization> {
        let usual = self.usual_quantization(catalog);
        let mut steps = self.runtime.precisions().to_vec();
        if !steps.contains(&usual) {
            let plain = [Quantization::Q4_K_M, Quantization::Q4_K_M.nearest_server()];
            steps.iter_mut().filter(|step| plain.contains(step)).for_each(|step| *step = usual);
        }
        steps
    }

    /// Makes a change of model or engine; weights that were stored as usual still are.
    pub fn stored_as_usual(&mut self, catalog: &Catalog, change: impl FnOnce(&mut Self)) {
        let usual = self.quantization == self.usual_quantization(catalog);
        change(self);
        if usual {
            self.quantization = self.usual_quantization(catalog);
        }
    }

    /// Takes this model, and the precision it is usually stored in where the present one is the usual one of the model before.
    pub fn choose_model(&mut self, model: ModelChoice, catalog: &Catalog) {
        self.stored_as_usual(catalog, |workload| workload.model = model);
        let known = self.model.known(catalog);
        // What the model has none of is not asked of it.
        let guesses = known.is_some_and(|model| model.num_nextn_predict_layers > 0);
        let sees = known.is_some_and(|model| model.vision.is_some());
        if self.speculation.drafter == Drafter::Mtp && !guesses {
            self.speculation.drafter = Drafter::None;
        }
        self.vision = self.vision.filter(|_| sees);
    }

    /// Whether a server engine must be told how many sequences may run, since it starts only where each has a recurrent state
    /// and by itself prepares for hundreds.
    pub fn must_tell_sequences(&self, catalog: &Catalog) -> bool {
        let recurrent = || self.model.known(catalog).is_some_and(|model| model.recurrent.is_some());
        self.runtime != Runtime::LlamaCpp && self.server.max_num_seqs.is_none() && recurrent()
    }

    /// Takes `runtime` and, where it does not read weights or cache as they are stored, the nearest that it does. A version
    /// of another engine means nothing and is dropped.
    pub fn choose_runtime(&mut self, runtime: Runtime) {
        if runtime == self.runtime {
            return;
        }
        let llamacpp = runtime == Runtime::LlamaCpp;
        self.runtime = runtime;
        self.runtime_version = None;
        // Servers guess with the model's own layer and run what sees on the cards.
        if !llamacpp && matches!(self.speculation.drafter, Drafter::Model(_)) {
            self.speculation.drafter = Drafter::None;
        }
        self.vision = self.vision.filter(|place| llamacpp || *place != VisionPlace::Cpu);
        self.quantization =
            if llamacpp { self.quantization.nearest_gguf() } else { self.quantization.nearest_server() };
        let nearest = |precision: KvPrecision| match precision {
            KvPrecision::fp8 if llamacpp => KvPrecision::q8_0,
            KvPrecision::q8_0 if !llamacpp => KvPrecision::fp8,
            KvPrecision::f32 | KvPrecision::f16 | KvPrecision::bf16 => precision,
            _ if llamacpp => precision,
            _ => KvPrecision::f16,
        };
        let k = nearest(self.kv_cache.k);
        // Servers store keys and values alike.
        self.kv_cache = KvCache { k, v: if llamacpp { nearest(self.kv_cache.v) } else { k } };
    }
}

/// Options of engines that reserve a pool for the KV cache. `None` = the engine's own default for the card.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerOptions {
    /// Share of the card that the engine may take.
    pub gpu_memory_utilization: Option<f64>,
    /// Most sequences in one batch.
    pub max_num_seqs: Option<u32>,
    /// Most tokens in one batch.
    pub max_batched_tokens: Option<u32>,
    /// No CUDA graphs.
    pub enforce_eager: bool,
    /// Slots for `LoRA` adapters that are served beside the model, or adapters that llama.cpp loads with it; none where nothing is
    /// given.
    pub max_loras: Option<u32>,
    /// The largest rank of these adapters; the engine's default where none is given.
    pub max_lora_rank: Option<u32>,
}

/// The rank that adapters are taken to have unless it is told (`max_lora_rank`, `config/lora.py` of vLLM 0.33.0).
const ADAPTER_RANK: u32 = 16;

impl ServerOptions {
    /// The largest rank of adapters.
    pub fn adapter_rank(&self) -> u32 {
        self.max_lora_rank.unwrap_or(ADAPTER_RANK)
    }
}

/// How the KV cache is stored: keys and values may differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KvCache {
    /// Keys.
    pub k: KvPrecision,
    /// Values.
    pub v: KvPrecision,
}

impl Default for Workload {
    fn default() -> Self {
        Self {
            model: ModelChoice::Catalog("llama-3.1-8b".to_owned()),
            task: Task::Serve,
            runtime: Runtime::LlamaCpp,
            runtime_version: None,
            backend: None,
            quantization: Quantization::Q4_K_M,
            kv_cache: KvCache::default(),
            context: 8192,
            sequences: 1,
            unified_kv: false,
            prompt_tokens: 2048,
            depth: None,
            flash_attention: true,
            ubatch: 512,
            logits: Logits::Last,
            swa_full: false,
            gpu_layers: GpuLayers::Auto,
            cpu_experts: CpuExperts::Auto,
            split_mode: SplitMode::Layer,
            main_gpu: 0,
            tensor_split: Vec::new(),
            override_tensors: TensorOverrides::default(),
            speculation: Speculation::default(),
            vision: None,
            prompt_cache_gib: 8.0,
            tensor_parallel: None,
            server: ServerOptions::default(),
            training: Training::default(),
        }
    }
}
