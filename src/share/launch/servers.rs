//! `vllm serve` and `SGLang`'s `launch_server`, which are told the same under other names.
//!
//! Options: docs.vllm.ai, CLI reference; docs.sglang.ai, server arguments.

use super::elsewhere::{host, other_boxes, several_boxes};
use super::given::Given;
use super::line::{CommandLines, LaunchLine};
use super::words::{checkpoint, counted, told, valued};
use crate::catalog::quantization::{KvPrecision, Quantization};
use crate::plan::{FIRST_BOX, VisionPlace};
use crate::text::Key;

/// How a server engine calls what both are told.
struct ServerOptions {
    context: &'static str,
    fp8_cache: &'static str,
    utilization: &'static str,
    sequences: &'static str,
    batched_tokens: &'static str,
    eager: &'static str,
    adapters: &'static str,
    copies: &'static str,
}

const VLLM: ServerOptions = ServerOptions {
    context: "--max-model-len",
    fp8_cache: "fp8",
    utilization: "--gpu-memory-utilization",
    sequences: "--max-num-seqs",
    batched_tokens: "--max-num-batched-tokens",
    eager: "--enforce-eager",
    adapters: "--max-loras",
    copies: "--data-parallel-size",
};
const SGLANG: ServerOptions = ServerOptions {
    context: "--context-length",
    fp8_cache: "fp8_e4m3",
    utilization: "--mem-fraction-static",
    sequences: "--max-running-requests",
    batched_tokens: "--chunked-prefill-size",
    eager: "--disable-cuda-graph",
    adapters: "--max-loras-per-batch",
    copies: "--data-parallel-size",
};

/// A port that the first computer is reached on.
const NODE_PORT: u32 = 20_000;

