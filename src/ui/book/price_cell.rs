//! One price of the book and its date. A click lets another be typed; Enter keeps it, Escape leaves it as it was.

use eframe::egui::{Align2, Key as Press, Rect, Response, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::cells::figures_end;
use super::cursor::BookCursor;
use super::{BookInputs, BookViewState, TypedPrice, names};
use crate::advise::remedies;
use crate::catalog::book::BookRow;
use crate::catalog::price_words;
use crate::catalog::source::PriceKind;
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::Icon;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};
use crate::ui::typed_price;
use crate::ui::widgets::button::icon_button;
use crate::ui::widgets::inside;
use crate::ui::widgets::typed_cell::{TypedCell, Typing};

/// Side of the button that takes the catalog's price again.
const REVERT: f32 = 22.0;

/// A price in its cell.
pub(super) struct PriceCell<'a> {
    pub(super) place: Rect,
    /// The price that is shown.
    pub(super) row: &'a BookRow<'a>,
    /// The line that a price typed here is one of.
    pub(super) typed: &'a BookRow<'a>,
    /// Where it stands.
    pub(super) cursor: BookCursor,
    /// The keyboard is at it.
    pub(super) marked: bool,
    /// What has the keyboard for all cells.
    pub(super) table: &'a Response,
}

/// A price as it is written, to be changed; empty where none is known.
pub(super) fn written(row: &BookRow<'_>) -> String {
    row.price.map(|price| text::money(price.expected_usd()).replace(',', "")).unwrap_or_default()
}

/// Whether the price stands for itself and is not typed: it buys less than all of the memory.
pub(super) const fn is_fixed(row: &BookRow<'_>) -> bool {
    row.less_gib.is_some()
}

impl PriceCell<'_> {
    /// Where the figures stand.
    fn figures(&self) -> Rect {
        self.place.with_max_x(figures_end(self.place))
    }
}

pub(super) fn show(
    ui: &mut Ui,
    cell: &PriceCell<'_>,
    inputs: &BookInputs<'_>,
    state: &mut BookViewState,
    commands: &mut Vec<Command>,
) {
    let locale = inputs.locale;
    let typing = state.typing.as_ref();
    if typing.is_some_and(|typing| typing.part == cell.row.id && typing.kind == cell.typed.kind) {
        edit(ui, cell, locale, state, commands);
    } else {
        price(ui, cell, locale, state);
    }
    dated(ui, cell, inputs);
    if let Some(laid) = cell.row.own {
        let words = names::price_of(cell.row, locale);
        let words = locale.sentence(Key::BookRevertOf, &[(Placeholder::Name, &words)]);
        let center = cell.place.right_center() - vec2(REVERT / 2.0, 0.0);
        let place = Rect::from_center_size(center, vec2(REVERT, REVERT));
        let button = |ui: &mut Ui| inside(ui, "revert", place, |ui| icon_button(ui, Icon::Undo, &words, REVERT));
        if ui.push_id((cell.row.id, cell.row.kind), button).inner.clicked() {
            commands.push(Command::RevertPrice { part: laid.own.part.clone(), kind: laid.own.kind });
        }
    }
}

/// When the price was seen, what is special about it, and that it is old where it is.
fn dated(ui: &Ui, cell: &PriceCell<'_>, inputs: &BookInputs<'_>) {
    let t = Tokens::of(ui);
    let locale = inputs.locale;
    let Some(price) = cell.row.price else { return };
    // What a maker asked at launch is history and does not grow old.
    let old = cell.row.kind != PriceKind::Launch && cell.row.is_stale(inputs.today);
    let words = match cell.row.kind {
        // The column says it.
        PriceKind::Launch => price.date.to_string(),
        _ => price_words::dated(price, price.standing_by_itself(), locale),
    };
    let words = words.replace("..", "\u{2013}");
    let at = pos2(cell.figures().right() + 8.0, cell.place.center().y);
    let end = cell.place.right() - if cell.row.own.is_some() { REVERT } else { 0.0 };
    let said = locale.sentence(Key::RentStale, &[(Placeholder::Value, &words)]);
    // That it is old is seen from its color where the word has no room.
    let words = if old && paint::width(ui.painter(), &said, Type::Caption) <= end - at.x { said } else { words };
    let look = (Type::Caption, if old { t.warning() } else { t.faint });
    paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &words, look, end - at.x);
}

