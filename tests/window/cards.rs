//! The Cards view, driven by labels.

use std::sync::Arc;

use crate::support::{View, WIDE, click, labels, press, window};
use eframe::egui::{Key, Modifiers, Ui, accesskit::Role, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use rigplan::advise::ranking::{Direction, FilterRule, Offer, OfferKey, SortKey, rank};
use rigplan::catalog::Catalog;
use rigplan::catalog::card::Vendor;
use rigplan::catalog::priced::Condition;
use rigplan::catalog::source::PriceKind;
use rigplan::plan::{ModelChoice, Plan};
use rigplan::text::{Concept, Key as Word, Locale};
use rigplan::ui::cards::{CardsInputs, CardsViewState};
use rigplan::ui::command::Command;
use rigplan::units::{Band, Bytes, Usd};

struct Scene {
    plan: Plan,
    offers: Vec<Offer<'static>>,
    locale: Locale,
    /// The document's.
    budget: Option<Usd>,
    state: CardsViewState,
    commands: Vec<Command>,
}

impl Scene {
    /// Llama 3.1 70B, 32 GiB of RAM, speeds that follow the bandwidth of the cards.
    fn new() -> Self {
        let mut plan = Plan::default();
        plan.workload.model = ModelChoice::Catalog("llama-3.1-70b".to_owned());
        plan.machine.ram_gib = 32.0;
        let mut offers = rank(&plan, Catalog::embedded()).expect("a plan that can be estimated");
        for offer in &mut offers {
            let speed = offer.card.bandwidth_gb_s.map(|rate| rate / 60.0);
            if let Ok(estimate) = Arc::make_mut(&mut offer.answer) {
                estimate.speed.decode = speed.map(|it| Band { low: it * 0.9, expected: it, high: it * 1.1 });
            }
        }
        let state = CardsViewState::default();
        Self { plan, offers, locale: Locale::En, budget: None, state, commands: Vec::new() }
    }
}

impl View for Scene {
    fn show(&mut self, ui: &mut Ui) {
        let inputs = CardsInputs {
            plan: &self.plan,
            offers: Some(Ok(&self.offers)),
            generation: 1,
            catalog: Catalog::embedded(),
            locale: self.locale,
        };
        self.commands.extend(rigplan::ui::cards::show(ui, &inputs, &mut self.budget, &mut self.state));
    }
}

#[test]
fn every_head_and_filter_is_explained() {
    for locale in Locale::ALL {
        let mut scene = Scene::new();
        scene.locale = locale;
        let window = window(scene, WIDE);
        let heads = window.get_all_by_role(Role::Button).filter(|node| {
            let mut parts = locale.word(Word::CardsSortBy).split("{name}");
            node.accesskit_node().label().is_some_and(|label| parts.all(|part| label.contains(part)))
        });
        let mut explained = 0;
        for head in heads {
            let node = head.accesskit_node();
            let said = node.description().unwrap_or_default();
            assert!(!said.is_empty(), "{locale:?}: {:?} has no explanation", node.label());
            let known = |concept: &&Concept| said.contains(locale.word(concept.about()));
            explained += usize::from(Concept::ALL.iter().any(|concept| known(&concept)));
        }
        assert!(explained >= 8, "{locale:?}: heads say what they are");
        for filter in [Word::CardsNew, Word::CardsUsed, Word::CardsNative, Word::CardsPriced] {
            let box_ = window.get_by_role_and_label(Role::CheckBox, locale.word(filter));
            let said = box_.accesskit_node().description().unwrap_or_default();
            let concept = Concept::of(filter).expect("a term");
            assert!(said.contains(locale.word(concept.about())), "{locale:?} {filter:?}: {said}");
        }
    }
}

fn key(card: &str, count: u32, condition: Condition) -> OfferKey {
    OfferKey { card: card.to_owned(), size: None, count, condition }
}

#[test]
fn chips_and_boxes_are_rules() {
    let mut harness = window(Scene::new(), WIDE);
    for label in
        ["Intel", "Used", "Single card only", "Fewest cards only", "Runs this precision natively", "With price"]
    {
        click(&mut harness, label);
    }
    let filter = &harness.state().state.filter;
    for rule in [
        FilterRule::NotFrom(Vendor::Intel),
        FilterRule::NotBought(Condition::Used),
        FilterRule::SingleCard,
        FilterRule::NoSpareCard,
        FilterRule::Native,
        FilterRule::Priced,
    ] {
        assert!(filter.has(rule), "{rule:?}");
    }
    click(&mut harness, "Intel");
    assert!(!harness.state().state.filter.has(FilterRule::NotFrom(Vendor::Intel)), "and off again");
}

#[test]
fn the_budget_is_set_by_its_slider_and_typed() {
    let mut harness = window(Scene::new(), WIDE);
    harness.get_by_role_and_label(Role::Slider, "Budget, at most").set_value_accesskit(2000.0);
    harness.run();
    assert_eq!(harness.state().state.filter.budget(), Some(Usd(2000.0)));
    assert_eq!(harness.state().budget, Some(Usd(2000.0)), "it is the document's");
    click(&mut harness, "Budget, at most, type a value");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "Budget, at most, type a value").type_text("$1,350");
    harness.run();
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().state.filter.budget(), Some(Usd(1350.0)));
    harness.get_by_role_and_label(Role::Slider, "Budget, at most").set_value_accesskit(1e6);
    harness.run();
    assert_eq!(harness.state().state.filter.budget(), None, "the end of the rail means any");
    assert_eq!(harness.state().budget, Some(Usd(1350.0)), "which is no budget of the builds");
    harness.run();
    assert_eq!(harness.state().state.filter.budget(), None, "and stays so");
    harness.state_mut().budget = Some(Usd(5000.0));
    harness.run();
    assert_eq!(harness.state().state.filter.budget(), Some(Usd(5000.0)), "until another is set there");
}

