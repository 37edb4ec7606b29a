//! Which of the commands of a text starts a model, and with what.

use super::shell::{Statement, assignment, statements};
use crate::plan::Runtime;

/// A program that starts a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumCount)]
pub enum CommandTool {
    /// llama.cpp's server.
    LlamaServer,
    /// llama.cpp at the terminal.
    LlamaCli,
    /// `ollama run`.
    Ollama,
    /// A file that tells Ollama of a model.
    Modelfile,
    /// `vllm serve`, or its module.
    Vllm,
    /// `SGLang`'s server.
    Sglang,
}

impl CommandTool {
    /// All of them.
    pub const ALL: [Self; <Self as strum::EnumCount>::COUNT] =
        [Self::LlamaServer, Self::LlamaCli, Self::Ollama, Self::Modelfile, Self::Vllm, Self::Sglang];

    /// As it is typed; the same in every language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LlamaServer => "llama-server",
            Self::LlamaCli => "llama-cli",
            Self::Ollama => "ollama run",
            Self::Modelfile => "Modelfile",
            Self::Vllm => "vllm serve",
            Self::Sglang => "sglang.launch_server",
        }
    }

    /// The engine behind it.
    pub const fn runtime(self) -> Runtime {
        match self {
            Self::LlamaServer | Self::LlamaCli | Self::Ollama | Self::Modelfile => Runtime::LlamaCpp,
            Self::Vllm => Runtime::Vllm,
            Self::Sglang => Runtime::Sglang,
        }
    }
}

/// A program and what it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Started {
    pub(super) tool: CommandTool,
    /// What stands behind the program.
    pub(super) arguments: Vec<String>,
    /// Variables that are set for it.
    pub(super) set: Vec<(String, String)>,
}

/// The first program of the text that is known.
pub(super) fn find(text: &str) -> Option<Started> {
    statements(text).into_iter().find_map(started)
}

/// What words as a system lists them start, with variables that are set for it.
pub(super) fn of_words(words: &[String], set: &[(String, String)]) -> Option<Started> {
    started(Statement { set: set.to_vec(), words: words.to_vec() })
}

fn started(statement: Statement) -> Option<Started> {
    let Statement { mut set, words } = statement;
    let (at, tool, length) = words.iter().enumerate().find_map(|(at, word)| {
        let (tool, length) = program(word, words.get(at + 1).map(String::as_str))?;
        Some((at, tool, length))
    })?;
    // `docker run -e NAME=value image`
    set.extend(words.iter().take(at).filter_map(|word| assignment(word)));
    let arguments = words.into_iter().skip(at + length).collect();
    Some(Started { tool, arguments, set })
}

/// The program that a word starts, and how many words name it.
fn program(word: &str, next: Option<&str>) -> Option<(CommandTool, usize)> {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word).to_ascii_lowercase();
    let name = name.strip_suffix(".exe").unwrap_or(&name);
    let one = |tool| Some((tool, 1));
    let two = |tool| Some((tool, 2));
    match (name, next) {
        ("llama-server", _) => one(CommandTool::LlamaServer),
        ("llama-cli", _) => one(CommandTool::LlamaCli),
        ("llama", Some("serve" | "server")) => two(CommandTool::LlamaServer),
        ("llama", Some("cli" | "run")) => two(CommandTool::LlamaCli),
        ("ollama", Some("run" | "pull" | "runner")) => two(CommandTool::Ollama),
        ("vllm", Some("serve")) => two(CommandTool::Vllm),
        ("sglang", Some("serve")) => two(CommandTool::Sglang),
        ("vllm.entrypoints.openai.api_server" | "vllm.entrypoints.api_server", _) => one(CommandTool::Vllm),
        ("sglang.launch_server", _) => one(CommandTool::Sglang),
        _ if is_image(word, "vllm-openai") => one(CommandTool::Vllm),
        _ if is_image(word, "llama.cpp") && word.contains(":server") => one(CommandTool::LlamaServer),
        _ => None,
    }
}

/// Whether a word is a container image of this name.
fn is_image(word: &str, name: &str) -> bool {
    let repository = word.split(':').next().unwrap_or(word);
    !word.starts_with(['-', '.', '/', '~']) && repository.contains('/') && repository.ends_with(name)
}
