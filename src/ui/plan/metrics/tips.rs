//! What each reading is made of, and where its constants come from; the menu of the strip.

use eframe::egui::{Frame, Label, Margin, Response, RichText, Ui};

use super::{Metric, is_measured, is_tuned, limits};
use crate::estimate::{Estimate, Verdict};
use crate::plan::Plan;
use crate::text::{Hole, Key, Locale};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::theme::Tokens;
use crate::ui::words;

use super::super::PlanInputs;

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
    response.clone().on_hover_ui(|ui| {
        Frame::new().inner_margin(Margin::same(8)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 3.0;
            tip(ui, metric, plan, estimate, inputs);
        });
    });
    response.context_menu(|ui| {
        if measurable && ui.button(locale.word(Key::EnterMeasurement)).clicked() {
            commands.push(Command::Measurements);
            ui.close();
        }
        let copied = metric
            .band(estimate)
            .map(|band| super::spoken(metric, &metric.name(plan, locale), Some(&band), estimate, locale));
        if let Some(copied) = copied
            && ui.button(locale.sentence(Key::CopyValue, &[(Hole::Value, &copied)])).clicked()
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
    line(Type::SmallStrong, t.text, metric.name(plan, locale));
    let speed = &estimate.speed;
    if speed.pages && metric.stops_with_paging() {
        line(Type::Caption, t.sec, locale.word(Key::WillPageWhy).to_owned());
        return;
    }
    let (formula, source) = match metric {
        Metric::Decode => (Key::TipDecode, Key::SourceBandwidth),
        Metric::Prefill => (Key::TipPrefill, Key::SourcePrefill),
        Metric::FirstToken => (Key::TipFirstToken, Key::SourcePrefill),
        Metric::Load => (Key::TipLoad, Key::SourceLoad),
        Metric::Power => (Key::TipPower, Key::SourcePower),
        Metric::Train => (Key::TipTrainSpeed, utilization(estimate)),
        Metric::Peak => (Key::TipTrainPeak, Key::Estimated),
        Metric::Step => (Key::TipStepTime, utilization(estimate)),
        Metric::Job => (Key::TipJobTime, utilization(estimate)),
        Metric::Energy => (Key::TipJobEnergy, utilization(estimate)),
    };
    line(Type::Caption, t.sec, locale.word(formula).to_owned());
    let Some(band) = metric.band(estimate) else {
        let unfit = estimate.verdict == Some(Verdict::DoesNotFit);
        let why = if unfit { Key::NoSpeedUnfit } else { Key::NoSpeedData };
        line(Type::Caption, t.faint, locale.word(why).to_owned());
        return;
    };
    if metric == Metric::Decode {
        for words in step(estimate, locale) {
            line(Type::Mono, t.text, words);
        }
    }
    let (one, unit) = metric.unit(&band);
    let sure = if is_measured(&band) {
        locale.word(Key::Measured).to_owned()
    } else {
        let source = if is_tuned(metric, plan, inputs.catalog) { Key::Calibrated } else { source };
        format!("{} {unit}; {}", words::band(&band, one), locale.word(source))
    };
    line(Type::Caption, t.faint, sure);
    if matches!(metric, Metric::Decode | Metric::Prefill) {
        line(Type::Caption, t.sec, locale.word(Key::MeasureHint).to_owned());
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
