//! Every card for a plan: the smallest count, the frontier, filters, order, what a card is worth.

use crate::support::plans::plan;
use proptest::prelude::*;
use proptest::sample::select;
use rigplan::advise::ranking::{
    Direction, Filter, FilterRule, Need, Offer, SortKey, allowed_counts, frontier, own, rank, sort, trial,
    trial_of_size,
};
use rigplan::catalog::Catalog;
use rigplan::catalog::card::Vendor;
use rigplan::catalog::priced::Condition;
use rigplan::catalog::quantization::Quantization;
use rigplan::estimate::{Estimate, Headroom, Verdict, Warning, estimate};
use rigplan::plan::{Backend, GpuLayers, Plan, Runtime};
use rigplan::units::Usd;

fn offers(plan: &Plan) -> Vec<Offer<'static>> {
    rank(plan, Catalog::embedded()).expect("a plan that can be estimated")
}

fn find<'a>(offers: &'a [Offer<'static>], card: &str, count: u32) -> Option<&'a Offer<'static>> {
    offers.iter().find(|offer| offer.card.id == card && offer.count == count && offer.condition == Condition::New)
}

/// Llama 3.1 70B with as many layers as fit, 32 GiB of RAM.
fn seventy() -> Plan {
    let mut plan = plan("llama-3.1-70b", "Q4_K_M", "rtx-4090");
    plan.workload.gpu_layers = GpuLayers::Auto;
    plan.machine.ram_gib = 32.0;
    plan
}

/// Plans of one model on any machine.
fn plans() -> impl Strategy<Value = Plan> {
    let models = select(vec!["llama-3.1-8b", "llama-3.1-70b", "qwen3-30b-a3b", "gemma-3-27b", "deepseek-v3"]);
    let layers = select(vec![GpuLayers::Auto, GpuLayers::All, GpuLayers::Count(20)]);
    let files = select(Quantization::SLIDER.to_vec());
    (models, layers, files, 256_u64..65_536, 8.0..512.0_f64).prop_map(|(model, layers, file, context, ram)| {
        let mut plan = plan(model, "Q4_K_M", "rtx-4090");
        plan.workload.gpu_layers = layers;
        plan.workload.quantization = file;
        plan.workload.context = context;
        plan.machine.ram_gib = ram;
        plan
    })
}

fn rules() -> impl Strategy<Value = Vec<FilterRule>> {
    let one = prop_oneof![
        (100.0..50_000.0_f64).prop_map(|usd| FilterRule::Budget(Usd(usd))),
        (0.1..100.0_f64).prop_map(FilterRule::LeastDecode),
        select(vec![Vendor::Nvidia, Vendor::Amd, Vendor::Intel, Vendor::Apple]).prop_map(FilterRule::NotFrom),
        select(vec![Condition::New, Condition::Used]).prop_map(FilterRule::NotBought),
        select(vec![FilterRule::SingleCard, FilterRule::NoSpareCard, FilterRule::Native, FilterRule::Priced]),
    ];
    prop::collection::vec(one, 0..4)
}

#[test]
fn a_card_too_small_by_itself_stands_alone_in_pairs_and_with_one_more() {
    let offers = offers(&seventy());
    let rows: Vec<_> =
        [1, 2, 3, 4].map(|count| find(&offers, "rtx-4090", count).map(|offer| (offer.need, offer.verdict()))).into();
    assert_eq!(
        rows,
        [
            Some((Need::Alone, Some(Verdict::Offload))),
            Some((Need::Fewest, Some(Verdict::Fits))),
            Some((Need::OneMore, Some(Verdict::Fits))),
            None,
        ]
    );
    let alone = find(&offers, "rtx-4090", 1).and_then(Offer::headroom);
    assert!(matches!(alone, Some(Headroom::Missing(bytes)) if bytes.gib() > 15.0), "{alone:?}");
    assert!(matches!(find(&offers, "rtx-4090", 2).and_then(Offer::headroom), Some(Headroom::Free(_))));
}

#[test]
fn new_and_used_are_rows_of_their_own_with_one_answer() {
    let offers = offers(&seventy());
    let of = |condition| {
        offers.iter().find(|offer| offer.card.id == "rtx-3090" && offer.count == 2 && offer.condition == condition)
    };
    let (new, used) = (of(Condition::New).expect("new"), of(Condition::Used).expect("used"));
    assert!(std::sync::Arc::ptr_eq(&new.answer, &used.answer), "asked once");
    let price = used.price.expect("a price of used ones");
    assert_eq!(price.usd, price.each.usd * 2.0, "for both cards");
}

