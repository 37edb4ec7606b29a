//! The components of a plan in their fixed order, and how much of each lies in one memory.

use crate::estimate::explain::Figure;
use crate::estimate::training::{PhaseBytes, TrainingStep};
use crate::estimate::{DeviceEstimate, Estimate, HostEstimate, Memory, Parts};
use crate::text::Key;
use crate::units::Bytes;

/// A component, in the order in which bars stack them and tables list them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumCount)]
#[allow(missing_docs, reason = "the names are those of the components")]
pub enum PlanPart {
    Weights,
    Adapter,
    Gradients,
    Optimizer,
    Kv,
    State,
    Compute,
    Activations,
    Overhead,
    Output,
    Also,
}

impl PlanPart {
    /// All of them, in order.
    pub const ALL: [Self; <Self as strum::EnumCount>::COUNT] = [
        Self::Weights,
        Self::Adapter,
        Self::Gradients,
        Self::Optimizer,
        Self::Kv,
        Self::State,
        Self::Compute,
        Self::Activations,
        Self::Overhead,
        Self::Output,
        Self::Also,
    ];

    /// The component whose color it has.
    pub const fn memory(self) -> Memory {
        match self {
            Self::Weights => Memory::Weights,
            Self::Adapter => Memory::Adapter,
            Self::Gradients => Memory::Gradients,
            Self::Optimizer => Memory::Optimizer,
            Self::Kv | Self::State => Memory::Kv,
            Self::Compute | Self::Activations | Self::Output => Memory::Compute,
            Self::Overhead => Memory::Overhead,
            Self::Also => Memory::Also,
        }
    }

    /// The figure that explains it.
    pub const fn figure(self) -> Figure {
        match self {
            Self::Weights => Figure::Weights,
            Self::Adapter => Figure::Adapter,
            Self::Gradients => Figure::Gradients,
            Self::Optimizer => Figure::Optimizer,
            Self::Kv => Figure::KvCache,
            Self::State => Figure::RecurrentState,
            Self::Compute => Figure::Compute,
            Self::Activations => Figure::Activations,
            Self::Overhead => Figure::Overhead,
            Self::Output => Figure::HostBuffers,
            Self::Also => Figure::Also,
        }
    }

    /// Its name.
    pub const fn name(self) -> Key {
        match self {
            Self::Weights => Key::Weights,
            Self::Adapter => Key::Adapter,
            Self::Gradients => Key::Gradients,
            Self::Optimizer => Key::OptimizerStates,
            Self::Kv => Key::KvCache,
            Self::State => Key::RecurrentState,
            Self::Compute => Key::ComputeBuffer,
            Self::Activations => Key::Activations,
            Self::Overhead => Key::RuntimeOverhead,
            Self::Output => Key::HostBuffers,
            Self::Also => Key::AlsoOnMachine,
        }
    }
}

/// Less than this is written as nothing: `0.00`.
const SEEN: Bytes = Bytes(5 << 20);

/// How much of each component lies in one memory; `None` = cannot be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartAmounts([Option<Bytes>; PlanPart::ALL.len()]);

impl PartAmounts {
    /// How much of a part.
    pub fn get(&self, part: PlanPart) -> Option<Bytes> {
        self.0[part as usize]
    }

    /// Puts another amount in its place.
    pub fn set(&mut self, part: PlanPart, bytes: Option<Bytes>) {
        self.0[part as usize] = bytes;
    }

    /// Each part with its amount.
    pub fn iter(&self) -> impl Iterator<Item = (PlanPart, Option<Bytes>)> {
        PlanPart::ALL.into_iter().zip(self.0)
    }

    fn of(parts: &Parts) -> Self {
        let mut amounts = Self([Some(Bytes::ZERO); PlanPart::ALL.len()]);
        amounts.set(PlanPart::Weights, parts.loaded());
        amounts.set(PlanPart::Gradients, parts.gradients);
        amounts.set(PlanPart::Optimizer, parts.optimizer);
        amounts.set(PlanPart::Kv, parts.kv_cache);
        amounts.set(PlanPart::State, parts.recurrent_state);
        amounts.set(PlanPart::Compute, parts.compute.zip(parts.beside).map(|(own, beside)| own + beside));
        amounts.set(PlanPart::Activations, parts.activations);
        amounts
    }

    /// One device; the adapters that are `trained` are told apart from the weights.
    pub fn of_device(device: &DeviceEstimate, trained: Option<&TrainingStep>) -> Self {
        let mut amounts = Self::of(&device.parts);
        amounts.set(PlanPart::Overhead, Some(device.overhead.expected));
        amounts.set(PlanPart::Also, device.also);
        amounts.tell_adapter(trained);
        amounts
    }

    /// All devices together.
    pub fn of_devices(estimate: &Estimate) -> Self {
        let mut amounts = Self::of(&estimate.parts_in_vram());
        amounts.set(PlanPart::Overhead, Some(estimate.overhead()));
        amounts.set(PlanPart::Also, estimate.devices.iter().map(|device| device.also).sum());
        amounts
    }

    /// A device at one moment of a training step.
    pub fn of_phase(phase: &PhaseBytes, overhead: Bytes, step: &TrainingStep) -> Self {
        let mut amounts = Self::of(&Parts {
            weights: Some(phase.weights),
            gradients: Some(phase.gradients),
            optimizer: Some(phase.optimizer),
            compute: Some(phase.buffers),
            activations: Some(phase.activations + phase.temporaries),
            ..Parts::NOTHING
        });
        amounts.set(PlanPart::Overhead, Some(overhead));
        amounts.tell_adapter(Some(step));
        amounts
    }

    /// What lies in RAM.
    pub fn of_host(host: &HostEstimate) -> Self {
        let mut amounts = Self::of(&host.parts);
        amounts.set(PlanPart::Also, host.also);
        // Seen with many sequences alone; less is counted to the buffer that it lies beside.
        let beside = host.output.filter(|output| *output < SEEN).zip(amounts.get(PlanPart::Compute));
        match beside {
            Some((output, compute)) => amounts.set(PlanPart::Compute, Some(compute + output)),
            None => amounts.set(PlanPart::Output, host.output),
        }
        amounts
    }

    fn tell_adapter(&mut self, trained: Option<&TrainingStep>) {
        let Some((step, weights)) = trained.zip(self.get(PlanPart::Weights)) else { return };
        let adapter = step.adapter.min(weights);
        self.set(PlanPart::Adapter, Some(adapter));
        self.set(PlanPart::Weights, Some(weights - adapter));
    }
}
