//! The lines of the book, of which only those in sight are drawn.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2};

use super::{BookInputs, BookViewState, places, row};
use crate::catalog::book::BookRow;
use crate::text::{Key, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, scroll_bars};
use crate::ui::widgets::inside;
use crate::ui::widgets::long_list::LongList;
use crate::ui::widgets::tip::Tip;

const HEAD: f32 = 26.0;
const ROW: f32 = 28.0;
const FOOT: f32 = 22.0;
/// What the scroll bar and its margins take.
const SCROLL_BAR: f32 = 10.0;

pub(super) fn show(
    ui: &mut Ui,
    rows: &[&BookRow<'_>],
    inputs: &BookInputs<'_>,
    state: &mut BookViewState,
    commands: &mut Vec<Command>,
) {
    let rect = ui.max_rect();
    let (head, rest) = rect.split_top_bottom_at_y(rect.top() + HEAD);
    let (body, foot) = rest.split_top_bottom_at_y(rest.bottom() - FOOT);
    heads(ui, head, inputs);
    self::foot(ui, foot, rows.len(), inputs);
    if rows.is_empty() {
        let words = inputs.locale.word(Key::BookNone);
        let at = body.left_top() + eframe::egui::vec2(6.0, 18.0);
        paint::text(ui.painter(), at, Align2::LEFT_CENTER, words, Type::Body, Tokens::of(ui).sec);
        return;
    }
    inside(ui, "book rows", body, |ui| {
        ui.shrink_clip_rect(body);
        scroll_bars(ui);
        let list = LongList { salt: "book rows", count: rows.len(), height: ROW, revealed: None };
        list.show(ui, |ui, index, rect| {
            if let Some(line) = rows.get(index) {
                row::show(ui, line, rect, inputs, state, commands);
            }
        });
    });
}

fn heads(ui: &Ui, rect: Rect, inputs: &BookInputs<'_>) {
    let t = Tokens::of(ui);
    let keys = [Key::BookPart, Key::BookGoods, Key::BookKind, Key::BookPrice, Key::BookDated, Key::BookSource];
    let cells = places(rect.with_max_x(rect.right() - SCROLL_BAR));
    for ((place, cell), key) in cells.into_iter().enumerate().zip(keys) {
        let words = inputs.locale.word(key);
        // The price is a figure and stands at the right.
        let (at, anchor) = if place == 3 {
            (cell.right_center(), Align2::RIGHT_CENTER)
        } else {
            (cell.left_center(), Align2::LEFT_CENTER)
        };
        let drawn = paint::text_within(ui.painter(), at, anchor, words, (Type::Caption, t.faint), cell.width());
        let response = ui.interact(drawn, ui.make_persistent_id(("head", place)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, words));
        Tip::of(key, inputs.locale).on(&response);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
}

/// How many lines there are, and what can be done with them.
fn foot(ui: &Ui, rect: Rect, shown: usize, inputs: &BookInputs<'_>) {
    let t = Tokens::of(ui);
    let (shown, all) = (shown.to_string(), inputs.rows.len().to_string());
    let words = inputs.locale.sentence(Key::BookCount, &[(Placeholder::Count, &shown), (Placeholder::Value, &all)]);
    let at = pos2(rect.left() + 6.0, rect.center().y + 2.0);
    paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &words, (Type::Caption, t.faint), rect.width());
}
