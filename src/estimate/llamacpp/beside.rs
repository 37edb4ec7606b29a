//! What the engine loads beside the model: who guesses further tokens, and the part that sees.
//!
//! Laws of `common_speculative_init_result` (common/speculative.cpp) and `mtmd_init_from_file` (tools/mtmd) of llama.cpp
//! 0c1e57098: a drafter has a context of its own, as long as the model's and with an F16 cache unless told otherwise; the
//! projector lies on the first device.

use super::estimate::cells;
use super::next_token::NextToken;
use super::options::PlacementOptions;
use super::place::Placer;
use super::prepared::Prepared;
use super::{Caches, step_reads};
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::catalog::quantization::KvPrecision;
use crate::estimate::device::Device;
use crate::estimate::step::{DeviceReads, Guesser, Guesses, StepFacts};
use crate::estimate::{EstimateError, Parts, Refusal, Warning};
use crate::model::block_type::BlockType;
use crate::model::cache::{Cells, Side};
use crate::plan::{CpuExperts, Drafter, GpuLayers, KvCache, Plan, Speculation, VisionPlace, Workload};
use crate::units::Bytes;

/// What lies beside the model.
#[derive(Debug)]
pub(super) struct Beside {
    /// On each device.
    pub(super) devices: Vec<Parts>,
    pub(super) host: Parts,
    /// What of it the drafter takes.
    pub(super) drafter: Option<Parts>,
    /// Bytes and parameters of it that lie in the model's own file.
    pub(super) in_file: (Bytes, u64),
    /// The tokens that are guessed.
    pub(super) guesses: Option<Guesses>,
    pub(super) warning: Option<Warning>,
}

impl Beside {
    fn nothing(devices: usize) -> Self {
        Self {
            devices: vec![Parts::NOTHING; devices],
            host: Parts::NOTHING,
            drafter: None,
            in_file: (Bytes::ZERO, 0),
            guesses: None,
            warning: None,
        }
    }

