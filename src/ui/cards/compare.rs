//! Pinned rows side by side, with the chosen one behind them: figures, and how they differ from the first.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::{CardsInputs, CardsViewState, columns, facts, names};
use crate::advise::ranking::{Offer, SortKey, trial_of_size};
use crate::plan::NamedPlan;
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::Tokens;
use crate::ui::widgets::button::{ButtonLook, button, icon_button};
use crate::ui::widgets::inside;
use crate::ui::widgets::tip::Tip;
use crate::units::Usd;

const ROW: f32 = 28.0;
/// Between two rows.
const GAP: f32 = 1.0;
/// What lets a pinned row go.
const CLOSE: f32 = 20.0;
/// Width of the names of figures.
const NAMES: f32 = 84.0;

/// The figures compared.
const FIGURES: [SortKey; 8] = [
    SortKey::Headroom,
    SortKey::Decode,
    SortKey::Prefill,
    SortKey::FirstToken,
    SortKey::Price,
    SortKey::PerToken,
    SortKey::FairPrice,
    SortKey::Power,
];

pub(super) fn show(
    ui: &mut Ui,
    offers: &[Offer<'_>],
    chosen: Option<usize>,
    inputs: &CardsInputs<'_>,
    state: &mut CardsViewState,
    commands: &mut Vec<Command>,
) {
    let mut places = state.listing.pins.clone();
    places.extend(chosen.filter(|place| !places.contains(place)));
    let compared: Vec<&Offer<'_>> = places.iter().filter_map(|&place| offers.get(place)).collect();
    if let Some(offer) = chosen.and_then(|place| offers.get(place)) {
        facts::head(ui, offer, inputs, state, commands);
    }
    ui.spacing_mut().item_spacing.y = GAP;
    heads(ui, &compared, inputs, state, commands);
    for column in FIGURES {
        figures(ui, &compared, column, inputs);
    }
}

/// Where the column of so many stands.
#[expect(clippy::cast_precision_loss, reason = "four columns")]
fn column_at(row: Rect, index: usize, count: usize) -> Rect {
    let width = (row.width() - NAMES) / count.max(1) as f32;
    Rect::from_min_size(pos2(row.left() + NAMES + width * index as f32, row.top()), vec2(width, row.height()))
}

fn heads(
    ui: &mut Ui,
    compared: &[&Offer<'_>],
    inputs: &CardsInputs<'_>,
    state: &mut CardsViewState,
    commands: &mut Vec<Command>,
) {
    let t = Tokens::of(ui);
    let (_, row) = ui.allocate_space(vec2(ui.available_width(), ROW));
    for (index, offer) in compared.iter().enumerate() {
        let place = column_at(row, index, compared.len());
        let center = pos2(place.left() + 6.0, place.center().y);
        if let Some(verdict) = offer.verdict() {
            icons::verdict_small(ui.painter(), center, verdict, t);
        }
        let name = names::with_condition(&names::short(offer), offer, inputs.locale);
        let at = pos2(place.left() + 16.0, place.center().y);
        let look = (Type::SmallStrong, t.text);
        let pinned = index < state.listing.pins.len();
        let room = place.width() - 22.0 - if pinned { CLOSE } else { 0.0 };
        let drawn = paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &name, look, room);
        let hover = ui.interact(place, ui.make_persistent_id(("compared", index)), Sense::hover());
        hover.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, &name));
        hover.on_hover_text(&name);
        if !pinned {
            continue;
        }
        let corner = pos2(drawn.right() + 2.0, place.center().y - CLOSE / 2.0);
        let words = inputs.locale.sentence(Key::CardsUnpinNamed, &[(Placeholder::Name, &name)]);
        let corner = Rect::from_min_size(corner, vec2(CLOSE, CLOSE));
        let close = ui.push_id(index, |ui| {
            inside(ui, "unpin", corner, |ui| icon_button(ui, Icon::Close, &words, CLOSE)).clicked()
        });
        if close.inner {
            facts::toggle_pin(state, offer.key());
        }
    }
    as_plans(ui, row, &compared[..state.listing.pins.len().min(compared.len())], inputs, commands);
    ui.painter().hline(row.x_range(), row.bottom() - 0.5, Stroke::new(1.0, t.line));
}

/// The pinned ones as plans, side by side.
fn as_plans(ui: &mut Ui, row: Rect, pinned: &[&Offer<'_>], inputs: &CardsInputs<'_>, commands: &mut Vec<Command>) {
    let at = Rect::from_min_size(row.min, vec2(NAMES - 4.0, ROW - 2.0));
    let words = inputs.locale.word(Key::Compare);
    let compare = inside(ui, "as plans", at, |ui| button(ui, words, ButtonLook::Plain, Some(at.width())));
    if compare.on_hover_text(inputs.locale.word(Key::TipCompareCards)).clicked() {
        let named = |offer: &&Offer<'_>| NamedPlan {
            name: String::new(),
            plan: trial_of_size(inputs.plan, offer.card, offer.size_gib(), offer.count, inputs.catalog),
        };
        commands.push(Command::Compare(pinned.iter().map(named).collect()));
    }
}

