//! Readings of what a device offers and of what the context and its libraries take, against the laws.
//!
//! The readings come from `llama.cpp`'s device lists and memory tables in public logs of 2025 and 2026, all without a desktop on the
//! card as far as the log tells; where the repository is known it is named. Windows is left out: its memory manager
//! keeps about 920 MiB of every card for itself, and says so neither in the total nor in the table.

use rigplan::catalog::Catalog;
use rigplan::catalog::card::Card;
use rigplan::catalog::memory;
use rigplan::catalog::runtime::Backend;
use rigplan::estimate::estimate;
use rigplan::plan::{CardChoice, CardCount, Plan, RuntimeVersion};
use rigplan::units::{Bytes, MIB};

fn card(id: &str) -> &'static Card {
    Catalog::embedded().card(id).unwrap_or_else(|| panic!("{id}"))
}

fn mib(bytes: Bytes) -> f64 {
    bytes.0 as f64 / MIB as f64
}

/// MiB in use on a card with a bare CUDA context: total less free before anything is loaded.
const BARE: [(&str, u32); 25] = [
    ("rtx-3060-12gb", 119),
    ("rtx-3060-12gb", 113),
    ("rtx-4070", 169),
    ("rtx-3090", 264), // ollama issue 17482
    ("rtx-3090", 262),
    ("rtx-3090", 279),
    ("rtx-3090-ti", 271),
    ("rtx-3090-ti", 281),
    ("rtx-4060-ti-16gb", 107), // llama.cpp PR 23604
    ("rtx-4060-ti-16gb", 134),
    ("rtx-5060-ti-16gb", 137),
    ("rtx-5060-ti-16gb", 211),
    ("rtx-4090", 423),
    ("rtx-5090", 523),
    ("rtx-pro-6000-blackwell", 555), // llama.cpp PR 23604
    ("rtx-pro-6000-blackwell", 605),
    ("rtx-pro-6000-blackwell", 621),
    ("rtx-pro-6000-blackwell-maxq", 561),
    ("rtx-pro-6000-blackwell-maxq", 569),
    ("tesla-p40", 148),
    ("v100-pcie-16gb", 310),
    ("a100-pcie-40gb", 423),
    ("a100-sxm4-80gb", 503),
    ("h100-sxm5", 527),
    ("h100-sxm5", 514),
];

/// MiB that the table calls unaccounted after a run.
const IN_USE: [(Backend, &str, u32); 29] = [
    (Backend::Cuda, "rtx-4090", 451), // llama.cpp PR 15860
    (Backend::Cuda, "rtx-4090", 456),
    (Backend::Cuda, "rtx-4090", 456),
    (Backend::Cuda, "rtx-pro-6000-blackwell", 749), // llama.cpp issue 27953
    (Backend::Cuda, "rtx-pro-6000-blackwell-maxq", 712),
    (Backend::Cuda, "rtx-pro-6000-blackwell-maxq", 708),
    (Backend::Cuda, "rtx-pro-6000-blackwell-maxq", 708),
    (Backend::Cuda, "rtx-pro-6000-blackwell-maxq", 708),
    (Backend::Cuda, "rtx-pro-6000-blackwell-maxq", 709),
    (Backend::Cuda, "rtx-pro-6000-blackwell-maxq", 705),
    (Backend::Cuda, "rtx-pro-6000-blackwell-maxq", 712),
    (Backend::Cuda, "rtx-pro-6000-blackwell-maxq", 703),
    (Backend::Cuda, "rtx-pro-6000-blackwell-maxq", 753),
    (Backend::Cuda, "gtx-1080", 174),
    (Backend::Rocm, "mi50-32gb", 253),
    (Backend::Rocm, "mi50-32gb", 254),
    (Backend::Rocm, "mi50-32gb", 253),
    (Backend::Rocm, "rx-7900-xt", 242),
    (Backend::Rocm, "rx-6700-xt", 347),
    (Backend::Vulkan, "rx-6800", 728),
    (Backend::Vulkan, "rx-6800", 725),
    (Backend::Vulkan, "rx-6700-xt", 742),
    (Backend::Vulkan, "rtx-5090", 828),
    (Backend::Vulkan, "rtx-5070-ti", 1103),
    (Backend::Vulkan, "rx-9070-xt", 1221),
    (Backend::Vulkan, "rx-9070-xt", 1241),
    (Backend::Sycl, "arc-pro-b70", 2265),
    (Backend::Metal, "apple-m1-max", 0),
    (Backend::Metal, "apple-m4-pro", 0),
];

