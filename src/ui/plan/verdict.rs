//! The verdict: one sentence, a second line, and what is unwise or assumed.

use eframe::egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::fit::Fit;
use super::{PlanInputs, facts};
use crate::estimate::printed::{self as figures, NeededSplit};
use crate::estimate::training::TrainingStep;
use crate::estimate::{Estimate, OffloadCause, Room, Verdict};
use crate::plan::Plan;
use crate::text::{self, Join, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::theme::{Ink, Tokens, radius};
use crate::ui::widgets::tip::Tip;
use crate::ui::{paint, words};

/// Height of the three lines; kept even where there is no warning, so that nothing below moves.
const HEIGHT: f32 = 84.0;
/// The same in a low window.
const LOW_HEIGHT: f32 = 74.0;

/// Where the words stand, behind the icon.
const INDENT: f32 = 26.0;

/// How high it is.
pub(super) fn height(fit: Fit) -> f32 {
    if fit.is_near() { LOW_HEIGHT } else { HEIGHT }
}

pub(super) fn show(ui: &mut Ui, plan: &Plan, inputs: &PlanInputs<'_>, fit: Fit) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height(fit)));
    let locale = inputs.locale;
    let (verdict, sentence, lead) = match inputs.estimate {
        Ok(estimate) => (estimate.verdict, sentence(estimate, locale), lead(plan, estimate, inputs)),
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
    // Where nothing is unwise, a long second line goes on where that would be said.
    let wraps = inputs.estimate.is_ok_and(|estimate| estimate.warnings.is_empty());
    let headline = SpokenLine { salt: "verdict", plain: (Type::Verdict, t.text), strong: Type::Verdict, wraps: false };
    spoken(ui, line(12.0, 26.0), &sentence, &headline);
    let second = SpokenLine { salt: "lead", plain: (Type::Lead, t.sec), strong: Type::LeadStrong, wraps };
    spoken(ui, line(39.0, 20.0), &lead, &second);
    warnings(ui, line(62.0, 18.0), inputs);
}

/// How a line looks that screen readers read as well.
struct SpokenLine {
    salt: &'static str,
    plain: (Type, Ink),
    strong: Type,
    /// What is too long goes on in a second line.
    wraps: bool,
}

/// Writes a line that screen readers read and that can be asked for by its words.
fn spoken(ui: &Ui, rect: Rect, sentence: &str, look: &SpokenLine) {
    let SpokenLine { salt, plain, strong, wraps } = *look;
    let strong = (strong, Tokens::of(ui).text);
    let mut galley = paint::starred_line(ui.painter(), sentence, plain, strong, rect.width());
    // A long headline stands smaller in a narrow window, rather than cut.
    let smaller = if plain.0 == Type::Verdict { [Type::Section, Type::BodyStrong].as_slice() } else { &[] };
    for step in smaller {
        if galley.elided {
            galley = paint::starred_line(ui.painter(), sentence, (*step, plain.1), (*step, strong.1), rect.width());
        }
    }
    let at = pos2(rect.left(), rect.center().y - galley.size().y / 2.0);
    if galley.elided && wraps {
        galley = paint::starred(ui.painter(), sentence, plain, strong, rect.width());
    }
    let cut = galley.elided;
    ui.painter().galley(at, galley, plain.1);
    let response = ui.interact(rect, ui.make_persistent_id(salt), Sense::hover());
    let read = sentence.replace('*', "");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &read));
    if cut {
        response.on_hover_text(read);
    }
}

fn sentence(estimate: &Estimate, locale: Locale) -> String {
    let (Some(verdict), Some((judged, column))) = (estimate.verdict, figures::judged(estimate)) else {
        return locale.word(Key::VerdictUnknown).to_owned();
    };
    let key = match verdict {
        Verdict::Fits => Key::VerdictFits,
        Verdict::Tight => Key::VerdictTight,
        Verdict::Offload if estimate.training.is_some() => Key::VerdictOffloadOf,
        Verdict::Offload => return offload(estimate, locale),
        Verdict::DoesNotFit => Key::VerdictDoesNotFit,
    };
    let pool = pool(judged.room, &words::with_unit(column.offered), locale);
    // The unit stands once, behind what there is; what is free or too much stands apart from it.
    let needed = if verdict == Verdict::DoesNotFit { words::with_unit(column.needed) } else { column.needed.write() };
    let (free, excess) = (words::with_unit(column.free), words::with_unit(column.excess));
    let holes = [
        (Placeholder::Needed, needed.as_str()),
        (Placeholder::Pool, &pool),
        (Placeholder::Free, &free),
        (Placeholder::Excess, &excess),
    ];
    locale.sentence(key, &holes)
}

