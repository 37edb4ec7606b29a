//! What can be typed after `rigplan`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};

use super::builder::rent::RentArgs;
use super::card_filter::CardFilterArgs;
use super::language_flag::Language;
use super::opened::RowArgs;
use super::request::Request;
use crate::catalog::Edition;
use crate::catalog::parts::CircuitId;
use crate::catalog::quantization::Quantization;
use crate::plan::inputs::InputFault;
use crate::plan::{LEAST_DECODE, Wanted};
use crate::share::launch::LaunchTool;

/// All that can be typed. The words of the help are in the locales: `help.rs` puts them beside these.
#[derive(Debug, Parser)]
#[command(name = "rigplan", version = Edition::beside_program(), disable_help_subcommand = true)]
pub struct Cli {
    /// A command that needs no window.
    #[command(subcommand)]
    pub command: Option<HeadlessCommand>,
    /// What holds the plan to open in the window: a plan file, a picture or page with a plan in it, or its text.
    #[arg(value_name = "FILE|TEXT")]
    pub file: Option<PathBuf>,
    /// The language of what is written for people; the system's where none is given.
    #[arg(long, global = true, value_enum)]
    pub lang: Option<Language>,
}

/// What runs without a window.
#[derive(Debug, Subcommand)]
pub enum HeadlessCommand {
    /// Estimate what a plan needs and whether it fits (exit code 0 fits or tight, 1 offload or does not fit, 2 bad input).
    Estimate(Box<EstimateArgs>),
    /// Rank every card of the catalog for a plan, or list them.
    #[command(arg_required_else_help = false)]
    Cards(Box<CardsArgs>),
    /// The best machine for a budget: which cards, board, processor and RAM, and why (exit code 0 built, 1 the budget is too small).
    Build(Box<BuildArgs>),
    /// Compare the plans of files: what differs, by how much, and what makes the difference.
    Compare(CompareArgs),
    /// The models of the catalog, and model files on this machine.
    #[command(arg_required_else_help = false)]
    Models {
        /// What to do with them.
        #[command(subcommand)]
        action: ModelsAction,
    },
    /// The models that run on this machine, the best first.
    Runs(RunsArgs),
    /// Explain RAM and VRAM: a scene as text, data or a page, or the list of scenes.
    Explain(ExplainArgs),
    /// A plan as a page, a picture, Markdown, text or JSON.
    Export(ExportArgs),
    /// Read a model file, a model of Ollama or a launch command: its facts, or the plan that it comes to.
    Import(ImportArgs),
    /// Write the command or file that starts a plan.
    Launch(LaunchArgs),
    /// Which memory ran out, read from an error or a log (exit code 0 read, 2 not readable).
    Diagnose {
        /// The file to read; without one or with `-`, standard input.
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        /// The plan file that the cures are made changes of, where the text names no model.
        #[arg(long, value_name = "PLAN.ron")]
        plan: Option<PathBuf>,
        /// Which rows count.
        #[command(flatten)]
        rows: RowArgs,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Hold a runtime's log against the estimate, part by part (exit code 0 read, 2 not readable).
    CompareLog(CompareLogArgs),
    /// This machine: its cards, their memory and the RAM.
    Detect(DetectArgs),
}

/// Which machine is looked at, and how.
#[derive(Debug, Clone, Args)]
pub struct DetectArgs {
    /// A machine that was saved elsewhere; this one where none is given.
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// Look again every second, until it is ended.
    #[arg(long)]
    pub watch: bool,
    /// Measure what RAM and disk read, and keep it.
    #[arg(long, conflicts_with_all = ["file", "watch"])]
    pub measure: bool,
    /// The file that is read to measure the disk, or the folder that one is written in and taken away again.
    #[arg(long, value_name = "PATH", requires = "measure")]
    pub disk: Option<PathBuf>,
    /// Write the machine to this file, without anything that tells whose it is.
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
}

/// What can be done with the cards of the catalog.
#[derive(Debug, Clone, Subcommand)]
pub enum CardsAction {
    /// List all of them.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
        /// Which of them.
        #[command(flatten)]
        filter: Box<CardFilterArgs>,
    },
}

