//! Where the parts of the view stand.

use eframe::egui::{Rect, pos2, vec2};

use super::{strip, timeline};

/// Beside the stage.
const MARGIN: f32 = 44.0;
/// Height of what is said under the stage.
const CAPTION: f32 = 104.0;
/// The widest that is said on one line.
const CAPTION_WIDTH: f32 = 1040.0;
/// Share of the width that ways out and sliders take beside the caption.
const BESIDE: f32 = 0.58;
/// The same in a window that is narrower than so many points.
const BESIDE_NARROW: f32 = 0.5;
const NARROW: f32 = 1200.0;
/// Share of the width that shows what was before.
const BEFORE: f32 = 0.32;

/// What the view shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// The caption alone under the stage.
    Telling,
    /// Ways out or sliders beside the caption.
    WithWays,
    /// The full window: the stage, the caption, next and back.
    Presenting,
}

/// Where the parts of the view stand.
pub(super) struct Layout {
    pub(super) strip: Rect,
    pub(super) stage: Rect,
    pub(super) caption: Rect,
    pub(super) beside: Rect,
    pub(super) timeline: Rect,
}

impl Layout {
    pub(super) fn of(rect: Rect, look: Look) -> Self {
        let margin = MARGIN.min(rect.width() / 30.0);
        let (left, right) = (rect.left() + margin, rect.right() - margin);
        let strip_height = if look == Look::Presenting { 0.0 } else { strip::HEIGHT };
        let strip = Rect::from_min_max(rect.min, pos2(rect.right(), rect.top() + strip_height));
        let bottom = rect.bottom() - 6.0;
        let timeline = Rect::from_min_max(pos2(left, bottom - timeline::HEIGHT), pos2(right, bottom));
        let foot = Rect::from_min_max(pos2(left, timeline.top() - CAPTION), pos2(right, timeline.top()));
        let split = match look {
            Look::WithWays if rect.width() < NARROW => foot.right() - foot.width() * BESIDE_NARROW,
            Look::WithWays => foot.right() - foot.width() * BESIDE,
            Look::Telling | Look::Presenting => foot.right().min(left + CAPTION_WIDTH),
        };
        Self {
            strip,
            stage: Rect::from_min_max(pos2(left, strip.bottom() + 12.0), pos2(right, foot.top() - 12.0)),
            caption: Rect::from_min_max(foot.min + vec2(0.0, 10.0), pos2(split, foot.bottom())),
            beside: Rect::from_min_max(pos2(split + 28.0, foot.top() + 12.0), foot.max),
            timeline,
        }
    }
}

/// The stage where nothing moves: what was before, and what is now.
pub(super) fn split(room: Rect) -> [Rect; 2] {
    let middle = room.left() + room.width() * BEFORE;
    [
        Rect::from_min_max(room.min, pos2(middle - 12.0, room.bottom())),
        Rect::from_min_max(pos2(middle + 12.0, room.top()), room.max),
    ]
}
