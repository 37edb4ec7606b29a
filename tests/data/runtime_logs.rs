//! Logs of runtimes, as people posted them (the source stands in the first line of each), read and held against estimates.

use std::fs;
use std::path::Path;

use rigplan::catalog::Catalog;
use rigplan::plan::{GpuLayers, Machine, ModelChoice, Plan};
use rigplan::share::runtime_log::against::{Reason, against};
use rigplan::share::runtime_log::{LogTool, Part, Place, RuntimeLog};

use LogTool::{LlamaCpp, NvidiaSmi, Ollama, PyTorch, Sglang, Vllm};
use Part::{Activations, Allocated, Compute, KvCache, KvPool, Output, Overhead, RecurrentState, Used, Weights};
use Place::{Device, Host};

/// A log, who wrote it, and what lies where, in MiB.
type Read = (&'static str, LogTool, &'static [(Place, Part, f64)]);

const GPU: Place = Device(0);
const GIB: f64 = 1024.0;

const LOGS: &[Read] = &[
    ("llamacpp-2023", LlamaCpp, &[(GPU, Weights, 8694.21), (GPU, KvCache, 400.0), (GPU, Compute, 75.0)]),
    (
        "llamacpp-2024-two-cards",
        LlamaCpp,
        &[
            (GPU, Weights, 5434.38),
            (GPU, KvCache, 1536.0),
            (GPU, Compute, 672.01),
            (Device(1), Weights, 13989.53),
            (Device(1), KvCache, 3584.0),
            (Host, Weights, 1640.62),
            (Host, Output, 1.95),
        ],
    ),
    (
        "ik-llamacpp-moe",
        LlamaCpp,
        &[
            (GPU, Weights, 17787.83),
            (GPU, KvCache, 3072.0),
            (GPU, Compute, 304.75),
            (Host, Weights, 315.3),
            (Host, Compute, 68.01),
            (Host, Output, 0.58),
        ],
    ),
    (
        "ik-llamacpp-workstation",
        LlamaCpp,
        &[(GPU, Weights, 17284.05), (GPU, KvCache, 1952.0), (Host, Weights, 499.5), (Host, Output, 0.58)],
    ),
    (
        "llamafile",
        LlamaCpp,
        &[
            (GPU, Weights, 7317.71),
            (GPU, KvCache, 180.0),
            (GPU, Compute, 105.0),
            (Host, Weights, 297.0),
            (Host, Output, 0.19),
        ],
    ),
    ("llamacpp-ci", LlamaCpp, &[(GPU, KvCache, 9.0), (GPU, Compute, 16.0), (Host, Compute, 2.51)]),
    ("llamacpp-hybrid", LlamaCpp, &[(GPU, KvCache, 189.0), (GPU, RecurrentState, 1576.5), (Host, Output, 2.0)]),
    ("lmstudio-partly-in-ram", LlamaCpp, &[(GPU, Weights, 3621.44), (Host, Weights, 4944.6)]),
    (
        "ollama-own-engine",
        Ollama,
        &[(GPU, Weights, 11.5 * GIB), (Device(1), Weights, 11.9 * GIB), (Host, Weights, 680.0)],
    ),
    ("ollama-devices", Ollama, &[(GPU, KvCache, 936.0), (GPU, Compute, 98.0), (Host, Compute, 8.0)]),
    ("ollama-rocm", Ollama, &[(GPU, KvCache, 9306.0), (Host, Output, 1.53)]),
    ("llamacpp-breakdown", LlamaCpp, &[(GPU, Weights, 650.0), (GPU, Compute, 1164.0), (GPU, Overhead, 749.0)]),
    (
        "llamacpp-breakdown-vulkan",
        LlamaCpp,
        &[
            (GPU, Weights, 18856.0),
            (GPU, KvCache, 1837.0),
            (GPU, Compute, 540.0),
            (GPU, Overhead, 17.0),
            (Host, Weights, 29341.0),
            (Host, Compute, 136.0),
        ],
    ),
    ("llamacpp-metal", LlamaCpp, &[(GPU, KvCache, 18.0), (GPU, Compute, 404.0), (Host, Compute, 15.15)]),
    (
        "llamacpp-timings",
        LlamaCpp,
        &[(GPU, Overhead, 0.0), (Host, Weights, 225.0), (Host, KvCache, 136.0), (Host, Compute, 77.0)],
    ),
    (
        "vllm-v0-table",
        Vllm,
        &[
            (GPU, Weights, 14.96 * GIB),
            (GPU, KvPool, 53.29 * GIB),
            (GPU, Activations, 1.26 * GIB),
            (GPU, Overhead, 1.79 * GIB),
        ],
    ),
    (
        "vllm-v0-sentence",
        Vllm,
        &[
            (GPU, Weights, 21.21 * GIB),
            (GPU, KvPool, 1.57 * GIB),
            (GPU, Activations, 0.37 * GIB),
            (GPU, Overhead, 0.2 * GIB),
        ],
    ),
    ("vllm-v1", Vllm, &[(GPU, Weights, 67.7229 * GIB)]),
    ("vllm-v1-arguments", Vllm, &[(GPU, KvPool, 5.98 * GIB)]),
    ("vllm-v1-usage", Vllm, &[(GPU, KvPool, 12.26 * GIB), (GPU, Activations, 1.59 * GIB)]),
    ("vllm-ranks", Vllm, &[(GPU, Weights, 15.26 * GIB)]),
    ("sglang-ranks", Sglang, &[(GPU, KvPool, 106.62 * GIB)]),
    ("sglang-rocm", Sglang, &[(GPU, Weights, 56.98 * GIB), (GPU, KvPool, 152.88 * GIB)]),
    ("sglang-hybrid", Sglang, &[(GPU, Weights, 3.76 * GIB), (GPU, KvPool, 8.3 * GIB)]),
    ("pytorch-summary", PyTorch, &[(GPU, Allocated, 11747.0)]),
    ("pytorch-summary-binary", PyTorch, &[(GPU, Allocated, 1.0)]),
    ("nvidia-smi", NvidiaSmi, &[(GPU, Used, 1.0)]),
];

