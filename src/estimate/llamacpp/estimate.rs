//! Serving with llama.cpp: from placement to the answer.

use super::automatic::{Automatic, automatic, fits_itself};
use super::beside::Beside;
use super::compute;
use super::place::{Placement, Placer, Way};
use super::placement_cache::Placements;
use super::prepared::Prepared;
use super::rules::KnownRules;
use super::schedule::Alive;
use super::{Caches, crossing, pool, step_reads, tensor_split};
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::catalog::quantization::{KvPrecision, Quantization};
use crate::catalog::runtime::Backend;
use crate::estimate::answer::{
    DeviceContents, DeviceEstimate, Estimate, ExpertsInRam, HostEstimate, HostHeld, Queue, Speed,
};
use crate::estimate::boxes;
use crate::estimate::device::{Device, Found, Hardware};
use crate::estimate::laid_out::Placed;
use crate::estimate::limits::{MOST_CELLS, MOST_DEVICES, most_devices};
use crate::estimate::step::{DeviceReads, Inference, Paged, RunState, StepFacts};
use crate::estimate::{EstimateError, LaidOut, Parts, Refusal, Verdict, Warning, verdict};
use crate::model::block_type::BlockType;
use crate::model::cache::Cells;
use crate::plan::{GpuLayers, ModelChoice, Plan, Runtime, SplitMode, Workload};
use crate::units::Bytes;

/// Where `plan` puts the parts of `model`, and what its speed follows from.
///
/// # Errors
/// What the engine refuses.
pub(in crate::estimate) fn lay_out<'a>(
    plan: &Plan,
    catalog: &'a Catalog,
    model: &Model,
    machine: &Found,
    caches: &mut Caches,
) -> Result<LaidOut<'a>, EstimateError> {
    let workload = &plan.workload;
    let quantization = workload.quantization.gguf().ok_or(Refusal::ServerPrecision)?;
    let cells = cells(workload, model)?;
    let mut devices = Hardware::of(plan, catalog, machine)?;
    if devices.len() > MOST_DEVICES {
        return Err(Refusal::TooManyDevices.into());
    }
    add_pool(&mut devices.devices, workload, model, &cells);
    if workload.split_mode == SplitMode::Tensor && boxes::several(&devices) {
        return Err(Refusal::TensorBoxes.into());
    }
    if workload.split_mode == SplitMode::Tensor {
        tensor_split::check(workload, model.architecture, &devices)?;
    }
    if devices.len() > 1 && workload.split_mode != SplitMode::Layer && !workload.override_tensors.is_empty() {
        return Err(Refusal::CutTensors.into());
    }
    let alone = alone(workload, devices.len())?;
    // One alone, else all in the engine's own order.
    let order = alone.map_or_else(|| boxes::engine_order(&devices), |alone| Some(vec![alone]));
    let ordered: Option<Vec<Device<'_>>> =
        order.as_ref().map(|order| order.iter().map(|place| devices[*place]).collect());
    let used = ordered.as_deref().unwrap_or(&devices);
    let mut warnings = warnings(workload, model, quantization, &devices);
    let beside = Beside::of(plan, catalog, model, used, caches)?;
    warnings.extend(beside.iter().filter_map(|beside| beside.warning.clone()));
    let left = beside.as_ref().map(|beside| beside.leaves(used));
    let Caches { prepared, apart, rules, placements, buffers } = caches;
    let rules = if is_apart(workload, quantization) { rules.of(&workload.override_tensors, used)? } else { None };
    let prepared = match rules {
        Some(rules) => {
            apart.get(model, (quantization, rules.id), |model, _| Prepared::placed(model, quantization, Some(rules)))
        }
        None => prepared.get(model, quantization, Prepared::new),
    };
    let Some(prepared) = prepared else {
        let estimate = Estimate::unknown(plan, catalog, model, &devices, warnings);
        return Ok(LaidOut::only(estimate, devices.devices, RunState::Halted));
    };
    let placer = Placer::new(model, prepared, workload, left.as_deref().unwrap_or(used), cells).shared_by(
        used,
        workload,
        order.as_deref(),
    );
    let mut placements = placements.of(&placer, buffers);
    let (machine, order, beside) = (&devices, order.as_deref(), beside.as_ref());
    let asked = Asked { plan, catalog, placer: &placer, machine, order, beside, warnings };
    let all = placer.all_layers();
    let given = match workload.gpu_layers {
        _ if devices.is_empty() => 0,
        GpuLayers::All => all,
        GpuLayers::Count(count) => count.min(all),
        GpuLayers::Auto => {
            let Automatic { placed, other, fitted } = automatic(&asked, &mut placements);
            return Ok(LaidOut { placed, devices: devices.devices, other, fitted });
        }
    };
    let way = Way { gpu_layers: given, cpu_experts: placer.options.cpu_experts, counts: None };
    let placed = asked.answer(&way, &mut placements);
    Ok(LaidOut { placed, devices: devices.devices, other: None, fitted: None })
}

