//! What a tool is given, line by line: each with what it does and why it says what it says.

use std::fmt::Display;

use super::LaunchTool;
use super::quote::{posix, powershell};
use crate::plan::OperatingSystem;
use crate::text::{Phrase, one_line};

/// A line of a file, or an option of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchLine {
    /// As it stands, ready for the shell or the file.
    pub text: String,
    /// What it does and why it has this value; `None` where the line before says it, or for what only closes a bracket.
    pub why: Option<Phrase>,
}

impl LaunchLine {
    pub(super) fn told(text: impl Into<String>, why: Phrase) -> Self {
        Self { text: text.into(), why: Some(why) }
    }

    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), why: None }
    }
}

/// What a tool is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    /// The tool.
    pub tool: LaunchTool,
    /// Its lines, in order.
    pub lines: Vec<LaunchLine>,
}

impl Launch {
    /// All of it, ready to paste: a command on one line, a file with a line break at its end.
    pub fn text(&self) -> String {
        let lines = self.lines.iter().map(|line| line.text.as_str());
        if self.tool.is_command() {
            return lines.collect::<Vec<_>>().join(" ");
        }
        lines.flat_map(|line| [line, "\n"]).collect()
    }
}

/// A command while it is put together.
#[derive(Debug)]
pub(super) struct CommandLines {
    quote: fn(&str) -> String,
    pub(super) lines: Vec<LaunchLine>,
}

impl CommandLines {
    /// For the shell of a system.
    pub(super) fn of(os: OperatingSystem) -> Self {
        let quote = if os == OperatingSystem::Windows { powershell } else { posix };
        Self { quote, lines: Vec::new() }
    }

    /// Words that belong together.
    pub(super) fn words(&mut self, words: &[&str], why: Phrase) {
        let quoted: Vec<String> = words.iter().map(|word| (self.quote)(&one_line(word))).collect();
        self.lines.push(LaunchLine::told(quoted.join(" "), why));
    }

    /// An option without a value.
    pub(super) fn flag(&mut self, name: &str, why: Phrase) {
        self.words(&[name], why);
    }

    /// An option with its value.
    pub(super) fn option(&mut self, name: &str, value: impl Display, why: Phrase) {
        self.words(&[name, &value.to_string()], why);
    }
}
