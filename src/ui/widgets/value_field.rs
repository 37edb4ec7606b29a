//! A value that is shown as text and becomes a field when it is clicked, Enter is pressed or a figure is typed on it.

use eframe::egui::text::{CCursor, CCursorRange, LayoutJob, TextFormat, TextWrapping};
use eframe::egui::widgets::text_edit::TextEditState;
use eframe::egui::{
    Align2, Event, Frame, Id, ImeEvent, Key, Margin, Modifiers, Rect, Response, Role, Sense, Stroke, StrokeKind,
    TextEdit, Ui, WidgetInfo, vec2,
};

use crate::text;
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};
use crate::ui::widgets::inside;

/// The most letters of a number and its unit.
const MOST_LETTERS: usize = 40;

/// What a value field shows and how it reads what is typed.
#[derive(Clone, Copy)]
pub struct ValueField<'a> {
    /// Its name for screen readers.
    pub name: &'a str,
    /// The value as shown; nothing where none is given.
    pub reading: &'a str,
    /// The unit behind it.
    pub unit: &'a str,
    /// What stands in the field where no value is given.
    pub hint: &'a str,
    /// Reads what is typed, or says in one line why it cannot stand there.
    pub parse: &'a dyn Fn(&str) -> Result<f64, String>,
    /// Drawn as a box even while it is not edited.
    pub boxed: bool,
}

/// What is being typed, from the first letter until it is taken or given up.
#[derive(Debug, Clone)]
struct FieldDraft {
    typed: String,
    /// The reading that it is to replace: once that changes by other hands, the draft has lost its object.
    over: String,
    /// It was to be taken and could not be.
    refused: bool,
    /// Nothing was done to it yet: all of it is selected.
    fresh: bool,
}

/// What a field that is to be opened by other hands begins with; its id is that of the field.
pub fn open(ui: &Ui, id: Id, reading: &str) {
    let draft = FieldDraft { typed: reading.replace(',', ""), over: reading.to_owned(), refused: false, fresh: true };
    ui.data_mut(|data| data.insert_temp(id, draft));
    ui.memory_mut(|memory| memory.request_focus(id.with("edit")));
}

/// Whether something is being typed into the field.
pub fn is_open(ui: &Ui, id: Id) -> bool {
    ui.data(|data| data.get_temp::<FieldDraft>(id)).is_some()
}