/// What lies in the compute buffer of each device and, last, of the host while it is at its fullest, placed as it was
/// `found`; empty where the plan cannot be laid out. For explanations: nothing of it is kept.
pub(super) fn fullest_buffers(plan: &Plan, catalog: &Catalog, model: &Model, found: &Estimate) -> Vec<Vec<Alive>> {
    let workload = &plan.workload;
    let laid_out = || {
        let quantization = workload.quantization.gguf()?;
        let (cells, machine) = (cells(workload, model).ok()?, Hardware::of(plan, catalog, &found.finds()).ok()?);
        let alone = alone(workload, machine.len()).ok()?;
        let order = alone.map_or_else(|| boxes::engine_order(&machine), |alone| Some(vec![alone]));
        let devices = match &order {
            Some(order) => order.iter().map(|place| machine[*place]).collect(),
            None => machine.devices,
        };
        let mut known = KnownRules::default();
        let apart = is_apart(workload, quantization);
        let rules = if apart { known.of(&workload.override_tensors, &devices).ok()? } else { None };
        let prepared = &Prepared::placed(model, quantization, rules)?;
        let placer =
            Placer::new(model, prepared, workload, &devices, cells).shared_by(&devices, workload, order.as_deref());
        let layers_of = |device: &DeviceEstimate| device.gpu_layers;
        let counts = || match &order {
            Some(order) => order.iter().filter_map(|place| found.devices.get(*place)).map(layers_of).collect(),
            None => found.devices.iter().map(layers_of).collect(),
        };
        let way = Way {
            gpu_layers: found.gpu_layers(),
            cpu_experts: found.experts.first,
            counts: found.experts.own_split.then(counts),
        };
        let placer = placer.placing(&way);
        let mut buffers = compute::fullest(&placer, &placer.split(way.gpu_layers));
        // As the plan lists them.
        if let (Some(order), Some(host)) = (order.filter(|order| order.len() + 1 == buffers.len()), buffers.last()) {
            let mut listed = vec![Vec::new(); order.len()];
            for (place, buffer) in order.iter().zip(&buffers) {
                if let Some(slot) = listed.get_mut(*place) {
                    slot.clone_from(buffer);
                }
            }
            listed.push(host.clone());
            buffers = listed;
        }
        // Devices that layers are cut across hold the same.
        if let Some(first) = buffers.first().filter(|_| placer.cut() > 1).cloned() {
            buffers.splice(..1, std::iter::repeat_n(first, placer.cut()));
        }
        Some(buffers)
    };
    laid_out().unwrap_or_default()
}