/// Total MiB offered to a CUDA program, and to one on AMD's driver.
const OFFERED: [(&str, u32); 24] = [
    ("rtx-3060-12gb", 11_909),
    ("rtx-3080-10gb", 9_875),
    ("rtx-3090", 24_115),
    ("rtx-3090-ti", 24_111),
    ("rtx-4070", 11_873),
    ("rtx-4090", 24_077),
    ("rtx-5060-ti-16gb", 15_841),
    ("rtx-5070-ti", 15_842),
    ("rtx-5090", 32_106),
    ("rtx-2060-6gb", 5_738),
    ("gtx-1660-ti", 5_747),
    ("gtx-1650", 3_896),
    ("gtx-1080", 8_107),
    ("rtx-pro-6000-blackwell", 97_249),
    ("t4", 14_909),
    ("l4", 22_565),
    ("l40s", 45_467),
    ("a100-sxm4-80gb", 81_152),
    ("h100-sxm5", 81_079),
    ("b200", 182_620),
    ("rx-6700-xt", 12_272),
    ("rx-7900-xtx", 24_560),
    ("rx-9070-xt", 16_304),
    ("mi300x", 196_288),
];

#[test]
fn a_bare_context_grows_with_the_threads_of_the_chip() {
    let mut residuals: Vec<f64> = BARE
        .iter()
        .map(|&(id, read)| {
            let threads = card(id).resident_threads().expect(id);
            let law = mib(Catalog::embedded().overhead(Backend::Cuda).on_chip(Some(threads)).low);
            assert!((law - f64::from(read)).abs() <= 80.0, "{id}: {read} MiB read, {law:.0} by the law");
            (law - f64::from(read)).abs()
        })
        .collect();
    residuals.sort_by(f64::total_cmp);
    assert!(residuals[residuals.len() / 2] <= 12.0, "{residuals:.0?}");
}

#[test]
fn what_is_in_use_lies_within_its_band() {
    let overhead = |backend, id: &str| Catalog::embedded().overhead(backend).on_chip(card(id).resident_threads());
    for backend in [Backend::Cuda, Backend::Rocm, Backend::Vulkan, Backend::Sycl, Backend::Metal] {
        let read: Vec<_> = IN_USE.iter().filter(|(of, ..)| *of == backend).collect();
        let outside: Vec<_> = read
            .iter()
            .filter(|(_, id, read)| {
                let band = overhead(backend, id);
                !(mib(band.low)..=mib(band.high)).contains(&f64::from(*read))
            })
            .collect();
        assert!(outside.len() * 5 <= read.len(), "{backend:?}: {outside:?}");
    }
}

#[test]
fn no_rule_offers_more_than_was_read() {
    for (id, read) in OFFERED {
        // As if the card's own reading were not known.
        let unread = Card { cuda_total_gib: None, ..card(id).clone() };
        let memory = unread.device_memory(None).unwrap();
        let (rule, read) = (mib(memory.usable), f64::from(read));
        assert!(memory.usable_is_estimate, "{id}");
        assert!(rule <= read, "{id}: the rule offers {rule:.0} MiB, {read} were read");
        // A careful rule, not a blind one.
        assert!(rule >= read * 0.978 - 60.0, "{id}: the rule offers {rule:.0} MiB, {read} were read");
        let known = mib(card(id).device_memory(None).unwrap().usable);
        assert!(known <= read + 1.0, "{id}: the catalog offers {known:.0} MiB, {read} were read");
    }
    assert_eq!(memory::offered(Bytes(8192 * MIB)), Bytes((8192 - 510) * MIB));
}

