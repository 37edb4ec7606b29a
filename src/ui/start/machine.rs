//! This machine: its cards, what is free in its memories, and what runs well on it.

use std::path::PathBuf;

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::{PlanGlance, StartInputs};
use crate::text::{Join, Key, Locale, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{CLEAR, Tokens, mix, radius, space};
use crate::ui::widgets::button::{ButtonLook, button};
use crate::ui::widgets::inside;
use crate::ui::words;
use crate::units::Bytes;

/// What is measured is gray: so much of the ink of text in the ground.
const MEASURED: f32 = 0.42;
/// Height of a gauge with its words, of its bar, and of a row.
const GAUGE: f32 = 44.0;
const BAR: f32 = 18.0;
const ROW: f32 = 25.0;
/// From the top of the card: its words, its gauges.
const WORDS: f32 = 42.0;
const GAUGES: f32 = 68.0;
/// Models that are named, and how many of them may lie here already.
const ROWS: usize = 3;
const LOCAL: usize = 2;
/// The card is narrower than this: less room at its edges.
const NARROW: f32 = 320.0;

/// What is known of this machine.
#[derive(Debug, Clone, PartialEq)]
pub enum MachineShown {
    /// It is being looked at.
    Looking,
    /// The search broke off.
    Broken,
    /// This was found.
    Found(Box<MachineFound>),
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct MachineFound {
    /// The cards, or why there is none to plan with, one line each.
    pub cards: Vec<String>,
    /// VRAM of the cards that can be planned with; none where there are none.
    pub vram: Option<Gauge>,
    /// It is one memory with the RAM.
    pub unified: bool,
    /// RAM apart from that.
    pub ram: Option<Gauge>,
    /// Models that run well here; none until that is worked out.
    pub runs: Option<Vec<RunsWell>>,
    /// Model files that lie here and run well, the largest first.
    pub local: Vec<LocalGlance>,
    /// How many model files lie here.
    pub local_count: usize,
}

/// A model file that lies here.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalGlance {
    /// Where it is read from.
    pub path: PathBuf,
    /// Its name.
    pub name: String,
    /// What it comes to.
    pub glance: PlanGlance,
}

/// A memory, and what of it nothing holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gauge {
    /// All of it.
    pub total: Bytes,
    /// What is free just now, where that could be asked.
    pub free: Option<Bytes>,
}

/// A model that runs well.
#[derive(Debug, Clone, PartialEq)]
pub struct RunsWell {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it comes to.
    pub glance: PlanGlance,
}

