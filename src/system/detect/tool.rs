//! Programs of a maker that are asked where there is no file to read. They run in the process that may be ended, never in
//! the window's.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

/// The longest answer that is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// What a program writes; `None` where it is not there or fails.
pub(super) fn says(program: &str, arguments: &[&str]) -> Option<String> {
    written(program, arguments).and_then(|(text, is_whole)| is_whole.then_some(text))
}

/// The same of one that fails where it lacks a part of what it was asked for, and says the rest.
pub(super) fn says_what_it_can(program: &str, arguments: &[&str]) -> Option<String> {
    written(program, arguments).map(|(text, _)| text).filter(|text| !text.is_empty())
}

/// What a program writes, and whether it ended well.
fn written(program: &str, arguments: &[&str]) -> Option<(String, bool)> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut text = String::new();
    let read = child.stdout.take()?.take(LONGEST).read_to_string(&mut text);
    let ended = child.wait();
    read.ok()?;
    Some((text, ended.is_ok_and(|status| status.success())))
}

/// Whether the system's own files are meant.
pub(super) fn is_own(root: &Path) -> bool {
    root == Path::new("/")
}