    /// What `plan` loads beside its model; `None` where that is nothing.
    ///
    /// # Errors
    /// Where the model has no such part, or the catalog no such model.
    pub(super) fn of(
        plan: &Plan,
        catalog: &Catalog,
        model: &Model,
        devices: &[Device<'_>],
        caches: &mut Caches,
    ) -> Result<Option<Self>, EstimateError> {
        let Workload { speculation, vision, .. } = &plan.workload;
        let sees = vision.is_some_and(|place| place != VisionPlace::Off);
        if speculation.drafter == Drafter::None && !sees {
            return Ok(None);
        }
        let mut beside = Self::nothing(devices.len());
        match &speculation.drafter {
            Drafter::None => {}
            Drafter::Mtp => beside.add_next_token(plan, model, devices, caches)?,
            Drafter::Model(id) => {
                let unknown = || EstimateError::UnknownModel { id: id.clone(), nearest: catalog.nearest_models(id) };
                beside.add_model(plan, catalog.model(id).ok_or_else(unknown)?, devices, caches)?;
            }
        }
        if beside.guesses.is_some() {
            beside.drafter = Some(beside.devices.iter().copied().sum::<Parts>() + beside.host);
        }
        if sees {
            beside.add_vision(plan, model)?;
        }
        Ok(Some(beside))
    }

    /// The model's own layer for further tokens, on the last device.
    fn add_next_token(
        &mut self,
        plan: &Plan,
        model: &Model,
        devices: &[Device<'_>],
        caches: &mut Caches,
    ) -> Result<(), EstimateError> {
        let workload = drafting(plan);
        let quantization = plan.workload.quantization.gguf().ok_or(Refusal::ServerPrecision)?;
        let next = NextToken::new(model, quantization).ok_or(Refusal::NoNextToken)?;
        let Some(prepared) = caches.prepared.get(model, quantization, Prepared::new) else { return Ok(()) };
        let layers = std::slice::from_ref(&next.layer);
        let cells = Cells::of(&workload, BlockType::f16, BlockType::f16).for_layers(layers, workload.flash_attention);
        let options = PlacementOptions::of(&workload, devices).graph;
        let on_device = !devices.is_empty() && workload.gpu_layers != GpuLayers::Count(0);
        let placed = if on_device { devices.len() } else { 0 };
        let mut compute = next.buffers((model, prepared), (options, cells), placed, &mut caches.buffers);
        let pads = devices.iter().all(Device::pads);
        let side = if on_device && pads { Side::Device } else { Side::Host };
        let weights = if side == Side::Device { next.sums.device } else { next.sums.host };
        let lies = Parts { weights: Some(weights), kv_cache: Some(next.cache(&cells, side)), ..Parts::NOTHING };
        self.host = self.host + working(compute.pop().unwrap_or(0));
        for (parts, bytes) in self.devices.iter_mut().zip(compute) {
            *parts = *parts + working(bytes);
        }
        let place = if on_device { self.devices.last_mut() } else { None };
        let place = place.unwrap_or(&mut self.host);
        *place = *place + lies;
        self.in_file = (next.file, next.parameters);
        let blocks = f64::from(prepared.layer_count());
        self.guesses = Some(Guesses { ahead: ahead(plan), by: Guesser::OwnLayer { blocks } });
        Ok(())
    }

    /// A model of its own, all of it on the devices.
    fn add_model(
        &mut self,
        plan: &Plan,
        model: &Model,
        devices: &[Device<'_>],
        caches: &mut Caches,
    ) -> Result<(), EstimateError> {
        let workload = drafting(plan);
        let quantization = workload.quantization.gguf().ok_or(Refusal::ServerPrecision)?;
        let cells = cells(&workload, model)?;
        let Some(prepared) = caches.prepared.get(model, quantization, Prepared::new) else {
            self.host = Parts::UNKNOWN;
            return Ok(());
        };
        let placer = Placer::new(model, prepared, &workload, devices, cells);
        let placement = placer.place(if devices.is_empty() { 0 } else { placer.all_layers() }, &mut caches.buffers);
        let apart = |parts: Parts| Parts { beside: parts.compute, compute: Some(Bytes::ZERO), ..parts };
        for (parts, placed) in self.devices.iter_mut().zip(&placement.devices) {
            *parts = *parts + apart(placed.parts);
        }
        self.host = self.host + apart(placement.host) + working(placer.output_bytes());
        let facts = StepFacts {
            inference: step_reads::inference(&workload, model, prepared),
            devices: DeviceReads::Each(placement.reads),
            host: placement.host_reads,
            file_bytes: prepared.weights.file.0 as f64,
            device_bytes: 0.0,
            may_spill_bytes: 0.0,
            guesses: None,
        };
        self.guesses = Some(Guesses { ahead: ahead(plan), by: Guesser::Model(Box::new(facts)) });
        Ok(())
    }

    /// The projector with its encoder, in F16, vectors and positions in F32.
    fn add_vision(&mut self, plan: &Plan, model: &Model) -> Result<(), EstimateError> {
        let vision = model.vision.as_ref().ok_or(Refusal::NoVision)?;
        let on_device = plan.workload.vision == Some(VisionPlace::Gpu);
        let place = if on_device { self.devices.first_mut() } else { None };
        let place = place.unwrap_or(&mut self.host);
        let buffer = vision.buffer_bytes();
        *place = *place
            + Parts { vision: Some(Bytes(vision.file_bytes())), ..Parts::NOTHING }
            + working(buffer.unwrap_or(0));
        self.warning = buffer.is_none().then_some(Warning::VisionBuffer);
        Ok(())
    }

    /// The devices with what is left beside it.
    pub(super) fn leaves<'a>(&self, devices: &[Device<'a>]) -> Vec<Device<'a>> {
        let left = |(device, parts): (&Device<'a>, &Parts)| Device {
            usable: device.usable - parts.total().unwrap_or_default(),
            ..*device
        };
        devices.iter().zip(&self.devices).map(left).collect()
    }

    /// What of it lies on devices as weights.
    pub(super) fn loaded(&self) -> Bytes {
        self.devices.iter().filter_map(Parts::loaded).sum()
    }
}

/// What is worked in beside the model's own buffer.
const fn working(bytes: u64) -> Parts {
    Parts { beside: Some(Bytes(bytes)), ..Parts::NOTHING }
}

fn ahead(plan: &Plan) -> f64 {
    f64::from(plan.workload.speculation.ahead(plan.workload.runtime))
}

/// What the drafter's context is told: as the model's, with a cache in F16 and one row of logits a sequence.
fn drafting(plan: &Plan) -> Workload {
    let workload = plan.workload.clone();
    let quantization = workload.speculation.quantization.unwrap_or(workload.quantization);
    Workload {
        quantization,
        kv_cache: KvCache { k: KvPrecision::f16, v: KvPrecision::f16 },
        speculation: Speculation::default(),
        cpu_experts: CpuExperts::Count(0),
        ..workload
    }
}
