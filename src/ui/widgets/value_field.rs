//! A value that is shown as text and becomes a field when it is clicked or Enter is pressed on it.

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{
    Align2, Frame, Id, Key, Margin, Rect, Role, Sense, Stroke, StrokeKind, TextEdit, Ui, WidgetInfo, vec2,
};

use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};
use crate::ui::widgets::inside;

/// What a value field shows and how it reads what is typed.
#[derive(Clone, Copy)]
pub struct ValueField<'a> {
    /// Its name for screen readers.
    pub name: &'a str,
    /// The value as shown.
    pub reading: &'a str,
    /// The unit behind it.
    pub unit: &'a str,
    /// Reads what is typed.
    pub parse: &'a dyn Fn(&str) -> Option<f64>,
    /// Drawn as a box even while it is not edited.
    pub boxed: bool,
}

impl ValueField<'_> {
    /// Shows the field right-aligned in `rect`; the number that was typed, once it is confirmed.
    pub fn show(&self, ui: &mut Ui, rect: Rect, id: Id) -> Option<f64> {
        self.text(ui, rect, id).and_then(|typed| (self.parse)(&typed))
    }

    /// The same; what was typed as it stands.
    pub fn text(&self, ui: &mut Ui, rect: Rect, id: Id) -> Option<String> {
        let draft: Option<String> = ui.data(|data| data.get_temp(id));
        if let Some(draft) = draft {
            return self.edit(ui, rect, id, draft);
        }
        self.rest(ui, rect, id);
        None
    }

    /// What stands in the field before anything is typed: the number, or nothing where words stand for it.
    fn untouched(&self) -> String {
        let plain = self.reading.replace(',', "");
        if (self.parse)(&plain).is_some() { plain } else { String::new() }
    }

    fn rest(&self, ui: &Ui, rect: Rect, id: Id) {
        let t = Tokens::of(ui);
        let mut job = LayoutJob::default();
        job.append(self.reading, 0.0, TextFormat::simple(Type::BodyStrong.font(), t.text));
        if !self.unit.is_empty() {
            job.append(self.unit, 4.0, TextFormat::simple(Type::Body.font(), t.faint));
        }
        let galley = ui.painter().layout_job(job);
        let padding = if self.boxed { 10.0 } else { 0.0 };
        let corner = rect.right_center() - vec2(galley.size().x + padding, galley.size().y / 2.0);
        let hit = if self.boxed { rect } else { Rect::from_min_size(corner, galley.size()).expand2(vec2(4.0, 0.0)) };
        let response = ui.interact(hit, id, Sense::click());
        response.widget_info(|| {
            let value = format!("{} {}", self.reading, self.unit);
            WidgetInfo {
                current_text_value: Some(value),
                ..WidgetInfo::labeled(Role::Button, ui.is_enabled(), self.name)
            }
        });
        if self.boxed {
            ui.painter().rect(rect, radius::CONTROL, t.bg, Stroke::new(1.0, t.rail), StrokeKind::Inside);
        } else if response.hovered() {
            ui.painter().rect_filled(hit, radius::SEGMENT, t.hover);
        }
        ui.painter().galley(corner, galley, t.text);
        paint::focus_ring(ui, &response, radius::SEGMENT);
        if response.clicked() {
            ui.data_mut(|data| data.insert_temp(id, self.untouched()));
            ui.memory_mut(|memory| memory.request_focus(id.with("edit")));
        }
        response.on_hover_text(self.name);
    }

    fn edit(&self, ui: &mut Ui, rect: Rect, id: Id, mut draft: String) -> Option<String> {
        let t = Tokens::of(ui);
        let readable = (self.parse)(&draft).is_some();
        let outline = if readable { t.rail } else { t.verdict(crate::estimate::Verdict::DoesNotFit) };
        let frame = Frame::new()
            .fill(t.bg)
            .stroke(Stroke::new(1.0, outline))
            .corner_radius(radius::SEGMENT)
            .inner_margin(Margin::symmetric(6, 2));
        let width = rect.width().min(120.0);
        let place = Rect::from_min_max(rect.right_center() - vec2(width, 12.0), rect.right_center() + vec2(0.0, 12.0));
        let edit = TextEdit::singleline(&mut draft)
            .id(id.with("edit"))
            .font(Type::Body.font())
            .frame(frame)
            .align(Align2::RIGHT_CENTER)
            .desired_width(width - 12.0);
        // In a place of its own: what stands below must not move up while a value is typed.
        let response = inside(ui, "edit", place, |ui| ui.put(place, edit));
        response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, self.name));
        paint::focus_ring(ui, &response, radius::SEGMENT);
        if response.lost_focus() {
            ui.data_mut(|data| data.remove::<String>(id));
            let given_up = ui.input(|input| input.key_pressed(Key::Escape));
            // A reading may be rounded: what nobody changed is not read back.
            let kept = given_up || draft == self.untouched();
            return (!kept).then_some(draft);
        }
        ui.data_mut(|data| data.insert_temp(id, draft));
        None
    }
}
