//! The list of a picker while it is open: a search field, and rows of which only those in sight are drawn.

use std::sync::Arc;

use eframe::egui::{Align2, Id, Key, Modifiers, Response, Role, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, vec2};

use crate::estimate::Verdict;
use crate::ui::fonts::Type;
use crate::ui::theme::{CLEAR, Tokens, radius, space};
use crate::ui::{icons, paint};

/// The most rows in sight at once, and how many a page has.
const MOST_ROWS: f32 = 11.5;
const PAGE: isize = 10;
/// Height of the search field with what is open below it.
const SEARCH: f32 = 30.0;

/// What the list holds for a query, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListItem {
    /// What the entries below it have in common.
    Heading(Arc<str>),
    /// An entry, by its place among all.
    Entry(usize),
}

/// An entry as it is shown.
#[derive(Debug, Clone, Default)]
pub struct ListLine {
    /// Its name.
    pub title: String,
    /// A fact about it.
    pub fact: String,
    /// What would become of the plan with it.
    pub mark: Option<VerdictMark>,
}

/// A verdict with its word.
#[derive(Debug, Clone, Copy)]
pub struct VerdictMark {
    /// What would come of it.
    pub verdict: Verdict,
    /// The same in a word.
    pub words: &'static str,
}

/// What is being searched, while the list is open.
#[derive(Debug, Clone, Default)]
pub(super) struct PickerSearch {
    query: String,
    items: Vec<ListItem>,
    /// The place of the marked entry.
    marked: usize,
    /// The marked entry is to be brought into view.
    scroll: bool,
    /// Rows of the list, which keeps its height whatever is found.
    rows: usize,
}

impl PickerSearch {
    /// The list as it opens, with the mark on one entry.
    pub(super) fn of(items: Vec<ListItem>, current: Option<usize>) -> Self {
        let place = current.and_then(|current| items.iter().position(|item| *item == ListItem::Entry(current)));
        let rows = items.len();
        let mut search = Self { query: String::new(), items, marked: place.unwrap_or(0), scroll: true, rows };
        search.step(0);
        search
    }

    /// The same with what was found for a query.
    pub(super) fn with(mut self, query: &str, items: Vec<ListItem>) -> Self {
        query.clone_into(&mut self.query);
        self.find(items);
        self
    }

    /// Takes what was found, and marks the first entry of it.
    fn find(&mut self, items: Vec<ListItem>) {
        self.items = items;
        self.marked = 0;
        self.step(0);
        self.scroll = true;
    }

    /// The entry that Enter picks.
    pub(super) fn marked_entry(&self) -> Option<usize> {
        match self.items.get(self.marked)? {
            ListItem::Entry(entry) => Some(*entry),
            ListItem::Heading(_) => None,
        }
    }

    /// Moves the mark by so many places, past headings and to no further than the ends.
    fn step(&mut self, by: isize) {
        let is_entry = |place: &usize| matches!(self.items.get(*place), Some(ListItem::Entry(_)));
        let wanted = self.marked.saturating_add_signed(by).min(self.items.len().saturating_sub(1));
        let below = (wanted..self.items.len()).find(is_entry);
        let above = (0..=wanted).rev().find(is_entry);
        let (first, second) = if by < 0 { (above, below) } else { (below, above) };
        self.marked = first.or(second).unwrap_or(0);
    }
}

/// An open list.
pub(super) struct OpenList<'a> {
    /// The words in the empty search field; no search where there are none.
    pub(super) hint: Option<&'a str>,
    /// What to say when nothing is found.
    pub(super) nothing: fn(&str) -> String,
    /// The height that the window has for it.
    pub(super) room: f32,
}

