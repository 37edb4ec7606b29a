//! llama.cpp and what is built on it: the buffers of its backends.
//!
//! The sentences are those of `ggml-cuda.cu`, `ggml-vulkan.cpp`, `ggml-metal`, `ggml-sycl.cpp`, `ggml-alloc.c`, `ggml.c`
//! and `llama-mmap.cpp`.

use super::cure::{Cure, Look, Note};
use super::finding::{Amounts, Finding, Kind, Memory, Tool};
use super::lists::{ADDRESSES, CARD};
use super::pasted::{Passage, Pasted};

const ONE_BUFFER: &[Cure] = &[Cure::FlashAttention, Cure::SmallerBuffer, Cure::ShorterContext, Cure::Offload];
const POOL: &[Cure] = &[Cure::FewerBits, Cure::SmallerCache, Cure::ShorterContext, Cure::WiredLimit];
const RAM: &[Cure] = &[Cure::FewerBits, Cure::ShorterContext, Cure::FreeRam, Cure::MoreRam];

fn asked(bytes: Option<u64>) -> Amounts {
    Amounts { asked: bytes, ..Amounts::default() }
}

fn vram(said: &Passage, kind: Kind, bytes: Option<u64>, device: Option<u32>) -> Finding {
    Finding::new(said.at, Tool::LlamaCpp, Memory::Vram, kind).with(asked(bytes)).on(device).cured(CARD)
}

/// One buffer beyond what the driver gives at once, whatever is free.
pub(super) fn one_buffer(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(&[
        "Requested buffer size exceeds device",
        "exceeds the maximum buffer size",
        "exceeds maxBufferLength",
    ])?;
    let buffer = buffer(text);
    let bytes = buffer.as_ref().map(|buffer| buffer.bytes);
    let device = buffer.as_ref().and_then(Buffer::device);
    Some(vram(&said, Kind::Limit, bytes, device).cured(ONE_BUFFER).noted(Note::OneBuffer))
}

/// `failed to allocate CUDA0 buffer of size N`: the backend's number and the bytes.
fn buffer(text: &Pasted<'_>) -> Option<Buffer> {
    let said = text.last("buffer of size ")?;
    let (before, name) = said.before.rsplit_once("failed to allocate")?;
    // Older builds name the backend before the sentence alone.
    let name = if name.trim().is_empty() && before.contains("cpu") { "CPU" } else { name.trim() };
    let place = Buffer { at: said.at, name: name.to_owned(), bytes: said.whole_after("buffer of size ")? };
    (!name.contains(' ')).then_some(place)
}

/// A buffer that was not to be had: where, whose, and how large in bytes.
struct Buffer {
    at: usize,
    name: String,
    bytes: u64,
}

impl Buffer {
    fn device(&self) -> Option<u32> {
        number(&self.name)
    }

    fn is_ram(&self) -> bool {
        is_ram(&self.name)
    }
}

