//! llama.cpp's `llama-server`.
//!
//! Options: tools/server/README.md of llama.cpp.

use super::elsewhere::{host, other_boxes, several_boxes};
use super::given::Given;
use super::line::{CommandLines, LaunchLine};
use super::words::{counted, layers, told, valued};
use crate::catalog::quantization::KvPrecision;
use crate::estimate::Estimate;
use crate::plan::{Drafter, FIRST_BOX, Plan, RuntimeVersion, SplitMode, VisionPlace};
use crate::text::{Key, Phrase, Placeholder, one_line, shares};

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
/// The port that `rpc-server` answers on by itself.
const RPC_PORT: u32 = 50052;

/// The command for a plan.
pub(super) fn lines(given: &Given<'_>) -> Vec<LaunchLine> {
    let (plan, estimate) = (given.plan, given.estimate);
    let workload = given.workload();
    let mut command = CommandLines::of(plan.machine.os);
    command.flag("llama-server", told(Key::ToldLlamaServer));
    let stored = workload.quantization.label();
    let file = Phrase::new(Key::ToldGguf).with(Placeholder::Name, given.name()).with(Placeholder::Value, stored);
    command.option("-m", given.gguf(), file);
    others(&mut command, plan, given);
    context(&mut command, plan);
    let on_gpu = if estimate.devices.is_empty() { 0 } else { estimate.gpu_layers() };
    command.option("-ngl", on_gpu, layers(given, on_gpu));
    if workload.shares_by_hand() && estimate.devices.len() > 1 {
        let given = |place: usize| workload.tensor_split.get(place).copied().unwrap_or(0.0);
        let parts: Vec<f64> = in_engine_order(estimate).map(given).collect();
        let parts = if several_boxes(estimate) { &parts } else { &workload.tensor_split };
        command.option("-ts", shares(parts), told(Key::ToldShares));
    } else if estimate.experts.own_split {
        let layers = |place: usize| estimate.devices.get(place).map_or(0, |device| device.gpu_layers).to_string();
        let counts: Vec<String> = in_engine_order(estimate).map(layers).collect();
        command.option("-ts", counts.join(","), told(Key::ToldSplit));
    }
    experts(&mut command, plan, estimate.experts.first);
    if !workload.override_tensors.is_empty() && !estimate.devices.is_empty() {
        command.option("-ot", &workload.override_tensors, told(Key::ToldOverrides));
    }
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
    if workload.split_mode == SplitMode::None && estimate.devices.len() > 1 {
        command.option("-sm", "none", told(Key::ToldSplitNone));
        if workload.main_gpu > 0 {
            command.option("-mg", workload.main_gpu, told(Key::ToldMainGpu));
        }
    }
    for adapter in 1..=workload.server.max_loras.unwrap_or(0) {
        command.option("--lora", format_args!("adapter-{adapter}.gguf"), told(Key::ToldAdapterFile));
    }
    speculation(&mut command, given);
    vision(&mut command, given);
    if workload.swa_full {
        command.flag("--swa-full", told(Key::ToldSwaFull));
    }
    if workload.prompt_cache_gib != PROMPT_CACHE_GIB {
        let mib = (workload.prompt_cache_gib * 1024.0).round();
        command.option("--cache-ram", mib, valued(Key::ToldPromptCache, mib));
    }
    command.lines
}

/// The computers whose cards are reached over a network.
fn others(command: &mut CommandLines, plan: &Plan, given: &Given<'_>) {
    let servers: Vec<String> = other_boxes(given.estimate).map(|place| format!("{}:{RPC_PORT}", host(place))).collect();
    if !servers.is_empty() && plan.workload.split_mode != SplitMode::None {
        command.option("--rpc", servers.join(","), told(Key::ToldRpc));
    }
}

/// What is to be started on the other computers first.
pub(super) fn rpc_servers(given: &Given<'_>) -> Vec<Vec<LaunchLine>> {
    if given.workload().split_mode == SplitMode::None {
        return Vec::new();
    }
    let server = |place: u32| {
        let mut command = CommandLines::of(given.plan.machine.os);
        command.flag("rpc-server", counted(Key::ToldRpcServer, place + 1));
        command.lines.push(LaunchLine::plain(format!("-H 0.0.0.0 -p {RPC_PORT} -c")));
        command.lines
    };
    other_boxes(given.estimate).map(server).collect()
}