impl OpenList<'_> {
    /// Shows the list; the entry that was clicked.
    pub(super) fn show(
        &self,
        ui: &mut Ui,
        id: Id,
        find: &impl Fn(&str) -> Vec<ListItem>,
        line: &mut impl FnMut(usize) -> ListLine,
    ) -> Option<usize> {
        let mut search: PickerSearch = ui.data(|data| data.get_temp(id)).unwrap_or_default();
        // Read before the field, which would otherwise keep the keys to itself.
        let moved = moved(ui, search.items.len());
        if let Some(hint) = self.hint {
            query(ui, id, (hint, find), &mut search);
        }
        if moved != 0 {
            search.step(moved);
        }
        let found = search.items.iter().any(|item| matches!(item, ListItem::Entry(_)));
        if !found {
            ui.label((self.nothing)(&search.query));
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        let above = if self.hint.is_some() { SEARCH } else { 0.0 };
        let rows = (search.rows as f32).min(MOST_ROWS) * space::ROW;
        let height = rows.min(self.room - above).max(2.0 * space::ROW);
        let mut area = ScrollArea::vertical().max_height(height).min_scrolled_height(height).auto_shrink(false);
        if moved != 0 || std::mem::take(&mut search.scroll) {
            // A list that draws only what is in sight is scrolled by arithmetic.
            area = area.vertical_scroll_offset((search.marked as f32 * space::ROW - height / 2.0).max(0.0));
        }
        let mut picked = None;
        area.show_rows(ui, space::ROW, search.items.len(), |ui, range| {
            for place in range {
                match search.items.get(place) {
                    Some(ListItem::Heading(words)) => heading(ui, words),
                    Some(&ListItem::Entry(entry)) => {
                        let clicked = entry_row(ui, id.with(place), &line(entry), place == search.marked).clicked();
                        picked = clicked.then_some(entry).or(picked);
                    }
                    None => {}
                }
            }
        });
        ui.data_mut(|data| data.insert_temp(id, search));
        picked
    }
}

/// The search field, which keeps the keyboard.
fn query(ui: &mut Ui, id: Id, (hint, find): (&str, &impl Fn(&str) -> Vec<ListItem>), search: &mut PickerSearch) {
    let edit =
        TextEdit::singleline(&mut search.query).id(id.with("query")).hint_text(hint).desired_width(f32::INFINITY);
    let response = ui.add(edit);
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, hint));
    if !response.has_focus() {
        response.request_focus();
    }
    if response.changed() {
        search.find(find(&search.query));
    }
}

/// By how many places the keys move the mark.
fn moved(ui: &Ui, entries: usize) -> isize {
    ui.input_mut(|input| {
        let mut presses = |key| isize::try_from(input.count_and_consume_key(Modifiers::NONE, key)).unwrap_or(0);
        let steps = presses(Key::ArrowDown) - presses(Key::ArrowUp);
        let pages = presses(Key::PageDown) - presses(Key::PageUp);
        let ends = presses(Key::End) - presses(Key::Home);
        steps + PAGE * pages + ends * isize::try_from(entries).unwrap_or(isize::MAX / 2)
    })
}

fn heading(ui: &mut Ui, words: &str) {
    let t = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), space::ROW), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    let left = rect.left_center() + vec2(8.0, 3.0);
    paint::text_within(
        ui.painter(),
        left,
        Align2::LEFT_CENTER,
        words,
        (Type::CaptionStrong, t.sec),
        rect.width() - 16.0,
    );
}

fn entry_row(ui: &mut Ui, id: Id, line: &ListLine, marked: bool) -> Response {
    let t = Tokens::of(ui);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), space::ROW));
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| {
        let said = line.mark.map_or_else(|| line.fact.clone(), |mark| format!("{}, {}", mark.words, line.fact));
        WidgetInfo {
            current_text_value: Some(said),
            ..WidgetInfo::selected(Role::ListBoxOption, true, marked, &line.title)
        }
    });
    let fill = if marked || response.hovered() { t.hover } else { CLEAR };
    let painter = ui.painter();
    painter.rect_filled(rect, radius::SEGMENT, fill);
    let mut left = rect.left_center() + vec2(8.0, 0.0);
    if let Some(mark) = line.mark {
        icons::verdict_small(painter, left + vec2(6.0, 0.0), mark.verdict, t);
        left.x += 20.0;
    }
    // The name comes first: the fact takes what it leaves.
    let right = rect.right_center() - vec2(8.0, 0.0);
    let drawn =
        paint::text_within(painter, left, Align2::LEFT_CENTER, &line.title, (Type::Body, t.text), right.x - left.x);
    let room = right.x - drawn.right() - 12.0;
    if room > 24.0 {
        paint::text_within(painter, right, Align2::RIGHT_CENTER, &line.fact, (Type::Caption, t.faint), room);
    }
    match line.mark {
        Some(mark) => response.on_hover_text(mark.words),
        None => response,
    }
}
