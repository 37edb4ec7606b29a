//! What the plots of the views have in common: axes, grid, labels, the mark of the present plan.

use eframe::egui::{Align2, Rangef, Rect, RichText, Sense, Stroke, Ui, pos2, vec2};
use egui_plot::{
    AxisHints, FilledArea, GridMark, HPlacement, Line, LineStyle, Plot, PlotPoint, PlotUi, Points, Text, VLine,
};

use crate::text::{self, Key, Locale};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Ink, Tokens};
use crate::units::Band;

/// How long nothing is said of what is still worked out, in seconds.
const BLINK: f32 = 0.3;

/// The axes of one plot.
pub(super) struct Axes {
    /// Where the x axis is labeled.
    pub x_marks: Vec<GridMark>,
    /// What a label of the x axis says.
    pub x_words: fn(f64) -> String,
    /// The top of the y axis, which begins at zero.
    pub top: f64,
    /// What the top means on an axis at the right, where there is one.
    pub right_top: Option<f64>,
    /// What the x axis counts, where its labels do not say it.
    pub x_name: &'static str,
}

impl Axes {
    /// A plot that stays where it is, with grid lines across.
    pub(super) fn plot<'a>(self, ui: &Ui, id: &'static str) -> Plot<'a> {
        self.plot_with(ui, id, |value, step| match value {
            large if large >= 1e6 => format!("{}M", text::trimmed(large / 1e6, 1)),
            large if large >= 1e5 => format!("{}k", text::trimmed(large / 1e3, 0)),
            value => text::decimal(value, usize::from(step < 1.0)),
        })
    }

    /// The same with words of its own for a value of the y axis, given the step of the grid.
    pub(super) fn plot_with<'a>(self, ui: &Ui, id: &'static str, words: fn(f64, f64) -> String) -> Plot<'a> {
        let t = Tokens::of(ui);
        let Self { x_marks, x_words, top, right_top, x_name } = self;
        let axis = |hints: AxisHints<'a>| {
            // A low plot keeps its numbers: the lines of the grid are never closer than a number is high.
            hints
                .tick_label_font(Type::CaptionMono.font())
                .tick_label_color(t.faint)
                .label_spacing(Rangef::new(10.0, 14.0))
        };
        let x_axis = axis(AxisHints::new_x().formatter(move |mark, _| x_words(mark.value)).min_thickness(24.0));
        let name = RichText::new(x_name).font(Type::Caption.font()).color(t.faint);
        let x_axis = if x_name.is_empty() { x_axis } else { x_axis.label(name) };
        let step = grid(top);
        let mut y_axes =
            vec![axis(AxisHints::new_y().formatter(move |mark, _| words(mark.value, step)).min_thickness(30.0))];
        if let Some(right) = right_top {
            let scale = right / top;
            // Both axes begin at zero: it is said once, clear of the last label below.
            let words = move |value: f64| if value > 0.0 { words(value * scale, step * scale) } else { String::new() };
            let hints = AxisHints::new_y().formatter(move |mark, _| words(mark.value));
            y_axes.push(axis(hints.placement(HPlacement::Right).min_thickness(30.0)));
        }
        Plot::new(id)
            .allow_zoom(false)
            .allow_drag(false)
            .allow_scroll(false)
            .allow_boxed_zoom(false)
            .allow_axis_zoom_drag(false)
            .allow_double_click_reset(false)
            // Not reached by Tab: its title says all of it in words, and what a click does has a control of its own.
            .sense(Sense::CLICK)
            .show_background(false)
            .show_crosshair(false)
            .show_x(false)
            .show_y(false)
            .set_margin_fraction(vec2(0.0, 0.0))
            .grid_color(t.line)
            .grid_fade(0.0)
            .show_grid([false, true])
            .x_grid_spacer(move |_| x_marks.clone())
            .y_grid_spacer(move |input| marks(input.bounds, step, 0.0))
            .custom_x_axes(vec![x_axis])
            .custom_y_axes(y_axes)
            .height(ui.available_height())
    }
}

/// The step of the grid that gives four to five lines.
pub(super) fn grid(top: f64) -> f64 {
    let rough = (top / 5.0).max(0.1);
    let unit = 10f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|step| step * unit).find(|step| *step >= rough).unwrap_or(rough)
}

/// The top of a y axis over `highest`: some room, up to the next line of the grid.
pub(super) fn top(highest: f64) -> f64 {
    let step = grid(highest * 1.12);
    (highest * 1.12 / step).ceil() * step
}

/// The top of an axis at the right over `highest`, whose labels stand at the lines of an axis that ends at `left_top`:
/// so many steps, each of a round figure.
pub(super) fn top_beside(left_top: f64, highest: f64) -> f64 {
    let lines = left_top / grid(left_top);
    let rough = (highest * 1.12 / lines).max(1e-3);
    let unit = 10f64.powf(rough.log10().floor());
    let round = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0].into_iter().map(|step| step * unit);
    round.into_iter().find(|step| *step >= rough).unwrap_or(rough) * lines
}

