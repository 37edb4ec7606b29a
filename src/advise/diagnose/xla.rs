//! `JAX`, XLA and `TensorFlow`.
//!
//! The sentences are those of `xla/tsl/framework/bfc_allocator.cc`, of its device allocators and of XLA's compiler for TPUs.

use super::cure::{Cure, Look};
use super::finding::{Amounts, Finding, Kind, Memory, Tool};
use super::lists::{FRAMEWORK, HOST};
use super::pasted::{Passage, Pasted};

const PINNED: &[Cure] = &[Cure::LockedLimit, Cure::FreeRam, Cure::MoreRam];
/// A host buffer that a card was to read.
const ON_HOST: &[&str] = &["bytes on host: CUDA_ERROR", "ould not allocate pinned host memory of size"];

/// What an allocator or the compiler of XLA says.
pub(super) fn xla(text: &Pasted<'_>) -> Option<Finding> {
    [pinned, on_tpu, exhausted, tensor, driver, planned, much_of_ram].iter().find_map(|rule| rule(text))
}

fn tool(text: &Pasted<'_>) -> Tool {
    if text.has_any(&["tensorflow", "TensorFlow", "keras", "OOM when allocating tensor"]) && !text.has_any(&["jax"]) {
        Tool::TensorFlow
    } else {
        Tool::Jax
    }
}

fn asked(bytes: Option<u64>) -> Amounts {
    Amounts { asked: bytes, ..Amounts::default() }
}

fn pinned(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(ON_HOST)?;
    let bytes = said
        .amount_after("memory of size: ")
        .or_else(|| said.whole_after("memory of size: "))
        .or_else(|| super::amount::trailing(&format!("{} bytes", said.before.trim_end())));
    Some(Finding::new(said.at, tool(text), Memory::Ram, Kind::Limit).with(asked(bytes)).cured(PINNED))
}

/// A TPU's memory, which programs are laid out for before they run.
fn on_tpu(text: &Pasted<'_>) -> Option<Finding> {
    let new = |said: &Passage, amounts| {
        Finding::new(said.at, Tool::Jax, Memory::Vram, Kind::Lack).with(amounts).cured(FRAMEWORK)
    };
    // What lies on the chip itself is no memory that one buys.
    let on_chip = ["memory space vmem", "memory space smem", "memory space cmem"];
    if let Some(said) = text.last_of(&on_chip).filter(|said| said.before.ends_with("Ran out of memory in")) {
        let finding = Finding::new(said.at, Tool::Jax, Memory::None, Kind::NotMemory);
        return Some(finding.cured(&[Cure::OtherKernel]).noted(super::cure::Note::OnChip));
    }
    if let Some(said) = text.last("Ran out of memory in memory space hbm") {
        let total = said.after("Used ").and_then(|rest| super::amount::leading(rest.split_once(" of ")?.1));
        return Some(new(&said, Amounts { asked: said.amount_after("Used "), total, ..Amounts::default() }));
    }
    let said = text.last_of(&["Attempting to reserve ", "Attempting to allocate "])?;
    let said = Some(said).filter(|said| said.has("That was not possible"))?;
    let amounts = Amounts {
        asked: said.amount_after("Attempting to reserve ").or_else(|| said.amount_after("Attempting to allocate ")),
        free: said.amount_after("There are "),
        ..Amounts::default()
    };
    Some(new(&said, amounts))
}

/// A request that the allocator could not serve.
fn exhausted(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(&[
        "RESOURCE_EXHAUSTED: Out of memory",
        "Resource exhausted: Out of memory",
        "RESOURCE_EXHAUSTED: Failed to allocate request for ",
        "RESOURCE_EXHAUSTED: failed to allocate ",
    ])?;
    let bytes = ["trying to allocate ", "allocating ", "request for ", "ailed to allocate "]
        .iter()
        .find_map(|words| said.amount_after(words));
    let device = said.device_after("on device ordinal ");
    Some(Finding::new(said.at, tool(text), Memory::Vram, Kind::Lack).with(asked(bytes)).on(device).cured(FRAMEWORK))
}

/// A tensor of a graph, on a card or in RAM.
fn tensor(text: &Pasted<'_>) -> Option<Finding> {
    let allocator = text.last("ran out of memory trying to allocate ").filter(|said| said.before.contains("Allocator"));
    let bytes = allocator.as_ref().and_then(|said| said.amount_after("trying to allocate "));
    let at_tensor = text.last("OOM when allocating tensor with shape");
    let is_card = |said: &Passage| said.has("device:GPU") || said.has("GPU_") || said.before.contains("GPU_");
    let said = at_tensor.or(allocator)?;
    let (memory, cures) = if is_card(&said) { (Memory::Vram, FRAMEWORK) } else { (Memory::Ram, HOST) };
    let device = said.device_after("device:GPU:");
    // The allocator is that of both, and says where it was built.
    let tool = if text.has_any(&["external/xla", "jax"]) { Tool::Jax } else { Tool::TensorFlow };
    Some(Finding::new(said.at, tool, memory, Kind::Lack).with(asked(bytes)).on(device).cured(cures))
}

/// What XLA says of a program that it could not make small enough, before it runs.
fn planned(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last("Can't reduce memory use below ")?;
    let amounts = Amounts {
        asked: said.amount_after("only reduced to "),
        total: said.amount_after("memory use below "),
        ..Amounts::default()
    };
    Some(Finding::new(said.at, tool(text), Memory::Vram, Kind::Lack).with(amounts).cured(FRAMEWORK))
}

/// A remark on a large piece of RAM that was given all the same.
fn much_of_ram(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last("Allocation of ").filter(|said| said.has("of free system memory"))?;
    let finding = Finding::new(said.at, tool(text), Memory::None, Kind::NotMemory);
    let finding = finding.with(asked(said.whole_after("Allocation of "))).noted(super::cure::Note::NothingFull);
    Some(Finding { kind: None, ..finding })
}

/// The driver's refusal of a block that the allocator wanted.
fn driver(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last("failed to allocate ").filter(|said| said.has("from device: CUDA_ERROR_OUT_OF_MEMORY"))?;
    let finding = Finding::new(said.at, tool(text), Memory::Vram, Kind::Lack);
    Some(
        finding
            .with(asked(said.amount_after("(").or_else(|| said.amount_after("allocate "))))
            .cured(FRAMEWORK)
            .look(&[Look::CardInUse]),
    )
}
