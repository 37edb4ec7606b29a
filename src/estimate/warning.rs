//! What is unwise but possible, or assumed because it is not known.

use super::Estimate;
use super::device::Device;
use crate::catalog::life::{Reach, ServedEngine};
use crate::catalog::model::Model;
use crate::catalog::unified::UnifiedSetting;
use crate::plan::{BoxLink, Plan, Runtime};
use crate::units::{Band, Bytes};

/// What is unwise but possible, or assumed because it is not known. The words are in the locales.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// The context is above what the model was trained for.
    ContextAboveTrained {
        /// `max_position_embeddings`.
        trained: u64,
    },
    /// The tensors cannot be laid out from known facts: parts are unknown.
    LayoutUnknown,
    /// Known only by its size: a typical shape is assumed.
    TypicalShape,
    /// The file names an architecture that is not known: estimated as one like Llama.
    UnknownArchitecture {
        /// As the file names it.
        name: String,
    },
    /// The type needs an importance matrix: the mix with one is used.
    ImportanceMatrix,
    /// The compute library has no flash attention for the type of the cache.
    NoFlashKernel,
    /// Files of every name hold the experts as they were published: the chosen type changes only the rest.
    PublishedExperts,
    /// What a card holds beside the engine's buffers is the user's own measurement.
    OwnOverhead,
    /// The memory that a program is offered on this card is a rule, not a measurement.
    UsableEstimated,
    /// It leaves less free than the engine's own placement would, which puts more into RAM unless it is told otherwise.
    FitMargin {
        /// What the engine leaves free on each device.
        margin: Bytes,
        /// What it would put into RAM.
        moved: Bytes,
        /// Tokens a second that one sequence would then receive; `None` = no data.
        decode: Option<f64>,
    },
    /// Nobody named the speed of the RAM that the plan reads: an assumption stands in, with a wide band.
    RamSpeedAssumed {
        /// GB/s.
        gb_s: f64,
    },
    /// More devices than the engine runs in one process.
    ManyDevices {
        /// The most it runs.
        most: usize,
    },
    /// The devices need more than one compute library: the engine must be built with each, or with one that runs them all.
    SeveralBackends,
    /// What the engine takes is known from few logs, or carried over from another engine or version.
    ThinEvidence,
    /// The usual packages of this engine leave a card out: an older version, or one that is built for it, runs there.
    LeftOut {
        /// The engine.
        engine: ServedEngine,
    },
    /// The engine calls the way in which the devices share the layers experimental.
    ExperimentalSplit,
    /// Several boxes share the model.
    OverNetwork {
        /// What joins them.
        link: BoxLink,
        /// How many.
        boxes: u32,
        /// Bytes that cross for each decode step.
        bytes: f64,
        /// Seconds that they take, with what boxes wait for each other.
        seconds: Band<f64>,
    },
    /// General kernels unpack the weights, and which ones differs from build to build: no speed can be told.
    UnpredictableSpeed,
    /// The file is larger than the RAM: what a token calls and RAM does not hold is read from the disk.
    FromDisk {
        /// GB (10^9) that a token reads.
        gb: Band<f64>,
        /// Tokens a second that one sequence receives.
        decode: Band<f64>,
    },
    /// llama-server keeps snapshots of recurrent states in RAM, more than is left there.
    Snapshots {
        /// One of them.
        each: Bytes,
        /// The most that it keeps for all sequences.
        most: Bytes,
        /// What is left of the RAM.
        left: Bytes,
    },
    /// Windows moves what finds no room on a card into RAM without a word.
    SharedMemory,
    /// The cards have no arithmetic for the format: weights are unpacked to 16 bits while they are read.
    UnpackedFormat,
    /// More sequences than the engine runs at once: the others wait.
    Queued {
        /// Run at once.
        running: u32,
        /// Wait.
        waiting: u32,
    },
    /// More ranks than key and value heads: ranks hold copies of the cache.
    CopiedHeads,
    /// Devices that hold nothing, since fewer ranks share the model.
    IdleDevices,
    /// Training's laws were not read off this family of layers: those of the nearest stand in.
    NearestFamily,
    /// A step of training of such layers is replayed as their code reads; none was traced.
    UntracedLayers,
    /// The allocator of a card keeps memory that tensors have left, and gives it back before it runs out.
    CachedBlocks {
        /// What the card shows at most.
        shown: Bytes,
        /// What of that is so kept.
        kept: Bytes,
    },
    /// What dropout keeps is not known for adapters of experts, and left out.
    DropoutLeftOut,
    /// Selective recomputation beside attention that keeps no scores, or beside layers that are rebuilt: it changes nothing.
    SelectiveIdle,
    /// Fused experts stay unquantized under nf4.
    UnquantizedExperts,
    /// Adapters on every linear layer include those of all experts, which are multiplied out.
    ExpertAdapters,
    /// What the part that sees works in is not known for this model, and left out.
    VisionBuffer,
    /// The system gives the GPU less of the memory that it shares with the CPU than the plan counts on, unless it is told.
    GivenToGpu {
        /// What it gives by itself.
        by_itself: Bytes,
        /// What the plan counts on.
        given: Bytes,
        /// What changes it.
        setting: UnifiedSetting,
    },
    /// An engine captures graphs for more sequences than its pool holds recurrent states of: it does not start.
    StateBlocks {
        /// Sequences that it may run.
        asked: u64,
        /// States that the pool holds.
        held: u64,
    },
    /// The stages hold unequal numbers of layers, which the engine must be told.
    StageLayers {
        /// Layers of each.
        layers: Vec<usize>,
    },
    /// Programs reserve more of a device than it offers.
    SharesCollide {
        /// Which device.
        device: usize,
        /// What they reserve together.
        reserved: Bytes,
        /// What it offers.
        offered: Bytes,
        /// Which of them, by its row (`None` = the plan's own model), and the share with which all find room; `None` where no
        /// share of one of them is enough.
        solved: Option<(Option<usize>, f64)>,
    },
    /// The engine takes so large a share that context and graphs may find no room beside it.
    LittleBesidePool,
}

