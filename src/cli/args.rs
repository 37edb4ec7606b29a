//! What can be typed after `rigplan`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::request::Request;

/// Plans the memory of AI machines before anyone buys them. Without a command, opens the window.
#[derive(Debug, Parser)]
#[command(name = "rigplan", version, args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub struct Cli {
    /// A command that needs no window.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// A plan file to open in the window.
    #[arg(value_name = "FILE.ron")]
    pub file: Option<PathBuf>,
}

/// What runs without a window.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Estimate what a plan needs and whether it fits (exit code 0 fits or tight, 1 offload or does not fit, 2 bad input).
    Estimate(Box<EstimateArgs>),
    /// Rank every card of the catalog for a plan, or list them.
    #[command(arg_required_else_help = false, args_conflicts_with_subcommands = true)]
    Cards {
        /// What to do with them.
        #[command(subcommand)]
        action: Option<ListAction>,
        /// The plan file to rank them for.
        #[arg(long, value_name = "PLAN.ron")]
        plan: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// The models of the catalog.
    #[command(arg_required_else_help = false)]
    Models {
        /// What to do with them.
        #[command(subcommand)]
        action: ListAction,
    },
    /// This machine: its cards, their memory and the RAM.
    Detect {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// What can be done with a part of the catalog.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum ListAction {
    /// List all of them.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// A plan file, single keys that change it, or a stream of requests.
#[derive(Debug, Args)]
#[command(after_help = "Every option is a key of the requests that --jsonl reads.")]
pub struct EstimateArgs {
    /// A plan file to start from; without one, the plan that the window starts with.
    #[arg(value_name = "PLAN.ron")]
    pub plan: Option<PathBuf>,
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
