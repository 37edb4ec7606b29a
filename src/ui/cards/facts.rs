//! The chosen row in words and figures, and what can be done with it.

use eframe::egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::{CardsInputs, CardsViewState, MOST_PINNED, cells, names};
use crate::advise::ranking::{Offer, OfferKey, supply};
use crate::catalog::card::FormFactor;
use crate::catalog::price_words;
use crate::plan::{CardChoice, Plan};
use crate::text::{Join, Key, Locale, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::Icon;
use crate::ui::theme::Tokens;
use crate::ui::widgets::button::{ButtonLook, button, icon_button};
use crate::ui::widgets::inside;
use crate::ui::widgets::tip::Tip;
use crate::ui::{icons, paint, words};

/// Height of one fact.
const FACT: f32 = 36.0;
/// The most that the names of facts take.
const NAMES: f32 = 76.0;
/// The first column's share of the width: its second lines are the longer.
const FIRST: f32 = 0.53;

pub(super) fn show(
    ui: &mut Ui,
    offer: &Offer<'_>,
    inputs: &CardsInputs<'_>,
    state: &mut CardsViewState,
    commands: &mut Vec<Command>,
) {
    let locale = inputs.locale;
    head(ui, offer, inputs, state, commands);
    verdict(ui, offer, locale);
    ui.add_space(6.0);
    ui.spacing_mut().item_spacing.y = 4.0;
    let facts = facts(offer, inputs);
    let names = |column: usize| {
        let names = facts.iter().skip(column).step_by(2).map(|fact| locale.word(fact.name));
        names.map(|name| paint::width(ui.painter(), name, Type::Caption)).fold(0.0, f32::max).min(NAMES)
    };
    let names = [names(0), names(1)];
    for pair in facts.chunks(2) {
        let (_, row) = ui.allocate_space(vec2(ui.available_width(), FACT));
        let middle = row.left() + row.width() * FIRST;
        let columns = [row.with_max_x(middle - 8.0), row.with_min_x(middle)];
        for ((fact, column), names) in pair.iter().zip(columns).zip(names) {
            show_fact(ui, column, names, fact, locale);
        }
    }
}

/// The name, and the buttons at its right.
pub(super) fn head(
    ui: &mut Ui,
    offer: &Offer<'_>,
    inputs: &CardsInputs<'_>,
    state: &mut CardsViewState,
    commands: &mut Vec<Command>,
) {
    let t = Tokens::of(ui);
    let locale = inputs.locale;
    let (_, row) = ui.allocate_space(vec2(ui.available_width(), 30.0));
    let in_plan = is_in_plan(offer, inputs.plan);
    let used = locale.word(if in_plan { Key::CardsInPlan } else { Key::CardsUse });
    let pinned = state.pinned.iter().any(|key| offer.is(key));
    let pin = locale.word(if pinned { Key::CardsUnpin } else { Key::CardsPin });
    let mut right = row.right();
    let mut place = |ui: &Ui, words: &str| {
        let width = paint::width(ui.painter(), words, Type::BodyStrong) + 24.0;
        let rect = Rect::from_min_max(pos2(right - width, row.top()), pos2(right, row.bottom()));
        right = rect.left() - 8.0;
        rect
    };
    let use_at = place(ui, used);
    let done = inside(ui, "use", use_at, |ui| {
        ui.add_enabled_ui(!in_plan, |ui| button(ui, used, ButtonLook::Primary, None)).inner
    });
    if done.clicked() {
        commands.push(names::used(offer));
    }
    done.on_hover_text(locale.word(Key::TipCardsUse));
    let new_at = place(ui, "+");
    if inside(ui, "use as new", new_at, |ui| icon_button(ui, Icon::Plus, locale.word(Key::UseAsNew), 30.0)).clicked() {
        let used = names::used(offer);
        commands.push(Command::InNewPlan(Box::new(used)));
    }
    let pin_at = place(ui, pin);
    let full = !pinned && state.pinned.len() >= MOST_PINNED;
    let done = inside(ui, "pin", pin_at.translate(vec2(0.0, 1.0)), |ui| {
        ui.add_enabled_ui(!full, |ui| button(ui, pin, ButtonLook::Plain, None)).inner
    });
    if done.clicked() {
        toggle_pin(state, offer.key());
    }
    done.on_hover_text(locale.word(Key::TipCardsPin));
    let room = row.with_max_x(right);
    let whole = names::with_condition(&names::counted(offer), offer, locale);
    let fits = |name: &str| paint::width(ui.painter(), name, Type::Section) <= room.width();
    // The family is said where there is room for it; what is cut even so, where the pointer rests.
    let name = if fits(&whole) { whole.clone() } else { names::with_condition(&names::short(offer), offer, locale) };
    let (at, look) = (room.left_center(), (Type::Section, t.text));
    paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &name, look, room.width());
    if !fits(&name) {
        ui.interact(room, ui.make_persistent_id("whole name"), Sense::hover()).on_hover_text(whole);
    }
}

