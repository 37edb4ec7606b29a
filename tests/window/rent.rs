//! The panel that holds buying against renting, driven by labels.

use crate::support::{View, WIDE, labels, type_into, window};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Ui, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use rigplan::advise::rent::{Bought, CloudOffer, cloud_offers};
use rigplan::catalog::Catalog;
use rigplan::catalog::source::Date;
use rigplan::plan::{BuildRequest, ModelChoice, Plan, RentTerms};
use rigplan::text::Locale;
use rigplan::ui::rent::{RentInputs, RentViewState, show};
use rigplan::units::{Usd, Watts};

pub(crate) struct Scene {
    bought: Option<Bought>,
    unpriced: u32,
    offers: Option<Vec<CloudOffer<'static>>>,
    terms: RentTerms,
    pub(crate) locale: Locale,
    state: RentViewState,
    changes: u32,
}

impl Scene {
    /// A machine at $8,456 and 700 W for Llama 3.1 70B.
    pub(crate) fn new() -> Self {
        let mut plan = Plan::default();
        plan.workload.model = ModelChoice::Catalog("llama-3.1-70b".to_owned());
        let today = Date::try_from("2026-11-22".to_owned()).expect("a date");
        Self {
            bought: Some(Bought {
                usd: Usd(8456.0),
                work_watts: Some(Watts(700.0)),
                idle_watts: None,
                tokens_per_s: Some(26.0),
            }),
            unpriced: 0,
            offers: Some(cloud_offers(&plan, Catalog::embedded(), &today)),
            terms: RentTerms { resale_share: 0.0, ..RentTerms::default() },
            locale: Locale::En,
            state: RentViewState::default(),
            changes: 0,
        }
    }
}

impl View for Scene {
    fn show(&mut self, ui: &mut Ui) {
        let inputs = RentInputs {
            name: "the Team build",
            bought: self.bought,
            unpriced: self.unpriced,
            offers: self.offers.as_deref(),
            locale: self.locale,
        };
        self.changes += u32::from(show(ui, &mut self.terms, &inputs, &mut self.state));
    }
}

/// What the plot says to those who do not see it.
fn said(harness: &Harness<'_, Scene>) -> String {
    harness.get_by_role(Role::Image).accesskit_node().label().expect("words")
}

#[test]
fn the_plot_has_words_and_terms_change_them() {
    let mut harness = window(Scene::new(), WIDE);
    let before = said(&harness);
    assert!(before.starts_with("Buy $8,456, then $29 a month of power; Rent "), "{before}");
    assert_eq!(before.matches("break-even").count(), 2, "two offers: {before}");
    assert_eq!(harness.state().changes, 0, "nothing is edited by being shown");
    type_into(&mut harness, "Electricity, type a value", "0.34");
    assert!(said(&harness).starts_with("Buy $8,456, then $58 a month"), "{}", said(&harness));
    type_into(&mut harness, "Draw at work, type a value", "350");
    assert!(said(&harness).starts_with("Buy $8,456, then $29 a month"), "{}", said(&harness));
    type_into(&mut harness, "Draw at work, type a value", "as before");
    assert_eq!(harness.state().terms.work_watts, None, "words mean: by its parts");
}

#[test]
fn a_hosted_api_is_a_line_of_its_own_while_it_has_a_price() {
    let mut harness = window(Scene::new(), WIDE);
    assert!(!said(&harness).contains("Hosted API"));
    harness.get_by_role_and_label(Role::Button, "Hosted API, type a value").click();
    harness.run();
    // Nothing has to be deleted first.
    harness.get_by_role_and_label(Role::TextInput, "Hosted API, type a value").type_text("$15");
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(harness.state().terms.api_usd_per_million, Some(Usd(15.0)));
    let words = said(&harness);
    assert!(words.contains("Hosted API at $15 per million tokens: break-even 27 months"), "{words}");
    type_into(&mut harness, "Hosted API, type a value", "none");
    assert_eq!(harness.state().terms.api_usd_per_million, None);
    assert!(!said(&harness).contains("Hosted API at"));
}

