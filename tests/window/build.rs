//! The Build view, driven by labels.

use crate::support::{View, WIDE, click, press, type_into, type_over, window};
use eframe::egui::{Key, Rect, Ui, accesskit::Role, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rigplan::advise::builder::{Build, BuildError, BuildOutcome, best};
use rigplan::catalog::Catalog;
use rigplan::catalog::parts::{CircuitId, TierId};
use rigplan::catalog::source::{Date, PriceKind};
use rigplan::plan::{BuildGoal, BuildRequest, Buying, CardChoice, PartCount, Plan};
use rigplan::text::Locale;
use rigplan::ui::builder::{BuildInputs, BuildViewState, TierColumn};
use rigplan::ui::command::Command;
use rigplan::units::Usd;

type Found = Result<BuildOutcome<'static>, BuildError<'static>>;

pub(crate) struct Scene {
    plan: Plan,
    request: BuildRequest,
    today: Date,
    /// What was found, and for which wishes.
    found: Vec<(BuildRequest, Found)>,
    pub(crate) locale: Locale,
    state: BuildViewState,
    commands: Vec<Command>,
}

impl Scene {
    pub(crate) fn new(request: BuildRequest) -> Self {
        let today = Date::try_from("2026-11-22".to_owned()).expect("a date");
        let mut scene = Self {
            plan: Plan::default(),
            request,
            today,
            found: Vec::new(),
            locale: Locale::En,
            state: BuildViewState::default(),
            commands: Vec::new(),
        };
        scene.search();
        scene
    }

    /// Searches for what is wished now, as the window does beside itself.
    fn search(&mut self) {
        self.found = TierId::ALL
            .map(|tier| {
                let request = self.request.in_tier(tier);
                let found = best(&request, &self.plan, Catalog::embedded(), &self.today);
                (request, found)
            })
            .into();
    }

    /// The build of the chosen tier.
    fn build(&self) -> &Build<'static> {
        let found = self.found.iter().find(|(request, _)| request.tier == self.request.tier);
        &found.expect("its tier").1.as_ref().expect("a build").build
    }

    /// The id and the short name of the card of the chosen build.
    fn card(&self) -> (String, String) {
        let card = self.build().choice.cards[0].part;
        (card.id.clone(), card.name.trim_start_matches("GeForce ").to_owned())
    }
}

impl View for Scene {
    fn show(&mut self, ui: &mut Ui) {
        let columns = TierId::ALL.map(|tier| {
            let found = self.found.iter().find(|(request, _)| request.tier == tier);
            TierColumn {
                tier,
                found: found.map(|(_, found)| found.as_ref()),
                request: found.map(|(request, _)| request),
                offers: &[],
                stale: found.is_none_or(|(request, _)| *request != self.request.in_tier(tier)),
            }
        });
        let (catalog, locale) = (Catalog::embedded(), self.locale);
        let outlet = CircuitId::default();
        let inputs = BuildInputs { plan: &self.plan, columns, catalog, outlet, locale };
        self.commands.extend(rigplan::ui::builder::show(ui, &mut self.request, &inputs, &mut self.state));
    }
}

pub(crate) fn starter() -> BuildRequest {
    BuildRequest { budget_usd: Usd(2400.0), tier: TierId::Starter, ..BuildRequest::default() }
}

/// The first of several of this name: that of the starter.
fn click_first(harness: &mut Harness<'_, Scene>, label: &str) {
    harness.get_all_by_label(label).next().expect("one of this name").click();
    harness.run();
}

fn part(part: &str) -> PartCount {
    PartCount { part: part.to_owned(), count: 1 }
}

#[test]
fn three_tiers_stand_side_by_side_with_parts_shares_and_checks() {
    let harness = window(Scene::new(starter()), WIDE);
    for tier in ["Starter, $", "Team, $", "Enterprise, $"] {
        assert!(harness.query_by_label_contains(tier).is_some(), "{tier}");
    }
    let (_, card) = harness.state().card();
    assert!(harness.query_all_by_label(&format!("Swap {card}")).next().is_some());
    assert_eq!(harness.query_all_by_label_contains("GPU ").filter(|it| it.rect().height() > 20.0).count(), 3, "shares");
    assert!(harness.query_all_by_label_contains("% spare").count() >= 2, "power");
    assert!(harness.query_all_by_label_contains(" lanes").count() >= 2, "slots");
    assert_eq!(harness.query_all_by_label_contains("Largest dense model").count(), 3);
    assert!(harness.query_by_label_contains("$240 more: ").is_some(), "what more would buy");
    assert!(harness.query_by_label_contains("older than six months").is_some(), "what was traded away");
    assert!(harness.query_by_label_contains("looked at or ruled out").is_some(), "how far the search went");
}

