//! The verdicts at their edges, to the byte.

use crate::support::plans::{ask, cards, plan};
use rigplan::estimate::{Estimate, Verdict};
use rigplan::plan::{Backend, CardChoice, CardCount, CpuExperts, GpuLayers, Plan};
use rigplan::units::{Bytes, GIB};

/// Llama 3.1 70B on an RTX 4090 beside 32 GiB of RAM.
fn worked_example() -> Plan {
    let mut plan = plan("llama-3.1-70b", "Q4_K_M", "rtx-4090");
    plan.machine.ram_gib = 32.0;
    plan.workload.gpu_layers = GpuLayers::Auto;
    plan
}

#[test]
fn the_worked_example_puts_42_of_81_layers_on_the_card() {
    let found = ask(&worked_example());
    assert_eq!((found.gpu_layers(), found.layers), (42, 81));
    assert_eq!(found.verdict, Some(Verdict::Offload));
}

/// The answer for a whole model on a card of so many bytes.
fn on_card_of(memory_bytes: u64) -> Estimate {
    let mut plan = plan("llama-3.1-8b", "F16", "rtx-4090");
    plan.workload.context = 65_536;
    let card = CardChoice::Detected { name: "Card".to_owned(), memory_bytes };
    plan.machine.cards = vec![CardCount::of(card, 1)];
    ask(&plan)
}

/// The smallest memory of a card for which `enough` holds.
fn smallest_memory(enough: impl Fn(&Estimate) -> bool) -> u64 {
    let (mut low, mut high) = (1, 64 * GIB);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if enough(&on_card_of(middle)) { high = middle } else { low = middle }
    }
    high
}

#[test]
fn a_card_fits_tightly_from_the_first_byte_and_fits_with_a_gib_to_spare() {
    let judged = |memory| on_card_of(memory).verdict.expect("a verdict");
    let holds = smallest_memory(|found| found.devices[0].excess == Some(Bytes::ZERO));
    assert_eq!((judged(holds - 1), judged(holds)), (Verdict::DoesNotFit, Verdict::Tight));
    assert_eq!(on_card_of(holds).devices[0].free.map(|free| free.0 < 2), Some(true), "full to the byte");
    let roomy = smallest_memory(|found| {
        let device = &found.devices[0];
        let high = device.overhead.high - device.overhead.expected;
        device.free.expect("a known part") >= high + Bytes(GIB)
    });
    assert_eq!((judged(roomy - 1), judged(roomy)), (Verdict::Tight, Verdict::Fits));
}

#[test]
fn an_offload_holds_until_the_ram_is_exceeded() {
    let mut plan = worked_example();
    let host = ask(&plan).host;
    let needed = host.total.expect("a known total") + host.os;
    let judged = |plan: &Plan| ask(plan).verdict;
    plan.machine.ram_gib = needed.gib();
    assert_eq!(judged(&plan), Some(Verdict::Offload), "full to the byte");
    plan.machine.ram_gib = (needed - Bytes(1)).gib();
    assert_eq!(judged(&plan), Some(Verdict::DoesNotFit), "one byte short");
    assert_eq!(ask(&plan).host.excess, Some(Bytes(1)));
}

#[test]
fn all_layers_on_a_card_that_is_too_small_are_obeyed_and_do_not_fit() {
    let mut plan = worked_example();
    plan.workload.gpu_layers = GpuLayers::All;
    let found = ask(&plan);
    assert_eq!((found.verdict, found.gpu_layers()), (Some(Verdict::DoesNotFit), 81));
    plan.workload.gpu_layers = GpuLayers::Count(45);
    assert_eq!(ask(&plan).verdict, Some(Verdict::DoesNotFit), "one layer more than the card holds");
    plan.workload.gpu_layers = GpuLayers::Count(44);
    assert_eq!(ask(&plan).verdict, Some(Verdict::Offload));
}

