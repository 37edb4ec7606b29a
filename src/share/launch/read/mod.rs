//! Commands read back into plans: `llama-server`, `llama-cli`, `ollama run`, a Modelfile, `vllm serve`, `SGLang`. What a plan
//! has an input for is read; the rest is named.

mod asked;
mod modelfile;
mod options;
mod program;
mod shell;
mod wanted;

use crate::catalog::{Catalog, NameMatch, NoSuchModel};
use crate::plan::{Machine, ModelChoice, OutOfRange, Plan};
use crate::text::{Fault, Join, Key, Phrase, Placeholder, printed_in_english, scan};
pub(in crate::share) use asked::{Asked, ExpertsAsked, LayersAsked};
pub use program::CommandTool;

/// The longest text that is read as a command; real ones have a few hundred bytes.
const LONGEST: usize = 1 << 16;

/// A command as a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadCommand {
    /// What it starts.
    pub tool: CommandTool,
    /// The plan that it amounts to.
    pub plan: Plan,
    /// What the command calls the model.
    pub named: String,
    /// How sure the model is; `None` where it was read from its own file.
    pub by: Option<NameMatch>,
    /// Options that a plan has no input for, or with values that it does not take, as they stand in the command.
    pub unread: Vec<String>,
}

impl ReadCommand {
    /// What was read and what was not, on one line.
    pub fn remark(&self) -> Phrase {
        let read = match self.by {
            Some(NameMatch::FineTune) => Key::CommandReadFineTune,
            _ => Key::CommandRead,
        };
        let read = Phrase::new(read)
            .with(Placeholder::Name, self.tool.name())
            .with(Placeholder::Value, crate::text::foreign(&self.named));
        if self.unread.is_empty() {
            return read;
        }
        let unread = Phrase::new(Key::CommandNotRead).with_list(
            Placeholder::Other,
            Join::Items,
            self.unread.iter().map(|option| crate::text::foreign(option)),
        );
        Phrase::new(Key::CommandReadBut).with_phrase(Placeholder::Value, read).with_phrase(Placeholder::Other, unread)
    }
}

/// Why a text becomes no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandFault {
    /// It starts nothing that is known.
    NoCommand,
    /// It is longer than any command.
    TooLong,
    /// It names no model.
    NoModel(CommandTool),
    /// The file that it names is no model.
    File(Phrase),
    /// The model is not in the catalog.
    UnknownModel(NoSuchModel),
    /// A value that no plan can have.
    OutOfRange(OutOfRange),
}

impl Fault for CommandFault {
    fn phrase(&self) -> Phrase {
        match self {
            Self::NoCommand => Phrase::new(Key::CommandNone).with_list(
                Placeholder::Other,
                Join::Items,
                CommandTool::ALL.map(CommandTool::name),
            ),
            Self::TooLong => Phrase::new(Key::CommandTooLong).with(Placeholder::Count, LONGEST >> 10),
            Self::NoModel(tool) => Phrase::new(Key::CommandNoModel).with(Placeholder::Name, tool.name()),
            Self::File(fault) => fault.clone(),
            Self::UnknownModel(unknown) => unknown.phrase(),
            Self::OutOfRange(error) => error.phrase(),
        }
    }
}

printed_in_english!(CommandFault);

/// What a command is read with.
pub struct CommandReader<'a> {
    /// Where models are looked up.
    pub catalog: &'a Catalog,
    /// What the command runs on: it says how many cards, not which.
    pub machine: &'a Machine,
    /// Reads a model from the path that the command gives; `None` where it gives none that leads anywhere.
    pub file: &'a dyn Fn(&str) -> Option<Result<ModelChoice, Phrase>>,
}

impl CommandReader<'_> {
    /// The plan that `text` amounts to. Of several commands the first that is known counts.
    ///
    /// # Errors
    /// Why there is none.
    pub fn read(&self, text: &str) -> Result<ReadCommand, CommandFault> {
        if text.len() > LONGEST {
            return Err(CommandFault::TooLong);
        }
        let started = match modelfile::read(text) {
            Some(started) => started,
            None => program::find(text).ok_or(CommandFault::NoCommand)?,
        };
        let asked = asked::of(&started);
        self.plan(started.tool, asked)
    }

    /// The plan that a program amounts to which runs, by its words and by the variables that are set for it.
    ///
    /// # Errors
    /// Why there is none.
    pub fn read_words(&self, words: &[String], set: &[(String, String)]) -> Result<ReadCommand, CommandFault> {
        let started = program::of_words(words, set).ok_or(CommandFault::NoCommand)?;
        let asked = asked::of(&started);
        self.plan(started.tool, asked)
    }
}

/// What the command that starts a log asks for, where one stands in it.
pub(in crate::share) fn asked_in(log: &str) -> Option<Asked> {
    const PROGRAMS: [&str; 6] =
        ["llama-server", "llama-cli", "vllm serve", "vllm.entrypoints", "sglang.launch_server", "ollama run"];
    if !PROGRAMS.iter().any(|program| scan::has(log, program)) {
        return None;
    }
    // A line that only speaks of a program neither begins with it nor has options.
    let begins = |line: &&str| {
        let typed = line.trim_start_matches([' ', '\t', '$']);
        PROGRAMS.iter().any(|program| typed.starts_with(program) || (line.contains(program) && line.contains(" -")))
    };
    let at = log.split_inclusive('\n').scan(0, |at, line| {
        let begin = *at;
        *at += line.len();
        Some((begin, line))
    });
    let (begin, _) = at.filter(|(_, line)| begins(line)).last()?;
    let end =
        log[begin..].match_indices('\n').find(|(at, _)| !log[begin..begin + at].trim_end().ends_with(['\\', '^', '`']));
    let command = &log[begin..end.map_or(log.len(), |(at, _)| begin + at)];
    let started = Some(command).filter(|command| command.len() <= LONGEST).and_then(program::find)?;
    Some(asked::of(&started))
}

/// The plan that a command amounts to on the machine that a new plan has: pure, no file is looked at.
///
/// # Errors
/// Why there is none.
pub fn read_command(text: &str, catalog: &Catalog) -> Result<ReadCommand, CommandFault> {
    CommandReader { catalog, machine: &Machine::default(), file: &|_| None }.read(text)
}

/// Whether a text is a command or a Modelfile, whatever comes of it.
pub fn is_command(text: &str) -> bool {
    tool_of(text).is_some()
}

/// Whether these words, as a system lists them, are of a program that runs a model itself; `ollama run` only asks for one.
pub fn run_a_model(words: &[String]) -> bool {
    program::of_words(words, &[]).is_some_and(|started| {
        started.tool != CommandTool::Ollama || started.arguments.iter().any(|word| word == "--model")
    })
}

/// What a text starts, where it is a command or a Modelfile.
pub fn tool_of(text: &str) -> Option<CommandTool> {
    let started = || modelfile::read(text).or_else(|| program::find(text));
    if text.len() > LONGEST { None } else { started().map(|started| started.tool) }
}