/// What can be done with models.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum ModelsAction {
    /// List all of the catalog.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// List the model files on this machine, and how they run here.
    Local {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// What runs on which machine.
#[derive(Debug, Args)]
pub struct RunsArgs {
    /// The plan file whose machine is meant; without one, this machine.
    #[arg(long, value_name = "PLAN.ron")]
    pub plan: Option<PathBuf>,
    /// Which rows count.
    #[command(flatten)]
    pub rows: RowArgs,
    /// List all of them.
    #[arg(long)]
    pub all: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// A plan to rank cards for, and which of them are looked at.
#[derive(Debug, Args)]
pub struct CardsArgs {
    /// What to do with them.
    #[command(subcommand)]
    pub action: Option<CardsAction>,
    /// The plan file to rank them for.
    #[arg(long, value_name = "PLAN.ron")]
    pub plan: Option<PathBuf>,
    /// Which rows count.
    #[command(flatten)]
    pub rows: RowArgs,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// Which of them.
    #[command(flatten)]
    pub filter: CardFilterArgs,
}

/// A plan file, single keys that change it, or a stream of requests.
#[derive(Debug, Args)]
pub struct EstimateArgs {
    /// A plan file to start from; without one, the plan that the window starts with.
    #[arg(value_name = "PLAN.ron")]
    pub plan: Option<PathBuf>,
    /// Which rows count.
    #[command(flatten)]
    pub rows: RowArgs,
    /// Print the answer as JSON.
    #[arg(long)]
    pub json: bool,
    /// Add the ways to make it fit, each with what it comes to.
    #[arg(long)]
    pub ways: bool,
    /// Read one JSON request a line from standard input and write one answer a line.
    #[arg(long)]
    pub jsonl: bool,
    /// The keys of the plan.
    #[command(flatten)]
    pub request: Request,
}

/// Plans that stand side by side.
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// Plan files; all of their plans are compared.
    #[arg(value_name = "FILE.ron", required = true)]
    pub files: Vec<PathBuf>,
    /// Which rows count.
    #[command(flatten)]
    pub rows: RowArgs,
    /// The letter of the plan that the others are held against.
    #[arg(long, value_name = "LETTER")]
    pub base: Option<String>,
    /// Print JSON.
    #[arg(long, conflicts_with = "markdown")]
    pub json: bool,
    /// Print Markdown.
    #[arg(long)]
    pub markdown: bool,
}

/// A scene and what becomes of it.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The scene's name; without one, all are listed.
    #[arg(value_name = "SCENE")]
    pub scene: Option<String>,
    /// The plan file that it is told of, where it tells of the reader's plan.
    #[arg(value_name = "PLAN.ron")]
    pub plan: Option<PathBuf>,
    /// Which rows count.
    #[command(flatten)]
    pub rows: RowArgs,
    /// Hardware words in place of the kitchen's.
    #[arg(long)]
    pub plain: bool,
    /// Print JSON.
    #[arg(long, conflicts_with = "html")]
    pub json: bool,
    /// Write one page with pictures, which needs nothing else.
    #[arg(long, value_name = "FILE.html")]
    pub html: Option<PathBuf>,
    /// Write over a page that exists.
    #[arg(long, requires = "html")]
    pub replace: bool,
}

/// A plan and as what it leaves.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("format").multiple(false))]
#[expect(clippy::struct_excessive_bools, reason = "switches, of the forms one alone")]
pub struct ExportArgs {
    /// The plan file.
    #[arg(value_name = "PLAN.ron", required = true)]
    pub plan: PathBuf,
    /// Which rows count.
    #[command(flatten)]
    pub rows: RowArgs,
    /// One page that needs nothing else.
    #[arg(long, group = "format")]
    pub html: bool,
    /// A picture in pixels.
    #[arg(long, group = "format")]
    pub png: bool,
    /// A picture as vectors.
    #[arg(long, group = "format")]
    pub svg: bool,
    /// Markdown.
    #[arg(long, group = "format")]
    pub markdown: bool,
    /// Text in columns.
    #[arg(long, group = "format")]
    pub text: bool,
    /// JSON.
    #[arg(long, group = "format")]
    pub json: bool,
    /// The file or folder to write to.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write over a file that exists.
    #[arg(long, requires = "output")]
    pub replace: bool,
    /// Which plan of the file, from 1.
    #[arg(long = "plan", value_name = "N", default_value_t = 1)]
    pub which: u32,
    /// Dark colors.
    #[arg(long)]
    pub dark: bool,
}

/// What is read.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// A model file or folder, a name of Ollama, a Modelfile, a command in quotes, or `-` for standard input.
    #[arg(value_name = "FILE|COMMAND")]
    pub what: Option<String>,
    /// Keep the model among the user's own tables.
    #[arg(long)]
    pub keep: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// A log and the plan that it is held against.
