//! A field that opens a list: with a search field over it for long lists, plain for short ones.

mod list;

use eframe::egui::{
    Align2, Event, EventFilter, Frame, Key, Margin, Popup, PopupCloseBehavior, Rect, Response, Role, Sense,
    SetOpenCommand, Stroke, StrokeKind, Ui, WidgetInfo, vec2,
};

pub use list::{ListItem, ListLine, VerdictMark};
use list::{OpenList, PickerSearch};

use super::{keep_arrows, say_value};
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius, space};

/// Names and facts of a catalog need more room than the field has.
const SEARCHED_WIDTH: f32 = 460.0;
/// A plain list is no narrower than this.
const LEAST_WIDTH: f32 = 150.0;
/// Around the list, and of the window that is left open beside it.
const MARGIN: f32 = 6.0;

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
        let current = || find("").into_iter().find(|entry| row(*entry).0 == self.current.0);
        let items = |query: &str| find(query).into_iter().map(ListItem::Entry).collect();
        let line = |entry| {
            let (title, fact) = row(entry);
            ListLine { title, fact, mark: None }
        };
        self.show_items(ui, response, current, items, line)
    }

    /// Shows the list under a field that was drawn before, with headings among the entries. `current` is the entry that
    /// is marked when the list opens; `line` is asked for those in sight alone.
    pub fn show_items(
        &self,
        ui: &mut Ui,
        response: &Response,
        current: impl FnOnce() -> Option<usize>,
        find: impl Fn(&str) -> Vec<ListItem>,
        mut line: impl FnMut(usize) -> ListLine,
    ) -> Option<usize> {
        let id = response.id.with("list");
        let popup = Popup::default_response_id(response);
        let open = Popup::is_id_open(ui.ctx(), popup);
        // Enter on a plain list also clicks the field that opened it, so it is asked for before the list is shown.
        if open && ui.input(|input| input.key_pressed(Key::Enter)) {
            let search: PickerSearch = ui.data(|data| data.get_temp(id)).unwrap_or_default();
            Popup::close_id(ui.ctx(), popup);
            response.request_focus();
            return search.marked_entry();
        }
        let typed = if open { None } else { self.typed_on(ui, response) };
        if let Some(query) = &typed {
            ui.data_mut(|data| data.insert_temp(id, PickerSearch::of(find(""), None).with(query, find(query))));
        } else if response.clicked() && !open {
            ui.data_mut(|data| data.insert_temp(id, PickerSearch::of(find(""), current())));
        }
        if open && self.search.is_none() {
            keep_arrows(ui, response.id, EventFilter { vertical_arrows: true, ..EventFilter::default() });
        }
        let set = match typed {
            Some(_) => Some(SetOpenCommand::Bool(true)),
            None => response.clicked().then_some(SetOpenCommand::Toggle),
        };
        let picked = self.unfold(ui, response, set, &find, &mut line);
        if picked.is_some() {
            Popup::close_id(ui.ctx(), popup);
            response.request_focus();
        }
        picked
    }

    /// The list itself, where it is open; the entry that was clicked.
    fn unfold(
        &self,
        ui: &Ui,
        response: &Response,
        set: Option<SetOpenCommand>,
        find: &impl Fn(&str) -> Vec<ListItem>,
        line: &mut impl FnMut(usize) -> ListLine,
    ) -> Option<usize> {
        let id = response.id.with("list");
        let frame = Frame::popup(ui.style()).fill(Tokens::of(ui).raised).inner_margin(Margin::same(6));
        let window = ui.ctx().content_rect();
        let width = if self.search.is_some() { SEARCHED_WIDTH } else { self.size.0.max(LEAST_WIDTH) };
        let width = width.min(window.width() - 4.0 * MARGIN);
        // Below the field or above it, whichever has more room.
        let room = (window.bottom() - response.rect.bottom()).max(response.rect.top() - window.top());
        let list = OpenList { hint: self.search, nothing: self.nothing, room: room - 6.0 * MARGIN };
        let shown = Popup::from_response(response)
            .open_memory(set)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .accessible_name(self.name)
            .width(width)
            .frame(frame)
            .show(|ui| {
                ui.set_width(width - 2.0 * MARGIN);
                list.show(ui, id, find, line)
            });
        shown.and_then(|shown| shown.inner)
    }

    /// What is typed while the closed field has the keyboard: the beginning of a search.
    fn typed_on(&self, ui: &Ui, response: &Response) -> Option<String> {
        self.search.filter(|_| response.has_focus())?;
        ui.input(|input| {
            input.events.iter().find_map(|event| match event {
                Event::Text(text) if !text.trim().is_empty() => Some(text.clone()),
                _ => None,
            })
        })
    }

    /// Draws the field alone, for a list with headings.
    pub fn field(&self, ui: &mut Ui) -> Response {
        let (_, rect) = ui.allocate_space(vec2(self.size.0, self.size.1));
        let response = ui.interact(rect, ui.make_persistent_id(self.salt), Sense::click());
        response.widget_info(|| WidgetInfo {
            current_text_value: Some(self.current.0.to_owned()),
            ..WidgetInfo::labeled(Role::ComboBox, ui.is_enabled(), self.name)
        });
        say_value(ui, response.id, self.current.0);
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
}