/// What there is, by the memory that decides.
fn pool(room: Room, offered: &str, locale: Locale) -> String {
    let key = match room {
        Room::Vram => Key::PoolVram,
        Room::Device(_) => Key::PoolDevice,
        Room::EachDevice => Key::PoolVramEach,
        Room::EngineShare => Key::PoolEngine,
        Room::Ram => Key::PoolRam,
        Room::Unified => Key::PoolUnified,
        Room::UnifiedForGpu => Key::PoolUnifiedUsable,
    };
    let name = if let Room::Device(place) = room { format!("GPU {place}") } else { String::new() };
    locale.sentence(key, &[(Placeholder::Value, offered), (Placeholder::Name, &name)])
}

/// What lies where, which is all that is needed.
fn offload(estimate: &Estimate, locale: Locale) -> String {
    let Some(NeededSplit { needed, vram, ram }) = NeededSplit::of(estimate) else {
        return locale.word(Key::VerdictUnknown).to_owned();
    };
    let key = if estimate.is_unified() { Key::VerdictOffloadPool } else { Key::VerdictOffload };
    let (needed, vram, ram) = (words::with_unit(needed), vram.write(), ram.write());
    locale.sentence(key, &[(Placeholder::Needed, &needed), (Placeholder::Vram, &vram), (Placeholder::Ram, &ram)])
}

