//! The same from what is watched on a machine instead of what a program said: which memory is full just now. And what people saw where no
//! program said anything.

use super::cure::{Cure, Look, Note};
use super::finding::{Amounts, Finding, Kind, Memory};
use super::lists::{CARD, QUOTA, SYSTEM};

/// Less than one part in so many is free: full.
const FULL: u64 = 20;
/// RAM with less than one part in so many free, while swap is in use, makes everything slow.
const SLOW: u64 = 10;
/// Less swap than this in use lies there from long ago.
const SWAPPED: u64 = 1 << 30;

/// A card that several programs fill.
const SHARED: &[Cure] = &[Cure::FreeOthers, Cure::FewerBits, Cure::MoreCards];

/// A memory at one moment, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// What nothing holds.
    pub free: u64,
    /// All of it.
    pub total: u64,
}

impl Level {
    fn is_full(self) -> bool {
        self.total > 0 && self.free < self.total / FULL
    }

    const fn amounts(self) -> Amounts {
        Amounts { asked: None, free: Some(self.free), total: Some(self.total), reserved_unallocated: None }
    }
}

/// What is watched of a machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watched {
    /// VRAM device by device, and how many programs hold some of it.
    pub devices: Vec<(Option<Level>, usize)>,
    /// RAM that programs can have.
    pub ram: Option<Level>,
    /// That is less than there is: somebody allots it.
    pub is_allotted: bool,
    /// Swap.
    pub swap: Option<Level>,
}

/// Which memory is full just now, the one that ends programs first; `None` where nothing is told.
pub fn watched(seen: &Watched) -> Option<Finding> {
    let new = |memory, kind, level: Level| {
        let finding = Finding { tool: None, ..Finding::untold(0, None, &[]) };
        Finding { memory, kind: Some(kind), ..finding }.with(level.amounts())
    };
    let fullest = (0..)
        .zip(&seen.devices)
        .filter_map(|(number, (level, programs))| Some((number, (*level)?, *programs)))
        .filter(|(_, level, _)| level.is_full())
        .min_by_key(|(_, level, _)| level.free.saturating_mul(1000) / level.total.max(1));
    if let Some(ram) = seen.ram
        && ram.is_full()
    {
        let (kind, cures) = if seen.is_allotted { (Kind::Limit, QUOTA) } else { (Kind::Lack, SYSTEM) };
        return Some(new(Memory::Ram, kind, ram).cured(cures));
    }
    if let Some((number, level, programs)) = fullest {
        let (kind, cures) = if programs > 1 { (Kind::OtherProcess, SHARED) } else { (Kind::Lack, CARD) };
        return Some(new(Memory::Vram, kind, level).on(Some(number)).cured(cures));
    }
    if let Some((ram, swap)) = seen.ram.zip(seen.swap)
        && ram.free < ram.total / SLOW
        && swap.total.saturating_sub(swap.free) >= SWAPPED
    {
        return Some(new(Memory::Swap, Kind::Lack, swap).cured(SYSTEM));
    }
    let any = seen.ram.or_else(|| seen.devices.iter().find_map(|(level, _)| *level))?;
    let mut finding = new(Memory::None, Kind::NotMemory, any).noted(Note::NothingFull);
    finding.kind = None;
    Some(finding)
}

/// What people see where no program says anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Symptom {
    /// `Killed`, or exit code 137.
    Killed,
    /// Everything became slow, the disk works.
    Slow,
    /// On Windows: no error, but many times slower.
    SlowOnWindows,
    /// It closed without a word.
    Silent,
}

impl Symptom {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Killed, Self::Slow, Self::SlowOnWindows, Self::Silent];

    /// What it points to, as far as that can be told.
    pub fn finding(self) -> Finding {
        const KILLED: &[Look] = &[Look::KernelLog, Look::Container, Look::RamInUse];
        const SILENT: &[Look] = &[Look::LinesBefore, Look::KernelLog, Look::RamInUse, Look::CardInUse];
        const LENT: &[Cure] = &[Cure::FewerBits, Cure::ShorterContext, Cure::NoFallback, Cure::MoreCards];
        let untold = Finding::untold(0, None, KILLED);
        let of = |memory, finding: Finding| Finding { memory, kind: Some(Kind::Lack), ..finding };
        match self {
            Self::Killed => untold.noted(Note::KilledBySomeone),
            Self::Slow => of(Memory::Swap, Finding::untold(0, None, &[Look::RamInUse]).cured(SYSTEM)),
            Self::SlowOnWindows => {
                let lent = Finding::untold(0, None, &[Look::CardInUse]).cured(LENT);
                of(Memory::Shared, lent.noted(Note::SpillsSilently))
            }
            Self::Silent => Finding::untold(0, None, SILENT),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;

    #[expect(clippy::unnecessary_wraps, reason = "a level may be unknown")]
    fn level(free: u64, total: u64) -> Option<Level> {
        Some(Level { free: free * GIB, total: total * GIB })
    }

    #[test]
    fn the_memory_that_is_full_is_told() {
        let of = |seen: &Watched| watched(seen).map(|it| (it.memory, it.kind, it.device));
        let calm = Watched { devices: vec![(level(20, 24), 1)], ram: level(40, 64), ..Watched::default() };
        assert_eq!(of(&calm), Some((Memory::None, None, None)));
        let card = Watched { devices: vec![(level(20, 24), 1), (level(0, 24), 1)], ..calm.clone() };
        assert_eq!(of(&card), Some((Memory::Vram, Some(Kind::Lack), Some(1))));
        let shared = Watched { devices: vec![(level(1, 24), 3)], ..calm.clone() };
        assert_eq!(of(&shared), Some((Memory::Vram, Some(Kind::OtherProcess), Some(0))));
        let ram = Watched { ram: level(1, 64), ..calm.clone() };
        assert_eq!(of(&ram), Some((Memory::Ram, Some(Kind::Lack), None)));
        let limit = Watched { ram: level(0, 16), is_allotted: true, ..calm.clone() };
        assert_eq!(of(&limit), Some((Memory::Ram, Some(Kind::Limit), None)));
        let swapping = Watched { ram: level(4, 64), swap: level(2, 8), ..calm };
        assert_eq!(of(&swapping), Some((Memory::Swap, Some(Kind::Lack), None)));
        assert_eq!(of(&Watched::default()), None, "nothing is told");
    }

    #[test]
    fn every_symptom_says_where_to_look_or_what_helps() {
        for symptom in Symptom::ALL {
            let found = symptom.finding();
            assert!(!found.looks.is_empty() || !found.cures.is_empty(), "{symptom:?}");
        }
    }
}
