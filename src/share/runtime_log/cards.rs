//! Cards that a log names.

use super::sizes;
use crate::catalog::Catalog;
use crate::plan::{CardChoice, CardCount};
use crate::units::{Bytes, GIB};

/// Sizes that cards are sold in, in GiB: where a log says only what is free, the least that holds it is tried first.
const SIZES: [u64; 24] =
    [2, 3, 4, 6, 8, 10, 11, 12, 16, 20, 22, 24, 32, 40, 44, 48, 64, 80, 94, 96, 128, 141, 180, 192];

/// A card as a log names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct LoggedCard {
    /// As the driver calls it.
    pub(super) name: Option<String>,
    /// Its memory, in bytes.
    pub(super) total: Option<u64>,
    /// What was free, in bytes: it has at least that.
    pub(super) least: Option<u64>,
}

impl LoggedCard {
    /// The card of the catalog.
    pub(super) fn known(&self, catalog: &Catalog) -> Option<CardCount> {
        let name = self.name.as_deref()?;
        let of = |bytes: u64| catalog.find_card(name, Bytes(bytes)).map(|card| (card, bytes));
        let least = self.least.unwrap_or(0);
        let (card, bytes) = match self.total {
            Some(total) => of(total)?,
            None => SIZES.iter().map(|gib| gib * GIB).filter(|bytes| *bytes >= least).find_map(of)?,
        };
        // A maker may sell several sizes.
        let sizes = card.memory_sizes_gib();
        let gib = Bytes(bytes).gib();
        let near = sizes.iter().copied().min_by(|a, b| (a - gib).abs().total_cmp(&(b - gib).abs()));
        let memory_gib = near.filter(|size| sizes.len() > 1 && (size - card.memory_gib).abs() > f64::EPSILON);
        Some(CardCount { memory_gib, ..CardCount::of(CardChoice::Catalog(card.id.clone()), 1) })
    }
}

/// The cards of a log as a plan counts them: neighbors of one kind are one entry. `None` where one of them is not known.
pub(super) fn counted<'a>(cards: impl Iterator<Item = &'a LoggedCard>, catalog: &Catalog) -> Option<Vec<CardCount>> {
    let mut kinds: Vec<CardCount> = Vec::new();
    for card in cards {
        let known = card.known(catalog)?;
        match kinds.last_mut() {
            Some(last) if last.is_like(&known) => last.count += 1,
            _ => kinds.push(known),
        }
    }
    (!kinds.is_empty()).then_some(kinds)
}

/// The card of a line of llama.cpp's or Ollama's, and its number.
pub(super) fn of_line(line: &str) -> Option<(u32, LoggedCard)> {
    cuda(line).or_else(|| used(line)).or_else(|| vulkan(line)).or_else(|| metal(line)).or_else(|| ollama(line))
}

fn mib(text: &str) -> Option<u64> {
    sizes::mib(text.trim().split(' ').next()?)
}

/// `Device 0: NVIDIA GeForce RTX 3090, compute capability 8.6, VMM: yes, VRAM: 24575 MiB`
fn cuda(line: &str) -> Option<(u32, LoggedCard)> {
    let (number, rest) = line.split_once("Device ")?.1.split_once(": ")?;
    let (name, after) = rest.split_once(", ").filter(|(_, after)| {
        after.starts_with("compute capability") || after.starts_with("gfx") || after.starts_with("PCI")
    })?;
    let total = after.split_once("VRAM: ").and_then(|(_, vram)| mib(vram));
    Some((number.trim().parse().ok()?, LoggedCard { name: Some(name.to_owned()), total, least: None }))
}

/// `using device CUDA0 (NVIDIA GeForce RTX 4080) - 15063 MiB free`
fn used(line: &str) -> Option<(u32, LoggedCard)> {
    let rest = line.split_once("using device ")?.1;
    let (device, rest) = rest.split_once(" (")?;
    let (name, rest) = rest.rsplit_once(" - ")?;
    let number = device.trim_start_matches(|letter: char| !letter.is_ascii_digit()).parse().unwrap_or(0);
    // Newer builds add where it is plugged in.
    let name = name.split(") (").next()?.trim_end_matches(')');
    Some((number, LoggedCard { name: Some(name.to_owned()), total: None, least: mib(rest) }))
}

/// `ggml_vulkan: 0 = AMD Radeon RX 7900 XTX (RADV NAVI31) (radv) | uma: 0 | …`
fn vulkan(line: &str) -> Option<(u32, LoggedCard)> {
    let (number, rest) = line.split_once("ggml_vulkan: ")?.1.split_once(" = ")?;
    let name = rest.split(" (").next()?.split(" | ").next()?;
    Some((number.trim().parse().ok()?, LoggedCard { name: Some(name.to_owned()), ..LoggedCard::default() }))
}

/// `ggml_metal_init: picking default device: Apple M3 Max`
fn metal(line: &str) -> Option<(u32, LoggedCard)> {
    let name = ["picking default device: ", "GPU name:"].iter().find_map(|words| line.split_once(words))?.1.trim();
    // Newer builds name the device by its place.
    let plain = !name.starts_with("MTL");
    plain.then(|| (0, LoggedCard { name: Some(name.to_owned()), ..LoggedCard::default() }))
}

/// `msg="inference compute" id=… library=CUDA … description="NVIDIA GeForce RTX 3090" … total="24.0 GiB" available="23.3 GiB"`
fn ollama(line: &str) -> Option<(u32, LoggedCard)> {
    let line = line.split_once("msg=\"inference compute\"")?.1;
    let value = |name| super::settings::value(line, name);
    let name = value("description").or_else(|| value("name")).filter(|name| name.contains(' '))?;
    let number = value("name")
        .and_then(|name| name.trim_start_matches(|letter: char| !letter.is_ascii_digit()).parse().ok())
        .filter(|_| value("description").is_some())
        .unwrap_or(0);
    let total = value("total").and_then(crate::advise::diagnose::amount::leading);
    Some((number, LoggedCard { name: Some(name.to_owned()), total, least: None }))
}
