//! How a figure differs: an arrow by its direction, its color by whether that is better, and so much.

use eframe::egui::{Align2, Pos2, Ui, pos2};

use crate::advise::compare::words::difference;
use crate::advise::compare::{Difference, Figure};
use crate::estimate::Verdict;
use crate::text::Locale;
use crate::ui::fonts::Type;
use crate::ui::icons;
use crate::ui::paint;
use crate::ui::theme::{Ink, Tokens};

/// An arrow and what is behind it.
const ARROW: f32 = 14.0;

/// The color of what is better, or worse, for who runs the plan.
pub(super) const fn ink(better: bool, t: &Tokens) -> Ink {
    t.verdict(if better { Verdict::Fits } else { Verdict::DoesNotFit })
}

/// Draws it at the left or the right of a place, in no more than `room`.
pub(super) fn show(
    ui: &Ui,
    at: Pos2,
    anchor: Align2,
    (figure, found): (Figure, Difference),
    locale: Locale,
    room: f32,
) {
    let t = Tokens::of(ui);
    let words = difference(figure, found, locale);
    let Difference::Differs { more, better, .. } = found else {
        paint::text_within(ui.painter(), at, anchor, &words, (Type::Small, t.faint), room);
        return;
    };
    let width = paint::width(ui.painter(), &words, Type::Small).min(room - ARROW);
    let left = if anchor == Align2::RIGHT_CENTER { at.x - width } else { at.x + ARROW };
    let look = (Type::Small, t.sec);
    paint::text_within(ui.painter(), pos2(left, at.y), Align2::LEFT_CENTER, &words, look, room - ARROW);
    icons::arrow(ui.painter(), pos2(left - ARROW + 5.0, at.y), more, ink(better, t));
}
