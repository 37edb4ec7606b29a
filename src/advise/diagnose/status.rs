//! What is in use: `nvidia-smi`, `rocm-smi`, `free`, `df`, the task manager.

use super::amount;
use super::cure::{Cure, Look, Note};
use super::finding::{Amounts, Finding, Kind, Memory, Tool};
use super::localized::{OWN_GPU, SHARED_GPU};
use super::pasted::Pasted;

/// Less than one part in so many is free: full.
const FULL: u64 = 20;

const CARD: &[Cure] = &[Cure::FewerBits, Cure::SmallerCache, Cure::ShorterContext, Cure::MoreCards, Cure::Offload];
const RAM: &[Cure] = &[Cure::FewerBits, Cure::StreamData, Cure::FreeRam, Cure::MoreRam];

/// The rows of `free`, which are translated where its head is not.
const RAM_ROW: &[&str] =
    &["Mem:", "内存：", "記憶體：", "Speicher:", "Mem.:", "Mem :", "Память:", "メモリ:", "메모리:"];
const SWAP_ROW: &[&str] =
    &["Swap:", "交换：", "置換：", "Auslager:", "Échange:", "Swap :", "Подкачка:", "スワップ:", "스왑:"];
/// Where all of RAM is less than these, plain figures are GiB, or MiB; else they are KiB, which `free` shows by itself.
const GIB_BELOW: u64 = 1024;
const MIB_BELOW: u64 = 2_500_000;

/// The last columns of `df`'s head.
const HEAD_OF_DF: &[[&str; 2]] = &[
    ["Use%", "Mounted on"],
    ["已用%", "挂载点"],
    ["Verw%", "Eingehängt auf"],
    ["Uti%", "Monté sur"],
    ["Uso%", "Montado en"],
    ["使用%", "マウント位置"],
    ["Использовано%", "Смонтировано в"],
];

/// Used and all of one memory, in bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usage {
    pub(super) used: u64,
    pub(super) total: u64,
}

impl Usage {
    /// Of an amount that nobody told.
    pub(super) const FULL: Self = Self { used: u64::MAX, total: u64::MAX };
    pub(super) const EMPTY: Self = Self { used: 0, total: u64::MAX };

    fn free(self) -> u64 {
        self.total.saturating_sub(self.used)
    }

    pub(super) fn is_full(self) -> bool {
        self.total > 0 && self.free() < self.total / FULL
    }

    pub(super) fn amounts(self) -> Amounts {
        Amounts { free: Some(self.free()), total: Some(self.total), ..Amounts::default() }
    }
}

/// One line of `free`, in bytes: what programs can still get counts, not what holds nothing.
struct Free {
    ram: Usage,
    swap: Option<Usage>,
}

impl Free {
    fn read(text: &Pasted<'_>) -> Option<Self> {
        let row = |names: &[&str]| -> Option<&str> {
            let line = text.lines().find(|line| names.iter().any(|name| line.trim_start().starts_with(name)))?;
            Some(line.split_once([':', '：'])?.1)
        };
        let ram = row(RAM_ROW)?;
        let unit = match ram.split_whitespace().next().map(str::parse::<u64>) {
            Some(Ok(total)) if total < GIB_BELOW => 1 << 30,
            Some(Ok(total)) if total < MIB_BELOW => 1 << 20,
            _ => 1 << 10,
        };
        let read = |word: &str| amount::leading(word).or_else(|| amount::whole(word)?.checked_mul(unit));
        let figures = |row: &str| row.split_whitespace().map_while(read).collect::<Vec<u64>>();
        let ram = figures(ram);
        let (total, used) = (*ram.first()?, *ram.get(1)?);
        // Before 2014 the last two columns were parts of what is used; its head was not translated.
        let is_old = text.lines().any(|line| line.contains("buffers") && line.contains("cached"));
        let free = match ram.get(5) {
            Some(cached) if is_old => ram.get(2)?.saturating_add(*ram.get(4)?).saturating_add(*cached),
            Some(available) => *available,
            None => total.saturating_sub(used),
        };
        let swap =
            row(SWAP_ROW).map(figures).and_then(|swap| Some(Usage { total: *swap.first()?, used: *swap.get(1)? }));
        Some(Self { ram: Usage { used: total.saturating_sub(free), total }, swap })
    }
}

