//! What is told of a speed without an estimate is no less than what the estimate says: searches leave out by it.

use proptest::prelude::*;
use rigplan::catalog::Catalog;
use rigplan::estimate::{estimate, most_decode};
use rigplan::plan::{CardChoice, CardCount, GpuLayers, ModelChoice, Plan};
use rigplan::units::Bytes;

use crate::support::any::cases;

/// Mixtures on some of any card, with RAM of any rate.
fn spilling() -> impl Strategy<Value = Plan> {
    let catalog = Catalog::embedded();
    let models: Vec<String> =
        catalog.models().filter(|model| model.experts.is_some()).map(|model| model.id.clone()).collect();
    let cards: Vec<String> = catalog.cards().map(|card| card.id.clone()).collect();
    let machine = (prop::sample::select(cards), 1_u32..=8, 20.0..500.0_f64);
    (prop::sample::select(models), machine, 9_u32..18, 1_u32..3).prop_map(|(model, machine, context, sequences)| {
        let (card, count, ram_gb_s) = machine;
        let mut plan = Plan::default();
        plan.workload.model = ModelChoice::Catalog(model);
        plan.workload.context = 1 << context;
        plan.workload.sequences = sequences;
        plan.machine.cards = vec![CardCount::of(CardChoice::Catalog(card), count)];
        plan.machine.ram_gb_s = Some(ram_gb_s);
        plan.machine.ram_gib = 65_536.0;
        plan
    })
}

/// Bytes of its weights where all of them lie on devices.
fn weights(plan: &Plan, catalog: &Catalog) -> Bytes {
    let mut whole = plan.clone();
    whole.workload.gpu_layers = GpuLayers::All;
    estimate(&whole, catalog).ok().and_then(|found| found.parts_in_vram().weights).unwrap_or_default()
}

#[test]
fn no_estimate_is_faster() {
    let catalog = Catalog::embedded();
    proptest!(cases(512), |(plan in spilling())| {
        let Some(decode) = estimate(&plan, catalog).ok().and_then(|found| found.speed.decode) else { return Ok(()) };
        let most = most_decode(&plan, catalog, weights(&plan, catalog));
        prop_assert!(most.is_none_or(|most| most >= decode.expected), "{most:?} but {} tokens/s", decode.expected);
    });
}

/// A bound that is far off keeps nothing out: where RAM decides, it is near.
#[test]
fn it_is_near_where_ram_decides() {
    let catalog = Catalog::embedded();
    let mut plan = Plan::default();
    plan.workload.model = ModelChoice::Catalog("qwen3-235b-a22b".to_owned());
    plan.machine.ram_gib = 256.0;
    plan.machine.ram_gb_s = Some(80.0);
    let decode = estimate(&plan, catalog).expect("an estimate").speed.decode.expect("a speed");
    let most = most_decode(&plan, catalog, weights(&plan, catalog)).expect("a bound");
    assert!(most < decode.expected * 1.3, "{most} is far from {}", decode.expected);
}