#[test]
fn the_budget_is_set_by_its_slider_and_typed_and_chooses_the_tier() {
    let mut harness = window(Scene::new(starter()), WIDE);
    harness.get_by_role_and_label(Role::Slider, "Budget").set_value_accesskit(9000.0);
    harness.run();
    assert_eq!((harness.state().request.budget_usd, harness.state().request.tier), (Usd(9000.0), TierId::Team));
    click(&mut harness, "Budget, type a value");
    type_over(&mut harness, "Budget, type a value", "$60,000");
    assert_eq!((harness.state().request.budget_usd, harness.state().request.tier), (Usd(60_000.0), TierId::Enterprise));
}

#[test]
fn a_column_is_chosen_by_a_click_with_the_budget_it_was_searched_for() {
    let mut harness = window(Scene::new(starter()), WIDE);
    harness.get_by_label_contains("Team, $").click();
    harness.run();
    assert_eq!((harness.state().request.budget_usd, harness.state().request.tier), (Usd(9000.0), TierId::Team));
}

#[test]
fn goal_and_condition_are_wishes() {
    let mut harness = window(Scene::new(starter()), WIDE);
    assert!(harness.query_by_label("Weight precision").is_none(), "only for the largest model");
    click(&mut harness, "Goal");
    click(&mut harness, "Most tok/s");
    assert_eq!(harness.state().request.goal, BuildGoal::MostTokens);
    click(&mut harness, "Goal");
    click(&mut harness, "Largest model");
    assert_eq!(harness.state().request.goal, BuildGoal::LARGEST);
    click(&mut harness, "Decode at least");
    type_over(&mut harness, "Decode at least", "25");
    assert!(matches!(harness.state().request.goal, BuildGoal::LargestModel { least_decode: 25.0, .. }));
    for (words, buying) in [("New parts only", Buying::New), ("Used cards only", Buying::UsedCards)] {
        click(&mut harness, "New or used");
        click(&mut harness, words);
        assert_eq!(harness.state().request.buying, buying);
    }
    click(&mut harness, "Quiet");
    assert!(harness.state().request.quiet);
}

#[test]
fn a_part_is_swapped_by_hand_and_nothing_else_changes() {
    let mut harness = window(Scene::new(starter()), WIDE);
    let before = harness.state().build().parts();
    let (id, card) = harness.state().card();
    click_first(&mut harness, &format!("Swap {card}"));
    harness.get_by_role_and_label(Role::TextInput, "Search parts").type_text("3060 12");
    harness.run();
    press(&mut harness, Key::Enter);
    let by_hand = harness.state().request.by_hand.clone();
    assert_eq!(by_hand.len(), before.len());
    for (old, new) in before.iter().zip(&by_hand) {
        let expected = if old.part == id { "rtx-3060-12gb" } else { old.part.as_str() };
        assert_eq!(new.part, expected);
    }
    harness.state_mut().search();
    harness.run();
    assert_eq!(harness.state().build().choice.cards[0].part.id, "rtx-3060-12gb");
    assert!(harness.query_by_label("Put together by hand: nothing is optimized").is_some());
    // Another budget, another column and another goal leave it as it is.
    let by_hand = harness.state().request.by_hand.clone();
    type_into(&mut harness, "Starter budget, type a value", "$2,200");
    assert_eq!((harness.state().request.budget_usd, &harness.state().request.by_hand), (Usd(2200.0), &by_hand));
    harness.get_by_label_contains("Team, $").click_accesskit();
    harness.run();
    click(&mut harness, "Goal");
    click(&mut harness, "Most tok/s");
    assert!(harness.state().request.by_hand.is_empty(), "the other column has its own machine");
    harness.get_by_label_contains("Starter, $").click_accesskit();
    harness.run();
    assert_eq!((harness.state().request.budget_usd, &harness.state().request.by_hand), (Usd(2200.0), &by_hand));
    click(&mut harness, "Optimize again");
    assert!(harness.state().request.by_hand.is_empty());
}

