//! What a plan gets that leaves the placement to the engine.
//!
//! Where everything fits, it lies on the devices, however little is left: that is what `-ngl all` gives. Where it does not,
//! it lies as the engine's own fit places it, which leaves 1 GiB of each device free: as many layers on the devices as fit
//! or, of a mixture of experts, the experts of as few layers in RAM as must be. Both are answered; the better one is chosen
//! by its speed. What the fit would make of a plan that fits but leaves less free is answered beside it, to be told.

use super::asked::Asked;
use super::auto_layers::{fits, most_that_fit};
use super::experts_way::{all_on_devices, fewest_in_ram, most_layers};
use super::place::{Placer, Way};
use super::placement_cache::Placements;
use crate::catalog::runtime::FitDefaults;
use crate::estimate::Verdict;
use crate::estimate::laid_out::Placed;
use crate::plan::{RuntimeVersion, SplitMode, Workload};
use crate::units::Bytes;

/// What an automatic placement comes to.
#[derive(Debug)]
pub(super) struct Automatic<T> {
    /// With the most layers that fit.
    pub(super) placed: T,
    /// With experts in RAM instead of layers.
    pub(super) other: Option<T>,
    /// What the engine's own fit makes of it, where it would not leave it so.
    pub(super) fitted: Option<T>,
}

impl<T> Automatic<T> {
    /// There is one way.
    pub(super) const fn only(placed: T) -> Self {
        Self { placed, other: None, fitted: None }
    }
}

/// The ways in which the engine may place what is asked.
#[derive(Debug)]
pub(super) struct Ways {
    /// With the most layers that fit.
    pub(super) layers: Way,
    /// With experts in RAM instead of layers.
    pub(super) experts: Option<Way>,
    /// All fits on the devices.
    whole: bool,
}

impl Ways {
    pub(super) fn of(asked: &Asked<'_>, placements: &mut Placements<'_>) -> Self {
        let Asked { plan, placer, .. } = asked;
        if let Some(layers) = whole(&plan.workload, placer, placements) {
            return Self { layers, experts: None, whole: true };
        }
        let margin = asked.margin();
        let layers = most_that_fit(placer, placements, margin);
        let shared = Way { gpu_layers: layers, cpu_experts: placer.options.cpu_experts, counts: None };
        let ruled = !plan.workload.override_tensors.is_empty();
        let fills = asked.places_experts_by_hand() && !ruled && !plan.workload.shares_by_hand();
        let filled = if fills { most_layers(placer, placements, margin) } else { None };
        let layers = filled.filter(|way| way.gpu_layers >= layers).unwrap_or(shared);
        let experts = if plan.workload.places_experts() { fewest_in_ram(placer, placements, margin) } else { None };
        Self { layers, experts, whole: false }
    }
}

impl Asked<'_> {
    /// Experts that are placed by hand keep the fit from acting.
    fn places_experts_by_hand(&self) -> bool {
        self.placer.options.cpu_experts > 0 && self.placer.model.experts.is_some()
    }

    /// What the engine's own fit leaves free on each device.
    fn margin(&self) -> Bytes {
        let fit = &self.catalog.runtimes().llama_cpp.fit;
        let acts = !self.places_experts_by_hand() && fits_itself(&self.plan.workload, fit);
        if acts { fit.margin() } else { Bytes::ZERO }
    }
}

/// What comes of a plan that leaves the placement to the engine.
pub(super) fn automatic(asked: &Asked<'_>, placements: &mut Placements<'_>) -> Automatic<Box<Placed>> {
    let Ways { layers, experts, whole } = Ways::of(asked, placements);
    let placed = asked.answer(&layers, placements);
    let (placer, margin) = (asked.placer, asked.margin());
    let holds = whole && placed.estimate.verdict.is_some_and(|verdict| verdict <= Verdict::Tight);
    let leaves_less = holds && !fits(placer, placements.of(&layers), margin);
    let fitted = if leaves_less { with_margin(placer, placements, margin) } else { None };
    let fitted = fitted.map(|way| asked.answer(&way, placements));
    Automatic { placed, other: experts.map(|way| asked.answer(&way, placements)), fitted }
}

/// How all layers lie on the devices with nothing of them in RAM that is not put there by hand; `None` where they do not
/// fit.
fn whole(workload: &Workload, placer: &Placer<'_>, placements: &mut Placements<'_>) -> Option<Way> {
    let (all, experts) = (placer.all_layers(), placer.options.cpu_experts);
    let shared = Way { gpu_layers: all, cpu_experts: experts, counts: None };
    let shared = fits(placer, placements.at(all), Bytes::ZERO).then_some(shared);
    let by_hand = workload.shares_by_hand() || !workload.override_tensors.is_empty();
    if placer.devices.len() < 2 || placer.model.experts.is_none() || by_hand {
        return shared;
    }
    // Several devices that hold unlike parts of the layers are filled by what these weigh.
    let filled = match experts {
        0 if shared.is_none() && workload.places_experts() => all_on_devices(placer, placements),
        0 => None,
        _ => most_layers(placer, placements, Bytes::ZERO),
    };
    filled.filter(|way| way.gpu_layers == all && way.cpu_experts == experts).or(shared)
}

/// How the engine's own fit would place it, so much left free on each device; `None` where it changes nothing.
fn with_margin(placer: &Placer<'_>, placements: &mut Placements<'_>, margin: Bytes) -> Option<Way> {
    let way = fewest_in_ram(placer, placements, margin)
        .or_else(|| most_layers(placer, placements, margin))
        .unwrap_or_else(|| Way {
            gpu_layers: most_that_fit(placer, placements, margin),
            cpu_experts: placer.options.cpu_experts,
            counts: None,
        });
    (way.gpu_layers < placer.all_layers() || way.cpu_experts > 0).then_some(way)
}

/// Whether the engine of the plan fits placements by itself. It does not where layers are cut across devices.
pub(super) fn fits_itself(workload: &Workload, fit: &FitDefaults) -> bool {
    let (year, month) = fit.since;
    let since = RuntimeVersion::Month { year, month };
    let older = workload.runtime_version.is_some_and(|version| version.is_before(since) == Some(true));
    // It does nothing where the devices are given their shares, or tensors their places.
    !older
        && workload.split_mode == SplitMode::Layer
        && !workload.shares_by_hand()
        && workload.override_tensors.is_empty()
}
