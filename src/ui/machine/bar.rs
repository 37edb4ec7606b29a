//! A measured memory as a bar: gray by program, free where nothing is drawn, all bars of the page on one axis.

use eframe::egui::{Align2, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::text::Locale;
use crate::text::{Join, Key};
use crate::ui::axes;
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Ink, Tokens, mix};
use crate::ui::words;
use crate::units::Bytes;

/// What is measured is gray: so much of the ink of text in the ground, the largest program first.
const SHADES: [f32; 3] = [0.56, 0.42, 0.26];
/// Between the end of a bar and what is said of it.
const BESIDE: f32 = 220.0;

/// The axis of all bars, in GiB over points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    most: f64,
    width: f32,
}

impl Axis {
    /// One on which the largest memory leaves room for what is said beside it.
    pub(super) fn of(memories: impl Iterator<Item = Bytes>, width: f32) -> Self {
        let most = memories.map(Bytes::gib).fold(1.0, f64::max);
        Self { most, width: (width - BESIDE).max(80.0) }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a width on the screen")]
    pub(super) fn points(self, bytes: Bytes) -> f32 {
        (bytes.gib() / self.most) as f32 * self.width
    }

    /// Marks under the bars.
    pub(super) fn show(self, ui: &mut Ui) {
        let t = Tokens::of(ui);
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 22.0));
        for mark in axes::marks((0.0, self.most), axes::grid(self.most), 0.0) {
            let x = rect.left() + self.points(Bytes::from_gib(mark.value));
            ui.painter().vline(x, rect.top()..=rect.top() + 4.0, Stroke::new(1.0, t.rail));
            let words = crate::text::trimmed(mark.value, 1);
            let anchor = if mark.value == 0.0 { Align2::LEFT_TOP } else { Align2::CENTER_TOP };
            paint::text(ui.painter(), pos2(x, rect.top() + 7.0), anchor, &words, Type::CaptionMono, t.faint);
        }
    }
}

/// A part of a bar.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) bytes: Bytes,
    /// It is nobody's that is named.
    pub(super) rest: bool,
}

impl Part {
    /// As it is read aloud: `llama-server 21.1 GiB`.
    pub(super) fn spoken(&self) -> String {
        format!("{} {}", self.name, words::gib(self.bytes))
    }
}

/// All of a bar, read aloud.
pub(super) fn spoken(name: &str, summary: &str, parts: &[Part], locale: Locale) -> String {
    let parts = parts.iter().map(Part::spoken);
    locale.join(Join::Phrases, [name.to_owned(), summary.to_owned()].into_iter().chain(parts))
}

/// What of `used` no part names, as a part of its own.
pub(super) fn with_rest(mut parts: Vec<Part>, used: Bytes, rest: Key, locale: Locale) -> Vec<Part> {
    let named: Bytes = parts.iter().map(|part| part.bytes).sum();
    let bytes = used.saturating_sub(named);
    if bytes > Bytes::ZERO {
        parts.push(Part { name: locale.word(rest).to_owned(), bytes, rest: true });
    }
    parts
}

/// Draws the bar from `rect`'s left; its rectangle.
pub(super) fn draw(ui: &Ui, rect: Rect, (total, axis): (Bytes, Axis), parts: &[Part]) -> Rect {
    let t = Tokens::of(ui);
    let painter = ui.painter();
    let whole = Rect::from_min_size(rect.min + vec2(1.0, 0.0), vec2(axis.points(total).max(4.0), rect.height()));
    painter.rect_filled(whole, 0, t.bg);
    let mut left = whole.left();
    let mut named = 0;
    for part in parts {
        let shade = if part.rest { SHADES.len() - 1 } else { named.min(SHADES.len() - 1) };
        named += usize::from(!part.rest);
        let right = (left + axis.points(part.bytes)).min(whole.right());
        let segment = Rect::from_x_y_ranges(left..=right, whole.y_range());
        left = right;
        painter.rect_filled(segment, 0, mix(t.bg, t.text, SHADES[shade]));
        if segment.width() >= 3.0 {
            painter.vline(segment.right(), segment.y_range(), Stroke::new(1.0, t.bg));
        }
        let words = format!("{} {}", part.name, words::gib_bare(part.bytes));
        let words = words.trim();
        let ink: Ink = if shade == 0 { t.bg } else { t.text };
        if paint::width(painter, words, Type::SmallStrong) + 16.0 <= segment.width() {
            let at = segment.left_center() + vec2(8.0, 0.0);
            paint::text(painter, at, Align2::LEFT_CENTER, words, Type::SmallStrong, ink);
        }
    }
    painter.rect_stroke(whole, 0, Stroke::new(1.5, t.text), StrokeKind::Outside);
    whole
}
