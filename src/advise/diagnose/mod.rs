//! Which memory ran out, read from what a program said: an error, a log, what a tool shows.
//!
//! Every rule knows the sentences of one program and its figures. The most telling rule that finds its words speaks:
//! the kernel's word before a program's own, a sentence with amounts before one without, and an error before a table of
//! what is in use.

pub(crate) mod amount;
mod apps;
mod cluster;
mod cure;
mod finding;
mod frameworks;
mod general;
mod ggml;
mod host;
mod lists;
pub mod on_plan;
pub(crate) mod pasted;
mod servers;
mod status;
mod system;
mod torch;
pub mod words;
mod xla;

pub use cure::{Cure, Look, Note};
pub use finding::{Amounts, Finding, Kind, Memory, Tool};

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
    ggml::sycl,
    torch::ram,
    system::windows,
    frameworks::card,
    ggml::unplaced,
    frameworks::not_memory,
    general::wrong_access,
    frameworks::first_call,
    system::addresses,
    system::disk,
    frameworks::plain,
    general::ended,
    system::killed,
    status::task_manager,
    status::nvidia_smi,
    status::rocm_smi,
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
