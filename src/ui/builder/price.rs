//! The price of a part and its date; the price of one can be typed in place.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use super::drawn::ColumnContext;
use super::{BuildViewState, TypedPart, line, names};
use crate::advise::builder::PartLine;
use crate::catalog::source::PriceKind;
use crate::text::{self, Key, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};
use crate::ui::typed_price;
use crate::ui::widgets::typed_cell::{TypedCell, Typing};

/// Where a price and its date stand.
pub(super) struct PriceCells {
    pub(super) price: Rect,
    pub(super) date: Rect,
}

/// Shows the price right-aligned in its place, and its date.
pub(super) fn show(
    ui: &mut Ui,
    places: &PriceCells,
    line: &PartLine<'_>,
    drawn: ColumnContext<'_>,
    state: &mut BuildViewState,
    commands: &mut Vec<Command>,
) {
    let t = Tokens::of(ui);
    let locale = drawn.inputs.locale;
    let rect = places.price;
    let tier = drawn.column.tier;
    if state.typing.as_ref().is_some_and(|typing| typing.tier == tier && typing.part == line.id) {
        of_each(ui, places.date, line, drawn);
        edit(ui, rect.with_min_x(rect.left() - 16.0), line, drawn, state, commands);
        return;
    }
    date(ui, places.date, line, drawn);
    let response = ui.interact(rect, ui.make_persistent_id("price"), Sense::click());
    let name = locale.sentence(Key::BuildTypePrice, &[(Placeholder::Name, &names::one(line.written, locale))]);
    let shown = names::price(line, locale);
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(shown.clone()),
        ..WidgetInfo::labeled(Role::Button, ui.is_enabled(), &name)
    });
    if response.hovered() {
        ui.painter().rect_filled(rect.shrink2(vec2(0.0, 1.0)), radius::SEGMENT, t.hover);
    }
    let (step, ink) = if line.usd.is_some() { (Type::Mono, t.text) } else { (Type::Caption, t.faint) };
    let at = rect.right_center() - vec2(2.0, 0.0);
    let shown = paint::text_within(ui.painter(), at, Align2::RIGHT_CENTER, &shown, (step, ink), rect.width());
    // That it can be typed over is seen without pointing at it.
    let under = Stroke::new(1.0, if response.hovered() { t.text } else { t.line });
    ui.painter().hline(shown.x_range(), shown.bottom(), under);
    paint::focus_ring(ui, &response.clone().with_new_rect(rect.shrink2(vec2(0.0, 2.0))), radius::SEGMENT);
    if response.clicked() {
        state.typing = Some(TypedPart { tier, part: line.id.to_owned(), typed: each(line) });
    }
    response.on_hover_ui(|ui| {
        line::tip(ui, line, drawn);
        let words = eframe::egui::RichText::new(locale.word(Key::TipBuildPrice));
        ui.label(words.font(Type::Caption.font()).color(t.faint));
    });
}

/// When the price was seen; what is old is marked.
fn date(ui: &Ui, rect: Rect, line: &PartLine<'_>, drawn: ColumnContext<'_>) {
    let t = Tokens::of(ui);
    let Some(price) = line.price.filter(|_| line.owned < line.count) else { return };
    let words = names::month(&price.date, drawn.inputs.locale);
    let right = rect.right_center() - vec2(4.0, 0.0);
    let ink = if line.stale { t.sec } else { t.faint };
    let shown = paint::text(ui.painter(), right, Align2::RIGHT_CENTER, words, Type::Caption, ink);
    if line.stale {
        // A dotted line under what is old, so that lists stay calm.
        let y = shown.bottom() + 0.5;
        let ends = [eframe::egui::pos2(shown.left(), y), eframe::egui::pos2(shown.right(), y)];
        ui.painter().extend(eframe::egui::Shape::dotted_line(&ends, t.warning(), 3.0, 0.8));
    }
}

/// While the price of one is typed and several are bought: how many times it counts.
fn of_each(ui: &Ui, rect: Rect, line: &PartLine<'_>, drawn: ColumnContext<'_>) {
    let bought = line.count - line.owned;
    if bought > 1 {
        let look = (Type::CaptionStrong, Tokens::of(ui).text);
        let words = drawn.inputs.locale.sentence(Key::BuildTimes, &[(Placeholder::Count, &bought.to_string())]);
        let at = rect.left_center() + vec2(4.0, 0.0);
        paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &words, look, rect.width());
    }
}

/// The price of one as it is written, to be changed; empty where none is known.
fn each(line: &PartLine<'_>) -> String {
    line.price.map(|price| text::money(price.expected_usd()).replace(',', "")).unwrap_or_default()
}

/// The field in place of the price. Enter keeps it, Escape leaves it as it was.
fn edit(
    ui: &mut Ui,
    rect: Rect,
    line: &PartLine<'_>,
    drawn: ColumnContext<'_>,
    state: &mut BuildViewState,
    commands: &mut Vec<Command>,
) {
    let locale = drawn.inputs.locale;
    let Some(TypedPart { typed, .. }) = &mut state.typing else { return };
    let name = locale.sentence(Key::BuildTypePrice, &[(Placeholder::Name, &names::one(line.written, locale))]);
    let cell = TypedCell {
        salt: "typed price",
        place: Rect::from_center_size(rect.center(), vec2(rect.width(), 22.0)),
        name: &name,
        hint: locale.word(Key::CardsEach),
        before: &each(line),
    };
    let (_, typing) = cell.show(ui, typed);
    if typing == Typing::Going {
        return;
    }
    let typed = state.typing.take().map(|typing| typing.typed).unwrap_or_default();
    if typing == Typing::Changed {
        let kind = line.price.map_or(PriceKind::Street, |price| price.kind);
        commands.push(typed_price::command(line.id, kind, &typed, locale));
    }
}