fn price(ui: &Ui, cell: &PriceCell<'_>, locale: Locale, state: &mut BookViewState) {
    let t = Tokens::of(ui);
    let (row, place) = (cell.row, cell.figures());
    let words =
        row.price.map_or_else(|| locale.word(Key::NoData).to_owned(), |price| text::money(price.expected_usd()));
    let fixed = is_fixed(row);
    let hit = cell.place;
    let id = ui.make_persistent_id(("book price", row.id, row.kind, row.less_gib.map(f64::to_bits)));
    // Not reached by Tab: the table goes through its prices with the arrow keys.
    let response = ui.interact(hit, id, if fixed { Sense::hover() } else { Sense::CLICK });
    let role = if fixed { Role::Label } else { Role::Button };
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(words.clone()),
        ..WidgetInfo::labeled(role, true, names::price_of(cell.typed, locale))
    });
    if response.hovered() && !fixed {
        ui.painter().rect_filled(hit, radius::SEGMENT, t.hover);
        dated_line(ui, place);
    }
    let look = if row.price.is_some() { (Type::Mono, t.text) } else { (Type::Caption, t.faint) };
    paint::text_within(ui.painter(), place.right_center(), Align2::RIGHT_CENTER, &words, look, place.width());
    if cell.marked {
        paint::ring(ui, hit.shrink(2.0), radius::SEGMENT);
    }
    if response.clicked() {
        let (part, kind) = (row.id.to_owned(), cell.typed.kind);
        state.typing = Some(TypedPrice { part, kind, typed: written(row) });
        state.cursor = cell.cursor;
    }
    response.on_hover_ui(|ui| tip(ui, row, fixed, locale));
}

/// A line under what can be typed over.
fn dated_line(ui: &Ui, place: Rect) {
    let line = Stroke::new(1.0, Tokens::of(ui).rail);
    ui.painter().hline(place.center().x..=place.right(), place.bottom() - 4.0, line);
}

fn edit(ui: &mut Ui, cell: &PriceCell<'_>, locale: Locale, state: &mut BookViewState, commands: &mut Vec<Command>) {
    let Some(TypedPrice { typed, .. }) = &mut state.typing else { return };
    let name = names::price_of(cell.typed, locale);
    let typed_cell = TypedCell {
        salt: "typed book price",
        place: Rect::from_center_size(cell.figures().center(), vec2(cell.figures().width() + 8.0, 24.0)),
        name: &name,
        hint: "",
        before: &written(cell.row),
    };
    let (_, typing) = typed_cell.show(ui, typed);
    if typing == Typing::Going {
        return;
    }
    if ui.input(|input| input.key_pressed(Press::Enter) || input.key_pressed(Press::Escape)) {
        cell.table.request_focus();
    }
    let typed = state.typing.take().map(|typing| typing.typed).unwrap_or_default();
    if typing == Typing::Changed {
        commands.push(typed_price::command(cell.row.id, cell.typed.kind, &typed, locale));
    }
}

/// Where the price is from, on what it rests, and what the catalog says where it is the user's own.
fn tip(ui: &mut Ui, row: &BookRow<'_>, fixed: bool, locale: Locale) {
    let t = Tokens::of(ui);
    ui.set_max_width(360.0);
    let mut lines = Vec::new();
    if let Some(price) = row.price {
        lines.push(price.source.line(locale));
    }
    if let Some(laid) = row.own {
        let shipped = laid.shipped.as_ref();
        let usd =
            shipped.map_or_else(|| locale.word(Key::NoData).to_owned(), |price| text::money(price.expected_usd()));
        let date = shipped.map_or("", |price| remedies::words::date(&price.date, locale));
        lines.push(locale.sentence(Key::BookShipped, &[(Placeholder::Value, &usd), (Placeholder::Other, date)]));
    }
    lines.extend((!fixed).then(|| locale.word(Key::TipBookPrice).to_owned()));
    for line in lines {
        ui.label(RichText::new(line).font(Type::Small.font()).color(t.sec));
    }
}