/// An allocation that failed beside RAM that is free: not the RAM ran out, a limit did.
pub(super) fn beside_free_ram(text: &Pasted<'_>, finding: Finding) -> Finding {
    let Some(free) = Free::read(text) else { return finding };
    let amounts = Amounts { asked: finding.amounts.asked, ..free.ram.amounts() };
    let is_free = !free.ram.is_full() && finding.amounts.asked.is_none_or(|asked| asked < free.ram.free());
    if !is_free {
        return finding.with(amounts);
    }
    let untold = Finding {
        memory: Memory::Unknown,
        kind: Some(Kind::Limit),
        cures: &[Cure::ContainerLimit, Cure::AddressLimit],
        ..finding
    };
    untold.with(amounts).noted(Note::MoreFreeThanAsked).look(&[Look::Limits, Look::Container])
}

/// A card's lack without figures beside the table of what is in use: whose it is, how full, and whether others fill it.
pub(super) fn beside_cards(text: &Pasted<'_>, finding: Finding) -> Finding {
    let Some(table) = nvidia_smi(text).filter(|table| table.memory == Memory::Vram) else { return finding };
    let amounts = Amounts { asked: finding.amounts.asked, ..table.amounts };
    let device = finding.device.or(table.device);
    if table.kind != Some(Kind::OtherProcess) {
        return finding.with(amounts).on(device);
    }
    Finding { kind: table.kind, cures: table.cures, ..finding }.with(amounts).on(device)
}

/// `nvidia-smi`: the fullest card.
pub(super) fn nvidia_smi(text: &Pasted<'_>) -> Option<Finding> {
    let first = text.last("NVIDIA-SMI").or_else(|| text.last("Memory-Usage"))?;
    let mut cards: Vec<(Option<u32>, Usage)> = Vec::new();
    let mut device = None;
    for line in text.lines() {
        let cells = line.trim_start_matches(['|', ' ']);
        if let Some((number, _)) = cells.split_once(' ')
            && line.trim_start().starts_with('|')
            && let Ok(number) = number.parse::<u32>()
        {
            device = Some(number);
        }
        let pair = line.split_once("MiB /").or_else(|| line.split_once("MiB/"));
        if let Some((used, total)) = pair
            && let Some(used) = amount::trailing(&format!("{used}MiB"))
            && let Some(total) = amount::leading(total)
        {
            cards.push((device, Usage { used, total }));
        }
    }
    let (device, usage) = *cards.iter().max_by_key(|(_, usage)| usage.used * 1000 / usage.total.max(1))?;
    // Lines of programs carry one amount, lines of cards two.
    let programs = text.lines().filter(|line| line.contains("MiB") && line.matches("MiB").count() == 1).count();
    Some(card(first.at, Tool::NvidiaSmi, usage, programs).on(device))
}

pub(super) fn card(at: usize, tool: Tool, usage: Usage, programs: usize) -> Finding {
    if !usage.is_full() {
        return nothing(at, tool, usage);
    }
    let kind = if programs > 1 { Kind::OtherProcess } else { Kind::Lack };
    let cures = if programs > 1 { &[Cure::FreeOthers, Cure::FewerBits] } else { CARD };
    Finding::new(at, tool, Memory::Vram, kind).with(usage.amounts()).cured(cures)
}

/// All has room.
fn nothing(at: usize, tool: Tool, usage: Usage) -> Finding {
    let mut finding = Finding::new(at, tool, Memory::None, Kind::NotMemory).with(usage.amounts());
    finding.kind = None;
    finding.noted(Note::NothingFull)
}

