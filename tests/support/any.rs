//! Random plans over the built-in catalog.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use rigplan::catalog::Catalog;
use rigplan::catalog::quantization::{KvPrecision, Quantization, QuantizationKind};
use rigplan::plan::{
    Backend, CardChoice, CardCount, CpuExperts, GpuLayers, KvCache, Logits, Machine, ModelChoice, OperatingSystem,
    Plan, Workload,
};

/// So many cases, the same ones in every run.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() }
}

/// Ids of the models whose tensors can be laid out, and of all others.
fn models() -> impl Strategy<Value = ModelChoice> {
    let ids: Vec<String> = Catalog::embedded().models().map(|model| model.id.clone()).collect();
    prop_oneof![9 => select(ids).prop_map(ModelChoice::Catalog), 1 => sizes().prop_map(ModelChoice::Size)]
}

/// Parameters between the ends of the slider, evenly on its logarithmic scale.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive, far below 2^63")]
fn sizes() -> impl Strategy<Value = u64> {
    (8.0..12.4_f64).prop_map(|exponent| 10_f64.powf(exponent).round() as u64)
}

/// GGUF file types.
fn quantizations() -> impl Strategy<Value = Quantization> {
    let types = Quantization::ALL.iter().copied().filter(|it| it.kind() == QuantizationKind::Gguf).collect::<Vec<_>>();
    select(types)
}

/// One kind of card and how many of it.
pub(crate) fn kind_of_card(most: u32) -> impl Strategy<Value = CardCount> {
    let ids: Vec<String> = Catalog::embedded().cards().map(|card| card.id.clone()).collect();
    let detected =
        (1..=1_u64 << 40).prop_map(|memory_bytes| CardChoice::Detected { name: "Card".to_owned(), memory_bytes });
    let card = prop_oneof![4 => select(ids).prop_map(CardChoice::Catalog), 1 => detected];
    (card, 1..=most).prop_map(|(card, count)| CardCount::of(card, count))
}

fn kv_caches() -> impl Strategy<Value = KvCache> {
    let engine: Vec<_> = KvPrecision::ALL.iter().copied().filter(|it| *it != KvPrecision::fp8).collect();
    prop_oneof![
        2 => Just(KvCache::default()),
        1 => (select(engine.clone()), select(engine)).prop_map(|(k, v)| KvCache { k, v }),
    ]
}

fn layers() -> impl Strategy<Value = GpuLayers> {
    prop_oneof![Just(GpuLayers::All), Just(GpuLayers::Auto), (0..=100_u32).prop_map(GpuLayers::Count)]
}

/// Workloads as people run them.
fn workloads() -> impl Strategy<Value = Workload> {
    let what = (models(), quantizations(), kv_caches(), layers());
    let size = (1..=262_144_u64, 1..=16_u32, select(vec![1_u32, 64, 512, 2048]));
    let switches = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let experts = prop_oneof![
        1 => Just(CpuExperts::Auto),
        1 => Just(CpuExperts::Count(0)),
        1 => (0..=64_u32).prop_map(CpuExperts::Count),
    ];
    (what, size, switches, experts).prop_map(|(what, size, switches, cpu_experts)| {
        let (model, quantization, kv_cache, gpu_layers) = what;
        let (context, sequences, ubatch) = size;
        let (unified_kv, flash_attention, swa_full, last) = switches;
        let logits = if last { Logits::Last } else { Logits::All };
        Workload {
            model,
            quantization,
            kv_cache,
            gpu_layers,
            context,
            sequences,
            ubatch,
            unified_kv,
            flash_attention,
            swa_full,
            logits,
            cpu_experts,
            ..Workload::default()
        }
    })
}

/// Machines with up to three kinds of card.
fn machines() -> impl Strategy<Value = Machine> {
    let cards = prop::collection::vec(kind_of_card(4), 0..=3);
    let systems = select(vec![OperatingSystem::Linux, OperatingSystem::Windows, OperatingSystem::MacOs]);
    (cards, 4.0..1024.0_f64, systems, any::<bool>()).prop_map(|(cards, ram_gib, os, screen)| Machine {
        cards,
        ram_gib,
        os,
        screen,
        ..Machine::default()
    })
}

/// Plans as people make them.
pub(crate) fn plans() -> impl Strategy<Value = Plan> {
    (workloads(), machines()).prop_map(|(workload, machine)| Plan { workload, machine, ..Plan::default() })
}

/// Plans with one or more inputs at the end of what a plan may hold.
pub(crate) fn extreme_plans() -> impl Strategy<Value = Plan> {
    let at_once = || prop_oneof![Just(1), Just(65_536), 1..=65_536_u32];
    let tokens = prop_oneof![Just(1), Just(100_000_000), 1..=100_000_000_u64];
    let model = prop_oneof![
        2 => models(),
        1 => select(vec![1_000_000, 80_000_000_000_000]).prop_map(ModelChoice::Size),
    ];
    let cards = prop::collection::vec(kind_of_card(1024), 0..=2);
    let backends = select(vec![None, Some(Backend::Cpu), Some(Backend::Vulkan), Some(Backend::Metal)]);
    let ram = select(vec![0.001, 1.0, 1_048_576.0]);
    let layers = prop_oneof![layers(), Just(GpuLayers::Count(100_000))];
    let much = (
        tokens,
        at_once(),
        at_once(),
        model,
        layers,
        select(vec![CpuExperts::Auto, CpuExperts::Count(0), CpuExperts::Count(100_000)]),
    );
    (plans(), much, cards, backends, ram).prop_map(|(mut plan, much, cards, backend, ram_gib)| {
        let (context, sequences, ubatch, model, gpu_layers, cpu_experts) = much;
        let workload =
            Workload { context, sequences, ubatch, model, gpu_layers, cpu_experts, backend, ..plan.workload };
        plan.workload = workload;
        plan.machine.cards = cards;
        plan.machine.ram_gib = ram_gib;
        plan
    })
}
