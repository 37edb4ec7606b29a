//! The stacked bar: what lies in one memory, in true proportion, and what does not fit in it.

use eframe::egui::{
    Align2, Id, Painter, Rangef, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Memory, Tokens};

/// GiB to points, the same for every bar of a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GibAxis {
    /// Where zero stands.
    pub left: f32,
    /// Points a GiB.
    pub points_per_gib: f32,
}

impl GibAxis {
    /// Where so many GiB stand.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
    pub fn x(&self, gib: f64) -> f32 {
        self.left + gib as f32 * self.points_per_gib
    }
}

/// How a segment is drawn: where its bytes lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lies {
    /// In VRAM (or in the system's own part of RAM): solid.
    InPlace,
    /// In RAM for want of VRAM: hatched.
    InRam,
    /// Nowhere: hatched with a dashed edge.
    Nowhere,
}

/// One component in a bar.
#[derive(Debug, Clone, PartialEq)]
pub struct BarSegment {
    /// Which component.
    pub component: Memory,
    /// How much, in GiB.
    pub gib: f64,
    /// Where it lies.
    pub lies: Lies,
    /// What it is, said first on hover.
    pub about: String,
    /// What is written on it where there is room, and shown on hover.
    pub label: String,
    /// What is written on it where there is little room.
    pub short: String,
}

