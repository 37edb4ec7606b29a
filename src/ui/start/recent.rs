//! The files that were open last: how the first plan of each is judged, a small bar of it, and when it was saved.

use std::path::PathBuf;

use eframe::egui::{Align, Align2, Layout, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::templates::HEAD;
use super::{MiniBar, PlanGlance, StartInputs};
use crate::text::{Join, Key, Locale, Placeholder, foreign_path};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius, space};
use crate::ui::widgets::button::{ButtonLook, button, icon_button};
use crate::ui::widgets::inside;
use crate::ui::words;

/// The most files that are shown; the menu has more.
pub const MOST: usize = 4;
/// Height of a row.
const ROW: f32 = 72.0;
/// Height of a bar, and where it begins.
const BAR: f32 = 10.0;
const BAR_LEFT: f32 = 26.0;
/// Side of the button that takes a file off the list.
const REMOVE: f32 = 24.0;

/// One file.
#[derive(Debug, Clone, PartialEq)]
pub struct RecentRow {
    /// Where it lies.
    pub path: PathBuf,
    /// What it is called: the document's name, or the file's.
    pub name: String,
    /// What was found there.
    pub state: RecentState,
}

/// What was found where a file was.
#[derive(Debug, Clone, PartialEq)]
pub enum RecentState {
    /// It is being looked into.
    Reading,
    /// A document.
    Read {
        /// How many plans it holds, and when it was written, in words.
        facts: String,
        /// What the first of them comes to.
        glance: PlanGlance,
    },
    /// Nothing any more.
    Missing,
    /// Something that cannot be opened, and why.
    Broken(String),
}

pub(super) fn show(ui: &mut Ui, place: Rect, inputs: &StartInputs<'_>, commands: &mut Vec<Command>) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    let head = Rect::from_min_size(place.min, vec2(place.width(), 28.0));
    let open = locale.word(Key::StartOpenFile);
    let wide = paint::width(ui.painter(), open, Type::BodyStrong) + 24.0;
    let room = place.width() - wide - space::S;
    let at = pos2(place.left(), head.center().y);
    paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, locale.word(Key::Recent), (Type::Section, t.text), room);
    let shown = &inputs.recent[..inputs.recent.len().min(MOST)];
    if shown.is_empty() {
        let room = Rect::from_min_max(pos2(place.left(), place.top() + HEAD), place.max);
        let words = locale.word(Key::StartRecentNone);
        let galley = paint::wrapped(ui.painter(), words, (Type::Small, t.faint), room.width());
        ui.painter().galley(room.min, galley, t.faint);
    }
    // One scale for all bars.
    let ends = shown.iter().filter_map(|row| bar(row).map(MiniBar::end));
    let longest = ends.fold(0.0, f64::max);
    let per_gib = if longest > 0.0 { f64::from(place.width() - BAR_LEFT - 2.0) / longest } else { 0.0 };
    for (number, recent) in shown.iter().enumerate() {
        let top = place.top() + HEAD + ROW * number as f32;
        let rect = Rect::from_min_size(pos2(place.left(), top), vec2(place.width(), ROW));
        if number > 0 {
            ui.painter().hline(rect.x_range(), rect.top(), Stroke::new(1.0, t.line));
        }
        commands.extend(row(ui, rect, number, recent, per_gib, locale));
    }
    let opened = inside(ui, "open a file", head.with_min_x(head.right() - wide), |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| button(ui, open, ButtonLook::Plain, None)).inner
    });
    if opened.clicked() {
        commands.push(Command::Open);
    }
}

fn bar(row: &RecentRow) -> Option<&MiniBar> {
    match &row.state {
        RecentState::Read { glance, .. } => glance.bar.as_ref(),
        _ => None,
    }
}

/// One file; what was asked for.
fn row(ui: &mut Ui, rect: Rect, number: usize, recent: &RecentRow, per_gib: f64, locale: Locale) -> Option<Command> {
    let t = Tokens::of(ui);
    let lost = matches!(recent.state, RecentState::Missing | RecentState::Broken(_));
    let (facts, glance) = match &recent.state {
        RecentState::Reading => (locale.word(Key::StartReading).to_owned(), None),
        RecentState::Read { facts, glance } => (facts.clone(), Some(glance)),
        RecentState::Missing => (locale.word(Key::StartMissing).to_owned(), None),
        RecentState::Broken(why) => (why.clone(), None),
    };
    let verdict = glance.and_then(|glance| glance.verdict);
    let word = verdict.map_or("", |verdict| locale.word(words::verdict(verdict)));
    let held = locale.join(Join::Phrases, [word, &facts].into_iter().filter(|it| !it.is_empty()));
    let hit = rect.shrink2(vec2(0.0, 4.0));
    let hit = if lost { hit.with_max_x(hit.right() - REMOVE - space::S) } else { hit };
    let response = ui.interact(hit, ui.scope_id().with(("recent", number)), Sense::click());
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(held.clone()),
        ..WidgetInfo::labeled(Role::Button, true, &recent.name)
    });
    let painter = ui.painter();
    if response.hovered() {
        painter.rect_filled(hit.expand2(vec2(6.0, 0.0)), radius::SEGMENT, t.raised);
    }
    let middle = rect.top() + 22.0;
    if let Some(verdict) = verdict {
        icons::verdict(painter, pos2(rect.left() + 8.0, middle), verdict, t);
    }
    let at = pos2(rect.left() + BAR_LEFT, middle);
    if lost {
        let room = hit.right() - at.x;
        paint::text_within(painter, at, Align2::LEFT_CENTER, &recent.name, (Type::BodyStrong, t.sec), room);
        let at = at + vec2(0.0, 20.0);
        paint::text_within(painter, at, Align2::LEFT_CENTER, &facts, (Type::Small, t.faint), room);
    } else {
        let most = rect.width() * 0.55;
        let at_end = pos2(rect.right(), middle);
        let told = paint::text_within(painter, at_end, Align2::RIGHT_CENTER, &facts, (Type::Small, t.faint), most);
        let room = told.left() - at.x - space::S;
        paint::text_within(painter, at, Align2::LEFT_CENTER, &recent.name, (Type::BodyStrong, t.text), room);
        if let Some(bar) = bar(recent) {
            bar.show(painter, pos2(rect.left() + BAR_LEFT, rect.top() + 41.0), BAR, per_gib, t);
        }
    }
    paint::focus_ring(ui, &response, radius::SEGMENT);
    let tip = [foreign_path(&recent.path), held].join("\n");
    let opened = response.on_hover_text(tip).clicked().then(|| Command::OpenRecent(recent.path.clone()));
    let forget = lost.then(|| {
        let side = Rect::from_center_size(pos2(rect.right() - REMOVE / 2.0, middle), vec2(REMOVE, REMOVE));
        let words = locale.sentence(Key::StartForget, &[(Placeholder::Name, &recent.name)]);
        let salt = ["forget 1", "forget 2", "forget 3", "forget 4"][number.min(MOST - 1)];
        inside(ui, salt, side, |ui| icon_button(ui, Icon::Close, &words, REMOVE)).clicked()
    });
    let forgotten = forget.unwrap_or(false).then(|| Command::ForgetRecent(recent.path.clone()));
    opened.or(forgotten)
}
