//! The options of each tool that a plan has an input for, those that change nothing it plans, and whether a value follows.
//! All of them are in `tests/fixtures/options`, or in older versions of the tools that people still write down.

use super::program::CommandTool;

/// What an option asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    Model,
    /// The file within a repository.
    ModelFile,
    Context,
    /// Of all slots together.
    ContextOfAll,
    Slots,
    UnifiedKv,
    SeparateKv,
    GpuLayers,
    ExpertsInRam,
    AllExpertsInRam,
    TensorsTo,
    Shares,
    DraftModel,
    DraftTokens,
    Speculation,
    Guesses,
    Projector,
    ProjectorInRam,
    NoProjector,
    FlashAttention,
    CacheK,
    CacheV,
    Cache,
    Batch,
    Ubatch,
    SplitMode,
    MainGpu,
    /// The other computers, by their addresses.
    RpcServers,
    /// How many computers.
    Computers,
    SwaFull,
    PromptCache,
    TensorParallel,
    PipelineParallel,
    DataParallel,
    Adapters,
    /// Files of adapters, one or several.
    AdapterFile,
    AdapterSlots,
    AdapterRank,
    MemoryShare,
    MostSequences,
    BatchTokens,
    Eager,
    Dtype,
    Quantization,
    /// Nothing that is planned: where a server listens, how words are drawn, what is written to a log.
    Beside,
}

/// Whether a value follows an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    Nothing,
    Value,
    /// One of these words, or nothing.
    OneOf(&'static [&'static str]),
}

/// An option that is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownOption {
    names: &'static str,
    pub(super) setting: Setting,
    pub(super) takes: Takes,
}

const fn value(names: &'static str, setting: Setting) -> KnownOption {
    KnownOption { names, setting, takes: Takes::Value }
}

const fn flag(names: &'static str, setting: Setting) -> KnownOption {
    KnownOption { names, setting, takes: Takes::Nothing }
}

const LLAMA: &[KnownOption] = &[
    value("-m --model -hf -hfr --hf-repo -mu --model-url", Setting::Model),
    value("-hff --hf-file", Setting::ModelFile),
    value("-c --ctx-size", Setting::Context),
    value("-np --parallel", Setting::Slots),
    flag("-kvu --kv-unified", Setting::UnifiedKv),
    flag("-no-kvu --no-kv-unified", Setting::SeparateKv),
    value("-ngl --gpu-layers --n-gpu-layers", Setting::GpuLayers),
    value("-ncmoe --n-cpu-moe", Setting::ExpertsInRam),
    flag("-cmoe --cpu-moe", Setting::AllExpertsInRam),
    value("-ot --override-tensor", Setting::TensorsTo),
    value("-ts --tensor-split", Setting::Shares),
    value("-md --model-draft --spec-draft-model", Setting::DraftModel),
    value("--spec-draft-n-max --draft --draft-n --draft-max", Setting::DraftTokens),
    value("--spec-type", Setting::Speculation),
    value("-mm --mmproj -mmu --mmproj-url", Setting::Projector),
    flag("--no-mmproj-offload", Setting::ProjectorInRam),
    flag("--no-mmproj --no-mmproj-auto", Setting::NoProjector),
    KnownOption {
        names: "-fa --flash-attn",
        setting: Setting::FlashAttention,
        takes: Takes::OneOf(&["on", "off", "auto", "1", "0", "true", "false", "enabled", "disabled"]),
    },
    value("-ctk --cache-type-k", Setting::CacheK),
    value("-ctv --cache-type-v", Setting::CacheV),
    value("-b --batch-size", Setting::Batch),
    value("-ub --ubatch-size", Setting::Ubatch),
    value("-sm --split-mode", Setting::SplitMode),
    value("-mg --main-gpu", Setting::MainGpu),
    value("--rpc", Setting::RpcServers),
    flag("--swa-full", Setting::SwaFull),
    value("--lora --lora-scaled", Setting::AdapterFile),
    value("-cram --cache-ram", Setting::PromptCache),
    value(
        "-a --alias --host --port --api-key --temp --temperature --top-k --top-p --min-p --seed -s -n --predict --n-predict \
         --repeat-penalty --presence-penalty --frequency-penalty --repeat-last-n -p --prompt -f --file -sys --system-prompt \
         --chat-template --chat-template-file --chat-template-kwargs --reasoning-format --reasoning-budget -t --threads -tb \
         --threads-batch --timeout -to --verbosity -lv --log-verbosity --log-file --samplers --cache-reuse --path",
        Setting::Beside,
    ),
    flag(
        "--jinja --no-jinja --color -co --no-webui --webui --metrics --slots --no-slots -v --verbose -cnv --conversation \
         -no-cnv --no-conversation -i --interactive --no-context-shift --context-shift --no-warmup --warmup -cb \
         --cont-batching --log-disable --simple-io -st --single-turn --props --ignore-eos -e --escape \
         --no-host",
        Setting::Beside,
    ),
];

