//! The last resort: layers or experts in RAM, and what faster or more RAM would do.

use super::{Baseline, Change, Remedy, RemedyGroup, Standing, normalize, room, shop};
use crate::catalog::Catalog;
use crate::catalog::parts::Dimm;
use crate::catalog::runtime::RamSpeed;
use crate::estimate::Verdict;
use crate::plan::{CardChoice, CpuExperts, Plan, Runtime};

/// Channels of an ordinary desktop board, where only a rate was typed.
const USUAL_CHANNELS: u32 = 2;

pub(super) fn ways(base: &Baseline<'_>) -> Vec<Remedy> {
    // Server engines hold everything on the cards; without a card there is nothing to move.
    if base.plan.workload.runtime != Runtime::LlamaCpp || is_unified(base) {
        return Vec::new();
    }
    let mut found = Vec::new();
    // What was placed by hand is a setting, and stands before everything else.
    let by_hand = super::settings::is_placed_by_hand(base.plan);
    if !base.plan.machine.cards.is_empty() && !base.now.fits() && !by_hand {
        let layers = layers(base);
        // What is placed automatically may be experts already.
        let placed = layers.as_ref().is_some_and(|way| way.after.experts > 0);
        found.extend(layers);
        if !placed {
            found.extend(experts(base));
        }
    }
    if base.now.verdict >= Verdict::Offload || base.plan.machine.cards.is_empty() {
        found.extend(faster_ram(base));
        found.extend(more_ram(base));
    }
    found
}

fn is_unified(base: &Baseline<'_>) -> bool {
    base.plan.machine.cards.iter().any(|kind| match &kind.card {
        CardChoice::Catalog(id) => base.catalog.card(id).is_some_and(crate::catalog::card::Card::is_unified),
        CardChoice::Detected { .. } => false,
    })
}

/// The most layers that fit: what the plan does now, or a way.
fn layers(base: &Baseline<'_>) -> Option<Remedy> {
    let way = base.way(RemedyGroup::Offload, Change::MostLayers)?;
    if base.now.verdict == Verdict::Offload && way.after.is_like(&base.now) {
        return Some(Remedy { standing: Standing::Now, ..way });
    }
    Some(way).filter(|way| way.after.improves(&base.now))
}

/// The experts of as few layers as must be, all else on the GPU.
fn experts(base: &Baseline<'_>) -> Option<Remedy> {
    if !shop::has_experts(base) {
        return None;
    }
    let fewest = normalize::fewest_experts(base.plan, base.catalog, base.now.layers.1.saturating_sub(1))?;
    let way = base.better(RemedyGroup::Offload, Change::Experts(fewest));
    way.filter(|_| CpuExperts::Count(fewest) != base.plan.workload.cpu_experts)
}

/// The RAM of a machine, as its owner could buy more of it.
pub(super) struct PresentRam<'a> {
    pub(super) speed: RamSpeed,
    pub(super) channels: u32,
    /// `None` = it is soldered in.
    pub(super) dimm: Option<Dimm>,
    /// The socket of the boards that it stands in; `None` = of a desktop of which nothing else is said.
    pub(super) socket: Option<&'a str>,
}

/// The RAM of a plan's machine, where it is known.
pub(super) fn present_ram<'a>(plan: &Plan, catalog: &'a Catalog) -> Option<PresentRam<'a>> {
    let machine = &plan.machine;
    if let Some(rate) = machine.ram_gb_s {
        let grades = &catalog.runtimes().ram;
        let speed = *grades.iter().find(|speed| (speed.gb_s(USUAL_CHANNELS) - rate).abs() < 0.05)?;
        return Some(PresentRam { speed, channels: USUAL_CHANNELS, dimm: Some(Dimm::Udimm), socket: None });
    }
    let platform = catalog.platform(machine.platform.as_deref()?)?;
    let speed = RamSpeed { kind: platform.memory_kind, mt_s: platform.memory_mt_s };
    let (channels, dimm, socket) = (platform.memory_channels(), platform.dimm, Some(platform.socket.as_str()));
    Some(PresentRam { speed, channels, dimm, socket })
}

/// The fastest grade of the same kind that somebody sells, in as many channels.
fn faster_ram(base: &Baseline<'_>) -> Option<Remedy> {
    let PresentRam { speed: present, channels, dimm, socket } = present_ram(base.plan, base.catalog)?;
    let gib = base.plan.machine.ram_gib;
    let faster = |speed: &&RamSpeed| speed.kind == present.kind && speed.mt_s > present.mt_s;
    let sold = |speed: &&RamSpeed| dimm.is_some_and(|dimm| base.catalog.ram_for(**speed, dimm, gib, socket).is_some());
    let grades = base.catalog.runtimes().ram.iter().filter(faster).filter(sold);
    let speed = *grades.max_by_key(|speed| speed.mt_s)?;
    base.better(RemedyGroup::Offload, Change::FasterRam { speed, channels })
}

/// Twice the RAM, or as much as makes a difference; said to change nothing where it does.
fn more_ram(base: &Baseline<'_>) -> Option<Remedy> {
    let present = base.plan.machine.ram_gib;
    if base.now.verdict == Verdict::DoesNotFit || base.now.pages {
        let cures = |way: &Remedy| way.after.verdict < base.now.verdict || (base.now.pages && !way.after.pages);
        if let Some(way) = room::more_of_ram(base, None, cures) {
            return Some(way);
        }
    }
    let way = base.way(RemedyGroup::Offload, Change::Ram(present * 2.0))?;
    if way.after.improves(&base.now) {
        return Some(way);
    }
    Some(Remedy { standing: Standing::NoChange, ..way }).filter(|way| way.after.is_like(&base.now))
}
