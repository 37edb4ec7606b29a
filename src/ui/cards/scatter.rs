//! Price against decode speed, both logarithmic: the frontier as steps, verdicts as shapes, and a strip for what does
//! not fit.

use eframe::egui::{Align2, Painter, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::{CardsInputs, CardsViewState, Reveal, cells, names};
use crate::advise::ranking::Offer;
use crate::estimate::Verdict;
use crate::text::{self, Join, Key};
use crate::ui::fonts::Type;
use crate::ui::theme::{Ink, Tokens, radius};
use crate::ui::widgets::scale::Scale;
use crate::ui::{icons, paint, words};

const TITLE: f32 = 30.0;
const AXIS: f32 = 22.0;
const STRIP: f32 = 26.0;
const LEGEND: f32 = 26.0;
const NUMBERS: f32 = 34.0;
/// Radius of the marks on the frontier, and of all others.
const LEADING: f32 = 5.5;
const BEHIND: f32 = 4.0;
/// From a mark of the legend to its word.
const MARK: f32 = 18.0;
/// The most points that a name may lie over.
const MOST_COVERED: usize = 2;
/// How near the pointer must be to a point.
const NEAR: f32 = 11.0;

/// The plot's places: prices to the right, speeds upward.
struct PlotFrame {
    body: Rect,
    strip: Rect,
    prices: Scale,
    speeds: Scale,
}

impl PlotFrame {
    #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
    fn x(&self, usd: f64) -> f32 {
        self.body.left() + self.body.width() * self.prices.place(usd) as f32
    }

    #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
    fn y(&self, speed: f64) -> f32 {
        self.body.bottom() - self.body.height() * self.speeds.place(speed) as f32
    }

    /// Where an offer stands; what does not run stands in the strip.
    fn at(&self, offer: &Offer<'_>) -> Option<Pos2> {
        let x = self.x(offer.sold_for()?.0);
        match offer.decode() {
            Some(speed) => Some(pos2(x, self.y(speed.expected))),
            None => (offer.verdict() == Some(Verdict::DoesNotFit)).then(|| pos2(x, self.strip.center().y)),
        }
    }
}

pub(super) fn show(ui: &mut Ui, offers: &[Offer<'_>], inputs: &CardsInputs<'_>, state: &mut CardsViewState) {
    let t = Tokens::of(ui);
    let rect = ui.max_rect();
    let title = inputs.locale.word(plot_key(inputs));
    paint::text(ui.painter(), rect.left_top() + vec2(0.0, 10.0), Align2::LEFT_CENTER, title, Type::Section, t.text);
    legend(ui, Rect::from_min_max(pos2(rect.left(), rect.bottom() - LEGEND), rect.max), inputs);
    let Some(frame) = frame(rect, offers, state) else {
        let words = inputs.locale.word(Key::CardsPlotEmpty);
        paint::text(ui.painter(), rect.center(), Align2::CENTER_CENTER, words, Type::Small, t.faint);
        return;
    };
    grid(ui, &frame);
    let points: Vec<(usize, Pos2)> =
        state.listing.rows.iter().filter_map(|&place| Some((place, frame.at(&offers[place])?))).collect();
    strip_words(ui, &frame, &points, inputs);
    let steps = steps(&frame, offers, &state.listing.frontier);
    ui.painter().add(Shape::line(steps, Stroke::new(1.5, t.rail)));
    let leading = |place: &usize| state.listing.frontier.contains(place);
    for (place, at) in points.iter().filter(|(place, _)| !leading(place)) {
        mark(ui.painter(), *at, &offers[*place], BEHIND, t);
    }
    for (place, at) in points.iter().filter(|(place, _)| leading(place)) {
        mark(ui.painter(), *at, &offers[*place], LEADING, t);
    }
    labels(ui, &frame, offers, inputs, state, &points);
    if let Some(&(_, at)) =
        points.iter().find(|(place, _)| state.selected.as_ref().is_some_and(|key| offers[*place].is(key)))
    {
        ui.painter().circle_stroke(at, 10.5, Stroke::new(2.0, t.text));
    }
    pointer(ui, &frame, offers, &points, inputs, state);
}

/// The scales, from what is shown; `None` where nothing has both price and speed.
fn frame(rect: Rect, offers: &[Offer<'_>], state: &CardsViewState) -> Option<PlotFrame> {
    let rows = || state.listing.rows.iter().map(|&place| &offers[place]);
    let speeds = rows().filter(|offer| offer.is_sold()).filter_map(|offer| Some(offer.decode()?.expected));
    let prices = rows()
        .filter(|offer| offer.decode().is_some() || offer.verdict() == Some(Verdict::DoesNotFit))
        .filter_map(|offer| Some(offer.sold_for()?.0));
    let body =
        Rect::from_min_max(rect.min + vec2(NUMBERS, TITLE + 8.0), rect.max - vec2(8.0, LEGEND + AXIS + STRIP + 4.0));
    let strip = Rect::from_min_size(pos2(body.left(), body.bottom() + 2.0), vec2(body.width(), STRIP));
    Some(PlotFrame { body, strip, prices: around(prices)?, speeds: around(speeds)? })
}

/// A logarithmic scale with a little room around these values.
fn around(values: impl Iterator<Item = f64>) -> Option<Scale> {
    let (low, high) = values.fold((f64::INFINITY, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    (high > 0.0 && low.is_finite()).then(|| Scale::logarithmic(low / 1.35..=high * 1.6))
}

/// Round values within a scale: 1, 2 and 5 times powers of ten, or powers of ten alone where there are many.
fn ticks(scale: &Scale) -> Vec<f64> {
    let (low, high) = (*scale.range().start(), *scale.range().end());
    let steps = steps_of(scale);
    #[expect(clippy::cast_possible_truncation, reason = "a few decades")]
    let (from, to) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    (from..=to)
        .flat_map(|power| steps.iter().map(move |step| step * 10_f64.powi(power)))
        .filter(|value| (low..=high).contains(value))
        .collect()
}

/// Which amounts of each power of ten are written: the fewer, the longer the scale is.
fn steps_of(scale: &Scale) -> &'static [f64] {
    match (scale.range().end() / scale.range().start()).log10() {
        d if d > 3.0 => &[1.0],
        d if d > 1.6 => &[1.0, 3.0],
        _ => &[1.0, 2.0, 5.0],
    }
}

fn grid(ui: &Ui, frame: &PlotFrame) {
    let t = Tokens::of(ui);
    let painter = ui.painter();
    let line = Stroke::new(1.0, t.line);
    for speed in ticks(&frame.speeds) {
        let y = frame.y(speed);
        painter.hline(frame.body.x_range(), y, line);
        let at = pos2(frame.body.left() - 8.0, y);
        paint::text(painter, at, Align2::RIGHT_CENTER, &short(&text::trimmed(speed, 2)), Type::CaptionMono, t.faint);
    }
    let unit = pos2(frame.body.left() - NUMBERS, frame.body.top() - 12.0);
    paint::text(painter, unit, Align2::LEFT_CENTER, "tok/s", Type::Caption, t.faint);
    painter.rect_filled(frame.strip, 0, t.bg);
    for tick in text::money_ticks(frame.prices.range().clone(), steps_of(&frame.prices)) {
        let x = frame.x(tick.usd);
        painter.vline(x, frame.body.top()..=frame.strip.bottom(), line);
        let at = pos2(x, frame.strip.bottom() + 12.0);
        paint::text(painter, at, Align2::CENTER_CENTER, &tick.label, Type::CaptionMono, t.faint);
    }
    painter.rect_stroke(frame.body, 0, line, eframe::egui::StrokeKind::Inside);
}

/// What the strip means, where no mark stands in the way; the legend says it, too.
fn strip_words(ui: &Ui, frame: &PlotFrame, points: &[(usize, Pos2)], inputs: &CardsInputs<'_>) {
    let at = frame.strip.right_center() - vec2(8.0, 0.0);
    let galley = ui.painter().layout_no_wrap(
        inputs.locale.word(Key::CardsStrip).to_owned(),
        Type::Caption.font(),
        Tokens::of(ui).faint,
    );
    let place = Align2::RIGHT_CENTER.anchor_size(at, galley.size());
    if points.iter().all(|(_, point)| !place.expand(BEHIND).contains(*point)) {
        let color = Tokens::of(ui).faint;
        ui.painter().galley(place.min, galley, color);
    }
}

/// A figure on an axis: `$2,000` as `$2k`.
fn short(written: &str) -> String {
    written.strip_suffix(",000").map_or_else(|| written.to_owned(), |thousands| format!("{thousands}k"))
}

/// The frontier: up at each of its cards, level to the next.
fn steps(frame: &PlotFrame, offers: &[Offer<'_>], frontier: &[usize]) -> Vec<Pos2> {
    let mut line: Vec<Pos2> = Vec::new();
    for at in frontier.iter().filter_map(|&place| frame.at(&offers[place])) {
        if let Some(last) = line.last().copied() {
            line.push(pos2(at.x, last.y));
        }
        line.push(at);
    }
    if let Some(last) = line.last().copied() {
        line.push(pos2(frame.body.right(), last.y));
    }
    line
}

/// A verdict as a mark: full dot, ringed dot, half dot, cross.
fn mark(painter: &Painter, at: Pos2, offer: &Offer<'_>, radius: f32, t: &Tokens) {
    if let Some(verdict) = offer.verdict() {
        verdict_mark(painter, at, verdict, &Mark { radius, ground: t.bg }, t);
    }
}

/// How large a mark is, and on what it stands.
struct Mark {
    radius: f32,
    ground: Ink,
}

fn verdict_mark(painter: &Painter, at: Pos2, verdict: Verdict, mark: &Mark, t: &Tokens) {
    let Mark { radius, ground } = *mark;
    let ink = t.verdict(verdict);
    let stroke = Stroke::new(1.5, ink);
    match verdict {
        Verdict::Fits => {
            painter.circle(at, radius, ink, Stroke::new(1.0, ground));
        }
        Verdict::Tight => {
            painter.circle(at, radius, ground, stroke);
            painter.circle_filled(at, radius * 0.45, ink);
        }
        Verdict::Offload => {
            painter.circle(at, radius, ground, stroke);
            icons::lower_half(painter, at, radius, ink);
        }
        Verdict::DoesNotFit => {
            for side in [1.0, -1.0] {
                let reach = radius * 0.8;
                painter.line_segment([at + vec2(-reach, -reach * side), at + vec2(reach, reach * side)], stroke);
            }
        }
    }
}

/// Names at the cards of the frontier, where there is room: over no other name, and over as few points as can be.
fn labels(
    ui: &Ui,
    frame: &PlotFrame,
    offers: &[Offer<'_>],
    inputs: &CardsInputs<'_>,
    state: &CardsViewState,
    points: &[(usize, Pos2)],
) {
    let t = Tokens::of(ui);
    // The marks of the frontier themselves stay free.
    let marks = state.listing.frontier.iter().filter_map(|&place| frame.at(&offers[place]));
    let mut taken: Vec<Rect> = marks.map(|at| Rect::from_center_size(at, Vec2::splat(2.0 * LEADING))).collect();
    for &place in state.listing.frontier.iter().rev() {
        let offer = &offers[place];
        let Some(at) = frame.at(offer) else { continue };
        let words = names::with_condition(&names::short(offer), offer, inputs.locale);
        let size = vec2(paint::width(ui.painter(), &words, Type::SmallStrong), 16.0);
        let spots =
            [vec2(-size.x - 10.0, -17.0), vec2(-size.x - 10.0, 1.0), vec2(-size.x / 2.0, -25.0), vec2(10.0, 3.0)]
                .map(|corner| Rect::from_min_size(at + corner, size));
        let free = |spot: &Rect| frame.body.contains_rect(*spot) && taken.iter().all(|other| !other.intersects(*spot));
        let covered = |spot: &Rect| points.iter().filter(|(_, at)| spot.expand(BEHIND).contains(*at)).count();
        if let Some(spot) =
            spots.into_iter().filter(free).min_by_key(covered).filter(|spot| covered(spot) <= MOST_COVERED)
        {
            ui.painter().rect_filled(spot.expand2(vec2(3.0, 0.0)), radius::PLATE, t.panel);
            paint::text(ui.painter(), spot.left_center(), Align2::LEFT_CENTER, &words, Type::SmallStrong, t.text);
            taken.push(spot.expand2(vec2(4.0, 1.0)));
        }
    }
}

/// Hover shows a row's figures, a click chooses it; the whole plot as words for those who do not see it.
fn pointer(
    ui: &Ui,
    frame: &PlotFrame,
    offers: &[Offer<'_>],
    points: &[(usize, Pos2)],
    inputs: &CardsInputs<'_>,
    state: &mut CardsViewState,
) {
    let t = Tokens::of(ui);
    let area = frame.body.union(frame.strip);
    let response = ui.interact(area, ui.make_persistent_id("points"), Sense::CLICK);
    response.widget_info(|| {
        let frontier = state.listing.frontier.iter().filter_map(|&place| {
            let offer = offers.get(place)?;
            let name = names::with_condition(&names::counted(offer), offer, inputs.locale);
            Some(format!("{name} {} {} tok/s", text::money(offer.sold_for()?), names::expected(offer.decode())))
        });
        let title = inputs.locale.word(plot_key(inputs)).to_owned();
        let words = inputs.locale.join(Join::Clauses, std::iter::once(title).chain(frontier));
        WidgetInfo::labeled(Role::Image, true, words)
    });
    let Some(pointer) = response.hover_pos() else { return };
    let nearest = points.iter().min_by(|a, b| a.1.distance(pointer).total_cmp(&b.1.distance(pointer)));
    let Some(&(place, at)) = nearest.filter(|(_, at)| at.distance(pointer) <= NEAR) else { return };
    ui.painter().circle_stroke(at, 9.0, Stroke::new(1.5, t.sec));
    if response.clicked() {
        state.selected = Some(offers[place].key());
        state.reveal = Some(Reveal::Chosen);
    }
    response.on_hover_ui_at_pointer(|ui| cells::summary(ui, &offers[place], inputs.locale));
}

/// What the plot shows.
const fn plot_key(inputs: &CardsInputs<'_>) -> Key {
    if inputs.plan.workload.task.trains() { Key::CardsPlotTraining } else { Key::CardsPlot }
}

/// What the marks mean, under the plot's body where they have room there.
fn legend(ui: &Ui, rect: Rect, inputs: &CardsInputs<'_>) {
    let t = Tokens::of(ui);
    let all = [Verdict::Fits, Verdict::Tight, Verdict::Offload, Verdict::DoesNotFit];
    let words = all.map(|verdict| inputs.locale.word(words::verdict(verdict)));
    let wide: f32 = words.iter().map(|words| MARK + paint::width(ui.painter(), words, Type::Small)).sum();
    let free = rect.width() - wide;
    let gap = (free / 3.0).clamp(6.0, 20.0);
    let mut left = rect.left() + (free - 3.0 * gap).clamp(0.0, NUMBERS);
    for (verdict, words) in all.into_iter().zip(words) {
        let mark = Mark { radius: LEADING, ground: t.panel };
        verdict_mark(ui.painter(), pos2(left + 6.0, rect.center().y), verdict, &mark, t);
        let at = pos2(left + MARK, rect.center().y);
        left = paint::text(ui.painter(), at, Align2::LEFT_CENTER, words, Type::Small, t.sec).right() + gap;
    }
}
