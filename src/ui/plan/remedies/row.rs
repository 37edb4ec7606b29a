//! One way: verdict, change, effect, and the button that applies it.

use std::sync::Arc;

use eframe::egui::{Align2, Galley, Painter, Pos2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::apply::WayOffer;
use super::effect::Effect;
use super::{LadderContext, WaysResponse, effect, tip};
use crate::advise::remedies::{Remedy, Standing};
use crate::estimate::Verdict;
use crate::text::{Join, Key};
use crate::ui::fonts::Type;
use crate::ui::theme::{Ink, Tokens};
use crate::ui::{icons, paint, words};

/// Where words stand, behind the icon.
pub(super) const INDENT: f32 = 24.0;
/// The button that applies.
pub(super) const BUTTON: eframe::egui::Vec2 = vec2(52.0, 24.0);
/// How much of an icon is seen where a change has no effect.
const IDLE: f32 = 0.5;
/// A name that is longer takes more lines, but no more than these.
const NAME_LINES: usize = 3;
/// Above the name, between it and the effect, and under the effect.
const ABOVE: f32 = 5.0;
const BETWEEN: f32 = 4.0;
const BELOW: f32 = 6.0;
/// Between the pieces of an effect.
const APART: f32 = 8.0;

/// A row laid out: its words, and how high they make it.
struct LaidOutRow {
    name: Arc<Galley>,
    /// The pieces of the effect, each where it stands in the row.
    effect: Vec<(Pos2, Arc<Galley>)>,
    height: f32,
}

impl LaidOutRow {
    /// Nothing is cut: what has no room beside stands below.
    fn new(painter: &Painter, name: &str, effect: &Effect, width: f32, (strong, faint): (Ink, Ink)) -> Self {
        let room = width - INDENT - BUTTON.x - 8.0;
        let name = paint::wrapped_in(painter, name, (Type::BodyStrong, strong), room, NAME_LINES);
        let pieces = effect.strong.iter().map(|part| (part, Type::Small, strong));
        let pieces = pieces.chain(Some((&effect.faint, Type::Caption, faint)).filter(|piece| !piece.0.is_empty()));
        let mut at = pos2(INDENT, ABOVE + name.size().y + BETWEEN);
        let mut bottom = at.y;
        let mut placed = Vec::new();
        for (words, step, ink) in pieces {
            let galley = paint::wrapped(painter, words, (step, ink), width - INDENT);
            if at.x > INDENT && at.x + galley.size().x > width {
                at = pos2(INDENT, bottom + 1.0);
            }
            bottom = bottom.max(at.y + galley.size().y);
            at.x += galley.size().x + APART;
            placed.push((at - vec2(galley.size().x + APART, 0.0), galley));
        }
        Self { name, effect: placed, height: bottom + BELOW }
    }
}

/// How a way stands: what comes to the same as the plan at hand changes nothing, however it is meant.
fn standing(way: &Remedy, drawn: LadderContext<'_>) -> Standing {
    match way.standing {
        Standing::Offered if way.after.is_like(&drawn.ladder.now) => Standing::NoChange,
        standing => standing,
    }
}

/// Whether a way helps, but not enough.
pub(super) fn is_too_little(way: &Remedy, drawn: LadderContext<'_>) -> bool {
    way.after.verdict == Verdict::DoesNotFit && standing(way, drawn) == Standing::Offered
}

pub(super) fn show(ui: &mut Ui, way: &Remedy, drawn: LadderContext<'_>, done: &mut WaysResponse) {
    named(ui, way, &drawn.speech.way(way), drawn, done);
}

/// The same under this name.
pub(super) fn named(ui: &mut Ui, way: &Remedy, name: &str, drawn: LadderContext<'_>, done: &mut WaysResponse) {
    let t = Tokens::of(ui);
    let effect = effect::of(way, drawn);
    let standing = standing(way, drawn);
    let idle = standing == Standing::NoChange;
    let inks = if idle { (t.faint, t.faint) } else { (t.text, t.faint) };
    let width = ui.available_width();
    let row = LaidOutRow::new(ui.painter(), name, &effect, width, inks);
    let (_, rect) = ui.allocate_space(vec2(width, row.height));
    let response = ui.interact(rect, ui.make_persistent_id("row"), Sense::hover());
    let verdict = drawn.speech.locale.word(words::verdict(way.after.verdict));
    let mut read = vec![name.to_owned(), verdict.to_owned()];
    read.extend(effect.strong.iter().chain(Some(&effect.faint)).filter(|part| !part.is_empty()).cloned());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, drawn.speech.locale.join(Join::Clauses, &read)));
    tip::beside(&response, |ui| tip::way(ui, way, name, drawn));
    let offer = WayOffer { name, plan: &way.plan, hovered: response.contains_pointer() };
    if !ui.is_rect_visible(rect) {
        // The button is there for the keyboard all the same.
        applied(ui, rect, standing, offer, drawn, done);
        return;
    }
    let mut painter = ui.painter().clone();
    painter.multiply_opacity(if idle { IDLE } else { 1.0 });
    icons::verdict(&painter, pos2(rect.left() + 8.0, rect.top() + 14.0), way.after.verdict, t);
    ui.painter().galley(rect.min + vec2(INDENT, ABOVE), row.name, inks.0);
    for (at, galley) in row.effect {
        ui.painter().galley(rect.min + at.to_vec2(), galley, inks.1);
    }
    applied(ui, rect, standing, offer, drawn, done);
}

fn applied(
    ui: &mut Ui,
    rect: Rect,
    standing: Standing,
    offer: WayOffer<'_>,
    drawn: LadderContext<'_>,
    done: &mut WaysResponse,
) {
    let t = Tokens::of(ui);
    match standing {
        Standing::Offered => {
            let place = Rect::from_min_size(pos2(rect.right() - BUTTON.x, rect.top() + 2.0), BUTTON);
            offer.show(ui, place, drawn, done);
        }
        Standing::Now => {
            let at = pos2(rect.right(), rect.top() + 14.0);
            let word = drawn.speech.locale.word(Key::StandingNow);
            paint::text(ui.painter(), at, Align2::RIGHT_CENTER, word, Type::Small, t.sec);
        }
        Standing::NoChange => {}
    }
}