#[test]
fn absurd_terms_are_brought_to_what_can_be_and_lose_nothing() {
    let mut harness = window(Scene::new(), WIDE);
    for (name, typed) in [
        ("Use, type a value", "900"),
        ("Kept for, type a value", "-3"),
        ("Electricity, type a value", "1e30"),
        ("Resale value, type a value", "500"),
        ("Draw at work, type a value", "1e300"),
        ("Draw while idle, type a value", "-5"),
        ("Hosted API, type a value", "1e99"),
    ] {
        type_into(&mut harness, name, typed);
        let build = BuildRequest { terms: harness.state().terms, ..BuildRequest::default() };
        assert_eq!(build.check(), Ok(()), "{name} {typed}");
    }
    let kept = harness.state().terms;
    type_into(&mut harness, "Use, type a value", "many");
    assert_eq!(harness.state().terms, kept, "words are no hours");
}

#[test]
fn zero_hours_are_answered() {
    let terms = RentTerms { hours_per_day: 0.0, idle_watts: Some(Watts(50.0)), ..RentTerms::default() };
    let harness = window(Scene { terms, ..Scene::new() }, WIDE);
    let words = said(&harness);
    assert_eq!(words.matches("break-even never").count(), 2, "{words}");
}

#[test]
fn offers_are_listed_by_their_price_a_token_and_put_into_the_plot() {
    let mut harness = window(Scene::new(), vec2(1400.0, 1100.0));
    let few = labels(&harness, Role::CheckBox);
    assert_eq!(few.len(), 6);
    let price = |row: &str| row.split(", ").filter_map(|cell| cell.strip_prefix('$')?.parse::<f64>().ok()).nth(1);
    let prices: Vec<f64> = few.iter().filter_map(|row| price(row)).collect();
    assert!(prices.len() == 6 && prices.is_sorted(), "{prices:?} of {few:?}");
    assert!(few.iter().all(|row| row.contains("202")), "each with its date: {few:?}");
    // The third is not in the plot yet.
    harness.get_by_label(&few[2]).click();
    harness.run();
    assert_eq!(said(&harness).matches("Rent ").count(), 3);
    harness.get_by_label(&few[2]).click();
    harness.run();
    assert_eq!(said(&harness).matches("Rent ").count(), 2);
    let all = harness.state().offers.as_ref().map_or(0, Vec::len);
    harness.get_by_label(&format!("All {all} offers")).click();
    harness.run();
    assert!(harness.query_by_label("Fewer offers").is_some());
}

#[test]
fn what_is_not_known_is_said() {
    let mut harness = window(Scene { bought: None, ..Scene::new() }, WIDE);
    assert!(harness.query_by_role(Role::Image).is_none(), "no plot without a price");
    assert!(!labels(&harness, Role::CheckBox).is_empty(), "but the offers");
    harness.state_mut().offers = Some(Vec::new());
    harness.run();
    assert!(harness.query_by_label("No cloud offer of the data holds this plan in VRAM").is_some());
    harness.state_mut().offers = None;
    harness.run();
    assert!(harness.query_by_label("Looking at the cloud offers…").is_some());
    let unpowered = Bought { usd: Usd(8456.0), work_watts: None, idle_watts: None, tokens_per_s: None };
    let mut harness = window(Scene { bought: Some(unpowered), ..Scene::new() }, WIDE);
    assert!(harness.query_by_role(Role::Image).is_none(), "no plot while nobody knows what it draws");
    type_into(&mut harness, "Draw at work, type a value", "120");
    assert!(said(&harness).starts_with("Buy $8,456"), "but once it is typed");
    let bought = Bought { usd: Usd(8456.0), work_watts: Some(Watts(700.0)), idle_watts: None, tokens_per_s: None };
    let terms = RentTerms { api_usd_per_million: Some(Usd(2.0)), ..RentTerms::default() };
    let harness = window(Scene { bought: Some(bought), terms, unpriced: 2, ..Scene::new() }, WIDE);
    assert!(said(&harness).contains("Hosted API at $2.00 per million tokens: break-even no data"));
}

#[test]
fn it_is_drawn_in_both_languages_and_in_narrow_windows() {
    for locale in Locale::ALL {
        for width in [900.0, 1052.0, 1400.0] {
            let harness = window(Scene { locale, ..Scene::new() }, vec2(width, 1000.0));
            assert!(!said(&harness).is_empty());
        }
    }
}
