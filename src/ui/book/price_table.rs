//! The parts of the book, of which only those in sight are drawn.

use eframe::egui::{Align2, Rect, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2};

use super::cells::{BookCells, BookPlace, figures_end, places};
use super::{BookFilter, BookInputs, BookViewState, keys, names, row};
use crate::text::{self, Join, Key, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::{ButtonLook, button};
use crate::ui::widgets::inside;
use crate::ui::widgets::long_list::LongList;
use crate::ui::widgets::tip::Tip;

const HEAD: f32 = 26.0;
const ROW: f32 = 28.0;
const FOOT: f32 = 22.0;
/// What the scroll bar and its margins take, whether there is one or not.
const SCROLL_BAR: f32 = 10.0;
pub(super) fn show(ui: &mut Ui, inputs: &BookInputs<'_>, state: &mut BookViewState, commands: &mut Vec<Command>) {
    let rect = ui.max_rect();
    let (head, rest) = rect.split_top_bottom_at_y(rect.top() + HEAD);
    let (body, foot) = rest.split_top_bottom_at_y(rest.bottom() - FOOT);
    let right = rect.right() - SCROLL_BAR;
    heads(ui, head, &places(head.with_max_x(right)), inputs);
    self::foot(ui, foot, inputs, state);
    let count = state.listing.count();
    if count == 0 {
        inside(ui, "nothing", body, |ui| nothing(ui, inputs, state));
        return;
    }
    let table = ui.interact(body, ui.make_persistent_id("book table"), Sense::click());
    keys::heed(ui, &table, inputs, state, commands);
    table.widget_info(|| WidgetInfo {
        current_text_value: Some(at_cursor(inputs, state)),
        ..WidgetInfo::labeled(Role::Grid, true, inputs.locale.word(Key::BookTitle))
    });
    let revealed = state.revealed.take();
    inside(ui, "book rows", body, |ui| {
        ui.shrink_clip_rect(body);
        let list = LongList { salt: "book rows", count, height: ROW, revealed };
        list.show(ui, |ui, index, rect| {
            if let Some(part) = state.listing.part(index, inputs.rows) {
                let place = BookPlace { rect: rect.with_max_x(right), index, table: &table };
                row::show(ui, &place, &part, inputs, state, commands);
            }
        });
    });
}

/// The price that the keyboard is at, for those who do not see it.
fn at_cursor(inputs: &BookInputs<'_>, state: &BookViewState) -> String {
    let Some(part) = state.listing.part(state.cursor.row, inputs.rows) else { return String::new() };
    let column = state.cursor.column_in(&part);
    let (Some(row), Some(typed)) = (column.row_of(&part), column.typed_in(&part)) else { return String::new() };
    let price =
        row.price.map_or_else(|| inputs.locale.word(Key::NoData).to_owned(), |price| text::money(price.expected_usd()));
    inputs.locale.join(Join::Phrases, [names::price_of(typed, inputs.locale), price])
}

/// What a head means, where its word is drawn.
fn explained(ui: &Ui, key: Key, drawn: Rect, inputs: &BookInputs<'_>) {
    let response = ui.interact(drawn, ui.make_persistent_id(("head", key)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, inputs.locale.word(key)));
    Tip::of(key, inputs.locale).on(&response);
}

fn heads(ui: &Ui, rect: Rect, places: &BookCells, inputs: &BookInputs<'_>) {
    let t = Tokens::of(ui);
    let write = |cell: Rect, key: Key| {
        let (at, words) = (cell.left_center(), inputs.locale.word(key));
        let look = (Type::Caption, t.faint);
        explained(
            ui,
            key,
            paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, words, look, cell.width()),
            inputs,
        );
    };
    write(places.name, Key::BookPart);
    write(places.goods, Key::BookGoods);
    // Over the figures, which stand at the right of their half of the cell.
    for (cell, key) in [(places.new, Key::CardsNew), (places.used, Key::CardsUsed), (places.launch, Key::BookAtLaunch)]
    {
        let at = pos2(figures_end(cell), cell.center().y);
        let words = inputs.locale.word(key);
        let (look, room) = ((Type::Caption, t.faint), at.x - cell.left());
        let drawn = paint::text_within(ui.painter(), at, Align2::RIGHT_CENTER, words, look, room);
        explained(ui, key, drawn, inputs);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
}

/// What is said where no part is shown, and the way to all of them.
fn nothing(ui: &mut Ui, inputs: &BookInputs<'_>, state: &mut BookViewState) {
    let key = match state.shown {
        _ if !state.query.trim().is_empty() => Key::BookNone,
        BookFilter::All => Key::BookNone,
        BookFilter::Own => Key::BookNoOwn,
        BookFilter::Old => Key::BookNoOld,
        BookFilter::Missing => Key::BookNoMissing,
    };
    ui.add_space(space::M);
    ui.label(RichText::new(inputs.locale.word(key)).font(Type::Body.font()).color(Tokens::of(ui).sec));
    ui.add_space(space::S);
    if button(ui, inputs.locale.word(Key::BookClear), ButtonLook::Plain, None).clicked() {
        state.query.clear();
        state.shown = BookFilter::All;
    }
}

/// How many parts there are, and what can be done with them.
fn foot(ui: &Ui, rect: Rect, inputs: &BookInputs<'_>, state: &BookViewState) {
    let t = Tokens::of(ui);
    let counted = |count: usize| text::count(u64::try_from(count).unwrap_or(u64::MAX));
    let (shown, all) = (counted(state.listing.count()), counted(state.listing.all));
    let words = inputs.locale.sentence(Key::BookCount, &[(Placeholder::Count, &shown), (Placeholder::Value, &all)]);
    let at = pos2(rect.left() + 6.0, rect.center().y + 2.0);
    paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &words, (Type::Caption, t.faint), rect.width());
}
