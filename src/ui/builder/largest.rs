//! What a build runs: the largest dense model with its memory bar, and the plan itself.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::drawn::ColumnContext;
use super::names;
use crate::advise::builder::{Largest, tier_words};
use crate::estimate::Estimate;
use crate::plan::inputs::Choice as _;
use crate::plan::{BuildGoal, Runtime};
use crate::text::{self, Join, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::theme::{Tokens, space};
use crate::ui::{cards, icons, paint, words};

/// Height of the model with its bar.
const MODEL: f32 = 90.0;
/// Height of the line about the plan.
const PLAN: f32 = 26.0;
/// Height of the lines about users.
const USERS: f32 = 38.0;
const USER_LINES: usize = 2;
const BAR: f32 = 20.0;
/// Room for the speed at the right.
const SPEED: f32 = 96.0;

/// What is said beside the largest model, a line each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beside {
    /// What the plan comes to.
    pub(super) plan: bool,
    /// How many users are served at once.
    pub(super) users: bool,
}

/// How high it is.
pub(super) const fn height(beside: Beside) -> f32 {
    let plan = if beside.plan { PLAN } else { 0.0 };
    let users = if beside.users { USERS } else { 0.0 };
    MODEL + plan + users
}

pub(super) fn show(ui: &Ui, drawn: ColumnContext<'_>, beside: Beside) {
    let rect = ui.max_rect();
    let t = Tokens::of(ui);
    let locale = drawn.inputs.locale;
    let caption = pos2(rect.left(), rect.top() + 8.0);
    let (look, room) = ((Type::Caption, t.faint), rect.width());
    paint::text_within(ui.painter(), caption, Align2::LEFT_CENTER, locale.word(Key::BuildLargest), look, room);
    if let Some(largest) = &drawn.build.largest {
        model(ui, rect.with_max_y(rect.top() + MODEL), largest, locale);
    } else {
        let at = pos2(rect.left(), rect.top() + 30.0);
        let words = locale.word(Key::BuildLargestNone);
        paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, words, (Type::Body, t.sec), rect.width());
    }
    let below = Rect::from_min_max(pos2(rect.left(), rect.top() + MODEL), rect.max);
    if beside.plan {
        plan(ui, below.with_max_y(below.top() + PLAN), drawn);
    }
    if let Some(served) = &drawn.build.users {
        users(ui, below.with_min_y(below.bottom() - USERS), &tier_words::users(served, locale));
    }
}

