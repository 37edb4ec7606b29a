//! Wires the command line to the window and the headless face.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use rigplan::app::{self, Options};

fn main() -> ExitCode {
    let file = std::env::args_os().nth(1).map(PathBuf::from);
    match app::run(Options { file }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where even this cannot be written there is nobody to tell.
            drop(writeln!(std::io::stderr(), "rigplan: {error}"));
            ExitCode::from(2)
        }
    }
}
