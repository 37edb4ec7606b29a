//! What the ladder and its recipes add goes into the machine of the plan, or comes with the host that holds it.

use crate::support::plans::{cards, plan, training, ways};
use proptest::prelude::*;
use proptest::sample::select;
use rigplan::advise::builder::{Capacity, misfits};
use rigplan::advise::remedies::{Change, Cost, RemedyGroup};
use rigplan::catalog::Catalog;
use rigplan::catalog::card::FormFactor;
use rigplan::catalog::parts::Dimm;
use rigplan::plan::{Buying, CardChoice, GpuLayers, Machine, Plan, Runtime, Task};

fn plans() -> impl Strategy<Value = Plan> {
    let card = select(vec![
        ("rtx-3060-12gb", 4),
        ("rtx-3090", 4),
        ("rtx-4090", 2),
        ("rtx-5090", 2),
        ("rtx-pro-6000-blackwell", 2),
        ("rx-7900-xtx", 3),
        ("l40s", 4),
        ("h100-sxm5", 8),
        ("apple-m5-max", 1),
        ("rtx-4070-laptop", 1),
    ]);
    let model = select(vec!["llama-3.1-8b", "qwen3-32b", "llama-3.3-70b", "gpt-oss-120b", "qwen3-235b-a22b"]);
    let platform = select(vec![None, Some("am5-r7-9700x"), Some("am4-r7-5700x"), Some("sp3-epyc-7402p")]);
    let kind = select(vec![Runtime::LlamaCpp, Runtime::LlamaCpp, Runtime::Vllm]);
    let task = select(vec![Task::Serve, Task::Serve, Task::Serve, Task::Qlora, Task::Full]);
    (card, 1_u32..=8, model, platform, kind, task, select(vec![8192_u64, 65_536])).prop_map(
        |((id, most), count, model, platform, runtime, task, context)| {
            let mut made = if task == Task::Serve { plan(model, "Q4_K_M", id) } else { training(model, task) };
            made.machine.cards = vec![cards(id, count.min(most))];
            made.machine.platform = platform.map(str::to_owned);
            made.workload.gpu_layers = GpuLayers::Auto;
            made.workload.context = context;
            if task == Task::Serve {
                made.workload.choose_runtime(runtime);
            }
            made
        },
    )
}

