//! Puts the parts of the picture in their places.

use eframe::egui::{Align2, Rangef, Rect, Stroke, Ui, pos2};

use super::{CHIP, HEAD, LEFT, LaneTitle, MemoryLane, MemoryLanes, lane, words};
use crate::text;
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::Tokens;

impl MemoryLanes {
    /// Draws the picture in `rect`.
    pub fn show(&self, ui: &Ui, rect: Rect) {
        let several = self.lanes.len() > 2;
        for (place, lane) in self.lanes.iter().enumerate() {
            let rows = Rangef::new(rect.top() + lane.rows.min, rect.top() + lane.rows.max);
            let gap = self.lanes.get(place + 1).map_or(f32::INFINITY, |next| next.rows.min - lane.rows.max);
            let above = if place > 0 { lane.rows.min - self.lanes[place - 1].rows.max } else { f32::INFINITY };
            lane::show(ui, rect.left(), rows, (place, lane), self.thickness, gap.min(above));
            let mark = if lane.bar.marked { self.mark_above(ui, lane) } else { 0.0 };
            lane.bar.show(ui, ("bar", place), &lane.axis, rows, mark);
            let end = lane.bar.end(&lane.axis);
            if let Some(note) = &lane.beside {
                words::beside(ui, pos2(end + 12.0, rows.center()), note, (rows.span(), rect.right()));
            }
            if let Some(note) = &lane.below {
                words::below(ui, lane, rows, note);
            }
        }
        if several {
            unit_of_lanes(ui, rect);
        }
        if let Some(title) = &self.head {
            self.head(ui, rect, title);
        }
        let Some(last) = self.lanes.last() else { return };
        let bottom = rect.top() + last.rows.max;
        self.axis(ui, last, rect.right(), bottom);
        if let Some(title) = &self.foot {
            words::title(ui, pos2(last.axis.left, bottom + 33.0), title, rect.right());
        }
        if let (Some(link), [.., above, _]) = (&self.link, self.lanes.as_slice()) {
            let from = rect.top() + above.rows.max;
            link.show(ui, Rangef::new(from, rect.top() + last.rows.min), (&above.axis, &last.axis), rect.right());
        }
    }

    fn head(&self, ui: &Ui, rect: Rect, title: &LaneTitle) {
        let Some(first) = self.lanes.first() else { return };
        let y = rect.top() + HEAD / 2.0 - 2.0;
        let width = paint::width(ui.painter(), &title.at_end, Type::SmallStrong);
        let until = if title.at_end.is_empty() { rect.right() } else { rect.right() - width - 14.0 };
        let drawn = words::title(ui, pos2(first.axis.left, y), title, until);
        // Clear of the names where the bar is short.
        let end = first.bar.end(&first.axis).max(drawn + 14.0 + width).min(rect.right());
        let look = (Type::SmallStrong, Tokens::of(ui).text);
        paint::text(ui.painter(), pos2(end, y), Align2::RIGHT_CENTER, &title.at_end, look.0, look.1);
    }

    /// How far the mark at the end of VRAM may rise without crossing the title.
    fn mark_above(&self, ui: &Ui, lane: &MemoryLane) -> f32 {
        let Some(title) = &self.head else { return 14.0 };
        let named = lane.axis.left + words::width(ui, title);
        if named + 4.0 > lane.axis.x(lane.bar.capacity) { 3.0 } else { 14.0 }
    }

    /// Numbers under the last bar, at most ten of them.
    fn axis(&self, ui: &Ui, lane: &MemoryLane, right: f32, top: f32) {
        let (t, unit, axis) = (Tokens::of(ui), self.unit, &lane.axis);
        let drawn = f64::from((right - axis.left) / axis.points_per_gib.max(1e-6)) * unit.per_gib;
        let step = label_step(drawn);
        let capacity = lane.bar.capacity * unit.per_gib;
        let cut = axis.cuts.first().map(|cut| cut.from * unit.per_gib);
        let before = (0..10_u8).map(|place| f64::from(place) * step).take_while(|at| *at <= cut.unwrap_or(drawn));
        let marks: Vec<f64> = before.chain(cut.map(|_| capacity)).collect();
        for (place, at) in marks.iter().enumerate() {
            let x = axis.x(at / unit.per_gib);
            if x > right {
                break;
            }
            ui.painter().vline(x, top + 2.0..=top + 6.0, Stroke::new(1.0, t.rail));
            let words = text::decimal(*at, 0);
            let at = pos2(x, top + 14.0);
            let number = paint::text(ui.painter(), at, Align2::CENTER_CENTER, &words, Type::CaptionMono, t.faint);
            let after = pos2(number.right() + 5.0, top + 14.0);
            let last = marks.get(place + 1).is_none_or(|next| axis.x(next / unit.per_gib) > right);
            if last && after.x + 22.0 <= right {
                paint::text(ui.painter(), after, Align2::LEFT_CENTER, unit.name, Type::CaptionMono, t.faint);
            }
        }
    }
}

/// Low lanes have the unit of their rates above them.
fn unit_of_lanes(ui: &Ui, rect: Rect) {
    let at = pos2(rect.left() + f32::midpoint(CHIP, LEFT), rect.top() + HEAD / 2.0 - 2.0);
    paint::text(ui.painter(), at, Align2::CENTER_CENTER, "GB/s", Type::Caption, Tokens::of(ui).sec);
}

/// The power of two, 1 or more, that gives at most seven steps up to `most`.
fn label_step(most: f64) -> f64 {
    (most / 6.5).log2().ceil().exp2().max(1.0)
}

#[cfg(test)]
mod tests {
    use super::label_step;

    #[test]
    fn few_labels_whatever_the_size() {
        for (most, step) in [(0.0, 1.0), (6.5, 1.0), (7.0, 2.0), (64.0, 16.0), (416.0, 64.0), (26_624.0, 4096.0)] {
            assert_eq!(label_step(most), step, "{most}");
        }
        for exponent in 0..300 {
            let most = 10_f64.powi(exponent);
            assert!((1.0..=6.5).contains(&(most / label_step(most))), "{most}");
        }
    }
}