const VLLM: &[KnownOption] = &[
    value("--model", Setting::Model),
    value("--max-model-len", Setting::Context),
    value("--dtype", Setting::Dtype),
    value("--quantization -q", Setting::Quantization),
    value("--kv-cache-dtype", Setting::Cache),
    value("--tensor-parallel-size -tp", Setting::TensorParallel),
    value("--pipeline-parallel-size -pp", Setting::PipelineParallel),
    value("--data-parallel-size -dp", Setting::DataParallel),
    flag("--enable-lora", Setting::Adapters),
    value("--max-loras", Setting::AdapterSlots),
    value("--max-lora-rank", Setting::AdapterRank),
    value("--gpu-memory-utilization", Setting::MemoryShare),
    value("--max-num-seqs", Setting::MostSequences),
    value("--max-num-batched-tokens", Setting::BatchTokens),
    flag("--enforce-eager", Setting::Eager),
    value("--speculative-config", Setting::Guesses),
    value(
        "--host --port --api-key --served-model-name --tokenizer --tokenizer-mode --download-dir --revision --seed \
         --chat-template --reasoning-parser --tool-call-parser --uvicorn-log-level --generation-config --load-format \
         --root-path --allowed-local-media-path --distributed-executor-backend",
        Setting::Beside,
    ),
    flag(
        "--trust-remote-code --enable-reasoning --enable-auto-tool-choice --disable-log-requests --disable-log-stats \
         --enable-prefix-caching --enable-chunked-prefill --no-enable-prefix-caching",
        Setting::Beside,
    ),
];

const SGLANG: &[KnownOption] = &[
    value("--model-path --model", Setting::Model),
    value("--context-length", Setting::Context),
    value("--dtype", Setting::Dtype),
    value("--quantization", Setting::Quantization),
    value("--kv-cache-dtype", Setting::Cache),
    value("--tensor-parallel-size --tp-size --tp", Setting::TensorParallel),
    value("--pipeline-parallel-size --pp-size --pp", Setting::PipelineParallel),
    value("--data-parallel-size --dp-size", Setting::DataParallel),
    flag("--enable-lora", Setting::Adapters),
    value("--max-loras-per-batch", Setting::AdapterSlots),
    value("--max-lora-rank", Setting::AdapterRank),
    value("--mem-fraction-static", Setting::MemoryShare),
    value("--max-running-requests", Setting::MostSequences),
    value("--chunked-prefill-size", Setting::BatchTokens),
    flag("--disable-cuda-graph", Setting::Eager),
    value("--nnodes", Setting::Computers),
    value(
        "--host --port --api-key --served-model-name --tokenizer-path --tokenizer-mode --revision --random-seed \
         --chat-template --reasoning-parser --tool-call-parser --log-level --download-dir --load-format \
         --node-rank --dist-init-addr",
        Setting::Beside,
    ),
    flag("--trust-remote-code --log-requests --enable-metrics --skip-server-warmup", Setting::Beside),
];

/// Options of `ollama run`, then those by which Ollama starts the process that runs a model (`llm/server.go`).
const OLLAMA: &[KnownOption] = &[
    value("--keepalive --format --think", Setting::Beside),
    flag("--verbose --nowordwrap --insecure --hidethinking", Setting::Beside),
    value("--model", Setting::Model),
    value("--ctx-size", Setting::ContextOfAll),
    value("--parallel", Setting::Slots),
    value("--n-gpu-layers", Setting::GpuLayers),
    value("--batch-size", Setting::Ubatch),
    value("--kv-cache-type", Setting::Cache),
    value("--tensor-split", Setting::Shares),
    value("--mmproj", Setting::Projector),
    flag("--flash-attn", Setting::FlashAttention),
    value("--port --threads --lora --main-gpu", Setting::Beside),
    flag("--ollama-engine --no-mmap --mlock --multiuser-cache --numa", Setting::Beside),
];

/// The parameters of a Modelfile stand without dashes.
const MODELFILE: &[KnownOption] = &[
    value("FROM", Setting::Model),
    value("num_ctx", Setting::Context),
    value("num_gpu", Setting::GpuLayers),
    value("num_batch", Setting::Ubatch),
    value(
        "temperature top_k top_p min_p seed stop num_predict num_thread repeat_penalty repeat_last_n presence_penalty \
         frequency_penalty mirostat mirostat_eta mirostat_tau tfs_z typical_p num_keep penalize_newline",
        Setting::Beside,
    ),
];

/// Variables that Ollama's server is told by. Source: docs/faq of the Ollama repository.
const OLLAMA_VARIABLES: &[KnownOption] = &[
    value("OLLAMA_CONTEXT_LENGTH", Setting::Context),
    value("OLLAMA_NUM_PARALLEL", Setting::Slots),
    value("OLLAMA_FLASH_ATTENTION", Setting::FlashAttention),
    value("OLLAMA_KV_CACHE_TYPE", Setting::Cache),
];

/// The option of this name.
pub(super) fn option(tool: CommandTool, name: &str) -> Option<&'static KnownOption> {
    let table = match tool {
        CommandTool::LlamaServer | CommandTool::LlamaCli => LLAMA,
        CommandTool::Vllm => VLLM,
        CommandTool::Sglang => SGLANG,
        CommandTool::Ollama => OLLAMA,
        CommandTool::Modelfile => MODELFILE,
    };
    named(table, name)
}

/// What a variable tells the tool.
pub(super) fn variable(tool: CommandTool, name: &str) -> Option<&'static KnownOption> {
    matches!(tool, CommandTool::Ollama | CommandTool::Modelfile).then(|| named(OLLAMA_VARIABLES, name)).flatten()
}

fn named(table: &'static [KnownOption], name: &str) -> Option<&'static KnownOption> {
    table.iter().find(|option| option.names.split_whitespace().any(|own| own == name))
}
