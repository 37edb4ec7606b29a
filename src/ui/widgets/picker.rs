//! A field that opens a list: with a search field over it for long lists, plain for short ones.

use eframe::egui::{
    Align2, EventFilter, Frame, Id, Key, Margin, Popup, PopupCloseBehavior, Rect, Response, Role, ScrollArea, Sense,
    Stroke, StrokeKind, TextEdit, Ui, WidgetInfo, vec2,
};

use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{CLEAR, Tokens, radius, space};

/// What a picker shows while it is closed.
#[derive(Clone, Copy)]
pub struct Picker<'a> {
    /// Tells it from others, in every language.
    pub salt: &'static str,
    /// What is picked.
    pub name: &'a str,
    /// What is picked now, and a fact about it.
    pub current: (&'a str, &'a str),
    /// The words in the empty search field; no search where there are none.
    pub search: Option<&'a str>,
    /// What to say when nothing is found.
    pub nothing: fn(&str) -> String,
    /// Width and height of the field.
    pub size: (f32, f32),
    /// Words alone, right-aligned, without a box: for the reading over a slider.
    pub quiet: bool,
}

/// What is being searched, while the list is open.
#[derive(Debug, Clone, Default)]
struct PickerSearch {
    query: String,
    hits: Vec<usize>,
    marked: usize,
    /// The marked entry is to be brought into view.
    scroll: bool,
}

