//! The table as one stop of the keyboard: arrows go from price to price, Enter or a figure types, Delete takes the
//! catalog's price again.

use eframe::egui::{Event, EventFilter, Key as Press, Response, Ui};

use super::cursor::BookCursor;
use super::{BookInputs, BookViewState, TypedPrice, price_cell};
use crate::ui::command::Command;
use crate::ui::widgets::keep_arrows;

/// How many rows a page is.
const PAGE: isize = 10;

/// What the keys of this frame do while the table has the keyboard.
pub(super) fn heed(
    ui: &Ui,
    table: &Response,
    inputs: &BookInputs<'_>,
    state: &mut BookViewState,
    commands: &mut Vec<Command>,
) {
    let last = state.listing.count().saturating_sub(1);
    let before = BookCursor { row: state.cursor.row.min(last), ..state.cursor };
    state.cursor = before;
    if state.typing.is_some() || !table.has_focus() {
        return;
    }
    let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    keep_arrows(ui, table.id, arrows);
    state.cursor.row = row_asked(ui, before.row, last);
    let Some(part) = state.listing.part(state.cursor.row, inputs.rows) else { return };
    let columns = steps(ui, Press::ArrowRight, Press::ArrowLeft);
    if columns != 0 {
        state.cursor.column = state.cursor.beside(&part, columns);
    }
    if state.cursor != before || table.gained_focus() {
        state.revealed = Some(state.cursor.row);
    }
    let column = state.cursor.column_in(&part);
    let (Some(row), Some(typed)) = (column.row_of(&part), column.typed_in(&part)) else { return };
    let opened = ui.input(|input| input.key_pressed(Press::Enter)).then(|| price_cell::written(row));
    if let Some(begun) = opened.or_else(|| first_figure(ui)).filter(|_| !price_cell::is_fixed(row)) {
        state.typing = Some(TypedPrice { part: row.id.to_owned(), kind: typed.kind, typed: begun });
    }
    let taken_back = ui.input(|input| input.key_pressed(Press::Delete) || input.key_pressed(Press::Backspace));
    if let Some(laid) = row.own.filter(|_| taken_back) {
        commands.push(Command::RevertPrice { part: laid.own.part.clone(), kind: laid.own.kind });
    }
}

/// The row that the keys ask for.
fn row_asked(ui: &Ui, here: usize, last: usize) -> usize {
    let rows = steps(ui, Press::ArrowDown, Press::ArrowUp) + PAGE * steps(ui, Press::PageDown, Press::PageUp);
    match ui.input(|input| (input.key_pressed(Press::Home), input.key_pressed(Press::End))) {
        (true, _) => 0,
        (_, true) => last,
        _ => here.saturating_add_signed(rows).min(last),
    }
}

fn steps(ui: &Ui, on: Press, back: Press) -> isize {
    ui.input(|input| input.num_presses(on).cast_signed() - input.num_presses(back).cast_signed())
}

/// A figure that begins a price.
fn first_figure(ui: &Ui) -> Option<String> {
    ui.input(|input| {
        input.events.iter().find_map(|event| match event {
            Event::Text(text) if text.starts_with(char::is_numeric) => Some(text.clone()),
            _ => None,
        })
    })
}
