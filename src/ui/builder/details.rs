//! Below the columns, of the chosen tier: what more money would buy, what was traded away, how far the search went.

use std::sync::Arc;

use eframe::egui::{Align2, Galley, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::{BuildInputs, PADDING, SIDE, names};
use crate::advise::builder::{BuildOutcome, Next, tier_words, words};
use crate::plan::BuildRequest;
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};

/// Height of a heading.
const HEAD: f32 = 34.0;
/// Least height of a line.
const LINE: f32 = 20.0;
/// Between a line of several rows and the next.
const LEADING: f32 = 5.0;
/// Between the two blocks.
const GAP: f32 = 12.0;

pub(super) fn show(ui: &mut Ui, request: &BuildRequest, inputs: &BuildInputs<'_>) {
    let Some(column) = inputs.columns.iter().find(|column| column.tier == request.tier) else { return };
    let Some(Ok(outcome)) = column.found else { return };
    let blocks = [next(outcome, request, inputs), traded(outcome, inputs)];
    let t = Tokens::of(ui);
    let width = (ui.available_width() - 2.0 * (SIDE + PADDING)) / 2.0 - GAP;
    let laid = blocks.each_ref().map(|block| laid(ui, block, width));
    let height_of = |lines: &Vec<Arc<Galley>>| lines.iter().map(|line| height_of(line)).sum::<f32>();
    let height = HEAD + laid.iter().map(height_of).fold(0.0, f32::max) + 12.0;
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height));
    let rect = rect.shrink2(vec2(SIDE, 0.0));
    ui.painter().rect(rect, radius::CARD, t.panel, Stroke::new(1.0, t.line), StrokeKind::Inside);
    let inner = rect.shrink2(vec2(PADDING, 0.0));
    let (left, right) = inner.split_left_right_at_fraction(0.5);
    for ((place, block), lines) in [left, right].into_iter().zip(&blocks).zip(laid) {
        self::block(ui, place.with_max_x(place.right() - GAP), block, lines);
    }
}

/// Lines under a heading.
struct DetailSection {
    head: String,
    lines: Vec<String>,
}

/// What the next dollars would buy, and how far the search went.
fn next(outcome: &BuildOutcome<'_>, request: &BuildRequest, inputs: &BuildInputs<'_>) -> DetailSection {
    let locale = inputs.locale;
    let mut lines: Vec<String> = outcome.next.iter().map(|next| better(next, locale)).collect();
    let named = [(outcome.better_beside_next(), Key::BuildBetter), (outcome.whole.as_deref(), Key::BuildBeside)];
    for (build, key) in named {
        lines.extend(build.map(|build| tier_words::with_reached(tier_words::about(key, build, locale), build, locale)));
    }
    if let Some(usd) = outcome.enough {
        let tier = locale.word(names::tier(request.tier));
        let holes = [(Placeholder::Name, tier), (Placeholder::Value, &text::money(usd))];
        lines.insert(0, locale.sentence(Key::BuildEnough, &holes));
    }
    lines.splice(0..0, outcome.rent.as_ref().map(|rent| tier_words::rent_first(rent, locale)));
    if let Some(build) = outcome.within.as_deref() {
        let (machine, total) = (names::machine(build, locale), words::total(build.total, locale));
        let said = locale.sentence(Key::BuildWithin, &[(Placeholder::Name, &machine), (Placeholder::Other, &total)]);
        lines.insert(0, tier_words::with_reached(said, build, locale));
    }
    if lines.is_empty() {
        lines.push(locale.word(Key::BuildNextNone).to_owned());
        lines.extend(outcome.searched.as_deref().map(|build| {
            let (machine, total) = (names::machine(build, locale), words::total(build.total, locale));
            let said =
                locale.sentence(Key::BuildSearched, &[(Placeholder::Name, &machine), (Placeholder::Other, &total)]);
            tier_words::with_reached(said, build, locale)
        }));
    } else {
        let key = if outcome.exhaustive { Key::BuildExhaustive } else { Key::BuildNotExhaustive };
        lines.push(locale.word(key).to_owned());
    }
    let tier = locale.word(names::tier(request.tier));
    DetailSection { head: locale.sentence(Key::BuildNext, &[(Placeholder::Name, tier)]), lines }
}

fn better(next: &Next<'_>, locale: Locale) -> String {
    let more = text::money(next.usd);
    let Some(build) = next.build.as_deref() else {
        return locale.sentence(Key::BuildNextNothing, &[(Placeholder::Value, &more)]);
    };
    let (machine, total) = (names::machine(build, locale), words::total(build.total, locale));
    let holes = [(Placeholder::Value, more.as_str()), (Placeholder::Name, &machine), (Placeholder::Other, &total)];
    tier_words::with_reached(locale.sentence(Key::BuildNextBetter, &holes), build, locale)
}

fn traded(outcome: &BuildOutcome<'_>, inputs: &BuildInputs<'_>) -> DetailSection {
    let locale = inputs.locale;
    let mut lines = tier_words::traded(outcome, locale);
    if lines.is_empty() {
        lines.push(locale.word(Key::BuildTradedNone).to_owned());
    }
    DetailSection { head: locale.word(Key::BuildTraded).to_owned(), lines }
}

/// The lines of a block, each wrapped where it is longer than the block is wide.
fn laid(ui: &Ui, block: &DetailSection, width: f32) -> Vec<Arc<Galley>> {
    let look = (Type::Small, Tokens::of(ui).sec);
    block.lines.iter().map(|words| paint::wrapped(ui.painter(), words, look, width)).collect()
}

/// What a line takes with the space to the next.
fn height_of(line: &Galley) -> f32 {
    (line.size().y + LEADING).max(LINE)
}

fn block(ui: &Ui, rect: Rect, block: &DetailSection, lines: Vec<Arc<Galley>>) {
    let DetailSection { head, lines: said } = block;
    let t = Tokens::of(ui);
    let at = pos2(rect.left(), rect.top() + 19.0);
    paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, head, (Type::BodyStrong, t.text), rect.width());
    let mut top = rect.top() + HEAD;
    for (index, (words, line)) in said.iter().zip(lines).enumerate() {
        let place = Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), height_of(&line)));
        let at = pos2(place.left(), place.center().y - line.size().y / 2.0);
        ui.painter().galley(at, line, t.sec);
        let response = ui.interact(place, ui.make_persistent_id((head, index)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
        top = place.bottom();
    }
}
