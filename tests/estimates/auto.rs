//! `auto` takes the most layers that fit, also over unequal cards, where fewer layers may need more room on one of them.

use rigplan::catalog::Catalog;
use rigplan::estimate::estimate;
use rigplan::plan::{CardChoice, CardCount, GpuLayers, ModelChoice, Plan};

fn on_gpu(plan: &mut Plan, layers: GpuLayers) -> (u32, u32, bool) {
    plan.workload.gpu_layers = layers;
    let found = estimate(plan, Catalog::embedded()).expect("an estimate");
    let fits = found.devices.iter().all(|device| device.excess.is_none_or(|excess| excess.0 == 0));
    (found.gpu_layers(), found.layers, fits)
}

#[test]
fn auto_is_the_most_that_fits() {
    let machines: [&[(&str, u32)]; 6] = [
        &[("rtx-4090", 1)],
        &[("rtx-3090", 2)],
        &[("rtx-4090", 1), ("rtx-3060-12gb", 1)],
        &[("rtx-3060-12gb", 1), ("rtx-4090", 1)],
        &[("rtx-3090", 1), ("rtx-4060-ti-16gb", 2)],
        &[("rtx-3060-12gb", 3), ("rtx-4090", 1)],
    ];
    let mut short = Vec::new();
    let mut asked = 0;
    for cards in machines {
        for model in ["llama-3.1-70b", "qwen3-32b", "gemma-3-27b", "gpt-oss-120b"] {
            for context in [2048, 6144, 16_384, 40_960, 131_072] {
                let mut plan = Plan::default();
                plan.machine.cards = cards
                    .iter()
                    .map(|(id, count)| CardCount {
                        card: CardChoice::Catalog((*id).to_owned()),
                        count: *count,
                        memory_gib: None,
                    })
                    .collect();
                plan.workload.model = ModelChoice::Catalog(model.to_owned());
                plan.workload.context = context;
                let (auto, layers, _) = on_gpu(&mut plan, GpuLayers::Auto);
                let most = (0..=layers).rev().find(|count| on_gpu(&mut plan, GpuLayers::Count(*count)).2).unwrap_or(0);
                asked += 1;
                if auto != most {
                    short.push(format!("{cards:?} {model} {context}: {auto} of {most}"));
                }
            }
        }
    }
    assert!(short.is_empty(), "{} of {asked}:\n{}", short.len(), short.join("\n"));
}
