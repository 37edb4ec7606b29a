//! The metric strip: five readings with their bands, and under them what limits decoding.

mod limits;
mod time_bar;
mod tips;

use eframe::egui::{Align2, Painter, Pos2, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::PlanInputs;
use super::fit::Fit;
use crate::catalog::Catalog;
use crate::catalog::speed::Timed;
use crate::estimate::training::rent;
use crate::estimate::{Estimate, Verdict};
use crate::plan::{CardChoice, Plan, Task};
use crate::text::{self, Concept, Key, Locale, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};
use crate::ui::words;
use crate::units::{Band, GIB};

/// Height of label, reading and whisker.
const HEIGHT: f32 = 68.0;
/// Without the whisker.
const LOW_HEIGHT: f32 = 48.0;
/// The line under the readings.
const LINE: f32 = 20.0;
/// Where there is no figure, and it is known why.
const NONE: &str = "\u{2013}";
/// The widest whisker.
const WHISKER: f32 = 64.0;
/// Left of the words of every cell but the first.
const INSET: f32 = 12.0;

/// A quantity of the strip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Metric {
    Decode,
    Prefill,
    FirstToken,
    Load,
    Power,
    Train,
    Peak,
    Job,
    Energy,
    Rent,
}

impl Metric {
    /// The five of a task.
    const fn of(task: Task) -> [Self; 5] {
        if task.trains() {
            [Self::Train, Self::Peak, Self::Job, Self::Energy, Self::Rent]
        } else {
            [Self::Decode, Self::Prefill, Self::FirstToken, Self::Load, Self::Power]
        }
    }

    fn band(self, plan: &Plan, estimate: &Estimate, catalog: &Catalog) -> Option<Band<f64>> {
        let speed = &estimate.speed;
        let time = estimate.training.as_ref().and_then(|step| step.time);
        match self {
            Self::Train => speed.train,
            Self::Peak => estimate.training_peak(),
            Self::Job => time.map(|time| time.job_seconds()),
            Self::Energy => time.and_then(|time| time.energy_kwh),
            Self::Rent => rent(plan, catalog, estimate).map(|rent| rent.usd.map(f64::from)),
            Self::Decode => speed.decode,
            Self::Prefill => speed.prefill,
            Self::FirstToken => speed.first_token,
            Self::Load => speed.load,
            Self::Power => speed.power,
        }
    }

    /// What one unit is, and its name.
    fn unit(self, band: &Band<f64>) -> (f64, &'static str) {
        match self {
            Self::Decode | Self::Prefill | Self::Train => (1.0, "tok/s"),
            Self::Peak => (GIB as f64, "GiB"),
            Self::Energy => (1.0, "kWh"),
            Self::Rent => (1.0, "USD"),
            Self::FirstToken | Self::Load | Self::Job => words::time_unit(band.expected),
            Self::Power => (1.0, "W"),
        }
    }

    fn name(self, plan: &Plan, locale: Locale) -> String {
        let key = match self {
            Self::Decode => Key::Decode,
            Self::Prefill => Key::Prefill,
            Self::FirstToken => {
                let prompt = text::count(plan.workload.prompt_tokens);
                return locale.sentence(Key::FirstToken, &[(Placeholder::Count, &prompt)]);
            }
            Self::Load => Key::LoadTime,
            Self::Power => Key::BoardPower,
            Self::Train => Key::TrainSpeed,
            Self::Peak => Key::TrainPeak,
            Self::Job => {
                let training = &plan.workload.training;
                let tokens = training.dataset_tokens.saturating_mul(training.epochs.into());
                let tokens = text::large(tokens, locale);
                return locale.sentence(Key::JobTime, &[(Placeholder::Value, &tokens)]);
            }
            Self::Energy => Key::JobEnergy,
            Self::Rent => Key::JobRent,
        };
        locale.word(key).to_owned()
    }

    /// What it is.
    const fn concept(self) -> Concept {
        match self {
            Self::Decode => Concept::Decode,
            Self::Prefill => Concept::Prefill,
            Self::FirstToken => Concept::FirstToken,
            Self::Load => Concept::LoadTime,
            Self::Power => Concept::BoardPower,
            Self::Train => Concept::TrainSpeed,
            Self::Peak => Concept::Peak,
            Self::Job => Concept::Job,
            Self::Energy => Concept::JobEnergy,
            Self::Rent => Concept::JobRent,
        }
    }

    /// In two digits, memory to a tenth as everywhere.
    fn figure(self, value: f64) -> String {
        match self {
            Self::Peak => text::decimal(value, 1),
            // As prices are written.
            Self::Rent if value < 10.0 => text::decimal(value, 2),
            _ => text::figure(value),
        }
    }

    /// A measurement of it can tune the card.
    const fn is_measurable(self) -> bool {
        matches!(self, Self::Decode | Self::Prefill)
    }

