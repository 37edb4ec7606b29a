//! What can be wrong with what was asked: one line each, with what, where and what to do.

use std::path::PathBuf;

use crate::advise::builder::{BuildError, tier_words};
use crate::catalog::NoSuchModel;
use crate::catalog::parts::Reason;
use crate::estimate::{EstimateError, Reader};
use crate::plan::Input;
use crate::plan::OutOfRange;
use crate::plan::ResidentPlace;
use crate::plan::SceneId;
use crate::plan::Wanted;
use crate::plan::inputs::InputFault;
use crate::share::carrier::CarrierError;
use crate::share::launch::read::CommandFault;
use crate::system::calibration::KeepFault;
use crate::system::detect::DescriptionFault;
use crate::system::model_path::ModelPathError;
use crate::system::storage::StorageError;
use crate::system::system_fault::SystemFault;
use crate::text::{self, Fault, Join, JsonFault, Key, Locale, Phrase, Placeholder, foreign, foreign_path, one_line};

/// Bad input.
#[derive(Debug)]
pub enum Problem {
    /// A line that is no JSON object.
    NotJson(NotJson),
    /// A line too long to be a request.
    LongLine,
    /// A key that the contract does not have.
    UnknownKey {
        /// As it was given.
        key: String,
        /// The keys of the contract that it resembles.
        nearest: Vec<&'static str>,
    },
    /// A key that stands twice.
    Twice(String),
    /// A value that its key cannot have.
    Value {
        /// The key.
        key: String,
        /// What was given.
        value: String,
        /// What would do.
        wanted: Wanted,
    },
    /// A name that its key cannot have.
    Input(InputFault),
    /// A field that a kind of card does not have.
    UnknownCardField(String),
    /// A kind of card without a card.
    NoCard,
    /// A row of `also` without a model.
    NoModelInRow,
    /// Something is wrong with a row of `also`.
    InRow {
        /// Which, from 0.
        row: usize,
        /// What.
        problem: Box<Self>,
    },
    /// A precision beside a file that has its own.
    QuantOfFile,
    /// Kinds of card beside one card.
    MachineBesideCard,
    /// One count for several kinds of card.
    SeveralKinds,
    /// A value out of range.
    OutOfRange(OutOfRange),
    /// What the estimator refuses.
    Estimate(EstimateError),
    /// What the builder refuses, and what comes nearest to it.
    Build(Box<BuildError<'static>>, Option<Box<Reason>>),
    /// A path that leads to no model.
    Model(ModelPathError),
    /// A file that cannot be read.
    Storage(StorageError),
    /// A file that is no plan.
    PlanFile {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        error: Box<CarrierError>,
    },
    /// A file that describes no machine.
    MachineFile {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        fault: DescriptionFault,
    },
    /// A file that shall be watched.
    WatchFile,
    /// A text that holds no plan.
    Link(CarrierError),
    /// What was typed makes no sense.
    Arguments(Phrase),
    /// A plan or options beside a stream of requests.
    JsonlAlone,
    /// Cards without a plan to rank them for.
    NothingToRank,
    /// A plan to rank cards for where all are only listed.
    PlanBesideList,
    /// Nothing to hold a plan against.
    TooFewPlans,
    /// More plans than can be compared.
    TooManyPlans {
        /// So many.
        count: usize,
        /// The most.
        most: usize,
    },
    /// A letter that no plan has.
    NoSuchPlan {
        /// As it was given.
        letter: String,
        /// The last that there is.
        last: String,
    },
    /// A file for the window beside a command.
    FileBesideCommand,
    /// Nothing was named that could be imported.
    NothingToImport,
    /// A command has no model to keep.
    KeepNoModel,
    /// The user has no folder to keep a model in.
    NoFolder,
    /// A text that becomes no plan.
    Command(CommandFault),
    /// A name that no model has.
    NoModel(NoSuchModel),
    /// No tool is known that runs the plan.
    NoTool,
    /// The tool does not run the plan.
    ToolRunsNot {
        /// The tool.
        tool: &'static str,
        /// Those that do.
        tools: Vec<&'static str>,
    },
    /// A scene that does not exist.
    UnknownScene {
        /// As it was typed.
        name: String,
        /// The one that it resembles.
        nearest: Option<&'static str>,
    },
    /// A page without a scene.
    NoScene,
    /// A scene that the catalog has not the cards or models for.
    EmptyScene(SceneId),
    /// An export without a form.
    NoFormat,
    /// A plan that its file does not have.
    NoPlan {
        /// Which was asked for, from 1.
        asked: u32,
        /// How many there are.
        count: usize,
    },
    /// A picture where a person reads.
    PictureToTerminal,
    /// A text that tells of no memory.
    NoMemoryNamed,
    /// A text that is no log of a runtime.
    NoLog,
    /// A log that amounts to no plan.
    LogWithoutPlan(CommandFault),
    /// Nothing in a log can be kept.
    NothingToKeep,
    /// No program runs a model here.
    NoneRuns,
    /// No program of this number runs one.
    NoSuchProgram(u32),
    /// What was measured could not be kept.
    Unkept(KeepFault),
    /// The requests cannot be read.
    Unread(SystemFault),
    /// The answer cannot be written.
    Unwritten(SystemFault),
}

/// Why a line is no JSON object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotJson {
    /// It begins as something else.
    NoBrace,
    /// It is no JSON.
    Fault(JsonFault),
    /// It is of a form that no request has.
    Form,
}

