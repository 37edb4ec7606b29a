//! The verdict: one sentence, a second line, and what is unwise or assumed.

use eframe::egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::fit::Fit;
use super::{PlanInputs, facts};
use crate::estimate::training::TrainingStep;
use crate::estimate::{Estimate, Verdict};
use crate::plan::Plan;
use crate::text::{self, Join, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::theme::Tokens;
use crate::ui::{paint, words};
use crate::units::Bytes;

/// Height of the three lines; kept even where there is no warning, so that nothing below moves.
const HEIGHT: f32 = 84.0;
/// The same in a low window.
const LOW_HEIGHT: f32 = 74.0;

/// Where the words stand, behind the icon.
const INDENT: f32 = 26.0;

/// How high it is.
pub(super) fn height(fit: Fit) -> f32 {
    if fit.is_close() { LOW_HEIGHT } else { HEIGHT }
}

pub(super) fn show(ui: &mut Ui, plan: &Plan, inputs: &PlanInputs<'_>, fit: Fit) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height(fit)));
    let locale = inputs.locale;
    let (verdict, sentence, lead) = match inputs.estimate {
        Ok(estimate) => (estimate.verdict, sentence(plan, estimate, inputs), lead(plan, estimate, inputs)),
        Err(error) => (None, locale.word(Key::VerdictError).to_owned(), words::error(locale, error)),
    };
    let t = Tokens::of(ui);
    let first = rect.left_top() + vec2(0.0, 12.0);
    match verdict {
        Some(verdict) => icons::verdict(ui.painter(), first + vec2(8.0, 0.0), verdict, t),
        None => icons::draw(ui.painter(), first + vec2(8.0, 0.0), Icon::Info, t.sec),
    }
    let width = rect.width() - INDENT;
    let line = |y: f32, height: f32| {
        Rect::from_min_size(pos2(rect.left() + INDENT, rect.top() + y - height / 2.0), vec2(width, height))
    };
    spoken(ui, line(12.0, 26.0), "verdict", &sentence, (Type::Verdict, t.text), (Type::Verdict, t.text));
    spoken(ui, line(39.0, 20.0), "lead", &lead, (Type::Lead, t.sec), (Type::LeadStrong, t.text));
    warnings(ui, line(62.0, 18.0), inputs);
}

/// Writes a line that screen readers read and that can be asked for by its words.
fn spoken(
    ui: &Ui,
    rect: Rect,
    salt: &str,
    sentence: &str,
    plain: (Type, crate::ui::theme::Ink),
    strong: (Type, crate::ui::theme::Ink),
) {
    let galley = paint::starred(ui.painter(), sentence, plain, strong, f32::INFINITY);
    let at = pos2(rect.left(), rect.center().y - galley.size().y / 2.0);
    ui.painter().with_clip_rect(rect.expand(4.0).intersect(ui.clip_rect())).galley(at, galley, plain.1);
    let response = ui.interact(rect, ui.make_persistent_id(salt), Sense::hover());
    let read = sentence.replace('*', "");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &read));
}

fn sentence(plan: &Plan, estimate: &Estimate, inputs: &PlanInputs<'_>) -> String {
    let locale = inputs.locale;
    let (Some(needed), Some(verdict)) = (estimate.needed(), estimate.verdict) else {
        return locale.word(Key::VerdictUnknown).to_owned();
    };
    let pool = |key, value| locale.sentence(key, &[(Placeholder::Value, &words::gib(value))]);
    let over_host = estimate.host.excess.is_some_and(|excess| excess.0 > 0);
    let fullest = estimate.fullest().filter(|_| !over_host && !facts::is_unified(&plan.machine, inputs.catalog));
    if let Some(device) = fullest {
        // Each card of a training run holds its own part.
        let key = if estimate.devices.len() > 1 { Key::PoolVramEach } else { Key::PoolVram };
        let (needed, free) = (device.total.unwrap_or(needed), words::gib(device.free.unwrap_or_default()));
        return filled(locale, verdict, (needed, &pool(key, device.capacity), &free));
    }
    let (in_pool, pool, free) = if estimate.devices.is_empty() {
        (estimate.host.total, pool(Key::PoolRam, estimate.host.capacity), estimate.host.free)
    } else if facts::is_unified(&plan.machine, inputs.catalog) {
        // What the GPU may use of the pool ends first, unless the system and its apps take more than the rest.
        match estimate.free_vram().zip(estimate.host.free) {
            Some((device, whole)) if device <= whole => {
                let usable = estimate.devices.iter().map(|device| device.usable).sum();
                (estimate.needed_in_vram(), pool(Key::PoolUnifiedUsable, usable), Some(device))
            }
            free => (Some(needed), pool(Key::PoolUnified, estimate.vram()), free.map(|(_, whole)| whole)),
        }
    } else if estimate.host.excess.is_some_and(|excess| excess.0 > 0) {
        let holes =
            [(Placeholder::Vram, words::gib(estimate.vram())), (Placeholder::Ram, words::gib(estimate.host.capacity))];
        let holes: Vec<(Placeholder, &str)> = holes.iter().map(|(hole, value)| (*hole, value.as_str())).collect();
        (estimate.needed_in_vram(), locale.sentence(Key::PoolVramAndRam, &holes), None)
    } else {
        (estimate.needed_in_vram(), pool(Key::PoolVram, estimate.vram()), estimate.free_vram())
    };
    // What fits is measured against its pool; what does not, by all that it needs.
    let counted = if verdict <= Verdict::Tight { in_pool.unwrap_or(needed) } else { needed };
    let mut free = words::gib(free.unwrap_or_default());
    // A server engine reserves its share of the card at once: what is free then is free within that.
    if estimate.kv_pool().is_some() {
        free = locale.sentence(Key::OfThePool, &[(Placeholder::Value, &free)]);
    }
    filled(locale, verdict, (counted, &pool, &free))
}