    /// The rate of each of several sequences, and of all of them.
    fn each_in_all(self, plan: &Plan, estimate: &Estimate, locale: Locale) -> Option<String> {
        let all = estimate.speed.decode_total.filter(|_| self == Self::Decode && plan.workload.sequences > 1)?;
        let (each, all) = (text::figure(estimate.speed.decode?.expected), text::figure(all.expected));
        Some(locale.sentence(Key::EachInAll, &[(Placeholder::Value, &each), (Placeholder::Other, &all)]))
    }

    /// Where a file that pages makes it meaningless.
    const fn stops_with_paging(self) -> bool {
        matches!(self, Self::Decode | Self::Prefill | Self::FirstToken)
    }
}

/// How high the strip is with the bar and the line under it.
pub(super) fn height(estimate: &Estimate, fit: Fit) -> f32 {
    let bar = if estimate.training.is_some() { 0.0 } else { time_bar::HEIGHT };
    bar + LINE + if fit.has_whiskers() { HEIGHT } else { LOW_HEIGHT }
}

/// Shows the strip; in a low window without whiskers.
pub(super) fn show(
    ui: &mut Ui,
    plan: &Plan,
    estimate: &Estimate,
    inputs: &PlanInputs<'_>,
    fit: Fit,
    commands: &mut Vec<Command>,
) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height(estimate, fit)));
    let bar = if estimate.training.is_some() { 0.0 } else { time_bar::HEIGHT };
    let height = rect.height() - LINE - bar;
    let t = Tokens::of(ui);
    let metrics = Metric::of(plan.workload.task);
    let width = rect.width() / metrics.len() as f32;
    for (place, metric) in metrics.into_iter().enumerate() {
        let left = rect.left() + width * place as f32;
        let whole = Rect::from_min_size(pos2(left, rect.top()), vec2(width, height));
        let inset = if place == 0 { 0.0 } else { INSET };
        if place > 0 {
            ui.painter().vline(left, whole.shrink2(vec2(0.0, 4.0)).y_range(), Stroke::new(1.0, t.line));
        }
        let cell = Rect::from_min_max(whole.min + vec2(inset, 0.0), whole.max - vec2(6.0, 0.0));
        let response = self::cell(ui, cell, metric, plan, estimate, inputs, !fit.has_whiskers());
        tips::attach(&response, metric, plan, estimate, inputs, commands);
    }
    let under = Rect::from_min_max(pos2(rect.left(), rect.bottom() - LINE), rect.max);
    if bar > 0.0 && estimate.speed.decode.is_some() {
        let place = Rect::from_min_max(pos2(rect.left(), under.top() - bar), pos2(rect.right(), under.top()));
        time_bar::show(ui, place, &estimate.speed.times, estimate.is_unified(), inputs.locale);
    }
    limits::show(ui, under, plan, estimate, inputs.locale);
}

fn cell(
    ui: &Ui,
    cell: Rect,
    metric: Metric,
    plan: &Plan,
    estimate: &Estimate,
    inputs: &PlanInputs<'_>,
    low: bool,
) -> Response {
    let locale = inputs.locale;
    let speed = &estimate.speed;
    let t = Tokens::of(ui);
    let name = metric.name(plan, locale);
    let band = metric.band(plan, estimate, inputs.catalog);
    let response = ui.interact(cell, ui.make_persistent_id(("metric", metric)), Sense::click());
    response.widget_info(|| {
        let enabled = !metric.is_measurable() || inputs.measurable;
        WidgetInfo::labeled(Role::Button, enabled, spoken(metric, plan, band.as_ref(), estimate, locale))
    });
    let painter = ui.painter();
    if response.hovered() || response.has_focus() {
        painter.rect_filled(cell.expand2(vec2(4.0, 0.0)), radius::SEGMENT, t.raised);
    }
    let small = (Type::Small, t.sec);
    let whole = paint::width(painter, &name, Type::Small) <= cell.width();
    let brief = if whole || metric != Metric::FirstToken { &name } else { locale.word(Key::FirstTokenBrief) };
    paint::text_within(painter, cell.left_top() + vec2(0.0, 9.0), Align2::LEFT_CENTER, brief, small, cell.width());
    let middle = cell.left_top() + vec2(0.0, 33.0);
    match band {
        Some(band) => {
            let (one, unit) = metric.unit(&band);
            let reading = metric.figure(band.expected / one);
            if let Some(words) = metric.each_in_all(plan, estimate, locale) {
                each_in_all(painter, middle, &words, cell.width() + 6.0, t);
            } else {
                let drawn = paint::text(painter, middle, Align2::LEFT_CENTER, &reading, Type::Reading, t.text);
                let base = pos2(drawn.right() + 4.0, middle.y + 3.0);
                paint::text(painter, base, Align2::LEFT_CENTER, unit, Type::Small, t.sec);
            }
            if !low {
                let tuned = is_tuned(metric, plan, inputs.catalog);
                whisker(ui, cell, (&band, one), tuned.then(|| locale.word(Key::CalibratedShort)), locale);
            }
        }
        None if speed.pages && metric.stops_with_paging() => {
            icons::draw(painter, middle + vec2(8.0, 0.0), Icon::Warning, t.warning());
            let (words, look) = (locale.word(Key::WillPage), (Type::BodyStrong, t.text));
            let at = middle + vec2(22.0, 0.0);
            paint::text_within(painter, at, Align2::LEFT_CENTER, words, look, cell.width() - 22.0);
        }
        // Under the readings stands why.
        None if estimate.verdict == Some(Verdict::DoesNotFit) => {
            paint::text(painter, middle, Align2::LEFT_CENTER, NONE, Type::Body, t.faint);
        }
        None => {
            paint::text(painter, middle, Align2::LEFT_CENTER, locale.word(Key::NoData), Type::Body, t.faint);
        }
    }
    paint::focus_ring(ui, &response, radius::SEGMENT);
    response
}

