//! Which card of the catalog a driver means by a name and a memory size.

use super::card::{Card, PciId};
use crate::units::Bytes;

/// Words in a driver's name that tell cards of one maker apart from nothing.
const FILLER: &[&str] =
    &["nvidia", "geforce", "amd", "ati", "radeon", "instinct", "intel", "apple", "graphics", "gpu", "tm", "r", "c"];

/// How far the memory may lie from the card's, as a share: ECC takes 6.3 %, an Arc offers 6 % less.
const MEMORY_TOLERANCE: f64 = 0.1;

/// The card whose name is `driver_name` and whose memory is nearest to `memory`.
///
/// Every word counts: `RTX A1000` is no `A10`, and a `Laptop GPU` is not the desktop card. A name that NVML is known to
/// report wins over one that only reads alike.
pub(super) fn find<'a>(
    cards: impl Iterator<Item = &'a Card> + Clone,
    driver_name: &str,
    memory: Bytes,
) -> Option<&'a Card> {
    let wanted = words(driver_name);
    if wanted.is_empty() {
        return None;
    }
    let same = |name: &str| words(name) == wanted;
    let reported = cards.clone().filter(|card| card.nvml_name.as_deref().is_some_and(same));
    let named = cards.filter(|card| same(&card.name) || card.aliases.iter().any(|alias| same(alias)));
    nearest(reported, memory).or_else(|| nearest(named, memory))
}

/// The card with the chip `id` whose memory is nearest to `memory`; the first of several, those in laptops (or not) before
/// others. Where the memory is not known, only a chip with cards of one memory tells the card.
pub(super) fn find_chip<'a>(
    cards: impl Iterator<Item = &'a Card>,
    id: PciId,
    memory: Option<Bytes>,
    laptop: bool,
) -> Option<&'a Card> {
    let with_chip: Vec<&Card> = cards.filter(|card| card.pci_device_ids.contains(&id)).collect();
    let housed = with_chip.iter().copied().filter(|card| card.is_laptop() == laptop);
    if let Some(memory) = memory {
        return nearest(housed, memory).or_else(|| nearest(with_chip.iter().copied(), memory));
    }
    let first = housed.clone().next().or_else(|| with_chip.first().copied())?;
    with_chip.iter().all(|card| card.memory_gib == first.memory_gib).then_some(first)
}

/// The card with the memory nearest to `memory`, if any is near enough.
fn nearest<'a>(cards: impl Iterator<Item = &'a Card>, memory: Bytes) -> Option<&'a Card> {
    cards
        .map(|card| (distance(card, memory), card))
        .filter(|&(distance, _)| distance <= MEMORY_TOLERANCE)
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, card)| card)
}

/// How far `memory` lies from the nearest size of the card, as a share of it.
fn distance(card: &Card, memory: Bytes) -> f64 {
    // How much of a unified memory a driver reports is a setting, so any share of it will do.
    if card.is_unified() && memory.gib() <= card.memory_gib * (1.0 + MEMORY_TOLERANCE) {
        return 0.0;
    }
    let from = |gib: f64| (memory.gib() / gib - 1.0).abs();
    card.memory_sizes_gib().iter().copied().map(from).fold(f64::INFINITY, f64::min)
}

/// The words of a name, without maker, filler and memory size, in alphabetical order.
fn words(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    // What stands in brackets explains: "A10G (AWS)", "Arc(TM)".
    let bare = lower.split('(').enumerate().map(|(i, part)| match part.split_once(')') {
        Some((_, after)) if i > 0 => after,
        _ => part,
    });
    let bare: Vec<&str> = bare.collect();
    let bare = bare.join(" ");
    let mut words: Vec<String> = bare
        .split(|c: char| !c.is_alphanumeric() && c != '+')
        .filter(|word| !word.is_empty() && !FILLER.contains(word) && !is_size(word))
        .map(str::to_owned)
        .collect();
    words.sort();
    words
}

/// Whether a word is a memory size such as `16gb`.
fn is_size(word: &str) -> bool {
    word == "gb" || word.strip_suffix("gb").or_else(|| word.strip_suffix('g')).is_some_and(|n| n.parse::<u16>().is_ok())
}
