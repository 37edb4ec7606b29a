//! The stacked bar: what lies in one memory, in true proportion, and what does not.

use eframe::egui::{
    Align2, Id, Painter, Rangef, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::{BarSegment, CUT, GibAxis, LOW, Lies, MemoryBar};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::Tokens;
use crate::ui::widgets::looked_at;

/// How far the end of VRAM is marked below the bar.
const MARK_BELOW: f32 = 6.0;
/// How far an outline reaches beyond the bar.
const OUTSET: f32 = 4.0;
/// A tooth of a cut.
const TOOTH: f32 = 7.0;

/// A bar in its place.
struct DrawnBar<'a> {
    bar: &'a MemoryBar,
    axis: &'a GibAxis,
    rows: Rangef,
    id: Id,
}

impl MemoryBar {
    /// Where the bar ends with all that is beyond it.
    pub fn end(&self, axis: &GibAxis) -> f32 {
        axis.x(self.capacity + self.beyond.iter().map(|segment| segment.gib).sum::<f64>())
    }

    /// Draws the bar; the end of VRAM is marked so far `above` it.
    pub fn show(&self, ui: &Ui, salt: (&'static str, usize), axis: &GibAxis, rows: Rangef, above: f32) {
        let t = Tokens::of(ui);
        let drawn = DrawnBar { bar: self, axis, rows, id: ui.make_persistent_id(salt) };
        let end = axis.x(self.capacity);
        let outline = Rect::from_x_y_ranges(axis.left..=end, rows);
        let painter = ui.painter();
        painter.rect_filled(outline, 0, t.bg);
        let inside = drawn.stack(ui, &self.inside, 0.0, "inside");
        let offered = axis.x(self.capacity - self.kept.gib);
        let kept = Rect::from_x_y_ranges(offered..=end, rows);
        if self.kept.gib > 0.0 {
            painter.rect_filled(kept, 0, t.hover);
            painter.vline(offered, rows, Stroke::new(1.0, t.rail));
        }
        let beyond = drawn.stack(ui, &self.beyond, self.capacity, "beyond").max(end);
        if !self.beyond_label.is_empty() && rows.span() >= LOW {
            let left = pos2(end + 6.0, rows.center());
            paint::plate(painter, left, &self.beyond_label, (t.panel, t.text), beyond - end);
        }
        let taken = drawn.reserved(ui, inside, offered, t);
        drawn.free(ui, taken, offered, t);
        painter.rect_stroke(outline, 0, Stroke::new(1.5, t.text), StrokeKind::Outside);
        if above > 0.0 {
            painter.vline(end, outline.top() - above..=outline.bottom() + MARK_BELOW, Stroke::new(2.0, t.text));
        }
        for cut in &axis.cuts {
            zigzags(painter, axis.x(cut.from), rows, t);
        }
        let whole = Rect::from_x_y_ranges(axis.left..=beyond.max(inside), rows);
        let response = ui.interact(whole, drawn.id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &self.spoken));
        if self.kept.gib > 0.0 {
            hint(ui, kept.expand2(vec2(2.0, 0.0)), drawn.id.with("kept"), &self.kept.words);
        }
        drawn.free_now(ui, t);
        drawn.ghost(ui, t);
    }
}