/// `rocm-smi --showmeminfo vram`.
pub(super) fn rocm_smi(text: &Pasted<'_>) -> Option<Finding> {
    let of = |line: &str, words: &str| {
        line.split_once(words).and_then(|(_, rest)| amount::whole(rest.trim_start_matches([':', ' '])))
    };
    let at = text.last("VRAM Total Memory")?.at;
    let mut fullest: Option<(Option<u32>, Usage)> = None;
    let mut total = None;
    for line in text.lines() {
        total = of(line, "VRAM Total Memory (B)").or(total);
        let Some(used) = of(line, "VRAM Total Used Memory (B)") else { continue };
        let usage = Usage { used, total: total? };
        let device = line.split_once("GPU[").and_then(|(_, rest)| rest.split_once(']')?.0.parse().ok());
        if fullest.is_none_or(|(_, before)| usage.free() < before.free()) {
            fullest = Some((device, usage));
        }
    }
    let (device, usage) = fullest?;
    Some(card(at, Tool::RocmSmi, usage, 0).on(device))
}

/// `free`.
pub(super) fn free(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(RAM_ROW)?;
    let Free { ram, swap } = Free::read(text)?;
    if let Some(swap) = swap.filter(|swap| swap.is_full() && ram.free() < ram.total / 10) {
        return Some(Finding::new(said.at, Tool::Free, Memory::Swap, Kind::Lack).with(swap.amounts()).cured(RAM));
    }
    Some(of_ram(said.at, Tool::Free, ram))
}

/// RAM by what is in use of it.
pub(super) fn of_ram(at: usize, tool: Tool, ram: Usage) -> Finding {
    if !ram.is_full() {
        return nothing(at, tool, ram);
    }
    Finding::new(at, tool, Memory::Ram, Kind::Lack).with(ram.amounts()).cured(RAM)
}

/// `df`: shared memory or a disk without room.
pub(super) fn df(text: &Pasted<'_>) -> Option<Finding> {
    let is_head = |line: &str| HEAD_OF_DF.iter().any(|words| words.iter().all(|word| line.contains(word)));
    let head = text.lines().position(is_head)?;
    let full =
        text.lines().skip(head + 1).find(|line| line.split_whitespace().any(|word| matches!(word, "100%" | "99%")))?;
    let is_shm = full.contains("/dev/shm");
    let size = full
        .split_whitespace()
        .nth(1)
        .and_then(|word| amount::leading(word).or_else(|| amount::whole(word)?.checked_mul(1 << 10)));
    let amounts = Amounts { total: size, ..Amounts::default() };
    let at = text.last(full).map_or(0, |said| said.at);
    let (memory, kind, cures) = if is_shm {
        (Memory::Shm, Kind::Limit, super::lists::SHM)
    } else {
        (Memory::Disk, Kind::Lack, &[Cure::FreeDisk] as &[_])
    };
    Some(Finding::new(at, Tool::Df, memory, kind).with(amounts).cured(cures))
}

/// Windows' task manager: RAM lent to a full card.
pub(super) fn task_manager(text: &Pasted<'_>) -> Option<Finding> {
    let usage = |words: &[&str]| -> Option<Usage> {
        let said = text.last_of(words)?;
        let rest = words.iter().find_map(|words| said.after(words))?.trim_start_matches([':', '：', ' ']);
        let (used, total) = rest.split_once('/')?;
        let total = amount::leading(total)?;
        let unit = if used.trim_end().ends_with('B') { "" } else { " GB" };
        Some(Usage { used: amount::leading(&format!("{}{unit}", used.trim()))?, total })
    };
    let said = text.last_of(SHARED_GPU)?;
    let shared = usage(SHARED_GPU)?;
    let own = usage(OWN_GPU);
    if shared.used < 1 << 30 || own.is_some_and(|own| own.free() > own.total / 10) {
        return Some(nothing(said.at, Tool::Windows, own.unwrap_or(shared)));
    }
    let finding = Finding::new(said.at, Tool::Windows, Memory::Shared, Kind::Lack).with(shared.amounts());
    Some(
        finding
            .cured(&[Cure::FewerBits, Cure::ShorterContext, Cure::NoFallback, Cure::MoreCards])
            .noted(Note::SpillsSilently),
    )
}
