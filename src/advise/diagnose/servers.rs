//! vLLM, `SGLang` and Ollama: what they say before or instead of their allocator.

use super::cure::{Cure, Look, Note};
use super::finding::{Amounts, Finding, Kind, Memory, Tool};
use super::pasted::Pasted;

const POOL_TOO_SMALL: &[Cure] =
    &[Cure::RaiseUtilization, Cure::ShorterModelLen, Cure::SmallerCache, Cure::FewerBits, Cure::MoreCards];
const TOO_MANY: &[Cure] = &[Cure::FewerSequences, Cure::LowerUtilization, Cure::FewerBits, Cure::MoreCards];

/// vLLM (`v1/core/kv_cache_utils.py`, `v1/worker/gpu_worker.py`, `config`, `v1/worker/gpu_model_runner.py`).
pub(super) fn vllm(text: &Pasted<'_>) -> Option<Finding> {
    at_start(text).or_else(|| kv_pool(text)).or_else(|| many(text)).or_else(|| swap_space(text))
}

/// Less is free than the engine is to take.
fn at_start(text: &Pasted<'_>) -> Option<Finding> {
    // What is enough is told in the same words.
    if let Some(said) = text.last("Free memory on device").filter(|said| said.has("less than desired")) {
        let pair = said.after("(")?;
        let free =
            pair.split_once('/').and_then(|(free, rest)| super::amount::leading(&format!("{free} {}", unit_of(rest)?)));
        let amounts = Amounts {
            asked: said
                .after("GPU memory utilization (")
                .and_then(|rest| super::amount::leading(rest.split_once(", ")?.1)),
            free,
            total: said.amount_after("/"),
            reserved_unallocated: None,
        };
        let device = said.device_after("device cuda:");
        let finding = Finding::new(said.at, Tool::Vllm, Memory::Vram, Kind::OtherProcess).with(amounts).on(device);
        return Some(finding.cured(&[Cure::FreeOthers, Cure::LowerUtilization]).noted(Note::FractionSaysTwoThings));
    }
    let said = text.last("Error in memory profiling")?;
    let finding = Finding::new(said.at, Tool::Vllm, Memory::Vram, Kind::OtherProcess);
    Some(finding.cured(&[Cure::FreeOthers]).look(&[Look::CardInUse]))
}

fn unit_of(rest: &str) -> Option<&str> {
    rest.split([')', ' ']).find(|word| word.ends_with('B'))
}

/// What is left for the KV cache is nothing, or too little for one sequence.
fn kv_pool(text: &Pasted<'_>) -> Option<Finding> {
    let finding = |at| {
        Finding::new(at, Tool::Vllm, Memory::Vram, Kind::Limit).cured(POOL_TOO_SMALL).noted(Note::FractionSaysTwoThings)
    };
    if let Some(said) = text.last("To serve at least one request") {
        let amounts = Amounts {
            asked: said.amount_before(" KV cache is needed"),
            free: said.amount_after("available KV cache memory ("),
            ..Amounts::default()
        };
        return Some(finding(said.at).with(amounts));
    }
    let said = text.last_of(&[
        "No available memory for the cache blocks",
        "is larger than the maximum number of tokens that can be stored in KV cache",
        "exceeds the capacity of block_manager",
        "there is not enough KV cache space",
        // Weights alone were more than the share.
        "Available KV cache memory: -",
    ])?;
    Some(finding(said.at))
}

/// Too many sequences for what is left.
fn many(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(&[
        "occurred when warming up sampler",
        "exceeds available Mamba cache blocks",
        "exceeds the available Mamba cache blocks",
    ])?;
    let limit = said.has("Mamba cache blocks");
    let kind = if limit { Kind::Limit } else { Kind::Lack };
    // The allocator's own sentence stands before, with the amounts.
    let torch = super::torch::card(text);
    let amounts = torch.as_ref().map(|torch| torch.amounts).unwrap_or_default();
    let device = torch.and_then(|torch| torch.device);
    let cures = if limit {
        &[Cure::FewerSequences, Cure::RaiseUtilization, Cure::FewerBits, Cure::MoreCards]
    } else {
        TOO_MANY
    };
    Some(Finding::new(said.at, Tool::Vllm, Memory::Vram, kind).with(amounts).on(device).cured(cures))
}

/// vLLM's "swap space" lies in RAM.
fn swap_space(text: &Pasted<'_>) -> Option<Finding> {
    if let Some(said) = text.last("lack of CPU swap space") {
        let finding = Finding::new(said.at, Tool::Vllm, Memory::Ram, Kind::Limit).noted(Note::SwapSpaceIsRam);
        return Some(finding.cured(&[Cure::FewerSequences, Cure::MoreSwapSpace, Cure::MoreRam]));
    }
    let said = text.last("oo large swap space")?;
    let amounts = Amounts {
        asked: said.amount_after("swap space. "),
        total: said.amount_before(" total CPU memory"),
        ..Amounts::default()
    };
    let finding = Finding::new(said.at, Tool::Vllm, Memory::Ram, Kind::Limit).with(amounts);
    Some(finding.cured(&[Cure::LessSwapSpace, Cure::MoreRam]).noted(Note::SwapSpaceIsRam))
}

