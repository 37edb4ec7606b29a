//! The command that starts what a plan plans, for the engines whose options are documented:
//! `llama-server` (tools/server/README.md of llama.cpp), `vllm serve` (docs.vllm.ai, CLI reference) and `SGLang`'s
//! `launch_server` (its server arguments). `tests/fixtures/options` lists what each of them takes.

pub mod read;

use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::catalog::quantization::{KvPrecision, Quantization, QuantizationKind};
use crate::estimate::Estimate;
use crate::plan::{ModelChoice, OperatingSystem, Plan, Runtime, RuntimeVersion, SplitMode};
use crate::text::one_line;

/// From here on llama.cpp's `--flash-attn` takes `on` or `off`.
const FLASH_TAKES_A_WORD: [RuntimeVersion; 2] =
    [RuntimeVersion::Build(6325), RuntimeVersion::Month { year: 2025, month: 9 }];
/// llama.cpp's own values, which need not be said.
const UBATCH: u32 = 512;
const BATCH: u32 = 2048;
const PROMPT_CACHE_GIB: f64 = 8.0;

/// Whether a command is known for the engine of this plan.
pub fn is_known(plan: &Plan) -> bool {
    let workload = &plan.workload;
    !workload.task.trains() && matches!(workload.runtime, Runtime::LlamaCpp | Runtime::Vllm | Runtime::Sglang)
}

/// The command on one line, quoted for the shell of the plan's system; `None` where none is known.
pub fn command(plan: &Plan, estimate: &Estimate, catalog: &Catalog) -> Option<String> {
    if !is_known(plan) {
        return None;
    }
    let words = match plan.workload.runtime {
        Runtime::Vllm => vllm(plan, estimate, catalog),
        Runtime::Sglang => sglang(plan, estimate, catalog),
        _ => llama_server(plan, estimate, catalog),
    };
    let quote = if plan.machine.os == OperatingSystem::Windows { powershell } else { posix };
    Some(words.iter().map(|word| quote(&one_line(word))).collect::<Vec<_>>().join(" "))
}

/// The words of a command.
#[derive(Debug, Default)]
struct CommandLine(Vec<String>);

impl CommandLine {
    fn of(words: &[&str]) -> Self {
        Self(words.iter().map(|&word| word.to_owned()).collect())
    }

    fn flag(&mut self, name: &str) {
        self.0.push(name.to_owned());
    }

    fn option(&mut self, name: &str, value: impl std::fmt::Display) {
        self.0.extend([name.to_owned(), format!("{value}")]);
    }
}

fn llama_server(plan: &Plan, estimate: &Estimate, catalog: &Catalog) -> Vec<String> {
    let workload = &plan.workload;
    let mut words = CommandLine::of(&["llama-server"]);
    words.option("-m", gguf(plan, catalog));
    let slots = u64::from(workload.sequences);
    // Slots share the context that is asked for, each has its part unless they share one cache.
    let context = if workload.unified_kv { workload.context } else { workload.context.saturating_mul(slots) };
    words.option("-c", context);
    words.option("-np", slots);
    if workload.unified_kv {
        words.flag("--kv-unified");
    }
    let on_gpu = if estimate.devices.is_empty() { 0 } else { estimate.gpu_layers() };
    words.option("-ngl", on_gpu);
    if estimate.experts.own_split {
        let counts: Vec<String> = estimate.devices.iter().map(|device| device.gpu_layers.to_string()).collect();
        words.option("-ts", counts.join(","));
    }
    if estimate.experts.first > 0 {
        words.option("--n-cpu-moe", estimate.experts.first);
    }
    flash_attention(&mut words, plan);
    for (name, precision) in [("-ctk", workload.kv_cache.k), ("-ctv", workload.kv_cache.v)] {
        if precision != KvPrecision::f16 {
            words.option(name, precision.name());
        }
    }
    if workload.ubatch > BATCH {
        words.option("-b", workload.ubatch);
    }
    if workload.ubatch != UBATCH {
        words.option("-ub", workload.ubatch);
    }
    if workload.split_mode == SplitMode::Tensor && estimate.devices.len() > 1 {
        words.option("-sm", "tensor");
    }
    if workload.swa_full {
        words.flag("--swa-full");
    }
    if workload.prompt_cache_gib != PROMPT_CACHE_GIB {
        words.option("--cache-ram", (workload.prompt_cache_gib * 1024.0).round());
    }
    words.0
}

fn flash_attention(words: &mut CommandLine, plan: &Plan) {
    let old = |version: RuntimeVersion| FLASH_TAKES_A_WORD.iter().any(|first| version.is_before(*first) == Some(true));
    match (plan.workload.runtime_version.is_some_and(old), plan.workload.flash_attention) {
        (true, true) => words.flag("-fa"),
        (true, false) => {}
        (false, on) => words.option("-fa", if on { "on" } else { "off" }),
    }
}

/// How a server engine calls what both are told.
struct ServerOptions {
    context: &'static str,
    fp8_cache: &'static str,
    utilization: &'static str,
    sequences: &'static str,
    batched_tokens: &'static str,
    eager: &'static str,
}

