//! The one axis of all bars, and what their colors mean.

use eframe::egui::{Align2, Rect, Stroke, Ui, pos2, vec2};

use super::CompareFrame;
use super::sized::Picture;
use crate::advise::compare::Side;
use crate::text::{self, Key};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Memory, Tokens};
use crate::ui::widgets::memory_lanes::GibAxis;

/// Height of the axis.
const HEIGHT: f32 = 26.0;
/// Numbers stand no nearer to each other.
const APART: f32 = 56.0;
/// A swatch of the legend with what is around it.
const SWATCH: f32 = 15.0;
/// Between two of the legend.
const GAP: f32 = 12.0;

/// Where the numbers of the axis stand.
pub(super) struct Ticks {
    /// The axis of the first plan that has one, and so many GiB up to which all plans share it.
    axis: Option<(GibAxis, f64)>,
    step: f64,
}

impl Ticks {
    pub(super) fn of(frame: &CompareFrame<'_>, pictures: &[Picture]) -> Self {
        let placed = || pictures.iter().flat_map(|picture| &picture.bars);
        let cut = placed().filter_map(|it| it.axis.cuts.first()).map(|cut| cut.from).fold(f64::INFINITY, f64::min);
        let longest = placed().map(|it| it.bar.bar.capacity).fold(0.0, f64::max);
        let axis = placed().next().map(|it| {
            let axis = GibAxis { cuts: Vec::new(), ..it.axis.clone() };
            let room = f64::from((frame.columns.bars.max - axis.left).max(0.0) / axis.points_per_gib.max(1e-6));
            (axis, cut.min(longest).min(room))
        });
        let points = axis.as_ref().map_or(1.0, |(axis, _)| f64::from(axis.points_per_gib.max(1e-6)));
        Self { axis, step: (f64::from(APART) / points).log2().ceil().exp2().max(1.0) }
    }

    fn marks(&self) -> impl Iterator<Item = (f64, f32)> {
        let step = self.step;
        let axis = self.axis.as_ref();
        let all = (0..12_u8).map(move |place| f64::from(place) * step);
        all.filter_map(move |gib| axis.filter(|(_, most)| gib <= *most + 1e-6).map(|(axis, _)| (gib, axis.x(gib))))
    }

    /// Faint lines behind the rows.
    pub(super) fn grid(&self, ui: &Ui, top: f32, bottom: f32) {
        let t = Tokens::of(ui);
        for (_, x) in self.marks() {
            ui.painter().vline(x, top..=bottom, Stroke::new(1.0, t.line));
        }
    }

    /// The numbers below the rows, and the legend at their right.
    pub(super) fn show(&self, ui: &mut Ui, frame: &CompareFrame<'_>) {
        let t = Tokens::of(ui);
        let (_, rect) = ui.allocate_space(vec2(frame.columns.whole.span(), HEIGHT));
        let y = rect.center().y;
        let mut end = frame.columns.bars.min;
        for (gib, x) in self.marks() {
            let words = text::decimal(gib, 0);
            end = paint::text(ui.painter(), pos2(x, y), Align2::CENTER_CENTER, &words, Type::CaptionMono, t.faint)
                .right();
        }
        if self.axis.is_some() {
            let at = pos2(end + 5.0, y);
            end = paint::text(ui.painter(), at, Align2::LEFT_CENTER, "GiB", Type::CaptionMono, t.faint).right();
        }
        legend(ui, rect, end + 16.0, frame);
    }
}

/// The components that are drawn, beside the numbers or, where they have no room there, in a line of their own.
fn legend(ui: &mut Ui, rect: Rect, from: f32, frame: &CompareFrame<'_>) {
    let t = Tokens::of(ui);
    let trains = frame.inputs.sides.iter().any(Side::trains);
    let company = frame.inputs.sides.iter().any(|side| !side.plan.also.is_empty());
    let serves = frame.inputs.sides.iter().any(|side| !side.trains());
    let entries = [
        (Memory::Weights, Key::Weights, true),
        (Memory::Adapter, Key::Adapter, trains),
        (Memory::Gradients, Key::Gradients, trains),
        (Memory::Optimizer, Key::OptimizerStates, trains),
        (Memory::Kv, Key::KvCache, serves),
        (Memory::Compute, if serves { Key::ComputeBuffer } else { Key::Activations }, true),
        (Memory::Overhead, Key::RuntimeOverhead, true),
        (Memory::Also, Key::AlsoOnMachine, company),
        (Memory::Os, Key::OsShort, true),
    ];
    let entries: Vec<(Memory, String, f32)> = entries
        .into_iter()
        .filter(|(.., shown)| *shown)
        .map(|(memory, key, _)| {
            let words = text::within_sentence(frame.inputs.locale.word(key));
            let width = paint::width(ui.painter(), &words, Type::Caption);
            (memory, words, width)
        })
        .collect();
    let whole: f32 = entries.iter().map(|(.., width)| width + SWATCH + GAP).sum();
    let (rect, from) = if whole <= rect.right() - from {
        (rect, from)
    } else {
        let (_, below) = ui.allocate_space(vec2(frame.columns.whole.span(), HEIGHT));
        (below, below.left())
    };
    let mut right = rect.right();
    for (memory, words, width) in entries.into_iter().rev() {
        if right - width - SWATCH < from {
            break;
        }
        let at = pos2(right, rect.center().y);
        paint::text(ui.painter(), at, Align2::RIGHT_CENTER, &words, Type::Caption, t.sec);
        let swatch = Rect::from_center_size(pos2(right - width - 9.0, rect.center().y), vec2(10.0, 10.0));
        paint::swatch(ui.painter(), swatch, memory, t);
        right = swatch.left() - GAP;
    }
}