/// A verdict with what is needed, where, and what stays free.
fn filled(locale: Locale, verdict: Verdict, (needed, pool, free): (Bytes, &str, &str)) -> String {
    let key = match verdict {
        Verdict::Fits => Key::VerdictFits,
        Verdict::Tight => Key::VerdictTight,
        Verdict::Offload => Key::VerdictOffload,
        Verdict::DoesNotFit => Key::VerdictDoesNotFit,
    };
    let needed = words::gib(needed);
    locale.sentence(key, &[(Placeholder::Needed, &needed), (Placeholder::Pool, pool), (Placeholder::Free, free)])
}

/// When a training step takes most, and what that means.
fn lead_training(estimate: &Estimate, step: &TrainingStep, locale: Locale) -> String {
    let name = (Placeholder::Name, locale.word(words::phase(step.peak)));
    let device = estimate.devices.get(step.device);
    if let Some(excess) = device.and_then(|device| device.excess).filter(|excess| excess.0 > 0) {
        let excess = words::gib(excess);
        let logits = step.at(step.peak).filter(|at| at.logits.0 > at.total().0 / 8).map(|at| words::gib(at.logits));
        return match logits {
            Some(logits) => {
                let holes = [name, (Placeholder::Excess, excess.as_str()), (Placeholder::Compute, &logits)];
                locale.sentence(Key::LeadTrainLogits, &holes)
            }
            None => locale.sentence(Key::LeadTrainExcess, &[name, (Placeholder::Excess, &excess)]),
        };
    }
    if estimate.verdict == Some(Verdict::Offload) {
        let spilled = words::gib(estimate.host.total.unwrap_or_default());
        return locale.sentence(Key::LeadTrainOffload, &[name, (Placeholder::Spilled, &spilled)]);
    }
    match estimate.speed.train {
        Some(rate) => {
            locale.sentence(Key::LeadTrainFitsSpeed, &[name, (Placeholder::Value, &text::figure(rate.expected))])
        }
        None => locale.sentence(Key::LeadTrainFits, &[name]),
    }
}

