//! The parts of a build, a line each: kind, name, price and date, and the lock.

use eframe::egui::{Align2, Rect, RichText, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::drawn::ColumnContext;
use super::names::KINDS;
use super::{BuildViewState, edit, names, part, price, shares};
use crate::advise::builder::{Build, PartLine, words};
use crate::catalog::entry_table::Entry;
use crate::catalog::parts::PartKind;
use crate::plan::{BuildRequest, PartCount};
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};

/// Height of one line.
pub(super) const HEIGHT: f32 = 21.0;
/// Beside the words for what a part is: its swatch, and the names.
const SWATCH: f32 = 17.0;
const GAP: f32 = 8.0;
/// Width of the lock at the right end.
const LOCK: f32 = 18.0;
/// Width of a date.
const DATE: f32 = 49.0;
/// Width of a price.
const PRICE: f32 = 60.0;

/// How many lines a build takes: a whole machine says what is in it.
fn count(build: &Build<'_>) -> usize {
    build.lines.len() + contents(build, Locale::En).len()
}

/// In which rows each kind of part stands: the same in every column, so that one kind is read across them.
#[derive(Debug, Clone, Copy)]
pub(super) struct PartRows {
    /// The row that each of [`KINDS`] begins with.
    first: [usize; KINDS.len()],
    /// Rows in all.
    pub(super) count: usize,
}

impl PartRows {
    /// For these builds.
    pub(super) fn of<'b, 'a: 'b>(builds: impl Iterator<Item = &'b Build<'a>> + Clone) -> Self {
        let parts = builds.clone().filter(|build| build.choice.system.is_none());
        let most = |kind: PartKind| {
            let of_kind = |build: &Build<'_>| build.lines.iter().filter(|line| line.kind == kind).count();
            parts.clone().map(of_kind).max().unwrap_or(1)
        };
        let (mut first, mut row) = ([0; KINDS.len()], 0);
        for (place, kind) in first.iter_mut().zip(KINDS) {
            *place = row;
            row += most(kind);
        }
        let longest = builds.map(count).max().unwrap_or(KINDS.len());
        Self { first, count: row.max(longest) }
    }

    fn first_of(&self, kind: PartKind) -> usize {
        KINDS.iter().position(|other| *other == kind).map_or(0, |place| self.first[place])
    }
}

pub(super) fn all(
    ui: &mut Ui,
    drawn: ColumnContext<'_>,
    rows: &PartRows,
    request: &mut BuildRequest,
    state: &mut BuildViewState,
    commands: &mut Vec<Command>,
) {
    let rect = ui.max_rect();
    #[expect(clippy::cast_precision_loss, reason = "a few rows")]
    let row = |row: usize| Rect::from_min_size(rect.min + vec2(0.0, row as f32 * HEIGHT), vec2(rect.width(), HEIGHT));
    let names = names_at(ui, drawn.inputs.locale);
    for (index, line) in drawn.build.lines.iter().enumerate() {
        let before = drawn.build.lines[..index].iter().filter(|other| other.kind == line.kind).count();
        let place = LinePlace { rect: row(rows.first_of(line.kind) + before), names };
        ui.push_id(line.id, |ui| show(ui, &place, line, drawn, request, state, commands));
    }
    let t = Tokens::of(ui);
    for (index, words) in contents(drawn.build, drawn.inputs.locale).into_iter().enumerate() {
        let place = row(drawn.build.lines.len() + index);
        let at = pos2(place.left() + names, place.center().y);
        let look = (Type::Small, t.sec);
        paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &words, look, place.right() - at.x);
    }
}

/// What a part is, in short.
const fn brief(kind: PartKind) -> Key {
    match kind {
        PartKind::PowerSupply => Key::PartSupplyBrief,
        other => words::kind(other),
    }
}

/// Where names begin: beside the longest word for what a part is.
fn names_at(ui: &Ui, locale: Locale) -> f32 {
    let kinds = KINDS.into_iter().chain([PartKind::System]);
    let words = kinds.map(|kind| paint::width(ui.painter(), locale.word(brief(kind)), Type::Small));
    SWATCH + words.fold(0.0, f32::max) + GAP
}

/// What is in a whole machine.
fn contents(build: &Build<'_>, locale: Locale) -> Vec<String> {
    let Some(system) = build.choice.system else { return Vec::new() };
    let mut said: Vec<String> =
        build.choice.cards.iter().map(|cards| names::counted(cards.part.written(), cards.count, locale)).collect();
    let memory = system.memory_gib.map(|gib| text::gib(gib.into(), 0));
    let kind = if system.unified_card.is_some() { Key::UnifiedMemory } else { Key::PartRam };
    said.extend(memory.map(|memory| format!("{} {memory}", locale.word(kind))));
    said.extend(system.link.clone());
    said.extend(system.power_w.map(|watts| format!("{} W", text::count(watts.into()))));
    said
}

