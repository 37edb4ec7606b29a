//! One part of the book: what it is, and what it costs new, used and at launch.

use eframe::egui::{Align2, Rect, RichText, Sense, Stroke, Ui, vec2};

use super::cells::{BookPlace, places};
use super::column::PriceColumn;
use super::cursor::BookCursor;
use super::price_cell::{self, PriceCell};
use super::{BookInputs, BookViewState, names};
use crate::advise::builder::words;
use crate::catalog::book::BookPart;
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::Tokens;

pub(super) fn show(
    ui: &mut Ui,
    at: &BookPlace<'_>,
    part: &BookPart<'_>,
    inputs: &BookInputs<'_>,
    state: &mut BookViewState,
    commands: &mut Vec<Command>,
) {
    let Some(first) = part.first() else { return };
    let t = Tokens::of(ui);
    let locale = inputs.locale;
    let rect = at.rect;
    let places = places(rect);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
    let own = part.rows().iter().any(|row| row.own.is_some());
    let write = |cell: Rect, words: &str, look| {
        paint::text_within(ui.painter(), cell.left_center(), Align2::LEFT_CENTER, words, look, cell.width());
    };
    let name = names::name(first, locale);
    write(places.name, &name, (if own { Type::BodyStrong } else { Type::Body }, t.text));
    write(places.goods, locale.word(words::kind(first.part_kind)), (Type::Small, t.sec));
    let id = ui.make_persistent_id(("book part", first.id, first.less_gib.map(f64::to_bits)));
    let response = ui.interact(places.name, id, Sense::hover());
    response.on_hover_ui(|ui| {
        ui.label(RichText::new(&name).font(Type::SmallStrong.font()).color(t.text));
        ui.label(RichText::new(first.id).font(Type::Small.font()).color(t.sec));
    });
    let focused = at.table.has_focus() && state.cursor.row == at.index;
    let marked = focused.then(|| state.cursor.column_in(part));
    for (place, column) in [places.new, places.used, places.launch].into_iter().zip(PriceColumn::ALL) {
        if let (Some(row), Some(typed)) = (column.row_of(part), column.typed_in(part)) {
            let (place, cursor) = (place.shrink2(vec2(0.0, 1.0)), BookCursor { row: at.index, column });
            let cell = PriceCell { place, row, typed, cursor, marked: marked == Some(column), table: at.table };
            price_cell::show(ui, &cell, inputs, state, commands);
        }
    }
}