fn lead(plan: &Plan, estimate: &Estimate, inputs: &PlanInputs<'_>) -> String {
    let locale = inputs.locale;
    if estimate.verdict.is_none() {
        return locale.word(Key::ErrorHint).to_owned();
    }
    let over = |bytes: Option<crate::units::Bytes>| bytes.filter(|bytes| bytes.0 > 0);
    if let Some(excess) = over(estimate.host.excess) {
        return locale.sentence(Key::LeadExcessRam, &[(Placeholder::Excess, &words::gib(excess))]);
    }
    if let Some(step) = &estimate.training {
        return lead_training(estimate, step, locale);
    }
    let worst = estimate.devices.iter().filter_map(|device| Some((over(device.excess)?, device))).max_by_key(|it| it.0);
    if let Some((excess, device)) = worst {
        let card = plan.machine.cards.get(device.card).map_or("", |card| facts::card_name(&card.card, inputs.catalog));
        let key = if device.kv_pool.is_some() { Key::LeadExcessPool } else { Key::LeadExcessCard };
        return locale.sentence(key, &[(Placeholder::Excess, &words::gib(excess)), (Placeholder::Card, card)]);
    }
    if estimate.verdict == Some(Verdict::Offload) {
        return spills(plan, estimate, inputs);
    }
    let (with, plain) = if estimate.devices.is_empty() {
        (Key::LeadCpu, Key::LeadCpuPlain)
    } else if facts::is_unified(&plan.machine, inputs.catalog) {
        (Key::LeadUnified, Key::LeadUnifiedPlain)
    } else {
        (Key::LeadNothingSpills, Key::LeadNothingSpillsPlain)
    };
    let room = inputs.limits.context_in_vram.or(inputs.limits.context_with_ram);
    let room = room.map(|context| facts::reach(context, facts::trained(plan, inputs.catalog), locale));
    let decode = estimate.speed.decode.map(|decode| rate(decode.expected, plan, locale));
    match (room, decode) {
        (Some(room), None) => locale.sentence(with, &[(Placeholder::Context, &room)]),
        (None, None) => locale.word(plain).to_owned(),
        (Some(room), Some(decode)) => {
            let holes = [
                (Placeholder::Name, locale.word(plain)),
                (Placeholder::Value, decode.as_str()),
                (Placeholder::Context, &room),
            ];
            locale.sentence(Key::LeadSpeedRoom, &holes)
        }
        (None, Some(decode)) => {
            locale.sentence(Key::LeadSpeed, &[(Placeholder::Name, locale.word(plain)), (Placeholder::Value, &decode)])
        }
    }
}

/// Decode speed in prose, told apart from the total of several sequences.
fn rate(tokens_per_second: f64, plan: &Plan, locale: Locale) -> String {
    let key = if plan.workload.sequences > 1 { Key::RateEach } else { Key::Rate };
    locale.sentence(key, &[(Placeholder::Value, &text::figure(tokens_per_second))])
}

/// How much slower than with everything in VRAM is worth a word.
const FALLS: f64 = 1.1;

/// What spills, and what that costs: the speed against the same plan with all layers in VRAM.
fn spills(plan: &Plan, estimate: &Estimate, inputs: &PlanInputs<'_>) -> String {
    let locale = inputs.locale;
    let spilled = words::gib(estimate.host.total.unwrap_or_default());
    let spilled = (Placeholder::Spilled, spilled.as_str());
    if estimate.speed.pages {
        return locale.sentence(Key::LeadPages, &[spilled]);
    }
    let Some(decode) = estimate.speed.decode.map(|decode| decode.expected) else {
        let (on_gpu, layers) = (estimate.gpu_layers().to_string(), estimate.layers.to_string());
        return locale
            .sentence(Key::LeadSpills, &[spilled, (Placeholder::OnGpu, &on_gpu), (Placeholder::Layers, &layers)]);
    };
    let value = rate(decode, plan, locale);
    match inputs.speeds.layers.all_on_gpu().map(|all| all.expected).filter(|all| *all > FALLS * decode) {
        Some(all) => {
            let holes = [spilled, (Placeholder::Other, &text::figure(all)), (Placeholder::Value, value.as_str())];
            locale.sentence(Key::LeadFalls, &holes)
        }
        None => locale.sentence(Key::LeadSpillsSpeed, &[spilled, (Placeholder::Value, &value)]),
    }
}

/// The first warning in words, the others on hover.
fn warnings(ui: &Ui, rect: Rect, inputs: &PlanInputs<'_>) {
    let Ok(estimate) = inputs.estimate else { return };
    let locale = inputs.locale;
    let all: Vec<String> = estimate.warnings.iter().map(|warning| words::warning(locale, warning)).collect();
    let Some(first) = all.first() else { return };
    let t = Tokens::of(ui);
    let icon = pos2(rect.left() + 7.0, rect.center().y);
    icons::draw(ui.painter(), icon, Icon::Warning, t.warning());
    let more = match all.len() - 1 {
        0 => String::new(),
        more => format!(" ({})", locale.sentence(Key::WarnMore, &[(Placeholder::Value, &more.to_string())])),
    };
    let line = format!("{first}{more}");
    let at = icon + vec2(13.0, 0.0);
    paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &line, (Type::Small, t.sec), rect.width() - 24.0);
    let response = ui.interact(rect, ui.make_persistent_id("warnings"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, locale.join(Join::Clauses, &all)));
    if all.len() > 1 {
        response.on_hover_text(all.join("\n"));
    }
}