/// Pins a row or lets it go; no more than can be compared.
pub(super) fn toggle_pin(state: &mut CardsViewState, key: OfferKey) {
    if let Some(place) = state.pinned.iter().position(|other| *other == key) {
        state.pinned.remove(place);
    } else if state.pinned.len() < MOST_PINNED {
        state.pinned.push(key);
    }
}

/// Whether the plan runs on just these cards.
pub(super) fn is_in_plan(offer: &Offer<'_>, plan: &Plan) -> bool {
    match plan.machine.cards.as_slice() {
        [only] => {
            only.card == CardChoice::Catalog(offer.card.id.clone())
                && only.count == offer.count
                && offer.card.size_meant_gib(only.memory_gib) == offer.each_gib
        }
        _ => false,
    }
}

/// The judgment in a sentence, the speed behind it.
fn verdict(ui: &mut Ui, offer: &Offer<'_>, locale: Locale) {
    let t = Tokens::of(ui);
    let (_, row) = ui.allocate_space(vec2(ui.available_width(), 24.0));
    let icon = row.left_center() + vec2(8.0, 0.0);
    let at = row.left_center() + vec2(22.0, 0.0);
    let plain = (Type::Body, t.sec);
    let strong = (Type::BodyStrong, t.text);
    match (offer.answer.as_ref(), offer.verdict()) {
        (Err(error), _) => {
            icons::draw(ui.painter(), icon, icons::Icon::Info, t.faint);
            let words = words::error(locale, error);
            paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &words, plain, row.width() - 22.0);
        }
        (_, None) => {
            icons::draw(ui.painter(), icon, icons::Icon::Info, t.faint);
            paint::text(ui.painter(), at, Align2::LEFT_CENTER, locale.word(Key::NoData), plain.0, plain.1);
        }
        (_, Some(verdict)) => {
            icons::verdict(ui.painter(), icon, verdict, t);
            let said = sentence(offer, locale);
            let galley = paint::starred(ui.painter(), &said, plain, strong, f32::INFINITY);
            ui.painter().with_clip_rect(row).galley(at - vec2(0.0, galley.size().y / 2.0), galley, t.text);
            let response = ui.interact(row, ui.make_persistent_id("verdict"), Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, said.replace('*', "")));
            if let Some(most) = offer.prepared {
                let count = crate::text::count(u64::from(most));
                Tip::of(Key::MaxNumSeqs, locale)
                    .more(&locale.sentence(Key::CardsPreparedWhy, &[(Placeholder::Count, &count)]))
                    .on(&response);
            }
        }
    }
}

fn sentence(offer: &Offer<'_>, locale: Locale) -> String {
    let verdict = offer.verdict().map_or(Key::NoData, words::verdict);
    let left = offer.headroom().map(|left| cells::headroom(left, locale)).unwrap_or_default();
    let holes = [(Placeholder::Name, locale.word(verdict)), (Placeholder::Value, left.as_str())];
    let mut said = locale.sentence(Key::CardsVerdictSentence, &holes);
    if let Some(speed) = offer.decode() {
        let (expected, band) = (names::rate(speed.expected), names::band(speed));
        said.push_str(match locale {
            Locale::En => " ",
            Locale::Zh => "",
        });
        let holes = [(Placeholder::Value, expected.as_str()), (Placeholder::Other, &band)];
        said.push_str(&match offer.decode_total() {
            Some(all) => {
                let all = names::rate(all.expected);
                locale.sentence(Key::CardsSpeedEachAll, &[holes[0], holes[1], (Placeholder::Count, &all)])
            }
            None => locale.sentence(Key::CardsSpeedSentence, &holes),
        });
    }
    match offer.prepared {
        Some(most) => locale.join(Join::Phrases, [said, names::prepared(most, locale)]),
        None => said,
    }
}

/// A fact: its name, its value, a second line, and what it means.
struct Fact {
    name: Key,
    value: String,
    second: String,
    tip: Key,
}