impl Fault for Problem {
    fn say(&self, locale: Locale) -> String {
        match self {
            Self::Estimate(error) => error.say(locale, Reader::Script).into_owned(),
            Self::Build(error, nearest) => {
                let nearest = nearest.as_ref().map(|words| words.said_in(locale));
                let error = tier_words::error(error, locale);
                locale.join(Join::Clauses, std::iter::once(error.as_str()).chain(nearest))
            }
            Self::InRow { row, problem } => {
                let name = format!("also[{row}]");
                let holes = [(Placeholder::Name, name.as_str()), (Placeholder::Value, &problem.say(locale))];
                locale.sentence(Key::ErrorInRow, &holes)
            }
            problem => problem.phrase().say(locale),
        }
    }

    /// What is wrong, where, and what to do.
    fn phrase(&self) -> Phrase {
        let plain = Phrase::new;
        match self {
            Self::NotJson(why) => plain(Key::NotJson).with_phrase(Placeholder::Value, why.phrase()),
            Self::LongLine => plain(Key::LongLine).with(Placeholder::Count, MAX_LINE >> 20),
            Self::UnknownKey { key, nearest } => plain(Key::UnknownKey)
                .with(Placeholder::Value, format!("{key:?}"))
                .with_list(Placeholder::Name, Join::Items, nearest),
            Self::Twice(key) => plain(Key::KeyTwice).with(Placeholder::Value, format!("{key:?}")),
            Self::Value { key, value, wanted } => plain(Key::ValueWrong)
                .with(Placeholder::Name, key)
                .with(Placeholder::Value, value)
                .with_phrase(Placeholder::Other, InputFault::Kind(*wanted).phrase()),
            Self::Input(fault) => fault.phrase(),
            Self::UnknownCardField(field) => plain(Key::UnknownCardField).with(Placeholder::Value, field),
            Self::NoCard => plain(Key::NoCardField),
            Self::NoModelInRow => plain(Key::NoModelInRow),
            Self::InRow { row, problem } => plain(Key::ErrorInRow)
                .with(Placeholder::Name, format!("also[{row}]"))
                .with_phrase(Placeholder::Value, problem.phrase()),
            Self::QuantOfFile => plain(Key::QuantOfFile),
            Self::MachineBesideCard => plain(Key::MachineBesideCard),
            Self::SeveralKinds => plain(Key::SeveralKinds),
            Self::OutOfRange(error) => error.phrase(),
            Self::Model(error) => error.phrase(),
            Self::Storage(error) => error.phrase(),
            Self::PlanFile { path, error } => plain(Key::FileErrorIn)
                .with(Placeholder::Name, foreign_path(path))
                .with_phrase(Placeholder::Value, error.phrase()),
            Self::MachineFile { path, fault } => plain(Key::ProblemMachineFile)
                .with(Placeholder::Name, foreign_path(path))
                .with_phrase(Placeholder::Value, fault.phrase()),
            Self::WatchFile => plain(Key::ProblemWatchFile),
            Self::Link(error) => error.phrase(),
            Self::Arguments(fault) => plain(Key::SeeHelp).with_phrase(Placeholder::Value, fault.clone()),
            Self::JsonlAlone => plain(Key::JsonlAlone),
            Self::TooFewPlans => plain(Key::CompareTooFew),
            Self::TooManyPlans { count, most } => {
                plain(Key::CompareTooMany).with(Placeholder::Count, count).with(Placeholder::Value, most)
            }
            Self::NoSuchPlan { letter, last } => {
                plain(Key::CompareNoBase).with(Placeholder::Value, foreign(letter)).with(Placeholder::Other, last)
            }
            Self::NothingToRank => plain(Key::NothingToRank),
            Self::PlanBesideList => plain(Key::PlanBesideList),
            Self::FileBesideCommand => plain(Key::FileBesideCommand),
            Self::NothingToImport => plain(Key::ImportNothing),
            Self::KeepNoModel => plain(Key::KeepNoModel),
            Self::NoFolder => plain(Key::ModelNoFolder),
            Self::Command(fault) => fault.phrase(),
            Self::NoModel(unknown) => unknown.phrase(),
            Self::NoTool => plain(Key::LaunchNoTool),
            Self::ToolRunsNot { tools, .. } if tools.is_empty() => plain(Key::LaunchNoTool),
            Self::ToolRunsNot { tool, tools } => plain(Key::LaunchUnknownTool).with(Placeholder::Name, tool).with_list(
                Placeholder::Other,
                Join::Items,
                tools,
            ),
            Self::UnknownScene { name, nearest } => plain(Key::ErrorNearest)
                .with_phrase(Placeholder::Value, plain(Key::SceneUnknown).with(Placeholder::Name, foreign(name)))
                .with(Placeholder::Name, nearest.unwrap_or_default()),
            Self::NoScene => plain(Key::SceneMissing),
            Self::EmptyScene(id) => plain(Key::SceneWithout).with(Placeholder::Name, id.name()),
            Self::NoFormat => plain(Key::ExportNoFormat).with_list(Placeholder::Other, Join::Or, FORMATS),
            Self::NoPlan { asked, count } => {
                plain(Key::ExportNoPlan).with(Placeholder::Value, asked).with(Placeholder::Count, count)
            }
            Self::PictureToTerminal => plain(Key::ExportToTerminal),
            Self::NoMemoryNamed => plain(Key::RanOutUnread),
            Self::NoLog => plain(Key::LogUnread),
            Self::LogWithoutPlan(fault) => plain(Key::LogNoPlan).with_phrase(Placeholder::Value, fault.phrase()),
            Self::NothingToKeep => plain(Key::LogNothingToKeep),
            Self::NoneRuns => plain(Key::LogNoneRuns),
            Self::NoSuchProgram(pid) => plain(Key::LogNoSuchProgram).with(Placeholder::Value, pid),
            Self::Unkept(fault) => fault.phrase(),
            Self::Unread(cause) => plain(Key::RequestsUnread).with_phrase(Placeholder::Value, cause.phrase()),
            Self::Unwritten(cause) => plain(Key::AnswerUnwritten).with_phrase(Placeholder::Value, cause.phrase()),
            // These name inputs as their reader does, which `say` knows.
            Self::Estimate(_) | Self::Build(..) => plain(Key::VerdictError),
        }
    }
}

