//! A display in memory, where an X server for one is installed.

#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// An X server that draws into memory; it ends with this, and so do its windows.
pub(crate) struct MemoryDisplay {
    server: Child,
    /// As `DISPLAY` names it.
    pub(crate) name: String,
}

impl MemoryDisplay {
    /// One of so many pixels; `None` where no such server is installed.
    pub(crate) fn open(width: u32, height: u32) -> Option<Self> {
        let screen = format!("{width}x{height}x24");
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut number = String::new();
        BufReader::new(server.stdout.take()?).read_line(&mut number).ok()?;
        let number = number.trim();
        (!number.is_empty()).then(|| Self { name: format!(":{number}"), server })
    }

    /// Ends it.
    pub(crate) fn close(mut self) {
        self.end();
    }

    fn end(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
    }
}

impl Drop for MemoryDisplay {
    fn drop(&mut self) {
        self.end();
    }
}
