//! The plots at the bottom of the center: memory against context at the left, and at the right decode speed against
//! layers or sequences. Where there is room for one alone, it is chosen among all three.

mod context;
mod layers;
mod phases;
mod sequences;

use eframe::egui::{Align2, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::{PlanInputs, PlanViewState, PlotChoice};
use crate::estimate::Estimate;
use crate::plan::Plan;
use crate::text::{Join, Key};
use crate::ui::axes;
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius, space};
use crate::ui::widgets::inside;
use crate::ui::widgets::segmented::segmented;

/// Height of the titles.
const TITLE: f32 = 34.0;
/// Beside the choice a title needs so much.
const LEAST_TITLE: f32 = 150.0;
/// Between two plots.
const GAP: f32 = 28.0;
/// Two plots side by side need so much.
const WIDE: f32 = 620.0;

/// Those of training.
const TRAINING: [PlotChoice; 2] = [PlotChoice::Phases, PlotChoice::Length];

/// Shows one or two plots in so much height, two where `beside` each other they have room.
pub(super) fn show(
    ui: &mut Ui,
    plan: &mut Plan,
    estimate: &Estimate,
    inputs: &PlanInputs<'_>,
    state: &mut PlanViewState,
    (height, low): (f32, bool),
) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height));
    if low || rect.width() < WIDE {
        within(ui, rect, plan, estimate, inputs, state);
        return;
    }
    let trains = estimate.training.is_some();
    let half = (rect.width() - GAP) / 2.0;
    let left = Rect::from_min_size(rect.min, vec2(half, height));
    let right = Rect::from_min_max(pos2(rect.right() - half, rect.top()), rect.max);
    if trains {
        one(ui, (left, half), PlotChoice::Phases, plan, estimate, inputs);
        one(ui, (right, half), PlotChoice::Length, plan, estimate, inputs);
        return;
    }
    one(ui, (left, half), PlotChoice::Context, plan, estimate, inputs);
    let all = choices(&[PlotChoice::Layers, PlotChoice::Sequences], inputs);
    let (shown, taken) = choice(ui, right, &all, state, inputs);
    one(ui, (right, half - taken), shown, plan, estimate, inputs);
}

/// One plot in `rect`, chosen among all; where both have no room in one line, its title stands under the choice.
pub(super) fn within(
    ui: &mut Ui,
    rect: Rect,
    plan: &mut Plan,
    estimate: &Estimate,
    inputs: &PlanInputs<'_>,
    state: &mut PlanViewState,
) {
    let serving = [PlotChoice::Context, PlotChoice::Layers, PlotChoice::Sequences];
    let all = choices(if estimate.training.is_some() { &TRAINING } else { &serving }, inputs);
    let (shown, taken) = choice(ui, rect, &all, state, inputs);
    let under = taken > 0.0 && rect.width() - taken < LEAST_TITLE;
    let (rect, taken) = if under { (rect.with_min_y(rect.top() + TITLE - 4.0), 0.0) } else { (rect, taken) };
    one(ui, (rect, rect.width() - taken), shown, plan, estimate, inputs);
}

/// Those of `all` that have a curve to show; where none has, the last, which says why.
fn choices(all: &[PlotChoice], inputs: &PlanInputs<'_>) -> Vec<PlotChoice> {
    let mut shown: Vec<PlotChoice> = all.iter().copied().filter(|choice| has_curve(*choice, inputs)).collect();
    if shown.is_empty() {
        shown.extend(all.last());
    }
    shown
}

fn has_curve(choice: PlotChoice, inputs: &PlanInputs<'_>) -> bool {
    match choice {
        PlotChoice::Context | PlotChoice::Phases | PlotChoice::Length => true,
        PlotChoice::Layers => inputs.speeds.layers.points.len() > 1,
        PlotChoice::Sequences => inputs.speeds.sequences.len() > 1,
    }
}

/// The choice of a plot, at the right of its title: what is shown, and how much room the choice takes. What was chosen
/// is kept while it cannot be shown.
fn choice(
    ui: &mut Ui,
    rect: Rect,
    choices: &[PlotChoice],
    state: &mut PlanViewState,
    inputs: &PlanInputs<'_>,
) -> (PlotChoice, f32) {
    let locale = inputs.locale;
    // Speed comes before memory, which is seen in the bars already.
    let first = choices.iter().copied().find(|choice| *choice != PlotChoice::Context);
    let first = first.or_else(|| choices.first().copied()).unwrap_or_default();
    let shown = if choices.contains(&state.plot) { state.plot } else { first };
    if choices.len() < 2 {
        return (shown, 0.0);
    }
    let options: Vec<(PlotChoice, &str)> =
        choices.iter().map(|choice| (*choice, locale.word(short(*choice)))).collect();
    let words: f32 = options.iter().map(|(_, words)| paint::width(ui.painter(), words, Type::SmallStrong)).sum();
    let width = words + 20.0 * options.len() as f32;
    let place = Rect::from_min_size(pos2(rect.right() - width, rect.top()), vec2(width, space::FIELD));
    let chosen =
        inside(ui, "plot choice", place, |ui| segmented(ui, locale.word(Key::PlotShown), &options, shown, width));
    if let Some(chosen) = chosen {
        state.plot = chosen;
    }
    (chosen.unwrap_or(shown), width + space::S)
}

