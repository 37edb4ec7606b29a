//! What a runtime's log says of its memory: buffers of llama.cpp and Ollama, the budgets of vLLM and `SGLang`, `PyTorch`'s
//! summary, what `nvidia-smi` shows. With what the log names besides, it becomes a plan ([`plan`]) and is held against the
//! estimate of one ([`against`]).

pub mod against;
mod cards;
pub mod cures;
mod first_builds;
mod llamacpp;
mod ollama;
pub mod plan;
pub mod running;
mod servers;
mod settings;
mod sizes;
mod torch;
pub mod words;

use std::collections::BTreeMap;

use crate::advise::diagnose::pasted::without_colors;
use crate::catalog::runtime::Backend;
use crate::catalog::speed::Timed;
use crate::plan::Runtime;
use crate::share::launch::read::{Asked, asked_in};
use crate::text::program_names;
use cards::LoggedCard;

/// The longest log that is read, in bytes; of a longer one the end.
pub const MAX_BYTES: usize = 16 << 20;

/// Who wrote a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum LogTool {
    /// llama.cpp and what is built on it.
    #[strum(serialize = "llama.cpp")]
    LlamaCpp,
    /// Ollama.
    Ollama,
    /// `vLLM`.
    Vllm,
    /// `SGLang`.
    Sglang,
    /// `PyTorch`'s summary.
    PyTorch,
    /// `nvidia-smi`.
    #[strum(serialize = "nvidia-smi")]
    NvidiaSmi,
}

impl LogTool {
    /// As scripts read it; the same in every language.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// As people write it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::LlamaCpp => program_names::LLAMA_CPP,
            Self::Ollama => program_names::OLLAMA,
            Self::Vllm => program_names::VLLM,
            Self::Sglang => program_names::SGLANG,
            Self::PyTorch => program_names::PYTORCH,
            Self::NvidiaSmi => program_names::NVIDIA_SMI,
        }
    }

    /// The engine of a plan.
    pub const fn runtime(self) -> Option<Runtime> {
        match self {
            Self::LlamaCpp | Self::Ollama => Some(Runtime::LlamaCpp),
            Self::Vllm => Some(Runtime::Vllm),
            Self::Sglang => Some(Runtime::Sglang),
            Self::PyTorch | Self::NvidiaSmi => None,
        }
    }
}

/// Where something lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A device, from 0 in the order of the log.
    Device(u32),
    /// RAM.
    Host,
}

/// What lies there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Part {
    /// Weights.
    Weights,
    /// Keys and values.
    KvCache,
    /// What a server reserves for them.
    KvPool,
    /// State of recurrent layers.
    RecurrentState,
    /// The engine's compute buffer.
    Compute,
    /// A server's peak beside weights and pool.
    Activations,
    /// Logits that are handed to the program.
    Output,
    /// What no buffer line shows: context, libraries, graphs.
    Overhead,
    /// What `PyTorch` gave out at its peak.
    Allocated,
    /// What the driver counts, of all programs.
    Used,
    /// All that the driver or the system counts for the program itself.
    Held,
}

impl Part {
    /// As scripts read it.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// So much was there, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    /// As printed; several lines of one part added up.
    pub bytes: u64,
    /// The last digit printed is worth so much.
    pub digit: u64,
}

/// A speed that the log names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoggedSpeed {
    /// Of what.
    pub test: Timed,
    /// Tokens of the run.
    pub tokens: u64,
    /// The speed.
    pub tokens_per_s: f64,
}

/// What a log says.
#[derive(Debug, Default)]
pub struct RuntimeLog {
    pub(super) tool: Option<LogTool>,
    parts: BTreeMap<(Place, Part), Amount>,
    /// Compute buffers by name: one that is reserved anew takes the place of the one before.
    computes: BTreeMap<String, Amount>,
    speeds: Vec<LoggedSpeed>,
    /// What the engine was told, as a command says it.
    asked: Asked,
    /// Names of the model, the surest first.
    names: Vec<String>,
    /// The model's size as the log rounds it, in parameters.
    parameters: Option<u64>,
    cards: BTreeMap<u32, LoggedCard>,
    backend: Option<Backend>,
    version: Option<String>,
    /// The lines are those of builds before 2025.
    is_old: bool,
    /// The file was mapped: a host buffer spans what lies between its tensors.
    is_mapped: bool,
    /// A projector or a second model was loaded beside.
    has_more: bool,
    /// Other programs hold so much, in bytes, where the log shows them.
    others: Option<u64>,
    /// Of a program that runs: options of its command that no plan has.
    unread: Vec<String>,
}

impl RuntimeLog {
    /// Reads a log; `None` where no line tells of memory.
    pub fn read(text: &str) -> Option<Self> {
        let mut start = text.len().saturating_sub(MAX_BYTES);
        while !text.is_char_boundary(start) {
            start += 1;
        }
        let text = without_colors(&text[start..]);
        let mut found = [servers::vllm, servers::sglang, llamacpp::read]
            .iter()
            .map(|read| read(&text))
            .find(Self::has_buffers)
            .unwrap_or_default();
        found.take_command(&text);
        torch::summary(&text, &mut found);
        torch::nvidia_smi(&text, &mut found);
        found.settle();
        found.has_parts().then_some(found)
    }

