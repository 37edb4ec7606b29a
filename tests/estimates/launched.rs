//! A plan, its command, and the plan that the command is read back into.

use proptest::prelude::*;
use proptest::sample::select;
use rigplan::catalog::Catalog;
use rigplan::catalog::quantization::{KvPrecision, Quantization};
use rigplan::estimate::estimate;
use rigplan::plan::{CpuExperts, GpuLayers, KvCache, ModelChoice, OperatingSystem, Plan, Runtime};
use rigplan::share::launch::read::{CommandReader, ReadCommand};
use rigplan::share::launch::{LaunchTool, launch};

use crate::support::any::{cases, plans};
use crate::support::plans::{cards, serving};

/// What a tool is given for a plan, and the plan that this is read as; `None` where the plan is none to run.
fn there_and_back(plan: &Plan, tool: LaunchTool) -> Option<(String, ReadCommand)> {
    let catalog = Catalog::embedded();
    let text = launch(tool, plan, &estimate(plan, catalog).ok()?, catalog)?.text();
    let read = CommandReader { catalog, machine: &plan.machine, file: &|_| None }.read(&text);
    Some((text.clone(), read.unwrap_or_else(|error| panic!("{text}: {error}"))))
}

/// The model of the catalog that both choices are, whatever id it goes by.
fn same_model(one: &ModelChoice, other: &ModelChoice) -> bool {
    let catalog = Catalog::embedded();
    match (one.known(catalog), other.known(catalog)) {
        (Some(one), Some(other)) => one.id == other.id || one.hf_id == other.hf_id,
        _ => false,
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn a_llama_server_command_is_the_plan_it_was_made_from(plan in plans()) {
        let mut plan = plan;
        plan.machine.os = OperatingSystem::Linux;
        prop_assume!(matches!(plan.workload.model, ModelChoice::Catalog(_)));
        let Some((text, read)) = there_and_back(&plan, LaunchTool::LlamaServer) else { return Ok(()) };
        let (was, is) = (&plan.workload, &read.plan.workload);
        prop_assert!(same_model(&was.model, &is.model), "{}", text);
        prop_assert_eq!(
            (was.quantization, was.context, was.sequences, was.unified_kv),
            (is.quantization, is.context, is.sequences, is.unified_kv),
            "{}", text
        );
        prop_assert_eq!(
            (was.kv_cache, was.flash_attention, was.ubatch, was.swa_full, was.prompt_cache_gib),
            (is.kv_cache, is.flash_attention, is.ubatch, is.swa_full, is.prompt_cache_gib),
            "{}", text
        );
        let found = estimate(&plan, Catalog::embedded()).expect("it has a command");
        let layers = match found.gpu_layers() {
            all if all >= found.layers && !found.devices.is_empty() => GpuLayers::All,
            count => GpuLayers::Count(count),
        };
        prop_assert_eq!(is.gpu_layers, layers, "{}", text);
        let experts = if found.experts.first > 0 { CpuExperts::Count(found.experts.first) } else { CpuExperts::Auto };
        prop_assert_eq!(is.cpu_experts, experts, "{}", text);
        prop_assert!(read.unread.iter().all(|option| option.starts_with("-ts ")), "{:?}", read.unread);
    }

    #[test]
    fn a_server_command_is_the_plan_it_was_made_from(
        tool in select(vec![LaunchTool::Vllm, LaunchTool::Sglang]),
        context in 1_u64..200_000,
        precision in select(vec![Quantization::bf16, Quantization::fp16, Quantization::fp8]),
        fp8_cache in any::<bool>(),
        ranks in select(vec![1_u32, 2, 4]),
        share in select(vec![None, Some(0.5), Some(0.85)]),
        sequences in select(vec![None, Some(16_u32)]),
        tokens in select(vec![None, Some(4096)]),
        eager in any::<bool>(),
    ) {
        let mut plan = serving("qwen3-8b");
        plan.machine.cards = vec![cards("h100-sxm5", ranks)];
        plan.workload.choose_runtime(if tool == LaunchTool::Vllm { Runtime::Vllm } else { Runtime::Sglang });
        plan.workload.context = context;
        plan.workload.quantization = precision;
        let cache = if fp8_cache { KvPrecision::fp8 } else { KvPrecision::f16 };
        plan.workload.kv_cache = KvCache { k: cache, v: cache };
        plan.workload.tensor_parallel = (ranks > 1).then_some(ranks);
        plan.workload.server.gpu_memory_utilization = share;
        plan.workload.server.max_num_seqs = sequences;
        plan.workload.server.max_batched_tokens = tokens;
        plan.workload.server.enforce_eager = eager;
        let Some((text, read)) = there_and_back(&plan, tool) else { return Ok(()) };
        prop_assert_eq!(&read.plan, &plan, "{}", text);
        prop_assert!(read.unread.is_empty(), "{:?}", read.unread);
    }

    #[test]
    fn a_modelfile_is_the_plan_it_was_made_from(
        context in 1_u64..200_000, slots in 1_u32..5, flash in any::<bool>(), layers in 1_u32..30, ubatch in 1_u32..1024,
    ) {
        let mut plan = serving("qwen3-8b");
        plan.workload.quantization = Quantization::Q5_K_M;
        plan.workload.context = context;
        plan.workload.sequences = slots;
        plan.workload.flash_attention = flash;
        plan.workload.gpu_layers = GpuLayers::Count(layers);
        plan.workload.ubatch = ubatch;
        let Some((text, read)) = there_and_back(&plan, LaunchTool::Ollama) else { return Ok(()) };
        prop_assert_eq!(&read.plan, &plan, "{}", text);
    }
}

#[test]
fn experts_of_old_builds_are_read_back() {
    let mut plan = serving("qwen3-30b-a3b");
    plan.workload.cpu_experts = CpuExperts::Count(5);
    plan.workload.runtime_version = "b5900".parse().ok();
    let (text, read) = there_and_back(&plan, LaunchTool::LlamaServer).expect("a command");
    assert!(text.contains("-ot "), "{text}");
    assert_eq!(read.plan.workload.cpu_experts, CpuExperts::Count(5), "{text}");
}