/// The command of vLLM.
pub(super) fn vllm(given: &Given<'_>) -> Vec<LaunchLine> {
    let mut command = CommandLines::of(given.plan.machine.os);
    command.words(&["vllm", "serve"], told(Key::ToldVllm));
    let weights = given.checkpoint();
    command.flag(weights.path(), checkpoint(given, &weights));
    serve(&mut command, &VLLM, given);
    let workload = given.workload();
    let ahead = workload.speculation.ahead(workload.runtime);
    if ahead > 0 {
        let config = format!(r#"{{"method":"mtp","num_speculative_tokens":{ahead}}}"#);
        command.option("--speculative-config", config, told(Key::ToldMtp));
    }
    if workload.vision == Some(VisionPlace::Off) {
        command.option("--limit-mm-per-prompt", r#"{"image":0,"video":0}"#, told(Key::ToldTextOnly));
    }
    if several_boxes(given.estimate) {
        command.option("--distributed-executor-backend", "ray", told(Key::ToldRay));
    }
    command.lines
}

/// The command of `SGLang`.
pub(super) fn sglang(given: &Given<'_>) -> Vec<LaunchLine> {
    let mut command = CommandLines::of(given.plan.machine.os);
    command.words(&["python", "-m", "sglang.launch_server"], told(Key::ToldSglang));
    let weights = given.checkpoint();
    command.option("--model-path", weights.path(), checkpoint(given, &weights));
    serve(&mut command, &SGLANG, given);
    if several_boxes(given.estimate) {
        let boxes = other_boxes(given.estimate).count() + 1;
        command.option("--nnodes", boxes, counted(Key::ToldNodes, boxes));
        command.option("--node-rank", FIRST_BOX, told(Key::ToldNodeRank));
        let address = format!("{}:{NODE_PORT}", host(FIRST_BOX));
        command.option("--dist-init-addr", address, told(Key::ToldNodeAddress));
    }
    command.lines
}

fn serve(command: &mut CommandLines, options: &ServerOptions, given: &Given<'_>) {
    let workload = given.workload();
    command.option(options.context, workload.context, counted(Key::ToldLongest, workload.context));
    stored_as(command, workload.quantization);
    if workload.kv_cache.k == KvPrecision::fp8 {
        command.option("--kv-cache-dtype", options.fp8_cache, told(Key::ToldFp8Cache));
    }
    parallel(command, given);
    let server = &workload.server;
    if let Some(share) = server.gpu_memory_utilization {
        command.option(options.utilization, share, valued(Key::ToldShare, share));
    }
    if let Some(sequences) = server.max_num_seqs {
        command.option(options.sequences, sequences, counted(Key::ToldMostSequences, sequences));
    }
    if let Some(tokens) = server.max_batched_tokens {
        command.option(options.batched_tokens, tokens, counted(Key::ToldBatchTokens, tokens));
    }
    if server.enforce_eager {
        command.flag(options.eager, told(Key::ToldEager));
    }
    if let Some(slots) = server.max_loras {
        command.flag("--enable-lora", told(Key::ToldAdapters));
        command.option(options.adapters, slots, counted(Key::ToldAdapterSlots, slots));
    }
    if let Some(rank) = server.max_lora_rank.filter(|_| server.max_loras.is_some()) {
        command.option("--max-lora-rank", rank, counted(Key::ToldAdapterRank, rank));
    }
    if let Some(copies) = given.training().data_parallel.filter(|copies| *copies > 1) {
        command.option(options.copies, copies, counted(Key::ToldEngineCopies, copies));
    }
}

/// In which precision the weights are, where an engine is told; others are read off the checkpoint.
fn stored_as(command: &mut CommandLines, quantization: Quantization) {
    let mut dtype = |name| command.option("--dtype", name, valued(Key::ToldDtype, quantization.label()));
    match quantization {
        Quantization::fp32 => dtype("float32"),
        Quantization::fp16 => dtype("float16"),
        Quantization::bf16 => dtype("bfloat16"),
        Quantization::fp8 => command.option("--quantization", "fp8", told(Key::ToldFp8Weights)),
        _ => {}
    }
}

/// How many cards share a layer.
fn parallel(command: &mut CommandLines, given: &Given<'_>) {
    let stages = given.training().pipeline_parallel.max(1) as usize;
    let copies = given.training().data_parallel.unwrap_or(1).max(1) as usize;
    let cards = given.estimate.devices.len() / copies;
    let ranks = given.workload().tensor_parallel.map_or(cards / stages, |ranks| ranks as usize);
    if ranks > 1 {
        command.option("--tensor-parallel-size", ranks, counted(Key::ToldTensorParallel, ranks));
    }
    if stages > 1 {
        command.option("--pipeline-parallel-size", stages, counted(Key::ToldPipelineParallel, stages));
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::Catalog;
    use crate::catalog::quantization::Quantization;
    use crate::estimate::estimate;
    use crate::plan::{Plan, Runtime};
    use crate::share::launch::command;

    fn of(runtime: Runtime, change: impl FnOnce(&mut Plan)) -> Option<String> {
        let mut plan = Plan::default();
        plan.workload.choose_runtime(runtime);
        change(&mut plan);
        let catalog = Catalog::embedded();
        command(&plan, &estimate(&plan, catalog).unwrap(), catalog)
    }

    #[test]
    fn vllm_is_told_what_the_plan_says() {
        let words = of(Runtime::Vllm, |plan| {
            plan.workload.quantization = Quantization::bf16;
            plan.machine.cards[0].count = 2;
            plan.workload.server.gpu_memory_utilization = Some(0.85);
        });
        let wanted = "vllm serve meta-llama/Llama-3.1-8B-Instruct --max-model-len 8192 --dtype bfloat16 \
            --tensor-parallel-size 2 --gpu-memory-utilization 0.85";
        assert_eq!(words.as_deref(), Some(wanted));
        let staged = of(Runtime::Vllm, |plan| {
            plan.workload.quantization = Quantization::bf16;
            plan.workload.training.pipeline_parallel = 2;
            plan.machine.cards[0].count = 4;
        });
        assert!(staged.unwrap().ends_with("--tensor-parallel-size 2 --pipeline-parallel-size 2"));
        assert_eq!(of(Runtime::Tgi, |_| {}), None, "no options are known");
    }

    #[test]
    fn sglang_is_told_what_the_plan_says() {
        let words = of(Runtime::Sglang, |plan| {
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
}