/// Places of the devices in the order in which the engine takes them: those of other computers first.
fn in_engine_order(estimate: &Estimate) -> impl Iterator<Item = usize> {
    let mut places: Vec<usize> = (0..estimate.devices.len()).collect();
    places.sort_by_key(|place| {
        let at = estimate.devices.get(*place).map_or(FIRST_BOX, |device| device.in_box);
        (at == FIRST_BOX, at)
    });
    places.into_iter()
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

/// Who guesses tokens ahead.
fn speculation(command: &mut CommandLines, given: &Given<'_>) {
    let speculation = &given.workload().speculation;
    match &speculation.drafter {
        Drafter::None => return,
        Drafter::Mtp => command.option("--spec-type", "draft-mtp", told(Key::ToldMtp)),
        Drafter::Model(id) => {
            let name = given.catalog.model(id).map_or(id.as_str(), |model| &model.name);
            let stored = speculation.quantization.unwrap_or_else(|| given.workload().quantization);
            let why = Phrase::new(Key::ToldDraft).with(Placeholder::Name, one_line(name));
            command.option("-md", given.gguf_of(id, stored), why);
            // Some types of drafters must be told apart; this is the plain one.
            command.option("--spec-type", "draft-simple", told(Key::ToldDraftSimple));
        }
    }
    if let Some(tokens) = speculation.tokens {
        command.option("--spec-draft-n-max", tokens, counted(Key::ToldDraftTokens, tokens));
    }
}

/// The part that sees, which is a file of its own.
fn vision(command: &mut CommandLines, given: &Given<'_>) {
    let Some(place) = given.workload().vision.filter(|place| *place != VisionPlace::Off) else { return };
    command.option("--mmproj", given.projector(), told(Key::ToldProjector));
    if place == VisionPlace::Cpu {
        command.flag("--no-mmproj-offload", told(Key::ToldProjectorCpu));
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
    plan.workload.runtime_version.is_some_and(|version| version.is_older_than(first))
}

#[cfg(test)]
mod tests {
    use crate::catalog::Catalog;
    use crate::catalog::quantization::{KvPrecision, Quantization};
    use crate::estimate::estimate;
    use crate::plan::{CpuExperts, Drafter, GpuLayers, ModelChoice, Plan, SplitMode, VisionPlace, Workload};
    use crate::share::launch::command;
    use crate::share::launch::read::read_command;

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

    /// The command of a plan on two cards, and the workload that it is of beside the one that is read from it.
    fn told_and_read(model: &str, change: impl FnOnce(&mut Plan)) -> (String, Workload, Workload) {
        let catalog = Catalog::embedded();
        let mut plan = Plan::default();
        plan.workload.model = ModelChoice::Catalog(model.to_owned());
        plan.machine.cards[0].count = 2;
        change(&mut plan);
        let words = command(&plan, &estimate(&plan, catalog).unwrap(), catalog).unwrap();
        let read = read_command(&words, catalog).unwrap();
        assert!(read.unread.is_empty(), "{words}: {:?}", read.unread);
        (words, plan.workload, read.plan.workload)
    }

    #[test]
    fn guesses_eyes_and_shares_are_told_and_read_back() {
        let told = |change: fn(&mut Plan)| {
            let (words, asked, got) = told_and_read("qwen3.5-27b", change);
            assert_eq!(got.speculation, asked.speculation, "{words}");
            assert_eq!((got.vision, got.tensor_split), (asked.vision, asked.tensor_split), "{words}");
            words
        };
        let own = told(|plan| {
            plan.workload.speculation.drafter = Drafter::Mtp;
            plan.workload.speculation.tokens = Some(2);
            plan.workload.vision = Some(VisionPlace::Cpu);
            plan.workload.tensor_split = vec![3.0, 1.0];
        });
        assert!(own.contains("-ts 3,1 "), "{own}");
        let end = "--spec-type draft-mtp --spec-draft-n-max 2 --mmproj mmproj-Qwen3.5-27B-F16.gguf --no-mmproj-offload";
        assert!(own.ends_with(end), "{own}");
        let draft = told(|plan| {
            plan.workload.model = ModelChoice::Catalog("qwen3-32b".to_owned());
            plan.workload.speculation.drafter = Drafter::Model("qwen3-0.6b".to_owned());
            plan.workload.speculation.quantization = Some(Quantization::Q8_0);
        });
        assert!(draft.ends_with("-md Qwen3-0.6B-Q8_0.gguf --spec-type draft-simple"), "{draft}");
    }

    #[test]
    fn places_of_tensors_and_the_card_that_has_all_are_told_and_read_back() {
        let told = |change: fn(&mut Plan)| {
            let (words, asked, got) = told_and_read("qwen3-30b-a3b", change);
            assert_eq!(got.override_tensors, asked.override_tensors, "{words}");
            assert_eq!((got.split_mode, got.main_gpu), (asked.split_mode, asked.main_gpu), "{words}");
            words
        };
        let ruled = told(|plan| {
            plan.workload.override_tensors = r"blk\.[0-9]\.ffn_.*_exps=CPU,output=CUDA1".parse().unwrap();
        });
        assert!(ruled.contains(" -ot "), "{ruled}");
        let alone = told(|plan| (plan.workload.split_mode, plan.workload.main_gpu) = (SplitMode::None, 1));
        assert!(alone.ends_with("-sm none -mg 1"), "{alone}");
        let several = "llama-server -m Qwen3-30B-A3B-Q4_K_M.gguf -ot attn=CUDA0 -ot exps=CPU --no-host";
        let read = read_command(several, Catalog::embedded()).unwrap();
        assert_eq!(read.plan.workload.override_tensors.to_string(), "attn=CUDA0,exps=CPU");
        assert!(read.unread.is_empty(), "{:?}", read.unread);
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
