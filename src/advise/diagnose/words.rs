//! A finding in words.

use super::{Finding, Kind, Memory};
use crate::text::{Join, Key, Locale, Placeholder, gib};

impl Memory {
    /// Its name; `None` where no memory is meant.
    pub const fn word(self) -> Option<Key> {
        Some(match self {
            Self::Vram => Key::MemoryNameVram,
            Self::Ram => Key::MemoryNameRam,
            Self::Swap => Key::MemoryNameSwap,
            Self::Shared => Key::MemoryNameShared,
            Self::AddressSpace => Key::MemoryNameAddressSpace,
            Self::Shm => Key::MemoryNameShm,
            Self::Disk => Key::MemoryNameDisk,
            Self::None | Self::Unknown => return None,
        })
    }
}

/// Which memory, and how it ran out, in one sentence.
pub fn headline(finding: &Finding, locale: Locale) -> String {
    let Some(memory) = finding.memory.word() else {
        let key = match (finding.memory, finding.kind) {
            (Memory::Unknown, _) => Key::RanOutUnknown,
            (_, Some(_)) => Key::RanOutNot,
            (_, None) => Key::RanOutNothing,
        };
        return locale.word(key).to_owned();
    };
    let key = match finding.kind {
        Some(Kind::Fragmentation) => Key::RanOutFragmentation,
        Some(Kind::OtherProcess) => Key::RanOutOtherProcess,
        Some(Kind::Limit) => Key::RanOutLimit,
        Some(Kind::Lack | Kind::NotMemory) | None => Key::RanOutLack,
    };
    locale.sentence(key, &[(Placeholder::Name, locale.word(memory))])
}

/// What the text counts, and who said it; `None` where it does neither.
pub fn figures(finding: &Finding, locale: Locale) -> Option<String> {
    let amounts = finding.amounts;
    let value = |key, bytes: u64| locale.sentence(key, &[(Placeholder::Value, &amount(bytes))]);
    let asked = amounts.asked.map(|bytes| value(Key::RanOutAsked, bytes));
    let free = match (amounts.free, amounts.total) {
        (Some(free), Some(total)) => {
            let holes = [(Placeholder::Value, &*amount(free)), (Placeholder::Other, &*amount(total))];
            Some(locale.sentence(Key::RanOutFreeOf, &holes))
        }
        (Some(free), None) => Some(value(Key::RanOutFree, free)),
        (None, total) => total.map(|total| value(Key::RanOutTotal, total)),
    };
    let unused = amounts.reserved_unallocated.map(|bytes| value(Key::RanOutUnused, bytes));
    let device =
        finding.device.map(|device| locale.sentence(Key::RanOutDevice, &[(Placeholder::Count, &device.to_string())]));
    let tool = finding.tool.map(|tool| locale.sentence(Key::RanOutTool, &[(Placeholder::Name, tool.name())]));
    let said: Vec<String> = [asked, free, unused, device, tool].into_iter().flatten().collect();
    (!said.is_empty()).then(|| locale.join(Join::Clauses, said.iter().map(String::as_str)))
}

/// An amount of memory: below a hundredth of a GiB in smaller units: a card may lack 20 MiB.
pub fn amount(bytes: u64) -> String {
    const SMALL: u64 = (1 << 30) / 10;
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..SMALL => format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20)),
        _ => gib(bytes as f64 / f64::from(1 << 30), 2),
    }
}
