//! One line of the book. A click on its price lets another be typed; Enter keeps it, Escape leaves it as it was.

use eframe::egui::{Align2, Rect, Response, RichText, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use super::{BookInputs, BookViewState, names, places};
use crate::advise::builder::words;
use crate::advise::remedies;
use crate::catalog::book::BookRow;
use crate::text::{self, Concept, Key, Locale, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::Icon;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};
use crate::ui::typed_price;
use crate::ui::widgets::button::icon_button;
use crate::ui::widgets::inside;
use crate::ui::widgets::tip;
use crate::ui::widgets::typed_cell::{TypedCell, Typing};

pub(super) fn show(
    ui: &mut Ui,
    row: &BookRow<'_>,
    rect: Rect,
    inputs: &BookInputs<'_>,
    state: &mut BookViewState,
    commands: &mut Vec<Command>,
) {
    let t = Tokens::of(ui);
    let locale = inputs.locale;
    let [name, goods, kind, price, dated, source, revert] = places(rect);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
    let response = ui.interact(
        rect,
        ui.make_persistent_id(("book row", row.id, row.kind, row.less_gib.is_some())),
        Sense::hover(),
    );
    let write = |ui: &Ui, cell: Rect, words: &str, look| {
        paint::text_within(ui.painter(), cell.left_center(), Align2::LEFT_CENTER, words, look, cell.width());
    };
    let step = if row.own.is_some() { Type::BodyStrong } else { Type::Body };
    write(ui, name, &names::name(row), (step, t.text));
    write(ui, goods, locale.word(words::kind(row.part_kind)), (Type::Small, t.sec));
    write(ui, kind, locale.word(names::kind(row.kind)), (Type::Small, t.sec));
    if let Some(price) = row.price {
        let date = remedies::words::date(&price.date, locale);
        if row.is_stale(inputs.today) {
            let words = locale.sentence(Key::RentStale, &[(Placeholder::Value, date)]);
            write(ui, dated, &words, (Type::Caption, t.warning()));
        } else {
            write(ui, dated, date, (Type::Caption, t.faint));
        }
        write(ui, source, &price.source.brief(locale), (Type::Caption, t.faint));
    }
    price_tip(response, row, locale);
    self::price(ui, row, price, locale, state, commands);
    if let Some(laid) = row.own {
        let words = locale.sentence(Key::BookRevertOf, &[(Placeholder::Name, &names::price_of(row, locale))]);
        let place = Rect::from_center_size(revert.center(), vec2(22.0, 22.0));
        let clicked = ui
            .push_id((row.id, row.kind), |ui| {
                inside(ui, "revert", place, |ui| icon_button(ui, Icon::Undo, &words, 22.0))
            })
            .inner
            .clicked();
        if clicked {
            commands.push(Command::RevertPrice { part: laid.own.part.clone(), kind: laid.own.kind });
        }
    }
}

/// The price, or the field in which another is typed.
fn price(
    ui: &mut Ui,
    row: &BookRow<'_>,
    cell: Rect,
    locale: Locale,
    state: &mut BookViewState,
    commands: &mut Vec<Command>,
) {
    if state.typing.as_ref().is_some_and(|(id, kind, _)| id == row.id && *kind == row.kind) {
        edit(ui, row, cell, locale, state, commands);
        return;
    }
    let t = Tokens::of(ui);
    if let Some(price) = row.price.filter(|_| row.less_gib.is_some()) {
        let (at, look) = (cell.right_center(), (Type::Mono, t.sec));
        let words = text::money(price.expected_usd());
        paint::text_within(ui.painter(), at, Align2::RIGHT_CENTER, &words, look, cell.width());
        return;
    }
    let hit = Rect::from_center_size(cell.center(), vec2(cell.width() + 8.0, 24.0));
    let response = ui.interact(hit, ui.make_persistent_id(("book price", row.id, row.kind)), Sense::click());
    let words =
        row.price.map_or_else(|| locale.word(Key::NoData).to_owned(), |price| text::money(price.expected_usd()));
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(words.clone()),
        ..WidgetInfo::labeled(Role::Button, true, names::price_of(row, locale))
    });
    if response.hovered() {
        ui.painter().rect_filled(hit, radius::SEGMENT, t.hover);
    }
    let look = if row.price.is_some() { (Type::Mono, t.text) } else { (Type::Caption, t.faint) };
    paint::text_within(ui.painter(), cell.right_center(), Align2::RIGHT_CENTER, &words, look, cell.width());
    paint::focus_ring(ui, &response, radius::SEGMENT);
    if response.clicked() {
        state.typing = Some((row.id.to_owned(), row.kind, written(row)));
    }
    response.on_hover_text(locale.word(Key::TipBookPrice));
}

/// The price as it is written, to be changed; empty where none is known.
fn written(row: &BookRow<'_>) -> String {
    row.price.map(|price| text::money(price.expected_usd()).replace(',', "")).unwrap_or_default()
}

fn edit(
    ui: &mut Ui,
    row: &BookRow<'_>,
    cell: Rect,
    locale: Locale,
    state: &mut BookViewState,
    commands: &mut Vec<Command>,
) {
    let Some((.., typed)) = &mut state.typing else { return };
    let name = names::price_of(row, locale);
    let typed_cell = TypedCell {
        salt: "typed book price",
        place: Rect::from_center_size(cell.center(), vec2(cell.width() + 8.0, 24.0)),
        name: &name,
        hint: "",
        before: &written(row),
    };
    let (_, typing) = typed_cell.show(ui, typed);
    if typing == Typing::Going {
        return;
    }
    let typed = state.typing.take().map(|(.., typed)| typed).unwrap_or_default();
    if typing == Typing::Changed {
        commands.push(typed_price::command(row.id, row.kind, &typed, locale));
    }
}

/// Where the price is from, on what it rests, and what the catalog says where it is the user's own.
fn price_tip(response: Response, row: &BookRow<'_>, locale: Locale) {
    response.on_hover_ui_at_pointer(|ui| {
        let t = Tokens::of(ui);
        ui.set_max_width(360.0);
        ui.label(RichText::new(names::name(row)).font(Type::SmallStrong.font()).color(t.text));
        if let Some(concept) = Concept::of(names::kind(row.kind)) {
            tip::sentence(ui, concept, locale);
        }
        let mut lines = vec![row.id.to_owned()];
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
        for line in lines {
            ui.label(RichText::new(line).font(Type::Small.font()).color(t.sec));
        }
    });
}
