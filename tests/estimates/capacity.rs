//! What a machine holds: slots, lanes, supplies and cases that can be bought, and what the host of several cards costs.

use crate::support::plans::today;
use proptest::prelude::*;
use proptest::sample::select;
use rigplan::advise::builder::{BuildError, Capacity, Check, PartList, Place, best, misfits};
use rigplan::catalog::Catalog;
use rigplan::catalog::card::{MarketSegment, Vendor};
use rigplan::catalog::parts::{CaseKind, CircuitId, Dimm, FittingKind, PartKind, PowerPlugs, PowerSupply, TierId};
use rigplan::plan::{BuildGoal, BuildRequest, Buying, CardChoice, CardCount, Machine, PartCount, Plan};
use rigplan::units::Usd;

fn machine(card: &str, count: u32, platform: Option<&str>) -> Machine {
    let cards = vec![CardCount::of(CardChoice::Catalog(card.to_owned()), count)];
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

fn locks() -> impl Strategy<Value = Vec<PartCount>> {
    let part = |part: &str, count: u32| vec![PartCount { part: part.to_owned(), count }];
    select(vec![
        Vec::new(),
        part("rtx-5090", 2),
        part("rtx-5090", 4),
        part("rtx-5080", 4),
        part("rtx-4090", 3),
        part("rtx-3090", 5),
        part("rtx-5070-ti", 2),
        part("rx-7900-xtx", 3),
        part("rtx-3060-12gb", 6),
        part("rtx-pro-6000-blackwell", 4),
        part("sp3-h12dsi-n6", 1),
        part("open-frame", 1),
        part("mid-tower", 1),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// The laws of slots, cases, supplies, plugs, channels and outlets, counted anew from what each part says.
    #[test]
    fn every_build_can_be_put_together(
        budget in 800.0..150_000.0_f64, tier in select(TierId::ALL.to_vec()), locks in locks(),
        goal in select(vec![BuildGoal::RunPlan, BuildGoal::LARGEST]),
        buying in select(vec![Buying::New, Buying::NewOrUsed]),
        circuit in select(vec![CircuitId::Us120V15A, CircuitId::Eu230V16A, CircuitId::Cn220V10A, CircuitId::Jp100V15A]),
    ) {
        let (usd, catalog) = (Usd(budget), Catalog::embedded());
        let request =
            BuildRequest { budget_usd: usd, tier, goal, buying, locks, circuit: Some(circuit), ..BuildRequest::default() };
        let outcome = best(&request, &Plan::default(), catalog, &today());
        let build = match &outcome {
            Ok(outcome) => &outcome.build,
            Err(BuildError::TooLittle { cheapest, .. }) => &**cheapest,
            Err(_) => return Ok(()),
        };
        let choice = &build.choice;
        if choice.system.is_some() {
            return Ok(());
        }
        let (board, case, supply) = (choice.board.unwrap(), choice.case.unwrap(), choice.supply.unwrap());
        let cards = choice.card_count();
        let widths: Vec<u32> = choice.cards.iter().flat_map(|it| (0..it.count).map(|_| u32::from(it.part.thickness().unwrap()))).collect();
        let (all, thinnest) = (widths.iter().sum::<u32>(), widths.iter().min().copied().unwrap_or(0));
        prop_assert!(all <= case.card_slots, "{all} slots in {}", case.id);
        // Seven places for slots lie on a board, and the thinnest card goes last.
        prop_assert!(case.has_risers() || all - thinnest < 7, "{widths:?} side by side on {}", board.id);
        prop_assert!(supply.count <= case.supplies, "{} supplies in {}", supply.count, case.id);
        prop_assert!(supply.part.least_volts.is_none_or(|least| least <= circuit.volts()), "{}", supply.part.id);
        prop_assert!(feeds(supply.part, supply.count, choice), "{} feeds {widths:?}", supply.part.id);
        let count = |kind: FittingKind| {
            let of_kind = build.lines.iter().filter(|line| catalog.fittings().any(|it| it.id == line.id && it.kind == kind));
            of_kind.map(|line| line.count).sum::<u32>()
        };
        prop_assert_eq!(count(FittingKind::Riser(4)), if case.has_risers() { cards } else { 0 });
        prop_assert_eq!(count(FittingKind::SupplySync), supply.count - 1);
        let (ram, processor) = (choice.ram.unwrap(), choice.processor.unwrap());
        let (sticks, channels) = (ram.part.sticks * ram.count, processor.memory_channels() * board.sockets);
        let evenly = sticks % channels == 0 || sticks == board.dimm_slots;
        prop_assert!(board.dimm == Dimm::Udimm || evenly, "{sticks} sticks for {channels} channels");
        let slots = choice.slots().unwrap();
        prop_assert!(slots.iter().map(|slot| u32::from(slot.lanes)).sum::<u32>() <= processor.lanes());
        prop_assert!(slots.iter().all(|slot| slot.r#gen <= case.riser_gen.unwrap_or(u8::MAX)));
        let said = build.checks.iter().any(|check| matches!(check, Check::Circuit { circuit: there, .. } if *there == circuit));
        prop_assert!(said, "nothing is said of the outlet");
        let games = choice.cards.iter().any(|it| it.part.vendor == Vendor::Nvidia && it.part.segment == MarketSegment::Consumer);
        let license = build.checks.iter().any(|check| matches!(check, Check::License { .. }));
        prop_assert_eq!(license, games && tier == TierId::Enterprise);
    }
}

/// Whether plugs are enough, one card after the other: plugs of sixteen pins first, then adapters of eight.
fn feeds(supply: &PowerSupply, count: u32, choice: &PartList<'_>) -> bool {
    let enough = |plugs: &PowerPlugs| {
        let (mut eight, mut sixteen) = (i64::from(plugs.eight_pin * count), plugs.sixteen_pin * count);
        let mut cards: Vec<_> = choice.cards.iter().flat_map(|it| (0..it.count).map(|_| it.part)).collect();
        cards.sort_by_key(|card| std::cmp::Reverse(card.tdp_w));
        for card in cards {
            let Some(wanted) = card.plugs else { continue };
            eight -= i64::from(wanted.eight_pin);
            for _ in 0..wanted.sixteen_pin {
                if sixteen > 0 {
                    sixteen -= 1;
                } else {
                    eight -= i64::from(card.tdp_w.unwrap_or(0).div_ceil(150).max(1));
                }
            }
        }
        eight >= 0
    };
    supply.plugs.is_empty() || supply.plugs.iter().any(enough)
}

#[test]
fn a_machine_says_its_outlet_its_power_limit_and_where_it_can_stand() {
    let build = |locks: &[(&str, u32)], tier, circuit, limit| {
        let locks = locks.iter().map(|(part, count)| PartCount { part: (*part).to_owned(), count: *count }).collect();
        let circuit = Some(circuit);
        let request = BuildRequest { budget_usd: Usd(1e6), tier, locks, circuit, ..BuildRequest::default() };
        let mut plan = Plan::default();
        plan.machine.power_limit_w = limit;
        let outcome = best(&request, &plan, Catalog::embedded(), &today()).unwrap();
        outcome.build.checks
    };
    let rig = [("rtx-3090", 4)];
    let here = build(&rig, TierId::Team, CircuitId::Us120V15A, None);
    let over = |checks: &[Check]| checks.iter().any(|it| matches!(it, Check::Circuit { .. }) && !it.is_fine());
    assert!(over(&here), "{here:?}");
    assert!(!over(&build(&rig, TierId::Team, CircuitId::EuCee16A, None)));
    let limit = here.iter().find_map(|check| match *check {
        Check::PowerLimit { watts, of, keeps, .. } => Some((watts, of, keeps)),
        _ => None,
    });
    assert_eq!(limit, Some((280, 350, Some(0.99))));
    let own = build(&rig, TierId::Team, CircuitId::Us120V15A, Some(220));
    assert!(own.iter().any(|it| matches!(it, Check::PowerLimit { watts: 220, keeps: None, .. })), "{own:?}");
    assert!(here.iter().any(|it| matches!(it, Check::Place { place: Place::OpenFrame, .. })));
    let node = build(&[("hgx-h100-8", 1)], TierId::Enterprise, CircuitId::Us120V15A, None);
    assert!(node.iter().any(|it| matches!(it, Check::Place { place: Place::MachineRoom, .. })), "{node:?}");
    assert!(!node.iter().any(|it| matches!(it, Check::Circuit { .. })));
}