/// What every change of one row does to the slots, counted anew: cards go into the machine, or into a host that can be put
/// together and whose price is among the costs.
fn check_row(base: &Plan, after: &Plan, changes: &[&Change], cost: &Cost, capacity: &Capacity<'_>) {
    let catalog = Catalog::embedded();
    let host = changes.iter().find_map(|change| match change {
        Change::NewHost { platform, cards } => Some((platform, *cards)),
        _ => None,
    });
    let counted = |machine: &Machine| machine.cards.iter().map(|kind| kind.count).sum::<u32>();
    for change in changes {
        let (id, count, swaps) = match change {
            Change::AddCards { card, count } | Change::ShareCards { card, count, .. } => (card, *count, false),
            Change::SwapCards { card, count } => (card, *count, true),
            _ => continue,
        };
        let card = catalog.card(id).unwrap();
        assert!(matches!(card.form, FormFactor::Slots(_)), "{change:?}: no card for a slot");
        if host.is_some() || swaps && count <= counted(&base.machine) {
            continue;
        }
        let machine =
            Machine { cards: if swaps { Vec::new() } else { base.machine.cards.clone() }, ..base.machine.clone() };
        let most = capacity.addable(&machine, card);
        assert!(count <= most, "{change:?}, but {most} of them go into {:?}", base.machine);
    }
    let Some((platform, count)) = host else { return };
    assert_eq!(count, counted(&after.machine), "the host is for all cards");
    let all: Vec<(&str, u32)> = after
        .machine
        .cards
        .iter()
        .map(|kind| match &kind.card {
            CardChoice::Catalog(id) => (id.as_str(), kind.count),
            CardChoice::Detected { .. } => panic!("a card without a name"),
        })
        .collect();
    let built = capacity.host(&all, after.machine.ram_gib).unwrap_or_else(|| panic!("no host of {all:?}"));
    assert_eq!(misfits(&built.parts), [], "{all:?}");
    assert_eq!(built.parts.processor.map(|part| &part.id), Some(platform), "{changes:?}");
    // What the cards before it are worth is spared, the host never.
    if let Cost::Usd { usd, spared, .. } = cost {
        let bought = *usd + spared.unwrap_or_default();
        assert!(bought.0 + 1e-6 >= built.total.usd.0, "{cost:?} for a host of {}", built.total.usd);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_added_that_has_no_room(base in plans()) {
        let capacity = Capacity::of(Catalog::embedded(), Buying::NewOrUsed);
        let Some(ladder) = rigplan::advise::remedies::ladder(&base, Catalog::embedded()) else { return Ok(()) };
        for way in ladder.ways.iter().chain(&ladder.first) {
            let changes: Vec<&Change> = way.change.parts().iter().collect();
            check_row(&base, &way.plan, &changes, &way.cost, &capacity);
        }
        for recipe in &ladder.recipes {
            let changes: Vec<&Change> = recipe.changes.iter().flat_map(Change::parts).collect();
            check_row(&base, &recipe.plan, &changes, &recipe.cost, &capacity);
        }
    }
}

/// A node of modules is bought as it is: none is added to it, and none of it is sold alone.
#[test]
fn modules_are_not_added_one_by_one() {
    let mut node = plan("llama-3.1-405b", "fp8", "h100-sxm5");
    node.workload.choose_runtime(Runtime::Vllm);
    node.machine.cards = vec![cards("h100-sxm5", 4)];
    let ladder = ways(&node);
    let adds = |change: &Change| change.parts().iter().any(|part| matches!(part, Change::AddCards { .. }));
    assert!(!ladder.ways.iter().any(|way| adds(&way.change)), "{:?}", ladder.ways);
    assert!(!ladder.recipes.iter().any(|recipe| recipe.changes.iter().any(adds)));
    assert!(!ladder.first.is_empty(), "fewer bits, or rented cards");
}

/// RAM is offered at a rate that somebody sells, and in no more sticks than a board has slots for.
#[test]
fn ram_is_offered_as_it_is_sold() {
    let mut server = plan("kimi-k2", "Q4_K_M", "rtx-pro-6000-blackwell");
    server.workload.gpu_layers = GpuLayers::Auto;
    server.machine.platform = Some("sp3-epyc-7402p".to_owned());
    server.machine.ram_gib = 512.0;
    let mut desktop = plan("llama-3.3-70b", "Q4_K_M", "rtx-4090");
    desktop.workload.gpu_layers = GpuLayers::Auto;
    desktop.machine.ram_gb_s = Some(83.2);
    let catalog = Catalog::embedded();
    for (plan, dimm) in [(&server, Dimm::Rdimm), (&desktop, Dimm::Udimm)] {
        let socket = plan.machine.platform.as_deref().and_then(|id| catalog.platform(id)).map(|it| it.socket.as_str());
        let boards = catalog.boards().filter(|board| board.dimm == dimm);
        let boards = boards.filter(|board| socket.is_none_or(|socket| board.socket == socket));
        let slots = boards.map(|board| board.dimm_slots).max().expect("a board");
        for way in ways(plan).of(RemedyGroup::Offload) {
            let Change::FasterRam { speed, .. } = way.change else { continue };
            assert_ne!(way.cost, Cost::NoPrice, "{:?}", way.change);
            let bought = catalog.ram_for(speed, dimm, plan.machine.ram_gib, socket).expect("kits for it");
            assert!(bought.kit.sticks * bought.pieces <= slots, "{} x {}", bought.pieces, bought.kit.id);
            assert_eq!(way.cost.usd(), Some(bought.usd()));
        }
        for speed in &catalog.runtimes().ram {
            let Some(bought) = catalog.ram_for(*speed, dimm, plan.machine.ram_gib, socket) else { continue };
            assert!(bought.kit.sticks * bought.pieces <= slots, "{} x {}", bought.pieces, bought.kit.id);
        }
    }
}

/// Who has placed layers badly is not told to buy what is slower than the setting alone.
#[test]
fn nothing_is_bought_that_a_setting_beats() {
    let mut by_hand = plan("qwen2.5-72b", "Q4_K_M", "rtx-3090");
    by_hand.machine.cards = vec![cards("rtx-3090", 2)];
    by_hand.workload.gpu_layers = GpuLayers::Count(40);
    let ladder = ways(&by_hand);
    let set = ladder.of(RemedyGroup::Settings).next().expect("layers placed by the engine");
    for way in ladder.first.iter().filter(|way| way.group != RemedyGroup::Settings) {
        let beyond = way.after.verdict < set.after.verdict || way.after.rate() > set.after.rate();
        assert!(beyond, "{:?}: {} tok/s", way.change, way.after.rate());
    }
}

/// Adapters beside a base in four bits that several cards share out cost nothing, and come before more cards.
#[test]
fn a_shared_base_in_four_bits_comes_before_more_cards() {
    let mut two = training("qwen3-32b", Task::Lora);
    two.machine.cards = vec![cards("rtx-4090", 2)];
    two.machine.ram_gib = 128.0;
    let ladder = ways(&two);
    let first = ladder.first.first().expect("something helps");
    assert_eq!((first.group, &first.cost), (RemedyGroup::Quantize, &Cost::Nothing), "{:?}", first.change);
    assert!(first.after.fits() && first.plan.workload.task == Task::Qlora, "{:?}", first.change);
}
