//! llama.cpp's `llama-server`.
//!
//! Options: tools/server/README.md of llama.cpp.

use super::given::Given;
use super::line::{CommandLines, LaunchLine};
use super::words::{counted, layers, told, valued};
use crate::catalog::quantization::KvPrecision;
use crate::plan::{Plan, RuntimeVersion, SplitMode};
use crate::text::{Key, Phrase, Placeholder};

/// From here on llama.cpp's `--flash-attn` takes `on` or `off`.
const FLASH_TAKES_A_WORD: [RuntimeVersion; 2] =
    [RuntimeVersion::Build(6325), RuntimeVersion::Month { year: 2025, month: 9 }];
/// From here on it has `--n-cpu-moe` (pull request 15077).
const COUNTS_EXPERTS: [RuntimeVersion; 2] =
    [RuntimeVersion::Build(6089), RuntimeVersion::Month { year: 2025, month: 8 }];
/// llama.cpp's own values, which need not be said.
const UBATCH: u32 = 512;
const BATCH: u32 = 2048;
const PROMPT_CACHE_GIB: f64 = 8.0;

/// The command for a plan.
pub(super) fn lines(given: &Given<'_>) -> Vec<LaunchLine> {
    let (plan, estimate) = (given.plan, given.estimate);
    let workload = given.workload();
    let mut command = CommandLines::of(plan.machine.os);
    command.flag("llama-server", told(Key::ToldLlamaServer));
    let stored = workload.quantization.label();
    let file = Phrase::new(Key::ToldGguf).with(Placeholder::Name, given.name()).with(Placeholder::Value, stored);
    command.option("-m", given.gguf(), file);
    context(&mut command, plan);
    let on_gpu = if estimate.devices.is_empty() { 0 } else { estimate.gpu_layers() };
    command.option("-ngl", on_gpu, layers(given, on_gpu));
    if estimate.experts.own_split {
        let counts: Vec<String> = estimate.devices.iter().map(|device| device.gpu_layers.to_string()).collect();
        command.option("-ts", counts.join(","), told(Key::ToldSplit));
    }
    experts(&mut command, plan, estimate.experts.first);
    flash_attention(&mut command, plan);
    for (name, precision, why) in
        [("-ctk", workload.kv_cache.k, Key::ToldCacheK), ("-ctv", workload.kv_cache.v, Key::ToldCacheV)]
    {
        if precision != KvPrecision::f16 {
            command.option(name, precision.name(), valued(why, precision.label()));
        }
    }
    if workload.ubatch > BATCH {
        command.option("-b", workload.ubatch, told(Key::ToldBatch));
    }
    if workload.ubatch != UBATCH {
        command.option("-ub", workload.ubatch, counted(Key::ToldUbatch, workload.ubatch));
    }
    if workload.split_mode == SplitMode::Tensor && estimate.devices.len() > 1 {
        command.option("-sm", "tensor", told(Key::ToldSplitTensor));
    }
    if workload.swa_full {
        command.flag("--swa-full", told(Key::ToldSwaFull));
    }
    if workload.prompt_cache_gib != PROMPT_CACHE_GIB {
        let mib = (workload.prompt_cache_gib * 1024.0).round();
        command.option("--cache-ram", mib, valued(Key::ToldPromptCache, mib));
    }
    command.lines
}

fn context(command: &mut CommandLines, plan: &Plan) {
    let workload = &plan.workload;
    let slots = u64::from(workload.sequences);
    // Slots share the context that is asked for, each has its part unless they share one cache.
    let context = if workload.unified_kv { workload.context } else { workload.context.saturating_mul(slots) };
    let why = match (workload.unified_kv, slots) {
        (_, 1) => Key::ToldContext,
        (true, _) => Key::ToldContextPool,
        (false, _) => Key::ToldContextSlots,
    };
    let why = Phrase::new(why).with(Placeholder::Context, workload.context).with(Placeholder::Count, slots);
    command.option("-c", context, why);
    command.option("-np", slots, counted(Key::ToldSlots, slots));
    if workload.unified_kv {
        command.flag("--kv-unified", told(Key::ToldUnified));
    }
}

/// The experts that stay in RAM; builds from before there was a count for them are told by the names of the tensors.
fn experts(command: &mut CommandLines, plan: &Plan, first: u32) {
    if first == 0 {
        return;
    }
    if is_before(plan, &COUNTS_EXPERTS) {
        let layers: Vec<String> = (0..first).map(|layer| layer.to_string()).collect();
        let rule = format!(r"blk\.({})\.ffn_(up|down|gate)_exps=CPU", layers.join("|"));
        command.option("-ot", rule, counted(Key::ToldExpertsByName, first));
    } else {
        command.option("--n-cpu-moe", first, counted(Key::ToldExperts, first));
    }
}

fn flash_attention(command: &mut CommandLines, plan: &Plan) {
    let on = plan.workload.flash_attention;
    let why = told(if on { Key::ToldFlashOn } else { Key::ToldFlashOff });
    match (is_before(plan, &FLASH_TAKES_A_WORD), on) {
        (true, true) => command.flag("-fa", why),
        (true, false) => {}
        (false, on) => command.option("-fa", if on { "on" } else { "off" }, why),
    }
}

/// Whether the build of the plan is known to be older than the first that can do something.
fn is_before(plan: &Plan, first: &[RuntimeVersion]) -> bool {
    let old = |version: RuntimeVersion| first.iter().any(|first| version.is_before(*first) == Some(true));
    plan.workload.runtime_version.is_some_and(old)
}

#[cfg(test)]
mod tests {
    use crate::catalog::Catalog;
    use crate::catalog::quantization::KvPrecision;
    use crate::estimate::estimate;
    use crate::plan::{CpuExperts, GpuLayers, ModelChoice, Plan};
    use crate::share::launch::command;

    fn of(change: impl FnOnce(&mut Plan)) -> String {
        let mut plan = Plan::default();
        change(&mut plan);
        let catalog = Catalog::embedded();
        command(&plan, &estimate(&plan, catalog).unwrap(), catalog).unwrap()
    }

    #[test]
    fn it_is_told_what_the_plan_says() {
        let plain = of(|_| {});
        assert_eq!(plain, "llama-server -m Llama-3.1-8B-Instruct-Q4_K_M.gguf -c 8192 -np 1 -ngl 33 -fa on");
        let other = of(|plan| {
            plan.workload.sequences = 4;
            plan.workload.gpu_layers = GpuLayers::Count(20);
            plan.workload.kv_cache.k = KvPrecision::q8_0;
            plan.workload.ubatch = 4096;
            plan.workload.prompt_cache_gib = 0.0;
        });
        assert!(other.ends_with("-c 32768 -np 4 -ngl 20 -fa on -ctk q8_0 -b 4096 -ub 4096 --cache-ram 0"));
    }

    #[test]
    fn experts_and_old_builds_are_told_as_they_take_it() {
        let of = |version: &str| {
            of(|plan| {
                plan.workload.model = ModelChoice::Catalog("qwen3-30b-a3b".to_owned());
                plan.workload.cpu_experts = CpuExperts::Count(3);
                plan.workload.runtime_version = version.parse().ok();
            })
        };
        assert!(of("b6500").contains("--n-cpu-moe 3 -fa on"));
        let between = of("2025-08");
        assert!(between.contains("--n-cpu-moe 3 -fa") && !between.contains("-fa on"), "{between}");
        let old = of("b5900");
        assert!(old.contains(r"-ot 'blk\.(0|1|2)\.ffn_(up|down|gate)_exps=CPU' -fa"), "{old}");
    }
}
