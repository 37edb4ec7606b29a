//! One way: verdict, change, effect, and the button that applies it.

use eframe::egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::apply::WayOffer;
use super::{LadderContext, WaysResponse, effect, tip};
use crate::advise::remedies::{Remedy, Standing};
use crate::estimate::Verdict;
use crate::text::{Join, Key};
use crate::ui::fonts::Type;
use crate::ui::theme::Tokens;
use crate::ui::{icons, paint, words};

/// Where words stand, behind the icon.
pub(super) const INDENT: f32 = 24.0;
/// The button that applies.
pub(super) const BUTTON: eframe::egui::Vec2 = vec2(52.0, 24.0);
/// How much of an icon is seen where a change has no effect.
const IDLE: f32 = 0.5;
/// Height of a row; with the cost on a line of its own the larger.
const HEIGHT: (f32, f32) = (48.0, 62.0);

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
    let height = if drawn.narrow { HEIGHT.1 } else { HEIGHT.0 };
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height));
    let effect = effect::of(way, drawn);
    let response = ui.interact(rect, ui.make_persistent_id("row"), Sense::hover());
    let verdict = drawn.speech.locale.word(words::verdict(way.after.verdict));
    let mut read = vec![name.to_owned(), verdict.to_owned()];
    read.extend(effect.strong.iter().chain(Some(&effect.faint)).filter(|part| !part.is_empty()).cloned());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, drawn.speech.locale.join(Join::Clauses, &read)));
    tip::beside(&response, |ui| tip::way(ui, way, name, drawn));
    let offer = WayOffer { name, plan: &way.plan, hovered: response.contains_pointer() };
    let standing = standing(way, drawn);
    if !ui.is_rect_visible(rect) {
        // The button is there for the keyboard all the same.
        applied(ui, rect, standing, offer, drawn, done);
        return;
    }
    let idle = standing == Standing::NoChange;
    let (strong, plain) = if idle { (t.faint, t.faint) } else { (t.text, t.text) };
    let first = rect.left() + INDENT;
    let line = |y: f32| pos2(first, rect.top() + y);
    let mut painter = ui.painter().clone();
    painter.multiply_opacity(if idle { IDLE } else { 1.0 });
    icons::verdict(&painter, pos2(rect.left() + 8.0, rect.top() + 14.0), way.after.verdict, t);
    let room = rect.width() - INDENT - BUTTON.x - 8.0;
    paint::text_within(ui.painter(), line(14.0), Align2::LEFT_CENTER, name, (Type::BodyStrong, strong), room);
    let mut at = line(35.0);
    for part in &effect.strong {
        let written = paint::text(ui.painter(), at, Align2::LEFT_CENTER, part, Type::Small, plain);
        at.x = written.right() + 8.0;
    }
    if drawn.narrow {
        at = line(52.0);
    }
    let look = (Type::Caption, t.faint);
    let button = if idle || drawn.narrow { 0.0 } else { BUTTON.x + 4.0 };
    // The second line ends under the button, which is higher than it.
    let room = rect.right() - at.x - if at.y - rect.top() > 30.0 { 0.0 } else { button };
    paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &effect.faint, look, room);
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
