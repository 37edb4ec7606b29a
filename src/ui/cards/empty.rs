//! What is said where there is nothing to show.

use eframe::egui::{RichText, Ui};

use super::{CardsInputs, CardsViewState, names};
use crate::advise::ranking::{Filter, FilterRule, Offer};
use crate::catalog::priced::Condition;
use crate::text::{Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::theme::Tokens;
use crate::ui::widgets::button::{ButtonLook, button};
use crate::ui::words;

/// Before the first ranking, or where the plan cannot be estimated on any card.
pub(super) fn without_ranking(ui: &mut Ui, inputs: &CardsInputs<'_>) {
    let locale = inputs.locale;
    match inputs.offers {
        Some(Err(error)) => said(ui, locale.word(Key::CardsCannotRank), &words::error(locale, error)),
        _ => said(ui, locale.word(Key::CardsRanking), ""),
    }
}

/// Where the filters leave no row: which of them to loosen.
pub(super) fn without_rows(ui: &mut Ui, offers: &[Offer<'_>], inputs: &CardsInputs<'_>, state: &mut CardsViewState) {
    let locale = inputs.locale;
    if !state.query.trim().is_empty() {
        let words = locale.sentence(Key::NothingFound, &[(Placeholder::Query, state.query.trim())]);
        said(ui, &words, "");
        ui.vertical_centered(|ui| {
            if button(ui, locale.word(Key::BookClear), ButtonLook::Plain, None).clicked() {
                state.query.clear();
            }
        });
        return;
    }
    let narrowest = state.filter.narrowest(offers);
    let hint = narrowest.map(|(rule, count)| {
        let (name, count) = (rule_words(rule, locale), count.to_string());
        locale.sentence(Key::CardsLoosenHint, &[(Placeholder::Name, &name), (Placeholder::Count, &count)])
    });
    said(ui, locale.word(Key::CardsNoneLeft), hint.as_deref().unwrap_or_default());
    ui.vertical_centered(|ui| {
        if let Some((rule, _)) = narrowest {
            let words = locale.sentence(Key::CardsLoosen, &[(Placeholder::Name, &rule_words(rule, locale))]);
            if button(ui, &words, ButtonLook::Plain, None).clicked() {
                state.filter.remove(rule);
            }
        }
        if (narrowest.is_none() || state.filter.rules().len() > 1)
            && button(ui, locale.word(Key::CardsClearFilters), ButtonLook::Plain, None).clicked()
        {
            state.filter = Filter::default();
        }
    });
}

fn said(ui: &mut Ui, title: &str, hint: &str) {
    let t = Tokens::of(ui);
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.3).max(24.0));
        ui.label(RichText::new(title).font(Type::Section.font()).color(t.text));
        if !hint.is_empty() {
            ui.label(RichText::new(hint).font(Type::Body.font()).color(t.sec));
        }
        ui.add_space(8.0);
    });
}

/// A rule as the filters name it.
fn rule_words(rule: FilterRule, locale: Locale) -> String {
    let named = |key: Key| locale.word(key).to_owned();
    match rule {
        FilterRule::Budget(usd) => {
            locale.sentence(Key::CardsRuleBudget, &[(Placeholder::Value, &crate::text::money(usd))])
        }
        FilterRule::LeastDecode(least) => {
            locale.sentence(Key::CardsRuleSpeed, &[(Placeholder::Value, &names::rate(least))])
        }
        FilterRule::LeastMemory(gib) => {
            locale.sentence(Key::CardsRuleMemory, &[(Placeholder::Value, &crate::text::gib_trimmed(gib))])
        }
        FilterRule::NotFrom(vendor) => locale.sentence(Key::CardsRuleNot, &[(Placeholder::Name, vendor.said(locale))]),
        FilterRule::NotBought(Condition::New) => {
            locale.sentence(Key::CardsRuleNot, &[(Placeholder::Name, locale.word(Key::CardsNew))])
        }
        FilterRule::NotBought(Condition::Used) => {
            locale.sentence(Key::CardsRuleNot, &[(Placeholder::Name, locale.word(Key::CardsUsed))])
        }
        FilterRule::SingleCard => named(Key::CardsSingle),
        FilterRule::NoSpareCard => named(Key::CardsNoSpare),
        FilterRule::Native => named(Key::CardsNative),
        FilterRule::Priced => named(Key::CardsPriced),
    }
}
