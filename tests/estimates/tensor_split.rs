//! Layers cut across cards by llama.cpp (`--split-mode tensor`): what the engine documents holds.

use crate::support::plans::{ask, cards, kv, plan, refusal};
use rigplan::estimate::{Refusal, Warning};
use rigplan::plan::{Backend, GpuLayers, Plan, SplitMode};

fn tensor(model: &str, card: &str, count: u32) -> Plan {
    let mut plan = plan(model, "Q4_K_M", card);
    plan.machine.cards = vec![cards(card, count)];
    plan.workload.split_mode = SplitMode::Tensor;
    plan
}

#[test]
fn weights_and_cache_are_cut_and_nothing_is_lost() {
    for (model, devices) in [("llama-3.1-70b", 2), ("llama-3.1-70b", 3), ("qwen3-30b-a3b", 4), ("gemma-3-27b", 2)] {
        let cut = tensor(model, "rtx-3090", devices);
        let mut whole = cut.clone();
        whole.machine.cards = vec![cards("b200", 1)];
        let (cut, whole) = (ask(&cut), ask(&whole));
        assert_eq!(cut.devices.len(), devices as usize);
        let (all, one) = (cut.parts_in_vram(), whole.parts_in_vram());
        assert_eq!((all.weights, all.kv_cache), (one.weights, one.kv_cache), "{model} on {devices}");
        assert_eq!(cut.gpu_layers(), cut.layers, "{model} on {devices}");
        assert_eq!(cut.host.parts.weights, whole.host.parts.weights);
        for device in &cut.devices {
            let share = device.parts.weights.expect("weights").0 as f64 * f64::from(devices);
            assert!((share / one.weights.expect("weights").0 as f64 - 1.0).abs() < 1e-6, "evenly");
        }
        assert!(cut.warnings.contains(&Warning::ExperimentalSplit));
    }
    // Eight heads over three cards: three, three and two.
    let caches: Vec<u64> = ask(&tensor("llama-3.1-70b", "rtx-3090", 3))
        .devices
        .iter()
        .map(|device| device.parts.kv_cache.expect("a cache").0)
        .collect();
    assert_eq!((caches[0], caches[0] * 2), (caches[1], caches[2] * 3));
}

#[test]
fn all_cards_read_at_once() {
    let mut plan = tensor("llama-3.1-70b", "rtx-3090", 4);
    plan.workload.context = 4096;
    let cut = ask(&plan).speed.decode.expect("a speed").expected;
    plan.workload.split_mode = SplitMode::Layer;
    let layers = ask(&plan).speed.decode.expect("a speed").expected;
    assert!(cut > 1.3 * layers && cut < 4.0 * layers, "{cut} tok/s against {layers}");
}

#[test]
fn one_card_has_nothing_to_cut() {
    let mut plan = tensor("llama-3.1-8b", "rtx-3090", 1);
    let cut = ask(&plan);
    plan.workload.split_mode = SplitMode::Layer;
    let layers = ask(&plan);
    assert_eq!((cut.devices, cut.host, cut.warnings), (layers.devices, layers.host, layers.warnings));
}

#[test]
fn fewer_layers_leave_the_rest_in_ram() {
    let mut plan = tensor("llama-3.1-70b", "rtx-3090", 2);
    plan.workload.gpu_layers = GpuLayers::Count(40);
    let found = ask(&plan);
    assert_eq!(found.gpu_layers(), 40);
    assert!(found.host.parts.weights.expect("weights").gib() > 15.0);
    // As many as fit: one more would not.
    let mut plan = tensor("llama-3.1-70b", "rtx-4060-ti-16gb", 2);
    plan.workload.gpu_layers = GpuLayers::Auto;
    let fitting = ask(&plan).gpu_layers();
    assert!(fitting > 0 && fitting < 81, "{fitting}");
    plan.workload.gpu_layers = GpuLayers::Count(fitting + 1);
    assert!(ask(&plan).devices.iter().any(|device| device.excess.expect("known").0 > 0));
}

#[test]
fn what_the_engine_refuses_is_refused() {
    let with = |model: &str, change: fn(&mut Plan)| {
        let mut plan = tensor(model, "rtx-3090", 2);
        change(&mut plan);
        refusal(&plan)
    };
    assert_eq!(with("llama-3.1-8b", |plan| plan.workload.flash_attention = false), Refusal::TensorFlash);
    assert_eq!(with("llama-3.1-8b", |plan| plan.workload.kv_cache = kv("q8_0")), Refusal::TensorCache);
    assert_eq!(with("deepseek-v3", |_| {}), Refusal::TensorArchitecture);
    assert_eq!(with("llama-3.1-8b", |plan| plan.workload.backend = Some(Backend::Vulkan)), Refusal::TensorBackend);
}

#[test]
fn cards_of_several_makers_need_a_backend_for_each() {
    let mut mixed = plan("llama-3.1-8b", "Q4_K_M", "rtx-3090");
    assert!(!ask(&mixed).warnings.contains(&Warning::SeveralBackends));
    mixed.machine.cards = vec![cards("rtx-3090", 1), cards("rx-7900-xtx", 1)];
    assert!(ask(&mixed).warnings.contains(&Warning::SeveralBackends));
    mixed.workload.backend = Some(Backend::Vulkan);
    assert!(!ask(&mixed).warnings.contains(&Warning::SeveralBackends), "one that runs them all");
}