const VLLM: ServerOptions = ServerOptions {
    context: "--max-model-len",
    fp8_cache: "fp8",
    utilization: "--gpu-memory-utilization",
    sequences: "--max-num-seqs",
    batched_tokens: "--max-num-batched-tokens",
    eager: "--enforce-eager",
};
const SGLANG: ServerOptions = ServerOptions {
    context: "--context-length",
    fp8_cache: "fp8_e4m3",
    utilization: "--mem-fraction-static",
    sequences: "--max-running-requests",
    batched_tokens: "--chunked-prefill-size",
    eager: "--disable-cuda-graph",
};

fn vllm(plan: &Plan, estimate: &Estimate, catalog: &Catalog) -> Vec<String> {
    let mut words = CommandLine::of(&["vllm", "serve"]);
    words.0.push(checkpoint(plan, catalog));
    serve(&mut words, &VLLM, plan, estimate);
    words.0
}

fn sglang(plan: &Plan, estimate: &Estimate, catalog: &Catalog) -> Vec<String> {
    let mut words = CommandLine::of(&["python", "-m", "sglang.launch_server"]);
    words.option("--model-path", checkpoint(plan, catalog));
    serve(&mut words, &SGLANG, plan, estimate);
    words.0
}

fn serve(words: &mut CommandLine, options: &ServerOptions, plan: &Plan, estimate: &Estimate) {
    let workload = &plan.workload;
    words.option(options.context, workload.context);
    stored_as(words, workload.quantization);
    if workload.kv_cache.k == KvPrecision::fp8 {
        words.option("--kv-cache-dtype", options.fp8_cache);
    }
    parallel(words, plan, estimate);
    let server = &workload.server;
    if let Some(share) = server.gpu_memory_utilization {
        words.option(options.utilization, share);
    }
    if let Some(sequences) = server.max_num_seqs {
        words.option(options.sequences, sequences);
    }
    if let Some(tokens) = server.max_batched_tokens {
        words.option(options.batched_tokens, tokens);
    }
    if server.enforce_eager {
        words.flag(options.eager);
    }
}

/// In which precision the weights are, where an engine is told; others are read off the checkpoint.
fn stored_as(words: &mut CommandLine, quantization: Quantization) {
    match quantization {
        Quantization::fp32 => words.option("--dtype", "float32"),
        Quantization::fp16 => words.option("--dtype", "float16"),
        Quantization::bf16 => words.option("--dtype", "bfloat16"),
        Quantization::fp8 => words.option("--quantization", "fp8"),
        _ => {}
    }
}

/// How many cards share a layer.
fn parallel(words: &mut CommandLine, plan: &Plan, estimate: &Estimate) {
    let stages = plan.workload.training.pipeline_parallel.max(1) as usize;
    let ranks = plan.workload.tensor_parallel.map_or(estimate.devices.len() / stages, |ranks| ranks as usize);
    if ranks > 1 {
        words.option("--tensor-parallel-size", ranks);
    }
    if stages > 1 {
        words.option("--pipeline-parallel-size", stages);
    }
}

fn model<'a>(plan: &'a Plan, catalog: &'a Catalog) -> Option<&'a Model> {
    match &plan.workload.model {
        ModelChoice::Catalog(id) => catalog.model(id),
        ModelChoice::File { model, .. } => Some(model),
        ModelChoice::Size(_) => None,
    }
}

/// The file of the plan, else what such a file is usually called.
fn gguf(plan: &Plan, catalog: &Catalog) -> String {
    match &plan.workload.model {
        ModelChoice::File { path, .. } if path.extension().is_some_and(|it| it.eq_ignore_ascii_case("gguf")) => {
            path.to_string_lossy().into_owned()
        }
        _ => format!("{}-{}.gguf", short_name(plan, catalog), plan.workload.quantization),
    }
}

/// The repository of the model, a folder where its weights are not those of the repository.
fn checkpoint(plan: &Plan, catalog: &Catalog) -> String {
    let as_published = matches!(
        plan.workload.quantization,
        Quantization::fp32 | Quantization::fp16 | Quantization::bf16 | Quantization::fp8
    );
    if let ModelChoice::File { path, .. } = &plan.workload.model {
        let folder = if path.is_dir() { Some(path.as_path()) } else { path.parent() };
        return folder.unwrap_or(path).to_string_lossy().into_owned();
    }
    let known = model(plan, catalog);
    let published = known.and_then(|model| model.native_dtype?.stored(QuantizationKind::Server));
    let as_published = as_published || published == Some(plan.workload.quantization);
    match known.and_then(|model| model.hf_id.as_deref()).filter(|_| as_published) {
        Some(id) => id.to_owned(),
        None => format!("./{}-{}", short_name(plan, catalog), plan.workload.quantization),
    }
}

