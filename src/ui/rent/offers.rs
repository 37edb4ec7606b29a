//! The cloud offers that hold the plan, cheapest a million tokens first, each with its date and source.

use eframe::egui::{Align2, Rect, RichText, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::lines::{MOST, RentKey, RentLine, cards, usd};
use super::{RentInputs, RentViewState};
use crate::advise::rent::CloudOffer;
use crate::catalog::price_words;
use crate::text::{self, Concept, Join, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{CLEAR, Tokens, radius, space};
use crate::ui::widgets::button::{ButtonLook, button};
use crate::ui::widgets::tip::Tip;

/// So many offers are listed at first.
const FEW: usize = 6;
const ROW: f32 = 26.0;
/// Width of the box that puts an offer into the plot.
const BOX: f32 = 28.0;
/// Shares of the width beside the box: cards, cloud, an hour, tokens a second, a million tokens, date, source.
const SHARES: [f32; 7] = [0.18, 0.17, 0.09, 0.08, 0.12, 0.20, 0.16];

pub(super) fn show(ui: &mut Ui, inputs: &RentInputs<'_>, drawn: &[RentLine], state: &mut RentViewState) {
    let t = Tokens::of(ui);
    let locale = inputs.locale;
    ui.add_space(space::M);
    let offers = inputs.offers.unwrap_or_default();
    let title = match inputs.offers {
        None => Key::RentWait,
        Some([]) => Key::RentNoOffers,
        Some(_) => Key::RentOffers,
    };
    let title = RichText::new(locale.word(title)).font(Type::SmallStrong.font()).color(t.text);
    ui.label(title);
    if offers.is_empty() {
        return;
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    heads(ui, locale);
    let shown = if state.all { offers.len() } else { offers.len().min(FEW) };
    for offer in &offers[..shown] {
        row(ui, offer, drawn, inputs, state);
    }
    if offers.len() > FEW {
        ui.add_space(space::S);
        let count = offers.len().to_string();
        let words = if state.all {
            locale.word(Key::RentFewer).to_owned()
        } else {
            locale.sentence(Key::RentAll, &[(Placeholder::Count, &count)])
        };
        if button(ui, &words, ButtonLook::Plain, None).clicked() {
            state.all = !state.all;
        }
    }
}

fn heads(ui: &mut Ui, locale: Locale) {
    let t = Tokens::of(ui);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
    let keys = [
        Key::RentCards,
        Key::RentCloud,
        Key::RentPerHour,
        Key::RentTokens,
        Key::RentPerMillion,
        Key::RentDated,
        Key::RentSource,
    ];
    for ((cell, place), key) in columns(rect).into_iter().enumerate().map(|(place, cell)| (cell, place)).zip(keys) {
        write(ui, cell, place, locale.word(key), (Type::Caption, t.faint));
        if let Some(concept) = Concept::of(key) {
            let response = ui.interact(cell, ui.make_persistent_id(("head", place)), Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, locale.word(key)));
            Tip::about(concept, locale).on(&response);
        }
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
}

fn row(ui: &mut Ui, offer: &CloudOffer<'_>, drawn: &[RentLine], inputs: &RentInputs<'_>, state: &mut RentViewState) {
    let t = Tokens::of(ui);
    let locale = inputs.locale;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let key = RentKey::of(offer.rent);
    let on = drawn.iter().any(|line| line.key.as_ref() == Some(&key));
    let cells = words(offer, locale);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, locale.join(Join::Phrases, &cells)));
    if response.clicked() {
        let mut keys: Vec<RentKey> = drawn.iter().filter_map(|line| line.key.clone()).collect();
        if on {
            keys.retain(|other| *other != key);
        } else {
            keys.push(key);
            // The one that was there first makes room.
            keys.drain(..keys.len().saturating_sub(MOST));
        }
        state.chosen = Some(keys);
    }
    paint::reveal_focused(&response);
    if ui.is_rect_visible(rect) {
        if response.hovered() {
            ui.painter().rect_filled(rect, radius::SEGMENT, t.hover);
        }
        let square = Rect::from_center_size(pos2(rect.left() + 10.0, rect.center().y), Vec2::splat(14.0));
        let fill = if on { t.text } else { CLEAR };
        ui.painter().rect(square, radius::PLATE, fill, Stroke::new(1.0, t.rail), StrokeKind::Inside);
        if on {
            icons::draw(ui.painter(), square.center(), Icon::Tick, t.bg);
        }
        for (place, (cell, words)) in columns(rect).into_iter().zip(&cells).enumerate() {
            let look = match place {
                0 => (Type::Body, t.text),
                1 => (Type::Small, t.sec),
                5 if offer.stale => (Type::Caption, t.warning()),
                5 | 6 => (Type::Caption, t.faint),
                _ => (Type::Mono, t.text),
            };
            write(ui, cell, place, words, look);
        }
        paint::focus_ring(ui, &response, radius::SEGMENT);
    }
    response.on_hover_ui_at_pointer(|ui| {
        ui.set_max_width(360.0);
        let rent = offer.rent;
        let source = rent.source.line(locale);
        let lines = [Some(locale.word(Key::TipRentOffer).to_owned()), rent.offer.clone(), Some(source)];
        for line in lines.into_iter().flatten() {
            ui.label(RichText::new(line).font(Type::Small.font()).color(t.sec));
        }
    });
}

/// What the cells of a row say.
fn words(offer: &CloudOffer<'_>, locale: Locale) -> [String; 7] {
    let rent = offer.rent;
    let no_data = || locale.word(Key::NoData).to_owned();
    [
        cards(offer),
        rent.cloud.said(locale),
        text::money(offer.usd_per_hour),
        offer.tokens_per_s.map_or_else(no_data, text::figure),
        usd(offer.usd_per_million, locale),
        price_words::rent_dated(rent, offer.stale, locale),
        rent.source.brief(locale),
    ]
}

/// The places of the cells of a row.
fn columns(rect: Rect) -> [Rect; 7] {
    let width = rect.width() - BOX;
    let mut left = rect.left() + BOX;
    SHARES.map(|share| {
        let cell = Rect::from_min_size(pos2(left, rect.top()), vec2(width * share, rect.height()));
        left = cell.right();
        cell
    })
}

/// Numbers stand at the right of their cells, words at the left.
fn write(ui: &Ui, cell: Rect, place: usize, words: &str, look: (Type, crate::ui::theme::Ink)) {
    let room = cell.width() - 16.0;
    if (2..=4).contains(&place) {
        let at = cell.right_center() - vec2(16.0, 0.0);
        paint::text_within(ui.painter(), at, Align2::RIGHT_CENTER, words, look, room);
    } else {
        paint::text_within(ui.painter(), cell.left_center(), Align2::LEFT_CENTER, words, look, room);
    }
}