#[test]
fn parts_of_computers_and_modules_come_in_their_own_counts() {
    let catalog = Catalog::embedded();
    let counts = |id: &str| allowed_counts(catalog.card(id).expect(id), Runtime::LlamaCpp);
    assert_eq!(counts("rtx-3090"), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(counts("apple-m1"), [1]);
    assert_eq!(counts("h100-sxm5"), [1, 2, 4, 8]);
    // Four devices a card, and llama.cpp drives fifteen at most.
    assert_eq!(counts("a16"), [1, 2, 3]);
    for card in catalog.cards().filter(|card| card.is_laptop() || card.is_unified()) {
        assert_eq!(allowed_counts(card, Runtime::LlamaCpp), [1], "{}", card.id);
    }
}

#[test]
fn what_was_chosen_for_other_cards_does_not_stay() {
    let catalog = Catalog::embedded();
    let mut plan = seventy();
    plan.workload.gpu_layers = GpuLayers::Count(44);
    plan.workload.backend = Some(Backend::Cuda);
    let radeon = catalog.card("rx-7900-xtx").expect("a Radeon");
    let tried = trial(&plan, radeon, 2, catalog);
    assert_eq!((tried.workload.gpu_layers, tried.workload.backend), (GpuLayers::Auto, None));
    assert_eq!(tried.machine.cards.len(), 1);
    plan.workload.backend = Some(Backend::Vulkan);
    assert_eq!(trial(&plan, radeon, 1, catalog).workload.backend, Some(Backend::Vulkan), "which drives it, too");
    let rows = offers(&plan);
    let row = find(&rows, "rx-7900-xtx", 2).expect("a row");
    assert_eq!(
        row.estimate(),
        estimate(&trial(&plan, radeon, 2, catalog), catalog).ok().as_ref(),
        "what is used is what was shown"
    );
}

#[test]
fn a_plan_that_no_card_can_run_says_why() {
    let mut plan = seventy();
    plan.workload.quantization = "nvfp4".parse().expect("a precision");
    assert!(rank(&plan, Catalog::embedded()).is_err(), "llama.cpp reads no such file");
}

#[test]
fn what_is_unknown_comes_last_in_either_direction() {
    let offers = offers(&seventy());
    for column in SortKey::ALL {
        for direction in [Direction::Rising, Direction::Falling] {
            let mut places: Vec<usize> = (0..offers.len()).collect();
            sort(&mut places, &offers, column, direction);
            let figures: Vec<Option<f64>> = places.iter().map(|&place| column.figure(&offers[place])).collect();
            let known = figures.iter().take_while(|figure| figure.is_some()).count();
            assert!(figures[known..].iter().all(Option::is_none), "{column:?} {direction:?}: unknown ones come last");
            // A price is one for a job that is done in time.
            let slow = |place: &&usize| column == SortKey::Price && offers[**place].is_slow();
            let quick = places[..known].iter().take_while(|place| !slow(place)).count();
            assert!(
                places[quick..known].iter().all(|place| slow(&place)),
                "{column:?} {direction:?}: slow ones come after"
            );
            let in_order = |figures: &[Option<f64>]| {
                figures.windows(2).all(|pair| match direction {
                    Direction::Rising => pair[0] <= pair[1],
                    Direction::Falling => pair[0] >= pair[1],
                })
            };
            let (quick, slow) = figures[..known].split_at(quick);
            assert!(in_order(quick) && in_order(slow), "{column:?} {direction:?} is in order");
            assert!(column != SortKey::Price || !quick.is_empty() && !slow.is_empty(), "a 70B has both");
        }
    }
}

#[test]
fn the_narrowest_rule_is_the_one_to_drop() {
    let offers = offers(&seventy());
    let mut filter = Filter::default();
    filter.add(FilterRule::Budget(Usd(2.0)));
    filter.add(FilterRule::NotFrom(Vendor::Intel));
    assert!(!offers.iter().any(|offer| filter.keeps(offer)));
    let (rule, count) = filter.narrowest(&offers).expect("the budget");
    assert_eq!(rule, FilterRule::Budget(Usd(2.0)));
    filter.remove(rule);
    assert_eq!(offers.iter().filter(|offer| filter.keeps(offer)).count(), count);
}

/// What a rule hides is what would come back without it, whether it holds or not.
#[test]
fn each_rule_says_how_many_rows_it_hides() {
    let offers = offers(&seventy());
    let (single, used) = (FilterRule::SingleCard, FilterRule::NotBought(Condition::Used));
    let mut filter = Filter::default();
    let would_hide = filter.hidden_by(single, &offers);
    assert_eq!(would_hide, offers.iter().filter(|offer| offer.count > 1).count());
    filter.add(single);
    assert_eq!(filter.hidden_by(single, &offers), would_hide);
    let of_single = offers.iter().filter(|offer| offer.count == 1 && offer.condition == Condition::Used).count();
    assert_eq!(filter.hidden_by(used, &offers), of_single, "of those that the others keep");
}

#[test]
fn the_plans_own_cards_are_an_offer_in_any_count() {
    let mut plan = seventy();
    let ranked = offers(&plan);
    assert!(own(&plan, Catalog::embedded(), &ranked).is_empty(), "it is ranked already");
    plan.machine.cards[0].count = 7;
    let added = own(&plan, Catalog::embedded(), &ranked);
    assert!(!added.is_empty() && added.iter().all(|offer| offer.count == 7 && offer.card.id == "rtx-4090"));
}

#[test]
fn a_rule_of_another_value_takes_its_place() {
    let mut filter = Filter::default();
    filter.add(FilterRule::Budget(Usd(500.0)));
    filter.add(FilterRule::Budget(Usd(900.0)));
    assert_eq!((filter.rules().len(), filter.budget()), (1, Some(Usd(900.0))));
    filter.toggle(FilterRule::SingleCard);
    filter.toggle(FilterRule::SingleCard);
    assert!(!filter.has(FilterRule::SingleCard));
}

/// An offer is worth the price per token and second of the cheapest faster offer of another card.
fn worth(offers: &[Offer<'_>], offer: &Offer<'_>) -> Option<f64> {
    let speed = offer.decode()?.expected;
    let faster = offers.iter().filter(|other| other.card.id != offer.card.id);
    let faster = faster.filter_map(|other| Some((other.sold_for()?.0, other.decode()?.expected)));
    let (usd, better) =
        faster.filter(|(_, other)| *other > speed).min_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)))?;
    Some(usd / better * speed)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn counts_are_the_smallest(plan in plans()) {
        let catalog = Catalog::embedded();
        for offer in offers(&plan).iter().filter(|offer| offer.need == Need::Fewest) {
            let mut all = plan.clone();
            all.workload.gpu_layers = GpuLayers::All;
            let holds = |plan: &Plan, count| {
                let found = estimate(&trial_of_size(plan, offer.card, offer.size_gib(), count, catalog), catalog).ok().and_then(|found| found.verdict);
                found.is_some_and(|verdict| verdict != Verdict::DoesNotFit)
            };
            let everything = allowed_counts(offer.card, Runtime::LlamaCpp).iter().copied().find(|count| holds(&all, *count));
            let smallest = everything.or_else(|| allowed_counts(offer.card, Runtime::LlamaCpp).iter().copied().find(|count| holds(&plan, *count)));
            prop_assert_eq!(Some(offer.count), smallest, "{}", offer.card.id);
        }
    }

    #[test]
    fn no_offer_beats_one_of_the_frontier(plan in plans(), rules in rules()) {
        let offers = offers(&plan);
        let mut filter = Filter::default();
        for rule in rules {
            filter.add(rule);
        }
        let kept: Vec<usize> = (0..offers.len()).filter(|&place| filter.keeps(&offers[place])).collect();
        let best = frontier(kept.iter().map(|&place| (place, &offers[place])));
        let point = |place: usize| Some((offers[place].sold_for()?.0, offers[place].decode()?.expected));
        for &place in &kept {
            let Some((usd, speed)) = point(place) else { continue };
            let beaten = best.iter().filter_map(|&other| point(other)).any(|(price, rate)| price <= usd && rate >= speed);
            prop_assert!(beaten || best.contains(&place), "what is not beaten is on the frontier");
        }
        for pair in best.windows(2) {
            let (a, b) = (point(pair[0]).unwrap(), point(pair[1]).unwrap());
            prop_assert!(a.0 < b.0 && a.1 < b.1, "dearer means faster: {:?} {:?}", a, b);
        }
    }

    #[test]
    fn rules_only_take_away(plan in plans(), rules in rules(), more in rules()) {
        let offers = offers(&plan);
        let mut few = Filter::default();
        for rule in rules {
            few.add(rule);
        }
        let mut many = few.clone();
        // Not one of the same kind: that would take the place of the other.
        let kinds: Vec<_> = few.rules().iter().map(std::mem::discriminant).collect();
        more.into_iter().filter(|rule| !kinds.contains(&std::mem::discriminant(rule))).for_each(|rule| many.add(rule));
        for offer in &offers {
            prop_assert!(!many.keeps(offer) || few.keeps(offer), "another rule adds nothing");
        }
        prop_assert!(offers.iter().all(|offer| Filter::default().keeps(offer)));
    }

    #[test]
    fn worth_is_the_next_better_cards_price(plan in plans()) {
        let offers = offers(&plan);
        for offer in &offers {
            let (got, wanted) = (offer.fair_price.map(f64::from), worth(&offers, offer));
            if let (Some(got), Some(wanted)) = (got, wanted) {
                prop_assert!((got / wanted - 1.0).abs() < 1e-9, "{}: {got} {wanted}", offer.card.id);
            } else {
                prop_assert_eq!(got, wanted, "{}", &offer.card.id);
            }
        }
    }
}

