//! What an estimate answers.

mod balance;
mod device;
mod experts;
mod host;
mod parts;
mod queue;
mod resident;
mod speed;
mod totals;
mod training_step;

pub use balance::{Balance, JudgedRoom, OffloadCause, Room};
pub use device::DeviceEstimate;
pub(super) use device::{DeviceContents, is_far};
pub use experts::ExpertsInRam;
pub use host::HostEstimate;
pub(super) use host::{HostHeld, HostRoom};
pub use parts::Parts;
pub use queue::Queue;
pub use resident::ResidentEstimate;
pub use speed::{NetworkShare, Speed, Spread, StepBytes, StepPart, StepShare, StepTimes, Uncertainty};
pub use totals::Headroom;
pub use training_step::{JobTime, PhaseBytes, TrainingPhase, TrainingStep};

use super::device::Hardware;
use super::{Verdict, Warning};
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::plan::Plan;
use crate::units::Bytes;

/// What a plan needs, where it lies, and whether that fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// The judgment over all devices and the host; `None` where parts cannot be known.
    pub verdict: Option<Verdict>,
    /// Parameters of the model.
    pub params: Option<u64>,
    /// The model's weights as the file holds them.
    pub weights: Option<Bytes>,
    /// Bits a weight, all tensors counted.
    pub bits_per_weight: Option<f64>,
    /// One entry a device, in device order; empty on CPU only.
    pub devices: Vec<DeviceEstimate>,
    /// What lies in the machine's RAM.
    pub host: HostEstimate,
    /// Layers that the model has, the output layer included (`gpu_layers` of the devices add up to at most this).
    pub layers: u32,
    /// How many sequences run at once, and how many wait.
    pub queue: Queue,
    /// The experts that lie in RAM apart from their layers.
    pub experts: ExpertsInRam,
    /// What of all places together the drafter takes; `None` where nobody guesses.
    pub drafter: Option<Parts>,
    /// How fast it runs.
    pub speed: Speed,
    /// The moments of one training step; `None` where nothing is trained or the layout is not known.
    pub training: Option<Box<TrainingStep>>,
    /// What runs beside, in the order of the plan.
    pub also: Vec<ResidentEstimate>,
    /// What is unwise or assumed.
    pub warnings: Vec<Warning>,
}

impl Estimate {
    /// The answer for a model whose tensors cannot be laid out: capacities are known, parts are not.
    pub(super) fn unknown(
        plan: &Plan,
        catalog: &Catalog,
        model: &Model,
        machine: &Hardware<'_>,
        mut warnings: Vec<Warning>,
    ) -> Self {
        warnings.push(Warning::LayoutUnknown);
        let devices: Vec<DeviceEstimate> = machine
            .iter()
            .map(|device| DeviceEstimate::of(device, DeviceContents::only(Parts::UNKNOWN, device.overhead)))
            .collect();
        // One row of logits a sequence, in FP32: known whatever the layers are.
        let output = Some(Bytes(4 * model.vocab_size * u64::from(plan.workload.sequences)));
        let host = HostEstimate::of(plan, catalog, &devices, machine, HostHeld { parts: Parts::UNKNOWN, output });
        Self {
            verdict: None,
            params: model.total_parameters,
            weights: None,
            bits_per_weight: None,
            devices,
            host,
            layers: u32::try_from(model.num_hidden_layers + 1).unwrap_or(u32::MAX),
            queue: Queue::none(plan.workload.sequences),
            experts: ExpertsInRam::default(),
            drafter: None,
            speed: Speed::default(),
            training: None,
            also: Vec::new(),
            warnings,
        }
    }
}