/// The model's name without blanks.
fn short_name(plan: &Plan, catalog: &Catalog) -> String {
    let known = model(plan, catalog);
    let repository = known.and_then(|model| model.hf_id.as_deref()).and_then(|id| id.rsplit('/').next());
    let name = repository.or_else(|| known.map(|model| model.name.as_str())).unwrap_or("model");
    name.split_whitespace().collect::<Vec<_>>().join("-")
}

/// Whether a shell takes a word as it stands.
fn is_plain(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_./:=,+@%".contains(letter))
}

fn posix(word: &str) -> String {
    if is_plain(word) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// `PowerShell` makes a list of what has a comma, and takes the typographic quotes for quotes as well.
fn powershell(word: &str) -> String {
    if is_plain(word) && !word.contains(['@', ',']) {
        return word.to_owned();
    }
    let is_quote = |letter| matches!(letter, '\'' | '\u{2018}'..='\u{201b}');
    let doubled = word.chars().flat_map(|letter| std::iter::repeat_n(letter, 1 + usize::from(is_quote(letter))));
    format!("'{}'", doubled.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::estimate;
    use crate::plan::{CpuExperts, GpuLayers};

    fn of(change: impl FnOnce(&mut Plan)) -> Option<String> {
        let mut plan = Plan::default();
        change(&mut plan);
        let catalog = Catalog::embedded();
        command(&plan, &estimate(&plan, catalog).unwrap(), catalog)
    }

    #[test]
    fn llama_server_is_told_what_the_plan_says() {
        let plain = of(|_| {}).unwrap();
        assert_eq!(plain, "llama-server -m Llama-3.1-8B-Instruct-Q4_K_M.gguf -c 8192 -np 1 -ngl 33 -fa on");
        let other = of(|plan| {
            plan.workload.sequences = 4;
            plan.workload.gpu_layers = GpuLayers::Count(20);
            plan.workload.kv_cache.k = KvPrecision::q8_0;
            plan.workload.ubatch = 4096;
            plan.workload.prompt_cache_gib = 0.0;
        });
        assert!(other.unwrap().ends_with("-c 32768 -np 4 -ngl 20 -fa on -ctk q8_0 -b 4096 -ub 4096 --cache-ram 0"));
    }

    #[test]
    fn experts_and_old_builds_are_told_as_they_take_it() {
        let words = of(|plan| {
            plan.workload.model = ModelChoice::Catalog("qwen3-30b-a3b".to_owned());
            plan.workload.cpu_experts = CpuExperts::Count(12);
            plan.workload.runtime_version = "2025-03".parse().ok();
        });
        let words = words.unwrap();
        assert!(words.contains("--n-cpu-moe 12 -fa") && !words.contains("-fa on"), "{words}");
    }

    #[test]
    fn vllm_is_told_what_the_plan_says() {
        let words = of(|plan| {
            plan.workload.choose_runtime(Runtime::Vllm);
            plan.workload.quantization = Quantization::bf16;
            plan.machine.cards[0].count = 2;
            plan.workload.server.gpu_memory_utilization = Some(0.85);
        });
        let wanted = "vllm serve meta-llama/Llama-3.1-8B-Instruct --max-model-len 8192 --dtype bfloat16 \
            --tensor-parallel-size 2 --gpu-memory-utilization 0.85";
        assert_eq!(words.as_deref(), Some(wanted));
        let staged = of(|plan| {
            plan.workload.choose_runtime(Runtime::Vllm);
            plan.workload.quantization = Quantization::bf16;
            plan.workload.training.pipeline_parallel = 2;
            plan.machine.cards[0].count = 4;
        });
        assert!(staged.unwrap().ends_with("--tensor-parallel-size 2 --pipeline-parallel-size 2"));
        assert_eq!(of(|plan| plan.workload.choose_runtime(Runtime::Tgi)), None, "no options are known");
    }

    #[test]
    fn sglang_is_told_what_the_plan_says() {
        let words = of(|plan| {
            plan.workload.choose_runtime(Runtime::Sglang);
            plan.workload.quantization = Quantization::fp8;
            plan.workload.tensor_parallel = Some(4);
            plan.machine.cards[0].count = 4;
            plan.workload.server.max_num_seqs = Some(32);
            plan.workload.server.enforce_eager = true;
        });
        let wanted = "python -m sglang.launch_server --model-path meta-llama/Llama-3.1-8B-Instruct \
            --context-length 8192 --quantization fp8 --tensor-parallel-size 4 --max-running-requests 32 \
            --disable-cuda-graph";
        assert_eq!(words.as_deref(), Some(wanted));
    }

    #[test]
    fn what_is_odd_is_quoted() {
        assert_eq!(posix("/a b/it's; rm -rf $HOME.gguf"), r"'/a b/it'\''s; rm -rf $HOME.gguf'");
        assert_eq!(powershell(r"C:\models\it's $x.gguf"), r"'C:\models\it''s $x.gguf'");
        assert_eq!(powershell("it\u{2019}s,x"), "'it\u{2019}\u{2019}s,x'");
        assert_eq!(posix("/models/a-1.5_b.gguf"), "/models/a-1.5_b.gguf");
        assert_eq!(posix(""), "''");
    }
}