/// When a training step takes most, and what that means.
fn lead_training(estimate: &Estimate, step: &TrainingStep, locale: Locale) -> String {
    let name = (Placeholder::Name, locale.word(words::phase(step.peak)));
    let lacks = figures::judged(estimate).filter(|(_, column)| !column.excess.is_zero());
    if let Some((_, column)) = lacks {
        let excess = words::with_unit(column.excess);
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
    if !estimate.is_unified() && over(estimate.host.excess).is_some() {
        return beyond_ram(estimate, locale);
    }
    if let Some(step) = &estimate.training {
        return lead_training(estimate, step, locale);
    }
    let worst = estimate.devices.iter().filter_map(|device| Some((over(device.excess)?, device))).max_by_key(|it| it.0);
    if let Some((_, device)) = worst {
        let card = plan.machine.cards.get(device.card).map_or("", |card| facts::card_name(&card.card, inputs.catalog));
        let excess = device.balance().map(|balance| words::with_unit(figures::prose(&balance).excess));
        let key = if device.kv_pool.is_some() { Key::LeadExcessPool } else { Key::LeadExcessCard };
        let holes = [(Placeholder::Excess, &*excess.unwrap_or_default()), (Placeholder::Card, card)];
        return locale.sentence(key, &holes);
    }
    if estimate.verdict == Some(Verdict::Offload) {
        return in_ram(plan, estimate, inputs);
    }
    if !estimate.serves_all() {
        return queue(estimate, locale);
    }
    let (with, plain) = if estimate.devices.is_empty() {
        (Key::LeadCpu, Key::LeadCpuPlain)
    } else if facts::is_unified(&plan.machine, inputs.catalog) && estimate.devices.len() > 1 {
        (Key::LeadUnifiedEach, Key::LeadUnifiedEachPlain)
    } else if facts::is_unified(&plan.machine, inputs.catalog) {
        (Key::LeadUnified, Key::LeadUnifiedPlain)
    } else {
        (Key::LeadNothingSpills, Key::LeadNothingSpillsPlain)
    };
    let room = inputs.limits.context_in_vram.or(inputs.limits.context_with_ram);
    let room = room.map(|context| facts::reach(context, facts::trained(plan, inputs.catalog), locale));
    let decode = rate(plan, estimate, locale);
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

/// Decode speed in prose; with several sequences that of each, and all of them together.
fn rate(plan: &Plan, estimate: &Estimate, locale: Locale) -> Option<String> {
    let each = text::figure(estimate.speed.decode?.expected);
    let all = estimate.speed.decode_total.filter(|_| plan.workload.sequences > 1);
    Some(match all {
        Some(all) => {
            let holes = [(Placeholder::Value, each.as_str()), (Placeholder::Other, &text::figure(all.expected))];
            locale.sentence(Key::RateEach, &holes)
        }
        None => locale.sentence(Key::Rate, &[(Placeholder::Value, &each)]),
    })
}

/// The engine starts, but not all sequences run at once: what those that run get, and how long the last in line waits.
fn queue(estimate: &Estimate, locale: Locale) -> String {
    let count = |sequences: u32| text::count(sequences.into());
    let (running, waiting) = (count(estimate.queue.running), count(estimate.queue.waiting));
    let short = [(Placeholder::Count, running.as_str()), (Placeholder::Value, &waiting)];
    let short = locale.sentence(Key::QueueInShort, &short);
    let (Some(last), Some(decode)) = (estimate.speed.queued_first_token, estimate.speed.decode) else { return short };
    let (second, unit) = words::time_unit(last.expected);
    let last = format!("{} {unit}", text::figure(last.expected / second));
    let holes = [
        (Placeholder::Name, short.as_str()),
        (Placeholder::Other, &last),
        (Placeholder::Value, &text::figure(decode.expected)),
    ];
    locale.sentence(Key::LeadQueue, &holes)
}

/// How much slower than with everything in VRAM is worth a word.
const FALLS: f64 = 1.1;

/// The RAM is too small: what of the plan lies where.
fn beyond_ram(estimate: &Estimate, locale: Locale) -> String {
    let Some(split) = NeededSplit::of(estimate).filter(|_| !estimate.devices.is_empty()) else {
        return locale.word(Key::LeadExcessRam).to_owned();
    };
    let (needed, vram, ram) = (words::with_unit(split.needed), split.vram.write(), split.ram.write());
    let holes = [(Placeholder::Needed, needed.as_str()), (Placeholder::Vram, &vram), (Placeholder::Ram, &ram)];
    locale.sentence(Key::LeadExcessRamAll, &holes)
}

/// What lies in RAM and why, and what that costs: the speed against the same plan with all layers in VRAM.
fn in_ram(plan: &Plan, estimate: &Estimate, inputs: &PlanInputs<'_>) -> String {
    let locale = inputs.locale;
    let spilled = NeededSplit::of(estimate).map(|split| words::with_unit(split.ram)).unwrap_or_default();
    let spilled = (Placeholder::Spilled, spilled.as_str());
    if estimate.speed.pages {
        return locale.sentence(Key::LeadPages, &[spilled]);
    }
    let free = estimate.balance_of_devices().map(|balance| words::with_unit(figures::prose(&balance).free));
    let free = (Placeholder::Free, &*free.unwrap_or_default());
    let lies = match estimate.in_ram(plan.workload.places_by_hand()) {
        _ if estimate.is_unified() => locale.sentence(Key::LeadForCpu, &[spilled]),
        OffloadCause::AsAsked => locale.sentence(Key::LeadAsAsked, &[spilled, free]),
        _ if estimate.experts.layers > 0 => {
            let experts = estimate.experts.layers.to_string();
            let key =
                if estimate.gpu_layers() == estimate.layers { Key::LeadExperts } else { Key::LeadLayersAndExperts };
            locale.sentence(key, &[spilled, (Placeholder::Count, &experts)])
        }
        OffloadCause::Spilled | OffloadCause::NotOffloaded => locale.sentence(Key::LeadSpilled, &[spilled]),
    };
    let Some(decode) = estimate.speed.decode.map(|decode| decode.expected) else {
        let (on_gpu, layers) = (estimate.gpu_layers().to_string(), estimate.layers.to_string());
        let holes = [(Placeholder::OnGpu, on_gpu.as_str()), (Placeholder::Layers, &layers)];
        return locale.join(Join::Clauses, [lies, locale.sentence(Key::LeadLayers, &holes)]);
    };
    let value = rate(plan, estimate, locale).unwrap_or_default();
    let value = (Placeholder::Value, value.as_str());
    let whole = inputs.speeds.layers.all_on_gpu().map(|all| all.expected).filter(|all| *all > FALLS * decode);
    let speed = match whole {
        Some(all) => locale.sentence(Key::LeadFalls, &[value, (Placeholder::Other, &text::figure(all))]),
        None => locale.sentence(Key::LeadDecode, &[value]),
    };
    locale.join(Join::Clauses, [lies, speed])
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
    // That there are more is seen however long the first is.
    let at = icon + vec2(13.0, 0.0);
    let room = rect.width() - 24.0 - paint::width(ui.painter(), &more, Type::Small);
    let cut = paint::width(ui.painter(), first, Type::Small) > room;
    let drawn = paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, first, (Type::Small, t.sec), room);
    paint::text(ui.painter(), drawn.right_center(), Align2::LEFT_CENTER, &more, Type::Small, t.sec);
    // What is not seen whole is read where the pointer or the keyboard rests.
    let hidden = cut || all.len() > 1;
    let sense = if hidden { Sense::focusable_noninteractive() } else { Sense::hover() };
    let response = ui.interact(rect, ui.make_persistent_id("warnings"), sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, locale.join(Join::Clauses, &all)));
    if hidden {
        paint::focus_ring(ui, &response, radius::SEGMENT);
        Tip::plain(&all.join("\n"), locale).on(&response);
    }
}