/// What kernels keep of scores beside the engine's buffers.
fn add_pool(devices: &mut [Device<'_>], workload: &Workload, model: &Model, cells: &Cells) {
    if workload.flash_attention || workload.gpu_layers == GpuLayers::Count(0) {
        return;
    }
    if let Some(layers) = model.layers() {
        pool::add_scores(devices, &layers, cells);
    }
}

/// Whether tensors may lie elsewhere than their layers.
fn is_apart(workload: &Workload, quantization: Quantization) -> bool {
    !workload.override_tensors.is_empty() || matches!(quantization, Quantization::TQ1_0 | Quantization::TQ2_0)
}

/// The device that has all where one of several does.
fn alone(workload: &Workload, devices: usize) -> Result<Option<usize>, Refusal> {
    if workload.split_mode != SplitMode::None || devices < 2 {
        return Ok(None);
    }
    let (place, devices) = (workload.main_gpu, u32::try_from(devices).unwrap_or(u32::MAX));
    if place < devices { Ok(Some(place as usize)) } else { Err(Refusal::MainGpu { place, devices }) }
}

/// The caches of a workload, or what the engine would refuse.
pub(super) fn cells(workload: &Workload, model: &Model) -> Result<Cells, EstimateError> {
    if workload.context.saturating_mul(u64::from(workload.sequences)) > MOST_CELLS {
        return Err(Refusal::TooManyCells.into());
    }
    let block = |precision: KvPrecision| precision.block_type().ok_or(Refusal::Fp8Cache);
    let (key, value) = (block(workload.kv_cache.k)?, block(workload.kv_cache.v)?);
    if value.is_quantized() && !workload.flash_attention {
        return Err(Refusal::QuantizedValues.into());
    }
    if (model.mla.is_some() || model.compressed.is_some()) && key != value {
        return Err(Refusal::OneCacheType.into());
    }
    let fits = |block: BlockType, head: u64| !block.is_quantized() || model.mla.is_some() || block.divides(head);
    if !fits(key, model.head_dim) || !fits(value, model.v_head_dim.unwrap_or(model.head_dim)) {
        return Err(Refusal::HeadSize.into());
    }
    Ok(Cells::of(workload, key, value))
}

fn warnings(workload: &Workload, model: &Model, quantization: Quantization, devices: &[Device<'_>]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if let Some(trained) =
        model.max_position_embeddings.filter(|trained| workload.context > *trained && !workload.unified_kv)
    {
        warnings.push(Warning::ContextAboveTrained { trained });
    }
    if matches!(workload.model, ModelChoice::Size(_)) {
        warnings.push(Warning::TypicalShape);
    }
    warnings.extend(Warning::of_architecture(model));
    if quantization.needs_importance_matrix() {
        warnings.push(Warning::ImportanceMatrix);
    }
    // `ggml_cuda_fattn_kv_type_supported` in fattn.cu of llama.cpp 0c1e57098.
    let unread = workload.kv_cache.k == KvPrecision::iq4_nl || workload.kv_cache.v == KvPrecision::iq4_nl;
    let library = |device: &Device<'_>| matches!(device.backend, Backend::Cuda | Backend::Rocm);
    if workload.flash_attention && unread && devices.iter().any(library) {
        warnings.push(Warning::NoFlashKernel);
    }
    if model.keeps_published_experts() && quantization != Quantization::MXFP4_MOE {
        warnings.push(Warning::PublishedExperts);
    }
    if workload.split_mode == SplitMode::Tensor && devices.len() > 1 {
        warnings.push(Warning::ExperimentalSplit);
    }
    let most = most_devices(Runtime::LlamaCpp);
    if devices.len() > most {
        warnings.push(Warning::ManyDevices { most });
    }
    if devices.windows(2).any(|pair| pair[0].backend != pair[1].backend) {
        warnings.push(Warning::SeveralBackends);
    }
    if devices.iter().any(|device| device.usable_is_estimate) {
        warnings.push(Warning::UsableEstimated);
    }
    if devices.iter().any(|device| device.overhead_is_own) {
        warnings.push(Warning::OwnOverhead);
    }
    warnings
}

/// What a plan asks of a placer.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) plan: &'a Plan,
    pub(super) catalog: &'a Catalog,
    pub(super) placer: &'a Placer<'a>,
    /// The whole devices, all of them.
    machine: &'a Hardware<'a>,
    /// Which of them the engine takes, in its own order; `None` = all, as the plan lists them.
    order: Option<&'a [usize]>,
    /// What lies there beside the model.
    beside: Option<&'a Beside>,
    /// What is unwise or assumed, wherever it lies.
    warnings: Vec<Warning>,
}

impl Asked<'_> {
    /// What comes of it when layers and experts are placed this way.
    pub(super) fn answer(&self, way: &Way, placements: &mut Placements<'_>) -> Box<Placed> {
        let Self { plan, catalog, placer, machine, order, beside, warnings } = self;
        let placement = placements.of(way);
        let weights = &placer.prepared.weights;
        // Where in the engine's order a device of the plan stands.
        let placed = |index: usize| match order {
            Some(order) => order.iter().position(|place| *place == index),
            None => Some(index),
        };
        let all = machine.iter().enumerate();
        let devices: Vec<DeviceEstimate> = all
            .map(|(index, device)| {
                let placed_as = placed(index);
                let here = placed_as.and_then(|index| placement.devices.get(index));
                let more = placed_as.and_then(|index| beside.and_then(|beside| beside.devices.get(index)).copied());
                let parts = here.map_or(Parts::NOTHING, |here| here.parts) + more.unwrap_or(Parts::NOTHING);
                let layers = here.map_or(0, |here| here.layers);
                DeviceEstimate::of(device, DeviceContents { layers, ..DeviceContents::only(parts, device.overhead) })
            })
            .collect();
        let listed = |reads: &DeviceReads| match (order, reads) {
            (Some(_), DeviceReads::Each(each)) => {
                let of = |index: usize| placed(index).and_then(|index| each.get(index)).copied().unwrap_or_default();
                DeviceReads::Each((0..machine.len()).map(of).collect())
            }
            _ => reads.clone(),
        };
        let parts = placement.host + beside.map_or(Parts::NOTHING, |beside| beside.host);
        let held = HostHeld { parts, output: Some(Bytes(placer.output_bytes())) };
        let host = HostEstimate::of(plan, catalog, &devices, machine, held);
        let experts = if devices.is_empty() {
            ExpertsInRam::default()
        } else {
            experts_in_ram(placer.prepared, placement.host_layers, way)
        };
        let offloads = !devices.is_empty()
            && (placement.host_layers > 0
                || way.cpu_experts > 0 && placer.model.experts.is_some()
                || placer.prepared.sent.in_ram());
        let may_spill = if placement.host_layers > 0 { self.may_spill() } else { Bytes::ZERO };
        let crossing = crossing::of(plan, placer, &devices);
        let running = match running(&plan.workload, placer, placement, &devices, &host) {
            RunState::Steps(facts) => RunState::Steps(StepFacts {
                may_spill_bytes: may_spill.0 as f64,
                devices: listed(&facts.devices),
                device_bytes: facts.device_bytes + beside.map_or(0.0, |beside| beside.loaded().0 as f64),
                guesses: beside
                    .and_then(|beside| beside.guesses.as_ref())
                    .map(|guesses| guesses.listed(listed, crossing)),
                inference: Inference { crossing, ..facts.inference },
                ..facts
            }),
            other => other,
        };
        let in_file = beside.map_or((Bytes::ZERO, 0), |beside| beside.in_file);
        let estimate = Estimate {
            verdict: verdict::overall(&devices, &host, offloads),
            params: Some(weights.parameters + in_file.1),
            weights: Some(weights.file + in_file.0),
            bits_per_weight: Some(weights.bits_per_weight()),
            devices,
            host,
            layers: placer.all_layers(),
            experts,
            drafter: beside.and_then(|beside| beside.drafter),
            queue: Queue::none(plan.workload.sequences),
            speed: Speed::default(),
            training: None,
            also: Vec::new(),
            warnings: warnings.clone(),
        };
        Box::new(Placed { estimate, running })
    }
}