/// A stacked bar of one memory.
pub struct MemoryBar<'a> {
    /// Tells it from the others of the picture.
    pub salt: (&'static str, usize),
    /// The whole bar as a sentence, for screen readers.
    pub spoken: &'a str,
    /// Top and bottom.
    pub rows: Rangef,
    /// The scale of the picture.
    pub axis: GibAxis,
    /// From the left end on.
    pub inside: &'a [BarSegment],
    /// From the capacity line on: what does not fit.
    pub beyond: &'a [BarSegment],
    /// What is written on that part.
    pub beyond_label: &'a str,
    /// End of the memory, in GiB.
    pub capacity: f64,
    /// So much of it, at its end, no program is offered, in GiB, and the words that say so on hover.
    pub withheld: (f64, &'a str),
    /// A line from so far above to 6 below the bar marks the end of VRAM.
    pub mark_above: Option<f32>,
    /// From here on, so much may be taken later: a dashed outline, in GiB.
    pub reserved: Option<(f64, f64)>,
    /// What is free on the detected card just now: a line so many GiB from the start, up to which a plan fits beside
    /// what runs already; its words stand at its left where there is room, and on hover.
    pub free_now: Option<(f64, &'a str)>,
}

impl MemoryBar<'_> {
    /// Draws the bar.
    pub fn show(&self, ui: &Ui) {
        let t = Tokens::of(ui);
        let end = self.axis.x(self.capacity);
        let outline = Rect::from_x_y_ranges(self.axis.left..=end, self.rows);
        let painter = ui.painter();
        painter.rect_filled(outline, 0, t.bg);
        let inside = self.stack(ui, self.inside, self.axis.left, "inside");
        let rest = Rect::from_x_y_ranges(self.axis.x(self.capacity - self.withheld.0)..=end, self.rows);
        if self.withheld.0 > 0.0 {
            painter.rect_filled(rest, 0, t.hover);
        }
        let beyond = self.stack(ui, self.beyond, end, "beyond");
        if !self.beyond_label.is_empty() && self.rows.span() >= 22.0 {
            let left = pos2(end + 6.0, self.rows.center());
            paint::plate(painter, left, self.beyond_label, (t.panel, t.text), beyond - end);
        }
        painter.rect_stroke(outline, 0, Stroke::new(1.5, t.text), StrokeKind::Outside);
        if let Some(above) = self.mark_above {
            painter.vline(end, outline.top() - above..=outline.bottom() + 6.0, Stroke::new(2.0, t.text));
        }
        if let Some((from, gib)) = self.reserved {
            let rect = Rect::from_x_y_ranges(self.axis.x(from)..=self.axis.x(from + gib), self.rows);
            paint::dashed(painter, rect.shrink2(vec2(2.0, 4.0)), Stroke::new(1.0, t.sec));
        }
        let whole = Rect::from_x_y_ranges(self.axis.left..=beyond.max(end).max(inside), self.rows);
        let response = ui.interact(whole, ui.make_persistent_id(self.salt), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, self.spoken));
        if self.withheld.0 > 0.0 {
            hint(ui, rest.expand2(vec2(2.0, 0.0)), ui.make_persistent_id((self.salt, "withheld")), self.withheld.1);
        }
        if let Some((free, words)) = self.free_now {
            self.free_now(ui, (free, inside), words, t);
        }
    }

    /// Draws segments side by side from `left` on; where they end.
    fn stack(&self, ui: &Ui, segments: &[BarSegment], left: f32, salt: &'static str) -> f32 {
        let id = ui.make_persistent_id((self.salt, salt));
        let mut gib = 0.0;
        let mut x = left;
        for (place, segment) in segments.iter().enumerate() {
            #[expect(clippy::cast_possible_truncation, reason = "a width on the screen")]
            let width = ui.ctx().animate_value_with_time(id.with(place), segment.gib as f32, ui.style().animation_time);
            gib += width;
            let right = left + gib * self.axis.points_per_gib;
            let rect = Rect::from_x_y_ranges(x..=right, self.rows);
            x = right;
            if segment.gib <= 0.0 || rect.width() < 0.25 {
                continue;
            }
            self.draw(ui.painter(), rect, segment, salt == "inside", Tokens::of(ui));
            let words = [segment.about.as_str(), &segment.label].join("\n");
            hint(ui, rect, id.with(("hover", place)), words.trim_start());
        }
        x
    }

    fn draw(&self, painter: &Painter, rect: Rect, segment: &BarSegment, labeled: bool, t: &Tokens) {
        let m = t.memory(segment.component);
        let ground = match segment.lies {
            Lies::InPlace => {
                paint::solid(painter, rect, segment.component, m);
                (m.fill, m.ink)
            }
            Lies::InRam | Lies::Nowhere => {
                paint::hatch(painter, rect, m, segment.lies == Lies::InRam);
                (t.panel, t.text)
            }
        };
        if labeled && self.rows.span() >= 22.0 {
            let fits = |words: &str| paint::plate_width(painter, words) <= rect.width();
            let words = [&segment.label, &segment.short].into_iter().find(|words| fits(words));
            if let Some(words) = words {
                paint::plate(painter, rect.left_center() + vec2(6.0, 0.0), words, ground, rect.width());
            }
        }
    }

    fn free_now(&self, ui: &Ui, (free, taken): (f64, f32), words: &str, t: &Tokens) {
        let x = self.axis.x(free.min(self.capacity));
        if self.rows.span() >= 22.0 && taken + paint::width(ui.painter(), words, Type::Caption) + 16.0 <= x {
            let offered = self.axis.x(self.capacity - self.withheld.0);
            let at = pos2(x.min(offered) - 8.0, self.rows.center());
            paint::text(ui.painter(), at, Align2::RIGHT_CENTER, words, Type::Caption, t.sec);
        }
        let line = [pos2(x, self.rows.min - 5.0), pos2(x, self.rows.max + 5.0)];
        ui.painter().extend(Shape::dashed_line(&line, Stroke::new(1.5, t.text), 4.0, 3.0));
        let near = Rect::from_two_pos(line[0], line[1]).expand2(vec2(4.0, 0.0));
        hint(ui, near, ui.make_persistent_id((self.salt, "free now")), words);
    }
}

/// Words at the pointer over a part of the bar.
fn hint(ui: &Ui, rect: Rect, id: Id, words: &str) {
    ui.interact(rect, id, Sense::hover()).on_hover_text_at_pointer(words);
}
