//! What a plan runs and what each step of it reads, as plain facts: engines state them, the laws of speed consume them.

mod cache_reads;
mod guesses;
mod inference;
mod reads;

pub(super) use cache_reads::{CacheReads, ElementBytes};
pub(super) use guesses::{Guesser, Guesses};
pub(super) use inference::{Crossing, ExpertCounts, Inference, TimedSpans, Together, TokenSpan, WeightStorage};
pub(super) use reads::{DeviceReads, HostReads, StepReads};

/// All that the speed of a plan follows from, besides the machine.
#[derive(Debug, Clone)]
pub(super) struct StepFacts {
    /// What runs.
    pub(super) inference: Inference,
    /// What lies on the devices.
    pub(super) devices: DeviceReads,
    /// What lies in RAM.
    pub(super) host: HostReads,
    /// Bytes that are read from the disk before anything runs.
    pub(super) file_bytes: f64,
    /// Bytes of weights on devices.
    pub(super) device_bytes: f64,
    /// Bytes of whole layers that the engine, which placed them by itself, may put into RAM besides.
    pub(super) may_spill_bytes: f64,
    /// Tokens that are guessed ahead; `None` where each is a step of its own.
    pub(super) guesses: Option<Guesses>,
}

/// Whether a plan runs.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "taken apart where it is made; a box would allocate at every estimate")]
pub(super) enum RunState {
    /// As these facts say.
    Steps(StepFacts),
    /// From the disk, again and again: the file is larger than the RAM that is left for it.
    Paging(Option<Box<Paged>>),
    /// It does not.
    Halted,
}

/// What runs from the disk.
#[derive(Debug, Clone)]
pub(super) struct Paged {
    /// As if the RAM held all of it.
    pub(super) facts: StepFacts,
    /// Bytes that find no room in the RAM.
    pub(super) missing: f64,
}
