//! `auto` takes all layers where they fit, else the most that leave free what the engine's own fit does, also over unequal
//! cards, where fewer layers may need more room on one of them.

use rigplan::catalog::Catalog;
use rigplan::estimate::estimate;
use rigplan::plan::{CardChoice, CardCount, CpuExperts, GpuLayers, ModelChoice, Plan};
use rigplan::units::Bytes;

fn on_gpu(plan: &mut Plan, layers: GpuLayers) -> (u32, u32, bool) {
    plan.workload.gpu_layers = layers;
    let found = estimate(plan, Catalog::embedded()).expect("an estimate");
    let margin = Catalog::embedded().runtimes().llama_cpp.fit.margin();
    let left = if found.gpu_layers() == found.layers { Bytes::ZERO } else { margin };
    let fits = |excess: Bytes, free: Bytes| excess == Bytes::ZERO && free >= left;
    let fits =
        found.devices.iter().all(|device| device.excess.zip(device.free).is_none_or(|(over, free)| fits(over, free)));
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
                    .map(|(id, count)| CardCount::of(CardChoice::Catalog((*id).to_owned()), *count))
                    .collect();
                plan.workload.model = ModelChoice::Catalog(model.to_owned());
                plan.workload.context = context;
                // No experts instead.
                plan.workload.cpu_experts = CpuExperts::Count(0);
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
