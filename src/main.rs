//! Wires the command line to the window and the headless face.

use std::process::ExitCode;

use clap::Parser;
use rigplan::cli::{self, Cli};

fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(Cli { command: Some(command), .. }) => cli::run(&command),
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => cli::refuse_arguments(&error),
    }
}
