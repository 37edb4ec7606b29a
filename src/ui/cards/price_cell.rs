//! The price of a row, which can be typed in place.

use eframe::egui::{Align2, Frame, Key as Press, Margin, Rect, Role, Sense, Stroke, TextEdit, Ui, WidgetInfo, vec2};

use super::{CardsViewState, names};
use crate::advise::ranking::Offer;
use crate::text::{Hole, Key, Locale};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};
use crate::ui::widgets::inside;

/// Shows the price right-aligned in `rect`; a click lets the price of one card be typed.
pub(super) fn show(
    ui: &mut Ui,
    offer: &Offer<'_>,
    rect: Rect,
    locale: Locale,
    state: &mut CardsViewState,
    commands: &mut Vec<Command>,
) {
    if state.typing.as_ref().is_some_and(|(key, _)| offer.is(key)) {
        edit(ui, offer, rect, locale, state, commands);
        return;
    }
    let t = Tokens::of(ui);
    let hit = Rect::from_center_size(rect.center(), vec2(rect.width(), 24.0));
    let id = ui.make_persistent_id(("price", &offer.card.id, offer.count, offer.condition));
    let response = ui.interact(hit, id, Sense::CLICK);
    let name = names::with_condition(&names::counted(offer), offer, locale);
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Button, true, locale.sentence(Key::CardsTypePrice, &[(Hole::Name, &name)]))
    });
    if response.hovered() {
        ui.painter().rect_filled(hit, radius::SEGMENT, t.hover);
    }
    let at = rect.right_center() - vec2(3.0, 0.0);
    let drawn = match offer.price {
        Some(price) => {
            paint::text(ui.painter(), at, Align2::RIGHT_CENTER, &names::money(price.usd), Type::Mono, t.text)
        }
        None => {
            let words = locale.word(Key::CardsNoPrice);
            paint::text(ui.painter(), at, Align2::RIGHT_CENTER, words, Type::Caption, t.faint)
        }
    };
    if response.hovered() {
        ui.painter().hline(drawn.x_range(), drawn.bottom(), Stroke::new(1.0, t.rail));
    }
    if response.clicked() {
        let typed = offer.price.map(|price| crate::text::trimmed(price.each.usd, 2).replace(',', ""));
        state.selected = Some(offer.key());
        state.typing = Some((offer.key(), typed.unwrap_or_default()));
    }
    response.on_hover_ui_at_pointer(|ui| {
        super::cells::tooltip(ui, offer, super::columns::Cell::Date, locale);
    });
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
    let t = Tokens::of(ui);
    let Some((_, typed)) = &mut state.typing else { return };
    let frame = Frame::new()
        .fill(t.bg)
        .stroke(Stroke::new(1.0, t.rail))
        .corner_radius(radius::SEGMENT)
        .inner_margin(Margin::symmetric(4, 2));
    let place = Rect::from_center_size(rect.center(), vec2(rect.width(), 24.0));
    let id = ui.make_persistent_id("typed price");
    let field = TextEdit::singleline(typed)
        .id(id)
        .font(Type::Mono.font())
        .char_limit(16)
        .frame(frame)
        .hint_text(locale.word(Key::CardsEach))
        .align(Align2::RIGHT_CENTER)
        .desired_width(place.width() - 8.0);
    let response = inside(ui, "typed price", place, |ui| ui.put(place, field));
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, locale.word(Key::CardsPriceOfOne)));
    if response.lost_focus() {
        let given_up = ui.input(|input| input.key_pressed(Press::Escape));
        let typed = state.typing.take().map(|(_, typed)| typed).unwrap_or_default();
        if !given_up && !typed.trim().is_empty() {
            let kind = offer.condition.price_kind();
            commands.push(Command::KeepPrice { card: offer.card.id.clone(), kind, typed });
        }
    } else if !response.has_focus() {
        response.request_focus();
    }
}
