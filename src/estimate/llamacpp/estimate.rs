//! Serving with llama.cpp: from placement to the answer.

use super::asked::Asked;
use super::asked_cells::cells;
use super::automatic::{Automatic, automatic};
use super::beside::Beside;
use super::compute;
use super::place::{Placer, Way};
use super::prepared::Prepared;
use super::rules::KnownRules;
use super::schedule::Alive;
use super::warnings::warnings;
use super::{Caches, pool, tensor_split};
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::catalog::quantization::Quantization;
use crate::estimate::answer::{DeviceEstimate, Estimate};
use crate::estimate::boxes;
use crate::estimate::device::{Device, Found, Hardware};
use crate::estimate::laid_out::Placed;
use crate::estimate::limits::MOST_DEVICES;
use crate::estimate::step::RunState;
use crate::estimate::{EstimateError, LaidOut, Refusal};
use crate::model::cache::Cells;
use crate::plan::{GpuLayers, Plan, SplitMode, Workload};

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
    let beside = Beside::of(plan, catalog, model, used, caches)?;
    let left = beside.as_ref().map(|beside| beside.leaves(used));
    let Caches { prepared, apart, rules, placements, buffers } = caches;
    let rules = if is_apart(workload, quantization) { rules.of(&workload.override_tensors, used)? } else { None };
    let prepared = match rules {
        Some(rules) => {
            apart.get(model, (quantization, rules.id), |model, _| Prepared::placed(model, quantization, Some(rules)))
        }
        None => prepared.get(model, quantization, Prepared::new),
    };
    let machine = &devices;
    let automatic = if let Some(prepared) = prepared {
        let placer = Placer::new(model, prepared, workload, left.as_deref().unwrap_or(used), cells);
        let placer = placer.shared_by(used, workload, order.as_deref());
        let mut placements = placements.of(&placer, buffers);
        let (order, beside) = (order.as_deref(), beside.as_ref());
        let asked = Asked { plan, catalog, quantization, placer: &placer, machine, order, beside };
        match asked.given() {
            Some(way) => Automatic::only(asked.answer(&way, &mut placements)),
            None => automatic(&asked, &mut placements),
        }
    } else {
        let mut warnings = warnings(workload, model, quantization, machine);
        warnings.extend(beside.and_then(|beside| beside.warning));
        let estimate = Estimate::unknown(plan, catalog, model, machine, warnings);
        Automatic::only(Box::new(Placed { estimate, running: RunState::Halted }))
    };
    let Automatic { placed, other, fitted } = automatic;
    Ok(LaidOut { placed, devices: devices.devices, other, fitted })
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
pub(super) fn is_apart(workload: &Workload, quantization: Quantization) -> bool {
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
