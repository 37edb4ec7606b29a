//! One row of the table.

use eframe::egui::{Align2, Id, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::columns::{self, CardColumn, PlacedColumn};
use super::{CardsInputs, CardsViewState, TableRoom, cells, memory, names, price_cell};
use crate::advise::ranking::{Offer, SortKey};
use crate::catalog::priced::Condition;
use crate::text::{Join, Key, Locale, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::theme::{Tokens, space};
use crate::ui::{icons, paint, words};

/// Where and how a row is drawn.
pub(super) struct RowLayout {
    pub(super) rect: Rect,
    pub(super) pinned: bool,
    /// These are the plan's own cards.
    pub(super) own: bool,
    /// A group of rows ends here.
    pub(super) ends: bool,
    pub(super) room: TableRoom,
    /// The end of the memory scale in GiB.
    pub(super) scale: f64,
    /// What has the keyboard after a click.
    pub(super) table: Id,
}

pub(super) fn show(
    ui: &mut Ui,
    offer: &Offer<'_>,
    look: &RowLayout,
    inputs: &CardsInputs<'_>,
    state: &mut CardsViewState,
    commands: &mut Vec<Command>,
) {
    let t = Tokens::of(ui);
    let rect = look.rect;
    let id = look.table.with(offer.key());
    let selected = state.selected.as_ref().is_some_and(|key| offer.is(key));
    // Not reached by Tab: the table moves through its rows with the arrow keys.
    let response = ui.interact(rect, id, Sense::CLICK);
    response.widget_info(|| WidgetInfo::selected(Role::Row, true, selected, spoken(offer, look.own, inputs.locale)));
    if selected || response.hovered() {
        ui.painter().rect_filled(rect, 0, t.raised);
    }
    if selected {
        ui.painter().rect_filled(rect.with_max_x(rect.left() + 3.0), 0, t.text);
    }
    let under = if look.ends { t.rail } else { t.line };
    ui.painter().hline(rect.shrink2(vec2(space::L, 0.0)).x_range(), rect.bottom() - 0.5, Stroke::new(1.0, under));
    let places = columns::places(rect, inputs.plan.workload.task.trains());
    for place in &places {
        cell(ui, offer, place, look, inputs, state, commands);
    }
    if response.clicked() {
        state.selected = Some(offer.key());
        ui.memory_mut(|memory| memory.request_focus(look.table));
    }
    if response.double_clicked() {
        commands.push(names::used(offer));
    }
    let pointed = response.hover_pos().and_then(|at| places.iter().find(|place| place.x.expand(4.0).contains(at.x)));
    if let Some(place) = pointed {
        response.on_hover_ui_at_pointer(|ui| cells::tooltip(ui, offer, place.cell, inputs));
    }
}

/// A row as a sentence, for those who do not see it.
fn spoken(offer: &Offer<'_>, own: bool, locale: Locale) -> String {
    let mut parts = vec![names::with_condition(&names::counted(offer), offer, locale)];
    parts.push(match offer.verdict() {
        Some(verdict) => locale.word(words::verdict(verdict)).to_owned(),
        None => locale.word(Key::NoData).to_owned(),
    });
    if let Some(headroom) = offer.headroom() {
        parts.push(cells::headroom(headroom, locale));
    }
    if let Some(speed) = offer.decode() {
        parts.push(locale.sentence(
            Key::CardsSpeedBand,
            &[(Placeholder::Value, &names::rate(speed.expected)), (Placeholder::Other, &names::band(speed))],
        ));
    }
    parts.extend(offer.is_slow().then(|| locale.word(Key::CardsSlow).to_owned()));
    parts.extend(offer.is_whole().then(|| locale.word(Key::CardsSystem).to_owned()));
    parts.extend(offer.card.life().map(|life| life.mark(locale)));
    parts.extend(offer.prepared.map(|most| names::prepared(most, locale)));
    parts.extend(own.then(|| locale.word(Key::CardsInYourPlan).to_owned()));
    parts.push(match offer.price {
        Some(price) => crate::text::money(price.usd),
        None => locale.word(Key::CardsNoPrice).to_owned(),
    });
    locale.join(Join::Clauses, parts)
}

fn cell(
    ui: &mut Ui,
    offer: &Offer<'_>,
    place: &PlacedColumn,
    look: &RowLayout,
    inputs: &CardsInputs<'_>,
    state: &mut CardsViewState,
    commands: &mut Vec<Command>,
) {
    let t = Tokens::of(ui);
    let middle = look.rect.center().y;
    let right = pos2(place.x.max, middle);
    let figure = |words: &str, step: Type, ink| {
        paint::text_within(ui.painter(), right, Align2::RIGHT_CENTER, words, (step, ink), place.x.span());
    };
    match place.cell {
        CardColumn::Memory => {
            let room = Rect::from_x_y_ranges(place.x, look.rect.y_range());
            if let Some(estimate) = offer.estimate() {
                memory::draw(ui, room, estimate, look.scale);
            }
        }
        CardColumn::Sorted(SortKey::Verdict) => {
            let center = pos2(place.x.center(), middle);
            match offer.verdict() {
                Some(verdict) => icons::verdict(ui.painter(), center, verdict, t),
                None => icons::draw(ui.painter(), center, icons::Icon::Info, t.faint),
            }
        }
        CardColumn::Sorted(SortKey::Card) => name(ui, offer, place, look, state, inputs.locale),
        CardColumn::Sorted(SortKey::Price) => {
            let rect = Rect::from_x_y_ranges(place.x.expand(3.0), look.rect.y_range());
            price_cell::show(ui, offer, rect, look.room, inputs, state, commands);
        }
        CardColumn::Sorted(SortKey::Headroom) => figure(&names::signed(offer.headroom()), Type::Mono, t.sec),
        CardColumn::Sorted(SortKey::Decode) => figure(&names::expected(offer.decode()), Type::BodyStrong, t.text),
        CardColumn::Sorted(SortKey::Prefill) => figure(&names::expected(offer.prefill()), Type::Mono, t.sec),
        CardColumn::Sorted(SortKey::FirstToken) => figure(&names::expected(offer.first_token()), Type::Mono, t.sec),
        CardColumn::Sorted(SortKey::PerToken) => figure(&names::usd(offer.usd_per_token_s()), Type::Mono, t.sec),
        CardColumn::Sorted(SortKey::FairPrice) => figure(&names::usd(offer.fair_price), Type::Mono, t.sec),
        CardColumn::Sorted(SortKey::Power) => {
            let words = offer.power_w().map_or_else(|| names::NONE.to_owned(), names::watts);
            figure(&words, Type::Mono, t.faint);
        }
    }
}

/// The card, and under it whether it is used and what is special about it.
fn name(ui: &Ui, offer: &Offer<'_>, place: &PlacedColumn, look: &RowLayout, state: &CardsViewState, locale: Locale) {
    let t = Tokens::of(ui);
    let selected = state.selected.as_ref().is_some_and(|key| offer.is(key));
    let (prepared, last, size);
    let mut second = Vec::new();
    if look.own {
        second.push(locale.word(Key::CardsInYourPlan));
    }
    // The memory that the figures and the price beside it are for.
    if let Some(gib) = names::priced_memory(offer) {
        size = locale.sentence(Key::CardsWithMemory, &[(Placeholder::Value, &gib)]);
        second.push(&size);
    }
    if offer.condition == Condition::Used {
        second.push(locale.word(Key::CardsUsedWord));
    }
    if offer.card.is_laptop() {
        second.push(locale.word(Key::CardsLaptop));
    }
    if offer.is_whole() {
        second.push(locale.word(Key::CardsSystem));
    }
    if let Some(life) = offer.card.life() {
        last = life.mark(locale);
        second.push(&last);
    }
    if let Some(most) = offer.prepared {
        prepared = names::prepared(most, locale);
        second.push(&prepared);
    }
    if look.pinned {
        second.push(locale.word(Key::CardsPinned));
    }
    if offer.is_slow() {
        second.push(locale.word(Key::CardsSlow));
    }
    if !offer.is_sold() {
        second.push(locale.word(Key::CardsUnsold));
    }
    let strong = if selected { Type::BodyStrong } else { Type::Body };
    let at = |y: f32| pos2(place.x.min, look.rect.center().y + y);
    let name = names::short(offer);
    let width = place.x.span();
    if second.is_empty() {
        paint::text_within(ui.painter(), at(0.0), Align2::LEFT_CENTER, &name, (strong, t.text), width);
    } else if look.room.high {
        paint::text_within(ui.painter(), at(-8.0), Align2::LEFT_CENTER, &name, (strong, t.text), width);
        let words = locale.join(Join::Phrases, second);
        paint::text_within(ui.painter(), at(9.0), Align2::LEFT_CENTER, &words, (Type::Caption, t.faint), width);
    } else {
        let words = locale.join(Join::Phrases, second);
        let room = (paint::width(ui.painter(), &words, Type::Caption) + 6.0).min(width / 2.0);
        let drawn =
            paint::text_within(ui.painter(), at(0.0), Align2::LEFT_CENTER, &name, (strong, t.text), width - room);
        let after = pos2(drawn.right() + 6.0, look.rect.center().y);
        let room = place.x.max - after.x;
        paint::text_within(ui.painter(), after, Align2::LEFT_CENTER, &words, (Type::Caption, t.faint), room);
    }
}
