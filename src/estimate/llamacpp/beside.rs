//! What the engine loads beside the model: who guesses further tokens, and the part that sees.
//!
//! Laws of `common_speculative_init_result` (common/speculative.cpp) and `mtmd_init_from_file` (tools/mtmd) of llama.cpp
//! 0c1e57098: a drafter has a context of its own, as long as the model's and with an F16 cache unless told otherwise; the
//! projector lies on the first device.

use super::asked_cells::cells;
use super::next_token::NextToken;
use super::options::PlacementOptions;
use super::place::Placer;
use super::prepared::Prepared;
use super::{Caches, step_reads};
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::catalog::quantization::{KvPrecision, Quantization};
use crate::estimate::device::Device;
use crate::estimate::step::{DeviceReads, Guesser, Guesses, StepFacts};
use crate::estimate::{EstimateError, Parts, Refusal, Warning};
use crate::model::block_type::BlockType;
use crate::model::cache::{Cells, Side};
use crate::plan::{
    CpuExperts, Drafter, GpuLayers, KvCache, Plan, RuntimeVersion, ServerOptions, Speculation, TensorOverrides,
    VisionPlace, Workload,
};
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

/// Who guesses, as the engine loads it.
struct Drafting<'a> {
    /// What its context is told.
    workload: Workload,
    /// The model that guesses, or whose own layer does.
    model: &'a Model,
    devices: &'a [Device<'a>],
    /// Tokens that are guessed at once.
    ahead: f64,
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
        let unasked = loads_unasked(&plan.workload, model);
        if speculation.drafter == Drafter::None && !sees && !unasked {
            return Ok(None);
        }
        let mut beside = Self::nothing(devices.len());
        let drafting = |model| Drafting { workload: drafting(plan), model, devices, ahead: ahead(plan) };
        match &speculation.drafter {
            Drafter::None if !unasked => {}
            Drafter::None => beside.add_unused_layer(&drafting(model), plan.workload.quantization),
            Drafter::Mtp => beside.add_next_token(&drafting(model), plan.workload.quantization, caches)?,
            Drafter::Model(id) => {
                let unknown = || EstimateError::UnknownModel { id: id.clone(), nearest: catalog.nearest_models(id) };
                beside.add_model(&drafting(catalog.model(id).ok_or_else(unknown)?), caches)?;
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
        &Drafting { ref workload, model, devices, ahead }: &Drafting<'_>,
        stored: Quantization,
        caches: &mut Caches,
    ) -> Result<(), EstimateError> {
        let quantization = stored.gguf().ok_or(Refusal::ServerPrecision)?;
        let next = NextToken::new(model, quantization).ok_or(Refusal::NoNextToken)?;
        let Some(prepared) = caches.prepared.get(model, quantization, Prepared::new) else { return Ok(()) };
        let layers = std::slice::from_ref(&next.layer);
        let cells = Cells::of(workload, BlockType::f16, BlockType::f16).for_layers(layers, workload.flash_attention);
        let options = PlacementOptions::of(workload, devices).graph;
        let (on_device, side) = last_of(workload, devices);
        let placed = if on_device { devices.len() } else { 0 };
        let mut compute = next.buffers((model, prepared), (options, cells), placed, &mut caches.buffers);
        self.host = self.host + working(compute.pop().unwrap_or(0));
        for (parts, bytes) in self.devices.iter_mut().zip(compute) {
            *parts = *parts + working(bytes);
        }
        let cache = Parts { kv_cache: Some(next.cache(&cells, side)), ..Parts::NOTHING };
        self.put_next_token(&next, model, (on_device, side), cache);
        let blocks = f64::from(prepared.layer_count());
        self.guesses = Some(Guesses { ahead, by: Guesser::OwnLayer { blocks } });
        Ok(())
    }

    /// The weights of that layer alone, which builds of some months loaded without being asked.
    fn add_unused_layer(
        &mut self,
        &Drafting { ref workload, model, devices, .. }: &Drafting<'_>,
        stored: Quantization,
    ) {
        if let Some(next) = stored.gguf().and_then(|quantization| NextToken::new(model, quantization)) {
            self.put_next_token(&next, model, last_of(workload, devices), Parts::NOTHING);
        }
    }

    /// The weights of that layer with what lies beside them, on the last device or in RAM.
    fn put_next_token(&mut self, next: &NextToken, model: &Model, (on_device, side): (bool, Side), more: Parts) {
        let weights = if side == Side::Device { next.sums.device } else { next.sums.host };
        let place = if on_device { self.devices.last_mut() } else { None };
        let place = place.unwrap_or(&mut self.host);
        *place = *place + Parts { weights: Some(weights), ..Parts::NOTHING } + more;
        // A file that was read counts what it holds.
        if model.file_tensors.is_empty() {
            self.in_file = (next.file, next.parameters);
        }
    }

    /// A model of its own, all of it on the devices.
    fn add_model(
        &mut self,
        &Drafting { ref workload, model, devices, ahead }: &Drafting<'_>,
        caches: &mut Caches,
    ) -> Result<(), EstimateError> {
        let quantization = workload.quantization.gguf().ok_or(Refusal::ServerPrecision)?;
        let cells = cells(workload, model)?;
        let Some(prepared) = caches.prepared.get(model, quantization, Prepared::new) else {
            self.host = Parts::UNKNOWN;
            return Ok(());
        };
        let placer = Placer::new(model, prepared, workload, devices, cells);
        let placement = placer.place(if devices.is_empty() { 0 } else { placer.all_layers() }, &mut caches.buffers);
        let apart = |parts: Parts| Parts { beside: parts.compute, compute: Some(Bytes::ZERO), ..parts };
        for (parts, placed) in self.devices.iter_mut().zip(&placement.devices) {
            *parts = *parts + apart(placed.parts);
        }
        self.host = self.host + apart(placement.host) + working(placer.output_bytes());
        let facts = StepFacts {
            inference: step_reads::inference(workload, model, prepared),
            devices: DeviceReads::Each(placement.reads),
            host: placement.host_reads,
            file_bytes: prepared.weights.file.0 as f64,
            device_bytes: 0.0,
            may_spill_bytes: 0.0,
            guesses: None,
        };
        self.guesses = Some(Guesses { ahead, by: Guesser::Model(Box::new(facts)) });
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

/// Whether the model's last layers lie on a device, and how rows are stored there.
fn last_of(workload: &Workload, devices: &[Device<'_>]) -> (bool, Side) {
    let on_device = !devices.is_empty() && workload.gpu_layers != GpuLayers::Count(0);
    let pads = devices.iter().all(Device::pads);
    (on_device, if on_device && pads { Side::Device } else { Side::Host })
}

/// From here on files with layers for further tokens are read (pull request 22673, merged on 16 May 2026), those layers
/// included, whoever guesses.
const LOADS_ALL: [RuntimeVersion; 2] = [RuntimeVersion::Build(9410), RuntimeVersion::Month { year: 2026, month: 6 }];
/// From here on they are loaded for who guesses with them alone (26296, merged on 31 July 2026; build 10200 is older).
const LOADS_USED: [RuntimeVersion; 2] = [RuntimeVersion::Build(10201), RuntimeVersion::Month { year: 2026, month: 8 }];

/// Whether the build loads the model's layer for further tokens though nobody guesses with it.
pub(super) fn loads_unasked(workload: &Workload, model: &Model) -> bool {
    let between = |version: RuntimeVersion| version.is_older_than(&LOADS_USED) && !version.is_older_than(&LOADS_ALL);
    model.architecture.traits().rolls_back
        && model.num_nextn_predict_layers > 0
        && workload.runtime_version.is_some_and(between)
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
        override_tensors: TensorOverrides::default(),
        server: ServerOptions::default(),
        cpu_experts: CpuExperts::Count(0),
        ..workload
    }
}
