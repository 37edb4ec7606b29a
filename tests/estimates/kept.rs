//! A saved plan opens with the figures that it was saved with, whatever the price book says by then; today's are one step away.

use proptest::prelude::*;
use proptest::sample::select;
use rigplan::advise::builder::{Build, best};
use rigplan::advise::compare::Side;
use rigplan::advise::rent::{Bought, CloudOffer, cloud_offers};
use rigplan::catalog::frozen::{FoundBuilds, RowDetail};
use rigplan::catalog::origin::Origin;
use rigplan::catalog::parts::{Dimm, TierId};
use rigplan::catalog::price::OwnPrice;
use rigplan::catalog::{Catalog, TableFile};
use rigplan::estimate::training::rent;
use rigplan::estimate::{Estimator, estimate};
use rigplan::plan::{BuildGoal, BuildRequest, Document, Plan, Task};
use rigplan::share::carrier::link::{from_link, to_link};
use rigplan::share::carrier::read_any;
use rigplan::share::plan_file;
use rigplan::units::Usd;

use crate::support::any::cases;
use crate::support::plans::{cards, serving, today, training};

/// So many offers are kept beside a build in the window.
const OFFERS: usize = 12;

/// The catalog at other prices: of each part by a factor that its id and `seed` give, with an offer to rent that beats all.
fn repriced(seed: u32) -> Catalog {
    let rent = TableFile {
        name: "rents.ron".to_owned(),
        text: "[(card: \"h100-sxm5\", accelerator: \"H100\", cloud: \"Somewhere\", offer: None, cards: 1, \
               usd_per_hour: 0.01, usd_per_hour_spot: None, usd_per_card_hour: 0.01, date: \"2026-11-22\", \
               source: \"example.org\", note: None)]"
            .to_owned(),
    };
    let (catalog, errors) = Catalog::with_overlay(&[rent]);
    assert!(errors.is_empty(), "{errors:?}");
    let prices = catalog.price_book().into_iter().filter(|row| row.less_gib.is_none()).filter_map(|row| {
        let hash = row.id.bytes().fold(seed, |hash, byte| hash.wrapping_mul(16_777_619) ^ u32::from(byte));
        let factor = 0.2 + f64::from(hash >> 8 & 0xff) / 100.0;
        let usd = Usd((row.price?.expected_usd().0 * factor).max(1.0).round());
        let date = today();
        Some(OwnPrice { part: row.id.to_owned(), kind: row.kind, usd, date, source: Origin::own() })
    });
    let (catalog, errors) = catalog.with_own_prices("own_prices.ron", prices.collect());
    assert!(errors.is_empty(), "{errors:?}");
    catalog
}

fn plans() -> impl Strategy<Value = Plan> {
    let mut two = serving("llama-3.3-70b");
    two.machine.cards = vec![cards("rtx-3090", 2)];
    two.machine.platform = Some("am5-r5-7600".to_owned()).filter(|id| Catalog::embedded().platform(id).is_some());
    let mut whole = serving("gpt-oss-120b");
    whole.machine.cards = vec![cards("gb10-dgx-spark", 1)];
    let mut trained = training("llama-3.1-8b", Task::Qlora);
    trained.machine.cards = vec![cards("h100-sxm5", 1)];
    select(vec![two, whole, trained])
}

type Line = (String, u32, Option<f64>);

fn lines(build: &Build<'_>) -> Vec<Line> {
    build.lines.iter().map(|line| (line.id.to_owned(), line.count, line.usd.map(|usd| usd.0))).collect()
}

type Offered = (String, u32, f64, Option<f64>);

fn told(offer: &CloudOffer<'_>) -> Offered {
    (offer.rent.cloud.to_string(), offer.cards, offer.usd_per_hour.0, offer.usd_per_million.map(|usd| usd.0))
}

