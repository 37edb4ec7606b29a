//! Which memory ran out, read from what a program said: an error, a log, what a tool shows.
//!
//! Every rule knows the sentences of one program and its figures. The most telling rule that finds its words speaks:
//! the kernel's word before a program's own, a sentence with amounts before one without, and an error before a table of
//! what is in use.

pub(crate) mod amount;
mod apps;
mod calls;
mod cluster;
mod codes;
mod cure;
mod finding;
mod frameworks;
mod general;
mod ggml;
mod host;
mod listings;
mod lists;
mod localized;
pub mod on_plan;
pub(crate) mod pasted;
mod servers;
mod status;
mod system;
mod tables;
mod torch;
mod watched;
pub mod words;
mod xla;

pub use cure::{Cure, Look, Note};
pub use finding::{Amounts, Finding, Kind, Memory, Tool};
pub use watched::{Level, Symptom, Watched, watched};

use pasted::Pasted;

/// The longest text that is read, in bytes; of a longer one the end, where programs say why they stop.
pub const MAX_BYTES: usize = 16 << 20;

type Rule = fn(&Pasted<'_>) -> Option<Finding>;

/// The most telling first.
const RULES: &[Rule] = &[
    system::kernel,
    cluster::cluster,
    system::shm,
    torch::mapping,
    servers::vllm,
    servers::sglang,
    torch::apple,
    torch::card,
    torch::driver_pool,
    apps::apps,
    xla::xla,
    servers::ollama,
    ggml::one_buffer,
    ggml::card,
    ggml::metal,
    ggml::ram,
    frameworks::other,
    calls::accelerators,
    calls::opencl,
    calls::pinned,
    ggml::sycl,
    torch::ram,
    system::windows,
    codes::codes,
    frameworks::card,
    calls::card,
    ggml::unplaced,
    general::listed_causes,
    frameworks::not_memory,
    general::context_full,
    general::wrong_access,
    frameworks::first_call,
    system::addresses,
    system::disk,
    general::heap,
    frameworks::plain,
    general::of_a_card,
    general::ended,
    system::killed,
    servers::without_card,
    status::task_manager,
    status::nvidia_smi,
    status::rocm_smi,
    tables::tables,
    listings::listings,
    status::free,
    status::df,
    general::words,
];

/// What the text says of a memory that ran out; `None` where it says nothing of one.
pub fn diagnose(text: &str) -> Option<Finding> {
    let mut start = text.len().saturating_sub(MAX_BYTES);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let pasted = Pasted::new(&text[start..]);
    let mut finding = RULES.iter().find_map(|rule| rule(&pasted))?;
    finding.at += start;
    // The engine's name says more than that of the library that failed in it.
    if matches!(finding.tool, Some(Tool::PyTorch | Tool::LlamaCpp) | None)
        && let Some(host) = host::host(&pasted)
    {
        finding.tool = Some(host);
    }
    Some(finding)
}

/// Where a text names one of these amounts, in bytes of it from `from` on: what a reader looks for in it.
pub fn places_of(amounts: Amounts, text: &str, from: usize) -> Vec<(std::ops::Range<usize>, u64)> {
    const REACH: usize = 4096;
    let wanted = [amounts.asked, amounts.free, amounts.total, amounts.reserved_unallocated];
    let Some(rest) = text.get(from..) else { return Vec::new() };
    let mut found: Vec<(std::ops::Range<usize>, u64)> = Vec::new();
    for (at, letter) in rest.char_indices().take_while(|(at, _)| *at < REACH) {
        let before = rest[..at].chars().next_back();
        let starts = letter.is_ascii_digit() && !before.is_some_and(|it| it.is_ascii_alphanumeric() || it == '.');
        if !starts {
            continue;
        }
        let Some(tail) = rest.get(at..) else { continue };
        let number = tail.find(|it: char| !it.is_ascii_digit() && !matches!(it, '.' | ',')).unwrap_or(tail.len());
        let unit = tail[number..].trim_start_matches(' ');
        let unit_length = unit.find(|it: char| !it.is_ascii_alphabetic()).unwrap_or(unit.len());
        let spaces = tail[number..].len() - unit.len();
        let with_unit = amount::leading(tail);
        let plain = || amount::whole(tail).filter(|bytes| *bytes > 0);
        if let Some(bytes) = with_unit.filter(|bytes| wanted.contains(&Some(*bytes))) {
            found.push((from + at..from + at + number + spaces + unit_length, bytes));
        } else if let Some(bytes) = plain().filter(|bytes| with_unit.is_none() && wanted.contains(&Some(*bytes))) {
            found.push((from + at..from + at + number, bytes));
        }
    }
    found
}
