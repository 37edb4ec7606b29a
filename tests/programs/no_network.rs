//! Nothing is sent anywhere: no command and no window opens an internet socket. Watched with `strace`, where there is one.

#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::display::MemoryDisplay;

/// How long a window is watched.
const WATCHED: Duration = Duration::from_secs(8);

#[expect(clippy::print_stdout, reason = "a test that is left out says so")]
fn has_strace() -> bool {
    let tries = Command::new("strace").args(["-qq", "-e", "trace=none", "true"]).status();
    let has = tries.is_ok_and(|status| status.success());
    if !has {
        println!("strace is not there, or may not trace: sockets are not watched");
    }
    has
}

/// A home of its own, and where the trace of a run lies.
struct Watched {
    home: TempDir,
    trace: PathBuf,
}

impl Watched {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let trace = home.path().join("trace");
        Self { home, trace }
    }

    fn home(&self) -> &Path {
        self.home.path()
    }

    /// The program under the eyes of `strace`, without a display.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-e", "trace=socket,connect,bind,sendto", "-o"]).arg(&self.trace);
        command.arg(env!("CARGO_BIN_EXE_rigplan")).args(arguments);
        for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"] {
            command.env(name, self.home());
        }
        for name in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
            command.env_remove(name);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// The calls that name an internet family, of all that the run made.
    fn internet(&self) -> Vec<String> {
        let said = fs::read_to_string(&self.trace).expect("a trace");
        said.lines().filter(|line| line.contains("AF_INET")).map(str::to_owned).collect()
    }
}

#[test]
fn no_command_opens_an_internet_socket() {
    if !has_strace() {
        return;
    }
    let watched = Watched::new();
    let plan = watched.home().join("plan.ron");
    fs::write(&plan, "(schema_version: 2, plans: [()])").expect("written");
    let plan = plan.to_str().expect("a name");
    let commands: [&[&str]; 8] = [
        &["estimate", "--model", "llama-3.1-8b"],
        &["estimate", plan, "--json"],
        &["cards", "--plan", plan],
        &["detect"],
        &["runs"],
        &["models", "local"],
        &["export", plan, "--html"],
        &["launch", plan],
    ];
    for arguments in commands {
        watched.command(arguments).status().expect("strace runs");
        assert_eq!(watched.internet(), [] as [String; 0], "{arguments:?}");
    }
}

#[test]
fn no_window_opens_an_internet_socket() {
    let Some(display) = MemoryDisplay::open(1440, 900) else { return println!("no Xvfb: no window is watched") };
    if !has_strace() {
        return;
    }
    let watched = Watched::new();
    let mut window = watched
        .command(&[])
        .env("DISPLAY", &display.name)
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .spawn()
        .expect("strace runs");
    std::thread::sleep(WATCHED);
    assert!(window.try_wait().expect("asked").is_none(), "the window stands");
    // Ends the window and with it what watches.
    display.close();
    window.wait().expect("it ends");
    let said = fs::read_to_string(&watched.trace).expect("a trace");
    assert!(said.contains("AF_UNIX"), "the display was connected to");
    assert_eq!(watched.internet(), [] as [String; 0]);
}