fn facts(offer: &Offer<'_>, inputs: &CardsInputs<'_>) -> Vec<Fact> {
    let locale = inputs.locale;
    let fact = |name, value: String, second: String, tip| Fact { name, value, second, tip };
    let none = || names::NONE.to_owned();
    let price = match &offer.price {
        None => fact(Key::CardsPrice, locale.word(Key::CardsNoPrice).to_owned(), String::new(), Key::CardsNoPriceTip),
        Some(price) => {
            let (each, dated) =
                (crate::text::money(price.each.expected_usd()), price_words::dated(price.each, price.standing, locale));
            let count = offer.count.to_string();
            let second = if offer.count > 1 {
                let holes =
                    [(Placeholder::Count, count.as_str()), (Placeholder::Value, &each), (Placeholder::Other, &dated)];
                locale.sentence(Key::CardsTimesEach, &holes)
            } else {
                let deal = price.deal.map(|deal| price_words::deal(deal, locale));
                let said = [price_words::kind(price.each, locale), price.each.date.to_string()];
                locale.join(Join::Phrases, said.into_iter().chain(deal))
            };
            fact(Key::CardsPrice, crate::text::money(price.usd), second, Key::TipCardsPrice)
        }
    };
    let worth = offer.fair_price.map_or_else(String::new, |usd| {
        locale.sentence(Key::CardsWorthMost, &[(Placeholder::Value, &crate::text::money(usd))])
    });
    let band = |band: Option<crate::units::Band<f64>>, unit: &str| {
        band.map_or_else(
            || (none(), String::new()),
            |band| (format!("{} {unit}", names::rate(band.expected)), format!("{} {unit}", names::band(band))),
        )
    };
    let (prefill, prefill_band) = band(offer.prefill(), "tok/s");
    let (first, first_band) = band(offer.first_token(), "s");
    let drawn = offer.estimate().filter(|_| offer.runs()).and_then(|estimate| estimate.speed.power);
    let drawn = drawn.map_or_else(String::new, |drawn| {
        let key = if offer.trains() { Key::CardsDrawnTraining } else { Key::CardsDrawn };
        locale.sentence(key, &[(Placeholder::Value, &crate::text::decimal(drawn.expected, 0))])
    });
    let (supply, more) = match supply(offer) {
        Some(supply) => (names::watts(supply.supply_w), locale.word(Key::CardsSupplyMore).to_owned()),
        None => (none(), String::new()),
    };
    let power = offer.power_w().map_or_else(none, names::watts);
    let (slots, lanes) = slots(offer, locale);
    let mut all = vec![
        price,
        fact(Key::CardsPerToken, names::usd(offer.usd_per_token_s()), worth, Key::TipCardsWorth),
        fact(Key::CardsPrefill, prefill, prefill_band, Key::TipCardsPrefill),
        fact(Key::CardsFirstToken, first, first_band, Key::TipCardsFirstToken),
        fact(Key::CardsPower, power, drawn, Key::TipCardsPower),
        fact(Key::CardsSupplyName, supply, more, Key::TipCardsSupply),
        fact(Key::CardsMemoryFact, memory(offer), bandwidth(offer, locale), Key::TipCardsMemory),
        fact(Key::CardsSlots, slots, lanes, Key::TipCardsSlots),
    ];
    if offer.trains() {
        all.retain(|fact| !matches!(fact.name, Key::CardsPrefill | Key::CardsFirstToken));
    }
    all
}

fn memory(offer: &Offer<'_>) -> String {
    crate::text::gib_trimmed(offer.memory_gib())
}

fn bandwidth(offer: &Offer<'_>, locale: Locale) -> String {
    let rate = offer.card.bandwidth_gb_s.map(|rate| crate::text::decimal(rate, 0));
    rate.map_or_else(
        || locale.word(Key::NoData).to_owned(),
        |rate| locale.sentence(Key::CardsBandwidthEach, &[(Placeholder::Value, &rate)]),
    )
}

/// How it is built in, and its lanes.
fn slots(offer: &Offer<'_>, locale: Locale) -> (String, String) {
    let count = offer.count.to_string();
    let value = match offer.card.form {
        FormFactor::Slots(thick) => {
            let thick = thick.to_string();
            let holes = [(Placeholder::Count, count.as_str()), (Placeholder::Value, &thick)];
            locale.sentence(if offer.count > 1 { Key::CardsSlotsEach } else { Key::CardsSlotsOne }, &holes)
        }
        FormFactor::SXM(generation) => format!("SXM{generation}"),
        FormFactor::OAM => "OAM".to_owned(),
        FormFactor::Module => locale.word(Key::CardsModule).to_owned(),
        FormFactor::Laptop => locale.word(Key::CardsLaptop).to_owned(),
        FormFactor::System => locale.word(Key::CardsSystem).to_owned(),
    };
    let lanes = match (offer.card.pcie_gen, offer.card.pcie_lanes) {
        (Some(generation), Some(lanes)) => format!("PCIe {generation}.0 x{lanes}"),
        _ => String::new(),
    };
    (value, lanes)
}

/// Shows a fact; the names of its column take so much of the width.
fn show_fact(ui: &Ui, rect: Rect, names: f32, fact: &Fact, locale: Locale) {
    let t = Tokens::of(ui);
    let painter = ui.painter();
    let top = rect.top() + 11.0;
    let name = locale.word(fact.name);
    paint::text_within(painter, pos2(rect.left(), top), Align2::LEFT_CENTER, name, (Type::Caption, t.faint), names);
    let left = rect.left() + names + 12.0;
    let room = rect.right() - left;
    let value = paint::text_within(
        painter,
        pos2(left, top),
        Align2::LEFT_CENTER,
        &fact.value,
        (Type::BodyStrong, t.text),
        room,
    );
    let second = pos2(left, top + 17.0);
    paint::text_within(painter, second, Align2::LEFT_CENTER, &fact.second, (Type::Caption, t.sec), room);
    let response = ui.interact(rect, ui.make_persistent_id(("fact", fact.name)), Sense::hover());
    let spoken = format!("{name} {} {}", fact.value, fact.second);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    // What is cut off is said first.
    let cut = value.width() >= room || paint::width(painter, &fact.second, Type::Caption) > room;
    let tip = locale.word(fact.tip);
    let more = if cut { [spoken.as_str(), tip].join("\n") } else { tip.to_owned() };
    Tip::of(fact.name, locale).more(&more).on(&response);
}