pub(super) fn show(ui: &mut Ui, place: Rect, inputs: &StartInputs<'_>, commands: &mut Vec<Command>) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    ui.painter().rect(place, radius::CARD, t.panel, Stroke::new(1.0, t.line), StrokeKind::Inside);
    let side = if place.width() < NARROW { 12.0 } else { 20.0 };
    let rect = place.shrink2(vec2(side, 0.0));
    let at = |down: f32| pos2(rect.left(), rect.top() + down);
    paint::text(ui.painter(), at(24.0), Align2::LEFT_CENTER, locale.word(Key::StartMachine), Type::Section, t.text);
    let buttons = Rect::from_min_size(at(rect.height() - 46.0), vec2(rect.width(), 28.0));
    let found = match inputs.machine {
        MachineShown::Found(found) => found,
        state => {
            let looking = *state == MachineShown::Looking;
            let words = locale.word(if looking { Key::MachineLooking } else { Key::MachineBroken });
            wrapped(ui, Rect::from_min_size(at(WORDS), vec2(rect.width(), 80.0)), words);
            choices(ui, buttons, None, locale, commands);
            return;
        }
    };
    let axis = [found.vram, found.ram].into_iter().flatten().map(|gauge| gauge.total.gib()).fold(0.0, f64::max);
    let gauge_at = |number: f32| Rect::from_min_size(at(GAUGES + GAUGE * number), vec2(rect.width(), GAUGE));
    if let Some(vram) = &found.vram {
        let words = locale.join(Join::Phrases, &found.cards);
        let line = Rect::from_min_size(at(WORDS), vec2(rect.width(), 18.0));
        let drawn = paint::text_within(
            ui.painter(),
            line.left_center(),
            Align2::LEFT_CENTER,
            &words,
            (Type::Body, t.sec),
            line.width(),
        );
        ui.interact(drawn, ui.scope_id().with("cards"), Sense::hover()).on_hover_text(found.cards.join("\n"));
        gauge(ui, gauge_at(0.0), (if found.unified { Key::UnifiedMemory } else { Key::Vram }, vram), axis, locale);
    } else {
        // Why there is none takes the place of its gauge.
        let room = Rect::from_min_size(at(WORDS), vec2(rect.width(), GAUGES + GAUGE - WORDS - 4.0));
        wrapped(ui, room, &found.cards.join("\n"));
    }
    if let Some(ram) = &found.ram {
        gauge(ui, gauge_at(1.0), (Key::Ram, ram), axis, locale);
    }
    let top = GAUGES + 2.0 * GAUGE + 14.0;
    let head = locale.word(Key::StartRunsWell);
    paint::text_within(ui.painter(), at(top), Align2::LEFT_CENTER, head, (Type::Small, t.sec), rect.width());
    match &found.runs {
        None => runs_none(ui, at(top + ROW), locale.word(Key::StartRunsLooking), rect.width()),
        Some(runs) if runs.is_empty() => {
            runs_none(ui, at(top + ROW), locale.word(Key::StartRunsNone), rect.width());
        }
        Some(runs) => {
            let row =
                |number: usize| Rect::from_min_size(at(top + 11.0 + ROW * number as f32), vec2(rect.width(), ROW));
            // What lies here already stands before what would have to be fetched.
            let local = found.local.iter().take(LOCAL).map(|file| {
                let tip = locale.word(Key::TipStartLocal);
                (file.name.as_str(), &file.glance, tip, Command::StartWithFile(file.path.clone()))
            });
            let others = runs.iter().map(|run| {
                let tip = locale.word(Key::TipStartRunsWell);
                (run.name.as_str(), &run.glance, tip, Command::StartWithModel(run.id.clone()))
            });
            for (number, (name, glance, tip, command)) in local.chain(others).take(ROWS).enumerate() {
                if runs_well(ui, row(number), number, (name, glance, tip), locale) {
                    commands.push(command);
                }
            }
            if found.local_count > 0 && all_files(ui, row(ROWS), found.local_count, locale) {
                commands.push(Command::LocalModels);
            }
        }
    }
    choices(ui, buttons, Some(found), locale, commands);
}

fn runs_none(ui: &Ui, at: eframe::egui::Pos2, words: &str, width: f32) {
    let t = Tokens::of(ui);
    paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, words, (Type::Small, t.faint), width);
}