#[test]
fn experts_in_ram_are_an_offload_where_there_are_experts() {
    let mut plan = plan("qwen3-30b-a3b", "Q4_K_M", "rtx-4090");
    plan.workload.cpu_experts = CpuExperts::Count(24);
    assert_eq!(ask(&plan).verdict, Some(Verdict::Offload));
    let mut dense = self::plan("llama-3.1-8b", "Q4_K_M", "rtx-4090");
    dense.workload.cpu_experts = CpuExperts::Count(24);
    assert_eq!(ask(&dense).verdict, Some(Verdict::Fits), "a dense model has none to move");
}

#[test]
fn the_cpu_alone_is_judged_against_the_ram() {
    let mut plan = plan("llama-3.1-8b", "Q4_K_M", "rtx-4090");
    plan.machine.cards.clear();
    let found = ask(&plan);
    assert_eq!((found.devices.len(), found.verdict), (0, Some(Verdict::Fits)));
    let needed = found.host.total.expect("a known total") + found.host.os;
    for (spare, verdict) in [(0, Verdict::Tight), (9 * GIB, Verdict::Fits)] {
        plan.machine.ram_gib = (needed + Bytes(spare)).gib();
        assert_eq!(ask(&plan).verdict, Some(verdict), "{spare} bytes to spare");
    }
    plan.machine.ram_gib = (needed - Bytes(1)).gib();
    assert_eq!(ask(&plan).verdict, Some(Verdict::DoesNotFit));
    let mut with_card = plan.clone();
    with_card.machine.cards = vec![cards("rtx-4090", 1)];
    with_card.workload.backend = Some(Backend::Cpu);
    assert_eq!(ask(&with_card), ask(&plan), "a card that the backend does not use changes nothing");
}

#[test]
fn unified_memory_is_one_pool() {
    let mut plan = plan("llama-3.1-70b", "Q4_K_M", "apple-m4-max");
    plan.machine.ram_gib = 1.0;
    let found = ask(&plan);
    let (host, device) = (&found.host, &found.devices[0]);
    assert_eq!((host.capacity, found.verdict), (device.capacity, Some(Verdict::Fits)), "RAM typed in is not asked");
    let taken = host.os + host.total.expect("known") + device.total.expect("known");
    assert_eq!(host.free, Some(host.capacity - taken), "what the device takes is not there for the host");
    plan.machine.cards[0].memory_gib = Some(48.0);
    assert_eq!(ask(&plan).verdict, Some(Verdict::DoesNotFit));
}

#[test]
fn several_unified_machines_have_a_pool_each() {
    let mut plan = plan("qwen3-235b-a22b", "Q4_K_M", "gb10-dgx-spark");
    assert_eq!(ask(&plan).verdict, Some(Verdict::DoesNotFit), "more than one of them holds");
    plan.machine.cards = vec![cards("gb10-dgx-spark", 2)];
    let found = ask(&plan);
    assert_eq!((found.host.excess, found.verdict), (Some(Bytes::ZERO), Some(Verdict::Fits)));
    // A card beside it has memory of its own.
    plan.machine.cards = vec![cards("gb10-dgx-spark", 1), cards("b200", 1)];
    assert_eq!(ask(&plan).verdict, Some(Verdict::Fits));
}

#[test]
fn auto_is_found_where_one_small_card_is_exceeded_by_far() {
    // All layers exceed the small card by so much that the first guess is far off.
    let mut plan = plan("llama-3.1-70b", "Q8_0", "rtx-4090");
    plan.machine.cards.push(cards("b200", 2));
    plan.workload.gpu_layers = GpuLayers::Auto;
    plan.workload.flash_attention = false;
    plan.workload.context = 32_768;
    plan.workload.sequences = 8;
    plan.workload.ubatch = 2048;
    let found = ask(&plan);
    assert!(found.devices.iter().all(|device| device.excess == Some(Bytes::ZERO)));
    plan.workload.gpu_layers = GpuLayers::Count(found.gpu_layers() + 1);
    assert_eq!(ask(&plan).verdict, Some(Verdict::DoesNotFit));
}