impl Picker<'_> {
    /// Shows the field and its list. `find` gives the entries for a query, best first (all of them for an empty one);
    /// `row` an entry's title and a fact about it. The entry that was picked.
    pub fn show(
        &self,
        ui: &mut Ui,
        find: impl Fn(&str) -> Vec<usize>,
        row: impl Fn(usize) -> (String, String),
    ) -> Option<usize> {
        let response = self.field(ui);
        self.show_under(ui, &response, find, row)
    }

    /// Shows the list alone, under a field that the caller drew and made clickable. What `size` says is its width.
    pub fn show_under(
        &self,
        ui: &mut Ui,
        response: &Response,
        find: impl Fn(&str) -> Vec<usize>,
        row: impl Fn(usize) -> (String, String),
    ) -> Option<usize> {
        let id = response.id.with("list");
        let popup = Popup::default_response_id(response);
        let open = Popup::is_id_open(ui.ctx(), popup);
        // Enter on a plain list also clicks the field that opened it, so it is asked for before the list is shown.
        if open && ui.input(|input| input.key_pressed(Key::Enter)) {
            let search: PickerSearch = ui.data(|data| data.get_temp(id)).unwrap_or_default();
            Popup::close_id(ui.ctx(), popup);
            response.request_focus();
            return search.hits.get(search.marked).copied();
        }
        if response.clicked() && !open {
            let hits = find("");
            let marked = hits.iter().position(|&entry| row(entry).0 == self.current.0).unwrap_or(0);
            let search = PickerSearch { hits, marked, scroll: true, ..PickerSearch::default() };
            ui.data_mut(|data| data.insert_temp(id, search));
        }
        if open && self.search.is_none() {
            let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        }
        let t = Tokens::of(ui);
        let frame = Frame::popup(ui.style()).fill(t.raised).inner_margin(Margin::same(6));
        // Names and facts of a catalog need more room than the field has.
        let width = if self.search.is_some() { 440.0 } else { self.size.0.max(150.0) };
        let shown = Popup::from_toggle_button_response(response)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .accessible_name(self.name)
            .width(width)
            .frame(frame)
            .show(|ui| {
                ui.set_width(width - 12.0);
                self.list(ui, id, &find, &row)
            });
        let picked = shown.and_then(|shown| shown.inner);
        if picked.is_some() {
            Popup::close_id(ui.ctx(), popup);
            response.request_focus();
        }
        picked
    }

    fn field(&self, ui: &mut Ui) -> Response {
        let (_, rect) = ui.allocate_space(vec2(self.size.0, self.size.1));
        let response = ui.interact(rect, ui.make_persistent_id(self.salt), Sense::click());
        response.widget_info(|| WidgetInfo {
            current_text_value: Some(self.current.0.to_owned()),
            ..WidgetInfo::labeled(Role::ComboBox, ui.is_enabled(), self.name)
        });
        if response.gained_focus() && !response.is_pointer_button_down_on() {
            response.scroll_to_me(None);
        }
        if self.quiet {
            self.draw_quiet(ui, rect, &response);
        } else {
            self.draw_boxed(ui, rect, &response);
        }
        paint::focus_ring(ui, &response, radius::CONTROL);
        response
    }

    fn draw_boxed(&self, ui: &Ui, rect: Rect, response: &Response) {
        let t = Tokens::of(ui);
        let painter = ui.painter();
        let searched = self.search.is_some();
        let (fill, outline) = if searched { (t.bg, t.rail) } else { (t.raised, t.line) };
        let fill = if response.hovered() { t.hover } else { fill };
        painter.rect(rect, radius::CONTROL, fill, Stroke::new(1.0, outline), StrokeKind::Inside);
        let mut left = rect.left_center() + vec2(10.0, 0.0);
        if searched && self.size.0 >= space::CONTROL {
            icons::draw(painter, left + vec2(6.0, 0.0), Icon::Search, t.sec);
            left.x += 22.0;
        }
        icons::draw(painter, rect.right_center() - vec2(15.0, 0.0), Icon::ChevronDown, t.sec);
        let right = rect.right_center() - vec2(28.0, 0.0);
        let step = if searched { Type::BodyStrong } else { Type::Body };
        let title = (step, t.text);
        let cut = paint::width(painter, self.current.0, step) > right.x - left.x;
        let drawn = paint::text_within(painter, left, Align2::LEFT_CENTER, self.current.0, title, right.x - left.x);
        if cut {
            response.clone().on_hover_text(self.current.0);
        }
        let room = right.x - drawn.right() - 10.0;
        if room > 24.0 {
            paint::text_within(painter, right, Align2::RIGHT_CENTER, self.current.1, (Type::Caption, t.faint), room);
        }
    }

    fn draw_quiet(&self, ui: &Ui, rect: Rect, response: &Response) {
        let t = Tokens::of(ui);
        let painter = ui.painter();
        let fact_width = paint::width(painter, self.current.1, Type::Body);
        let name_width = paint::width(painter, self.current.0, Type::BodyStrong);
        let words =
            Rect::from_min_max(rect.right_top() - vec2(fact_width + name_width + 4.0, 0.0), rect.right_bottom());
        if response.hovered() {
            painter.rect_filled(words.expand2(vec2(4.0, 0.0)), radius::SEGMENT, t.hover);
        }
        paint::text(painter, words.left_center(), Align2::LEFT_CENTER, self.current.0, Type::BodyStrong, t.text);
        paint::text(painter, words.right_center(), Align2::RIGHT_CENTER, self.current.1, Type::Body, t.faint);
    }

    fn list(
        &self,
        ui: &mut Ui,
        id: Id,
        find: &impl Fn(&str) -> Vec<usize>,
        row: &impl Fn(usize) -> (String, String),
    ) -> Option<usize> {
        let mut search: PickerSearch = ui.data(|data| data.get_temp(id)).unwrap_or_default();
        // Read before the field, which would otherwise keep the keys to itself.
        let step = ui.input(|input| {
            let step = isize::from(input.key_pressed(Key::ArrowDown)) - isize::from(input.key_pressed(Key::ArrowUp));
            let page = isize::from(input.key_pressed(Key::PageDown)) - isize::from(input.key_pressed(Key::PageUp));
            step + 8 * page
        });
        if let Some(hint) = self.search {
            let edit = TextEdit::singleline(&mut search.query)
                .id(id.with("query"))
                .hint_text(hint)
                .desired_width(f32::INFINITY);
            let response = ui.add(edit);
            response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, hint));
            if !response.has_focus() {
                response.request_focus();
            }
            if response.changed() {
                search.hits = find(&search.query);
                search.marked = 0;
                search.scroll = true;
            }
        }
        search.marked = search.marked.saturating_add_signed(step).min(search.hits.len().saturating_sub(1));
        if search.hits.is_empty() {
            ui.label((self.nothing)(&search.query));
        }
        let mut picked = None;
        ui.spacing_mut().item_spacing.y = 0.0;
        let height = space::ROW * 11.5;
        let mut area = ScrollArea::vertical().max_height(height).auto_shrink([false, true]);
        if step != 0 || std::mem::take(&mut search.scroll) {
            // A list that draws only what is in sight is scrolled by arithmetic.
            area = area.vertical_scroll_offset((search.marked as f32 * space::ROW - height / 2.0).max(0.0));
        }
        area.show_rows(ui, space::ROW, search.hits.len(), |ui, range| {
            for place in range {
                let Some(&entry) = search.hits.get(place) else { continue };
                let response = entry_row(ui, id.with(place), row(entry), place == search.marked);
                if response.clicked() {
                    picked = Some(entry);
                }
            }
        });
        ui.data_mut(|data| data.insert_temp(id, search));
        picked
    }
}

fn entry_row(ui: &mut Ui, id: Id, (title, fact): (String, String), marked: bool) -> Response {
    let t = Tokens::of(ui);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), space::ROW));
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(fact.clone()),
        ..WidgetInfo::selected(Role::ListBoxOption, true, marked, &title)
    });
    let fill = if marked || response.hovered() { t.hover } else { CLEAR };
    let painter = ui.painter();
    painter.rect_filled(rect, radius::SEGMENT, fill);
    let fact_rect =
        paint::text(painter, rect.right_center() - vec2(8.0, 0.0), Align2::RIGHT_CENTER, &fact, Type::Caption, t.faint);
    let room = fact_rect.left() - rect.left() - 16.0;
    let left = rect.left_center() + vec2(8.0, 0.0);
    paint::text_within(painter, left, Align2::LEFT_CENTER, &title, (Type::Body, t.text), room);
    response
}