/// The number in a backend's name: `CUDA1`, `RPC0[192.168.1.7:50052]`.
fn number(name: &str) -> Option<u32> {
    let digits = name.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    digits.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

fn is_ram(name: &str) -> bool {
    ["CPU", "AMX", "BLAS"].iter().any(|start| name.starts_with(start)) || name.ends_with("Host")
}

/// A card's buffer.
pub(super) fn card(text: &Pasted<'_>) -> Option<Finding> {
    let mallocs = [
        "cudaMalloc failed: out of memory",
        "hipMalloc failed: out of memory",
        "musaMalloc failed: out of memory",
        "aclrtMalloc failed",
    ];
    if text.has_any(&mallocs)
        && let Some(said) = text.last("buffer_type_alloc_buffer: allocating ")
    {
        let device = said.device_after(" on device ");
        return Some(vram(&said, Kind::Lack, said.amount_after("allocating "), device));
    }
    if let Some(said) = text.last("ggml_vulkan: Device memory allocation of size ") {
        let device = buffer(text).and_then(|buffer| buffer.device());
        return Some(vram(&said, Kind::Lack, said.whole_after("of size "), device));
    }
    if let Some(said) = text
        .last_of(&["can't allocate ", "can\u{2019}t allocate "])
        .filter(|said| said.has("Bytes of memory on device"))
    {
        return Some(vram(&said, Kind::Lack, said.whole_after("allocate "), None));
    }
    let buffer = buffer(text)?;
    let finding = Finding::new(buffer.at, Tool::LlamaCpp, Memory::Vram, Kind::Lack).with(asked(Some(buffer.bytes)));
    if buffer.is_ram() {
        let finding = Finding { memory: Memory::Ram, ..finding }.cured(RAM);
        return Some(super::status::beside_free_ram(text, finding));
    }
    let finding = finding.on(buffer.device()).cured(CARD);
    let is_apple = ["Metal", "MTL"].iter().any(|apple| buffer.name.starts_with(apple));
    Some(if is_apple { finding.cured(POOL).noted(Note::OnePool) } else { finding })
}

/// Apple's one pool.
pub(super) fn metal(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(&[
        "kIOGPUCommandBufferCallbackErrorOutOfMemory",
        "current allocated size is greater than the recommended max working set size",
    ]);
    let total = text.last("recommendedMaxWorkingSetSize = ").or_else(|| text.last("recommendedMaxWorkingSetSize  = "));
    let total = total.and_then(|said| said.amount_after("= "));
    if let Some(said) = said {
        let amounts = Amounts { total, ..Amounts::default() };
        return Some(
            Finding::new(said.at, Tool::LlamaCpp, Memory::Vram, Kind::Limit)
                .with(amounts)
                .cured(POOL)
                .noted(Note::OnePool),
        );
    }
    let said = text
        .last("error: failed to allocate buffer, size = ")
        .or_else(|| text.last("error: failed to allocate buffer"))?;
    let amounts = Amounts { asked: said.amount_after("size = "), total, ..Amounts::default() };
    Some(Finding::new(said.at, Tool::LlamaCpp, Memory::Vram, Kind::Lack).with(amounts).cured(POOL).noted(Note::OnePool))
}

/// Intel's: the driver's own words, which name the host where a card is full.
pub(super) fn sycl(text: &Pasted<'_>) -> Option<Finding> {
    if let Some(said) = text.last_of(&["ERROR_OUT_OF_DEVICE_MEMORY", "ErrorOutOfDeviceMemory"]) {
        let finding = vram(&said, Kind::Lack, None, None);
        // The codes of Vulkan and Level Zero are those of any program.
        let of_any = ["VK_", "ZE_RESULT_"].iter().any(|of| said.before.ends_with(of));
        let tool = if of_any { super::frameworks::library(text) } else { finding.tool };
        return Some(Finding { tool, ..finding });
    }
    let said = text.last_of(&["ERROR_OUT_OF_HOST_MEMORY", "ERROR_OUT_OF_RESOURCES", "ErrorOutOfHostMemory"])?;
    let is_torch = text.has_any(&["torch", "ipex", "intel_extension"]);
    let tool = if is_torch { Tool::PyTorch } else { Tool::LlamaCpp };
    Some(Finding::untold(said.at, Some(tool), &[Look::CardInUse, Look::RamInUse]))
}

/// What is said before anything is loaded, or without an amount.
pub(super) fn unplaced(text: &Pasted<'_>) -> Option<Finding> {
    let fitted = text.last("successfully fit params").map_or(0, |said| said.at);
    let unfit = text.last_of(&["failed to fit params to free device memory", "cannot meet free memory target"]);
    // What was placed another way then was no failure.
    if let Some(said) = unfit.filter(|said| said.at > fitted) {
        let projected = text.last("projected to use ");
        let (wanted, free) = projected
            .map_or((None, None), |said| (said.amount_after("projected to use "), said.amount_after("memory vs. ")));
        let finding = vram(&said, Kind::Lack, wanted, None);
        return Some(Finding { amounts: Amounts { free, ..finding.amounts }, ..finding });
    }
    let said = text.last("unable to allocate ").filter(|said| said.has(" buffer"))?;
    let name = said.after("unable to allocate ")?.split(' ').next()?;
    let device = number(name);
    match name {
        "backend" => None,
        name if is_ram(name) => {
            let finding = Finding::new(said.at, Tool::LlamaCpp, Memory::Ram, Kind::Lack).cured(RAM);
            Some(super::status::beside_free_ram(text, finding))
        }
        name if name.starts_with(|first: char| first.is_ascii_uppercase()) => {
            Some(vram(&said, Kind::Lack, None, device))
        }
        _ => None,
    }
}

/// RAM: plain, pinned or locked.
pub(super) fn ram(text: &Pasted<'_>) -> Option<Finding> {
    let new = |at, kind, bytes| Finding::new(at, Tool::LlamaCpp, Memory::Ram, kind).with(asked(bytes));
    if let Some(said) = text.last("insufficient memory (attempted to allocate ") {
        let finding = new(said.at, Kind::Lack, said.amount_after("attempted to allocate ")).cured(RAM);
        return Some(super::status::beside_free_ram(text, finding));
    }
    if let Some(said) = text.last("failed to mlock ") {
        return Some(new(said.at, Kind::Limit, said.whole_after("failed to mlock ")).cured(&[Cure::LockedLimit]));
    }
    if let Some(said) = text.last("failed to VirtualLock ") {
        let bytes = said.whole_after("failed to VirtualLock ");
        return Some(new(said.at, Kind::Limit, bytes).cured(&[Cure::LockedLimit, Cure::FreeRam]));
    }
    if let Some(said) = text.last("ailed to allocate pinned memory") {
        return Some(new(said.at, Kind::Limit, None).cured(&[Cure::LockedLimit, Cure::FreeRam, Cure::MoreRam]));
    }
    let refused = |said: &Passage| said.has("out of memory") || said.has("invalid argument");
    if let Some(said) = text.last("of pinned memory").filter(refused) {
        let bytes = super::amount::trailing(&said.before);
        return Some(new(said.at, Kind::Limit, bytes).cured(&[Cure::LockedLimit, Cure::FreeRam, Cure::MoreRam]));
    }
    let said = text.last("mmap failed: Cannot allocate memory")?;
    Some(Finding::new(said.at, Tool::LlamaCpp, Memory::AddressSpace, Kind::Limit).cured(ADDRESSES))
}
