//! The last words: what only says that something ran out, and where to look then.

use super::cure::{Cure, Look, Note};
use super::finding::{Finding, Kind, Memory, Tool};
use super::frameworks::library;
use super::host::host;
use super::lists::FRAMEWORK;
use super::pasted::Pasted;

const LOOKS: &[Look] = &[Look::LinesBefore, Look::CardInUse, Look::RamInUse];

/// An engine that ended without saying why: the reason stands before.
pub(super) fn ended(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(&[
        "Engine core initialization failed",
        "EngineCore encountered an issue",
        "this may be due to resource limitations or an internal error",
        "llama runner process has terminated: exit status 2",
        "llama runner process no longer running",
        "llama runner process has terminated",
        "an error was encountered while running the model",
        "Engine process failed to start",
        "DataLoader worker (pid(s) ",
        "terminated abruptly while the future was running",
        "BrokenProcessPool",
        "managed by the executor was unexpectedly terminated",
        "error loading model: unable to allocate backend buffer",
        "failed to allocate buffer for kv cache",
        "failed to allocate compute buffers",
        "failed to allocate compute pp buffers",
        "Failed to create llama_context",
        "HSA_STATUS_ERROR_OUT_OF_RESOURCES",
        "NV_ERR_NO_MEMORY",
        "timed out waiting for llama runner to start",
        "/completion\": EOF",
        "eceived sigquit from a child process",
        "SIGQUIT received",
        "The model has crashed without additional information",
        // What Windows says of a program that ended itself, in the forms that programs print it in.
        "0xC0000409",
        "0xc0000409",
        "3221226505",
        "-1073740791",
        "18446744072635812000",
        "SIGBUS",
        "exitcode  : -7",
        "exitcode: -7",
        "xit code 135",
        "failed to allocate the compute buffer",
        "params backend buffer failed",
        "failed with status 5",
        "Bus error (core dumped)",
        "signal: bus error",
    ])?;
    let tool = host(text).or_else(|| text.has_any(&["ggml", "llama_"]).then_some(Tool::LlamaCpp));
    Some(Finding::untold(said.at, tool, LOOKS))
}

/// An end for which a program lists what it may have been: the words stand there whatever it was.
pub(super) fn listed_causes(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last("There are some potential root causes")?;
    Some(Finding::untold(
        said.at,
        Some(Tool::Ray),
        &[Look::LinesBefore, Look::KernelLog, Look::RamInUse, Look::CardInUse],
    ))
}

/// A program's own heap, which has its limit whatever the machine has.
pub(super) fn heap(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(&[
        "JavaScript heap out of memory",
        "Java heap space",
        "GC overhead limit exceeded",
        "Reached heap limit Allocation failed",
    ])?;
    let finding =
        Finding::new(said.at, Tool::Container, Memory::Ram, Kind::Limit).cured(&[Cure::HeapLimit, Cure::FreeRam]);
    Some(Finding { tool: None, ..finding })
}

/// Words of a lack in a line that speaks of a card.
pub(super) fn of_a_card(text: &Pasted<'_>) -> Option<Finding> {
    const LACKS: &[&str] = &["out of memory", "insufficient memory", "memory allocation failed", "failed to allocate"];
    const CARDS: &[&str] = &[
        "CUDA",
        "Cuda",
        "cuda",
        "HIP",
        "ROCm",
        "rocm",
        "GPU",
        "Gpu",
        "gpu",
        "VRAM",
        "vram",
        "XPU",
        "NPU",
        "ulkan",
        "video memory",
        "device memory",
        ".cu:",
        ".cu ",
        ".cuh",
        "csrc/ops.cu",
        "显存",
        "显卡",
    ];
    /// Words of the other memory: then neither is told.
    const OTHERS: &[&str] = &["CPU", "host", "Host", "RAM ", "system memory", "pinned", "heap"];
    let said = text.last_of_any_case(LACKS)?;
    let line = text.line_around(said.at);
    let has = |words: &[&str]| words.iter().any(|words| line.contains(words));
    if !has(CARDS) || has(OTHERS) {
        return None;
    }
    let finding = Finding::new(said.at, Tool::PyTorch, Memory::Vram, Kind::Lack).cured(FRAMEWORK);
    Some(Finding { tool: library(text), ..finding }.look(&[Look::CardInUse]))
}

/// Words of a lack without a memory.
pub(super) fn words(text: &Pasted<'_>) -> Option<Finding> {
    if let Some(said) = text.last_of(&[
        "显存不足",
        "GPU 内存不足",
        "GPU内存不足",
        "显卡内存不足",
        "显存溢出",
        "爆显存",
        "Out of video memory",
        "D3DERR_OUTOFVIDEOMEMORY",
        "0x8876017C",
    ]) {
        let finding = Finding::new(said.at, Tool::Windows, Memory::Vram, Kind::Lack).cured(FRAMEWORK);
        return Some(Finding { tool: host(text), ..finding }.look(&[Look::CardInUse]));
    }
    let said = text.last_of_any_case(&[
        "out of memory",
        "out-of-memory",
        "outofmemory",
        "not enough memory",
        "insufficient memory",
        "cannot allocate memory",
        "failed to allocate memory",
        "memory allocation failed",
        "内存不足",
        "内存溢出",
    ]);
    let said = said.or_else(|| {
        let is_word = |line: &str| line.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| word == "OOM");
        text.last("OOM").filter(|_| text.lines().any(is_word))
    })?;
    Some(Finding::untold(said.at, host(text), LOOKS))
}

/// A context that is full: slots of the cache ran out, and no memory did.
pub(super) fn context_full(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(&[
        "the request exceeds the available context size",
        "exceeds the available context size",
        "failed to find a memory slot for batch of size",
        "failed to find free space in the KV cache",
        "input is too large to process. increase the physical batch size",
        "Context size has been exceeded",
        "This model's maximum context length is",
        "is longer than the maximum model length of",
        "is greater than the derived max_model_len",
        "is too long and exceeds limit of",
        "exceed context window of",
        "llama_decode returned 1",
        "pages (only ",
    ])?;
    let said = Some(said).filter(|said| !said.begins("pages (only ") || said.before.contains("requires "))?;
    let is_ggml = text.has_any(&["ggml", "llama_", "slot ", "srv "]);
    let tool = host(text).or_else(|| is_ggml.then_some(Tool::LlamaCpp));
    let finding = Finding::new(said.at, Tool::LlamaCpp, Memory::None, Kind::NotMemory);
    Some(Finding { tool, ..finding }.cured(&[Cure::LongerContext]).noted(Note::ContextFull))
}

/// Memory that nobody may touch, which is not memory that ran out.
pub(super) fn wrong_access(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(&["Memory access fault by GPU", "out of resource: ", "uses too much shared data"])?;
    let finding = Finding::new(said.at, Tool::Triton, Memory::None, Kind::NotMemory);
    if said.has("Memory access fault") {
        return Some(Finding { tool: None, ..finding }.cured(&[Cure::NameTheLine]));
    }
    let tool = said.has("out of resource").then_some(Tool::Triton);
    Some(Finding { tool, ..finding }.cured(&[Cure::OtherKernel]).noted(Note::OnChip))
}