#[test]
fn each_column_has_a_budget_that_is_typed() {
    let mut harness = window(Scene::new(starter()), WIDE);
    type_into(&mut harness, "Team budget, type a value", "$7,000");
    let request = &harness.state().request;
    assert_eq!((request.tier, request.budget_usd), (TierId::Starter, Usd(2400.0)), "the chosen one stays chosen");
    assert_eq!(request.in_tier(TierId::Team).budget_usd, Usd(7000.0));
    harness.get_by_label_contains("Team, $").click();
    harness.run();
    assert_eq!(harness.state().request.budget_usd, Usd(7000.0));
}

#[test]
fn a_kind_of_part_stands_in_one_row_of_all_columns_with_its_lock_inside() {
    let harness = window(Scene::new(starter()), WIDE);
    let column = |name: &str| harness.get_by_label_contains(name).rect();
    let columns = [column("Starter, $"), column("Team, $"), column("Enterprise, $")];
    let mut tops: Vec<Vec<f32>> = Vec::new();
    for place in columns {
        let locks = harness.get_all_by_label_contains("Lock ").map(|lock| lock.rect());
        let inside: Vec<_> = locks.filter(|lock| place.contains(lock.center())).collect();
        assert!(inside.len() >= 8 && inside.iter().all(|lock| lock.right() <= place.right() - 10.0), "{inside:?}");
        tops.push(inside.iter().map(Rect::top).collect());
    }
    // Whoever has fewer cards leaves a row free.
    let rows: Vec<f32> = tops.iter().max_by_key(|tops| tops.len()).cloned().unwrap_or_default();
    assert!(tops.iter().flatten().all(|top| rows.contains(top)), "{tops:?}");
}

#[test]
fn the_controls_of_the_largest_model_move_no_other() {
    let mut harness = window(Scene::new(starter()), WIDE);
    let before = harness.get_by_label("New or used").rect();
    click(&mut harness, "Goal");
    click(&mut harness, "Largest model");
    assert_eq!(harness.get_by_label("New or used").rect(), before);
}

#[test]
fn renting_is_one_step_from_each_column() {
    let mut harness = window(Scene::new(starter()), WIDE);
    harness.get_all_by_label("Buy or rent").last().expect("a column").click();
    harness.run();
    assert_eq!(harness.state().request.tier, TierId::Enterprise);
    let terms = harness.get_by_label("Use, type a value").rect();
    assert!(WIDE.y > terms.bottom(), "in sight: {terms:?}");
}

#[test]
fn what_does_not_go_together_is_said_at_once() {
    let mut scene = Scene::new(starter());
    scene.request.by_hand = scene.build().parts();
    for part in &mut scene.request.by_hand {
        if part.part.starts_with("psu-") {
            part.part = "psu-550-gold".to_owned();
        }
        if scene.plan.machine.cards.is_empty() || part.part.starts_with("rtx-") {
            *part = PartCount { part: "rtx-5090".to_owned(), count: 2 };
        }
    }
    scene.search();
    let harness = window(scene, WIDE);
    assert!(harness.query_by_label_contains("2 cards are more than the slots of").is_some());
    assert!(harness.query_by_label_contains("that the supply delivers").is_some());
    assert!(harness.query_by_label_contains("over the budget").is_some());
}

#[test]
fn parts_are_locked_and_unlocked() {
    let mut harness = window(Scene::new(starter()), WIDE);
    let (id, card) = harness.state().card();
    click_first(&mut harness, &format!("Lock {card}"));
    assert_eq!(harness.state().request.locks, [PartCount { part: id, count: 1 }]);
    click(&mut harness, &format!("Unlock {card}"));
    assert!(harness.state().request.locks.is_empty());
}

#[test]
fn a_lock_in_another_column_chooses_its_tier() {
    let mut harness = window(Scene::new(starter()), WIDE);
    let team = &harness.state().found[1].1.as_ref().expect("a build").build;
    let board = team.choice.board.map(|board| (board.id.clone(), board.name.clone())).expect("a board");
    let enterprise = harness.state().found[2].1.as_ref().expect("a build").build.choice.board.map(|it| it.id.clone());
    assert_ne!(Some(&board.0), enterprise.as_ref());
    let label = format!("Lock {}", board.1);
    harness.get_all_by_label(&label).last().expect("a lock").click();
    harness.run();
    assert_eq!(
        (harness.state().request.tier, harness.state().request.locks.clone()),
        (TierId::Team, vec![part(&board.0)])
    );
}

