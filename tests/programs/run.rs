//! Running the program.

use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

/// The program with a home of its own, so that no tables of the user's change its answers.
pub(crate) fn rigplan(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rigplan"));
    command.env("HOME", home).env("XDG_CONFIG_HOME", home).env("APPDATA", home).current_dir(home);
    // English, whatever the system of whoever runs the tests speaks.
    command.env_remove("LANGUAGE").env("LC_ALL", "C");
    command
}

/// Exit code, standard output, standard error.
pub(crate) fn run(arguments: &[&str]) -> (i32, String, String) {
    let home = TempDir::new().expect("a folder");
    run_in(home.path(), arguments, "")
}

pub(crate) fn run_in(home: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    let output = rigplan(home).args(arguments).write_stdin(input).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code().expect("no signal"), text(output.stdout), text(output.stderr))
}

/// The same on the day that begins so many seconds after 1970.
pub(crate) fn run_on(day: u64, arguments: &[&str]) -> (i32, String, String) {
    let home = TempDir::new().expect("a folder");
    let output =
        rigplan(home.path()).env("SOURCE_DATE_EPOCH", day.to_string()).args(arguments).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code().expect("no signal"), text(output.stdout), text(output.stderr))
}
