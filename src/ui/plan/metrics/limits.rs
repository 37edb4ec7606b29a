//! The line under the readings: what decoding waits for, for whom the figures count, and the energy.

use eframe::egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::time_bar;
use crate::estimate::Estimate;
use crate::estimate::speed::{Speed, StepPart, StepTimes};
use crate::estimate::training::TrainingStep;
use crate::plan::Plan;
use crate::text::{self, Join, Key, Locale, Placeholder, PrintedFigure};
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::Tokens;
use crate::ui::words;

/// What would have to be faster for a part of a step to take less time.
const fn limit(part: StepPart, unified: bool) -> Key {
    match part {
        StepPart::RamWeights | StepPart::RamKv => Key::WaitsRam,
        StepPart::VramWeights | StepPart::VramKv if unified => Key::WaitsUnified,
        StepPart::VramWeights | StepPart::VramKv => Key::WaitsVram,
        StepPart::Compute => Key::WaitsCompute,
        StepPart::Link => Key::WaitsLink,
        StepPart::Layers => Key::WaitsLayers,
    }
}

/// What limits a step most, and its share in percent.
fn limited_by(times: &StepTimes, unified: bool) -> Option<(Key, PrintedFigure)> {
    let shares = time_bar::percents(times).into_iter().map(|(share, _)| share);
    let longest = time_bar::GROUPS.iter().zip(shares).max_by_key(|(_, share)| *share);
    let (group, share) = longest.filter(|(_, share)| !share.is_zero())?;
    Some((limit(*group.first()?, unified), share))
}

pub(super) fn show(ui: &Ui, rect: Rect, plan: &Plan, estimate: &Estimate, locale: Locale) {
    let t = Tokens::of(ui);
    let speed = &estimate.speed;
    let mut left = rect.left();
    let words = if speed.pages {
        icons::draw(ui.painter(), pos2(left + 8.0, rect.center().y), Icon::Warning, t.warning());
        left += 22.0;
        locale.word(Key::WillPageWhy).to_owned()
    } else {
        match &estimate.training {
            Some(step) => training(plan, step, locale),
            None => match words::no_speed(estimate).filter(|_| speed.decode.is_none()) {
                Some(why) => locale.word(why).to_owned(),
                None => sentence(plan, speed, estimate.devices.iter().any(|device| device.unified), locale),
            },
        }
    };
    if words.is_empty() {
        return;
    }
    // Cut at the end of the line, never wrapped; screen readers hear all of it.
    let (plain, strong) = ((Type::Small, t.sec), (Type::SmallStrong, t.text));
    let galley = paint::starred_line(ui.painter(), &words, plain, strong, rect.right() - left);
    let at = pos2(left, rect.center().y - galley.size().y / 2.0);
    let cut = galley.elided;
    ui.painter().galley(at, galley, t.sec);
    let read = words.replace('*', "");
    let response = ui.interact(rect.shrink2(vec2(0.0, 1.0)), ui.make_persistent_id("limited by"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &read));
    if cut {
        response.on_hover_text(read);
    }
}

fn sentence(plan: &Plan, speed: &Speed, unified: bool, locale: Locale) -> String {
    let mut parts = Vec::new();
    let longest = limited_by(&speed.times, unified);
    if let Some((key, share)) = longest.filter(|_| speed.decode.is_some()) {
        let share = time_bar::percent(share);
        let holes = [(Placeholder::Name, locale.word(key)), (Placeholder::Value, share.as_str())];
        parts.push(locale.sentence(Key::LimitedBy, &holes));
    }
    if let (Some(all), Some(_)) = (speed.decode_total, speed.decode) {
        let sequences = plan.workload.sequences;
        if sequences > 1 {
            let holes = [
                (Placeholder::Value, text::figure(all.expected)),
                (Placeholder::Other, words::band(&all, 1.0)),
                (Placeholder::Count, text::count(sequences.into())),
            ];
            let holes: Vec<(Placeholder, &str)> = holes.iter().map(|(hole, value)| (*hole, value.as_str())).collect();
            parts.push(locale.sentence(Key::InTotal, &holes));
        } else {
            parts.push(locale.word(Key::ForOneUser).to_owned());
        }
    }
    if let Some(energy) = speed.energy {
        let holes =
            [(Placeholder::Value, text::figure(energy.expected)), (Placeholder::Other, words::band(&energy, 1.0))];
        let holes: Vec<(Placeholder, &str)> = holes.iter().map(|(hole, value)| (*hole, value.as_str())).collect();
        parts.push(locale.sentence(Key::EnergyPerMillion, &holes));
    }
    locale.join(Join::Clauses, parts)
}

/// What is trained, what a step is, and what the run leaves on the disk.
fn training(plan: &Plan, step: &TrainingStep, locale: Locale) -> String {
    let training = &plan.workload.training;
    let millions = step.trained as f64 / 1e6;
    let trained = if millions < 1000.0 {
        format!("{} M", text::figure(millions))
    } else {
        format!("{} B", text::parameters(step.trained))
    };
    let tokens = text::count(training.tokens_of_micro_batches());
    let checkpoints = format!("{} × {}", training.checkpoints_kept, words::gib_fine_unit(step.checkpoint));
    let mut holes =
        vec![(Placeholder::Params, trained), (Placeholder::Count, tokens), (Placeholder::Name, checkpoints)];
    let time = step.time.and_then(|time| Some((time.step_seconds().expected, time.power_w?.expected)));
    if let Some((seconds, watts)) = time {
        let (one, unit) = words::time_unit(seconds);
        holes.push((Placeholder::Value, format!("{} {unit}", text::figure(seconds / one))));
        holes.push((Placeholder::Other, format!("{} W", text::figure(watts))));
    }
    let holes: Vec<(Placeholder, &str)> = holes.iter().map(|(hole, value)| (*hole, value.as_str())).collect();
    locale.sentence(if time.is_some() { Key::TrainLine } else { Key::TrainLinePlain }, &holes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Band;

    #[test]
    fn the_slowest_part_is_named_and_both_rates_are_told_apart() {
        let band = |expected: f64| Some(Band { low: expected * 0.9, expected, high: expected * 1.1 });
        let times =
            StepTimes { layers: 1e-3, vram_weights: 28e-3, ram_weights: 300e-3, ram_kv: 16e-3, ..StepTimes::default() };
        let mut speed = Speed { decode: band(2.9), decode_total: band(2.9), times, ..Speed::default() };
        let mut plan = Plan::default();
        let said = sentence(&plan, &speed, false, Locale::En);
        assert!(said.contains("RAM bandwidth") && said.contains("92 %") && said.contains("one user"), "{said}");
        plan.workload.sequences = 8;
        speed.decode_total = band(23.2);
        speed.energy = band(12.0);
        let said = sentence(&plan, &speed, false, Locale::En);
        assert!(said.contains("23") && said.contains("in all") && said.contains("*12* (11–13) kWh"), "{said}");
    }
}