/// The most marks of an axis: its bounds may still be those of another plan.
const MOST_MARKS: usize = 64;

/// Marks from `from` on, within the bounds.
pub(super) fn marks((low, high): (f64, f64), step: f64, from: f64) -> Vec<GridMark> {
    std::iter::successors(Some(from), |value| Some(value + step))
        .take_while(|value| *value <= high + 1e-9)
        .filter(|value| *value >= low - 1e-9)
        .take(MOST_MARKS)
        .map(|value| GridMark { value, step_size: step })
        .collect()
}

/// Says why there is no plot.
pub(super) fn nothing(ui: &Ui, rect: Rect, words: &str) {
    let t = Tokens::of(ui);
    let galley = paint::wrapped(ui.painter(), words, (Type::Small, t.faint), rect.width());
    ui.painter().galley(pos2(rect.left(), rect.top() + 6.0), galley, t.faint);
}

/// Whether what is to be drawn is still worked out, which is said once that takes longer than a blink.
pub(super) fn is_awaited(ui: &Ui, rect: Rect, known: bool, locale: Locale) -> bool {
    let id = ui.make_persistent_id("awaited");
    let waited = ui.ctx().animate_bool_with_time(id, !known, if known { 0.0 } else { BLINK });
    if !known && waited >= 1.0 {
        nothing(ui, rect, locale.word(Key::StartRunsLooking));
    }
    !known
}

/// Words in the plot, without a plate.
pub(super) fn label(plot: &mut PlotUi<'_>, at: PlotPoint, anchor: Align2, words: &str, ink: Ink) {
    said(plot, at, anchor, (Type::SmallStrong, words), ink);
}

/// How wide a label is, in points.
pub(super) fn width(plot: &PlotUi<'_>, words: &str) -> f32 {
    let font = Type::SmallStrong.font();
    plot.ctx().fonts_mut(|fonts| fonts.layout_no_wrap(words.to_owned(), font, super::theme::CLEAR).size().x)
}

/// Words of any step in the plot.
pub(super) fn said(plot: &mut PlotUi<'_>, at: PlotPoint, anchor: Align2, (step, words): (Type, &str), ink: Ink) {
    let text = RichText::new(words).font(step.font()).color(ink);
    plot.text(Text::new(words, at, text).anchor(anchor).allow_hover(false));
}

/// A dot with a ring of the ground.
pub(super) fn dot(plot: &mut PlotUi<'_>, at: (f64, f64), t: &Tokens) {
    ring(plot, at, (t.text, t.bg));
}

/// A dot of one ink in a ring of another.
pub(super) fn ring(plot: &mut PlotUi<'_>, (x, y): (f64, f64), (inner, outer): (Ink, Ink)) {
    let point = |radius: f32, ink| Points::new("", vec![[x, y]]).radius(radius).color(ink).allow_hover(false);
    plot.points(point(6.0, outer));
    plot.points(point(4.0, inner));
}

/// The present plan: an upright line, a dot with a ring of the ground, its value on top.
pub(super) fn present(plot: &mut PlotUi<'_>, (x, y): (f64, f64), (value, top, high): (&str, f64, f64), t: &Tokens) {
    plot.vline(VLine::new(value, x).stroke(Stroke::new(1.0, t.text)).allow_hover(false));
    dot(plot, (x, y), t);
    let anchor = if x > high - 0.6 { Align2::RIGHT_TOP } else { Align2::LEFT_TOP };
    let text = RichText::new(format!(" {value} ")).font(Type::SmallStrong.font()).color(t.text);
    plot.text(Text::new("", PlotPoint::new(x, top), text.background_color(t.bg)).anchor(anchor).allow_hover(false));
}

/// The area between the low and the high ends of a curve.
pub(super) fn band(plot: &mut PlotUi<'_>, points: &[(f64, Band<f64>)], t: &Tokens) {
    let of = |value: fn(&(f64, Band<f64>)) -> f64| points.iter().map(value).collect::<Vec<f64>>();
    let (x, low, high) = (of(|point| point.0), of(|point| point.1.low), of(|point| point.1.high));
    plot.add(FilledArea::new("", &x, &low, &high).fill_color(t.band()).allow_hover(false));
}

/// A curve; dashed where it is beyond what there is.
pub(super) fn curve(plot: &mut PlotUi<'_>, points: Vec<[f64; 2]>, (ink, style): (Ink, LineStyle)) {
    plot.line(Line::new("", points).stroke(Stroke::new(2.0, ink)).style(style).allow_hover(false));
}
