//! Serving with llama.cpp: from placement to the answer.

use std::cell::RefCell;
use std::sync::Arc;

use super::answer::{DeviceEstimate, Estimate, EstimateError, HostEstimate, Parts, Refusal, Verdict, Warning};
use super::device::{self, Device};
use super::llamacpp::compute;
use super::llamacpp::place::{Job, Placement};
use super::llamacpp::prepared::Prepared;
use super::llamacpp::schedule::Alive;
use super::llamacpp::tensor_split;
use super::placement_cache::{self, Placements};
use super::speed::{self, Laid, Speed};
use super::verdict::{Margin, judge};
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::catalog::quantization::{KvPrecision, Quantization};
use crate::model::block_type::BlockType;
use crate::model::cache::Cells;
use crate::plan::{GpuLayers, ModelChoice, Plan, Runtime, SplitMode, Workload};
use crate::units::Bytes;

/// Devices beside the CPU that one process of the engine runs (`GGML_SCHED_MAX_BACKENDS`).
const ENGINE_DEVICES: usize = 15;
/// More devices than this are not estimated.
pub(super) const MOST_DEVICES: usize = 250;
/// How many counts further up one device may be given fewer layers again because of rounding.
const ROUNDING: usize = 2;
/// Devices beyond which rounding no longer decides: each holds few layers.
const MOST_UNEVEN: usize = 8;
/// More cells than any machine holds; keeps every sum of bytes within 64 bits.
pub(super) const MOST_CELLS: u64 = 1 << 34;

/// How many devices one process of an engine can drive, as far as it has a limit of its own.
#[must_use]
pub const fn most_devices(runtime: Runtime) -> usize {
    match runtime {
        Runtime::LlamaCpp => ENGINE_DEVICES,
        _ => MOST_DEVICES,
    }
}

/// The estimate of a plan that serves with llama.cpp.
pub(super) fn estimate(plan: &Plan, catalog: &Catalog) -> Result<Estimate, EstimateError> {
    with_model(plan, catalog, |model| of_model(plan, catalog, model))
}

/// Calls `law` with the model of `plan`.
///
/// # Errors
/// Where the catalog has no such model, and what `law` refuses.
pub(super) fn with_model<T>(
    plan: &Plan,
    catalog: &Catalog,
    law: impl FnOnce(&Model) -> Result<T, EstimateError>,
) -> Result<T, EstimateError> {
    match &plan.workload.model {
        ModelChoice::Catalog(id) => {
            let model = catalog
                .model(id)
                .ok_or_else(|| EstimateError::UnknownModel { id: id.clone(), nearest: catalog.nearest_models(id) })?;
            law(model)
        }
        ModelChoice::File { model, .. } => law(model),
        ModelChoice::Size(parameters) => law(&typical(*parameters)),
    }
}

/// What lies in the compute buffer of each device and, last, of the host while it is at its fullest, with so many
/// layers on the devices; empty where the plan cannot be laid out. For explanations: nothing of it is kept.
pub(super) fn fullest_buffers(plan: &Plan, catalog: &Catalog, model: &Model, gpu_layers: u32) -> Vec<Vec<Alive>> {
    let workload = &plan.workload;
    let laid_out = || {
        let prepared = Prepared::of(model, workload.quantization.gguf()?)?;
        let (cells, devices) = (cells(workload, model).ok()?, device::devices(plan, catalog).ok()?);
        let job = Job::new(model, prepared, workload, &devices, cells);
        let mut buffers = compute::fullest(&job, &job.split(gpu_layers));
        // Devices that layers are cut across hold the same.
        if let Some(first) = buffers.first().filter(|_| job.cut() > 1).cloned() {
            buffers.splice(..1, std::iter::repeat_n(first, job.cut()));
        }
        Some(buffers)
    };
    laid_out().unwrap_or_default()
}

thread_local! {
    /// The typical model that was asked for last: a slider asks for the same one many times.
    static TYPICAL: RefCell<Option<(u64, Arc<Model>)>> = const { RefCell::new(None) };
}

fn typical(parameters: u64) -> Arc<Model> {
    TYPICAL.with_borrow_mut(|kept| match kept {
        Some((of, model)) if *of == parameters => Arc::clone(model),
        _ => {
            let model = Arc::new(Model::typical(parameters));
            *kept = Some((parameters, Arc::clone(&model)));
            model
        }
    })
}

