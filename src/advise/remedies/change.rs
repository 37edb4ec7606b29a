//! The changes that a way consists of, and what each does to a plan.

use super::TrainingChange;
use crate::catalog::quantization::{KvPrecision, Quantization};
use crate::catalog::runtime::RamSpeed;
use crate::plan::{
    CardChoice, CardCount, CpuExperts, GpuLayers, KvCache, ModelChoice, Plan, ResidentPlace, Runtime, SplitMode,
};
use crate::units::Bytes;

/// One change of a plan.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Another context, in tokens.
    Context(u64),
    /// Other sequences at once.
    Sequences(u32),
    /// Another prompt cache of llama-server, in GiB.
    PromptCache(f64),
    /// Another model of the catalog, by its id.
    Model(String),
    /// Another precision of the weights.
    Weights(Quantization),
    /// Another precision of the KV cache, keys and values alike.
    KvCache(KvPrecision),
    /// Flash attention on.
    FlashAttention,
    /// Fewer tokens processed at once.
    Ubatch(u32),
    /// A server engine's largest batch, in sequences.
    MaxNumSeqs(u32),
    /// No CUDA graphs.
    EnforceEager,
    /// A larger share of each card for a server engine.
    Utilization(f64),
    /// Another engine, with the weights as it reads them.
    Engine(Runtime, Quantization),
    /// So many cards of one kind more.
    AddCards {
        /// By id.
        card: String,
        /// How many more.
        count: u32,
    },
    /// So many cards of one kind more, and what is trained shared out among all.
    ShareCards {
        /// By id.
        card: String,
        /// How many more.
        count: u32,
        /// `ZeRO`'s stage.
        stage: u8,
    },
    /// So many cards of one kind instead of all present ones.
    SwapCards {
        /// By id.
        card: String,
        /// How many.
        count: u32,
    },
    /// Every layer cut across this many devices.
    TensorParallel(u32),
    /// Whole layers on each card.
    LayerSplit,
    /// As many layers on the GPU as fit.
    MostLayers,
    /// Layers and experts where the engine puts them, instead of where they were put by hand.
    Automatic,
    /// The experts of the first so many layers in RAM, everything else on the GPU.
    Experts(u32),
    /// RAM of another grade in as many channels.
    FasterRam {
        /// The grade.
        speed: RamSpeed,
        /// Channels of 64 bits.
        channels: u32,
    },
    /// So many GiB of RAM in all.
    Ram(f64),
    /// Another way to train.
    Training(TrainingChange),
    /// So many rented cards of one kind instead of all present ones.
    RentCards {
        /// By id.
        card: String,
        /// How many.
        count: u32,
    },
    /// Another host for so many cards: board, processor, supplies, case and RAM.
    NewHost {
        /// Its platform, by id.
        platform: String,
        /// Cards that it holds.
        cards: u32,
    },
    /// Another place for a program beside the plan's own model.
    MoveProgram {
        /// Its row.
        row: usize,
        /// Where it goes.
        place: ResidentPlace,
    },
    /// Another share of each card for such a program.
    ProgramShare {
        /// Its row.
        row: usize,
        /// The share.
        share: f64,
    },
    /// Several changes that belong together.
    Together(Vec<Self>),
    /// Flash attention, which is on: so much more would be needed without it.
    KeepFlash(Bytes),
}

impl Change {
    /// Whether it changes what stands in the machine.
    pub fn is_hardware(&self) -> bool {
        self.parts().iter().any(|part| {
            matches!(
                part,
                Self::AddCards { .. }
                    | Self::ShareCards { .. }
                    | Self::SwapCards { .. }
                    | Self::RentCards { .. }
                    | Self::NewHost { .. }
                    | Self::FasterRam { .. }
                    | Self::Ram(_)
            )
        })
    }

    /// The single changes that it consists of.
    pub const fn parts(&self) -> &[Self] {
        match self {
            Self::Together(parts) => parts.as_slice(),
            single => std::slice::from_ref(single),
        }
    }

    /// Whether less is asked for: a shorter context or sequence, fewer sequences, another model.
    pub fn asks_less(&self) -> bool {
        self.parts().iter().any(|part| {
            matches!(
                part,
                Self::Context(_)
                    | Self::Sequences(_)
                    | Self::Model(_)
                    | Self::Training(TrainingChange::Length(_) | TrainingChange::Rank(_) | TrainingChange::Task(_))
            )
        })
    }