#[test]
fn the_plans_own_card_stands_on_top_and_is_marked() {
    let mut harness = window(Scene::new(), WIDE);
    for sort in ["Sort by Price", "Sort by Card", "Sort by Power"] {
        if harness.query_by_label(sort).is_none() {
            continue;
        }
        click(&mut harness, sort);
        let first = labels(&harness, Role::Row).remove(0);
        assert!(first.starts_with("GeForce RTX 4090, used;") && first.contains("in your plan"), "{first}");
    }
    let marked = labels(&harness, Role::Row).iter().filter(|row| row.contains("in your plan")).count();
    assert_eq!(marked, 1);
}

#[test]
fn cards_are_found_by_words_of_their_names() {
    let mut harness = window(Scene::new(), WIDE);
    harness.get_by_role_and_label(Role::TextInput, "Search cards").focus();
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "Search cards").type_text("3090 ti");
    harness.run();
    let rows = labels(&harness, Role::Row);
    assert!(rows.len() > 1 && rows[1..].iter().all(|row| row.contains("RTX 3090 Ti")), "{rows:?}");
    harness.get_by_role_and_label(Role::TextInput, "Search cards").type_text(" no such");
    harness.run();
    assert!(harness.query_by_label_contains("Nothing found for").is_some());
    click(&mut harness, "Show all");
    assert!(labels(&harness, Role::Row).len() > 10);
}

/// What nobody sells today stands after what can be bought, whatever the order.
#[test]
fn what_has_a_street_price_comes_first() {
    let mut harness = window(Scene::new(), WIDE);
    for sort in ["Sort by Decode", "Sort by Free", "Sort by Price"] {
        click(&mut harness, sort);
        let sold = labels(&harness, Role::Row)[1..].iter().all(|row| row.contains('$'));
        assert!(sold, "{sort}: {:?}", labels(&harness, Role::Row));
    }
}

#[test]
fn heads_sort_and_turn_round() {
    let mut harness = window(Scene::new(), WIDE);
    let order = |harness: &Harness<'_, Scene>| (harness.state().state.column, harness.state().state.direction);
    assert_eq!(order(&harness), (SortKey::Price, Direction::Rising), "what does the job for the least comes first");
    click(&mut harness, "Sort by Decode");
    assert_eq!(order(&harness), (SortKey::Decode, Direction::Falling));
    click(&mut harness, "Sort by Price");
    assert_eq!(order(&harness), (SortKey::Price, Direction::Rising));
    let cheapest = labels(&harness, Role::Row)[1].clone();
    click(&mut harness, "Sort by Price");
    assert_eq!(harness.state().state.direction, Direction::Falling);
    harness.get_by_label_contains("Cards: arrow keys").focus();
    harness.run();
    press(&mut harness, Key::Home);
    assert_ne!(labels(&harness, Role::Row)[1], cheapest, "the dearest comes first");
    assert!(!labels(&harness, Role::Row)[1].contains("no price"), "what has no price comes last all the same");
    press(&mut harness, Key::End);
    assert!(labels(&harness, Role::Row).last().is_some_and(|row| row.contains("no price")));
}

#[test]
fn the_table_goes_by_keys_from_end_to_end() {
    let mut harness = window(Scene::new(), WIDE);
    harness.get_by_label_contains("Cards: arrow keys").focus();
    harness.run();
    press(&mut harness, Key::Home);
    let first = harness.state().state.selected.clone();
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::ArrowDown);
    assert_ne!(harness.state().state.selected, first);
    press(&mut harness, Key::ArrowUp);
    press(&mut harness, Key::ArrowUp);
    assert_eq!(harness.state().state.selected, first);
    press(&mut harness, Key::End);
    let last = harness.state().state.selected.clone().expect("a row");
    assert_ne!(Some(&last), first.as_ref());
    press(&mut harness, Key::Enter);
    assert_eq!(
        harness.state().commands,
        [Command::UseCard { card: last.card, size_gib: last.size.map(Bytes::gib), count: last.count }]
    );
}

