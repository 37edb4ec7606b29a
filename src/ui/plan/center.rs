//! The center of the view, from the verdict down to the plots.

use eframe::egui::{Frame, Margin, ScrollArea, Stroke, Ui, vec2};

use super::{PlanInputs, PlanViewState, hero, metrics, plots, table, verdict, why};
use crate::estimate::Estimate;
use crate::plan::Plan;
use crate::ui::command::Command;
use crate::ui::theme::{Tokens, scroll_bars, space};

/// The least height of the plots where they stand below everything else, and where they stand there closer.
const LEAST_PLOT: f32 = 150.0;
const LEAST_CLOSE_PLOT: f32 = 126.0;

/// How what stands in the center shares its height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// Everything with room around it, two plots below.
    Roomy,
    /// Closer, without whiskers, one plot below.
    Close,
    /// As close, the plot at the right of the table, where an explanation covers it while a row is looked at.
    Beside,
}

impl Fit {
    /// The roomiest in which the plots are seen without scrolling.
    fn of(height: f32, estimate: &Estimate) -> Self {
        let fits = |fit: Self, plot: f32| fit.above_plots(estimate) + plot <= height;
        if fits(Self::Roomy, LEAST_PLOT) {
            Self::Roomy
        } else if fits(Self::Close, LEAST_CLOSE_PLOT) {
            Self::Close
        } else {
            Self::Beside
        }
    }

    pub(super) fn is_close(self) -> bool {
        self != Self::Roomy
    }

    /// Height of all but the plots.
    fn above_plots(self, estimate: &Estimate) -> f32 {
        let (top, bottom) = self.margins();
        let parts = verdict::height(self) + hero::height(estimate, self) + self.gap() + table::height(estimate);
        parts + metrics::height(self) + 2.0 * self.rule() + f32::from(top) + f32::from(bottom) + 1.0
    }

    const fn margins(self) -> (i8, i8) {
        if matches!(self, Self::Roomy) { (24, 12) } else { (14, 8) }
    }

    /// Between the picture and the table.
    const fn gap(self) -> f32 {
        if matches!(self, Self::Roomy) { space::XL } else { 6.0 }
    }

    const fn rule(self) -> f32 {
        if matches!(self, Self::Roomy) { space::M } else { space::S }
    }
}

pub(super) fn show(
    ui: &mut Ui,
    plan: &mut Plan,
    inputs: &PlanInputs<'_>,
    state: &mut PlanViewState,
    commands: &mut Vec<Command>,
) {
    let height = ui.available_height();
    scroll_bars(ui);
    let fit = inputs.estimate.map_or(Fit::Roomy, |estimate| Fit::of(height, estimate));
    let (top, bottom) = fit.margins();
    let margin = Margin { left: 28, right: 28, top, bottom };
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        Frame::new().inner_margin(margin).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let top = ui.cursor().top();
            verdict::show(ui, plan, inputs, fit);
            let Ok(estimate) = inputs.estimate else {
                hint(ui, inputs);
                return;
            };
            hero::show(ui, plan, estimate, inputs, fit);
            ui.add_space(fit.gap());
            let spare = height - fit.above_plots(estimate) + fit.rule();
            let shown = table::show(ui, estimate, inputs, state, (fit, spare), commands);
            if let Some(beside) = shown.beside {
                plots::within(ui, beside, plan, estimate, inputs, state);
            }
            rule(ui, fit.rule());
            metrics::show(ui, plan, estimate, inputs, fit, commands);
            if fit != Fit::Beside {
                rule(ui, fit.rule());
                let used = ui.cursor().top() - top + f32::from(margin.top) + f32::from(margin.bottom);
                let least = if fit == Fit::Roomy { LEAST_PLOT } else { LEAST_CLOSE_PLOT };
                let room = (height - used - 1.0).max(least);
                plots::show(ui, plan, estimate, inputs, state, (room, fit.is_close()));
            }
            // Drawn last: a long explanation lies over what stands below it.
            if let Some(asked) = shown.asked {
                why::show(ui, &asked, plan, inputs, fit.is_close(), commands);
            }
        });
    });
}

/// What to do where there is nothing to draw.
fn hint(ui: &mut Ui, inputs: &PlanInputs<'_>) {
    use crate::text::Key;
    let t = Tokens::of(ui);
    ui.colored_label(t.faint, inputs.locale.word(Key::ErrorHint));
}

fn rule(ui: &mut Ui, height: f32) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height));
    ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(1.0, Tokens::of(ui).line));
}
