//! What each reading is made of, and where its constants come from; the menu of the strip.

use eframe::egui::{Button, Frame, Label, Margin, RectAlign, Response, RichText, Ui};

use super::{Metric, is_measured, is_tuned};
use crate::catalog::card::Card;
use crate::catalog::origin::Origin;
use crate::estimate::Estimate;
use crate::estimate::speed_sources::{SpeedPhase, SpeedQuestion};
use crate::estimate::training::rent;
use crate::plan::Plan;
use crate::text::{self, Key, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::theme::Tokens;
use crate::ui::widgets::tip::{Tip, tooltip};
use crate::ui::words;

use super::super::{PlanInputs, facts};

/// Sources are long: wider than other tooltips, lower for it.
const WIDTH: f32 = 440.0;
/// The same where little room is below: wider still, so that it is lower yet.
const LOW_WIDTH: f32 = 680.0;
/// So much room below is little.
const LOW: f32 = 240.0;
/// Between it and the edges of the window.
const MARGIN: f32 = 24.0;
/// Where it stands where it has no room below: over the strip, since its neighbors are read together.
const ABOVE: [RectAlign; 3] = [RectAlign::BOTTOM_END, RectAlign::TOP_START, RectAlign::TOP_END];

/// Hangs tooltip and menu on a cell; a click opens the entry of a measurement on those that can be measured.
pub(super) fn attach(
    response: &Response,
    metric: Metric,
    plan: &Plan,
    estimate: &Estimate,
    inputs: &PlanInputs<'_>,
    commands: &mut Vec<Command>,
) {
    let locale = inputs.locale;
    let measurable = metric.is_measurable();
    if measurable && inputs.measurable && response.clicked() {
        commands.push(Command::Measurements);
    }
    // Below the strip, over the plots: where it can be not over the bars and the table above, which it is about.
    let about = Tip::about(metric.concept(), locale);
    about.tell(response);
    let window = response.ctx.content_rect();
    let low = window.bottom() - response.rect.bottom() < LOW;
    let width = if low { LOW_WIDTH } else { WIDTH }.min(window.width() - 2.0 * MARGIN);
    let mut tooltip = tooltip(response).width(width + 16.0);
    tooltip.popup = tooltip.popup.align(RectAlign::BOTTOM_START).align_alternatives(&ABOVE);
    tooltip.show(|ui| {
        Frame::new().inner_margin(Margin::same(8)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 3.0;
            ui.set_max_width(width);
            about.lines(ui);
            tip(ui, metric, plan, estimate, inputs);
        });
    });
    response.context_menu(|ui| {
        let enter = Button::new(locale.word(Key::EnterMeasurement));
        if measurable && ui.add_enabled(inputs.measurable, enter).clicked() {
            commands.push(Command::Measurements);
            ui.close();
        }
        let copied = metric
            .band(plan, estimate, inputs.catalog)
            .map(|band| super::spoken(metric, plan, Some(&band), estimate, locale));
        if let Some(copied) = copied
            && ui.button(locale.sentence(Key::CopyValue, &[(Placeholder::Value, &copied)])).clicked()
        {
            commands.push(Command::Copy(copied));
            ui.close();
        }
    });
}

