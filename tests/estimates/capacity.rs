//! What a machine holds: slots, lanes, supplies and cases that can be bought, and what the host of several cards costs.

use crate::support::plans::today;
use rigplan::advise::builder::{Capacity, best, misfits};
use rigplan::catalog::Catalog;
use rigplan::catalog::parts::{CaseKind, PartKind, TierId};
use rigplan::plan::{BuildGoal, BuildRequest, Buying, CardChoice, CardCount, Machine, PartCount, Plan};
use rigplan::units::Usd;

fn machine(card: &str, count: u32, platform: Option<&str>) -> Machine {
    let cards = vec![CardCount { card: CardChoice::Catalog(card.to_owned()), count, memory_gib: None }];
    Machine { cards, platform: platform.map(str::to_owned), ..Machine::default() }
}

fn addable(machine: &Machine, card: &str) -> u32 {
    let catalog = Catalog::embedded();
    Capacity::of(catalog, Buying::NewOrUsed).addable(machine, catalog.card(card).unwrap())
}

#[test]
fn no_more_cards_are_added_than_a_machine_has_slots_lanes_and_room_for() {
    // A desktop of which nothing is said splits its sixteen lanes once.
    assert_eq!(addable(&machine("rtx-3090", 1, None), "rtx-3090"), 1);
    assert_eq!(addable(&machine("rtx-3090", 2, None), "rtx-3060-12gb"), 0);
    assert_eq!(addable(&machine("rtx-3060-12gb", 1, Some("am5-r7-9700x")), "rtx-5060-ti-16gb"), 1);
    // A server board has seven slots.
    let server = machine("rtx-3090", 1, Some("sp3-epyc-7402p"));
    assert!((3..=6).contains(&addable(&server, "rtx-3090")), "{}", addable(&server, "rtx-3090"));
    // Where nothing can be plugged in, nothing is added.
    assert_eq!(addable(&machine("apple-m5-max", 1, None), "rtx-3090"), 0);
    assert_eq!(addable(&machine("rtx-4090-laptop", 1, None), "rtx-3090"), 0);
    assert_eq!(addable(&machine("rtx-3090", 1, None), "h100-sxm5"), 0);
}

#[test]
fn the_host_of_several_cards_can_be_put_together_and_has_its_price() {
    let capacity = Capacity::of(Catalog::embedded(), Buying::NewOrUsed);
    let mut before = 0.0;
    for count in [1, 2, 4, 6] {
        let host = capacity.host(&[("rtx-3090", count)], 64.0).unwrap_or_else(|| panic!("no host of {count}"));
        assert_eq!(misfits(&host.parts), [], "{count} cards");
        assert!(host.total.usd.0 >= before, "{count} cards cost less than fewer: {}", host.total.usd);
        assert!(host.parts.ram_gib() >= 64 && host.parts.slots().is_some());
        before = host.total.usd.0;
    }
    // More cards than any slots: nothing is promised.
    assert_eq!(capacity.host(&[("rtx-4090", 20)], 64.0), None);
    assert_eq!(capacity.host(&[("h100-sxm5", 8)], 64.0), None);
}

/// The machine that people who run models at home build: four used RTX 3090 on risers, two supplies.
#[test]
fn four_rtx_3090_stand_in_an_open_frame() {
    let locks = vec![PartCount { part: "rtx-3090".to_owned(), count: 4 }];
    let request = BuildRequest {
        budget_usd: Usd(20_000.0),
        tier: TierId::Team,
        goal: BuildGoal::LARGEST,
        locks,
        ..BuildRequest::default()
    };
    let outcome = best(&request, &Plan::default(), Catalog::embedded(), &today()).unwrap();
    let build = &outcome.build;
    assert_eq!(build.choice.case.map(|case| case.kind), Some(CaseKind::Frame));
    assert_eq!(build.choice.supply.map(|supply| supply.count), Some(2));
    let fittings: Vec<_> = build.lines.iter().filter(|line| line.kind == PartKind::Fitting).collect();
    assert_eq!(
        fittings.iter().map(|line| (line.id, line.count)).collect::<Vec<_>>(),
        [("riser-pcie4", 4), ("supply-sync", 1)]
    );
    let without_cards = build.total.usd.0
        - build
            .lines
            .iter()
            .filter(|line| line.kind == PartKind::Card)
            .filter_map(|line| line.usd)
            .map(|usd| usd.0)
            .sum::<f64>();
    assert!((1500.0..4000.0).contains(&without_cards), "{without_cards}");
}