fn figures(ui: &mut Ui, compared: &[&Offer<'_>], column: SortKey, inputs: &CardsInputs<'_>) {
    let t = Tokens::of(ui);
    let (_, row) = ui.allocate_space(vec2(ui.available_width(), ROW - 5.0));
    let name = inputs.locale.word(columns::head(column, inputs.plan.workload.task.trains()));
    paint::text_within(ui.painter(), row.left_center(), Align2::LEFT_CENTER, name, (Type::Small, t.faint), NAMES - 4.0);
    let mut spoken = vec![name.to_owned()];
    for (index, offer) in compared.iter().enumerate() {
        let place = column_at(row, index, compared.len());
        let value = value(offer, column);
        let at = place.left_center();
        let drawn = paint::text(ui.painter(), at, Align2::LEFT_CENTER, &value, Type::Mono, t.text);
        spoken.push(value);
        let first = compared.first().filter(|_| index > 0);
        if let Some(difference) = first.and_then(|first| against(column, offer, first, inputs.locale)) {
            let at = pos2(drawn.right() + 6.0, place.center().y);
            let room = place.right() - at.x - 4.0;
            let look = (Type::Caption, t.faint);
            paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &difference, look, room);
            spoken.push(difference);
        }
    }
    let response = ui.interact(row, ui.make_persistent_id(("figure", column)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, spoken.join(" ")));
    let trains = inputs.plan.workload.task.trains();
    let tip = Tip::of(columns::head(column, trains), inputs.locale);
    tip.more(inputs.locale.word(columns::tip(column, trains))).on(&response);
}

/// A figure with its unit.
fn value(offer: &Offer<'_>, column: SortKey) -> String {
    let unit = |words: String, unit: &str| if words == names::NONE { words } else { format!("{words} {unit}") };
    match column {
        SortKey::Headroom => unit(names::signed(offer.headroom()), "GiB"),
        SortKey::Decode => unit(names::expected(offer.decode()), "tok/s"),
        SortKey::Prefill => unit(names::expected(offer.prefill()), "tok/s"),
        SortKey::FirstToken => unit(names::expected(offer.first_token()), "s"),
        SortKey::Price | SortKey::PerToken | SortKey::FairPrice => names::usd(column.figure(offer).map(Usd)),
        SortKey::Power => {
            unit(offer.power_w().map_or_else(|| names::NONE.to_owned(), |watts| crate::text::count(watts.into())), "W")
        }
        SortKey::Verdict | SortKey::Card => String::new(),
    }
}

/// How a figure stands to the first one's: `1.8 times`; of a headroom the difference.
fn against(column: SortKey, offer: &Offer<'_>, first: &Offer<'_>, locale: Locale) -> Option<String> {
    let (figure, base) = (column.figure(offer)?, column.figure(first)?);
    if value(offer, column) == value(first, column) {
        return Some(locale.word(Key::CardsSame).to_owned());
    }
    if column == SortKey::Headroom {
        let difference = figure - base;
        let sign = if difference > 0.0 { "+" } else { "" };
        return Some(format!("{sign}{}", text::decimal(difference, 1)));
    }
    (base > 0.0 && figure > 0.0).then(|| ratio(figure / base, locale))
}

/// A ratio as people say it: `29 times`, `1.04 times`, `1/25`.
fn ratio(ratio: f64, locale: Locale) -> String {
    let times = |figure: &str| locale.sentence(Key::CardsTimes, &[(Placeholder::Value, figure)]);
    match ratio {
        ratio if (ratio - 1.0).abs() < 0.005 => locale.word(Key::CardsSame).to_owned(),
        ratio if ratio < 0.0995 => format!("1/{}", text::figure(1.0 / ratio)),
        ratio if ratio < 1.995 => times(&text::trimmed(ratio, 2)),
        ratio => times(&text::figure(ratio)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_said_as_people_say_it() {
        for (figure, en, zh) in [
            (1.0, "same", "相同"),
            (28.54, "29 times", "29 倍"),
            (0.0401, "1/25", "1/25"),
            (1.8, "1.8 times", "1.8 倍"),
            (0.54, "0.54 times", "0.54 倍"),
            (0.0001, "1/10,000", "1/10,000"),
        ] {
            assert_eq!((ratio(figure, Locale::En).as_str(), ratio(figure, Locale::Zh).as_str()), (en, zh));
        }
    }
}