fn tip(ui: &mut Ui, metric: Metric, plan: &Plan, estimate: &Estimate, inputs: &PlanInputs<'_>) {
    let locale = inputs.locale;
    let t = Tokens::of(ui);
    let mut line = |step: Type, ink, words: String| {
        ui.add(Label::new(RichText::new(words).font(step.font()).color(ink)).wrap());
    };
    let speed = &estimate.speed;
    if speed.pages && metric.stops_with_paging() {
        line(Type::Caption, t.sec, locale.word(Key::WillPageWhy).to_owned());
        return;
    }
    let (formula, source) = match metric {
        Metric::Decode => (Key::TipDecode, Key::Estimated),
        Metric::Prefill => (Key::TipPrefill, Key::Estimated),
        Metric::FirstToken => (Key::TipFirstToken, Key::Estimated),
        Metric::Load => (Key::TipLoad, Key::SourceLoad),
        Metric::Power => (Key::TipPower, Key::SourcePower),
        Metric::Train => (Key::TipTrainSpeed, utilization(estimate)),
        Metric::Peak => (Key::TipTrainPeak, Key::Estimated),
        Metric::Job => (Key::TipJobTime, utilization(estimate)),
        Metric::Energy => (Key::TipJobEnergy, utilization(estimate)),
        Metric::Rent => (Key::TipJobRent, utilization(estimate)),
    };
    line(Type::Caption, t.sec, locale.word(formula).to_owned());
    let Some(band) = metric.band(plan, estimate, inputs.catalog) else {
        let why = match metric {
            Metric::Rent => Key::JobRentNone,
            _ => words::no_speed(estimate).unwrap_or(Key::NoSpeedData),
        };
        line(Type::Caption, t.faint, locale.word(why).to_owned());
        return;
    };
    let (one, unit) = metric.unit(&band);
    let range = words::band(&band, one);
    let cards: Vec<&Card> =
        (0..plan.machine.cards.len()).filter_map(|place| facts::card(&plan.machine, place, inputs.catalog)).collect();
    let asked = SpeedQuestion { plan, cards: &cards, estimate, catalog: inputs.catalog };
    let sure = match phase(metric) {
        _ if is_measured(&band) => locale.word(Key::Measured).to_owned(),
        Some(_) if is_tuned(metric, plan, inputs.catalog) => {
            format!("{range} {unit}; {}", locale.word(Key::Calibrated))
        }
        Some(phase) => asked.band(phase, (&range, unit), locale),
        None => format!("{range} {unit}; {}", locale.word(source)),
    };
    line(Type::Caption, t.sec, sure);
    let named = |source: &Origin| vec![source.line(locale)];
    let speeds = inputs.catalog.speeds();
    let sources = match metric {
        Metric::Decode | Metric::Prefill | Metric::FirstToken => asked.lines(locale),
        Metric::Load if plan.machine.disk_gb_s.is_none() => named(&speeds.disk.source),
        Metric::Power => named(&speeds.power.source),
        Metric::Rent => offer(plan, estimate, inputs),
        _ => Vec::new(),
    };
    for words in sources {
        line(Type::Caption, t.faint, words);
    }
    if metric.is_measurable() {
        let hint = if inputs.measurable { Key::MeasureHint } else { Key::MeasureOneCard };
        line(Type::Caption, t.sec, locale.word(hint).to_owned());
    }
}

/// Who rents the cards out for how much, when that was seen, and where.
fn offer(plan: &Plan, estimate: &Estimate, inputs: &PlanInputs<'_>) -> Vec<String> {
    let locale = inputs.locale;
    let Some(rent) = rent(plan, inputs.catalog, estimate) else { return Vec::new() };
    let usd = text::money(rent.usd_per_hour);
    let (date, cloud) = (rent.offer.date.as_str(), rent.offer.cloud.said(locale));
    let holes = [(Placeholder::Value, usd.as_str()), (Placeholder::Name, &cloud), (Placeholder::Other, date)];
    vec![locale.sentence(Key::JobRentFrom, &holes), rent.offer.source.line(locale)]
}

/// Which speed a reading follows.
const fn phase(metric: Metric) -> Option<SpeedPhase> {
    match metric {
        Metric::Decode => Some(SpeedPhase::Decode),
        Metric::Prefill | Metric::FirstToken => Some(SpeedPhase::Prefill),
        _ => None,
    }
}

/// Where the share of the cards' rate that training reaches comes from.
fn utilization(estimate: &Estimate) -> Key {
    let time = estimate.training.as_ref().and_then(|step| step.time);
    if time.is_some_and(|time| time.measured) { Key::SourceUtilization } else { Key::SourceUtilizationOther }
}