#[derive(Debug, Args)]
pub struct CompareLogArgs {
    /// The file to read; without one or with `-`, standard input.
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The plan file; without one, the plan that the log itself amounts to.
    #[arg(long, value_name = "PLAN.ron")]
    pub plan: Option<PathBuf>,
    /// In place of a log: the programs that run models on this machine now.
    #[arg(long, conflicts_with_all = ["file", "plan"])]
    pub running: bool,
    /// Of them the one of this number.
    #[arg(long, value_name = "N", requires = "running")]
    pub pid: Option<u32>,
    /// Which rows count.
    #[command(flatten)]
    pub rows: RowArgs,
    /// Keep overhead and speed as this machine's own.
    #[arg(long)]
    pub keep: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// A plan and the tool that runs it.
#[derive(Debug, Args)]
pub struct LaunchArgs {
    /// The plan file; without one, the plan that the window starts with.
    #[arg(value_name = "PLAN.ron")]
    pub plan: Option<PathBuf>,
    /// Which rows count.
    #[command(flatten)]
    pub rows: RowArgs,
    /// The tool; the usual one of the engine where none is given.
    #[arg(long, value_parser = launch_tool())]
    pub tool: Option<LaunchTool>,
    /// Say beside each line what it does and why.
    #[arg(long)]
    pub explain: bool,
}

/// The tools by the names that they have everywhere.
fn launch_tool() -> impl TypedValueParser<Value = LaunchTool> {
    let named = |id: String| LaunchTool::ALL.into_iter().find(|tool| tool.id() == id).ok_or("no such tool");
    PossibleValuesParser::new(LaunchTool::ALL.map(LaunchTool::id)).try_map(named)
}

/// A budget and what it is for.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "switches, each on its own")]
pub struct BuildArgs {
    /// The most it may cost, in US dollars.
    #[arg(long, value_name = "USD", value_parser = number)]
    pub budget: f64,
    /// Whose rules it follows; by the budget where none is given.
    #[arg(long, value_enum)]
    pub tier: Option<TierName>,
    /// All three tiers side by side, as without --tier.
    #[arg(long)]
    pub tiers: bool,
    /// What makes a build better: the plan runs or trains faster, a larger dense model or mixture of experts runs, more tokens
    /// a second over all sequences, or more users at once. Without --plan the largest model, else the plan.
    #[arg(long, value_enum)]
    pub goal: Option<GoalName>,
    /// The least speed in tokens a second, of the largest model or of each user.
    #[arg(long, value_name = "N", value_parser = number, default_value_t = LEAST_DECODE)]
    pub least_decode: f64,
    /// How the largest model is stored.
    #[arg(long, value_name = "TYPE", default_value = "Q4_K_M", value_parser = quantization)]
    pub quant: Quantization,
    /// The plan that shall run.
    #[arg(long, value_name = "PLAN.ron")]
    pub plan: Option<PathBuf>,
    /// Which rows count.
    #[command(flatten)]
    pub rows: RowArgs,
    /// A part that is there already, by its id, as in rtx-3090=2.
    #[arg(long = "own", value_name = "PART[=N]")]
    pub owned: Vec<String>,
    /// A part that is kept, by its id, as in am5-matx.
    #[arg(long = "lock", value_name = "PART[=N]")]
    pub locks: Vec<String>,
    /// The outlet it is plugged into; by default the usual one of the country, and 120 V, 15 A with `--json`.
    #[arg(long, value_enum)]
    pub circuit: Option<CircuitName>,
    /// New parts only.
    #[arg(long, conflicts_with = "used")]
    pub new: bool,
    /// Used cards and whole machines only; other parts new or used.
    #[arg(long)]
    pub used: bool,
    /// A machine that stands beside a desk: no blowers side by side, open frames, rack cases or server nodes.
    #[arg(long)]
    pub quiet: bool,
    /// Print JSON.
    #[arg(long, conflicts_with = "markdown")]
    pub json: bool,
    /// Print Markdown.
    #[arg(long)]
    pub markdown: bool,
    /// The terms of buying or renting.
    #[command(flatten)]
    pub rent: RentArgs,
}

/// A number as it is typed.
pub(super) fn number(text: &str) -> Result<f64, InputFault> {
    text.parse().map_err(|_error| InputFault::Kind(Wanted::Number))
}

fn quantization(text: &str) -> Result<Quantization, InputFault> {
    text.parse().map_err(InputFault::Quantization)
}

/// A tier as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TierName {
    /// One person at a desk.
    Starter,
    /// Several people at once.
    Team,
    /// Large models and many users.
    Enterprise,
}

/// A goal as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GoalName {
    /// The plan runs, or trains, as fast as it can.
    #[value(alias = "train")]
    Run,
    /// The largest dense model in VRAM at 10 tokens/s or more.
    Largest,
    /// The largest mixture of experts, experts in RAM where VRAM ends.
    Mixture,
    /// The most tokens a second over all sequences.
    Tokens,
    /// The most users at once.
    Users,
}

/// An outlet as it is typed: country or region, volts and amperes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "a country or region, volts and amperes")]
pub enum CircuitName {
    #[value(name = "us-120v-15a")]
    Us120V15A,
    #[value(name = "us-120v-20a")]
    Us120V20A,
    #[value(name = "us-240v-30a")]
    Us240V30A,
    #[value(name = "eu-230v-16a")]
    Eu230V16A,
    #[value(name = "eu-cee-16a")]
    EuCee16A,
    #[value(name = "uk-230v-13a")]
    Uk230V13A,
    #[value(name = "cn-220v-10a")]
    Cn220V10A,
    #[value(name = "cn-220v-16a")]
    Cn220V16A,
    #[value(name = "jp-100v-15a")]
    Jp100V15A,
}

impl From<CircuitName> for CircuitId {
    fn from(name: CircuitName) -> Self {
        match name {
            CircuitName::Us120V15A => Self::Us120V15A,
            CircuitName::Us120V20A => Self::Us120V20A,
            CircuitName::Us240V30A => Self::Us240V30A,
            CircuitName::Eu230V16A => Self::Eu230V16A,
            CircuitName::EuCee16A => Self::EuCee16A,
            CircuitName::Uk230V13A => Self::Uk230V13A,
            CircuitName::Cn220V10A => Self::Cn220V10A,
            CircuitName::Cn220V16A => Self::Cn220V16A,
            CircuitName::Jp100V15A => Self::Jp100V15A,
        }
    }
}