/// A hybrid needs a state for every sequence that the engine prepares for; as it comes it prepares for more than a card holds.
#[test]
fn an_engine_that_would_not_start_as_it_comes_is_told_of_fewer_sequences() {
    let starts =
        |found: &Estimate| !found.warnings.iter().any(|warning| matches!(warning, Warning::StateBlocks { .. }));
    let mut plan = plan("qwen3-next-80b-a3b", "int4", "rtx-4090");
    plan.workload.runtime = Runtime::Vllm;
    let mut told = 0;
    for offer in offers(&plan) {
        let Some(found) = offer.estimate() else { continue };
        let used = trial_of_size(&plan, offer.card, offer.size_gib(), offer.count, Catalog::embedded());
        assert_eq!(used.workload.server.max_num_seqs, offer.prepared, "what is shown is what is taken");
        assert!(starts(found) || offer.prepared.is_none(), "{} × {}", offer.count, offer.card.id);
        told += usize::from(offer.prepared.is_some() && offer.runs());
    }
    assert!(told > 0, "on some cards it has to be told");
    plan.workload.server.max_num_seqs = Some(1024);
    for offer in offers(&plan) {
        assert_eq!(offer.prepared, None, "what the plan says is obeyed");
    }
}

/// A machine is ranked with the memory that its price buys, and each size that is sold has a row of its own.
#[test]
fn what_is_sold_with_several_sizes_is_ranked_with_the_one_that_is_priced() {
    let catalog = Catalog::embedded();
    let offers = offers(&seventy());
    let mut sized = 0;
    for offer in &offers {
        let each = offer.price.map(|price| price.each);
        assert_eq!(each, catalog.card_price_with(offer.card, offer.each_gib, offer.condition), "{}", offer.card.id);
        let Some(found) = offer.estimate() else { continue };
        let memory = offer.card.device_memory(Some(offer.each_gib)).expect("a size on sale");
        assert!(found.devices.iter().all(|it| it.capacity == memory.capacity), "{} {}", offer.card.id, offer.each_gib);
        sized += usize::from(offer.size_gib().is_some());
        assert!(
            offer.size_gib().is_none() || offer.price.is_some(),
            "{}: less memory is there at a price",
            offer.card.id
        );
    }
    assert!(sized > 10, "{sized}");
    let keys: std::collections::HashSet<_> = offers.iter().map(Offer::key).collect();
    assert_eq!(keys.len(), offers.len(), "each row has a key of its own");
    let sizes = |card: &str| -> Vec<f64> {
        let rows = offers.iter().filter(|offer| offer.card.id == card && offer.condition == Condition::New);
        rows.map(|offer| offer.each_gib).collect()
    };
    assert_eq!(sizes("apple-m5-max"), [48.0, 64.0, 128.0]);
    // All three are asked for at one price less than the next: more memory is never the cheaper row.
    let prices: Vec<f64> = offers
        .iter()
        .filter(|offer| offer.card.id == "apple-m5-max" && offer.condition == Condition::New)
        .filter_map(|offer| Some(offer.price?.usd.0))
        .collect();
    assert!(prices.is_sorted(), "{prices:?}");
}

/// The plan's own machine stands in the ranking with its own memory, also where no shop names a price for it.
#[test]
fn the_plans_own_size_has_a_row() {
    let catalog = Catalog::embedded();
    let mut plan = plan("llama-3.1-8b", "Q4_K_M", "radeon-780m");
    plan.machine.cards[0].memory_gib = Some(32.0);
    let ranked = offers(&plan);
    let added = own(&plan, catalog, &ranked);
    assert_eq!(added.iter().map(|offer| offer.each_gib).collect::<Vec<_>>(), [32.0]);
    let found = added[0].estimate().expect("an estimate");
    assert_eq!(Some(found.verdict), estimate(&plan, catalog).ok().map(|found| found.verdict));
}
