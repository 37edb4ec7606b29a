//! Wires the command line to the window and the headless face.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use rigplan::app;
use rigplan::cli::{self, Cli};

fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(Cli { command: Some(command), .. }) => cli::run(&command),
        Ok(Cli { command: None, file }) => window(file),
        Err(error) => cli::refuse_arguments(&error),
    }
}

fn window(file: Option<PathBuf>) -> ExitCode {
    match app::run(app::Options { file }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where even this cannot be written, the exit code still says it.
            drop(writeln!(std::io::stderr(), "rigplan: {error}"));
            ExitCode::from(2)
        }
    }
}
