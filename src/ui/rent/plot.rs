//! What each way costs over the months, and where buying becomes the cheaper one.

use eframe::egui::{Align2, RichText, Stroke, Ui, vec2};
use egui_plot::{LineStyle, PlotPoint, PlotTransform, PlotUi, Text};

use super::lines::{self, RentLine};
use crate::advise::rent::CostComparison;
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::axes::{self, Axes};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::Tokens;
use crate::units::Usd;

/// A way that costs many times what buying does leaves the plot at the top, so that the others stay apart.
const TALLEST: f64 = 3.0;
/// Between two labels, in points.
const LINE: f64 = 17.0;
/// Height of the unit under the axis.
const UNIT: f32 = 16.0;
/// What the amounts at the left of the plot take, and the gaps around names.
const AXIS: f32 = 84.0;

pub(super) fn show(ui: &mut Ui, running: &CostComparison<'_>, drawn: &[RentLine], locale: Locale) {
    let t = Tokens::of(ui);
    let end = running.terms.months;
    let bought = running.bought_after(end).max(running.bought.usd).max(Usd(1.0));
    let others = drawn.iter().filter_map(|line| running.instead_after(line.instead, end));
    // Lines of the grid stand at amounts that are round in the currency that is shown.
    let per_usd = text::money_per_usd();
    let top = axes::top(others.fold(bought, Usd::max).min(bought * TALLEST).0 * per_usd) / per_usd;
    let line = axes::grid(top * per_usd) / per_usd;
    let step = (axes::grid(end) / 6.0).ceil() * 6.0;
    let step = if end < 24.0 { axes::grid(end).max(1.0) } else { step };
    let axes = Axes {
        x_marks: axes::marks((0.0, end), step, 0.0),
        // Nothing is written where the axes meet: the amount stands there.
        x_words: |at| if at > 0.0 { text::decimal(at, 0) } else { String::new() },
        top,
        right_top: None,
        x_name: "",
    };
    let rect = ui.max_rect();
    let unit = rect.right_bottom() + vec2(0.0, -UNIT / 2.0);
    let words = locale.word(Key::RentMonthsUnit);
    paint::text(ui.painter(), unit, Align2::RIGHT_CENTER, words, Type::Caption, t.faint);
    ui.set_max_height(rect.height() - UNIT);
    // The first way of naming the lines that leaves room for buying at the left.
    let wide = |words: &str| paint::width(ui.painter(), words, Type::SmallStrong);
    let room = rect.width() - AXIS - wide(&lines::buy(running, locale));
    let names: [fn(&RentLine) -> String; 3] =
        [|line| line.words.clone(), |line| line.brief.clone(), |line| line.cards.clone()];
    let fits = |name: &fn(&RentLine) -> String| drawn.iter().all(|line| wide(&name(line)) <= room);
    let clash = !names.iter().any(fits);
    let name = names.into_iter().find(fits).unwrap_or(names[2]);
    let plot = axes.plot_with(ui, "buy or rent", |value, _| lines::on_axis(value));
    let plot = plot.y_grid_spacer(move |input| axes::marks(input.bounds, line, 0.0));
    let shown = plot.show(ui, |plot| {
        plot.set_plot_bounds_x(0.0..=end * 1.01);
        plot.set_plot_bounds_y(0.0..=top);
        let of_buying = |at: f64| [at, running.bought_and_sold_after(at).0];
        axes::curve(plot, vec![of_buying(0.0), of_buying(end)], (t.text, LineStyle::Solid));
        for line in drawn {
            if let Some(total) = running.instead_after(line.instead, end) {
                axes::curve(plot, vec![[0.0, 0.0], [end, total.0]], (t.sec, line.style));
            }
        }
        labels(plot, running, drawn, &Ends { end, top, name, clash }, locale, t);
        for line in drawn {
            if let Some(months) = running.break_even(line.instead).filter(|months| *months < end) {
                pays(plot, running, months, end, locale, t);
            }
        }
    });
    let words = |at: f64| readout(running, drawn, at, locale);
    let Some(at) = shown.response.hover_pos().map(|pos| shown.transform.value_from_position(pos).x) else { return };
    if (0.0..=end).contains(&at) {
        shown.response.on_hover_ui_at_pointer(|ui| {
            for (place, line) in words(at).into_iter().enumerate() {
                let step = if place == 0 { Type::SmallStrong } else { Type::Small };
                ui.label(RichText::new(line).font(step.font()).color(t.text));
            }
        });
    }
}