fn log(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/logs").join(format!("{name}.log"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn what_lies_where_is_read_from_the_logs_of_programs() {
    let mut wrong = Vec::new();
    for (name, tool, parts) in LOGS {
        let Some(read) = RuntimeLog::read(&log(name)) else {
            wrong.push(format!("{name}: not read"));
            continue;
        };
        let found: Vec<(Place, Part, f64)> =
            read.parts().map(|(place, part, amount)| (place, part, amount.bytes as f64 / f64::from(1 << 20))).collect();
        let near = |one: &(Place, Part, f64), other: &(Place, Part, f64)| {
            (one.0, one.1) == (other.0, other.1) && (one.2 - other.2).abs() < 0.01
        };
        let same = found.len() == parts.len() && parts.iter().all(|part| found.iter().any(|it| near(it, part)));
        if !same || read.tool() != Some(*tool) {
            wrong.push(format!("{name}: {:?} {found:?}", read.tool()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Buffers are named after the backend that gave them.
#[test]
fn buffers_of_every_backend_have_their_place() {
    let names = [
        ("CUDA1", Device(1)),
        ("ROCm0", GPU),
        ("SYCL_Host", Host),
        ("CPU_REPACK", Host),
        ("Metal_Mapped", GPU),
        ("RPC0[192.168.1.7:50052]", GPU),
        ("CANN2", Device(2)),
        ("Meta()", GPU),
    ];
    for (name, place) in names {
        let read = RuntimeLog::read(&format!("load_tensors: {name} model buffer size =  100.00 MiB\n")).expect(name);
        assert_eq!(read.parts().map(|(at, part, _)| (at, part)).collect::<Vec<_>>(), [(place, Weights)], "{name}");
    }
}

/// While a fit is looked for nothing is allocated: such figures are of no use, however they are printed.
#[test]
fn trials_of_a_fit_are_not_what_was_allocated() {
    for name in ["ollama-fit-tests-only", "llamacpp-breakdown-wrapped"] {
        let read = RuntimeLog::read(&log(name));
        assert!(
            read.is_none_or(|read| read.parts().all(|(place, part, _)| place == Host && part != Overhead)),
            "{name}"
        );
    }
}

#[test]
fn a_log_becomes_the_plan_that_it_is_of() {
    let catalog = Catalog::embedded();
    let plan_of = |name: &str| RuntimeLog::read(&log(name)).unwrap().plan(&Machine::default(), catalog).unwrap();
    let found = plan_of("ik-llamacpp-moe");
    let workload = &found.plan.workload;
    assert_eq!(workload.model, ModelChoice::Catalog("qwen3-30b-a3b".to_owned()));
    assert_eq!((workload.context, workload.sequences, workload.gpu_layers), (32_768, 1, GpuLayers::All));
    assert!(found.has_cards && found.has_context);
    assert_eq!(found.plan.machine.cards.len(), 1);
    let found = plan_of("vllm-v0-table");
    assert_eq!(found.plan.workload.model, ModelChoice::Catalog("llama-3-8b".to_owned()));
    let nameless = RuntimeLog::read(&log("llamacpp-hybrid")).unwrap().plan(&Machine::default(), catalog);
    assert!(nameless.is_err());
}

/// Weights, KV cache and state of the engine are exact; only what no buffer line shows, and speed, is kept.
#[test]
fn a_log_is_held_against_its_own_plan() {
    let catalog = Catalog::embedded();
    let text = "llama_model_loader: loaded meta data with 30 key-value pairs and 291 tensors from /models/Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf (version GGUF V3 (latest))\n\
        print_info: file type   = Q4_K - Medium\nprint_info: model params     = 8.03 B\nprint_info: general.name     = Meta Llama 3.1 8B Instruct\n\
        llama_model_load_from_file_impl: using device CUDA0 (NVIDIA GeForce RTX 4090) - 23600 MiB free\nload_tensors: offloaded 33/33 layers to GPU\n\
        load_tensors:   CPU_Mapped model buffer size =   281.81 MiB\nload_tensors:        CUDA0 model buffer size =  4403.49 MiB\n\
        llama_context: n_seq_max     = 1\nllama_context: n_ctx         = 8192\nllama_context: n_ubatch      = 512\nllama_context: flash_attn    = enabled\n\
        llama_kv_cache:      CUDA0 KV buffer size =  1024.00 MiB\n\
        llama_kv_cache: size = 1024.00 MiB (  8192 cells,  32 layers,  1/1 seqs), K (f16):  512.00 MiB, V (f16):  512.00 MiB\n\
        eval time =    2000.00 ms /   256 tokens (    7.81 ms per token,   128.00 tokens per second)\n\
        common_memory_breakdown_print: |   - CUDA0 (RTX 4090)    | 24080 = 17500 + ( 5900 = 4403 +    1024 +     473) +         680 |\n";
    let read = RuntimeLog::read(text).expect("read");
    let logged = read.plan(&Machine::default(), catalog).expect("a plan");
    let found = against(&read, &logged.plan, Some(&logged), catalog, "2026-11-30").expect("an estimate");
    for (place, part) in [(GPU, Weights), (Host, Weights), (GPU, KvCache)] {
        let row = found.rows.iter().find(|row| (row.place, row.part) == (place, part)).expect("the part");
        assert!(row.agrees(), "{row:?}");
    }
    assert!(!found.reasons.iter().any(|reason| matches!(reason, Reason::OtherSettings(_))), "{:?}", found.reasons);
    assert_eq!(found.kept.overhead.as_ref().map(|own| (own.card.as_str(), own.mib)), Some(("rtx-4090", 680)));
    assert_eq!(found.kept.speeds.len(), 1);
    // Another plan: the log says what differs.
    let mut other: Plan = logged.plan.clone();
    other.workload.context = 4096;
    let found = against(&read, &other, Some(&logged), catalog, "2026-11-30").expect("an estimate");
    assert!(found.reasons.iter().any(|reason| matches!(reason, Reason::OtherSettings(_))), "{:?}", found.reasons);
    let kv = found.rows.iter().find(|row| row.part == KvCache).expect("the cache");
    assert_eq!(kv.difference(), Some(512 << 20));
}

#[test]
fn no_text_breaks_the_reader_of_logs() {
    for (name, ..) in LOGS {
        let text = log(name);
        for (at, _) in text.char_indices().filter(|(at, _)| at % 97 == 0) {
            let (before, after) = text.split_at(at);
            let _ = (RuntimeLog::read(before), RuntimeLog::read(after));
            let _ = RuntimeLog::read(&format!("{before}页= {after}"))
                .map(|read| read.plan(&Machine::default(), Catalog::embedded()));
        }
    }
    for text in ["", "hello", "model: x", "CUDA0 buffer size = 1 MiB"] {
        assert!(RuntimeLog::read(text).is_none(), "{text}");
    }
}