impl Asked<'_> {
    /// What the engine's own fit may leave free on the devices beyond what it is asked to.
    fn may_spill(&self) -> Bytes {
        let Self { plan, catalog, placer, .. } = self;
        let fit = &catalog.runtimes().llama_cpp.fit;
        let by_itself = plan.workload.gpu_layers == GpuLayers::Auto && fits_itself(&plan.workload, fit);
        if by_itself { Bytes(fit.unsure().0 * placer.devices.len() as u64) } else { Bytes::ZERO }
    }
}

/// The experts that lie apart from their layers, which are on the devices.
fn experts_in_ram(prepared: &Prepared, host_layers: u32, way: &Way) -> ExpertsInRam {
    let first = way.cpu_experts.min(prepared.layer_count());
    let apart = host_layers.min(first)..first;
    let layers = prepared.reads.layers(apart.clone()).expert_layers;
    ExpertsInRam {
        first: if prepared.reads.layers(0..first).expert_layers > 0 { first } else { 0 },
        layers: u32::try_from(layers + prepared.sent.host.expert_layers(host_layers) as u64).unwrap_or(u32::MAX),
        bytes: prepared.weights.sums(apart).expert_host + prepared.sent.host.sums.expert_host,
        own_split: way.counts.is_some(),
    }
}

/// Whether it runs, and what its speed follows from.
fn running(
    workload: &Workload,
    placer: &Placer<'_>,
    placement: &Placement,
    devices: &[DeviceEstimate],
    host: &HostEstimate,
) -> RunState {
    if devices.iter().any(DeviceEstimate::is_far_exceeded) {
        return RunState::Halted;
    }
    let reads_host = placement.host_layers > 0
        || placement.host_reads.experts_apart > 0.0
        || placer.prepared.sent.in_ram()
        || devices.is_empty();
    let on_devices: u64 = placement.devices.iter().map(|device| device.parts.weights.unwrap_or_default().0).sum();
    let facts = StepFacts {
        inference: step_reads::inference(workload, placer.model, placer.prepared),
        devices: DeviceReads::Each(placement.reads.clone()),
        host: placement.host_reads,
        file_bytes: placer.prepared.weights.file.0 as f64,
        device_bytes: on_devices as f64,
        may_spill_bytes: 0.0,
        guesses: None,
    };
    if host.verdict == Some(Verdict::DoesNotFit) && reads_host {
        // The engine maps its file: the system reads what is missing when it is called.
        return RunState::Paging(host.excess.map(|missing| Box::new(Paged { facts, missing: missing.0 as f64 })));
    }
    RunState::Steps(facts)
}