#[test]
fn a_price_is_typed_in_place() {
    let mut harness = window(Scene::new(starter()), WIDE);
    let disk = harness.state().build().choice.disk.expect("a disk");
    let label = format!("Price of {}", disk.name);
    click_first(&mut harness, &label);
    type_over(&mut harness, &label, "99");
    let typed = Command::KeepPrice { part: disk.id.clone(), kind: PriceKind::Street, usd: Usd(99.0) };
    assert_eq!(harness.state().commands, [typed]);
}

#[test]
fn a_build_is_taken_as_the_hardware_of_the_plan() {
    let mut harness = window(Scene::new(starter()), WIDE);
    click_first(&mut harness, "Use in plan");
    let (id, _) = harness.state().card();
    let [Command::Apply(plan)] = harness.state().commands.as_slice() else {
        panic!("{:?}", harness.state().commands);
    };
    assert_eq!(plan.machine.cards[0].card, CardChoice::Catalog(id));
    assert_eq!(plan.machine.ram_gib, f64::from(harness.state().build().choice.ram_gib()));
    assert_eq!(plan.workload.model, harness.state().plan.workload.model, "the model stays");
    let plan = plan.as_ref().clone();
    harness.state_mut().plan = plan;
    harness.run();
    assert!(harness.query_by_label("In the plan").is_some(), "and says so");
}

#[test]
fn a_budget_that_is_too_small_shows_the_cheapest_build_and_what_it_lacks() {
    let mut harness = window(Scene::new(BuildRequest { budget_usd: Usd(600.0), ..starter() }), WIDE);
    assert!(harness.query_by_label_contains("The cheapest that works: $").is_some());
    harness.get_by_label_contains("Set the budget to $").click();
    harness.run();
    assert!(harness.state().request.budget_usd > Usd(600.0));
    harness.state_mut().search();
    harness.run();
    assert!(harness.query_by_label_contains("The cheapest that works").is_none(), "now it is enough");
}

#[test]
fn locks_that_contradict_each_other_are_said_with_a_way_out() {
    let locks = vec![part("am5-matx"), part("am4-r5-5600")];
    let mut harness = window(Scene::new(BuildRequest { locks, ..starter() }), WIDE);
    assert!(harness.query_by_label_contains("does not go into the AM5 socket").is_some());
    click(&mut harness, "Unlock Ryzen 5 5600");
    assert_eq!(harness.state().request.locks, [part("am5-matx")]);
    harness.state_mut().search();
    harness.run();
    assert_eq!(harness.state().build().choice.board.map(|board| board.id.as_str()), Some("am5-matx"));
}

#[test]
fn what_is_owned_is_added_counted_and_taken_away() {
    let mut harness = window(Scene::new(starter()), WIDE);
    click(&mut harness, "Add a part you own");
    harness.get_by_role_and_label(Role::TextInput, "Search parts").type_text("rtx 4090");
    harness.run();
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().request.owned, [part("rtx-4090")]);
    click(&mut harness, "More of RTX 4090");
    assert_eq!(harness.state().request.owned[0].count, 2);
    click(&mut harness, "Fewer of RTX 4090");
    click(&mut harness, "Fewer of RTX 4090");
    assert!(harness.state().request.owned.is_empty());
}

#[test]
fn the_view_is_drawn_in_chinese_without_builds_and_in_a_narrow_window() {
    let mut scene = Scene::new(starter());
    scene.locale = Locale::Zh;
    let harness = window(scene, vec2(1100.0, 652.0));
    assert!(harness.query_all_by_label("用于方案").next().is_some());
    assert!(harness.query_by_label_contains("入门，$").is_some());
    let mut scene = Scene::new(starter());
    scene.found.clear();
    let harness = window(scene, WIDE);
    assert_eq!(harness.query_all_by_label("Looking for the best build…").count(), 3);
}

/// The license of the driver is read where a machine of `GeForce` cards is to stand in a rack.
#[test]
fn geforce_in_a_rack_names_the_license_of_its_driver() {
    let license = "GeForce in a data center is against the license of its driver";
    let locks = vec![PartCount { part: "rtx-3090".to_owned(), count: 2 }, part("silverstone-rm52")];
    let wishes = BuildRequest { budget_usd: Usd(9000.0), tier: TierId::Team, locks, ..BuildRequest::default() };
    let mut harness = window(Scene::new(wishes), WIDE);
    assert!(harness.query_by_label_contains(license).is_some());
    harness.state_mut().request.locks.pop();
    harness.state_mut().search();
    harness.run();
    assert!(harness.query_by_label_contains(license).is_none(), "beside a desk");
}