#[test]
fn only_rows_in_sight_are_drawn() {
    let harness = window(Scene::new(), WIDE);
    let drawn = labels(&harness, Role::Row).len();
    assert!((10..25).contains(&drawn), "{drawn} of {}", harness.state().offers.len());
}

#[test]
fn the_chosen_row_goes_into_the_plan() {
    let mut scene = Scene::new();
    scene.state.selected = Some(key("rtx-3090", 2, Condition::Used));
    let mut harness = window(scene, WIDE);
    click(&mut harness, "Use in plan");
    assert_eq!(harness.state().commands, [Command::UseCard { card: "rtx-3090".to_owned(), size_gib: None, count: 2 }]);
}

#[test]
fn pinned_rows_stay_on_top_side_by_side() {
    let mut scene = Scene::new();
    scene.state.selected = Some(key("rtx-3090", 2, Condition::Used));
    let mut harness = window(scene, WIDE);
    click(&mut harness, "Pin to compare");
    click(&mut harness, "Sort by Price");
    assert!(
        labels(&harness, Role::Row)[1].starts_with("2 × GeForce RTX 3090, used"),
        "{:?}",
        labels(&harness, Role::Row)[1]
    );
    harness.get_by_label_contains("Cards: arrow keys").focus();
    harness.run();
    press(&mut harness, Key::End);
    // Decode of both, and how they stand to each other.
    assert!(harness.query_by_label_contains("Decode 16 tok/s").is_some());
    press(&mut harness, Key::Home);
    press(&mut harness, Key::ArrowDown);
    click(&mut harness, "Unpin");
    assert!(harness.state().state.pinned.is_empty());
}

#[test]
fn what_is_put_in_order_is_read_from_its_top() {
    let mut scene = Scene::new();
    scene.state.selected = Some(key("rtx-3090", 2, Condition::Used));
    let mut harness = window(scene, WIDE);
    harness.get_by_label_contains("Cards: arrow keys").focus();
    harness.run();
    press(&mut harness, Key::End);
    click(&mut harness, "Sort by Decode");
    click(&mut harness, "Sort by Price");
    let cheapest = harness.state().offers.iter().filter(|offer| offer.is_quick()).filter_map(Offer::sold_for);
    let cheapest = cheapest.fold(Usd::ENDLESS, Usd::min);
    let first = labels(&harness, Role::Row).remove(1);
    assert!(first.ends_with(&rigplan::text::money(cheapest)), "{first}");
}

#[test]
fn several_pins_stand_side_by_side_and_go_one_by_one() {
    let mut scene = Scene::new();
    let (first, second) = (key("rtx-3090", 2, Condition::Used), key("rtx-4090", 2, Condition::New));
    scene.state.selected = Some(first.clone());
    let mut harness = window(scene, WIDE);
    let before = harness.get_by_label("Pin to compare").rect();
    click(&mut harness, "Pin to compare");
    harness.state_mut().state.selected = Some(second.clone());
    harness.run();
    // The button has not moved from under the pointer.
    assert_eq!(harness.get_by_label("Pin to compare").rect(), before);
    click(&mut harness, "Pin to compare");
    assert_eq!(harness.state().state.pinned, [first.clone(), second.clone()]);
    let heads: Vec<String> = harness
        .get_all_by_role(Role::ColumnHeader)
        .map(|head| head.accesskit_node().label().unwrap_or_default())
        .collect();
    assert_eq!(heads, ["2 × RTX 3090, used", "2 × RTX 4090"]);
    assert!(labels(&harness, Role::Row)[2].starts_with("2 × GeForce RTX 4090"), "{:?}", labels(&harness, Role::Row)[2]);
    // The keyboard pins a third and lets it go again.
    harness.get_by_label_contains("Cards: arrow keys").focus();
    harness.run();
    press(&mut harness, Key::End);
    press(&mut harness, Key::Space);
    assert_eq!(harness.state().state.pinned.len(), 3);
    press(&mut harness, Key::Space);
    assert_eq!(harness.state().state.pinned, [first.clone(), second.clone()]);
    click(&mut harness, "Unpin 2 × RTX 3090, used");
    assert_eq!(harness.state().state.pinned, [second]);
}

