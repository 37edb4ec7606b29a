//! The price of a row, which can be typed in place.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use super::{CardsInputs, CardsViewState, TableRoom, TypedOffer, names};
use crate::advise::ranking::{Offer, SortKey};
use crate::catalog::price_words;
use crate::text::{Key, Locale, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};
use crate::ui::typed_price;
use crate::ui::widgets::typed_cell::{TypedCell, Typing};

/// Shows the price right-aligned in `rect`; a click lets the price of one card be typed.
pub(super) fn show(
    ui: &mut Ui,
    offer: &Offer<'_>,
    rect: Rect,
    room: TableRoom,
    inputs: &CardsInputs<'_>,
    state: &mut CardsViewState,
    commands: &mut Vec<Command>,
) {
    let locale = inputs.locale;
    if state.typing.as_ref().is_some_and(|typing| offer.is(&typing.key)) {
        edit(ui, offer, rect, locale, state, commands);
        return;
    }
    let t = Tokens::of(ui);
    let hit = Rect::from_center_size(rect.center(), vec2(rect.width(), if room.high { 38.0 } else { 24.0 }));
    let id = ui.make_persistent_id(("price", offer.key()));
    let response = ui.interact(hit, id, Sense::CLICK);
    let name = names::with_condition(&names::counted(offer), offer, locale);
    response.widget_info(|| {
        WidgetInfo::labeled(
            Role::Button,
            offer.size_gib().is_none(),
            locale.sentence(Key::CardsTypePrice, &[(Placeholder::Name, &name)]),
        )
    });
    // An own price is kept for a card with all its memory.
    let typed_over = offer.size_gib().is_none();
    if typed_over && response.hovered() {
        ui.painter().rect_filled(hit, radius::SEGMENT, t.hover);
    }
    let at = rect.right_center() - vec2(3.0, 0.0);
    let drawn = if let Some(price) = &offer.price {
        let lines = if room.high { 8.0 } else { 0.0 };
        if room.high {
            let words = price_words::dated_to_the_month(price.each, price.standing, locale);
            let look = (Type::Caption, t.faint);
            let at = at + vec2(0.0, 9.0);
            paint::text_within(ui.painter(), at, Align2::RIGHT_CENTER, &words, look, rect.width() + 6.0);
        }
        let at = at - vec2(0.0, lines);
        let (words, look) = (crate::text::money(price.usd), (Type::Mono, t.text));
        paint::text_within(ui.painter(), at, Align2::RIGHT_CENTER, &words, look, rect.width())
    } else {
        let look = (Type::Caption, t.faint);
        paint::text_within(ui.painter(), at, Align2::RIGHT_CENTER, locale.word(Key::CardsNoPrice), look, rect.width())
    };
    if typed_over && response.hovered() {
        ui.painter().hline(drawn.x_range(), drawn.bottom(), Stroke::new(1.0, t.rail));
    }
    if response.clicked() {
        state.selected = Some(offer.key());
    }
    if typed_over && response.clicked() {
        state.typing = Some(TypedOffer { key: offer.key(), typed: each(offer) });
    }
    response.on_hover_ui_at_pointer(|ui| {
        super::cells::tooltip(ui, offer, super::columns::CardColumn::Sorted(SortKey::Price), inputs);
    });
}

/// The price of one as it is written, to be changed; empty where none is known.
fn each(offer: &Offer<'_>) -> String {
    offer.price.map(|price| crate::text::money(price.each.expected_usd()).replace(',', "")).unwrap_or_default()
}

/// The field in place of the price. Enter keeps it, Escape leaves it as it was.
fn edit(
    ui: &mut Ui,
    offer: &Offer<'_>,
    rect: Rect,
    locale: Locale,
    state: &mut CardsViewState,
    commands: &mut Vec<Command>,
) {
    let Some(TypedOffer { typed, .. }) = &mut state.typing else { return };
    let asked = match names::priced_memory(offer) {
        Some(size) => locale.sentence(Key::CardsPriceOfSize, &[(Placeholder::Value, &size)]),
        None => locale.word(Key::CardsPriceOfOne).to_owned(),
    };
    let cell = TypedCell {
        salt: "typed price",
        place: Rect::from_center_size(rect.center(), vec2(rect.width(), 24.0)),
        name: &asked,
        hint: locale.word(Key::CardsEach),
        before: &each(offer),
    };
    let (response, typing) = cell.show(ui, typed);
    response.on_hover_text(&asked);
    if typing == Typing::Going {
        return;
    }
    let typed = state.typing.take().map(|typing| typing.typed).unwrap_or_default();
    if typing == Typing::Changed {
        let kind = offer.condition.price_kind();
        commands.push(typed_price::command(&offer.card.id, kind, &typed, locale));
    }
}
