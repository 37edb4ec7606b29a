//! `PyTorch`: its allocators for cards (CUDA, HIP, XPU, NPU), for Apple's GPU, and for RAM.
//!
//! The sentences are those of `c10/cuda/CUDACachingAllocator.cpp` (three wordings since 2018),
//! `aten/src/ATen/mps/MPSAllocator.mm` and `c10/core/impl/alloc_cpu.cpp`.

use super::cure::{Cure, Look, Note};
use super::finding::{Amounts, Finding, Kind, Memory, Tool};
use super::pasted::{Passage, Pasted};

/// What a program takes of a card beside its allocator: context and libraries, in bytes.
const CONTEXT: u64 = 1 << 30;
/// What a driver keeps of what it calls free, in bytes and as one part in so many of what is asked.
const MARGIN: u64 = 128 << 20;
const MARGIN_SHARE: u64 = 16;
/// What lies unused in pieces counts from one part in so many of what is used on.
const PIECES_SHARE: u64 = 20;
/// From this share of a card on, others are what fills it.
const OTHERS_SHARE: u64 = 4;

const LACK: &[Cure] =
    &[Cure::FewerBits, Cure::SmallerBatch, Cure::ShorterContext, Cure::Checkpointing, Cure::MoreCards, Cure::Offload];
const IN_PIECES: &[Cure] = &[Cure::ExpandableSegments, Cure::SmallerBatch, Cure::FewerBits];
const OTHERS: &[Cure] = &[Cure::FreeOthers, Cure::FewerBits, Cure::SmallerBatch];
const FRACTION: &[Cure] = &[Cure::RaiseFraction, Cure::FewerBits, Cure::SmallerBatch];
const POOL: &[Cure] = &[Cure::FewerBits, Cure::SmallerBatch, Cure::ShorterContext, Cure::WiredLimit];
const RAM: &[Cure] = &[Cure::FewerBits, Cure::StreamData, Cure::FreeRam, Cure::MoreRam];

/// What the allocator of a card says.
struct Said {
    amounts: Amounts,
    /// What it was allowed, where it may not take the whole card.
    allowed: Option<u64>,
    /// What it gave out.
    allocated: Option<u64>,
    /// What other programs hold, where it can be told.
    others: Option<u64>,
}

impl Said {
    fn read(said: &Passage) -> Self {
        let allocated =
            said.amount_after("Of the allocated memory ").or_else(|| said.amount_before(" already allocated"));
        let reserved = said.amount_before(" reserved in total by PyTorch");
        let unused = said
            .amount_before(" is reserved by PyTorch but unallocated")
            .or_else(|| Some(reserved?.saturating_sub(allocated?)))
            // Before 1.4 "cached" was what is held without being given out.
            .or_else(|| said.amount_before(" cached)"));
        let amounts = Amounts {
            asked: said.amount_after("ried to allocate "),
            // "capacty" is how 2.1 spelled it.
            total: ["total capacity of ", "total capacty of "]
                .iter()
                .find_map(|words| said.amount_after(words))
                .or_else(|| said.amount_before(" total capacity")),
            free: said.amount_before(" is free").or_else(|| said.amount_before(" free;")),
            reserved_unallocated: unused,
        };
        let own = allocated.zip(unused).map(|(allocated, unused)| allocated.saturating_add(unused));
        let others = others(said, own).or_else(|| {
            let held = amounts.total?.checked_sub(amounts.free?)?.checked_sub(own?)?;
            held.checked_sub(CONTEXT)
        });
        Self { amounts, allowed: said.amount_before(" allowed;"), allocated, others }
    }

    fn kind(&self) -> Option<Kind> {
        let Amounts { asked, free, total, reserved_unallocated } = self.amounts;
        if let (Some(allowed), Some(total)) = (self.allowed, total)
            && allowed < total
        {
            return Some(Kind::Limit);
        }
        let (Some(asked), Some(free)) = (asked, free) else { return Some(Kind::Lack) };
        if free > asked.saturating_add(asked / MARGIN_SHARE).saturating_add(MARGIN) {
            return None;
        }
        let held = self.others.unwrap_or_default();
        if total.is_some_and(|total| held >= total / OTHERS_SHARE) && held >= asked.saturating_sub(free) {
            return Some(Kind::OtherProcess);
        }
        // A little lies unused in every run: to win that back would only put the end off.
        let much = |unused: u64| self.allocated.is_none_or(|allocated| unused >= allocated / PIECES_SHARE);
        let in_pieces = reserved_unallocated.is_some_and(|unused| unused >= asked && much(unused));
        Some(if in_pieces { Kind::Fragmentation } else { Kind::Lack })
    }
}

/// What other programs are said to hold. In a container the program does not know itself: it is the one that holds what
/// this allocator holds.
fn others(said: &Passage, own: Option<u64>) -> Option<u64> {
    let mut rest = said.after("is free. ")?;
    let mut held: Vec<u64> = Vec::new();
    while let Some(at) = rest.find("Process ") {
        rest = &rest[at + "Process ".len()..];
        held.extend(rest.split_once(" has ").and_then(|(_, amount)| super::amount::leading(amount)));
    }
    if held.is_empty() {
        return None;
    }
    if !said.has("this process has")
        && let Some(own) = own
        && let Some(itself) = held.iter().position(|held| (own..own.saturating_add(2 * CONTEXT)).contains(held))
    {
        held.remove(itself);
    }
    Some(held.iter().fold(0_u64, |sum, held| sum.saturating_add(*held)))
}