    /// Makes the change.
    pub(super) fn apply(&self, plan: &mut Plan) {
        let workload = &mut plan.workload;
        match self {
            Self::Context(context) => {
                workload.context = *context;
                workload.depth = workload.depth.map(|depth| depth.min(*context));
                workload.prompt_tokens = workload.prompt_tokens.min(*context);
            }
            Self::Sequences(sequences) => workload.sequences = *sequences,
            Self::PromptCache(gib) => workload.prompt_cache_gib = *gib,
            Self::Model(id) => workload.model = ModelChoice::Catalog(id.clone()),
            Self::Weights(quantization) => workload.quantization = *quantization,
            Self::KvCache(precision) => workload.kv_cache = KvCache { k: *precision, v: *precision },
            Self::FlashAttention => workload.flash_attention = true,
            Self::Ubatch(tokens) => workload.ubatch = *tokens,
            Self::MaxNumSeqs(sequences) => workload.server.max_num_seqs = Some(*sequences),
            Self::EnforceEager => workload.server.enforce_eager = true,
            Self::Utilization(share) => workload.server.gpu_memory_utilization = Some(*share),
            Self::Engine(runtime, quantization) => {
                // The cache too becomes one that this engine reads.
                workload.choose_runtime(*runtime);
                workload.quantization = *quantization;
            }
            Self::AddCards { card, count } => add(plan, card, *count),
            Self::ShareCards { card, count, stage } => {
                let parallel = plan.workload.tensor_parallel;
                add(plan, card, *count);
                plan.workload.tensor_parallel = parallel;
                plan.workload.training.data_parallel = None;
                plan.workload.training.zero_stage = *stage;
            }
            Self::SwapCards { card, count } | Self::RentCards { card, count } => {
                plan.machine.cards = vec![cards(card, *count)];
                // The compute library and the slot belonged to the old cards.
                plan.workload.backend = None;
                plan.settle_residents();
            }
            Self::TensorParallel(devices) => {
                workload.split_mode = SplitMode::Tensor;
                // llama.cpp cuts across all devices there are.
                workload.tensor_parallel = Some(*devices).filter(|_| workload.runtime != Runtime::LlamaCpp);
            }
            Self::LayerSplit => {
                workload.split_mode = SplitMode::Layer;
                workload.tensor_parallel = None;
            }
            Self::MostLayers => workload.gpu_layers = GpuLayers::Auto,
            Self::Automatic => {
                workload.gpu_layers = GpuLayers::Auto;
                workload.cpu_experts = CpuExperts::Auto;
            }
            Self::Experts(layers) => {
                workload.cpu_experts = CpuExperts::Count(*layers);
                if matches!(workload.gpu_layers, GpuLayers::Count(_)) {
                    workload.gpu_layers = GpuLayers::Auto;
                }
            }
            Self::FasterRam { speed, channels } => {
                plan.machine.ram_gb_s = Some(speed.gb_s(*channels));
                plan.machine.platform = None;
            }
            Self::Ram(gib) => plan.machine.ram_gib = *gib,
            Self::Training(change) => change.apply(&mut plan.workload),
            Self::NewHost { platform, .. } => {
                plan.machine.platform = Some(platform.clone());
                // What was typed belonged to the old one.
                plan.machine.ram_gb_s = None;
                (plan.machine.pcie_gen, plan.machine.pcie_lanes) = (None, None);
            }
            Self::MoveProgram { row, place } => {
                if let Some(resident) = plan.also.get_mut(*row) {
                    resident.place = *place;
                }
            }
            Self::ProgramShare { row, share } => {
                if let Some(resident) = plan.also.get_mut(*row) {
                    resident.workload.server.gpu_memory_utilization = Some(*share);
                }
            }
            Self::Together(parts) => parts.iter().for_each(|part| part.apply(plan)),
            Self::KeepFlash(_) => {}
        }
    }
}

/// `plan` with these changes made, and nothing else.
#[must_use]
pub fn changed(plan: &Plan, changes: &[Change]) -> Plan {
    let mut plan = plan.clone();
    for change in changes {
        change.apply(&mut plan);
    }
    plan
}

fn add(plan: &mut Plan, id: &str, count: u32) {
    let same = plan.machine.cards.iter_mut().find(|kind| kind.card == CardChoice::Catalog(id.to_owned()));
    match same {
        Some(kind) => kind.count += count,
        None => plan.machine.cards.push(cards(id, count)),
    }
    // Every layer was cut across all cards there were.
    if let Some(devices) = &mut plan.workload.tensor_parallel {
        *devices += count;
    }
}

fn cards(id: &str, count: u32) -> CardCount {
    CardCount::of(CardChoice::Catalog(id.to_owned()), count)
}