fn offered(offers: &[CloudOffer<'_>]) -> Vec<Offered> {
    offers.iter().take(OFFERS).map(told).collect()
}

/// What a plan costs beside others.
fn compared(plan: &Plan, catalog: &Catalog) -> Option<f64> {
    Side::of(plan, catalog, &mut Estimator::default()).price.map(|price| price.usd.0)
}

fn job(plan: &Plan, catalog: &Catalog) -> Option<f64> {
    let found = estimate(plan, catalog).ok()?;
    rent(plan, catalog, &found).map(|job| job.usd_per_hour.0)
}

fn ram(plan: &Plan, catalog: &Catalog) -> Option<f64> {
    let platform = catalog.platform(plan.machine.platform.as_deref()?)?;
    let dimm: Dimm = platform.dimm?;
    catalog.cheapest_ram(platform.memory_kind, dimm).map(|bought| bought.usd_per_gib().0)
}

proptest! {
    #![proptest_config(cases(6))]

    #[test]
    fn figures_stay_whatever_the_price_book_says(
        plan in plans(),
        (budget, tier) in select(vec![(1800.0, TierId::Starter), (9000.0, TierId::Team)]),
        seed in any::<u32>(),
    ) {
        let (before, day) = (Catalog::embedded(), today());
        let request =
            BuildRequest { budget_usd: Usd(budget), tier, goal: BuildGoal::LARGEST, ..BuildRequest::default() };
        let built = best(&request, &plan, before, &day);
        let Ok(built) = built else { return Err(TestCaseError::reject("no build")) };
        let offers = cloud_offers(&built.build.plan, before, &day);
        let found = FoundBuilds {
            builds: vec![built.build.kept(&request, &plan, before)],
            rents: offers.iter().take(OFFERS).map(|offer| offer.rent.clone()).collect(),
        };
        let document = Document { build: Some(request.clone()), ..Document::of(plan.clone()) };
        let saved = document.with_rows_of(&found, before, RowDetail::Whole);
        let text = plan_file::to_text(&saved).expect("a text");
        println!("{} bytes of file, {} rows", text.len(), saved.frozen.len());
        let read = read_any(text.as_bytes()).expect("a document");
        prop_assert_eq!(&read, &saved);

        // Nothing changed: nothing is said and nothing is held.
        let mut same = read.clone();
        prop_assert!(same.settle_rows(before).is_empty());
        prop_assert_eq!(&same, &document);

        let after = repriced(seed);
        let mut opened = read;
        prop_assert!(!opened.settle_rows(&after).is_empty(), "what changed is said");
        let kept = after.with_frozen(&opened.frozen);
        prop_assert_eq!(estimate(&plan, &kept), estimate(&plan, before));
        prop_assert_eq!(compared(&plan, &kept), compared(&plan, before));
        prop_assert_eq!(job(&plan, &kept), job(&plan, before));
        prop_assert_eq!(ram(&plan, &kept), ram(&plan, before));
        let again = best(&request, &plan, &kept, &day).expect("the same build");
        prop_assert_eq!(lines(&again.build), lines(&built.build));
        prop_assert_eq!(again.build.total, built.build.total);
        prop_assert_eq!(&again.build.estimate, &built.build.estimate);
        prop_assert_eq!(Bought::build(&again.build, &kept), Bought::build(&built.build, before));
        let renting = cloud_offers(&again.build.plan, &kept, &day);
        prop_assert_eq!(offered(&renting), offered(&offers));

        // Saved again it holds the same, and with today's rows the figures are today's.
        let resaved = opened.with_rows(&kept, RowDetail::Whole);
        let mut reopened = Document { frozen: resaved.frozen, ..opened.clone() };
        reopened.settle_rows(&after);
        let again = after.with_frozen(&reopened.frozen);
        let again = best(&request, &plan, &again, &day).expect("the same build");
        prop_assert_eq!(lines(&again.build), lines(&built.build));
        let todays = Document { frozen: Vec::new(), ..opened };
        prop_assert_eq!(after.with_frozen(&todays.frozen).kept_builds().len(), 0);
    }
}

/// A text is short, holds what parts cost, and opens with the same sums.
#[test]
fn a_text_keeps_prices_and_the_build() {
    let (before, day) = (Catalog::embedded(), today());
    let mut plan = serving("llama-3.3-70b");
    plan.machine.cards = vec![cards("rtx-3090", 2)];
    let request = BuildRequest { budget_usd: Usd(1800.0), goal: BuildGoal::LARGEST, ..BuildRequest::default() };
    let built = best(&request, &plan, before, &day).expect("a build");
    let builds = vec![built.build.kept(&request, &plan, before)];
    let document = Document { build: Some(request.clone()), ..Document::of(plan.clone()) };
    let offers = cloud_offers(&built.build.plan, before, &day);
    let rents = offers.iter().take(OFFERS).map(|offer| offer.rent.clone()).collect();
    let found = FoundBuilds { builds, rents };
    let link = to_link(&document.with_rows_of(&found, before, RowDetail::Short)).expect("a text");
    println!("{} characters with a build: {link}", link.len());
    assert!(link.len() <= 1500, "{} characters", link.len());
    let after = repriced(7);
    let mut opened = from_link(&link).expect("a document");
    assert!(!opened.settle_rows(&after).is_empty());
    let kept = after.with_frozen(&opened.frozen);
    let again = best(&request, &plan, &kept, &day).expect("the same build");
    assert_eq!(lines(&again.build), lines(&built.build));
    assert_eq!(compared(&plan, &kept), compared(&plan, before));
    assert_ne!(compared(&plan, &after), compared(&plan, before));
    let renting = cloud_offers(&again.build.plan, &kept, &day);
    assert_eq!(renting.first().map(told), offers.first().map(told), "what is cheapest to rent");
    assert!(renting.len() > 1);
    // What it was opened with can be saved as a file.
    let file = plan_file::to_text(&opened.with_rows(&kept, RowDetail::Whole)).expect("a text");
    let mut reopened = plan_file::from_text(&file).expect("a document");
    reopened.settle_rows(&after);
    assert_eq!(compared(&plan, &after.with_frozen(&reopened.frozen)), compared(&plan, before));
}

/// A text of what is trained holds what renting its cards costs, however many they are.
#[test]
fn a_text_keeps_what_renting_costs() {
    let (before, after) = (Catalog::embedded(), repriced(7));
    let rented: std::collections::BTreeSet<&str> = before.rents().map(|rent| rent.card.as_str()).collect();
    let (mut longest, mut changed) = (0, 0);
    for card in rented {
        let counts = [1, 2, 8];
        let plans = counts.map(|count| {
            let mut plan = training("qwen3-0.6b", Task::Lora);
            plan.machine.cards = vec![cards(card, count)];
            plan
        });
        for plan in plans {
            let document = Document::of(plan.clone());
            let link = to_link(&document.with_rows(before, RowDetail::Short)).expect("a text");
            longest = longest.max(link.len());
            assert!(link.len() <= 1500, "{card}: {} characters", link.len());
            let mut opened = from_link(&link).expect("a document");
            let mut same = opened.clone();
            assert!(same.settle_rows(before).is_empty(), "{card}: nothing changed");
            opened.settle_rows(&after);
            let kept = after.with_frozen(&opened.frozen);
            assert_eq!(job(&plan, &kept), job(&plan, before), "{card}");
            changed += u32::from(job(&plan, &after) != job(&plan, before));
        }
    }
    println!("{longest} characters at most, {changed} jobs at another price since");
    assert!(changed > 0, "an offer that beats all");
}

/// Rows that no build could have are refused by name.
#[test]
fn kept_builds_and_offers_are_checked() {
    let request = BuildRequest::default();
    let plan = serving("llama-3.1-8b");
    let built = best(&request, &plan, Catalog::embedded(), &today()).expect("a build");
    let mut build = built.build.kept(&request, &plan, Catalog::embedded());
    build.parts[0].1 = u32::MAX;
    let document = Document { build: Some(request), ..Document::of(plan) };
    let found = FoundBuilds { builds: vec![build], rents: Vec::new() };
    let wrong = document.with_rows_of(&found, Catalog::embedded(), RowDetail::Whole);
    let error = plan_file::to_text(&wrong).expect_err("no build").to_string();
    assert!(error.contains("parts.count") && error.lines().count() == 1, "{error}");
}
