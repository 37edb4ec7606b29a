//! `PyTorch`'s memory summary, and what `nvidia-smi` shows.

use super::sizes::mib;
use super::{Amount, LogTool, Part, Place, RuntimeLog, amount};
use crate::text::scan;
use crate::units::MIB;

/// `torch.cuda.memory_summary`: what was given out at the peak.
pub(super) fn summary(text: &str, log: &mut RuntimeLog) {
    if !scan::has(text, "Allocated memory") {
        return;
    }
    let mut device = 0;
    for line in text.lines() {
        if let Some((_, rest)) = line.split_once("memory summary, device ID ") {
            device = rest.split([' ', '|']).next().and_then(|number| number.parse().ok()).unwrap_or(0);
        }
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        if let ["Allocated memory", _, peak, ..] = cells.as_slice()
            && let Some(peak) = amount(peak)
        {
            log.tool = log.tool.or(Some(LogTool::PyTorch));
            log.set(Place::Device(device), Part::Allocated, peak);
        }
    }
}

/// `nvidia-smi`: what is in use of each card, and by whom.
pub(super) fn nvidia_smi(text: &str, log: &mut RuntimeLog) {
    if !scan::has(text, "MiB") || !scan::has(text, "|") {
        return;
    }
    let mut device = None;
    let mut programs: Vec<u64> = Vec::new();
    for line in text.lines() {
        let cells = line.trim_start_matches(['|', ' ']);
        if let Some((number, rest)) = cells.split_once(' ')
            && line.trim_start().starts_with('|')
            && let Ok(number) = number.parse::<u32>()
            && !line.contains("MiB")
        {
            device = Some(number);
            // The name ends where the columns beside it begin.
            let name = rest.trim_start().split("  ").next().unwrap_or_default();
            let name = name.trim_end_matches([' ', '|']).trim_end_matches(" Off").trim_end_matches(" On");
            if name.chars().any(char::is_alphabetic) {
                log.cards.entry(number).or_default().name.get_or_insert_with(|| name.to_owned());
            }
        }
        if let Some((used, total)) = line.split_once("MiB /").or_else(|| line.split_once("MiB/")) {
            let used = used.rsplit([' ', '|']).next().and_then(mib);
            let total = total.trim_start().split("MiB").next().and_then(|total| mib(total.trim()));
            if let (Some(used), Some(total), Some(device)) = (used, total, device) {
                log.tool = log.tool.or(Some(LogTool::NvidiaSmi));
                log.cards.entry(device).or_default().total = Some(total);
                log.set(Place::Device(device), Part::Used, Amount { bytes: used, digit: MIB });
            }
        } else if let Some((before, _)) = line.trim_end_matches(['|', ' ']).rsplit_once("MiB")
            && line.trim_start().starts_with('|')
        {
            programs.extend(before.rsplit(' ').next().and_then(mib));
        }
    }
    // The largest is the one that is looked at.
    let largest = programs.iter().copied().max();
    if programs.len() > 1
        && let Some(largest) = largest
    {
        log.others = Some(programs.iter().copied().fold(0, u64::saturating_add) - largest);
    }
}
