//! The picture of a plan: a lane for each card, the link, the RAM, all on one scale.

use eframe::egui::{Rangef, Rect, Ui, vec2};

mod card;
pub(in crate::ui) mod compared;
mod ghost;
mod ram;
mod words;

use super::fit::Fit;
use super::{PlanInputs, bars, facts};
use crate::estimate::printed::{self as figures, PlanFigures};
use crate::estimate::{DeviceEstimate, Estimate};
use crate::plan::Plan;
use crate::text::PrintedFigure;
use crate::ui::widgets::memory_lanes::{
    AXIS, AxisStretch, AxisUnit, BarSegment, GibAxis, HEAD, LEFT, MemoryLane, MemoryLanes, Thickness,
};

/// Between two cards.
const GAP: f32 = 12.0;
/// Right of the bars, where each says what is on it.
const NOTES: f32 = 240.0;
const RAM_BAR: f32 = 56.0;
/// The longest bar leaves so much for the words at its end.
const MARGIN: f32 = 1.06;
/// The longest card has at least this much of the width: what is longer than that allows is cut.
const LEAST_CARD: f64 = 0.3;
/// More equal cards than these have one bar together.
const MOST_BARS: usize = 8;

/// Devices that have one bar together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct CardGroup {
    /// The one that is drawn: the fullest.
    place: usize,
    /// How many.
    count: usize,
    /// The others hold as much.
    alike: bool,
}

/// One bar each; where there are many, one for those of a kind.
fn groups(devices: &[DeviceEstimate]) -> Vec<CardGroup> {
    if devices.len() <= MOST_BARS {
        return (0..devices.len()).map(|place| CardGroup { place, count: 1, alike: true }).collect();
    }
    let mut groups = Vec::new();
    let mut first = 0;
    for kind in devices.chunk_by(|one, next| one.card == next.card) {
        let totals = kind.iter().map(|device| device.total.unwrap_or_default());
        let (least, most) = (totals.clone().min().unwrap_or_default(), totals.max().unwrap_or_default());
        let fullest = kind.iter().position(|device| device.total.unwrap_or_default() == most).unwrap_or_default();
        // A layer more or less is no difference.
        let alike = (most - least).0 <= most.0 / 10;
        groups.push(CardGroup { place: first + fullest, count: kind.len(), alike });
        first += kind.len();
    }
    groups.truncate(MOST_BARS);
    groups
}

/// How high each part of the picture is.
struct PictureHeights {
    bar: f32,
    gap: f32,
    between: f32,
    ram: f32,
    bars: usize,
    unified: bool,
}

impl PictureHeights {
    fn of(estimate: &Estimate, fit: Fit) -> Self {
        let bars = groups(&estimate.devices).len();
        let bar: f32 = match bars {
            0 | 1 => 56.0,
            2 => 40.0,
            3 | 4 => 28.0,
            _ => 16.0,
        };
        // In a low window the RAM is as high as the cards, and these stand closer. A training step spills nothing.
        let (gap, ram, between) = match (fit.is_near(), bars) {
            (false, 1) if estimate.training.is_none() => (GAP, RAM_BAR, 68.0),
            (false, _) | (true, 0 | 1) => (GAP, RAM_BAR, 44.0),
            (true, _) => (if bar < 28.0 { 7.0 } else { 10.0 }, bar.max(28.0), 34.0),
        };
        Self { bar, gap, between, ram, bars, unified: estimate.is_unified() }
    }

    /// From the top to the end of the last card.
    fn cards(&self) -> f32 {
        if self.bars == 0 { 0.0 } else { HEAD + self.bars as f32 * (self.bar + self.gap) - self.gap }
    }

    fn card(&self, place: usize) -> Rangef {
        let top = HEAD + place as f32 * (self.bar + self.gap);
        Rangef::new(top, top + self.bar)
    }

    fn ram(&self) -> Rangef {
        let top = if self.bars == 0 { HEAD } else { self.cards() + self.between };
        Rangef::new(top, top + self.ram)
    }

    fn whole(&self) -> f32 {
        if self.unified { self.cards() + AXIS + 18.0 } else { self.ram().max + 2.0 * AXIS }
    }
}

/// How high the picture is: by the number of cards alone.
pub(super) fn height(estimate: &Estimate, fit: Fit) -> f32 {
    PictureHeights::of(estimate, fit).whole()
}