/// The forms of an export.
const FORMATS: [&str; 6] = ["--html", "--png", "--svg", "--markdown", "--text", "--json"];

impl NotJson {
    fn phrase(self) -> Phrase {
        match self {
            Self::NoBrace => Phrase::new(Key::NotJsonNoBrace),
            Self::Fault(fault) => fault.phrase(),
            Self::Form => Phrase::new(Key::NotJsonForm),
        }
    }
}

impl Problem {
    /// What to say of a key that no row of `also` has.
    pub(super) fn unknown_key_of_row(key: &str) -> Self {
        let nearest = text::nearest(key, [ResidentPlace::KEY].into_iter().chain(row_keys()));
        Self::UnknownKey { key: key.chars().take(80).collect(), nearest }
    }
}

/// The inputs that a row of `also` has.
fn row_keys() -> impl Iterator<Item = &'static str> {
    Input::all().filter(|input| input.is_of_resident()).map(|input| input.entry().key)
}

impl From<CommandFault> for Problem {
    fn from(fault: CommandFault) -> Self {
        Self::Command(fault)
    }
}

impl From<ModelPathError> for Problem {
    fn from(error: ModelPathError) -> Self {
        Self::Model(error)
    }
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl From<EstimateError> for Problem {
    fn from(error: EstimateError) -> Self {
        match error {
            EstimateError::OutOfRange(error) => Self::OutOfRange(by_key(error)),
            error => Self::Estimate(error),
        }
    }
}

/// The plan names its fields by where they stand; a request knows only keys.
fn by_key(error: OutOfRange) -> OutOfRange {
    let field = match error.row() {
        Some(row) => format!("also[{row}].{}", error.key()),
        None => error.key().to_owned(),
    };
    OutOfRange { field, ..error }
}

/// The longest request that is read, in bytes; real ones have a few hundred.
pub(super) const MAX_LINE: usize = 1 << 20;

/// A message on one line, cut where a hostile input would come back whole in it.
pub(super) fn shortened(message: &str) -> String {
    const MOST: usize = 300;
    let message = one_line(message).split_whitespace().collect::<Vec<_>>().join(" ");
    match message.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message,
    }
}