/// `SGLang` (`srt/model_executor`, `srt/managers/schedule_batch.py`).
pub(super) fn sglang(text: &Pasted<'_>) -> Option<Finding> {
    let new = |at, kind| Finding::new(at, Tool::Sglang, Memory::Vram, kind);
    let slots = ["alloc_req_slots runs out of memory", "an not alloc mamba cache", "Not enough space for mamba"];
    if let Some(said) = text.last_of(&slots) {
        return Some(new(said.at, Kind::Limit).cured(&[Cure::FewerSequences, Cure::RaiseMemFraction, Cure::MoreCards]));
    }
    let pool = [
        "Please try to increase --mem-fraction-static",
        "Please try increasing --mem-fraction-static",
        "Not enough memory to allocate KV cache",
    ];
    if let Some(said) = text.last_of(&pool) {
        let cures = &[Cure::RaiseMemFraction, Cure::FewerBits, Cure::ShorterContext, Cure::MoreCards];
        return Some(new(said.at, Kind::Limit).cured(cures).noted(Note::FractionSaysTwoThings));
    }
    if let Some(said) = text.last("Not enough host memory available. Requesting ") {
        // The cache that lies in RAM behind that of the cards.
        let amounts = Amounts {
            asked: said.after("Requesting ").and_then(super::amount::in_thousands),
            free: said.after("but only have ").and_then(super::amount::in_thousands),
            ..Amounts::default()
        };
        let finding = Finding { memory: Memory::Ram, ..new(said.at, Kind::Lack) };
        return Some(finding.with(amounts).cured(&[Cure::SmallerHostCache, Cure::FreeRam, Cure::MoreRam]));
    }
    if let Some(said) = text.last_of(&["Prefill out of memory", "Decode out of memory", "KV cache pool is full"]) {
        return Some(new(said.at, Kind::Limit).cured(&[
            Cure::SmallerBatch,
            Cure::ShorterContext,
            Cure::RaiseMemFraction,
            Cure::SmallerCache,
        ]));
    }
    if let Some(said) = text.last("The memory capacity is unbalanced") {
        let finding = new(said.at, Kind::OtherProcess).look(&[Look::CardInUse]);
        return Some(finding.cured(&[Cure::FreeOthers, Cure::LowerMemFraction]));
    }
    let said = text.last("Capture cuda graph failed").or_else(|| text.last("Capture CUDA graph failed"))?;
    let torch = super::torch::card(text);
    let finding = new(said.at, torch.as_ref().and_then(|torch| torch.kind).unwrap_or(Kind::Lack));
    let finding = finding.with(torch.as_ref().map(|torch| torch.amounts).unwrap_or_default());
    Some(finding.on(torch.and_then(|torch| torch.device)).cured(&[
        Cure::LowerMemFraction,
        Cure::FewerBits,
        Cure::MoreCards,
    ]))
}

/// Ollama (`llm/server.go`).
pub(super) fn ollama(text: &Pasted<'_>) -> Option<Finding> {
    if let Some(said) = text.last("requires more system memory (") {
        let amounts = Amounts {
            asked: said.amount_after("system memory ("),
            free: said.amount_after("than is available ("),
            ..Amounts::default()
        };
        let finding = Finding::new(said.at, Tool::Ollama, Memory::Ram, Kind::Lack).with(amounts);
        return Some(finding.cured(&[Cure::FewerBits, Cure::ShorterContext, Cure::FreeRam, Cure::MoreRam]));
    }
    if let Some(said) = text.last("model request too large for system") {
        let quoted = |words: &str| said.after(words).and_then(super::amount::leading);
        let amounts = Amounts {
            asked: quoted("requested=\"").or_else(|| said.whole_after("requested=")),
            free: quoted("available=\"").or_else(|| said.whole_after("available=")),
            total: quoted("total=\""),
            reserved_unallocated: None,
        };
        let finding = Finding::new(said.at, Tool::Ollama, Memory::Ram, Kind::Lack).with(amounts);
        return Some(finding.cured(&[Cure::FewerBits, Cure::ShorterContext, Cure::FreeRam, Cure::MoreRam]));
    }
    let said = text.last("memory layout cannot be allocated")?;
    Some(Finding::new(said.at, Tool::Ollama, Memory::Vram, Kind::Lack).cured(super::lists::CARD))
}

/// What Ollama says of a card that it goes without: no end, so that anything that failed later comes first.
pub(super) fn without_card(text: &Pasted<'_>) -> Option<Finding> {
    let said = text
        .last_of(&["gpu has too little memory to allocate any layers", "insufficient VRAM to load any model layers"])?;
    let quoted = |words: &str| said.after(words).and_then(super::amount::leading);
    let amounts = Amounts { free: quoted(" available=\""), total: quoted(" total=\""), ..Amounts::default() };
    let finding = Finding::new(said.at, Tool::Ollama, Memory::Vram, Kind::Lack).with(amounts);
    Some(finding.cured(super::lists::CARD).look(&[Look::CardInUse]))
}
