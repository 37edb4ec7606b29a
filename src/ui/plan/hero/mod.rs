//! The picture: one bar for each card, the link, the RAM bar, all on one scale.

use eframe::egui::{Align2, Painter, Rangef, Rect, Ui, pos2, vec2};

mod card;
mod ghost;
mod ram;

use super::bars;
use super::figures::{self, PlanFigures};
use super::fit::Fit;
use super::{PlanInputs, facts};
use crate::estimate::{DeviceEstimate, Estimate};
use crate::plan::Plan;
use crate::text::{Key, Placeholder, PrintedFigure};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::Tokens;
use crate::ui::widgets::link::Thickness;
use crate::ui::widgets::memory_bar::{BarSegment, GibAxis};

/// Bars begin here: chip 45, lane 51.
const LEFT: f32 = 96.0;
const CHIP: f32 = 45.0;
const GAP: f32 = 12.0;
const HEADER: f32 = 22.0;
/// Right of the bars, where each says what is on it.
const NOTES: f32 = 240.0;
const RAM_BAR: f32 = 56.0;

/// What the picture is drawn from, worked out once a frame.
struct Scene<'a> {
    plan: &'a Plan,
    estimate: &'a Estimate,
    inputs: &'a PlanInputs<'a>,
    t: &'static Tokens,
    painter: Painter,
    /// The whole picture.
    rect: Rect,
    axis: GibAxis,
    thickness: Thickness,
    /// Devices that get a bar: all of them, or one for many equal ones.
    shown: &'a [DeviceEstimate],
    unified: bool,
    spilled: Vec<BarSegment>,
    figures: PlanFigures,
    /// What is free on each device, in words.
    free: Vec<PrintedFigure>,
}

/// How high each part of the picture is.
struct Heights {
    bar: f32,
    gap: f32,
    /// All bars of cards with what stands above them.
    vram: f32,
    between: f32,
    ram_bar: f32,
    whole: f32,
}

impl Heights {
    fn of(estimate: &Estimate, fit: Fit) -> Self {
        let shown = shown(&estimate.devices).len();
        let unified = shown > 0 && estimate.devices.iter().all(|device| device.unified);
        let bar: f32 = match shown {
            0 | 1 => 56.0,
            2 => 40.0,
            3 | 4 => 28.0,
            _ => 16.0,
        };
        // In a low window the RAM is as high as the cards, and these stand closer.
        let (gap, ram_bar, link) = match (fit.is_close(), shown) {
            (false, 1) => (GAP, RAM_BAR, 68.0),
            (false, _) | (true, 0 | 1) => (GAP, RAM_BAR, 44.0),
            (true, _) => (if bar < 28.0 { 7.0 } else { 10.0 }, bar.max(28.0), 34.0),
        };
        let bars = if shown == 0 { 0.0 } else { shown as f32 * (bar + gap) - gap };
        let between = if unified || shown == 0 { 0.0 } else { link };
        let ram = if unified { 40.0 } else { ram_bar + 44.0 };
        Self { bar, gap, vram: HEADER + bars, between, ram_bar, whole: HEADER + bars + between + ram }
    }
}

/// How high the picture is: by the number of cards alone.
pub(super) fn height(estimate: &Estimate, fit: Fit) -> f32 {
    Heights::of(estimate, fit).whole
}

/// Draws the picture.
pub(super) fn show(ui: &mut Ui, plan: &Plan, estimate: &Estimate, inputs: &PlanInputs<'_>, fit: Fit) {
    let unified = facts::is_unified(&plan.machine, inputs.catalog);
    let shown = shown(&estimate.devices);
    let Heights { bar, gap, vram, between, ram_bar, whole } = Heights::of(estimate, fit);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), whole));
    let t = Tokens::of(ui);
    let figures = PlanFigures::of(estimate);
    let spilled = bars::spilled(plan, estimate, &figures.ram, inputs.locale);
    let scene = Scene {
        axis: axis(rect, estimate, shown, unified, bars::sum(&spilled)),
        thickness: thickness(plan, inputs),
        painter: ui.painter().clone(),
        plan,
        estimate,
        inputs,
        t,
        rect,
        shown,
        unified,
        spilled,
        figures,
        free: figures::free_each(estimate),
    };
    if !shown.is_empty() {
        let mark = scene.vram_header(rect.top());
        let mut y = rect.top() + HEADER;
        for place in 0..shown.len() {
            let rows = Rangef::new(y, y + bar);
            scene.device(ui, place, rows, mark);
            scene.device_ghost(place, rows);
            y += bar + gap;
        }
    }
    let end = rect.top() + vram;
    if unified {
        scene.axis_labels(end);
        return;
    }
    let ram_rows = Rangef::new(end + between, end + between + ram_bar);
    if !shown.is_empty() {
        scene.link(end, ram_rows.min);
    }
    scene.ram(ui, ram_rows);
    scene.ram_ghost(ram_rows);
    scene.axis_labels(ram_rows.max);
    scene.ram_header(ram_rows.max + 33.0);
}

/// One bar each, but one for all where more than eight are alike.
fn shown(devices: &[DeviceEstimate]) -> &[DeviceEstimate] {
    let alike = devices.iter().all(|device| device.capacity == devices[0].capacity && device.card == devices[0].card);
    if devices.len() > 8 && alike { &devices[..1] } else { &devices[..devices.len().min(16)] }
}

/// From zero to a little more than the longest bar, with room for the notes beside the bars of several cards.
#[expect(clippy::cast_possible_truncation, reason = "a scale on the screen")]
fn axis(rect: Rect, estimate: &Estimate, shown: &[DeviceEstimate], unified: bool, spilled: f64) -> GibAxis {
    let card = shown.iter().map(|device| device.capacity.gib() + device.excess.unwrap_or_default().gib());
    let card = card.fold(0.0, f64::max);
    let host =
        if unified { 0.0 } else { estimate.host.capacity.gib() + estimate.host.excess.unwrap_or_default().gib() };
    let longest = (card + spilled).max(host).max(1.0) * 1.06;
    let room = f64::from(rect.width() - LEFT);
    let mut scale = room / longest;
    if estimate.devices.len() > 1 && card > 0.0 {
        scale = scale.min((room - f64::from(NOTES)) / (card + spilled));
    }
    GibAxis { left: rect.left() + LEFT, points_per_gib: scale as f32 }
}

fn thickness(plan: &Plan, inputs: &PlanInputs<'_>) -> Thickness {
    let rates = (0..plan.machine.cards.len())
        .filter_map(|place| facts::card(&plan.machine, place, inputs.catalog).and_then(|card| card.bandwidth_gb_s));
    Thickness::up_to(rates.fold(0.0, f64::max), 56.0)
}

impl Scene<'_> {
    fn word(&self, key: Key) -> &'static str {
        self.inputs.locale.word(key)
    }

    fn say(&self, key: Key, holes: &[(Placeholder, &str)]) -> String {
        self.inputs.locale.sentence(key, holes)
    }

    fn write(&self, at: (f32, f32), anchor: Align2, words: &str, step: Type) -> Rect {
        let ink = match step {
            Type::SmallStrong | Type::CaptionStrong => self.t.text,
            Type::Small => self.t.sec,
            _ => self.t.faint,
        };
        paint::text(&self.painter, pos2(at.0, at.1), anchor, words, step, ink)
    }
}
