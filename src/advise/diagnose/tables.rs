//! More tools that show what is in use: `top`, `/proc/meminfo`, `docker stats`, `amd-smi`, the short table of `rocm-smi`, and
//! `nvidia-smi` asked for single columns.

use super::amount;
use super::finding::{Finding, Kind, Memory, Tool};
use super::lists::QUOTA;
use super::pasted::Pasted;
use super::status::{Usage, card, of_ram};

/// From so many percent on a memory is full.
const FULL_PERCENT: f64 = 95.0;

/// What one of them shows.
pub(super) fn tables(text: &Pasted<'_>) -> Option<Finding> {
    [nvidia_query, amd_smi, rocm_table, docker_stats, top, meminfo].iter().find_map(|rule| rule(text))
}

/// The fullest of several, by its place in the list.
pub(super) fn fullest(all: &[Usage]) -> Option<(u32, Usage)> {
    let share = |usage: Usage| usage.used.saturating_mul(1000) / usage.total.max(1);
    let (place, usage) =
        all.iter().enumerate().max_by_key(|(place, usage)| (share(**usage), std::cmp::Reverse(*place)))?;
    Some((u32::try_from(place).ok()?, *usage))
}

/// `memory.used [MiB], memory.total [MiB]`, each row as the head says.
fn nvidia_query(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last("memory.used [MiB]").filter(|_| text.has_any(&["memory.total [MiB]"]))?;
    let mut lines = text.lines().skip_while(|line| !line.contains("memory.used [MiB]"));
    let head: Vec<&str> = lines.next()?.split(',').map(str::trim).collect();
    let column = |name: &str| head.iter().position(|cell| cell.starts_with(name));
    let (used, total) = (column("memory.used")?, column("memory.total")?);
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        Some(Usage { used: amount::leading(cells.get(used)?)?, total: amount::leading(cells.get(total)?)? })
    };
    let (device, usage) = fullest(&lines.map_while(row).collect::<Vec<_>>())?;
    Some(card(said.at, Tool::NvidiaSmi, usage, 0).on(Some(device)))
}

/// `amd-smi monitor`: used and total at the end of each row, or both in one cell.
fn amd_smi(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(&["VRAM_USED", "VRAM_USAGE"])?;
    let lines = text.lines().skip_while(|line| !line.contains("VRAM_US")).skip(1);
    let row = |line: &str| -> Option<Usage> {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.first()?.parse::<u32>().ok()?;
        if let Some(at) = words.iter().rposition(|word| word.contains('/')) {
            let pair = words.get(at..)?.concat();
            let (used, total) = pair.split_once('/')?;
            let unit: String = total.chars().filter(char::is_ascii_alphabetic).take(2).collect();
            return Some(Usage { used: amount::leading(&format!("{used}{unit}"))?, total: amount::leading(total)? });
        }
        let amounts: Vec<u64> =
            words.windows(2).filter_map(|pair| amount::leading(&format!("{} {}", pair[0], pair[1]))).collect();
        let [.., used, total] = amounts[..] else { return None };
        Some(Usage { used, total })
    };
    let (device, usage) = fullest(&lines.filter_map(row).collect::<Vec<_>>())?;
    Some(card(said.at, Tool::RocmSmi, usage, 0).on(Some(device)))
}

/// `rocm-smi` without options: how full VRAM is, in percent, before the load.
fn rocm_table(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last("VRAM%")?;
    let lines = text.lines().skip_while(|line| !line.contains("VRAM%")).skip(1);
    let percent = |line: &str| -> Option<f64> {
        line.split_whitespace().next()?.parse::<u32>().ok()?;
        let shares: Vec<f64> =
            line.split_whitespace().filter_map(|word| word.strip_suffix('%')?.parse().ok()).collect();
        let [.., vram, _] = shares[..] else { return None };
        Some(vram)
    };
    let all: Vec<f64> = lines.filter_map(percent).collect();
    let (device, vram) = all.iter().enumerate().max_by(|one, other| one.1.total_cmp(other.1))?;
    let whole = |share: f64| if share >= FULL_PERCENT { Usage::FULL } else { Usage::EMPTY };
    let mut finding = card(said.at, Tool::RocmSmi, whole(*vram), 0).on(u32::try_from(device).ok());
    // Of the amounts it says nothing.
    finding.amounts = super::finding::Amounts::default();
    Some(finding)
}

/// `docker stats`: a container at its limit.
fn docker_stats(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last("MEM USAGE / LIMIT")?;
    let row = |line: &str| -> Option<Usage> {
        let (before, after) = line.split_once(" / ")?;
        Some(Usage { used: amount::trailing(before)?, total: amount::leading(after)? })
    };
    let rows = text.lines().skip_while(|line| !line.contains("MEM USAGE / LIMIT")).skip(1).filter_map(row);
    let (_, usage) = fullest(&rows.collect::<Vec<_>>())?;
    if !usage.is_full() {
        return Some(of_ram(said.at, Tool::Container, usage));
    }
    Some(Finding::new(said.at, Tool::Container, Memory::Ram, Kind::Limit).with(usage.amounts()).cured(QUOTA))
}

/// The head of `top`: `MiB Mem :  31930.4 total,    220.1 free, …` and `300.2 avail Mem`.
fn top(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(&["MiB Mem :", "GiB Mem :", "KiB Mem :"])?;
    let unit = ["MiB", "GiB", "KiB"].into_iter().find(|unit| said.begins(unit))?;
    let of = |words: &str| -> Option<u64> {
        let before = said.text_before(words)?.trim_end();
        let number = before.rsplit([' ', ',']).next()?;
        amount::leading(&format!("{number} {unit}"))
    };
    let total = of(" total,")?;
    let free = of(" avail Mem").or_else(|| of(" free,"))?;
    Some(of_ram(said.at, Tool::Free, Usage { used: total.saturating_sub(free), total }))
}

/// `/proc/meminfo`.
fn meminfo(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last("MemTotal:")?;
    let of = |words: &str| text.last(words)?.amount_after(words);
    let (total, free) = (of("MemTotal:")?, of("MemAvailable:")?);
    Some(of_ram(said.at, Tool::Free, Usage { used: total.saturating_sub(free), total }))
}