/// Both rates of several sequences, the figures as large as they have room.
fn each_in_all(painter: &Painter, at: Pos2, words: &str, width: f32, t: &Tokens) {
    let line = |step| paint::starred(painter, words, (Type::Small, t.sec), (step, t.text), f32::INFINITY);
    let large = line(Type::Reading);
    let galley = if large.size().x <= width { large } else { line(Type::BodyStrong) };
    painter.galley(at - vec2(0.0, galley.size().y / 2.0), galley, t.text);
}

/// Whether the user measured this of a card of the plan.
fn is_tuned(metric: Metric, plan: &Plan, catalog: &Catalog) -> bool {
    let test = match metric {
        Metric::Decode => Timed::Decode,
        Metric::Prefill => Timed::Prefill,
        _ => return false,
    };
    let has =
        |id: &str| plan.machine.cards.iter().any(|kind| matches!(&kind.card, CardChoice::Catalog(of) if of == id));
    catalog.measured().iter().any(|row| row.test == test && has(&row.card))
}

/// Whether a figure was measured: then it has no band.
fn is_measured(band: &Band<f64>) -> bool {
    band.low >= band.high
}

/// The band as a line from low to high, the estimate as a dot on it, the ends as figures beside it.
/// A measured figure has a word instead, one tuned by measurements a word before its ends.
fn whisker(ui: &Ui, cell: Rect, (band, unit): (&Band<f64>, f64), tuned: Option<&str>, locale: Locale) {
    let t = Tokens::of(ui);
    let painter = ui.painter();
    let y = cell.top() + 57.0;
    if is_measured(band) {
        let words = locale.word(Key::Measured);
        paint::text(painter, pos2(cell.left(), y), Align2::LEFT_CENTER, words, Type::Caption, t.faint);
        return;
    }
    let range = words::band(band, unit);
    let figures = paint::width(painter, &range, Type::Caption);
    let length = (cell.width() - figures - 8.0).min(WHISKER);
    let mut left = cell.left();
    if let Some(tuned) = tuned {
        left = paint::text(painter, pos2(left, y), Align2::LEFT_CENTER, tuned, Type::Caption, t.faint).right() + 6.0;
    } else if length >= 20.0 {
        let stroke = Stroke::new(2.0, t.rail);
        let ends = left + 1.0..=left + length - 1.0;
        painter.hline(*ends.start()..=*ends.end(), y, stroke);
        for x in [*ends.start(), *ends.end()] {
            painter.vline(x, y - 4.0..=y + 4.0, stroke);
        }
        #[expect(clippy::cast_possible_truncation, reason = "a share of a line")]
        let share = ((band.expected - band.low) / (band.high - band.low)).clamp(0.0, 1.0) as f32;
        painter.circle_filled(pos2(ends.start() + share * (length - 2.0), y), 3.5, t.text);
        left += length + 8.0;
    }
    // In the proportional face an en dash is one.
    let look = (Type::Caption, t.faint);
    paint::text_within(painter, pos2(left, y), Align2::LEFT_CENTER, &range, look, cell.right() + 6.0 - left);
}

/// A cell as words: name, figure, unit, band.
fn spoken(metric: Metric, plan: &Plan, band: Option<&Band<f64>>, estimate: &Estimate, locale: Locale) -> String {
    let name = metric.name(plan, locale);
    let said = match band {
        Some(band) => {
            let (one, unit) = metric.unit(band);
            let sure = if is_measured(band) { locale.word(Key::Measured).to_owned() } else { words::band(band, one) };
            let figure = metric.each_in_all(plan, estimate, locale).map(|words| words.replace('*', ""));
            let figure = figure.unwrap_or_else(|| format!("{} {unit}", metric.figure(band.expected / one)));
            format!("{figure} ({sure})")
        }
        None if estimate.speed.pages && metric.stops_with_paging() => locale.word(Key::WillPageWhy).to_owned(),
        None => locale.word(words::no_speed(estimate).unwrap_or(Key::NoData)).to_owned(),
    };
    format!("{name} {said}")
}
