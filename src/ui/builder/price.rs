//! The price of a part and its date; the price of one can be typed in place.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use super::drawn::ColumnContext;
use super::{BuildViewState, line, names};
use crate::advise::builder::PartLine;
use crate::catalog::source::PriceKind;
use crate::text::{self, Key, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};
use crate::ui::typed_price;
use crate::ui::widgets::typed_cell::{TypedCell, Typing};

/// Shows the price right-aligned in the first place, its date in the second.
pub(super) fn show(
    ui: &mut Ui,
    (rect, dated): (Rect, Rect),
    line: &PartLine<'_>,
    drawn: ColumnContext<'_>,
    state: &mut BuildViewState,
    commands: &mut Vec<Command>,
) {
    let t = Tokens::of(ui);
    let locale = drawn.inputs.locale;
    date(ui, dated, line, drawn);
    let tier = drawn.column.tier;
    if state.typing.as_ref().is_some_and(|(of, part, _)| *of == tier && part == line.id) {
        edit(ui, rect.with_min_x(rect.left() - 16.0), line, drawn, state, commands);
        return;
    }
    let response = ui.interact(rect, ui.make_persistent_id("price"), Sense::click());
    let name = locale.sentence(Key::BuildTypePrice, &[(Placeholder::Name, names::short(line.name))]);
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
    let shown = paint::text(ui.painter(), at, Align2::RIGHT_CENTER, &shown, step, ink);
    if response.hovered() {
        ui.painter().hline(shown.x_range(), shown.bottom(), Stroke::new(1.0, t.rail));
    }
    paint::focus_ring(ui, &response.clone().with_new_rect(rect.shrink2(vec2(0.0, 2.0))), radius::SEGMENT);
    if response.clicked() {
        state.typing = Some((tier, line.id.to_owned(), each(line)));
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
    let Some((.., typed)) = &mut state.typing else { return };
    let name = locale.sentence(Key::BuildTypePrice, &[(Placeholder::Name, names::short(line.name))]);
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
    let typed = state.typing.take().map(|(.., typed)| typed).unwrap_or_default();
    if typing == Typing::Changed {
        let kind = line.price.map_or(PriceKind::Street, |price| price.kind);
        commands.push(typed_price::command(line.id, kind, &typed, locale));
    }
}