impl DrawnBar<'_> {
    /// Draws segments side by side from so many GiB on; where they end.
    fn stack(&self, ui: &Ui, segments: &[BarSegment], from: f64, salt: &'static str) -> f32 {
        let id = self.id.with(salt);
        let mut gib = from;
        let mut x = self.axis.x(from);
        for (place, segment) in segments.iter().enumerate() {
            #[expect(clippy::cast_possible_truncation, reason = "a width on the screen")]
            let width = ui.ctx().animate_value_with_time(id.with(place), segment.gib as f32, ui.style().animation_time);
            gib += f64::from(width);
            let right = self.axis.x(gib);
            let rect = Rect::from_x_y_ranges(x..=right, self.rows);
            x = right;
            if segment.gib <= 0.0 || rect.width() < 0.25 {
                continue;
            }
            self.segment(ui.painter(), rect, segment, salt == "inside", Tokens::of(ui));
            let words = [segment.about.as_str(), &segment.label].join("\n");
            let hovered = hint(ui, rect, id.with(("hover", place)), words.trim_start());
            if let Some(program) = segment.program {
                if hovered {
                    looked_at::set(ui.ctx(), program);
                }
                if looked_at::is(ui.ctx(), program) {
                    let stroke = Stroke::new(2.0, Tokens::of(ui).text);
                    ui.painter().rect_stroke(rect, 0, stroke, StrokeKind::Inside);
                }
            }
        }
        x
    }

    fn segment(&self, painter: &Painter, rect: Rect, segment: &BarSegment, labeled: bool, t: &Tokens) {
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
        if labeled && self.rows.span() >= LOW {
            let room = self.room(rect);
            let fits = |words: &str| paint::plate_width(painter, words) <= room;
            let words = [&segment.label, &segment.short].into_iter().find(|words| fits(words));
            if let Some(words) = words {
                paint::plate(painter, rect.left_center() + vec2(6.0, 0.0), words, ground, room);
            }
        }
    }

    /// How much of a part is drawn before it is cut.
    fn room(&self, rect: Rect) -> f32 {
        let cuts = self.axis.cuts.iter().map(|cut| self.axis.x(cut.from));
        let first = cuts.filter(|x| *x > rect.left() && *x < rect.right()).fold(rect.right(), f32::min);
        first - rect.left()
    }

    /// Outlines what may be taken later; where the free part begins in which words stand.
    fn reserved(&self, ui: &Ui, inside: f32, offered: f32, t: &Tokens) -> f32 {
        let Some(mark) = &self.bar.reserved else { return inside };
        let painter = ui.painter();
        let end = self.axis.x(mark.from + mark.gib);
        let rect = Rect::from_x_y_ranges(self.axis.x(mark.from)..=end, self.rows);
        paint::dashed(painter, rect.shrink2(vec2(2.0, 4.0)), Stroke::new(1.0, t.sec));
        hint(ui, rect, self.id.with("reserved"), &mark.words);
        if self.rows.span() < LOW {
            return end;
        }
        let width = paint::width(painter, &mark.words, Type::Caption) + 16.0;
        let after = Rect::from_x_y_ranges(end..=offered.max(end), self.rows);
        let left = if mark.words.is_empty() {
            return inside;
        } else if width <= self.room(rect).min(offered - rect.left()) {
            rect.left() + 10.0
        } else if width <= self.room(after) {
            end + 8.0
        } else {
            return inside;
        };
        let drawn = paint::text(
            painter,
            pos2(left, self.rows.center()),
            Align2::LEFT_CENTER,
            &mark.words,
            Type::Caption,
            t.sec,
        );
        drawn.right().max(end)
    }

    /// Writes what is free in the middle of the free part, beside a cut.
    fn free(&self, ui: &Ui, taken: f32, offered: f32, t: &Tokens) {
        if self.bar.free.is_empty() || self.rows.span() < LOW {
            return;
        }
        let painter = ui.painter();
        let over = self.axis.cuts.iter().map(|cut| (self.axis.x(cut.from), self.axis.x(cut.to)));
        let taken = over.filter(|(from, to)| taken >= from - 1.0 && taken < *to).fold(taken, |_, (_, to)| to);
        let until = taken + self.room(Rect::from_x_y_ranges(taken..=offered, self.rows));
        if until - taken > paint::width(painter, &self.bar.free, Type::Small) + 16.0 {
            let at = pos2(f32::midpoint(taken, until), self.rows.center());
            paint::text(painter, at, Align2::CENTER_CENTER, &self.bar.free, Type::Small, t.sec);
        }
    }

    /// Outlines what would lie in the memory.
    fn ghost(&self, ui: &Ui, t: &Tokens) {
        let Some(mark) = &self.bar.ghost else { return };
        let right = self.axis.x(mark.from + mark.gib).min(ui.clip_rect().right());
        let rect = Rect::from_x_y_ranges(self.axis.x(mark.from)..=right, self.rows);
        paint::dashed(ui.painter(), rect.expand2(vec2(0.0, OUTSET)), Stroke::new(1.5, t.text));
    }

    /// What is free on a detected card: words at the left of the line where there is room, and on hover.
    fn free_now(&self, ui: &Ui, t: &Tokens) {
        let Some(mark) = &self.bar.free_now else { return };
        let x = self.axis.x(mark.gib.min(self.bar.capacity));
        let taken = self.axis.x(self.bar.inside.iter().map(|segment| segment.gib).sum());
        let painter = ui.painter();
        let alone = self.bar.free.is_empty() && self.bar.reserved.is_none();
        if alone && self.rows.span() >= LOW && taken + paint::width(painter, &mark.words, Type::Caption) + 16.0 <= x {
            let offered = self.axis.x(self.bar.capacity - self.bar.kept.gib);
            let at = pos2(x.min(offered) - 8.0, self.rows.center());
            paint::text(painter, at, Align2::RIGHT_CENTER, &mark.words, Type::Caption, t.sec);
        }
        let line = [pos2(x, self.rows.min - 5.0), pos2(x, self.rows.max + 5.0)];
        painter.extend(Shape::dashed_line(&line, Stroke::new(1.5, t.text), 4.0, 3.0));
        let near = Rect::from_two_pos(line[0], line[1]).expand2(vec2(4.0, 0.0));
        hint(ui, near, self.id.with("free now"), &mark.words);
    }
}

/// Two zigzags with nothing between them: here the bar is longer than it is drawn.
fn zigzags(painter: &Painter, left: f32, rows: Rangef, t: &Tokens) {
    let (top, bottom) = (rows.min - 4.0, rows.max + 4.0);
    let teeth = ((bottom - top) / TOOTH).round().max(2.0);
    let edge = |x: f32| -> Vec<_> {
        let at = |tooth: u8| {
            let y = top + (bottom - top) * f32::from(tooth) / teeth;
            pos2(if tooth.is_multiple_of(2) { x } else { x + 4.0 }, y)
        };
        (0..=u8::MAX).take_while(|tooth| f32::from(*tooth) <= teeth).map(at).collect()
    };
    let (one, other) = (edge(left), edge(left + CUT - 4.0));
    for pair in one.windows(2).zip(other.windows(2)) {
        let (a, b) = pair;
        painter.add(Shape::convex_polygon(vec![a[0], b[0], b[1], a[1]], t.bg, Stroke::new(1.0, t.bg)));
    }
    for line in [one, other] {
        painter.add(Shape::line(line, Stroke::new(1.5, t.text)));
    }
}

/// Words at the pointer over a part of the bar.
/// Says `words` of what the pointer is on in `rect`; whether it is.
fn hint(ui: &Ui, rect: Rect, id: Id, words: &str) -> bool {
    !words.is_empty() && ui.interact(rect, id, Sense::hover()).on_hover_text_at_pointer(words).hovered()
}