impl Warning {
    /// That another architecture stands in for the one of the model's file.
    pub(super) fn of_architecture(model: &Model) -> Option<Self> {
        model.unknown_architecture.clone().map(|name| Self::UnknownArchitecture { name })
    }

    /// That today's `engine` leaves one of the devices out; nothing where the plan names a version.
    pub(super) fn of_life(engine: ServedEngine, plan: &Plan, devices: &[Device<'_>]) -> Option<Self> {
        let left_out = |device: &Device<'_>| device.entry.and_then(|card| card.reach(engine)) == Some(Reach::LeftOut);
        let today = plan.workload.runtime_version.is_none();
        (today && devices.iter().any(left_out)).then_some(Self::LeftOut { engine })
    }

    /// What must be told the system for the GPU of this device to be given as much as `needed`; `None` where it gives that by itself, or
    /// where nothing is to be told.
    pub(super) fn of_setting(device: &Device<'_>, plan: &Plan, needed: Bytes) -> Option<Self> {
        let card = device.entry?;
        let rule = card.unified_rule(Some(plan.machine.os))?;
        let by_itself = match rule.lends {
            Some(share) => device.capacity.scaled(share),
            None => card.device_memory(Some(device.capacity.gib())).ok()?.usable,
        };
        let set = plan.machine.unified_gib.is_some() && device.usable > by_itself;
        if rule.setting == UnifiedSetting::Fixed || !set && needed <= by_itself || device.usable <= by_itself {
            return None;
        }
        Some(Self::GivenToGpu { by_itself, given: device.usable, setting: rule.setting })
    }

    /// That snapshots of recurrent states may fill what is left of the RAM: each holds the state of one sequence, which no
    /// context makes smaller.
    pub(super) fn of_snapshots(found: &Estimate, plan: &Plan, most: u32) -> Option<Self> {
        let workload = &plan.workload;
        let on_devices = found.devices.iter().map(|device| device.parts.recurrent_state).sum::<Option<Bytes>>()?;
        let all = on_devices + found.host.parts.recurrent_state?;
        // States that guessed tokens may be taken back from are no part of a snapshot.
        let ahead = if found.drafter.is_some() { u64::from(workload.speculation.ahead(workload.runtime)) } else { 0 };
        let sequences = u64::from(workload.sequences.max(1));
        let each = Bytes(all.0 / sequences / (1 + ahead));
        let (most, left) = (Bytes(each.0 * sequences * u64::from(most)), found.host.free?);
        let llamacpp = workload.runtime == Runtime::LlamaCpp && !workload.task.trains();
        (llamacpp && most > left).then_some(Self::Snapshots { each, most, left })
    }

    /// What the engine's own placement, which leaves `margin` free, does to a plan with this answer.
    pub(super) fn of_fit(fitted: &Estimate, answer: &Estimate, margin: Bytes) -> Self {
        let in_ram =
            |it: &Estimate| it.host.parts.weights.unwrap_or_default() + it.host.parts.caches().unwrap_or_default();
        let decode = fitted.speed.decode.map(|decode| decode.expected);
        Self::FitMargin { margin, moved: in_ram(fitted) - in_ram(answer), decode }
    }
}
