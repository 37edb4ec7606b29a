//! The center of the view, from the verdict down to the plots.

use eframe::egui::{Frame, Margin, ScrollArea, Stroke, Ui, vec2};

use super::{PlanInputs, PlanViewState, hero, metrics, plots, table, verdict, why};
use crate::plan::Plan;
use crate::ui::command::Command;
use crate::ui::theme::{Tokens, scroll_bars, space};

/// The least height of the plots; a lower window scrolls.
const LEAST_PLOT: f32 = 150.0;
/// Under this height everything is drawn closer, so that the plots keep their place.
const LOW: f32 = 732.0;

pub(super) fn show(
    ui: &mut Ui,
    plan: &mut Plan,
    inputs: &PlanInputs<'_>,
    state: &mut PlanViewState,
    commands: &mut Vec<Command>,
) {
    let height = ui.available_height();
    scroll_bars(ui);
    let low = height < LOW;
    let (top, bottom) = if low { (14, 8) } else { (24, 12) };
    let margin = Margin { left: 28, right: 28, top, bottom };
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        Frame::new().inner_margin(margin).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let top = ui.cursor().top();
            verdict::show(ui, plan, inputs, low);
            let Ok(estimate) = inputs.estimate else {
                hint(ui, inputs);
                return;
            };
            hero::show(ui, plan, estimate, inputs, low);
            ui.add_space(if low { 6.0 } else { 20.0 });
            let asked = table::show(ui, estimate, inputs, state, commands);
            rule(ui, if low { space::S } else { space::M });
            metrics::show(ui, plan, estimate, inputs, low, commands);
            rule(ui, if low { space::S } else { space::M });
            let used = ui.cursor().top() - top + f32::from(margin.top) + f32::from(margin.bottom);
            let room = (height - used - 1.0).max(LEAST_PLOT);
            plots::show(ui, plan, estimate, inputs, state, (room, low));
            // Drawn last: a long explanation lies over what stands below it.
            if let Some(asked) = asked {
                why::show(ui, &asked, plan, inputs, low, commands);
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
