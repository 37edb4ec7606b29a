//! The center of the view, from the verdict down to the plots.

use eframe::egui::{Frame, Margin, ScrollArea, Stroke, Ui, vec2};

use super::fit::Fit;
use super::{PlanInputs, PlanViewState, hero, metrics, plots, table, verdict, why};
use crate::estimate::Estimate;
use crate::plan::Plan;
use crate::ui::command::Command;
use crate::ui::theme::Tokens;

/// The center is never narrower than this.
pub(super) const LEAST_WIDTH: f32 = 560.0;

/// The roomiest in which the plots are seen without scrolling.
fn roomiest(height: f32, estimate: &Estimate) -> Fit {
    let fits = |(fit, least): &(Fit, f32)| above_plots(*fit, estimate) + least <= height;
    Fit::STEPS.iter().find(|step| fits(step)).map_or(Fit::Beside, |(fit, _)| *fit)
}

/// Height of all but the plots.
fn above_plots(fit: Fit, estimate: &Estimate) -> f32 {
    let (top, bottom) = fit.margins();
    let parts = verdict::height(fit) + hero::height(estimate, fit) + fit.gap() + table::height(estimate);
    parts + metrics::height(estimate, fit) + 2.0 * fit.rule() + f32::from(top) + f32::from(bottom) + 1.0
}

pub(super) fn show(
    ui: &mut Ui,
    plan: &mut Plan,
    inputs: &PlanInputs<'_>,
    state: &mut PlanViewState,
    commands: &mut Vec<Command>,
) {
    let height = ui.available_height();
    let fit = inputs.estimate.map_or(Fit::Roomy, |estimate| roomiest(height, estimate));
    let (top, bottom) = fit.margins();
    let margin = Margin { left: 28, right: 28, top, bottom };
    // No narrower than its parts can be read: a window that is, scrolls it.
    let narrow = ui.available_width() < LEAST_WIDTH;
    let area = if narrow { ScrollArea::both() } else { ScrollArea::vertical() };
    area.auto_shrink([false, false]).show(ui, |ui| {
        if narrow {
            ui.set_width(LEAST_WIDTH);
        }
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
            let spare = height - above_plots(fit, estimate) + fit.rule();
            let shown = table::show(ui, estimate, inputs, state, (fit, spare), commands);
            if let Some(beside) = shown.beside {
                plots::within(ui, beside, plan, estimate, inputs, state);
            }
            rule(ui, fit.rule());
            metrics::show(ui, plan, estimate, inputs, fit, commands);
            if fit != Fit::Beside {
                rule(ui, fit.rule());
                let used = ui.cursor().top() - top + f32::from(margin.top) + f32::from(margin.bottom);
                let room = (height - used - 1.0).max(fit.least_plot());
                plots::show(ui, plan, estimate, inputs, state, (room, !fit.has_two_plots()));
            }
            // Drawn last: a long explanation lies over what stands below it.
            if let Some(asked) = shown.asked {
                why::show(ui, &asked, plan, inputs, fit.is_near(), commands);
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
