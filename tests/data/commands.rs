//! Commands that people published, read back into plans; what is no command is refused in one line.

use proptest::prelude::*;
use rigplan::catalog::quantization::{KvPrecision, Quantization};
use rigplan::catalog::{Catalog, NameMatch};
use rigplan::plan::{CpuExperts, GpuLayers, Machine, ModelChoice, Runtime, Workload};
use rigplan::share::launch::read::{CommandReader, CommandTool, ReadCommand, is_command, read_command, run_a_model};
use rigplan::text::{Fault as _, Locale};

/// A command as it was published, and what it comes to.
struct Published {
    /// Repository, file, commit.
    source: &'static str,
    text: &'static str,
    tool: CommandTool,
    model: &'static str,
    quantization: Quantization,
    context: u64,
    unread: &'static [&'static str],
}

const PUBLISHED: &[Published] = &[
    Published {
        source: "QwenLM/Qwen3 README.md 4d9f43e9ffc5",
        text: "./llama-server -hf Qwen/Qwen3-8B-GGUF:Q8_0 --jinja --reasoning-format deepseek -ngl 99 -fa -sm row --temp 0.6 \
               --top-k 20 --top-p 0.95 --min-p 0 -c 40960 -n 32768 --no-context-shift --port 8080",
        tool: CommandTool::LlamaServer,
        model: "qwen3-8b",
        quantization: Quantization::Q8_0,
        context: 40_960,
        unread: &["-sm row"],
    },
    Published {
        source: "QwenLM/Qwen3 README.md 4d9f43e9ffc5",
        text: "./llama-cli -hf Qwen/Qwen3-8B-GGUF:Q8_0 --jinja --color -ngl 99 -fa -sm row --temp 0.6 --top-k 20 --top-p 0.95 \
               --min-p 0 -c 40960 -n 32768 --no-context-shift\n# CTRL+C to exit",
        tool: CommandTool::LlamaCli,
        model: "qwen3-8b",
        quantization: Quantization::Q8_0,
        context: 40_960,
        unread: &["-sm row"],
    },
    Published {
        source: "QwenLM/Qwen3 README.md 4d9f43e9ffc5",
        text: "ollama serve\n# You need to keep this service running whenever you are using ollama\nollama run qwen3:8b\n",
        tool: CommandTool::Ollama,
        model: "qwen3-8b",
        quantization: Quantization::Q4_K_M,
        context: 4096,
        unread: &[],
    },
    Published {
        source: "QwenLM/Qwen3 README.md 4d9f43e9ffc5",
        text: "python -m sglang.launch_server --model-path Qwen/Qwen3-30B-A3B-Thinking-2507 --port 30000 --context-length \
               262144 --reasoning-parser deepseek-r1",
        tool: CommandTool::Sglang,
        model: "qwen3-30b-a3b",
        quantization: Quantization::bf16,
        context: 262_144,
        unread: &[],
    },
    Published {
        source: "QwenLM/Qwen3 README.md 4d9f43e9ffc5",
        text: "vllm serve Qwen/Qwen3-8B --port 8000 --max-model-len 131072 --enable-reasoning --reasoning-parser qwen3",
        tool: CommandTool::Vllm,
        model: "qwen3-8b",
        quantization: Quantization::bf16,
        context: 131_072,
        unread: &[],
    },
    Published {
        source: "openai/gpt-oss README.md 0492bd3e0378",
        text: "uv pip install --pre vllm==0.10.1+gptoss \\\n    --extra-index-url https://wheels.vllm.ai/gpt-oss/ \\\n    \
               --index-strategy unsafe-best-match\n\nvllm serve openai/gpt-oss-20b",
        tool: CommandTool::Vllm,
        model: "gpt-oss-20b",
        quantization: Quantization::mxfp4,
        context: 131_072,
        unread: &[],
    },
    Published {
        source: "openai/gpt-oss README.md 0492bd3e0378",
        text: "# gpt-oss-120b\nollama pull gpt-oss:120b\nollama run gpt-oss:120b",
        tool: CommandTool::Ollama,
        model: "gpt-oss-120b",
        quantization: Quantization::MXFP4_MOE,
        context: 4096,
        unread: &[],
    },
    Published {
        source: "zai-org/GLM-4.5 README.md 08158da0b5cb",
        text: "vllm serve zai-org/GLM-4.5-Air \\\n    --tensor-parallel-size 8 \\\n    --tool-call-parser glm45 \\\n    \
               --reasoning-parser glm45 \\\n    --enable-auto-tool-choice \\\n    --served-model-name glm-4.5-air",
        tool: CommandTool::Vllm,
        model: "glm-4.5-air",
        quantization: Quantization::bf16,
        context: 131_072,
        unread: &[],
    },
    Published {
        source: "zai-org/GLM-4.5 README.md 08158da0b5cb",
        text: "python3 -m sglang.launch_server \\\n  --model-path zai-org/GLM-4.5-Air-FP8 \\\n  --tp-size 4 \\\n  \
               --tool-call-parser glm45  \\\n  --speculative-algorithm EAGLE \\\n  --speculative-num-steps 3  \\\n  \
               --mem-fraction-static 0.7 \\\n  --disable-shared-experts-fusion \\\n  --host 0.0.0.0 \\\n  --port 8000",
        tool: CommandTool::Sglang,
        model: "glm-4.5-air",
        quantization: Quantization::fp8,
        context: 131_072,
        unread: &["--speculative-algorithm EAGLE", "--speculative-num-steps 3", "--disable-shared-experts-fusion"],
    },
    Published {
        source: "high-u/local-llm-gen-benchmark-app README.md 11a84898c38e",
        text: "llama-server -hf unsloth/GLM-4.5-Air-GGUF:IQ4_XS --jinja --ctx-size 32768 --n-cpu-moe 42",
        tool: CommandTool::LlamaServer,
        model: "glm-4.5-air",
        quantization: Quantization::IQ4_XS,
        context: 32_768,
        unread: &[],
    },
    Published {
        source: "high-u/local-llm-gen-benchmark-app README.md 11a84898c38e",
        text: "llama-server -hf unsloth/gemma-3-12b-it-GGUF:Q6_K_XL --jinja --ctx-size 32768",
        tool: CommandTool::LlamaServer,
        model: "gemma-3-12b",
        quantization: Quantization::Q4_K_M,
        context: 32_768,
        unread: &[":Q6_K_XL"],
    },
    Published {
        source: "dfy37/lifesim scripts/run_user_model.sh",
        text: "MODEL_PATH=/remote-home/share/LLM_CKPT/huggingface_models/Qwen3-32B\n\nMAX_MODEL_LENGTH=16384\n\n\
               CUDA_VISIBLE_DEVICES=0,1,2,3 vllm serve ${MODEL_PATH} \\\n    --dtype auto \\\n    --tensor-parallel-size 4 \\\n    \
               --gpu-memory-utilization 0.9 \\\n    --max-model-len ${MAX_MODEL_LENGTH} \\\n    --api-key 123",
        tool: CommandTool::Vllm,
        model: "qwen3-32b",
        quantization: Quantization::bf16,
        context: 16_384,
        unread: &[],
    },
];

