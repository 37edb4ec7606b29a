//! Wires the command line to the window and the headless face.

use std::io::Write;
use std::process::ExitCode;

use rigplan::app;
use rigplan::cli::{self, Invocation};
use rigplan::system::termination::outlive_file_limit;
use rigplan::text::Fault;

fn main() -> ExitCode {
    outlive_file_limit();
    let (file, locale, named) = match cli::run(std::env::args_os()) {
        Invocation::Window { file, locale, named } => (file, locale, named),
        Invocation::Done(code) => return code,
    };
    match app::run(app::Options { file, start_page: true, language: named }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where even this cannot be written, the exit code still says it.
            drop(writeln!(std::io::stderr(), "rigplan: {}", error.say(locale)));
            ExitCode::from(2)
        }
    }
}
