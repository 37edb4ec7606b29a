//! The command palette: a search field over everything that can be asked for by name.

use eframe::egui::{
    Align2, Context, Frame, Id, Key as Press, Margin, Modal, Response, Role, ScrollArea, Sense, TextEdit, Ui, Vec2,
    WidgetInfo, vec2,
};

use super::command::Command;
use super::fonts::Type;
use super::paint;
use super::theme::{CLEAR, Tokens, radius, space};
use crate::text::find::matching;
use crate::text::{Key, Locale, Placeholder};

/// Width of the palette, in points.
const WIDTH: f32 = 560.0;
/// How far below the upper edge of the window it stands.
const TOP: f32 = 72.0;
/// Rows in sight.
const ROWS: f32 = 11.5;
/// Rows of a page.
const PAGE: isize = 10;

/// Something that can be asked for.
#[derive(Debug, Clone)]
pub struct PaletteItem {
    /// What it is called.
    pub title: String,
    /// What else finds it: its name in the other language, the first letters of its words.
    pub also: Vec<String>,
    /// Its keys, or a fact about it.
    pub fact: String,
    /// Why nothing comes of it just now.
    pub refused: Option<&'static str>,
    /// It is shown only where it is searched for: there are many like it.
    pub searched: bool,
    /// What it asks for.
    pub command: Command,
}

/// The palette while it is open.
#[derive(Debug)]
pub struct Palette {
    items: Vec<PaletteItem>,
    query: String,
    hits: Vec<usize>,
    marked: usize,
    scroll: bool,
}

/// What was done in the palette.
#[derive(Debug, Clone, PartialEq)]
pub enum PaletteDone {
    /// It was left.
    Left,
    /// This was asked for.
    Chosen(Command),
}

impl Palette {
    /// Over these items, in this order.
    pub fn of(items: Vec<PaletteItem>) -> Self {
        let mut palette = Self { items, query: String::new(), hits: Vec::new(), marked: 0, scroll: true };
        palette.search();
        palette
    }

    fn search(&mut self) {
        let names = |item: &PaletteItem| -> Vec<String> {
            std::iter::once(item.title.clone()).chain(item.also.iter().cloned()).collect()
        };
        let names: Vec<Vec<String>> = self.items.iter().map(names).collect();
        let found = matching(names.iter().map(|names| names.iter().map(String::as_str)), &self.query);
        let all = !self.query.trim().is_empty();
        self.hits = found.into_iter().filter(|&place| all || !self.items[place].searched).collect();
        self.marked = 0;
        self.scroll = true;
    }

    /// Draws it; what was done.
    pub fn show(&mut self, ctx: &Context, locale: Locale) -> Option<PaletteDone> {
        let id = Id::unique("palette");
        let area = Modal::default_area(id).anchor(Align2::CENTER_TOP, vec2(0.0, TOP));
        let frame = Frame::popup(&ctx.global_style()).inner_margin(Margin::same(8));
        let mut done = None;
        let modal = Modal::new(id).area(area).frame(frame).show(ctx, |ui| {
            ui.set_width(WIDTH.min(ctx.content_rect().width() - 48.0));
            done = self.content(ui, id, locale);
        });
        done.or_else(|| modal.should_close().then_some(PaletteDone::Left))
    }

    fn content(&mut self, ui: &mut Ui, id: Id, locale: Locale) -> Option<PaletteDone> {
        let t = Tokens::of(ui);
        // Read before the field, which would otherwise keep the keys to itself.
        let step = ui.input_mut(|input| {
            let mut pressed = |key| isize::from(input.consume_key(eframe::egui::Modifiers::NONE, key));
            pressed(Press::ArrowDown) - pressed(Press::ArrowUp)
                + PAGE * (pressed(Press::PageDown) - pressed(Press::PageUp))
        });
        let enter = ui.input(|input| input.key_pressed(Press::Enter));
        let hint = locale.word(Key::PaletteHint);
        let field = TextEdit::singleline(&mut self.query).id(id.with("query")).hint_text(hint);
        let field = ui.add(field.desired_width(f32::INFINITY).margin(Margin::symmetric(8, 6)));
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, locale.word(Key::Palette)));
        if !field.has_focus() {
            field.request_focus();
        }
        if field.changed() {
            self.search();
        }
        self.marked = self.marked.saturating_add_signed(step).min(self.hits.len().saturating_sub(1));
        ui.add_space(space::S);
        if self.hits.is_empty() {
            let words = locale.sentence(Key::NothingFound, &[(Placeholder::Query, &self.query)]);
            ui.colored_label(t.sec, words);
        }
        let clicked = self.list(ui, id, step != 0);
        let chosen = clicked.or_else(|| enter.then_some(self.marked))?;
        let item = self.items.get(*self.hits.get(chosen)?)?;
        item.refused.is_none().then(|| PaletteDone::Chosen(item.command.clone()))
    }

    fn list(&mut self, ui: &mut Ui, id: Id, moved: bool) -> Option<usize> {
        ui.spacing_mut().item_spacing.y = 0.0;
        let height = space::ROW * ROWS;
        let mut area = ScrollArea::vertical().max_height(height).auto_shrink([false, true]);
        if moved || std::mem::take(&mut self.scroll) {
            // A list that draws only what is in sight is scrolled by arithmetic.
            area = area.vertical_scroll_offset((self.marked as f32 * space::ROW - height / 2.0).max(0.0));
        }
        let mut clicked = None;
        area.show_rows(ui, space::ROW, self.hits.len(), |ui, range| {
            for place in range {
                let Some(item) = self.hits.get(place).and_then(|&item| self.items.get(item)) else { continue };
                if row(ui, id.with(place), item, place == self.marked).clicked() {
                    clicked = Some(place);
                }
            }
        });
        clicked
    }
}

fn row(ui: &mut Ui, id: Id, item: &PaletteItem, marked: bool) -> Response {
    let t = Tokens::of(ui);
    let able = item.refused.is_none();
    let (_, rect) = ui.allocate_space(Vec2::new(ui.available_width(), space::ROW));
    let response = ui.interact(rect, id, if able { Sense::click() } else { Sense::hover() });
    let fact = item.refused.unwrap_or(&item.fact);
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(fact.to_owned()),
        ..WidgetInfo::selected(Role::ListBoxOption, able, marked, &item.title)
    });
    let fill = if marked || response.hovered() { t.hover } else { CLEAR };
    let painter = ui.painter();
    painter.rect_filled(rect, radius::SEGMENT, fill);
    let right = rect.right_center() - vec2(10.0, 0.0);
    let look = (Type::Caption, if able { t.sec } else { t.faint });
    let written = paint::text_within(painter, right, Align2::RIGHT_CENTER, fact, look, rect.width() * 0.5);
    let left = rect.left_center() + vec2(10.0, 0.0);
    let look = (Type::Body, if able { t.text } else { t.faint });
    paint::text_within(painter, left, Align2::LEFT_CENTER, &item.title, look, written.left() - left.x - 12.0);
    response
}
