//! What each reading is made of, and where its constants come from; the menu of the strip.

use eframe::egui::{Label, Response, RichText, Ui};

use super::{Metric, is_measured, is_tuned, limits};
use crate::catalog::card::Card;
use crate::catalog::origin::Origin;
use crate::estimate::training::rent;
use crate::estimate::{Estimate, Verdict};
use crate::plan::Plan;
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::sources::{SpeedPhase, SpeedQuestion};
use crate::ui::theme::Tokens;
use crate::ui::widgets::tip::Tip;
use crate::ui::words;

use super::super::{PlanInputs, facts};

/// Sources are long: wider than other tooltips, lower for it.
const WIDTH: f32 = 360.0;

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
    let measurable = matches!(metric, Metric::Decode | Metric::Prefill);
    if measurable && response.clicked() {
        commands.push(Command::Measurements);
    }
    Tip::about(metric.concept(), locale).with(response, WIDTH, |ui| tip(ui, metric, plan, estimate, inputs));
    response.context_menu(|ui| {
        if measurable && ui.button(locale.word(Key::EnterMeasurement)).clicked() {
            commands.push(Command::Measurements);
            ui.close();
        }
        let copied = metric
            .band(plan, estimate, inputs.catalog)
            .map(|band| super::spoken(metric, &metric.name(plan, locale), Some(&band), estimate, locale));
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
        let unfit = estimate.verdict == Some(Verdict::DoesNotFit);
        let why = match metric {
            Metric::Rent => Key::JobRentNone,
            _ if unfit => Key::NoSpeedUnfit,
            _ => Key::NoSpeedData,
        };
        line(Type::Caption, t.faint, locale.word(why).to_owned());
        return;
    };
    if metric == Metric::Decode {
        for words in step(estimate, locale) {
            line(Type::Mono, t.text, words);
        }
    }
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
    if matches!(metric, Metric::Decode | Metric::Prefill) {
        line(Type::Caption, t.sec, locale.word(Key::MeasureHint).to_owned());
    }
}

/// Who rents the cards out for how much, when that was seen, and where.
fn offer(plan: &Plan, estimate: &Estimate, inputs: &PlanInputs<'_>) -> Vec<String> {
    let locale = inputs.locale;
    let time = estimate.training.as_ref().and_then(|step| step.time);
    let Some(rent) = time.and_then(|time| rent(plan, inputs.catalog, &time)) else { return Vec::new() };
    let usd = text::money(rent.usd_per_hour);
    let date = rent.offer.date.as_str();
    let holes =
        [(Placeholder::Value, usd.as_str()), (Placeholder::Name, &rent.offer.cloud), (Placeholder::Other, date)];
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

/// One line for each thing that a step waits for.
fn step(estimate: &Estimate, locale: Locale) -> Vec<String> {
    let times = &estimate.speed.times;
    let total = times.total();
    let parts = [
        (Key::StepVramWeights, times.vram_weights),
        (Key::StepVramKv, times.vram_kv),
        (Key::StepRamWeights, times.ram_weights),
        (Key::StepRamKv, times.ram_kv),
        (Key::StepCompute, times.compute),
        (Key::StepLink, times.link),
        (Key::StepLayers, times.layers),
    ];
    parts
        .into_iter()
        .filter(|(_, seconds)| *seconds > 5e-6)
        .map(|(key, seconds)| {
            let share = limits::percent(seconds / total);
            format!("{:>4} ms {share:>5}  {}", words::milliseconds(seconds), locale.word(key))
        })
        .collect()
}