impl ValueField<'_> {
    /// Shows the field right-aligned in `rect`; the number that was typed, once it is confirmed.
    pub fn show(&self, ui: &mut Ui, rect: Rect, id: Id) -> Option<f64> {
        self.text(ui, rect, id).and_then(|typed| (self.parse)(&typed).ok())
    }

    /// The same; what was typed as it stands.
    pub fn text(&self, ui: &mut Ui, rect: Rect, id: Id) -> Option<String> {
        let draft: Option<FieldDraft> = ui.data(|data| data.get_temp(id));
        if let Some(draft) = draft.filter(|draft| draft.over == self.reading) {
            return self.edit(ui, rect, id, draft);
        }
        ui.data_mut(|data| data.remove::<FieldDraft>(id));
        self.rest(ui, rect, id);
        None
    }

    /// Why what was typed last could not be taken: it stays in the field until it is mended or given up.
    pub fn fault(&self, ui: &Ui, id: Id) -> Option<String> {
        let draft: FieldDraft = ui.data(|data| data.get_temp(id))?;
        if draft.refused { (self.parse)(&draft.typed).err() } else { None }
    }

    /// Says under the field, in a line of its own, why what was typed could not be taken.
    pub fn say_fault(&self, ui: &mut Ui, id: Id, width: f32) {
        let Some(fault) = self.fault(ui, id) else { return };
        let t = Tokens::of(ui);
        let ink = t.verdict(crate::estimate::Verdict::DoesNotFit);
        let galley = paint::wrapped(ui.painter(), &fault, (Type::Caption, ink), width);
        let (_, rect) = ui.allocate_space(vec2(width, galley.size().y + 6.0));
        let response = ui.interact(rect, id.with("fault"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &fault));
        let left = rect.right() - galley.size().x;
        ui.painter().galley(rect.min.max(eframe::egui::pos2(left, rect.top())), galley, ink);
    }

    /// What stands in the field before anything is typed: the number, or nothing where words stand for it.
    fn untouched(&self) -> String {
        let plain = self.reading.replace(',', "");
        if (self.parse)(&plain).is_ok() { plain } else { String::new() }
    }

    fn rest(&self, ui: &Ui, rect: Rect, id: Id) {
        let t = Tokens::of(ui);
        let padding = if self.boxed { 10.0 } else { 0.0 };
        let room = rect.width() - 2.0 * padding;
        let mut job = LayoutJob::default();
        if self.reading.is_empty() {
            job.append(self.hint, 0.0, TextFormat::simple(Type::Small.font(), t.faint));
        } else {
            job.append(self.reading, 0.0, TextFormat::simple(Type::BodyStrong.font(), t.text));
            // A long number is worth more than its unit, which the field's name says as well; the unit alone is worth
            // more than what is said of the number after it.
            let left = room - paint::width(ui.painter(), self.reading, Type::BodyStrong) - 4.0;
            let bare = self.unit.split([',', '，']).next().unwrap_or_default();
            let mut units = [self.unit, bare].into_iter();
            if let Some(unit) = units.find(|unit| paint::width(ui.painter(), unit, Type::Body) <= left) {
                job.append(unit, 4.0, TextFormat::simple(Type::Body.font(), t.faint));
            }
        }
        job.wrap = TextWrapping::truncate_at_width(room);
        let galley = ui.painter().layout_job(job);
        let corner = rect.right_center() - vec2(galley.size().x + padding, galley.size().y / 2.0);
        let hit = if self.boxed { rect } else { Rect::from_min_size(corner, galley.size()).expand2(vec2(4.0, 0.0)) };
        let response = ui.interact(hit, id, Sense::click());
        let value =
            if self.reading.is_empty() { self.hint.to_owned() } else { format!("{} {}", self.reading, self.unit) };
        response.widget_info(|| WidgetInfo {
            current_text_value: Some(value.clone()),
            ..WidgetInfo::labeled(Role::Button, ui.is_enabled(), self.name)
        });
        if self.boxed {
            ui.painter().rect(rect, radius::CONTROL, t.bg, Stroke::new(1.0, t.rail), StrokeKind::Inside);
        } else if response.hovered() {
            ui.painter().rect_filled(hit, radius::SEGMENT, t.hover);
        }
        ui.painter().galley(corner, galley, t.text);
        paint::focus_ring(ui, &response, radius::SEGMENT);
        let begun = if response.has_focus() { first_figure(ui) } else { None };
        if response.clicked() || begun.is_some() {
            let fresh = begun.is_none();
            let typed = begun.unwrap_or_else(|| self.untouched());
            let draft = FieldDraft { typed, over: self.reading.to_owned(), refused: false, fresh };
            ui.data_mut(|data| data.insert_temp(id, draft));
            ui.memory_mut(|memory| memory.request_focus(id.with("edit")));
        }
        let response = response.on_hover_text(self.name);
        super::say_value(ui, response.id, &value);
    }

    fn edit(&self, ui: &mut Ui, rect: Rect, id: Id, mut draft: FieldDraft) -> Option<String> {
        let t = Tokens::of(ui);
        let readable = (self.parse)(&draft.typed).is_ok();
        let outline = if readable { t.rail } else { t.verdict(crate::estimate::Verdict::DoesNotFit) };
        let frame = Frame::new()
            .fill(t.bg)
            .stroke(Stroke::new(1.0, outline))
            .corner_radius(radius::SEGMENT)
            .inner_margin(Margin::symmetric(6, 2));
        let width = if self.boxed { rect.width() } else { rect.width().min(150.0) };
        let place = Rect::from_min_max(rect.right_center() - vec2(width, 12.0), rect.right_center() + vec2(0.0, 12.0));
        let edited = id.with("edit");
        if ui.memory(|memory| memory.has_focus(edited)) {
            narrow(ui);
            self.step(ui, &mut draft.typed);
        }
        let edit = TextEdit::singleline(&mut draft.typed)
            .id(edited)
            .font(Type::Body.font())
            .frame(frame)
            .char_limit(MOST_LETTERS)
            .hint_text(self.hint)
            .align(Align2::RIGHT_CENTER)
            .desired_width(width - 12.0);
        // In a place of its own: what stands below must not move up while a value is typed.
        let response = inside(ui, "edit", place, |ui| ui.put(place, edit));
        response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, self.name));
        paint::focus_ring(ui, &response, radius::SEGMENT);
        if response.has_focus() && std::mem::take(&mut draft.fresh) {
            select_all(ui, &response, &draft.typed);
        }
        if response.lost_focus() {
            return self.end(ui, id, draft);
        }
        ui.data_mut(|data| data.insert_temp(id, draft));
        None
    }

    /// Takes what was typed where it can stand there; else keeps it in the field, to be mended.
    fn end(&self, ui: &Ui, id: Id, draft: FieldDraft) -> Option<String> {
        let given_up = ui.input(|input| input.key_pressed(Key::Escape));
        // A reading may be rounded: what nobody changed is not read back.
        if given_up || draft.typed == self.untouched() {
            ui.data_mut(|data| data.remove::<FieldDraft>(id));
            return None;
        }
        if (self.parse)(&draft.typed).is_ok() {
            ui.data_mut(|data| data.remove::<FieldDraft>(id));
            return Some(draft.typed);
        }
        ui.data_mut(|data| data.insert_temp(id, FieldDraft { refused: true, ..draft }));
        if ui.input(|input| input.key_pressed(Key::Enter)) {
            ui.memory_mut(|memory| memory.request_focus(id.with("edit")));
        }
        None
    }

    /// Arrows up and down change the number by its second digit, and by no less than one where it is whole.
    fn step(&self, ui: &Ui, typed: &mut String) {
        let steps = ui.input_mut(|input| {
            let up = input.count_and_consume_key(Modifiers::NONE, Key::ArrowUp);
            up as f64 - input.count_and_consume_key(Modifiers::NONE, Key::ArrowDown) as f64
        });
        let Some(number) = text::parse_number(typed).filter(|_| steps != 0.0) else { return };
        let digit = 10_f64.powf(number.abs().max(1e-3).log10().floor() - 1.0);
        let digit = if number.fract() == 0.0 { digit.max(1.0) } else { digit };
        let next = text::trimmed(number + steps * digit, 4).replace(',', "");
        if (self.parse)(&next).is_ok() {
            *typed = next;
        }
    }
}

/// A figure that is typed while the value has the keyboard.
fn first_figure(ui: &Ui) -> Option<String> {
    ui.input(|input| {
        input.events.iter().find_map(|event| match event {
            Event::Text(text) if text.starts_with(char::is_numeric) => Some(text.clone()),
            _ => None,
        })
    })
}

/// Full width, as a Chinese keyboard types it, becomes plain before it is laid out.
fn narrow(ui: &Ui) {
    ui.input_mut(|input| {
        for event in &mut input.events {
            if let Event::Text(text) | Event::Paste(text) | Event::Ime(ImeEvent::Commit(text)) = event {
                *text = text::narrow(text);
            }
        }
    });
}

fn select_all(ui: &Ui, response: &Response, typed: &str) {
    let mut state = TextEditState::load(ui.ctx(), response.id).unwrap_or_default();
    let whole = CCursorRange::two(CCursor::new(0), CCursor::new(typed.chars().count()));
    state.cursor.set_char_range(Some(whole));
    state.store(ui.ctx(), response.id);
}