#[test]
fn pins_follow_their_cards_into_another_plan() {
    let mut scene = Scene::new();
    scene.state.pinned = vec![key("rtx-3090", 2, Condition::Used), key("rtx-4090", 2, Condition::New)];
    let mut harness = window(scene, WIDE);
    let mut small = harness.state().plan.clone();
    small.workload.model = ModelChoice::Catalog("llama-3.2-1b".to_owned());
    small.workload.context = 512;
    harness.state_mut().offers = rank(&small, Catalog::embedded()).expect("a ranking");
    harness.state_mut().offers.retain(|offer| offer.count == 1);
    harness.run();
    let pinned = &harness.state().state.pinned;
    assert_eq!(*pinned, [key("rtx-3090", 1, Condition::Used), key("rtx-4090", 1, Condition::New)]);
}

#[test]
fn a_price_says_what_it_buys() {
    let mut scene = Scene::new();
    // A machine of 36 GiB is a row of its own, which is counted and priced with just that memory.
    let least = OfferKey { size: Some(Bytes::from_gib(36.0)), ..key("apple-m4-max", 1, Condition::New) };
    let chosen = scene.offers.iter().find(|offer| offer.is(&least)).expect("a row");
    assert_eq!((chosen.memory_gib(), chosen.price.map(|price| price.usd)), (36.0, Some(Usd(1999.0))));
    scene.state.selected = Some(least);
    let mut harness = window(scene, WIDE);
    harness.get_by_label_contains("Price $1,999 ");
    harness.get_by_label_contains("VRAM 36 GiB");
    // All the memory that it is sold with has no price, and says none.
    harness.state_mut().state.selected = Some(key("apple-m4-max", 1, Condition::New));
    harness.run();
    harness.get_by_label_contains("Price no price");
    click(&mut harness, "Sort by Card");
    harness.get_all_by_label_contains(": type a price").next().expect("a price in sight").click();
    harness.run();
    let mut fields = harness.get_all_by_role(Role::TextInput).filter_map(|field| field.accesskit_node().label());
    assert!(fields.any(|asked| asked.starts_with("Price of one card")), "the field says what is priced");
}

#[test]
fn the_power_supply_is_a_fact_of_its_own() {
    let mut scene = Scene::new();
    scene.state.selected = Some(key("rtx-3090", 2, Condition::Used));
    let harness = window(scene, vec2(1240.0, 760.0));
    harness.get_by_label("Supply 1,150 W or more");
}

#[test]
fn a_price_is_typed_in_place() {
    let mut scene = Scene::new();
    scene.state.selected = Some(key("rtx-3090", 2, Condition::Used));
    scene.state.pinned = vec![key("rtx-3090", 2, Condition::Used)];
    let mut harness = window(scene, WIDE);
    click(&mut harness, "2 × GeForce RTX 3090, used: type a price");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run();
    harness.get_by_label("Price of one card").type_text("650");
    harness.run();
    press(&mut harness, Key::Enter);
    let typed = Command::KeepPrice { part: "rtx-3090".to_owned(), kind: PriceKind::Used, usd: Usd(650.0) };
    assert_eq!(harness.state().commands, [typed]);
}

#[test]
fn where_no_card_is_left_the_filter_to_loosen_is_named() {
    let mut scene = Scene::new();
    scene.budget = Some(Usd(100.0));
    scene.state.filter.add(FilterRule::LeastDecode(200.0));
    let mut harness = window(scene, WIDE);
    assert!(harness.query_by_label("No card passes the filters").is_some());
    click(&mut harness, "Clear all filters");
    assert!(harness.state().state.filter.rules().is_empty());
    harness.state_mut().state.filter.add(FilterRule::LeastDecode(1e6));
    harness.run();
    assert_eq!(labels(&harness, Role::Row).len(), 1, "the plan's own stays");
    click(&mut harness, "Drop “decode at least 1,000,000 tok/s”");
    assert!(labels(&harness, Role::Row).len() > 1);
}

#[test]
fn a_narrow_window_shows_one_half_at_a_time() {
    let mut harness = window(Scene::new(), vec2(1100.0, 652.0));
    assert!(harness.query_by_label("Use in plan").is_none());
    click(&mut harness, "Plot");
    assert!(harness.query_by_label("Use in plan").is_some());
    assert!(harness.query_by_role(Role::Row).is_none());
}

#[test]
fn the_plot_says_its_frontier_in_words() {
    let harness = window(Scene::new(), WIDE);
    let twin = harness.get_by_label_contains("Price against decode speed; ");
    let words = twin.accesskit_node().label().unwrap_or_default();
    assert!(words.contains("tok/s") && words.contains('$'), "{words}");
}

#[test]
fn the_view_is_drawn_in_chinese_and_without_any_ranking() {
    let mut scene = Scene::new();
    scene.locale = Locale::Zh;
    let harness = window(scene, vec2(1240.0, 652.0));
    assert!(harness.query_by_label("用于方案").is_some());
    let mut scene = Scene::new();
    scene.offers.clear();
    let harness = window(scene, WIDE);
    assert!(harness.query_by_label("No card passes the filters").is_some());
}