/// Where buying pays: a dot, a line down to the months, and how many they are.
fn pays(plot: &mut PlotUi<'_>, running: &CostComparison<'_>, months: f64, end: f64, locale: Locale, t: &Tokens) {
    let usd = running.bought_and_sold_after(months).0;
    let down = egui_plot::Line::new("", vec![[months, 0.0], [months, usd]]);
    plot.line(down.stroke(Stroke::new(1.0, t.sec)).style(LineStyle::Dashed { length: 4.0 }).allow_hover(false));
    axes::dot(plot, (months, usd), t);
    let words = lines::months(Some(months), locale);
    let (anchor, aside) =
        if months > 0.5 * end { (Align2::RIGHT_BOTTOM, -0.008) } else { (Align2::LEFT_BOTTOM, 0.008) };
    let at = PlotPoint::new(months + aside * end, 4.0 * points(plot.transform()));
    label(plot, at, anchor, &words, t);
}

/// Where the plot ends, and how its lines are named.
struct Ends {
    /// Months.
    end: f64,
    /// US dollars.
    top: f64,
    name: fn(&RentLine) -> String,
    /// The names have no room beside that of buying.
    clash: bool,
}

/// The names of the lines at their right ends, none over another.
fn labels(
    plot: &mut PlotUi<'_>,
    running: &CostComparison<'_>,
    drawn: &[RentLine],
    ends: &Ends,
    locale: Locale,
    t: &Tokens,
) {
    let Ends { end, top, name, clash } = *ends;
    let point = points(plot.transform());
    // Buying is named at the left, where it lies over all that begins at nothing; its line must not rise into the name.
    let rises = running.bought_and_sold_after(0.45 * end).max(running.bought_and_sold_after(0.0)).0;
    let at = PlotPoint::new(0.01 * end, rises + 3.0 * point);
    label(plot, at, Align2::LEFT_BOTTOM, &lines::buy(running, locale), t);
    let buying = at.y..at.y + LINE * point;
    let total = |line: &RentLine| running.instead_after(line.instead, end);
    let mut ends: Vec<(f64, &RentLine)> =
        drawn.iter().filter_map(|line| Some((total(line)?.0.min(top - 20.0 * point), line))).collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut taken: Vec<f64> = ends.iter().map(|(usd, _)| *usd).chain([running.bought_and_sold_after(end).0]).collect();
    taken.sort_by(f64::total_cmp);
    let mut free_from = f64::NEG_INFINITY;
    for (usd, line) in ends {
        // Over its line and over the name below it; where another line is in the way, over that one.
        let mut y = (usd + 3.0 * point).max(free_from);
        for other in &taken {
            if (y..y + LINE * point).contains(other) {
                y = other + 3.0 * point;
            }
        }
        if clash && y < buying.end && y + LINE * point > buying.start {
            let above = buying.end;
            y = if above + LINE * point <= top { above } else { buying.start - LINE * point };
        }
        free_from = y + LINE * point;
        label(plot, PlotPoint::new(0.995 * end, y), Align2::RIGHT_BOTTOM, &name(line), t);
    }
}

/// Words on a plate of the ground, since lines run under them.
fn label(plot: &mut PlotUi<'_>, at: PlotPoint, anchor: Align2, words: &str, t: &Tokens) {
    let text = RichText::new(words).font(Type::SmallStrong.font()).color(t.text).background_color(t.bg);
    plot.text(Text::new("", at, text).anchor(anchor).allow_hover(false));
}

/// How many US dollars a point on the screen is.
fn points(transform: &PlotTransform) -> f64 {
    transform.dvalue_dpos()[1].abs()
}

/// What each way has cost after so many months.
fn readout(running: &CostComparison<'_>, drawn: &[RentLine], at: f64, locale: Locale) -> Vec<String> {
    let after = locale.sentence(Key::RentAfter, &[(Placeholder::Value, &lines::bare(at))]);
    let buying = format!("{} {}", locale.word(Key::RentBuy), text::money(running.bought_and_sold_after(at)));
    let others = drawn.iter().map(|line| {
        let usd = lines::usd(running.instead_after(line.instead, at), locale);
        format!("{} {usd}", line.brief)
    });
    [after, buying].into_iter().chain(others).collect()
}