const fn short(choice: PlotChoice) -> Key {
    match choice {
        PlotChoice::Context => Key::PlotTabContext,
        PlotChoice::Layers => Key::PlotTabLayers,
        PlotChoice::Sequences => Key::PlotTabSequences,
        PlotChoice::Phases => Key::PlotTabPhases,
        PlotChoice::Length => Key::PlotTabLength,
    }
}

/// A plot with its title, its unit and its words; `room` is how wide the title may be.
fn one(
    ui: &mut Ui,
    (rect, room): (Rect, f32),
    choice: PlotChoice,
    plan: &mut Plan,
    estimate: &Estimate,
    inputs: &PlanInputs<'_>,
) {
    let t = Tokens::of(ui);
    let locale = inputs.locale;
    let (key, unit) = match choice {
        PlotChoice::Context => (context::title(plan, estimate, inputs), "GiB"),
        PlotChoice::Phases => (Key::PlotPhases, "GiB"),
        PlotChoice::Length => (Key::PlotLength, "GiB"),
        PlotChoice::Layers => (Key::PlotLayers, "tok/s"),
        PlotChoice::Sequences => (Key::PlotSequences, "tok/s, ms"),
    };
    let title = locale.word(key);
    let line = pos2(rect.left(), rect.top() + space::FIELD / 2.0);
    // Beside the choice, which names the axis, a few words are enough.
    let whole = paint::width(ui.painter(), title, Type::SmallStrong) <= room;
    let brief = if whole || choice != PlotChoice::Layers { title } else { locale.word(Key::PlotLayersBrief) };
    let drawn = paint::text_within(ui.painter(), line, Align2::LEFT_CENTER, brief, (Type::SmallStrong, t.text), room);
    if drawn.width() + 8.0 + paint::width(ui.painter(), unit, Type::Caption) <= room {
        let after = drawn.right_center() + vec2(8.0, 0.0);
        paint::text(ui.painter(), after, Align2::LEFT_CENTER, unit, Type::Caption, t.faint);
    }
    let body = Rect::from_min_max(pos2(rect.left(), rect.top() + TITLE), rect.max);
    let response = ui.interact(drawn, ui.make_persistent_id(("twin", choice)), Sense::hover());
    response.widget_info(|| {
        let points = match choice {
            PlotChoice::Context | PlotChoice::Length => context::twin(inputs),
            PlotChoice::Phases => phases::twin(estimate, inputs.locale),
            PlotChoice::Layers => layers::twin(inputs),
            PlotChoice::Sequences => sequences::twin(inputs),
        };
        let words = std::iter::once(title.to_owned()).chain(points);
        WidgetInfo::labeled(Role::Image, true, inputs.locale.join(Join::Clauses, words))
    });
    if choice != PlotChoice::Phases && axes::is_awaited(ui, body, inputs.limits.known, locale) {
        return;
    }
    match choice {
        PlotChoice::Phases => phases::show(ui, body, estimate, inputs.locale),
        PlotChoice::Context | PlotChoice::Length => context::show(ui, body, plan, estimate, inputs),
        PlotChoice::Layers => layers::show(ui, body, plan, estimate, inputs),
        PlotChoice::Sequences => sequences::show(ui, body, plan, inputs),
    }
}

/// What stands at the point that the pointer is nearest to, and a mark on it.
fn readout(ui: &Ui, response: &Response, point: Pos2, words: &str) {
    let t = Tokens::of(ui);
    let painter = ui.painter();
    painter.circle(point, 4.0, t.bg, Stroke::new(2.0, t.text));
    let galley = painter.layout_no_wrap(words.to_owned(), Type::Caption.font(), t.text);
    let size = galley.size() + vec2(12.0, 6.0);
    let room = response.rect;
    let left = (point.x - size.x / 2.0).clamp(room.left(), (room.right() - size.x).max(room.left()));
    let over = point.y - size.y - 10.0;
    let top = if over < room.top() { point.y + 10.0 } else { over };
    let plate = Rect::from_min_size(pos2(left, top), size);
    painter.rect(plate, radius::PLATE, t.raised, Stroke::new(1.0, t.rail), StrokeKind::Inside);
    painter.galley(plate.min + vec2(6.0, 3.0), galley, t.text);
}