/// Words on several lines, cut where they need more room.
fn wrapped(ui: &Ui, room: Rect, words: &str) {
    let t = Tokens::of(ui);
    let rows = (room.height() / 17.0).floor().max(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some rows")]
    let galley = paint::wrapped_in(ui.painter(), words, (Type::Small, t.sec), room.width(), rows as usize);
    ui.painter().galley(room.min, galley, t.sec);
    ui.interact(room, ui.scope_id().with(("why", words)), Sense::hover()).on_hover_text(words);
}

/// How much of a memory is free, in words and as a bar on the axis that both memories share.
fn gauge(ui: &Ui, rect: Rect, (name, gauge): (Key, &Gauge), axis: f64, locale: Locale) {
    let (t, painter) = (Tokens::of(ui), ui.painter());
    let name = locale.word(name);
    let at = pos2(rect.left(), rect.top() + 9.0);
    let named = paint::text(painter, at, Align2::LEFT_CENTER, name, Type::SmallStrong, t.text);
    let total = words::gib(gauge.total);
    let free = gauge.free.map(|free| {
        let holes = [(Placeholder::Free, words::gib_bare(free)), (Placeholder::Value, total.clone())];
        locale.sentence(Key::StartFree, &holes.each_ref().map(|(hole, words)| (*hole, words.as_str())))
    });
    let said = free.unwrap_or(total);
    let room = rect.right() - named.right() - space::S;
    let at = pos2(rect.right(), at.y);
    paint::text_within(painter, at, Align2::RIGHT_CENTER, &said, (Type::Small, t.sec), room);
    #[expect(clippy::cast_possible_truncation, reason = "a width on the screen")]
    let points = |bytes: Bytes| (bytes.gib() / axis) as f32 * (rect.width() - 2.0);
    let whole =
        Rect::from_min_size(pos2(rect.left() + 1.0, rect.top() + 20.0), vec2(points(gauge.total).max(4.0), BAR));
    painter.rect_filled(whole, 0, t.bg);
    if let Some(free) = gauge.free {
        let taken = whole.with_max_x(whole.left() + points(gauge.total.saturating_sub(free)));
        painter.rect_filled(taken, 0, mix(t.bg, t.text, MEASURED));
    }
    painter.rect_stroke(whole, 0, Stroke::new(1.5, t.text), StrokeKind::Outside);
    let response = ui.interact(whole, ui.scope_id().with(name), Sense::hover());
    let spoken = locale.join(Join::Phrases, [name, &said]);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
}

/// A model that runs well; whether a plan is to begin with it.
fn runs_well(
    ui: &Ui,
    rect: Rect,
    number: usize,
    (name, glance, tip): (&str, &PlanGlance, &str),
    locale: Locale,
) -> bool {
    let t = Tokens::of(ui);
    let reading = glance.reading.map(super::Reading::write).unwrap_or_default();
    let verdict = glance.verdict;
    let word = verdict.map_or("", |verdict| locale.word(words::verdict(verdict)));
    let spoken = locale.join(Join::Phrases, [name, word, &reading].into_iter().filter(|it| !it.is_empty()));
    let response = ui.interact(rect.expand2(vec2(6.0, 0.0)), ui.scope_id().with(("runs", number)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    let fill = if response.hovered() { t.hover } else { CLEAR };
    ui.painter().rect_filled(response.rect, radius::SEGMENT, fill);
    if let Some(verdict) = verdict {
        icons::verdict(ui.painter(), rect.left_center() + vec2(8.0, 0.0), verdict, t);
    }
    let figure = paint::text(ui.painter(), rect.right_center(), Align2::RIGHT_CENTER, &reading, Type::Mono, t.text);
    let at = rect.left_center() + vec2(24.0, 0.0);
    let room = figure.left() - at.x - space::S;
    paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, name, (Type::Body, t.text), room);
    paint::focus_ring(ui, &response, radius::SEGMENT);
    response.on_hover_text(tip).clicked()
}

/// How many model files lie here; whether they are to be listed.
fn all_files(ui: &Ui, rect: Rect, count: usize, locale: Locale) -> bool {
    let t = Tokens::of(ui);
    let words = locale.sentence(Key::StartLocalFiles, &[(Placeholder::Count, &*count.to_string())]);
    let response = ui.interact(rect.expand2(vec2(6.0, 0.0)), ui.scope_id().with("local files"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &words));
    let fill = if response.hovered() { t.hover } else { CLEAR };
    ui.painter().rect_filled(response.rect, radius::SEGMENT, fill);
    let at = rect.left_center() + vec2(24.0, 0.0);
    paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &words, (Type::Small, t.sec), rect.width() - 24.0);
    icons::draw(ui.painter(), rect.left_center() + vec2(8.0, 0.0), Icon::Open, t.sec);
    paint::focus_ring(ui, &response, radius::SEGMENT);
    response.on_hover_text(locale.word(Key::TipLocalModels)).clicked()
}

/// What can be begun with on this machine, or without it.
fn choices(ui: &mut Ui, rect: Rect, found: Option<&MachineFound>, locale: Locale, commands: &mut Vec<Command>) {
    let has_card = found.is_some_and(|found| found.vram.is_some());
    let another = (Key::StartAnother, Key::TipStartAnother, Command::StartEmpty);
    let offered = match found {
        None => vec![another],
        Some(_) if has_card => vec![(Key::UseThisMachine, Key::TipUseThisMachine, Command::StartWithMachine), another],
        Some(_) => vec![
            (Key::StartPlanCard, Key::TipStartAnother, Command::StartEmpty),
            (Key::PlanCpuOnly, Key::TipUseThisMachine, Command::StartWithMachine),
        ],
    };
    inside(ui, "choices of this machine", rect, |ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let widest = (rect.width() - space::S * (offered.len() - 1) as f32) / offered.len() as f32;
        ui.horizontal(|ui| {
            for (place, (name, tip, command)) in offered.into_iter().enumerate() {
                let words = locale.word(name);
                let wide = (paint::width(ui.painter(), words, Type::BodyStrong) + 32.0).min(widest);
                let look = if place == 0 { ButtonLook::Primary } else { ButtonLook::Plain };
                if button(ui, words, look, Some(wide)).on_hover_text(locale.word(tip)).clicked() {
                    commands.push(command);
                }
            }
        });
    });
}
