//! A call of a driver that got no memory, whatever library wraps it: the name of the call says which memory was asked for.

use super::cure::{Cure, Look, Note};
use super::finding::{Amounts, Finding, Kind, Memory, Tool};
use super::frameworks::library;
use super::lists::FRAMEWORK;
use super::pasted::{Passage, Pasted};

/// Calls that ask for memory of the card.
const DEVICE: &[&str] = &[
    "cudaMalloc",
    "cuMemAlloc",
    "cuMemCreate",
    "hipMalloc",
    "hipMemCreate",
    "musaMalloc",
    "aclrtMalloc",
    "cnrtMalloc",
    "zeMemAllocDevice",
    "vkAllocateMemory",
    "vmaCreateBuffer",
];
/// Calls that ask for RAM which the card reads itself.
const HOST: &[&str] = &[
    "cudaHostAlloc",
    "cudaMallocHost",
    "cudaHostRegister",
    "cuMemHostAlloc",
    "cuMemAllocHost",
    "cuMemHostRegister",
    "hipHostMalloc",
    "hipHostAlloc",
    "hipHostRegister",
    "aclrtMallocHost",
    "zeMemAllocHost",
    "Failed to CUDA host alloc",
];
/// How libraries say that there was none.
const REFUSED: &[&str] =
    &["out of memory", "Out of memory", "OutOfMemory", "OUT_OF_MEMORY", "OutOfDeviceMemory", "207001"];
/// So far from the call stands why it failed, in bytes.
const NEAR: usize = 240;

/// The last of these calls that failed for want of memory.
fn refused(text: &Pasted<'_>, calls: &[&str]) -> Option<Passage> {
    let refused =
        |said: &Passage| REFUSED.iter().any(|words| said.has_within(words, NEAR) || said.before.contains(words));
    text.latest_of(calls).filter(refused)
}

/// Pinned RAM: there is some, and the system or a limit does not give it.
pub(super) fn pinned(text: &Pasted<'_>) -> Option<Finding> {
    let said = refused(text, HOST)?;
    let mut finding = Finding::new(said.at, Tool::PyTorch, Memory::Ram, Kind::Limit);
    finding.tool = library(text);
    Some(finding.cured(&[Cure::LockedLimit, Cure::FreeRam, Cure::MoreRam]).look(&[Look::RamInUse, Look::Limits]))
}

/// The card.
pub(super) fn card(text: &Pasted<'_>) -> Option<Finding> {
    // What a backend of the allocator is called is no call.
    let said = refused(text, DEVICE).filter(|said| !said.before.ends_with("backend:"))?;
    let mut finding = Finding::new(said.at, Tool::PyTorch, Memory::Vram, Kind::Lack);
    finding.tool = library(text);
    // ONNX Runtime: `CUDA failure 2: out of memory ; GPU=0 ; hostname=…`
    finding.device = text.last("failure 2: out of memory").and_then(|said| said.device_after("GPU="));
    Some(finding.cured(FRAMEWORK).look(&[Look::CardInUse]))
}

/// Accelerators of other makers and frameworks of their own: `system_allocator.cc` and `cuda_allocator.cc` of Paddle,
/// `ascend_memory_adapter.cc` of `MindSpore`, CANN's table of errors.
pub(super) fn accelerators(text: &Pasted<'_>) -> Option<Finding> {
    let new = |said: &Passage, amounts| {
        let finding = Finding::new(said.at, Tool::PyTorch, Memory::Vram, Kind::Lack).with(amounts);
        Finding { tool: None, ..finding }.cured(FRAMEWORK).look(&[Look::CardInUse])
    };
    if let Some(said) = text.last("Out of memory error on GPU ") {
        let amounts = Amounts {
            asked: said.amount_after("Cannot allocate "),
            free: said.amount_after("available memory is only ").or_else(|| said.amount_after("available memory is ")),
            ..Amounts::default()
        };
        return Some(new(&said, amounts).on(said.device_after("error on GPU ")));
    }
    if let Some(said) = text.last("Malloc device memory failed") {
        let amounts = Amounts {
            asked: said.whole_after("size["),
            free: said.whole_after("free size:"),
            total: said.whole_after("HBM size:"),
            reserved_unallocated: None,
        };
        return Some(new(&said, amounts).on(said.device_after("Device[").or_else(|| said.device_after("Device "))));
    }
    let said = text.last("EL0004").filter(|said| said.has("emory"));
    // As Huawei's runtime says it by itself: the hardware's storage is that of the card.
    let said = said.or_else(|| text.last("Failed to apply for memory."))?;
    Some(new(&said, Amounts::default()))
}

/// `OpenCL`: a card that is full, one buffer that is too large, and two codes that name neither memory.
pub(super) fn opencl(text: &Pasted<'_>) -> Option<Finding> {
    if let Some(said) = text.last("CL_INVALID_BUFFER_SIZE") {
        let finding = Finding::new(said.at, Tool::LlamaCpp, Memory::Vram, Kind::Limit);
        let cures = &[Cure::SmallerBuffer, Cure::SmallerBatch, Cure::ShorterContext];
        return Some(Finding { tool: library(text), ..finding }.cured(cures).noted(Note::OneBuffer));
    }
    if let Some(said) = text.last("CL_MEM_OBJECT_ALLOCATION_FAILURE") {
        let finding = Finding::new(said.at, Tool::LlamaCpp, Memory::Vram, Kind::Lack);
        return Some(Finding { tool: library(text), ..finding }.cured(FRAMEWORK).look(&[Look::CardInUse]));
    }
    let said = text.last_of(&["CL_OUT_OF_HOST_MEMORY", "CL_OUT_OF_RESOURCES"])?;
    Some(Finding::untold(said.at, library(text), &[Look::CardInUse, Look::RamInUse]))
}