/// How many users are served at once.
fn users(ui: &Ui, rect: Rect, words: &str) {
    let ink = Tokens::of(ui).sec;
    let galley = paint::wrapped_in(ui.painter(), words, (Type::Small, ink), rect.width(), USER_LINES);
    let cut = galley.elided;
    ui.painter().galley(rect.min + vec2(0.0, 4.0), galley, ink);
    let response = ui.interact(rect, ui.make_persistent_id("users"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    if cut {
        response.on_hover_text(words);
    }
}

fn model(ui: &Ui, rect: Rect, largest: &Largest<'_>, locale: Locale) {
    let t = Tokens::of(ui);
    let painter = ui.painter();
    let estimate = &largest.estimate;
    let room = rect.width() - SPEED;
    let name = pos2(rect.left(), rect.top() + 29.0);
    paint::text_within(painter, name, Align2::LEFT_CENTER, &largest.model.name, (Type::Section, t.text), room);
    let facts = facts(largest, locale);
    let at = pos2(rect.left(), rect.top() + 49.0);
    paint::text_within(painter, at, Align2::LEFT_CENTER, &facts, (Type::Small, t.sec), rect.width());
    let speed = speed(ui, pos2(rect.right(), rect.top() + 28.0), estimate, locale);
    let bar = Rect::from_min_size(pos2(rect.left(), rect.top() + 66.0), vec2(rect.width(), BAR));
    cards::memory::bar(ui, bar, estimate, estimate.vram().gib());
    let response = ui.interact(bar, ui.make_persistent_id("largest"), Sense::hover());
    let spoken = format!("{}: {}, {facts}, {speed}", locale.word(Key::BuildLargest), largest.model.name);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
    response.on_hover_text(parts(estimate, locale));
}

/// Precision, engine, and how much of the VRAM is taken at which context.
fn facts(largest: &Largest<'_>, locale: Locale) -> String {
    let workload = &largest.plan.workload;
    let bits = workload.quantization.facts().map_or("", |facts| facts.label.as_str());
    let engine = workload.runtime.word().of(locale);
    let cards = largest.estimate.devices.len();
    let engine = match workload.runtime {
        Runtime::LlamaCpp => engine.to_owned(),
        _ if cards > 1 => format!("{engine} × {cards}"),
        _ => engine.to_owned(),
    };
    let how = locale.join(Join::Phrases, [bits, engine.as_str()]);
    let taken = largest.estimate.needed_in_vram().map_or_else(|| "–".to_owned(), words::gib_bare);
    let all = words::gib(largest.estimate.vram());
    let context = text::tokens(workload.context);
    let holes = [
        (Placeholder::Name, how.as_str()),
        (Placeholder::Vram, &taken),
        (Placeholder::Value, &all),
        (Placeholder::Context, &context),
    ];
    locale.sentence(Key::BuildLargestFacts, &holes)
}

/// What lies in VRAM, a component a line.
fn parts(estimate: &Estimate, locale: Locale) -> String {
    let parts = estimate.parts_in_vram();
    let lines = [
        (Key::Weights, parts.loaded()),
        (Key::KvCache, parts.kv_cache),
        (Key::ComputeBuffer, parts.working()),
        (Key::RuntimeOverhead, Some(estimate.overhead())),
    ];
    let known = lines.into_iter().filter_map(|(key, bytes)| Some((key, bytes?)));
    known.map(|(key, bytes)| format!("{} {}", locale.word(key), words::gib(bytes))).collect::<Vec<_>>().join("\n")
}

/// The speed, right-aligned at `at`; as words.
fn speed(ui: &Ui, at: eframe::egui::Pos2, estimate: &Estimate, locale: Locale) -> String {
    let t = Tokens::of(ui);
    let Some(band) = estimate.speed.decode else {
        let words = locale.word(Key::BuildNoSpeed);
        paint::text(ui.painter(), at, Align2::RIGHT_CENTER, words, Type::Small, t.faint);
        return words.to_owned();
    };
    let figure = text::figure(band.expected);
    let unit = paint::text(ui.painter(), at + vec2(0.0, 2.0), Align2::RIGHT_CENTER, "tok/s", Type::Small, t.sec);
    let at = pos2(unit.left() - 4.0, at.y);
    let drawn = paint::text(ui.painter(), at, Align2::RIGHT_CENTER, &figure, Type::Reading, t.text);
    let response = ui.interact(drawn.union(unit), ui.make_persistent_id("speed"), Sense::hover());
    let range = format!("{} tok/s", words::band(&band, 1.0));
    let expected = format!("{figure} tok/s");
    response.on_hover_text(
        locale.sentence(Key::CardsEstimate, &[(Placeholder::Value, &expected), (Placeholder::Other, &range)]),
    );
    expected
}

/// What the plan comes to on this machine.
fn plan(ui: &Ui, rect: Rect, drawn: ColumnContext<'_>) {
    let t = Tokens::of(ui);
    let inputs = drawn.inputs;
    let locale = inputs.locale;
    let estimate = &drawn.build.estimate;
    let painter = ui.painter();
    painter.hline(rect.x_range(), rect.top() - 1.0, Stroke::new(1.0, t.line));
    let middle = rect.bottom() - 9.0;
    let verdict = estimate.verdict;
    if let Some(verdict) = verdict {
        icons::verdict(painter, pos2(rect.left() + 8.0, middle), verdict, t);
    }
    let judged = &drawn.build.plan;
    let model = names::model(judged, inputs.catalog, locale);
    let said = locale.word(verdict.map_or(Key::NoData, words::verdict));
    let bits = names::bits(judged, locale);
    let holes = [(Placeholder::Name, model.as_str()), (Placeholder::Bits, bits), (Placeholder::Value, said)];
    let words = locale.sentence(Key::BuildPlanHere, &holes);
    let of_all = drawn.column.request.is_some_and(|request| request.goal == BuildGoal::MostTokens);
    let several = inputs.plan.workload.sequences > 1;
    let rate = if several { rates(estimate, locale) } else { None }.or_else(|| rate(estimate, of_all));
    let right = paint::text(
        painter,
        pos2(rect.right(), middle),
        Align2::RIGHT_CENTER,
        &rate.clone().unwrap_or_default(),
        Type::SmallStrong,
        t.text,
    );
    let at = pos2(rect.left() + 24.0, middle);
    let look = (Type::Small, t.text);
    paint::text_within(painter, at, Align2::LEFT_CENTER, &words, look, right.left() - at.x - space::S);
    let response = ui.interact(rect, ui.make_persistent_id("plan"), Sense::hover());
    let spoken = format!("{}: {words} {}", locale.word(Key::BuildThisPlan), rate.unwrap_or_default());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    response.on_hover_text(format!("{}\n{}", locale.word(Key::BuildThisPlan), parts(estimate, locale)));
}

/// Of several sequences: what each receives, and all together.
fn rates(estimate: &Estimate, locale: Locale) -> Option<String> {
    let (each, all) = (estimate.speed.decode?, estimate.speed.decode_total?);
    let (each, all) = (text::figure(each.expected), text::figure(all.expected));
    Some(locale.sentence(Key::SpeedEachAll, &[(Placeholder::Value, &each), (Placeholder::Other, &all)]))
}

/// Tokens a second: of a training step, of all sequences together, or of one.
fn rate(estimate: &Estimate, of_all: bool) -> Option<String> {
    let speed = &estimate.speed;
    let band = speed.train.or(if of_all { speed.decode_total } else { speed.decode })?;
    Some(format!("{} tok/s", text::figure(band.expected)))
}