fn of_model(plan: &Plan, catalog: &Catalog, model: &Model) -> Result<Estimate, EstimateError> {
    let workload = &plan.workload;
    let quantization = workload.quantization.gguf().ok_or(Refusal::ServerPrecision)?;
    let cells = cells(workload, model)?;
    let devices = device::devices(plan, catalog)?;
    if devices.len() > MOST_DEVICES {
        return Err(Refusal::TooManyDevices.into());
    }
    if workload.split_mode == SplitMode::Tensor {
        tensor_split::check(workload, model.architecture, &devices)?;
    }
    let warnings = warnings(workload, model, quantization, &devices);
    let Some(prepared) = Prepared::of(model, quantization) else {
        return Ok(unknown(plan, catalog, model, &devices, warnings));
    };
    let job = Job::new(model, prepared, workload, &devices, cells);
    placement_cache::with_placements(&job, |placements| {
        let layers = match workload.gpu_layers {
            _ if devices.is_empty() => 0,
            GpuLayers::All => job.all_layers(),
            GpuLayers::Count(count) => count.min(job.all_layers()),
            GpuLayers::Auto => most_that_fit(&job, placements),
        };
        Ok(answer(plan, catalog, &job, placements.at(layers), warnings))
    })
}

/// The caches of a workload, or what the engine would refuse.
fn cells(workload: &Workload, model: &Model) -> Result<Cells, EstimateError> {
    if workload.context.saturating_mul(u64::from(workload.sequences)) > MOST_CELLS {
        return Err(Refusal::TooManyCells.into());
    }
    let block = |precision: KvPrecision| precision.block_type().ok_or(Refusal::Fp8Cache);
    let (key, value) = (block(workload.kv_cache.k)?, block(workload.kv_cache.v)?);
    if value.is_quantized() && !workload.flash_attention {
        return Err(Refusal::QuantizedValues.into());
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
    if quantization.needs_importance_matrix() {
        warnings.push(Warning::ImportanceMatrix);
    }
    if workload.split_mode == SplitMode::Tensor && devices.len() > 1 {
        warnings.push(Warning::ExperimentalSplit);
    }
    if devices.len() > ENGINE_DEVICES {
        warnings.push(Warning::ManyDevices { most: ENGINE_DEVICES });
    }
    if devices.iter().any(|device| device.usable_is_estimate) {
        warnings.push(Warning::UsableEstimated);
    }
    warnings
}

/// The most layers that every device holds: more layers need more memory, so it lies between a count that fits and one
/// that does not. Over several devices shares are rounded to whole layers, so that a device may be given fewer again a
/// little further up: there every count is tried.
fn most_that_fit(job: &Job<'_>, placements: &mut Placements<'_>) -> u32 {
    let all = placements.at(job.all_layers());
    if fits(job, all) {
        return job.all_layers();
    }
    let mut guess = job.all_layers().saturating_sub(surplus(job, all));
    let (mut low, mut high, mut found) = (0, job.all_layers(), false);
    let mut step = 1_u32;
    while high - low > 1 {
        let count = guess.clamp(low + 1, high - 1);
        let below = holds(job, placements, count);
        if below {
            low = count;
            found = true;
        } else {
            high = count;
        }
        // Growing steps away from the guess until it lies between two counts, then halves.
        guess = match below {
            _ if found && high < job.all_layers() => low.midpoint(high),
            true => low.saturating_add(step),
            false => high.saturating_sub(step),
        };
        step = step.saturating_mul(2);
    }
    let further = if job.devices.len() > 1 { ROUNDING * job.devices.len().min(MOST_UNEVEN) } else { 0 };
    let last = high.saturating_add(u32::try_from(further).unwrap_or(0)).min(job.all_layers().saturating_sub(1));
    (high + 1..=last).rev().find(|count| holds(job, placements, *count)).unwrap_or(low)
}

/// Whether every device holds its share with so many layers on all of them. Laying several devices out takes long: not
/// done where weights and caches alone are too much.
fn holds(job: &Job<'_>, placements: &mut Placements<'_>, count: u32) -> bool {
    (job.devices.len() < 2 || job.may_fit(count)) && fits(job, placements.at(count))
}

fn fits(job: &Job<'_>, placement: &Placement) -> bool {
    let mut devices = placement.devices.iter().zip(job.devices);
    devices.all(|(placed, device)| {
        placed.parts.total().is_some_and(|total| total + device.overhead.expected <= device.usable)
    })
}

/// About how many layers are too many: what is missing on each device in layers of its average size.
fn surplus(job: &Job<'_>, placement: &Placement) -> u32 {
    let layers = placement.devices.iter().zip(job.devices).map(|(placed, device)| {
        let total = placed.parts.total().unwrap_or_default();
        let missing = (total + device.overhead.expected).saturating_sub(device.usable).0;
        let fixed = placed.parts.compute.unwrap_or_default();
        let one = (total.saturating_sub(fixed).0 / u64::from(placed.layers.max(1))).max(1);
        u32::try_from(missing.div_ceil(one)).unwrap_or(u32::MAX)
    });
    layers.fold(0, u32::saturating_add)
}

fn answer(
    plan: &Plan,
    catalog: &Catalog,
    job: &Job<'_>,
    placement: &Placement,
    mut warnings: Vec<Warning>,
) -> Estimate {
    let weights = &job.prepared.weights;
    let devices: Vec<DeviceEstimate> = placement
        .devices
        .iter()
        .zip(job.devices)
        .map(|(placed, device)| device_estimate(placed.parts, placed.layers, device))
        .collect();
    let output = Some(Bytes(job.output_bytes()));
    let host = host_estimate(plan, catalog, &devices, job.devices, (placement.host, output));
    let offloads = !devices.is_empty()
        && (placement.host_layers > 0 || (plan.workload.cpu_experts > 0 && job.model.experts.is_some()));
    let worst = devices.iter().filter_map(|device| device.verdict).chain(host.verdict.filter(|verdict| {
        // A host with little to spare matters where the plan runs from it.
        *verdict == Verdict::DoesNotFit || devices.is_empty() || offloads
    }));
    let verdict = worst.max().map(|worst| match worst {
        Verdict::DoesNotFit => Verdict::DoesNotFit,
        _ if offloads => Verdict::Offload,
        other => other,
    });
    let speed = speed::of_llamacpp(plan, catalog, Laid { job, placement, devices: &devices, host: &host });
    if speed.times.ram_weights > 0.0 && speed::named_ram(&plan.machine, catalog).is_none() {
        warnings.push(Warning::RamSpeedAssumed { gb_s: catalog.speeds().host.ram_gb_s.expected });
    }
    Estimate {
        verdict,
        params: Some(weights.parameters()),
        weights: Some(weights.file_bytes()),
        bits_per_weight: Some(weights.bits_per_weight()),
        devices,
        host,
        layers: job.all_layers(),
        speed,
        training: None,
        warnings,
    }
}

fn device_estimate(parts: Parts, gpu_layers: u32, device: &Device<'_>) -> DeviceEstimate {
    let margin = parts.total().map(|total| judge(total, device.overhead, device.usable));
    DeviceEstimate {
        card: device.card,
        capacity: device.capacity,
        usable: device.usable,
        usable_is_estimate: device.usable_is_estimate,
        unified: device.unified,
        backend: device.backend,
        parts,
        kv_pool: None,
        overhead: device.overhead,
        total: parts.total().map(|total| total + device.overhead.expected),
        free: margin.map(|margin| margin.free),
        excess: margin.map(|margin| margin.excess),
        gpu_layers,
        verdict: margin.map(|margin| margin.verdict),
    }
}

/// The host's share. Unified memory is one pool: what its device takes is not there for the host. Further devices have
/// memory of their own.
pub(super) fn host_estimate(
    plan: &Plan,
    catalog: &Catalog,
    devices: &[DeviceEstimate],
    machine: &[Device<'_>],
    (parts, output): (Parts, Option<Bytes>),
) -> HostEstimate {
    let unified = machine.iter().zip(devices).find(|(device, _)| device.unified);
    let capacity = unified.map_or_else(|| Bytes::from_gib(plan.machine.ram_gib), |(device, _)| device.capacity);
    let os = catalog.system_ram(plan.machine.os, true).bytes();
    let total = parts.total().zip(output).map(|(parts, output)| parts + output);
    let on_device = unified.map_or(Some(Bytes::ZERO), |(_, estimate)| estimate.total);
    let margin: Option<Margin> = total.zip(on_device).map(|(total, on_device)| judge(total + on_device, os, capacity));
    HostEstimate {
        capacity,
        os: os.expected,
        parts,
        output,
        prompt_cache: Bytes::from_gib(plan.workload.prompt_cache_gib),
        total,
        free: margin.map(|margin| margin.free),
        excess: margin.map(|margin| margin.excess),
        verdict: margin.map(|margin| margin.verdict),
    }
}

/// The answer for a model whose tensors cannot be laid out: capacities are known, parts are not.
pub(super) fn unknown(
    plan: &Plan,
    catalog: &Catalog,
    model: &Model,
    machine: &[Device<'_>],
    mut warnings: Vec<Warning>,
) -> Estimate {
    warnings.push(Warning::LayoutUnknown);
    let devices: Vec<DeviceEstimate> =
        machine.iter().map(|device| device_estimate(Parts::UNKNOWN, 0, device)).collect();
    let output = Some(Bytes(4 * model.vocab_size * u64::from(plan.workload.sequences)));
    let host = host_estimate(plan, catalog, &devices, machine, (Parts::UNKNOWN, output));
    Estimate {
        verdict: None,
        params: model.total_parameters,
        weights: None,
        bits_per_weight: None,
        devices,
        host,
        layers: u32::try_from(model.num_hidden_layers + 1).unwrap_or(u32::MAX),
        speed: Speed::default(),
        training: None,
        warnings,
    }
}