    /// What a text says of the run beside its memory: also one that failed before any memory was told.
    pub fn settings(text: &str) -> Self {
        let text = without_colors(text);
        let mut found = [servers::vllm, servers::sglang, llamacpp::read]
            .iter()
            .map(|read| read(&text))
            .find(|log| log.has_buffers() || !log.names.is_empty() || !log.cards.is_empty())
            .unwrap_or_default();
        found.take_command(&text);
        torch::nvidia_smi(&text, &mut found);
        found
    }

    /// What the command above a log says and the log does not.
    fn take_command(&mut self, text: &str) {
        if let Some(mut asked) = asked_in(text) {
            self.names.extend(asked.model.take());
            self.asked = std::mem::take(&mut self.asked).or(asked);
        }
    }

    /// Who wrote it.
    pub const fn tool(&self) -> Option<LogTool> {
        self.tool
    }

    /// What the model is called, where the log says.
    pub fn model(&self) -> Option<&str> {
        self.names.first().map(String::as_str)
    }

    /// What lies where, in order.
    pub fn parts(&self) -> impl Iterator<Item = (Place, Part, Amount)> {
        self.parts.iter().map(|((place, part), amount)| (*place, *part, *amount))
    }

    /// Speeds that it names.
    pub fn speeds(&self) -> &[LoggedSpeed] {
        &self.speeds
    }

    fn has_parts(&self) -> bool {
        !self.parts.is_empty()
    }

    fn has_buffers(&self) -> bool {
        self.parts.keys().any(|(_, part)| !matches!(part, Part::Used | Part::Allocated))
    }

    fn weights(&self) -> u64 {
        self.parts.iter().filter(|((_, part), _)| *part == Part::Weights).map(|(_, amount)| amount.bytes).sum()
    }

    fn add(&mut self, place: Place, part: Part, amount: Amount) {
        let sum = self.parts.entry((place, part)).or_default();
        *sum = Amount { bytes: sum.bytes.saturating_add(amount.bytes), digit: sum.digit.max(amount.digit) };
    }

    /// A compute buffer of a backend; the one that it had before is gone.
    fn add_compute(&mut self, name: &str, place: Place, amount: Amount) {
        let before = self.computes.insert(name.to_owned(), amount).unwrap_or_default();
        self.add(place, Part::Compute, amount);
        if let Some(sum) = self.parts.get_mut(&(place, Part::Compute)) {
            sum.bytes = sum.bytes.saturating_sub(before.bytes);
        }
    }

    fn unset(&mut self, place: Place, part: Part) {
        self.parts.remove(&(place, part));
    }

    fn set(&mut self, place: Place, part: Part, amount: Amount) {
        self.parts.insert((place, part), amount);
    }

    fn bytes(&self, place: Place, part: Part) -> Option<u64> {
        self.parts.get(&(place, part)).map(|amount| amount.bytes)
    }

    /// What a device's buffers come to.
    fn buffers(&self, place: Place) -> Option<u64> {
        let of = |part: Part| !matches!(part, Part::Overhead | Part::Used | Part::Allocated | Part::Held);
        let here = self.parts.iter().filter(|((at, part), _)| *at == place && of(*part));
        here.map(|(_, amount)| amount.bytes).reduce(u64::saturating_add)
    }

    /// What the driver counts and no buffer explains is overhead, where nobody else is there.
    fn settle(&mut self) {
        let devices: Vec<Place> = self.parts.keys().map(|(place, _)| *place).collect();
        for place in devices {
            let (Some(used), Some(buffers)) = (self.bytes(place, Part::Used), self.buffers(place)) else { continue };
            let own = used.saturating_sub(self.others.unwrap_or(0));
            if self.bytes(place, Part::Overhead).is_none() && own > buffers {
                self.set(place, Part::Overhead, Amount { bytes: own - buffers, digit: 1 << 20 });
            }
        }
    }
}

/// The amount at the start of a text, and what its last digit is worth.
fn amount(text: &str) -> Option<Amount> {
    let text = text.trim_start().trim_start_matches('"');
    let bytes = crate::advise::diagnose::amount::leading(text)?;
    let number: &str = text.split(|letter: char| !letter.is_ascii_digit() && letter != '.').next()?;
    let decimals = number.split_once('.').map_or(0, |(_, digits)| digits.len());
    let one = format!("1{}", text.get(number.len()..)?);
    let unit = crate::advise::diagnose::amount::leading(&one)?;
    let digit = unit / 10_u64.checked_pow(u32::try_from(decimals).ok()?)?;
    Some(Amount { bytes, digit: digit.max(1) })
}