/// Where a line stands, and its names.
struct LinePlace {
    rect: Rect,
    /// From the left of the line.
    names: f32,
}

fn show(
    ui: &mut Ui,
    place: &LinePlace,
    line: &PartLine<'_>,
    drawn: ColumnContext<'_>,
    request: &mut BuildRequest,
    state: &mut BuildViewState,
    commands: &mut Vec<Command>,
) {
    let LinePlace { rect, names } = *place;
    let t = Tokens::of(ui);
    let locale = drawn.inputs.locale;
    let response = ui.interact(rect, ui.make_persistent_id("line"), Sense::hover());
    let painter = ui.painter();
    let swatch = Rect::from_center_size(pos2(rect.left() + 5.5, rect.center().y), Vec2::splat(11.0));
    painter.rect_filled(swatch, radius::SWATCH, shares::ink(line.kind, t));
    let at = pos2(rect.left() + SWATCH, rect.center().y);
    let kind = locale.word(brief(line.kind));
    paint::text_within(painter, at, Align2::LEFT_CENTER, kind, (Type::Small, t.sec), names - SWATCH);
    let lock = rect.with_min_x(rect.right() - LOCK);
    let dated = Rect::from_x_y_ranges(lock.left() - DATE..=lock.left(), rect.y_range());
    let priced = Rect::from_x_y_ranges(dated.left() - PRICE..=dated.left() - 4.0, rect.y_range());
    let name = Rect::from_x_y_ranges(rect.left() + names..=priced.left() - 2.0, rect.y_range());
    part::show(ui, name, line, drawn, request);
    price::show(ui, &price::PriceCells { price: priced, date: dated }, line, drawn, state, commands);
    self::lock(ui, lock, line, drawn, request);
    response.on_hover_ui(|ui| tip(ui, line, drawn));
}

/// Why the part is there and what its price rests on.
pub(super) fn tip(ui: &mut Ui, line: &PartLine<'_>, drawn: ColumnContext<'_>) {
    let t = Tokens::of(ui);
    let locale = drawn.inputs.locale;
    ui.set_max_width(300.0);
    let mut say = |words: String, step: Type, ink| {
        if !words.is_empty() {
            ui.label(RichText::new(words).font(step.font()).color(ink));
        }
    };
    say(words::part(line, locale), Type::SmallStrong, t.text);
    say(names::capital(&words::why(line.why, drawn.build.tier.tier(), locale)), Type::Small, t.sec);
    let Some(price) = line.price else {
        say(locale.word(Key::CardsNoPrice).to_owned(), Type::Small, t.sec);
        return;
    };
    let each = text::money(price.expected_usd());
    let kind = crate::catalog::price_words::kind(price, locale);
    let date = crate::advise::remedies::words::date(&price.date, locale);
    let holes = [(Placeholder::Value, each.as_str()), (Placeholder::Name, &kind), (Placeholder::Other, date)];
    say(locale.sentence(Key::CardsPriceEach, &holes), Type::Small, t.sec);
    if line.stale {
        say(names::capital(locale.word(Key::BuildStale)), Type::Small, t.text);
    }
    say(price.source.line(locale), Type::Caption, t.faint);
}

/// The lock, within the edge of the column.
fn lock(ui: &Ui, rect: Rect, line: &PartLine<'_>, drawn: ColumnContext<'_>, request: &mut BuildRequest) {
    let t = Tokens::of(ui);
    let locale = drawn.inputs.locale;
    let tier = drawn.column.tier;
    let on = tier == request.tier && request.locks.iter().any(|lock| lock.part == line.id);
    let response = ui.interact(rect, ui.make_persistent_id("lock"), Sense::click());
    let key = if on { Key::BuildUnlock } else { Key::BuildLock };
    let spoken = locale.sentence(key, &[(Placeholder::Name, &names::one(line.written, locale))]);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, &spoken));
    let center = pos2(rect.right() - 7.0, rect.center().y);
    let icon = if on { Icon::Lock } else { Icon::LockOpen };
    icons::draw(ui.painter(), center, icon, if on || response.hovered() { t.text } else { t.rail });
    paint::focus_ring(
        ui,
        &response.clone().with_new_rect(Rect::from_center_size(center, Vec2::splat(16.0))),
        radius::SEGMENT,
    );
    if response.clicked() {
        edit::toggle_lock(request, tier, PartCount { part: line.id.to_owned(), count: line.count });
    }
    response.on_hover_text(format!("{spoken}\n{}", locale.word(Key::TipBuildLock)));
}