#[test]
fn threads_follow_from_units_or_from_the_rate() {
    assert_eq!(card("rtx-4090").resident_threads(), Some(128 * 1536));
    assert_eq!(card("a100-sxm4-80gb").resident_threads(), Some(108 * 2048));
    assert_eq!(card("t4").resident_threads(), Some(40 * 1024));
    assert_eq!(card("rx-7900-xtx").resident_threads(), None);
    for known in Catalog::embedded().cards().filter(|card| card.compute_units.is_some() && card.rates.fp32.is_some()) {
        let by_units = f64::from(known.resident_threads().expect("an NVIDIA chip"));
        let by_rate = Card { compute_units: None, ..known.clone() }.resident_threads().map(f64::from);
        let ratio = by_rate.expect("a rate") / by_units;
        assert!((0.3..=1.7).contains(&ratio), "{}: {ratio:.2}, one of the two is wrong", known.id);
    }
}

/// Scores of 32 heads for 512 tokens and 32,768 cells in 16 bits are one GiB.
#[test]
fn pools_keep_the_scores_of_attention_without_flash_kernels() {
    let expected = |card: &str, change: fn(&mut Plan)| {
        let mut plan = Plan::default();
        plan.machine.cards = vec![CardCount::of(CardChoice::Catalog(card.to_owned()), 1)];
        plan.workload.context = 32_768;
        change(&mut plan);
        estimate(&plan, Catalog::embedded()).unwrap().devices[0].overhead
    };
    let without: fn(&mut Plan) = |plan| plan.workload.flash_attention = false;
    let scores = Bytes(1 << 30);
    let (with, pooled) = (expected("h100-sxm", |_| {}), expected("h100-sxm", without));
    assert_eq!(pooled, with, "no log shows what CUDA's pool keeps of them");
    let (with, kept) = (expected("mi300x", |_| {}), expected("mi300x", without));
    assert!(kept.expected > with.expected + scores && kept.high > with.high + scores + scores, "blocks are kept");
    let vulkan: fn(&mut Plan) = |plan| plan.workload.backend = Some(Backend::Vulkan);
    let plain: fn(&mut Plan) = |plan| {
        plan.workload.backend = Some(Backend::Vulkan);
        plan.workload.flash_attention = false;
    };
    assert_eq!(expected("rtx-4090", plain), expected("rtx-4090", vulkan), "Vulkan has no such pool");
}

#[test]
fn an_unknown_chip_may_be_any() {
    let law = Catalog::embedded().overhead(Backend::Cuda);
    let unknown = law.on_chip(None);
    for id in ["gtx-1650", "rtx-3090", "rtx-pro-6000-blackwell"] {
        let known = law.on_chip(card(id).resident_threads());
        assert!(unknown.low <= known.low && known.high <= unknown.high, "{id}");
    }
}

#[test]
fn a_build_of_its_time_ran_on_a_driver_of_its_time() {
    let offered = |id: &str, month: Option<u8>| {
        let mut plan = Plan::default();
        plan.machine.screen = false;
        plan.machine.cards = vec![CardCount::of(CardChoice::Catalog(id.to_owned()), 1)];
        plan.workload.runtime_version = month.map(|month| RuntimeVersion::Month { year: 2024, month });
        estimate(&plan, Catalog::embedded()).unwrap().devices[0].usable
    };
    assert_eq!(offered("rtx-3090", Some(5)), offered("rtx-3090", None) + Bytes(130 * MIB));
    assert_eq!(offered("rtx-3090", Some(6)), offered("rtx-3090", None));
    assert_eq!(offered("a100-sxm4-80gb", Some(5)), offered("a100-sxm4-80gb", None));
}
