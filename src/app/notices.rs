//! Lines that tell what went wrong or was done, until they are dismissed.

/// The most lines shown at once; older ones make room.
const MOST: usize = 3;

/// Lines that tell what went wrong or was done.
#[derive(Debug, Default)]
pub(super) struct Notices(Vec<String>);

impl Notices {
    /// Adds a line; one that is already there moves to the end.
    pub(super) fn add(&mut self, line: impl Into<String>) {
        let line = line.into();
        self.0.retain(|other| *other != line);
        self.0.push(line);
        let surplus = self.0.len().saturating_sub(MOST);
        self.0.drain(..surplus);
    }

    /// Takes back what no longer holds.
    pub(super) fn withdraw(&mut self, line: &str) {
        self.0.retain(|other| other != line);
    }

    /// Takes a line away.
    pub(super) fn dismiss(&mut self, index: usize) {
        if index < self.0.len() {
            self.0.remove(index);
        }
    }

    /// Oldest first.
    pub(super) fn lines(&self) -> &[String] {
        &self.0
    }
}