/// The texts alone.
pub(crate) fn published() -> impl Iterator<Item = &'static str> {
    PUBLISHED.iter().map(|command| command.text)
}

fn read(text: &str) -> ReadCommand {
    read_command(text, Catalog::embedded()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn workload(text: &str) -> Workload {
    read(text).plan.workload
}

#[test]
fn published_commands_become_plans() {
    for published in PUBLISHED {
        let command = read(published.text);
        let workload = &command.plan.workload;
        assert_eq!(workload.model, ModelChoice::Catalog(published.model.to_owned()), "{}", published.source);
        assert_eq!(
            (command.tool, workload.quantization, workload.context),
            (published.tool, published.quantization, published.context),
            "{}: {}",
            published.source,
            published.text
        );
        assert_eq!(command.unread, published.unread, "{}", published.text);
        assert_eq!(workload.runtime, published.tool.runtime());
        assert!(is_command(published.text));
    }
}

#[test]
fn options_reach_their_inputs() {
    let plan = read(PUBLISHED[7].text).plan;
    assert_eq!((plan.workload.tensor_parallel, plan.machine.cards[0].count), (Some(8), 8));
    assert_eq!(read(PUBLISHED[8].text).plan.workload.server.gpu_memory_utilization, Some(0.7));
    assert_eq!(workload(PUBLISHED[9].text).cpu_experts, CpuExperts::Count(42));
    assert_eq!(workload(PUBLISHED[0].text).gpu_layers, GpuLayers::All);
    let llama = workload(
        "llama-server -m /m/Qwen3-30B-A3B-Q6_K.gguf -c 65536 -np 4 -ngl 20 -ctk q8_0 -ctv q5_1 -ub 1024 -b 4096 -fa off \
         -cram 2048 --swa-full -sm tensor",
    );
    assert_eq!((llama.context, llama.sequences), (16_384, 4));
    assert_eq!((llama.gpu_layers, llama.ubatch, llama.flash_attention), (GpuLayers::Count(20), 1024, false));
    assert_eq!((llama.kv_cache.k, llama.kv_cache.v), (KvPrecision::q8_0, KvPrecision::q5_1));
    assert!(llama.swa_full && llama.prompt_cache_gib == 2.0 && llama.quantization == Quantization::Q6_K);
    let pooled = workload("llama-server -hf ggml-org/gpt-oss-20b-GGUF -c 0 -np 4 --kv-unified -ot 'exps=CPU' -cmoe");
    assert_eq!((pooled.context, pooled.unified_kv), (131_072, true));
    assert_eq!((pooled.cpu_experts, pooled.quantization), (CpuExperts::Count(24), Quantization::MXFP4_MOE));
    let vllm = workload(
        "docker run --gpus all -p 8000:8000 vllm/vllm-openai:latest --model Qwen/Qwen3-32B-AWQ --max_model_len=32k \
         --kv-cache-dtype fp8 --max-num-seqs 64 --max-num-batched-tokens 8192 --enforce-eager -tp 2 -pp 2",
    );
    assert_eq!((vllm.context, vllm.quantization), (32_000, Quantization::awq));
    assert_eq!((vllm.server.max_num_seqs, vllm.server.max_batched_tokens), (Some(64), Some(8192)));
    assert!(vllm.server.enforce_eager && vllm.training.pipeline_parallel == 2);
    assert_eq!(vllm.kv_cache.v, KvPrecision::fp8);
    let modelfile = read(
        "FROM hf.co/bartowski/Meta-Llama-3.1-8B-Instruct-GGUF:Q5_K_M\nPARAMETER num_ctx 16384\nPARAMETER num_gpu 20\nADAPTER ./a.gguf",
    );
    assert_eq!((modelfile.tool, modelfile.plan.workload.context), (CommandTool::Modelfile, 16_384));
    assert_eq!(modelfile.plan.workload.gpu_layers, GpuLayers::Count(20));
    assert_eq!(modelfile.unread, ["ADAPTER ./a.gguf"]);
    let told = workload("OLLAMA_CONTEXT_LENGTH=32768 OLLAMA_KV_CACHE_TYPE=q8_0 ollama run llama3.1:8b");
    assert_eq!((told.context, told.kv_cache.k), (32_768, KvPrecision::q8_0));
}

#[test]
fn a_fine_tune_is_planned_as_its_base_and_that_is_said() {
    let command = read("ollama run hf.co/mlabonne/Meta-Llama-3.1-8B-Instruct-abliterated-GGUF:Q4_K_M --nonsense 3");
    assert_eq!(command.by, Some(NameMatch::FineTune));
    for locale in Locale::ALL {
        let said = command.remark().say(locale);
        assert!(said.contains("--nonsense 3") && said.contains("abliterated") && !said.contains('{'), "{said}");
    }
}

#[test]
fn what_is_no_command_is_refused_in_one_line() {
    for text in [
        "",
        "hello, world",
        "ls -la; cat x | grep y",
        "vllm serve --max-model-len 4096",
        "llama-server -c 4096",
        "ollama run nobody-knows:8b",
        "vllm serve $MODEL",
        "llama-server -m Qwen3-8B.gguf -c 999999999999",
        "FROM ubuntu:24.04",
        &"llama-server ".repeat(10_000),
        "llama-server -m '",
    ] {
        let fault = read_command(text, Catalog::embedded()).expect_err(text);
        for locale in Locale::ALL {
            let said = fault.say(locale);
            assert!(said.lines().count() == 1 && said.chars().count() < 300, "{said}");
        }
    }
}

proptest! {
    /// Whatever is pasted, it becomes a plan that can be estimated or one line.
    #[test]
    fn any_text_is_read_or_refused(text in "(llama-server|vllm serve|ollama run|FROM|sglang.launch_server)? ?[-a-zA-Z0-9 '\"\\\\$={}:/\n#;|>_.]{0,80}") {
        match read_command(&text, Catalog::embedded()) {
            Ok(command) => prop_assert!(command.plan.check().is_ok()),
            Err(fault) => prop_assert_eq!(fault.say(Locale::En).lines().count(), 1),
        }
    }
}

#[test]
fn every_engine_that_is_read_is_one_of_the_plan() {
    for tool in CommandTool::ALL {
        assert!(matches!(tool.runtime(), Runtime::LlamaCpp | Runtime::Vllm | Runtime::Sglang), "{tool:?}");
    }
}

#[test]
fn what_ollama_starts_for_a_model_is_read_and_what_only_asks_for_one_is_not_it() {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let runner = words(
        "/usr/bin/ollama runner --model qwen3:8b --ctx-size 16384 --batch-size 512 --n-gpu-layers 37 --parallel 2",
    );
    assert!(
        run_a_model(&runner) && !run_a_model(&words("ollama run qwen3:8b")) && !run_a_model(&words("ollama serve"))
    );
    let set = [("OLLAMA_KV_CACHE_TYPE".to_owned(), "q8_0".to_owned())];
    let reader = CommandReader { catalog: Catalog::embedded(), machine: &Machine::default(), file: &|_| None };
    let read = reader.read_words(&runner, &set).expect("read");
    let workload = &read.plan.workload;
    assert_eq!((workload.context, workload.sequences), (8192, 2), "the size is that of all slots together");
    assert_eq!((workload.gpu_layers, workload.kv_cache.k), (GpuLayers::All, KvPrecision::q8_0));
    assert_eq!(read.unread, Vec::<String>::new());
}
