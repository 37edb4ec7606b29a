//! More listings of what is in use: `nvidia-smi -q`, `gpustat`, `ollama ps`, the head of macOS' `top`.

use super::amount;
use super::finding::{Finding, Kind, Memory, Tool};
use super::lists::CARD;
use super::pasted::Pasted;
use super::status::{Usage, card, of_ram};
use super::tables::fullest;

/// What one of them shows.
pub(super) fn listings(text: &Pasted<'_>) -> Option<Finding> {
    [nvidia_log, gpustat, ollama_ps, top_of_macos].iter().find_map(|rule| rule(text))
}

/// `nvidia-smi -q -d MEMORY`: a section of lines for each card, `Total : 24564 MiB`.
fn nvidia_log(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last("FB Memory Usage")?;
    let mut cards: Vec<Usage> = Vec::new();
    let mut section: Option<(Option<u64>, Option<u64>)> = None;
    for line in text.lines() {
        if line.contains("FB Memory Usage") {
            section = Some((None, None));
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        let Some((total, free)) = &mut section else { continue };
        match name.trim() {
            "Total" => *total = amount::leading(value),
            "Free" => *free = amount::leading(value),
            _ => continue,
        }
        if let (Some(total), Some(free)) = (*total, *free) {
            cards.push(Usage { used: total.saturating_sub(free), total });
            // What follows tells of another memory.
            section = None;
        }
    }
    let (device, usage) = fullest(&cards)?;
    Some(card(said.at, Tool::NvidiaSmi, usage, 0).on(Some(device)))
}

/// `[1] NVIDIA A100-SXM4-40GB | 61°C,  97 % | 40421 / 40960 MB | a(40411M)`
fn gpustat(text: &Pasted<'_>) -> Option<Finding> {
    if !text.has_any(&["C, "]) || !text.has_any(&[" MB |"]) {
        return None;
    }
    let row = |line: &str| -> Option<(Usage, usize)> {
        let mut cells = line.trim_start().strip_prefix('[')?.split('|').skip(2);
        let (used, total) = cells.next()?.split_once('/')?;
        let total = total.trim();
        total.ends_with("MB").then_some(())?;
        let programs = cells.next().map_or(0, |cell| cell.matches("M)").count());
        let used = amount::leading(&format!("{} MB", used.trim()))?;
        Some((Usage { used, total: amount::leading(total)? }, programs))
    };
    let rows: Vec<(Usage, usize)> = text.lines().filter_map(row).collect();
    let (device, usage) = fullest(&rows.iter().map(|row| row.0).collect::<Vec<_>>())?;
    let programs = rows.get(usize::try_from(device).ok()?)?.1;
    let at = text.last(" MB |")?.at;
    Some(Finding { tool: None, ..card(at, Tool::NvidiaSmi, usage, programs) }.on(Some(device)))
}

/// A model that `ollama ps` shows in two memories: the card had no room for all of it.
fn ollama_ps(text: &Pasted<'_>) -> Option<Finding> {
    text.last("PROCESSOR").filter(|said| said.has("UNTIL"))?;
    let said = text.last("% CPU/GPU")?;
    Some(Finding::new(said.at, Tool::Ollama, Memory::Vram, Kind::Lack).cured(CARD))
}

/// `PhysMem: 63G used (4G wired, 20G compressor), 214M unused.`
fn top_of_macos(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last("PhysMem: ")?;
    let used = said.amount_after("PhysMem: ")?;
    let free = said.amount_before(" unused")?;
    let finding = of_ram(said.at, Tool::Free, Usage { used, total: used.saturating_add(free) });
    Some(Finding { tool: None, ..finding })
}