/// A card's memory.
pub(super) fn card(text: &Pasted<'_>) -> Option<Finding> {
    let said =
        text.last("ried to allocate ").filter(|said| said.has("capac") || said.before.contains("out of memory"))?;
    if said.before.contains("MPS backend out of memory") {
        return None;
    }
    let device = ["GPU ", "NPU ", "XPU ", "MLU "].iter().find_map(|words| said.device_after(words));
    Some(judged(said.at, &Said::read(&said), device))
}

/// The allocator that leaves its blocks to the driver (`c10/cuda/CUDAMallocAsyncAllocator.cpp`). Where nobody set a share it
/// prints one that no card has.
pub(super) fn driver_pool(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last("Allocation on device").filter(|said| {
        said.has("would exceed allowed memory") || said.has("out of memory") || said.before.contains("OutOfMemory")
    })?;
    let amounts = Amounts {
        asked: said.amount_after("Requested : "),
        free: said.amount_after("Free (according to CUDA): "),
        total: said.amount_after("Device limit : "),
        reserved_unallocated: None,
    };
    let allowed = said.amount_after("memory fraction) : ");
    let allocated = said.amount_after("Currently allocated : ");
    let read = Said { amounts, allowed, allocated, others: None };
    Some(judged(said.at, &read, said.device_after("Allocation on device ")))
}

/// What the figures of an allocator come to.
fn judged(at: usize, read: &Said, device: Option<u32>) -> Finding {
    let kind = read.kind();
    let mut finding =
        Finding::new(at, Tool::PyTorch, Memory::Vram, kind.unwrap_or(Kind::Lack)).with(read.amounts).on(device);
    finding.cures = match kind {
        Some(Kind::Fragmentation) => IN_PIECES,
        Some(Kind::OtherProcess) => OTHERS,
        Some(Kind::Limit) => FRACTION,
        _ => LACK,
    };
    if kind.is_none() {
        finding = Finding { kind, memory: Memory::Unknown, cures: &[], ..finding }
            .noted(Note::MoreFreeThanAsked)
            .look(&[Look::CardInUse, Look::RamInUse, Look::Limits]);
    } else if read.allocated.zip(read.amounts.total).is_some_and(|(allocated, total)| allocated > total) {
        finding = finding.noted(Note::SpillsSilently);
    }
    finding
}

/// Apple's one pool.
pub(super) fn apple(text: &Pasted<'_>) -> Option<Finding> {
    if let Some(said) = text.last("Invalid buffer size: ") {
        let amounts = Amounts { asked: said.amount_after("buffer size: "), ..Amounts::default() };
        let finding = Finding::new(said.at, Tool::PyTorch, Memory::Vram, Kind::Limit).with(amounts);
        return Some(finding.cured(&[Cure::SmallerBatch, Cure::ShorterContext]).noted(Note::OneBuffer));
    }
    if let Some(said) = text.last("total bytes of NDArray > 2**") {
        let finding = Finding::new(said.at, Tool::PyTorch, Memory::Vram, Kind::Limit);
        return Some(finding.cured(&[Cure::SmallerBatch, Cure::ShorterContext]).noted(Note::OneBuffer));
    }
    let said = text.last("MPS backend out of memory")?;
    let total = said.amount_after("max allowed: ");
    let used = said.amount_after("MPS allocated: ").zip(said.amount_after("other allocations: "));
    let free = total.zip(used).map(|(total, (own, other))| total.saturating_sub(own.saturating_add(other)));
    let amounts = Amounts { asked: said.amount_after("Tried to allocate "), free, total, reserved_unallocated: None };
    Some(Finding::new(said.at, Tool::PyTorch, Memory::Vram, Kind::Limit).with(amounts).cured(POOL).noted(Note::OnePool))
}

/// RAM.
pub(super) fn ram(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(&["DefaultCPUAllocator: ", "Torch: not enough memory: "])?;
    let asked = said.amount_after("you tried to allocate ");
    let amounts = Amounts { asked, ..Amounts::default() };
    let finding = Finding::new(said.at, Tool::PyTorch, Memory::Ram, Kind::Lack).with(amounts);
    Some(super::status::beside_free_ram(text, finding.cured(RAM)))
}

/// A file that cannot be laid over addresses, or a piece of shared memory that cannot be made.
pub(super) fn mapping(text: &Pasted<'_>) -> Option<Finding> {
    let shm = text.last_of(&[
        "unable to open shared memory object <",
        "unable to allocate shared memory(shm)",
        "unable to write to file </torch_",
    ]);
    if let Some(said) = shm {
        if said.has("Too many open files") {
            return Some(
                Finding::new(said.at, Tool::PyTorch, Memory::None, Kind::NotMemory)
                    .cured(&[Cure::OpenFiles, Cure::FewerWorkers]),
            );
        }
        return Some(Finding::new(said.at, Tool::PyTorch, Memory::Shm, Kind::Limit).cured(super::lists::SHM));
    }
    let said = text.last("unable to mmap ").filter(|said| said.has("Cannot allocate memory"))?;
    let amounts = Amounts { asked: said.amount_after("unable to mmap "), ..Amounts::default() };
    Some(
        Finding::new(said.at, Tool::PyTorch, Memory::AddressSpace, Kind::Limit)
            .with(amounts)
            .cured(super::lists::ADDRESSES),
    )
}