/// Draws the picture.
pub(super) fn show(ui: &mut Ui, plan: &Plan, estimate: &Estimate, inputs: &PlanInputs<'_>, fit: Fit) {
    let heights = PictureHeights::of(estimate, fit);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), heights.whole()));
    Scene::of(plan, estimate, inputs).picture(rect, &heights).show(ui, rect);
}

/// What the picture is made from.
struct Scene<'a> {
    plan: &'a Plan,
    estimate: &'a Estimate,
    inputs: &'a PlanInputs<'a>,
    groups: Vec<CardGroup>,
    unified: bool,
    /// What lies in RAM for want of VRAM.
    spilled: Vec<BarSegment>,
    figures: PlanFigures,
    /// What the programs beside the plan's own model are called.
    programs: Vec<String>,
    /// What is free on each device, for prose.
    free: Vec<PrintedFigure>,
}

impl<'a> Scene<'a> {
    fn of(plan: &'a Plan, estimate: &'a Estimate, inputs: &'a PlanInputs<'a>) -> Self {
        let figures = PlanFigures::of(estimate);
        Self {
            groups: groups(&estimate.devices),
            unified: estimate.is_unified(),
            spilled: bars::spilled(plan, estimate, &figures.ram, inputs.locale),
            programs: facts::program_names(plan, inputs.catalog, inputs.locale),
            free: figures::free_each(estimate),
            plan,
            estimate,
            inputs,
            figures,
        }
    }

    fn picture(&self, rect: Rect, heights: &PictureHeights) -> MemoryLanes {
        let last = self.groups.len().saturating_sub(1);
        let cards = self.groups.iter().enumerate();
        let mut lanes: Vec<MemoryLane> =
            cards.filter_map(|(place, group)| self.card(*group, heights.card(place), place == last)).collect();
        if !self.unified {
            lanes.push(self.ram(heights.ram()));
        }
        self.set_axes(&mut lanes, rect);
        MemoryLanes {
            head: (!self.groups.is_empty()).then(|| self.head(&lanes)),
            foot: Some(if self.unified { self.foot_of_pool(&lanes) } else { self.foot(&lanes) }),
            link: (!self.unified && !self.groups.is_empty()).then(|| self.link(heights.between)),
            thickness: self.thickness(),
            unit: AxisUnit::default(),
            lanes,
        }
    }

    /// One scale for all lanes, with room for the notes beside the bars of several cards.
    fn set_axes(&self, lanes: &mut [MemoryLane], rect: Rect) {
        let stretch = |gib, may_be_cut| AxisStretch { gib, may_be_cut };
        let stretches: Vec<Vec<AxisStretch>> = lanes
            .iter()
            .enumerate()
            .map(|(place, lane)| {
                let beyond = lane.bar.beyond.iter().map(|segment| stretch(segment.gib, true));
                if place < self.groups.len() {
                    return std::iter::once(stretch(lane.bar.capacity, false)).chain(beyond).collect();
                }
                let inside = lane.bar.inside.iter().map(|segment| segment.gib);
                let free = lane.bar.capacity - inside.clone().sum::<f64>();
                inside.chain([free.max(0.0)]).map(|gib| stretch(gib, true)).chain(beyond).collect()
            })
            .collect();
        let card = self.estimate.devices.iter().map(|device| device.capacity.gib()).fold(0.0, f64::max);
        let room = rect.right() - rect.left() - LEFT;
        let left = rect.left() + LEFT;
        let mut axes = GibAxis::fit(left, room / MARGIN, &stretches, card, LEAST_CARD);
        let several = self.estimate.devices.len() > 1;
        let ends = |axes: &[GibAxis]| {
            let cards = lanes.iter().zip(axes).take(self.groups.len());
            cards.map(|(lane, axis)| lane.bar.end(axis)).fold(0.0, f32::max)
        };
        if several && ends(&axes) > rect.right() - NOTES {
            axes = GibAxis::fit(left, room - NOTES, &stretches, card, LEAST_CARD);
        }
        for (lane, axis) in lanes.iter_mut().zip(axes) {
            lane.axis = axis;
        }
    }

    fn thickness(&self) -> Thickness {
        let rates = (0..self.plan.machine.cards.len()).filter_map(|place| self.bandwidth(place));
        Thickness::up_to(rates.fold(0.0, f64::max), RAM_BAR)
    }

    fn bandwidth(&self, card: usize) -> Option<f64> {
        facts::card(&self.plan.machine, card, self.inputs.catalog).and_then(|card| card.bandwidth_gb_s)
    }
}
